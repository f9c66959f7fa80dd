package consult_test

import (
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// screen has the researcher answer as the service suggests, and no to the rest, and the data protection officer approve.
func (w *world) screen(t testing.TB, id string) {
	t.Helper()
	w.answer(t, id, nil)
	state := w.screening(t, id)
	if state.Last.Need() != privacy.NeedNothing {
		w.decide(t, id, approval(w))
	}
	if state = w.screening(t, id); state.Standing != privacy.ScreeningStands {
		t.Fatalf("screened, but it stands %s: %v", state.Standing, state.Changed)
	}
}

// answer has the researcher answer: as the service suggests, no where it does not know, and otherwise as change says.
func (w *world) answer(t testing.TB, id string, change func(map[string]privacy.ScreeningAnswer)) {
	t.Helper()
	state := w.screening(t, id)
	answers := privacy.SuggestedScreening(state.Facts, locale.English)
	for _, q := range privacy.ScreeningQuestions().Questions {
		if _, known := answers[q.ID]; !known {
			answers[q.ID] = privacy.ScreeningAnswer{}
		}
	}
	if change != nil {
		change(answers)
	}
	faults, err := w.Screen(t.Context(), w.staff[consult.Researcher], id, state.Last.Sequence, answers, "Nothing is particular about it.")
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
}

func (w *world) screening(t testing.TB, id string) consult.ScreeningState {
	t.Helper()
	state, err := w.Screening(t.Context(), w.staff[consult.Researcher], id)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// decide has the data protection officer decide, with a DPIA of the service to rest on.
func (w *world) decide(t testing.TB, id string, d privacy.ScreeningDecision) {
	t.Helper()
	w.platform(t)
	faults, err := w.DecideScreening(t.Context(), w.staff[consult.DPO], id, w.screening(t, id).Last.Sequence, d)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
}

// platform records a DPIA of the service unless there is one.
func (w *world) platform(t testing.TB) {
	t.Helper()
	today := privacy.DateOf(w.clock())
	d, version, err := w.DPIA(t.Context(), w.staff[consult.DPO])
	if err == nil && d.Missing(today) {
		_, err = w.SaveDPIA(t.Context(), w.staff[consult.DPO], version, privacy.PlatformDPIA{Reference: "DPIA 1", ApprovedOn: today, ReviewOn: today.Add(3650), Advice: "It may run."})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func approval(w *world) privacy.ScreeningDecision {
	return privacy.ScreeningDecision{Ruling: privacy.RulingApproved, Reasons: "The measures suffice.", Reference: "DPIA 1, addendum", ReviewOn: privacy.DateOf(w.clock()).Add(365)}
}

// blocked returns the finding of readiness about the screening, without "readiness.screening.", or "".
func (w *world) blocked(t testing.TB, id string) string {
	t.Helper()
	ready, err := w.Readiness(t.Context(), w.staff[consult.Researcher], id)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ready.Findings {
		if f.Page == "screening" {
			if f.Warn || ready.Ready() || f.Clause == "" {
				t.Errorf("%s does not block, or names no clause: %+v", f.Key, f)
			}
			return f.Key[len("readiness.screening."):]
		}
	}
	return ""
}

// Privacy.md 9: publishing is blocked when a DPIA is required and not approved. Each row is a draft that is ready but for its screening.
func TestScreeningIsTheGateToPublishing(t *testing.T) {
	no := func(a map[string]privacy.ScreeningAnswer) {
		for id := range a {
			a[id] = privacy.ScreeningAnswer{Why: "Looked at."}
		}
	}
	yes := func(ids ...string) func(map[string]privacy.ScreeningAnswer) {
		return func(a map[string]privacy.ScreeningAnswer) {
			no(a)
			for _, id := range ids {
				a[id] = privacy.ScreeningAnswer{Yes: true, Why: "It is so."}
			}
		}
	}
	type rule = func(t *testing.T, w *world, id string)
	answer := func(change func(map[string]privacy.ScreeningAnswer)) rule {
		return func(t *testing.T, w *world, id string) { w.answer(t, id, change) }
	}
	decide := func(r privacy.Ruling) rule {
		return func(t *testing.T, w *world, id string) {
			d := approval(w)
			d.Ruling = r
			w.decide(t, id, d)
		}
	}
	later := func(days int) rule {
		return func(t *testing.T, w *world, id string) {
			c := w.reload(t, id)
			w.turn(w.clock().AddDate(0, 0, days).Sub(w.clock()))
			d := c.Details
			d.OpensAt, d.ClosesAt = w.clock().AddDate(0, 0, 1), w.clock().AddDate(0, 0, 30)
			if err := w.SaveDetails(t.Context(), w.staff[consult.Researcher], id, c.Slug, c.Version, d); err != nil {
				t.Fatal(err)
			}
		}
	}
	edit := func(change func(*consult.Details)) rule {
		return func(t *testing.T, w *world, id string) {
			c := w.reload(t, id)
			d := c.Details
			change(&d)
			if err := w.SaveDetails(t.Context(), w.staff[consult.Researcher], id, c.Slug, c.Version, d); err != nil {
				t.Fatal(err)
			}
		}
	}
	platform := func(days int) rule {
		return func(t *testing.T, w *world, _ string) {
			_, version, err := w.DPIA(t.Context(), w.staff[consult.DPO])
			if err != nil {
				t.Fatal(err)
			}
			today := privacy.DateOf(w.clock())
			faults, err := w.SaveDPIA(t.Context(), w.staff[consult.DPO], version, privacy.PlatformDPIA{Reference: "DPIA 1", ApprovedOn: today, ReviewOn: today.Add(days), Advice: "It may run."})
			if err != nil || len(faults) > 0 {
				t.Fatal(faults, err)
			}
		}
	}
	few := func(d *consult.Details) { d.Population = 200 }
	for _, row := range []struct {
		why   string
		steps []rule
		want  string // what blocks; empty: nothing
	}{
		{"art. 35(11): the review of the service's DPIA, on which the approval rests, falls due before publishing", []rule{platform(30), answer(nil), decide(privacy.RulingApproved), later(30)}, "platform"},
		{"a day before it has not", []rule{platform(30), answer(nil), decide(privacy.RulingApproved), later(29)}, ""},
		{"it was reviewed", []rule{platform(30), answer(nil), decide(privacy.RulingApproved), later(30), platform(365)}, ""},
		{"art. 35(1): prior to the processing: nobody has screened it", nil, "none"},
		{"art. 35(1), (2): all no, where the service suggests yes to special categories on a large scale", []rule{answer(no)}, "required"},
		{"art. 35(1), (2): of few people, where it suggests yes to what the officer decides", []rule{edit(few), answer(no)}, "undecided"},
		{"and the officer agrees with the no", []rule{edit(few), answer(no), decide(privacy.RulingNotNeeded)}, ""},
		{"art. 35(1), (2): refused, then all no", []rule{edit(few), answer(yes("vulnerable")), decide(privacy.RulingRefused), answer(no)}, "undecided"},
		{"art. 35(1), (2): refused, then all no twice", []rule{edit(few), answer(yes("vulnerable")), decide(privacy.RulingRefused), answer(no), answer(no)}, "undecided"},
		{"art. 35(3)(b): special categories on a large scale: a DPIA is needed", []rule{answer(yes("special_large_scale"))}, "required"},
		{"and approved", []rule{answer(yes("special_large_scale")), decide(privacy.RulingApproved)}, ""},
		{"and refused", []rule{answer(yes("special_large_scale")), decide(privacy.RulingRefused)}, "refused"},
		{"refused, answered anew: the officer decides again", []rule{answer(yes("children")), decide(privacy.RulingRefused), answer(yes("children"))}, "required"},
		{"the list \"consider\": the officer decides", []rule{edit(few), answer(yes("vulnerable"))}, "undecided"},
		{"that none is needed", []rule{edit(few), answer(yes("vulnerable")), decide(privacy.RulingNotNeeded)}, ""},
		{"or that it must not be", []rule{edit(few), answer(yes("vulnerable")), decide(privacy.RulingRefused)}, "refused"},
		{"art. 35(11): a new recipient", []rule{answer(no), edit(func(d *consult.Details) {
			d.Processing.Purposes[0].Recipients = append(d.Processing.Purposes[0].Recipients, privacy.Recipient{Name: "Aldermere Labs", Form: privacy.Pseudonymised, Location: "United Kingdom"})
		})}, "stale"},
		{"art. 35(11): kept for longer", []rule{answer(no), edit(func(d *consult.Details) { d.Processing.Retention = "P60M" })}, "stale"},
		{"art. 35(11): another purpose", []rule{answer(no), edit(func(d *consult.Details) {
			d.Processing.Purposes[0].Text = locale.Text{locale.English: "Another", locale.Welsh: "Arall"}
		})}, "stale"},
		{"art. 35(11): more people", []rule{answer(no), edit(func(d *consult.Details) { d.Population = 9000 })}, "stale"},
		{"a title and an opening time change nothing", []rule{answer(no), decide(privacy.RulingApproved), edit(func(d *consult.Details) {
			d.Title = locale.Text{locale.English: "Another", locale.Welsh: "Arall"}
			d.ClosesAt = d.ClosesAt.AddDate(0, 0, 7)
		})}, ""},
		{"stale after approval: the approval does not stand for what it was not given", []rule{answer(yes("combining")), decide(privacy.RulingApproved),
			edit(func(d *consult.Details) { d.Processing.Retention = "P60M" })}, "stale"},
		{"art. 35(11): the day of review has come", []rule{answer(yes("combining")), decide(privacy.RulingApproved), later(366)}, "review"},
		{"a day before it has not", []rule{answer(yes("combining")), decide(privacy.RulingApproved), later(363)}, ""},
	} {
		w := newWorld(t)
		c := w.draft(t, "resident-satisfaction")
		for _, step := range row.steps {
			step(t, w, c.ID)
		}
		if got := w.blocked(t, c.ID); got != row.want {
			t.Errorf("%s: blocked by %q, want %q", row.why, got, row.want)
		}
		err := w.Publish(t.Context(), w.staff[consult.Researcher], c.ID, w.reload(t, c.ID).Version)
		if row.want == "" && err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		if row.want != "" {
			want(t, err, fault.Conflict, row.why)
		}
	}
}

// The survey too: a question that asks something else needs a new look.
func TestAQuestionThatChangesMakesAScreeningStale(t *testing.T) {
	w := newWorld(t)
	c := w.draft(t, "resident-satisfaction")
	w.screen(t, c.ID)
	_, def, _, err := w.ConsultationForStaff(t.Context(), w.staff[consult.Researcher], c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := w.SaveDefinition(t.Context(), w.staff[consult.Researcher], c.ID, c.Version, def); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if got := w.blocked(t, c.ID); got != "" {
		t.Errorf("a survey that was saved as it was: blocked by %q", got)
	}
	def.Sections[0].Questions[0].Text = locale.Text{locale.English: "Which illnesses do you have?", locale.Welsh: "Pa salwch sydd gennych?"}
	if faults, err := w.SaveDefinition(t.Context(), w.staff[consult.Researcher], c.ID, w.reload(t, c.ID).Version, def); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if got, state := w.blocked(t, c.ID), w.screening(t, c.ID); got != "stale" || !slices.Equal(state.Changed, []string{"questions"}) {
		t.Errorf("blocked by %q, changed %v", got, state.Changed)
	}
	want(t, func() error {
		_, err := w.DecideScreening(t.Context(), w.staff[consult.DPO], c.ID, w.screening(t, c.ID).Last.Sequence, approval(w))
		return err
	}(), fault.Conflict, "an officer cannot approve answers that rest on what has changed")
}

// What was published rests on the same facts as the draft did: publishing makes no screening stale.
func TestAScreeningOutlivesPublishing(t *testing.T) {
	w := newWorld(t)
	for _, library := range []string{"resident-satisfaction", "net-zero", "blank"} {
		c := w.open(t, library)
		if state := w.screening(t, c.ID); state.Standing != privacy.ScreeningStands {
			t.Errorf("%s: after publishing it stands %s: %v", library, state.Standing, state.Changed)
		}
	}
}

func TestScreeningRecordsAreKept(t *testing.T) {
	w := newWorld(t)
	c := w.draft(t, "resident-satisfaction")
	w.answer(t, c.ID, nil)
	answers := privacy.SuggestedScreening(w.screening(t, c.ID).Facts, locale.English)
	_, err := w.Screen(t.Context(), w.staff[consult.Researcher], c.ID, 0, answers, "x")
	if err == nil {
		t.Error("answers over those that somebody else has given meanwhile")
	}
	w.decide(t, c.ID, approval(w))
	state := w.screening(t, c.ID)
	if len(state.History) != 2 || state.History[1].Decision != nil || state.Last.Decision.By != w.staff[consult.DPO].ID || state.Last.By != w.staff[consult.Researcher].ID {
		t.Errorf("history: %+v", state.History)
	}
	if state.Last.Decision.Platform != "DPIA 1" {
		t.Errorf("it does not say on which DPIA it rests: %q", state.Last.Decision.Platform)
	}
	if n := w.audited(t, "screening.decide"); n != 1 {
		t.Errorf("%d entries of a decision", n)
	}
	queue, err := w.Screenings(t.Context(), w.staff[consult.DPO])
	if err != nil || len(queue) != 1 || queue[0].Waits() {
		t.Errorf("queue: %+v %v", queue, err)
	}
}

// Keeping totals is a use: chosen after the screening was decided, it has to be screened again (UK GDPR art. 35(11)).
func TestKeepingTotalsIsScreened(t *testing.T) {
	w := newWorld(t)
	c := w.draft(t, "resident-satisfaction")
	w.screen(t, c.ID)
	c = w.reload(t, c.ID)
	d := c.Details
	d.Processing.KeepTotals = true
	by := w.staff[consult.Researcher]
	if err := w.SaveDetails(t.Context(), by, c.ID, c.Slug, c.Version, d); err != nil {
		t.Fatal(err)
	}
	want(t, w.Publish(t.Context(), by, c.ID, c.Version+1), fault.Conflict, "published with a screening from before")
}
