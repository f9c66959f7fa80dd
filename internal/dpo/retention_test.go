package dpo_test

import (
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

var robot = privacy.Actor{Kind: "system"}

func (w *world) turn(d time.Duration) { w.Clock.Move(w.Clock.Now().Add(d)) }

func rule(edit func(*privacy.RetentionRule)) privacy.RetentionRule {
	r := privacy.RetentionRule{ID: "free_text", Class: privacy.ClassFreeText, Stage: privacy.StageService, Trigger: privacy.OnClosed, Period: "P12M", Action: privacy.Dispose,
		Reason: "Art. 5(1)(e)", EffectiveFrom: "2026-01-01", NextReview: "2027-01-01"}
	edit(&r)
	return r
}

func TestOfficerEditsTheRules(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	state, err := w.desk.Retention(ctx, officer)
	ok(t, err)
	if state.Version != 0 || len(state.Settings.Rules) == 0 || len(state.Later()) == 0 {
		t.Fatalf("%+v", state)
	}
	faults, err := w.desk.SaveRule(ctx, officer, 0, "free_text", rule(func(r *privacy.RetentionRule) { r.Period = "P9Y" }))
	if err != nil || len(faults) != 1 {
		t.Errorf("longer than the notice promises: %v, %v", faults, err)
	}
	faults, err = w.desk.SaveRule(ctx, officer, 0, "free_text", rule(func(r *privacy.RetentionRule) {}))
	if err != nil || len(faults) != 0 {
		t.Fatal(faults, err)
	}
	if _, err := w.desk.SaveRule(ctx, officer, 0, "free_text", rule(func(r *privacy.RetentionRule) {})); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of an older version: %v", err)
	}
	state, err = w.desk.Retention(ctx, officer)
	ok(t, err)
	stored, _ := state.Settings.Rules.Rule("free_text")
	if state.Version != 1 || stored.Approver != officer.ID || stored.Period != "P12M" || state.Preview.At.IsZero() {
		t.Errorf("version %d, %+v", state.Version, stored)
	}
	if _, err := w.desk.SaveRule(ctx, officer, 1, "absent", rule(func(r *privacy.RetentionRule) { r.ID = "other" })); !fault.Is(err, fault.NotFound) {
		t.Errorf("an edit of no rule: %v", err)
	}
	if faults, err := w.desk.RemoveRule(ctx, officer, 1, "free_text"); err != nil || len(faults) > 0 {
		t.Error(faults, err)
	}
	if err := w.desk.SaveRetentionDays(ctx, officer, 2, 0, 30); !fault.Is(err, fault.Invalid) {
		t.Errorf("no notice: %v", err)
	}
	ok(t, w.desk.SaveRetentionDays(ctx, officer, 2, 14, 60))
	state, err = w.desk.Retention(ctx, officer)
	ok(t, err)
	if state.Settings.NoticeDays != 14 || state.Settings.BackupDays != 60 {
		t.Errorf("%+v", state.Settings)
	}
	if _, found := state.Settings.Rules.Rule("free_text"); found {
		t.Error("the rule is still there")
	}
}

func TestOnlyTheOfficerKeepsRetention(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	for _, who := range []*consult.Staff{uitest.Researcher, uitest.Administrator} {
		for name, call := range map[string]func() error{
			"see": func() error { _, err := w.desk.Retention(ctx, who); return err },
			"save": func() error {
				_, err := w.desk.SaveRule(ctx, who, 0, "", rule(func(*privacy.RetentionRule) {}))
				return err
			},
			"remove": func() error { _, err := w.desk.RemoveRule(ctx, who, 0, "free_text"); return err },
			"days":   func() error { return w.desk.SaveRetentionDays(ctx, who, 0, 7, 30) },
			"hold":   func() error { _, err := w.desk.PlaceHold(ctx, who, privacy.Hold{}); return err },
			"lift":   func() error { return w.desk.LiftHold(ctx, who, "x") },
			"review": func() error { return w.desk.Reviewed(ctx, who, "x") },
			"list":   func() error { _, err := w.desk.Certificates(ctx, who); return err },
			"one":    func() error { _, _, err := w.desk.Certificate(ctx, who, "x"); return err },
		} {
			if err := call(); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s for a %s: %v", name, who.Role, err)
			}
		}
	}
}

func TestHoldsArePlacedAndLifted(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	today := privacy.DateOf(w.Service.Now())
	if faults, err := w.desk.PlaceHold(ctx, officer, privacy.Hold{}); err != nil || len(faults) != 3 {
		t.Errorf("an empty hold: %v, %v", faults, err)
	}
	if _, err := w.desk.PlaceHold(ctx, officer, privacy.Hold{ConsultationID: "absent", Reason: "x", Until: today}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a hold of nothing: %v", err)
	}
	faults, err := w.desk.PlaceHold(ctx, officer, privacy.Hold{ConsultationID: w.c.ID, Reason: markedText, Until: today.Add(30)})
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	state, err := w.desk.Retention(ctx, officer)
	ok(t, err)
	if len(state.Holds) != 1 || state.Holds[0].PlacedBy != officer.ID || len(state.OnHold()) == 0 || len(state.Later()) != 1 { // the equality answers are not held
		t.Errorf("%+v", state)
	}
	if strings.Contains(w.audit(t), markedText) {
		t.Error("the reason is in the audit log")
	}
	ok(t, w.desk.LiftHold(ctx, officer, state.Holds[0].ID))
	if err := w.desk.LiftHold(ctx, officer, state.Holds[0].ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("lifted twice: %v", err)
	}
}

// Ended cases go six years after they ended, with their keys; open ones stay (privacy.md section 6, step 8).
func TestEndedCasesAreDisposedOf(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	enter := func() *dpoCase {
		c, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskAccess, Received: privacy.DateOf(w.Service.Now()), Channel: privacy.ByEmail, Name: markedName, Contact: markedContact, Text: markedText})
		ok(t, err)
		return &dpoCase{c.Entry.ID, c.Entry.Version}
	}
	ended, open := enter(), enter()
	on := privacy.DateOf(w.Service.Now())
	ok(t, w.desk.End(ctx, officer, ended.id, ended.version, privacy.Outcome{On: on, Decision: privacy.Withdrawn}))
	b, _, err := w.desk.RecordBreach(ctx, officer, privacy.Breach{DiscoveredBy: markedName, AwareAt: uitest.Start.Add(-50 * time.Hour), Kinds: []privacy.BreachKind{privacy.BreachConfidentiality},
		What: markedText, NearMiss: true, Lessons: "Ask."})
	ok(t, err)
	edit := b.Breach
	edit.Risk, edit.RiskWhy, edit.Regulator, edit.RegulatorWhy, edit.Individuals, edit.IndividualWhy = privacy.RiskUnlikely, "x", privacy.TellNo, "x", privacy.TellNo, "x"
	if faults, err := w.desk.UpdateBreach(ctx, officer, b.Entry.ID, b.Entry.Version, edit); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	ok(t, w.desk.CloseBreach(ctx, officer, b.Entry.ID, b.Entry.Version+1))
	_, err = w.Service.RunRetention(ctx, robot)
	ok(t, err)
	w.turn(privacy.AddPeriod(on.End(), privacy.Period{Years: 6}).Sub(w.Service.Now()) - time.Hour)
	_, err = w.Service.RunRetention(ctx, robot) // the breach was closed during the day, the request counts from its end
	ok(t, err)
	if _, err := w.desk.Breach(ctx, officer, b.Entry.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the breach: %v", err)
	}
	if _, err := w.desk.Case(ctx, officer, ended.id); err != nil {
		t.Errorf("the request, an hour before: %v", err)
	}
	w.turn(time.Hour)
	_, err = w.Service.RunRetention(ctx, robot)
	ok(t, err)
	if _, err := w.desk.Case(ctx, officer, ended.id); !fault.Is(err, fault.NotFound) {
		t.Errorf("the request: %v", err)
	}
	if _, err := w.desk.Case(ctx, officer, open.id); err != nil {
		t.Errorf("the open request: %v", err)
	}
	for _, id := range []string{ended.id, b.Entry.ID} {
		if _, err := w.Service.Store.Keys().Key(ctx, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("a key stayed: %v", err)
		}
	}
	all, err := w.desk.Certificates(ctx, officer)
	ok(t, err)
	var cases []*privacy.Certificate
	for _, c := range all {
		if c.Class == privacy.ClassRightsCase {
			cases = append(cases, c)
		}
	}
	if len(cases) != 2 || cases[0].Register != privacy.RegisterRequests || cases[0].Counts[0].Count != 1 || !cases[0].Complete() || cases[0].To != on {
		t.Errorf("%+v", cases)
	}
	one, sound, err := w.desk.Certificate(ctx, officer, cases[0].ID)
	if err != nil || !sound || one.Hash != cases[0].Hash {
		t.Errorf("one certificate: %v, %v", sound, err)
	}
}

type dpoCase struct {
	id      string
	version int64
}

// An entry whose key is gone was half disposed of when the service ended: the next run takes it away.
func TestAHalfDisposedCaseIsFinished(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskAccess, Received: privacy.DateOf(w.Service.Now()), Channel: privacy.ByEmail, Contact: markedContact})
	ok(t, err)
	ok(t, w.desk.End(ctx, officer, c.Entry.ID, c.Entry.Version, privacy.Outcome{On: privacy.DateOf(w.Service.Now()), Decision: privacy.Withdrawn}))
	_, err = w.Service.RunRetention(ctx, robot)
	ok(t, err)
	ok(t, w.Service.Store.Keys().DestroyKey(ctx, c.Entry.ID))
	w.turn(8 * 24 * time.Hour)
	if done, err := w.Service.RunRetention(ctx, robot); err != nil || done.Entries != 1 {
		t.Errorf("%+v, %v", done, err)
	}
}

// What an officer has to review waits on the queue until they have, and nothing else happens to it.
func TestReviews(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Years: 8}).Sub(w.Service.Now()))
	state, err := w.desk.Retention(ctx, officer)
	ok(t, err)
	if len(state.Reviews()) != 1 || state.Reviews()[0].Rule.ID != "consent_proof" || len(state.RulesToReview()) == 0 {
		t.Fatalf("%+v", state.Reviews())
	}
	key := state.Reviews()[0].Key()
	ok(t, w.desk.Reviewed(ctx, officer, key))
	if err := w.desk.Reviewed(ctx, officer, key); !fault.Is(err, fault.Conflict) {
		t.Errorf("reviewed twice: %v", err)
	}
	err = w.Service.Store.View(ctx, func(r consult.Reader) error {
		events, err := r.ConsentEventsOf(w.c.ID)
		if len(events) == 0 {
			t.Error("the consent ledger was touched")
		}
		return err
	})
	ok(t, err)
}
