package survey_test

import (
	"fmt"
	"testing"

	"folkmoot/internal/survey"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// path is a definition whose second question decides about the third, and the third about the fourth.
func path() *survey.Definition {
	options := []survey.Option{{Code: "yes"}, {Code: "no"}}
	when := func(id string) *survey.Condition { return &survey.Condition{Question: id, AnyOf: []string{"yes"}} }
	return &survey.Definition{
		Sections: []survey.Section{
			{ID: "one", Questions: []survey.Question{
				{ID: "a", Kind: survey.ShortText, Required: true},
				{ID: "b", Kind: survey.Single, Options: options},
			}},
			{ID: "two", Questions: []survey.Question{
				{ID: "c", Kind: survey.Single, Options: options, Required: true, ShowWhen: when("b")},
				{ID: "d", Kind: survey.LongText, ShowWhen: when("c")},
				{ID: "e", Kind: survey.LongText},
			}},
		},
		Equality: []survey.Question{{ID: "x", Kind: survey.Single, Options: options}, {ID: "y", Kind: survey.Single, ShowWhen: when("x")}},
	}
}

func ids(questions []survey.Question) string {
	s := ""
	for _, q := range questions {
		s += q.ID
	}
	return s
}

func TestJourneyFollowsTheAnswers(t *testing.T) {
	yes, no, text := codes("yes"), codes("no"), words("t")
	for _, row := range []struct {
		why     string
		answers survey.Answers
		steps   string
		missing string
		dropped []string
		visit   string // of a to e, those that may be visited
	}{
		{"nothing answered: conditions are not met", nil, "abe", "a", nil, "a"},
		{"the required answer opens the rest", survey.Answers{"a": text}, "abe", "", nil, "abe"},
		{"yes brings the next question, which is required", survey.Answers{"a": text, "b": yes}, "abce", "c", nil, "abc"},
		{"a chain of conditions", survey.Answers{"a": text, "b": yes, "c": yes}, "abcde", "", nil, "abcde"},
		{"another answer brings nothing", survey.Answers{"a": text, "b": no}, "abe", "", nil, "abe"},
		{"an answer off the path counts for nothing: d depends on c, which is not asked", survey.Answers{"a": text, "b": no, "c": yes, "d": text},
			"abe", "", []string{"c", "d"}, "abe"},
		{"an empty answer is none", survey.Answers{"a": {}, "b": {Codes: []string{}}}, "abe", "a", nil, "a"},
	} {
		j := survey.NewJourney(path(), row.answers)
		visit := ""
		for _, id := range []string{"a", "b", "c", "d", "e", "x", "z"} {
			if j.MayVisit(id) {
				visit += id
			}
		}
		got := []any{ids(j.Steps()), ids(j.Missing()), j.Dropped(), visit}
		if diff := cmp.Diff([]any{row.steps, row.missing, row.dropped, row.visit}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.why, diff)
		}
	}
}

func TestJourneyNextAndPrevious(t *testing.T) {
	j := survey.NewJourney(path(), survey.Answers{"a": words("t"), "b": codes("no"), "c": codes("yes")})
	if q, ok := j.First(); !ok || q.ID != "a" {
		t.Error("the first question")
	}
	if q, ok := j.Next("b"); !ok || q.ID != "e" {
		t.Errorf("questions that are not asked are passed over: %v", q.ID)
	}
	if q, ok := j.Previous("e"); !ok || q.ID != "b" {
		t.Errorf("also on the way back: %v", q.ID)
	}
	if _, ok := j.Next("e"); ok {
		t.Error("nothing follows the last")
	}
	if _, ok := j.Previous("a"); ok {
		t.Error("nothing comes before the first")
	}
	if _, ok := j.Next("c"); ok {
		t.Error("a question off the path has no neighbours")
	}
	if _, ok := j.Step("c"); ok {
		t.Error("a question off the path is no step")
	}
	if !j.Answer("c").Empty() || j.Answer("b").Empty() {
		t.Error("only answers on the path are answers")
	}
	if diff := cmp.Diff(survey.Answers{"a": words("t"), "b": codes("no")}, j.OnPath()); diff != "" {
		t.Errorf("a response holds what was asked:\n%s", diff)
	}
}

func TestPositionIsReliableOnlyWhenNothingCanChangeIt(t *testing.T) {
	answered := survey.Answers{"a": words("t"), "b": codes("yes"), "c": codes("no")}
	for _, row := range []struct {
		id       string
		n, of    int
		reliable bool
	}{
		{"a", 1, 4, false}, // b and c, still to come, decide how many there are
		{"c", 3, 4, false}, // this answer itself decides
		{"e", 4, 4, true},
		{"d", 0, 4, false}, // off the path
	} {
		n, of, reliable := survey.NewJourney(path(), answered).Position(row.id)
		if n != row.n || of != row.of || reliable != row.reliable {
			t.Errorf("%s: %d of %d, reliable %v", row.id, n, of, reliable)
		}
	}
	plain := &survey.Definition{Sections: []survey.Section{{Questions: []survey.Question{{ID: "a"}, {ID: "b"}}}}}
	if n, of, reliable := survey.NewJourney(plain, nil).Position("a"); n != 1 || of != 2 || !reliable {
		t.Error("without conditions the count is certain")
	}
}

func TestEqualityJourneyKnowsOnlyEqualityAnswers(t *testing.T) {
	d := path()
	if got := ids(survey.NewEqualityJourney(d, survey.Answers{"x": codes("yes")}).Steps()); got != "xy" {
		t.Errorf("steps: %s", got)
	}
	j := survey.NewEqualityJourney(d, nil)
	if j.Missing() != nil || j.MayVisit("a") || !j.MayVisit("x") {
		t.Error("every equality question is optional, and main questions are not among them (question-bank.md section 4)")
	}
	if _, ok := survey.NewEqualityJourney(&survey.Definition{}, nil).First(); ok {
		t.Error("a definition without equality questions has an empty journey")
	}
}

// TestAnyJourneyEnds walks journeys over any definition that Parse accepts (conditions look back) and any answers.
func TestAnyJourneyEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "questions")
		d := &survey.Definition{Sections: []survey.Section{{}}}
		answers := survey.Answers{}
		for i := range n {
			q := survey.Question{ID: fmt.Sprint("q", i), Kind: survey.Single, Required: rapid.Bool().Draw(t, "required")}
			if i > 0 && rapid.Bool().Draw(t, "conditional") {
				q.ShowWhen = &survey.Condition{Question: fmt.Sprint("q", rapid.IntRange(0, i-1).Draw(t, "on")),
					AnyOf: []string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "code")}}
			}
			d.Sections[0].Questions = append(d.Sections[0].Questions, q)
			if rapid.Bool().Draw(t, "answered") {
				answers[q.ID] = codes(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "answer"))
			}
		}
		checkJourney(t, d, survey.NewJourney(d, answers), answers)
	})
}

func checkJourney(t *rapid.T, d *survey.Definition, j survey.Journey, answers survey.Answers) {
	q, ok := j.First()
	visited := []string{}
	open := true // no required question so far is without an answer
	for ; ok; q, ok = j.Next(q.ID) {
		if len(visited) > len(d.Questions()) {
			t.Fatalf("the path does not end: %v", visited)
		}
		if j.MayVisit(q.ID) != open {
			t.Fatalf("MayVisit(%s) is %v after %v", q.ID, !open, visited)
		}
		if n, of, _ := j.Position(q.ID); n != len(visited)+1 || of != len(j.Steps()) {
			t.Fatalf("position of %s: %d of %d", q.ID, n, of)
		}
		if len(visited) > 0 {
			if p, ok := j.Previous(q.ID); !ok || p.ID != visited[len(visited)-1] {
				t.Fatalf("the way back from %s is not the way there", q.ID)
			}
		}
		visited = append(visited, q.ID)
		open = open && !(q.Required && answers[q.ID].Empty())
	}
	if len(visited) != len(j.Steps()) || open != (len(j.Missing()) == 0) {
		t.Fatalf("walked %v, steps %s, open %v, missing %s", visited, ids(j.Steps()), open, ids(j.Missing()))
	}
	// What is kept and what is dropped is everything that was answered, and keeping it changes nothing.
	if kept := j.OnPath(); len(kept)+len(j.Dropped()) != len(answers) {
		t.Fatalf("kept %v and dropped %v of %v", kept, j.Dropped(), answers)
	} else if ids(survey.NewJourney(d, kept).Steps()) != ids(j.Steps()) {
		t.Fatalf("dropping answers off the path changed the path")
	}
}
