package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// oldestSQLite is the first release in which committed transactions cannot be lost by the reset of the write-ahead log
// (sqlite.org/wal.html; security.md section 1, 8).
const oldestSQLite = 3051003

// What every connection must be like. A PRAGMA through Exec would reach one connection of a pool, and a misspelt parameter of the
// DSN is ignored without a word: so the DSN sets them and each new connection is asked.
var (
	writerSettings = url.Values{
		"_auto_vacuum": {"incremental"}, "_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_journal_mode": {"WAL"},
		"_cache_size":         {"-32000"}, // KiB, used as needed: a batch touches pages all over the indexes
		"_recursive_triggers": {"1"},      // so that "insert or replace" meets the triggers of the ledgers
		"_secure_delete":      {"1"}, "_stmt_cache_size": {"64"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"},
	}
	readerSettings = url.Values{
		"_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_query_only": {"1"}, "_secure_delete": {"1"}, "_stmt_cache_size": {"64"},
		"_synchronous": {"FULL"},
	}
	keeperSettings = url.Values{"_busy_timeout": {"20"}, "_secure_delete": {"1"}, "_synchronous": {"FULL"}}

	everywhere    = map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "auto_vacuum": "2"}
	writerPragmas = map[string]string{"foreign_keys": "1", "busy_timeout": "5000", "query_only": "0", "recursive_triggers": "1"}
	readerPragmas = map[string]string{"foreign_keys": "1", "busy_timeout": "5000", "query_only": "1"}
)

// OpenSQLite opens the databases in the directory (main.db, equality.db, keys.db), which it makes if need be, for this process
// alone: a second process is refused. An older or newer schema is refused unless o.Migrate says to migrate.
func OpenSQLite(ctx context.Context, dir string, o Options) (*DB, error) {
	o = o.withDefaults()
	if _, number, _ := sqlite3.Version(); number < oldestSQLite {
		return nil, fmt.Errorf("SQLite %d can lose committed transactions: 3.51.3 or later is needed", number)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the data directory: %w", err)
	}
	lock, err := lockDirectory(dir)
	if err != nil {
		return nil, err
	}
	db := &DB{lock: lock}
	if err := db.openFiles(ctx, dir, o); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) openFiles(ctx context.Context, dir string, o Options) (err error) {
	if db.main, err = openFile(ctx, dir, "main", o); err != nil {
		return err
	}
	db.main.ledgers = true
	if db.equality, err = openFile(ctx, dir, "equality", o); err != nil {
		return err
	}
	if db.keys, err = openFile(ctx, dir, "keys", o); err != nil {
		return err
	}
	if err := db.ready(ctx, o); err != nil {
		return err
	}
	for _, d := range db.databases() {
		if err := d.scrubNow(ctx); err != nil { // what a crash left between an erasure and its checkpoint
			return err
		}
		d.start()
	}
	return nil
}

// Alone reports whether no other process can use the store: the directory of a SQLite store is locked.
func (db *DB) Alone() bool { return db.lock != nil }

// lockDirectory takes the lock of the data directory, which the kernel lets go of when the process ends, however it ends.
func lockDirectory(dir string) (*os.File, error) {
	path := filepath.Join(dir, "folkmoot.lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the data directory: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		file.Close()
		return nil, fmt.Errorf("another folkmoot is running on the data directory %s: stop it first", dir)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	return file, nil
}

func openFile(ctx context.Context, dir, name string, o Options) (*database, error) {
	path := filepath.Join(dir, name+".db")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // for its owner only; SQLite gives its log the same permissions
	if err != nil {
		return nil, fmt.Errorf("open the %s database: %w", name, err)
	}
	d := &database{name: name, dialect: sqlite, clock: o.Clock, file: file}
	d.writer = sql.OpenDB(connector{source: dataSource(path, writerSettings), pragmas: writerPragmas})
	d.writer.SetMaxOpenConns(1) // one writer: others would only wait for its lock, and some would wait too long
	d.writer.SetMaxIdleConns(1)
	if err := d.writer.PingContext(ctx); err != nil { // makes the file and switches to WAL before a reader comes
		_ = d.closePools()
		return nil, fmt.Errorf("open the %s database: %w", name, translate(err))
	}
	d.reader = sql.OpenDB(connector{source: dataSource(path, readerSettings), pragmas: readerPragmas})
	d.reader.SetMaxOpenConns(o.Readers)
	d.reader.SetMaxIdleConns(o.Readers)
	d.keeper = sql.OpenDB(connector{source: dataSource(path, keeperSettings)})
	d.keeper.SetMaxOpenConns(1)
	return d, nil
}

func dataSource(path string, settings url.Values) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: settings.Encode()}).String()
}

// connectionSettings are what the DSN has no parameter for.
var connectionSettings = []string{
	`pragma temp_store = memory`,           // no copy of a record in a temporary file
	`pragma wal_autocheckpoint = 4000`,     // pages; the log grows to 16 MB, and pages that change often are copied less often
	`pragma journal_size_limit = 67108864`, // bytes that the log keeps after it was larger
}

// connector opens connections and refuses one that is not as it must be.
type connector struct {
	source  string
	pragmas map[string]string // what it must be like
	more    []string          // settings beyond those of every connection
}

// Driver is the driver of the connections.
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// Connect opens a connection.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.Driver().Open(c.source)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(conn.(*sqlite3.SQLiteConn)); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (c connector) prepare(conn *sqlite3.SQLiteConn) error {
	for _, setting := range slices.Concat(connectionSettings, c.more) {
		if _, err := conn.Exec(setting, nil); err != nil {
			return err
		}
	}
	for _, wanted := range []map[string]string{everywhere, c.pragmas} {
		for name, value := range wanted {
			if err := assertPragma(conn, name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func assertPragma(conn *sqlite3.SQLiteConn, name, want string) error {
	rows, err := conn.Query(`pragma `+name, nil) // name is one of the constants above
	if err != nil {
		return err
	}
	defer rows.Close()
	got := []driver.Value{nil}
	if err := rows.Next(got); err != nil {
		return fmt.Errorf("pragma %s: %w", name, err)
	}
	if fmt.Sprint(got[0]) != want {
		return fmt.Errorf("pragma %s is %v on this database, and it must be %s", name, got[0], want)
	}
	return nil
}
