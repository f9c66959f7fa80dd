package dpo_test

import (
	"strings"
	"testing"
	"time"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

func TestBreachRegister(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	first := privacy.Breach{DiscoveredBy: markedName, AwareAt: uitest.Start.Add(-50 * time.Hour), Kinds: []privacy.BreachKind{privacy.BreachConfidentiality}, What: markedText}
	b, faults, err := w.desk.RecordBreach(ctx, officer, first)
	ok(t, err)
	if len(faults) > 0 || b.Number() != "B1" || b.Alarm != 2 || b.Left != 22*time.Hour {
		t.Errorf("%s: alarm %d, %s left, %v", b.Number(), b.Alarm, b.Left, faults)
	}
	if _, faults, _ := w.desk.RecordBreach(ctx, officer, privacy.Breach{}); len(faults) != 3 {
		t.Errorf("an empty breach: %v", faults)
	}
	if err := w.desk.CloseBreach(ctx, officer, b.Entry.ID, b.Entry.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("closed although nothing is decided: %v", err)
	}
	edit := b.Breach
	edit.Risk, edit.RiskWhy, edit.Regulator, edit.RegulatorWhy, edit.Individuals, edit.Lessons = privacy.RiskUnlikely, "It was encrypted.", privacy.TellNo, "No risk.", privacy.TellNo, "Ask."
	if faults, err := w.desk.UpdateBreach(ctx, officer, b.Entry.ID, b.Entry.Version, edit); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if _, err := w.desk.UpdateBreach(ctx, officer, b.Entry.ID, b.Entry.Version, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of an older version: %v", err)
	}
	moved, err := w.desk.Breach(ctx, officer, b.Entry.ID)
	ok(t, err)
	if note := moved.Breach.Steps[1].Note; note != "regulator: – → no; risk: – → unlikely; individuals: – → no" {
		t.Errorf("what the clock depends on was changed, and the history says %q", note)
	}
	if b, err = w.desk.Breach(ctx, officer, b.Entry.ID); err != nil || b.Alarm != 0 || len(b.Breach.Steps) != 2 {
		t.Errorf("after the decision: alarm %d, %d steps, %v", b.Alarm, len(b.Breach.Steps), err)
	}
	ok(t, w.desk.CloseBreach(ctx, officer, b.Entry.ID, b.Entry.Version))
	if _, err := w.desk.UpdateBreach(ctx, officer, b.Entry.ID, b.Entry.Version+1, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of a closed breach: %v", err)
	}
	before := strings.Count(w.audit(t), `"breach.`)
	for _, see := range []func() (*dpo.BreachCase, error){ // docs/audit.md: what shows or exports leaves an entry, what only looks does not
		func() (*dpo.BreachCase, error) { return w.desk.OpenBreach(ctx, officer, b.Entry.ID) },
		func() (*dpo.BreachCase, error) { return w.desk.ExportBreach(ctx, officer, b.Entry.ID) },
		func() (*dpo.BreachCase, error) { return w.desk.Breach(ctx, officer, b.Entry.ID) },
	} {
		if seen, err := see(); err != nil || seen.Breach.What != markedText {
			t.Errorf("seen: %+v, %v", seen, err)
		}
	}
	if n := strings.Count(w.audit(t), `"breach.`) - before; n != 2 {
		t.Errorf("%d entries of having seen a breach and taken its report away, want 2", n)
	}
	open, closed, err := w.desk.Breaches(ctx, officer)
	ok(t, err)
	if len(open) != 0 || len(closed) != 1 {
		t.Errorf("%d open, %d closed", len(open), len(closed))
	}
	for _, by := range []string{"researcher", "administrator"} {
		who := uitest.Researcher
		if by == "administrator" {
			who = uitest.Administrator
		}
		if _, _, err := w.desk.Breaches(ctx, who); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a %s reads the register: %v", by, err)
		}
		if _, err := w.desk.OpenBreach(ctx, who, b.Entry.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a %s opens one: %v", by, err)
		}
		if _, _, err := w.desk.RecordBreach(ctx, who, first); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a %s writes it: %v", by, err)
		}
		if _, err := w.desk.UpdateBreach(ctx, who, b.Entry.ID, 1, privacy.Breach{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a %s edits it: %v", by, err)
		}
	}
	if _, err := w.desk.Case(ctx, officer, b.Entry.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a breach read as a request: %v", err)
	}
	events := w.audit(t)
	for _, word := range []string{markedText, markedName} {
		if strings.Contains(events, word) {
			t.Errorf("%q is in the audit log", word)
		}
	}
	if left := w.find(t, markedText, markedName); len(left) > 0 {
		t.Errorf("a breach lies open: %v", left)
	}
	for _, action := range []string{"breach.open", "breach.record", "breach.update", "breach.close", "breach.export"} {
		if !strings.Contains(events, action) {
			t.Errorf("%s is not in the audit log", action)
		}
	}
}
