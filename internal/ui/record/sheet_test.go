package record_test

import (
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/record"
)

// Routing goes by an answer that stands although its field is empty, so that nobody overlooks what hangs on it (UK GDPR art. 5(1)(d)).
func TestReadSheetAfterKept(t *testing.T) {
	questions := []survey.Question{
		{ID: "home", Kind: survey.Postcode, Text: locale.Text{"en": "Home"}},
		{ID: "more", Kind: survey.LongText, MaxLength: 100, Required: true, Text: locale.Text{"en": "More"}, ShowWhen: &survey.Condition{Question: "home", AnyOf: []string{"elsewhere"}}},
	}
	for _, row := range []struct {
		why      string
		kept     survey.Answers
		problems int
	}{
		{"nothing is kept: it is not asked", nil, 0},
		{"a ward is kept: what hangs on it is asked", survey.Answers{"home": {Codes: []string{"elsewhere"}}}, 1},
		{"another ward is kept", survey.Answers{"home": {Codes: []string{"north"}}}, 0},
	} {
		read, err := record.ReadSheet(nil, locale.English, questions, survey.Form{"home": {""}, "more": {""}}, row.kept)
		if err != nil || len(read.Problems) != row.problems || len(read.Answers) > 0 {
			t.Errorf("%s: %+v %v", row.why, read, err)
		}
	}
}
