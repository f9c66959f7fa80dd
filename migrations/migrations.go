// Package migrations holds the schema as numbered SQL: one folder per engine, because the data definition languages
// differ, and in it one folder per database (main, equality, keys). It is data, without logic. There are no down
// files: going back means restoring a backup. A new file has a higher number than all that are there when it is merged: a database that has had a later one without it
// is refused.
//
// Reviewer: DBA.
package migrations

import "embed"

// Files holds <engine>/<database>/NNNNN_title.sql, in the format of goose.
//
//go:embed sqlite postgres
var Files embed.FS
