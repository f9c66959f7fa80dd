package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// PostgresURLs say where the databases lie. Equality answers and record keys lie in schemas of their own, and may lie in other
// databases or under other roles: empty means the same URL as Main.
type PostgresURLs struct {
	Main     string
	Equality string
	Keys     string
}

// The schemas, one for each database.
var schemas = map[string]string{"main": "folkmoot", "equality": "folkmoot_equality", "keys": "folkmoot_keys"}

// OpenPostgres opens the databases. Several processes may use them at the same time. An older or newer schema is refused unless
// o.Migrate says to migrate, and so is a server that acknowledges commits before they are durable.
func OpenPostgres(ctx context.Context, urls PostgresURLs, o Options) (*DB, error) {
	o = o.withDefaults()
	db := &DB{}
	if err := db.openServers(ctx, urls, o); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) openServers(ctx context.Context, urls PostgresURLs, o Options) (err error) {
	if db.main, err = openServer(ctx, "main", urls.Main, o); err != nil {
		return err
	}
	db.main.ledgers = true
	if db.equality, err = openServer(ctx, "equality", or(urls.Equality, urls.Main), o); err != nil {
		return err
	}
	if db.keys, err = openServer(ctx, "keys", or(urls.Keys, urls.Main), o); err != nil {
		return err
	}
	if err := db.ready(ctx, o); err != nil {
		return err
	}
	for _, d := range db.databases() {
		d.start()
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func openServer(ctx context.Context, name, url string, o Options) (*database, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the URL of the %s database cannot be read", name) // the cause could repeat the password
	}
	config.RuntimeParams["search_path"] = schemas[name]
	config.RuntimeParams["application_name"] = "folkmoot " + name
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	d := &database{name: name, dialect: postgres, clock: o.Clock}
	d.writer = stdlib.OpenDB(*config)
	d.writer.SetMaxOpenConns(2) // one writes; the other is for migrations, which hold their lock on it
	d.writer.SetMaxIdleConns(1)
	d.reader = stdlib.OpenDB(*config)
	d.reader.SetMaxOpenConns(o.Readers)
	d.reader.SetMaxIdleConns(o.Readers)
	for _, pool := range []*sql.DB{d.writer, d.reader} {
		pool.SetConnMaxLifetime(30 * time.Minute)
	}
	if err := d.assertServer(ctx); err != nil {
		_ = d.closePools()
		return nil, err
	}
	return d, nil
}

// oldestPostgres is the oldest major release that is still maintained.
const oldestPostgres = 140000

// assertServer refuses a server that would break a promise.
func (d *database) assertServer(ctx context.Context) error {
	var version int
	var encoding, commit string
	err := d.writer.QueryRowContext(ctx, `
select current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('synchronous_commit')`).
		Scan(&version, &encoding, &commit)
	switch {
	case err != nil:
		return fmt.Errorf("open the %s database: %w", d.name, translate(err))
	case version < oldestPostgres:
		return fmt.Errorf("the server of the %s database is PostgreSQL %d: 14 or later is needed", d.name, version/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the %s database has the encoding %s: UTF8 is needed", d.name, encoding)
	case commit == "off":
		return fmt.Errorf("synchronous_commit is off on the %s database: acknowledged responses could be lost", d.name)
	}
	return nil
}

// createSchema makes the schema, unless an administrator has made it already for a role that may not.
func (d *database) createSchema(ctx context.Context) error {
	var there bool
	err := d.writer.QueryRowContext(ctx, `select exists (select 1 from information_schema.schemata where schema_name = $1)`, schemas[d.name]).Scan(&there)
	if err == nil && !there {
		_, err = d.writer.ExecContext(ctx, `create schema if not exists `+pgx.Identifier{schemas[d.name]}.Sanitize())
	}
	if err != nil {
		return fmt.Errorf("make the schema %s: %w", schemas[d.name], translate(err))
	}
	return nil
}
