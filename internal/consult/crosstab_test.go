package consult_test

import (
	"context"
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

// band is how many people of a group answer the survey, and how many of them are dissatisfied and therefore asked what went wrong. The
// group "not_answered" never agreed to the equality questions.
type band struct {
	code         string
	people, went int
}

// grouped sends the people of the groups. What they answer turns with their number, so that every cell of a larger group is filled.
func (w *world) grouped(t *testing.T, c *consult.Consultation, dimension string, groups []band) (all []*visit) {
	t.Helper()
	satisfied, wrong := []string{"very_satisfied", "fairly_satisfied", "neither"}, []string{"waited", "information", "repeated", "staff"}
	for _, g := range groups {
		for i := range g.people {
			v := &visit{answers: survey.Answers{"service": {Codes: []string{"bins"}}, "overall": {Codes: []string{satisfied[i%3]}}}, equality: survey.Answers{}}
			if i < g.went {
				v.answers["overall"] = survey.Answer{Codes: []string{[]string{"fairly_dissatisfied", "very_dissatisfied"}[i%2]}}
				v.answers["what_went_wrong"] = survey.Answer{Codes: slices.Compact([]string{wrong[i%4], wrong[max(i%4, i%3)]})}
			}
			if v.consents = g.code != survey.CodeNotAnswered; v.consents {
				v.equality[dimension] = survey.Answer{Codes: []string{g.code}}
			}
			all = append(all, v)
		}
	}
	w.each(t, len(all), func(ctx context.Context, i int) error { return w.visit(ctx, c, all[i]) })
	return all
}

// PSED practice and privacy.md 3.2: inside the council too no equality group under ten is shown, nor one that follows by subtraction. What
// counts is the base that is printed: only some are asked what went wrong, so a group of many may have a base of few.
func TestNineAreHiddenAndTenAreShown(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct {
		why, dimension, question string
		groups                   []band
		shown                    []string // all others are hidden
	}{
		{"nine and four are hidden, and are too many together to be told apart: ten are shown", "age_band", "overall",
			[]band{{"16_24", 9, 0}, {"25_34", 10, 2}, {"35_44", 4, 0}, {"45_54", 40, 9}, {survey.CodeNotAnswered, 30, 0}}, []string{"25_34", "45_54", survey.CodeNotAnswered}},
		{"nine by themselves could be subtracted: the next smallest goes with them", "age_band", "overall",
			[]band{{"16_24", 9, 0}, {"25_34", 10, 0}, {"45_54", 11, 0}, {survey.CodeNotAnswered, 30, 0}}, []string{"45_54", survey.CodeNotAnswered}},
		{"ten by themselves: nobody else answered, and that nobody did is hidden with them", "age_band", "overall",
			[]band{{"16_24", 10, 0}, {survey.CodeNotAnswered, 30, 0}}, []string{survey.CodeNotAnswered}},
		{"a conditional question: forty people of whom nine were asked, and ten of whom ten were", "age_band", "what_went_wrong",
			[]band{{"16_24", 40, 9}, {"25_34", 10, 10}, {"35_44", 20, 5}, {"45_54", 12, 0}, {survey.CodeNotAnswered, 12, 11}}, []string{"25_34", survey.CodeNotAnswered}},
		{"a conditional question: nine by themselves", "age_band", "what_went_wrong",
			[]band{{"16_24", 40, 9}, {"25_34", 10, 10}, {"35_44", 20, 12}, {survey.CodeNotAnswered, 12, 12}}, []string{"35_44", survey.CodeNotAnswered}},
		{"a conditional question of nine in all: no group is shown", "age_band", "what_went_wrong",
			[]band{{"16_24", 40, 5}, {"25_34", 10, 4}, {survey.CodeNotAnswered, 12, 0}}, nil},
		{"a special category as the dimension", "health_conditions", "overall",
			[]band{{"yes", 10, 3}, {"no", 40, 9}, {survey.CodePreferNot, 9, 0}, {survey.CodeNotAnswered, 12, 0}}, []string{"no", survey.CodeNotAnswered}},
		{"a special category and a conditional question: the nine are in the largest group", "health_conditions", "what_went_wrong",
			[]band{{"yes", 12, 10}, {"no", 60, 9}, {survey.CodePreferNot, 9, 3}, {survey.CodeNotAnswered, 12, 11}}, []string{"yes", survey.CodeNotAnswered}},
	} {
		c := w.open(t, "service-feedback")
		all := w.grouped(t, c, row.dimension, row.groups)
		tab, err := w.CrossTab(t.Context(), w.staff[consult.Researcher], c.ID, row.question, row.dimension)
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		for _, r := range tab.Rows {
			if !r.Hidden {
				shown = append(shown, r.Code)
			}
		}
		if !slices.Equal(shown, row.shown) {
			t.Errorf("%s: %q are shown, want %q", row.why, shown, row.shown)
		}
		checkCrossTab(t, row.why, tab, all)
	}
}

// checkCrossTab holds every figure against the truth, and looks for what follows of the hidden groups by subtraction.
func checkCrossTab(t *testing.T, why string, tab *consult.CrossTab, all []*visit) {
	t.Helper()
	left, hidden := tab.Total.Base, 0
	for _, row := range tab.Rows {
		in := func(v *visit) bool {
			codes := v.equality[tab.By.ID].Codes
			return len(codes) == 0 && row.Code == survey.CodeNotAnswered || len(codes) > 0 && codes[0] == row.Code
		}
		if row.Hidden {
			if hidden++; row.Base != 0 || row.Counts != nil || row.Percent != nil || row.HasNet {
				t.Errorf("%s: %s is hidden and has figures: %+v", why, row.Code, row)
			}
			continue
		}
		base := truth(all, func(v *visit) bool { return in(v) && len(v.answers[tab.Question.ID].Codes) > 0 })
		if left -= row.Base; row.Base != base || base < 10 {
			t.Errorf("%s: %s has a base of %d, in truth %d", why, row.Code, row.Base, base)
		}
		for j, code := range tab.Question.Codes {
			if n := truth(all, func(v *visit) bool { return in(v) && gave(v, tab.Question.ID, code.Code) }); row.Counts[j] != n {
				t.Errorf("%s: %s, %s: %d, in truth %d", why, row.Code, code.Code, row.Counts[j], n)
			}
		}
	}
	if hidden != tab.HiddenGroups || hidden == 1 || hidden > 0 && hidden < len(tab.Rows) && left < 10 {
		t.Errorf("%s: %d groups (%d said) with %d people are hidden: that can be subtracted", why, hidden, tab.HiddenGroups, left)
	}
	for _, code := range tab.Question.Codes {
		if code.Code == survey.CodeNotAnswered {
			t.Errorf("%s: the count of those who did not answer is shown: with the size of a group it gives hidden bases", why)
		}
	}
}
