package consult_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// proposed makes a consultation with responses and a proposed release of it. The tables are counted that long after the closing.
func (w *world) proposed(t *testing.T, counted time.Duration) (*consult.Consultation, *consult.Release) {
	t.Helper()
	c := w.open(t, "net-zero")
	w.crowd(t, c, 60)
	w.turn(c.ClosesAt.Add(counted).Sub(w.clock()))
	r := w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "heating"}, consult.TableSpec{Question: "warm_enough", By: "ward"})
	if err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, checked); err != nil {
		t.Fatal(err)
	}
	return c, w.release(t, r.ID)
}

// Decision 15: what goes on the website counts everybody, and was decided by the approver.
func TestWhoseResultsEverybodyCanRead(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct {
		why      string
		counted  time.Duration // after the closing
		waits    time.Duration // from counting to approval
		public   bool
		approved bool
		shown    bool
	}{
		{"counted and approved while people still answer", -24 * time.Hour, 0, true, false, false},
		{"counted while people still answered, approved later", -time.Second, 48 * time.Hour, true, false, false},
		{"the same tables for the partner only", -time.Second, 48 * time.Hour, false, true, false},
		{"not ticked", time.Hour, 0, false, true, false},
		{"ticked, counted at the moment of closing", 0, 0, true, true, true},
	} {
		c, r := w.proposed(t, row.counted)
		w.turn(row.waits)
		err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version, row.public)
		if !row.approved {
			want(t, err, fault.Conflict, row.why)
			var f *fault.Error
			if !errors.As(err, &f) || f.Key != "error.release.public" {
				t.Errorf("%s: the reason is not clear: %v", row.why, err)
			}
			if again := w.release(t, r.ID); again.State != consult.ReleaseProposed || again.Public {
				t.Errorf("%s: %s, public %v", row.why, again.State, again.Public)
			}
		} else if err != nil {
			t.Fatalf("%s: %v", row.why, err)
		}
		with, err := w.WithResults(t.Context())
		if err != nil || with[c.ID] != row.shown {
			t.Errorf("%s: listed %v, %v", row.why, with[c.ID], err)
		}
		if _, err = w.PublicResults(t.Context(), c.Slug, ""); !row.shown {
			want(t, err, fault.NotFound, row.why)
		} else if err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	_, err := w.PublicResults(t.Context(), "nothing", "")
	want(t, err, fault.NotFound, "no such consultation")
}

func TestPublicResultsNameNobody(t *testing.T) {
	w := newWorld(t)
	c, r := w.proposed(t, time.Hour)
	approver := w.staff[consult.Approver]
	if err := w.ApproveRelease(t.Context(), approver, r.ID, r.Version, true); err != nil {
		t.Fatal(err)
	}
	whole := w.release(t, r.ID)
	got, err := w.PublicResults(t.Context(), c.Slug, "")
	if err != nil || got.Consultation.ID != c.ID || !got.Newest() || len(got.Sets) != 1 {
		t.Fatal(got, err)
	}
	public, facts := got.Release, got.Facts
	if !reflect.DeepEqual(public.Tables, whole.Tables) || public.SHA256 != whole.SHA256 || public.ID != whole.ID {
		t.Error("everybody must read exactly the tables that the partner has: other figures could be compared with them")
	}
	if facts.Partner != "" || facts.Purpose != "" || !reflect.DeepEqual(public.Title, c.Title) {
		t.Errorf("partner %q, purpose %q, title %v", facts.Partner, facts.Purpose, public.Title)
	}
	if public.AgreementID+public.ProposedBy+public.ApprovedBy+public.SnapshotHash != "" || public.Findings != nil || public.Report.ByRule != nil {
		t.Errorf("who did what and what each rule hid stay inside (R13): %+v", public)
	}
	if len(facts.Method) < 6 || facts.SnapshotOn == "" || facts.Contact == "" {
		t.Errorf("how it was made is missing: %+v", facts)
	}
	if n := w.auditedPublic(t, "release.approve", r.ID); n != 1 {
		t.Errorf("%d approvals for the website in the audit log", n)
	}

	w.turn(400 * 24 * time.Hour)
	_, _, err = w.ShelfRelease(t.Context(), w.staff[consult.PartnerUser], r.ID, "page")
	want(t, err, fault.Forbidden, "the agreement has expired")
	if _, err := w.PublicResults(t.Context(), c.Slug, ""); err != nil {
		t.Errorf("the agreement ends the partner's access, not the public page: %v", err)
	}
	if err := w.RevokeRelease(t.Context(), approver, r.ID, whole.Version, "Wrong weights"); err != nil {
		t.Fatal(err)
	}
	_, err = w.PublicResults(t.Context(), c.Slug, "")
	want(t, err, fault.NotFound, "a revoked release")
	if with, err := w.WithResults(t.Context()); err != nil || len(with) != 0 {
		t.Errorf("a revoked release is listed: %v %v", with, err)
	}
}

// Several releases of a survey on the website: the last published by itself, each under its own address, as long as it is not revoked.
func TestSeveralResultsOfAConsultation(t *testing.T) {
	w := newWorld(t)
	approver := w.staff[consult.Approver]
	c, r := w.proposed(t, time.Hour)
	if err := w.ApproveRelease(t.Context(), approver, r.ID, r.Version, true); err != nil {
		t.Fatal(err)
	}
	ids := []string{r.ID}
	for _, public := range []bool{false, true} { // other tables of the same people
		w.turn(time.Hour)
		question := map[bool]string{false: "tenure", true: "warm_enough"}[public]
		r := w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: question})
		must(t, propose(t, w, r))
		must(t, approve(public)(t, w, r))
		ids = append(ids, r.ID)
	}
	for _, row := range []struct {
		ask, get string
		why      string
	}{
		{"", ids[2], "the last published"},
		{ids[2], ids[2], "the same by its id"},
		{ids[0], ids[0], "an older one stays where it was"},
		{ids[1], "", "one for the partner only"},
		{"nothing", "", "one that there is not"},
	} {
		got, err := w.PublicResults(t.Context(), c.Slug, row.ask)
		if row.get == "" {
			want(t, err, fault.NotFound, row.why)
			continue
		}
		if err != nil || got.Release.ID != row.get || got.Newest() != (row.get == ids[2]) || len(got.Sets) != 2 || got.Sets[0].ReleaseID != ids[2] || got.Sets[1].ReleaseID != ids[0] {
			t.Errorf("%s: %+v, %v", row.why, got, err)
		}
	}
	must(t, w.RevokeRelease(t.Context(), approver, ids[2], w.release(t, ids[2]).Version, "Wrong weights"))
	if got, err := w.PublicResults(t.Context(), c.Slug, ""); err != nil || got.Release.ID != ids[0] || len(got.Sets) != 1 {
		t.Errorf("after the newest is revoked the older is the newest: %+v, %v", got, err)
	}
	_, err := w.PublicResults(t.Context(), c.Slug, ids[2])
	want(t, err, fault.NotFound, "a revoked one")
}

// auditedPublic counts the entries of an action that say that the release is public.
func (w *world) auditedPublic(t *testing.T, action, id string) (n int) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			if e.Action == action && e.Object == "release:"+id && e.Detail["public"] == "yes" {
				n++
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
