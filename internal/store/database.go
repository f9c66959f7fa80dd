package store

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"time"
)

// database is one of the three databases: main, equality or keys.
type database struct {
	name    string // "main", "equality", "keys"
	dialect dialect
	ledgers bool // it holds the consent ledger and the audit log
	clock   func() time.Time

	writer *sql.DB // used by writeLoop alone (SQLite: one connection)
	reader *sql.DB
	keeper *sql.DB // SQLite: checkpoints

	file    *os.File   // SQLite: the database file, for its gaps; see slack.go
	writing sync.Mutex // held by a batch, and by whoever must be sure that there is none

	queue   chan *job
	gate    sync.RWMutex // closed may not change while somebody enqueues
	closed  bool
	stopped chan struct{} // closed when writeLoop has ended

	scrubs   chan []*job
	scrubbed chan struct{} // closed when scrubLoop has ended
}

// start starts the goroutines.
func (d *database) start() {
	d.queue = make(chan *job, queueLimit)
	d.stopped = make(chan struct{})
	d.scrubs = make(chan []*job, queueLimit)
	d.scrubbed = make(chan struct{})
	go d.writeLoop()
	go d.scrubLoop()
}

// close finishes what is queued and closes every connection.
func (d *database) close() error {
	d.gate.Lock()
	if d.closed {
		d.gate.Unlock()
		return nil
	}
	d.closed = true
	d.gate.Unlock()
	if d.queue != nil {
		close(d.queue)
		<-d.stopped
		close(d.scrubs)
		<-d.scrubbed
	}
	return d.closePools()
}

func (d *database) closePools() error {
	var first error
	for _, pool := range []*sql.DB{d.reader, d.keeper, d.writer} { // SQLite: the writer last, it empties the log
		if pool == nil {
			continue
		}
		if err := pool.Close(); err != nil && first == nil {
			first = err
		}
	}
	if d.file != nil { // after every connection: closing it lets go of SQLite's locks
		if err := d.file.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// postgresPatience is how long a batch may take on PostgreSQL: no request waits longer for a network that swallows everything.
const postgresPatience = 10 * time.Second

// batchContext is the context of a batch: no caller's, because the batch belongs to all of them.
func (d *database) batchContext() (context.Context, context.CancelFunc) {
	if d.dialect == postgres {
		return context.WithTimeout(context.Background(), postgresPatience)
	}
	return context.Background(), func() {} // the driver starts a goroutine for each statement of a context that can end
}

var takeTurn = sqlText(`lock table writer_turn in exclusive mode`)

// begin starts the transaction of a batch. On SQLite it holds the write lock at once (_txlock=immediate). On PostgreSQL it is
// serializable, and where the ledgers are it waits for its turn before its view of the data is fixed.
func (d *database) begin(ctx context.Context) (*sql.Tx, error) {
	if d.dialect == sqlite {
		return d.writer.BeginTx(ctx, nil)
	}
	options := &sql.TxOptions{Isolation: sql.LevelSerializable}
	tx, err := beginOn(ctx, d.writer, options)
	if err != nil || !d.ledgers {
		return tx, err
	}
	if _, err := tx.ExecContext(ctx, takeTurn.text[postgres]); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// beginOn begins a transaction. A server that was started again has closed every idle connection of the pool, which shows only when one
// is used: then they are dropped, and a new one tried.
func beginOn(ctx context.Context, pool *sql.DB, options *sql.TxOptions) (*sql.Tx, error) {
	tx, err := pool.BeginTx(ctx, options)
	if err == nil || ctx.Err() != nil || !isConnectionError(err) {
		return tx, err
	}
	pool.SetMaxIdleConns(0)
	pool.SetMaxIdleConns(max(1, pool.Stats().MaxOpenConnections))
	return pool.BeginTx(ctx, options)
}

// reopen drops the connection of a failed transaction. After a failed flush SQLite's pages in memory may differ from the file;
// on PostgreSQL the driver drops broken connections itself.
func (d *database) reopen() {
	if d.dialect == sqlite {
		d.writer.SetMaxIdleConns(0)
		d.writer.SetMaxIdleConns(1)
	}
}

// view runs fn in a read-only transaction with one view of the data.
func (d *database) view(ctx context.Context, fn func(*txn) error) error {
	var options *sql.TxOptions
	if d.dialect == postgres {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := beginOn(ctx, d.reader, options)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = tx.Rollback() }()
	t := &txn{ctx: ctx, tx: tx, dialect: d.dialect, now: d.clock().UTC().Truncate(time.Second)}
	defer func() { t.ended = true }()
	return fn(t)
}
