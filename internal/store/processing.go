package store

import (
	"fmt"

	"folkmoot/internal/privacy"
)

var (
	screeningsOf = sqlText(`select sequence, document from screening
where consultation_id = $1
order by sequence desc
limit $2`)
	addScreening = sqlText(`
insert into screening (consultation_id, sequence, document)
values ($1, $2, $3)
on conflict do nothing`)
	eraseScreenings = sqlText(`delete from screening where consultation_id = $1`)
	snapshots       = sqlText(`select month, document, hash from processing_snapshot
order by month desc
limit $1`)
	snapshotOf  = sqlText(`select month, document, hash from processing_snapshot where month = $1`)
	addSnapshot = sqlText(`
insert into processing_snapshot (month, document, hash)
values ($1, $2, $3)
on conflict do nothing`)
)

// readScreening reads a screening. Its place is what the row says.
func readScreening(row scanner) (*privacy.Screening, error) {
	var s privacy.Screening
	var sequence int64
	err := row.Scan(&sequence, document{&s})
	s.Sequence = sequence
	return &s, err
}

// Screenings lists what was answered and decided about a consultation, newest first.
func (r *reader) Screenings(consultationID string, limit int) ([]*privacy.Screening, error) {
	return list(r.txn, "list screenings", readScreening, screeningsOf, consultationID, limit)
}

// AddScreening adds a record. fault.Conflict unless its place is the next.
func (w *writer) AddScreening(consultationID string, s *privacy.Screening) error {
	const what = "add a screening"
	last, err := w.Screenings(consultationID, 1)
	if err != nil {
		return err
	}
	next := int64(1)
	if len(last) > 0 {
		next = last[0].Sequence + 1
	}
	if s.Sequence != next {
		return fmt.Errorf("%s: %w", what, exists())
	}
	return w.insert(what, addScreening, consultationID, s.Sequence, document{s})
}

func readSnapshot(row scanner) (*privacy.ProcessingSnapshot, error) {
	var s privacy.ProcessingSnapshot
	var text string
	err := row.Scan(&s.Month, &text, &s.Hash)
	s.Document = []byte(text)
	return &s, err
}

// ProcessingSnapshots lists the snapshots of the record of processing, newest first.
func (r *reader) ProcessingSnapshots(limit int) ([]*privacy.ProcessingSnapshot, error) {
	return list(r.txn, "list snapshots of the record of processing", readSnapshot, snapshots, limit)
}

// ProcessingSnapshot returns that of a month, yyyy-mm.
func (r *reader) ProcessingSnapshot(month string) (*privacy.ProcessingSnapshot, error) {
	return one(r.txn, "read a snapshot of the record of processing", readSnapshot, snapshotOf, month)
}

// AddProcessingSnapshot stores one. fault.Conflict if the month, or a later one, has one: it is never changed.
func (w *writer) AddProcessingSnapshot(s *privacy.ProcessingSnapshot) error {
	const what = "add a snapshot of the record of processing"
	last, err := w.ProcessingSnapshots(1)
	if err != nil {
		return err
	}
	if len(last) > 0 && s.Month <= last[0].Month {
		return fmt.Errorf("%s: %w", what, exists())
	}
	return w.insert(what, addSnapshot, s.Month, string(s.Document), s.Hash)
}

// eraseScreeningsOf removes the screenings of a draft that was erased.
func (w *writer) eraseScreeningsOf(consultationID string) error {
	if _, err := w.exec(eraseScreenings, consultationID); err != nil {
		return fmt.Errorf("erase screenings: %w", err)
	}
	return nil
}
