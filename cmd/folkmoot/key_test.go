package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/seal"
	"folkmoot/internal/store/pgtest"
)

// engines are the two databases, and how an operator names a fresh one on the command line beside --data.
var engines = []struct {
	name  string
	fresh func(t *testing.T) (databaseURL string)
}{
	{"sqlite", func(*testing.T) string { return "" }},
	{"postgres", func(t *testing.T) string { return pgtest.Database(t) }},
}

// refused runs `folkmoot serve`, which is expected to end by itself.
func refused(t *testing.T, args ...string) (code int, printed string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a start that is not refused would serve for ever
	defer cancel()
	var out output
	code = run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), &out, &out)
	return code, out.String()
}

func TestLostMasterKeyIsNotReplaced(t *testing.T) {
	for _, test := range []struct {
		name, want, why string
		spoil           func(t *testing.T, s storage)
	}{
		{"the key file is gone", "but no master key", "a new key beside old data would hide that nothing sealed opens any more", func(t *testing.T, s storage) {
			if err := os.Remove(s.MasterKey); err != nil {
				t.Fatal(err)
			}
		}},
		{"the key of another installation", "another master key", "answers sealed under two keys cannot be told apart later", func(t *testing.T, s storage) {
			if err := os.Remove(s.MasterKey); err != nil {
				t.Fatal(err)
			}
			if _, err := seal.CreateMaster(s.MasterKey); err != nil {
				t.Fatal(err)
			}
		}},
		{"nothing says with which key", "nothing says which master key", "a half-restored database is not continued", func(t *testing.T, s storage) {
			inDatabase(t, s, `delete from setting where name = 'master-key'`)
		}},
	} {
		for _, engine := range engines {
			t.Run(test.name+"/"+engine.name, func(t *testing.T) {
				dir := t.TempDir()
				s := storage{Data: filepath.Join(dir, "data"), MasterKey: filepath.Join(dir, "keys", "master.key"), DatabaseURL: engine.fresh(t)}
				startProgram(t, s.Data, "--master-key", s.MasterKey, "--database-url", s.DatabaseURL, "--migrate").stop()
				test.spoil(t, s)
				before, _ := os.ReadFile(s.MasterKey)
				code, printed := refused(t, "--data", s.Data, "--master-key", s.MasterKey, "--database-url", s.DatabaseURL)
				if code != 1 || !strings.Contains(printed, test.want) {
					t.Errorf("%s: exit status %d, want 1 and %q:\n%s", test.why, code, test.want, printed)
				}
				if after, _ := os.ReadFile(s.MasterKey); string(after) != string(before) {
					t.Error("a key file was made or changed")
				}
			})
		}
	}
}

// inDatabase changes the main database by hand while no program runs on it.
func inDatabase(t *testing.T, s storage, statement string) {
	t.Helper()
	driver, source := "sqlite3", filepath.Join(s.Data, "main.db")
	if s.DatabaseURL != "" {
		driver, source = "pgx", s.DatabaseURL+"&search_path=folkmoot"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	result, err := db.ExecContext(context.Background(), statement)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); n == 0 || err != nil {
		t.Fatalf("%s changed %d rows: %v", statement, n, err)
	}
}
