package dpo

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// DisclosureCase is one exceptional disclosure with its entry.
type DisclosureCase struct {
	Entry      privacy.Entry
	Disclosure privacy.Disclosure
}

// Number is what people and officers call it.
func (c *DisclosureCase) Number() string { return fmt.Sprintf("D%d", c.Entry.Number) }

func (d *Desk) openDisclosure(ctx context.Context, e *privacy.Entry) (*DisclosureCase, error) {
	out := &DisclosureCase{Entry: *e}
	return out, d.read(ctx, e, &out.Disclosure)
}

func (d *Desk) sealDisclosure(ctx context.Context, e *privacy.Entry, x privacy.Disclosure) error {
	e.Ended, e.DueOn = x.Closed, ""
	if x.Outstanding() && !x.Closed {
		e.DueOn = x.GivenOn // art. 19: what is outstanding is listed first
	}
	return d.write(ctx, e, x)
}

// RecordDisclosure enters an exceptional disclosure or a refusal of one (councils.md S3-11). It returns the faults of what was entered, each with its
// field; nothing is stored if there are any.
func (d *Desk) RecordDisclosure(ctx context.Context, by *consult.Staff, x privacy.Disclosure) (*DisclosureCase, []error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	now := d.Service.Now().UTC()
	if faults := x.Faults(privacy.DateOf(now)); len(faults) > 0 {
		return nil, faults, nil
	}
	x.Closed, x.Steps = false, []privacy.RequestStep{{At: now, By: by.ID, What: "disclosure.record"}}
	e := privacy.Entry{ID: seal.RandomID(), Register: privacy.RegisterDisclosures, OpenedAt: now}
	if err := d.sealDisclosure(ctx, &e, x); err != nil {
		return nil, nil, err
	}
	if err := d.save(ctx, &e, true, privacy.NewAuditEvent(by.Actor(), "disclosure.record", "disclosure:"+e.ID)); err != nil {
		return nil, nil, err
	}
	out, err := d.openDisclosure(ctx, &e)
	return out, nil, err
}

// Disclosures lists those on which something is to be done or was done lately, and those that are closed, newest first.
func (d *Desk) Disclosures(ctx context.Context, by *consult.Staff) (open, closed []*DisclosureCase, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	running, over, err := d.entries(ctx, privacy.RegisterDisclosures)
	if err != nil {
		return nil, nil, err
	}
	if open, err = d.openDisclosures(ctx, running); err != nil {
		return nil, nil, err
	}
	closed, err = d.openDisclosures(ctx, over)
	return open, closed, err
}

// ExportDisclosures is Disclosures for a file that leaves the service: the audit log says so.
func (d *Desk) ExportDisclosures(ctx context.Context, by *consult.Staff) (open, closed []*DisclosureCase, err error) {
	if open, closed, err = d.Disclosures(ctx, by); err != nil {
		return nil, nil, err
	}
	return open, closed, d.Service.Store.Update(ctx, func(w consult.Writer) error {
		return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), "disclosure.export", "disclosure:all"))
	})
}

func (d *Desk) openDisclosures(ctx context.Context, entries []*privacy.Entry) (out []*DisclosureCase, err error) {
	for _, e := range entries {
		c, err := d.openDisclosure(ctx, e)
		if fault.Is(err, fault.NotFound) {
			continue // disposed of since it was read
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// Disclosure returns one. fault.NotFound if there is none.
func (d *Desk) Disclosure(ctx context.Context, by *consult.Staff, id string) (*DisclosureCase, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	e, err := d.entry(ctx, privacy.RegisterDisclosures, id)
	if err != nil {
		return nil, err
	}
	return d.openDisclosure(ctx, e)
}

// UpdateDisclosure stores what is known by now. Faults as in RecordDisclosure; fault.Conflict if somebody was faster or it is closed.
func (d *Desk) UpdateDisclosure(ctx context.Context, by *consult.Staff, id string, version int64, x privacy.Disclosure) ([]error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	if faults := x.Faults(privacy.DateOf(d.Service.Now())); len(faults) > 0 {
		return faults, nil
	}
	return nil, d.changeDisclosure(ctx, by, id, version, "disclosure.update", func(stored *privacy.Disclosure) error {
		x.Steps = stored.Steps
		*stored = x
		return nil
	})
}

// CloseDisclosure ends the work on one: fault.Conflict while a notice under art. 19 is outstanding.
func (d *Desk) CloseDisclosure(ctx context.Context, by *consult.Staff, id string, version int64) error {
	return d.changeDisclosure(ctx, by, id, version, "disclosure.close", func(x *privacy.Disclosure) error { return x.Close() })
}

func (d *Desk) changeDisclosure(ctx context.Context, by *consult.Staff, id string, version int64, what string, edit func(*privacy.Disclosure) error) error {
	c, err := d.Disclosure(ctx, by, id)
	switch {
	case err != nil:
		return err
	case c.Disclosure.Closed:
		return fault.New(fault.Conflict, "error.disclosure.closed")
	case c.Entry.Version != version:
		return fault.New(fault.Conflict, "error.store.version")
	}
	if err := edit(&c.Disclosure); err != nil {
		return err
	}
	c.Disclosure.Steps = append(c.Disclosure.Steps, privacy.RequestStep{At: d.Service.Now().UTC(), By: by.ID, What: what})
	if err := d.sealDisclosure(ctx, &c.Entry, c.Disclosure); err != nil {
		return err
	}
	return d.save(ctx, &c.Entry, false, privacy.NewAuditEvent(by.Actor(), what, "disclosure:"+id))
}
