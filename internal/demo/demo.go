// Package demo answers: what does a council's service look like when it is in use?
//
// It makes the demonstration world: Wealdmere Borough Council, which does not exist, with staff, consultations, responses
// from a seeded generator, an outcome and a release. Everything goes through the methods of consult.Service in the order
// in which it would have happened, so that the demonstration is what the real rules produce; only the clock is set back.
// It must never hold a real person, place or postcode, and never run on a store for real use.
//
// Reviewer: consultation officer.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Options are what the demonstration world is made from.
type Options struct {
	Seed     uint64                // of the generator: the same seed gives the same answers
	Scale    float64               // multiplies the numbers of responses; 0 = 1
	Clock    *Clock                // of the service and of its store
	Progress func(done, total int) // told now and then how far it is; may be nil
}

// DefaultSeed is the seed of the world that demonstration mode shows.
const DefaultSeed = 2026

// OpenSurvey is the address of the survey that is open to visitors.
const OpenSurvey = "service-feedback"

// seededSetting is the mark that the world is whole; its value is the options it was made with.
const seededSetting = "demo"

// Seeded reports whether the store holds a whole demonstration world (whole), and whether anybody has begun to make one. A world that
// was begun and is not whole was interrupted.
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

// Seed fills an empty store with the demonstration world. The service must be one for demonstration and must run, as its store, on the
// clock of the options. fault.Conflict for a store that has staff. A run that fails leaves a world that Seeded does not call
// whole: throw the store away.
func Seed(ctx context.Context, svc *consult.Service, o Options) (Accounts, error) {
	if !svc.Demo {
		return nil, fault.New(fault.Conflict, "error.origin.real")
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	w := &world{svc: svc, options: o, now: o.Clock.Now().UTC().Truncate(time.Second), staff: map[consult.Role]*consult.Staff{}}
	defer o.Clock.release()
	w.planCouncil()
	for _, p := range plans() {
		w.plan(p)
	}
	if err := w.clockIsShared(ctx); err != nil {
		return nil, err
	}
	if err := w.run(ctx); err != nil {
		return nil, fmt.Errorf("make the demonstration world: %w", err)
	}
	if err := w.mark(ctx); err != nil {
		return nil, fmt.Errorf("mark the demonstration world as whole: %w", err)
	}
	return People(), nil
}

// world is the demonstration world while it is made.
type world struct {
	svc       *consult.Service
	options   Options
	now       time.Time // at which visitors will look at it
	staff     map[consult.Role]*consult.Staff
	partner   *consult.Partner
	agreement *consult.Agreement
	timeline  []happening
	scans     atomic.Int64 // paper forms so far; people answer side by side
}

// clockIsShared makes sure that setting the clock back reaches every rule.
func (w *world) clockIsShared(ctx context.Context) error {
	then := w.now.AddDate(-1, 0, 0)
	w.options.Clock.set(then)
	err := w.svc.Store.View(ctx, func(r consult.Reader) error {
		if !r.Now().Equal(then) {
			return errors.New("the store does not run on the clock of the demonstration")
		}
		return nil
	})
	if err == nil && !w.svc.Now().Equal(then) {
		err = errors.New("the service does not run on the clock of the demonstration")
	}
	return err
}

// mark says that the world is whole.
func (w *world) mark(ctx context.Context) error {
	w.options.Clock.release()
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
