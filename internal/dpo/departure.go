package dpo

import (
	"context"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Departure is one time that figures or answers left the service, as the audit log knows it.
type Departure struct {
	At     time.Time // UTC
	Action string    // of the audit log
	By     string    // staff id, or of the partner's person who opened it
	To     string    // the partner's name; empty for everybody or for the officer's own file
	Public bool      // on the website, for everybody
	What   locale.Text
}

// departureActions are the actions with which something leaves (consult.AuditActions of the kinds disclosed and exported).
var departureActions = []string{"release.approve", "release.open", "responses.export"}

// departuresShown is how many of the latest are shown.
const departuresShown = 200

// Departures lists the latest releases and exports, newest first: who got what when, from the audit log and the releases themselves.
func (d *Desk) Departures(ctx context.Context, by *consult.Staff) (out []Departure, err error) {
	if err := by.Allow(consult.KeepRegisters); err != nil {
		return nil, err
	}
	err = d.Service.Store.View(ctx, func(r consult.Reader) error {
		out = nil
		events, err := r.AuditEvents(consult.AuditFilter{Actions: departureActions, Limit: departuresShown})
		if err != nil {
			return err
		}
		for _, e := range events {
			one, err := departure(r, e)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

// departure reads what the event is about. What is gone by now is named by its id.
func departure(r consult.Reader, e privacy.AuditEvent) (Departure, error) {
	out := Departure{At: e.At, Action: e.Action, By: e.Actor.ID}
	_, id, _ := strings.Cut(e.Object, ":")
	out.What = locale.Text{locale.English: id}
	if e.Action == "responses.export" {
		c, err := r.Consultation(id)
		if fault.Is(err, fault.NotFound) {
			return out, nil
		}
		if err == nil {
			out.What = c.Title
		}
		return out, err
	}
	release, err := r.Release(id)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.What, out.Public = release.Title, release.Public
	a, err := r.Agreement(release.AgreementID)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	p, err := r.Partner(a.PartnerID)
	if err == nil {
		out.To = p.Name
	}
	return out, err
}
