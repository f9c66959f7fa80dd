package survey_test

import (
	"testing"

	"folkmoot/internal/survey"
	"folkmoot/surveys"

	"github.com/google/go-cmp/cmp"
)

func TestDisabilityIsTheEqualityActMeasure(t *testing.T) {
	for _, row := range []struct{ why, condition, limits, want string }{
		{"a condition that limits a lot (Equality Act s.6; question-bank.md 5.4)", "yes", "yes_a_lot", survey.CodeDisabled},
		{"a condition that limits a little", "yes", "yes_a_little", survey.CodeDisabled},
		{"a condition that does not limit", "yes", "not_at_all", survey.CodeNotDisabled},
		{"no condition: the second question is not asked", "no", "", survey.CodeNotDisabled},
		{"no condition, whatever was left from before", "no", "yes_a_lot", survey.CodeNotDisabled},
		{"prefer not to say is kept apart from no answer", "prefer_not_to_say", "", survey.CodePreferNot},
		{"prefer not to say at the second step", "yes", "prefer_not_to_say", survey.CodePreferNot},
		{"blank", "", "", survey.CodeNotAnswered},
		{"blank at the second step: not known", "yes", "", survey.CodeNotAnswered},
	} {
		answers := survey.Answers{}
		if row.condition != "" {
			answers["health_conditions"] = codes(row.condition)
		}
		if row.limits != "" {
			answers["day_to_day_activities"] = codes(row.limits)
		}
		if got := survey.Disability(answers); got != row.want {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
}

func TestGroupsOfMakesCoarserCodes(t *testing.T) {
	entry, _ := surveys.Bank().Entry("age_band")
	q := entry.Questions[0]
	if diff := cmp.Diff([]string{"16_34"}, q.GroupsOf(codes("25_34"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"prefer_not_to_say"}, q.GroupsOf(codes("prefer_not_to_say"))); diff != "" {
		t.Errorf("an option without a group stands for itself: %s", diff)
	}
	if diff := cmp.Diff([]string{"16_34", "85_plus"}, q.GroupsOf(codes("16_24", "25_34", "85_plus"))); diff != "" {
		t.Errorf("each group once: %s", diff)
	}
}
