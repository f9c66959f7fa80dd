package inside_test

import (
	"context"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// definition returns a draft's definition as it is stored.
func (w *world) definition(t testing.TB, base string) *survey.Definition {
	t.Helper()
	_, d, faults, err := w.Service.ConsultationForStaff(context.Background(), w.staff[consult.Researcher], strings.TrimPrefix(base, "/office/consultations/"))
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return d
}

func questionIDs(d *survey.Definition) string {
	var out []string
	for _, s := range d.Sections {
		var ids []string
		for _, q := range s.Questions {
			ids = append(ids, q.ID)
		}
		out = append(out, s.ID+":"+strings.Join(ids, ","))
	}
	return strings.Join(out, " ")
}

// TestEditorMakesASurvey adds, words, orders, depends and removes questions in the browser, without scripts.
func TestEditorMakesASurvey(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "resident-satisfaction")
	start := questionIDs(w.definition(t, base))

	b.Get(base + "/survey/add")
	shows(t, b, "5-point scale", "A new section")
	b.Get(base + "/survey/questions/new?kind=multiple&section=_new")
	save(t, b, "text-en", "What do you use?", "text-cy", "Beth ydych chi'n ei ddefnyddio?", "o0-en", "Books", "o0-cy", "Llyfrau")
	if b.Page.Status != 422 {
		t.Fatalf("one answer and no section: %d", b.Page.Status)
	}
	shows(t, b, "Enter at least two answers", "Enter the title of the section in English")
	save(t, b, "section_title-en", "The library", "section_title-cy", "Y llyfrgell", "o1-en", "None of these", "o1-cy", "Dim un o'r rhain", "o1-order", "9", "o1-flag", "exclusive",
		"o2-en", "Something else", "o2-cy", "Rhywbeth arall", "o2-order", "2", "o2-flag", "write", "o0-order", "1")
	at(t, b, base+"/survey", 200)
	shows(t, b, "The library", "What do you use?")
	d := w.definition(t, base)
	if got := questionIDs(d); got != start+" the_library:what_do_you_use" {
		t.Fatalf("questions %s", got)
	}
	q, _ := d.Question("what_do_you_use")
	if len(q.Options) != 3 || q.Options[0].Code != "books" || q.Options[1].WriteIn.Empty() || !q.Options[2].Exclusive {
		t.Errorf("options %+v", q.Options)
	}

	b.Get(base + "/survey/questions/what_do_you_use")
	save(t, b, "o0-en", "", "o0-cy", "", "required", "yes", "hint-en", "Choose any.", "hint-cy", "Dewiswch unrhyw rai.")
	at(t, b, base+"/survey", 200)
	if q, _ = w.definition(t, base).Question("what_do_you_use"); len(q.Options) != 2 || !q.Required || q.Hint["cy"] == "" {
		t.Errorf("after the change: %+v", q)
	}

	b.Get(base + "/survey/questions/what_do_you_use/condition?of=trust")
	save(t, b)
	shows(t, b, "Choose at least one answer")
	d = w.definition(t, base)
	trust, _ := d.Question("trust")
	code := trust.Options[len(trust.Options)-2].Code
	save(t, b, "code", code)
	at(t, b, base+"/survey/questions/what_do_you_use", 200)
	if q, _ = w.definition(t, base).Question("what_do_you_use"); q.ShowWhen == nil || q.ShowWhen.Question != "trust" || q.ShowWhen.AnyOf[0] != code {
		t.Errorf("condition %+v", q.ShowWhen)
	}

	b.Get(base + "/survey/order")
	save(t, b, "q-what_do_you_use", "1")
	if b.Page.Status != 422 { // it would come before the question it depends on? no: sections keep their order
		at(t, b, base+"/survey", 200)
	}
	b.Get(base + "/survey/order")
	save(t, b, "s-the_library", "0")
	shows(t, b, "Enter a whole number")
	b.Get(base + "/survey/order")
	save(t, b, "in-local_area", "the_library", "q-local_area", "99")
	at(t, b, base+"/survey", 200)
	if got := questionIDs(w.definition(t, base)); strings.Contains(got, "area:") || !strings.HasSuffix(got, "the_library:what_do_you_use,local_area") {
		t.Errorf("after moving the only question of a section: %s", got)
	}

	b.Get(base + "/survey/questions/trust/remove")
	shows(t, b, "These questions depend on it", "What do you use?")
	save(t, b)
	at(t, b, base+"/survey", 200)
	d = w.definition(t, base)
	if _, ok := d.Question("trust"); ok {
		t.Error("the question is still there")
	}
	if q, _ = d.Question("what_do_you_use"); q.ShowWhen != nil {
		t.Error("a condition looks at a question that is gone")
	}
}

func TestEditorKnowsEveryKind(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "resident-satisfaction")
	for _, c := range []struct {
		kind   string
		wrong  []string
		says   string
		right  []string
		checks func(survey.Question) bool
	}{
		{"scale", nil, "", []string{"scoring", "agreement", "dont_know", "none"}, func(q survey.Question) bool { return q.Scoring == "agreement" && len(q.Options) == 5 }},
		{"single", []string{"o0-en", "Yes", "o0-order", "x", "o1-en", "No"}, "Enter a whole number", []string{"o0-order", "", "o0-cy", "Ie", "o1-cy", "Na"}, func(q survey.Question) bool { return len(q.Options) == 2 }},
		{"short_text", []string{"max_length", "x"}, "Enter a whole number", []string{"max_length", "80"}, func(q survey.Question) bool { return q.MaxLength == 80 }},
		{"long_text", nil, "", []string{"max_length", "900"}, func(q survey.Question) bool { return q.MaxLength == 900 }},
		{"number", []string{"min", "one", "decimals", "9"}, "Enter a number, for example 12.5", []string{"min", "0", "max", "10", "decimals", "1"}, func(q survey.Question) bool { return q.Max != nil && *q.Max == 10 && q.Decimals == 1 }},
		{"date", []string{"min_date-day", "31", "min_date-month", "2", "min_date-year", "2026"}, "Enter a real date", []string{"min_date-month", "3"}, func(q survey.Question) bool { return q.MinDate == "2026-03-31" }},
		{"postcode", nil, "", []string{"keep", "postcode"}, func(q survey.Question) bool { return q.Keep == "postcode" }},
	} {
		b.Get(base + "/survey/questions/new?kind=" + c.kind + "&section=council")
		save(t, b)
		shows(t, b, "Enter the question in English")
		save(t, b, append([]string{"text-en", "About " + c.kind, "text-cy", "Am " + c.kind}, c.wrong...)...)
		if c.wrong != nil {
			shows(t, b, c.says)
			save(t, b, c.right...)
		} else if b.Page.Status == 200 {
			t.Logf("%s needed nothing more", c.kind)
			b.Get(base + "/survey/questions/about_" + c.kind)
			save(t, b, c.right...)
		} else {
			save(t, b, c.right...)
		}
		at(t, b, base+"/survey", 200)
		q, ok := w.definition(t, base).Question("about_" + c.kind)
		if !ok || string(q.Kind) != c.kind || !c.checks(q) {
			t.Errorf("%s: %+v", c.kind, q)
		}
	}
}

// TestEditorSaysWhatTheParserSays: what a form cannot foresee is refused by the parser and shown in words.
func TestEditorSaysWhatTheParserSays(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "resident-satisfaction")
	b.Get(base + "/survey/questions/trust")
	save(t, b, "text-cy", "")
	if b.Page.Status != 422 {
		t.Fatalf("a question without Welsh in a bilingual survey: %d", b.Page.Status)
	}
	b.Page.Sound(t)
	if len(b.Page.Text()) == 0 || !strings.Contains(b.Page.Text(), "There is a problem") {
		t.Error("no summary")
	}
	if q, _ := w.definition(t, base).Question("trust"); q.Text["cy"] == "" {
		t.Error("it was stored")
	}
}

func TestEqualityQuestionsComeFromTheBank(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "blank")
	b.Get(base + "/survey/equality")
	save(t, b, "entry", "invented")
	shows(t, b, "Choose from the question bank")
	save(t, b, "entry", "sex", "entry", "religion")
	at(t, b, base+"/survey", 200)
	if d := w.definition(t, base); len(d.Equality) != 2 || d.Equality[0].ID != "sex" {
		t.Errorf("equality: %d", len(d.Equality))
	}
	b.Get(base + "/notice")
	shows(t, b, "Consent for equality questions")
	if a := b.Peek(base + "/survey.yaml"); !strings.Contains(a.Body, "religion") || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("download: %s", a.Header.Get("Content-Disposition"))
	}
}

// TestPreviewStoresNothing goes through the respondents' pages of a draft; nobody has answered afterwards.
func TestPreviewStoresNothing(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	base := create(t, b, "resident-satisfaction")
	before := fingerprint(t, w.Dir)
	b.Get(base + "/preview")
	b.Get(base + "/preview/respond")
	shows(t, b, "Preview", "local area")
	if b.Page.Status != 200 || !strings.HasPrefix(b.Page.Path, base+"/preview/respond/") {
		t.Fatalf("preview at %s: %d", b.Page.Path, b.Page.Status)
	}
	_, fields := b.Form("/sign-out")
	fields.Set("local_area", "very_satisfied")
	a := b.Send(b.Page.Path, fields)
	if a.Status != 303 || !strings.HasPrefix(a.Location, base+"/preview/respond/") {
		t.Fatalf("an answer in the preview: %d to %s", a.Status, a.Location)
	}
	for table, hash := range fingerprint(t, w.Dir) {
		if before[table] != hash {
			t.Errorf("the preview changed %s", table)
		}
	}
}

// TestTranslatingASurvey: a survey in English gets its Welsh question by question; ticking the language too early says what is
// missing, each with the way to it.
func TestTranslatingASurvey(t *testing.T) {
	w := newWorld(t)
	b := w.signIn(t, consult.Researcher)
	b.Get("/office/consultations/new")
	save(t, b, "from", "_upload", "source", uitest.Short)
	base := b.Page.Path
	b.Get(base + "/survey/title")
	save(t, b, "languages", "en", "languages", "cy", "title-cy", "Un cwestiwn")
	at(t, b, base+"/survey/title", 422)
	shows(t, b, "What should change in the park?: ", "The park: ")
	for _, there := range []string{base + "/survey/questions/park", base + "/survey/sections/only"} {
		if !strings.Contains(b.Page.Body, `href="`+there+`"`) {
			t.Errorf("the summary does not lead to %s", there)
		}
	}
	b.Get(base + "/survey/questions/park")
	save(t, b, "text-cy", "Beth ddylai newid yn y parc?")
	b.Get(base + "/survey/sections/only")
	save(t, b, "title-cy", "Y parc")
	b.Get(base + "/survey/title")
	save(t, b, "languages", "en", "languages", "cy", "title-cy", "Un cwestiwn")
	at(t, b, base+"/survey", 200)
	d := w.definition(t, base)
	if len(d.Languages) != 2 || len(d.Unchecked) != 1 {
		t.Errorf("languages %v, unchecked %v", d.Languages, d.Unchecked)
	}
	b.Get(base + "/survey/title")
	save(t, b, "languages", "-")
	shows(t, b, "English is always one of them")
}
