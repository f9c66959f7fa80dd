package consult

import (
	"context"
	"fmt"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Failures that cost nothing: everybody mistypes. Many people share one network, so that it has more.
const (
	passwordFailures = 5
	networkFailures  = 20
	codeFailures     = 10
)

// Delays double from the first to the longest. There is no permanent lock: it would let anybody lock anybody out (security.md T10).
const (
	firstDelay   = 30 * time.Second
	longestDelay = 15 * time.Minute
)

// throttleLife is how long a count of failures is kept after the last one (privacy.md 10.4). No delay is as long.
const throttleLife = 24 * time.Hour

// DisposeSignIns erases counts of failures that are older than that, and invitations that have expired. It returns how many.
func (s *Service) DisposeSignIns(ctx context.Context) (int, error) {
	now := s.now()
	return s.Sessions.DisposeSignIns(ctx, now.Add(-throttleLife), now)
}

// limit is one thing that failures are counted against, for one day: its key is an HMAC that cannot be linked to another day's
// (privacy.md 10.4: rate-limit data 24 hours, no IP address in it).
type limit struct {
	key  string
	free int
}

func (s *Service) limit(kind, subject string, free int) limit {
	return limit{key: s.Keys.ThrottleToken(kind+"/"+day(s.now()), subject), free: free}
}

// throttled returns fault.Throttled while any of the limits makes people wait. It writes nothing.
func (s *Service) throttled(ctx context.Context, limits ...limit) error {
	return s.Store.View(ctx, func(r Reader) error { return s.throttledIn(r, limits...) })
}

func (s *Service) throttledIn(r Reader, limits ...limit) error {
	for _, l := range limits {
		a, err := r.SignInAttempt(l.key)
		if err != nil {
			return err
		}
		if wait := a.BlockedTo.Sub(r.Now()); wait > 0 {
			minutes := int((wait + time.Minute - 1) / time.Minute)
			refused := fault.New(fault.Throttled, "error.throttled", "Count", minutes, "Minutes", minutes)
			refused.After = wait
			return refused
		}
	}
	return nil
}

// failed counts a failure against the limits and records e. A success writes nothing, so that a throttle cannot be used to fill the
// database while it blocks.
func (s *Service) failed(ctx context.Context, e privacy.AuditEvent, limits ...limit) error {
	err := s.Store.Update(ctx, func(w Writer) error {
		for _, l := range limits {
			a, err := w.SignInAttempt(l.key)
			if err != nil {
				return err
			}
			next := SignInAttempt{Key: l.key, Failures: a.Failures + 1, LastAt: w.Now(), BlockedTo: a.BlockedTo}
			if over := next.Failures - l.free; over >= 0 {
				next.BlockedTo = w.Now().Add(min(firstDelay<<min(over, 10), longestDelay))
			}
			if err := w.PutSignInAttempt(&next); err != nil {
				return err
			}
		}
		return w.AppendAudit(e)
	})
	if err != nil {
		return fmt.Errorf("count a failure: %w", err)
	}
	return nil
}
