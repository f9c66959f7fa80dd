package store

import "errors"

// heads are the last entries of the two ledgers as a batch sees them: read from the database when the batch begins (another
// instance may have written since the last), and carried from part to part.
type heads struct{ audit, consent head }

// head is the last entry of a ledger; zero for an empty one.
type head struct {
	sequence int64
	hash     string
}

var lastEntries = sqlText(`
select 'audit', a.sequence, a.hash from (select sequence, hash from audit_event order by sequence desc limit 1) as a
union all
select 'consent', c.sequence, c.hash from (select sequence, hash from consent_event order by sequence desc limit 1) as c`)

var errNoHeads = errors.New("this database holds no ledgers")

func readHeads(t *txn) (*heads, error) {
	var h heads
	_, err := list(t, "read the heads of the ledgers", func(row scanner) (*head, error) {
		var ledger string
		var last head
		err := row.Scan(&ledger, &last.sequence, &last.hash)
		if ledger == "audit" {
			h.audit = last
		} else {
			h.consent = last
		}
		return &last, err
	}, lastEntries)
	return &h, err
}
