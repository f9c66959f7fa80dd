package dpo

import (
	"context"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// rectifiable returns the request of a person who asked for correction, with the response in hand. fault.Conflict for any other.
func (d *Desk) rectifiable(ctx context.Context, by *consult.Staff, id string) (*Case, error) {
	c, err := d.identified(ctx, by, id)
	if err == nil && c.Request.Kind != privacy.AskRectify {
		err = fault.New(fault.Conflict, "error.request.step")
	}
	return c, err
}

// gone says that the person has withdrawn the response, or its time was over: nothing is left to correct.
func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "error.rectify.gone")
	}
	return err
}

// ShowRectifiable is called before a page shows what Rectifiable returned: that the officer saw it is in the audit log.
func (d *Desk) ShowRectifiable(ctx context.Context, by *consult.Staff, id string) error {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return err
	}
	return d.log(ctx, privacy.NewAuditEvent(by.Actor(), "request.read", "request:"+id))
}

// Rectifiable opens the response of a request for rectification, to be corrected: see ShowRectifiable. Errors: fault.NotFound if the response is gone.
func (d *Desk) Rectifiable(ctx context.Context, by *consult.Staff, id string) (*Case, *consult.Rectifiable, error) {
	c, err := d.rectifiable(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	out, err := d.Service.Rectifiable(ctx, by, c.Request.Response)
	return c, out, gone(err)
}

// PlanRectification checks a correction and says what it changes. Errors are those of consult.Service.PlanRectification.
func (d *Desk) PlanRectification(ctx context.Context, by *consult.Staff, id string, rec consult.Rectification) (*consult.RectificationPlan, error) {
	c, err := d.rectifiable(ctx, by, id)
	if err != nil {
		return nil, err
	}
	plan, err := d.Service.PlanRectification(ctx, by, c.Request.Response, rec)
	return plan, gone(err)
}

// Rectify corrects answers for the person of a request (art. 16), the step in the history in the same transaction. tell are entries of
// registers whose recipients have to be told (art. 19; see Recipients): each asks for that from then on.
func (d *Desk) Rectify(ctx context.Context, by *consult.Staff, id string, version int64, rec consult.Rectification, tell []string) error {
	plan, err := d.PlanRectification(ctx, by, id, rec)
	if err != nil {
		return err
	}
	told, tellings, err := d.notify(ctx, by, "request.rectify", tell)
	if err != nil {
		return err
	}
	var recipients []string
	for i, t := range tellings {
		tellings[i].About = []privacy.ToldOf{privacy.ToldCorrected}
		recipients = append(recipients, t.Number+" "+t.Name)
	}
	var questions []locale.Text
	for _, change := range plan.Changes {
		questions = append(questions, change.Question.Text)
	}
	_, with, err := d.stepWith(ctx, by, id, version, "request.rectify", privacy.NewAuditEvent(by.Actor(), "request.rectify", "request:"+id), func(r *privacy.Request) {
		r.Corrections = append(r.Corrections, privacy.Corrected{On: privacy.DateOf(d.Service.Now()), Response: r.Response, Questions: questions, Recipients: recipients})
		r.Tellings = append(r.Tellings, tellings...)
	})
	if err != nil {
		return err
	}
	return gone(d.Service.Rectify(ctx, by, plan, func(w consult.Writer) error {
		err := with(w)
		if err == nil {
			err = told(w)
		}
		if fault.Is(err, fault.NotFound) { // an entry of a register is gone, not the response
			err = fault.Wrap(err, fault.Conflict, "error.store.version")
		}
		return err
	}))
}
