package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/store/pgtest"
)

// TestBackupOfPostgres: the dumps of the three schemas come back as pg_dump wrote them, and the password of the database is in no argument.
func TestBackupOfPostgres(t *testing.T) {
	root := t.TempDir()
	i := &archived{root: root, backups: filepath.Join(root, "backups"), people: map[string]consult.Submitted{}}
	i.DatabaseURL, i.Data, i.MasterKey = pgtest.Database(t), filepath.Join(root, "data"), filepath.Join(root, "secret", "master.key")
	check(t, os.MkdirAll(i.backups, 0o700))
	i.fill(t, "stays")
	dir := i.backUp(t)
	if found := in(t, i.backups, "PGDMP", i.people["stays"].ResponseID, "very_satisfied"); len(found) > 0 {
		t.Errorf("a backup holds something in clear: %v", found)
	}
	i.command(t, 0, "Nothing was written", "restore", "--from", dir)
	into := filepath.Join(root, "dumps")
	i.command(t, 0, "IN CLEAR", "restore", "--from", dir, "--into", into, "--apply")
	for _, name := range copyOrder {
		if out, err := exec.Command("pg_restore", "--list", filepath.Join(into, name+".dump")).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	i.command(t, 1, "new directory", "restore", "--from", dir, "--apply")
	if _, err := os.Stat(i.Data); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a data directory was made")
	}
	i.command(t, 0, "0 consents withdrawn", "restore", "--replay", "--apply")
}

func TestPasswordIsTakenOutOfTheAddress(t *testing.T) {
	for _, row := range []struct{ address, place, password string }{
		{"postgres://u:secret@h:5432/d?sslmode=verify-full", "postgres://u@h:5432/d?sslmode=verify-full", "secret"},
		{"postgresql://u@h/d", "postgresql://u@h/d", ""},
		{"postgres:///d?host=%2Frun&user=u&password=s%20x", "postgres:///d?host=%2Frun&user=u", "s x"},
	} {
		if place, password, err := withoutPassword(row.address); place != row.place || password != row.password || err != nil {
			t.Errorf("%s: %q, %q, %v", row.address, place, password, err)
		}
	}
	if _, _, err := withoutPassword("host=h user=u password=secret"); err == nil {
		t.Error("an address that is no URL")
	}
}
