package consult_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// stuck is a store that answers nothing to a job, which has a limit to its time, until it gives up.
type stuck struct{ consult.Store }

func (s stuck) View(ctx context.Context, fn func(consult.Reader) error) error {
	if _, limited := ctx.Deadline(); !limited {
		return s.Store.View(ctx, fn)
	}
	<-ctx.Done()
	return ctx.Err()
}

func (w *world) choice(t *testing.T) consult.ReleaseChoice {
	t.Helper()
	c := w.open(t, "net-zero")
	w.crowd(t, c, 60)
	return consult.ReleaseChoice{ConsultationID: c.ID, AgreementID: w.agree(t).ID, Title: releaseTitle, Specs: []consult.TableSpec{{Question: "heating"}}}
}

func TestAReleaseIsMadeByAJob(t *testing.T) {
	w := newWorld(t)
	choice, by := w.choice(t), w.staff[consult.Researcher]
	j, err := w.StartRelease(t.Context(), by, choice, time.Minute)
	if err != nil || j.Running || j.ReleaseID == "" {
		t.Fatalf("%+v %v", j, err)
	}
	if r := w.release(t, j.ReleaseID); r.State != consult.ReleaseDraft || r.DraftedBy != by.ID || len(r.Tables) != 1 {
		t.Errorf("what was made: %+v", r)
	}
	_, err = w.ReleaseJob(t.Context(), w.staff[consult.Approver], j.ID)
	want(t, err, fault.NotFound, "others' jobs")
	choice.Specs = nil
	_, err = w.StartRelease(t.Context(), by, choice, time.Minute)
	want(t, err, fault.Invalid, "what is wrong with the choice is said at once")
}

// Stopping, sending twice, and the end of the process: nothing is made, and the officer is told.
func TestAJobThatDoesNotComeToItsEnd(t *testing.T) {
	w := newWorld(t)
	choice, by := w.choice(t), w.staff[consult.Researcher]
	slow := consult.Service{Store: stuck{w.Store}, Sessions: w.Sessions, Jobs: w.Jobs, Keys: w.Keys, Now: w.Now, Bank: w.Bank, Address: w.Address}
	j, err := slow.StartRelease(t.Context(), by, choice, 0)
	if err != nil || !j.Running {
		t.Fatalf("%+v %v", j, err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if again, err := w.StartRelease(t.Context(), by, choice, 0); err != nil || again.ID != j.ID {
				t.Errorf("sent twice: %+v %v", again, err)
			}
		})
	}
	wait.Wait()
	if err := w.StopRelease(t.Context(), by, j.ID); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if j, err = w.ReleaseJob(t.Context(), by, j.ID); err != nil || !j.Running {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if j.Running || j.Problem != "release.job.stopped" || j.ReleaseID != "" {
		t.Errorf("stopped: %+v", j)
	}
	if all, err := w.Releases(t.Context(), by); err != nil || len(all) > 0 {
		t.Errorf("%d releases were made: %v", len(all), err)
	}
	lost := &consult.ReleaseJob{ID: "lost", StaffID: by.ID, ConsultationID: choice.ConsultationID, Running: true, SeenAt: w.Now(), StartedAt: w.Now()}
	if _, err := w.Jobs.AddJob(t.Context(), lost, w.Now()); err != nil {
		t.Fatal(err)
	}
	if lost.Dead(w.Now()) {
		t.Error("a job that was just seen is taken for dead")
	}
	w.turn(time.Minute) // the process that had it is gone
	if lost, err = w.ReleaseJob(t.Context(), by, "lost"); err != nil || !lost.Dead(w.Now()) {
		t.Errorf("a job without a sign of life: %+v %v", lost, err)
	}
	if j, err = w.StartRelease(t.Context(), by, choice, time.Minute); err != nil || j.ReleaseID == "" {
		t.Errorf("made again: %+v %v", j, err)
	}
}
