package consult_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

var request = consult.SupportRequest{Name: "Bryn Host", Email: "Bryn@hosting.example", Organisation: "Hosting Ltd", Reason: "Pages are slow since Monday", Hours: 4}

// letIn opens an account for support and signs its person in.
func (w *world) letIn(t testing.TB, q consult.SupportRequest) *consult.Staff {
	t.Helper()
	token, faults, err := w.OpenSupport(t.Context(), w.staff[consult.Administrator], q)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	member, err := w.AcceptInvitation(t.Context(), token, "", "", password)
	if err != nil {
		t.Fatal(err)
	}
	return member
}

// TestSupportIsTimeLimitedAndReasoned: councils.md S4-13, UK GDPR art. 28(3)(a), 32(4).
func TestSupportIsTimeLimitedAndReasoned(t *testing.T) {
	for _, c := range []struct {
		change func(*consult.SupportRequest)
		field  string // that is refused; empty: the account is opened
		why    string
	}{
		{func(*consult.SupportRequest) {}, "", "a named person, a processor, a reason and four hours"},
		{func(q *consult.SupportRequest) { q.Hours = 24 }, "", "S4-13: a day at most"},
		{func(q *consult.SupportRequest) { q.Hours = 25 }, "hours", "and no longer"},
		{func(q *consult.SupportRequest) { q.Hours = 0 }, "hours", "an access has a time"},
		{func(q *consult.SupportRequest) { q.Reason = " " }, "reason", "S4-13: reasoned"},
		{func(q *consult.SupportRequest) { q.Reason = strings.Repeat("x", consult.MaxSupportReason+1) }, "reason", "a reason is short"},
		{func(q *consult.SupportRequest) { q.Name = "" }, "name", "a person, not a firm: the log names who it was"},
		{func(q *consult.SupportRequest) { q.Email = "" }, "email", "with an address of their own"},
		{func(q *consult.SupportRequest) { q.Email = "no address" }, "", "which is one"},
		{func(q *consult.SupportRequest) { q.Organisation = "" }, "organisation", "art. 28: who processes for the council is known"},
		{func(q *consult.SupportRequest) { q.Entry = "x" }, "organisation", "one organisation, not two"},
		{func(q *consult.SupportRequest) { q.Entry, q.Organisation = "x", "" }, "processor", "and one that the register holds"},
		{func(q *consult.SupportRequest) { q.Email = "researcher@example.org" }, "email", "an address that somebody else signs in with"},
	} {
		w := newWorld(t)
		q := request
		c.change(&q)
		token, faults, err := w.OpenSupport(t.Context(), w.staff[consult.Administrator], q)
		switch {
		case err != nil:
			t.Errorf("%s: %v", c.why, err)
		case c.why == "which is one":
			var f *fault.Error
			if len(faults) != 1 || !errors.As(faults[0], &f) || f.Key != "error.staff.email" {
				t.Errorf("%s: %v", c.why, faults)
			}
		case c.field == "":
			if len(faults) > 0 || token == "" || w.audited(t, "support.open") != 1 {
				t.Errorf("%s: %v", c.why, faults)
			}
		case len(faults) == 0 || fieldOf(faults[0]) != c.field || token != "" || w.audited(t, "support.open") > 0:
			t.Errorf("%s: %v, want one at %s", c.why, faults, c.field)
		}
	}
}

// TestSupportEndsByItself turns the clock to the second: the session is dead, the link is dead, the password opens nothing.
func TestSupportEndsByItself(t *testing.T) {
	w := newWorld(t)
	member := w.letIn(t, request)
	unused, faults, err := w.OpenSupport(t.Context(), w.staff[consult.Administrator], consult.SupportRequest{Name: "Late", Email: "late@hosting.example", Organisation: "Hosting Ltd", Reason: "x", Hours: 4})
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	for _, c := range []struct {
		turn time.Duration
		open bool
		why  string
	}{{0, true, "at once"}, {4*time.Hour - time.Second, true, "a second before"}, {time.Second, false, "at the time"}, {48 * time.Hour, false, "days later"}} {
		w.turn(c.turn)
		_, here := w.StaffMember(t.Context(), member.ID)
		_, in := w.SignIn(t.Context(), member.Email, password, "203.0.113.7")
		_, link := w.Invited(t.Context(), unused)
		for what, err := range map[string]error{"session": here, "password": in, "link": link} {
			if (err == nil) != c.open {
				t.Errorf("%s: %s: %v, want open %v", c.why, what, err, c.open)
			}
		}
		all, _, err := w.SupportAccesses(t.Context(), w.staff[consult.DPO])
		if err != nil || len(all) != 2 || all[0].Open(w.clock()) != c.open {
			t.Errorf("%s: the officer sees %+v, %v", c.why, all, err)
		}
	}
	want(t, w.EndSupport(t.Context(), w.staff[consult.Administrator], member.ID), fault.Conflict, "what is over is not ended")
}

func TestSupportIsEndedEarlyAndOpenedAgain(t *testing.T) {
	w := newWorld(t)
	member := w.letIn(t, request)
	_, faults, err := w.OpenSupport(t.Context(), w.staff[consult.Administrator], request)
	if err != nil || len(faults) != 1 || fieldOf(faults[0]) != "email" {
		t.Errorf("while it is open the address is taken: %v %v", faults, err)
	}
	if err := w.EndSupport(t.Context(), w.staff[consult.DPO], member.ID); err != nil {
		t.Fatalf("the officer may end it: %v", err)
	}
	_, err = w.StaffMember(t.Context(), member.ID)
	want(t, err, fault.NotFound, "it is over at once")
	again := w.letIn(t, request)
	if again.ID == member.ID {
		t.Error("the log could not tell the two accesses apart")
	}
	all, names, err := w.SupportAccesses(t.Context(), w.staff[consult.Administrator])
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, a := range all {
		if a.Email != "bryn@hosting.example" || a.Reason != request.Reason || names[a.OpenedBy] != "Pat administrator" {
			t.Errorf("what was said stays: %+v", a)
		}
		if (a.StaffID == member.ID) == a.EndedAt.IsZero() {
			t.Errorf("the first was ended, the second was not: %+v", a)
		}
	}
	want(t, w.ChangeStaff(t.Context(), w.staff[consult.Administrator], consult.Staff{ID: again.ID, Name: "Bryn", Role: consult.Researcher, Version: again.Version}), fault.Invalid,
		"nobody makes an account for support one that stays")
	_, err = w.Invite(t.Context(), w.staff[consult.Administrator], consult.Staff{Name: "X", Email: "x@example.org", Role: consult.Support})
	want(t, err, fault.Invalid, "nor an account for support that has no end")
	_, err = w.Reinvite(t.Context(), w.staff[consult.Administrator], again.ID)
	want(t, err, fault.Invalid, "nor lets it begin anew")
}

// TestEndingSupportLeavesNoWayIn: nothing of it lies there that a later fault could bring to life: no session, no link (councils.md S4-13, UK GDPR art. 32(1)(b)).
func TestEndingSupportLeavesNoWayIn(t *testing.T) {
	w := newWorld(t)
	link, faults, err := w.OpenSupport(t.Context(), w.staff[consult.Administrator], request)
	must(t, errors.Join(append(faults, err)...))
	member, err := w.Invited(t.Context(), link)
	must(t, err)
	session := &consult.Session{IDHash: "h", Kind: "staff", StaffID: member.ID, Data: []byte{1}, CreatedAt: w.clock(), SeenAt: w.clock(), ExpiresAt: w.clock().Add(time.Hour)}
	must(t, w.Sessions.AddSession(t.Context(), session))
	there := func() (session, invitation error) {
		_, session = w.Sessions.Session(t.Context(), "h")
		must(t, w.db.View(t.Context(), func(r consult.Reader) error {
			_, invitation = r.Invitation(seal.TokenHash(link))
			return nil
		}))
		return session, invitation
	}
	if s, i := there(); s != nil || i != nil {
		t.Fatal("before:", s, i)
	}
	must(t, w.EndSupport(t.Context(), w.staff[consult.Administrator], member.ID))
	s, i := there()
	want(t, s, fault.NotFound, "the session")
	want(t, i, fault.NotFound, "the link to choose a password")
}

// TestWhoWasLetInMayBeTakenOn: the address of an access that is over is not taken, and what the access said stays.
func TestWhoWasLetInMayBeTakenOn(t *testing.T) {
	w := newWorld(t)
	admin := w.staff[consult.Administrator]
	invite := func() (string, error) {
		return w.Invite(t.Context(), admin, consult.Staff{Name: "Bryn Host", Email: "Bryn@hosting.example", Role: consult.Researcher})
	}
	m := w.letIn(t, request)
	_, err := invite()
	want(t, err, fault.Conflict, "while the access is open")
	w.turn(5 * time.Hour)
	link, err := invite()
	must(t, err)
	taken, err := w.AcceptInvitation(t.Context(), link, "", "", password)
	must(t, err)
	if in, err := w.SignIn(t.Context(), m.Email, password, "203.0.113.7"); err != nil || in.ID != taken.ID || in.Role != consult.Researcher {
		t.Errorf("signed in as %+v, %v", in, err)
	}
	all, _, err := w.SupportAccesses(t.Context(), admin)
	if err != nil || len(all) != 1 || all[0].StaffID != m.ID || all[0].Email != "bryn@hosting.example" {
		t.Errorf("the access: %+v, %v", all, err)
	}
	_, err = invite()
	want(t, err, fault.Conflict, "a colleague has it now")
}

// TestAProcessorsNameStaysSealed: what the register holds sealed is not copied beside the account (UK GDPR art. 32(1)(a)); it is shown as the register says it now.
func TestAProcessorsNameStaysSealed(t *testing.T) {
	w := newWorld(t)
	const name = "Zzquark Hosting"
	w.hold(t, "p1", privacy.Processor{Name: name, Kind: privacy.KindProcessor, Form: privacy.Identifiable})
	q := request
	q.Organisation, q.Entry = "", "p1"
	w.letIn(t, q)
	files := 0
	must(t, filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if files++; bytes.Contains(raw, []byte(name)) {
			t.Errorf("in clear in %s", filepath.Base(path))
		}
		return err
	}))
	if files == 0 {
		t.Fatal("nothing was looked at")
	}
	shown := func() string {
		all, _, err := w.SupportAccesses(t.Context(), w.staff[consult.Administrator])
		if err != nil || len(all) != 1 || all[0].Entry != "p1" {
			t.Fatal(all, err)
		}
		return all[0].Organisation
	}
	if got := shown(); got != name {
		t.Errorf("shown as %q", got)
	}
	must(t, w.db.Update(t.Context(), func(tx consult.Writer) error {
		e, err := tx.Entry("p1")
		if err != nil {
			return err
		}
		e.Ended = true
		return errors.Join(tx.UpdateEntry(e), tx.AppendAudit(privacy.NewAuditEvent(w.staff[consult.DPO].Actor(), "processor.close", "processor:p1")))
	}))
	if got := shown(); got != name {
		t.Errorf("after the entry has ended as %q", got)
	}
	must(t, w.db.Keys().DestroyKeys(t.Context(), []string{"p1"}))
	if got := shown(); got != "" {
		t.Errorf("after the entry is erased as %q", got)
	}
}

// TestSupportSeesTheSystemAndNothingElse: the smallest role there is. That it looked is in the log, as what others see.
func TestSupportSeesTheSystemAndNothingElse(t *testing.T) {
	w := newWorld(t)
	member := w.letIn(t, request)
	for name, call := range officeCalls(w, t.Context()) {
		err := call(member)
		may := name == "System" || name == "LogStates" || name == "Acknowledge"
		if fault.Is(err, fault.Forbidden) == may {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.System(t.Context(), member); err != nil {
		t.Error(err)
	}
	if w.audited(t, "system.open") != 1 {
		t.Errorf("%d entries that the system was looked at, want 1", w.audited(t, "system.open"))
	}
	state := w.access(t, w.staff[consult.Administrator])
	for _, a := range state.Accounts {
		if a.ID == member.ID && (a.Waits() || !a.EndsAt.Equal(start.Add(4*time.Hour))) {
			t.Errorf("a review asks nothing about an account that ends within a day: %+v", a)
		}
	}
}
