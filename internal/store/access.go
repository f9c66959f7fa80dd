package store

import (
	"fmt"

	"folkmoot/internal/consult"
)

var (
	confidentialityInForce = sqlText(`
select number, text, own, hash, at from confidentiality
where own or hash = $1
order by own desc, number desc
limit 1`)
	lastConfidentiality = sqlText(`select coalesce(max(number), 0) from confidentiality`)
	addConfidentiality  = sqlText(`
insert into confidentiality (number, text, own, hash, at)
values ($1, $2, $3, $4, $5)
on conflict do nothing`)
	addAcknowledgement = sqlText(`
insert into acknowledgement (staff_id, number, at)
values ($1, $2, $3)
on conflict do nothing`)
)

// Confidentiality returns the newest statement of the council's own, else the one with the hash. fault.NotFound if there is neither.
func (r *reader) Confidentiality(hash string) (*consult.Confidentiality, error) {
	return one(r.txn, "read a statement of confidentiality", func(row scanner) (*consult.Confidentiality, error) {
		var c consult.Confidentiality
		return &c, row.Scan(&c.Number, document{&c.Text}, &c.Own, &c.Hash, stamp{&c.At})
	}, confidentialityInForce, hash)
}

// AddConfidentiality keeps a statement as the next one: it sets Number and At.
func (w *writer) AddConfidentiality(c *consult.Confidentiality) error {
	const what = "add a statement of confidentiality"
	var last int64
	if err := w.row(lastConfidentiality, []any{&last}); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	c.Number, c.At = last+1, w.Now()
	return w.insert(what, addConfidentiality, c.Number, document{c.Text}, c.Own, c.Hash, stamp{&c.At})
}

// AddAcknowledgement keeps that the person accepted the statement. fault.Conflict if that is kept already.
func (w *writer) AddAcknowledgement(staffID string, number int64) error {
	at := w.Now()
	return w.insert("add an acknowledgement", addAcknowledgement, staffID, number, stamp{&at})
}
