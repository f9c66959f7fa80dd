package consult_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

const secret = "07700 900123"

const tells = "Ring me on " + secret + " about the benches"

// wrote is a response to the resident satisfaction survey with the text.
func wrote(text string) survey.Answers {
	a := answers()
	a["one_thing"] = survey.Answer{Text: text}
	return a
}

// read returns what researchers read: pages of texts and exports.
func (w *world) read(t *testing.T, c *consult.Consultation) (page *consult.TextPage, exported []*consult.Response) {
	t.Helper()
	by := w.staff[consult.Researcher]
	page, err := w.Texts(t.Context(), by, c.ID, "one_thing", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	err = w.EachResponse(t.Context(), by, c.ID, func(r *consult.Response) error {
		copied := *r
		exported = append(exported, &copied)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return page, exported
}

// rectify corrects a response for its person, as the desk does. Questions that stand empty were left out by the person.
func (w *world) rectify(t *testing.T, id string, edit func(survey.Answers)) error {
	t.Helper()
	by := w.staff[consult.DPO]
	held, err := w.Rectifiable(t.Context(), by, id)
	if err != nil {
		return err
	}
	edit(held.Answers)
	rec := consult.Rectification{Answers: held.Answers, Reason: "They said so.", Seen: held.Seen}
	for _, q := range held.Definition.Questions() {
		if held.Answers[q.ID].Empty() {
			rec.Unanswered = append(rec.Unanswered, q.ID)
		}
	}
	plan, err := w.PlanRectification(t.Context(), by, id, rec)
	if err != nil {
		return err
	}
	return w.Service.Rectify(t.Context(), by, plan, func(consult.Writer) error { return nil })
}

// leaks fails if anything that researchers get holds the part.
func leaks(t *testing.T, page *consult.TextPage, exported []*consult.Response, part, why string) {
	t.Helper()
	all := fmt.Sprintf("%+v", page.Texts)
	for _, r := range exported {
		all += fmt.Sprintf("%+v", *r)
	}
	if strings.Contains(all, part) {
		t.Errorf("%s: researchers get %q", why, part)
	}
}

func TestFlaggedTextsAreHeldBackUntilTheOfficerDecides(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	plain := w.submit(t, c, wrote("More benches in 2026, for £1,000,000"))
	done := w.submit(t, c, wrote(tells))
	officer := w.staff[consult.DPO]

	page, exported := w.read(t, c)
	leaks(t, page, exported, secret, "councils.md S1-2: before redaction")
	if page.Total != 2 || page.Held != 1 || len(page.Texts) != 2 {
		t.Errorf("two texts, one held back: %+v", page)
	}
	for _, r := range exported {
		switch r.ID {
		case done.ResponseID:
			if a, ok := r.Answers["one_thing"]; !ok || a.Text != "" || !slices.Equal(r.HeldBack["one_thing"], []privacy.MarkKind{privacy.MarkTelephone}) {
				t.Errorf("the kind is told, the text is not: %+v %v", a, r.HeldBack)
			}
		case plain.ResponseID:
			if len(r.HeldBack) > 0 || r.Answers["one_thing"].Text == "" {
				t.Errorf("a text without numbers is not held back: %+v", r)
			}
		}
	}
	if n, err := w.HeldBackTexts(t.Context(), w.staff[consult.Researcher], c.ID); n != 1 || err != nil {
		t.Errorf("held back: %d, %v", n, err)
	}

	// The respondent and the officer who answers a request have it whole (UK GDPR art. 15).
	for name, held := range map[string]func() (*consult.Everything, error){
		"the respondent": func() (*consult.Everything, error) { return w.EverythingByCode(t.Context(), done.Code, "n") },
		"the officer":    func() (*consult.Everything, error) { return w.EverythingOf(t.Context(), officer, done.ResponseID, "r") },
	} {
		if all, err := held(); err != nil || all.Response.Answers["one_thing"].Text != tells {
			t.Errorf("%s reads what was written: %v", name, err)
		}
	}

	found := w.flagged(t, c)
	if len(found) != 1 || found[0].ResponseID != done.ResponseID || found[0].Text != "" || found[0].Flag.State != consult.FlagWaiting {
		t.Fatalf("the queue, without any text: %+v", found)
	}
	x, err := w.FlaggedText(t.Context(), officer, c.ID, done.ResponseID, "one_thing")
	if err != nil || x.Text != tells || x.Review != nil || len(x.Marks) != 1 || x.Text[x.Marks[0].Start:x.Marks[0].End] != secret {
		t.Fatalf("the officer reads it with its marks: %+v, %v", x, err)
	}

	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(w.RedactText(t.Context(), officer, done.ResponseID, "one_thing", "Ring me on [removed] about the benches\r\n", " A telephone number. "))
	page, exported = w.read(t, c)
	leaks(t, page, exported, secret, "after redaction")
	if page.Held != 0 || !slices.ContainsFunc(page.Texts, func(x consult.Written) bool {
		return x.Text == "Ring me on [removed] about the benches" && x.Held == nil
	}) {
		t.Errorf("others read what the officer left: %+v", page)
	}
	x, err = w.FlaggedText(t.Context(), officer, c.ID, done.ResponseID, "one_thing")
	if err != nil || x.Text != tells || x.Review == nil || x.Review.Reason != "A telephone number." || x.Review.By != officer.ID || x.Review.On != privacy.DateOf(w.clock()) {
		t.Errorf("the original and the reason are kept: %+v, %v", x, err)
	}
	want(t, w.ClearText(t.Context(), officer, done.ResponseID, "one_thing", "because"), fault.Conflict, "decided already")

	check(w.ReopenText(t.Context(), officer, done.ResponseID, "one_thing"))
	page, exported = w.read(t, c)
	leaks(t, page, exported, secret, "taken back")
	leaks(t, page, exported, "[removed]", "taken back")
	want(t, w.ReopenText(t.Context(), officer, done.ResponseID, "one_thing"), fault.Conflict, "it waits already")

	check(w.ClearText(t.Context(), officer, done.ResponseID, "one_thing", "The library's own number."))
	if page, _ = w.read(t, c); page.Held != 0 || !slices.ContainsFunc(page.Texts, func(x consult.Written) bool { return x.Text == tells }) {
		t.Errorf("a false alarm is shown as it is: %+v", page)
	}
	counts, err := w.FlagCounts(t.Context(), officer)
	if err != nil || len(counts) != 1 || counts[c.ID][consult.FlagCleared] != 1 || counts[c.ID][consult.FlagWaiting] != 0 {
		t.Errorf("counts: %v, %v", counts, err)
	}
	for action, n := range map[string]int{"texts.flagged": 2, "texts.redact": 1, "texts.reopen": 1, "texts.clear": 1} {
		if got := w.audited(t, action); got != n {
			t.Errorf("%s is in the audit log %d times, want %d", action, got, n)
		}
	}
	w.auditLacks(t, secret, "benches", "telephone number", "library's own", done.ResponseID)
}

// auditLacks fails if the audit log holds one of the parts.
func (w *world) auditLacks(t *testing.T, parts ...string) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			for _, part := range parts {
				if strings.Contains(fmt.Sprintf("%+v", e), part) {
					t.Errorf("the audit log tells %q: %+v", part, e)
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) flagged(t *testing.T, c *consult.Consultation) []consult.FlaggedText {
	t.Helper()
	_, found, total, err := w.FlaggedTexts(t.Context(), w.staff[consult.DPO], c.ID, 0, 100)
	if err != nil || total != len(found) {
		t.Fatalf("%d of %d flagged texts: %v", len(found), total, err)
	}
	var paged []consult.FlaggedText
	for range found {
		_, one, _, err := w.FlaggedTexts(t.Context(), w.staff[consult.DPO], c.ID, len(paged), 1)
		if err != nil || len(one) != 1 {
			t.Fatalf("a page of one: %d, %v", len(one), err)
		}
		paged = append(paged, one...)
	}
	for i := range found {
		if paged[i].ResponseID != found[i].ResponseID || paged[i].Question.ID != found[i].Question.ID {
			t.Errorf("text %d of pages of one: %s of %s, want %s of %s", i+1, paged[i].Question.ID, paged[i].ResponseID, found[i].Question.ID, found[i].ResponseID)
		}
	}
	return found
}

func TestDecisionsAboutTextsNeedAReasonAndAChange(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done, plain := w.submit(t, c, wrote(tells)), w.submit(t, c, wrote("More benches"))
	officer := w.staff[consult.DPO]
	for _, test := range []struct {
		redacted, reason, key, why string
	}{
		{"Ring me", " ", "error.texts.reason", "no reason"},
		{"Ring me", strings.Repeat("x", consult.MaxReason+1), "error.texts.reason.long", "too long a reason"},
		{" \n", "because", "error.texts.redacted", "no text"},
		{strings.Repeat("x", consult.MaxRedacted+1), "because", "error.texts.redacted.long", "too long a text"},
		{" " + tells + "\r\n", "because", "error.texts.redacted.same", "nothing was removed"},
		{tells + ".", "because", "error.texts.redacted.left", "the number is still there"},
	} {
		err := w.RedactText(t.Context(), officer, done.ResponseID, "one_thing", test.redacted, test.reason)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fmt.Sprint(err), test.key) {
			t.Errorf("%s: %v", test.why, err)
		}
	}
	want(t, w.ClearText(t.Context(), officer, done.ResponseID, "one_thing", ""), fault.Invalid, "no reason")
	for name, err := range map[string]error{
		"no flag":     w.ClearText(t.Context(), officer, plain.ResponseID, "one_thing", "because"),
		"no question": w.ClearText(t.Context(), officer, done.ResponseID, "ward", "because"),
		"no response": w.RedactText(t.Context(), officer, "absent", "one_thing", "x", "because"),
	} {
		want(t, err, fault.NotFound, name)
	}
	if x, err := w.FlaggedText(t.Context(), officer, c.ID, done.ResponseID, "one_thing"); err != nil || x.Flag.State != consult.FlagWaiting {
		t.Errorf("nothing was decided: %+v, %v", x, err)
	}
}

// Responses that were stored before there were flags are held back too, at once, and get their flags later.
func TestTextsStoredBeforeAreLookedThrough(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	for i := range 5 {
		w.submit(t, c, wrote([]string{tells, "More benches"}[i%2]))
	}
	lost := w.submit(t, c, wrote(tells)).ResponseID
	w.forgetFlags(t)
	if err := w.Store.Keys().DestroyKey(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	page, exported := w.read(t, c)
	leaks(t, page, exported, secret, "before the texts were looked through")
	if n := len(w.flagged(t, c)); n != 0 {
		t.Fatalf("%d flags: the test would prove nothing", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.ScanTexts(ctx); err == nil {
		t.Error("an interrupted look is an error")
	}
	if n, err := w.ScanTexts(t.Context()); n != 5 || err != nil { // the one without a key stays as it is: nobody can read it
		t.Errorf("looked through %d, %v", n, err)
	}
	if n, err := w.ScanTexts(t.Context()); n != 0 || err != nil {
		t.Errorf("looked through again: %d, %v", n, err)
	}
	if n := len(w.flagged(t, c)); n != 3 {
		t.Errorf("%d flags, want 3", n)
	}
	if w.audited(t, "texts.scan") != 1 {
		t.Error("that texts were looked through is in the audit log once")
	}
}

// An erased response leaves neither flag nor redaction, nor any byte of the sealed decision.
func TestErasureRemovesFlagsAndRedactions(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, wrote(tells))
	kept := w.submit(t, c, wrote("Write to gwen@resident.example"))
	officer := w.staff[consult.DPO]
	for _, redacted := range []string{"Ring me", "Ring me, please"} { // the first decision is replaced: its bytes go too
		if err := w.RedactText(t.Context(), officer, done.ResponseID, "one_thing", redacted, "A telephone number."); err != nil {
			t.Fatal(err)
		}
		if redacted == "Ring me" {
			if err := w.ReopenText(t.Context(), officer, done.ResponseID, "one_thing"); err != nil {
				t.Fatal(err)
			}
		}
	}
	var sealed []byte
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		stored, err := r.Response(done.ResponseID)
		if err == nil {
			sealed = stored.Reviews
		}
		return err
	})
	if err != nil || len(sealed) < 20 || bytes.Contains(sealed, []byte("Ring")) {
		t.Fatalf("the decision is stored, and sealed: %d bytes, %v", len(sealed), err)
	}
	if !w.inFiles(t, string(sealed)) || w.inFiles(t, secret) {
		t.Fatal("the sealed decision is in the files, and the number is not: else the test would prove nothing")
	}
	if err := w.WithdrawResponse(t.Context(), done.Code); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{string(sealed), string(sealed[:16]), string(sealed[len(sealed)-16:]), done.ResponseID, "one_thing=phone"} {
		if w.inFiles(t, part) {
			t.Errorf("after the erasure %q is still in the files", part)
		}
	}
	if found := w.flagged(t, c); len(found) != 1 || found[0].ResponseID != kept.ResponseID {
		t.Errorf("the flags of others stay: %+v", found)
	}
	want(t, w.ReopenText(t.Context(), officer, done.ResponseID, "one_thing"), fault.NotFound, "gone")
}

// forgetFlags makes the responses as they were before there were flags.
func (w *world) forgetFlags(t *testing.T) {
	t.Helper()
	raw, err := sql.Open("sqlite3", filepath.Join(w.dir, "main.db")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`update response set text_flags = null`); err != nil {
		t.Fatal(err)
	}
}

// Two officers decide at once: one of them is told.
func TestOnlyOneDecisionCounts(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, wrote(tells))
	officer := w.staff[consult.DPO]
	errs := make(chan error, 8)
	for i := range cap(errs) {
		go func() {
			errs <- w.RedactText(t.Context(), officer, done.ResponseID, "one_thing", fmt.Sprintf("Ring me (%d)", i), "because")
		}()
	}
	done1 := 0
	for range cap(errs) {
		switch err := <-errs; {
		case err == nil:
			done1++
		case !fault.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if done1 != 1 {
		t.Errorf("%d decisions were stored", done1)
	}
}
