package respond_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/uitest"
)

func world(t testing.TB) *uitest.World {
	t.Helper()
	w := uitest.New(t)
	public.Register(w.Kit, w.Service)
	respond.Register(w.Kit, w.Service)
	w.Publish(t, "library", uitest.Everything, nil)
	w.Publish(t, "park", uitest.Short, func(d *consult.Details) {
		d.About, d.OtherWays = locale.Text{"en": "The park."}, locale.Text{"en": "Call."}
		d.Summary = locale.Text{"en": "About the park."}
	})
	return w
}

// responses counts what is stored.
func responses(t testing.TB, w *uitest.World, slug string) []*consult.Response {
	t.Helper()
	var out []*consult.Response
	err := w.Store.View(context.Background(), func(r consult.Reader) error {
		c, err := r.ConsultationBySlug(slug)
		if err != nil {
			return err
		}
		return r.Responses(c.ID, func(one *consult.Response) error {
			out = append(out, one)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// profiles counts stored equality profiles.
func profiles(t testing.TB, w *uitest.World, slug string) int {
	t.Helper()
	c, _, err := w.Service.PublicConsultation(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := w.Store.Equality().Profiles(context.Background(), c.ID, func(*consult.EqualityProfile) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// at fails the test unless the browser is at the path with the status.
func at(t testing.TB, b *uitest.Browser, path string, status int) {
	t.Helper()
	if got, _, _ := strings.Cut(b.Page.Path, "?"); got != path || b.Page.Status != status {
		t.Fatalf("at %s with status %d, want %s with %d:\n%s", b.Page.Path, b.Page.Status, path, status, b.Page.Text())
	}
	if b.Page.Status != http.StatusSeeOther {
		b.Page.Sound(t)
	}
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
		if strings.Contains(b.Page.Text(), s) {
			t.Errorf("%s: %q must not be there", b.Page.Path, s)
		}
	}
}

// answer goes through all questions as a member would and stops at the check page.
func answer(t testing.TB, b *uitest.Browser, prefix string) {
	t.Helper()
	b.Get(prefix + "/c/library/respond")
	for _, step := range []struct {
		path   string
		fields []string
	}{
		{"satisfied", []string{"satisfied", "very_satisfied"}},
		{"member", []string{"member", "no"}},
		{"why_not", []string{"why_not", "Too far away"}},
		{"uses", []string{"uses", "books", "uses", "other", "uses-other-text", "The café"}},
		{"visits", []string{"visits", "12"}},
		{"last_visit", []string{"last_visit-day", "27", "last_visit-month", "3", "last_visit-year", "2026"}},
		{"home", []string{"home", "wm1 1aa"}},
		{"more", []string{"more", "Longer hours\r\nplease"}},
	} {
		at(t, b, prefix+"/c/library/respond/"+step.path, http.StatusOK)
		b.Submit("", step.fields...)
	}
	at(t, b, prefix+"/c/library/respond/check", http.StatusOK)
}

var codeForm = regexp.MustCompile(`\b[0-9A-Z]{4}(-[0-9A-Z]{4}){4}\b`)

// sendAll answers, sends and skips the equality questions; it returns reference and code.
func sendAll(t testing.TB, b *uitest.Browser) (reference, code string) {
	t.Helper()
	answer(t, b, "")
	b.Submit("")
	at(t, b, "/c/library/equality", http.StatusOK)
	b.Submit("", "equality", "no")
	return confirmed(t, b)
}

func confirmed(t testing.TB, b *uitest.Browser) (reference, code string) {
	t.Helper()
	at(t, b, "/c/library/done", http.StatusOK)
	reference = regexp.MustCompile(`WEM-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.Page.Text())
	code = codeForm.FindString(b.Page.Text())
	if reference == "" || code == "" {
		t.Fatalf("no reference or no code:\n%s", b.Page.Text())
	}
	return reference, code
}

func TestWholeJourney(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/c/library")
	answer(t, b, "")
	has(t, b, "Very satisfied", "Too far away", "Something else: The café", "12", "27 March 2026", "Ward: Abbots Cross", "Longer hours", "Change your answer to: What do you use?")
	hasNot(t, b, "WM1 1AA", "Answers that will not be sent")
	if n := len(responses(t, w, "library")); n != 0 {
		t.Fatalf("%d responses before sending", n)
	}
	b.Submit("")
	at(t, b, "/c/library/equality", http.StatusOK)
	has(t, b, "We have received your response", "Do you want to answer the equality questions?", "These questions are optional. Your answers will not affect your response.",
		"Yes, answer the equality questions (takes 2 minutes)", "No, skip the equality questions", "Why we ask equality questions")
	stored := responses(t, w, "library")
	if len(stored) != 1 {
		t.Fatalf("%d responses stored, want 1: the main response is saved before the gate (interface.md 3)", len(stored))
	}
	if a := stored[0].Answers["home"]; len(a.Codes) != 1 || a.Codes[0] != "abbots_cross" || a.Text != "" {
		t.Errorf("postcode stored as %+v, want the ward alone", a)
	}
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	at(t, b, "/c/library/equality/consent", http.StatusOK)
	has(t, b, "age", "disability", "Wealdmere Borough Council")
	if strings.Contains(b.Page.Body, "checked") {
		t.Error("an option of the consent page is chosen beforehand (privacy.md 3.1)")
	}
	b.Submit("", "consent", "agree")
	at(t, b, "/c/library/equality/age_band", http.StatusOK)
	has(t, b, "Prefer not to say", "or", "Equality questions (optional)")
	b.Submit("", "age_band", "35_44")
	at(t, b, "/c/library/equality/sex", http.StatusOK)
	b.Submit("")
	at(t, b, "/c/library/equality/health_conditions", http.StatusOK)
	b.Submit("", "health_conditions", "yes")
	has(t, b, "reduce your ability")
	b.Submit("", "day_to_day_activities", "yes_a_lot")
	confirmed(t, b)
	has(t, b, "Response sent", "You consented", "withdraw your consent", "What happens next", "The consultation closes on")
	if n := profiles(t, w, "library"); n != 1 {
		t.Errorf("%d equality profiles, want 1", n)
	}
}

func TestReloadsAndSecondClicksMakeOneResponse(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	answer(t, b, "")
	path, fields := b.Form("")
	cookies := b.Cookies()
	first := b.Send(path, fields)
	late := w.Browser(t) // the second click left with the same cookie before the first was answered
	for pair := range strings.SplitSeq(cookies, "; ") {
		name, value, _ := strings.Cut(pair, "=")
		late.SetCookie(name, value)
	}
	second := late.Send(path, fields)
	third := b.Send(path, fields)
	for i, a := range []*uitest.Answer{first, second, third} {
		if a.Status != http.StatusSeeOther || a.Location != "/c/library/equality" {
			t.Errorf("answer %d: %d to %q", i+1, a.Status, a.Location)
		}
	}
	if n := len(responses(t, w, "library")); n != 1 {
		t.Fatalf("%d responses, want 1 (security.md T1)", n)
	}
	b.Get("/c/library/done")
	r1, c1 := confirmed(t, b)
	b.Get("/c/library/done")
	r2, c2 := confirmed(t, b)
	if r1 != r2 || c1 != c2 {
		t.Error("a reload shows another reference or code")
	}
	b.Get("/c/library/respond/check")
	at(t, b, "/c/library/equality", http.StatusOK)
}

func TestRetryAfterClosingGivesTheSameResponse(t *testing.T) {
	w := world(t)
	w.Publish(t, "brief", uitest.Everything, func(d *consult.Details) { d.ClosesAt = uitest.Start.Add(time.Hour) })
	b := w.Browser(t)
	b.Get("/c/brief/respond")
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/brief/respond/check")
	path, fields := b.Form("")
	b.Send(path, fields) // the reply is lost
	w.Clock.Move(uitest.Start.Add(2 * time.Hour))
	if a := b.Send(path, fields); a.Status != http.StatusSeeOther || a.Location != "/c/brief/equality" {
		t.Errorf("retry: %d to %q", a.Status, a.Location)
	}
	if n := len(responses(t, w, "brief")); n != 1 {
		t.Fatalf("%d responses after the retry, want 1", n)
	}
}

func TestParallelSubmitsMakeOneResponse(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	answer(t, b, "")
	path, fields := b.Form("")
	cookies := b.Cookies()
	done := make(chan int)
	for range 20 {
		go func() {
			req := uitest.FormRequest(path, fields.Encode())
			req.Header.Set("Cookie", cookies)
			res, err := w.Kit.App().Test(req, -1)
			if err != nil {
				done <- 0
				return
			}
			res.Body.Close()
			done <- res.StatusCode
		}()
	}
	for range 20 {
		if status := <-done; status != http.StatusSeeOther {
			t.Errorf("status %d", status)
		}
	}
	if n := len(responses(t, w, "library")); n != 1 {
		t.Fatalf("%d responses from 20 parallel submits, want 1 (security.md T1)", n)
	}
}

func TestChangingAnAnswer(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	answer(t, b, "")
	b.Get("/c/library/respond/visits?change=1")
	b.Submit("", "visits", "20")
	at(t, b, "/c/library/respond/check", http.StatusOK)
	has(t, b, "20")
	b.Get("/c/library/respond/member?change=1")
	b.Submit("", "member", "yes")
	at(t, b, "/c/library/respond/check", http.StatusOK)
	has(t, b, "Answers that will not be sent", "Why are you not a member?")
	hasNot(t, b, "Too far away")
	b.Submit("")
	if a := responses(t, w, "library")[0].Answers; !a["why_not"].Empty() {
		t.Error("an answer off the path was stored")
	}
	b = w.Browser(t)
	b.Get("/c/library/respond")
	b.Submit("", "satisfied", "very_satisfied")
	b.Submit("", "member", "yes")
	for range 5 {
		b.Submit("")
	}
	at(t, b, "/c/library/respond/check", http.StatusOK)
	b.Get("/c/library/respond/member?change=1")
	b.Submit("", "member", "no")
	at(t, b, "/c/library/respond/why_not", http.StatusOK) // a question that now has to be asked
	b.Submit("", "why_not", "No time")
	at(t, b, "/c/library/respond/check", http.StatusOK)
	has(t, b, "No time", "Not provided")
}

func TestPostcodeThatWasDropped(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	answer(t, b, "")
	b.Get("/c/library/respond/home?change=1")
	has(t, b, "Ward: Abbots Cross", "We did not keep the postcode itself")
	b.Submit("")
	has(t, b, "Ward: Abbots Cross")
	b.Get("/c/library/respond/home?change=1")
	b.Submit("", "home", "SW1A 1AA")
	has(t, b, "not in the council's area")
	b.Get("/c/library/respond/home?change=1")
	b.Submit("", "home-remove", "1")
	hasNot(t, b, "not in the council's area")
}

func TestGuardLeadsToTheFirstOpenStep(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/c/library/respond")
	for _, path := range []string{"/c/library/respond/member", "/c/library/respond/more", "/c/library/respond/check", "/c/library/respond"} {
		b.Get(path)
		at(t, b, "/c/library/respond/satisfied", http.StatusOK)
	}
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/library/respond/why_not") // off the path
	at(t, b, "/c/library/respond/member", http.StatusOK)
	b.Get("/c/library")
	has(t, b, "Continue your response")
	b.Get("/c/library/respond")
	at(t, b, "/c/library/respond/member", http.StatusOK)
}

func TestLanguageChangesKeepPlaceAndAnswers(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/c/library/respond")
	b.Submit("", "satisfied", "very_satisfied")
	b.Submit("", "member", "no")
	at(t, b, "/c/library/respond/why_not", http.StatusOK)
	b.Get("/cy/c/library/respond/member")
	if !strings.Contains(b.Page.Body, `value="no" checked`) {
		t.Error("the answer is gone in Welsh")
	}
	has(t, b, "Ydych chi'n aelod?", "Parhau")
	b.Submit("", "member", "no")
	at(t, b, "/cy/c/library/respond/why_not", http.StatusOK)
	b = w.Browser(t)
	answer(t, b, "/cy")
	has(t, b, "Bodlon iawn", "27 Mawrth 2026", "Ward: Croes yr Abad")
	b.Submit("")
	at(t, b, "/cy/c/library/equality", http.StatusOK)
	if l := responses(t, w, "library")[0].Language; l != "cy" {
		t.Errorf("language %q, want cy", l)
	}
}

func TestSurveyWithoutEqualityQuestions(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	b.Get("/cy/c/park/respond")
	at(t, b, "/cy/c/park/respond/park", http.StatusOK)
	if !strings.Contains(b.Page.Body, `<div lang="en">`) {
		t.Error("an English question in a Welsh page is not marked (WCAG 3.1.2)")
	}
	b.Submit("", "park", "More trees")
	b.Submit("")
	at(t, b, "/cy/c/park/done", http.StatusOK)
	b.Get("/c/park/equality")
	at(t, b, "/c/park/done", http.StatusOK)
	hasNot(t, b, "Equality")
	if l := responses(t, w, "park")[0].Language; l != "en" {
		t.Errorf("language %q, want en: the consultation is offered in English only", l)
	}
}

func TestSecondPersonOfAHousehold(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	_, c1 := sendAll(t, b)
	_, c2 := sendAll(t, b)
	if c1 == c2 || len(responses(t, w, "library")) != 2 {
		t.Error("a second response from the same browser must count (interface.md 2, decision 5: never blocked)")
	}
}
