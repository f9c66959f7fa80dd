package survey_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/surveys"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEncodeKeepsWholeDefinitions(t *testing.T) {
	sources := map[string]string{"base": base}
	for _, name := range surveys.Standard() {
		src, _ := surveys.StandardSource(name)
		sources[name] = string(src)
	}
	for name, src := range sources {
		d := parsed(t, src)
		if diff := cmp.Diff(d, parsed(t, string(survey.Encode(d)))); diff != "" {
			t.Errorf("%s (-original +read back):\n%s", name, diff)
		}
	}
}

func TestEncodeOfAWrongDefinitionIsStillReadable(t *testing.T) {
	// An editor saves what a person has made so far; the faults come from Parse, not from a panic here.
	for _, d := range []*survey.Definition{{}, {Sections: []survey.Section{{}}}, {Sections: []survey.Section{{Questions: []survey.Question{{}}}}},
		{Equality: []survey.Question{{ID: "income"}}}} {
		if _, faults := survey.Parse(survey.Encode(d), surveys.Bank()); len(faults) == 0 {
			t.Errorf("accepted: %+v", d)
		}
	}
}

// awkward are texts that YAML gives another meaning, or that its writers have got wrong.
var awkward = []string{"yes", "no", "null", "~", "true", "1", "1e3", "0x1F", "2020-01-01", ".inf", "<<", "- a", "a: b", "a #b", "#a", "&a", "*a", "!a",
	"%a", "@a", "`a", "'", `"`, "''", `\n`, "a\\", "[a]", "[", ",", "?", "? a", "|", ">", "-", "---", "...", "=", "🚒", "ŵŷ", "a\u00a0b", "\u200b", "{council}",
	"\ufffd", "'tis", "Don't know", "12:30:45", "0o17", "a\u0301", "é"}

func genText(t *rapid.T, label string, max int, block bool) locale.Text {
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		s := rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[a-zA-Z0-9 ,.:;'"#&*!|>%@?-]{0,30}`)).Draw(t, label)
		if block && rapid.Bool().Draw(t, "lines") {
			s += "\n\n  " + s + "x"
		}
		// What Parse keeps of a text is what a definition holds.
		s = strings.TrimSpace(s)
		if !block {
			s = strings.Join(strings.Fields(s), " ")
		}
		if s = strings.ReplaceAll(s, "a\u0301", "á"); s == "" {
			s = "x"
		}
		out[lang] = string([]rune(s)[:min(len([]rune(s)), max)])
	}
	return out
}

func genOptional(t *rapid.T, label string) locale.Text {
	if rapid.Bool().Draw(t, label+"?") {
		return genText(t, label, 100, false)
	}
	return nil
}

// genDefinition draws a definition as Parse makes them.
func genDefinition(t *rapid.T) *survey.Definition {
	d := &survey.Definition{ID: rapid.StringMatching(`[a-z][a-z0-9_-]{0,20}`).Draw(t, "id"), Title: genText(t, "title", 200, false),
		Summary: genOptional(t, "summary"), Languages: locale.Langs()}
	if rapid.Bool().Draw(t, "unchecked") {
		d.Unchecked = []locale.Lang{locale.Welsh}
	}
	var earlier []survey.Question
	for s := range rapid.IntRange(1, 3).Draw(t, "sections") {
		section := survey.Section{ID: fmt.Sprint("s", s), Title: genText(t, "title", 200, false)}
		for range rapid.IntRange(1, 4).Draw(t, "questions") {
			q := genQuestion(t, fmt.Sprintf("q%d", len(earlier)), earlier)
			earlier = append(earlier, q)
			section.Questions = append(section.Questions, q)
		}
		d.Sections = append(d.Sections, section)
	}
	bank := surveys.Bank()
	for _, id := range []string{"age_band", "sex", "ethnic_group", "armed_forces"} {
		if rapid.Bool().Draw(t, id) {
			entry, _ := bank.Entry(id)
			d.Equality = append(d.Equality, entry.Questions...)
		}
	}
	return d
}

func genQuestion(t *rapid.T, id string, earlier []survey.Question) survey.Question {
	q := survey.Question{ID: id, Kind: rapid.SampledFrom(survey.Kinds()).Draw(t, "kind"), Text: genText(t, "text", 200, false),
		Hint: genOptional(t, "hint"), Required: rapid.Bool().Draw(t, "required"), Special: rapid.Bool().Draw(t, "special")}
	if rapid.Bool().Draw(t, "why?") {
		q.Why = genText(t, "why", 500, true)
	}
	switch q.Kind {
	case survey.Scale, survey.Single, survey.Multiple:
		genChoices(t, &q)
	case survey.ShortText:
		q.MaxLength = rapid.IntRange(2, 500).Draw(t, "max")
	case survey.LongText:
		q.MaxLength = rapid.IntRange(2, 10000).Draw(t, "max")
	case survey.Number:
		lo := float64(rapid.IntRange(-4000, 4000).Draw(t, "min")) / 8
		hi := lo + float64(rapid.IntRange(0, 1_000_000_000).Draw(t, "max"))/16
		q.Min, q.Max, q.Decimals = &lo, &hi, rapid.IntRange(0, 4).Draw(t, "decimals")
	case survey.Date:
		q.MinDate = rapid.SampledFrom([]string{"", "1999-12-31"}).Draw(t, "from")
		q.MaxDate = rapid.SampledFrom([]string{"", "2030-02-28"}).Draw(t, "until")
	case survey.Postcode:
		q.Keep = rapid.SampledFrom([]string{"ward", "postcode"}).Draw(t, "keep")
	}
	if len(earlier) > 0 && rapid.Bool().Draw(t, "conditional") {
		on := rapid.SampledFrom(earlier).Draw(t, "on")
		if on.Kind == survey.Postcode {
			q.ShowWhen = &survey.Condition{Question: on.ID, AnyOf: []string{"E05000001", "elsewhere"}}
		} else if len(on.Options) > 0 {
			q.ShowWhen = &survey.Condition{Question: on.ID, AnyOf: []string{rapid.SampledFrom(on.Options).Draw(t, "code").Code}}
		}
	}
	return q
}

func genChoices(t *rapid.T, q *survey.Question) {
	if q.Kind != survey.Multiple && rapid.Bool().Draw(t, "label set") {
		q.Scoring = map[survey.Kind]string{survey.Scale: "agreement", survey.Single: "amount"}[q.Kind]
		q.DontKnow = rapid.SampledFrom([]string{"", "none", "not_applicable"}).Draw(t, "don't know")
		set, _ := surveys.Bank().LabelSet(q.Scoring)
		q.Options = set.For(q.DontKnow)
		return
	}
	n := rapid.IntRange(2, 6).Draw(t, "options")
	if q.Kind == survey.Scale {
		n = max(n, 5)
	} else if rapid.Bool().Draw(t, "groups") {
		q.Groups = []survey.Group{{Code: "1", Label: genText(t, "label", 200, false)}}
	}
	for i := range n {
		o := survey.Option{Code: rapid.SampledFrom([]string{"", "_", "0"}).Draw(t, "code") + fmt.Sprint(i), Label: genText(t, "label", 200, false),
			Hint: genOptional(t, "hint"), Divider: rapid.Bool().Draw(t, "divider")}
		if len(q.Groups) > 0 && rapid.Bool().Draw(t, "grouped") {
			o.Group = "1"
		}
		switch q.Kind {
		case survey.Scale:
			o.Score = max(5-i, 0)
		case survey.Multiple:
			o.Exclusive = rapid.Bool().Draw(t, "exclusive")
		}
		if q.Kind != survey.Scale && i == n-1 {
			o.WriteIn = genOptional(t, "write in")
		}
		q.Options = append(q.Options, o)
	}
}

// TestParseOfEncodeIsTheSame is the promise the browser's editor rests on.
func TestParseOfEncodeIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDefinition(t)
		src := survey.Encode(d)
		back, faults := survey.Parse(src, surveys.Bank())
		if len(faults) > 0 {
			t.Fatalf("%v\n%s", faults, src)
		}
		if diff := cmp.Diff(d, back); diff != "" {
			t.Fatalf("(-original +read back):\n%s\n%s", diff, src)
		}
		if string(survey.Encode(back)) != string(src) {
			t.Fatal("the same definition has one source, and so one version")
		}
		if err := schemaError(src); err != nil {
			t.Fatalf("Parse takes it and the schema does not: %v\n%s", err, src)
		}
	})
}
