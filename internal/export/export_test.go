package export_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/internal/export"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew); got:\n%s", path, got)
	}
}

func TestHarmless(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"a formula", "=1+1", "'=1+1"},
		{"an old formula", "+A1", "'+A1"},
		{"a call", "@SUM(A1)", "'@SUM(A1)"},
		{"minus and a call", "-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"},
		{"a tab before a formula", "\t=1", "'\t=1"},
		{"a carriage return before one", "\r=1", "'\r=1"},
		{"a line feed before one", "\n=1", "'\n=1"},
		{"blanks before one", "  =1", "'  =1"},
		{"full-width sign", "＝1", "'＝1"},
		{"a negative number stays a number", "-12.5", "-12.5"},
		{"a number", "45", "45"},
		{"not quite a number", "-12.", "'-12."},
		{"hidden", "[c]", "[c]"},
		{"words", "Tŷ — “braf”", "Tŷ — “braf”"},
		{"nothing", "", ""},
	} {
		if got := export.Harmless(c.in); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.why, c.in, got, c.want)
		}
	}
}

// failing fails after some bytes, as a full disk or a gone browser does.
type failing struct{ left int }

func (f *failing) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, os.ErrClosed
	}
	return len(b), nil
}

func TestErrorsOfTheWriterAreReported(t *testing.T) {
	r, f := release()
	d, each := answered()
	for why, write := range map[string]func() error{
		"release": func() error { return export.ReleaseCSV(&failing{}, r, f) },
		"json":    func() error { return export.ReleaseJSON(&failing{}, r, f) },
		"rows":    func() error { return export.ResponsesCSV(&failing{}, d, each, export.Plain) },
		"book":    func() error { return export.CodebookCSV(&failing{}, d, export.Spreadsheet) },
	} {
		if write() == nil {
			t.Errorf("%s: no error", why)
		}
	}
}
