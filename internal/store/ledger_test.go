package store

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/store/storetest"
)

// onBoth runs a test on both engines, with a connection that goes past the store, as an administrator of the database has it.
func onBoth(t *testing.T, test func(t *testing.T, db *DB, raw *sql.DB)) {
	o := Options{Migrate: true, Clock: func() time.Time { return storetest.Moment }}
	t.Run("SQLite", func(t *testing.T) {
		dir := t.TempDir()
		db, err := OpenSQLite(t.Context(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := sql.Open("sqlite3", filepath.Join(dir, "main.db")+"?_busy_timeout=5000")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { raw.Close(); db.Close() })
		test(t, db, raw)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		url := pgtest.Database(t)
		db, err := OpenPostgres(t.Context(), PostgresURLs{Main: url}, o)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := sql.Open("pgx", url+"&search_path=folkmoot")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { raw.Close(); db.Close() })
		test(t, db, raw)
	})
}

// appendCertificates appends n certificates of disposal.
func appendCertificates(w consult.Writer, n int) error {
	for i := range n {
		if _, err := w.AppendCertificate(privacy.Certificate{ID: fmt.Sprint("certificate-", i), Rule: "responses", StartedAt: storetest.Moment,
			Counts: []privacy.TableCount{{Table: "response", Count: 7}}}); err != nil {
			return err
		}
	}
	return nil
}

// fillLedgers appends six audit events, five consent events and three certificates of disposal.
func fillLedgers(t *testing.T, db *DB) *consult.Consultation {
	t.Helper()
	c := storetest.AddConsultation(t, db)
	for i := range 5 {
		storetest.Write(t, db, func(w consult.Writer) error {
			if _, err := w.AppendConsent(storetest.ConsentEvent(c.ID, fmt.Sprint("p", i), privacy.ConsentGiven)); err != nil || i > 0 {
				return err
			}
			return appendCertificates(w, 3)
		})
	}
	return c
}

// TestLedgersRefuseChange: not only the program, the database refuses what would rewrite a ledger or what was published.
func TestLedgersRefuseChange(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, raw *sql.DB) {
		c := fillLedgers(t, db)
		storetest.Write(t, db, func(w consult.Writer) error {
			p := &consult.Partner{ID: "p", CreatedAt: storetest.Moment}
			a := &consult.Agreement{ID: "a", PartnerID: "p", ExpiresAt: storetest.Moment, CreatedAt: storetest.Moment}
			r := &consult.Release{ID: "r", ConsultationID: c.ID, AgreementID: "a", State: consult.ReleasePublished, SnapshotAt: storetest.Moment,
				Facts: &consult.ReleaseFacts{Purpose: "Planning"}}
			n := &privacy.NoticeVersion{NoticeID: "n", Version: 1, EffectiveFrom: storetest.Moment}
			form := storetest.Form(c.ID, "Hours")
			return errors.Join(w.AddForm(&form), w.AddPartner(p), w.AddAgreement(a), w.AddRelease(r), w.AddNotice(n), w.AddSurveySource("v", []byte("x")),
				w.AppendPrivacyLoss(&consult.PrivacyLoss{Survey: c.ID, Release: "r"}), w.AddScreening(c.ID, &privacy.Screening{Sequence: 1}),
				w.AddProcessingSnapshot(&privacy.ProcessingSnapshot{Month: "2026-03", Document: []byte("{}")}))
		})
		if err := db.Logs().AddCheckpoints(t.Context(), "audit", 0, [][32]byte{{}}, []consult.Checkpoint{{Log: "audit", Size: 5, MadeAt: storetest.Moment}}); err != nil {
			t.Fatal(err)
		}
		statements := []string{
			`update log_checkpoint set note = 'x'`,
			`delete from log_checkpoint`,
			`update audit_event set action = 'nothing' where sequence = 1`,
			`delete from audit_event where sequence = 1`,
			`delete from audit_event`,
			`update retention_certificate set document = '{}' where sequence = 1`,
			`delete from retention_certificate`,
			`update consent_event set state = 'given'`,
			`delete from consent_event where sequence = 1`,
			`update consent_statement set statement = 'something else'`,
			`delete from consent_statement`,
			`update release set frozen = '{}'`,
			`update release set state = 'draft'`,
			`update survey_source set version = 'w'`,
			`update notice set document = '{}'`,
			`update privacy_loss set entry = '{}'`,
			`delete from privacy_loss`,
			`update issued_form set content = '{}'`,
			`delete from issued_form`,
			`update screening set document = '{}'`,
			`delete from screening`,
			`update processing_snapshot set document = '{"council": {}}'`,
			`delete from processing_snapshot`,
		}
		if db.main.dialect == postgres {
			statements = append(statements, `truncate audit_event`, `truncate consent_event`, `truncate consent_statement cascade`, `truncate privacy_loss`,
				`truncate log_checkpoint`, `truncate log_block`, `truncate retention_certificate`, `truncate screening`, `truncate processing_snapshot`, `truncate issued_form`)
		} else {
			statements = append(statements,
				`insert or replace into retention_certificate select * from retention_certificate where sequence = 1`,
				`insert into retention_certificate select sequence + 5, id || 'x', document, prev_hash, hash from retention_certificate`,
				`insert or replace into audit_event select * from audit_event where sequence = 1`,
				`insert into audit_event select sequence + 100, at, actor_kind, actor_id, action, object, detail, prev_hash, hash from audit_event where sequence = 1`,
				`insert or replace into consent_event select * from consent_event where sequence = 1`,
				`insert or replace into log_checkpoint select * from log_checkpoint`,
				`insert into log_checkpoint select log, size - 1, public, made_at, note from log_checkpoint`,
				`insert or replace into log_block select * from log_block`,
				`insert into log_block select log, number + 2, hash from log_block`,
				`insert or replace into issued_form select * from issued_form`,
				`insert or replace into privacy_loss select * from privacy_loss`,
				`insert or replace into screening select * from screening`,
				`insert or replace into processing_snapshot select * from processing_snapshot`,
				`insert into processing_snapshot select '2026-02', document, hash from processing_snapshot`,
				`insert or replace into privacy_loss select consultation_id, 2, release_id, '{}' from privacy_loss`)
		}
		for _, s := range statements {
			if _, err := raw.Exec(s); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: got %v, want a refusal", s, err)
			}
		}
		if problems, err := db.Check(t.Context()); len(problems) > 0 || err != nil {
			t.Errorf("the ledgers after the attempts: %v %v", problems, err)
		}
		err := storetest.TryWrite(db, func(w consult.Writer) error {
			_, err := w.(*writer).exec(sqlText(`delete from audit_event`))
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("through the store: got %v, want a fault %q", err, fault.Conflict)
		}
	})
}

// TestCheckFindsTampering is T9 of security.md: somebody with all rights on the database takes the triggers away and edits a ledger. Cutting
// off the end leaves a whole chain: nothing inside the database tells.
func TestCheckFindsTampering(t *testing.T) {
	copyEvent := `insert into audit_event select 7, at, actor_kind, actor_id, action, object, detail, prev_hash, hash from audit_event where sequence = 6`
	for _, test := range []struct {
		tamper, problem string
	}{
		{`update audit_event set action = 'nothing' where sequence = 3`, "the audit log is broken at entry 3"},
		{`update audit_event set detail = '{"count":"2"}' where sequence = 1`, "the audit log is broken at entry 1"},
		{`update audit_event set detail = 'no JSON' where sequence = 2`, "the audit log is broken at entry 2"},
		{`update audit_event set at = 'yesterday' where sequence = 5`, "the audit log is broken at entry 5"},
		{`update consent_event set valid_until = 'never' where sequence = 2`, "the consent ledger is broken at entry 2"},
		{`delete from audit_event where sequence = 2`, "the audit log is broken at entry 2"},
		{copyEvent, "the audit log is broken at entry 7"},
		{`update consent_event set state = 'refused' where sequence = 4`, "the consent ledger is broken at entry 4"},
		{`update consent_event set principal = 'p9' where sequence = 5`, "the consent ledger is broken at entry 5"},
		{`update consent_statement set statement = 'I agree to all'`, "the consent ledger is broken at entry 1"},
		{`update retention_certificate set document = replace(document, '7', '8') where sequence = 2`, "the list of certificates of disposal is broken at entry 2"},
		{`delete from retention_certificate where sequence = 1`, "the list of certificates of disposal is broken at entry 1"},
	} {
		t.Run(test.problem, func(t *testing.T) {
			onBoth(t, func(t *testing.T, db *DB, raw *sql.DB) {
				fillLedgers(t, db)
				disarm(t, db, raw)
				if _, err := raw.Exec(test.tamper); err != nil {
					t.Fatal(err)
				}
				problems, err := db.Check(t.Context())
				if err != nil || len(problems) != 1 || problems[0] != (Problem{"main", test.problem}) {
					t.Errorf("%s: got %v, %v", test.tamper, problems, err)
				}
			})
		})
	}
}

// disarm takes the triggers away.
func disarm(t *testing.T, db *DB, raw *sql.DB) {
	t.Helper()
	statements := []string{`alter table audit_event disable trigger all`, `alter table consent_event disable trigger all`,
		`alter table consent_statement disable trigger all`, `alter table retention_certificate disable trigger all`}
	if db.main.dialect == sqlite {
		statements = nil
		rows, err := raw.Query(`select 'drop trigger ' || name from sqlite_master where type = 'trigger'`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			statements = append(statements, s)
		}
		rows.Close()
	}
	for _, s := range statements {
		if _, err := raw.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCheckComparesKeys: what a crash leaves between the key store and the others.
func TestCheckComparesKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, _ *sql.DB) {
		ctx := t.Context()
		c := storetest.AddConsultation(t, db)
		whole, keyless, bare := storetest.Response(c.ID), storetest.Response(c.ID), storetest.Response(c.ID)
		whole.FreeText, keyless.FreeText = []byte("sealed"), []byte("sealed")
		storetest.Write(t, db, func(w consult.Writer) error {
			return errors.Join(w.AddResponse(whole), w.AddResponse(keyless), w.AddResponse(bare))
		})
		kept, lost := storetest.Response(c.ID), storetest.Response(c.ID)
		kept.Postcodes, lost.Postcodes = []byte("sealed"), []byte("sealed")
		storetest.Write(t, db, func(w consult.Writer) error { return errors.Join(w.AddResponse(kept), w.AddResponse(lost)) })
		for _, id := range []string{whole.ID, consult.PostcodeKey(kept.ID), "profile", "left-over-1", "left-over-2"} {
			if err := db.Keys().PutKey(ctx, id, []byte("wrapped")); err != nil {
				t.Fatal(err)
			}
		}
		for _, token := range []string{"profile", "keyless-1", "keyless-2"} {
			if err := db.Equality().PutProfile(ctx, &consult.EqualityProfile{Token: token, ConsultationID: c.ID, Sealed: []byte("sealed")}); err != nil {
				t.Fatal(err)
			}
		}
		problems, err := db.Check(ctx)
		want := []Problem{
			{"main", "2 sealed records have no key: nobody can read them"},
			{"equality", "2 sealed records have no key: nobody can read them"},
			{"keys", "2 keys have no record: a crash left them"},
		}
		if fmt.Sprint(problems) != fmt.Sprint(want) || err != nil {
			t.Errorf("got %v, %v, want %v", problems, err, want)
		}
	})
}

// TestNothingTellsOrder is T7 of security.md for the embedded database: no rowid, no sequence, no time in the table of responses. Checks of age have a day
// and no time.
func TestNothingTellsOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB, raw *sql.DB) {
		rows, err := raw.Query(`select * from response`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		want := "consultation_id id coded token_hash code_hash reference survey_version notice_id notice_version language channel submitted_on free_text text_flags text_reviews age_checks postcodes"
		if got := strings.Join(columns, " "); got != want {
			t.Errorf("the columns of a response are %s: does the new one tell when or in which order it came?", got)
		}
		rows.Close()
		if db.main.dialect == sqlite {
			if _, err := raw.Exec(`select rowid from response`); err == nil {
				t.Error("responses have a rowid, which tells their order")
			}
		}
	})
}
