package store

import "folkmoot/internal/consult"

var (
	privacyLossOf = sqlText(`select entry from privacy_loss where consultation_id = $1 order by sequence`)
	addLoss       = sqlText(`
insert into privacy_loss (consultation_id, sequence, release_id, entry)
values ($1, (select coalesce(max(sequence), 0) + 1 from privacy_loss where consultation_id = $1), $2, $3)
on conflict do nothing`)
)

// PrivacyLoss lists what the releases of a consultation have cost, in the order of publication.
func (r *reader) PrivacyLoss(consultationID string) ([]*consult.PrivacyLoss, error) {
	return list(r.txn, "list privacy losses", func(row scanner) (*consult.PrivacyLoss, error) {
		var e consult.PrivacyLoss
		return &e, row.Scan(document{&e})
	}, privacyLossOf, consultationID)
}

// AppendPrivacyLoss adds what a release costs, once for each: fault.Conflict.
func (w *writer) AppendPrivacyLoss(e *consult.PrivacyLoss) error {
	return w.insert("append a privacy loss", addLoss, e.Survey, e.Release, document{e})
}
