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

var (
	auditHead   = sqlText(`select sequence, hash from audit_event order by sequence desc limit 1`)
	consentHead = sqlText(`select sequence, hash from consent_event order by sequence desc limit 1`)
)

var errNoHeads = errors.New("this database holds no ledgers")

func readHeads(t *txn) (*heads, error) {
	var h heads
	if err := readHead(t, auditHead, &h.audit); err != nil {
		return nil, err
	}
	return &h, readHead(t, consentHead, &h.consent)
}

func readHead(t *txn, s statement, into *head) error {
	found, err := list(t, "read the head of a ledger", func(row scanner) (*head, error) {
		var h head
		return &h, row.Scan(&h.sequence, &h.hash)
	}, s)
	if err == nil && len(found) == 1 {
		*into = *found[0]
	}
	return err
}
