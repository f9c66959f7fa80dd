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
	path, err := filepath.Abs(filepath.Join(dir, "main.db"))
	if err != nil {
		return nil, nil, fmt.Errorf("find the data directory: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("there is no database in %s", dir)
	}
	settings := maps.Clone(readerSettings)
	settings.Set("mode", "ro")
	d := &database{name: "main", dialect: sqlite, clock: Options{}.withDefaults().Clock}
	d.reader = sql.OpenDB(connector{source: dataSource(path, settings), pragmas: readerPragmas})
	return readOnly(ctx, d)
}

// OpenPostgresLogs is OpenSQLiteLogs for PostgreSQL. The role needs to read the schema of the main database, nothing else.
func OpenPostgresLogs(ctx context.Context, url string) (r consult.LogReader, closeAll func() error, err error) {
	d, err := openServer(ctx, "main", url, Options{}.withDefaults())
	if err != nil {
		return nil, nil, err
	}
	return readOnly(ctx, d)
}

func readOnly(ctx context.Context, d *database) (consult.LogReader, func() error, error) {
	d.reader.SetMaxOpenConns(2) // one reads ahead
	if err := d.checkSchema(ctx); err != nil {
		_ = d.closePools()
		return nil, nil, err
	}
	return logs{d}, d.closePools, nil
}
