package consult_test

import (
	"context"
	"errors"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// Disclosure.md 3.1 and consultations.md 6: two people, and neither made the tables. Every row drafts and proposes anew and tries everybody.
func TestWhoMayApproveARelease(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 20)
	agreement := w.agree(t)
	people := map[string]*consult.Staff{
		"A": w.add(t, consult.Approver, "a@example.org"), "B": w.add(t, consult.Approver, "b@example.org"),
		"C": w.add(t, consult.Approver, "c@example.org"), "D": w.add(t, consult.DPO, "d@example.org"),
		"R": w.add(t, consult.Researcher, "r@example.org"), "M": w.add(t, consult.Administrator, "m@example.org"),
	}
	const drafter, proposer, role = "error.release.drafter", "error.release.same_person", "error.forbidden"
	for _, row := range []struct {
		why, drafts, proposes string
		again                 string            // C sends it back and this person proposes it again; empty: nobody
		refused               map[string]string // person to the reason; everybody else may
	}{
		{"A drafts, B proposes", "A", "B", "", map[string]string{"A": drafter, "B": proposer, "R": role, "M": role}},
		{"A drafts and proposes", "A", "A", "", map[string]string{"A": proposer, "R": role, "M": role}},
		{"a researcher drafts, A proposes", "R", "A", "", map[string]string{"A": proposer, "R": role, "M": role}},
		{"A drafts, a researcher proposes", "A", "R", "", map[string]string{"A": drafter, "R": role, "M": role}},
		{"a researcher does both", "R", "R", "", map[string]string{"R": role, "M": role}},
		{"sent back and proposed by B: A made it all the same", "A", "A", "B", map[string]string{"A": drafter, "B": proposer, "R": role, "M": role}},
		{"sent back and proposed by A", "A", "B", "A", map[string]string{"A": proposer, "R": role, "M": role}},
	} {
		r, err := w.DraftRelease(t.Context(), people[row.drafts], c.ID, agreement.ID, releaseTitle, withoutEquality)
		must(t, err)
		must(t, w.ProposeRelease(t.Context(), people[row.proposes], r.ID, r.Version, checked))
		if row.again != "" {
			must(t, w.ReturnRelease(t.Context(), people["C"], r.ID, r.Version+1, "Look again"))
			must(t, w.ProposeRelease(t.Context(), people[row.again], r.ID, r.Version+2, checked))
		}
		r = w.release(t, r.ID)
		for _, name := range []string{"A", "B", "C", "D", "R", "M"} {
			key := row.refused[name]
			var f *fault.Error
			switch err := w.wouldApprove(t, people[name], r); {
			case key == "" && err != nil:
				t.Errorf("%s: %s may approve, but %v", row.why, name, err)
			case key != "" && (!errors.As(err, &f) || f.Kind != fault.Forbidden || f.Key != key):
				t.Errorf("%s: %s approves: %v, want %s", row.why, name, err, key)
			}
			if now := w.release(t, r.ID); now.State != consult.ReleaseProposed {
				t.Fatalf("%s: after %s it is %s", row.why, name, now.State)
			}
		}
	}
}

// errNotKept takes back what wouldApprove tries.
var errNotKept = errors.New("not kept")

// wouldApprove approves in a store that forgets it, so that one release can be tried with everybody.
func (w *world) wouldApprove(t *testing.T, by *consult.Staff, r *consult.Release) error {
	t.Helper()
	trial := consult.Service{Store: forgetful{w.Store}, Sessions: w.Sessions, Keys: w.Keys, Now: w.Now, Bank: w.Bank, Address: w.Address}
	err := trial.ApproveRelease(t.Context(), by, r.ID, r.Version, false)
	var f *fault.Error
	if errors.As(err, &f) || !errors.Is(err, errNotKept) {
		return err
	}
	return nil
}

// forgetful is a store whose transactions do all their work and are rolled back.
type forgetful struct{ consult.Store }

func (s forgetful) Update(ctx context.Context, fn func(consult.Writer) error) error {
	return s.Store.Update(ctx, func(w consult.Writer) error { return errors.Join(fn(w), errNotKept) })
}
