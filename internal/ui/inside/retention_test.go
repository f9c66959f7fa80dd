package inside_test

import (
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// The officer shortens a rule, holds one consultation, sees what is coming, lets the time go by and reads the certificates.
func TestTheOfficerSeesInformationGo(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	a := b.Get("/office/retention")
	a.Sound(t)
	for _, text := range []string{"Nothing is erased within 30 days", "Nothing is on hold", "Privacy notice: 36 months"} {
		if !strings.Contains(a.Text(), text) {
			t.Errorf("the queue does not say %q: %s", text, a.Text())
		}
	}
	b.Get("/office/retention/rules/free_text")
	rule := url.Values{"id": {"free_text"}, "class": {"free_text"}, "stage": {"service"}, "period": {"P9Y"}, "trigger": {"closed"}, "action": {"dispose"}, "follows": {""}, "reason": {"Art. 5(1)(e)"},
		"effective_from-day": {"1"}, "effective_from-month": {"1"}, "effective_from-year": {"2026"}, "next_review-day": {"1"}, "next_review-month": {"1"}, "next_review-year": {"2030"}}
	if a := b.Fill(rule); a.Status != 422 || !strings.Contains(a.Text(), "The notices promise people that responses are kept for") {
		t.Errorf("longer than promised: %d %s", a.Status, a.Text())
	}
	b.Page.Sound(t)
	rule.Set("period", "p1m")
	if a := b.Fill(rule); a.Status != 303 {
		t.Fatalf("a shorter rule: %d %s", a.Status, a.Text())
	}
	if a := b.Get("/office/retention/rules"); !strings.Contains(a.Text(), "1 month from the day the consultation closes") {
		t.Errorf("the schedule: %s", a.Text())
	}
	b.Get("/office/retention/holds/new")
	end := privacy.DateOf(w.open.ClosesAt.AddDate(0, 3, 0))
	hold := url.Values{"consultation": {w.open.ID}, "class": {""}, "reason": {"A court asks"}, "until-day": {string(end[8:])}, "until-month": {string(end[5:7])}, "until-year": {string(end[:4])}}
	if a := b.Fill(hold); a.Status != 303 {
		t.Fatalf("a hold: %d %s", a.Status, a.Text())
	}
	w.Clock.Move(privacy.AddPeriod(w.open.ClosesAt, privacy.Period{Months: 2}))
	if _, err := w.Service.RunRetention(t.Context(), privacy.Actor{Kind: "system"}); err != nil {
		t.Fatal(err)
	}
	b = w.enter(t, consult.DPO)
	if a := b.Get("/office/retention"); !strings.Contains(a.Text(), "Kept by a hold") || !strings.Contains(a.Text(), "A court asks") {
		t.Errorf("the hold: %s", a.Text())
	}
	for prefix, text := range map[string]string{"": "Disposed of within 30 days 0 For you to review 0 On hold 2", "/cy": "Gwaredir o fewn 30 diwrnod 0 I chi ei adolygu 0 Wedi'i atal 2"} {
		if a := b.Get(prefix + "/office"); !strings.Contains(strings.Join(strings.Fields(a.Text()), " "), text) || !strings.Contains(a.Body, `href="`+prefix+`/office/retention"`) {
			t.Errorf("the officer's first page does not say %q (privacy.md 10.2): %s", text, a.Text())
		}
	}
	if a := w.enter(t, consult.Researcher).Get("/office"); strings.Contains(a.Text(), "Disposed of within 30 days") {
		t.Error("a researcher sees what is disposed of")
	}
	for _, prefix := range []string{"", "/cy"} {
		list := b.Get(prefix + "/office/retention/certificates")
		list.Sound(t)
		found := 0
		for _, l := range links(t, list) {
			if strings.HasPrefix(l, prefix+"/office/retention/certificates/") {
				found++
				one := b.Get(l)
				one.Sound(t)
				if !strings.Contains(one.Text(), map[string]string{"": "The chain of all certificates holds", "/cy": "Mae cadwyn yr holl dystysgrifau yn dal"}[prefix]) || !strings.Contains(one.Text(), "36") {
					t.Errorf("the certificate: %s", one.Text())
				}
			}
		}
		if found != 1 {
			t.Errorf("%d certificates: that of the closed consultation, and none of the one on hold", found)
		}
	}
	if a := b.Get("/how-long"); !strings.Contains(a.Text(), "Kept longer for a legal reason") || !strings.Contains(a.Text(), "The time was over on") {
		t.Errorf("the public page: %s", a.Text())
	}
}

// Once free text is gone by a rule, its author is told so, and officers no longer see it among what people wrote.
func TestErasedTextIsSaidToBeErased(t *testing.T) {
	w := fullWorld(t)
	desk := dpo.Desk{Service: w.Service}
	faults, err := desk.SaveRule(t.Context(), w.staff[consult.DPO], 0, "free_text", privacy.RetentionRule{ID: "free_text", Class: privacy.ClassFreeText, Stage: privacy.StageService,
		Trigger: privacy.OnClosed, Period: "P1M", Action: privacy.Dispose, Reason: "Art. 5(1)(e)", EffectiveFrom: "2026-01-01", NextReview: "2027-01-01"})
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	w.Clock.Move(privacy.AddPeriod(w.open.ClosesAt, privacy.Period{Months: 2}))
	before, err := w.Service.Texts(t.Context(), w.staff[consult.Researcher], w.open.ID, "more", 0, 10)
	check(t, err)
	done, err := w.Service.RunRetention(t.Context(), privacy.Actor{Kind: "system"})
	check(t, err)
	after, err := w.Service.Texts(t.Context(), w.staff[consult.Researcher], w.open.ID, "more", 0, 10)
	check(t, err)
	if before.Total == 0 || done.Texts < before.Total || after.Total != 0 || len(after.Texts) != 0 {
		t.Errorf("%d texts before, %d disposed of, %d after", before.Total, done.Texts, after.Total)
	}
	held, err := w.Service.HeldByCode(t.Context(), w.code, "n")
	if err != nil || held.Response.Answers["more"].Text != "" || len(held.Response.Answers["satisfied"].Codes) != 1 {
		t.Errorf("%+v, %v", held, err)
	}
	b := w.Browser(t)
	b.Get("/your-response")
	if a := b.Submit("", "code", w.code); !strings.Contains(a.Text(), "Erased: we keep what you wrote for a shorter time") {
		t.Errorf("your response: %s", a.Text())
	}
}

// The officer approves that postcodes are coarsened, everybody reads until when they are kept, and the certificate says what was done (councils.md S0-2).
func TestTheOfficerHasPostcodesCoarsened(t *testing.T) {
	w := fullWorld(t)
	if a := w.Browser(t).Get("/how-long"); strings.Contains(a.Text(), "Your postcode") {
		t.Errorf("no survey keeps a postcode: %s", a.Text())
	}
	c := w.Publish(t, "homes", strings.Replace(uitest.Everything, "keep: ward", "keep: postcode", 1), nil)
	d, err := w.Service.Begin(t.Context(), c.Slug, locale.English)
	check(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}, "home": {Codes: []string{"abbots_cross"}, Text: "WM1 1AA"}}
	d.Ages = uitest.OldEnough(w.Service.Now())
	sent, err := w.Service.SubmitResponse(t.Context(), d)
	check(t, err)
	b := w.signIn(t, consult.DPO)
	b.Get("/office/retention/rules/postcodes")
	rule := url.Values{"id": {"postcodes"}, "class": {"postcodes"}, "stage": {"service"}, "period": {"P1M"}, "trigger": {"closed"}, "action": {"dispose"}, "follows": {""}, "reason": {"Art. 5(1)(c)"},
		"effective_from-day": {"1"}, "effective_from-month": {"1"}, "effective_from-year": {"2026"}, "next_review-day": {"1"}, "next_review-month": {"1"}, "next_review-year": {"2030"}}
	if a := b.Fill(rule); a.Status != 422 || !strings.Contains(a.Text(), "Choose that postcodes are coarsened") {
		t.Errorf("erasing: %d %s", a.Status, a.Text())
	}
	b.Page.Sound(t)
	rule.Set("action", "coarsen")
	if a := b.Fill(rule); a.Status != 303 {
		t.Fatalf("coarsening: %d %s", a.Status, a.Text())
	}
	until := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 1})
	for prefix, texts := range map[string][]string{"": {"Your postcode", "Not kept", "Until " + locale.Date(locale.English, until)}, "/cy": {"Eich cod post", "Heb ei gadw", "Tan " + locale.Date(locale.Welsh, until)}} {
		a := w.Browser(t).Get(prefix + "/how-long")
		a.Sound(t)
		for _, text := range texts {
			if !strings.Contains(a.Text(), text) {
				t.Errorf("%s/how-long does not say %q: %s", prefix, text, a.Text())
			}
		}
	}
	if a := b.Get("/office/retention"); !strings.Contains(a.Text(), "Postcodes") || !strings.Contains(a.Text(), "“postcodes”: 1 month") {
		t.Errorf("the queue: %s", a.Text())
	}
	w.Clock.Move(until.AddDate(0, 0, 1))
	if done, err := w.Service.RunRetention(t.Context(), privacy.Actor{Kind: "system"}); err != nil || done.Postcodes != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	b = w.enter(t, consult.DPO)
	for prefix, texts := range map[string][]string{"": {"Responses with a postcode: 1", "Responses with a postcode: 0", "the ward and the other answers kept"}, "/cy": {"Ymatebion â chod post: 1", "cadwyd y ward"}} {
		for _, l := range links(t, b.Get(prefix+"/office/retention/certificates")) {
			if !strings.HasPrefix(l, prefix+"/office/retention/certificates/") {
				continue
			}
			one := b.Get(l)
			one.Sound(t)
			if !strings.Contains(one.Text(), texts[0]) {
				continue
			}
			for _, text := range texts {
				if !strings.Contains(one.Text(), text) {
					t.Errorf("the certificate does not say %q: %s", text, one.Text())
				}
			}
			texts = nil
		}
		if texts != nil {
			t.Errorf("%s: no certificate of postcodes", prefix)
		}
	}
	own := w.Browser(t)
	own.Get("/your-response")
	if a := own.Submit("", "code", sent.Code); strings.Contains(a.Text(), "WM1 1AA") || !strings.Contains(a.Text(), "Abbots Cross") {
		t.Errorf("your response: %s", a.Text())
	}
}
