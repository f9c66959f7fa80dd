package dpo

import (
	"context"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// BreachCase is one breach with where it stands.
type BreachCase struct {
	Filed
	Breach privacy.Breach
	Alarm  int           // see privacy.Breach.Alarm
	Left   time.Duration // of the 72 hours; negative when they are over
}

// Number is what people and officers call the breach.
func (c *BreachCase) Number() string { return c.number("B") }

// breaches is the register of breaches and near misses. What presses is listed by the day on which the 72 hours end.
var breaches = book[privacy.Breach, BreachCase]{
	register: privacy.RegisterBreaches, over: "error.breach.closed",
	faults: privacy.Breach.Faults,
	steps:  func(b *privacy.Breach) *[]privacy.RequestStep { return &b.Steps },
	place: func(b privacy.Breach) (due privacy.Date, ended bool) {
		if !b.Closed && !b.NearMiss && (b.Regulator == privacy.TellUndecided || b.Regulator == privacy.TellYes && b.ReportedAt.IsZero()) {
			due = privacy.DateOf(b.ReportBy())
		}
		return due, b.Closed
	},
	show: func(e privacy.Entry, b privacy.Breach, now time.Time) *BreachCase {
		return &BreachCase{Filed: Filed{e}, Breach: b, Alarm: b.Alarm(now), Left: b.ReportBy().Sub(now)}
	},
}

// RecordBreach enters a breach or a near miss. Every one is recorded, also those that are not reported (UK GDPR art. 33(5)). It returns the faults of
// what was entered, each with its field; nothing is stored if there are any.
func (d *Desk) RecordBreach(ctx context.Context, by *consult.Staff, b privacy.Breach) (*BreachCase, []error, error) {
	b.Closed = false
	return breaches.enter(ctx, d, by, "breach.record", b)
}

// Breaches lists the open breaches, those that press first, and the closed ones, newest first.
func (d *Desk) Breaches(ctx context.Context, by *consult.Staff) (open, closed []*BreachCase, err error) {
	return breaches.list(ctx, d, by)
}

// Breach returns one. fault.NotFound if there is none.
func (d *Desk) Breach(ctx context.Context, by *consult.Staff, id string) (*BreachCase, error) {
	return breaches.one(ctx, d, by, id)
}

// OpenBreach is Breach for a page that shows it: that the officer saw it is in the audit log before.
func (d *Desk) OpenBreach(ctx context.Context, by *consult.Staff, id string) (*BreachCase, error) {
	return breaches.open(ctx, d, by, id, "breach.open")
}

// ExportBreach is Breach for a file that leaves the service: the audit log says so.
func (d *Desk) ExportBreach(ctx context.Context, by *consult.Staff, id string) (*BreachCase, error) {
	return breaches.open(ctx, d, by, id, "breach.export")
}

// UpdateBreach stores what is known by now; the history keeps that it was changed. It returns faults as RecordBreach does; fault.Conflict if somebody
// was faster or the breach is closed.
func (d *Desk) UpdateBreach(ctx context.Context, by *consult.Staff, id string, version int64, b privacy.Breach) ([]error, error) {
	return breaches.update(ctx, d, by, id, version, "breach.update", b, func(was privacy.Breach, is *privacy.Breach) (string, error) {
		return is.Differs(was), nil
	})
}

// CloseBreach ends the work on a breach: fault.Conflict with what is missing.
func (d *Desk) CloseBreach(ctx context.Context, by *consult.Staff, id string, version int64) error {
	return breaches.change(ctx, d, by, id, version, "breach.close", func(b *privacy.Breach) (string, error) { return "", b.Close() })
}
