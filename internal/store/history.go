package store

import "folkmoot/internal/consult"

var (
	historyOf   = sqlText(`select key_id, sealed from response_history where consultation_id = $1 and response_id = $2 order by number`)
	historyKeys = sqlText(`select key_id from response_history order by consultation_id, response_id, number`)
	correct     = sqlText(`
update response
set coded = $3, free_text = $4, text_flags = $5, text_reviews = $6
where consultation_id = $1 and id = $2`)
	addHistory = sqlText(`
insert into response_history (consultation_id, response_id, number, key_id, sealed)
values ($1, $2, $3, $4, $5)
on conflict do nothing`)
	eraseHistory = sqlText(`
delete from response_history
where consultation_id in (select c.id from consultation c) and response_id = $1`)
)

// History returns what stood in a response before each of its corrections, sealed, the first first; nothing where it was never corrected.
func (r *reader) History(consultationID, responseID string) ([]consult.SealedCorrection, error) {
	found, err := list(r.txn, "read the history of a response", func(row scanner) (*consult.SealedCorrection, error) {
		var c consult.SealedCorrection
		return &c, row.Scan(&c.Key, &c.Sealed)
	}, historyOf, consultationID, responseID)
	return values(found), err
}

// Correct stores the answers of a response, its sealed texts, their flags and what was decided about them, and adds to its history what stood there before.
// When Update returns, SQLite holds no byte of what was replaced but sealed; on PostgreSQL an old row, with its coded answers, stays until it is vacuumed, and
// in logs and copies for longer. fault.NotFound if the response is gone; fault.Conflict if the history has the number.
func (w *writer) Correct(r *consult.Response, number int, before consult.SealedCorrection) error {
	const what = "correct a response"
	err := w.update(what, correct, notFound(), r.ConsultationID, r.ID, encodeAnswers(r.Answers), r.FreeText, encodeFlags(r.Flags), r.Reviews)
	if err != nil {
		return err
	}
	w.erased = true
	return w.insert(what, addHistory, r.ConsultationID, r.ID, number, before.Key, before.Sealed)
}
