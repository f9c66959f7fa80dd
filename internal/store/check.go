package store

import (
	"context"
	"errors"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// Problem is something that Check found, for the operator. It names no record that a person could be found by.
type Problem struct {
	Database string // "main", "equality" or "keys"
	Text     string
}

// String returns the problem as one line.
func (p Problem) String() string { return p.Database + " database: " + p.Text }

// Check looks for damage and for what a crash left: the integrity of the files, both ledgers and the certificates of disposal from their first entry,
// records without the key that opens them and keys without a record. It changes nothing. The service removes keys without a
// record and profiles whose consent does not stand, at start and from time to time.
func (db *DB) Check(ctx context.Context) ([]Problem, error) {
	var found []Problem
	for _, check := range []func(context.Context) ([]Problem, error){db.checkFiles, db.checkLedgers, db.checkKeys} {
		problems, err := check(ctx)
		if err != nil {
			return found, fmt.Errorf("check the store: %w", err)
		}
		found = append(found, problems...)
	}
	return found, nil
}

var fileChecks = []statement{
	perEngine(`select integrity_check from pragma_integrity_check where integrity_check <> 'ok'`, ``),
	perEngine(`select 'a row of ' || "table" || ' refers to a missing ' || "parent" from pragma_foreign_key_check`, ``),
}

// checkFiles asks SQLite to read everything. PostgreSQL has tools of its own for its administrators (pg_amcheck).
func (db *DB) checkFiles(ctx context.Context) (found []Problem, err error) {
	for _, d := range db.databases() {
		if err := d.checkSchema(ctx); err != nil {
			found = append(found, Problem{d.name, err.Error()})
		}
		if d.dialect == postgres {
			continue
		}
		err := d.view(ctx, func(t *txn) error {
			for _, s := range fileChecks {
				texts, err := list(t, "check the file", func(row scanner) (*string, error) {
					var text string
					return &text, row.Scan(&text)
				}, s)
				if err != nil {
					return err
				}
				for _, text := range texts {
					found = append(found, Problem{d.name, *text})
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// checkLedgers follows the chains of the ledgers from their first entry.
func (db *DB) checkLedgers(ctx context.Context) (found []Problem, err error) {
	return found, db.View(ctx, func(r consult.Reader) error {
		for _, log := range []struct {
			name string
			err  error
		}{{"audit log", privacy.VerifyAuditChain(r.EachAuditEvent)}, {"consent ledger", privacy.VerifyConsentChain(r.EachConsentEvent)},
			{"list of certificates of disposal", privacy.VerifyCertificates(r.EachCertificate)}} {
			var broken *privacy.ChainError
			switch {
			case errors.As(log.err, &broken):
				found = append(found, Problem{"main", fmt.Sprintf("the %s is broken at entry %d", log.name, broken.Sequence)})
			case log.err != nil:
				return log.err
			}
		}
		return nil
	})
}

// checkKeys compares records with keys. They meet here by their ids only, in Go.
func (db *DB) checkKeys(ctx context.Context) (found []Problem, err error) {
	records, err := db.sealedRecords(ctx)
	if err != nil {
		return nil, err
	}
	orphans := 0
	err = keyStore{db.keys}.EveryKey(ctx, func(id string) error {
		if _, ok := records[id]; !ok {
			orphans++
		}
		delete(records, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	lost := map[string]int{}
	for _, database := range records {
		lost[database]++
	}
	for _, database := range []string{"main", "equality"} {
		if n := lost[database]; n > 0 {
			found = append(found, Problem{database, fmt.Sprintf("%d sealed records have no key: nobody can read them", n)})
		}
	}
	if orphans > 0 {
		found = append(found, Problem{"keys", fmt.Sprintf("%d keys have no record: a crash left them", orphans)})
	}
	return found, nil
}

// sealedRecords returns the ids of all keys that are needed, with the database of what they seal.
func (db *DB) sealedRecords(ctx context.Context) (map[string]string, error) {
	records := map[string]string{}
	note := func(name string) func(string) error {
		return func(id string) error { records[id] = name; return nil }
	}
	err := db.View(ctx, func(r consult.Reader) error { return r.EverySealed(note(db.main.name)) })
	if err != nil {
		return nil, err
	}
	of := note(db.equality.name)
	return records, db.Equality().EveryProfile(ctx, func(p *consult.EqualityProfile) error { return of(p.Token) })
}
