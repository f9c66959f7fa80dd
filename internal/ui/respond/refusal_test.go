package respond_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // another program that locks the database

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// begun is a browser at the named question of the library survey.
func begun(t testing.TB, w *uitest.World, question string) *uitest.Browser {
	t.Helper()
	b := w.Browser(t)
	b.Get("/c/library/respond")
	if question != "satisfied" {
		b.Submit("", "satisfied", "very_satisfied")
		b.Get("/c/library/respond/" + question)
	}
	at(t, b, "/c/library/respond/"+question, http.StatusOK)
	return b
}

func TestBadAnswersComeBackWithTheirValues(t *testing.T) {
	w := world(t)
	long := strings.Repeat("ŵ", 201)
	for _, row := range []struct {
		question string
		fields   []string
		message  string
		kept     string // in the page's source
		why      string
	}{
		{"satisfied", nil, "Select how satisfied or dissatisfied you are", "", "required and left blank"},
		{"satisfied", []string{"satisfied", "fantastic"}, "Select", "", "unknown option"},
		{"satisfied", []string{"satisfied", "very_satisfied", "satisfied", "very_dissatisfied"}, "Select", "", "a repeated field"},
		{"member", []string{"member", "maybe"}, "Select", "", "unknown option"},
		{"uses", []string{"uses", "books", "uses", "none"}, "None of these", `value="books" checked`, "an exclusive option with another"},
		{"uses", []string{"uses", "books", "uses", "cd"}, "Select", `value="books" checked`, "one unknown option among known ones"},
		{"uses", []string{"uses", "other", "uses-other-text", long}, "200", long, "a description that is too long"},
		{"visits", []string{"visits", "many"}, "number", `value="many"`, "not a number"},
		{"visits", []string{"visits", "367"}, "366", `value="367"`, "out of bounds"},
		{"visits", []string{"visits", "1.5"}, "whole number", `value="1.5"`, "decimals"},
		{"last_visit", []string{"last_visit-day", "31", "last_visit-month", "2", "last_visit-year", "2026"}, "real", `value="31"`, "no such day"},
		{"last_visit", []string{"last_visit-day", "31"}, "month", `value="31"`, "parts missing"},
		{"last_visit", []string{"last_visit-day", "1", "last_visit-month", "1", "last_visit-year", "1999"}, "1 January 2000", `value="1999"`, "too early"},
		{"home", []string{"home", "not a postcode"}, "postcode", `value="not a postcode"`, "not a postcode"},
		{"more", []string{"more", long}, "200 characters", long, "too long, counted in runes"},
		{"more", []string{"more", "bell \a"}, "", "", "control characters"},
	} {
		b := begun(t, w, row.question)
		b.Submit("", row.fields...)
		if b.Page.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s %.60q: status %d, want 422 (%s)", row.question, row.fields, b.Page.Status, row.why)
			continue
		}
		b.Page.Sound(t)
		has(t, b, "There is a problem", row.message)
		if !strings.Contains(b.Page.Body, "<title>Error: ") {
			t.Errorf("%s: the title does not start with Error: (%s)", row.question, row.why)
		}
		if strings.Count(b.Page.Body, "govuk-error-message") == 0 {
			t.Errorf("%s: no message beside the field (%s)", row.question, row.why)
		}
		if !strings.Contains(b.Page.Body, row.kept) {
			t.Errorf("%s: %.60q is not kept (%s)", row.question, row.kept, row.why)
		}
		b.Get("/c/library/respond/" + row.question)
		if strings.Contains(b.Page.Body, "fantastic") || strings.Contains(b.Page.Body, `value="367"`) {
			t.Errorf("%s: a refused answer was stored (%s)", row.question, row.why)
		}
	}
}

func TestErrorsInWelsh(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/cy/c/library/respond")
	b.Submit("")
	at(t, b, "/cy/c/library/respond/satisfied", http.StatusUnprocessableEntity)
	has(t, b, "Mae problem")
	hasNot(t, b, "There is a problem", "Select")
}

// TestRefusedRequests: whatever is wrong with the request itself is refused and nothing is stored.
func TestRefusedRequests(t *testing.T) {
	w := world(t)
	body := func(path string, fields url.Values) *http.Request { return uitest.FormRequest(path, fields.Encode()) }
	for _, row := range []struct {
		name   string
		change func(path string, f url.Values) *http.Request
		status int
	}{
		{"no token", func(p string, f url.Values) *http.Request { f.Del("_csrf"); return body(p, f) }, 403},
		{"wrong token", func(p string, f url.Values) *http.Request { f.Set("_csrf", "AAAA"); return body(p, f) }, 403},
		{"repeated token", func(p string, f url.Values) *http.Request { f.Add("_csrf", f.Get("_csrf")); return body(p, f) }, 403},
		{"another site", func(p string, f url.Values) *http.Request {
			r := body(p, f)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return r
		}, 403},
		{"invalid UTF-8", func(p string, f url.Values) *http.Request { return uitest.FormRequest(p, f.Encode()+"&more=%ff%fe") }, 400},
		{"NUL", func(p string, f url.Values) *http.Request { return uitest.FormRequest(p, f.Encode()+"&more=a%00b") }, 400},
		{"broken escape", func(p string, f url.Values) *http.Request { return uitest.FormRequest(p, f.Encode()+"&more=%zz") }, 400},
		{"too many fields", func(p string, f url.Values) *http.Request {
			return uitest.FormRequest(p, f.Encode()+strings.Repeat("&x=1", 300))
		}, 400},
		{"JSON", func(p string, f url.Values) *http.Request {
			r := uitest.FormRequest(p, `{"more":"x"}`)
			r.Header.Set("Content-Type", "application/json")
			return r
		}, 415},
		{"another question's field", func(p string, f url.Values) *http.Request { f.Set("visits", "99"); return body(p, f) }, 303},
		{"a question that does not exist", func(p string, f url.Values) *http.Request { return body("/c/library/respond/salary", f) }, 404},
		{"a question off the path", func(p string, f url.Values) *http.Request {
			f.Set("why_not", "x")
			return body("/c/library/respond/why_not", f)
		}, 303},
		{"a consultation that does not exist", func(p string, f url.Values) *http.Request { return body("/c/nothing/respond/more", f) }, 404},
		{"a method that does not exist", func(p string, f url.Values) *http.Request {
			r := body(p, f)
			r.Method = http.MethodPut
			return r
		}, 405},
	} {
		b := begun(t, w, "more")
		path, fields := b.Form("")
		fields.Set("more", "text")
		if row.status != 303 {
			fields.Set("more", "must not be stored")
		}
		a := b.Do(row.change(path, fields))
		if a.Status != row.status {
			t.Errorf("%s: status %d, want %d: %s", row.name, a.Status, row.status, a.Text())
		}
		if a.Status >= 400 {
			a.Sound(t)
		}
		b.Get("/c/library/respond/more")
		if strings.Contains(b.Page.Body, "must not be stored") {
			t.Errorf("%s: something was stored", row.name)
		}
		b.Get("/c/library/respond/visits")
		if strings.Contains(b.Page.Body, `value="99"`) {
			t.Errorf("%s: another question's field was stored", row.name)
		}
	}
	if n := len(responses(t, w, "library")); n != 0 {
		t.Errorf("%d responses stored", n)
	}
}

func TestOversizeBody(t *testing.T) {
	w := world(t)
	b := begun(t, w, "more")
	path, fields := b.Form("")
	fields.Set("more", strings.Repeat("x", 300<<10))
	req := uitest.FormRequest(path, fields.Encode())
	req.Header.Set("Cookie", b.Cookies())
	res, err := w.Kit.App().Test(req, -1)
	if err == nil && res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d, want 413", res.StatusCode)
	}
	if err != nil && !strings.Contains(err.Error(), "body size exceeds") {
		t.Errorf("refused with %v", err)
	}
}

func TestEndedSession(t *testing.T) {
	w := world(t)
	b := begun(t, w, "more")
	path, fields := b.Form("")
	fields.Set("more", "A long thought that nobody wants to type again")
	b.Forget()
	a := b.Send(path, fields)
	if a.Status != http.StatusForbidden {
		t.Errorf("status %d, want 403", a.Status)
	}
	a.Sound(t)
	has(t, b, "Your answers are not here any more", "Start again", "A long thought that nobody wants to type again")
	b.Forget()
	b.Get("/c/library/respond/more")
	at(t, b, "/c/library/respond/more", http.StatusGone)
	has(t, b, "Your answers are not here any more", "24 hours")
	b.Get("/c/library/respond")
	at(t, b, "/c/library/respond/satisfied", http.StatusOK)
	b = begun(t, w, "more")
	w.Clock.Move(uitest.Start.Add(25 * time.Hour))
	b.Get("/c/library/respond/more")
	at(t, b, "/c/library/respond/more", http.StatusGone)
}

// TestEndedSessionElsewhere: after sending, and in "Your response", an ended session is no forged request either.
func TestEndedSessionElsewhere(t *testing.T) {
	w := world(t)
	b := gated(t, w)
	path, fields := b.Form("")
	b.Forget()
	fields.Set("equality", "yes")
	if a := b.Send(path, fields); a.Status != http.StatusForbidden {
		t.Errorf("status %d, want 403", a.Status)
	}
	b.Page.Sound(t)
	has(t, b, "Your confirmation is not here any more")
	b.Get("/your-response")
	path, fields = b.Form("")
	b.Forget()
	fields.Set("code", "AAAA-BBBB-CCCC-DDDD-EEEE")
	if a := b.Send(path, fields); a.Status != http.StatusForbidden {
		t.Errorf("status %d, want 403", a.Status)
	}
	b.Page.Sound(t)
	has(t, b, "Enter your withdrawal code again")
	b.Forget()
	for _, path := range []string{"/your-response/withdraw-consent", "/your-response/withdraw", "/your-response/leave"} {
		if a := b.Send(path, fields); a.Status != http.StatusSeeOther || a.Location != "/your-response" {
			t.Errorf("%s: %d to %q", path, a.Status, a.Location)
		}
	}
}

func TestOldAndForgedCookies(t *testing.T) {
	w := world(t)
	for _, value := range []string{"", "x", strings.Repeat("A", 4000), "eyJhbGciOiJub25lIn0.e30."} {
		b := w.Browser(t)
		b.SetCookie("folkmoot_r", value)
		b.Get("/c/library/respond/more")
		at(t, b, "/c/library/respond/more", http.StatusGone)
		b.Get("/c/library/done")
		at(t, b, "/c/library/done", http.StatusGone)
	}
}

func TestConsultationClosesWhileSomebodyAnswers(t *testing.T) {
	w := world(t)
	w.Publish(t, "brief", uitest.Everything, func(d *consult.Details) { d.ClosesAt = uitest.Start.Add(time.Hour) })
	b := w.Browser(t)
	b.Get("/c/brief/respond")
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/brief/respond/more")
	w.Clock.Move(uitest.Start.Add(time.Hour))
	b.Submit("", "more", "My last words")
	at(t, b, "/c/brief/respond/more", http.StatusGone)
	has(t, b, "closed while you were answering", "has not been sent", "My last words", "Very satisfied", "haveyoursay@wealdmere.example")
	b.Get("/c/brief/respond/check")
	at(t, b, "/c/brief/respond/check", http.StatusGone)
	has(t, b, "My last words")
	b.Submit("/c/brief/respond")
	at(t, b, "/c/brief", http.StatusOK)
	b.Get("/c/brief/respond")
	at(t, b, "/c/brief/respond", http.StatusGone)
	has(t, b, "This consultation has closed")
	hasNot(t, b, "My last words", "while you were answering")
	if n := len(responses(t, w, "brief")); n != 0 {
		t.Errorf("%d responses after closing", n)
	}
}

func TestClosesBetweenCheckAndSend(t *testing.T) {
	w := world(t)
	w.Publish(t, "brief", uitest.Everything, func(d *consult.Details) { d.ClosesAt = uitest.Start.Add(time.Hour) })
	b := w.Browser(t)
	b.Get("/c/brief/respond")
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/brief/respond/check")
	w.Clock.Move(uitest.Start.Add(time.Hour))
	b.Submit("")
	at(t, b, "/c/brief/respond/check", http.StatusGone)
	has(t, b, "closed while you were answering", "Very satisfied")
	if n := len(responses(t, w, "brief")); n != 0 {
		t.Errorf("%d responses after closing", n)
	}
}

func TestNotOpenYet(t *testing.T) {
	w := world(t)
	w.Publish(t, "soon", uitest.Everything, func(d *consult.Details) { d.OpensAt = uitest.Start.Add(time.Hour) })
	b := w.Browser(t)
	for _, path := range []string{"/c/soon/respond", "/c/soon/respond/satisfied", "/c/soon/respond/check", "/cy/c/soon/respond"} {
		b.Get(path)
		at(t, b, path, http.StatusGone)
	}
	has(t, b, "Nid yw'r ymgynghoriad hwn wedi agor eto")
}

// TestLockedDatabase: a clear 503, nothing half-stored, and the draft is still there afterwards.
func TestLockedDatabase(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	answer(t, b, "")
	path, fields := b.Form("")
	db, err := sql.Open("sqlite3", filepath.Join(w.Dir, "main.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	a := b.Send(path, fields)
	if a.Status != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503: %s", a.Status, a.Text())
	}
	a.Sound(t)
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := len(responses(t, w, "library")); n != 0 {
		t.Errorf("%d responses stored", n)
	}
	if a := b.Send(path, fields); a.Location != "/c/library/equality" || len(responses(t, w, "library")) != 1 {
		t.Errorf("after the lock: %d to %q", a.Status, a.Location)
	}
}
