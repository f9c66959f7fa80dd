package consult_test

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/mattn/go-sqlite3" // somebody who alters the ledger behind our back

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

func (w *world) check(t testing.TB, file []byte) consult.ReceiptCheck {
	t.Helper()
	out, err := w.CheckReceipt(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) receipt(t testing.TB, code string) privacy.SignedReceipt {
	t.Helper()
	r, err := w.Receipt(t.Context(), code, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A receipt stays genuine, and its check says the same, whatever happens afterwards: whoever found the file learns nothing that is not in it
// (docs/decisions/0034).
func TestReceiptCheckTellsNothingNew(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	r := w.receipt(t, done.Code)
	audits := func() (n int) {
		err := w.Store.View(t.Context(), func(r consult.Reader) error {
			return r.EachAuditEvent(func(privacy.AuditEvent) error { n++; return nil })
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := audits()
	first := map[string]consult.ReceiptCheck{"file": w.check(t, r.File), "Kantara": w.check(t, r.Kantara)}
	for kind, got := range first {
		if got.Verdict != privacy.Genuine || got.Ledger != consult.LedgerHolds || got.Says.State != privacy.ConsentGiven {
			t.Fatalf("%s: %+v", kind, got)
		}
	}
	if audits() != before {
		t.Error("a check leaves a trace")
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"time passed", func() error { w.turn(time.Hour); return nil }},
		{"consent was withdrawn", func() error { _, err := w.WithdrawConsent(t.Context(), done.Code); return err }},
		{"consent was given again", func() error { w.consent(t, c, done.Code, true); return nil }},
		{"the response was withdrawn", func() error { return w.WithdrawResponse(t.Context(), done.Code) }},
		{"consent expired", func() error { w.turn(3 * 365 * 24 * time.Hour); return nil }},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		for kind, file := range map[string][]byte{"file": r.File, "Kantara": r.Kantara} {
			if diff := cmp.Diff(first[kind], w.check(t, file)); diff != "" {
				t.Errorf("%s: the check of the %s says so:\n%s", step.what, kind, diff)
			}
		}
	}
}

func TestReceiptCheckAfterEachDecision(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	for _, step := range []struct {
		what   string
		do     func() error
		state  privacy.ConsentState
		ledger consult.LedgerVerdict
	}{
		{"never asked", func() error { return nil }, privacy.ConsentNone, consult.LedgerNone},
		{"refused", func() error { w.consent(t, c, done.Code, false); return nil }, privacy.ConsentRefused, consult.LedgerHolds},
		{"given", func() error { w.consent(t, c, done.Code, true); return nil }, privacy.ConsentGiven, consult.LedgerHolds},
		{"withdrawn", func() error { _, err := w.WithdrawConsent(t.Context(), done.Code); return err }, privacy.ConsentWithdrawn, consult.LedgerHolds},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		r := w.receipt(t, done.Code)
		got := w.check(t, r.File)
		if got.Verdict != privacy.Genuine || got.Ledger != step.ledger || got.Says.State != step.state || got.Says.Fingerprint != r.Fingerprint {
			t.Errorf("%s: %+v", step.what, got)
		}
		if (r.Kantara != nil) != (step.state == privacy.ConsentGiven) {
			t.Errorf("%s: Kantara receipt of %d bytes", step.what, len(r.Kantara))
		}
	}
}

// What is not genuine never reaches the ledger: nobody can ask it about entries of their own making.
func TestOnlyGenuineReceiptsAreLookedUp(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	file := w.receipt(t, done.Code).File
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CheckReceipt(t.Context(), file); err == nil {
		t.Error("a genuine receipt is not looked up: the test proves nothing")
	}
	for want, file := range map[privacy.Verdict][]byte{
		privacy.Altered:    bytes.Replace(file, []byte("given"), []byte("taken"), 1),
		privacy.Unsigned:   []byte(`{"header":{"schema_version":"folkmoot-receipt/1"}}`),
		privacy.NotReceipt: []byte("x"),
	} {
		if got, err := w.CheckReceipt(t.Context(), file); err != nil || got.Verdict != want || got.Ledger != "" {
			t.Errorf("%s: %+v, %v", want, got, err)
		}
	}
}

func TestReceiptShowsALedgerThatWasAltered(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	r := w.receipt(t, done.Code)
	other := newWorld(t) // the council's keys over a ledger without these entries
	for kind, file := range map[string][]byte{"file": r.File, "Kantara": r.Kantara} {
		if got := other.check(t, file); got.Verdict != privacy.Genuine || got.Ledger != consult.LedgerLost {
			t.Errorf("%s: the entries are missing: %+v", kind, got)
		}
	}
	db, err := sql.Open("sqlite3", filepath.Join(w.dir, "main.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{"drop trigger consent_event_no_update", "update consent_event set option_label = 'I agree to everything' where state = 'given'"} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for kind, file := range map[string][]byte{"file": r.File, "Kantara": r.Kantara} {
		if got := w.check(t, file); got.Verdict != privacy.Genuine || got.Ledger != consult.LedgerLost {
			t.Errorf("%s: an entry was altered: %+v", kind, got)
		}
	}
}

// A receipt says where its notice lies and where it is checked, in its own language.
func TestReceiptAddresses(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	for lang, prefix := range map[locale.Lang]string{locale.English: "https://say.example", locale.Welsh: "https://say.example/cy"} {
		r, err := w.Receipt(t.Context(), done.Code, lang)
		if err != nil {
			t.Fatal(err)
		}
		if want := prefix + "/privacy/notices/" + c.NoticeID + "/1"; r.Processing.PrivacyNotice.Address != want || r.VerifyAt != prefix+"/receipt/verify" ||
			r.Processing.WithdrawalMethod.Address != prefix+"/your-response" {
			t.Errorf("%s: notice %s, check %s, withdraw %s", lang, r.Processing.PrivacyNotice.Address, r.VerifyAt, r.Processing.WithdrawalMethod.Address)
		}
	}
}
