package store

import "folkmoot/internal/fault"

var (
	restricted     = sqlText(`select count(*) from restriction where response_id = $1`)
	restrictedOf   = sqlText(`select count(distinct response_id) from restriction where consultation_id = $1`)
	addRestriction = sqlText(`
insert into restriction (consultation_id, response_id, entry_id)
values ($1, $2, $3)
on conflict do nothing`)
	liftRestriction = sqlText(`delete from restriction where response_id = $1 and entry_id = $2`)
)

// Restricted reports whether the response is held and not used.
func (r *reader) Restricted(responseID string) (bool, error) {
	var n int
	err := r.row(restricted, []any{&n}, responseID)
	return n > 0, err
}

// RestrictedCount counts the responses of the consultation that are.
func (r *reader) RestrictedCount(consultationID string) (n int, err error) {
	return n, r.row(restrictedOf, []any{&n}, consultationID)
}

// Restrict takes a response out of use for a request of the register. Restricting it again is no error; fault.NotFound if it is not there.
func (w *writer) Restrict(responseID, entryID string) error {
	response, err := w.Response(responseID)
	if err != nil {
		return err
	}
	err = w.insert("restrict a response", addRestriction, response.ConsultationID, responseID, entryID)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// LiftRestriction takes it into use again, unless another request restricts it too. Lifting what is not there is no error.
func (w *writer) LiftRestriction(responseID, entryID string) error {
	_, err := w.exec(liftRestriction, responseID, entryID)
	return err
}
