package dpo

import (
	"context"
	"fmt"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// BreachCase is one breach with where it stands.
type BreachCase struct {
	Entry  privacy.Entry
	Breach privacy.Breach
	Alarm  int           // see privacy.Breach.Alarm
	Left   time.Duration // of the 72 hours; negative when they are over
}

// Number is what people and officers call the breach.
func (c *BreachCase) Number() string { return fmt.Sprintf("B%d", c.Entry.Number) }

func (d *Desk) openBreach(ctx context.Context, e *privacy.Entry) (*BreachCase, error) {
	out := &BreachCase{Entry: *e}
	if err := d.read(ctx, e, &out.Breach); err != nil {
		return nil, err
	}
	now := d.Service.Now()
	out.Alarm, out.Left = out.Breach.Alarm(now), out.Breach.ReportBy().Sub(now)
	return out, nil
}

// sealBreach writes the breach into its entry. What presses is listed by the day on which the 72 hours end.
func (d *Desk) sealBreach(ctx context.Context, e *privacy.Entry, b privacy.Breach) error {
	e.Ended, e.DueOn = b.Closed, ""
	if !b.Closed && !b.NearMiss && (b.Regulator == privacy.TellUndecided || b.Regulator == privacy.TellYes && b.ReportedAt.IsZero()) {
		e.DueOn = privacy.DateOf(b.ReportBy())
	}
	return d.write(ctx, e, b)
}

// RecordBreach enters a breach or a near miss. Every one is recorded, also those that are not reported (UK GDPR art. 33(5)). It returns the faults of
// what was entered, each with its field; nothing is stored if there are any.
func (d *Desk) RecordBreach(ctx context.Context, by *consult.Staff, b privacy.Breach) (*BreachCase, []error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	now := d.Service.Now().UTC()
	if faults := b.Faults(now); len(faults) > 0 {
		return nil, faults, nil
	}
	b.Closed, b.Steps = false, []privacy.RequestStep{{At: now, By: by.ID, What: "breach.record"}}
	e := privacy.Entry{ID: seal.RandomID(), Register: privacy.RegisterBreaches, OpenedAt: now}
	if err := d.sealBreach(ctx, &e, b); err != nil {
		return nil, nil, err
	}
	if err := d.save(ctx, &e, true, privacy.NewAuditEvent(by.Actor(), "breach.record", "breach:"+e.ID)); err != nil {
		return nil, nil, err
	}
	out, err := d.openBreach(ctx, &e)
	return out, nil, err
}

// Breaches lists the open breaches, those that press first, and the closed ones, newest first.
func (d *Desk) Breaches(ctx context.Context, by *consult.Staff) (open, closed []*BreachCase, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	running, over, err := d.entries(ctx, privacy.RegisterBreaches)
	if err != nil {
		return nil, nil, err
	}
	for _, list := range []struct {
		in  []*privacy.Entry
		out *[]*BreachCase
	}{{running, &open}, {over, &closed}} {
		for _, e := range list.in {
			c, err := d.openBreach(ctx, e)
			if fault.Is(err, fault.NotFound) {
				continue // disposed of since it was read
			}
			if err != nil {
				return nil, nil, err
			}
			*list.out = append(*list.out, c)
		}
	}
	return open, closed, nil
}

// Breach returns one. fault.NotFound if there is none.
func (d *Desk) Breach(ctx context.Context, by *consult.Staff, id string) (*BreachCase, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	e, err := d.entry(ctx, privacy.RegisterBreaches, id)
	if err != nil {
		return nil, err
	}
	return d.openBreach(ctx, e)
}

// UpdateBreach stores what is known by now; the history keeps that it was changed. It returns faults as RecordBreach does; fault.Conflict if somebody
// was faster or the breach is closed.
func (d *Desk) UpdateBreach(ctx context.Context, by *consult.Staff, id string, version int64, b privacy.Breach) ([]error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	if faults := b.Faults(d.Service.Now()); len(faults) > 0 {
		return faults, nil
	}
	return nil, d.changeBreach(ctx, by, id, version, "breach.update", func(stored *privacy.Breach) (note string, err error) {
		note = b.Differs(*stored)
		b.Steps = stored.Steps
		*stored = b
		return note, nil
	})
}

// CloseBreach ends the work on a breach: fault.Conflict with what is missing.
func (d *Desk) CloseBreach(ctx context.Context, by *consult.Staff, id string, version int64) error {
	return d.changeBreach(ctx, by, id, version, "breach.close", func(b *privacy.Breach) (string, error) { return "", b.Close() })
}

func (d *Desk) changeBreach(ctx context.Context, by *consult.Staff, id string, version int64, what string, edit func(*privacy.Breach) (note string, err error)) error {
	c, err := d.Breach(ctx, by, id)
	switch {
	case err != nil:
		return err
	case c.Breach.Closed:
		return fault.New(fault.Conflict, "error.breach.closed")
	case c.Entry.Version != version:
		return fault.New(fault.Conflict, "error.store.version")
	}
	note, err := edit(&c.Breach)
	if err != nil {
		return err
	}
	c.Breach.Steps = append(c.Breach.Steps, privacy.RequestStep{At: d.Service.Now().UTC(), By: by.ID, What: what, Note: note})
	if err := d.sealBreach(ctx, &c.Entry, c.Breach); err != nil {
		return err
	}
	return d.save(ctx, &c.Entry, false, privacy.NewAuditEvent(by.Actor(), what, "breach:"+id))
}
