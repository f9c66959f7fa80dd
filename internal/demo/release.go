package demo

import (
	"context"
	"errors"
	"fmt"

	"folkmoot/internal/consult"
)

// checklist is what the researcher answers about a motivated intruder.
var checklist = consult.Checklist{SinglingOut: consult.Unlikely, Linkability: consult.Unlikely, Inference: consult.Unlikely,
	OtherData: "Census 2021 tables for the same wards, the council’s own ward profiles and the electoral register. None of them has answers to these questions."}

// share puts a release on the timeline: drafted and proposed by the researcher, approved by a second person the day after, who
// publishes the tables on the website too.
func (k *consultation) share() {
	var r *consult.Release
	k.w.happen(k.closes+12, "11:20", func(ctx context.Context) (err error) {
		svc, by := k.w.svc, k.officer()
		r, err = svc.DraftRelease(ctx, by, k.c.ID, k.w.agreement.ID, k.writing.text("release"), k.release)
		if err != nil {
			return fmt.Errorf("draft the release: %w", err)
		}
		for _, f := range r.Findings {
			if f.Block {
				return errors.New("the release is blocked: " + f.Text["en"])
			}
		}
		if err := svc.ProposeRelease(ctx, by, r.ID, r.Version, checklist); err != nil {
			return fmt.Errorf("propose the release: %w", err)
		}
		r, err = svc.Release(ctx, by, r.ID)
		return err
	})
	k.w.happen(k.closes+13, "15:10", func(ctx context.Context) error {
		if err := k.w.svc.ApproveRelease(ctx, k.w.staff[consult.Approver], r.ID, r.Version, true); err != nil {
			return fmt.Errorf("approve the release: %w", err)
		}
		return nil
	})
}
