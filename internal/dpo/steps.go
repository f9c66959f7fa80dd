package dpo

import (
	"context"
	"errors"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Acknowledge records that the person was told that the request arrived (DPA 2018 s.164A for complaints).
func (d *Desk) Acknowledge(ctx context.Context, by *consult.Staff, id string, version int64, on privacy.Date) error {
	return d.change(ctx, by, id, version, "request.acknowledge", "", func(r *privacy.Request, _ privacy.Calendar) error {
		switch {
		case r.Acknowledged != "":
			return fault.New(fault.Conflict, "error.request.acknowledged")
		case on < r.Received || on > privacy.DateOf(d.Service.Now()):
			return fault.New(fault.Invalid, "error.request.day")
		}
		r.Acknowledged = on
		return nil
	})
}

// AskIdentity records that the person was asked who they are, which stops the clock.
func (d *Desk) AskIdentity(ctx context.Context, by *consult.Staff, id string, version int64, on privacy.Date) error {
	return d.change(ctx, by, id, version, "request.ask_identity", "", func(r *privacy.Request, _ privacy.Calendar) error {
		if on > privacy.DateOf(d.Service.Now()) {
			return fault.New(fault.Invalid, "error.request.day")
		}
		return r.AskIdentity(on)
	})
}

// Identify records how the person was identified. With tier IdentityCode code is the withdrawal code that they told, and the request is about its
// response from then on; it is kept nowhere.
func (d *Desk) Identify(ctx context.Context, by *consult.Staff, id string, version int64, on privacy.Date, tier privacy.IdentityTier, code, note string) error {
	var response, consultation string
	if tier == privacy.IdentityCode {
		if strings.TrimSpace(code) == "" {
			return fault.New(fault.Invalid, "error.request.code")
		}
		held, err := d.Service.ResponseByCode(ctx, by, code)
		if err != nil {
			return err
		}
		response, consultation = held.Response.ID, held.Consultation.ID
	}
	return d.change(ctx, by, id, version, "request.identify", note, func(r *privacy.Request, _ privacy.Calendar) error {
		if err := privacy.Within("note", note, privacy.MaxRequestText); err != nil {
			return err
		}
		if on > privacy.DateOf(d.Service.Now()) {
			return fault.New(fault.Invalid, "error.request.day")
		}
		if err := r.Identify(on, tier, note); err != nil {
			return err
		}
		if response != "" {
			r.Attach(response, consultation, privacy.IdentityCode)
			return r.TakeInHand(response)
		}
		return nil
	})
}

// Ask pauses the clock of an access request while the person is asked what it is about.
func (d *Desk) Ask(ctx context.Context, by *consult.Staff, id string, version int64, on privacy.Date, question string) error {
	return d.change(ctx, by, id, version, "request.pause", question, func(r *privacy.Request, _ privacy.Calendar) error {
		if err := privacy.Within("question", question, privacy.MaxRequestText); err != nil {
			return err
		}
		if on > privacy.DateOf(d.Service.Now()) {
			return fault.New(fault.Invalid, "error.request.day")
		}
		return r.Pause(on, question)
	})
}

// Answered starts the clock again.
func (d *Desk) Answered(ctx context.Context, by *consult.Staff, id string, version int64, on privacy.Date) error {
	return d.change(ctx, by, id, version, "request.resume", "", func(r *privacy.Request, _ privacy.Calendar) error {
		if on > privacy.DateOf(d.Service.Now()) {
			return fault.New(fault.Invalid, "error.request.day")
		}
		return r.Resume(on)
	})
}

// Extend records that the person was told on the day that it will take up to two further months, and why.
func (d *Desk) Extend(ctx context.Context, by *consult.Staff, id string, version int64, on privacy.Date, reason string) error {
	return d.change(ctx, by, id, version, "request.extend", reason, func(r *privacy.Request, c privacy.Calendar) error {
		if err := privacy.Within("reason", reason, privacy.MaxRequestText); err != nil {
			return err
		}
		if on > privacy.DateOf(d.Service.Now()) {
			return fault.New(fault.Invalid, "error.request.day")
		}
		return r.Extend(privacy.Extension{NotifiedOn: on, Reason: reason}, c)
	})
}

// Exempt records that one item is withheld, on which ground and why.
func (d *Desk) Exempt(ctx context.Context, by *consult.Staff, id string, version int64, e privacy.Exemption) error {
	return d.change(ctx, by, id, version, "request.exempt", e.Item, func(r *privacy.Request, _ privacy.Calendar) error {
		if err := errors.Join(privacy.Within("item", e.Item, privacy.MaxRequestLine), privacy.Within("reason", e.Reason, privacy.MaxRequestText)); err != nil {
			return err
		}
		return r.Exempt(e)
	})
}

// Searched records a search by hand, in paper, mail or another system.
func (d *Desk) Searched(ctx context.Context, by *consult.Staff, id string, version int64, s privacy.SearchDone) error {
	s.By = by.ID
	return d.change(ctx, by, id, version, "request.search", s.Where, func(r *privacy.Request, _ privacy.Calendar) error {
		switch {
		case r.Outcome != nil:
			return fault.New(fault.Conflict, "error.request.ended")
		case strings.TrimSpace(s.Where) == "":
			return fault.New(fault.Invalid, "error.request.where")
		case s.On < r.Received || s.On > privacy.DateOf(d.Service.Now()):
			return fault.New(fault.Invalid, "error.request.day")
		}
		if err := errors.Join(privacy.Within("where", s.Where, privacy.MaxRequestText), privacy.Within("for", s.For, privacy.MaxRequestLine)); err != nil {
			return err
		}
		r.Searches = append(r.Searches, s)
		return nil
	})
}

// Note adds a note to the history.
func (d *Desk) Note(ctx context.Context, by *consult.Staff, id string, version int64, note string) error {
	return d.change(ctx, by, id, version, "request.note", note, func(*privacy.Request, privacy.Calendar) error {
		if strings.TrimSpace(note) == "" {
			return fault.New(fault.Invalid, "error.request.note")
		}
		return privacy.Within("note", note, privacy.MaxRequestText)
	})
}

// End records what came of it. An objection is refused only when it was weighed: see privacy.Request.MayEnd.
func (d *Desk) End(ctx context.Context, by *consult.Staff, id string, version int64, o privacy.Outcome) error {
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return err
	}
	object, err := d.objectable(ctx, by, &c.Request)
	if err != nil {
		return err
	}
	return d.change(ctx, by, id, version, "request.end", "", func(r *privacy.Request, _ privacy.Calendar) error {
		if err := errors.Join(privacy.Within("reasons", o.Reasons, privacy.MaxRequestText), privacy.Within("done", o.Done, privacy.MaxRequestText)); err != nil {
			return err
		}
		if o.On > privacy.DateOf(d.Service.Now()) {
			return fault.New(fault.Invalid, "error.request.day")
		}
		if r.Outcome == nil {
			if err := r.MayEnd(o.Decision, object); err != nil {
				return err
			}
		}
		return r.End(o)
	})
}

// channelOf is the way of a request as the consent ledger names ways.
func channelOf(c privacy.RequestChannel) consult.Channel {
	switch c {
	case privacy.ByTelephone:
		return consult.Telephone
	case privacy.ByPost:
		return consult.Paper
	case privacy.InPerson:
		return consult.FaceToFace
	}
	return consult.Web
}

// identified returns the response that an open request is about: fault.Conflict unless the person showed by its code that it is theirs.
func (d *Desk) identified(ctx context.Context, by *consult.Staff, id string) (*Case, error) {
	c, err := d.Case(ctx, by, id)
	switch {
	case err != nil:
		return nil, err
	case c.Request.Outcome != nil:
		return nil, fault.New(fault.Conflict, "error.request.ended")
	case c.Request.Response == "" || c.Request.Tier == privacy.IdentityNone:
		return nil, fault.New(fault.Conflict, "error.request.unidentified")
	}
	return c, nil
}

// Copy returns all that is held about the person, for the answer to the request.
func (d *Desk) Copy(ctx context.Context, by *consult.Staff, id string) (*Case, *consult.Everything, error) {
	c, err := d.identified(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	read := d.Service.EverythingOf
	if c.Request.InHandTier() != privacy.IdentityCode { // found by a search: only the code opens equality answers (privacy.md 5.4)
		read = d.Service.EverythingButEquality
	}
	all, err := read(ctx, by, c.Request.Response, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "error.request.gone")
	}
	return c, all, err
}

// WithdrawConsent withdraws the equality consent of the person. The step in the history is written with the event of the ledger, in one transaction;
// then the answers are erased. What a crash leaves after that the next start erases.
func (d *Desk) WithdrawConsent(ctx context.Context, by *consult.Staff, id string, version int64) error {
	c, with, err := d.step(ctx, by, id, version, "request.withdraw_consent", privacy.NewAuditEvent(by.Actor(), "request.withdraw_consent", "request:"+id))
	if err != nil {
		return err
	}
	_, err = d.Service.WithdrawConsentFor(ctx, by, c.Request.Response, channelOf(c.Request.Channel), with)
	return err
}

// EndAgreement takes back the agreement of the person to a new use of a part, in a version of the notice. The step in the history is written with the event
// of the ledger.
func (d *Desk) EndAgreement(ctx context.Context, by *consult.Staff, id string, version int64, part privacy.Part, notice int) error {
	c, with, err := d.step(ctx, by, id, version, "request.end_agreement", privacy.NewAuditEvent(by.Actor(), "request.end_agreement", "request:"+id))
	if err != nil {
		return err
	}
	return d.Service.EndNewUseFor(ctx, by, c.Request.Response, part, notice, channelOf(c.Request.Channel), with)
}

// step prepares a step of an open request whose person is known: with writes it, and its event, in the transaction that does what it says.
func (d *Desk) step(ctx context.Context, by *consult.Staff, id string, version int64, what string, event privacy.AuditEvent) (c *Case, with func(consult.Writer) error, err error) {
	return d.stepWith(ctx, by, id, version, what, event, func(*privacy.Request) {})
}

// stepWith is step with an edit of the request.
func (d *Desk) stepWith(ctx context.Context, by *consult.Staff, id string, version int64, what string, event privacy.AuditEvent, edit func(*privacy.Request)) (c *Case, with func(consult.Writer) error, err error) {
	if _, err := d.identified(ctx, by, id); err != nil {
		return nil, nil, err
	}
	c, err = d.edited(ctx, by, id, version, what, "", func(r *privacy.Request, _ privacy.Calendar) error { edit(r); return nil })
	if err != nil {
		return nil, nil, err
	}
	return c, func(w consult.Writer) error {
		e := c.Entry // it may run more than once
		if err := w.UpdateEntry(&e); err != nil {
			return err
		}
		return w.AppendAudit(event)
	}, nil
}

// Restrict takes the response of the person out of use (UK GDPR art. 18). The restriction and what the request says of it are one transaction.
func (d *Desk) Restrict(ctx context.Context, by *consult.Staff, id string, version int64) error {
	if _, err := d.identified(ctx, by, id); err != nil {
		return err
	}
	c, err := d.edited(ctx, by, id, version, "request.restrict", "", func(r *privacy.Request, _ privacy.Calendar) error {
		if !r.Hold(r.Response, true) {
			return fault.New(fault.Conflict, "error.request.step")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.Service.Restrict(ctx, by, c.Request.Response, id, true, func(w consult.Writer) error {
		e := c.Entry // fn may run more than once
		if err := w.UpdateEntry(&e); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), "request.restrict", "request:"+id))
	})
}

// Lift takes every response that this request holds into use again, on the day after which the person was told (art. 18(3)), unless another request keeps
// it out of use. It can be done after the request has ended.
func (d *Desk) Lift(ctx context.Context, by *consult.Staff, id string, version int64, told privacy.Date) error {
	if told > privacy.DateOf(d.Service.Now()) {
		return fault.New(fault.Invalid, "error.request.day")
	}
	var held []string
	c, err := d.edited(ctx, by, id, version, "request.lift", "", func(r *privacy.Request, _ privacy.Calendar) error {
		for _, l := range r.Linked() {
			if r.Hold(l.Response, false) {
				held = append(held, l.Response)
			}
		}
		if len(held) == 0 {
			return fault.New(fault.Conflict, "error.request.step")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.Service.Store.Update(ctx, func(w consult.Writer) error {
		for _, response := range held {
			if err := d.Service.RestrictIn(w, by.Actor(), response, id, false); err != nil {
				return err
			}
		}
		e := c.Entry // fn may run more than once
		if err := w.UpdateEntry(&e); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(by.Actor(), "request.lift", "request:"+id))
	})
}

// Erase erases the response of the person with everything that belongs to it, the step in the history in the same transaction. It cannot be undone.
func (d *Desk) Erase(ctx context.Context, by *consult.Staff, id string, version int64) error {
	c, with, err := d.stepWith(ctx, by, id, version, "request.erase", privacy.NewAuditEvent(by.Actor(), "request.erase", "request:"+id), (*privacy.Request).Forget)
	if err != nil {
		return err
	}
	err = d.Service.EraseFor(ctx, by, c.Request.Response, channelOf(c.Request.Channel), with)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return d.Service.Store.Update(ctx, with) // its person was faster: the step says that nothing of it is left
}
