package store

import "folkmoot/internal/consult"

var (
	historyOf   = sqlText(`select number, key_id, sealed from response_history where consultation_id = $1 and response_id = $2 order by number`)
	historyKeys = sqlText(`select key_id from response_history order by consultation_id, response_id, number`)
	correct     = sqlText(`
update response
set coded = $3, free_text = $4, text_flags = $5, text_reviews = $6, postcodes = $7
where consultation_id = $1 and id = $2`)
	addHistory = sqlText(`
insert into response_history (consultation_id, response_id, number, key_id, sealed)
values ($1, $2, $3, $4, $5)
on conflict do nothing`)
	// What was kept as a postcode before a correction has a key that is named after that of the postcodes: consult.PostcodeKey, a dot and more. A slash comes after a dot.
	eraseHistory = sqlText(`
delete from response_history
where consultation_id in (select c.id from consultation c) and response_id = $1 and not (key_id > $2 || '.' and key_id < $2 || '/')`)
	erasePostcodeHistory = sqlText(`
delete from response_history
where consultation_id in (select c.id from consultation c) and response_id = $1 and key_id > $2 || '.' and key_id < $2 || '/'`)
	eraseWholeHistory = sqlText(`delete from response_history where consultation_id = $1 and response_id = $2`)
)

// History returns what stood in a response before each of its corrections, sealed, the first first; nothing where it was never corrected.
func (r *reader) History(consultationID, responseID string) ([]consult.SealedCorrection, error) {
	found, err := list(r.txn, "read the history of a response", func(row scanner) (*consult.SealedCorrection, error) {
		var c consult.SealedCorrection
		return &c, row.Scan(&c.Number, &c.Key, &c.Sealed)
	}, historyOf, consultationID, responseID)
	return values(found), err
}

// Correct stores the answers of a response, its sealed texts and postcodes, their flags and what was decided about them, and adds to its history what stood there before.
// When Update returns, SQLite holds no byte of what was replaced but sealed; on PostgreSQL an old row, with its coded answers, stays until it is vacuumed, and
// in logs and copies for longer. fault.NotFound if the response is gone; fault.Conflict if the history has one of the numbers.
func (w *writer) Correct(r *consult.Response, before ...consult.SealedCorrection) error {
	const what = "correct a response"
	err := w.update(what, correct, notFound(), r.ConsultationID, r.ID, encodeAnswers(r.Answers), r.FreeText, encodeFlags(r.Flags), r.Reviews, encodePostcodes(r))
	if err != nil {
		return err
	}
	w.erased = true
	return w.addHistory(what, r, before)
}

func (w *writer) addHistory(what string, r *consult.Response, entries []consult.SealedCorrection) error {
	for _, e := range entries {
		if err := w.insert(what, addHistory, r.ConsultationID, r.ID, e.Number, e.Key, e.Sealed); err != nil {
			return err
		}
	}
	return nil
}

// PartPostcodes stores a response whose kept postcodes lie apart from now on: its sealed texts and postcodes, flags and what was decided about them, and its history in
// place of the one that it had, unless that is nil. When Update returns, SQLite holds no byte of what was replaced; PostgreSQL holds the old row, sealed, until it is
// vacuumed. fault.NotFound if the response is gone.
func (w *writer) PartPostcodes(r *consult.Response, history []consult.SealedCorrection) error {
	const what = "part postcodes from free text"
	err := w.update(what, partPostcodes, notFound(), r.ConsultationID, r.ID, r.FreeText, encodeFlags(r.Flags), r.Reviews, notNil(r.Postcodes))
	if err != nil {
		return err
	}
	w.erased = true
	if history == nil {
		return nil
	}
	if _, err := w.exec(eraseWholeHistory, r.ConsultationID, r.ID); err != nil {
		return err
	}
	return w.addHistory(what, r, history)
}
