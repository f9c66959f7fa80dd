package privacy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

var recordMoment = time.Date(2026, time.November, 30, 2, 0, 0, 0, time.UTC)

// recorded is a whole configuration: one consultation with equality questions, a recipient and an agreement.
func recorded(change func(*privacy.RecordInput)) privacy.ProcessingRecord {
	c, p := council(), processing()
	notice := privacy.NewNoticeVersion("library", 2, recordMoment, c, locale.Text{locale.English: "Library"}, p)
	in := privacy.RecordInput{MadeAt: recordMoment, Council: c, Rules: privacy.DefaultSchedule(), BackupDays: 30,
		Platform: privacy.PlatformDPIA{Reference: "DPIA 3", ApprovedOn: "2026-03-01", ReviewOn: "2028-03-01"},
		Consultations: []privacy.RecordConsultation{{ID: "c1", State: "open", Title: locale.Text{locale.English: "Library", locale.Welsh: "Llyfrgell"}, Processing: p, Postcodes: true, Notice: notice,
			Standing: privacy.ScreeningStands, Screening: privacy.Screening{Sequence: 2, Decision: &privacy.ScreeningDecision{Ruling: privacy.RulingApproved, Reference: "Addendum 7",
				ReviewOn: "2027-03-01", At: recordMoment}},
			Agreements: []privacy.RecordAgreement{{Name: "Fenwick Climate", From: "2026-01-01", Until: "2026-12-31"}}}}}
	if change != nil {
		change(&in)
	}
	return privacy.BuildRecord(in)
}

func textOf(a privacy.Activity, key string, lang locale.Lang) string {
	var out []string
	for _, t := range a.Field(key) {
		out = append(out, t.In(lang))
	}
	return strings.Join(out, "\n")
}

// UK GDPR art. 30(1) and the regulator's additions: each field says what the configuration says, and follows it when it changes.
func TestTheRecordSaysWhatArticle30AsksFor(t *testing.T) {
	c, p := council(), processing()
	for _, row := range []struct{ why, field, says string }{
		{"art. 30(1)(a): the controller", "controller", c.Name.In(locale.English)},
		{"art. 30(1)(a): contact details", "controller", c.Email},
		{"art. 30(1)(a): joint controller", "joint_controller", "None."},
		{"art. 30(1)(a): representative", "representative", "art. 27"},
		{"art. 30(1)(a): data protection officer", "dpo", c.DPOEmail},
		{"art. 30(1)(b): purposes", "purposes", p.Purposes[0].Text.In(locale.English)},
		{"art. 30(1)(c): categories of people", "people", "People who take part"},
		{"art. 30(1)(c): categories of data", "data", p.Data.In(locale.English)},
		{"art. 30(1)(c): special categories are named", "data", p.Categories[0].In(locale.English)},
		{"art. 30(1)(d): recipients outside", "recipients", p.Purposes[1].Recipients[0].Name},
		{"art. 30(1)(d), councils.md S0-10: recipients inside, from who has access", "recipients", "Researchers see answers"},
		{"art. 30(1)(e): transfers", "transfers", "United Kingdom"},
		{"art. 30(1)(f): time limits of the notice", "erasure", "3 years"},
		{"art. 30(1)(f): time limits of the rules", "erasure", "Rule equality: 12 months"},
		{"art. 30(1)(g): security", "security", "encrypted"},
		{"art. 30(1)(g): backups", "security", "30 days"},
		{"ICO: lawful basis", "basis", "art. 6(1)(e)"},
		{"ICO: condition of art. 9", "condition", "art. 9(2)(a)"},
		{"ICO: condition of Schedule 1", "schedule1", "Schedule 1"},
		{"ICO: legitimate interests", "interests", "Nothing rests on legitimate interests"},
		{"ICO: source", "source", "from you"},
		{"ICO: rights", "rights", "erase"},
		{"ICO, councils.md S3-15: automated decisions are declared", "automated", "No automated decisions"},
		{"DUAA s.81: children", "children", p.Children.In(locale.English)},
		{"ICO, councils.md S0-14: location", "location", p.Locations},
		{"ICO: the privacy notice, with its hash", "notice", "library, version 2"},
		{"ICO: records of consent", "consent", "consent ledger"},
		{"ICO: the DPIA of the service", "dpia", "DPIA 3"},
		{"ICO: and its addendum", "dpia", "Addendum 7"},
		{"ICO: contracts", "contracts", "Fenwick Climate, from 1 January 2026 until 31 December 2026"},
		{"ICO: breaches", "breaches", "register of breaches"},
	} {
		a := recorded(nil).Activities[0]
		if got := textOf(a, row.field, locale.English); !strings.Contains(got, row.says) {
			t.Errorf("%s: %s says %q, want %q in it", row.why, row.field, got, row.says)
		}
	}
}

func TestTheRecordFollowsTheConfiguration(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.RecordInput)
		field  string
	}{
		{"another controller", func(in *privacy.RecordInput) { in.Council.Phone = "01632 960 999" }, "controller"},
		{"another officer", func(in *privacy.RecordInput) { in.Council.DPOEmail = "new@example.org" }, "dpo"},
		{"another basis", func(in *privacy.RecordInput) {
			in.Consultations[0].Processing.Purposes[0].Basis = privacy.LegalObligation
		}, "basis"},
		{"legitimate interests", func(in *privacy.RecordInput) {
			in.Consultations[0].Processing.Purposes[0].Basis = privacy.LegitimateInterests
		}, "interests"},
		{"another recipient", func(in *privacy.RecordInput) {
			in.Consultations[0].Processing.Purposes[1].Recipients[0].Name = "Aldermere Labs"
		}, "recipients"},
		{"a transfer", func(in *privacy.RecordInput) {
			in.Consultations[0].Processing.Transfers = locale.Text{locale.English: "To Sweden"}
		}, "transfers"},
		{"another period", func(in *privacy.RecordInput) { in.Consultations[0].Processing.Retention = "P5Y" }, "erasure"},
		{"another rule", func(in *privacy.RecordInput) { in.Rules[1].Period = "P1M" }, "erasure"},
		{"postcodes are coarsened (S0-2)", func(in *privacy.RecordInput) { in.Rules[2].Approver = "officer" }, "erasure"},
		{"other backups", func(in *privacy.RecordInput) { in.BackupDays = 90 }, "security"},
		{"another notice", func(in *privacy.RecordInput) { in.Consultations[0].Notice.Version = 3 }, "notice"},
		{"a screening that is out of date", func(in *privacy.RecordInput) { in.Consultations[0].Standing = privacy.ScreeningStale }, "dpia"},
		{"no DPIA of the service", func(in *privacy.RecordInput) { in.Platform = privacy.PlatformDPIA{} }, "dpia"},
		{"no agreement", func(in *privacy.RecordInput) { in.Consultations[0].Agreements = nil }, "contracts"},
		{"another place", func(in *privacy.RecordInput) { in.Consultations[0].Processing.Locations = "Sweden" }, "location"},
	} {
		changes := privacy.CompareRecords(recorded(nil), recorded(row.change))
		if !slices.ContainsFunc(changes, func(c privacy.RecordChange) bool {
			return c.Kind == "changed" && c.Field == row.field && c.Activity.ID == "c1" && len(c.Before) > 0 && len(c.After) > 0
		}) {
			t.Errorf("%s: %s did not change: %+v", row.why, row.field, changes)
		}
	}
	if changes := privacy.CompareRecords(recorded(nil), recorded(func(in *privacy.RecordInput) { in.Rules[2].Period = "P1M" })); len(changes) > 0 {
		t.Errorf("a rule for postcodes that nobody has approved coarsens nothing, and the record says so: %+v", changes)
	}
	keepsNone := func(in *privacy.RecordInput) { in.Consultations[0].Postcodes = false }
	if changes := privacy.CompareRecords(recorded(keepsNone), recorded(func(in *privacy.RecordInput) { keepsNone(in); in.Rules[2].Approver = "officer" })); len(changes) > 0 {
		t.Errorf("a consultation that keeps no postcode, and the record says when they are coarsened: %+v", changes)
	}
	if changes := privacy.CompareRecords(recorded(nil), recorded(nil)); len(changes) > 0 {
		t.Errorf("two records of the same configuration differ: %+v", changes)
	}
	none := func(in *privacy.RecordInput) { in.Consultations = nil }
	if got := privacy.CompareRecords(recorded(none), recorded(nil)); len(got) != 1 || got[0].Kind != "added" {
		t.Errorf("a consultation was published: %+v", got)
	}
	if got := privacy.CompareRecords(recorded(nil), recorded(none)); len(got) != 1 || got[0].Kind != "gone" {
		t.Errorf("a consultation is gone: %+v", got)
	}
	ended := func(in *privacy.RecordInput) { in.Consultations[0].State = "closed" }
	if got := privacy.CompareRecords(recorded(nil), recorded(ended)); len(got) != 1 || got[0].Field != "state" {
		t.Errorf("a consultation closed: %+v", got)
	}
}

// Every activity has every field once, in both languages: the activities of the service too.
func TestTheRecordLeavesNothingOut(t *testing.T) {
	r := recorded(nil)
	if len(r.Activities) < 6 {
		t.Fatalf("%d activities", len(r.Activities))
	}
	seen := map[string]bool{}
	for _, a := range r.Activities {
		if seen[a.ID] || a.State == "" {
			t.Errorf("%s is there twice, or has no state", a.ID)
		}
		seen[a.ID] = true
		var keys []string
		for _, f := range a.Fields {
			keys = append(keys, f.Key)
			if len(f.Lines) == 0 {
				t.Errorf("%s: %s says nothing", a.ID, f.Key)
			}
			for _, line := range f.Lines {
				if strings.TrimSpace(line.In(locale.English)) == "" || strings.Contains(line.In(locale.Welsh), "{") {
					t.Errorf("%s: %s has the line %v", a.ID, f.Key, line)
				}
			}
		}
		if !slices.Equal(keys, privacy.RecordFields()) {
			t.Errorf("%s: fields %v", a.ID, keys)
		}
		if a.Platform && (a.Title[locale.Welsh] == "" || textOf(a, "erasure", locale.English) == "None.") {
			t.Errorf("%s: says no time limit, or not in Welsh", a.ID)
		}
	}
}

func TestASnapshotIsProofAgainstChange(t *testing.T) {
	s, err := privacy.NewProcessingSnapshot(recorded(nil))
	if err != nil || s.Month != "2026-11" {
		t.Fatal(err, s.Month)
	}
	r, err := s.Record()
	if err != nil || len(privacy.CompareRecords(r, recorded(nil))) > 0 {
		t.Errorf("what was read is not what was written: %v", err)
	}
	s.Document = []byte(strings.Replace(string(s.Document), "DPIA 3", "DPIA 4", 1))
	if _, err := s.Record(); !fault.Is(err, fault.Conflict) {
		t.Errorf("an altered snapshot: %v", err)
	}
	if got := privacy.MonthOf(time.Date(2026, time.March, 31, 23, 30, 0, 0, time.UTC)); got != "2026-04" {
		t.Errorf("half past midnight of 1 April in London is of %s", got)
	}
}
