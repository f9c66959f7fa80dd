package survey_test

import (
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

type wardTable map[string]string

func (w wardTable) Ward(postcode string) (string, bool) { code, ok := w[postcode]; return code, ok }

func TestCheckFindsWhatAPageWouldHaveRefused(t *testing.T) {
	label := func(s string) locale.Text { return locale.Text{locale.English: s} }
	single := survey.Question{ID: "q", Kind: survey.Single, Options: []survey.Option{
		{Code: "yes", Label: label("Yes")}, {Code: "other", Label: label("Other"), WriteIn: label("What?")}}}
	multiple := survey.Question{ID: "q", Kind: survey.Multiple, Options: []survey.Option{
		{Code: "a", Label: label("A")}, {Code: "b", Label: label("B")}, {Code: "none", Label: label("None"), Exclusive: true}}}
	text := survey.Question{ID: "q", Kind: survey.ShortText, MaxLength: 10}
	ward := survey.Question{ID: "q", Kind: survey.Postcode, Keep: "ward"}
	kept := survey.Question{ID: "q", Kind: survey.Postcode, Keep: "postcode"}
	wards := wardTable{"WM1 2AB": "north", "WM1 2AD": "south"}
	for _, c := range []struct {
		why  string
		q    survey.Question
		a    survey.Answer
		fine bool
	}{
		{"a blank is for the journey to judge", single, survey.Answer{}, true},
		{"an offered option", single, survey.Answer{Codes: []string{"yes"}}, true},
		{"an option that is not offered", single, survey.Answer{Codes: []string{"maybe"}}, false},
		{"two options of radio buttons", single, survey.Answer{Codes: []string{"yes", "other"}}, false},
		{"a description where one is invited", single, survey.Answer{Codes: []string{"other"}, Text: "Somewhere"}, true},
		{"a description where none is invited could smuggle text into coded answers", single, survey.Answer{Codes: []string{"yes"}, Text: "Somewhere"}, false},
		{"text without an option", single, survey.Answer{Text: "Somewhere"}, false},
		{"several options in order", multiple, survey.Answer{Codes: []string{"a", "b"}}, true},
		{"an exclusive option with another", multiple, survey.Answer{Codes: []string{"a", "none"}}, false},
		{"one option twice would count twice", multiple, survey.Answer{Codes: []string{"a", "a"}}, false},
		{"text within its length", text, survey.Answer{Text: "fine"}, true},
		{"text over its length", text, survey.Answer{Text: "longer than ten"}, false},
		{"text with a control character", text, survey.Answer{Text: "a\x00b"}, false},
		{"codes under free text", text, survey.Answer{Codes: []string{"x"}, Text: "fine"}, false},
		{"a ward alone", ward, survey.Answer{Codes: []string{"north"}}, true},
		{"a postcode that was to be dropped", ward, survey.Answer{Codes: []string{"north"}, Text: "WM1 2AB"}, false},
		{"a kept postcode with its ward", kept, survey.Answer{Codes: []string{"north"}, Text: "WM1 2AB"}, true},
		{"a kept postcode with another ward", kept, survey.Answer{Codes: []string{"south"}, Text: "WM1 2AB"}, false},
		{"two wards", ward, survey.Answer{Codes: []string{"north", "south"}}, false},
	} {
		problems := c.q.Check(c.a, wards)
		if fine := len(problems) == 0; fine != c.fine {
			t.Errorf("%s: problems %v", c.why, problems)
		}
	}
}
