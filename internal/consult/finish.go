package consult

import (
	"context"
	"errors"

	"folkmoot/internal/privacy"
)

// Unfinished is what a crash left of a withdrawal, an erasure or a disposal, in counts.
type Unfinished struct {
	Profiles int // of equality answers whose consent does not stand: nobody can read them, and they have to go
	Keys     int // whose record is gone
	Runs     int // disposals that have begun and have no certificate yet
	Unlisted int // erasures that are not in the list of erasures yet; the most that is counted is 500
}

// None reports whether nothing is left.
func (u Unfinished) None() bool { return u == Unfinished{} }

// Unfinished looks for what a crash left. It changes nothing. Where the service runs meanwhile, it may count what is just being done.
func (s *Service) Unfinished(ctx context.Context) (u Unfinished, err error) {
	stray, err := s.strayProfiles(ctx)
	if err != nil {
		return u, err
	}
	lone, err := s.loneKeys(ctx)
	if err != nil {
		return u, err
	}
	waiting, err := s.Store.Erasures().Pending(ctx, settled)
	if err != nil {
		return u, err
	}
	runs, err := s.openRuns(ctx)
	return Unfinished{Profiles: len(stray), Keys: len(lone), Runs: len(runs), Unlisted: len(waiting)}, err
}

// FinishErasures completes at start what a crash left of withdrawals and erasures. alone says that nobody else uses the store, so that a key without a
// record is no key of a record that is just being stored; else SweepKeys finds it later.
func (s *Service) FinishErasures(ctx context.Context, alone bool) error {
	if err := errors.Join(s.finishTakenBack(ctx), s.settle(ctx)); err != nil {
		return err
	}
	if s.Erasures != nil {
		if err := s.catchUp(ctx); err != nil {
			return err
		}
	}
	if _, err := s.RepairConsent(ctx); err != nil {
		return err
	}
	if !alone {
		return nil
	}
	_, err := s.sweepAlone(ctx)
	return err
}

// FinishDisposals goes on with disposals that had begun when the service ended. It does nothing where there are none.
func (s *Service) FinishDisposals(ctx context.Context) (RetentionDone, error) {
	runs, err := s.openRuns(ctx)
	if err != nil || len(runs) == 0 {
		return RetentionDone{}, err
	}
	done, err := s.RunRetention(ctx, privacy.Actor{Kind: "system"})
	_, swept := s.SweepKeys(ctx)
	return done, errors.Join(err, swept)
}

// RecordDestroyed writes into the audit log that the key of a generation of backups was destroyed: nobody can read those backups any more.
func (s *Service) RecordDestroyed(ctx context.Context, generation string) error {
	return s.log(ctx, event(system(), "keys.destroy", "key:all", "generation", generation))
}
