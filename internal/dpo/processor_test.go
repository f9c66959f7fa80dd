package dpo_test

import (
	"maps"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

// UK GDPR art. 28 and 30(1)(d): who gets information under which contract, sealed, with its history; and nothing of it in the audit log.
func TestProcessorRegister(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	first := uitest.Processor()
	first.Contact, first.Security = markedName, markedText
	x, faults, err := w.desk.RecordProcessor(ctx, officer, first)
	ok(t, err)
	if len(faults) > 0 || x.Number() != "P1" || len(x.Missing) != 1 || x.Missing[0].Clause != "UK GDPR art. 28(3)(h)" || x.Entry.DueOn != first.ReviewOn {
		t.Fatalf("%s: missing %+v, due %s, %v", x.Number(), x.Missing, x.Entry.DueOn, faults)
	}
	if _, faults, _ := w.desk.RecordProcessor(ctx, officer, privacy.Processor{}); len(faults) == 0 {
		t.Error("an empty entry is taken")
	}
	wait := func(want int, why string) {
		t.Helper()
		n, err := w.desk.ProcessorsWaiting(ctx, officer)
		ok(t, err)
		if n != want {
			t.Errorf("%s: %d wait, want %d", why, n, want)
		}
	}
	named, err := w.Service.NamedRecipients(ctx, officer)
	ok(t, err)
	wait(1+len(named), "the contract lacks a clause, and nobody whom the notice names is held")
	if err := w.desk.CloseProcessor(ctx, officer, x.Entry.ID, x.Entry.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("art. 28(3)(g): ended although nobody said what became of the information: %v", err)
	}
	edit := x.Processor
	edit.Clauses["h"], edit.After = privacy.ClauseAnswer{Has: privacy.TellYes, Where: "Clause 12"}, "Deleted."
	if faults, err := w.desk.UpdateProcessor(ctx, officer, x.Entry.ID, x.Entry.Version, edit); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	wait(len(named), "the contract is whole")
	if _, err := w.desk.UpdateProcessor(ctx, officer, x.Entry.ID, x.Entry.Version, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of an older version: %v", err)
	}
	seen, err := w.desk.OpenProcessor(ctx, officer, x.Entry.ID)
	ok(t, err)
	if seen.Processor.Contact != markedName || len(seen.Processor.Steps) != 2 {
		t.Errorf("opened: %+v", seen)
	}
	found, err := w.Service.SearchSubject(ctx, officer, privacy.SubjectQuery{Words: markedName}, "")
	ok(t, err)
	if len(found.Entries) != 1 || found.Entries[0].Register != privacy.RegisterProcessors || found.Entries[0].ID != x.Entry.ID {
		t.Errorf("art. 15: the search about a contact finds %+v", found.Entries)
	}
	ok(t, w.desk.CloseProcessor(ctx, officer, x.Entry.ID, x.Entry.Version+1))
	if _, err := w.desk.UpdateProcessor(ctx, officer, x.Entry.ID, x.Entry.Version+2, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of an entry that has ended: %v", err)
	}
	running, closed, err := w.desk.ExportProcessors(ctx, officer)
	ok(t, err)
	if len(running) != 0 || len(closed) != 1 || len(closed[0].Missing) != 0 {
		t.Errorf("%d running, ended %+v", len(running), closed)
	}
	for _, who := range []*consult.Staff{uitest.Researcher, uitest.Administrator} {
		_, _, list := w.desk.Processors(ctx, who)
		_, _, file := w.desk.ExportProcessors(ctx, who)
		_, _, enter := w.desk.RecordProcessor(ctx, who, first)
		_, see := w.desk.OpenProcessor(ctx, who, x.Entry.ID)
		_, edits := w.desk.UpdateProcessor(ctx, who, x.Entry.ID, 1, first)
		_, count := w.desk.ProcessorsWaiting(ctx, who)
		for _, err := range []error{list, file, enter, see, edits, count, w.desk.CloseProcessor(ctx, who, x.Entry.ID, 1)} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("a %s at the register: %v", who.Role, err)
			}
		}
	}
	events := w.audit(t)
	for _, action := range []string{"processor.record", "processor.update", "processor.open", "processor.close", "processor.export"} {
		if strings.Count(events, `"`+action+`"`) != 1 {
			t.Errorf("%s is not in the audit log once", action)
		}
	}
	for _, word := range []string{markedName, markedText, first.Name} {
		if strings.Contains(events, word) {
			t.Errorf("%q is in the audit log", word)
		}
	}
	if left := w.find(t, markedName, first.Name); len(left) > 0 {
		t.Errorf("an entry lies open: %v", left)
	}
}

// UK GDPR art. 28(3)(g): an edit that makes a processor a department keeps what was found in its contract, and ends nothing.
func TestProcessorThatBecomesADepartment(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	x, _, err := w.desk.RecordProcessor(ctx, officer, uitest.Processor())
	ok(t, err)
	edit := x.Processor
	edit.Kind, edit.Clauses, edit.Closed = privacy.KindDepartment, nil, true
	if faults, err := w.desk.UpdateProcessor(ctx, officer, x.Entry.ID, x.Entry.Version, edit); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	x, err = w.desk.Processor(ctx, officer, x.Entry.ID)
	ok(t, err)
	if x.Processor.Kind != privacy.KindDepartment || !maps.Equal(x.Processor.Clauses, uitest.Processor().Clauses) || x.Entry.Ended {
		t.Errorf("stored: %+v, ended %t", x.Processor, x.Entry.Ended)
	}
	if err := w.desk.CloseProcessor(ctx, officer, x.Entry.ID, x.Entry.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("ended although nobody said what became of the information: %v", err)
	}
	edit = x.Processor
	edit.After = "Given back."
	if faults, err := w.desk.UpdateProcessor(ctx, officer, x.Entry.ID, x.Entry.Version, edit); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	ok(t, w.desk.CloseProcessor(ctx, officer, x.Entry.ID, x.Entry.Version+1))
}
