package backup_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/seal"
)

var noon = time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// TestGenerationsEnd: no backup made before an erasure can be read later than the stated days after the erasure (architecture.md 5; privacy.md 10.3).
func TestGenerationsEnd(t *testing.T) {
	s := backup.OpenGenerations(filepath.Join(t.TempDir(), "keys"), keyring(t, 1))
	current := func(at time.Time, days int) backup.Generation {
		t.Helper()
		g, key, err := s.Current(at, days, day)
		ok(t, err)
		if again, err := s.Key(g.ID); err != nil || again != key {
			t.Fatalf("%s: %v", g.ID, err)
		}
		return g
	}
	first := current(noon, 30)
	if g := current(noon.Add(day-time.Second), 30); g.ID != first.ID {
		t.Error("a new key within the day")
	}
	second := current(noon.Add(day), 60) // the council has raised the days meanwhile
	if second.ID == first.ID {
		t.Error("the same key after a day")
	}
	for _, row := range []struct {
		why  string
		at   time.Time
		days int
		want int
	}{
		{"neither", noon.AddDate(0, 0, 30).Add(-time.Second), 30, 0},
		{"thirty days after it was made, which a certificate of that day names", noon.AddDate(0, 0, 30), 30, 1},
		{"the days were raised since: what was promised holds", noon.AddDate(0, 0, 30), 60, 1},
		{"the second at sixty days", noon.Add(day).AddDate(0, 0, 60), 60, 2},
		{"the days were lowered since: what is promised now holds", noon.Add(day).AddDate(0, 0, 7), 7, 2},
	} {
		if got, err := s.Overdue(row.at, row.days); err != nil || len(got) != row.want {
			t.Errorf("%s: %d overdue, %v; want %d", row.why, len(got), err, row.want)
		}
	}
	if g := current(noon.Add(day+time.Hour), 1); g.ID != second.ID {
		t.Error("the key of today is used although it ends soon")
	}
	if g := current(noon.AddDate(0, 0, 3), 1); g.ID == second.ID {
		t.Error("a key that is overdue seals a backup")
	}
}

func TestDestroyedKeyIsGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	s := backup.OpenGenerations(dir, keyring(t, 1))
	g, _, err := s.Make(noon, 30)
	ok(t, err)
	kept, _, err := s.Make(noon.Add(time.Hour), 30)
	ok(t, err)
	file := filepath.Join(dir, g.ID+".key")
	raw, err := os.ReadFile(file)
	ok(t, err)
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	twin, err := os.OpenFile(file, os.O_RDONLY, 0) // the blocks of the file, after its name is gone
	ok(t, err)
	defer twin.Close()
	ok(t, s.Destroy(g.ID, noon.Add(2*time.Hour)))
	ok(t, s.Destroy(g.ID, noon.Add(9*time.Hour))) // once more is no error, and changes nothing
	if _, err := s.Key(g.ID); !errors.Is(err, backup.ErrDestroyed) {
		t.Errorf("the key: %v", err)
	}
	left, err := io.ReadAll(twin)
	ok(t, err)
	if !bytes.Equal(left, make([]byte, len(raw))) {
		t.Error("the blocks of the file were not overwritten")
	}
	secret := strings.Split(string(raw), "\n")[4][len("key "):]
	ok(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(secret)) {
			t.Errorf("%s still holds the key", d.Name())
		}
		return err
	}))
	all, err := s.List()
	ok(t, err)
	if len(all) != 2 || !all[0].DestroyedAt.Equal(noon.Add(2*time.Hour)) || !all[1].DestroyedAt.IsZero() || all[1].ID != kept.ID {
		t.Errorf("%+v", all)
	}

	// A crash between the record and the overwriting is ended by whoever looks next.
	ok(t, os.WriteFile(file, raw, 0o600))
	if _, err := s.List(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Error("an interrupted destruction was not ended")
	}
}

func TestGenerationsThatWereChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	s := backup.OpenGenerations(dir, keyring(t, 1))
	if all, err := s.List(); len(all) != 0 || err != nil {
		t.Errorf("no directory: %v, %v", all, err)
	}
	g, _, err := s.Make(noon, 30)
	ok(t, err)
	file := filepath.Join(dir, g.ID+".key")
	raw, err := os.ReadFile(file)
	ok(t, err)
	for why, text := range map[string]string{
		"more days than were set": strings.Replace(string(raw), "days 30", "days 300", 1),
		"a later day":             strings.Replace(string(raw), "made 2026-03-28", "made 2026-04-28", 1),
		"another name":            strings.Replace(string(raw), g.ID, "20260328T120000Z-00000000", 1),
		"half of it":              string(raw[:len(raw)/2]),
		"zeros":                   string(make([]byte, len(raw))),
		"nothing":                 "",
	} {
		ok(t, os.WriteFile(file, []byte(text), 0o600))
		if _, err := s.Key(g.ID); err == nil {
			t.Errorf("%s: the key opens", why)
		}
	}
	ok(t, os.WriteFile(file, raw, 0o600))
	if _, err := backup.OpenGenerations(dir, keyring(t, 2)).Key(g.ID); !errors.Is(err, seal.ErrOtherKey) {
		t.Errorf("another master key: %v", err)
	}
	for _, id := range []string{"../" + g.ID, "", ".", "absent"} {
		if _, err := s.Key(id); err == nil {
			t.Errorf("%q opens a key", id)
		}
		if err := s.Destroy(id, noon); err == nil {
			t.Errorf("%q destroys a key", id)
		}
	}
}

// TestTornFileStopsNoDestruction: what a crash left of one generation keeps none of the others from being destroyed, and is named (privacy.md 10.3).
func TestTornFileStopsNoDestruction(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "keys")
	s := backup.OpenGenerations(dir, keyring(t, 1))
	var ids []string
	for i := range 3 {
		g, _, err := s.Make(noon.Add(time.Duration(i)*day), 30)
		ok(t, err)
		ids = append(ids, g.ID)
	}
	file := func(id, kind string) string { return filepath.Join(dir, id+kind) }
	ok(t, os.WriteFile(file(ids[0], ".destroyed"), nil, 0o600))
	ok(t, os.WriteFile(file("20260301T000000Z-empty", ".key"), nil, 0o600))
	ok(t, os.WriteFile(filepath.Join(dir, "new-1.tmp"), []byte("half"), 0o600)) // never given its name

	overdue, err := s.Overdue(noon.AddDate(0, 0, 31), 30)
	if err == nil || !strings.Contains(err.Error(), "20260301T000000Z-empty") || !strings.Contains(err.Error(), ids[0]) {
		t.Errorf("the torn files are not named: %v", err)
	}
	if len(overdue) != 1 || overdue[0].ID != ids[1] {
		t.Errorf("overdue are %+v, want %s", overdue, ids[1])
	}
	if _, err := os.Stat(file(ids[0], ".key")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the key beside an empty record of its destruction is still there")
	}
	ok(t, s.Destroy(ids[1], noon.AddDate(0, 0, 31)))
	ok(t, s.Destroy(ids[0], noon.AddDate(0, 0, 31))) // as destroyed as it will be
	if _, err := os.Stat(file(ids[1], ".key")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("an overdue key was not destroyed")
	}
	if g, _, err := s.Current(noon.AddDate(0, 0, 2), 30, day); err != nil || g.ID != ids[2] {
		t.Errorf("a backup is made under %q, %v; want %s", g.ID, err, ids[2])
	}
}
