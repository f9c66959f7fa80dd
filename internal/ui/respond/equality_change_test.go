package respond_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/uitest"
)

// writing is a world whose survey has an equality question with something to write, and a browser that has "Your response" open after answering it.
func writing(t *testing.T) (*uitest.World, *uitest.Browser, string) {
	t.Helper()
	w := uitest.New(t)
	public.Register(w.Kit, w.Service)
	respond.Register(w.Kit, w.Service)
	w.Publish(t, "library", strings.Replace(uitest.Everything, "[age_band, sex, disability]", "[age_band, religion]", 1), nil)
	b := consented(t, w)
	b.Submit("", "age_band", "35_44")
	b.Submit("", "religion", "other", "religion-other-text", "Jedi since 1977")
	_, code := confirmed(t, b)
	other := w.Browser(t)
	open(t, other, code)
	return w, other, code
}

// councils.md S3-18: equality answers, what was written beside an option too, are changed from "Your response" as long as consent stands.
func TestEqualityAnswersAreChangedFromYourResponse(t *testing.T) {
	w, b, _ := writing(t)
	has(t, b, "35 to 44", "Jedi since 1977", "Change these answers")
	before := sealed(t, w)
	b.Get("/your-response/equality")
	at(t, b, "/your-response/equality", http.StatusOK)
	b.Page.Sound(t)
	if !strings.Contains(b.Page.Body, "Jedi since 1977") {
		t.Error("what stands there is not filled in")
	}
	for _, chosen := range []string{`value="35_44" checked`, `value="other" checked`} {
		if !strings.Contains(b.Page.Body, chosen) {
			t.Errorf("what stands there is not chosen: %s", chosen)
		}
	}
	b.Submit("", "age_band", "35_44", "religion", "other", "religion-other-text", "Ring 07700 900123")
	at(t, b, "/your-response/equality", http.StatusOK)
	has(t, b, "a telephone number")
	if !bytes.Equal(sealed(t, w), before) {
		t.Error("it is stored before the person decided (councils.md S1-2)")
	}
	b.Submit("", "age_band", "35_44", "religion", "other", "religion-other-text", "Pastafarian")
	at(t, b, "/your-response/held", http.StatusOK)
	has(t, b, "Your equality answers are changed", "Pastafarian", "35 to 44")
	hasNot(t, b, "Jedi since 1977")
	b.Get("/your-response/equality")
	b.Submit("", "religion", "other", "religion-other-text", strings.Repeat("x", 5000))
	at(t, b, "/your-response/equality", http.StatusUnprocessableEntity)
	b.Page.Sound(t)
	b.Get("/your-response/equality")
	b.Submit("", "age_band", "35_44", "age_band-remove", "1", "religion", "none")
	at(t, b, "/your-response/held", http.StatusOK)
	hasNot(t, b, "35 to 44", "Pastafarian")
	b.Get("/your-response/equality")
	b.Submit("", "religion", "none", "religion-remove", "1")
	at(t, b, "/your-response/held", http.StatusOK)
	has(t, b, "Answer the equality questions", "Withdraw my consent")
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles, of a person who took every answer back", n)
	}
	b.Get("/cy/your-response/equality")
	has(t, b, "Eich atebion i'r cwestiynau cydraddoldeb")
	b.Page.Sound(t)
}

// The guards are those of the first time: consent that stands, and a code.
func TestWhoMayChangeEqualityAnswers(t *testing.T) {
	w, b, code := writing(t)
	b.Get("/your-response/equality")
	_, fields := b.Form("")
	fields.Set("religion", "none")
	stranger := w.Browser(t)
	stranger.Get("/your-response/equality")
	at(t, stranger, "/your-response", http.StatusOK)
	w.Clock.Move(uitest.Start.AddDate(0, 2, 0).Add(time.Hour)) // closed, and consent stands
	b = w.Browser(t)
	open(t, b, code)
	b.Get("/your-response/equality")
	b.Submit("", "religion", "none", "religion-other-text", "")
	at(t, b, "/your-response/held", http.StatusOK)
	has(t, b, "No religion")
	b.Get("/your-response/equality")
	_, fields = b.Form("")
	other := w.Browser(t)
	open(t, other, code)
	other.Submit("/your-response/withdraw-consent")
	b.Send("/your-response/equality", fields) // from a page that was asked for before
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles after the withdrawal", n)
	}
	b.Get("/your-response/equality")
	at(t, b, "/your-response/held", http.StatusOK)
	hasNot(t, b, "Change these answers")
}

// A page that was open while the person withdrew and agreed anew stores nothing under the new consent: it shows what was entered once more (UK GDPR art. 7(3), 9(2)(a)).
func TestAnOlderPageOfEqualityAnswersIsShownAgain(t *testing.T) {
	w, b, code := writing(t)
	b.Get("/your-response/equality")
	path, fields := b.Form("")
	fields.Set("age_band", "35_44")
	fields.Set("religion", "other")
	fields.Set("religion-other-text", "Pastafarian")
	other := w.Browser(t)
	open(t, other, code)
	other.Submit("/your-response/withdraw-consent")
	c, _, err := w.Service.PublicConsultation(t.Context(), "library")
	if err != nil {
		t.Fatal(err)
	}
	statement, err := w.Service.ConsentStatement(t.Context(), c, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.DecideConsent(t.Context(), code, true, statement.Hash, locale.English); err != nil {
		t.Fatal(err)
	}
	b.Send(path, fields)
	at(t, b, "/your-response/equality", http.StatusConflict)
	b.Page.Sound(t)
	has(t, b, "What you entered is below and is not saved")
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles: answers shown under the withdrawn consent lie under the new one", n)
	}
	if !strings.Contains(b.Page.Body, "Pastafarian") {
		t.Error("what was entered is lost")
	}
	b.Submit("", "age_band", "35_44", "religion", "other", "religion-other-text", "Pastafarian")
	at(t, b, "/your-response/held", http.StatusOK)
	has(t, b, "Pastafarian")
}

// A page that is shown once more, for an error or to look again, still tells what was there at first.
func TestAPageThatIsShownAgainStaysAsOld(t *testing.T) {
	w, b, code := writing(t)
	b.Get("/your-response/equality")
	other := w.Browser(t)
	open(t, other, code)
	other.Get("/your-response/equality")
	other.Submit("", "age_band-remove", "1", "religion-remove", "1")
	at(t, other, "/your-response/held", http.StatusOK)
	b.Submit("", "age_band", "35_44", "religion", "other", "religion-other-text", "Ring 07700 900123")
	at(t, b, "/your-response/equality", http.StatusOK)
	b.Submit("", "age_band", "35_44", "religion", "other", "religion-other-text", "Ring 07700 900123")
	at(t, b, "/your-response/equality", http.StatusConflict)
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles: what was taken back is there again", n)
	}
}

// WCAG 3.1.2: in a consultation without Welsh, what the page says in Welsh is marked so: the boxes that remove an answer, and questions of the bank.
func TestTheBoxesThatRemoveAreInTheLanguageOfThePage(t *testing.T) {
	w := uitest.New(t)
	public.Register(w.Kit, w.Service)
	respond.Register(w.Kit, w.Service)
	w.Publish(t, "library", strings.Replace(uitest.Everything, "[age_band, sex, disability]", "[age_band, religion]", 1), func(d *consult.Details) {
		d.Title = locale.Text{locale.English: d.Title[locale.English]}
		d.Languages = []locale.Lang{locale.English}
	})
	b := consented(t, w)
	b.Submit("", "age_band", "35_44")
	b.Submit("", "religion", "none")
	_, code := confirmed(t, b)
	o := w.Browser(t)
	open(t, o, code)
	o.Get("/cy/your-response/equality")
	for part, lang := range map[string]string{"Dileu fy ateb i": "cy", "35 i 44": "cy"} {
		if got := langOf(t, o.Page.Body, part); got != lang {
			t.Errorf("%q is in %q, not %q", part, got, lang)
		}
	}
}

// UK GDPR art. 5(1)(e): once their time is over the page says so, and offers no change.
func TestEqualityAnswersWhoseTimeIsOverAreNotOffered(t *testing.T) {
	w, b, code := writing(t)
	settings := consult.DefaultRetention()
	for i := range settings.Rules {
		if settings.Rules[i].Class == privacy.ClassEquality {
			settings.Rules[i].Period, settings.Rules[i].Approver = "P3M", "Dee Officer"
		}
	}
	err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
		_, version, err := consult.Retention(tx)
		if err != nil {
			return err
		}
		if err := consult.WriteSetting(tx, consult.RetentionSetting, settings, version); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.retention", Object: "store:all"})
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Get("/your-response/equality")
	path, fields := b.Form("")
	c, _, err := w.Service.PublicConsultation(t.Context(), "library")
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 3}).Add(time.Hour))
	b = w.Browser(t)
	open(t, b, code)
	has(t, b, "The time for which we keep answers to the equality questions is over", "Withdraw my consent")
	hasNot(t, b, "Change these answers", "Answer the equality questions")
	_, own := b.Form("/your-response/withdraw-consent")
	for name, values := range own { // a page of this session that was open before
		fields[name] = values
	}
	b.Get("/your-response/equality")
	at(t, b, "/your-response/equality", http.StatusGone)
	before := sealed(t, w)
	b.Send(path, fields)
	at(t, b, "/your-response/equality", http.StatusGone)
	if !bytes.Equal(before, sealed(t, w)) {
		t.Error("they are changed")
	}
}

// langOf returns the language of the element with the text.
func langOf(t *testing.T, body, text string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var find func(*html.Node, string) string
	find = func(n *html.Node, lang string) string {
		for _, a := range n.Attr {
			if a.Key == "lang" {
				lang = a.Val
			}
		}
		if n.Type == html.TextNode && strings.Contains(n.Data, text) {
			return lang
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if found := find(c, lang); found != "" {
				return found
			}
		}
		return ""
	}
	return find(root, "")
}
