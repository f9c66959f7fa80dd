package store

import "folkmoot/internal/consult"

var (
	historyOf = sqlText(`select sealed from response_history where consultation_id = $1 and response_id = $2 order by number`)
	histories = sqlText(`select distinct consultation_id, response_id from response_history order by consultation_id, response_id`)
	correct   = sqlText(`
update response
set coded = $3, free_text = $4, text_flags = $5, text_reviews = $6
where consultation_id = $1 and id = $2`)
	addHistory = sqlText(`
insert into response_history (consultation_id, response_id, number, sealed)
values ($1, $2, $3, $4)
on conflict do nothing`)
	eraseHistory = sqlText(`
delete from response_history
where consultation_id in (select c.id from consultation c) and response_id = $1`)
)

// History returns what stood in a response before each of its corrections, sealed, the first first; nothing where it was never corrected.
func (r *reader) History(consultationID, responseID string) ([][]byte, error) {
	found, err := list(r.txn, "read the history of a response", func(row scanner) (*[]byte, error) {
		var sealed []byte
		return &sealed, row.Scan(&sealed)
	}, historyOf, consultationID, responseID)
	return values(found), err
}

// EachHistory calls fn with the id of every response that has a history.
func (r *reader) EachHistory(fn func(responseID string) error) error {
	type place struct{ consultation, id string }
	found, err := list(r.txn, "list histories of responses", func(row scanner) (*place, error) {
		var p place
		return &p, row.Scan(&p.consultation, &p.id)
	}, histories)
	if err != nil {
		return err
	}
	for _, p := range found {
		if err := fn(p.id); err != nil {
			return err
		}
	}
	return nil
}

// Correct stores the answers of a response, its sealed texts, their flags and what was decided about them, and adds to its history what stood there before.
// When Update returns, no byte of what was replaced is left but sealed. fault.NotFound if the response is gone; fault.Conflict if the history has the number.
func (w *writer) Correct(r *consult.Response, number int, before []byte) error {
	const what = "correct a response"
	err := w.update(what, correct, notFound(), r.ConsultationID, r.ID, encodeAnswers(r.Answers), r.FreeText, encodeFlags(r.Flags), r.Reviews)
	if err != nil {
		return err
	}
	w.erased = true
	return w.insert(what, addHistory, r.ConsultationID, r.ID, number, before)
}
