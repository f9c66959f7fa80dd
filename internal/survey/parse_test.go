package survey_test

import (
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/surveys"

	"github.com/google/go-cmp/cmp"
)

// badDefinitions are wrong in one way each. structural says that the JSON Schema sees it too; the others need
// the bank, the order of questions, or all languages at once.
var badDefinitions = []struct {
	why        string
	old, new   string
	key        string // without "survey.fault."
	off        int    // lines from where the change starts to where the fault is
	path       string
	structural bool
}{
	{"another version of the format may mean other things", "folkmoot/survey/1", "folkmoot/survey/2", "format", 0, "format", true},
	{"a typing mistake in an optional field must not pass unnoticed", "hint: {", "hnit: {", "field_unknown", 0, "sections[1].questions[0]", true},
	{"YAML takes the last of two, people see the first", "id: base-survey", "id: base-survey\nid: second", "field_repeated", 1, "", false},
	{"a definition without an id cannot be named", "id: base-survey\n", "", "field_missing", -1, "", true},
	{"ids are parts of addresses", "id: base-survey", "id: Base Survey", "id", 0, "id", true},
	{"ids of questions are names of columns and fields", "id: overall", "id: over-all", "id", 0, "sections[0].questions[0].id", true},
	{"results are keyed by the id", "id: own_scale", "id: overall", "duplicate", 0, "sections[0].questions[1].id", false},
	{"sections are keyed by the id", "id: second", "id: first", "duplicate", 0, "sections[1].id", false},
	{"equality answers and answers must not mix under one name", "id: line\n", "id: age_band\n", "id_clash", 0, "sections[1].questions[1].id", false},
	{"the check page lies beside the questions", "id: line\n", "id: check\n", "id_reserved", 0, "sections[1].questions[1].id", false},
	{"every response has a channel", "id: line\n", "id: channel\n", "id_reserved", 0, "sections[1].questions[1].id", false},
	{"two options with one code cannot be told apart", "code: red", "code: blue", "duplicate", 1, "sections[1].questions[0].options[1].code", false},
	{"codes are columns in files", "code: red", "code: Red!", "code", 0, "sections[1].questions[0].options[0].code", true},
	{"a blank is counted under this code (disclosure.md A15)", "code: red", "code: not_answered", "code_reserved", 0, "sections[1].questions[0].options[0].code", true},
	{"a code that YAML reads as a number is a mistake in waiting", "code: red", "code: 1", "type_text", 0, "sections[1].questions[0].options[0].code", true},
	{"every listed language must have every text", "en: First, cy: Cyntaf", "en: First", "translation", 0, "sections[0].title", false},
	{"an empty translation is none", "cy: Cyntaf", `cy: " "`, "translation", 0, "sections[0].title.cy", false},
	{"English is the reference", "languages: [en, cy]", "languages: [cy]", "language_english", 0, "languages", true},
	{"other languages have no catalogue", "languages: [en, cy]", "languages: [en, cy, pl]", "too_many", 0, "languages", true},
	{"other languages have no catalogue", "languages: [en, cy]", "languages: [en, pl]", "language", 0, "languages[1]", true},
	{"a language twice is a mistake", "languages: [en, cy]", "languages: [en, en]", "duplicate", 0, "languages[1]", true},
	{"a text is one text for each language", "title: { en: Base, cy: Sylfaen }", "title: Base", "type_mapping", 0, "title", true},
	{"null is not a text", "title: { en: Base, cy: Sylfaen }", "title:", "type_mapping", 0, "title", true},
	{"the page heading must fit the page", "en: A line", "en: " + strings.Repeat("a", 301), "long", 0, "sections[1].questions[1].text.en", true},
	{"control characters break pages and files", "en: A line", `en: "A\aline"`, "characters", 0, "sections[1].questions[1].text.en", false},
	{"only the council's name is filled in", "en: A line", `en: "Dear {name}"`, "token", 0, "sections[1].questions[1].text.en", false},
	{"no such kind", "kind: number", "kind: slider", "choose", 0, "sections[1].questions[3].kind", true},
	{"bounds belong to numbers", "max_length: 20", "max_length: 20\n        min: 3", "field_kind", 1, "sections[1].questions[1]", true},
	{"options belong to choices", "keep: postcode", "options: []", "field_kind", 0, "sections[1].questions[5]", true},
	{"a box that excludes others has no meaning among radios", "label: { en: One, cy: Un }", "label: { en: One, cy: Un }, exclusive: true", "field_kind", 0, "sections[0].questions[2].options[0]", true},
	{"scores belong to scales", "label: { en: One, cy: Un }", "label: { en: One, cy: Un }, score: 3", "field_kind", 0, "sections[0].questions[2].options[0]", true},
	{"a scale has five points (question-bank.md 7.1)", "          - { code: c, label: { en: C, cy: C }, score: 3 }\n", "", "scale_scores", -2, "sections[0].questions[1].options", true},
	{"two points with one score", "score: 4", "score: 5", "scale_scores", -1, "sections[0].questions[1].options", true},
	{"don't know is never a point of the scale (question-bank.md 7.1)", "cy: Ddim yn siŵr }", "cy: Ddim yn siŵr }, score: 3", "scale_scores", -5, "sections[0].questions[1].options", true},
	{"scores run from 1 to 5", "score: 4", "score: 6", "number", 0, "sections[0].questions[1].options[1].score", true},
	{"the bank has no such labels", "scale: satisfaction", "scale: happiness", "scale_unknown", 0, "sections[0].questions[0].scale", true},
	{"a set of four points is not a five-point scale", "scale: satisfaction", "scale: amount", "scale_kind", 0, "sections[0].questions[0].scale", true},
	{"either a label set or options of its own", "scale: satisfaction", "scale: satisfaction\n        options: [{ code: a, label: { en: A, cy: A } }]", "options_and_scale", 0, "sections[0].questions[0]", true},
	{"the longer label is the label set's", "en: Own scale, cy: Graddfa eich hun }", "en: Own scale, cy: Graddfa eich hun }\n        dont_know: none", "field_own_options", 1, "sections[0].questions[1]", true},
	{"one option is no choice", "          - { code: blue, label: { en: Blue, cy: Glas }, write_in: { en: Which blue, cy: Pa las } }\n          - { code: none, label: { en: None, cy: Dim }, exclusive: true }\n", "", "options_few", -1, "sections[1].questions[0].options", true},
	{"an answer has one text: two fields would not say whose it is", "label: { en: Red, cy: Coch }", "label: { en: Red, cy: Coch }, write_in: { en: Which, cy: Pa }", "write_in_second", 1, "sections[1].questions[0].options[1].write_in", false},
	{"don't know beside an answer is a contradiction", "code: red", "code: dont_know", "dont_know_exclusive", 0, "sections[1].questions[0].options[0].code", true},
	{"'prefer not to say' stands last (interface.md section 3)", "code: one", "code: prefer_not_to_say", "prefer_not_last", 0, "sections[0].questions[2].options[0].code", false},
	{"a group that the question does not have", "cy: Arall }", "cy: Arall }, group: many", "group_unknown", 0, "sections[0].questions[2].options[2].group", false},
	{"a condition cannot look ahead: the path would not be settled", "question: pick,", "question: people,", "condition_later", 0, "sections[1].questions[0].show_when.question", false},
	{"a question that waits for itself is never asked", "question: pick,", "question: several,", "condition_self", 0, "sections[1].questions[0].show_when.question", false},
	{"no such question", "question: pick,", "question: peck,", "condition_unknown", 0, "sections[1].questions[0].show_when.question", false},
	{"equality answers are given later and elsewhere", "question: pick,", "question: age_band,", "condition_unknown", 0, "sections[1].questions[0].show_when.question", false},
	{"free text has no codes to wait for", "question: ward,", "question: line,", "condition_kind", 0, "sections[1].questions[6].show_when.question", false},
	{"no such option", "any_of: [one, two]", "any_of: [one, three]", "condition_option", 0, "sections[1].questions[0].show_when.any_of[1]", false},
	{"a condition without answers is never met", "any_of: [one, two]", "any_of: []", "too_few", 0, "sections[1].questions[0].show_when.any_of", true},
	{"bounds the wrong way round leave no number", "min: 1\n", "min: 21\n", "bounds", 0, "sections[1].questions[3]", false},
	{"a bound must be finite", "min: 1\n", "min: -.inf\n", "number", 0, "sections[1].questions[3].min", true},
	{"a bound must be a number", "min: 1\n", "min: one\n", "number", 0, "sections[1].questions[3].min", true},
	{"at most four decimal places", "decimals: 1", "decimals: 5", "number", 0, "sections[1].questions[3].decimals", true},
	{"dates the wrong way round leave no date", "min_date: 2020-01-01", "min_date: 2040-01-01", "bounds", 0, "sections[1].questions[4]", false},
	{"there is no such day", "2030-12-31", "2030-02-30", "date", 0, "sections[1].questions[4].max_date", true},
	{"a text field longer than any page", "max_length: 20", "max_length: 501", "number", 0, "sections[1].questions[1].max_length", true},
	{"kept as ward or as postcode, nothing else", "keep: postcode", "keep: address", "choose", 0, "sections[1].questions[5].keep", true},
	{"true is a word of YAML, yes is not", "required: true", "required: yes", "type_bool", 0, "sections[0].questions[0].required", true},
	{"the bank has no such question", "[ethnic_group, age_band]", "[ethnic_group, income]", "bank_unknown", 0, "equality[1]", true},
	{"a question is asked once", "[ethnic_group, age_band]", "[age_band, age_band]", "duplicate", 0, "equality[1]", true},
	{"two variants of one question are one question", "[ethnic_group, age_band]", "[ethnic_group, ethnic_group_wales]", "duplicate", 0, "equality[1]", false},
	{"a section without questions is an empty heading", "    questions:\n      - id: several", "    questions: []\n    other:\n      - id: several", "too_few", 0, "sections[1].questions", true},
	{"aliases of aliases unfold to billions of nodes", "title: { en: Base, cy: Sylfaen }", "title: &t { en: Base, cy: Sylfaen }", "alias", 0, "", false},
	{"tags make types that nobody expects", "en: Base", "en: !!binary QmFzZQ==", "tag", 0, "", false},
	{"a second document would be ignored", "equality: [ethnic_group, age_band]", "---\nformat: folkmoot/survey/1", "documents", 0, "", false},
	{"a quote that is not closed", "en: Base,", `en: "Base,`, "yaml", 0, "", false},
}

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, row := range badDefinitions {
		t.Run(row.key+" "+row.new[:min(len(row.new), 20)], func(t *testing.T) {
			d, faults := survey.Parse([]byte(edited(t, row.old, row.new)), surveys.Bank())
			line := 1 + strings.Count(base[:strings.Index(base, row.old)], "\n") + row.off
			if d != nil {
				t.Errorf("a definition with faults came back: %s", row.why)
			}
			for _, f := range faults {
				if f.Key == "survey.fault."+row.key && f.Line == line && f.Path == row.path {
					if f.Line < 1 || f.Column < 1 {
						t.Errorf("fault without a place: %+v", f)
					}
					return
				}
			}
			t.Errorf("%s: want %s at line %d, path %q; got %v", row.why, row.key, line, row.path, faults)
		})
	}
}

func TestParseReportsAllFaultsInOrder(t *testing.T) {
	src := strings.NewReplacer("folkmoot/survey/1", "x", "kind: number", "kind: slider", "keep: postcode", "keep: house",
		"any_of: [one, two]", "any_of: [six]", "cy: Cyntaf", "cy: ''").Replace(base)
	_, faults := survey.Parse([]byte(src), surveys.Bank())
	var lines []int
	for _, f := range faults {
		lines = append(lines, f.Line)
	}
	// Line 59 names the kind, and the bounds below it are not blamed for a kind that is not known.
	if diff := cmp.Diff([]int{1, 9, 42, 59, 71}, lines); diff != "" {
		t.Errorf("every fault once, in the order of the source (-want +got):\n%s\n%v", diff, faults)
	}
}

func TestParseRefusesHostileSources(t *testing.T) {
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		p := string(c - 1)
		laughs += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+p+",", 9), ",") + "]\n"
	}
	for _, row := range []struct{ why, src, key string }{
		{"an empty file", "", "empty"},
		{"only a comment", "# nothing\n", "empty"},
		{"only an empty document", "---\n", "type_mapping"},
		{"a list", "- a\n", "type_mapping"},
		{"billion laughs: a small file that unfolds to 10^9 nodes", laughs, "alias"},
		{"an alias of itself", "a: &a [*a]\n", "alias"},
		{"larger than any definition", strings.Repeat("#", survey.MaxSource+1), "size"},
		{"NUL ends texts in other programs", "id: a\x00b\n", "encoding"},
		{"not UTF-8", "id: \xff\xfe\n", "encoding"},
		{"a merge key pulls in fields unseen", "<<: { id: a }\n", "field_unknown"},
		{"keys that are not words", "? [a, b]\n: c\n", "field_unknown"},
		{"nested as deep as the file allows", strings.Repeat("[", 100_000), "yaml"},
		{"a mapping as deep as the file allows", strings.Repeat("{a: ", 50_000), "yaml"},
	} {
		d, faults := survey.Parse([]byte(row.src), surveys.Bank())
		if d != nil || len(faults) == 0 {
			t.Errorf("%s: accepted", row.why)
			continue
		}
		if !hasFault(faults, row.key) {
			t.Errorf("%s: want %s, got %v", row.why, row.key, faults[:min(3, len(faults))])
		}
	}
}

func TestParseTellsSoManyFaultsAndNoMore(t *testing.T) {
	_, faults := survey.Parse([]byte(strings.Repeat("a: b\n", 50_000)), surveys.Bank())
	if len(faults) != survey.MaxFaults {
		t.Errorf("%d faults: 256 KiB of nonsense must not become megabytes of messages", len(faults))
	}
}

func hasFault(faults []survey.Fault, key string) bool {
	for _, f := range faults {
		if f.Key == "survey.fault."+key {
			return true
		}
	}
	return false
}

func TestParseReadsEverything(t *testing.T) {
	d := parsed(t, base)
	if got := len(d.Questions()); got != 10 {
		t.Errorf("questions: %d", got)
	}
	overall, _ := d.Question("overall")
	if last := overall.Options[5]; len(overall.Options) != 6 || last.Code != survey.CodeDontKnow || last.Score != 0 ||
		last.Label[locale.English] != "Don't know or not applicable" {
		t.Errorf("a label set brings its points and the label asked for, coded apart: %+v", overall.Options)
	}
	people, _ := d.Question("people")
	if *people.Min != 1 || *people.Max != 20.5 || people.Decimals != 1 {
		t.Errorf("bounds: %+v", people)
	}
	lines, _ := d.Question("lines")
	if lines.MaxLength != 1000 || !lines.Special {
		t.Errorf("defaults of a long text: %+v", lines)
	}
	why, _ := d.Question("line")
	if why.Why[locale.Welsh] != "Oherwydd\nrydym yn gofyn" {
		t.Errorf("the reason may have lines: %q", why.Why)
	}
	var equality []string
	for _, q := range d.Equality {
		equality = append(equality, q.ID)
	}
	want := []string{"age_band", "ethnic_group", "ethnic_group_white", "ethnic_group_mixed", "ethnic_group_asian", "ethnic_group_black", "ethnic_group_other"}
	if diff := cmp.Diff(want, equality); diff != "" {
		t.Errorf("equality questions come in the bank's order with their follow-ups (question-bank.md section 4):\n%s", diff)
	}
}

func TestScaleWithoutAnythingIsSatisfaction(t *testing.T) {
	d := parsed(t, edited(t, "        scale: satisfaction\n        dont_know: not_applicable\n", ""))
	q, _ := d.Question("overall")
	if q.Scoring != "satisfaction" || q.Options[5].Label[locale.English] != "Don't know" {
		t.Errorf("the LGA satisfaction labels are the default (question-bank.md 7.1): %+v", q)
	}
}

func TestVersionIsTheHashOfTheSource(t *testing.T) {
	// Known answer: SHA-256 of "abc" (FIPS 180-2, appendix B.1).
	if got := survey.Version([]byte("abc")); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("version: %s", got)
	}
}

func TestForCouncilFillsInTheNameAndLeavesTheOriginal(t *testing.T) {
	d := parsed(t, base)
	before := d.Clone()
	shown := d.ForCouncil(locale.Text{locale.English: "Wealdmere", locale.Welsh: "Cyngor Wealdmere"})
	q, _ := shown.Question("overall")
	want := locale.Text{locale.English: "How satisfied are you with Wealdmere?", locale.Welsh: "Pa mor fodlon ydych chi gyda Cyngor Wealdmere?"}
	if diff := cmp.Diff(want, q.Text); diff != "" {
		t.Error(diff)
	}
	shown.Sections[0].Questions[2].Options[0].Label[locale.English] = "changed"
	*shown.Sections[1].Questions[3].Min = 7
	if diff := cmp.Diff(before, d); diff != "" {
		t.Errorf("the stored definition keeps its token and shares nothing with the copy:\n%s", diff)
	}
}
