package consult_test

import (
	"errors"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

var otherSex = survey.Answers{"sex": {Codes: []string{"male"}}}

// agreed sends a response with consent and equality answers.
func (w *world) agreed(t *testing.T, c *consult.Consultation) consult.Submitted {
	t.Helper()
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	must(t, w.SaveEquality(t.Context(), done.Code, c.ID, sex))
	return done
}

// shown is a change from a page that is shown at this moment.
func (w *world) shown(t *testing.T, done consult.Submitted, answers survey.Answers) consult.EqualityChange {
	t.Helper()
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	must(t, err)
	return consult.EqualityChange{Answers: answers, Seen: held.EqualitySeen}
}

func (w *world) sexOf(t *testing.T, done consult.Submitted) string {
	t.Helper()
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	must(t, err)
	if len(held.Equality["sex"].Codes) == 0 {
		return ""
	}
	return held.Equality["sex"].Codes[0]
}

// councils.md S3-18: equality answers can be changed as long as the consent to them stands.
func TestEqualityAnswersAreChanged(t *testing.T) {
	later := func(t *testing.T, w *world, c *consult.Consultation) { w.turn(c.ClosesAt.Add(1).Sub(w.clock())) }
	for _, row := range []struct {
		why     string
		happens func(*testing.T, *world, *consult.Consultation, consult.Submitted)
		answers survey.Answers
		kind    fault.Kind // empty: changed
	}{
		{"art. 5(1)(d), 16: while it is open", nil, otherSex, ""},
		{"art. 5(1)(d), 16: after closing, when nothing can be withdrawn but the consent", func(t *testing.T, w *world, c *consult.Consultation, _ consult.Submitted) { later(t, w, c) }, otherSex, ""},
		{"art. 9(2)(a): consent withdrawn", func(t *testing.T, w *world, _ *consult.Consultation, done consult.Submitted) {
			_, err := w.WithdrawConsent(t.Context(), done.Code)
			must(t, err)
		}, otherSex, fault.Forbidden},
		{"privacy.md 10.4: consent expired twelve months after closing", func(t *testing.T, w *world, c *consult.Consultation, _ consult.Submitted) {
			w.turn(c.ClosesAt.AddDate(1, 0, 1).Sub(w.clock()))
		}, otherSex, fault.Forbidden},
		{"a question that is not asked", nil, survey.Answers{"religion": {Codes: []string{"christian"}}}, fault.Invalid},
		{"an option that is not offered", nil, survey.Answers{"sex": {Codes: []string{"x"}}}, fault.Invalid},
		{"art. 9(2)(a): the statement says more now, and the person is asked about that first", func(t *testing.T, w *world, c *consult.Consultation, _ consult.Submitted) {
			w.change(t, c, nameNewcomer(true), proposal)
		}, otherSex, fault.Conflict},
		{"art. 7(3): who said no to that changes them under what they agreed to", func(t *testing.T, w *world, c *consult.Consultation, done consult.Submitted) {
			w.change(t, c, nameNewcomer(true), proposal)
			w.choose(t, done.Code, privacy.PartEquality, false)
		}, otherSex, ""},
		{"who said yes to it too", func(t *testing.T, w *world, c *consult.Consultation, done consult.Submitted) {
			w.change(t, c, nameNewcomer(true), proposal)
			w.choose(t, done.Code, privacy.PartEquality, true)
		}, otherSex, ""},
	} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		done := w.agreed(t, c)
		change := w.shown(t, done, row.answers)
		if row.happens != nil {
			row.happens(t, w, c, done)
		}
		before, events := w.sexOf(t, done), w.ledger(t, done)
		err := w.ChangeEquality(t.Context(), done.Code, c.ID, change)
		if row.kind != "" {
			want(t, err, row.kind, row.why)
			if w.sexOf(t, done) != before {
				t.Errorf("%s: refused and changed", row.why)
			}
			continue
		}
		if err != nil || w.sexOf(t, done) != "male" || w.profiles(t, c) != 1 {
			t.Errorf("%s: %q, %d profiles, %v", row.why, w.sexOf(t, done), w.profiles(t, c), err)
		}
		if w.ledger(t, done) != events {
			t.Errorf("%s: no new consent is asked for, and none is recorded", row.why)
		}
	}
	w := newWorld(t)
	c, other := w.open(t, "resident-satisfaction"), w.open(t, "net-zero")
	done := w.agreed(t, c)
	want(t, w.ChangeEquality(t.Context(), done.Code, other.ID, w.shown(t, done, otherSex)), fault.Forbidden, "consent for another consultation")
	want(t, w.ChangeEquality(t.Context(), "0000-0000-0000-0000-0000", c.ID, w.shown(t, done, otherSex)), fault.NotFound, "nobody's code")
	must(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, survey.Answers{})))
	_, err := w.Store.Keys().Key(t.Context(), w.Keys.EqualityToken(done.ResponseID))
	if w.profiles(t, c) != 0 || !fault.Is(err, fault.NotFound) {
		t.Errorf("art. 5(1)(e): every answer is taken back, and something is left: %v", err)
	}
	must(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)))
	if w.sexOf(t, done) != "male" {
		t.Error("answers are given again while the consent stands")
	}
}

// The stores share no transaction: a withdrawal in between wins, and a failure leaves what stood there.
func TestAChangeOfEqualityAnswersThatIsCut(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	done := w.agreed(t, c)
	b.putProfile = true
	want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)), fault.Unavailable, "a full disk")
	b.putProfile = false
	if w.sexOf(t, done) != sex["sex"].Codes[0] {
		t.Error("what stood there is lost")
	}
	b.beforePut = func() {
		b.beforePut = nil
		_, err := w.WithdrawConsent(t.Context(), done.Code)
		must(t, err)
	}
	want(t, w.ChangeEquality(t.Context(), done.Code, c.ID, w.shown(t, done, otherSex)), fault.Forbidden, "consent that was withdrawn in between")
	if w.profiles(t, c) != 0 {
		t.Error("the answers are left")
	}
}

// An officer changes them for somebody who asked, with what the register says of it in the transaction that allows it.
func TestEqualityAnswersAreChangedForSomebody(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done, officer := w.agreed(t, c), w.staff[consult.DPO]
	written := 0
	with := func(consult.Writer) error { written++; return nil }
	want(t, w.ChangeEqualityFor(t.Context(), w.staff[consult.Researcher], done.ResponseID, w.shown(t, done, otherSex), with), fault.Forbidden, "a researcher")
	refused := errors.New("the register is full")
	if err := w.ChangeEqualityFor(t.Context(), officer, done.ResponseID, w.shown(t, done, otherSex), func(consult.Writer) error { return refused }); !errors.Is(err, refused) || w.sexOf(t, done) == "male" {
		t.Errorf("changed although the register does not say so: %v", err)
	}
	must(t, w.ChangeEqualityFor(t.Context(), officer, done.ResponseID, w.shown(t, done, otherSex), with))
	if w.sexOf(t, done) != "male" || written == 0 {
		t.Errorf("%q", w.sexOf(t, done))
	}
	want(t, w.ChangeEqualityFor(t.Context(), officer, "nobody", w.shown(t, done, otherSex), with), fault.NotFound, "a response that is gone")
	_, err := w.DecideConsent(t.Context(), done.Code, false, statementHash(t, w, c), locale.English)
	must(t, err)
	want(t, w.ChangeEqualityFor(t.Context(), officer, done.ResponseID, w.shown(t, done, otherSex), with), fault.Forbidden, "consent withdrawn")
}

// statementHash is the hash of the statement that stands.
func statementHash(t *testing.T, w *world, c *consult.Consultation) string {
	t.Helper()
	st, err := w.ConsentStatement(t.Context(), c, locale.English)
	must(t, err)
	return st.Hash
}
