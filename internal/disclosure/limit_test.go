package disclosure_test

import (
	"context"
	"errors"
	"testing"

	"folkmoot/internal/disclosure"
)

// Section 3.4: a time-out is a failure, and nothing is released.
func TestNothingComesOutAfterTheLimit(t *testing.T) {
	late := errors.New("too late")
	for _, c := range []struct {
		why  string
		stop func(disclosure.Progress) bool
	}{
		{"after the first attempt", func(disclosure.Progress) bool { return true }},
		{"between two repairs, before an audit", func(p disclosure.Progress) bool { return p.Repair == 2 }},
	} {
		ctx, stop := context.WithCancelCause(t.Context())
		in := release12(1500)
		in.Progress = func(p disclosure.Progress) {
			if c.stop(p) {
				stop(late)
			}
		}
		r, err := disclosure.Protect(ctx, in)
		if !errors.Is(err, late) || len(r.Tables) > 0 {
			t.Errorf("%s: %d tables, error %v", c.why, len(r.Tables), err)
		}
	}
}
