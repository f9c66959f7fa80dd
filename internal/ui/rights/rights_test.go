package rights_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/rights"
	"folkmoot/internal/ui/uitest"
)

// Marked words occur nowhere else, so that every place in which they are left is found.
const (
	markedText    = "zzquerulousotterzz & <b>ŵ</b>"
	markedName    = "Zzimmeranda Quaxley"
	markedContact = "zzquaxley@resident.example"
	markedProof   = "zzpowerofattorneyzz"
)

var officer = &consult.Staff{ID: "officer", Name: "Dee Officer", Role: consult.DPO}

func world(t testing.TB, change ...func(*page.Options)) *uitest.World {
	t.Helper()
	w := uitest.NewIn(t, t.TempDir(), change...)
	public.Register(w.Kit, w.Service)
	respond.Register(w.Kit, w.Service)
	rights.Register(w.Kit, w.Service)
	return w
}

// answered sends a response to a consultation and returns its code.
func answered(t testing.TB, w *uitest.World, slug string) (reference, code string) {
	t.Helper()
	d, err := w.Service.Begin(t.Context(), slug, locale.English)
	ok(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}, "more": {Text: "=zzanswerzz"}}
	done, err := w.Service.SubmitResponse(t.Context(), d)
	ok(t, err)
	return done.Reference, done.Code
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cases returns what lies on the officer's desk.
func cases(t testing.TB, w *uitest.World) []*dpo.Case {
	t.Helper()
	open, ended, err := (&dpo.Desk{Service: w.Service}).Cases(context.Background(), officer)
	ok(t, err)
	return append(open, ended...)
}

func at(t testing.TB, b *uitest.Browser, path string, status int) {
	t.Helper()
	if got, _, _ := strings.Cut(b.Page.Path, "?"); got != path || b.Page.Status != status {
		t.Fatalf("at %s with status %d, want %s with %d:\n%s", b.Page.Path, b.Page.Status, path, status, b.Page.Text())
	}
	b.Page.Sound(t)
}

func has(t testing.TB, b *uitest.Browser, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.Page.Text(), s) {
			t.Errorf("%s: %q is missing:\n%s", b.Page.Path, s, b.Page.Text())
		}
	}
}

func hasNot(t testing.TB, b *uitest.Browser, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(b.Page.Body, s) {
			t.Errorf("%s: %q must not be there", b.Page.Path, s)
		}
	}
}

// Every kind can be asked in both languages, and the number and the day are said (privacy.md 5.1, 5.3; DPA 2018 s.164A).
func TestEveryKindCanBeAsked(t *testing.T) {
	w := world(t)
	for i, row := range []struct {
		prefix, done, due string
	}{{"", "We have your", "29 April 2026"}, {"/cy", "Mae eich", "29 Ebrill 2026"}} {
		for _, kind := range privacy.RequestKinds() {
			b := w.Browser(t)
			b.Get(row.prefix + "/your-information")
			at(t, b, row.prefix+"/your-information", http.StatusOK)
			if !strings.Contains(b.Page.Body, `href="`+row.prefix+`/your-information/ask?about=`+string(kind)+`"`) {
				t.Errorf("%s: no way to ask for %s", b.Page.Path, kind)
			}
			b.Get(row.prefix + "/your-information/ask?about=" + string(kind))
			at(t, b, row.prefix+"/your-information/ask", http.StatusOK)
			if shown := strings.Contains(b.Page.Body, `name="marketing"`); shown != (kind == privacy.AskObject) {
				t.Errorf("%s: marketing is asked about: %t", kind, shown)
			}
			b.Submit("", "text", markedText, "name", markedName, "contact", markedContact, "authority", markedProof)
			at(t, b, row.prefix+"/your-information/sent", http.StatusOK)
			due := row.due
			if kind == privacy.AskComplaint { // the thirtieth day, counting the day of receipt
				due = strings.Replace(due, "29", "27", 1)
			}
			has(t, b, row.done, due, "R")
			hasNot(t, b, markedText, markedName, markedContact, markedProof)
		}
		if n := len(cases(t, w)); n != (i+1)*len(privacy.RequestKinds()) {
			t.Fatalf("%d cases", n)
		}
	}
	for _, c := range cases(t, w) {
		r := c.Request
		if r.Text != markedText || r.Name != markedName || r.Contact != markedContact || r.Authority != markedProof || r.Channel != privacy.ByForm || r.Tier != privacy.IdentityNone {
			t.Errorf("%s: not what was sent: %+v", c.Number(), r)
		}
	}
}

func TestMarketingStopsToday(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/your-information/ask?about=object")
	b.Submit("", "marketing", "yes", "contact", markedContact)
	at(t, b, "/your-information/sent", http.StatusOK)
	has(t, b, "Marketing messages to you have to stop today")
	if all := cases(t, w); len(all) != 1 || !all[0].Request.Marketing || all[0].Due.On != "2026-03-29" {
		t.Errorf("not an objection to marketing that is due today (art. 21(3)): %+v", all)
	}
	b.Get("/your-information/ask?about=access")
	_, fields := b.Form("")
	fields.Set("marketing", "yes") // nobody was asked
	fields.Set("contact", markedContact)
	b.Send("/your-information/ask", fields)
	for _, c := range cases(t, w) {
		if c.Request.Kind == privacy.AskAccess && c.Request.Marketing {
			t.Error("a request for a copy became an objection to marketing")
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	w := world(t)
	long := strings.Repeat("ŵ", 5001)
	for _, row := range []struct {
		why, kind string
		fields    url.Values
		says, cy  string
	}{
		{"no way to answer", "access", url.Values{"text": {markedText}}, "Enter an email address", "Rhowch gyfeiriad e-bost"},
		{"a complaint about nothing", "complaint", url.Values{"contact": {markedContact}, "name": {markedName}}, "Tell us what went wrong", "Dywedwch wrthym beth aeth o'i le"},
		{"blank is nothing", "complaint", url.Values{"contact": {markedContact}, "text": {" \r\n\t "}}, "Tell us what went wrong", "Dywedwch wrthym beth aeth o'i le"},
		{"text too long", "rectify", url.Values{"contact": {markedContact}, "text": {long}}, "5,000 characters or fewer", "5,000"},
		{"name too long", "rectify", url.Values{"contact": {markedContact}, "name": {long[:402]}}, "200 characters or fewer", "200"},
		{"contact too long", "rectify", url.Values{"contact": {long[:1002]}}, "500 characters or fewer", "500"},
		{"who asks for whom, too long", "rectify", url.Values{"contact": {markedContact}, "authority": {long[:1002]}}, "500 characters or fewer", "500"},
		{"hidden characters", "rectify", url.Values{"contact": {markedContact}, "text": {"a\x07b"}}, "hidden characters", "cudd"},
		{"a code that is none", "erase", url.Values{"code": {"zzNOCODEzz"}, "text": {markedText}}, "We have no response with this code", "Nid oes gennym ymateb"},
		{"two codes", "erase", url.Values{"code": {"zzNOCODEzz", "zzNOCODEzz"}}, "We have no response with this code", "Nid oes gennym ymateb"},
		{"two texts", "erase", url.Values{"text": {"a", "b"}, "contact": {"c"}}, "Enter one answer only", "un ateb"},
	} {
		for prefix, says := range map[string]string{"": row.says, "/cy": row.cy} {
			b := w.Browser(t)
			b.Get(prefix + "/your-information/ask?about=" + row.kind)
			_, fields := b.Form("")
			once := fields.Get("once")
			for name, values := range row.fields {
				fields[name] = values
			}
			b.Send(prefix+"/your-information/ask", fields)
			at(t, b, prefix+"/your-information/ask", http.StatusUnprocessableEntity)
			has(t, b, says)
			if !strings.Contains(b.Page.Body, `class="govuk-error-summary"`) {
				t.Errorf("%s: no error summary", row.why)
			}
			for name, values := range row.fields { // nothing is lost but the code
				first, _, _ := strings.Cut(strings.TrimSpace(values[0]), " ")
				if name != "code" && len(values) == 1 && !strings.Contains(b.Page.Text()+b.Page.Body, first) {
					t.Errorf("%s: %s is lost", row.why, name)
				}
			}
			hasNot(t, b, "zzNOCODEzz", "<b>ŵ")
			if _, again := b.Form(""); again.Get("once") != once {
				t.Errorf("%s: the form has another token, so that it could be sent twice", row.why)
			}
			if !strings.Contains(b.Page.Body, `/your-information/ask?about=`+row.kind+`"`) {
				t.Errorf("%s: the other language forgets what is asked", row.why)
			}
		}
	}
	if n := len(cases(t, w)); n != 0 {
		t.Errorf("%d cases of what was refused", n)
	}
}

func TestChoose(t *testing.T) {
	w := world(t)
	for prefix, says := range map[string]string{"": "Select what you want to ask", "/cy": "Dewiswch beth"} {
		b := w.Browser(t)
		b.Get(prefix + "/your-information/ask")
		at(t, b, prefix+"/your-information/ask", http.StatusOK)
		hasNot(t, b, "error-summary")
		for _, query := range []string{"?chosen=1", "?about=", "?about=nothing", "?about=access&about=erase", "?about=%3Cb%3E"} {
			b.Get(prefix + "/your-information/ask" + query)
			at(t, b, prefix+"/your-information/ask", http.StatusUnprocessableEntity)
			has(t, b, says)
		}
		for _, kind := range privacy.RequestKinds() {
			b.Get(prefix + "/your-information/ask")
			if !strings.Contains(b.Page.Body, `value="`+string(kind)+`"`) {
				t.Errorf("%s cannot be chosen", kind)
			}
		}
	}
}

// A double click, a reload and an old page in another tab make no second case; other words do.
func TestSentTwice(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/your-information/ask?about=erase")
	path, fields := b.Form("")
	fields.Set("contact", markedContact)
	var all sync.WaitGroup
	for range 6 {
		twin := w.Browser(t)
		for _, c := range strings.Split(b.Cookies(), "; ") {
			name, value, _ := strings.Cut(c, "=")
			twin.SetCookie(name, value)
		}
		all.Go(func() {
			if a := twin.Send(path, fields); a.Status != http.StatusSeeOther || a.Location != "/your-information/sent" {
				t.Errorf("%d to %s", a.Status, a.Location)
			}
		})
	}
	all.Wait()
	b.Send(path, fields)
	if n := len(cases(t, w)); n != 1 {
		t.Fatalf("%d cases of one form", n)
	}
	fields.Set("text", "And this too.")
	b.Send(path, fields)
	if n := len(cases(t, w)); n != 2 {
		t.Errorf("%d cases: other words in the same form are another request", n)
	}
	b.Get("/your-information/sent")
	has(t, b, "R2")
}

func TestWithoutSession(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/your-information/sent") // nothing was sent here
	at(t, b, "/your-information", http.StatusOK)
	b.Get("/cy/your-information/ask?about=complaint")
	_, fields := b.Form("")
	fields.Set("text", markedText)
	fields.Set("contact", markedContact)
	fields.Set("code", "zzNOCODEzz")
	b.Forget()
	b.Send("/cy/your-information/ask", fields)
	at(t, b, "/cy/your-information/ask", http.StatusForbidden)
	has(t, b, "Ni chafodd dim ei anfon", markedText)
	hasNot(t, b, "zzNOCODEzz")
	if n := len(cases(t, w)); n != 0 {
		t.Fatalf("%d cases of nobody's form", n)
	}
	b.Submit("", "text", markedText, "contact", markedContact) // cookies are taken this time
	at(t, b, "/cy/your-information/sent", http.StatusOK)
	b.Submit("")
	at(t, b, "/cy/your-information", http.StatusOK)
	has(t, b, "wedi anghofio rhif eich achos")
	b.Get("/cy/your-information/sent")
	at(t, b, "/cy/your-information", http.StatusOK)
	b.Forget()
	if a := b.Send("/your-information/sent", fields); a.Status != http.StatusSeeOther || a.Location != "/your-information" {
		t.Errorf("leaving without a session: %d to %s", a.Status, a.Location)
	}
}

func TestForgedAndMalformed(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	for why, change := range map[string]func(url.Values){
		"another choice of a checkbox": func(v url.Values) { v.Set("marketing", "on") },
		"a checkbox twice":             func(v url.Values) { v["mine"] = []string{"yes", "yes"} },
		"two tokens of the form":       func(v url.Values) { v["once"] = []string{"a", "b"} },
	} {
		b.Get("/your-information/ask?about=object")
		path, fields := b.Form("")
		fields.Set("contact", markedContact)
		change(fields)
		if a := b.Send(path, fields); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", why, a.Status)
		}
	}
	b.Get("/your-information/ask?about=object")
	path, fields := b.Form("")
	fields.Set("about", "everything")
	if a := b.Send(path, fields); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("something that cannot be asked: %d", a.Status)
	}
	if n := len(cases(t, w)); n != 0 {
		t.Errorf("%d cases", n)
	}
}

// With the code the response is found at once, and nothing else need be said.
func TestWithCode(t *testing.T) {
	w := world(t)
	c := w.Publish(t, "library", uitest.Everything, nil)
	reference, code := answered(t, w, "library")
	b := w.Browser(t)
	b.Get("/your-information/ask?about=erase")
	b.Submit("", "code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	at(t, b, "/your-information/sent", http.StatusOK)
	has(t, b, "Your withdrawal code shows which response is yours", "You gave us no way to reach you", "01632 960 000")
	hasNot(t, b, code, reference)
	all := cases(t, w)
	if len(all) != 1 || all[0].Request.Tier != privacy.IdentityCode || all[0].Request.ConsultationID != c.ID || all[0].Request.Response == "" {
		t.Fatalf("not tied to the response: %+v", all)
	}
	// From "Your response" the code need not be typed again.
	b = w.Browser(t)
	b.Get("/your-response")
	b.Submit("", "code", code)
	at(t, b, "/your-response/held", http.StatusOK)
	b.Get("/cy/your-information/ask")
	at(t, b, "/cy/your-information/ask", http.StatusOK)
	has(t, b, reference)
	b.Get("/your-information/ask?about=rectify")
	at(t, b, "/your-information/ask", http.StatusOK)
	has(t, b, "This is about my response "+reference)
	hasNot(t, b, `name="code"`, code)
	b.Submit("", "contact", markedContact) // not ticked: about something else
	at(t, b, "/your-information/sent", http.StatusOK)
	b.Get("/your-information/ask?about=rectify")
	b.Submit("", "mine", "yes", "text", markedText)
	at(t, b, "/your-information/sent", http.StatusOK)
	tied := 0
	for _, c := range cases(t, w) {
		if c.Request.Kind == privacy.AskRectify && c.Request.Response != "" {
			tied++
		}
	}
	if tied != 1 {
		t.Errorf("%d of 2 requests are about the response, want that which says so", tied)
	}
	ok(t, w.Service.WithdrawResponse(t.Context(), code))
	b.Get("/your-information/ask?about=rectify") // the code of a response that is gone opens nothing
	at(t, b, "/your-information/ask", http.StatusOK)
	hasNot(t, b, reference)
	b.Submit("", "mine", "yes", "text", markedText)
	at(t, b, "/your-information/ask", http.StatusUnprocessableEntity)
}
