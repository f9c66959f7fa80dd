package store

import (
	"regexp"
	"strings"
)

// dialect is a database engine.
type dialect int

// The engines. They index statement.text.
const (
	sqlite dialect = iota
	postgres
)

// statement is one SQL text as each engine wants it. Every statement of the package is a constant made at start: no SQL is
// ever built from values.
type statement struct{ text [2]string }

var placeholder = regexp.MustCompile(`\$(\d+)`)

// sqlText makes a statement from the one text that both engines share, written for PostgreSQL. SQLite would number $2, $1 by
// first appearance and silently swap them, so $n becomes ?n.
func sqlText(text string) statement { return perEngine(text, text) }

// perEngine makes a statement from two texts, where the engines have no common way to say it or one is much slower.
func perEngine(forSQLite, forPostgres string) statement {
	trim := func(s string) string { return strings.TrimSpace(s) }
	return statement{[2]string{
		sqlite:   placeholder.ReplaceAllString(trim(forSQLite), "?$1"),
		postgres: trim(forPostgres),
	}}
}
