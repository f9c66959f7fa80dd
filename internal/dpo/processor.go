package dpo

import (
	"context"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// ProcessorCase is one processor or other recipient with what is missing about it today.
type ProcessorCase struct {
	Filed
	Processor privacy.Processor
	Missing   []privacy.Lack // see privacy.Processor.Missing
}

// Number is what people and officers call it.
func (c *ProcessorCase) Number() string { return c.number("P") }

// processors is the register of processors and recipients. The first whose contract ends or is to be reviewed is listed first.
var processors = book[privacy.Processor, ProcessorCase]{
	register: privacy.RegisterProcessors, over: "error.processor.closed",
	faults: func(x privacy.Processor, now time.Time) []error { return x.Faults(privacy.DateOf(now)) },
	steps:  func(x *privacy.Processor) *[]privacy.RequestStep { return &x.Steps },
	place: func(x privacy.Processor) (due privacy.Date, ended bool) {
		if x.Closed {
			return "", true
		}
		due = x.Until
		if x.ReviewOn != "" && (due == "" || x.ReviewOn < due) {
			due = x.ReviewOn
		}
		return due, false
	},
	show: func(e privacy.Entry, x privacy.Processor, now time.Time) *ProcessorCase {
		return &ProcessorCase{Filed{e}, x, x.Missing(privacy.DateOf(now))}
	},
}

// RecordProcessor enters a processor or another recipient (UK GDPR art. 28, 30(1)(d)). It returns the faults of what was entered, each with its field; nothing
// is stored if there are any. What is not known yet is no fault: the entry is open until it is.
func (d *Desk) RecordProcessor(ctx context.Context, by *consult.Staff, x privacy.Processor) (*ProcessorCase, []error, error) {
	x.Closed, x.WasProcessor = false, false
	return processors.enter(ctx, d, by, "processor.record", x)
}

// Processors lists those who get information now, the first to end or to be reviewed first, and those who got it, newest first.
func (d *Desk) Processors(ctx context.Context, by *consult.Staff) (running, closed []*ProcessorCase, err error) {
	return processors.list(ctx, d, by)
}

// ExportProcessors is Processors for a file that leaves the service: the audit log says so.
func (d *Desk) ExportProcessors(ctx context.Context, by *consult.Staff) (running, closed []*ProcessorCase, err error) {
	if running, closed, err = d.Processors(ctx, by); err != nil {
		return nil, nil, err
	}
	return running, closed, d.log(ctx, privacy.NewAuditEvent(by.Actor(), "processor.export", "processor:all"))
}

// Processor returns one. fault.NotFound if there is none.
func (d *Desk) Processor(ctx context.Context, by *consult.Staff, id string) (*ProcessorCase, error) {
	return processors.one(ctx, d, by, id)
}

// OpenProcessor is Processor for a page that shows it: that the officer saw it is in the audit log before.
func (d *Desk) OpenProcessor(ctx context.Context, by *consult.Staff, id string) (*ProcessorCase, error) {
	return processors.open(ctx, d, by, id, "processor.open")
}

// UpdateProcessor stores what is known by now. Faults as in RecordProcessor; fault.Conflict if somebody was faster or it is closed.
func (d *Desk) UpdateProcessor(ctx context.Context, by *consult.Staff, id string, version int64, x privacy.Processor) ([]error, error) {
	return processors.update(ctx, d, by, id, version, "processor.update", x, func(was privacy.Processor, is *privacy.Processor) (string, error) {
		return "", is.Replaces(was)
	})
}

// CloseProcessor ends an entry: fault.Conflict while it is not said what became of what a processor had, also of one that became another kind (art. 28(3)(g)).
func (d *Desk) CloseProcessor(ctx context.Context, by *consult.Staff, id string, version int64) error {
	return processors.change(ctx, d, by, id, version, "processor.close", func(x *privacy.Processor) (string, error) { return "", x.Close() })
}

// ProcessorsWaiting counts what waits in the register: entries of which something is missing, and recipients that a consultation or an agreement names and the
// register does not hold.
func (d *Desk) ProcessorsWaiting(ctx context.Context, by *consult.Staff) (n int, err error) {
	running, _, err := d.Processors(ctx, by)
	if err != nil {
		return 0, err
	}
	named, err := d.Service.NamedRecipients(ctx, by)
	if err != nil {
		return 0, err
	}
	for _, c := range running {
		if len(c.Missing) > 0 {
			n++
		}
	}
	for _, r := range named {
		if r.Entry == "" {
			n++
		}
	}
	return n, nil
}
