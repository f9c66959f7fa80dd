package rights_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

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
	has(t, b, "stop marketing messages to you today")
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

// Codes are guessed here no faster than on "Your response": both count together, and an unknown code looks like one that is none.
func TestNoOracleForCodes(t *testing.T) {
	w := world(t)
	w.Publish(t, "library", uitest.Everything, nil)
	_, code := answered(t, w, "library")
	b := w.Browser(t)
	generic := ""
	for _, typed := range []string{"AAAA-BBBB-CCCC-DDDD-EEEE", "x", "WEM-7K3F-92QD", strings.Repeat("Z", 5000)} {
		b.Get("/your-information/ask?about=access")
		b.Submit("", "code", typed)
		at(t, b, "/your-information/ask", http.StatusUnprocessableEntity)
		if generic == "" {
			generic = b.Page.Text()
		}
		if b.Page.Text() != generic {
			t.Errorf("%q gets another answer than an unknown code", typed)
		}
	}
	for range 8 {
		b.Get("/your-response")
		b.Submit("", "code", "AAAA-BBBB-CCCC-DDDD-EEEE")
	}
	for _, typed := range []string{code, "AAAA-BBBB-CCCC-DDDD-EEEE"} {
		b.Get("/your-information/ask?about=access")
		b.Submit("", "code", typed, "text", markedText)
		at(t, b, "/your-information/ask", http.StatusTooManyRequests)
		has(t, b, "minute", markedText)
		hasNot(t, b, typed)
		if b.Page.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	b.Submit("", "contact", markedContact) // without a code it can be sent all the same
	at(t, b, "/your-information/sent", http.StatusOK)
}

// The rights that follow from the bases are shown, and those that do not are not (privacy.md 5.2).
func TestRightsFollowFromTheBases(t *testing.T) {
	w := world(t)
	w.Publish(t, "task", uitest.Everything, func(d *consult.Details) {
		d.Title = locale.Text{"en": "Public task", "cy": "Tasg gyhoeddus"}
	})
	w.Publish(t, "consent", uitest.Everything, func(d *consult.Details) {
		d.Title = locale.Text{"en": "By consent", "cy": "Drwy gydsyniad"}
		for i := range d.Processing.Purposes {
			d.Processing.Purposes[i].Basis = privacy.Consent
		}
		d.Processing.IfTheySayNo = locale.Text{"en": "Nothing follows.", "cy": "Nid oes dim yn dilyn."}
	})
	for slug, want := range map[string]struct{ object, portability bool }{"task": {true, true}, "consent": {false, true}} {
		_, code := answered(t, w, slug)
		con, _, err := w.Service.PublicConsultation(t.Context(), slug)
		ok(t, err)
		for _, e := range con.Processing.Rights() {
			if e.Right == privacy.RightObject && (e.Offer != privacy.OfferNo) != want.object {
				t.Fatalf("%s: the example does not rest on what it says", slug)
			}
		}
		for _, prefix := range []string{"", "/cy"} {
			b := w.Browser(t)
			b.Get(prefix + "/your-response")
			b.Submit("", "code", code)
			at(t, b, prefix+"/your-response/held", http.StatusOK)
			shown := func(kind privacy.RequestKind) bool {
				return strings.Contains(b.Page.Body, `href="`+prefix+`/your-information/ask?about=`+string(kind)+`"`)
			}
			if shown(privacy.AskObject) != want.object || shown(privacy.AskPortability) != want.portability || !shown(privacy.AskAccess) || !shown(privacy.AskComplaint) {
				t.Errorf("%s%s: the rights on the page are not those of the bases", prefix, slug)
			}
			b.Get(prefix + "/your-information/ask")
			if strings.Contains(b.Page.Body, `value="object"`) != want.object {
				t.Errorf("%s%s: the choice is not that of the bases", prefix, slug)
			}
		}
	}
}

// Nothing of what people write is in the log, in the audit log, in an address or open in a file; nor is their code.
func TestNothingAboutPeopleLeaks(t *testing.T) {
	w := world(t)
	w.Publish(t, "library", uitest.Everything, nil)
	_, code := answered(t, w, "library")
	b := w.Browser(t)
	var addresses []string
	for range 2 {
		b.Get("/your-information/ask?about=complaint")
		b.Submit("", "text", "", "contact", markedContact, "name", markedName, "code", code)
		addresses = append(addresses, b.Page.Path, b.Page.Location)
		b.SubmitOnly("", "text", markedText, "contact", markedContact, "name", markedName, "authority", markedProof, "code", code)
		addresses = append(addresses, b.Page.Path, b.Page.Location)
		b.Get(b.Page.Location)
	}
	var audit []byte
	ok(t, w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			line, err := json.Marshal(e)
			audit = append(audit, line...)
			return err
		})
	}))
	if !strings.Contains(string(audit), "request.receive") || !strings.Contains(w.Log.String(), "route=/your-information/ask") {
		t.Fatal("nothing was recorded: the test proves nothing")
	}
	places := map[string]string{"the log": w.Log.String(), "the audit log": string(audit), "an address": strings.Join(addresses, " ")}
	ok(t, filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		places["the file "+d.Name()] = string(content)
		return err
	}))
	for place, content := range places {
		for _, word := range []string{markedText, markedName, markedContact, markedProof, code, strings.ReplaceAll(code, "-", "")} {
			if strings.Contains(content, word) {
				t.Errorf("%q is in %s", word, place)
			}
		}
	}
}

// One browser cannot bury the desk under requests, and a network that began too many sessions stores nothing.
func TestLimits(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	for i := range 21 {
		b.Get("/your-information/ask?about=access")
		b.SubmitOnly("", "contact", markedContact)
		if want := i < 20; (b.Page.Status == http.StatusSeeOther) != want {
			t.Fatalf("request %d: %d", i+1, b.Page.Status)
		}
	}
	at(t, b, "/your-information/ask", http.StatusTooManyRequests)
	has(t, b, "Your request was not saved")
	w.Clock.Move(w.Clock.Now().Add(time.Hour))
	b.Get("/your-information/ask?about=access")
	b.Submit("", "contact", markedContact)
	at(t, b, "/your-information/sent", http.StatusOK)
	if n := len(cases(t, w)); n != 21 {
		t.Errorf("%d cases", n)
	}

	w = world(t, func(o *page.Options) { o.Limits = page.Limits{Sessions: 2} })
	for i := range 3 {
		b := w.Browser(t)
		b.Get("/your-information/ask?about=access")
		b.Submit("", "contact", markedContact)
		if stored := i < 2; (b.Page.Status == http.StatusOK) != stored {
			t.Errorf("session %d: %d", i+1, b.Page.Status)
		}
	}
	if n := len(cases(t, w)); n != 2 {
		t.Errorf("%d cases of 2 sessions", n)
	}
}
