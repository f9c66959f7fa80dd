package inside_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/uitest"
)

// newcomer is somebody of the role who chose a password on the page and has accepted nothing yet.
func (w *world) newcomer(t testing.TB, role consult.Role) *uitest.Browser {
	t.Helper()
	token, err := w.Service.Invite(context.Background(), w.staff[consult.Administrator], consult.Staff{Name: "Nia Newcomer", Email: "nia@wealdmere.example", Role: role})
	check(t, err)
	b := w.Browser(t)
	b.Get("/invitation/" + token)
	if a := b.Fill(url.Values{"password": {password}, "again": {password}}); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Text())
	}
	return b
}

// TestNobodyWorksBeforeAccepting: councils.md S2-5. Every office route, whatever the role, leads to the statement, by GET and by POST, and
// only signing out and what everybody may see is open.
func TestNobodyWorksBeforeAccepting(t *testing.T) {
	w := fullWorld(t)
	w.flag(t)
	b := w.newcomer(t, consult.DPO)
	n := 0
	for _, r := range w.Kit.All() {
		if !strings.HasPrefix(r.Path, "/office") {
			continue
		}
		n++
		address := w.address(r.Path)
		if r.Method == http.MethodGet {
			if a := b.Peek(address); a.Status != http.StatusSeeOther || a.Location != page.Onward("/acknowledge", address) {
				t.Errorf("GET %s: %d to %q", address, a.Status, a.Location)
			}
			continue
		}
		b.Get("/acknowledge")
		_, fields := b.Form("/acknowledge")
		if a := b.Send(address, url.Values{"_csrf": fields["_csrf"]}); a.Status != http.StatusForbidden || !strings.Contains(a.Text(), "Nothing was saved") {
			t.Errorf("POST %s: %d %.80s", address, a.Status, a.Text())
		}
	}
	if n < 200 {
		t.Fatalf("only %d routes tried", n)
	}
	for _, path := range []string{"/", "/help", "/privacy", "/acknowledge", "/cy/acknowledge"} {
		if a := b.Peek(path); a.Status != http.StatusOK {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	b.Get("/acknowledge")
	b.Submit("/sign-out")
	at(t, b, "/sign-in", 200)
	if a := b.Peek("/acknowledge"); a.Location != "/sign-in?next=/acknowledge" {
		t.Errorf("nobody is sent to %q", a.Location)
	}
}

func TestAcceptingLeadsOnInBothLanguages(t *testing.T) {
	for _, c := range []struct{ prefix, title, wrong, text string }{
		{"", "Before you begin: confidentiality", "Select that you accept, or sign out", "told the council in confidence"},
		{"/cy", "Cyn i chi ddechrau: cyfrinachedd", "Dewiswch eich bod yn derbyn, neu allgofnodwch", "wedi'i ddweud wrth y cyngor yn gyfrinachol"},
	} {
		w := newWorld(t)
		b := w.newcomer(t, consult.DPO)
		b.Get(c.prefix + "/office/audit?action=staff.sign_in&actor=a%26b")
		at(t, b, c.prefix+"/acknowledge", 200)
		shows(t, b, c.title, c.text, "Nia Newcomer")
		b.Page.Sound(t)
		b.SubmitOnly(c.prefix + "/acknowledge")
		if b.Page.Status != http.StatusUnprocessableEntity {
			t.Errorf("nothing ticked: %d", b.Page.Status)
		}
		shows(t, b, c.wrong)
		b.Page.Sound(t)
		b.Submit(c.prefix+"/acknowledge", "accept", "yes")
		if want := c.prefix + "/office/audit?action=staff.sign_in&actor=a%26b"; b.Page.Path != want || b.Page.Status != 200 {
			t.Errorf("accepting leads to %s (%d), want %s", b.Page.Path, b.Page.Status, want)
		}
		b.Get(c.prefix + "/acknowledge")
		at(t, b, c.prefix+"/office", 200)
	}
}

func TestAcceptingGoesNowhereElse(t *testing.T) {
	for _, c := range []struct{ next, want, why string }{
		{"https://evil.example/", "/office", "never to another site"},
		{"//evil.example/", "/office", "a path without a scheme is another site"},
		{"/\\evil.example/", "/office", "browsers read a backslash as a slash"},
		{"/partner", "/office", "nobody is sent to a refusal"},
		{"/acknowledge", "/office", "nor round in circles"},
		{"/office/requests?x=1", "/office/requests?x=1", "where they wanted to go"},
	} {
		w := newWorld(t)
		b := w.newcomer(t, consult.DPO)
		b.Get(page.Onward("/acknowledge", c.next))
		path, fields := b.Form("/acknowledge")
		fields.Set("accept", "yes")
		if a := b.Send(path, fields); a.Location != c.want {
			t.Errorf("%s: through the address to %q", c.why, a.Location)
		}
		w = newWorld(t)
		b = w.newcomer(t, consult.DPO)
		b.Get("/acknowledge")
		path, fields = b.Form("/acknowledge")
		fields.Set("accept", "yes")
		fields.Set("next", c.next)
		if a := b.Send(path, fields); a.Location != c.want {
			t.Errorf("%s: through the form to %q", c.why, a.Location)
		}
	}
}

// TestNewWordsAreAcceptedAnew: what the council changes is accepted again, by its author too; nobody loses what they were typing, and
// nobody accepts what they have not seen.
func TestNewWordsAreAcceptedAnew(t *testing.T) {
	w := newWorld(t)
	officer, researcher := w.signIn(t, consult.DPO), w.signIn(t, consult.Researcher)
	late := w.newcomer(t, consult.Researcher)
	late.Get("/office")
	researcher.Get("/office/consultations/new")
	officer.Get("/office/registers/confidentiality")
	shows(t, officer, "It has the standard words", "6 of 7 accounts of the council have accepted it") // all but the newcomer
	save(t, officer, "text-en", "", "text-cy", "")
	at(t, officer, "/office/registers/confidentiality", 422)
	save(t, officer, "text-en", "Keep it **quiet**.", "text-cy", "Cadwch ef yn **dawel**.")
	at(t, officer, "/acknowledge", 200)
	shows(t, officer, "You accepted an earlier statement", "Keep it quiet")
	officer.Submit("/acknowledge", "accept", "yes")
	at(t, officer, "/office/registers/confidentiality", 200)
	shows(t, officer, "the council's own words, version 2", "1 of 7 accounts")

	long := "What I typed for an hour and do not want to lose to new words of the council"
	path, fields := filled(t, researcher)
	fields.Set("source", long)
	if a := researcher.Send(path, fields); a.Status != http.StatusForbidden || !strings.Contains(a.Body, long) {
		t.Errorf("a form that was open meanwhile: %d, typed text printed back: %v", a.Status, strings.Contains(a.Body, long))
	}
	researcher.Page.Sound(t)
	if path, fields = late.Form("/acknowledge"); path != "/acknowledge" {
		t.Fatal(path)
	}
	fields.Set("accept", "yes")
	if a := late.Send(path, fields); a.Status != http.StatusConflict || !strings.Contains(a.Text(), "Keep it quiet") {
		t.Errorf("older words are accepted: %d", a.Status)
	}
	late.Submit("/acknowledge", "accept", "yes")
	at(t, late, "/office", 200)
}

// TestTwoEditsOfTheStatement: the second is told of the first, and keeps what was typed.
func TestTwoEditsOfTheStatement(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.DPO)
	b.Get("/office/registers/confidentiality")
	check(t, w.Service.SaveConfidentiality(context.Background(), w.staff[consult.DPO], 1, locale.Text{"en": "Theirs", "cy": "Eu rhai nhw"}))
	w.Accept(t, w.staff[consult.DPO].Email)
	save(t, b, "text-en", "Mine", "text-cy", "Fy un i")
	at(t, b, "/office/registers/confidentiality", 409)
	shows(t, b, "Somebody else saved this page", "Theirs", "Mine")
}
