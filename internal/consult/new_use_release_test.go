package consult_test

import (
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// A release that counts somebody because they agreed must be made again when they take that back (privacy.md 6, step 3).
func TestAnAgreementTakenBackMakesADraftStale(t *testing.T) {
	for _, row := range []struct {
		why   string
		back  int // who takes it back: 0 somebody who is counted for it, 1 nobody
		stale bool
	}{{"somebody who was counted takes it back", 0, true}, {"somebody refuses who was not counted", 1, false}} {
		w := newWorld(t)
		c := w.open(t, "net-zero")
		agreement := w.partner(t, newcomer)
		old := w.crowd(t, c, 60)
		w.change(t, c, nameNewcomer(false), proposal)
		c = w.reload(t, c.ID)
		w.crowd(t, c, 60)
		for _, v := range old[:20] {
			w.choose(t, v.done.Code, privacy.PartResponses, true)
		}
		r := w.draftRelease(t, c, agreement, consult.TableSpec{Question: "heating"})
		w.choose(t, old[row.back*30].done.Code, privacy.PartResponses, false)
		err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, checked)
		if stale := fault.Is(err, fault.Conflict); stale != row.stale {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}

// Two releases whose people differ by those who were not told are one system like any others (decisions 21 and 24): nothing is found by subtraction, whichever
// comes first, and also when those who were left out come back.
func TestReleasesOfDifferentPeopleTogether(t *testing.T) {
	specs := []consult.TableSpec{{Question: "heating"}, {Question: "heating", By: "ward"}, {Question: "tenure", By: "ward"}}
	w := newWorld(t)
	c := w.open(t, "net-zero")
	everybody, some := w.agree(t), w.partner(t, newcomer)
	old := w.crowd(t, c, 90)
	w.change(t, c, nameNewcomer(false), proposal)
	c = w.reload(t, c.ID)
	w.crowd(t, c, 220)
	for _, v := range old[:84] { // six do not agree
		w.choose(t, v.done.Code, privacy.PartResponses, true)
	}
	w.turn(c.ClosesAt.Sub(w.clock()) + time.Hour)
	publish := func(a *consult.Agreement, people int) *consult.Release {
		t.Helper()
		r := w.draftRelease(t, c, a, specs...)
		if r.Responses != people {
			t.Fatalf("%d counted, want %d", r.Responses, people)
		}
		if blocked(r, "") || len(r.Tables) == 0 {
			return nil // refused: nothing leaves
		}
		return w.publish(t, r)
	}
	var out []*consult.Release
	for _, step := range []struct {
		to     *consult.Agreement
		people int
	}{{everybody, 310}, {some, 304}, {everybody, 310}} {
		if r := publish(step.to, step.people); r != nil {
			out = append(out, r)
		}
	}
	t.Logf("%d of 3 releases passed", len(out))
	if len(out) < 2 {
		t.Fatal("one release is no system: nothing was tried together")
	}
	hidden := 0
	if report := breakIn(t, &hidden, out...); !report.Safe() {
		t.Errorf("broken %v, unfinished %v", report.Broken, report.Unfinished)
	}
	for _, r := range out {
		if part := r.Responses < 310; r.MayBePublic(c) == part || part != (r.Coverage.LeftOut > 0) {
			t.Errorf("of %d people: on the website %v; tables that leave people out would be read as those of all", r.Responses, r.MayBePublic(c))
		}
	}
}

// A version that takes the new use back holds for everybody again, and nothing of it was ever open to those who did not agree.
func TestANewUseTakenBack(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	agreement := w.partner(t, newcomer)
	old := w.crowd(t, c, 1)[0].done
	before := c.Processing
	w.change(t, c, nameNewcomer(false), proposal)
	w.turn(time.Hour)
	w.change(t, c, func(p *privacy.Processing) { *p = before }, proposal)
	c = w.reload(t, c.ID)
	if u := w.use(t, old.Code, privacy.PartResponses); c.NoticeVersion != 3 || u != nil {
		t.Errorf("version %d, asked %+v", c.NoticeVersion, u)
	}
	_, err := w.DraftRelease(t.Context(), w.staff[consult.Researcher], c.ID, agreement.ID, releaseTitle, []consult.TableSpec{{Question: "heating"}})
	want(t, err, fault.Invalid, "nobody is told of the partner any more")
	n := 0
	if err := w.EachResponse(t.Context(), w.staff[consult.Researcher], c.ID, func(*consult.Response) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("%d responses under the newest version, %v", n, err)
	}
}
