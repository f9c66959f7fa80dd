package consult_test

import (
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Privacy.md 8: the record is made from live configuration, a snapshot of it monthly. Changing the configuration changes the record and no snapshot.
func TestTheRecordOfProcessingAndItsSnapshots(t *testing.T) {
	w := newWorld(t)
	a := w.agree(t)
	c := w.open(t, "resident-satisfaction")
	record := func() privacy.ProcessingRecord {
		t.Helper()
		r, err := w.Record(t.Context(), w.staff[consult.DPO])
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	take := func(want bool, why string) {
		t.Helper()
		if taken, err := w.TakeSnapshot(t.Context()); err != nil || taken != want {
			t.Errorf("%s: %v %v", why, taken, err)
		}
	}
	before := record()
	if len(before.Activities) < 6 || before.Activities[0].ID != c.ID || before.Activities[0].State != "open" {
		t.Fatalf("activities: %+v", before.Activities)
	}
	if _, err := w.AddAgreement(t.Context(), w.staff[consult.Approver], consult.Agreement{NotMarketing: true, PartnerID: a.PartnerID, Purpose: "p", Promises: "p", ContactName: "n", ContactEmail: "n@example.org",
		StartsOn: "2026-02-01", ExpiresAt: w.clock().AddDate(2, 0, 0)}); err != nil {
		t.Fatal(err)
	}
	if changes := privacy.CompareRecords(before, record()); len(changes) != 1 || changes[0].Field != "contracts" {
		t.Errorf("an agreement with the recipient: %+v", changes)
	}
	take(true, "the first of the month")
	take(false, "once a month")
	if n := w.audited(t, "processing.snapshot"); n != 1 {
		t.Errorf("%d entries of a snapshot", n)
	}
	month := privacy.MonthOf(w.clock())
	first, earlier, err := w.Snapshot(t.Context(), w.staff[consult.DPO], month)
	if err != nil || earlier != nil {
		t.Fatal(err, earlier)
	}
	stored := record()

	settings, version, err := w.CouncilVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.DPOEmail = "new.officer@example.org"
	if _, err := w.SaveCouncil(t.Context(), w.staff[consult.Administrator], version, settings); err != nil {
		t.Fatal(err)
	}
	w.draft(t, "net-zero") // a draft is no processing
	now := record()
	changes := privacy.CompareRecords(stored, now)
	if len(changes) != len(now.Activities) || changes[0].Field != "dpo" {
		t.Errorf("another officer changes each activity: %+v", changes)
	}
	again, _, err := w.Snapshot(t.Context(), w.staff[consult.DPO], month)
	if err != nil || string(again.Document) != string(first.Document) || again.Hash != first.Hash {
		t.Errorf("the snapshot changed: %v", err)
	}
	if r, err := again.Record(); err != nil || len(privacy.CompareRecords(r, stored)) > 0 {
		t.Errorf("the snapshot is not the record as it was: %v", err)
	}

	w.turn(70 * 24 * time.Hour) // the service stood still for a month: nobody can say now what was configured then
	take(true, "the first after months")
	all, err := w.Snapshots(t.Context(), w.staff[consult.DPO])
	if err != nil || len(all) != 2 || all[0].Month <= month {
		t.Fatalf("%v %+v", err, all)
	}
	_, earlier, err = w.Snapshot(t.Context(), w.staff[consult.DPO], all[0].Month)
	if err != nil || earlier == nil || earlier.Hash != first.Hash {
		t.Errorf("it is compared with the one before: %v", err)
	}
	_, _, err = w.Snapshot(t.Context(), w.staff[consult.DPO], "2020-01")
	want(t, err, fault.NotFound, "a month without a snapshot")

	for _, row := range []struct{ why, month string }{{"what is configured now", ""}, {"a stored month", month}} { // docs/audit.md: what is exported leaves an entry
		before := w.audited(t, "processing.export")
		file, err := w.ExportRecord(t.Context(), w.staff[consult.DPO], row.month)
		if err != nil || len(file.Activities) == 0 || w.audited(t, "processing.export") != before+1 {
			t.Errorf("%s: %d activities, %v", row.why, len(file.Activities), err)
		}
		if same := len(privacy.CompareRecords(stored, file)) == 0; same != (row.month != "") {
			t.Errorf("%s: as in the first month %v", row.why, same)
		}
	}
	_, err = w.ExportRecord(t.Context(), w.staff[consult.DPO], "2020-01")
	want(t, err, fault.NotFound, "the file of a month without a snapshot")
}
