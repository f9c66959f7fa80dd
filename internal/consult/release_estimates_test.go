package consult_test

import (
	"context"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// gated is a store whose views wait, each until the context ends, once it is told to; it says when one has begun and ended.
type gated struct {
	consult.Store
	begun, ended chan struct{}
	shut         *bool
}

func (g gated) View(ctx context.Context, fn func(consult.Reader) error) error {
	if !*g.shut {
		return g.Store.View(ctx, fn)
	}
	g.begun <- struct{}{}
	<-ctx.Done()
	g.ended <- struct{}{}
	return ctx.Err()
}

// Each tick asks for an estimate: an older one of the same person is stopped and has ended before the newer begins; another person's goes on.
func TestANewerEstimateStopsTheOlder(t *testing.T) {
	w := newWorld(t)
	choice := w.choice(t)
	shut := true
	g := gated{w.Store, make(chan struct{}, 8), make(chan struct{}, 8), &shut}
	w.Service.Store = g
	ask := func(by *consult.Staff) chan error {
		answer := make(chan error, 1)
		go func() {
			_, err := w.EstimateRelease(t.Context(), by, choice.ConsultationID, choice.AgreementID, choice.Specs)
			answer <- err
		}()
		return answer
	}
	by := w.staff[consult.Researcher]
	other := *by
	other.ID = "somebody-else"
	elsewhere := ask(&other)
	<-g.begun
	first := ask(by)
	<-g.begun
	for range 5 {
		second := ask(by)
		select {
		case err := <-first:
			want(t, err, fault.Conflict, "the older one")
		case <-time.After(10 * time.Second):
			t.Fatal("the older estimate goes on")
		}
		select {
		case <-g.ended:
		default:
			t.Fatal("the older one was answered and goes on")
		}
		<-g.begun
		first = second
	}
	select {
	case err := <-elsewhere:
		t.Errorf("another person's was stopped: %v", err)
	default:
	}
	if n := len(g.begun); n != 0 {
		t.Errorf("%d more run at the same time", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond) // the deadline of a request ends one that nobody waits for
	defer cancel()
	if _, err := w.EstimateRelease(ctx, by, choice.ConsultationID, choice.AgreementID, choice.Specs); err != context.DeadlineExceeded {
		t.Errorf("at the deadline: %v", err)
	}
}
