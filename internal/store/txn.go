package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"folkmoot/internal/fault"
)

// txn is one person's part of a database transaction: the whole of a View, or one savepoint of a batch of writes.
type txn struct {
	ctx     context.Context // of the batch or View: the methods of Reader and Writer take none
	tx      *sql.Tx
	dialect dialect
	now     time.Time
	heads   *heads // of the ledgers; main database, writers only

	wrote   bool  // a record was written
	audited bool  // an audit event was appended
	erased  bool  // bytes have to go: checkpoint and vacuum after the commit
	broken  error // the whole transaction is lost: the disk is full, the connection gone, or it has to be run again
	ended   bool  // fn has returned: nobody may use it any more
}

var errEnded = errors.New("the transaction has ended")

// failed translates err and notes when it is the end of the whole transaction.
func (t *txn) failed(err error) error {
	err = translate(err)
	if isRetry(err) || fault.Is(err, fault.Unavailable) {
		t.broken = err
	}
	return err
}

// exec runs a statement that changes something and returns the number of rows it changed.
func (t *txn) exec(s statement, args ...any) (int64, error) {
	if t.ended {
		return 0, errEnded
	}
	result, err := t.tx.ExecContext(t.ctx, s.text[t.dialect], args...)
	if err != nil {
		return 0, t.failed(err)
	}
	n, err := result.RowsAffected()
	if n > 0 {
		t.wrote = true
	}
	return n, t.failed(err)
}

// insert runs an insert with "on conflict do nothing": no row means that the record exists. A refused insert must not end
// the transaction, which on PostgreSQL every failed statement does.
func (t *txn) insert(what string, s statement, args ...any) error {
	n, err := t.exec(s, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		return fmt.Errorf("%s: %w", what, exists())
	}
	return nil
}

// update runs an update or delete of one record and returns missing if there was none.
func (t *txn) update(what string, s statement, missing error, args ...any) error {
	n, err := t.exec(s, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		return fmt.Errorf("%s: %w", what, missing)
	}
	return nil
}

// row reads one row into dest. No row is fault.NotFound.
func (t *txn) row(s statement, dest []any, args ...any) error {
	if t.ended {
		return errEnded
	}
	return t.failed(t.tx.QueryRowContext(t.ctx, s.text[t.dialect], args...).Scan(dest...))
}

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// one reads one record.
func one[T any](t *txn, what string, read func(scanner) (*T, error), s statement, args ...any) (*T, error) {
	if t.ended {
		return nil, errEnded
	}
	v, err := read(t.tx.QueryRowContext(t.ctx, s.text[t.dialect], args...))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, t.failed(err))
	}
	return v, nil
}

// list reads all records of a query.
func list[T any](t *txn, what string, read func(scanner) (*T, error), s statement, args ...any) ([]*T, error) {
	if t.ended {
		return nil, errEnded
	}
	rows, err := t.tx.QueryContext(t.ctx, s.text[t.dialect], args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, t.failed(err))
	}
	defer rows.Close()
	var out []*T
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, t.failed(err))
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, t.failed(err))
	}
	return out, nil
}

// pageSize is how many records are read at a time where fn is called for each.
const pageSize = 500

// each calls fn for every record, a page at a time, so that fn may use the transaction too: a PostgreSQL connection cannot
// answer a second query while the rows of a first are open. next returns the page after the record last (nil: the first).
func each[T any](next func(last *T) ([]*T, error), fn func(*T) error) error {
	var last *T
	for {
		page, err := next(last)
		if err != nil {
			return err
		}
		for _, v := range page {
			if err := fn(v); err != nil {
				return err
			}
			last = v
		}
		if len(page) < pageSize {
			return nil
		}
	}
}
