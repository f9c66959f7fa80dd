package store

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"folkmoot/migrations"
)

// folder returns the migrations of the database.
func (d *database) folder() (fs.FS, error) {
	engine := [2]string{sqlite: "sqlite", postgres: "postgres"}[d.dialect]
	return fs.Sub(migrations.Files, engine+"/"+d.name)
}

// newest returns the number of the newest migration that this program knows.
func (d *database) newest() (int64, error) {
	folder, err := d.folder()
	if err != nil {
		return 0, err
	}
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		newest = max(newest, n)
	}
	return newest, nil
}

var (
	hasVersions = perEngine(
		`select count(*) from sqlite_master where type = 'table' and name = 'goose_db_version'`,
		`select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'goose_db_version'`)
	appliedVersion = sqlText(`select coalesce(max(version_id), 0) from goose_db_version where is_applied`)
)

// applied returns the number of the newest migration that the database has had, 0 for a fresh one.
func (d *database) applied(ctx context.Context) (version int64, err error) {
	return version, d.view(ctx, func(t *txn) error {
		var tables int
		if err := t.row(hasVersions, []any{&tables}); err != nil || tables == 0 {
			return err
		}
		return t.row(appliedVersion, []any{&version})
	})
}

// checkSchema refuses a schema that is older or newer than this program.
func (d *database) checkSchema(ctx context.Context) error {
	newest, err := d.newest()
	if err != nil {
		return err
	}
	applied, err := d.applied(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read the schema of the %s database: %w", d.name, translate(err))
	case applied < newest:
		return fmt.Errorf("the schema of the %s database is version %d and this program needs %d: run folkmoot migrate", d.name, applied, newest)
	case applied > newest:
		return fmt.Errorf("the schema of the %s database is version %d, newer than the %d of this program: run the newer program", d.name, applied, newest)
	}
	return nil
}

// Migrate brings the schema of all three databases up to date. It does nothing where there is nothing to do, and refuses a schema
// that is newer than this program. On SQLite the lock of the data directory keeps others out; on PostgreSQL a session lock does.
func (db *DB) Migrate(ctx context.Context) error {
	for _, d := range db.databases() {
		if err := d.migrate(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) migrate(ctx context.Context) error {
	folder, err := d.folder()
	if err != nil {
		return err
	}
	engine := goose.DialectSQLite3
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.dialect == postgres {
		engine = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
		if err := d.createSchema(ctx); err != nil {
			return err
		}
	}
	provider, err := goose.NewProvider(engine, d.writer, folder, options...)
	if err != nil {
		return fmt.Errorf("migrate the %s database: %w", d.name, err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the %s database: %w", d.name, translate(err))
	}
	return d.checkSchema(ctx)
}

// ready migrates, if that is wanted, and checks the schema.
func (db *DB) ready(ctx context.Context, o Options) error {
	if o.Migrate {
		return db.Migrate(ctx)
	}
	for _, d := range db.databases() {
		if err := d.checkSchema(ctx); err != nil {
			return err
		}
	}
	return nil
}
