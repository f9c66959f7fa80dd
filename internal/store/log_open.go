package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"folkmoot/internal/consult"
)

// OpenSQLiteLogs opens the ledgers of the data directory to read them, also while the service runs on it: it takes no lock and cannot write.
// An older or newer schema is refused.
func OpenSQLiteLogs(ctx context.Context, dir string) (r consult.LogReader, closeAll func() error, err error) {
	d, err := readFile(ctx, dir, "main")
	if err != nil {
		return nil, nil, err
	}
	return logs{d}, d.closePools, nil
}

// OpenSQLiteAnchor opens the anchors in the key store as OpenSQLiteLogs does the ledgers.
func OpenSQLiteAnchor(ctx context.Context, dir string) (r consult.AnchorReader, closeAll func() error, err error) {
	d, err := readFile(ctx, dir, "keys")
	if err != nil {
		return nil, nil, err
	}
	return anchors{d}, d.closePools, nil
}

func readFile(ctx context.Context, dir, name string) (*database, error) {
	path, err := filepath.Abs(filepath.Join(dir, name+".db"))
	if err != nil {
		return nil, fmt.Errorf("find the data directory: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s database in %s", name, dir)
	}
	settings := maps.Clone(readerSettings)
	settings.Set("mode", "ro")
	d := &database{name: name, dialect: sqlite, clock: Options{}.withDefaults().Clock}
	d.reader = sql.OpenDB(connector{source: dataSource(path, settings), pragmas: readerPragmas})
	return readOnly(ctx, d)
}

// OpenPostgresLogs is OpenSQLiteLogs for PostgreSQL. The role needs to read the schema of the main database, nothing else.
func OpenPostgresLogs(ctx context.Context, url string) (r consult.LogReader, closeAll func() error, err error) {
	d, err := readServer(ctx, "main", url)
	if err != nil {
		return nil, nil, err
	}
	return logs{d}, d.closePools, nil
}

// OpenPostgresAnchor is OpenSQLiteAnchor for PostgreSQL. The role needs to read the schema of the key store.
func OpenPostgresAnchor(ctx context.Context, url string) (r consult.AnchorReader, closeAll func() error, err error) {
	d, err := readServer(ctx, "keys", url)
	if err != nil {
		return nil, nil, err
	}
	return anchors{d}, d.closePools, nil
}

func readServer(ctx context.Context, name, url string) (*database, error) {
	d, err := openServer(ctx, name, url, Options{}.withDefaults())
	if err != nil {
		return nil, err
	}
	return readOnly(ctx, d)
}

func readOnly(ctx context.Context, d *database) (*database, error) {
	d.reader.SetMaxOpenConns(2) // one reads ahead
	if err := d.checkSchema(ctx); err != nil {
		_ = d.closePools()
		return nil, err
	}
	return d, nil
}
