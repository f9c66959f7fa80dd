// Package store answers: where does it lie, and is it really there?
//
// It keeps everything in three databases (main, equality answers, record keys), in SQLite or PostgreSQL, with one SQL text for
// both. It holds no rules but those of storing: nothing is acknowledged before it is durable, ledgers only grow, an erased
// record leaves no bytes, and nothing tells in which order responses came. Equality answers and responses are never joined.
//
// Reviewer: DBA.
package store

import (
	"context"
	"errors"
	"os"
	"time"

	"folkmoot/internal/consult"
)

// Options are what a store needs to know beyond where it lies.
type Options struct {
	Clock   func() time.Time // the time of transactions; nil = time.Now
	Migrate bool             // bring an older schema up to date instead of refusing it
	Readers int              // connections that read the main database at the same time; 0 = 8
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Readers == 0 {
		o.Readers = 8
	}
	return o
}

// DB is the three databases. It implements consult.Store and consult.SessionStore.
type DB struct {
	main, equality, keys *database
	lock                 *os.File // of the data directory; nil on PostgreSQL
}

var (
	_ consult.Store        = (*DB)(nil)
	_ consult.SessionStore = (*DB)(nil)
)

var errNoAudit = errors.New("a transaction wrote records but appended no audit event")

// View runs fn in a read-only transaction with one consistent view. The Reader must not be kept.
func (db *DB) View(ctx context.Context, fn func(consult.Reader) error) error {
	return db.main.view(ctx, func(t *txn) error { return fn(&reader{t}) })
}

// Update runs fn in a serializable transaction that shares its commit with others and returns after that commit is durable:
// see consult.Store. A panic in fn becomes an internal error. fault.Unavailable: nothing was stored (on PostgreSQL, a connection
// that is lost during the commit leaves the outcome open: send the same record again). fault.Unavailable with the key
// error.store.erasure_pending: the erasure is committed, but readers still hold the log in which older bytes lie.
func (db *DB) Update(ctx context.Context, fn func(consult.Writer) error) error {
	return db.main.submit(ctx, func(t *txn) error {
		if err := fn(&writer{reader{t}}); err != nil {
			return err
		}
		if t.wrote && !t.audited {
			return errNoAudit
		}
		return nil
	})
}

// Equality is the store of equality answers.
func (db *DB) Equality() consult.EqualityStore { return equalityStore{db.equality} }

// Keys is the store of wrapped record keys.
func (db *DB) Keys() consult.KeyStore { return keyStore{db.keys} }

// Close finishes what was begun and closes the databases. Later calls get fault.Unavailable.
func (db *DB) Close() error {
	var all []error
	for _, d := range db.databases() {
		if d != nil {
			all = append(all, d.close())
		}
	}
	if db.lock != nil {
		all = append(all, db.lock.Close()) // closing lets go of the lock
	}
	return errors.Join(all...)
}

func (db *DB) databases() []*database { return []*database{db.main, db.equality, db.keys} }

// reader implements consult.Reader, writer consult.Writer; their methods are in the file of their noun.
type reader struct{ *txn }

type writer struct{ reader }

// Now is the time of the transaction, UTC, whole seconds.
func (r *reader) Now() time.Time { return r.now }
