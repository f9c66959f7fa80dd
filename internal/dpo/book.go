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

// book is how the desk keeps a register whose entries officers fill in, change and close. T is what an entry says, C an entry as officers see it.
// Every method asks whether the person may keep registers.
type book[T, C any] struct {
	register privacy.Register // the log names its entries by it too
	over     string           // why an entry that has ended cannot be changed
	faults   func(T, time.Time) []error
	steps    func(*T) *[]privacy.RequestStep
	place    func(T) (due privacy.Date, ended bool) // where lists have it
	show     func(privacy.Entry, T, time.Time) *C
}

func (b book[T, C]) object(id string) string { return string(b.register) + ":" + id }

// enter adds an entry. It returns the faults of what was entered, each with its field; nothing is stored if there are any.
func (b book[T, C]) enter(ctx context.Context, d *Desk, by *consult.Staff, what string, x T) (*C, []error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	now := d.Service.Now().UTC()
	if faults := b.faults(x, now); len(faults) > 0 {
		return nil, faults, nil
	}
	*b.steps(&x) = []privacy.RequestStep{{At: now, By: by.ID, What: what}}
	e := privacy.Entry{ID: seal.RandomID(), Register: b.register, OpenedAt: now}
	if err := b.write(ctx, d, &e, x); err != nil {
		return nil, nil, err
	}
	if err := d.save(ctx, &e, true, privacy.NewAuditEvent(by.Actor(), what, b.object(e.ID))); err != nil {
		return nil, nil, err
	}
	return b.show(e, x, d.Service.Now()), nil, nil
}

// write seals what an entry says into it.
func (b book[T, C]) write(ctx context.Context, d *Desk, e *privacy.Entry, x T) error {
	e.DueOn, e.Ended = b.place(x)
	return d.write(ctx, e, x)
}

// list returns the open entries, those that press first, and those that have ended, newest first.
func (b book[T, C]) list(ctx context.Context, d *Desk, by *consult.Staff) (open, ended []*C, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	running, over, err := d.entries(ctx, b.register, endedShown)
	if err != nil {
		return nil, nil, err
	}
	if open, err = b.openAll(ctx, d, running); err != nil {
		return nil, nil, err
	}
	ended, err = b.openAll(ctx, d, over)
	return open, ended, err
}

func (b book[T, C]) openAll(ctx context.Context, d *Desk, entries []*privacy.Entry) (out []*C, err error) {
	for _, e := range entries {
		var x T
		err := d.read(ctx, e, &x)
		if fault.Is(err, fault.NotFound) {
			continue // disposed of since it was read
		}
		if err != nil {
			return nil, err
		}
		out = append(out, b.show(*e, x, d.Service.Now()))
	}
	return out, nil
}

// read returns one entry and what it says. fault.NotFound if there is none.
func (b book[T, C]) read(ctx context.Context, d *Desk, by *consult.Staff, id string) (e *privacy.Entry, x T, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, x, err
	}
	if e, err = d.entry(ctx, b.register, id); err != nil {
		return nil, x, err
	}
	return e, x, d.read(ctx, e, &x)
}

// one is read, as officers see it.
func (b book[T, C]) one(ctx context.Context, d *Desk, by *consult.Staff, id string) (*C, error) {
	e, x, err := b.read(ctx, d, by, id)
	if err != nil {
		return nil, err
	}
	return b.show(*e, x, d.Service.Now()), nil
}

// open is one for a page or a file that shows what is said: that the officer saw it is in the audit log before.
func (b book[T, C]) open(ctx context.Context, d *Desk, by *consult.Staff, id, what string) (*C, error) {
	x, err := b.one(ctx, d, by, id)
	if err != nil {
		return nil, err
	}
	return x, d.log(ctx, privacy.NewAuditEvent(by.Actor(), what, b.object(id)))
}

// update stores what is known by now. Faults as in enter; merge keeps of what is stored what an edit may not take away,
// and says in the history what was changed: its fault.Invalid is one of the faults. fault.Conflict if somebody was faster or it has ended.
func (b book[T, C]) update(ctx context.Context, d *Desk, by *consult.Staff, id string, version int64, what string, x T, merge func(was T, is *T) (note string, err error)) ([]error, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	if faults := b.faults(x, d.Service.Now()); len(faults) > 0 {
		return faults, nil
	}
	err := b.change(ctx, d, by, id, version, what, func(stored *T) (string, error) {
		said, err := merge(*stored, &x)
		if err != nil {
			return "", err
		}
		*b.steps(&x) = *b.steps(stored)
		*stored = x
		return said, nil
	})
	if fault.Is(err, fault.Invalid) {
		return []error{err}, nil
	}
	return nil, err
}

// change applies an edit to the version of an open entry that the officer saw, with a step in its history. fault.Conflict if somebody was faster or it has ended.
func (b book[T, C]) change(ctx context.Context, d *Desk, by *consult.Staff, id string, version int64, what string, edit func(*T) (note string, err error)) error {
	e, x, err := b.read(ctx, d, by, id)
	switch {
	case err != nil:
		return err
	case e.Ended:
		return fault.New(fault.Conflict, b.over)
	case e.Version != version:
		return fault.New(fault.Conflict, "error.store.version")
	}
	note, err := edit(&x)
	if err != nil {
		return err
	}
	steps := b.steps(&x)
	*steps = append(*steps, privacy.RequestStep{At: d.Service.Now().UTC(), By: by.ID, What: what, Note: note})
	if err := b.write(ctx, d, e, x); err != nil {
		return err
	}
	return d.save(ctx, e, false, privacy.NewAuditEvent(by.Actor(), what, b.object(id)))
}

// Filed is an entry of a register.
type Filed struct{ Entry privacy.Entry }

// Stored returns the entry as it is stored: its id, its version, and whether it has ended.
func (f Filed) Stored() privacy.Entry { return f.Entry }

func (f Filed) number(letter string) string { return fmt.Sprintf("%s%d", letter, f.Entry.Number) }
