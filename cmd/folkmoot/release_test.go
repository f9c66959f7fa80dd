package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/internal/export"
	"folkmoot/internal/seal"
)

// TestReleaseVerify: a partner tells the council's files from others with the public key alone.
func TestReleaseVerify(t *testing.T) {
	dir := t.TempDir()
	council, err := seal.CreateMaster(filepath.Join(dir, "council.key"))
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := seal.CreateMaster(filepath.Join(dir, "stranger.key"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const figures = "release,value\nr1,45\n"
	good := write("release-r1.csv", figures)
	sums := "folkmoot release r1\nWemsley: Totals\n" + (export.File{Content: []byte(figures)}).Sum() + "  release-r1.csv\n"
	signed, err := council.SignNote(seal.ReleaseNote, sums)
	if err != nil {
		t.Fatal(err)
	}
	write("release-r1.sums.txt", string(signed))
	forged, err := stranger.SignNote(seal.ReleaseNote, sums)
	if err != nil {
		t.Fatal(err)
	}
	key := write("release-key.txt", council.NoteKey(seal.ReleaseNote)+"\n")
	for _, c := range []struct {
		why  string
		args []string
		code int
		says string
	}{
		{"the council's file", []string{good}, 0, "as the council signed it"},
		{"a changed copy", []string{"--sums", filepath.Join(dir, "release-r1.sums.txt"), rename(t, write("x.csv", figures+" "), "copy/release-r1.csv")}, 1, "CHANGED"},
		{"a file of another name", []string{"--sums", filepath.Join(dir, "release-r1.sums.txt"), write("release-r2.csv", figures)}, 1, "NOT in the council's list"},
		{"a list that a stranger signed", []string{"--sums", write("forged.txt", string(forged)), good}, 1, "NOT signed by this council"},
		{"a list that was changed", []string{"--sums", write("changed.txt", strings.Replace(string(signed), "Totals", "Totalz", 1)), good}, 1, "NOT signed"},
		{"no list", []string{rename(t, write("y.csv", figures), "alone/release-r1.csv")}, 1, "--sums"},
	} {
		var out output
		code := run(t.Context(), append([]string{"release", "verify", "--key", key}, c.args...), &out, &out)
		if code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%s: exit %d, %s", c.why, code, out.String())
		}
	}
}

func rename(t *testing.T, from, to string) string {
	t.Helper()
	to = filepath.Join(filepath.Dir(from), to)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	return to
}
