package consult_test

import (
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

const password = "twelve green bicycles"

// join lets a person accept an invitation.
func (w *world) join(t *testing.T, role consult.Role, email string) *consult.Staff {
	t.Helper()
	token, err := w.Invite(t.Context(), w.staff[consult.Administrator], consult.Staff{Name: "Robin", Email: email, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	member, err := w.AcceptInvitation(t.Context(), token, "", "", password)
	if err != nil {
		t.Fatal(err)
	}
	return member
}

func TestAnInvitationWorksOnceAndForSevenDays(t *testing.T) {
	w := newWorld(t)
	admin := w.staff[consult.Administrator]
	token, err := w.Invite(t.Context(), admin, consult.Staff{Name: "Robin", Email: " Robin@Example.org ", Role: consult.Researcher})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Invite(t.Context(), admin, consult.Staff{Name: "Robin", Email: "ROBIN@example.org", Role: consult.Researcher})
	want(t, err, fault.Conflict, "an e-mail address is one person, however it is written")
	for _, weak := range []string{"short", "wealdmere2026", "passwordpassword", "robin robin robin", consult.DemoPassword} {
		_, err = w.AcceptInvitation(t.Context(), token, "", "", weak)
		want(t, err, fault.Invalid, "the password "+weak)
	}
	member, err := w.AcceptInvitation(t.Context(), token, "Mallory", "mallory@example.org", password)
	if err != nil || member.Email != "robin@example.org" || member.Name != "Robin" || member.Role != consult.Researcher {
		t.Fatalf("an invitation decides who it is for: %+v, %v", member, err)
	}
	_, err = w.AcceptInvitation(t.Context(), token, "", "", "another long password")
	want(t, err, fault.NotFound, "an invitation that was used")
	if _, err := w.SignIn(t.Context(), "robin@example.org", password, "net"); err != nil {
		t.Errorf("sign in: %v", err)
	}
	older, err := w.Reinvite(t.Context(), admin, member.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.SignIn(t.Context(), "robin@example.org", password, "net")
	want(t, err, fault.Invalid, "the old password ends with a new invitation")
	newer, err := w.Reinvite(t.Context(), admin, member.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Invited(t.Context(), older)
	want(t, err, fault.NotFound, "an older link, which may have gone to the wrong address")
	w.turn(7*24*time.Hour - time.Second)
	if _, err := w.Invited(t.Context(), newer); err != nil {
		t.Errorf("within seven days: %v", err)
	}
	w.turn(time.Second)
	_, err = w.AcceptInvitation(t.Context(), newer, "", "", password)
	want(t, err, fault.NotFound, "after seven days")
}

func TestSigningInIsThrottledWithoutLockingAnybodyOut(t *testing.T) {
	w := newWorld(t)
	w.join(t, consult.Researcher, "robin@example.org")
	for range 5 {
		_, err := w.SignIn(t.Context(), "robin@example.org", "wrong wrong wrong", "net")
		want(t, err, fault.Invalid, "a wrong password")
	}
	_, err := w.SignIn(t.Context(), "robin@example.org", password, "elsewhere")
	want(t, err, fault.Throttled, "the account waits, also for the right password")
	w.turn(31 * time.Second)
	if _, err := w.SignIn(t.Context(), "robin@example.org", password, "net"); err != nil {
		t.Errorf("there is no permanent lock (security.md T10): %v", err)
	}
	_, err = w.SignIn(t.Context(), "robin@example.org", "wrong wrong wrong", "net")
	want(t, err, fault.Invalid, "signing in starts the count afresh")
	delay := time.Duration(0)
	for range 24 {
		_, err = w.SignIn(t.Context(), "robin@example.org", "wrong wrong wrong", "net")
		if fault.Is(err, fault.Throttled) {
			w.turn(time.Minute)
			delay += time.Minute
		}
	}
	if delay < 10*time.Minute || delay > 24*time.Minute { // it waits a minute whenever it is told to wait
		t.Errorf("waited %s in all", delay)
	}
	before := w.audited(t, "staff.sign_in_refused")
	for range 3 {
		_, err = w.SignIn(t.Context(), "robin@example.org", "wrong wrong wrong", "net")
	}
	if fault.Is(err, fault.Throttled) && w.audited(t, "staff.sign_in_refused") > before+1 {
		t.Error("attempts that have to wait write nothing")
	}
}

// One network may not try many accounts.
func TestSigningInIsThrottledByNetwork(t *testing.T) {
	w := newWorld(t)
	var err error
	for i := range 20 {
		_, err = w.SignIn(t.Context(), string(rune('a'+i))+"@example.org", "wrong wrong wrong", "net")
		want(t, err, fault.Invalid, "an unknown account")
	}
	_, err = w.SignIn(t.Context(), "z@example.org", "wrong wrong wrong", "net")
	want(t, err, fault.Throttled, "the twenty-first")
	_, err = w.SignIn(t.Context(), "z@example.org", "wrong wrong wrong", "another net")
	want(t, err, fault.Invalid, "another network")
}

// Guesses sent all at once share the first look at the throttle.
func TestABurstOfGuessesCannotContainTheRightOne(t *testing.T) {
	w := newWorld(t)
	w.join(t, consult.Researcher, "robin@example.org")
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() { _, _ = w.SignIn(t.Context(), "robin@example.org", "wrong wrong wrong", "net") })
	}
	wg.Wait()
	_, err := w.SignIn(t.Context(), "robin@example.org", password, "net")
	want(t, err, fault.Throttled, "after a burst")
}

func TestUnknownAndDisabledAccountsAreAnsweredAlike(t *testing.T) {
	w := newWorld(t)
	robin := w.join(t, consult.Researcher, "robin@example.org")
	robin.Disabled = true
	if err := w.ChangeStaff(t.Context(), w.staff[consult.Administrator], *robin); err != nil {
		t.Fatal(err)
	}
	invited := consult.Staff{Name: "Kim", Email: "kim@example.org", Role: consult.DPO}
	if _, err := w.Invite(t.Context(), w.staff[consult.Administrator], invited); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, email := range []string{"nobody@example.org", "robin@example.org", "kim@example.org", ""} {
		_, err := w.SignIn(t.Context(), email, password, "net")
		want(t, err, fault.Invalid, email)
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("different answers: %v (security.md 2, row 30)", texts)
		}
	}
	_, err := w.StaffMember(t.Context(), robin.ID)
	want(t, err, fault.NotFound, "a disabled person's session")
}

func TestRightsChangeAtOnceAndNotByOneself(t *testing.T) {
	w := newWorld(t)
	admin := w.staff[consult.Administrator]
	own := *admin
	own.Role = consult.Researcher
	want(t, w.ChangeStaff(t.Context(), admin, own), fault.Forbidden, "one's own role")
	own = *admin
	own.Disabled = true
	want(t, w.ChangeStaff(t.Context(), admin, own), fault.Forbidden, "one's own account")
	second := w.join(t, consult.Administrator, "second@example.org")
	first := *admin
	first.Role = consult.DPO
	if err := w.ChangeStaff(t.Context(), second, first); err != nil {
		t.Fatalf("another administrator: %v", err)
	}
	changed, err := w.StaffMember(t.Context(), admin.ID)
	if err != nil || changed.Role != consult.DPO {
		t.Fatal(changed, err)
	}
	last := *second
	last.Role = consult.DPO
	want(t, w.ChangeStaff(t.Context(), &consult.Staff{ID: "somebody", Role: consult.Administrator}, last), fault.Conflict, "the last administrator")
	stale := *admin
	stale.Name = "Older"
	want(t, w.ChangeStaff(t.Context(), second, stale), fault.Conflict, "an edit of an older version")
	session := &consult.Session{IDHash: "h", Kind: "staff", StaffID: changed.ID, Data: []byte{1}, CreatedAt: w.clock(), SeenAt: w.clock(), ExpiresAt: w.clock().Add(time.Hour)}
	if err := w.Sessions.AddSession(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	changed.Role = consult.Approver
	if err := w.ChangeStaff(t.Context(), second, *changed); err != nil {
		t.Fatal(err)
	}
	_, err = w.Sessions.Session(t.Context(), "h")
	want(t, err, fault.NotFound, "the session of a person whose rights changed")
}

func TestPeopleOfPartnersAreManagedByThoseWhoManagePartners(t *testing.T) {
	w := newWorld(t)
	approver, partner := w.staff[consult.Approver], w.staff[consult.PartnerUser].PartnerID
	if _, err := w.Invite(t.Context(), approver, consult.Staff{Name: "Fen", Email: "fen2@example.org", Role: consult.PartnerUser, PartnerID: partner}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Invite(t.Context(), approver, consult.Staff{Name: "Fen", Email: "fen3@example.org", Role: consult.PartnerUser, PartnerID: "nobody"})
	want(t, err, fault.Invalid, "a partner that does not exist")
	_, err = w.Invite(t.Context(), approver, consult.Staff{Name: "Fen", Email: "fen4@example.org", Role: consult.Administrator})
	want(t, err, fault.Forbidden, "a person of the council")
	_, err = w.Reinvite(t.Context(), approver, w.staff[consult.Administrator].ID)
	want(t, err, fault.Forbidden, "the administrator's password")
	up := *w.staff[consult.PartnerUser]
	up.Role = consult.Approver
	want(t, w.ChangeStaff(t.Context(), approver, up), fault.Forbidden, "a partner's person made an officer")
	list, err := w.StaffList(t.Context(), approver)
	if err != nil || len(list) != 2 {
		t.Errorf("they see people of partners only: %d, %v", len(list), err)
	}
}

func TestTheFirstAdministratorIsMadeOnce(t *testing.T) {
	w := newWorld(t)
	if token, err := w.FirstAdministratorToken(t.Context()); token != "" || err != nil {
		t.Errorf("a service with staff prints no link: %q, %v", token, err)
	}
	w = emptyWorld(t)
	older, err := w.FirstAdministratorToken(t.Context())
	if err != nil || older == "" {
		t.Fatal(err)
	}
	token, err := w.FirstAdministratorToken(t.Context())
	if err != nil || token == older {
		t.Fatal(err)
	}
	_, err = w.Invited(t.Context(), older)
	want(t, err, fault.NotFound, "the link of an earlier start")
	if member, err := w.Invited(t.Context(), token); member != nil || err != nil {
		t.Errorf("for nobody yet: %v, %v", member, err)
	}
	_, err = w.AcceptInvitation(t.Context(), token, "", "nonsense", password)
	want(t, err, fault.Invalid, "without a name")
	first, err := w.AcceptInvitation(t.Context(), token, "Alex", "alex@example.org", password)
	if err != nil || first.Role != consult.Administrator || first.Demo {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = w.AcceptInvitation(t.Context(), token, "Mallory", "mallory@example.org", password)
	want(t, err, fault.NotFound, "a second first administrator")
}
