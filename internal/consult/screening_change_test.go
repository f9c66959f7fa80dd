package consult_test

import (
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// writeChange begins a change of what is done with answers.
func (w *world) writeChange(t testing.TB, c *consult.Consultation, edit func(*privacy.Processing)) *consult.NoticeChange {
	t.Helper()
	x, err := w.DraftChange(t.Context(), w.staff[consult.Researcher], c.ID)
	if err != nil {
		t.Fatal(err)
	}
	after := x.After
	edit(&after)
	if err := w.SaveChange(t.Context(), w.staff[consult.Researcher], x.ID, x.Version, after); err != nil {
		t.Fatal(err)
	}
	return w.changeNow(t, x.ID)
}

// obstacles are the keys of the findings about the screening that stand in the way of the change.
func (w *world) obstacles(t testing.TB, x *consult.NoticeChange) (out []string) {
	t.Helper()
	found, err := w.ChangeFindings(t.Context(), w.staff[consult.Researcher], x.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Page == "screening" && !f.Warn && f.Clause != "" {
			out = append(out, f.Key[len("readiness.screening."):])
		}
	}
	return out
}

// Privacy.md 9; UK GDPR art. 35(1), (11): a change of what is done with answers is screened as a draft is, before it is proposed and again before it is confirmed.
func TestScreeningIsTheGateToAChange(t *testing.T) {
	type rule = func(t *testing.T, w *world, c *consult.Consultation)
	answer := func(t *testing.T, w *world, c *consult.Consultation) { w.answer(t, c.ID, nil) }
	decide := func(r privacy.Ruling) rule {
		return func(t *testing.T, w *world, c *consult.Consultation) {
			d := approval(w)
			d.Ruling = r
			w.decide(t, c.ID, d)
		}
	}
	for _, row := range []struct {
		why   string
		edit  func(*privacy.Processing)
		steps []rule
		want  string // what is in the way; empty: nothing
	}{
		{"art. 35(11): somebody new receives totals, and nobody looked at it", nameNewcomer(true), nil, "stale"},
		{"art. 35(11): kept for a shorter time: what was answered about storage is another thing", func(p *privacy.Processing) { p.Retention = "P6M" }, nil, "stale"},
		{"art. 35(3)(b): answered, and the officer has not decided", nameNewcomer(true), []rule{answer}, "required"},
		{"art. 35(2): and the officer refused", nameNewcomer(true), []rule{answer, decide(privacy.RulingRefused)}, "refused"},
		{"art. 35(1): and the officer approved", nameNewcomer(true), []rule{answer, decide(privacy.RulingApproved)}, ""},
	} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		x := w.writeChange(t, c, row.edit)
		for _, step := range row.steps {
			step(t, w, c)
		}
		var in []string
		if row.want != "" {
			in = []string{row.want}
		}
		if got := w.obstacles(t, x); !slices.Equal(got, in) {
			t.Errorf("%s: in the way is %v, want %v", row.why, got, in)
		}
		err := w.ProposeChange(t.Context(), w.staff[consult.Researcher], x.ID, x.Version, proposal)
		if row.want == "" && err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		if row.want != "" {
			want(t, err, fault.Conflict, row.why)
		}
	}
}

// Art. 35(11): what came up between the proposal and its confirmation is in the way of the confirmation.
func TestAProposedChangeWhoseScreeningNoLongerStandsIsNotConfirmed(t *testing.T) {
	for _, row := range []struct {
		why, obstacle string
		later         func(t *testing.T, w *world, c *consult.Consultation)
	}{
		{"the day of review came", "review", func(t *testing.T, w *world, _ *consult.Consultation) {
			w.turn(w.clock().AddDate(1, 0, 1).Sub(w.clock()))
		}},
		{"the officer thought again", "refused", func(t *testing.T, w *world, c *consult.Consultation) {
			d := approval(w)
			d.Ruling = privacy.RulingRefused
			w.decide(t, c.ID, d)
		}},
	} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		x := w.proposedChange(t, c, nameNewcomer(true), proposal)
		row.later(t, w, c)
		if got := w.obstacles(t, x); !slices.Equal(got, []string{row.obstacle}) {
			t.Errorf("%s: in the way is %v", row.why, got)
		}
		want(t, w.ConfirmChange(t.Context(), w.staff[consult.DPO], x.ID, x.Version), fault.Conflict, row.why)
		if now := w.reload(t, c.ID); now.NoticeVersion != 1 {
			t.Errorf("%s: version %d is in force", row.why, now.NoticeVersion)
		}
	}
}

// A change that was given up leaves what is done now as it was screened: neither an approval nor a refusal of the change is about that.
func TestAChangeThatIsGivenUpLeavesTheScreeningAsItWas(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	before := w.screening(t, c.ID)
	x := w.writeChange(t, c, nameNewcomer(true))
	if state := w.screening(t, c.ID); state.Standing != privacy.ScreeningStale || state.Change == nil || state.Change.ID != x.ID || !state.Answers() || state.Lapsed() {
		t.Fatalf("with the change it stands %s, change %v", state.Standing, state.Change)
	}
	w.answer(t, c.ID, nil)
	d := approval(w)
	d.Ruling = privacy.RulingRefused
	w.decide(t, c.ID, d)
	if err := w.EraseChange(t.Context(), w.staff[consult.Researcher], x.ID); err != nil {
		t.Fatal(err)
	}
	after := w.screening(t, c.ID)
	if after.Standing != privacy.ScreeningStands || after.Change != nil || after.Last.At != before.Last.At || after.Last.Sequence != before.Last.Sequence+2 {
		t.Errorf("given up, it stands %s: %+v", after.Standing, after.Last)
	}
	again := w.writeChange(t, c, nameNewcomer(true))
	if got := w.obstacles(t, again); !slices.Equal(got, []string{"refused"}) { // the same change is refused still
		t.Errorf("written again, in the way is %v", got)
	}
	w.answer(t, c.ID, func(a map[string]privacy.ScreeningAnswer) {
		for id := range a {
			a[id] = privacy.ScreeningAnswer{Why: "Looked at."}
		}
	})
	if got := w.obstacles(t, again); len(got) != 1 || got[0] == "refused" { // and no answers get round the officer who refused
		t.Errorf("answered anew after the refusal, in the way is %v", got)
	}
}

// Once it is confirmed the change is what is done, and it is what was screened.
func TestAConfirmedChangeIsScreened(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	w.change(t, c, nameNewcomer(true), proposal)
	if state := w.screening(t, c.ID); state.Standing != privacy.ScreeningStands || state.Change != nil {
		t.Errorf("it stands %s: %v", state.Standing, state.Changed)
	}
}

// Art. 35(2): no way leads round a refusal: not by going back to what stands, answering there, and changing a little more.
func TestARefusalIsNotForgottenOnTheWay(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	x := w.writeChange(t, c, nameNewcomer(true))
	w.answer(t, c.ID, nil)
	d := approval(w)
	d.Ruling = privacy.RulingRefused
	w.decide(t, c.ID, d)
	save := func(after privacy.Processing) {
		t.Helper()
		x = w.changeNow(t, x.ID)
		if err := w.SaveChange(t.Context(), w.staff[consult.Researcher], x.ID, x.Version, after); err != nil {
			t.Fatal(err)
		}
	}
	save(x.Before)
	w.answer(t, c.ID, nil)
	if state := w.screening(t, c.ID); !state.Last.AfterRefusal {
		t.Error("answers after going back forget the refusal")
	}
	after := x.After
	after.Retention = "P35M"
	save(after)
	w.answer(t, c.ID, func(a map[string]privacy.ScreeningAnswer) {
		for id := range a {
			a[id] = privacy.ScreeningAnswer{Why: "Looked at."}
		}
	})
	if state := w.screening(t, c.ID); !state.Last.AfterRefusal || state.Standing == privacy.ScreeningStands {
		t.Errorf("the refused change with a little more stands %s", state.Standing)
	}
}

// Art. 35(11): a change that is being written hides nothing of what is done already.
func TestAChangeDoesNotHideThatAReviewIsDue(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	w.writeChange(t, c, nameNewcomer(true))
	if state := w.screening(t, c.ID); state.Lapsed() || state.Now != privacy.ScreeningStands {
		t.Errorf("what is done stands %s", state.Now)
	}
	w.turn(w.clock().AddDate(1, 0, 1).Sub(w.clock()))
	if state := w.screening(t, c.ID); !state.Lapsed() || state.Now != privacy.ScreeningReview {
		t.Errorf("after the day of review it stands %s, and nobody is told", state.Now)
	}
}
