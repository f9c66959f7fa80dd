package inside_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// An officer corrects answers on the page, and the person reads what was corrected at "Your response" (UK GDPR art. 16; councils.md S0-18).
func TestRectifyPages(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.Publish(t, "libraries", uitest.Everything, nil)
	d, err := w.Service.Begin(ctx, c.Slug, locale.English)
	check(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}, "member": {Codes: []string{"no"}}, "why_not": {Text: "Too far"},
		"uses": {Codes: []string{"books", "other"}, Text: "The café"}, "last_visit": {Text: "2026-03-01"}, "visits": {Text: "12"}, "home": {Codes: []string{"elsewhere"}}}
	done, err := w.Service.SubmitResponse(ctx, d)
	check(t, err)
	officer := w.staff[consult.DPO]
	cases := dpo.Desk{Service: w.Service}
	x, err := cases.Receive(ctx, privacy.Request{Kind: privacy.AskRectify}, done.Code, "n")
	check(t, err)
	told := uitest.Disclosure()
	told.Form = privacy.Identifiable
	disclosure, _, err := cases.RecordDisclosure(ctx, officer, told)
	check(t, err)
	b, at := w.signIn(t, consult.DPO), "/office/requests/"+x.Entry.ID

	if a := b.Get(at); !strings.Contains(a.Body, at+"/rectify") {
		t.Fatalf("the request does not lead to the correction: %s", a.Text())
	}
	form := b.Get(at + "/rectify")
	form.Sound(t)
	for _, part := range []string{"Too far", "The café", `value="12"`, "Leave this empty and the area stays as it is", "Equality answers are not here", "do not change"} {
		if !strings.Contains(form.Text(), part) && !strings.Contains(form.Body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	entered := func(change url.Values) url.Values {
		out := url.Values{"satisfied": {"very_satisfied"}, "member": {"no"}, "why_not": {"Too far"}, "uses": {"books", "other"}, "uses-other-text": {"The café"},
			"last_visit-day": {"1"}, "last_visit-month": {"3"}, "last_visit-year": {"2026"}, "visits": {"12"}, "home": {""}, "more": {""}, "rectify-go": {"check"}}
		for name, values := range change {
			out[name] = values
		}
		for name, values := range hiddenOf(t, b) {
			out[name] = values
		}
		return out
	}
	for _, row := range []struct {
		why    string
		change url.Values
		says   string
	}{
		{"nothing changes", nil, "Change at least one answer"},
		{"as the resident's own form: no such number", url.Values{"visits": {"400"}}, "366"},
		{"nobody overlooks a question that must be answered", url.Values{"satisfied": nil}, "How satisfied are you"},
	} {
		b.Get(at + "/rectify")
		a := b.Fill(entered(row.change))
		if a.Status != 422 || !strings.Contains(a.Text(), row.says) {
			t.Errorf("%s: %d %s", row.why, a.Status, a.Text())
		}
		a.Sound(t)
	}

	reads := func() (n int) { // what was shown is in the audit log, and a form that nobody sends shows nothing (security.md T10)
		check(t, w.Store.View(ctx, func(r consult.Reader) error {
			events, err := r.AuditEvents(consult.AuditFilter{Action: "request.read", Limit: 1000})
			n = len(events)
			return err
		}))
		return n
	}
	before := reads()
	b.Get(at + "/rectify")
	if n := reads(); n != before+1 {
		t.Errorf("%d entries for one page that was shown", n-before)
	}
	if a := b.Fill(entered(url.Values{"rectify-go": {"elsewhere"}})); a.Status != 400 || reads() != before+1 {
		t.Errorf("a form that nobody sends: %d, %d entries", a.Status, reads()-before)
	}

	b.Get(at + "/rectify")
	shown := b.Fill(entered(url.Values{"member": {"yes"}, "uses": {"events"}}))
	shown.Sound(t)
	if shown.Status != 200 || !strings.Contains(shown.Text(), "Not answered") || !strings.Contains(shown.Text(), "Books; Something else") || !strings.Contains(shown.Text(), disclosure.Number()) {
		t.Fatalf("before and after: %d %s", shown.Status, shown.Text())
	}
	if a, err := w.Service.HeldByCode(ctx, done.Code, "n"); err != nil || a.Response.Answers["member"].Codes[0] != "no" {
		t.Errorf("changed before the officer confirmed it: %v", err)
	}
	again := func(pairs ...string) url.Values {
		out := hiddenOf(t, b)
		for i := 0; i < len(pairs); i += 2 {
			out.Set(pairs[i], pairs[i+1])
		}
		return out
	}
	back := b.Fill(again("rectify-go", "change", "rectify-reason", "They pressed the wrong one"))
	if back.Status != 200 || !strings.Contains(back.Body, "They pressed the wrong one") {
		t.Errorf("back to the form, with what was typed: %d", back.Status)
	}
	b.Get(at + "/rectify")
	b.Fill(entered(url.Values{"member": {"yes"}, "uses": {"events"}}))
	if a := b.Fill(again("rectify-go", "save", "rectify-reason", "They pressed the wrong one")); a.Status != 422 || !strings.Contains(a.Text(), "Confirm that you are sure") {
		t.Errorf("without the confirmation: %d %s", a.Status, a.Text())
	}
	if a := b.Fill(again("rectify-go", "save", "rectify-sure", "yes")); a.Status != 422 || !strings.Contains(a.Text(), "Say why it is corrected") {
		t.Errorf("without a reason: %d %s", a.Status, a.Text())
	}
	if a := b.Fill(again("rectify-go", "save", "rectify-sure", "yes", "rectify-reason", "They pressed the wrong one", "rectify-tell", disclosure.Entry.ID)); a.Status != 303 || a.Location != at {
		t.Fatalf("corrected: %d %s %s", a.Status, a.Location, a.Text())
	}
	if a := b.Get(at); !strings.Contains(a.Text(), "Answers that were corrected") || !strings.Contains(a.Text(), "(article 19): "+disclosure.Number()) || strings.Contains(a.Text(), "Too far") {
		t.Errorf("the request: %s", a.Text())
	}
	if a := b.Get(at + "/copy"); !strings.Contains(a.Text(), "Too far") || !strings.Contains(a.Text(), "They pressed the wrong one") {
		t.Errorf("the copy: %s", a.Text())
	}
	after, err := cases.Disclosure(ctx, officer, disclosure.Entry.ID)
	check(t, err)
	if !after.Disclosure.Outstanding() {
		t.Error("nobody is asked to tell the recipient (art. 19)")
	}

	for _, prefix := range []string{"", "/cy"} {
		person := w.Browser(t)
		person.Get("/your-response")
		person.Fill(url.Values{"code": {done.Code}})
		own := person.Get(prefix + "/your-response/held")
		own.Sound(t)
		if !strings.Contains(own.Text(), "Too far") || !strings.Contains(own.Text(), "They pressed the wrong one") {
			t.Errorf("their own copy%s: %s", prefix, own.Text())
		}
	}

	// The person withdraws while the officer is at it.
	b.Get(at + "/rectify")
	fields := entered(url.Values{"member": {"yes"}, "uses": {"events"}, "visits": {"13"}})
	check(t, w.Service.WithdrawResponse(ctx, done.Code))
	if a := b.Fill(fields); a.Status != 404 || !strings.Contains(a.Text(), "the person has withdrawn it") {
		t.Errorf("after the withdrawal: %d %s", a.Status, a.Text())
	}
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// hiddenOf are the hidden fields of the correction's form on the page.
func hiddenOf(t *testing.T, b *uitest.Browser) url.Values {
	t.Helper()
	fields := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(b.Page.Body, -1) {
		if m[1] != "_csrf" {
			fields.Add(m[1], html.UnescapeString(m[2]))
		}
	}
	return fields
}
