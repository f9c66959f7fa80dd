package inside_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// longText is what an officer writes in an hour, with what would break a page that printed it as it came.
const longText = "We ask about <b>opening hours</b> & parking.\nThe second line says </textarea><script>alert(1)</script> why."

// TestTypedTextOutlivesTheSession: WCAG 2.2, 2.2.5 (what was typed is not lost when a session ends) and issue 2, "What bad input gets".
func TestTypedTextOutlivesTheSession(t *testing.T) {
	for _, c := range []struct {
		why, lang string
		role      consult.Role
		lose      func(*world, *uitest.Browser)
		path      string // after the draft's, or from the root
		fields    []string
		says      []string
	}{
		{"an hour without use", "", consult.Researcher, func(w *world, _ *uitest.Browser) { w.Clock.Move(uitest.Start.Add(61 * time.Minute)) }, "/details",
			[]string{"about-en", longText, "title-en", "Short"}, []string{"Your session has ended", "nothing was saved", "60 minutes"}},
		{"in Welsh", "/cy", consult.Researcher, func(w *world, _ *uitest.Browser) { w.Clock.Move(uitest.Start.Add(61 * time.Minute)) }, "/details",
			[]string{"about-cy", longText}, []string{"Mae eich sesiwn wedi dod i ben"}},
		{"a browser that was closed", "", consult.Researcher, func(_ *world, b *uitest.Browser) { b.Forget() }, "/notice/edit",
			[]string{"data-en", longText}, []string{"Your session has ended"}},
		{"signed out in another tab, where the sign-in page is open", "", consult.Researcher, func(_ *world, b *uitest.Browser) {
			page := b.Page
			b.Submit("/sign-out")
			b.Page = page
		}, "/details", []string{"summary-en", longText}, []string{"Your session has ended"}},
		{"signed in again in another tab", "", consult.Researcher, func(w *world, b *uitest.Browser) {
			page := b.Page
			b.Submit("/sign-out")
			save(t, b, "email", "researcher@wealdmere.example", "password", password)
			b.Page = page
		}, "/details", []string{"summary-en", longText}, []string{"Your session has ended"}},
		{"fifteen minutes for an administrator", "", consult.Administrator, func(w *world, _ *uitest.Browser) { w.Clock.Move(uitest.Start.Add(16 * time.Minute)) },
			"/office/settings", []string{"complaints_how-en", longText}, []string{"Your session has ended", "15 minutes"}},
	} {
		w := fullWorld(t)
		b := w.signIn(t, c.role)
		path := c.lang + c.path
		if !strings.HasPrefix(c.path, "/office") {
			path = c.lang + "/office/consultations/" + w.draft.ID + c.path
		}
		b.Get(path)
		at(t, b, path, 200)
		to, values := filled(t, b)
		for i := 0; i < len(c.fields); i += 2 {
			values.Set(c.fields[i], c.fields[i+1])
		}
		values.Set("password", "a password is never printed back")
		before := fingerprint(t, w.Dir)
		c.lose(w, b)
		b.Send(to, values)
		at(t, b, path, 403)
		shows(t, b, c.says...)
		if !strings.Contains(b.Page.Text(), "opening hours</b> & parking. The second line says </textarea><script>alert(1)</script> why.") {
			t.Errorf("%s: the text is lost:\n%s", c.why, b.Page.Text())
		}
		if strings.Contains(b.Page.Body, "<script>alert") || strings.Contains(b.Page.Body, "never printed") || strings.Contains(b.Page.Body, values.Get("_csrf")) {
			t.Errorf("%s: the page holds what it must not", c.why)
		}
		for table, hash := range fingerprint(t, w.Dir) {
			if before[table] != hash {
				t.Errorf("%s: %s changed", c.why, table)
			}
		}
		next := ""
		for _, l := range links(t, b.Page) {
			if strings.HasPrefix(l, c.lang+"/sign-in?next=") {
				next = l
			}
		}
		b.Get(next)
		if path, _, _ := strings.Cut(b.Page.Path, "?"); path == c.lang+"/sign-in" {
			save(t, b, "email", string(c.role)+"@wealdmere.example", "password", password)
		}
		at(t, b, path, 200)
	}
}

// TestEndedSessionsOfSmallForms: where nothing was typed there is nothing to print, and where the form has no page of its own the way
// back is where the work begins.
func TestEndedSessionsOfSmallForms(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.Administrator)
	b.Get("/office/settings/logo")
	_, values := filled(t, b)
	b.Forget()
	b.Send("/office/settings/logo/remove", url.Values{"_csrf": values["_csrf"], "version": values["version"]})
	at(t, b, "/office/settings/logo/remove", 403)
	shows(t, b, "Your session has ended")
	showsNot(t, b, "What you typed")
	if !strings.Contains(b.Page.Body, `href="/sign-in?next=/office"`) {
		t.Errorf("no way back:\n%s", b.Page.Body)
	}
	b.Get("/sign-in")
	path, values := filled(t, b)
	b.Forget()
	values.Set("email", "researcher@wealdmere.example")
	values.Set("password", password)
	values.Set("next", "/office/consultations?status=open")
	b.Send(path, values)
	at(t, b, "/sign-in", 403)
	shows(t, b, "open for too long", "Enter your password again")
	if strings.Contains(b.Page.Body, password) {
		t.Error("the password is written back")
	}
	save(t, b, "password", password)
	if b.Page.Path != "/office/consultations?status=open" || b.Page.Status != 200 {
		t.Errorf("signing in again leads to %d at %s", b.Page.Status, b.Page.Path)
	}
	b.Get("/office")
	out, fields := b.Form("/sign-out")
	b.Forget()
	if a := b.Send(out, fields); a.Location != "/sign-in" {
		t.Errorf("signing out of a session that has ended: %d to %q", a.Status, a.Location)
	}
	token, err := w.Service.Invite(t.Context(), w.staff[consult.Administrator], consult.Staff{Name: "New Person", Role: consult.Researcher, Email: "new@wealdmere.example"})
	check(t, err)
	b.Get("/invitation/" + token)
	_, values = filled(t, b)
	b.Forget()
	values.Set("password", password)
	values.Set("again", password)
	b.Send("/invitation/"+token, values)
	at(t, b, "/invitation/"+token, 403)
	shows(t, b, "open for too long")
	save(t, b, "password", password, "again", password)
	at(t, b, "/acknowledge", 200)
	_, values = filled(t, b)
	values.Set("accept", "yes")
	b.Forget()
	b.Send("/acknowledge", values)
	at(t, b, "/acknowledge", 403)
	shows(t, b, "Your session has ended")
}

// TestForgedFormsArePrintedByNobody: what another site made a browser send, or has no token of ours, is no ended session.
func TestForgedFormsArePrintedByNobody(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.Researcher)
	path := "/office/consultations/" + w.draft.ID + "/details"
	b.Get(path)
	_, values := filled(t, b)
	token := values.Get("_csrf")
	for why, tokens := range map[string][]string{"none": nil, "two": {token, token}, "nonsense": {"nonsense"}, "empty": {""}} {
		a := b.Send(path, url.Values{"about-en": {longText}, "_csrf": tokens})
		if a.Status != 403 || strings.Contains(a.Text(), "opening hours") || strings.Contains(a.Text(), "session has ended") {
			t.Errorf("%s: %d\n%s", why, a.Status, a.Text())
		}
	}
	b.Forget()
	req := uitest.FormRequest(path, url.Values{"about-en": {longText}, "_csrf": {token}}.Encode())
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := b.Do(req); a.Status != 403 || strings.Contains(a.Text(), "opening hours") {
		t.Errorf("from another site: %d\n%s", a.Status, a.Text())
	}
}
