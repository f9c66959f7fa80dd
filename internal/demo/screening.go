package demo

import (
	"context"
	"fmt"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// platformDPIA is the impact assessment of the service on which the council's addenda rest.
const platformDPIA = "DPIA 2026/04, Have your say platform"

// assess records the council's DPIA of the service.
func (w *world) assess(ctx context.Context) error {
	today := privacy.DateOf(w.svc.Now())
	faults, err := w.svc.SaveDPIA(ctx, w.staff[consult.DPO], 0, privacy.PlatformDPIA{Reference: platformDPIA, ApprovedOn: today, ReviewOn: today.AddMonths(24),
		Where: "Records management, data protection, impact assessments",
		Advice: "The service may be used. Equality answers stay apart from responses and go at the latest a year after closing; nobody outside gets more than totals; each consultation " +
			"says in its addendum what it adds."})
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	if err != nil {
		return fmt.Errorf("DPIA of the service: %w", err)
	}
	return nil
}

// screen has the officer answer whether the consultation needs a DPIA: what the service knows as it suggests, the rest as the officer judges.
func (k *consultation) screen(ctx context.Context) error {
	state, err := k.w.svc.Screening(ctx, k.officer(), k.c.ID)
	if err != nil {
		return err
	}
	answers := privacy.SuggestedScreening(state.Facts, locale.English)
	for _, q := range privacy.ScreeningQuestions().Questions {
		if _, known := answers[q.ID]; !known {
			answers[q.ID] = privacy.ScreeningAnswer{}
		}
	}
	var parts []string
	if len(state.Facts.Special) > 0 {
		parts = append(parts, "It asks equality questions, which nobody has to answer; they are asked after the response is sent, and only of those who agree.")
	}
	if k.partner {
		parts = append(parts, partnerName+" gets totals under its agreement, after two people have checked them.")
	}
	parts = append(parts, "People may write in their own words: comments with personal details are held back until the data protection officer has read them.")
	faults, err := k.w.svc.Screen(ctx, k.officer(), k.c.ID, state.Last.Sequence, answers, strings.Join(parts, " "))
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	if err != nil {
		return fmt.Errorf("screen %s: %w", k.slug, err)
	}
	return nil
}

// decide has the data protection officer decide about the answers.
func (k *consultation) decide(ctx context.Context) error {
	dpo := k.w.staff[consult.DPO]
	state, err := k.w.svc.Screening(ctx, dpo, k.c.ID)
	if err != nil || !state.Waits() {
		return err
	}
	d := privacy.ScreeningDecision{Ruling: privacy.RulingApproved, Reference: "Addendum " + strings.ToUpper(k.name) + " to " + platformDPIA,
		Reasons:  "Voluntary, with nothing that follows for those who do not take part. The measures of the DPIA of the service and of the addendum leave no high risk.",
		ReviewOn: privacy.DateOf(k.w.svc.Now()).AddMonths(12)}
	if state.Last.Need() != privacy.NeedDPIA {
		d.Ruling, d.Reference = privacy.RulingNotNeeded, ""
		d.Reasons = "Nothing special is asked. What people write in their own words is guarded, and children are not addressed apart."
	}
	faults, err := k.w.svc.DecideScreening(ctx, dpo, k.c.ID, state.Last.Sequence, d)
	if err == nil && len(faults) > 0 {
		err = faults[0]
	}
	if err != nil {
		return fmt.Errorf("decide about the screening of %s: %w", k.slug, err)
	}
	return nil
}
