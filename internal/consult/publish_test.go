package consult_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Privacy.md 2, decision 4: what people answered does not change afterwards, whatever a later program brings.
func TestALaterBankDoesNotChangeAPublishedSurvey(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	_, before, err := w.PublicConsultation(t.Context(), c.Slug)
	if err != nil {
		t.Fatal(err)
	}
	later := &consult.Service{Store: w.Store, Sessions: w.Sessions, Keys: w.Keys, Now: w.Now, Bank: survey.Bank{}}
	_, after, err := later.PublicConsultation(t.Context(), c.Slug)
	if err != nil {
		t.Fatalf("a program with another bank: %v", err)
	}
	if len(after.Equality) == 0 || len(after.Equality) != len(before.Equality) || after.Equality[0].Text.In("cy") != before.Equality[0].Text.In("cy") {
		t.Errorf("got %d equality questions, want %d", len(after.Equality), len(before.Equality))
	}
	if strings.Contains(after.Questions()[1].Text.In("en"), survey.CouncilToken) {
		t.Error("the council's name is filled in")
	}
}

func TestReadinessNamesEveryReason(t *testing.T) {
	text := func(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }
	for _, row := range []struct {
		why    string
		change func(*consult.Consultation)
		key    string
		page   string
		field  string
	}{
		{"art. 13(1)(c): a purpose without a basis", func(c *consult.Consultation) { c.Processing.Purposes[0].Basis = "" }, "notice.lint.purpose_basis", "notice", "purposes.0.basis"},
		{"art. 13(2)(a): no retention period", func(c *consult.Consultation) { c.Processing.Retention = "" }, "notice.lint.retention", "notice", "retention"},
		{"art. 9(2)(a): the statement names no category", func(c *consult.Consultation) { c.Processing.Categories = nil }, "notice.lint.statement_categories", "consent", "categories"},
		{"art. 9(2)(a): a category that is asked is not named", func(c *consult.Consultation) { c.Processing.Categories = c.Processing.Categories[1:] }, "readiness.category", "consent", "categories"},
		{"art. 9(2)(a): the partner is not named", func(c *consult.Consultation) { c.Processing.Partners = nil }, "notice.lint.statement_partner", "consent", "partners"},
		{"ICO: partners are named, not described", func(c *consult.Consultation) { c.Processing.Partners = []string{"our partners"} }, "notice.lint.recipient_named", "consent", "partners.0"},
		{"a translation is missing", func(c *consult.Consultation) { c.About = text("Words.", "") }, "readiness.text_cy", "details", "about.cy"},
		{"a document's translation is missing", func(c *consult.Consultation) {
			c.Documents = []consult.Document{{Title: text("Plan", ""), URL: "https://example.org"}}
		}, "readiness.text_cy", "details", "documents.0.title.cy"},
		{"closing before opening", func(c *consult.Consultation) { c.ClosesAt = c.OpensAt.Add(-time.Hour) }, "readiness.dates.order", "timetable", "closes_at"},
		{"closing in the past", func(c *consult.Consultation) {
			c.OpensAt, c.ClosesAt = start.AddDate(0, 0, -9), start.AddDate(0, 0, -1)
		}, "readiness.dates.past", "timetable", "closes_at"},
		{"open for longer than two years", func(c *consult.Consultation) { c.ClosesAt = c.OpensAt.AddDate(2, 0, 2) }, "readiness.dates.long", "timetable", "closes_at"},
		{"nobody to ask", func(c *consult.Consultation) { c.ContactEmail, c.ContactPhone = "", "" }, "readiness.contact", "details", "contact_email"},
	} {
		w := newWorld(t)
		c := w.draft(t, "resident-satisfaction")
		row.change(c)
		by := w.staff[consult.Researcher]
		if err := w.SaveDetails(t.Context(), by, c.ID, c.Slug, c.Version, c.Details); err != nil {
			t.Fatalf("%s: %v", row.why, err)
		}
		w.screen(t, c.ID) // so that nothing but the row's reason stands in the way
		ready, err := w.Readiness(t.Context(), by, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(ready.Findings, func(f consult.Finding) bool {
			return f.Key == row.key && f.Page == row.page && f.Field == row.field && !f.Warn
		})
		if !found || ready.Ready() {
			t.Errorf("%s: want %s on %s %s; found %+v", row.why, row.key, row.page, row.field, ready.Findings)
		}
		want(t, w.Publish(t.Context(), by, c.ID, c.Version+1), fault.Conflict, row.why)
		if w.reload(t, c.ID).State != consult.Drafted {
			t.Errorf("%s: it was published", row.why)
		}
	}
}

func TestSixDaysAreAWarningOnly(t *testing.T) {
	w := newWorld(t)
	c := w.draft(t, "blank")
	by := w.staff[consult.Researcher]
	c.ClosesAt = c.OpensAt.AddDate(0, 0, 6)
	if err := w.SaveDetails(t.Context(), by, c.ID, c.Slug, c.Version, c.Details); err != nil {
		t.Fatal(err)
	}
	w.screen(t, c.ID)
	ready, err := w.Readiness(t.Context(), by, c.ID)
	if err != nil || !ready.Ready() {
		t.Fatalf("%v %+v", err, ready.Findings)
	}
	if !slices.ContainsFunc(ready.Findings, func(f consult.Finding) bool { return f.Key == "readiness.dates.short" && f.Warn }) {
		t.Error("people need time (Gunning 3): no warning")
	}
	if ready.Notice == nil || ready.Notice.Verify() != nil {
		t.Error("the notice that would be published can be read beforehand")
	}
}

func TestWhatIsPublishedDoesNotChange(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	by := w.staff[consult.Researcher]
	save := func(change func(*consult.Details)) error {
		now := w.reload(t, c.ID)
		d := now.Details
		change(&d)
		return w.SaveDetails(t.Context(), by, c.ID, now.Slug, now.Version, d)
	}
	for _, row := range []struct {
		why    string
		change func(*consult.Details)
	}{
		{"the title", func(d *consult.Details) { d.Title = locale.Text{locale.English: "Another", locale.Welsh: "Arall"} }},
		{"what people were told about their information", func(d *consult.Details) { d.Processing.Retention = "P99Y" }},
		{"closing earlier", func(d *consult.Details) { d.ClosesAt = d.ClosesAt.Add(-time.Hour) }},
		{"opening", func(d *consult.Details) { d.OpensAt = d.OpensAt.Add(-time.Hour) }},
		{"who may answer, which decides how figures are protected", func(d *consult.Details) { d.OpenLink = !d.OpenLink }},
	} {
		want(t, save(row.change), fault.Conflict, row.why)
	}
	_, err := w.SaveSource(t.Context(), by, c.ID, w.reload(t, c.ID).Version, w.Library[1].Source)
	want(t, err, fault.Conflict, "a question after the first answer (security.md T3)")
	want(t, w.EraseDraft(t.Context(), by, c.ID), fault.Conflict, "erasing it")
	want(t, w.Publish(t.Context(), by, c.ID, w.reload(t, c.ID).Version), fault.Conflict, "publishing it again")
	if err := save(func(d *consult.Details) { d.ClosesAt, d.ContactPhone = d.ClosesAt.AddDate(0, 0, 7), "01632 960001" }); err != nil {
		t.Errorf("a later closing and another contact: %v", err)
	}
	stale := w.reload(t, c.ID)
	if err := save(func(d *consult.Details) { d.ContactName = "Somebody" }); err != nil {
		t.Fatal(err)
	}
	want(t, w.SaveDetails(t.Context(), by, c.ID, c.Slug, stale.Version, stale.Details), fault.Conflict, "an edit of an older version")
	w.turn(w.reload(t, c.ID).ClosesAt.Sub(w.clock()))
	want(t, save(func(d *consult.Details) { d.ClosesAt = d.ClosesAt.AddDate(0, 0, 7) }), fault.Conflict, "opening a closed consultation again")
}

func TestAnOutcomeIsPublishedAfterClosingAndStays(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "blank")
	by := w.staff[consult.Researcher]
	whole := locale.Text{locale.English: "Words", locale.Welsh: "Geiriau"}
	o := consult.Outcome{Asked: whole, Said: whole, Did: whole}
	want(t, w.SaveOutcome(t.Context(), by, c.ID, c.Version, o, true), fault.Conflict, "before closing")
	w.turn(c.ClosesAt.Sub(w.clock()))
	half := o
	half.Did = locale.Text{locale.English: "Words"}
	want(t, w.SaveOutcome(t.Context(), by, c.ID, c.Version, half, true), fault.Invalid, "without its translation")
	if err := w.SaveOutcome(t.Context(), by, c.ID, c.Version, o, true); err != nil {
		t.Fatal(err)
	}
	published := w.reload(t, c.ID)
	if published.Status(w.clock()) != consult.StatusReported {
		t.Errorf("status %s", published.Status(w.clock()))
	}
	w.turn(time.Hour)
	if err := w.SaveOutcome(t.Context(), by, c.ID, published.Version, o, false); err != nil {
		t.Fatal(err)
	}
	if again := w.reload(t, c.ID); !again.Outcome.PublishedAt.Equal(published.Outcome.PublishedAt) {
		t.Error("a correction neither withdraws an outcome nor dates it anew")
	}
}

func TestEqualityQuestionsBringTheirConsentStatementWithThem(t *testing.T) {
	w := newWorld(t)
	by := w.staff[consult.Researcher]
	c := w.draft(t, "blank")
	if len(c.Processing.Categories) > 0 {
		t.Fatal("the blank survey asks no equality questions")
	}
	edit := func(ids string) *consult.Consultation {
		now := w.reload(t, c.ID)
		source := string(now.Source)
		if i := strings.Index(source, "\nequality:"); i >= 0 {
			source = source[:i+1]
		}
		faults, err := w.SaveSource(t.Context(), by, c.ID, now.Version, []byte(source+ids))
		if err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
		return w.reload(t, c.ID)
	}
	explicit := func(c *consult.Consultation) bool {
		return slices.ContainsFunc(c.Processing.Purposes, func(p privacy.Purpose) bool { return p.Condition == privacy.ExplicitConsent })
	}
	if two := edit("equality: [age_band, sex]\n"); len(two.Processing.Categories) != 2 || !explicit(two) {
		t.Errorf("categories %v", two.Processing.Categories)
	}
	if three := edit("equality: [age_band, sex, religion]\n"); len(three.Processing.Categories) != 3 {
		t.Errorf("categories %v", three.Processing.Categories)
	}
	if none := edit(""); len(none.Processing.Categories) != 0 || explicit(none) {
		t.Errorf("a notice does not name what is not asked: %v", none.Processing)
	}
	_, err := w.SaveSource(t.Context(), by, c.ID, 1, w.Library[0].Source)
	want(t, err, fault.Conflict, "an edit of an older version")
	faults, err := w.SaveSource(t.Context(), by, c.ID, w.reload(t, c.ID).Version, []byte("id: x"))
	if err != nil || len(faults) == 0 {
		t.Errorf("a definition with faults: %v, %v", faults, err)
	}
}
