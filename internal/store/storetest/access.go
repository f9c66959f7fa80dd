package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// The council's own newest statement holds; without one, that with the hash. What was accepted stays.
func testConfidentiality(t *testing.T, s Store) {
	ann := &consult.Staff{ID: "s1", Email: "ann@example.org", Name: "Ann", Role: consult.Researcher, CreatedAt: Moment}
	standard := &consult.Confidentiality{Text: locale.Text{"en": "Standard", "cy": "Safonol ŵ"}, Hash: "h1"}
	later := &consult.Confidentiality{Text: locale.Text{"en": "Later"}, Hash: "h2"}
	own := &consult.Confidentiality{Text: locale.Text{"en": "Ours"}, Own: true, Hash: "h3"}
	Read(t, s, func(r consult.Reader) error {
		_, err := r.Confidentiality("h1")
		want(t, err, fault.NotFound, "none is kept")
		return nil
	})
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddStaff(ann), w.AddConfidentiality(standard), w.AddConfidentiality(later), w.AddAcknowledgement("s1", 1))
	})
	holds := func(hash string, c *consult.Confidentiality, accepted int64, why string) {
		t.Helper()
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Confidentiality(hash)
			if diff := cmp.Diff(c, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", why, err, diff)
			}
			member, err := r.StaffMember("s1")
			if err == nil && member.Acknowledged != accepted {
				t.Errorf("%s: accepted %d, want %d", why, member.Acknowledged, accepted)
			}
			return err
		})
	}
	holds("h1", standard, 1, "the one with the hash")
	holds("h2", later, 1, "of another program")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddAcknowledgement("s1", 1) }), fault.Conflict, "accepted already")
	Write(t, s, func(w consult.Writer) error { return w.AddConfidentiality(own) })
	holds("h1", own, 1, "the council's own goes before the standard one")
	if own.Number != 3 || !own.At.Equal(Moment) {
		t.Errorf("the number is %d, kept at %v", own.Number, own.At)
	}
	Write(t, s, func(w consult.Writer) error { return w.AddAcknowledgement("s1", 3) })
	holds("h1", own, 3, "the newest that was accepted")
}

// A review is changed until it is finished, by whoever read its newest version.
func testAccessReviews(t *testing.T, s Store) {
	first := &consult.AccessReview{BegunAt: Moment, Decisions: []consult.AccessDecision{{StaffID: "s1", Reason: "ŵ", By: "s2", At: Moment, Role: consult.Researcher, Account: 1}}}
	Write(t, s, func(w consult.Writer) error { return w.AddAccessReview(first) })
	if first.Number != 1 || first.Version != 1 {
		t.Errorf("number %d, version %d", first.Number, first.Version)
	}
	older := *first
	first.Decisions = append(first.Decisions, consult.AccessDecision{StaffID: "s3", End: true, Reason: "Left", By: "s2", At: Moment})
	Write(t, s, func(w consult.Writer) error { return w.UpdateAccessReview(first) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateAccessReview(&older) }), fault.Conflict, "an older version")
	first.FinishedAt, first.FinishedBy = Moment, "s2"
	Write(t, s, func(w consult.Writer) error { return w.UpdateAccessReview(first) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateAccessReview(first) }), fault.Conflict, "a finished one is never changed")
	second := &consult.AccessReview{BegunAt: Moment}
	Write(t, s, func(w consult.Writer) error { return w.AddAccessReview(second) })
	Read(t, s, func(r consult.Reader) error {
		all, err := r.AccessReviews(10)
		if diff := cmp.Diff([]*consult.AccessReview{second, first}, all); err != nil || diff != "" {
			t.Errorf("newest first: %v %s", err, diff)
		}
		got, err := r.AccessReview(1)
		if diff := cmp.Diff(first, got); err != nil || diff != "" {
			t.Errorf("the first: %v %s", err, diff)
		}
		_, err = r.AccessReview(3)
		want(t, err, fault.NotFound, "an absent one")
		return nil
	})
}

// Who came in last when is read from the audit log.
func testLastSignIns(t *testing.T, s Store) {
	people := []*consult.Staff{{ID: "s1", Email: "ann@example.org"}, {ID: "s2", Email: "bob@example.org"}, {ID: "s3", Email: "cat@example.org"}}
	did := func(id, action string) privacy.AuditEvent {
		return privacy.NewAuditEvent(privacy.Actor{Kind: "staff", ID: id}, action, "staff:"+id)
	}
	Write(t, s, func(w consult.Writer) error {
		for _, m := range people {
			m.CreatedAt = Moment
			if err := w.AddStaff(m); err != nil {
				return err
			}
		}
		return errors.Join(w.AppendAudit(did("s1", "staff.accept")), w.AppendAudit(did("s1", "staff.sign_out")), w.AppendAudit(did("s2", "staff.change")),
			w.AppendAudit(did("s3", "staff.sign_in")), w.AppendAudit(did("", "staff.sign_in_refused")))
	})
	Read(t, s, func(r consult.Reader) error {
		got, err := r.LastSignIns()
		if diff := cmp.Diff(map[string]time.Time{"s1": Moment, "s3": Moment}, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		return err
	})
}

// An account that ends has an end, and an access that says why; the newest is listed first.
func testSupportAccesses(t *testing.T, s Store) {
	member := &consult.Staff{ID: "s1", Email: "bryn@hosting.example", Role: consult.Support, CreatedAt: Moment, EndsAt: Moment.Add(time.Hour)}
	other := &consult.Staff{ID: "s2", Email: "cai@hosting.example", Role: consult.Support, CreatedAt: Moment, EndsAt: Moment.Add(time.Hour)}
	first := &consult.SupportAccess{StaffID: "s1", Name: "Bryn ŵ", Reason: "Slow", OpenedAt: Moment, EndsAt: Moment.Add(time.Hour)}
	second := &consult.SupportAccess{StaffID: "s2", OpenedAt: Moment.Add(time.Minute), EndsAt: Moment.Add(time.Hour)}
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddStaff(member), w.AddStaff(other), w.AddSupportAccess(first), w.AddSupportAccess(second))
	})
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddSupportAccess(first) }), fault.Conflict, "one for each account")
	older := *first
	first.EndedAt, first.EndedBy = Moment.Add(time.Minute), "s9"
	Write(t, s, func(w consult.Writer) error { return w.UpdateSupportAccess(first) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateSupportAccess(&older) }), fault.Conflict, "an older version")
	Read(t, s, func(r consult.Reader) error {
		all, err := r.SupportAccesses(10)
		if diff := cmp.Diff([]*consult.SupportAccess{second, first}, all); err != nil || diff != "" {
			t.Errorf("newest first: %v %s", err, diff)
		}
		got, err := r.SupportAccess("s1")
		if diff := cmp.Diff(first, got); err != nil || diff != "" {
			t.Errorf("one: %v %s", err, diff)
		}
		_, err = r.SupportAccess("s9")
		want(t, err, fault.NotFound, "an absent one")
		kept, err := r.StaffMember("s1")
		if diff := cmp.Diff(member, kept); err != nil || diff != "" {
			t.Errorf("the account: %v %s", err, diff)
		}
		return nil
	})
}
