package dpo

import (
	"cmp"
	"context"
	"slices"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Recipient is somebody outside, or elsewhere in the council, who got information that tells who people are, or could: an entry of the register of disclosures
// or of that of processors and recipients (art. 4(9)).
type Recipient struct {
	Filed
	Name    string
	GivenOn privacy.Date // of an exceptional disclosure; empty for whoever gets it as a rule
	NotTold bool         // it was not told of what changed last: that is impossible or takes disproportionate effort (art. 19)
	Open    bool         // the person may know of it: whoever gets it as a rule, and of a disclosure about which the person was told
}

// Rule reports whether it gets information as a rule.
func (r *Recipient) Rule() bool { return r.Entry.Register == privacy.RegisterProcessors }

// Number is what people and officers call the entry.
func (r *Recipient) Number() string {
	if r.Rule() {
		return r.number("P")
	}
	return r.number("D")
}

// Recipients lists those who have to be told of a correction, an erasure or a restriction of what they got (art. 19): whoever gets information as a rule first,
// then by exceptional disclosures. Entries that are closed count too: what was given then may still lie there.
func (d *Desk) Recipients(ctx context.Context, by *consult.Staff) (out []*Recipient, err error) {
	rule, err := everyEntry(ctx, d, by, processors)
	if err != nil {
		return nil, err
	}
	for _, c := range rule {
		if x := c.Processor; x.Form.Personal() {
			out = append(out, &Recipient{Filed: c.Filed, Name: x.Name, Open: true, NotTold: x.Notify && x.Notified == "" && !x.Outstanding()})
		}
	}
	slices.SortStableFunc(out, func(a, b *Recipient) int { return cmp.Compare(a.Entry.Number, b.Entry.Number) })
	exceptional, err := everyEntry(ctx, d, by, disclosures)
	for _, c := range exceptional {
		if x := c.Disclosure; x.GivenOn != "" && x.Form.Personal() {
			out = append(out, &Recipient{Filed: c.Filed, Name: x.Requester, GivenOn: x.GivenOn, Open: x.Told == privacy.TellYes, NotTold: x.Notify && x.Notified == "" && !x.Outstanding()})
		}
	}
	return out, err
}

// everyEntry opens all entries of a register, the open ones first.
func everyEntry[T, C any](ctx context.Context, d *Desk, by *consult.Staff, b book[T, C]) ([]*C, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	open, ended, err := d.entries(ctx, b.register, consult.EveryEntry)
	if err != nil {
		return nil, err
	}
	return b.openAll(ctx, d, append(open, ended...))
}

// Tell notes which recipients have to be told of what was corrected, erased or restricted for a request, also after it has ended (art. 19; see Recipients): each
// asks for that in its register from then on. fault.Conflict if nothing was changed for the request or somebody was faster.
func (d *Desk) Tell(ctx context.Context, by *consult.Staff, id string, version int64, tell []string) error {
	with, tellings, err := d.notify(ctx, by, "request.tell", tell)
	if err != nil {
		return err
	}
	c, err := d.edited(ctx, by, id, version, "request.tell", "", func(r *privacy.Request, _ privacy.Calendar) error {
		switch {
		case !r.Changed():
			return fault.New(fault.Conflict, "error.request.step")
		case len(tellings) == 0:
			return fault.New(fault.Invalid, "error.request.tell").At("tell")
		}
		for _, t := range tellings {
			t.About = r.Changes()
			r.Tellings = append(r.Tellings, t)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.save(ctx, &c.Entry, false, privacy.NewAuditEvent(by.Actor(), "request.tell", "request:"+id), append(c.also, with)...)
}

// notify prepares that recipients have to be told of a step, and says who they are: fault.NotFound for one that is none of Recipients.
func (d *Desk) notify(ctx context.Context, by *consult.Staff, step string, tell []string) (with func(consult.Writer) error, who []privacy.Telling, err error) {
	all, err := d.Recipients(ctx, by)
	if err != nil {
		return nil, nil, err
	}
	var does []func(consult.Writer) error
	for _, id := range slices.Compact(slices.Sorted(slices.Values(tell))) {
		i := slices.IndexFunc(all, func(r *Recipient) bool { return r.Entry.ID == id })
		if i < 0 {
			return nil, nil, fault.New(fault.NotFound, "error.store.not_found")
		}
		r := all[i]
		who = append(who, privacy.Telling{On: privacy.DateOf(d.Service.Now()), Step: step, Number: r.Number(), Name: r.Name, Open: r.Open})
		again := disclosures.again(ctx, d, by, "disclosure.update", (*privacy.Disclosure).TellAgain)
		if r.Rule() {
			again = processors.again(ctx, d, by, "processor.update", (*privacy.Processor).TellAgain)
		}
		do, err := again(r.Entry)
		if err != nil {
			return nil, nil, err
		}
		does = append(does, do)
	}
	return func(w consult.Writer) error {
		for _, do := range does {
			if err := do(w); err != nil {
				return err
			}
		}
		return nil
	}, who, nil
}

// again prepares that the recipient of an entry has to be told, whatever it was told before: tell notes that from when on, and says when it was told, or why not.
func (b book[T, C]) again(ctx context.Context, d *Desk, by *consult.Staff, what string, tell func(*T, privacy.Date) string) func(privacy.Entry) (func(consult.Writer) error, error) {
	return func(e privacy.Entry) (func(consult.Writer) error, error) {
		var x T
		if err := d.read(ctx, &e, &x); err != nil {
			return nil, err
		}
		step := privacy.RequestStep{At: d.Service.Now().UTC(), By: by.ID, What: what}
		if before := tell(&x, privacy.DateOf(step.At)); before != "" {
			step.Note = "art. 19: " + before
		}
		steps := b.steps(&x)
		*steps = append(*steps, step)
		if err := b.write(ctx, d, &e, x); err != nil {
			return nil, err
		}
		return func(w consult.Writer) error {
			copied := e // it may run more than once
			if err := w.UpdateEntry(&copied); err != nil {
				return err
			}
			return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), what, b.object(e.ID)))
		}, nil
	}
}
