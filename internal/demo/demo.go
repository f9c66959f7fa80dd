// Package demo answers: what does a council's service look like when it is in use?
//
// It makes the demonstration world: Wealdmere Borough Council, which does not exist, with staff, consultations and
// responses from a seeded generator. Everything goes through the methods of consult.Service, so that the
// demonstration is what the real rules produce; only the clock is set back for what has already happened. It must
// never hold a real person, place or postcode, and never run on a store for real use.
//
// Reviewer: consultation officer.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Options are what the demonstration world is made from.
type Options struct {
	Seed  uint64    // of the generator: the same seed gives the same answers
	Scale float64   // multiplies the numbers of responses; 0 = 1
	Now   time.Time // the moment at which the world is looked at; zero = the service's clock
}

// DefaultSeed is the seed of the world that demonstration mode shows.
const DefaultSeed = 2026

// OpenSurvey is the address of the survey that is open to visitors.
const OpenSurvey = "service-feedback"

// seededSetting is the mark that the world is whole; its value is the options it was made with.
const seededSetting = "demo"

// Seeded reports whether the store holds a whole demonstration world. A store that was claimed for demonstration and holds staff, but is
// not seeded, was interrupted.
func Seeded(ctx context.Context, svc *consult.Service) (whole, begun bool, err error) {
	err = svc.Store.View(ctx, func(r consult.Reader) error {
		staff, err := r.StaffList()
		if err != nil {
			return err
		}
		begun = len(staff) > 0
		_, _, err = r.Setting(seededSetting)
		whole = err == nil
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	return whole, begun, err
}

// Seed fills an empty store with the demonstration world. The service must be one for demonstration (Demo): fault.Conflict otherwise,
// and for a store that has staff. A run that fails leaves a world that Seeded does not call whole: throw the store away.
func Seed(ctx context.Context, svc *consult.Service, o Options) (Accounts, error) {
	if !svc.Demo {
		return nil, fault.New(fault.Conflict, "error.origin.real")
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	if o.Now.IsZero() {
		o.Now = svc.Now()
	}
	w := &world{svc: svc, options: o, now: o.Now.UTC().Truncate(time.Second)}
	for _, step := range []func(context.Context) error{w.people, w.council, w.consultations, w.mark} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("make the demonstration world: %w", err)
		}
	}
	return w.accounts, nil
}

// world is the demonstration world while it is made.
type world struct {
	svc      *consult.Service
	options  Options
	now      time.Time
	accounts Accounts
	staff    map[consult.Role]*consult.Staff
	partner  *consult.Partner
}

// mark says that the world is whole.
func (w *world) mark(ctx context.Context) error {
	raw, err := json.Marshal(map[string]any{"seed": w.options.Seed, "scale": w.options.Scale})
	if err != nil {
		return err
	}
	return w.svc.Store.Update(ctx, func(tx consult.Writer) error {
		if err := tx.PutSetting(seededSetting, raw, 0); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "demo.seed", Object: "store:main"})
	})
}
