package dpo_test

import (
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

// Councils.md S3-11: who asked, in whose name, who decided, what and when; and nothing of it in the audit log.
func TestDisclosureRegister(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	first := uitest.Disclosure()
	first.Requester, first.Why = markedName, markedText
	x, faults, err := w.desk.RecordDisclosure(ctx, officer, first)
	ok(t, err)
	if len(faults) > 0 || x.Number() != "D1" {
		t.Fatalf("%s: %v", x.Number(), faults)
	}
	if _, faults, _ := w.desk.RecordDisclosure(ctx, officer, privacy.Disclosure{}); len(faults) == 0 {
		t.Error("an empty disclosure is taken")
	}
	if err := w.desk.CloseDisclosure(ctx, officer, x.Entry.ID, x.Entry.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("art. 19: closed although a notice is outstanding: %v", err)
	}
	edit := x.Disclosure
	edit.Notified = privacy.DateOf(uitest.Start)
	if faults, err := w.desk.UpdateDisclosure(ctx, officer, x.Entry.ID, x.Entry.Version, edit); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if _, err := w.desk.UpdateDisclosure(ctx, officer, x.Entry.ID, x.Entry.Version, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of an older version: %v", err)
	}
	ok(t, w.desk.CloseDisclosure(ctx, officer, x.Entry.ID, x.Entry.Version+1))
	if _, err := w.desk.UpdateDisclosure(ctx, officer, x.Entry.ID, x.Entry.Version+2, edit); !fault.Is(err, fault.Conflict) {
		t.Errorf("an edit of a closed one: %v", err)
	}
	seen, err := w.desk.OpenDisclosure(ctx, officer, x.Entry.ID)
	ok(t, err)
	if seen.Disclosure.Requester != markedName {
		t.Errorf("opened: %+v", seen)
	}
	open, closed, err := w.desk.ExportDisclosures(ctx, officer)
	ok(t, err)
	if len(open) != 0 || len(closed) != 1 || len(closed[0].Disclosure.Steps) != 3 {
		t.Errorf("%d open, closed %+v", len(open), closed)
	}
	for _, who := range []*consult.Staff{uitest.Researcher, uitest.Administrator} {
		_, _, list := w.desk.Disclosures(ctx, who)
		_, _, file := w.desk.ExportDisclosures(ctx, who)
		_, _, enter := w.desk.RecordDisclosure(ctx, who, first)
		_, left := w.desk.Departures(ctx, who)
		_, see := w.desk.OpenDisclosure(ctx, who, x.Entry.ID)
		for _, err := range []error{see, list, file, enter, left} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("a %s at the register: %v", who.Role, err)
			}
		}
	}
	want := map[string]int{"disclosure.record": 1, "disclosure.update": 1, "disclosure.close": 1, "disclosure.export": 1, "disclosure.open": 1}
	ok(t, w.Service.Store.View(ctx, func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			if _, ours := want[e.Action]; ours {
				want[e.Action]--
			}
			return nil
		})
	}))
	for action, n := range want {
		if n != 0 {
			t.Errorf("%s: %d entries too few", action, n)
		}
	}
}

// Exports are listed from the audit log, without anybody writing them down.
func TestDeparturesAreWhatTheServiceKnows(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	before, err := w.desk.Departures(ctx, officer)
	ok(t, err)
	ok(t, w.Service.EachResponse(ctx, uitest.Researcher, w.c.ID, func(*consult.Response) error { return nil }))
	after, err := w.desk.Departures(ctx, officer)
	ok(t, err)
	if len(after) != len(before)+1 || after[0].Action != "responses.export" || after[0].By != uitest.Researcher.ID || after[0].What.In("en") != w.c.Title.In("en") || after[0].To != "" {
		t.Errorf("after an export: %+v", after)
	}
}
