package store

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

const partnerColumns = `id, name, kind, created_at`

func readPartner(row scanner) (*consult.Partner, error) {
	var p consult.Partner
	return &p, row.Scan(&p.ID, &p.Name, &p.Kind, stamp{&p.CreatedAt})
}

var (
	partnerByID = sqlText(`select ` + partnerColumns + ` from partner where id = $1`)
	partners    = sqlText(`select ` + partnerColumns + ` from partner order by name, id`)
	addPartner  = sqlText(`
insert into partner (id, name, kind, created_at)
values ($1, $2, $3, $4)
on conflict do nothing`)
)

// Partner returns the partner with the id.
func (r *reader) Partner(id string) (*consult.Partner, error) {
	return one(r.txn, "read a partner", readPartner, partnerByID, id)
}

// Partners lists all partners by name.
func (r *reader) Partners() ([]*consult.Partner, error) {
	return list(r.txn, "list partners", readPartner, partners)
}

// AddPartner adds a partner. fault.Conflict if its id is taken.
func (w *writer) AddPartner(p *consult.Partner) error {
	return w.insert("add a partner", addPartner, p.ID, p.Name, p.Kind, stamp{&p.CreatedAt})
}

const agreementColumns = `id, partner_id, purpose, promises, contact_name, contact_email, starts_on, expires_at, not_marketing, created_by, created_at, version`

func readAgreement(row scanner) (*consult.Agreement, error) {
	var a consult.Agreement
	return &a, row.Scan(&a.ID, &a.PartnerID, &a.Purpose, &a.Promises, &a.ContactName, &a.ContactEmail, &a.StartsOn, stamp{&a.ExpiresAt},
		&a.NotMarketing, &a.CreatedBy, stamp{&a.CreatedAt}, &a.Version)
}

var (
	agreementByID = sqlText(`select ` + agreementColumns + ` from agreement where id = $1`)
	agreements    = sqlText(`select ` + agreementColumns + ` from agreement order by expires_at desc, id`)
	addAgreement  = sqlText(`
insert into agreement (id, partner_id, purpose, promises, contact_name, contact_email, starts_on, expires_at, not_marketing, created_by, created_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict do nothing`)
	updateAgreement = sqlText(`
update agreement
set purpose = $3, promises = $4, contact_name = $5, contact_email = $6, starts_on = $7, expires_at = $8, not_marketing = $9, version = version + 1
where id = $1 and version = $2`)
)

// Agreement returns the data sharing agreement with the id.
func (r *reader) Agreement(id string) (*consult.Agreement, error) {
	return one(r.txn, "read an agreement", readAgreement, agreementByID, id)
}

// Agreements lists all agreements, the last to expire first.
func (r *reader) Agreements() ([]*consult.Agreement, error) {
	return list(r.txn, "list agreements", readAgreement, agreements)
}

// AddAgreement adds an agreement, with version 1 if it has none. fault.Conflict if its id is taken.
func (w *writer) AddAgreement(a *consult.Agreement) error {
	if a.Version == 0 {
		a.Version = 1
	}
	return w.insert("add an agreement", addAgreement, a.ID, a.PartnerID, a.Purpose, a.Promises, a.ContactName, a.ContactEmail, a.StartsOn,
		stamp{&a.ExpiresAt}, a.NotMarketing, a.CreatedBy, stamp{&a.CreatedAt}, a.Version)
}

// UpdateAgreement stores an edit of the version a.Version, which it then counts up: fault.Conflict if that is not the stored one. The
// partner never changes.
func (w *writer) UpdateAgreement(a *consult.Agreement) error {
	const what = "update an agreement"
	n, err := w.exec(updateAgreement, a.ID, a.Version, a.Purpose, a.Promises, a.ContactName, a.ContactEmail, a.StartsOn, stamp{&a.ExpiresAt}, a.NotMarketing)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.Agreement(a.ID)
		return orOutOfDate(what, err)
	}
	a.Version++
	return nil
}

// frozenRelease is what publication fixes: one column, which the database refuses to change afterwards.
type frozenRelease struct {
	Title        locale.Text              `json:"title"`
	SnapshotHash string                   `json:"snapshot_hash"`
	Position     int64                    `json:"position"`
	Equality     bool                     `json:"equality"`
	Responses    int                      `json:"responses"`
	Earlier      []string                 `json:"earlier,omitempty"`
	Specs        []consult.TableSpec      `json:"specs"`
	Policy       consult.ReleasePolicy    `json:"policy"`
	Tables       []consult.ReleaseTable   `json:"tables"`
	Dims         []consult.ReleaseDim     `json:"dims,omitempty"`
	Findings     []consult.ReleaseFinding `json:"findings"`
	Report       consult.ReleaseReport    `json:"report"`
	ReportSHA256 string                   `json:"report_sha256,omitempty"`
	Facts        *consult.ReleaseFacts    `json:"facts,omitempty"`
	Coverage     consult.ReleaseCoverage  `json:"coverage,omitzero"`
}

// releaseProgress is who did what with a release.
type releaseProgress struct {
	DraftedBy   string    `json:"drafted_by"`
	ProposedBy  string    `json:"proposed_by"`
	ProposedAt  time.Time `json:"proposed_at"`
	ApprovedBy  string    `json:"approved_by"`
	ApprovedAt  time.Time `json:"approved_at"`
	ReturnNote  string    `json:"return_note"`
	PublishedAt time.Time `json:"published_at"`
	Public      bool      `json:"public,omitempty"`
	RevokedBy   string    `json:"revoked_by"`
	RevokedAt   time.Time `json:"revoked_at"`
	RevokeNote  string    `json:"revoke_note"`
}

func frozenOf(r *consult.Release) frozenRelease {
	return frozenRelease{r.Title, r.SnapshotHash, r.Position, r.Equality, r.Responses, r.Earlier, r.Specs, r.Policy, r.Tables, r.Dims, r.Findings, r.Report, r.ReportSHA256, r.Facts, r.Coverage}
}

func progressOf(r *consult.Release) releaseProgress {
	return releaseProgress{r.DraftedBy, r.ProposedBy, r.ProposedAt, r.ApprovedBy, r.ApprovedAt, r.ReturnNote, r.PublishedAt, r.Public, r.RevokedBy,
		r.RevokedAt, r.RevokeNote}
}

const releaseColumns = `r.id, r.consultation_id, r.agreement_id, r.state, r.frozen, r.progress, r.sha256, r.snapshot_at, r.version`

func readRelease(row scanner) (*consult.Release, error) {
	var r consult.Release
	var f frozenRelease
	var p releaseProgress
	err := row.Scan(&r.ID, &r.ConsultationID, &r.AgreementID, &r.State, document{&f}, document{&p}, &r.SHA256, stamp{&r.SnapshotAt}, &r.Version)
	r.Title, r.SnapshotHash, r.Position, r.Equality, r.Responses, r.Earlier, r.Specs = f.Title, f.SnapshotHash, f.Position, f.Equality, f.Responses, f.Earlier, f.Specs
	r.Coverage = f.Coverage
	r.Policy, r.Tables, r.Dims, r.Findings, r.Report, r.ReportSHA256, r.Facts = f.Policy, f.Tables, f.Dims, f.Findings, f.Report, f.ReportSHA256, f.Facts
	r.DraftedBy, r.ProposedBy, r.ProposedAt, r.ApprovedBy, r.ApprovedAt = p.DraftedBy, p.ProposedBy, p.ProposedAt, p.ApprovedBy, p.ApprovedAt
	r.ReturnNote, r.PublishedAt, r.Public, r.RevokedBy, r.RevokedAt, r.RevokeNote = p.ReturnNote, p.PublishedAt, p.Public, p.RevokedBy, p.RevokedAt, p.RevokeNote
	return &r, err
}

var (
	releaseByID = sqlText(`select ` + releaseColumns + ` from release r where r.id = $1`)
	releasesOf  = sqlText(`select ` + releaseColumns + ` from release r
where r.consultation_id = $1
order by r.snapshot_at desc, r.id`)
	releases    = sqlText(`select ` + releaseColumns + ` from release r order by r.snapshot_at desc, r.id`)
	releasesFor = sqlText(`select ` + releaseColumns + ` from release r
join agreement a on a.id = r.agreement_id
where a.partner_id = $1 and r.state in ('published', 'revoked')
order by r.snapshot_at desc, r.id`)
	releaseDecisions = sqlText(`select r.id, r.consultation_id, r.progress from release r
where r.state = 'published'
order by r.snapshot_at desc, r.id`)
	publishedTotals = perEngine(
		`select id, consultation_id, sha256, snapshot_at, progress, coalesce(json_extract(frozen, '$.report_sha256'), ''), coalesce(json_extract(frozen, '$.equality'), 0) = 1,
	coalesce(json_extract(frozen, '$.coverage.left_out'), 0) + coalesce(json_extract(frozen, '$.coverage.silent'), 0) > 0
from release where state = 'published' order by snapshot_at, id`,
		`select id, consultation_id, sha256, snapshot_at, progress, coalesce(frozen::json ->> 'report_sha256', ''), coalesce(frozen::json ->> 'equality', '') = 'true',
	coalesce((frozen::json -> 'coverage' ->> 'left_out')::int, 0) + coalesce((frozen::json -> 'coverage' ->> 'silent')::int, 0) > 0
from release where state = 'published' order by snapshot_at, id`)
	addRelease = sqlText(`
insert into release (id, consultation_id, agreement_id, state, frozen, progress, sha256, snapshot_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing`)
	frozenNow     = sqlText(`select state, frozen, sha256, snapshot_at, agreement_id from release where id = $1`)
	updateRelease = sqlText(`
update release
set agreement_id = $3, state = $4, frozen = $5, progress = $6, sha256 = $7, snapshot_at = $8, version = version + 1
where id = $1 and version = $2`)
	certificateOf  = sqlText(`select sealed from release_certificate where release_id = $1`)
	addCertificate = sqlText(`
insert into release_certificate (release_id, sealed)
values ($1, $2)
on conflict do nothing`)
	eraseCertificate = sqlText(`
delete from release_certificate
where release_id in (select id from release where id = $1 and state in ('draft', 'returned'))`)
	reportOf  = sqlText(`select sealed from release_report where release_id = $1`)
	setReport = sqlText(`
insert into release_report (release_id, sealed)
values ($1, $2)
on conflict (release_id) do update set sealed = excluded.sealed`)
	eraseReport = sqlText(`
delete from release_report
where release_id in (select id from release where id = $1 and state in ('draft', 'returned'))`)
	eraseRelease = sqlText(`delete from release where id = $1 and state in ('draft', 'returned')`)
)

// Release returns the release with the id.
func (r *reader) Release(id string) (*consult.Release, error) {
	return one(r.txn, "read a release", readRelease, releaseByID, id)
}

// ReleasesOf lists the releases of one consultation, newest first.
func (r *reader) ReleasesOf(consultationID string) ([]*consult.Release, error) {
	return list(r.txn, "list releases", readRelease, releasesOf, consultationID)
}

// Releases lists all releases, newest first.
func (r *reader) Releases() ([]*consult.Release, error) {
	return list(r.txn, "list releases", readRelease, releases)
}

// ReleasesFor lists the published and revoked releases under the partner's agreements, newest first.
func (r *reader) ReleasesFor(partnerID string) ([]*consult.Release, error) {
	return list(r.txn, "list releases", readRelease, releasesFor, partnerID)
}

// PublicReleases returns the releases that everybody can read, the last published first, by consultation: ids only. It reads no tables, for
// the hub asks for it with every visit.
func (r *reader) PublicReleases() (map[string][]string, error) {
	type decision struct {
		id, consultation string
		progress         releaseProgress
	}
	all, err := list(r.txn, "list public releases", func(row scanner) (*decision, error) {
		var d decision
		return &d, row.Scan(&d.id, &d.consultation, document{&d.progress})
	}, releaseDecisions)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b *decision) int { return b.progress.PublishedAt.Compare(a.progress.PublishedAt) })
	out := map[string][]string{}
	for _, d := range all {
		if d.progress.Public {
			out[d.consultation] = append(out[d.consultation], d.id)
		}
	}
	return out, nil
}

// PublishedTotals returns what is published and not revoked, by consultation, what was counted first first. It reads no tables.
func (r *reader) PublishedTotals() (map[string][]consult.PublishedTotals, error) {
	type totals struct {
		consult.PublishedTotals
		consultation string
	}
	all, err := list(r.txn, "list published totals", func(row scanner) (*totals, error) {
		var t totals
		var p releaseProgress
		err := row.Scan(&t.Release, &t.consultation, &t.SHA256, stamp{&t.SnapshotAt}, document{&p}, &t.Report, &t.Equality, &t.Part)
		t.PublishedAt = p.PublishedAt
		return &t, err
	}, publishedTotals)
	out := map[string][]consult.PublishedTotals{}
	for _, t := range all {
		out[t.consultation] = append(out[t.consultation], t.PublishedTotals)
	}
	return out, err
}

// AddRelease adds a release, with version 1 if it has none. fault.Conflict if its id is taken. No release is published without its facts.
func (w *writer) AddRelease(r *consult.Release) error {
	if r.Version == 0 {
		r.Version = 1
	}
	if err := whole(r); err != nil {
		return err
	}
	return w.insert("add a release", addRelease, r.ID, r.ConsultationID, r.AgreementID, string(r.State), document{frozenOf(r)},
		document{progressOf(r)}, r.SHA256, stamp{&r.SnapshotAt}, r.Version)
}

// AddReleaseCertificate keeps the sealed proof of a release. fault.Conflict if it has one.
func (w *writer) AddReleaseCertificate(releaseID string, sealed []byte) error {
	return w.insert("add the certificate of a release", addCertificate, releaseID, sealed)
}

// ReleaseCertificate returns the sealed proof of a release.
func (r *reader) ReleaseCertificate(releaseID string) ([]byte, error) {
	return r.sealedOf("read the certificate of a release", certificateOf, releaseID)
}

func (r *reader) sealedOf(what string, query statement, releaseID string) ([]byte, error) {
	sealed, err := one(r.txn, what, func(row scanner) (*[]byte, error) {
		var b []byte
		return &b, row.Scan(&b)
	}, query, releaseID)
	if err != nil {
		return nil, err
	}
	return *sealed, nil
}

// SetReleaseReport keeps the sealed internal report of a release in place of the one before. fault.Conflict once the release is published.
func (w *writer) SetReleaseReport(releaseID string, sealed []byte) error {
	const what = "keep the report of a release"
	r, err := w.Release(releaseID)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if r.State == consult.ReleasePublished || r.State == consult.ReleaseRevoked {
		return fmt.Errorf("%s: %w", what, frozen())
	}
	if _, err := w.exec(setReport, releaseID, sealed); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// ReleaseReport returns the sealed internal report of a release.
func (r *reader) ReleaseReport(releaseID string) ([]byte, error) {
	return r.sealedOf("read the report of a release", reportOf, releaseID)
}

// UpdateRelease stores an edit of the version r.Version, which it then counts up. fault.Conflict if that is not the stored version, or if
// the release has been published and anything but its progress differs: published tables never change.
func (w *writer) UpdateRelease(r *consult.Release) error {
	const what = "update a release"
	if err := errors.Join(whole(r), w.refuseThaw(r)); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := w.update(what, updateRelease, outOfDate(), r.ID, r.Version, r.AgreementID, string(r.State), document{frozenOf(r)},
		document{progressOf(r)}, r.SHA256, stamp{&r.SnapshotAt}); err != nil {
		return err
	}
	r.Version++
	return nil
}

// whole returns an error if a published release lacks what its files say beside the tables: that cannot be made up later.
func whole(r *consult.Release) error {
	if r.Facts == nil && (r.State == consult.ReleasePublished || r.State == consult.ReleaseRevoked) {
		return errors.New("a release is not published without its facts")
	}
	return nil
}

// refuseThaw returns fault.Conflict if r would change what publication has fixed. The database refuses it too, with a trigger; but on
// PostgreSQL that would end the transaction.
func (w *writer) refuseThaw(r *consult.Release) error {
	var state consult.ReleaseState
	var was, sha, agreement string
	var snapshot time.Time
	if err := w.row(frozenNow, []any{&state, &was, &sha, stamp{&snapshot}, &agreement}, r.ID); err != nil {
		return err
	}
	if state != consult.ReleasePublished && state != consult.ReleaseRevoked {
		return nil
	}
	is, err := document{frozenOf(r)}.Value()
	if err != nil {
		return err
	}
	if is != was || r.SHA256 != sha || !r.SnapshotAt.Truncate(time.Second).Equal(snapshot) || r.AgreementID != agreement ||
		r.State != consult.ReleasePublished && r.State != consult.ReleaseRevoked {
		return frozen()
	}
	return nil
}

// EraseRelease erases a draft, or one that was sent back: fault.Conflict for any other release.
func (w *writer) EraseRelease(id string) error {
	const what = "erase a release"
	for _, with := range []statement{eraseCertificate, eraseReport} {
		if _, err := w.exec(with, id); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	n, err := w.exec(eraseRelease, id)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.Release(id)
		if err == nil {
			err = frozen()
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
