package survey_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"folkmoot/internal/survey"
	"folkmoot/surveys"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse: whatever the source, Parse returns; faults have a place and words; what it accepts can be written
// and read back, and follows the published schema unless white space around a text makes it longer there.
func FuzzParse(f *testing.F) {
	f.Add([]byte(base))
	for _, name := range surveys.Standard() {
		src, _ := surveys.StandardSource(name)
		f.Add(src)
	}
	for _, row := range badDefinitions {
		f.Add([]byte(strings.Replace(base, row.old, row.new, 1)))
	}
	f.Add([]byte("? - ? -\n- : :\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("%YAML 1.1\n---\n!!map {"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, faults := survey.Parse(src, surveys.Bank())
		if (d == nil) != (len(faults) > 0) {
			t.Fatalf("definition %v with %d faults", d != nil, len(faults))
		}
		for _, fault := range faults {
			if text := fault.String(); strings.Contains(text, "{{") || strings.Contains(text, "survey.fault") || fault.Line < 0 {
				t.Fatalf("a fault that does not say what is wrong: %+v", fault)
			}
		}
		if d == nil {
			return
		}
		back, faults := survey.Parse(survey.Encode(d), surveys.Bank())
		if len(faults) > 0 {
			t.Fatalf("not read back: %v", faults)
		}
		if diff := cmp.Diff(d, back); diff != "" {
			t.Fatal(diff)
		}
		if err := schemaError(survey.Encode(d)); err != nil {
			t.Fatalf("Parse takes it and the schema does not: %v", err)
		}
	})
}

// FuzzQuestionParse: whatever a browser sends, an answer comes back or one problem does; an answer holds only
// offered codes and clean text within its length, and survives being shown and sent again.
func FuzzQuestionParse(f *testing.F) {
	for _, seed := range []string{"good", "WM1 2AB", "1,234.50", "a\r\nb", "\x00", "\xff", "w\u0302", "29", "none", "other", strings.Repeat("9", 400)} {
		f.Add(seed, seed, seed, "2")
	}
	f.Add("29", "feb", "2024", "29")
	f.Add("other", "red", "my own", "")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		for name, q := range asked {
			form := survey.Form{"q": {a}, "q-day": {a}, "q-month": {b}, "q-year": {c}, "q-other-text": {c}}
			if d != "" {
				form["q"] = append(form["q"], b)
			}
			answer, problems := q.Parse(form, table)
			if len(problems) > 0 {
				if !answer.Empty() || len(problems) != 1 {
					t.Fatalf("%s: %v and %v", name, answer, problems)
				}
				continue
			}
			checkAnswer(t, q, answer)
		}
	})
}

func checkAnswer(t *testing.T, q survey.Question, a survey.Answer) {
	for _, code := range a.Codes {
		if _, ok := q.Option(code); q.Kind.HasOptions() && !ok {
			t.Fatalf("%s: code %q was not offered", q.Kind, code)
		}
	}
	if !utf8.ValidString(a.Text) || strings.ContainsFunc(a.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		t.Fatalf("%s: text %q", q.Kind, a.Text)
	}
	if q.MaxLength > 0 && utf8.RuneCountInString(a.Text) > q.MaxLength {
		t.Fatalf("%s: %q is longer than %d", q.Kind, a.Text, q.MaxLength)
	}
	if q.Kind == survey.Postcode && q.Keep == "ward" {
		if a.Text != "" {
			t.Fatalf("the postcode was kept: %q", a.Text)
		}
		return
	}
	again, problems := q.Parse(q.Values(a), table)
	if diff := cmp.Diff(a, again); diff != "" || problems != nil {
		t.Fatalf("%s: shown and sent again it is another answer: %v\n%s", q.Kind, problems, diff)
	}
}
