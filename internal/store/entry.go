package store

import (
	"database/sql"
	"fmt"

	"folkmoot/internal/privacy"
)

const entryColumns = `id, register, number, opened_at, due_on, ended, sealed, version`

var (
	entryByID = sqlText(`select ` + entryColumns + ` from register_entry where id = $1`)
	// Ended entries are read newest first, open ones by the day on which they are due, those without one last.
	openEntries = sqlText(`select ` + entryColumns + ` from register_entry
where register = $1 and not ended
order by due_on is null, due_on, number`)
	endedEntries = sqlText(`select ` + entryColumns + ` from register_entry
where register = $1 and ended
order by number desc
limit $2`)
	addEntry = sqlText(`
insert into register_entry (id, register, number, opened_at, due_on, ended, sealed, version)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing`)
	nextNumber = sqlText(`
insert into register_number (register, last)
values ($1, 1)
on conflict (register) do update
set last = register_number.last + 1
returning last`)
	updateEntry = sqlText(`
update register_entry
set due_on = $3, ended = $4, sealed = $5, version = version + 1
where id = $1 and version = $2`)
	eraseEntry = sqlText(`delete from register_entry where id = $1`)
	entryIDs   = sqlText(`select id from register_entry order by id`)
)

func readEntry(row scanner) (*privacy.Entry, error) {
	var e privacy.Entry
	var due sql.NullString
	err := row.Scan(&e.ID, &e.Register, &e.Number, stamp{&e.OpenedAt}, &due, &e.Ended, &e.Sealed, &e.Version)
	e.DueOn = privacy.Date(due.String)
	return &e, err
}

func nullDate(d privacy.Date) sql.NullString {
	return sql.NullString{String: string(d), Valid: d != ""}
}

// Entry returns one entry of a register.
func (r *reader) Entry(id string) (*privacy.Entry, error) {
	return one(r.txn, "read an entry of a register", readEntry, entryByID, id)
}

// OpenEntries lists the entries of a register that have not ended, those due first.
func (r *reader) OpenEntries(register privacy.Register) ([]*privacy.Entry, error) {
	return list(r.txn, "list entries of a register", readEntry, openEntries, string(register))
}

// EndedEntries lists those that have, newest first.
func (r *reader) EndedEntries(register privacy.Register, limit int) ([]*privacy.Entry, error) {
	return list(r.txn, "list entries of a register", readEntry, endedEntries, string(register), limit)
}

// AddEntry adds an entry and sets its number and version.
func (w *writer) AddEntry(e *privacy.Entry) error {
	const what = "add an entry to a register"
	if err := w.row(nextNumber, []any{&e.Number}, string(e.Register)); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	e.Version = 1
	return w.insert(what, addEntry, e.ID, string(e.Register), e.Number, stamp{&e.OpenedAt}, nullDate(e.DueOn), e.Ended, notNil(e.Sealed), e.Version)
}

// UpdateEntry stores an edit of the version e.Version, which it then counts up. fault.Conflict if that is not the stored version.
func (w *writer) UpdateEntry(e *privacy.Entry) error {
	const what = "update an entry of a register"
	n, err := w.exec(updateEntry, e.ID, e.Version, nullDate(e.DueOn), e.Ended, notNil(e.Sealed))
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		_, err := w.Entry(e.ID)
		return orOutOfDate(what, err)
	}
	e.Version++
	return nil
}

// ReplaceEntry is UpdateEntry for an edit that erases: no byte of what was stored before is left.
func (w *writer) ReplaceEntry(e *privacy.Entry) error {
	w.erased = true
	return w.UpdateEntry(e)
}

// EraseEntry removes the entry so that no byte of it is left. Its key is destroyed apart.
func (w *writer) EraseEntry(id string) error {
	return w.erase("erase an entry of a register", eraseEntry, id)
}
