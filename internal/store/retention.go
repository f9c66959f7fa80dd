package store

import (
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

var (
	freeTextCount     = sqlText(`select count(*) from response where consultation_id = $1 and free_text is not null and ` + inUse)
	responsesWithText = sqlText(`select id from response
where consultation_id = $1 and free_text is not null and (postcodes is not null or $3) and ` + inUse + `
order by id
limit $2`)
	eraseFreeText = sqlText(`
update response
set free_text = null, text_flags = '', text_reviews = null
where consultation_id in (select c.id from consultation c) and id = $1 and free_text is not null`)
)

// FreeTextCount counts the responses of the consultation that hold free text.
func (r *reader) FreeTextCount(consultationID string) (int, error) {
	var n int
	if err := r.row(freeTextCount, []any{&n}, consultationID); err != nil {
		return 0, fmt.Errorf("count free texts: %w", err)
	}
	return n, nil
}

// ResponsesWithText lists the ids of up to limit responses of the consultation that hold free text; unparted says whether those are among them whose kept postcodes may
// lie in it.
func (r *reader) ResponsesWithText(consultationID string, limit int, unparted bool) ([]string, error) {
	found, err := list(r.txn, "list free texts", func(row scanner) (*string, error) {
		var id string
		return &id, row.Scan(&id)
	}, responsesWithText, consultationID, limit, unparted)
	return values(found), err
}

// EraseFreeText erases the free text of a response with its history, and leaves its coded answers and kept postcodes, so that Update, when it returns, has left no byte
// of it. Its key is destroyed apart. fault.NotFound if there is none.
func (w *writer) EraseFreeText(responseID string) error {
	if err := w.update("erase free text", eraseFreeText, notFound(), responseID); err != nil {
		return err
	}
	if _, err := w.exec(eraseHistory, responseID, consult.PostcodeKey(responseID)); err != nil {
		return err
	}
	w.erased = true
	return nil
}

var (
	postcodeCount         = sqlText(`select count(*) from response where consultation_id = $1 and length(postcodes) > 0 and ` + inUse)
	responsesWithPostcode = sqlText(`select id from response
where consultation_id = $1 and length(postcodes) > 0 and ` + inUse + `
order by id
limit $2`)
	erasePostcodes = perEngine(`
update response
set postcodes = x''
where consultation_id in (select c.id from consultation c) and id = $1 and length(postcodes) > 0`, `
update response
set postcodes = ''
where consultation_id in (select c.id from consultation c) and id = $1 and length(postcodes) > 0`)
	unpartedCount = sqlText(`select count(*) from response
where consultation_id = $1 and postcodes is null and free_text is not null and ` + inUse)
	unparted = sqlText(`select ` + responseColumns + ` from response
where consultation_id = $1 and id > $2 and postcodes is null and free_text is not null
order by id
limit $3`)
	partPostcodes = sqlText(`
update response
set free_text = $3, text_flags = $4, text_reviews = $5, postcodes = $6
where consultation_id = $1 and id = $2`)
)

// PostcodeCount counts the responses of the consultation that hold a kept postcode apart from their free text.
func (r *reader) PostcodeCount(consultationID string) (n int, err error) {
	if err := r.row(postcodeCount, []any{&n}, consultationID); err != nil {
		return 0, fmt.Errorf("count postcodes: %w", err)
	}
	return n, nil
}

// UnpartedCount counts the responses of the consultation with free text from before kept postcodes lay apart from it.
func (r *reader) UnpartedCount(consultationID string) (n int, err error) {
	if err := r.row(unpartedCount, []any{&n}, consultationID); err != nil {
		return 0, fmt.Errorf("count texts with postcodes: %w", err)
	}
	return n, nil
}

// UnpartedResponses returns up to limit of them after the id, restricted ones too.
func (r *reader) UnpartedResponses(consultationID, after string, limit int) ([]*consult.Response, error) {
	return list(r.txn, "read texts with postcodes", readResponse, unparted, consultationID, after, limit)
}

// ResponsesWithPostcode lists the ids of up to limit responses of the consultation that hold a kept postcode apart from their free text.
func (r *reader) ResponsesWithPostcode(consultationID string, limit int) ([]string, error) {
	found, err := list(r.txn, "list postcodes", func(row scanner) (*string, error) {
		var id string
		return &id, row.Scan(&id)
	}, responsesWithPostcode, consultationID, limit)
	return values(found), err
}

// ErasePostcodes erases the kept postcodes of a response, those that stood there before a correction too, and leaves everything else, so that Update, when it returns, has
// left no byte of them. Their keys are destroyed apart. fault.NotFound if there is none.
func (w *writer) ErasePostcodes(responseID string) error {
	if err := w.update("erase postcodes", erasePostcodes, notFound(), responseID); err != nil {
		return err
	}
	if _, err := w.exec(erasePostcodeHistory, responseID, consult.PostcodeKey(responseID)); err != nil {
		return err
	}
	w.erased = true
	return nil
}

const certificateColumns = `sequence, document, prev_hash, hash`

var (
	certificateByID = sqlText(`select ` + certificateColumns + ` from retention_certificate where id = $1`)
	certificates    = sqlText(`select ` + certificateColumns + ` from retention_certificate
where sequence < $1
order by sequence desc
limit $2`)
	certificatePage = sqlText(`select ` + certificateColumns + ` from retention_certificate
where sequence > $1
order by sequence
limit $2`)
	appendCertificate = sqlText(`
insert into retention_certificate (sequence, id, document, prev_hash, hash)
values ($1, $2, $3, $4, $5)`)
)

// readCertificate reads a certificate. Its place in the chain is what the row says, so that a document that was moved is found.
func readCertificate(row scanner) (*privacy.Certificate, error) {
	var c privacy.Certificate
	var sequence int64
	err := row.Scan(&sequence, document{&c}, &c.PrevHash, &c.Hash)
	c.Sequence = sequence
	return &c, err
}

// Certificate returns one certificate of disposal.
func (r *reader) Certificate(id string) (*privacy.Certificate, error) {
	return one(r.txn, "read a certificate of disposal", readCertificate, certificateByID, id)
}

// Certificates lists certificates of disposal, newest first.
func (r *reader) Certificates(before int64, limit int) ([]*privacy.Certificate, error) {
	if before == 0 {
		before = 1 << 62
	}
	return list(r.txn, "list certificates of disposal", readCertificate, certificates, before, limit)
}

// EachCertificate calls fn for all of them in order.
func (r *reader) EachCertificate(fn func(privacy.Certificate) error) error {
	return each(func(last *privacy.Certificate) ([]*privacy.Certificate, error) {
		var after int64
		if last != nil {
			after = last.Sequence
		}
		return list(r.txn, "list certificates of disposal", readCertificate, certificatePage, after, pageSize)
	}, func(c *privacy.Certificate) error { return fn(*c) })
}

// AppendCertificate chains the certificate to the last one, in this transaction's time.
func (w *writer) AppendCertificate(c privacy.Certificate) (privacy.Certificate, error) {
	last, err := w.Certificates(0, 1)
	if err != nil {
		return c, err
	}
	var before head
	if len(last) == 1 {
		before = head{last[0].Sequence, last[0].Hash}
	}
	c.Sequence, c.FinishedAt = before.sequence+1, w.now
	c = c.Chain(before.hash)
	if _, err := w.exec(appendCertificate, c.Sequence, c.ID, document{c}, c.PrevHash, c.Hash); err != nil {
		return c, fmt.Errorf("append a certificate of disposal: %w", err)
	}
	return c, nil
}
