package consult_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

var reported = []consult.TableSpec{{Question: "heating"}, {Question: "insulation"}, {Question: "barriers", By: "ward"}, {Question: "warm_enough", By: "sex"}}

// TestTheReportOfARelease: it says what was examined, is signed off by the two people, and its hash is in the release and in the audit log
// (disclosure.md 3.6).
func TestTheReportOfARelease(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 600)
	draft := w.draftRelease(t, c, w.agree(t), reported...)
	report := func() *consult.DisclosureReport {
		d, err := w.DisclosureReport(t.Context(), w.staff[consult.Approver], draft.ID)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := report()
	if len(d.SignOffs) != 0 || d.Checklist != nil || d.ReviewOn != "" {
		t.Errorf("a draft is signed: %+v", d)
	}
	if d.Counted != 600 || d.Cells != draft.Report.Cells || d.Hidden != draft.Report.Hidden || d.Tables != draft.SHA256 || d.Policy != consult.DefaultProtection() {
		t.Errorf("report %+v of %+v", d, draft.Report)
	}
	byRule := 0
	for _, n := range d.ByRule {
		byRule += n
	}
	if byRule != d.Hidden || d.Hidden == 0 {
		t.Errorf("%d figures by rule, %d hidden", byRule, d.Hidden)
	}
	if !d.Attack.Safe() || d.Attack.Figures == 0 || d.Attack.Hidden == 0 || d.Attack.Questions <= d.Attack.Hidden {
		t.Errorf("attack %+v", d.Attack)
	}
	if d.Proof.MinWidth < 5 || d.Proof.MedianWidth < d.Proof.MinWidth || d.Proof.Witnesses == 0 || d.Proof.Secrets == 0 || d.Proof.Figures == 0 {
		t.Errorf("proof %+v", d.Proof)
	}
	if d.Gate == nil || d.Gate.Off != "" || d.Gate.Questions != 1 || d.Gate.Sampled != 200 {
		t.Errorf("R12: reconstruction gate %+v", d.Gate)
	}
	researcher, approver := w.staff[consult.Researcher], w.staff[consult.Approver]
	published := w.publish(t, draft)
	d = report()
	if len(d.SignOffs) != 2 || d.SignOffs[0].As != "proposed" || d.SignOffs[0].By != researcher.ID || d.SignOffs[1].As != "approved" || d.SignOffs[1].By != approver.ID {
		t.Errorf("signed off by %+v", d.SignOffs)
	}
	if d.Checklist == nil || *d.Checklist != checked {
		t.Errorf("checklist %+v", d.Checklist)
	}
	if want := w.clock().AddDate(0, consult.ReviewAfter, 0).Format(time.DateOnly); d.ReviewOn != want {
		t.Errorf("review on %s, want %s", d.ReviewOn, want)
	}
	hashes := map[string]string{}
	events, err := w.AuditEvents(t.Context(), w.staff[consult.DPO], consult.AuditFilter{Object: "release:" + draft.ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		hashes[e.Action] = e.Detail["report_sha256"]
	}
	if len(published.ReportSHA256) != 64 || hashes["release.approve"] != published.ReportSHA256 || hashes["release.draft"] != draft.ReportSHA256 ||
		hashes["release.propose"] == "" || hashes["release.propose"] == hashes["release.draft"] {
		t.Errorf("hashes in the log %v, of the release %s", hashes, published.ReportSHA256)
	}
}

// TestTheChecklistIsAnsweredFirst: nothing is proposed before somebody has looked for a motivated intruder's ways (ICO).
func TestTheChecklistIsAnsweredFirst(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 60)
	r := w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "heating"})
	for _, row := range []struct {
		why    string
		change func(*consult.Checklist)
		key    string
	}{
		{"nothing is answered", func(l *consult.Checklist) { *l = consult.Checklist{} }, "error.checklist.singling_out"},
		{"singling out is not", func(l *consult.Checklist) { l.SinglingOut = "" }, "error.checklist.singling_out"},
		{"linkability is not", func(l *consult.Checklist) { l.Linkability = "perhaps" }, "error.checklist.linkability"},
		{"inference is not", func(l *consult.Checklist) { l.Inference = "" }, "error.checklist.inference"},
		{"there is a risk", func(l *consult.Checklist) { l.Inference = consult.Likely }, "error.checklist.likely"},
		{"other data were not looked for", func(l *consult.Checklist) { l.OtherData = " \n" }, "error.checklist.other_data"},
		{"or at too great length", func(l *consult.Checklist) { l.OtherData = strings.Repeat("ŵ", 2001) }, "error.checklist.other_data"},
	} {
		answers := checked
		row.change(&answers)
		err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, answers)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), row.key) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	if got := w.release(t, r.ID); got.State != consult.ReleaseDraft {
		t.Errorf("the release is %s", got.State)
	}
}

// TestAReportThatWasChangedIsRefused: the report is sealed where it lies; another one, an older one, one that somebody else signed, and one about
// other tables are not taken for it.
func TestAReportThatWasChangedIsRefused(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 300)
	a := w.agree(t)
	r := w.draftRelease(t, c, a, reported...)
	other := w.draftRelease(t, c, a, reported...)
	old := w.sealedReport(t, r.ID)
	if bytes.Contains(old, []byte("secondary")) || bytes.Contains(old, []byte(r.ID)) || len(old) < 500 {
		t.Error("the report can be read where it lies")
	}
	if err := w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, r.Version, checked); err != nil {
		t.Fatal(err)
	}
	good := w.sealedReport(t, r.ID)
	stranger, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for why, sealed := range map[string][]byte{
		"a bit was changed": flipped, "that of another release": w.sealedReport(t, other.ID), "the one before the checklist": old,
		"one that a stranger sealed": stranger.Seal("release-report", []byte("{}\n"), seal.Place("release_report", r.ID, "sealed")),
		"one without a signature":    w.Keys.Seal("release-report", []byte("{}\n"), seal.Place("release_report", r.ID, "sealed")),
	} {
		w.write(t, func(tx consult.Writer) error { return tx.SetReleaseReport(r.ID, sealed) })
		if _, err := w.DisclosureReport(t.Context(), w.staff[consult.Approver], r.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: reading %v", why, err)
		}
		if err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version+1, false); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: approving %v", why, err)
		}
	}
	w.write(t, func(tx consult.Writer) error { return tx.SetReleaseReport(r.ID, good) })
	if err := w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, r.Version+1, false); err != nil {
		t.Error(err)
	}
	if err := w.Store.Update(t.Context(), func(tx consult.Writer) error { return tx.SetReleaseReport(r.ID, good) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("the report of a published release was replaced: %v", err)
	}
}

func (w *world) sealedReport(t testing.TB, id string) (sealed []byte) {
	t.Helper()
	if err := w.Store.View(t.Context(), func(rd consult.Reader) (err error) {
		sealed, err = rd.ReleaseReport(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return sealed
}

// write changes the store as nobody may.
func (w *world) write(t testing.TB, fn func(consult.Writer) error) {
	t.Helper()
	if err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test", Object: "test"})
	}); err != nil {
		t.Fatal(err)
	}
}
