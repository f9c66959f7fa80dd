package consult_test

import (
	"reflect"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// UK GDPR art. 5(1)(e), 13(2)(a): the notice says how long responses are kept; then they are erased.
func TestResponsesAreErasedWhenTheirTimeIsOver(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	for range 204 {
		w.submit(t, c, answers())
	}
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	period, err := privacy.ParsePeriod(c.Processing.Retention)
	if err != nil {
		t.Fatal(err)
	}
	end := privacy.AddPeriod(c.ClosesAt, period)
	for _, row := range []struct {
		why            string
		at             time.Time
		disposed, left int
	}{
		{"the consultation is open", w.clock(), 0, 205},
		{"the last second of the period", end.Add(-time.Second), 0, 205},
		{"the period is over; more than one batch", end, 205, 0},
		{"again: nothing is left to do", end.Add(time.Hour), 0, 0},
	} {
		w.turn(row.at.Sub(w.clock()))
		if n, err := w.DisposeResponses(t.Context()); err != nil || n != row.disposed || w.responses(t, c) != row.left {
			t.Errorf("%s: disposed of %d, left %d, %v", row.why, n, w.responses(t, c), err)
		}
		if row.left > 0 && w.profiles(t, c) != 1 {
			t.Errorf("%s: the equality answers are gone", row.why)
		}
	}
	if w.profiles(t, c) != 0 {
		t.Error("equality answers stayed")
	}
	for _, id := range []string{done.ResponseID, w.Keys.EqualityToken(done.ResponseID)} {
		if _, err := w.Store.Keys().Key(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("a key stayed: %v", err)
		}
	}
	if n := w.audited(t, "responses.dispose"); n != 2 {
		t.Errorf("%d audit events for two batches", n)
	}
	if results, err := w.Results(t.Context(), w.staff[consult.Researcher], c.ID); err != nil || results.Responses != 0 {
		t.Errorf("results afterwards: %v", err)
	}
}

// A published release is no personal data: it stays as it was, and other consultations keep their responses.
func TestDisposalLeavesReleasesAndOtherConsultations(t *testing.T) {
	w := newWorld(t)
	c, r := w.proposed(t, time.Hour)
	if err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version, true); err != nil {
		t.Fatal(err)
	}
	before := w.release(t, r.ID)
	period, err := privacy.ParsePeriod(c.Processing.Retention)
	if err != nil {
		t.Fatal(err)
	}
	w.turn(privacy.AddPeriod(c.ClosesAt, period).Sub(w.clock()))
	other := w.open(t, "resident-satisfaction")
	w.submit(t, other, answers())
	if n, err := w.DisposeResponses(t.Context()); err != nil || n != 60 {
		t.Fatalf("disposed of %d, %v", n, err)
	}
	if w.responses(t, other) != 1 {
		t.Error("a consultation whose time is not over lost a response")
	}
	if after := w.release(t, r.ID); !reflect.DeepEqual(before, after) {
		t.Error("a published release changed")
	}
	if _, err := w.PublicResults(t.Context(), c.Slug, ""); err != nil {
		t.Errorf("public results afterwards: %v", err)
	}
}

// A notice cannot promise another day than the one that the erasure counts from (councils.md S2-2: a period and its trigger).
func TestTheTriggerOfRetentionIsNoChoice(t *testing.T) {
	w := newWorld(t)
	c := w.draft(t, "resident-satisfaction")
	d := c.Details
	want := d.Processing.RetentionTrigger[locale.English]
	d.Processing.RetentionTrigger = locale.Text{locale.English: "when the report is written", locale.Welsh: "pan ysgrifennir yr adroddiad"}
	if err := w.SaveDetails(t.Context(), w.staff[consult.Researcher], c.ID, c.Slug, c.Version, d); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.View(t.Context(), func(r consult.Reader) (err error) {
		c, err = r.Consultation(c.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := c.Processing.RetentionTrigger[locale.English]; got != want || want == "" {
		t.Errorf("the notice says %q, erasure counts from %q", got, want)
	}
}
