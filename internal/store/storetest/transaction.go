package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

func count(t testing.TB, s Store, consultationID string) (n int) {
	t.Helper()
	Read(t, s, func(r consult.Reader) (err error) {
		n, err = r.ResponseCount(consultationID)
		return err
	})
	return n
}

func testAuditIsCompulsory(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	err := s.Update(t.Context(), func(w consult.Writer) error { return w.AddResponse(Response(c.ID)) })
	if err == nil || fault.KindOf(err) != fault.Internal {
		t.Errorf("a write without an audit event: got %v, want an internal error", err)
	}
	if n := count(t, s, c.ID); n != 0 {
		t.Errorf("%d responses were stored without an audit event", n)
	}
	if err := s.Update(t.Context(), func(w consult.Writer) error { return nil }); err != nil {
		t.Errorf("nothing written needs no audit event: %v", err)
	}
}

// testErrorIsolates runs good and bad writes at the same time, so that they share commits.
func testErrorIsolates(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	refused := errors.New("refused by a rule")
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			err := TryWrite(s, func(w consult.Writer) error {
				if err := w.AddResponse(Response(c.ID)); err != nil {
					return err
				}
				if i%2 == 0 {
					return refused
				}
				return nil
			})
			if i%2 == 0 && !errors.Is(err, refused) || i%2 == 1 && err != nil {
				t.Errorf("write %d: got %v", i, err)
			}
		})
	}
	group.Wait()
	if n := count(t, s, c.ID); n != 100 {
		t.Errorf("got %d responses, want the 100 whose function returned nil", n)
	}
	verifyChains(t, s)
}

func verifyChains(t testing.TB, s Store) {
	t.Helper()
	Read(t, s, func(r consult.Reader) error {
		return errors.Join(privacy.VerifyAuditChain(r.EachAuditEvent), privacy.VerifyConsentChain(r.EachConsentEvent))
	})
}

func testPanicIsolates(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			err := TryWrite(s, func(w consult.Writer) error {
				if err := w.AddResponse(Response(c.ID)); err != nil {
					return err
				}
				if i%4 == 0 {
					panic("a respondent's answer")
				}
				return nil
			})
			if i%4 == 0 && (err == nil || fault.KindOf(err) != fault.Internal) || i%4 != 0 && err != nil {
				t.Errorf("write %d: got %v", i, err)
			}
		})
	}
	group.Wait()
	if n := count(t, s, c.ID); n != 30 {
		t.Errorf("got %d responses, want the 30 whose function did not panic", n)
	}
	verifyChains(t, s)
}

func testConflictIsUsable(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	stored := Response(c.ID)
	Write(t, s, func(w consult.Writer) error { return w.AddResponse(stored) })
	again := *stored
	again.ID, again.CodeHash = ID(), ID()
	Write(t, s, func(w consult.Writer) error {
		want(t, w.AddResponse(&again), fault.Conflict, "the same token")
		found, err := w.ResponseByToken(again.TokenHash)
		if err == nil && found.ID != stored.ID {
			t.Errorf("after a conflict the stored response is found: got another")
		}
		return err
	})
}

func testWriterEnds(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	var kept consult.Writer
	Write(t, s, func(w consult.Writer) error {
		kept = w
		return nil
	})
	if kept.AddResponse(Response(c.ID)) == nil {
		t.Error("a Writer that was kept still writes: into somebody else's transaction")
	}
	if _, err := kept.Consultation(c.ID); err == nil {
		t.Error("a Writer that was kept still reads")
	}
}

func testViewIsConsistent(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	Read(t, s, func(r consult.Reader) error {
		before, err := r.ResponseCount(c.ID)
		if err != nil {
			return err
		}
		Write(t, s, func(w consult.Writer) error { return w.AddResponse(Response(c.ID)) })
		after, err := r.ResponseCount(c.ID)
		if before != 0 || after != 0 {
			t.Errorf("a view changed while it was open: %d, then %d", before, after)
		}
		if !r.Now().Equal(Moment) {
			t.Errorf("the time of the transaction: got %v", r.Now())
		}
		return err
	})
	if n := count(t, s, c.ID); n != 1 {
		t.Errorf("a view that began later: got %d, want 1", n)
	}
	failed := errors.New("failed")
	if err := s.View(t.Context(), func(consult.Reader) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("the error of a view comes back: got %v", err)
	}
}

func testContext(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	hold, held := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- TryWrite(s, func(w consult.Writer) error {
			close(held)
			<-hold
			return nil
		})
	}()
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	queued := make(chan error, 1)
	ran := false
	go func() {
		queued <- s.Update(ctx, func(w consult.Writer) error {
			ran = true
			return errors.Join(w.AddResponse(Response(c.ID)), w.AppendAudit(Event()))
		})
	}()
	cancel()
	want(t, <-queued, fault.Unavailable, "a caller who leaves the queue")
	close(hold)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := count(t, s, c.ID); n != 0 || ran {
		t.Errorf("a write whose caller had left was run: %d responses", n)
	}
	want(t, s.Update(ctx, func(consult.Writer) error { return nil }), fault.Unavailable, "a context that had ended before")

	ctx, cancel = context.WithCancel(t.Context())
	err := s.Update(ctx, func(w consult.Writer) error {
		cancel()
		return errors.Join(w.AddResponse(Response(c.ID)), w.AppendAudit(Event()))
	})
	if n := count(t, s, c.ID); err != nil || n != 1 {
		t.Errorf("a write that has begun is finished: %v, %d responses", err, n)
	}
}

// testGroupCommit has many callers write at once: each sees its own write when it is answered, and the ledgers stay whole.
func testGroupCommit(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	var group sync.WaitGroup
	for caller := range 64 {
		group.Go(func() {
			for i := range 5 {
				r := Response(c.ID)
				err := TryWrite(s, func(w consult.Writer) error {
					_, consent := w.AppendConsent(ConsentEvent(c.ID, fmt.Sprint(caller, "-", i), privacy.ConsentGiven))
					return errors.Join(w.AddResponse(r), consent)
				})
				if err != nil {
					t.Errorf("caller %d: %v", caller, err)
					return
				}
				if err := s.View(context.Background(), func(reader consult.Reader) error {
					_, err := reader.Response(r.ID)
					return err
				}); err != nil {
					t.Errorf("caller %d cannot read what was acknowledged: %v", caller, err)
				}
			}
		})
	}
	group.Wait()
	if n := count(t, s, c.ID); n != 64*5 {
		t.Errorf("got %d responses, want %d", n, 64*5)
	}
	verifyChains(t, s)
}
