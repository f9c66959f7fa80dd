package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/plain"
)

// keyed reads cells.csv: each figure by its place in the table, as value, lo, hi and status.
func keyed(t *testing.T, dir string) map[string][4]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "cells.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][4]string{}
	for _, r := range rows[1:] {
		if r[2] != "count" {
			t.Errorf("a %s is printed: only counts are perturbed", r[2])
		}
		out[r[1]+"|"+strings.Join(r[8:], "|")] = [4]string{r[4], r[5], r[6], r[7]}
	}
	return out
}

const cellKeyPolicy = "method: cell_key\n"

// TestCellKeys is the option of disclosure.md 3.5 that is compatible with the Office for National Statistics: the same people have the same figures, every figure
// holds its bounds, nothing below 10 is printed, and what is printed withstands the attack that knows the bound.
func TestCellKeys(t *testing.T) {
	everybody := people(upTo(0, 6000)...)
	in := plainInput(t, everybody, "policy.yaml", cellKeyPolicy)
	first, said := protectFiles(t, 0, in)
	if !strings.Contains(said, "Perturbed and attacked") {
		t.Error(said)
	}
	truth := map[string]int{}
	lines := strings.Split(strings.TrimSpace(everybody), "\n")[1:]
	for _, line := range lines {
		f := strings.Split(line, ",")
		q := f[3]
		if q == "" {
			q = "(none)"
		}
		for _, key := range []string{"all|||" + q, "all|||", "wards|" + f[1] + "||" + q, "wards|" + f[1] + "||", "groups||" + f[2] + "|" + q, "groups||" + f[2] + "|"} {
			truth[key]++
		}
	}
	figures := keyed(t, first)
	exact, compared := 0, 0
	for key, n := range truth {
		f, ok := figures[key]
		if !ok {
			t.Errorf("%s is missing", key)
			continue
		}
		lo, _ := strconv.Atoi(f[1])
		hi, _ := strconv.Atoi(f[2])
		if n < lo || n > hi || hi-lo < 10 {
			t.Errorf("%s: %d is said to be from %d to %d", key, n, lo, hi)
		}
		if compared++; f[3] == "s" {
			if n >= 10+3 || f[0] != "" {
				t.Errorf("%s: %d is hidden, with value %q", key, n, f[0])
			}
			continue
		}
		if v, _ := strconv.Atoi(f[0]); v < 10 || v%5 != 0 || v < n-5 || v > n+5 {
			t.Errorf("%s: %d is printed as %d", key, n, v)
		} else if v == (n+2)/5*5 {
			exact++
		}
	}
	if compared < 40 || exact == compared {
		t.Errorf("%d figures, %d of them as without perturbation", compared, exact)
	}
	second, _ := protectFiles(t, 0, in, "-earlier", first)
	for key, f := range keyed(t, second) {
		if f != figures[key] {
			t.Errorf("%s: the same people are %v and then %v: asking often takes the noise off (A19)", key, figures[key], f)
		}
	}
	third, _ := protectFiles(t, 0, plainInput(t, people(append(upTo(40, 6000), upTo(6100, 6700)...)...), "policy.yaml", cellKeyPolicy), "-earlier", first, "-earlier", second)
	var text output
	if code := run(t.Context(), []string{"attack", "--rounded", first, second, third}, &text, &text); code != 0 {
		t.Errorf("attack: exit status %d:\n%s", code, text.String())
	}
	secret, err := os.ReadFile(filepath.Join(third, "private/proof.json"))
	if err != nil || !strings.Contains(string(secret), `"p4999"`) {
		t.Errorf("the keys are not kept: %v", err)
	}
	entries, err := os.ReadDir(third)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(third, e.Name()))
		if err != nil || strings.Contains(string(content), "p4999") || strings.Contains(string(content), "Key") {
			t.Errorf("%s: an id or a key is published, or %v", e.Name(), err)
		}
	}
}

func TestCellKeysAreRefused(t *testing.T) {
	few := people(upTo(0, 2000)...)
	hidden, _ := protectFiles(t, 0, plainInput(t, few))
	perturbed, _ := protectFiles(t, 0, plainInput(t, people(upTo(0, 3000)...), "policy.yaml", cellKeyPolicy))
	for _, c := range []struct {
		why, policy, says string
		want              int
		args              []string
	}{
		{"disclosure.md 3.5: D is 3 at least", cellKeyPolicy + "perturbation: 2\n", "from 3 to 9", 2, nil},
		{"R2b: with 10 an empty cell could be printed", cellKeyPolicy + "perturbation: 10\n", "from 3 to 9", 2, nil},
		{"a perturbation of what is not perturbed", "perturbation: 4\n", "goes with the method cell_key", 2, nil},
		{"a method that there is not", "method: swapping\n", "neither suppression nor cell_key", 2, nil},
		{"A18: percentages of exact counts would unpick it", cellKeyPolicy + "measures: [count, pct]\n", "only counts", 2, nil},
		{"one method for all releases of the same people", cellKeyPolicy, "the method differs", 2, []string{"-earlier", hidden}},
		{"the other way round", "measures: [count]\n", "the method differs", 2, []string{"-earlier", perturbed}},
		{"another bound would be other noise of the same figure", cellKeyPolicy + "perturbation: 5\n", "the perturbation differs", 2, []string{"-earlier", perturbed}},
	} {
		if _, said := protectFiles(t, c.want, plainInput(t, few, "policy.yaml", c.policy), c.args...); !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", c.why, said)
		}
	}
	for _, c := range []struct {
		why, responses, policy, says string
		args                         []string
	}{
		{"noise is for large surveys", people(upTo(0, 999)...), "", "Fewer than 1000 people", nil},
		{"R10", people(upTo(0, 3010)...), "", "At least 140 more responses", []string{"-earlier", perturbed}},
		{"R2, R3 as the council has them", people(upTo(0, 1200)...), "base_threshold: 5000\ncell_threshold: 5000\n", "nothing to publish", nil},
	} {
		if _, said := protectFiles(t, 3, plainInput(t, c.responses, "policy.yaml", cellKeyPolicy+c.policy), c.args...); !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", c.why, said)
		}
	}
	strict, _ := protectFiles(t, 0, plainInput(t, people(upTo(0, 3000)...), "policy.yaml", cellKeyPolicy+"special_threshold: 900\n"))
	special := 0
	for key, f := range keyed(t, strict) {
		if at := strings.Split(key, "|"); at[2] != "" && f[3] == "p" {
			special++
			if v, _ := strconv.Atoi(f[0]); v < 900 {
				t.Errorf("R2: %s of a special category is printed as %s, and the threshold is 900", key, f[0])
			}
		}
	}
	if special == 0 {
		t.Error("no group is printed")
	}
}

// TestWhatAttackBreaksIsRefused: files by which somebody can learn something are not published, whatever made them.
func TestWhatAttackBreaksIsRefused(t *testing.T) {
	in := plainInput(t, people(upTo(0, 1500)...), "policy.yaml", cellKeyPolicy)
	data, err := plain.Read(os.DirFS(in), nil)
	if err != nil {
		t.Fatal(err)
	}
	try := func(dir string) *plain.Release {
		t.Helper()
		release, err := data.Protect(t.Context(), "r01", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		files, err := release.Files("2026-03-01")
		if err != nil {
			t.Fatal(err)
		}
		if dir != "" {
			for _, name := range []string{"cells.csv", "dims.csv", "codes.csv"} {
				if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := (protectCommand{}).try(t.Context(), release, files, data.Policy); err != nil {
			t.Fatal(err)
		}
		return release
	}
	if r := try(naive(t, upTo(0, 900))); !r.Refused || len(r.Findings) < 2 || !strings.Contains(r.Findings[0], "work out") {
		t.Errorf("files that are not protected: refused %t, %q", r.Refused, r.Findings)
	}
	var said []string
	for range 4 { // keys are drawn anew, and now and then a draw itself can be worked out: then it has to be refused
		r := try("")
		if !r.Refused {
			return
		}
		said = append(said, r.Findings...)
	}
	t.Errorf("protected files are refused at every draw: %q", said)
}
