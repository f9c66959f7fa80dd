package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

func testStaff(t *testing.T, s Store) {
	ann := &consult.Staff{ID: "s1", Email: "ann@example.org", Name: "Ann", Role: consult.Researcher, PasswordHash: "$argon2id$", CreatedAt: Moment, Version: 1}
	bob := &consult.Staff{ID: "s2", Email: "bob@example.org", Name: "Bob", Role: consult.PartnerUser, PartnerID: "p1", Demo: true, CreatedAt: Moment, Version: 1}
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.AddStaff(bob), w.AddStaff(ann)) })
	Read(t, s, func(r consult.Reader) error {
		got, err := r.StaffMember("s2")
		if diff := cmp.Diff(bob, got); err != nil || diff != "" {
			t.Errorf("by id: %v %s", err, diff)
		}
		got, err = r.StaffByEmail("ann@example.org")
		if diff := cmp.Diff(ann, got); err != nil || diff != "" {
			t.Errorf("by address: %v %s", err, diff)
		}
		all, err := r.StaffList()
		if diff := cmp.Diff([]*consult.Staff{ann, bob}, all); err != nil || diff != "" {
			t.Errorf("by name: %v %s", err, diff)
		}
		_, err = r.StaffMember("absent")
		want(t, err, fault.NotFound, "an absent person")
		_, err = r.StaffByEmail("absent@example.org")
		want(t, err, fault.NotFound, "an absent address")
		return nil
	})
	twin := *ann
	twin.ID = "s3"
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddStaff(&twin) }), fault.Conflict, "the address is taken")
	older, moved := *ann, *bob
	moved.Email = ann.Email
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateStaff(&moved) }), fault.Conflict, "an edit takes a taken address")
	ann.Disabled, ann.Role = true, consult.Approver
	Write(t, s, func(w consult.Writer) error { return w.UpdateStaff(ann) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateStaff(&older) }), fault.Conflict, "an edit of an older version")
	Read(t, s, func(r consult.Reader) error {
		got, err := r.StaffMember("s1")
		if diff := cmp.Diff(ann, got); diff != "" {
			t.Errorf("after an edit: %s", diff)
		}
		return err
	})
}

func testInvitations(t *testing.T, s Store) {
	first := &consult.Invitation{TokenHash: "h1", ExpiresAt: Moment.Add(time.Hour)}
	hers := &consult.Invitation{TokenHash: "h2", StaffID: "s1", ExpiresAt: Moment.Add(time.Hour)}
	used := &consult.Invitation{TokenHash: "h3", StaffID: "s1", ExpiresAt: Moment, Used: true}
	attempt := &consult.SignInAttempt{Key: "k", Failures: 3, LastAt: Moment}
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.PutInvitation(first), w.PutInvitation(hers), w.PutInvitation(used), w.PutSignInAttempt(attempt))
	})
	attempt.Failures, attempt.BlockedTo = 4, Moment.Add(time.Minute)
	hers.ExpiresAt = Moment.Add(2 * time.Hour)
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.PutSignInAttempt(attempt), w.PutInvitation(hers)) })
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Invitation("h2")
		if diff := cmp.Diff(hers, got); err != nil || diff != "" {
			t.Errorf("invitation: %v %s", err, diff)
		}
		a, err := r.SignInAttempt("k")
		if diff := cmp.Diff(attempt, a); err != nil || diff != "" {
			t.Errorf("sign-in attempts: %v %s", err, diff)
		}
		a, err = r.SignInAttempt("never")
		if diff := cmp.Diff(&consult.SignInAttempt{Key: "never"}, a); err != nil || diff != "" {
			t.Errorf("no attempts: %v %s", err, diff)
		}
		return nil
	})
	Write(t, s, func(w consult.Writer) error { return w.EndInvitations("s1") })
	Read(t, s, func(r consult.Reader) error {
		_, err := r.Invitation("h2")
		want(t, err, fault.NotFound, "an ended invitation")
		_, used := r.Invitation("h3")
		_, other := r.Invitation("h1")
		return errors.Join(used, other)
	})
}

func testDisposeSignIns(t *testing.T, s Store) {
	ctx, day := t.Context(), 24*time.Hour
	old := &consult.SignInAttempt{Key: "old", Failures: 9, LastAt: Moment.Add(-day), BlockedTo: Moment.Add(15*time.Minute - day)}
	recent := &consult.SignInAttempt{Key: "recent", Failures: 2, LastAt: Moment.Add(time.Second - day)}
	expired := &consult.Invitation{TokenHash: "expired", StaffID: "s1", ExpiresAt: Moment}
	used := &consult.Invitation{TokenHash: "used", StaffID: "s1", ExpiresAt: Moment.Add(-time.Hour), Used: true}
	open := &consult.Invitation{TokenHash: "open", StaffID: "s2", ExpiresAt: Moment.Add(time.Second)}
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.PutSignInAttempt(old), w.PutSignInAttempt(recent), w.PutInvitation(expired), w.PutInvitation(used), w.PutInvitation(open))
	})
	if n, err := s.DisposeSignIns(ctx, Moment.Add(-day), Moment); n != 3 || err != nil {
		t.Errorf("one count is 24 hours old and two invitations have expired: %d, %v", n, err)
	}
	Read(t, s, func(r consult.Reader) error {
		for _, test := range []struct {
			attempt  *consult.SignInAttempt
			failures int
			why      string
		}{{old, 0, "rate-limit data is kept 24 hours (privacy.md 10.4)"}, {recent, 2, "and not less, or waiting would end early"}} {
			got, err := r.SignInAttempt(test.attempt.Key)
			if err != nil || got.Failures != test.failures {
				t.Errorf("%s: %d failures, want %d, %v", test.why, got.Failures, test.failures, err)
			}
		}
		_, err := r.Invitation("expired")
		want(t, err, fault.NotFound, "an expired invitation")
		_, err = r.Invitation("used")
		want(t, err, fault.NotFound, "a used one that has expired")
		_, err = r.Invitation("open")
		return err
	})
	if n, err := s.DisposeSignIns(ctx, Moment.Add(-day), Moment); n != 0 || err != nil {
		t.Errorf("nothing is left to dispose of: %d, %v", n, err)
	}
}

func testSessions(t *testing.T, s Store) {
	ctx := t.Context()
	session := &consult.Session{IDHash: "i1", Kind: "staff", StaffID: "s1", Data: []byte{1, 0, 2}, CreatedAt: Moment, SeenAt: Moment, ExpiresAt: Moment.Add(time.Hour)}
	visitor := &consult.Session{IDHash: "i2", Kind: "respondent", Data: []byte{9}, CreatedAt: Moment, SeenAt: Moment, ExpiresAt: Moment.Add(2 * time.Hour)}
	if err := errors.Join(s.AddSession(ctx, session), s.AddSession(ctx, visitor)); err != nil {
		t.Fatal(err)
	}
	want(t, s.AddSession(ctx, session), fault.Conflict, "an id twice")
	session.Data, session.SeenAt = []byte{3}, Moment.Add(time.Minute)
	if err := s.UpdateSession(ctx, session); err != nil {
		t.Fatal(err)
	}
	got, err := s.Session(ctx, "i1")
	if diff := cmp.Diff(session, got); err != nil || diff != "" {
		t.Errorf("after an update: %v %s", err, diff)
	}
	session.SeenAt, session.ExpiresAt = Moment.Add(2*time.Minute), Moment.Add(90*time.Minute)
	if err := s.TouchSession(ctx, "i1", session.SeenAt, session.ExpiresAt); err != nil {
		t.Fatal(err)
	}
	got, err = s.Session(ctx, "i1")
	if diff := cmp.Diff(session, got); err != nil || diff != "" {
		t.Errorf("a touch changes the times only: %v %s", err, diff)
	}
	want(t, s.TouchSession(ctx, "absent", Moment, Moment), fault.NotFound, "a touch makes no session")
	rotated := *session
	rotated.IDHash = "i3"
	if err := s.RotateSession(ctx, "i1", &rotated); err != nil {
		t.Fatal(err)
	}
	_, err = s.Session(ctx, "i1")
	want(t, err, fault.NotFound, "rotated away")
	late := *session
	late.IDHash = "i4"
	want(t, s.RotateSession(ctx, "i1", &late), fault.NotFound, "an ended session is not continued")
	_, err = s.Session(ctx, "i4")
	want(t, err, fault.NotFound, "and nothing is added")
	want(t, s.UpdateSession(ctx, session), fault.NotFound, "a late save cannot revive a session")
	Write(t, s, func(w consult.Writer) error { return w.EndSessions("s1") })
	_, err = s.Session(ctx, "i3")
	want(t, err, fault.NotFound, "ended with all of the person")
	Write(t, s, func(w consult.Writer) error { return w.EndSessions("") })
	if _, err = s.Session(ctx, "i2"); err != nil {
		t.Errorf("a respondent's session belongs to nobody: %v", err)
	}
	if n, err := s.DisposeSessions(ctx, Moment.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("nothing has expired: %d, %v", n, err)
	}
	if n, err := s.DisposeSessions(ctx, Moment.Add(2*time.Hour)); n != 1 || err != nil {
		t.Errorf("one has expired: %d, %v", n, err)
	}
	if err := s.EraseSession(ctx, "absent"); err != nil {
		t.Errorf("ending what is not there is no error: %v", err)
	}
}
