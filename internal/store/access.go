package store

import (
	"fmt"
	"time"

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
	lastSignIns = sqlText(`
select id, (
	select at from audit_event
	where actor_id = staff.id and actor_id <> '' and action in ('staff.sign_in', 'staff.accept')
	order by sequence desc
	limit 1
) from staff`)
	supportAccess   = sqlText(`select staff_id, document, version from support_access where staff_id = $1`)
	supportAccesses = sqlText(`select staff_id, document, version from support_access
order by opened_at desc, staff_id
limit $1`)
	addSupportAccess = sqlText(`
insert into support_access (staff_id, opened_at, document, version)
values ($1, $2, $3, 1)
on conflict do nothing`)
	updateSupportAccess = sqlText(`
update support_access
set document = $3, version = version + 1
where staff_id = $1 and version = $2`)
	accessReviews = sqlText(`select document, version from access_review
order by number desc
limit $1`)
	accessReview     = sqlText(`select document, version from access_review where number = $1`)
	lastAccessReview = sqlText(`select coalesce(max(number), 0) from access_review`)
	addAccessReview  = sqlText(`
insert into access_review (number, document, version)
values ($1, $2, 1)
on conflict do nothing`)
	updateAccessReview = sqlText(`
update access_review
set document = $3, version = version + 1
where number = $1 and version = $2`)
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

// LastSignIns returns when each person came in last, by their id. Those who never did are left out.
func (r *reader) LastSignIns() (map[string]time.Time, error) {
	type seen struct {
		id string
		at time.Time
	}
	all, err := list(r.txn, "list sign-ins", func(row scanner) (*seen, error) {
		var s seen
		return &s, row.Scan(&s.id, optionalStamp{&s.at})
	}, lastSignIns)
	out := map[string]time.Time{}
	for _, s := range all {
		if !s.at.IsZero() {
			out[s.id] = s.at
		}
	}
	return out, err
}

func readAccessReview(row scanner) (*consult.AccessReview, error) {
	var r consult.AccessReview
	err := row.Scan(document{&r}, &r.Version)
	return &r, err
}

// AccessReviews lists reviews of access, newest first.
func (r *reader) AccessReviews(limit int) ([]*consult.AccessReview, error) {
	return list(r.txn, "list reviews of access", readAccessReview, accessReviews, limit)
}

// AccessReview returns one.
func (r *reader) AccessReview(number int64) (*consult.AccessReview, error) {
	return one(r.txn, "read a review of access", readAccessReview, accessReview, number)
}

// AddAccessReview adds the next one. It sets Number and Version.
func (w *writer) AddAccessReview(r *consult.AccessReview) error {
	const what = "add a review of access"
	var last int64
	if err := w.row(lastAccessReview, []any{&last}); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	r.Number, r.Version = last+1, 1
	return w.insert(what, addAccessReview, r.Number, document{r})
}

// UpdateAccessReview stores an edit of the version r.Version, which it then counts up. fault.Conflict if that is not the stored version, or
// the stored one is finished.
func (w *writer) UpdateAccessReview(r *consult.AccessReview) error {
	const what = "update a review of access"
	stored, err := w.AccessReview(r.Number)
	if err != nil {
		return err
	}
	if !stored.FinishedAt.IsZero() {
		return fmt.Errorf("%s: %w", what, outOfDate())
	}
	if err := w.update(what, updateAccessReview, outOfDate(), r.Number, r.Version, document{r}); err != nil {
		return err
	}
	r.Version++
	return nil
}

func readSupportAccess(row scanner) (*consult.SupportAccess, error) {
	var a consult.SupportAccess
	err := row.Scan(&a.StaffID, document{&a}, &a.Version)
	return &a, err
}

// SupportAccess returns that of an account.
func (r *reader) SupportAccess(staffID string) (*consult.SupportAccess, error) {
	return one(r.txn, "read an access for support", readSupportAccess, supportAccess, staffID)
}

// SupportAccesses lists accesses for support, newest first.
func (r *reader) SupportAccesses(limit int) ([]*consult.SupportAccess, error) {
	return list(r.txn, "list accesses for support", readSupportAccess, supportAccesses, limit)
}

// AddSupportAccess adds one. fault.Conflict if the account has one already.
func (w *writer) AddSupportAccess(a *consult.SupportAccess) error {
	a.Version = 1
	return w.insert("add an access for support", addSupportAccess, a.StaffID, stamp{&a.OpenedAt}, document{a})
}

// UpdateSupportAccess stores an edit of the version a.Version, which it then counts up. fault.Conflict if that is not the stored version.
func (w *writer) UpdateSupportAccess(a *consult.SupportAccess) error {
	if err := w.update("update an access for support", updateSupportAccess, outOfDate(), a.StaffID, a.Version, document{a}); err != nil {
		return err
	}
	a.Version++
	return nil
}
