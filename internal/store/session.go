package store

import (
	"context"
	"fmt"
	"time"

	"folkmoot/internal/consult"
)

var (
	sessionByID = sqlText(`
select id_hash, kind, staff_id, data, created_at, seen_at, expires_at
from session
where id_hash = $1`)
	addSession = sqlText(`
insert into session (id_hash, kind, staff_id, data, created_at, seen_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing`)
	updateSession = sqlText(`
update session
set kind = $2, staff_id = $3, data = $4, seen_at = $5, expires_at = $6
where id_hash = $1`)
	touchSession = sqlText(`
update session
set seen_at = $2, expires_at = $3
where id_hash = $1`)
	eraseSession    = sqlText(`delete from session where id_hash = $1`)
	disposeSessions = sqlText(`delete from session where expires_at <= $1`)

	disposeAttempts    = sqlText(`delete from sign_in_attempt where last_at <= $1`)
	disposeInvitations = sqlText(`delete from invitation where expires_at <= $1`)
)

// Session returns the session with the hash of its id. fault.NotFound if there is none. Whether it has expired is for the caller to say.
func (db *DB) Session(ctx context.Context, idHash string) (s *consult.Session, err error) {
	err = db.main.view(ctx, func(t *txn) error {
		s, err = one(t, "read a session", func(row scanner) (*consult.Session, error) {
			var s consult.Session
			return &s, row.Scan(&s.IDHash, &s.Kind, &s.StaffID, &s.Data, stamp{&s.CreatedAt}, stamp{&s.SeenAt}, stamp{&s.ExpiresAt})
		}, sessionByID, idHash)
		return err
	})
	return s, err
}

// AddSession adds a session. fault.Conflict if its id is taken.
func (db *DB) AddSession(ctx context.Context, s *consult.Session) error {
	return db.main.submit(ctx, func(t *txn) error { return t.addSession(s) })
}

func (t *txn) addSession(s *consult.Session) error {
	return t.insert("add a session", addSession, s.IDHash, s.Kind, s.StaffID, notNil(s.Data), stamp{&s.CreatedAt}, stamp{&s.SeenAt}, stamp{&s.ExpiresAt})
}

// UpdateSession changes a live session. fault.NotFound if it was erased: a late save cannot revive it.
func (db *DB) UpdateSession(ctx context.Context, s *consult.Session) error {
	return db.main.submit(ctx, func(t *txn) error {
		return t.update("update a session", updateSession, notFound(), s.IDHash, s.Kind, s.StaffID, notNil(s.Data), stamp{&s.SeenAt}, stamp{&s.ExpiresAt})
	})
}

// TouchSession notes that a live session was used. fault.NotFound if it was erased.
func (db *DB) TouchSession(ctx context.Context, idHash string, seen, expires time.Time) error {
	return db.main.submit(ctx, func(t *txn) error {
		return t.update("touch a session", touchSession, notFound(), idHash, stamp{&seen}, stamp{&expires})
	})
}

// RotateSession erases the session old and adds s, in one transaction. fault.NotFound if old was erased before: a session
// that was ended is not continued under another id.
func (db *DB) RotateSession(ctx context.Context, old string, s *consult.Session) error {
	return db.main.submit(ctx, func(t *txn) error {
		if err := t.update("rotate a session", eraseSession, notFound(), old); err != nil {
			return err
		}
		return t.addSession(s)
	})
}

// EraseSession ends a session. Ending one that is not there is no error.
func (db *DB) EraseSession(ctx context.Context, idHash string) error {
	return db.main.submit(ctx, func(t *txn) error {
		if _, err := t.exec(eraseSession, idHash); err != nil {
			return fmt.Errorf("erase a session: %w", err)
		}
		return nil
	})
}

// DisposeSessions erases the sessions that had expired at the moment before, and returns how many there were.
func (db *DB) DisposeSessions(ctx context.Context, before time.Time) (int, error) {
	var disposed int64
	err := db.main.submit(ctx, func(t *txn) (err error) {
		disposed, err = t.exec(disposeSessions, stamp{&before})
		return err
	})
	return int(disposed), err
}

// DisposeSignIns erases counts of failures whose last one was at or before failed, and invitations, used or not, that had expired at or
// before expired. It returns how many records that were.
func (db *DB) DisposeSignIns(ctx context.Context, failed, expired time.Time) (int, error) {
	var attempts, invitations int64
	err := db.main.submit(ctx, func(t *txn) (err error) {
		if attempts, err = t.exec(disposeAttempts, stamp{&failed}); err != nil {
			return fmt.Errorf("dispose of sign-in attempts: %w", err)
		}
		if invitations, err = t.exec(disposeInvitations, stamp{&expired}); err != nil {
			return fmt.Errorf("dispose of invitations: %w", err)
		}
		return nil
	})
	return int(attempts + invitations), err
}
