package attack_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// TestBoundsAgainstGLPK compares the bounds of hidden figures with those of glpsol over the finest cells, a model
// written from the people's tables and not from the attack's equations. It needs Debian's glpk-utils.
func TestBoundsAgainstGLPK(t *testing.T) {
	glpsol, err := exec.LookPath("glpsol")
	if err != nil {
		t.Log("NOT CROSS-CHECKED: glpsol is missing (Debian package glpk-utils; .ci/install glpk)")
		return
	}
	for _, test := range []struct {
		seed     uint64
		mode     attack.Mode
		releases int
		tables   [][]int
		every    int // of the bounds
	}{
		{0, attack.Static, 1, [][]int{{0, 1, 2}}, 5},
		{1, attack.Static, 1, [][]int{{0, 1, 2}}, 5},
		{2, attack.Static, 1, [][]int{{0, 1, 2}}, 5},
		{3, attack.Static, 1, [][]int{{0, 1, 2}}, 5},
		{4, attack.Static, 2, [][]int{{0, 2}}, 4},
		{5, attack.Append, 2, [][]int{{0, 2}}, 4},
		{6, attack.Append, 3, [][]int{{1, 2}}, 4},
		{7, attack.Churn, 2, [][]int{{1, 2}}, 2},
	} {
		r := rand.New(rand.NewPCG(test.seed, 2))
		c := gather(r, 60+r.IntN(100), test.mode, test.releases)
		in := c.publishAll(r, test.releases, test.tables)
		in.Mode = test.mode
		o := attack.Default()
		o.Bounds = true
		report := run(t, in, o)
		checked := 0
		for i, f := range report.Bounds {
			if i%test.every != 0 && (f.Hi-f.Lo > 8 || test.releases > 1) {
				continue // every narrow one of a single release and some of the others: each is four runs of glpsol
			}
			checked++
			name := fmt.Sprintf("seed %d, release %s of %d (%s): %s", test.seed, f.Release, test.releases, test.mode, f.Cell)
			m := model{c, in, test.mode, test.releases, glpsol}
			lo, hi := m.bound(t, f, "Minimize", false), m.bound(t, f, "Maximize", false)
			// Rounding inwards, and what follows from it, may only make the attack's interval smaller than the relaxed one.
			if float64(f.Lo) < lo-1e-6 || float64(f.Hi) > hi+1e-6 {
				t.Errorf("%s is %d to %d, glpsol says %g to %g", name, f.Lo, f.Hi, lo, hi)
			}
			ilo, ihi := m.bound(t, f, "Minimize", true), m.bound(t, f, "Maximize", true)
			if float64(f.Lo) > ilo+1e-6 || float64(f.Hi) < ihi-1e-6 {
				t.Errorf("%s is %d to %d, but in whole numbers %g to %g is possible", name, f.Lo, f.Hi, ilo, ihi)
			}
		}
		if checked < 3 {
			t.Errorf("seed %d: only %d bounds are cross-checked", test.seed, checked)
		}
	}
}

var objective = regexp.MustCompile(`Objective:\s+\S+ = (\S+)`)

// model is what was published as glpsol reads it: an unknown for every finest cell and every set of releases that
// somebody can be in.
type model struct {
	*crowd
	in       attack.Input
	mode     attack.Mode
	releases int
	glpsol   string
}

// cohorts are the sets of releases that somebody can be in, a bit for each.
func (m model) cohorts() []int {
	all := 1<<m.releases - 1
	var out []int
	for set := 1; set <= all; set++ {
		first := set & -set
		if m.mode == attack.Churn || set == all || m.mode == attack.Append && set == all&^(first-1) {
			out = append(out, set)
		}
	}
	return out
}

// terms writes factor times the cells of an address in a release plus base times those of a wider one.
func (m model) terms(release string, at map[string]string, factor float64, wider map[string]string, base float64) string {
	var b strings.Builder
	of, _ := strconv.Atoi(release)
	for _, set := range m.cohorts() {
		if set>>of&1 == 0 {
			continue
		}
		for w, g := range m.leaves[0] {
			for x, h := range m.leaves[1] {
				for y, q := range m.leaves[2] {
					sum := 0.0
					if m.holds(0, at, g) && m.holds(1, at, h) && m.holds(2, at, q) {
						sum += factor
					}
					if m.holds(0, wider, g) && m.holds(1, wider, h) && m.holds(2, wider, q) {
						sum += base
					}
					if sum != 0 {
						fmt.Fprintf(&b, " %+g x%d%d%dc%d\n", sum, w, x, y, set)
					}
				}
			}
		}
	}
	return b.String()
}

// bound writes the model in CPLEX format and returns what glpsol makes of a hidden figure.
func (m model) bound(t *testing.T, figure attack.Finding, goal string, whole bool) float64 {
	t.Helper()
	at := map[string]string{}
	for _, pair := range strings.Fields(figure.Cell) {
		d, code, _ := strings.Cut(pair, "=")
		at[d] = code
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n z: %s\nSubject To\n", goal, m.terms(figure.Release, at, 1, nil, 0))
	for _, f := range m.in.Cells {
		switch {
		case f.Measure == attack.Percent:
			base := without(f.Codes, "q")
			fmt.Fprintf(&b, "%s >= 0\n", m.terms(f.Release, f.Codes, 2000, base, -float64(2*f.Value.Units-1)))
			fmt.Fprintf(&b, "%s <= 0\n", m.terms(f.Release, f.Codes, 2000, base, -float64(2*f.Value.Units+1)))
		case f.Lo != nil:
			fmt.Fprintf(&b, "%s >= %d\n%s <= %d\n", m.terms(f.Release, f.Codes, 1, nil, 0), f.Lo.Units, m.terms(f.Release, f.Codes, 1, nil, 0), f.Hi.Units)
		case !f.Hidden:
			fmt.Fprintf(&b, "%s = %d\n", m.terms(f.Release, f.Codes, 1, nil, 0), f.Value.Units)
		}
	}
	if whole {
		b.WriteString("Generals\n")
		for _, set := range m.cohorts() {
			for w := range m.leaves[0] {
				for x := range m.leaves[1] {
					for y := range m.leaves[2] {
						fmt.Fprintf(&b, " x%d%d%dc%d\n", w, x, y, set)
					}
				}
			}
		}
	}
	b.WriteString("End\n")
	dir := t.TempDir()
	file, result := filepath.Join(dir, "model.lp"), filepath.Join(dir, "result.txt")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(m.glpsol, "--lp", file, "-o", result).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	found := objective.FindSubmatch(text)
	if found == nil || strings.Contains(string(text), "UNDEFINED") || strings.Contains(string(text), "INFEASIBLE") {
		t.Fatalf("glpsol found nothing:\n%.500s", text)
	}
	v, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// holds reports whether a leaf of a dimension fits an address.
func (c *crowd) holds(d int, at map[string]string, leaf string) bool {
	want, ok := at[c.dims[d].Name]
	return !ok || want == leaf || want == c.above[d][leaf]
}
