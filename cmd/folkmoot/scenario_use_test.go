//go:build !race

package main

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// usefulness is what a release of 1,500 responses still tells (disclosure.md 3.7).
type usefulness struct {
	truth            map[[2]string]int // table|row and column, "" for the base
	headline, hidden int
	cells            int
}

// count notes the true count behind a printed one.
func (u *usefulness) count(f figure, real int) {
	column := f.column
	if f.measure == "base" {
		column = ""
	}
	u.truth[[2]string{f.table + "|" + f.row, column}] = real
	u.cells++
	if f.value == "[c]" {
		u.hidden++
		if f.row == "total" {
			u.headline++
		}
	}
}

// check holds the release against the targets: no headline figure hidden, at most 35 % of cells hidden after the ladder, percentages within 2.5
// points at a base of 100 and more.
func (u *usefulness) check(t *testing.T, figures []figure) {
	t.Helper()
	worst, compared := 0.0, 0
	for _, f := range figures {
		base := u.truth[[2]string{f.table + "|" + f.row, ""}]
		real, known := u.truth[[2]string{f.table + "|" + f.row, f.column}]
		if f.measure != "percent" || f.value == "[c]" || !known || base < 100 {
			continue
		}
		shown, err := strconv.ParseFloat(f.value, 64)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		worst = max(worst, math.Abs(shown-100*float64(real)/float64(base)))
	}
	share := 100 * float64(u.hidden) / float64(u.cells)
	t.Logf("%d counts, %.1f %% hidden, %d of them headlines; %d percentages at a base of 100 and more, the furthest %.2f points from the truth", u.cells, share, u.headline, compared, worst)
	if u.headline > 0 {
		t.Errorf("%d headline figures are hidden", u.headline)
	}
	if share > 35 {
		t.Errorf("%.1f %% of cells are hidden", share)
	}
	if worst > 2.5 || compared < 20 {
		t.Errorf("a percentage is %.2f points from the truth; %d compared", worst, compared)
	}
}

// attackDownloaded exports the JSON that a partner downloaded and attacks it, as anybody can.
func attackDownloaded(t *testing.T, file string) {
	t.Helper()
	dir := t.TempDir()
	name, cells := filepath.Join(dir, "release.json"), filepath.Join(dir, "cells")
	if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var said output
	if code := run(t.Context(), []string{"release", "export", "-format", "cells", "--out", cells, name}, &said, &said); code != 0 {
		t.Fatalf("export: exit status %d: %s", code, said.String())
	}
	if code := run(t.Context(), []string{"attack", cells}, &said, &said); code != 0 || strings.Contains(said.String(), ", 0\nunknowns") {
		t.Errorf("attack: exit status %d: %s", code, said.String())
	}
	for _, bad := range []string{"{}", "not JSON", `{"format":"folkmoot-release-1","tables":[{"rows":[{"counts":["1"]}]}],"dimensions":[{}]}`} {
		if err := os.WriteFile(name, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if code := run(t.Context(), []string{"release", "export", "--out", filepath.Join(dir, "bad"), name}, &said, &said); code != 2 {
			t.Errorf("%q: exit status %d", bad, code)
		}
	}
}
