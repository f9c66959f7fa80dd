package consult_test

import (
	"reflect"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// Privacy.md 6, step 3: a response withdrawn between proposal and approval is not published; nobody approves tables they had made
// (decision 15: two people).
func TestApprovalLooksAgain(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 60)
	a := w.agree(t)
	propose := func() *consult.Release {
		r := w.draftRelease(t, c, a, consult.TableSpec{Question: "heating"})
		if err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version); err != nil {
			t.Fatal(err)
		}
		return w.release(t, r.ID)
	}
	approver := w.staff[consult.Approver]
	r := propose()
	if err := w.WithdrawResponse(t.Context(), all[0].done.Code); err != nil {
		t.Fatal(err)
	}
	want(t, w.ApproveRelease(t.Context(), approver, r.ID, r.Version, false), fault.Conflict, "a response withdrawn since the tables were made")

	r = propose()
	drafter := *approver
	drafter.ID = r.DraftedBy
	r.ProposedBy = "somebody-else"
	if !r.MadeBy(drafter.ID) || r.DraftedBy != w.staff[consult.Researcher].ID {
		t.Error("the drafter is forgotten when somebody else proposes")
	}
	want(t, w.ApproveRelease(t.Context(), &drafter, r.ID, r.Version, false), fault.Forbidden, "approval by the drafter")
	if err := w.ApproveRelease(t.Context(), approver, r.ID, r.Version, false); err != nil {
		t.Fatal(err)
	}
	published := w.release(t, r.ID)
	facts, err := w.ReleaseFacts(t.Context(), published)
	if err != nil || published.Facts == nil || !reflect.DeepEqual(facts, *published.Facts) {
		t.Errorf("facts are not fixed by the approval: %+v, %v", published.Facts, err)
	}
}
