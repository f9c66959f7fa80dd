package consult_test

import (
	"errors"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// Councils.md S3-14: the agreement has to say that figures are not for marketing; until it does nothing more is released under it, and what was published stays as it is.
func TestNothingIsReleasedForMarketing(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 60)
	a, specs := w.agree(t), []consult.TableSpec{{Question: "heating"}}
	by, approver, partner := w.staff[consult.Researcher], w.staff[consult.Approver], w.staff[consult.PartnerUser]

	unasked := *a
	unasked.NotMarketing = false
	_, err := w.AddAgreement(t.Context(), approver, unasked)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Key != "error.agreement.marketing" {
		t.Errorf("a new agreement without the promise: %v", err)
	}
	published := w.publish(t, w.draftRelease(t, c, a, specs...))
	if published.Facts.Use.In(locale.English) == "" || published.Facts.Use.In(locale.Welsh) == published.Facts.Use.In(locale.English) {
		t.Errorf("what was promised is frozen in both languages: %v", published.Facts.Use)
	}
	promise := func(yes bool) {
		t.Helper()
		now, _, err := w.Agreement(t.Context(), approver, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		now.NotMarketing = yes
		if err := w.UpdateAgreement(t.Context(), approver, *now); err != nil {
			t.Fatal(err)
		}
	}
	draft := w.draftRelease(t, c, a, specs...)
	promise(false) // as agreements from before are
	refused := func(why string, err error) {
		t.Helper()
		if !errors.As(err, &f) || f.Kind != fault.Forbidden || f.Key != "error.release.marketing" {
			t.Errorf("%s: %v", why, err)
		}
	}
	_, err = w.DraftRelease(t.Context(), by, c.ID, a.ID, releaseTitle, specs)
	refused("a draft", err)
	refused("a proposal", w.ProposeRelease(t.Context(), by, draft.ID, draft.Version, checked))
	promise(true)
	if err := w.ProposeRelease(t.Context(), by, draft.ID, draft.Version, checked); err != nil {
		t.Fatal(err)
	}
	promise(false)
	refused("an approval", w.ApproveRelease(t.Context(), approver, draft.ID, draft.Version+1, false))
	if now := w.release(t, draft.ID); now.State != consult.ReleaseProposed || now.Facts != nil {
		t.Errorf("the refused release is %s", now.State)
	}
	r, facts, err := w.ShelfRelease(t.Context(), partner, published.ID, "csv")
	if err != nil || r.SHA256 != published.SHA256 || facts.Use.In(locale.English) != published.Facts.Use.In(locale.English) {
		t.Errorf("what was published stays: %v, %v", facts.Use, err)
	}
	promise(true)
	if err := w.ApproveRelease(t.Context(), approver, draft.ID, draft.Version+1, false); err != nil {
		t.Errorf("with the promise: %v", err)
	}
}

// Councils.md S3-14: a later last day renews the agreement and opens what was published again, so that it asks for the promise as a new agreement does.
func TestNoAgreementIsRenewedForMarketing(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 60)
	a := w.agree(t)
	approver, partner := w.staff[consult.Approver], w.staff[consult.PartnerUser]
	published := w.publish(t, w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"}))
	for _, row := range []struct {
		why      string
		promised bool
		days     int // from the last day so far
		start    int // days from the first day so far
		want     string
	}{
		{"as agreements from before are, with another contact", false, 0, 0, ""},
		{"one from before that ends earlier", false, -20, 0, ""},
		{"one from before that is lengthened by a day", false, 1, 0, "error.agreement.marketing"},
		{"one from before that begins a day earlier: it covers more than it did", false, 0, -1, "error.agreement.earlier"},
		{"one from before that begins a day later", false, 0, 1, ""},
		{"one from before that is renewed with the promise", true, 10, 0, ""},
		{"one with the promise that begins earlier", true, 0, -30, ""},
		{"one that takes the promise back and is lengthened", false, 1, 0, "error.agreement.marketing"},
		{"one that takes the promise back and begins earlier", false, 0, -1, "error.agreement.earlier"},
		{"one that takes the promise back", false, 0, 0, ""},
	} {
		now, _, err := w.Agreement(t.Context(), approver, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		now.NotMarketing, now.ExpiresAt = row.promised, now.ExpiresAt.AddDate(0, 0, row.days)
		starts, err := time.Parse(time.DateOnly, now.StartsOn)
		if err != nil {
			t.Fatal(err)
		}
		now.StartsOn = starts.AddDate(0, 0, row.start).Format(time.DateOnly)
		if got := key(w.UpdateAgreement(t.Context(), approver, *now)); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
	last, _, err := w.Agreement(t.Context(), approver, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.turn(last.ExpiresAt.Sub(w.clock()))
	last.ExpiresAt = w.clock().AddDate(1, 0, 0)
	if got := key(w.UpdateAgreement(t.Context(), approver, *last)); got != "error.agreement.marketing" {
		t.Errorf("one that has expired: %q", got)
	}
	if _, _, err := w.ShelfRelease(t.Context(), partner, published.ID, "csv"); key(err) != "error.agreement.expired" {
		t.Errorf("the figures are handed out without the promise: %v", err)
	}
	last.NotMarketing = true
	if err := w.UpdateAgreement(t.Context(), approver, *last); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.ShelfRelease(t.Context(), partner, published.ID, "csv"); err != nil {
		t.Errorf("renewed with the promise: %v", err)
	}
}

// key is the text of a refusal; empty for none.
func key(err error) string {
	var f *fault.Error
	errors.As(err, &f)
	if f == nil {
		return ""
	}
	return f.Key
}
