package dpo

import (
	"context"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// DisclosureCase is one exceptional disclosure with its entry.
type DisclosureCase struct {
	Filed
	Disclosure privacy.Disclosure
}

// Number is what people and officers call it.
func (c *DisclosureCase) Number() string { return c.number("D") }

// disclosures is the register of exceptional disclosures. What is outstanding under art. 19 is listed first.
var disclosures = book[privacy.Disclosure, DisclosureCase]{
	register: privacy.RegisterDisclosures, over: "error.disclosure.closed",
	faults: func(x privacy.Disclosure, now time.Time) []error { return x.Faults(privacy.DateOf(now)) },
	steps:  func(x *privacy.Disclosure) *[]privacy.RequestStep { return &x.Steps },
	place: func(x privacy.Disclosure) (due privacy.Date, ended bool) {
		if x.Outstanding() && !x.Closed {
			due = x.GivenOn
		}
		return due, x.Closed
	},
	show: func(e privacy.Entry, x privacy.Disclosure, _ time.Time) *DisclosureCase {
		return &DisclosureCase{Filed{e}, x}
	},
}

// RecordDisclosure enters an exceptional disclosure or a refusal of one (councils.md S3-11). It returns the faults of what was entered, each with its
// field; nothing is stored if there are any.
func (d *Desk) RecordDisclosure(ctx context.Context, by *consult.Staff, x privacy.Disclosure) (*DisclosureCase, []error, error) {
	x.Closed = false
	return disclosures.enter(ctx, d, by, "disclosure.record", x)
}

// Disclosures lists those on which something is to be done or was done lately, and those that are closed, newest first.
func (d *Desk) Disclosures(ctx context.Context, by *consult.Staff) (open, closed []*DisclosureCase, err error) {
	return disclosures.list(ctx, d, by)
}

// ExportDisclosures is Disclosures for a file that leaves the service: the audit log says so.
func (d *Desk) ExportDisclosures(ctx context.Context, by *consult.Staff) (open, closed []*DisclosureCase, err error) {
	if open, closed, err = d.Disclosures(ctx, by); err != nil {
		return nil, nil, err
	}
	return open, closed, d.log(ctx, privacy.NewAuditEvent(by.Actor(), "disclosure.export", "disclosure:all"))
}

// Disclosure returns one. fault.NotFound if there is none.
func (d *Desk) Disclosure(ctx context.Context, by *consult.Staff, id string) (*DisclosureCase, error) {
	return disclosures.one(ctx, d, by, id)
}

// OpenDisclosure is Disclosure for a page that shows it: that the officer saw it is in the audit log before.
func (d *Desk) OpenDisclosure(ctx context.Context, by *consult.Staff, id string) (*DisclosureCase, error) {
	return disclosures.open(ctx, d, by, id, "disclosure.open")
}

// UpdateDisclosure stores what is known by now. Faults as in RecordDisclosure; fault.Conflict if somebody was faster or it is closed.
func (d *Desk) UpdateDisclosure(ctx context.Context, by *consult.Staff, id string, version int64, x privacy.Disclosure) ([]error, error) {
	return disclosures.update(ctx, d, by, id, version, "disclosure.update", x, func(was privacy.Disclosure, is *privacy.Disclosure) (string, error) {
		return "", is.Replaces(was)
	})
}

// CloseDisclosure ends the work on one: fault.Conflict while a notice under art. 19 is outstanding.
func (d *Desk) CloseDisclosure(ctx context.Context, by *consult.Staff, id string, version int64) error {
	return disclosures.change(ctx, d, by, id, version, "disclosure.close", func(x *privacy.Disclosure) (string, error) { return "", x.Close() })
}
