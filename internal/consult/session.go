package consult

import (
	"context"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// SealedSessions keeps browser sessions with their data sealed: what lies in the database is no use to whoever
// copies it. Data is plain on this side and sealed on the store's; the session's own row is bound into the seal, so
// that data moved to another row does not open.
type SealedSessions struct {
	Store SessionStore
	Keys  *seal.Keyring
}

const sessionPurpose = "session-data"

func sessionPlace(idHash string) []byte { return seal.Place("session", idHash, "data") }

// Session returns a live session with its data opened. fault.NotFound where there is none, and for data that does not
// open: a session that cannot be trusted is no session.
func (b SealedSessions) Session(ctx context.Context, idHash string) (*Session, error) {
	s, err := b.Store.Session(ctx, idHash)
	if err != nil {
		return nil, err
	}
	opened := *s
	if opened.Data, err = b.Keys.Open(sessionPurpose, s.Data, sessionPlace(idHash)); err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "error.text.not_found")
	}
	return &opened, nil
}

// AddSession stores a new session durably.
func (b SealedSessions) AddSession(ctx context.Context, s *Session) error {
	return b.Store.AddSession(ctx, b.sealed(s))
}

// UpdateSession changes a live session; fault.NotFound if it was erased, so that a late save cannot revive it.
func (b SealedSessions) UpdateSession(ctx context.Context, s *Session) error {
	return b.Store.UpdateSession(ctx, b.sealed(s))
}

// TouchSession notes that a live session was used; fault.NotFound if it was erased.
func (b SealedSessions) TouchSession(ctx context.Context, idHash string, seen, expires time.Time) error {
	return b.Store.TouchSession(ctx, idHash, seen, expires)
}

// RotateSession erases the session old and adds s in one transaction; fault.NotFound if old was erased before.
func (b SealedSessions) RotateSession(ctx context.Context, old string, s *Session) error {
	return b.Store.RotateSession(ctx, old, b.sealed(s))
}

// EraseSession erases a session. None is no error.
func (b SealedSessions) EraseSession(ctx context.Context, idHash string) error {
	return b.Store.EraseSession(ctx, idHash)
}

func (b SealedSessions) sealed(s *Session) *Session {
	out := *s
	out.Data = b.Keys.Seal(sessionPurpose, s.Data, sessionPlace(s.IDHash))
	return &out
}
