package consult_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// access is what the person sees of who may come in.
func (w *world) access(t testing.TB, by *consult.Staff) *consult.AccessState {
	t.Helper()
	state, err := w.Access(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// decideAll chooses the same about every account that the person may decide about.
func (w *world) decideAll(t testing.TB, role consult.Role, choice, reason string) error {
	t.Helper()
	var choices []consult.AccessChoice
	for _, a := range w.access(t, w.staff[role]).Accounts {
		if a.Decidable {
			choices = append(choices, consult.AccessChoice{StaffID: a.ID, Version: a.Version, Choice: choice, Reason: reason})
		}
	}
	_, faults, err := w.DecideAccess(t.Context(), w.staff[role], choices)
	return errors.Join(append(faults, err)...)
}

// decideRole decides about the account of a role.
func (w *world) decideRole(t testing.TB, by, about consult.Role, choice, reason string) (bool, error) {
	t.Helper()
	version := int64(1)
	for _, a := range w.access(t, w.staff[consult.DPO]).Accounts {
		if a.ID == w.staff[about].ID {
			version = a.Version
		}
	}
	finished, faults, err := w.DecideAccess(t.Context(), w.staff[by], []consult.AccessChoice{{StaffID: w.staff[about].ID, Version: version, Choice: choice, Reason: reason}})
	return finished, errors.Join(append(faults, err)...)
}

// TestWhoDecidesAboutWhom: a review by somebody about themselves is none (councils.md S0-15, UK GDPR art. 32(1)(d)).
func TestWhoDecidesAboutWhom(t *testing.T) {
	const r, a, d, ad, i, p = consult.Researcher, consult.Approver, consult.DPO, consult.Administrator, consult.Interviewer, consult.PartnerUser
	for _, c := range []struct {
		by, about      consult.Role
		choice, reason string
		kind           fault.Kind // empty: it is stored
		field, why     string
	}{
		{ad, r, "keep", "", "", "", "S0-15: the administrator decides who still needs it"},
		{ad, d, "end", "Left the council", "", "", "about the data protection officer too"},
		{ad, p, "end", "The agreement is over", "", "", "and about people of partners"},
		{ad, ad, "keep", "", fault.Forbidden, "", "but never about themselves"},
		{d, ad, "keep", "Still runs it", "", "", "the officer decides about administrators, so that one administrator is enough"},
		{d, ad, "end", "Left", fault.Invalid, "decision-", "the last administrator stays, or nobody could manage staff"},
		{d, d, "keep", "", fault.Forbidden, "", "nor does the officer decide about themselves"},
		{d, r, "keep", "", fault.Forbidden, "", "the officer sees the others and does not manage them"},
		{r, i, "keep", "", fault.Forbidden, "", "nobody else decides"},
		{a, i, "keep", "", fault.Forbidden, "", "nor does who manages partners"},
		{ad, r, "end", " ", fault.Invalid, "reason-", "UK GDPR art. 5(2): an end has a reason that can be shown"},
		{ad, r, "", "Why", fault.Invalid, "decision-", "a reason for nothing is not lost silently"},
		{ad, r, "perhaps", "", fault.Invalid, "decision-", "there is no third way"},
		{ad, r, "keep", strings.Repeat("ŵ", consult.MaxAccessReason+1), fault.Invalid, "reason-", "a reason is short"},
		{ad, r, "", "", fault.Invalid, "decisions", "nothing was chosen"},
	} {
		w := newWorld(t)
		_, err := w.decideRole(t, c.by, c.about, c.choice, c.reason)
		if c.kind == "" {
			if err != nil {
				t.Errorf("%s: %v", c.why, err)
			}
			_, ended := w.StaffMember(t.Context(), w.staff[c.about].ID)
			if got := fault.Is(ended, fault.NotFound); got != (c.choice == "end") {
				t.Errorf("%s: may not come in any more: %v", c.why, got)
			}
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != c.kind || !strings.HasPrefix(f.Field, c.field) {
			t.Errorf("%s: %v, want %s at %q", c.why, err, c.kind, c.field)
		}
		if w.audited(t, "access.review") > 0 {
			t.Errorf("%s: and is in the log", c.why)
		}
	}
}

// TestReviewGoesOnUntilEverybodyIsLookedAt: partial saves, accounts that change or come meanwhile, and the end.
func TestReviewGoesOnUntilEverybodyIsLookedAt(t *testing.T) {
	w := newWorld(t)
	admin, officer := w.staff[consult.Administrator], w.staff[consult.DPO]
	state := w.access(t, admin)
	if all, mine := state.Waiting(); all != 6 || mine != 5 || state.Review != nil || len(state.Past) > 0 {
		t.Fatalf("%d wait, %d for the administrator: %+v", all, mine, state)
	}
	stale := consult.AccessChoice{StaffID: w.staff[consult.Approver].ID, Version: 1, Choice: "keep"}
	if _, err := w.decideRole(t, consult.Administrator, consult.Researcher, "keep", "Runs the surveys"); err != nil {
		t.Fatal(err)
	}
	if all, _ := w.access(t, admin).Waiting(); all != 5 {
		t.Errorf("after one decision %d wait, want 5: what is saved stays", all)
	}
	again := consult.AccessChoice{StaffID: w.staff[consult.Researcher].ID, Version: 1, Choice: "end", Reason: "x"}
	_, _, err := w.DecideAccess(t.Context(), admin, []consult.AccessChoice{again})
	want(t, err, fault.Conflict, "somebody decided about it since it was shown")
	approver, err := w.StaffMember(t.Context(), w.staff[consult.Approver].ID)
	if err != nil {
		t.Fatal(err)
	}
	approver.Name = "Pat Renamed"
	if err := w.ChangeStaff(t.Context(), admin, *approver); err != nil {
		t.Fatal(err)
	}
	other := consult.AccessChoice{StaffID: w.staff[consult.Interviewer].ID, Version: 1, Choice: "keep"}
	_, _, err = w.DecideAccess(t.Context(), admin, []consult.AccessChoice{other, stale})
	want(t, err, fault.Conflict, "an account has changed since it was shown")
	if all, _ := w.access(t, admin).Waiting(); all != 5 {
		t.Errorf("a conflict stores nothing: %d wait, want 5", all)
	}
	if err := w.decideAll(t, consult.Administrator, "keep", ""); err != nil {
		t.Fatal(err)
	}
	if all, mine := w.access(t, admin).Waiting(); all != 1 || mine != 0 {
		t.Errorf("%d wait, %d for the administrator: their own waits for somebody else", all, mine)
	}
	researcher, err := w.StaffMember(t.Context(), w.staff[consult.Researcher].ID)
	if err != nil {
		t.Fatal(err)
	}
	researcher.Role = consult.Approver
	if err := w.ChangeStaff(t.Context(), admin, *researcher); err != nil {
		t.Fatal(err)
	}
	if _, err := w.decideRole(t, consult.DPO, consult.Administrator, "keep", ""); err != nil {
		t.Fatal(err)
	}
	if all, mine := w.access(t, admin).Waiting(); all != 1 || mine != 1 {
		t.Errorf("%d wait, %d for the administrator: who got another role is looked at again", all, mine)
	}
	finished, err := w.decideRole(t, consult.Administrator, consult.Researcher, "end", "Moved to parks")
	if err != nil || !finished {
		t.Fatalf("the last decision finishes the review: %v %v", finished, err)
	}
	state = w.access(t, officer)
	if state.Review != nil || len(state.Past) != 1 || state.Past[0].FinishedBy != admin.ID || state.DueOn != privacy.DateOf(start).AddMonths(6) {
		t.Errorf("after it: %+v", state)
	}
	if kept, ended := state.Past[0].Counts(); kept != 5 || ended != 1 {
		t.Errorf("%d kept, %d ended; want 5 and 1", kept, ended)
	}
	if w.audited(t, "access.finish") != 1 || w.audited(t, "access.review") != 4 {
		t.Errorf("%d ends and %d saves in the log", w.audited(t, "access.finish"), w.audited(t, "access.review"))
	}
	rows, err := w.ExportAccessReview(t.Context(), officer, 1)
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	last := rows[len(rows)-1]
	if last.Name != "Pat researcher" || !last.End || last.Reason != "Moved to parks" || last.ByName != "Pat administrator" {
		t.Errorf("%+v", last)
	}
	_, err = w.ExportAccessReview(t.Context(), officer, 2)
	want(t, err, fault.NotFound, "there is no second review")
}

// TestReviewIsFinishedWhenTheLastAccountEndsElsewhere: nothing is left to decide, and saving says so.
func TestReviewIsFinishedWhenTheLastAccountEndsElsewhere(t *testing.T) {
	w := newWorld(t)
	admin := w.staff[consult.Administrator]
	if _, err := w.decideRole(t, consult.DPO, consult.Administrator, "keep", ""); err != nil {
		t.Fatal(err)
	}
	for _, role := range []consult.Role{consult.Researcher, consult.Approver, consult.DPO, consult.Interviewer} {
		if _, err := w.decideRole(t, consult.Administrator, role, "keep", ""); err != nil {
			t.Fatal(err)
		}
	}
	partner, err := w.StaffMember(t.Context(), w.staff[consult.PartnerUser].ID)
	if err != nil {
		t.Fatal(err)
	}
	partner.Disabled = true
	if err := w.ChangeStaff(t.Context(), admin, *partner); err != nil {
		t.Fatal(err)
	}
	finished, faults, err := w.DecideAccess(t.Context(), admin, nil)
	if !finished || len(faults) > 0 || err != nil {
		t.Errorf("finished %v, %v, %v", finished, faults, err)
	}
}

// TestWhenReviewsAreDue turns the clock: councils.md S0-15, "periodic access review".
func TestWhenReviewsAreDue(t *testing.T) {
	w := newWorld(t)
	admin := w.staff[consult.Administrator]
	check := func(due privacy.Date, is bool, why string) {
		t.Helper()
		if state := w.access(t, admin); state.DueOn != due || state.Due != is {
			t.Errorf("%s: due on %s (%v), want %s (%v)", why, state.DueOn, state.Due, due, is)
		}
	}
	check("2026-09-29", false, "six months after the first account")
	w.turn(privacy.Date("2026-09-28").End().Add(-time.Second).Sub(w.clock()))
	check("2026-09-29", false, "the day before, Europe/London")
	w.turn(time.Second)
	check("2026-09-29", true, "the day")
	for _, months := range []int{0, 13, -1} {
		err := w.SaveAccessPeriod(t.Context(), admin, 0, months)
		want(t, err, fault.Invalid, fmt.Sprint(months, " months"))
	}
	if err := w.SaveAccessPeriod(t.Context(), admin, 0, 12); err != nil {
		t.Fatal(err)
	}
	want(t, w.SaveAccessPeriod(t.Context(), w.staff[consult.DPO], 0, 3), fault.Conflict, "somebody saved first")
	check("2027-03-29", false, "the council chose twelve")
	for _, a := range w.access(t, admin).Accounts {
		if !a.Unused || a.SignedInOn != "" {
			t.Errorf("%s: nobody has signed in for half a year: %+v", a.Role, a)
		}
	}
	if _, err := w.decideRole(t, consult.DPO, consult.Administrator, "keep", ""); err != nil {
		t.Fatal(err)
	}
	check("2027-03-29", false, "a review that is not finished changes nothing")
	if err := w.decideAll(t, consult.Administrator, "keep", ""); err != nil {
		t.Fatal(err)
	}
	check("2027-09-29", false, "twelve months after it was finished")
}

// TestOldDecisionsAreMadeAgain: a review says who needs access when it is finished (councils.md S0-15, UK GDPR art. 32(1)(d)).
func TestOldDecisionsAreMadeAgain(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		turn     time.Duration
		finished bool
		why      string
	}{
		{0, true, "on the same day"},
		{30 * day, true, "after 30 days a decision holds"},
		{31 * day, false, "after 31 it does not"},
		{400 * day, false, "S0-15: after more than a year nobody has looked"},
	} {
		w := newWorld(t)
		admin := w.staff[consult.Administrator]
		if err := w.decideAll(t, consult.Administrator, "keep", ""); err != nil {
			t.Fatal(err)
		}
		w.turn(c.turn)
		finished, err := w.decideRole(t, consult.DPO, consult.Administrator, "keep", "")
		if err != nil || finished != c.finished {
			t.Errorf("%s: finished %v, %v", c.why, finished, err)
		}
		state := w.access(t, admin)
		if c.finished {
			if got := state.Past[0].Oldest(); got != privacy.DateOf(start) {
				t.Errorf("%s: the oldest decision is from %s", c.why, got)
			}
			continue
		}
		if all, mine := state.Waiting(); all != 5 || mine != 5 {
			t.Errorf("%s: %d wait, %d for the administrator; want the five that were decided about", c.why, all, mine)
		}
		if _, faults, err := w.DecideAccess(t.Context(), admin, nil); len(faults) != 1 || err != nil {
			t.Errorf("%s: finished without looking: %v %v", c.why, faults, err)
		}
		if err := w.decideAll(t, consult.Administrator, "keep", ""); err != nil {
			t.Fatal(err)
		}
		if state = w.access(t, admin); len(state.Past) != 1 || state.Past[0].Oldest() != privacy.DateOf(w.clock()) {
			t.Errorf("%s: looked through again: %+v", c.why, state)
		}
	}
}

// TestAccountsThatAreNotUsedAreMarked: 90 days, counted in days of Europe/London.
func TestAccountsThatAreNotUsedAreMarked(t *testing.T) {
	w := newWorld(t)
	member := w.join(t, consult.Researcher, "robin@example.org")
	for _, c := range []struct {
		turn   time.Duration
		unused bool
		why    string
	}{{0, false, "today"}, {89 * 24 * time.Hour, false, "after 89 days"}, {24 * time.Hour, true, "after 90"}} {
		w.turn(c.turn)
		for _, a := range w.access(t, w.staff[consult.Administrator]).Accounts {
			if a.ID == member.ID && (a.Unused != c.unused || a.SignedInOn != "2026-03-29") {
				t.Errorf("%s: unused %v, last seen %s", c.why, a.Unused, a.SignedInOn)
			}
		}
	}
	if _, err := w.SignIn(t.Context(), member.Email, password, "203.0.113.7"); err != nil {
		t.Fatal(err)
	}
	for _, a := range w.access(t, w.staff[consult.Administrator]).Accounts {
		if a.ID == member.ID && (a.Unused || a.SignedInOn != "2026-06-27") {
			t.Errorf("after signing in: unused %v, last seen %s", a.Unused, a.SignedInOn)
		}
	}
}
