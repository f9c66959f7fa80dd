package survey_test

import (
	"fmt"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// wards is a table of two postcodes.
type wards map[string]string

func (w wards) Ward(postcode string) (string, bool) {
	code, ok := w[postcode]
	return code, ok
}

var table = wards{"WM1 2AB": "north", "WM2 1AA": "south"}

func number(n float64) *float64 { return &n }

// asked are the questions of the table below; each is required in its row's "required" form.
var asked = map[string]survey.Question{
	"scale": {ID: "q", Kind: survey.Scale, Scoring: "satisfaction", Options: []survey.Option{{Code: "good", Score: 5}, {Code: "dont_know"}}},
	"single": {ID: "q", Kind: survey.Single, Options: []survey.Option{{Code: "one"},
		{Code: "other", WriteIn: locale.Text{locale.English: "Which?"}}}},
	"multiple": {ID: "q", Kind: survey.Multiple, Options: []survey.Option{{Code: "red"}, {Code: "blue"},
		{Code: "other", WriteIn: locale.Text{locale.English: "Which?"}}, {Code: "none", Exclusive: true, Label: locale.Text{locale.English: "None"}}}},
	"short":    {ID: "q", Kind: survey.ShortText, MaxLength: 5},
	"long":     {ID: "q", Kind: survey.LongText, MaxLength: 1000},
	"number":   {ID: "q", Kind: survey.Number, Min: number(1), Max: number(2000), Decimals: 2},
	"whole":    {ID: "q", Kind: survey.Number},
	"min":      {ID: "q", Kind: survey.Number, Min: number(-1.5)},
	"max":      {ID: "q", Kind: survey.Number, Max: number(1000), Decimals: 1},
	"date":     {ID: "q", Kind: survey.Date, MinDate: "2020-01-01", MaxDate: "2030-12-31"},
	"anydate":  {ID: "q", Kind: survey.Date},
	"after":    {ID: "q", Kind: survey.Date, MinDate: "2020-01-01"},
	"before":   {ID: "q", Kind: survey.Date, MaxDate: "2020-01-01"},
	"ward":     {ID: "q", Kind: survey.Postcode, Keep: "ward"},
	"postcode": {ID: "q", Kind: survey.Postcode, Keep: "postcode"},
	"unknown":  {ID: "q", Kind: "slider"},
}

func one(v string) survey.Form { return survey.Form{"q": {v}} }

func date(day, month, year string) survey.Form {
	return survey.Form{"q-day": {day}, "q-month": {month}, "q-year": {year}}
}

func codes(c ...string) survey.Answer { return survey.Answer{Codes: c} }

func words(s string) survey.Answer { return survey.Answer{Text: s} }

func TestQuestionParse(t *testing.T) {
	for _, row := range []struct {
		why, question string
		form          survey.Form
		want          survey.Answer
		problem       string // field and key without "survey.problem."; empty = none
	}{
		{"a point of the scale", "scale", one("good"), codes("good"), ""},
		{"don't know is an answer", "scale", one("dont_know"), codes("dont_know"), ""},
		{"any question may be left blank unless it is required", "scale", survey.Form{}, survey.Answer{}, ""},
		{"the message says what to choose (interface.md section 3)", "scale!", survey.Form{}, survey.Answer{}, "q scale.satisfaction"},
		{"an option that is not offered: nothing is stored", "scale", one("5"), survey.Answer{}, "q option"},
		{"'not answered' is never offered", "scale", one("not_answered"), survey.Answer{}, "q option"},
		{"radio buttons send one value; two are not ours", "scale", survey.Form{"q": {"good", "dont_know"}}, survey.Answer{}, "q single.repeated"},
		{"codes are exact", "single", one("ONE"), survey.Answer{}, "q option"},
		{"codes have no spaces around them", "single", one(" one"), survey.Answer{}, "q option"},
		{"a description goes with its option", "single", survey.Form{"q": {"other"}, "q-other-text": {"  my\town  words "}},
			survey.Answer{Codes: []string{"other"}, Text: "my own words"}, ""},
		{"text typed under an option that was not chosen is not meant", "single", survey.Form{"q": {"one"}, "q-other-text": {"left over"}}, codes("one"), ""},
		{"a description may be left out", "single", one("other"), codes("other"), ""},
		{"a description is short", "single", survey.Form{"q": {"other"}, "q-other-text": {strings.Repeat("ŵ", survey.WriteInMax+1)}}, survey.Answer{}, "q-other-text text.long"},
		{"the longest description fits, in characters, not bytes", "single", survey.Form{"q": {"other"}, "q-other-text": {strings.Repeat("ŵ", survey.WriteInMax)}},
			survey.Answer{Codes: []string{"other"}, Text: strings.Repeat("ŵ", survey.WriteInMax)}, ""},
		{"one description, not two", "single", survey.Form{"q": {"other"}, "q-other-text": {"a", "b"}}, survey.Answer{}, "q-other-text text.repeated"},
		{"escape sequences would reach a terminal from an export", "single", survey.Form{"q": {"other"}, "q-other-text": {"\x1b[2J"}}, survey.Answer{}, "q-other-text text.characters"},
		{"required", "single!", one(""), survey.Answer{}, "q single"},

		{"the order of the options, whatever was sent", "multiple", survey.Form{"q": {"blue", "red"}}, codes("red", "blue"), ""},
		{"a box sent twice is one choice", "multiple", survey.Form{"q": {"red", "red"}}, codes("red"), ""},
		{"the empty value that says nothing was ticked", "multiple", survey.Form{"q": {""}}, survey.Answer{}, ""},
		{"the exclusive option alone", "multiple", survey.Form{"q": {"none"}}, codes("none"), ""},
		{"the exclusive option with another", "multiple", survey.Form{"q": {"none", "red"}}, survey.Answer{}, "q multiple.exclusive"},
		{"one unknown option spoils the answer", "multiple", survey.Form{"q": {"red", "green"}}, survey.Answer{}, "q option"},
		{"a description with other choices", "multiple", survey.Form{"q": {"other", "red"}, "q-other-text": {"grey"}},
			survey.Answer{Codes: []string{"red", "other"}, Text: "grey"}, ""},
		{"required", "multiple!", survey.Form{"q": {""}}, survey.Answer{}, "q multiple"},

		{"white space at the ends is not text", "short", one("  ab \t"), words("ab"), ""},
		{"one line only", "short", one("a\r\nb"), words("a b"), ""},
		{"only white space is blank", "short!", one(" \u00a0\u2003"), survey.Answer{}, "q text"},
		{"length counts characters", "short", one("ŵŷâêî"), words("ŵŷâêî"), ""},
		{"length is counted after composing: y and a combining accent are one", "short", one(strings.Repeat("w\u0302", 5)), words("ŵŵŵŵŵ"), ""},
		{"one too many", "short", one("abcdef"), survey.Answer{}, "q text.long"},
		{"two values", "short", survey.Form{"q": {"a", "b"}}, survey.Answer{}, "q text.repeated"},
		{"NUL", "short", one("a\x00"), survey.Answer{}, "q text.characters"},
		{"not UTF-8", "short", one("a\xff"), survey.Answer{}, "q text.characters"},
		{"C1 control", "short", one("a\u009b"), survey.Answer{}, "q text.characters"},
		{"marks that turn text round are dropped: they disguise what follows", "short", one("a\u202eb\u2066\ufeff"), words("ab"), ""},
		{"joiners belong to emoji and to scripts", "short", one("👩\u200d🚒"), words("👩\u200d🚒"), ""},

		{"line ends are LF", "long", one("a\r\nb\rc\n\n d \n"), words("a\nb\nc\n\n d"), ""},
		{"CRLF from a browser counts as one character (forms send CRLF, the counter counts LF)", "long", one(strings.Repeat("a\r\n", 499) + "ab"),
			words(strings.Repeat("a\n", 499) + "ab"), ""},
		{"the message has the figure", "long", one(strings.Repeat("a", 1001)), survey.Answer{}, "q text.long Max=1,000"},

		{"a number", "number", one("12"), words("12"), ""},
		{"canonical", "number", one(" 0012.50 "), words("12.5"), ""},
		{"thousands may be marked", "number", one("1,234.5"), words("1234.5"), ""},
		{"commas elsewhere are not thousands", "number", one("12,34"), survey.Answer{}, "q number"},
		{"a decimal comma is not guessed at", "number", one("1,5"), survey.Answer{}, "q number"},
		{"words", "number", one("twelve"), survey.Answer{}, "q number"},
		{"hexadecimal", "number", one("0x10"), survey.Answer{}, "q number"},
		{"exponents", "number", one("1e3"), survey.Answer{}, "q number"},
		{"not a number", "number", one("NaN"), survey.Answer{}, "q number"},
		{"infinity", "number", one("Inf"), survey.Answer{}, "q number"},
		{"digits of other scripts are not guessed at", "number", one("١٢"), survey.Answer{}, "q number"},
		{"inclusive lower bound", "number", one("1"), words("1"), ""},
		{"inclusive upper bound", "number", one("2000.00"), words("2000"), ""},
		{"below", "number", one("0.99"), survey.Answer{}, "q number.between Min=1 Max=2,000"},
		{"above", "number", one("2000.01"), survey.Answer{}, "q number.between Min=1 Max=2,000"},
		{"too many places", "number", one("1.234"), survey.Answer{}, "q number.decimals Count=2"},
		{"noughts at the end are not places", "number", one("1.230000"), words("1.23"), ""},
		{"whole numbers only", "whole", one("1.5"), survey.Answer{}, "q number.whole"},
		{"a whole number may be written with a point", "whole", one("2.0"), words("2"), ""},
		{"minus nought", "whole", one("-0.0"), words("0"), ""},
		{"a minus sign from a word processor", "whole", one("\u22123"), words("-3"), ""},
		{"more digits than are exact", "whole", one("1234567890123456"), survey.Answer{}, "q number.digits Max=15"},
		{"a flood of digits", "whole", one(strings.Repeat("9", 100_000)), survey.Answer{}, "q number.digits Max=15"},
		{"only a lower bound", "min", one("-2"), survey.Answer{}, "q number.min Min=-1.5"},
		{"only an upper bound", "max", one("1000.1"), survey.Answer{}, "q number.max Max=1,000"},
		{"required", "number!", one(" "), survey.Answer{}, "q number.missing"},
		{"optional", "number", one(" "), survey.Answer{}, ""},
		{"two values", "number", survey.Form{"q": {"1", "2"}}, survey.Answer{}, "q number.repeated"},

		{"a date", "date", date("7", "3", "2026"), words("2026-03-07"), ""},
		{"noughts in front", "date", date("07", "03", "2026"), words("2026-03-07"), ""},
		{"a month by name (Design System: date input)", "date", date("7", "march", "2026"), words("2026-03-07"), ""},
		{"short, with a full stop", "date", date("7", "Sept.", "2026"), words("2026-09-07"), ""},
		{"in Welsh", "date", date("7", "Mawrth", "2026"), words("2026-03-07"), ""},
		{"Welsh and English names that begin alike", "date", date("7", "Mai", "2026"), words("2026-05-07"), ""},
		{"a leap day", "date", date("29", "2", "2024"), words("2024-02-29"), ""},
		{"no leap day", "date", date("29", "2", "2026"), survey.Answer{}, "q-day date.real"},
		{"no leap day in most centuries", "anydate", date("29", "2", "1900"), survey.Answer{}, "q-day date.real"},
		{"a month that is none", "date", date("1", "13", "2026"), survey.Answer{}, "q-month date.real"},
		{"a month that is none", "date", date("1", "ma", "2026"), survey.Answer{}, "q-month date.real"},
		{"day nought", "date", date("0", "1", "2026"), survey.Answer{}, "q-day date.real"},
		{"two digits could be any century", "date", date("1", "1", "26"), survey.Answer{}, "q-year date.real"},
		{"year nought", "anydate", date("1", "1", "0000"), survey.Answer{}, "q-year date.real"},
		{"signs are not digits", "date", date("+1", "1", "2026"), survey.Answer{}, "q-day date.real"},
		{"one part is missing", "date", date("1", "", "2026"), survey.Answer{}, "q-month date.no_month"},
		{"two parts are missing: the link goes to the first", "date", date("", "", "2026"), survey.Answer{}, "q-day date.no_day_month"},
		{"all are missing", "date!", date("", " ", ""), survey.Answer{}, "q-day date.missing"},
		{"all are missing and it is optional", "date", survey.Form{}, survey.Answer{}, ""},
		{"before the first day", "date", date("31", "12", "2019"), survey.Answer{}, "q-day date.between Min=1 January 2020|1 Ionawr 2020 Max=31 December 2030|31 Rhagfyr 2030"},
		{"the first day", "date", date("1", "1", "2020"), words("2020-01-01"), ""},
		{"the last day", "date", date("31", "12", "2030"), words("2030-12-31"), ""},
		{"after the last day", "date", date("1", "1", "2031"), survey.Answer{}, "q-day date.between Min=1 January 2020|1 Ionawr 2020 Max=31 December 2030|31 Rhagfyr 2030"},
		{"only a first day", "after", date("1", "1", "2019"), survey.Answer{}, "q-day date.min Min=1 January 2020|1 Ionawr 2020"},
		{"only a last day", "before", date("2", "1", "2020"), survey.Answer{}, "q-day date.max Max=1 January 2020|1 Ionawr 2020"},
		{"repeated part", "date", survey.Form{"q-day": {"1", "2"}}, survey.Answer{}, "q-day date.repeated"},
		{"control character in a part", "date", date("1\x00", "1", "2026"), survey.Answer{}, "q-day date.real"},

		{"the ward is kept, the postcode is dropped", "ward", one("wm1 2ab"), codes("north"), ""},
		{"spaces anywhere", "ward", one(" W M12A B "), codes("north"), ""},
		{"kept beside the ward where the survey says so", "postcode", one("wm12ab"), survey.Answer{Codes: []string{"north"}, Text: "WM1 2AB"}, ""},
		{"from elsewhere: nobody is stopped", "ward", one("SW1A 1AA"), codes("elsewhere"), ""},
		{"from elsewhere, kept", "postcode", one("GIR 0AA"), survey.Answer{Codes: []string{"elsewhere"}, Text: "GIR 0AA"}, ""},
		{"half a postcode has no ward", "ward", one("WM1"), survey.Answer{}, "q postcode"},
		{"letters that no unit has", "ward", one("WM1 2CI"), survey.Answer{}, "q postcode"},
		{"not a postcode", "ward", one("the high street"), survey.Answer{}, "q postcode"},
		{"letters that become others in capitals", "ward", one("wm1 2aſ"), survey.Answer{}, "q postcode"},
		{"optional", "ward", one(""), survey.Answer{}, ""},
		{"required", "ward!", one(""), survey.Answer{}, "q postcode.missing"},
		{"two values", "ward", survey.Form{"q": {"WM1 2AB", "WM2 1AA"}}, survey.Answer{}, "q postcode.repeated"},

		{"a kind that no longer exists stores nothing", "unknown", one("x"), survey.Answer{}, "q kind"},
	} {
		t.Run(row.question+" "+row.why, func(t *testing.T) {
			name, required := strings.CutSuffix(row.question, "!")
			q, ok := asked[name]
			if !ok {
				t.Fatalf("no question %q", name)
			}
			q.Required = required
			got, problems := q.Parse(row.form, table)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", row.why, diff)
			}
			if said := problemText(problems); !strings.HasPrefix(said, row.problem) || (said == "") != (row.problem == "") {
				t.Errorf("%s: want problem %q, got %q", row.why, row.problem, said)
			}
		})
	}
}

// problemText writes the only problem as "field key Name=value ...", bilingual values as en|cy.
func problemText(problems []survey.Problem) string {
	if len(problems) == 0 {
		return ""
	}
	if len(problems) > 1 {
		return fmt.Sprint("more than one: ", problems)
	}
	p := problems[0]
	s := p.Field + " " + strings.TrimPrefix(p.Key, "survey.problem.")
	for i := 0; i+1 < len(p.Args); i += 2 {
		v := p.Args[i+1]
		if text, ok := v.(locale.Text); ok {
			v = text[locale.English] + "|" + text[locale.Welsh]
		}
		s += fmt.Sprintf(" %v=%v", p.Args[i], v)
	}
	return s
}

func TestPostcodeWithoutTableIsUnknown(t *testing.T) {
	got, problems := asked["ward"].Parse(one("WM1 2AB"), nil)
	if diff := cmp.Diff(codes(survey.CodeUnknown), got); diff != "" || problems != nil {
		t.Errorf("a council without a table of postcodes still gets the answer: %v %s", problems, diff)
	}
}

func TestValuesPrefillWhatWasAnswered(t *testing.T) {
	for _, row := range []struct {
		question string
		answer   survey.Answer
		want     survey.Form
	}{
		{"scale", codes("good"), survey.Form{"q": {"good"}}},
		{"single", survey.Answer{Codes: []string{"other"}, Text: "x"}, survey.Form{"q": {"other"}, "q-other-text": {"x"}}},
		{"multiple", codes("red", "blue"), survey.Form{"q": {"red", "blue"}}},
		{"long", words("a\nb"), survey.Form{"q": {"a\nb"}}},
		{"number", words("12.5"), survey.Form{"q": {"12.5"}}},
		{"date", words("2026-03-07"), survey.Form{"q-day": {"7"}, "q-month": {"3"}, "q-year": {"2026"}}},
		{"date", words("not a date"), survey.Form{}},
		{"postcode", survey.Answer{Codes: []string{"north"}, Text: "WM1 2AB"}, survey.Form{"q": {"WM1 2AB"}}},
		{"ward", codes("north"), survey.Form{}}, // dropped: there is nothing to show again
		{"scale", survey.Answer{}, survey.Form{}},
	} {
		if diff := cmp.Diff(row.want, asked[row.question].Values(row.answer), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", row.question, row.answer, diff)
		}
	}
}

func TestShowSaysAnswersInWords(t *testing.T) {
	label := func(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }
	q := survey.Question{ID: "q", Kind: survey.Multiple, Options: []survey.Option{{Code: "a", Label: label("Yes", "Ydw")},
		{Code: "b", Label: label("Other", "Arall"), WriteIn: label("Which?", "Pa un?")}}}
	got := q.Show(survey.Answer{Codes: []string{"a", "b"}, Text: "mine"}, locale.Welsh)
	if diff := cmp.Diff([]string{"Ydw", "Arall: mine"}, got); diff != "" {
		t.Error(diff)
	}
	if got := asked["date"].Show(words("2026-03-07"), locale.Welsh); got[0] != "7 Mawrth 2026" {
		t.Errorf("dates in words: %v", got)
	}
	if got := asked["postcode"].Show(survey.Answer{Codes: []string{"north"}, Text: "WM1 2AB"}, locale.English); len(got) != 2 {
		t.Errorf("ward and postcode: %v", got)
	}
	if got := asked["short"].Show(survey.Answer{}, locale.English); got != nil {
		t.Errorf("nothing answered: %v", got)
	}
}
