package dpo

import (
	"context"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// correctable returns a request for correction whose person told the code of the response in hand: only the code opens equality answers (privacy.md 5.4).
// fault.Conflict for any other.
func (d *Desk) correctable(ctx context.Context, by *consult.Staff, id string) (*Case, error) {
	c, err := d.rectifiable(ctx, by, id)
	if err == nil && c.Request.InHandTier() != privacy.IdentityCode {
		err = fault.New(fault.Conflict, "error.request.equality_code")
	}
	return c, err
}

// Equality opens the equality answers of a person who asked for correction, to be changed. That the officer saw them is in the audit log before. fault.Conflict where
// the consent does not stand, or their time is over, fault.NotFound if the response is gone.
func (d *Desk) Equality(ctx context.Context, by *consult.Staff, id string) (*Case, *consult.Everything, error) {
	c, err := d.correctable(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	all, err := d.Service.EverythingOf(ctx, by, c.Request.Response, id)
	switch {
	case err != nil:
		return nil, nil, gone(err)
	case !privacy.Permits(all.Consent.State) || len(all.Definition.Equality) == 0:
		return nil, nil, fault.New(fault.Conflict, "error.request.equality_consent")
	case all.EqualityOver:
		return nil, nil, fault.New(fault.Conflict, "error.request.equality_over")
	}
	return c, all, nil
}

// ChangeEquality changes the equality answers for the person of a request (art. 16; councils.md S3-18). The step in the history is written with what allows it; the
// answers lie in a store of their own and follow. Errors: see consult.Service.ChangeEqualityFor; a consent that was withdrawn meanwhile, and a time that is over, is fault.Conflict.
func (d *Desk) ChangeEquality(ctx context.Context, by *consult.Staff, id string, version int64, change consult.EqualityChange) error {
	c, err := d.correctable(ctx, by, id)
	if err != nil {
		return err
	}
	_, with, err := d.stepWith(ctx, by, id, version, "request.equality", privacy.NewAuditEvent(by.Actor(), "request.equality", "request:"+id), func(r *privacy.Request) {
		r.Corrections = append(r.Corrections, privacy.Corrected{On: privacy.DateOf(d.Service.Now()), Response: r.Response, Equality: true})
	})
	if err != nil {
		return err
	}
	err = d.Service.ChangeEqualityFor(ctx, by, c.Request.Response, change, with)
	switch {
	case fault.Is(err, fault.Forbidden):
		return fault.Wrap(err, fault.Conflict, "error.request.equality_consent")
	case fault.Is(err, fault.Closed):
		return fault.Wrap(err, fault.Conflict, "error.request.equality_over")
	}
	return gone(err)
}
