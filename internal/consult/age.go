package consult

import (
	"context"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// CheckEqualityAge keeps that the person with the code says that they are old enough for the equality questions: the threshold and the day. It
// returns whether the questions may be asked. A no is not kept (privacy.AgeRules.AnswerEquality); it takes an earlier yes back, with the consent
// and the answers that rested on it. fault.NotFound for an unknown code; fault.Closed for a yes more than a day after closing.
func (s *Service) CheckEqualityAge(ctx context.Context, code string, over bool) (open bool, err error) {
	var withdrawn string // the response whose equality answers must go
	err = s.Store.Update(ctx, func(w Writer) error {
		open, withdrawn = false, "" // fn may run more than once
		response, c, err := s.byCode(w, code)
		if err != nil {
			return err
		}
		if !over {
			withdrawn, err = s.tooYoung(ctx, w, response, c)
			return err
		}
		return s.keepEqualityAge(w, response, c, &open)
	})
	if err != nil {
		return false, err
	}
	if withdrawn != "" {
		return false, s.eraseEquality(ctx, withdrawn)
	}
	return open, nil
}

// keepEqualityAge stores a yes, unless an answer that is kept says as much.
func (s *Service) keepEqualityAge(w Writer, response *Response, c *Consultation, open *bool) error {
	rules := c.Processing.Ages
	switch rules.EqualityNext(response.Ages) {
	case privacy.AgeOpen:
		*open = true
		return nil
	case privacy.AgeUnder: // a child for whom a parent agreed: the gate's answer stands
		return nil
	}
	if !mayConsent(c, w.Now()) {
		return fault.New(fault.Closed, "error.consultation.closed", "ClosesAt", c.ClosesAt)
	}
	kept := *response
	kept.Ages = rules.AnswerEquality(response.Ages, true, today(w.Now()))
	if err := w.SetAges(&kept); err != nil {
		return err
	}
	*open = true
	return w.AppendAudit(event(respondent(), "response.age", "consultation:"+c.ID))
}

// tooYoung takes an earlier yes back, and withdraws the consent that rested on it. It returns the response whose answers must go.
func (s *Service) tooYoung(ctx context.Context, w Writer, response *Response, c *Consultation) (withdrawn string, err error) {
	kept := *response
	kept.Ages = c.Processing.Ages.AnswerEquality(response.Ages, false, "")
	if len(kept.Ages.Checks) != len(response.Ages.Checks) {
		if err := w.SetAges(&kept); err != nil {
			return "", err
		}
		if err := w.AppendAudit(event(respondent(), "response.age", "consultation:"+c.ID)); err != nil {
			return "", err
		}
	}
	status, _, err := s.consentOf(w, response.ID)
	if err != nil || !privacy.Permits(status.State) {
		return "", err
	}
	_, err = s.withdraw(w, response, c, theirOwn(ctx)(response))
	return response.ID, err
}

// today is the day that a check is kept with, Europe/London.
func today(now time.Time) privacy.Date { return privacy.DateOf(now) }

// EqualityAsked lists the equality questions with their words and options, as an approval of ages and a screening see them.
func EqualityAsked(def *survey.Definition) (out []string) {
	if def == nil {
		return nil
	}
	for _, q := range def.Equality {
		out = append(out, askedLine(q))
	}
	return out
}

// askedLine is a question as privacy sees it.
func askedLine(q survey.Question) string {
	var options []locale.Text
	for _, o := range q.Options {
		options = append(options, o.Label)
	}
	return privacy.AskedLine(q.ID, string(q.Kind), q.Text, options)
}

// ApproveAges is the data protection officer's approval of a draft's rules about age as they stand, and of whether equality questions are asked:
// an edit of either makes it void. dpia is the reference of the assessment, which a consultation for young people needs (UK GDPR art. 35(1)).
// fault.Conflict if version is older than what is there, or once it is published.
func (s *Service) ApproveAges(ctx context.Context, by *Staff, id string, version int64, dpia, reason string) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	dpia, reason = strings.TrimSpace(dpia), strings.TrimSpace(reason)
	if reason == "" {
		return fault.New(fault.Invalid, "error.age.reason").At("reason")
	}
	if err := firstLongLine(line{"dpia", dpia}, line{"reason", reason}); err != nil {
		return err
	}
	return s.edit(ctx, by, id, version, "consultation.approve_ages", func(w Writer, c *Consultation) error {
		if c.State == Published {
			return fault.New(fault.Conflict, "error.consultation.published")
		}
		r := c.Processing.Ages
		if r.Youth && dpia == "" {
			return fault.New(fault.Invalid, "error.age.dpia").At("dpia")
		}
		def, _ := survey.Parse(c.Source, s.Bank)
		c.Processing.Ages.Approval = &privacy.AgeApproval{Minimum: r.Minimum, Equality: r.Equality, Youth: r.Youth, Asked: def != nil && len(def.Equality) > 0,
			Set: r.Fingerprint(EqualityAsked(def)), DPIA: dpia, Reason: reason, By: by.ID, On: today(w.Now())}
		return nil
	})
}
