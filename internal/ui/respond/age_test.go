package respond_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

func aged(t testing.TB) *uitest.World {
	t.Helper()
	w := world(t)
	w.Publish(t, "adults", uitest.Everything, func(d *consult.Details) { d.Processing.Ages.Minimum = 13 })
	w.Publish(t, "young", uitest.Everything, uitest.Young)
	return w
}

// "Are you 13 or over?" comes before the first question, with two equal options and none chosen (privacy.md 3.3; interface.md 3), in both languages.
func TestTheGateComesFirst(t *testing.T) {
	w := aged(t)
	for prefix, words := range map[string][]string{"": {"Are you 13 or over?", "Yes", "No", "We never ask how old you are"}, "/cy": {"Ydych chi'n 13 oed neu'n hŷn?", "Ydw", "Nac ydw"}} {
		b := w.Browser(t)
		b.Get(prefix + "/c/adults/respond")
		at(t, b, prefix+"/c/adults/respond/age-check", http.StatusOK)
		has(t, b, words...)
		if strings.Contains(b.Page.Body, "checked") {
			t.Error("an option is chosen beforehand")
		}
		b.Submit("")
		at(t, b, prefix+"/c/adults/respond/age-check", http.StatusUnprocessableEntity)
		b.Submit("", "over", "yes", "over", "no")
		at(t, b, prefix+"/c/adults/respond/age-check", http.StatusUnprocessableEntity)
		b.Submit("", "over", "yes")
		at(t, b, prefix+"/c/adults/respond/satisfied", http.StatusOK)
		if !strings.Contains(b.Page.Body, `href="`+prefix+`/c/adults/respond/age-check"`) {
			t.Error("Back does not lead to the gate")
		}
		b.Get(prefix + "/c/adults")
		has(t, b, map[string]string{"": "People aged 13 or over", "/cy": "Pobl 13 oed neu'n hŷn"}[prefix])
	}
	b := w.Browser(t)
	b.Get("/c/library/respond")
	at(t, b, "/c/library/respond/satisfied", http.StatusOK)
	b.Get("/c/library")
	has(t, b, "Anybody, at any age")
}

// Who is too young is shown another way, nothing is kept of it, and they may come back as anybody else (privacy.md 3.3).
func TestTooYoung(t *testing.T) {
	w := aged(t)
	b := w.Browser(t)
	b.Get("/c/adults/respond")
	b.Submit("", "over", "yes")
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/adults/respond/age-check")
	b.Submit("", "over", "no")
	at(t, b, "/c/adults/respond/age-under", http.StatusOK)
	has(t, b, "You must be 13 or over", "We have kept nothing about you", "Call us, or ask for a paper form.")
	shown := b.Page.Text()
	b.Get("/c/adults/respond/check")
	at(t, b, "/c/adults/respond/check", http.StatusGone) // the draft is gone with what it held
	b.Get("/c/adults/respond")
	at(t, b, "/c/adults/respond/age-check", http.StatusOK)
	b.Submit("", "over", "yes")
	at(t, b, "/c/adults/respond/satisfied", http.StatusOK)
	if strings.Contains(b.Page.Body, "checked") {
		t.Error("an answer of before is still there")
	}
	other := w.Browser(t)
	other.Get("/c/adults/respond/age-under")
	if other.Page.Text() != shown {
		t.Error("the page tells who was sent there")
	}
	other.Get("/c/library/respond/age-under")
	if other.Page.Status != http.StatusNotFound {
		t.Errorf("a consultation without a gate has the page: %d", other.Page.Status)
	}
	if n := len(responses(t, w, "adults")); n != 0 {
		t.Errorf("%d responses", n)
	}
}

// Under 13 in a consultation for young people a parent or guardian agrees, and no name is asked for (UK GDPR art. 8).
func TestAParentAgrees(t *testing.T) {
	w := aged(t)
	b := w.Browser(t)
	b.Get("/c/young/respond")
	has(t, b, "Are you 8 or over?", "Only we read what you write.")
	b.Submit("", "over", "yes")
	has(t, b, "Are you 13 or over?")
	b.Submit("", "over", "no")
	at(t, b, "/c/young/respond/age-permission", http.StatusOK)
	if strings.Contains(b.Page.Body, `type="text"`) || strings.Contains(b.Page.Body, "<textarea") {
		t.Error("there is a field that a name fits into")
	}
	b.Submit("", "relationship", "parent")
	at(t, b, "/c/young/respond/age-permission", http.StatusUnprocessableEntity)
	if a := b.SubmitOnly("", "relationship", "Mrs Jones", "method", "beside"); a.Status != http.StatusBadRequest {
		t.Errorf("a name was taken: %d", a.Status)
	}
	b.Get("/c/young/respond/age-permission")
	b.Submit("", "relationship", "parent", "method", "beside")
	at(t, b, "/c/young/respond/satisfied", http.StatusOK)
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/young/respond/check")
	b.Submit("")
	at(t, b, "/c/young/equality", http.StatusOK)
	b.Submit("", "equality", "yes")
	at(t, b, "/c/young/done", http.StatusOK)
	has(t, b, "The equality questions are only for people aged 16 or over. Your response counts in full.")
	stored := responses(t, w, "young")
	if len(stored) != 1 || stored[0].Ages.Authorised == nil || stored[0].Ages.Authorised.Relationship != "parent" || !stored[0].Ages.Over(8) || !stored[0].Ages.Under(13) {
		t.Errorf("%+v", stored)
	}
}

// The age for the equality questions is asked of those who want to answer them, and of nobody else; who is younger is asked for no consent.
func TestEqualityAgePages(t *testing.T) {
	w := world(t)
	b := gated(t, w)
	b.Submit("", "equality", "yes")
	at(t, b, "/c/library/equality/age-check", http.StatusOK)
	has(t, b, "Are you 16 or over?")
	for _, past := range []string{"/equality/consent", "/equality/sex"} {
		b.Get("/c/library" + past)
		at(t, b, "/c/library/equality/age-check", http.StatusOK)
	}
	path, fields := b.Form("")
	fields.Set("consent", "agree")
	fields.Set("statement", strings.Repeat("a", 64))
	if a := b.Send(strings.Replace(path, "age-check", "consent", 1), fields); a.Status != http.StatusSeeOther || !strings.HasSuffix(a.Location, "/equality/age-check") {
		t.Errorf("consent posted past the question: %d %s", a.Status, a.Location)
	}
	b.Get("/c/library/equality/age-check")
	b.Submit("", "over", "no")
	at(t, b, "/c/library/done", http.StatusOK)
	has(t, b, "Your response counts in full.")
	stored := responses(t, w, "library")
	if len(stored) != 1 || !stored[0].Ages.Empty() || profiles(t, w, "library") != 0 {
		t.Errorf("%+v, %d profiles", stored, profiles(t, w, "library"))
	}
	b.Get("/c/library/equality")
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	at(t, b, "/c/library/equality/consent", http.StatusOK)
	b.Submit("", "consent", "agree")
	at(t, b, "/c/library/equality/age_band", http.StatusOK)
	if got := responses(t, w, "library")[0].Ages; !got.Over(16) {
		t.Errorf("%+v", got)
	}
	b.Get("/c/library/receipt")
	has(t, b, "Questions about age", "16 or over: yes, asked on 29 March 2026")
}

// said is what a browser has said to the gate of "young", as the pages took it.
type said struct{ eight, thirteen, child, agreed bool }

func (s said) open() bool { return s.thirteen || s.eight && s.child && s.agreed } // who is 13 is 8

// Whatever somebody opens and posts in whatever order, no question is shown and no response stored before the gate is passed (privacy.md 3.3): random walks over
// every page of the journey, with fields of every other page thrown in.
func TestNoPathPastTheGate(t *testing.T) {
	w := aged(t)
	questions := []string{"satisfied", "member", "uses", "visits", "home", "more"}
	fields := url.Values{"satisfied": {"very_satisfied"}, "member": {"yes"}, "uses": {"books"}, "visits": {"3"}, "home": {"WM1 1AA"}, "more": {"Words"}, "relationship": {"parent"}, "method": {"form"}}
	stored, shown := 0, 0
	for seed := range uint64(30) {
		rnd, b := rand.New(rand.NewPCG(seed, 44)), w.Browser(t)
		b.Get("/c/young/respond")
		_, form := b.Form("")
		token, s := form.Get("_csrf"), said{}
		for range 40 {
			question := questions[rnd.IntN(len(questions))]
			send := url.Values{"_csrf": {token}}
			for name, v := range fields {
				if rnd.IntN(3) > 0 {
					send[name] = v
				}
			}
			threshold, over := []string{"8", "13", "16"}[rnd.IntN(3)], []string{"yes", "yes", "no"}[rnd.IntN(3)]
			switch rnd.IntN(8) {
			case 0:
				if b.Peek("/c/young/respond/"+question).Status == http.StatusOK {
					if shown++; !s.open() {
						t.Fatalf("seed %d: a question is shown to %+v", seed, s)
					}
				}
			case 1:
				send[question] = fields[question]
				b.Send("/c/young/respond/"+question, send)
			case 2:
				b.Send("/c/young/respond/check", send)
				if n := len(responses(t, w, "young")); n > stored {
					if stored = n; !s.open() {
						t.Fatalf("seed %d: a response is stored of %+v", seed, s)
					}
					s = said{}
				}
			case 3:
				b.Peek("/c/young/respond")
			case 4:
				a := b.Send("/c/young/respond/age-permission", send)
				if at, _, _ := strings.Cut(a.Location, "?"); a.Status == http.StatusSeeOther && send.Has("relationship") && send.Has("method") && strings.Contains(at, "/respond/") && s.eight && s.child {
					s.agreed = true
				}
			default:
				send.Set("threshold", threshold)
				send.Set("over", over)
				a := b.Send("/c/young/respond/age-check", send)
				if a.Status != http.StatusSeeOther || strings.HasSuffix(a.Location, "/equality") {
					continue
				}
				switch {
				case over == "no" && threshold == "8":
					s = said{}
				case threshold == "8":
					s.eight, s.agreed = true, false
				case threshold == "13":
					s.thirteen, s.child, s.agreed = over == "yes", over == "no", false
				}
			}
		}
	}
	for _, r := range responses(t, w, "young") {
		rules := privacy.AgeRules{Minimum: 8, Youth: true, Equality: 16}
		if kept, err := rules.Admit(r.Ages); err != nil || kept.Empty() {
			t.Errorf("a stored response has not passed: %+v %v", r.Ages, err)
		}
	}
	if stored == 0 || shown == 0 {
		t.Errorf("%d responses and %d questions: nobody passed, so nothing was tried", stored, shown)
	}
}

// A draft that was begun before its browser passed the gate, and one that somebody brings from elsewhere, are refused by the service too.
func TestAForgedDraftIsRefused(t *testing.T) {
	w := aged(t)
	d, err := w.Service.Begin(context.Background(), "young", "en")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.SubmitResponse(context.Background(), d); err == nil || len(responses(t, w, "young")) != 0 {
		t.Errorf("stored: %v", err)
	}
}
