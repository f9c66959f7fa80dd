package inside_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/inside"
	"folkmoot/internal/ui/uitest"
)

// TestFirstAdministratorByOneTimeLink starts from an empty service, as serve without demo does.
func TestFirstAdministratorByOneTimeLink(t *testing.T) {
	w := uitest.New(t)
	inside.Register(w.Kit, w.Service)
	token, err := w.Service.FirstAdministratorToken(context.Background())
	check(t, err)
	b := w.Browser(t)
	b.Get("/invitation/" + token)
	at(t, b, "/invitation/"+token, 200)
	if got := b.Page.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("referrer policy %q: the token would leave with the next link", got)
	}
	if got := b.Page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("cache control %q", got)
	}
	save(t, b, "name", "", "email", "ada@wealdmere.example", "password", password, "again", "something else")
	at(t, b, "/invitation/"+token, 422)
	shows(t, b, "Enter your full name", "Enter the same password a second time")
	if strings.Contains(b.Page.Body, password) {
		t.Error("a password was written into the page")
	}
	save(t, b, "name", "Ada Admin", "email", "ada@wealdmere.example", "password", "password1234", "again", "password1234")
	at(t, b, "/invitation/"+token, 422)
	save(t, b, "name", "Ada Admin", "email", "ada@wealdmere.example", "password", password, "again", password)
	at(t, b, "/acknowledge", 200)
	shows(t, b, "Your password is saved", "Ada Admin")
	b.Submit("/acknowledge", "accept", "yes")
	at(t, b, "/office", 200)
	shows(t, b, "Ada Admin", "Staff", "Settings")
	other := w.Browser(t)
	if got := other.Get("/invitation/" + token).Status; got != http.StatusNotFound {
		t.Errorf("a used link answers %d", got)
	}
	if strings.Contains(w.Log.String(), token) {
		t.Error("the log holds the token")
	}
}

func TestSignInGivesANewSession(t *testing.T) {
	w := newWorld(t)
	b := w.Browser(t)
	b.Get("/sign-in")
	before := b.Cookies()
	save(t, b, "email", "RESEARCHER@wealdmere.example ", "password", password)
	at(t, b, "/office", 200)
	if b.Cookies() == before {
		t.Error("the session id of before signing in still stands (fixation)")
	}
	stolen := w.Browser(t)
	name, value, _ := strings.Cut(before, "=")
	stolen.SetCookie(name, value)
	if a := stolen.Peek("/office"); a.Status != 303 {
		t.Errorf("the id of before signing in opens the office: %d", a.Status)
	}
	kept := b.Cookies()
	b.Submit("/sign-out")
	at(t, b, "/sign-in", 200)
	name, value, _ = strings.Cut(kept, "=")
	stolen.SetCookie(name, value)
	if a := stolen.Peek("/office"); a.Status != 303 {
		t.Errorf("a kept cookie opens the office after signing out: %d", a.Status)
	}
}

func TestSignInGoesWhereItMay(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		role       consult.Role
		next, want string
		why        string
	}{
		{consult.Researcher, "/office/consultations?status=open", "/office/consultations?status=open", "back to the page that asked"},
		{consult.Researcher, "https://evil.example/", "/office", "never to another site"},
		{consult.Researcher, "//evil.example/", "/office", "a path without a scheme is another site"},
		{consult.Researcher, "/\\evil.example/", "/office", "browsers read a backslash as a slash"},
		{consult.Researcher, "/partner", "/office", "nobody is sent to a refusal"},
		{consult.Researcher, "/office?x=1", "/office?x=1", "the first page too, with its query"},
		{consult.Researcher, "/officers?x=/office", "/office", "no other path that only begins alike"},
		{consult.PartnerUser, "/office/consultations", "/partner", "partners go to their shelf"},
	} {
		b := w.Browser(t)
		b.Get("/sign-in")
		path, values := filled(t, b)
		values.Set("email", string(c.role)+"@wealdmere.example")
		values.Set("password", password)
		values.Set("next", c.next)
		if a := b.Send(path, values); a.Location != c.want {
			t.Errorf("%s: to %q, want %q", c.why, a.Location, c.want)
		}
	}
	b := w.Browser(t)
	b.Get("/office/audit?action=staff.sign_in&actor=a%26b")
	save(t, b, "email", "dpo@wealdmere.example", "password", password)
	if b.Page.Path != "/office/audit?action=staff.sign_in&actor=a%26b" {
		t.Errorf("signing in leads to %s: the filter is lost", b.Page.Path)
	}
	b = w.Browser(t)
	if a := b.Peek("/office/audit"); a.Location != "/sign-in?next=/office/audit" {
		t.Errorf("nobody is sent to %q", a.Location)
	}
	if a := b.Peek("/cy/office/audit"); a.Location != "/cy/sign-in?next=/office/audit" {
		t.Errorf("nobody is sent to %q in Welsh", a.Location)
	}
}

func TestWrongPasswordsAreThrottled(t *testing.T) {
	w := newWorld(t)
	b := w.Browser(t)
	b.Get("/sign-in")
	statuses := map[int]int{}
	for range 30 {
		save(t, b, "email", "researcher@wealdmere.example", "password", "not the password at all")
		statuses[b.Page.Status]++
		if b.Page.Status == 429 {
			break
		}
	}
	if statuses[422] == 0 || statuses[429] == 0 {
		t.Fatalf("statuses %v: first refused, then throttled", statuses)
	}
	at(t, b, "/sign-in", 429)
	shows(t, b, "too many attempts", "minute")
	if strings.Contains(b.Page.Body, "not the password") {
		t.Error("the password is written back")
	}
	save(t, b, "email", "researcher@wealdmere.example", "password", password)
	if b.Page.Status != 429 {
		t.Errorf("the right password during the pause: %d", b.Page.Status)
	}
	unknown := w.Browser(t)
	unknown.Get("/sign-in")
	save(t, unknown, "email", "nobody@wealdmere.example", "password", "not the password at all")
	if unknown.Page.Status == 422 {
		shows(t, unknown, "One of them is not right")
	}
}

// TestRetryAfterIsTheTimeToWait: RFC 9110, 10.2.3. Whoever waits as long as told gets another try, and nobody gets one before.
func TestRetryAfterIsTheTimeToWait(t *testing.T) {
	w := newWorld(t)
	b := w.Browser(t)
	b.Get("/sign-in")
	try := func() int {
		return save(t, b, "email", "researcher@wealdmere.example", "password", "not the password at all").Status
	}
	longest := 0
	for range 24 {
		if try() != 429 {
			continue
		}
		wait, err := strconv.Atoi(b.Page.Header.Get("Retry-After"))
		if err != nil || wait < 1 {
			t.Fatalf("Retry-After %q", b.Page.Header.Get("Retry-After"))
		}
		if longest = max(longest, wait); wait == 900 {
			break
		}
		w.Clock.Move(w.Clock.Now().Add(time.Duration(wait-1) * time.Second))
		if status := try(); status != 429 {
			t.Fatalf("a second before the %d seconds are over: %d", wait, status)
		}
		w.Clock.Move(w.Clock.Now().Add(time.Second))
		if status := try(); status != 422 {
			t.Fatalf("after %d seconds: %d", wait, status)
		}
	}
	if longest != 900 {
		t.Errorf("the longest wait is %d seconds, want 900", longest)
	}
}

func TestDisablingSomebodyTakesEffectAtTheirNextClick(t *testing.T) {
	w := newWorld(t)
	researcher, admin := w.signIn(t, consult.Researcher), w.signIn(t, consult.Administrator)
	researcher.Get("/office/consultations")
	at(t, researcher, "/office/consultations", 200)
	admin.Get("/office/staff/" + w.staff[consult.Researcher].ID)
	save(t, admin, "disabled", "yes")
	at(t, admin, "/office/staff", 200)
	shows(t, admin, "Your changes are saved", "Disabled")
	researcher.Get("/office/consultations")
	at(t, researcher, "/sign-in", 200)
	save(t, researcher, "email", "researcher@wealdmere.example", "password", password)
	at(t, researcher, "/sign-in", 422)
}

func TestStaffAreInvitedWithALinkThatIsShownOnce(t *testing.T) {
	w := newWorld(t)
	admin := w.signIn(t, consult.Administrator)
	admin.Get("/office/staff/new")
	save(t, admin)
	at(t, admin, "/office/staff/new", 422)
	shows(t, admin, "Enter the person's full name", "Enter the person's email address", "Choose a role")
	save(t, admin, "name", "New Person", "email", "researcher@wealdmere.example", "role", "researcher")
	at(t, admin, "/office/staff/new", 422)
	shows(t, admin, "There is already an account with this email address")
	if !strings.Contains(admin.Page.Body, `value="New Person"`) {
		t.Error("the name was not kept")
	}
	save(t, admin, "name", "New Person", "email", "new@wealdmere.example", "role", "researcher")
	at(t, admin, "/office/staff/new", 200)
	shows(t, admin, "Send this link to New Person", "shown only now")
	i := strings.Index(admin.Page.Body, "/invitation/")
	if i < 0 {
		t.Fatal("no link")
	}
	link, _, _ := strings.Cut(admin.Page.Body[i:], "<")
	admin.Get("/office/staff")
	shows(t, admin, "New Person", "Invited")
	showsNot(t, admin, link)
	b := w.Browser(t)
	b.Get(link)
	shows(t, b, "New Person", "new@wealdmere.example", "Researcher")
	save(t, b, "password", password, "again", password)
	at(t, b, "/acknowledge", 200)
	b.Submit("/acknowledge", "accept", "yes")
	at(t, b, "/office", 200)
	admin.Get("/office/staff/" + w.staff[consult.Administrator].ID)
	save(t, admin, "role", "researcher")
	at(t, admin, "/office/staff/"+w.staff[consult.Administrator].ID, 422)
	shows(t, admin, "You cannot change your own role")
}
