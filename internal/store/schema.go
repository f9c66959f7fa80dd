package store

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
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

// known returns the numbers of the migrations that this program knows, ascending.
func (d *database) known() (numbers []int64, err error) {
	folder, err := d.folder()
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers, nil
}

var (
	hasVersions = perEngine(
		`select count(*) from sqlite_master where type = 'table' and name = 'goose_db_version'`,
		`select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'goose_db_version'`)
	appliedVersions = sqlText(`select distinct version_id from goose_db_version where is_applied and version_id > 0 order by version_id`)
)

// applied returns the numbers of the migrations that the database has had, ascending; none for a fresh one.
func (d *database) applied(ctx context.Context) (numbers []int64, err error) {
	return numbers, d.view(ctx, func(t *txn) error {
		numbers = nil
		var tables int
		if err := t.row(hasVersions, []any{&tables}); err != nil || tables == 0 {
			return err
		}
		found, err := list(t, "read the schema", func(row scanner) (*int64, error) {
			var n int64
			return &n, row.Scan(&n)
		}, appliedVersions)
		for _, n := range found {
			numbers = append(numbers, *n)
		}
		return err
	})
}

// schemaFault returns why a database that has had some migrations is not one for a program that knows others; nil where it is. What is wrong in itself comes before
// what folkmoot migrate mends: a newer program, a migration that this program does not know, and one that is missing although later ones were applied.
func schemaFault(name string, known, applied []int64) error {
	newest := last(known)
	if last(applied) > newest {
		return fmt.Errorf("the schema of the %s database is version %d, newer than the %d of this program: run the newer program", name, last(applied), newest)
	}
	if strange := without(applied, known); len(strange) > 0 {
		return fmt.Errorf("the schema of the %s database has had migrations that this program does not know (%s): run the program that made it", name, numbersOf(strange))
	}
	missing := without(known, applied)
	if gaps := slices.DeleteFunc(slices.Clone(missing), func(n int64) bool { return n > last(applied) }); len(gaps) > 0 {
		return fmt.Errorf("the schema of the %s database lacks migrations (%s) although later ones were applied: folkmoot migrate changes nothing in it. Put a whole backup back, or run the program that made it",
			name, numbersOf(gaps))
	}
	if len(missing) > 0 {
		return fmt.Errorf("the schema of the %s database is version %d and this program needs %d: run folkmoot migrate", name, last(applied), newest)
	}
	return nil
}

func last(numbers []int64) int64 {
	if len(numbers) == 0 {
		return 0
	}
	return numbers[len(numbers)-1]
}

// without returns the numbers that are not among the others.
func without(numbers, others []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(numbers), func(n int64) bool { return slices.Contains(others, n) })
}

func numbersOf(numbers []int64) string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(out, ", ")
}

// schema compares what the database has had with what this program knows. behind is where folkmoot migrate goes on from there.
func (d *database) schema(ctx context.Context) (behind bool, err error) {
	known, err := d.known()
	if err != nil {
		return false, err
	}
	applied, err := d.applied(ctx)
	if err != nil {
		return false, fmt.Errorf("read the schema of the %s database: %w", d.name, translate(err))
	}
	behind = len(applied) < len(known) && slices.Equal(applied, known[:len(applied)])
	return behind, schemaFault(d.name, known, applied)
}

// checkSchema refuses a schema that has not had every migration of this program, or has had others.
func (d *database) checkSchema(ctx context.Context) error {
	_, err := d.schema(ctx)
	return err
}

// Current returns an error where the schema of one of the databases is not, or not any more, the one that this program knows.
func (db *DB) Current(ctx context.Context) error {
	for _, d := range db.databases() {
		if err := d.checkSchema(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Migrate brings the schema of all three databases up to date. It does nothing where there is nothing to do, and refuses a schema
// that is newer than this program or lacks a migration in the middle. On SQLite the lock of the data directory keeps others out; on PostgreSQL a session lock does.
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
	if behind, err := d.schema(ctx); err != nil && !behind { // before anything is changed
		return err
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
	return db.Current(ctx)
}
