package ui_test

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files watches the three databases of a service from outside, as an auditor with a copy would: which tables has a request
// changed?
type files struct {
	t      testing.TB
	open   []*sql.DB
	seen   []int64           // version of each file
	tables map[string]string // table to digest
}

var databases = []string{"main", "equality", "keys"}

// watch opens the files of the data directory for reading.
func watch(t testing.TB, dir string) *files {
	t.Helper()
	f := &files{t: t, seen: make([]int64, len(databases))}
	for _, name := range databases {
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, name+".db")+"?_query_only=1&_busy_timeout=5000")
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1) // data_version compares with what this connection saw
		t.Cleanup(func() { _ = db.Close() })
		f.open = append(f.open, db)
	}
	f.moved()
	f.tables = f.digest()
	return f
}

// moved reports whether anybody has committed since it was last asked.
func (f *files) moved() bool {
	f.t.Helper()
	moved := false
	for i, db := range f.open {
		var v int64
		if err := db.QueryRow(`pragma data_version`).Scan(&v); err != nil {
			f.t.Fatal(err)
		}
		moved = moved || v != f.seen[i]
		f.seen[i] = v
	}
	return moved
}

// changed lists the tables whose rows differ since it was last asked.
func (f *files) changed() []string {
	f.t.Helper()
	if !f.moved() {
		return nil
	}
	now := f.digest()
	var out []string
	for name, digest := range now {
		if f.tables[name] != digest {
			out = append(out, name)
		}
	}
	f.tables = now
	slices.Sort(out)
	return out
}

func (f *files) digest() map[string]string {
	f.t.Helper()
	out := map[string]string{}
	for i, db := range f.open {
		for _, table := range f.column(db, `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`) {
			out[databases[i]+"."+table] = f.digestTable(db, table)
		}
	}
	return out
}

// digestTable is the hash of all rows. Ledgers only grow (triggers see to it), so that their length says enough.
func (f *files) digestTable(db *sql.DB, table string) string {
	f.t.Helper()
	if table == "audit_event" || table == "consent_event" {
		return strings.Join(f.column(db, `select coalesce(max(sequence), 0) from `+table), "")
	}
	columnsOf := "*"
	if table == "session" {
		columnsOf = "id_hash, kind, staff_id, data, created_at" // not when it was last seen
	}
	rows, err := db.Query(`select ` + columnsOf + ` from ` + table)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		f.t.Fatal(err)
	}
	var lines []string
	cells := make([]sql.RawBytes, len(columns))
	into := make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			f.t.Fatal(err)
		}
		h := sha256.New()
		for _, c := range cells {
			fmt.Fprintf(h, "%d:%s,", len(c), c)
		}
		lines = append(lines, string(h.Sum(nil)))
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	slices.Sort(lines)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, ""))))
}

func (f *files) column(db *sql.DB, query string) (out []string) {
	f.t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			f.t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	return out
}

// count returns the number of rows of a table of the main database.
func (f *files) count(table string) int { return f.rows("main", table) }

// rows returns the number of rows of a table.
func (f *files) rows(database, table string) (n int) {
	f.t.Helper()
	if err := f.open[slices.Index(databases, database)].QueryRow(`select count(*) from ` + table).Scan(&n); err != nil {
		f.t.Fatal(err)
	}
	return n
}
