package dpo

import (
	"context"
	"slices"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// NewForm returns the token of a form that is shown: see ReceiveOnce.
func NewForm() string { return seal.RandomToken() }

// Receive enters a request that somebody made in the public form. code is the withdrawal code of the response that it is about, or empty; network
// is what throttling of codes is keyed on. It returns the number of the case. Errors: fault.Invalid with what is missing; for a code those of
// consult.Service.HeldByCode.
func (d *Desk) Receive(ctx context.Context, r privacy.Request, code, network string) (*Case, error) {
	return d.ReceiveOnce(ctx, r, code, network, NewForm())
}

// ReceiveOnce is Receive for a form with a token of NewForm: a second click, a reload and a retry after a lost answer, which send the same words with the
// same token, find the case that they made at first. Other words in the same form are another request.
func (d *Desk) ReceiveOnce(ctx context.Context, r privacy.Request, code, network, form string) (*Case, error) {
	today := privacy.DateOf(d.Service.Now())
	r = privacy.Request{Kind: r.Kind, Received: today, Channel: privacy.ByForm, Name: r.Name, Contact: r.Contact, Authority: r.Authority, Text: r.Text, Marketing: r.Marketing}
	if strings.TrimSpace(code) != "" {
		held, err := d.Service.HeldByCode(ctx, code, network)
		if err != nil {
			return nil, err
		}
		r.Response, r.ConsultationID = held.Response.ID, held.Consultation.ID
		r.IdentityOn, r.Tier = today, privacy.IdentityCode
	}
	return d.enter(ctx, entryOf(form, r), r, "respondent", privacy.Actor{Kind: "respondent"})
}

// entryOf names the entry of a request by its form and its words: the form's token, which is kept nowhere, makes it random to everybody else.
func entryOf(form string, r privacy.Request) string {
	marketing := ""
	if r.Marketing {
		marketing = "marketing"
	}
	return seal.Digest(string(seal.Canonical("request", form, string(r.Kind), r.Name, r.Contact, r.Authority, r.Text, marketing, r.Response)))[:32]
}

// Enter enters a request that reached an officer in any way.
func (d *Desk) Enter(ctx context.Context, by *consult.Staff, r privacy.Request) (*Case, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	if r.Received > privacy.DateOf(d.Service.Now()) {
		return nil, fault.New(fault.Invalid, "error.request.received")
	}
	return d.enter(ctx, seal.RandomID(), r, by.ID, by.Actor())
}

// enter stores a request under an id. One that is stored already is returned as it stands.
func (d *Desk) enter(ctx context.Context, id string, r privacy.Request, who string, actor privacy.Actor) (*Case, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	calendar, err := d.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	e := privacy.Entry{ID: id, Register: privacy.RegisterRequests, OpenedAt: d.Service.Now().UTC()}
	r.Steps = []privacy.RequestStep{{At: e.OpenedAt, By: who, What: "request.receive"}}
	also := d.follow(&r, nil, false, id, actor)
	if err := d.seal(ctx, &e, r, calendar); err != nil {
		return nil, err
	}
	err = d.save(ctx, &e, true, privacy.NewAuditEvent(actor, "request.receive", "request:"+e.ID, "kind", string(r.Kind), "channel", string(r.Channel)), also...)
	if fault.Is(err, fault.Conflict) { // stored already: by a second click, or by another instance at the same moment
		known, err := d.entry(ctx, privacy.RegisterRequests, id)
		if err != nil {
			return nil, err
		}
		return d.open(ctx, known, calendar)
	}
	if err != nil {
		return nil, err
	}
	return d.open(ctx, &e, calendar)
}

// endedShown is how many ended requests a list shows.
const endedShown = 200

// Cases lists the open requests, those due first, and the ended ones, newest first.
func (d *Desk) Cases(ctx context.Context, by *consult.Staff) (open, ended []*Case, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, nil, err
	}
	calendar, err := d.Calendar(ctx)
	if err != nil {
		return nil, nil, err
	}
	running, over, err := d.entries(ctx, privacy.RegisterRequests, endedShown)
	if err != nil {
		return nil, nil, err
	}
	for _, list := range []struct {
		in  []*privacy.Entry
		out *[]*Case
	}{{running, &open}, {over, &ended}} {
		for _, e := range list.in {
			c, err := d.open(ctx, e, calendar)
			if fault.Is(err, fault.NotFound) {
				continue // disposed of since it was read
			}
			if err != nil {
				return nil, nil, err
			}
			*list.out = append(*list.out, c)
		}
	}
	return open, ended, nil
}

// soon is within how many days a request is said to be due soon.
const soon = 7

// Waiting counts requests.
type Waiting struct{ Soon, Late int } // due within a week; late

// Due counts the requests that press.
func (d *Desk) Due(open []*Case) (w Waiting) {
	today := privacy.DateOf(d.Service.Now())
	for _, c := range open {
		switch {
		case c.Late:
			w.Late++
		case c.Due.On != "" && c.Due.On.Days(today) <= soon:
			w.Soon++
		}
	}
	return w
}

// Case returns one request. fault.NotFound if there is none.
func (d *Desk) Case(ctx context.Context, by *consult.Staff, id string) (*Case, error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	calendar, err := d.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	e, err := d.entry(ctx, privacy.RegisterRequests, id)
	if err != nil {
		return nil, err
	}
	c, err := d.open(ctx, e, calendar)
	if err == nil && c.Request.Response != "" {
		c.Agreed, err = d.Service.AgreedFor(ctx, by, c.Request.Response)
	}
	if err == nil && c.Request.Response != "" {
		c.EqualityOver, err = d.Service.EqualityOver(ctx, by, c.Request.Response)
	}
	if err == nil && c.Request.Changed() {
		c.Recipients, err = d.Recipients(ctx, by)
		for i, t := range c.Request.Tellings {
			c.Request.Tellings[i].NotTold = slices.ContainsFunc(c.Recipients, func(r *Recipient) bool { return r.Number() == t.Number && r.NotTold })
		}
	}
	return c, err
}

// Open is Case for a page that shows what the person wrote: that the officer saw it is in the audit log before.
func (d *Desk) Open(ctx context.Context, by *consult.Staff, id string) (*Case, error) {
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return c, d.log(ctx, privacy.NewAuditEvent(by.Actor(), "request.open", "request:"+id))
}

// change applies an edit to the version of a request that the officer saw, with a step in its history and an audit event that says no more than what was
// done. fault.Conflict if somebody was faster.
func (d *Desk) change(ctx context.Context, by *consult.Staff, id string, version int64, what, note string, edit func(*privacy.Request, privacy.Calendar) error) error {
	c, err := d.edited(ctx, by, id, version, what, note, edit)
	if err != nil {
		return err
	}
	return d.save(ctx, &c.Entry, false, privacy.NewAuditEvent(by.Actor(), what, "request:"+id), c.also...)
}

// edited is change without storing it.
func (d *Desk) edited(ctx context.Context, by *consult.Staff, id string, version int64, what, note string, edit func(*privacy.Request, privacy.Calendar) error) (*Case, error) {
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if c.Entry.Version != version {
		return nil, fault.New(fault.Conflict, "error.store.version")
	}
	calendar, err := d.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	before, ended := c.Request.Linked(), c.Request.Outcome != nil
	if err := edit(&c.Request, calendar); err != nil {
		return nil, err
	}
	c.Request.Steps = append(c.Request.Steps, privacy.RequestStep{At: d.Service.Now().UTC(), By: by.ID, What: what, Note: note})
	c.also = d.follow(&c.Request, before, ended, id, by.Actor())
	return c, d.seal(ctx, &c.Entry, c.Request, calendar)
}
