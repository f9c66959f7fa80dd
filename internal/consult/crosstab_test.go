package consult_test

import (
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

// Privacy.md 3.2: what is printed decides what is hidden. Only some are asked what went wrong, so a group of many has a base of few.
func TestCrossTabsHideOnTheBaseThatIsPrinted(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "service-feedback")
	w.crowd(t, c, 200)
	tab, err := w.CrossTab(t.Context(), w.staff[consult.Researcher], c.ID, "what_went_wrong", "age_band")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, row := range tab.Rows {
		if row.Hidden {
			continue
		}
		shown += row.Base
		if row.Base < 10 {
			t.Errorf("%s: a base of %d is shown", row.Code, row.Base)
		}
	}
	if rest := tab.Base - shown; tab.HiddenGroups == 1 || tab.HiddenGroups > 0 && rest < 10 && shown > 0 {
		t.Errorf("%d groups with %d people are hidden: one could be subtracted", tab.HiddenGroups, rest)
	}
	for _, code := range tab.Question.Codes {
		if code.Code == survey.CodeNotAnswered {
			t.Error("the count of those who did not answer is shown: it gives hidden bases by subtraction")
		}
	}
}
