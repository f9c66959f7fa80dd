package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"folkmoot/internal/fault"
)

// The message keys of this package.
const (
	keyUnavailable = "error.store.unavailable"
	keyNotFound    = "error.store.not_found"
	keyExists      = "error.store.exists"
	keyVersion     = "error.store.version"
	keyAppendOnly  = "error.store.append_only"
	keyPending     = "error.store.erasure_pending"
)

// errRetry marks a serialization failure or deadlock: the whole batch is run again.
var errRetry = errors.New("serialization failure")

// appendOnlyState is the SQLSTATE that our triggers raise on PostgreSQL.
const appendOnlyState = "FM001"

// unavailable says that nothing was stored, and why to the log.
func unavailable(err error) error {
	if fault.Is(err, fault.Unavailable) {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, keyUnavailable)
}

func notFound() error      { return fault.New(fault.NotFound, keyNotFound) }
func exists() error        { return fault.New(fault.Conflict, keyExists) }
func outOfDate() error     { return fault.New(fault.Conflict, keyVersion) }
func frozen() error        { return fault.New(fault.Conflict, keyAppendOnly) }
func isRetry(e error) bool { return errors.Is(e, errRetry) }

// translate turns a driver's error into a fault by its code, never by its text. Errors without a kind stay internal.
func translate(err error) error {
	var lite sqlite3.Error
	var pg *pgconn.PgError
	switch {
	case err == nil || fault.KindOf(err) != fault.Internal || isRetry(err):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return notFound()
	case errors.As(err, &lite):
		return translateSQLite(err, lite)
	case errors.As(err, &pg):
		return translatePostgres(err, pg)
	case isConnectionError(err):
		return unavailable(err)
	}
	return err
}

func translateSQLite(err error, e sqlite3.Error) error {
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		return fault.Wrap(err, fault.Conflict, keyExists)
	case sqlite3.ErrConstraintTrigger:
		return fault.Wrap(err, fault.Conflict, keyAppendOnly)
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrReadonly, sqlite3.ErrCantOpen,
		sqlite3.ErrInterrupt, sqlite3.ErrProtocol:
		return unavailable(err)
	}
	return err
}

// translatePostgres follows appendix A of the PostgreSQL manual (error codes).
func translatePostgres(err error, e *pgconn.PgError) error {
	switch e.Code {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return fmt.Errorf("%w: %w", errRetry, err)
	case "23505": // unique_violation
		return fault.Wrap(err, fault.Conflict, keyExists)
	case appendOnlyState:
		return fault.Wrap(err, fault.Conflict, keyAppendOnly)
	case "25006", "55P03", "57014", "57P01", "57P02", "57P03", "57P05": // read only, lock, cancelled, shut down, starting, idle
		return unavailable(err)
	}
	if class := e.Code[:min(2, len(e.Code))]; class == "08" || class == "53" || class == "58" { // connection, resources, system
		return unavailable(err)
	}
	return err
}

// isConnectionError reports whether the database could not be reached, or was lost on the way.
func isConnectionError(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, sql.ErrTxDone) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		strings.Contains(err.Error(), "conn closed") // pgconn has no exported error for a connection that died before
}
