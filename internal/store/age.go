package store

import (
	"database/sql"
	"encoding/json"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

var setAges = sqlText(`
update response
set age_checks = $3
where consultation_id = $1 and id = $2`)

// encodeAges writes what was answered about age; nothing answered is null.
func encodeAges(c privacy.AgeChecks) sql.NullString {
	if c.Empty() {
		return sql.NullString{}
	}
	raw, _ := json.Marshal(c) // numbers, booleans and short texts
	return sql.NullString{String: string(raw), Valid: true}
}

func decodeAges(s sql.NullString) (c privacy.AgeChecks, err error) {
	if !s.Valid {
		return c, nil
	}
	if err := json.Unmarshal([]byte(s.String), &c); err != nil {
		return c, fmt.Errorf("decode what was answered about age: %w", err)
	}
	return c, nil
}

// SetAges stores what was answered about age, and nothing else of the response. fault.NotFound if it is not there.
func (w *writer) SetAges(r *consult.Response) error {
	return w.update("set the age checks of a response", setAges, notFound(), r.ConsultationID, r.ID, encodeAges(r.Ages))
}
