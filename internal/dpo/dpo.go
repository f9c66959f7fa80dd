// Package dpo answers: what does the data protection officer do?
//
// It keeps the register of requests: what people ask about their information, whatever way they ask, by when it has to be answered, what was done and
// what they were told. The rules of time and of what may be recorded are privacy's; what is done to responses is consult's. It must never let an
// answer, a name or an address into the audit log, an error or an address of a page.
//
// Reviewer: data protection officer.
package dpo

import (
	"context"
	"encoding/json"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Desk is the officer's desk. It is safe for concurrent use.
type Desk struct{ Service *consult.Service }

// Case is one request with where it stands.
type Case struct {
	Entry   privacy.Entry
	Request privacy.Request
	Clock   privacy.Clock
	Due     privacy.Deadline // zero where there is none at the moment
	Late    bool             // the day as the regulator counts is over
	Agreed  []consult.NewUse // to new uses of the response in hand, after the notice changed: what the person may take back. Only of Case

	EqualityOver bool // no equality answers of the response in hand are written any more: see consult.Held. Only of Case

	Recipients []*Recipient // who may have to be told of what was changed (art. 19); none where nothing was. Only of Case

	also []func(consult.Writer) error // what follows from an edit: see follow
}

// Number is what people and officers call the case.
func (c *Case) Number() string { return fmt.Sprintf("R%d", c.Entry.Number) }

// Calendar is the calendar by which the council counts days.
func (d *Desk) Calendar(ctx context.Context) (privacy.Calendar, error) {
	council, err := d.Service.Council(ctx)
	if err != nil {
		return privacy.Calendar{}, err
	}
	return council.Calendar()
}

// write seals the content of an entry.
func (d *Desk) write(ctx context.Context, e *privacy.Entry, content any) error {
	plain, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("encode an entry of a register: %w", err)
	}
	e.Sealed, err = d.Service.SealRecord(ctx, e.ID, plain, consult.EntryPlace(e.ID))
	return err
}

// read opens it.
func (d *Desk) read(ctx context.Context, e *privacy.Entry, content any) error {
	plain, err := d.Service.OpenRecord(ctx, e.ID, e.Sealed, consult.EntryPlace(e.ID))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, content); err != nil {
		return fmt.Errorf("decode an entry of a register: %w", err)
	}
	return nil
}

// entries reads the entries of a register: those that are open, the next due first, and of those that have ended the newest, so many.
func (d *Desk) entries(ctx context.Context, register privacy.Register, most int) (open, ended []*privacy.Entry, err error) {
	err = d.Service.Store.View(ctx, func(r consult.Reader) error {
		if open, err = r.OpenEntries(register); err != nil {
			return err
		}
		ended, err = r.EndedEntries(register, most)
		return err
	})
	return open, ended, err
}

// entry reads one entry of a register. fault.NotFound if it is of another.
func (d *Desk) entry(ctx context.Context, register privacy.Register, id string) (e *privacy.Entry, err error) {
	err = d.Service.Store.View(ctx, func(r consult.Reader) error {
		e, err = r.Entry(id)
		return err
	})
	if err == nil && e.Register != register {
		err = fault.New(fault.NotFound, "error.store.not_found")
	}
	return e, err
}

// save stores a new entry or an edit of one, with its audit event, and does what belongs to it in the same transaction.
func (d *Desk) save(ctx context.Context, e *privacy.Entry, fresh bool, event privacy.AuditEvent, also ...func(consult.Writer) error) error {
	return d.Service.Store.Update(ctx, func(w consult.Writer) error {
		copied := *e // fn may run more than once
		store := w.UpdateEntry
		if fresh {
			store = w.AddEntry
		}
		if err := store(&copied); err != nil {
			return err
		}
		if err := w.AppendAudit(event); err != nil {
			return err
		}
		for _, do := range also {
			if err := do(w); err != nil {
				return err
			}
		}
		e.Number, e.Version = copied.Number, copied.Version
		return nil
	})
}

// log writes an event of nothing but having looked or taken a copy.
func (d *Desk) log(ctx context.Context, event privacy.AuditEvent) error {
	return d.Service.Store.Update(ctx, func(w consult.Writer) error { return w.AppendAudit(event) })
}

// seal writes the request into its entry, with the day by which lists are ordered.
func (d *Desk) seal(ctx context.Context, e *privacy.Entry, r privacy.Request, c privacy.Calendar) error {
	e.Ended, e.DueOn = r.Outcome != nil, ""
	if due, err := nextDue(r, c); err == nil {
		e.DueOn = due.On
	}
	return d.write(ctx, e, r)
}

// nextDue is the next day on which something is due: a complaint's acknowledgement, or the answer.
func nextDue(r privacy.Request, c privacy.Calendar) (privacy.Deadline, error) {
	if r.Kind != privacy.AskComplaint {
		return r.DueBy(c)
	}
	if r.Acknowledged != "" || r.Outcome != nil {
		return privacy.Deadline{}, fault.New(fault.NotFound, "error.request.no_deadline")
	}
	return r.AcknowledgeBy(), nil
}

// open reads a request out of its entry.
func (d *Desk) open(ctx context.Context, e *privacy.Entry, c privacy.Calendar) (*Case, error) {
	out := &Case{Entry: *e}
	if err := d.read(ctx, e, &out.Request); err != nil {
		return nil, err
	}
	out.Clock = out.Request.Clock()
	if due, err := nextDue(out.Request, c); err == nil {
		out.Due = due
		out.Late = out.Request.Outcome == nil && privacy.DateOf(d.Service.Now()) > due.Rolled
	}
	return out, nil
}
