package store

import (
	"fmt"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

const consultationColumns = `id, slug, state, details, source, survey_version, notice_id, notice_version, outcome, created_by, created_at,
	published_by, published_at, version`

func readConsultation(row scanner) (*consult.Consultation, error) {
	var c consult.Consultation
	return &c, row.Scan(&c.ID, &c.Slug, &c.State, document{&c.Details}, &c.Source, &c.SurveyVersion, &c.NoticeID, &c.NoticeVersion,
		document{&c.Outcome}, &c.CreatedBy, stamp{&c.CreatedAt}, &c.PublishedBy, optionalStamp{&c.PublishedAt}, &c.Version)
}

var (
	consultationByID   = sqlText(`select ` + consultationColumns + ` from consultation where id = $1`)
	consultationBySlug = sqlText(`select ` + consultationColumns + ` from consultation where slug = $1`)
	consultations      = sqlText(`select ` + consultationColumns + ` from consultation
where ($1 = '' or state = $1)
	and folded like $2 escape '\'
	and folded like $3 escape '\'
	and folded like $4 escape '\'
	and folded like $5 escape '\'
order by closes_at desc nulls last, id`)
)

// searchWords is how many words of a search count; more are ignored.
const searchWords = 4

// Consultation returns the consultation with the id.
func (r *reader) Consultation(id string) (*consult.Consultation, error) {
	return one(r.txn, "read a consultation", readConsultation, consultationByID, id)
}

// ConsultationBySlug returns the consultation with the address.
func (r *reader) ConsultationBySlug(slug string) (*consult.Consultation, error) {
	return one(r.txn, "read a consultation", readConsultation, consultationBySlug, slug)
}

var (
	consultationVersion       = sqlText(`select version from consultation where id = $1`)
	consultationBySlugVersion = sqlText(`select id, version from consultation where slug = $1`)
)

// ConsultationVersion returns which version of the consultation there is.
func (r *reader) ConsultationVersion(id string) (version int64, err error) {
	if err := r.row(consultationVersion, []any{&version}, id); err != nil {
		return 0, fmt.Errorf("read a consultation's version: %w", err)
	}
	return version, nil
}

// ConsultationBySlugVersion returns the id of the consultation with the address, and which version there is.
func (r *reader) ConsultationBySlugVersion(slug string) (id string, version int64, err error) {
	if err := r.row(consultationBySlugVersion, []any{&id, &version}, slug); err != nil {
		return "", 0, fmt.Errorf("read a consultation's version: %w", err)
	}
	return id, version, nil
}

// Consultations lists what the filter lets through, newest closing date first, those without one last. Of a search the first four
// words count.
func (r *reader) Consultations(f consult.ConsultationFilter) ([]*consult.Consultation, error) {
	args := []any{string(f.State)}
	for _, word := range strings.Fields(consult.FoldWords(f.Words)) {
		if len(args) <= searchWords {
			args = append(args, "%"+escapeLike(word)+"%")
		}
	}
	for len(args) <= searchWords {
		args = append(args, "%")
	}
	return list(r.txn, "list consultations", readConsultation, consultations, args...)
}

// folded is what a search looks through.
func folded(c *consult.Consultation) string {
	var all []string
	for _, lang := range locale.Langs() {
		all = append(all, c.Title[lang], c.Summary[lang])
	}
	return consult.FoldWords(strings.Join(append(all, c.Department), " "))
}

var (
	addConsultation = sqlText(`
insert into consultation (id, slug, state, details, closes_at, folded, source, survey_version, notice_id, notice_version, outcome,
	created_by, created_at, published_by, published_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict do nothing`)
	updateConsultation = sqlText(`
update consultation
set slug = $3, state = $4, details = $5, closes_at = $6, folded = $7, source = $8, survey_version = $9, notice_id = $10,
	notice_version = $11, outcome = $12, created_by = $13, created_at = $14, published_by = $15, published_at = $16, version = version + 1
where id = $1 and version = $2`)
	slugTaken = sqlText(`select count(*) from consultation where slug = $1 and id <> $2`)
)

// AddConsultation adds a consultation, with version 1 if it has none. fault.Conflict if its id or address is taken.
func (w *writer) AddConsultation(c *consult.Consultation) error {
	if c.Version == 0 {
		c.Version = 1
	}
	return w.insert("add a consultation", addConsultation, c.ID, c.Slug, string(c.State), document{c.Details}, optionalStamp{&c.ClosesAt}, folded(c),
		notNil(c.Source), c.SurveyVersion, c.NoticeID, c.NoticeVersion, document{c.Outcome}, c.CreatedBy, stamp{&c.CreatedAt}, c.PublishedBy,
		optionalStamp{&c.PublishedAt}, c.Version)
}

// UpdateConsultation stores an edit of the version c.Version, which it then counts up. fault.Conflict if that is not the stored version
// or the address is taken; fault.NotFound if there is no such consultation.
func (w *writer) UpdateConsultation(c *consult.Consultation) error {
	const what = "update a consultation"
	var taken int
	if err := w.row(slugTaken, []any{&taken}, c.Slug, c.ID); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if taken > 0 {
		return fmt.Errorf("%s: %w", what, exists())
	}
	n, err := w.exec(updateConsultation, c.ID, c.Version, c.Slug, string(c.State), document{c.Details}, optionalStamp{&c.ClosesAt}, folded(c),
		notNil(c.Source), c.SurveyVersion, c.NoticeID, c.NoticeVersion, document{c.Outcome}, c.CreatedBy, stamp{&c.CreatedAt}, c.PublishedBy,
		optionalStamp{&c.PublishedAt})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.Consultation(c.ID)
		return orOutOfDate(what, err)
	}
	c.Version++
	return nil
}

// orOutOfDate says why an update of one version changed nothing: the record is not there (err), or another version is.
func orOutOfDate(what string, err error) error {
	if err == nil {
		err = outOfDate()
	}
	return fmt.Errorf("%s: %w", what, err)
}

// notNil keeps an empty value apart from null.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

var (
	eraseConsultation = sqlText(`
delete from consultation
where id = $1 and state = 'draft'
	and not exists (select 1 from response where consultation_id = $1)
	and not exists (select 1 from release where consultation_id = $1)`)
	addSurveySource = sqlText(`
insert into survey_source (version, source)
values ($1, $2)
on conflict do nothing`)
	surveySource = sqlText(`select source from survey_source where version = $1`)
)

// EraseConsultation erases a draft that has no responses and no releases: fault.Conflict for others.
func (w *writer) EraseConsultation(id string) error {
	const what = "erase a consultation"
	n, err := w.exec(eraseConsultation, id)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.Consultation(id)
		if err == nil {
			err = frozen()
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return w.eraseScreeningsOf(id)
}

// AddSurveySource stores a published version once. The version is the hash of the source: adding it again changes nothing.
func (w *writer) AddSurveySource(version string, source []byte) error {
	n, err := w.exec(addSurveySource, version, notNil(source))
	if err == nil && n == 0 {
		var stored []byte
		if stored, err = w.SurveySource(version); err == nil && string(stored) != string(source) {
			err = exists()
		}
	}
	if err != nil {
		return fmt.Errorf("add a survey version: %w", err)
	}
	return nil
}

// SurveySource returns the frozen definition of a published version.
func (r *reader) SurveySource(version string) ([]byte, error) {
	var source []byte
	if err := r.row(surveySource, []any{&source}, version); err != nil {
		return nil, fmt.Errorf("read a survey version: %w", err)
	}
	return source, nil
}

var (
	addNotice = sqlText(`
insert into notice (id, version, document)
values ($1, $2, $3)
on conflict do nothing`)
	noticeByVersion = sqlText(`select document from notice where id = $1 and version = $2`)
	notices         = sqlText(`select document from notice order by id, version desc`)
)

// AddNotice adds a version of a notice. fault.Conflict if the version is there already: it never changes.
func (w *writer) AddNotice(n *privacy.NoticeVersion) error {
	if n.NoticeID == "" || n.Version < 1 {
		return fault.New(fault.Invalid, keyNotFound)
	}
	return w.insert("add a notice", addNotice, n.NoticeID, n.Version, document{n})
}

func readNotice(row scanner) (*privacy.NoticeVersion, error) {
	var n privacy.NoticeVersion
	return &n, row.Scan(document{&n})
}

// Notice returns one version of a notice.
func (r *reader) Notice(id string, version int) (*privacy.NoticeVersion, error) {
	return one(r.txn, "read a notice", readNotice, noticeByVersion, id, version)
}

// Notices lists all versions, by id, then newest first.
func (r *reader) Notices() ([]*privacy.NoticeVersion, error) {
	return list(r.txn, "list notices", readNotice, notices)
}
