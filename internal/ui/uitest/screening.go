package uitest

import (
	"context"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Screen has a draft screened for a DPIA as staff do: the researcher answers as the service suggests, and no to the rest; where the answers ask for
// it, the data protection officer approves, resting on a DPIA of the service.
func Screen(t testing.TB, s *consult.Service, id string) {
	t.Helper()
	AnswerScreening(t, s, id)
	ctx := context.Background()
	state, err := s.Screening(ctx, Researcher, id)
	check(t, err)
	if state.Last.Need() == privacy.NeedNothing {
		return
	}
	Platform(t, s)
	faults, err := s.DecideScreening(ctx, Protection, id, state.Last.Sequence, privacy.ScreeningDecision{Ruling: privacy.RulingApproved, Reasons: "The measures suffice.",
		Reference: "Addendum 1", ReviewOn: privacy.DateOf(s.Now()).Add(3650)})
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
}

// AnswerScreening is the researcher's part of Screen.
func AnswerScreening(t testing.TB, s *consult.Service, id string) {
	t.Helper()
	ctx := context.Background()
	state, err := s.Screening(ctx, Researcher, id)
	check(t, err)
	answers := privacy.SuggestedScreening(state.Facts, locale.English)
	for _, q := range privacy.ScreeningQuestions().Questions {
		if _, known := answers[q.ID]; !known {
			answers[q.ID] = privacy.ScreeningAnswer{}
		}
	}
	faults, err := s.Screen(ctx, Researcher, id, state.Last.Sequence, answers, "Nothing is particular about it.")
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
}

// Platform records a DPIA of the service unless there is one.
func Platform(t testing.TB, s *consult.Service) {
	t.Helper()
	ctx, today := context.Background(), privacy.DateOf(s.Now())
	d, version, err := s.DPIA(ctx, Protection)
	check(t, err)
	if !d.Missing(today) {
		return
	}
	faults, err := s.SaveDPIA(ctx, Protection, version, privacy.PlatformDPIA{Reference: "DPIA 1", ApprovedOn: today, ReviewOn: today.Add(7300), Advice: "It may run."})
	check(t, err)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
}
