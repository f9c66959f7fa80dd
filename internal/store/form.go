package store

import (
	"fmt"

	"folkmoot/internal/privacy"
)

const formColumns = `content, issued_at`

var (
	formByCode = sqlText(`select ` + formColumns + ` from issued_form where code = $1`)
	formsOf    = sqlText(`select ` + formColumns + ` from issued_form
where consultation_id = $1
order by issued_at desc, code`)
	addForm = sqlText(`
insert into issued_form (code, consultation_id, content, issued_at)
values ($1, $2, $3, $4)
on conflict do nothing`)
	captureOf  = sqlText(`select sealed from response_capture where consultation_id = $1 and response_id = $2`)
	capturedAs = sqlText(`select response_id from response_capture where scan_token = $1 and scan_token <> '' order by response_id limit 1`)
	addCapture = sqlText(`
insert into response_capture (consultation_id, response_id, scan_token, sealed)
values ($1, $2, $3, $4)
on conflict do nothing`)
)

func readForm(row scanner) (*privacy.IssuedForm, error) {
	var f privacy.IssuedForm
	err := row.Scan(document{&f}, stamp{&f.IssuedAt})
	return &f, err
}

// IssuedForm returns the form or script with the code.
func (r *reader) IssuedForm(code string) (*privacy.IssuedForm, error) {
	return one(r.txn, "read a form", readForm, formByCode, code)
}

// IssuedForms lists the forms and scripts of the consultation, newest first.
func (r *reader) IssuedForms(consultationID string) ([]*privacy.IssuedForm, error) {
	return list(r.txn, "list forms", readForm, formsOf, consultationID)
}

// Capture returns how the response came, sealed. fault.NotFound for one that was sent on the website.
func (r *reader) Capture(consultationID, responseID string) ([]byte, error) {
	sealed, err := one(r.txn, "read how a response came", func(row scanner) (*[]byte, error) {
		var sealed []byte
		return &sealed, row.Scan(&sealed)
	}, captureOf, consultationID, responseID)
	if err != nil {
		return nil, err
	}
	return *sealed, nil
}

// CapturedAs returns the id of a response that was recorded with the scan token. fault.NotFound if there is none.
func (r *reader) CapturedAs(scanToken string) (responseID string, err error) {
	if err := r.row(capturedAs, []any{&responseID}, scanToken); err != nil {
		return "", fmt.Errorf("find a recorded response: %w", err)
	}
	return responseID, nil
}

// AddForm keeps a form for good, in this transaction's time. fault.Conflict if there is one with its code.
func (w *writer) AddForm(f *privacy.IssuedForm) error {
	if _, err := w.IssuedForm(f.Code); err == nil { // SQLite's trigger would refuse it as an attempt to replace
		return exists()
	}
	f.IssuedAt = w.now
	return w.insert("keep a form", addForm, f.Code, f.ConsultationID, document{f}, stamp{&f.IssuedAt})
}

// AddCapture stores how a response came. It goes with the response.
func (w *writer) AddCapture(consultationID, responseID, scanToken string, sealed []byte) error {
	return w.insert("store how a response came", addCapture, consultationID, responseID, scanToken, notNil(sealed))
}
