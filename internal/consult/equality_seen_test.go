package consult_test

import (
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// A page that was open before tells what it showed: nothing that its person did not see is overwritten, brought back, or taken over into another consent.
func TestAnOlderPageChangesNoEqualityAnswers(t *testing.T) {
	none := survey.Answers{}
	for _, row := range []struct {
		why     string
		happens func(*testing.T, *world, *consult.Consultation, consult.Submitted)
		answers survey.Answers
		left    string
	}{
		{"art. 7(3), 9(2)(a): answers of a consent that was withdrawn do not come under a new one", func(t *testing.T, w *world, c *consult.Consultation, done consult.Submitted) {
			_, err := w.WithdrawConsent(t.Context(), done.Code)
			must(t, err)
			w.consent(t, c, done.Code, true)
		}, otherSex, ""},
		{"art. 17(1): what the person took back does not come back", func(t *testing.T, w *world, c *consult.Consultation, done consult.Submitted) {
			must(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, none)))
		}, sex, ""},
		{"art. 5(1)(d): what was corrected since is not overwritten", func(t *testing.T, w *world, c *consult.Consultation, done consult.Submitted) {
			must(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)))
		}, sex, "male"},
		{"and not erased", func(t *testing.T, w *world, c *consult.Consultation, done consult.Submitted) {
			must(t, w.SaveEquality(t.Context(), done.Code, c.ID, otherSex))
		}, none, "male"},
	} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		done := w.agreed(t, c)
		open := w.shown(t, done, row.answers)
		row.happens(t, w, c, done)
		want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, open), fault.Conflict, row.why)
		written := false
		err := w.ChangeEqualityFor(t.Context(), w.staff[consult.DPO], done.ResponseID, open, func(consult.Writer) error { written = true; return nil })
		want(t, err, fault.Conflict, row.why+", by an officer")
		if written || w.sexOf(t, done) != row.left {
			t.Errorf("%s: %q is left, the register says that it was changed: %v", row.why, w.sexOf(t, done), written)
		}
	}
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.agreed(t, c)
	want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, consult.EqualityChange{Answers: otherSex}), fault.Conflict, "a page that says nothing of what it showed")
}

// UK GDPR art. 5(1)(e): what was disposed of with a certificate is not written anew under the consent that still stands.
func TestEqualityAnswersAreNotWrittenAfterTheirDisposal(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.agreed(t, c)
	w.rule(t, privacy.ClassEquality, "P3M", "officer")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 3}).Add(-time.Hour))
	must(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)))
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 3}).Add(time.Hour))
	for range 2 { // announced, and disposed of
		_, err := w.RunRetention(t.Context(), robot)
		must(t, err)
		w.turn(40 * 24 * time.Hour)
	}
	if w.profiles(t, c) != 0 || len(w.certificates(t)) != 1 {
		t.Fatalf("%d profiles, %d certificates: the test would prove nothing", w.profiles(t, c), len(w.certificates(t)))
	}
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	must(t, err)
	if !privacy.Permits(held.Consent.State) || !held.EqualityOver {
		t.Fatalf("consent %s, over %v", held.Consent.State, held.EqualityOver)
	}
	want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)), fault.Closed, "changed")
	want(t, w.SaveEquality(t.Context(), done.Code, c.ID, otherSex), fault.Closed, "saved")
	if w.profiles(t, c) != 0 {
		t.Error("equality answers lie there again")
	}
}

// Two windows at once: what one says is done is done.
func TestEqualityAnswersAreChangedAndTakenBackAtOnce(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	done := w.agreed(t, c)
	change := w.shown(t, done, otherSex)
	b.beforePut = func() {
		b.beforePut = nil
		must(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, survey.Answers{})))
	}
	want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, change), fault.Conflict, "taken back in between")
	if w.profiles(t, c) != 0 {
		t.Error("what was taken back lies there")
	}
	for why, save := range map[string]func() error{
		"saved":   func() error { return w.SaveEquality(t.Context(), done.Code, c.ID, otherSex) },
		"changed": func() error { return w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)) },
	} {
		token := w.Keys.EqualityToken(done.ResponseID)
		must(t, w.Store.Equality().EraseProfile(t.Context(), token))
		b.beforePut = func() { // sealed, and its key goes
			b.beforePut = nil
			must(t, w.Store.Keys().DestroyKey(t.Context(), token))
		}
		if err := save(); err != nil || w.sexOf(t, done) != "male" {
			t.Errorf("%s: %v, and %q is shown", why, err, w.sexOf(t, done))
		}
	}
}

// Taking back reaches the answers of the consent that was looked at, and none of a newer one.
func TestTakingBackErasesNoAnswersOfANewerConsent(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.agreed(t, c)
	change := w.shown(t, done, survey.Answers{})
	whole := w.Store
	w.Store = between{Store: whole, stored: func() {}, updated: func() {
		w.Store = whole
		_, err := w.WithdrawConsent(t.Context(), done.Code)
		must(t, err)
		w.consent(t, c, done.Code, true)
		must(t, w.SaveEquality(t.Context(), done.Code, c.ID, otherSex))
	}}
	want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, change), fault.Forbidden, "withdrawn and agreed anew in between")
	if w.sexOf(t, done) != "male" {
		t.Error("answers of the new consent are gone")
	}
}
