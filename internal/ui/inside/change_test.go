package inside_test

import (
	"context"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

// opened is a browser in which the response with the code is open, in a language.
func (w *world) opened(t testing.TB, lang, code string) *uitest.Browser {
	t.Helper()
	b := w.Browser(t)
	b.Get(lang + "/your-response")
	fill(t, b, "code", code)
	return b
}

// Councils.md S0-19, on the pages: before a change is confirmed nobody is asked; then whoever answered before is, in either language; and what they chose
// is what the office, the file and the receipt say.
func TestAskedAboutANewUse(t *testing.T) {
	for _, row := range []struct {
		lang, asked, why, agreed, back, receipt string
	}{
		{"", "We have a question for you", "Birch helps us plan.", "You agreed. You can take that back here at any time.", "You took your agreement back.", "New uses of your answers"},
		{"/cy", "Mae gennym gwestiwn i chi", "Mae Birch yn ein helpu i gynllunio.", "Rydych wedi cytuno.", "Rydych wedi tynnu eich cytundeb yn ôl.", "Defnyddiau newydd o'ch atebion"},
	} {
		w := fullWorld(t)
		b := w.opened(t, row.lang, w.code)
		if strings.Contains(b.Page.Text(), row.asked) {
			t.Errorf("%s: asked about a draft", row.lang)
		}
		if b.Get(row.lang + "/your-response/new-use/responses"); !strings.HasSuffix(b.Page.Path, "/held") {
			t.Errorf("%s: a page about nothing: %s", row.lang, b.Page.Path)
		}
		w.proposeChange(t, w.changeID)
		w.confirmChange(t, w.changeID)
		b.Get(row.lang + "/your-response/held")
		if !strings.Contains(b.Page.Text(), row.asked) {
			t.Fatalf("%s: nobody is asked", row.lang)
		}
		b.Get(row.lang + "/your-response/new-use/responses")
		if text := b.Page.Text(); !strings.Contains(text, row.why) || !strings.Contains(text, newPartner) {
			t.Errorf("%s: the question: %s", row.lang, text)
		}
		if strings.Contains(b.Page.Body, " checked") {
			t.Errorf("%s: something is chosen beforehand", row.lang)
		}
		fill(t, b, "consent", "agree")
		if !strings.Contains(b.Page.Text(), row.agreed) {
			t.Errorf("%s: agreed: %s", row.lang, b.Page.Text())
		}
		b.Get(row.lang + "/your-response/receipt")
		if !strings.Contains(b.Page.Text(), row.receipt) {
			t.Errorf("%s: the receipt does not say it", row.lang)
		}
		b.Get(row.lang + "/your-response/copy.json")
		if !strings.Contains(b.Page.Body, `"about": "new_use"`) {
			t.Errorf("%s: the copy does not say it", row.lang)
		}
		progress, err := w.Service.ChangeProgress(context.Background(), w.staff[consult.Researcher], w.changeID)
		if err != nil || progress[0].Agreed != 1 || progress[0].Asked != 130 {
			t.Errorf("%s: %+v, %v", row.lang, progress, err)
		}
		b.Get(row.lang + "/your-response/held")
		for _, s := range sheets(t, b.Page) {
			if strings.HasSuffix(s.action, "/new-use/responses") {
				b.Get(b.Send(s.action, s.values).Location)
			}
		}
		if !strings.Contains(b.Page.Text(), row.back) {
			t.Errorf("%s: taken back: %s", row.lang, b.Page.Text())
		}
		if b.Get(row.lang + "/your-response/new-use/everything"); b.Page.Status != 404 {
			t.Errorf("%s: a part that there is not: %d", row.lang, b.Page.Status)
		}
	}
}

// The page of a change says who is concerned, and the files of responses leave out who did not agree.
func TestTheOfficeSeesWhomAChangeConcerns(t *testing.T) {
	w := fullWorld(t)
	at := "/office/consultations/" + w.open.ID
	r := w.signIn(t, consult.Researcher)
	r.Get(at + "/changes/" + w.changeID)
	for _, says := range []string{"130 people answered under version 1. They are not part of the new use until they agree.", "65 people consented to the equality questions under version 1.",
		"Must agree first", "UK GDPR art. 13(1)(e)"} {
		if !strings.Contains(r.Page.Text(), says) {
			t.Errorf("the preview does not say %q", says)
		}
	}
	r.Get("/cy" + at + "/changes/" + w.changeID)
	if !strings.Contains(r.Page.Text(), "Rhaid iddynt gytuno yn gyntaf") {
		t.Error("in Welsh neither")
	}
	if r.Get("/office/consultations/" + w.closed.ID + "/changes/" + w.changeID); r.Page.Status != 404 {
		t.Errorf("the change of another consultation: %d", r.Page.Status)
	}
	lines := func(query string) int {
		t.Helper()
		r.Get(at + "/export/responses.csv?flavour=plain" + query)
		return strings.Count(strings.TrimSpace(r.Page.Body), "\n")
	}
	if n := lines(""); n != 130 {
		t.Fatalf("%d responses in the file before the change", n)
	}
	w.proposeChange(t, w.changeID)
	r.Get(at + "/changes/" + w.changeID)
	if text := r.Page.Text(); !strings.Contains(text, "Somebody else has to confirm it") || strings.Contains(r.Page.Body, w.changeID+"/confirm") {
		t.Error("who proposed it is offered to confirm it")
	}
	d := w.signIn(t, consult.DPO)
	if d.Get("/office"); !strings.Contains(d.Page.Text(), "Changes of what is done with answers") {
		t.Error("the officer's first page does not say that a change waits")
	}
	d.Get(at + "/changes/" + w.changeID + "/confirm")
	fill(t, d, "sure", "yes")
	if text := d.Page.Text(); !strings.Contains(text, "This is version 2 of the privacy notice.") || !strings.Contains(text, "We hold no names and no addresses of people who answered") {
		t.Errorf("confirmed: %s", text)
	}
	if lines("") != 0 || lines("&told=all") != 130 {
		t.Errorf("after it %d lines for every use, and %d for what people were told", lines(""), lines("&told=all"))
	}
	r.Get(at + "/export")
	if !strings.Contains(r.Page.Text(), "leave out who was not told of the newest version") {
		t.Error("the page of files does not say so")
	}
	if x, err := w.Service.Change(context.Background(), w.staff[consult.DPO], w.changeID); err != nil || len(x.Needs()) != 2 || x.Needs()[1] != privacy.PartEquality {
		t.Errorf("needs: %v", err)
	}
}

// Renewing on the page: the whole statement, two options, and letting it end takes nothing away.
func TestRenewingOnThePage(t *testing.T) {
	for _, row := range []struct{ lang, asked, renewed, left string }{
		{"", "You can renew it until", "Your consent is renewed.", "Your consent ends by itself on its last day."},
		{"/cy", "Gallwch ei adnewyddu tan", "Mae eich cydsyniad wedi'i adnewyddu.", "Daw eich cydsyniad i ben ohono'i hun ar ei ddiwrnod olaf."},
	} {
		w := fullWorld(t)
		w.renewable(t)
		b := w.opened(t, row.lang, w.code)
		if !strings.Contains(b.Page.Text(), row.asked) {
			t.Fatalf("%s: no offer: %s", row.lang, b.Page.Text())
		}
		b.Get(row.lang + "/your-response/renew")
		fill(t, b, "consent", "refuse")
		if !strings.Contains(b.Page.Text(), row.left) || !strings.Contains(b.Page.Text(), row.asked) {
			t.Errorf("%s: let it end: %s", row.lang, b.Page.Text())
		}
		b.Get(row.lang + "/your-response/renew")
		fill(t, b, "consent", "agree")
		if !strings.Contains(b.Page.Text(), row.renewed) || strings.Contains(b.Page.Text(), row.asked) {
			t.Errorf("%s: renewed: %s", row.lang, b.Page.Text())
		}
		if b.Get(row.lang + "/your-response/renew"); !strings.HasSuffix(b.Page.Path, "/held") {
			t.Errorf("%s: offered again: %s", row.lang, b.Page.Path)
		}
	}
}
