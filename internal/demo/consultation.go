package demo

import (
	"context"
	"fmt"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// plan is one consultation of the world.
type plan struct {
	slug      string
	library   string // standard survey
	opens     int    // days from now
	closes    int
	responses int // before scaling
	draft     bool
	details   func(*consult.Details)
	answers   func(*person) answers
}

// clockTime returns the hour of the day some days from now, on the clocks of the council.
func (w *world) clockTime(days, hour int) time.Time {
	d := w.now.In(locale.London()).AddDate(0, 0, days)
	return time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, locale.London()).UTC()
}

// consultations makes them all.
func (w *world) consultations(ctx context.Context) error {
	for _, p := range plans() {
		if err := w.consultation(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.slug, err)
		}
	}
	return nil
}

// consultation creates, publishes and fills one, three days before it opens at first.
func (w *world) consultation(ctx context.Context, p plan) error {
	opens, closes := w.clockTime(p.opens, 9), w.clockTime(p.closes, 17)
	before := opens.AddDate(0, 0, -3)
	if before.After(w.now) {
		before = w.now
	}
	svc, officer := w.at(before), w.staff[consult.Researcher]
	c, faults, err := svc.CreateConsultation(ctx, officer, p.library, nil)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return fmt.Errorf("standard survey: %s", faults[0])
	}
	d := c.Details
	d.OpensAt, d.ClosesAt, d.Population = opens, closes, 41000
	p.details(&d)
	if err := svc.SaveDetails(ctx, officer, c.ID, p.slug, c.Version, d); err != nil {
		return err
	}
	if p.draft {
		return nil
	}
	if err := w.publish(ctx, svc, c.ID); err != nil {
		return err
	}
	return w.respond(ctx, p, c.ID)
}

func (w *world) publish(ctx context.Context, svc *consult.Service, id string) error {
	officer := w.staff[consult.Researcher]
	c, _, _, err := svc.ConsultationForStaff(ctx, officer, id)
	if err != nil {
		return err
	}
	err = svc.Publish(ctx, officer, id, c.Version)
	if fault.Is(err, fault.Conflict) {
		ready, _ := svc.Readiness(ctx, officer, id)
		for _, f := range ready.Findings {
			if !f.Warn {
				return fmt.Errorf("%w: %s (%s.%s)", err, f.Key, f.Page, f.Field)
			}
		}
	}
	return err
}
