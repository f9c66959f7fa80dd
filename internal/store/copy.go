package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"folkmoot/internal/consult"
)

// Onlooker reads a store beside the service that runs on it, takes no lock of its directory and cannot write.
type Onlooker struct {
	dir  string // SQLite
	main *database
}

// OpenSQLiteOnlooker looks at the data directory. An older or newer schema is refused.
func OpenSQLiteOnlooker(ctx context.Context, dir string) (*Onlooker, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the data directory: %w", err)
	}
	d, err := readFile(ctx, dir, "main")
	if err != nil {
		return nil, err
	}
	return &Onlooker{dir: dir, main: d}, nil
}

// OpenPostgresOnlooker is OpenSQLiteOnlooker for PostgreSQL.
func OpenPostgresOnlooker(ctx context.Context, url string) (*Onlooker, error) {
	d, err := readServer(ctx, "main", url)
	if err != nil {
		return nil, err
	}
	return &Onlooker{main: d}, nil
}

// View reads in one consistent view.
func (o *Onlooker) View(ctx context.Context, fn func(consult.Reader) error) error {
	return o.main.view(ctx, func(t *txn) error { return fn(&reader{t}) })
}

// Logs reads the ledgers.
func (o *Onlooker) Logs() consult.LogReader { return logs{o.main} }

// Close closes the connections.
func (o *Onlooker) Close() error { return o.main.closePools() }

// Copy writes a copy of a database ("main", "equality" or "keys") as it is at one moment into a new file, in clear, while the service goes on writing.
// Erased bytes are in no copy. SQLite only.
func (o *Onlooker) Copy(ctx context.Context, name, into string) (err error) {
	if o.main.dialect != sqlite {
		return errors.New("only an embedded database is copied so")
	}
	path := filepath.Join(o.dir, name+".db")
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("copy the %s database: %w", name, err)
	}
	settings := maps.Clone(readerSettings)
	settings.Set("mode", "ro")
	settings.Del("_query_only") // it would hold for the copy too; the database itself is opened read-only
	db := sql.OpenDB(connector{source: dataSource(path, settings), pragmas: map[string]string{"busy_timeout": "5000"}})
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `vacuum into $1`, into); err != nil {
		return fmt.Errorf("copy the %s database: %w", name, translate(err))
	}
	return nil
}
