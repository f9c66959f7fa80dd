package disclosure_test

import (
	"context"
	"errors"
	"testing"

	"folkmoot/internal/disclosure"
)

// Section 3.4: a time-out is a failure, and nothing is released.
func TestNothingComesOutAfterTheLimit(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	late := errors.New("too late")
	in := release12(1500)
	in.Progress = func(disclosure.Progress) { stop(late) }
	r, err := disclosure.Protect(ctx, in)
	if !errors.Is(err, late) || len(r.Tables) > 0 {
		t.Errorf("after the limit: %d tables, error %v", len(r.Tables), err)
	}
}
