package demo

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// youngPeople is open and for children and young people: it asks whether they are 8 or over, and under 13 for a parent or guardian who agrees.
func youngPeople() plan {
	return plan{
		slug: "young-people", name: "young", created: -12, opens: -6, closes: 45, department: "Children and Young People", telephone: "01632 960 170", mailbox: "youth",
		young: true, responses: 36, answer: answerYoung,
	}
}

func answerYoung(p *person) survey.Answers {
	p.age = 8 + p.IntN(11)
	p.channel, p.consent = consult.Web, skipped // no equality questions are asked
	a := survey.Answers{"place": answered(p.pick(weighted{"park", 34}, weighted{"sports", 22}, weighted{"home", 20}, weighted{"town", 14}, weighted{"library", 10}))}
	p.rate(a, question{"feel", satisfaction, -0.3, 0.05, 0.02})
	return a
}

// ages is what the person answers to the gate.
func (p *person) ages(r privacy.AgeRules, on privacy.Date) (c privacy.AgeChecks, err error) {
	for {
		switch step, threshold := r.Next(c); step {
		case privacy.AgeAsk:
			c, err = r.Answer(c, threshold, p.age >= threshold, on)
		case privacy.AgeAuthorise:
			c, err = r.Authorise(c, privacy.Authorisation{Relationship: p.pick(weighted{"parent", 90}, weighted{"guardian", 10}),
				Method: p.pick(weighted{"beside", 60}, weighted{"form", 40}), On: on})
		default:
			return c, err
		}
		if err != nil {
			return c, err
		}
	}
}

// approve is the data protection officer's part in it: children need an assessment (UK GDPR art. 35(1)).
func (k *consultation) approve(ctx context.Context) error {
	if _, err := k.reload(ctx); err != nil {
		return err
	}
	err := k.w.svc.ApproveAges(ctx, k.w.staff[consult.DPO], k.c.ID, k.c.Version, "DPIA-2026-04", "Looked at with the schools and the youth council: short, no names, nothing sensitive asked.")
	if err != nil {
		return fmt.Errorf("approve the ages of %s: %w", k.slug, err)
	}
	return nil
}
