package store

import (
	"fmt"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// frozenChange is what confirmation fixes: one column, which the database refuses to change afterwards.
type frozenChange struct {
	Before privacy.Processing `json:"before"`
	After  privacy.Processing `json:"after"`
	Note   locale.Text        `json:"note"`
	Judged bool               `json:"judged"`
	Wider  bool               `json:"wider"`
}

// changeProgress is who did what with a change.
type changeProgress struct {
	DraftedBy   string    `json:"drafted_by"`
	ProposedBy  string    `json:"proposed_by"`
	ProposedAt  time.Time `json:"proposed_at"`
	ConfirmedBy string    `json:"confirmed_by"`
	ConfirmedAt time.Time `json:"confirmed_at"`
	ReturnNote  string    `json:"return_note"`
	ClosesAt    time.Time `json:"closes_at"`
	EndedBy     string    `json:"ended_by"`
	EndedAt     time.Time `json:"ended_at"`
}

func changeColumnsOf(c *consult.NoticeChange) (document, document) {
	return document{frozenChange{c.Before, c.After, c.Note, c.Judged, c.Wider}},
		document{changeProgress{c.DraftedBy, c.ProposedBy, c.ProposedAt, c.ConfirmedBy, c.ConfirmedAt, c.ReturnNote, c.ClosesAt, c.EndedBy, c.EndedAt}}
}

const changeColumns = `id, consultation_id, state, from_version, to_version, frozen, progress, version`

func readChange(row scanner) (*consult.NoticeChange, error) {
	var c consult.NoticeChange
	var f frozenChange
	var p changeProgress
	err := row.Scan(&c.ID, &c.ConsultationID, &c.State, &c.From, &c.To, document{&f}, document{&p}, &c.Version)
	c.Before, c.After, c.Note, c.Judged, c.Wider = f.Before, f.After, f.Note, f.Judged, f.Wider
	c.DraftedBy, c.ProposedBy, c.ProposedAt, c.ConfirmedBy, c.ConfirmedAt = p.DraftedBy, p.ProposedBy, p.ProposedAt, p.ConfirmedBy, p.ConfirmedAt
	c.ReturnNote, c.ClosesAt, c.EndedBy, c.EndedAt = p.ReturnNote, p.ClosesAt, p.EndedBy, p.EndedAt
	return &c, err
}

var (
	changeByID = sqlText(`select ` + changeColumns + ` from notice_change where id = $1`)
	changesOf  = sqlText(`select ` + changeColumns + ` from notice_change
where consultation_id = $1
order by to_version = 0, to_version`)
	openChanges = sqlText(`select ` + changeColumns + ` from notice_change
where state <> 'confirmed'
order by id`)
	addChange = sqlText(`
insert into notice_change (id, consultation_id, state, from_version, to_version, frozen, progress, version)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing`)
	updateChange = sqlText(`
update notice_change
set state = $3, from_version = $4, to_version = $5, frozen = $6, progress = $7, version = version + 1
where id = $1 and version = $2`)
	eraseChange = sqlText(`delete from notice_change where id = $1 and state <> 'confirmed'`)
)

// NoticeChange returns one change of processing.
func (r *reader) NoticeChange(id string) (*consult.NoticeChange, error) {
	return one(r.txn, "read a change of processing", readChange, changeByID, id)
}

// NoticeChanges lists the changes of a consultation by the version that they became, the one that is not confirmed last.
func (r *reader) NoticeChanges(consultationID string) ([]*consult.NoticeChange, error) {
	return list(r.txn, "list changes of processing", readChange, changesOf, consultationID)
}

// OpenNoticeChanges lists those that are not confirmed.
func (r *reader) OpenNoticeChanges() ([]*consult.NoticeChange, error) {
	return list(r.txn, "list changes of processing", readChange, openChanges)
}

// AddNoticeChange adds a change. fault.Conflict if its id is taken, or its consultation has one that is not confirmed.
func (w *writer) AddNoticeChange(c *consult.NoticeChange) error {
	c.Version = 1
	frozen, progress := changeColumnsOf(c)
	return w.insert("add a change of processing", addChange, c.ID, c.ConsultationID, string(c.State), c.From, c.To, frozen, progress, c.Version)
}

// UpdateNoticeChange stores an edit of the version c.Version, which it then counts up. fault.Conflict if that is not the stored version, and for what a
// confirmed change says.
func (w *writer) UpdateNoticeChange(c *consult.NoticeChange) error {
	const what = "update a change of processing"
	stored, err := w.NoticeChange(c.ID)
	if err != nil {
		return err
	}
	if stored.State == consult.ChangeConfirmed && !sameFrozen(stored, c) {
		return fmt.Errorf("%s: %w", what, frozen())
	}
	frozen, progress := changeColumnsOf(c)
	n, err := w.exec(updateChange, c.ID, c.Version, string(c.State), c.From, c.To, frozen, progress)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		return orOutOfDate(what, nil)
	}
	c.Version++
	return nil
}

// EraseNoticeChange erases a change that is not confirmed.
func (w *writer) EraseNoticeChange(id string) error {
	const what = "erase a change of processing"
	n, err := w.exec(eraseChange, id)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.NoticeChange(id)
		if err == nil {
			err = frozen()
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// sameFrozen compares what confirmation fixes, as it is stored.
func sameFrozen(a, b *consult.NoticeChange) bool {
	was, _ := changeColumnsOf(a)
	is, _ := changeColumnsOf(b)
	x, errX := was.Value()
	y, errY := is.Value()
	return errX == nil && errY == nil && x == y && a.State == b.State && a.From == b.From && a.To == b.To && a.ConsultationID == b.ConsultationID
}
