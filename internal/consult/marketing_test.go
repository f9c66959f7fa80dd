package consult_test

import (
	"errors"
	"testing"

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
