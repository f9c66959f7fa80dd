package consult_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// paper is a recording of a form that came today.
func (w *world) paper(t testing.TB, c *consult.Consultation, scan string) consult.Recording {
	t.Helper()
	form, err := w.IssueForm(t.Context(), w.staff[consult.Interviewer], c.ID, privacy.PaperForm, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	return consult.Recording{Channel: consult.Paper, Form: form.Code, Scan: scan, ReceivedOn: privacy.DateOf(w.clock())}
}

// takeDown records what somebody said to the interviewer.
func (w *world) takeDown(t testing.TB, c *consult.Consultation, channel consult.Channel, a survey.Answers) (*privacy.IssuedForm, consult.Submitted) {
	t.Helper()
	by := w.staff[consult.Interviewer]
	form, err := w.IssueForm(t.Context(), by, c.ID, privacy.Script, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	rec := consult.Recording{Channel: channel, Form: form.Code}
	d, _, err := w.BeginRecording(t.Context(), by, c.ID, rec)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = a
	done, err := w.RecordResponse(t.Context(), by, d, rec)
	if err != nil {
		t.Fatal(err)
	}
	return form, done
}

func faultOf(err error) (key, field string) {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Key, f.Field
	}
	return "", ""
}

func TestWhatMayBeRecordedWhen(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	other := w.open(t, "resident-satisfaction")
	by := w.staff[consult.Interviewer]
	rec := w.paper(t, c, "DOC-2026-0001")
	script, err := w.IssueForm(t.Context(), by, c.ID, privacy.Script, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	today, opens := privacy.DateOf(w.clock()), privacy.DateOf(c.OpensAt)
	closing := privacy.DateOf(c.ClosesAt.Add(-time.Second))
	change := func(do func(*consult.Recording)) consult.Recording { r := rec; do(&r); return r }
	for _, row := range []struct {
		why   string
		after time.Duration // of closing; 0 = now
		rec   consult.Recording
		key   string
		field string
	}{
		{"paper that came today", 0, rec, "", ""},
		{"typed as people type it", 0, change(func(r *consult.Recording) { r.Form = strings.ToLower(strings.ReplaceAll(r.Form, "-", " ")) }), "", ""},
		{"spoken, with the script (ICO: if oral, a copy of the script)", 0, consult.Recording{Channel: consult.Telephone, Form: script.Code}, "", ""},
		{"spoken, with a paper form", 0, change(func(r *consult.Recording) { r.Channel, r.Scan, r.ReceivedOn = consult.Telephone, "", "" }), "error.form.unknown", "form"},
		{"spoken, with a scan", 0, consult.Recording{Channel: consult.FaceToFace, Form: script.Code, Scan: "DOC-2026-0001"}, "error.response.channel", "channel"},
		{"not on the website", 0, change(func(r *consult.Recording) { r.Channel = consult.Web }), "error.response.channel", "channel"},
		{"by pigeon", 0, change(func(r *consult.Recording) { r.Channel = "pigeon" }), "error.response.channel", "channel"},
		{"no code (councils.md S4-9: form version)", 0, change(func(r *consult.Recording) { r.Form = "" }), "error.form.code", "form"},
		{"a code that nobody printed", 0, change(func(r *consult.Recording) { r.Form = "P-0000-0000-0000" }), "error.form.unknown", "form"},
		{"the form of another consultation", 0, change(func(r *consult.Recording) { r.Form = w.paper(t, other, "DOC-2026-0009").Form }), "error.form.unknown", "form"},
		{"no scan reference (councils.md S4-9)", 0, change(func(r *consult.Recording) { r.Scan = "" }), "error.evidence.scan", "scan"},
		{"a name for a reference", 0, change(func(r *consult.Recording) { r.Scan = "jane-jones-001" }), "error.evidence.scan", "scan"},
		{"no day", 0, change(func(r *consult.Recording) { r.ReceivedOn = "" }), "error.record.received", "received"},
		{"tomorrow", 0, change(func(r *consult.Recording) { r.ReceivedOn = today.Add(1) }), "error.record.future", "received"},
		{"the day of opening", 0, change(func(r *consult.Recording) { r.ReceivedOn = opens }), "", ""},
		{"before it opened", 0, change(func(r *consult.Recording) { r.ReceivedOn = opens.Add(-1) }), "error.record.early", "received"},
		{"after closing, came in time", time.Hour, change(func(r *consult.Recording) { r.ReceivedOn = closing }), "", ""},
		{"after closing, came the day after", 48 * time.Hour, change(func(r *consult.Recording) { r.ReceivedOn = closing.Add(1) }), "error.record.late", "received"},
		{"after closing, spoken: nothing proves when", time.Hour, consult.Recording{Channel: consult.Telephone, Form: script.Code}, "error.consultation.closed", ""},
		{"the last moment for paper", consult.LateEntryDays*24*time.Hour - time.Hour, change(func(r *consult.Recording) { r.ReceivedOn = closing }), "", ""},
		{"after it", consult.LateEntryDays*24*time.Hour + time.Hour, change(func(r *consult.Recording) { r.ReceivedOn = closing }), "error.consultation.closed", ""},
	} {
		if row.after > 0 {
			w.turn(c.ClosesAt.Add(row.after).Sub(w.clock()))
		}
		_, _, err := w.BeginRecording(t.Context(), by, c.ID, row.rec)
		if key, field := faultOf(err); key != row.key || field != row.field {
			t.Errorf("%s: %v (%s), want %s (%s)", row.why, err, field, row.key, row.field)
		}
	}
}

// A recorded response is what a sent one is, and has beside it how it came; only the officer who recorded it goes on with it.
func TestRecordedOnPaper(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	by, rec := w.staff[consult.Interviewer], w.paper(t, c, "DOC-2026-4711")
	rec.ReceivedOn = rec.ReceivedOn.Add(-1)
	d, form, err := w.BeginRecording(t.Context(), by, c.ID, rec)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = survey.Answers{"runs_things": {Codes: []string{"very_satisfied"}}, "ward": {Codes: []string{"abbots_cross"}}}
	if _, err := w.RecordResponse(t.Context(), by, d, rec); !fault.Is(err, fault.Invalid) {
		t.Errorf("a blank that nobody noticed: %v", err)
	}
	d.Unanswered = []string{"local_area"}
	if _, err := w.SubmitResponse(t.Context(), d); !fault.Is(err, fault.Invalid) {
		t.Errorf("a blank from the website: %v", err)
	}
	done, err := w.RecordResponse(t.Context(), by, d, rec)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.RecordResponse(t.Context(), by, d, rec)
	if err != nil || !again.Repeated || again.Code != done.Code || w.responses(t, c) != 1 {
		t.Errorf("a second click: %+v, %v", again, err)
	}
	if _, _, err = w.BeginRecording(t.Context(), by, c.ID, rec); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same form again: %v", err)
	}
	rec.Twice, rec.Scan = true, strings.ToLower(rec.Scan)
	if _, _, err = w.BeginRecording(t.Context(), by, c.ID, rec); err != nil {
		t.Errorf("the same form, although the officer knows: %v", err)
	}

	held, err := w.HeldByCode(t.Context(), done.Code, "n")
	if err != nil {
		t.Fatal(err)
	}
	want := consult.Capture{StaffID: by.ID, Role: consult.Interviewer, Form: form.Version(), Scan: "DOC-2026-4711", ReceivedOn: privacy.DateOf(w.clock()).Add(-1), RecordedOn: privacy.DateOf(w.clock())}
	if held.Capture == nil || *held.Capture != want || held.Response.Channel != consult.Paper || held.Response.SubmittedOn != string(want.ReceivedOn) {
		t.Errorf("held: %+v, %+v", held.Capture, held.Response)
	}
	if entries := w.audited(t, "response.record"); entries != 1 {
		t.Errorf("%d entries of the audit log", entries)
	}

	// The evidence leads to a signed form: it lies sealed, apart from the ledger of consents that names no response.
	for _, name := range []string{"main.db", "main.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(w.dir, name))
		if err == nil && bytes.Contains(bytes.ToUpper(raw), []byte("DOC-2026-4711")) {
			t.Errorf("%s has the scan reference open", name)
		}
	}
	if err := w.EraseRecorded(t.Context(), w.staff[consult.Researcher], done.Code, "misread"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("undone by another officer: %v", err)
	}
	if err := w.EraseRecorded(t.Context(), by, done.Code, "I felt like it"); !fault.Is(err, fault.Invalid) {
		t.Errorf("undone for a reason in words: %v", err)
	}
	if err := w.EraseRecorded(t.Context(), by, done.Code, "misread"); err != nil {
		t.Fatal(err)
	}
	if n := w.responses(t, c); n != 0 {
		t.Errorf("%d responses after undoing", n)
	}
	rec.Twice = false
	if _, _, err := w.BeginRecording(t.Context(), by, c.ID, rec); err != nil {
		t.Errorf("the form cannot be entered anew: %v", err)
	}
}

// events returns the consent events of a response, oldest first.
func (w *world) events(t testing.TB, done consult.Submitted) (out []privacy.ConsentEvent) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) (err error) {
		out, err = r.ConsentEvents(w.Keys.PrincipalToken(done.ResponseID))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// UK GDPR art. 7(1), privacy.md 3.1 and 3.5: spoken and written consent are recorded with the words, the version of the form or script, who recorded it and
// where the signed form lies; refusals too.
func TestSpokenAndWrittenConsent(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	by := w.staff[consult.Interviewer]

	script, phoned := w.takeDown(t, c, consult.Telephone, answers())
	rec := w.paper(t, c, "DOC-2026-0002")
	d, form, err := w.BeginRecording(t.Context(), by, c.ID, rec)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = answers()
	written, err := w.RecordResponse(t.Context(), by, d, rec)
	if err != nil {
		t.Fatal(err)
	}
	decide := func(done consult.Submitted, x consult.Decision) {
		t.Helper()
		if _, err := w.DecideConsentFor(t.Context(), by, done.Code, x); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.SaveEqualityFor(t.Context(), by, written.Code, c.ID, sex); !fault.Is(err, fault.Forbidden) || w.profiles(t, c) != 0 {
		t.Errorf("equality answers before consent (art. 9(2)(a)): %v", err)
	}
	if _, err := w.DecideConsentFor(t.Context(), by, written.Code, consult.Decision{Given: true, StatementHash: form.StatementHash}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("consent of somebody who did not say that they are old enough (privacy.md 3.3): %v", err)
	}
	decide(phoned, consult.Decision{StatementHash: script.StatementHash})
	decide(written, consult.Decision{Given: true, OldEnough: true, StatementHash: form.StatementHash, Giver: privacy.GivenByRepresentative, Relation: "attorney"})
	if err := w.SaveEqualityFor(t.Context(), by, written.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}

	today := privacy.DateOf(w.clock())
	for _, row := range []struct {
		done  consult.Submitted
		state privacy.ConsentState
		form  *privacy.IssuedForm
		want  privacy.Evidence
	}{
		{phoned, privacy.ConsentRefused, script, privacy.Evidence{Giver: privacy.GivenOrally, Form: script.Version(), On: today, Role: "interviewer"}},
		{written, privacy.ConsentGiven, form, privacy.Evidence{Giver: privacy.GivenByRepresentative, Relation: "attorney", Form: form.Version(), Token: w.Keys.ConsentScanToken(c.ID, "DOC-2026-0002"), On: today, Role: "interviewer"}},
	} {
		events := w.events(t, row.done)
		if len(events) != 2 || events[0].State != privacy.ConsentRequested || events[1].State != row.state {
			t.Fatalf("%s: %+v", row.state, events)
		}
		for _, e := range events {
			if e.Evidence != row.want || e.Actor != by.ID || e.Statement != row.form.Statement || e.StatementHash != row.form.StatementHash || e.NoticeVersion != row.form.NoticeVersion {
				t.Errorf("%s: %+v", e.State, e)
			}
		}
	}
	if _, err := w.DecideConsentFor(t.Context(), w.staff[consult.Researcher], phoned.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: script.StatementHash}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("consent entered by another officer: %v", err)
	}
	sent := w.submit(t, c, answers())
	if _, err := w.DecideConsentFor(t.Context(), by, sent.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: script.StatementHash}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("consent entered for somebody who answered on the website: %v", err)
	}

	// Withdrawn by telephone: the very events of the website (privacy.md 6), and the answers are gone.
	if _, err := w.WithdrawConsentFor(t.Context(), w.staff[consult.DPO], written.ResponseID, consult.Telephone, func(consult.Writer) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if last := w.events(t, written)[2]; last.State != privacy.ConsentWithdrawn || last.Reason != "" || last.Evidence != (privacy.Evidence{}) || last.Channel != "phone" || w.profiles(t, c) != 0 {
		t.Errorf("withdrawn by telephone: %+v, %d profiles", last, w.profiles(t, c))
	}

	// Undone: what was recorded wrongly as consent is invalidated, not withdrawn.
	wrong, misheard := w.takeDown(t, c, consult.FaceToFace, answers())
	decide(misheard, consult.Decision{Given: true, OldEnough: true, StatementHash: wrong.StatementHash})
	if err := w.SaveEqualityFor(t.Context(), by, misheard.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	if err := w.EraseRecorded(t.Context(), by, misheard.Code, "misread"); err != nil {
		t.Fatal(err)
	}
	if last := w.events(t, misheard)[2]; last.State != privacy.ConsentInvalidated || last.Reason != privacy.ReasonMisrecorded || w.profiles(t, c) != 0 {
		t.Errorf("undone: %+v, %d profiles", last, w.profiles(t, c))
	}
	// Two days later nobody but the person has a say.
	w.turn(48 * time.Hour)
	if err := w.EraseRecorded(t.Context(), by, phoned.Code, "misread"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("undone two days later: %v", err)
	}
	if err := w.Store.View(t.Context(), func(r consult.Reader) error { return privacy.VerifyConsentChain(r.EachConsentEvent) }); err != nil {
		t.Error(err)
	}
}

// TestSignedFormIsProved: UK GDPR art. 7(1): whoever has the form shows what was decided on it; art. 5(1)(c), 25: the files alone lead from no event to a form.
func TestSignedFormIsProved(t *testing.T) {
	w := newWorld(t)
	c, other := w.open(t, "resident-satisfaction"), w.open(t, "resident-satisfaction")
	by, officer := w.staff[consult.Interviewer], w.staff[consult.DPO]
	enter := func(c *consult.Consultation, scan string, given bool) consult.Submitted {
		t.Helper()
		rec := w.paper(t, c, scan)
		d, form, err := w.BeginRecording(t.Context(), by, c.ID, rec)
		if err != nil {
			t.Fatal(err)
		}
		d.Answers = answers()
		done, err := w.RecordResponse(t.Context(), by, d, rec)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.DecideConsentFor(t.Context(), by, done.Code, consult.Decision{Given: given, OldEnough: given, StatementHash: form.StatementHash}); err != nil {
			t.Fatal(err)
		}
		return done
	}
	enter(c, "DOC-2026-0471", true)
	enter(other, "doc-2026-0471", false) // a booklet of two forms, say
	withdrawn := enter(c, "DOC-2026-0472", true)
	for _, row := range []struct {
		why, typed string
		want       []privacy.ConsentState
	}{
		{"both consultations, whatever the case", " doc-2026-0471\n", []privacy.ConsentState{privacy.ConsentGiven, privacy.ConsentRefused}},
		{"one", "DOC-2026-0472", []privacy.ConsentState{privacy.ConsentGiven}},
		{"a form that never came", "DOC-2026-0473", nil},
	} {
		found, err := w.ProveForm(t.Context(), officer, row.typed)
		if err != nil || len(found) != len(row.want) {
			t.Fatalf("%s: %d, %v", row.why, len(found), err)
		}
		for i, f := range found {
			if f.Event.State != row.want[i] || f.Now != row.want[i] || f.Consultation.ID != f.Event.ConsultationID || f.Event.Evidence.Scan != "" {
				t.Errorf("%s: %+v", row.why, f.Event)
			}
		}
	}
	if _, err := w.WithdrawConsent(t.Context(), withdrawn.Code); err != nil {
		t.Fatal(err)
	}
	if found, err := w.ProveForm(t.Context(), officer, "DOC-2026-0472"); err != nil || len(found) != 1 || found[0].Event.State != privacy.ConsentGiven || found[0].Now != privacy.ConsentWithdrawn {
		t.Errorf("art. 7(3): a consent that was withdrawn since is shown as %+v, %v", found, err)
	}
	if _, err := w.ProveForm(t.Context(), officer, "Jane Jones"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a name for a reference: %v", err)
	}
	for _, reference := range []string{"DOC-2026-0471", "doc-2026-0471", "DOC-2026-0472", "DOC-2026-0473"} {
		if w.inFiles(t, reference) {
			t.Errorf("%s lies in the files", reference)
		}
	}
	if w.Keys.ConsentScanToken(c.ID, "DOC-2026-0471") == w.Keys.ConsentScanToken(other.ID, "DOC-2026-0471") || strings.HasPrefix(w.Keys.ScanToken(c.ID, "DOC-2026-0471"), w.Keys.ConsentScanToken(c.ID, "DOC-2026-0471")) {
		t.Error("security.md T7: what lies in two places can be joined")
	}
	// An event from before there were keyed hashes has the reference itself, and is found by it.
	w.write(t, func(tx consult.Writer) error {
		e := privacy.ConsentEvent{ID: "old", RecordID: "old", Principal: "old", ConsultationID: c.ID, PurposeID: consult.EqualityPurpose, State: privacy.ConsentGiven, Channel: "paper", Actor: by.ID,
			Evidence: privacy.Evidence{Giver: privacy.GivenInWriting, Form: "P/1", Scan: "DOC-2025-0001", On: "2025-03-28", Role: "interviewer"}}
		if _, err := tx.AppendConsent(e); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(robot, "test.old", "consent:all"))
	})
	if found, err := w.ProveForm(t.Context(), officer, "DOC-2025-0001"); err != nil || len(found) != 1 || found[0].Event.RecordID != "old" {
		t.Errorf("an older event: %+v, %v", found, err)
	}
	if err := w.Store.View(t.Context(), func(r consult.Reader) error { return privacy.VerifyConsentChain(r.EachConsentEvent) }); err != nil {
		t.Error(err)
	}
}

// Whoever signed an older statement did not agree to the new one (UK GDPR art. 4(11)): the response counts, the consent is not taken.
func TestOutdatedForm(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	by, rec := w.staff[consult.Interviewer], w.paper(t, c, "DOC-2026-0003")
	council, version, err := w.CouncilVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	council.Name = locale.Text{locale.English: "Wealdmere and Fenwick Council", locale.Welsh: "Cyngor Wealdmere a Fenwick"}
	if problems, err := w.SaveCouncil(t.Context(), w.staff[consult.Administrator], version, council); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	d, old, err := w.BeginRecording(t.Context(), by, c.ID, rec)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = answers()
	done, err := w.RecordResponse(t.Context(), by, d, rec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.DecideConsentFor(t.Context(), by, done.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: old.StatementHash}); !fault.Is(err, fault.Conflict) {
		t.Errorf("consent to the old statement: %v", err)
	}
	now, err := w.IssueForm(t.Context(), by, c.ID, privacy.PaperForm, locale.English)
	if err != nil || now.Code == old.Code || now.StatementHash == old.StatementHash {
		t.Errorf("the form is the same: %v %v", now, err)
	}
	if _, err := w.DecideConsentFor(t.Context(), by, done.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: now.StatementHash}); !fault.Is(err, fault.Conflict) {
		t.Errorf("consent to a statement that is not on the form: %v", err)
	}
	if len(w.events(t, done)) != 0 {
		t.Error("something was recorded")
	}
	same, err := w.IssueForm(t.Context(), by, c.ID, privacy.PaperForm, locale.English)
	if err != nil || same.Code != now.Code || w.audited(t, "form.issue") != 2 {
		t.Errorf("printed again: %v %v, %d entries", same, err, w.audited(t, "form.issue"))
	}
	welsh, err := w.IssueForm(t.Context(), by, c.ID, privacy.PaperForm, locale.Welsh)
	if err != nil || welsh.Code == now.Code || !strings.Contains(welsh.Text(), "Rwy'n cydsynio") || !strings.Contains(now.Text(), now.Agree) {
		t.Errorf("in Welsh: %v", err)
	}
}
