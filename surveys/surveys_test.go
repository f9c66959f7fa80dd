package surveys_test

import (
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/surveys"

	"github.com/google/go-cmp/cmp"
)

func standard(t *testing.T, name string) *survey.Definition {
	t.Helper()
	src, ok := surveys.StandardSource(name)
	if !ok {
		t.Fatalf("%s: not found", name)
	}
	d, faults := survey.Parse(src, surveys.Bank())
	for _, f := range faults {
		t.Errorf("%s: %s", name, f)
	}
	if d == nil {
		t.FailNow()
	}
	return d
}

func TestStandardSurveysHaveNoFault(t *testing.T) {
	kinds := map[survey.Kind]bool{}
	conditional := false
	for _, name := range surveys.Standard() {
		d := standard(t, name)
		if d.ID != name {
			t.Errorf("%s: its id is %s", name, d.ID)
		}
		if diff := cmp.Diff(locale.Langs(), d.Languages); diff != "" {
			t.Errorf("%s is not bilingual: %s", name, diff)
		}
		for _, q := range d.Questions() {
			kinds[q.Kind] = true
			conditional = conditional || q.ShowWhen != nil
		}
	}
	if len(kinds) != len(survey.Kinds()) || !conditional {
		t.Errorf("between them the standard surveys show every kind and a condition: %v, %v", kinds, conditional)
	}
	if _, ok := surveys.StandardSource("../bank/sex"); ok {
		t.Error("a name is one of the list, never a path")
	}
}

func TestResidentSurveyKeepsTheBenchmarkOrder(t *testing.T) {
	d := standard(t, "resident-satisfaction")
	var got []string
	for _, q := range d.Questions() {
		got = append(got, q.ID+" "+q.Scoring)
	}
	// question-bank.md 7.2 and 7.3: exact wording and order.
	want := []string{"local_area satisfaction", "runs_things satisfaction", "value_for_money agreement", "acts_on_concerns amount",
		"informed informed", "trust amount", "safe_after_dark safety", "safe_by_day safety", "one_thing ", "ward "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	q, _ := d.Question("local_area")
	if q.Text[locale.English] != "Overall, how satisfied or dissatisfied are you with your local area as a place to live?" {
		t.Errorf("wording: %s", q.Text[locale.English])
	}
}

func TestBankFollowsItsRules(t *testing.T) {
	bank := surveys.Bank()
	for _, e := range bank.Entries() {
		if e.Source == "" || e.Licence == "" || e.From == "" || e.Status == "" || e.Order == 0 {
			t.Errorf("%s: source, licence, dates, status and place are needed: %+v", e.ID, e.BankEntry)
		}
		for _, q := range e.Questions {
			if q.Required {
				t.Errorf("%s: every equality question is optional (question-bank.md section 4)", q.ID)
			}
			if q.Bank == nil || q.Bank.ID != e.ID {
				t.Errorf("%s does not say where it comes from", q.ID)
			}
			checkPreferNot(t, q)
		}
	}
	var first []string
	for _, e := range bank.Entries() {
		if e.Order%10 == 0 { // the others are variants of the one before them
			first = append(first, e.ID)
		}
	}
	want := strings.Fields("age_band sex gender_identity disability ethnic_group religion sexual_orientation marital_status pregnancy unpaid_care armed_forces main_language")
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("order of the equality block (question-bank.md section 4):\n%s", diff)
	}
}

// checkPreferNot: "prefer not to say" is always last, behind a divider, and excludes the rest (question-bank.md 4).
func checkPreferNot(t *testing.T, q survey.Question) {
	t.Helper()
	last := q.Options[len(q.Options)-1]
	if last.Code != survey.CodePreferNot {
		t.Errorf("%s: 'prefer not to say' is not last", q.ID)
	}
	if last.Code == survey.CodePreferNot && (!last.Divider || q.Kind == survey.Multiple && !last.Exclusive) {
		t.Errorf("%s: 'prefer not to say' stands behind an 'or' and alone", q.ID)
	}
}

func TestSpecialCategoriesAreMarked(t *testing.T) {
	want := map[string]bool{"gender_identity": true, "disability": true, "disability_impairment": true, "ethnic_group": true,
		"ethnic_group_wales": true, "religion": true, "religion_wales": true, "sexual_orientation": true, "pregnancy": true}
	for _, e := range surveys.Bank().Entries() {
		for _, q := range e.Questions {
			if q.Special != want[e.ID] {
				t.Errorf("%s: special %v (UK GDPR art. 9; privacy.md 3.2: gender identity is treated as such; age, sex, marital status, caring and armed forces are not)", q.ID, q.Special)
			}
		}
	}
}

func TestEthnicGroupHas19CategoriesUnder5Headings(t *testing.T) {
	for _, id := range []string{"ethnic_group", "ethnic_group_wales"} {
		e, _ := surveys.Bank().Entry(id)
		headings := e.Questions[0]
		var sizes []int
		for i, q := range e.Questions[1:] {
			heading := headings.Options[i]
			if diff := cmp.Diff(&survey.Condition{Question: "ethnic_group", AnyOf: []string{heading.Code}}, q.ShowWhen); diff != "" {
				t.Errorf("%s follows its heading: %s", q.ID, diff)
			}
			n := 0
			for _, o := range q.Options {
				if o.Code == survey.CodePreferNot {
					continue
				}
				n++
				if o.Group != heading.Code {
					t.Errorf("%s belongs to %s, not %s", o.Code, heading.Code, o.Group)
				}
			}
			sizes = append(sizes, n)
		}
		if diff := cmp.Diff([]int{5, 4, 5, 3, 2}, sizes); diff != "" {
			t.Errorf("%s (question-bank.md 5.5): %s", id, diff)
		}
	}
}

func TestBankUsesTheCensusWords(t *testing.T) {
	for _, row := range []struct{ question, code, en, cy string }{ // question-bank.md section 6
		{"sex", "", "What is your sex?", "Beth yw eich rhyw?"},
		{"sex", "female", "Female", "Benyw"},
		{"religion", "sikh", "Sikh", "Siciaeth"},
		{"sexual_orientation", "straight", "Straight or Heterosexual", "Heterorywiol/Strêt"},
		{"day_to_day_activities", "yes_a_lot", "Yes, a lot", "Ydy, yn fawr"},
		{"ethnic_group_white", "white_gypsy_traveller", "Gypsy or Irish Traveller", "Sipsi neu Deithiwr Gwyddelig"},
		{"ethnic_group_black", "black_caribbean", "Caribbean", "Caribïaidd"},
		{"marital_status", "widowed", "Widowed", "Person gweddw"},
		{"main_language", "", "What is your main language?", "Beth yw eich prif iaith?"},
		// The trap of section 6: Welsh has no single yes and no.
		{"health_conditions", "no", "No", "Nac oes"},
		{"gender_identity", "no", "No", "Nac ydy"},
		{"pregnancy", "no", "No", "Nac ydw"},
	} {
		var got locale.Text
		for _, e := range surveys.Bank().Entries() {
			i := slices.IndexFunc(e.Questions, func(q survey.Question) bool { return q.ID == row.question })
			if i < 0 || strings.HasSuffix(e.ID, "_wales") {
				continue
			}
			got = e.Questions[i].Text
			if row.code != "" {
				o, _ := e.Questions[i].Option(row.code)
				got = o.Label
			}
			break
		}
		if diff := cmp.Diff(locale.Text{locale.English: row.en, locale.Welsh: row.cy}, got); diff != "" {
			t.Errorf("%s %s:\n%s", row.question, row.code, diff)
		}
	}
}

func TestLabelSetsCodeDontKnowApart(t *testing.T) {
	bank := surveys.Bank()
	for _, id := range bank.LabelSets() {
		set, _ := bank.LabelSet(id)
		with, without := set.For(""), set.For("none")
		last := with[len(with)-1]
		if len(with) != len(without)+1 || last.Code != survey.CodeDontKnow || last.Score != 0 {
			t.Errorf("%s: don't know is coded apart, never as a point (question-bank.md 7.1): %+v", id, last)
		}
		with[0].Label[locale.English] = "changed"
		if again, _ := bank.LabelSet(id); again.Options[0].Label[locale.English] == "changed" {
			t.Errorf("%s: the bank's own labels can be changed from outside", id)
		}
	}
}

func TestBankReportsFaultsWithFileAndLine(t *testing.T) {
	_, faults := survey.ParseBank(map[string][]byte{
		"a.yaml": []byte("format: folkmoot/bank/1\nid: a\n"),
		"b.yaml": []byte("format: folkmoot/bank/1\nid: a\norder: 0\n"),
	})
	said := ""
	for _, f := range faults {
		said += f.String() + "\n"
	}
	for _, want := range []string{"a.yaml: ", "questions is missing", "source is missing", "line 2, column 5: b.yaml: id: there is already a bank entry", "line 3, column 8: b.yaml: order"} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
}

func TestDemoGeographyIsWhole(t *testing.T) {
	sizes, areas, names := map[string]int{}, map[string]string{}, map[string]string{}
	seen := map[string]bool{}
	for _, u := range surveys.DemoGeography() {
		if canonical, ok := survey.CanonicalPostcode(u.Postcode); !ok || canonical != u.Postcode || !strings.HasPrefix(u.Postcode, "WM") || seen[u.Postcode] {
			t.Errorf("%q is not a postcode of the fictional area WM, or is there twice", u.Postcode)
		}
		seen[u.Postcode] = true
		if a, ok := areas[u.Ward]; ok && a != u.Area || names[u.Ward] != "" && names[u.Ward] != u.WardName[locale.Welsh] {
			t.Errorf("ward %s lies in one area and has one name (disclosure.md R9: one nested geography)", u.Ward)
		}
		areas[u.Ward], names[u.Ward] = u.Area, u.WardName[locale.Welsh]
		sizes[u.Ward]++
		if len(u.WardName.Missing(locale.Langs()))+len(u.AreaName.Missing(locale.Langs())) > 0 {
			t.Errorf("%s: names in both languages", u.Postcode)
		}
	}
	var list []int
	for _, n := range sizes {
		list = append(list, n)
	}
	slices.Sort(list)
	if len(seen) != 600 || len(list) != 6 || list[5] < 4*list[0] {
		t.Errorf("600 postcodes in six wards of uneven size: %v", sizes)
	}
}
