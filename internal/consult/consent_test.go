package consult_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

var sex = survey.Answers{"sex": {Codes: []string{"female"}}}

// Security.md T15; UK GDPR art. 9(2)(a): no equality answer without consent that stands, for this response and this consultation.
func TestEqualityAnswersNeedConsentThatStands(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	other := w.open(t, "net-zero")
	absent := w.submit(t, c, answers())
	refused := w.submit(t, c, answers())
	w.consent(t, c, refused.Code, false)
	withdrawn := w.submit(t, c, answers())
	w.consent(t, c, withdrawn.Code, true)
	if _, err := w.WithdrawConsent(t.Context(), withdrawn.Code); err != nil {
		t.Fatal(err)
	}
	given := w.submit(t, c, answers())
	w.consent(t, c, given.Code, true)
	for _, row := range []struct {
		why          string
		code         string
		consultation string
		answers      survey.Answers
		kind         fault.Kind
	}{
		{"consent absent", absent.Code, c.ID, sex, fault.Forbidden},
		{"consent refused", refused.Code, c.ID, sex, fault.Forbidden},
		{"consent withdrawn", withdrawn.Code, c.ID, sex, fault.Forbidden},
		{"consent for another consultation", given.Code, other.ID, sex, fault.Forbidden},
		{"nobody's code", "0000-0000-0000-0000-0000", c.ID, sex, fault.NotFound},
		{"no code at all", "", c.ID, sex, fault.NotFound},
		{"a question that is not asked", given.Code, c.ID, survey.Answers{"religion": {Codes: []string{"christian"}}}, fault.Invalid},
		{"a main question", given.Code, c.ID, survey.Answers{"local_area": {Codes: []string{"very_satisfied"}}}, fault.Invalid},
		{"an option that is not offered", given.Code, c.ID, survey.Answers{"sex": {Codes: []string{"x"}}}, fault.Invalid},
	} {
		want(t, w.SaveEquality(t.Context(), row.code, row.consultation, row.answers), row.kind, row.why)
	}
	if w.profiles(t, c)+w.profiles(t, other) != 0 {
		t.Fatal("something was written")
	}
	for _, done := range []consult.Submitted{absent, refused, withdrawn, given} {
		if _, err := w.Store.Keys().Key(t.Context(), w.Keys.EqualityToken(done.ResponseID)); !fault.Is(err, fault.NotFound) {
			t.Errorf("a key was made: %v", err)
		}
	}
	if err := w.SaveEquality(t.Context(), given.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	w.turn(c.ClosesAt.AddDate(1, 0, 1).Sub(w.clock()))
	want(t, w.SaveEquality(t.Context(), given.Code, c.ID, sex), fault.Forbidden, "consent expired twelve months after closing (privacy.md 10.4)")
	held, err := w.HeldByCode(t.Context(), given.Code, "net")
	if err != nil || len(held.Equality) != 0 || held.Consent.State != privacy.ConsentExpired {
		t.Errorf("expired consent opens nothing: %v %v %v", held.Equality, held.Consent, err)
	}
}

func TestDecisionsAreRecordedOnceAndCanBeChanged(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	st, err := w.ConsentStatement(t.Context(), c, locale.Welsh)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(st.String(), "Fenwick Climate") {
		t.Error("the statement names the partner (ICO, valid consent)")
	}
	_, err = w.DecideConsent(t.Context(), done.Code, true, seal.Digest("something else"), locale.Welsh)
	want(t, err, fault.Conflict, "a statement that was not shown")
	_, err = w.DecideConsent(t.Context(), done.Code, true, st.Hash, locale.English)
	want(t, err, fault.Conflict, "the statement in another language")
	decide := func(given bool, state privacy.ConsentState, events int, why string) consult.ConsentStatus {
		t.Helper()
		status, err := w.DecideConsent(t.Context(), done.Code, given, st.Hash, locale.Welsh)
		if err != nil || status.State != state {
			t.Fatalf("%s: %v, %v", why, status, err)
		}
		if n := w.ledger(t, done); n != events {
			t.Errorf("%s: %d events in the ledger, want %d", why, n, events)
		}
		return status
	}
	refused := decide(false, privacy.ConsentRefused, 2, "a refusal is recorded: it proves free choice")
	decide(false, privacy.ConsentRefused, 2, "the same decision again")
	given := decide(true, privacy.ConsentGiven, 4, "agreeing after a refusal")
	if given.RecordID == refused.RecordID {
		t.Error("agreeing after a refusal is a new record")
	}
	decide(true, privacy.ConsentGiven, 4, "the same decision again")
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	decide(false, privacy.ConsentWithdrawn, 5, "refusing after agreeing is withdrawing")
	if w.profiles(t, c) != 0 {
		t.Error("withdrawing erases")
	}
	again := decide(true, privacy.ConsentGiven, 7, "agreeing after withdrawing")
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil || len(held.Equality) != 0 || held.Consent.RecordID != again.RecordID {
		t.Errorf("nothing comes back with a new consent: %v, %v", held.Equality, err)
	}
	w.turn(c.ClosesAt.Add(25 * time.Hour).Sub(w.clock()))
	if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
		t.Errorf("withdrawing is possible at any time (art. 7(3)): %v", err)
	}
	_, err = w.DecideConsent(t.Context(), done.Code, true, st.Hash, locale.Welsh)
	want(t, err, fault.Closed, "agreeing more than a day after closing")
	w.verifyLedger(t)
}

func (w *world) ledger(t *testing.T, done consult.Submitted) (n int) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		events, err := r.ConsentEvents(w.Keys.PrincipalToken(done.ResponseID))
		n = len(events)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) verifyLedger(t *testing.T) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return privacy.VerifyConsentChain(r.EachConsentEvent)
	})
	if err != nil {
		t.Error(err)
	}
}

// A data protection officer can search the files for what was erased.
func TestWithdrawnEqualityAnswersAreInNoFile(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	token := w.Keys.EqualityToken(done.ResponseID)
	p, err := w.Store.Equality().Profile(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if !w.inFiles(t, string(p.Sealed)) || !w.inFiles(t, token) {
		t.Fatal("the search finds nothing even before: it is broken")
	}
	if w.inFiles(t, "More benches") || w.inFiles(t, done.Code) {
		t.Error("free text or a code lies in a file in the clear")
	}
	if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
		t.Fatal(err)
	}
	if w.inFiles(t, string(p.Sealed)) || w.inFiles(t, token) {
		t.Error("the sealed answers or their token are still in a file")
	}
	if status, err := w.WithdrawConsent(t.Context(), done.Code); err != nil || status.State != privacy.ConsentWithdrawn {
		t.Errorf("withdrawing twice: %v, %v", status, err)
	}
}

func (w *world) inFiles(t *testing.T, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), text) {
			return true
		}
	}
	return false
}

func TestRepairErasesWhatACrashLeft(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	kept, lost := w.submit(t, c, answers()), w.submit(t, c, answers())
	for _, done := range []consult.Submitted{kept, lost} {
		w.consent(t, c, done.Code, true)
		if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
			t.Fatal(err)
		}
	}
	token := w.Keys.EqualityToken(lost.ResponseID)
	p, err := w.Store.Equality().Profile(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WithdrawConsent(t.Context(), lost.Code); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Equality().PutProfile(t.Context(), p); err != nil { // the process died before the erasure
		t.Fatal(err)
	}
	held, err := w.HeldByCode(t.Context(), lost.Code, "net")
	if err != nil || len(held.Equality) != 0 {
		t.Errorf("reads stop at the event, whatever is stored: %v, %v", held.Equality, err)
	}
	if n, err := w.RepairConsent(t.Context()); n != 1 || err != nil {
		t.Fatalf("repaired %d, %v", n, err)
	}
	if w.profiles(t, c) != 1 {
		t.Errorf("%d profiles are left, want the one whose consent stands", w.profiles(t, c))
	}
	if n, err := w.RepairConsent(t.Context()); n != 0 || err != nil {
		t.Errorf("a second repair: %d, %v", n, err)
	}
}
