package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/internal/plain"
)

const (
	plainDims  = "dim,role,complete\nward,,yes\neth,special,yes\nq,sensitive,yes\n"
	plainCodes = "dim,code,parent,score\nward,w1,north,\nward,w2,north,\nward,w3,south,\nward,w4,south,\nward,w1,coast,\nward,w3,coast,\nward,north,,\nward,south,,\nward,coast,,\n" +
		"eth,a,,\neth,b,,\neth,c,,\nq,5,good,5\nq,4,good,4\nq,3,,3\nq,2,bad,2\nq,1,bad,1\nq,good,,\nq,bad,,\n"
	plainTables = "table,dims\nall,q\nwards,ward q\ngroups,eth q\n"
)

// people writes responses.csv of the people with these numbers; the same number always answers the same.
func people(numbers ...int) string {
	var b strings.Builder
	b.WriteString("id,ward,eth,q\n")
	for _, n := range numbers {
		r := rand.New(rand.NewPCG(uint64(n), 7))
		q := fmt.Sprint(1 + r.IntN(5))
		if r.IntN(20) == 0 {
			q = ""
		}
		fmt.Fprintf(&b, "p%d,w%d,%s,%s\n", n, 1+r.IntN(4), []string{"a", "a", "a", "a", "b", "b", "c"}[r.IntN(7)], q)
	}
	return b.String()
}

func upTo(from, to int) (out []int) {
	for n := from; n < to; n++ {
		out = append(out, n)
	}
	return out
}

func plainInput(t *testing.T, responses string, more ...string) string {
	t.Helper()
	return folder(t, append([]string{"responses.csv", responses, "tables.csv", plainTables, "dims.csv", plainDims, "codes.csv", plainCodes}, more...)...)
}

// protectFiles runs the command and returns the folder of the release.
func protectFiles(t *testing.T, want int, in string, args ...string) (string, string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "release")
	var text output
	if code := run(t.Context(), append([]string{"protect", "-in", in, "-out", out}, args...), &text, &text); code != want {
		t.Fatalf("exit status %d, want %d:\n%s", code, want, text.String())
	}
	return out, text.String()
}

// Releases made one after the other, of people who join and leave, give nothing away together (disclosure.md section 2, A2, A4, A10, A11, A22);
// protected one by one they do.
func TestProtectedFilesWithstandTheAttack(t *testing.T) {
	first, said := protectFiles(t, 0, plainInput(t, people(upTo(0, 900)...)))
	if !strings.Contains(said, "Protected and audited") {
		t.Error(said)
	}
	later := plainInput(t, people(append(upTo(3, 900), upTo(1000, 1080)...)...))
	second, _ := protectFiles(t, 0, later, "-earlier", first)
	third, _ := protectFiles(t, 0, plainInput(t, people(append(upTo(3, 900), upTo(1000, 1080)...)...), "policy.yaml", "measures: [count]\n"), "-earlier", first, "-earlier", second)
	attacked := func(want int, dirs ...string) string {
		t.Helper()
		var text output
		if code := run(t.Context(), append([]string{"attack"}, dirs...), &text, &text); code != want {
			t.Errorf("attack on %d releases: exit status %d, want %d:\n%.3000s", len(dirs), code, want, text.String())
		}
		return text.String()
	}
	for _, dirs := range [][]string{{first}, {second}, {first, second}, {first, second, third}} {
		if said := attacked(0, dirs...); strings.Contains(said, "figures published, hidden  0") {
			t.Error("nothing was published")
		}
	}
	meta, err := os.ReadFile(filepath.Join(second, "meta.csv"))
	if err != nil || !strings.Contains(string(meta), "releases,churn") {
		t.Errorf("people joined and left: %s %v", meta, err)
	}
	attacked(1, naive(t, upTo(0, 900)))
}

// naive publishes every count and hides only those below 5.
func naive(t *testing.T, numbers []int) string {
	t.Helper()
	counts := map[[2]string]int{}
	for _, line := range strings.Split(strings.TrimSpace(people(numbers...)), "\n")[1:] {
		f := strings.Split(line, ",")
		for _, ward := range []string{"", f[1]} {
			for _, eth := range []string{"", f[2]} {
				counts[[2]string{ward, eth}]++
			}
		}
	}
	cells := strings.Join(plain.CellColumns, ",") + ",ward,eth\n"
	for at, n := range counts {
		value, status := fmt.Sprint(n), "p"
		if at[0] != "" && at[1] == "c" && at[0] != "w1" { // two per line would be needed
			cells += fmt.Sprintf("r01,t,count,,%s,,,%s,%s,%s\n", value, status, at[0], at[1])
			continue
		}
		if at[0] == "w1" && at[1] == "c" {
			value, status = "", "s"
		}
		cells += fmt.Sprintf("r01,t,count,,%s,,,%s,%s,%s\n", value, status, at[0], at[1])
	}
	return folder(t, "dims.csv", plainDims, "codes.csv", plainCodes, "cells.csv", cells)
}

func TestWhatAProtectedFolderHolds(t *testing.T) {
	out, _ := protectFiles(t, 0, plainInput(t, people(upTo(0, 400)...)))
	cells, err := os.ReadFile(filepath.Join(out, "cells.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for why, line := range map[string]string{
		"the columns of the format":                  "release,table,measure,over,value,lo,hi,status,ward,eth,q\n",
		"everybody is exact":                         "r01,all,count,,400,,,p,,,\n",
		"a level above":                              ",p,north,,good\n",
		"one that does not nest with it":             ",p,coast,,good\n",
		"not answered is an answer":                  ",(none)\n",
		"percentages of the answers":                 "r01,wards,pct,q,",
		"means of the scored dimension":              "r01,all,mean,q,",
		"hidden figures have no value and no bounds": ",count,,,,,s,",
	} {
		if !strings.Contains(string(cells), line) {
			t.Errorf("%s: no %q", why, line)
		}
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(string(cells), "\n") {
		f := strings.Split(line, ",")
		if len(f) < 11 {
			continue
		}
		key := strings.Join(append(f[:4:4], f[8:]...), ",")
		if seen[key] {
			t.Errorf("a figure is there twice: %s", line)
		}
		seen[key] = true
		if f[2] == "count" && f[7] == "p" && f[8]+f[9] != "" {
			var v, lo, hi int
			if _, err := fmt.Sscan(f[4], &v); err != nil || v%5 != 0 {
				t.Errorf("not rounded: %s", line)
			}
			fmt.Sscan(f[5], &lo)
			fmt.Sscan(f[6], &hi)
			if lo != max(0, v-2) || hi != v+2 {
				t.Errorf("the reader is told %d to %d: %s", lo, hi, line)
			}
		}
	}
	for _, name := range []string{"report.html", "report.json", "dims.csv", "codes.csv"} {
		raw, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Error(err)
		}
		for _, secret := range []string{"R2", "R3", "secondary\"", "seed", "p17"} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("%s holds %q, which is not for readers (R13)", name, secret)
			}
		}
	}
	if info, err := os.Stat(filepath.Join(out, "private")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("private/ must be closed to others: %v %v", info, err)
	}
	var kept struct{ State, Certificate any }
	raw, err := os.ReadFile(filepath.Join(out, "private/proof.json"))
	if err != nil || json.Unmarshal(raw, &kept) != nil || kept.State == nil {
		t.Error("the next release has nothing to go on")
	}
	var text output
	if code := run(t.Context(), []string{"protect", "-in", plainInput(t, people(upTo(0, 400)...)), "-out", out}, &text, &text); code != 2 {
		t.Errorf("a folder that is in use: exit status %d: %s", code, text.String())
	}
}

func TestProtectRefuses(t *testing.T) {
	for why, c := range map[string]struct{ responses, says string }{
		"an empty survey": {"id,ward,eth,q\n", "Fewer than 10 people"},
		"one respondent":  {"id,ward,eth,q\nx,w1,a,5\n", "Fewer than 10 people"},
	} {
		out, said := protectFiles(t, 3, plainInput(t, c.responses))
		if !strings.Contains(said, c.says) {
			t.Errorf("%s: the reason is not said: %s", why, said)
		}
		if _, err := os.Stat(filepath.Join(out, "cells.csv")); err == nil {
			t.Errorf("%s: there are cells", why)
		}
		if raw, err := os.ReadFile(filepath.Join(out, "private/report.json")); err != nil || !strings.Contains(string(raw), c.says) {
			t.Errorf("%s: the findings are not kept: %v", why, err)
		}
	}
	out, said := protectFiles(t, 3, plainInput(t, people(upTo(0, 3000)...)), "--within", "1ms")
	if _, err := os.Stat(out); err == nil || !strings.Contains(said, "nothing is released") {
		t.Errorf("after the limit: %s", said)
	}
	first, _ := protectFiles(t, 0, plainInput(t, people(upTo(0, 400)...)))
	if _, said := protectFiles(t, 3, plainInput(t, people(upTo(0, 410)...)), "-earlier", first); !strings.Contains(said, "At least 40 more responses") {
		t.Errorf("ten joined (R10): %s", said)
	}
	changed := people(upTo(0, 401)...)
	for n := range 120 {
		changed = strings.Replace(changed, fmt.Sprintf("\np%d,w1,", n), fmt.Sprintf("\np%d,w2,", n), 1)
		changed = strings.Replace(changed, fmt.Sprintf("\np%d,w3,", n), fmt.Sprintf("\np%d,w4,", n), 1)
	}
	if _, said := protectFiles(t, 3, plainInput(t, changed), "-earlier", first); !strings.Contains(said, "At least 50 more responses") {
		t.Errorf("one joined, and dozens moved house: they do not hide who joined (R10): %s", said)
	}
}

// Everyone in one cell: that all gave one answer is not told (R4).
func TestProtectHidesWhatEverybodySaid(t *testing.T) {
	same := "id,ward,eth,q\n"
	for n := range 300 {
		same += fmt.Sprintf("p%d,w1,a,5\n", n)
	}
	out, _ := protectFiles(t, 0, plainInput(t, same))
	cells, err := os.ReadFile(filepath.Join(out, "cells.csv"))
	if err != nil || !strings.Contains(string(cells), "r01,all,count,,,,,s,,,5\n") || strings.Contains(string(cells), ",p,w1,") {
		t.Errorf("%v\n%s", err, cells)
	}
}

func TestProtectNamesFileAndLine(t *testing.T) {
	good := people(upTo(0, 60)...)
	for _, c := range []struct{ why, file, content, says string }{
		{"a code that is nowhere", "responses.csv", "id,ward,eth,q\na,w9,a,5\n", `responses.csv:2: the code "w9" of "ward" is not in codes.csv`},
		{"a parent as an answer", "responses.csv", "id,ward,eth,q\na,north,a,5\n", "responses.csv:2: the code \"north\" of \"ward\" is a parent of others"},
		{"the same person twice", "responses.csv", "id,ward,eth,q\na,w1,a,5\na,w1,a,5\n", "responses.csv:3: a response needs an id of its own; this one is empty or was on line 2"},
		{"a column is missing", "responses.csv", "id,ward,q\na,w1,5\n", `responses.csv:1: the column "eth" is missing`},
		{"a line is too short", "responses.csv", "id,ward,eth,q\na,w1\n", "responses.csv:2: wrong number of fields"},
		{"an open quote", "responses.csv", "id,ward,eth,q\n\"a,w1,a,5\n", "responses.csv:"},
		{"not UTF-8", "responses.csv", "id,ward,eth,q\na,w1,\xff,5\n", "responses.csv:2: it is not UTF-8"},
		{"nothing", "responses.csv", "", "responses.csv:1: there is no header line"},
		{"a column twice", "responses.csv", "id,ward,ward,q\n", "responses.csv:1: the column \"ward\" is there twice"},
		{"a cycle in a hierarchy", "codes.csv", "dim,code,parent,score\nward,w1,w2,\nward,w2,w1,\neth,a,,\nq,5,,\n", "is its own ancestor"},
		{"a parent that is nowhere", "codes.csv", "dim,code,parent,score\nward,w1,n,\neth,a,,\nq,5,,\n", `codes.csv:2: the parent "n" of "w1" is not a code`},
		{"a negative score", "codes.csv", "dim,code,parent,score\nward,w1,,\neth,a,,\nq,5,,-1\n", `codes.csv:4: the score "-1"`},
		{"a score that is none", "codes.csv", "dim,code,parent,score\nward,w1,,\neth,a,,\nq,5,,NaN\n", `codes.csv:4: the score "NaN"`},
		{"a code twice", "codes.csv", "dim,code,parent,score\nward,w1,,\nward,w1,,\neth,a,,\nq,5,,\n", `codes.csv:3: the code "w1" is there twice`},
		{"a total as a code", "codes.csv", "dim,code,parent,score\nward,*,,\n", "codes.csv:2: a code cannot be \"*\""},
		{"an unknown role", "dims.csv", "dim,role,complete\nward,secret,yes\n", "dims.csv:2: the role \"secret\""},
		{"a dimension that is a column of cells.csv", "dims.csv", "dim,role,complete\nvalue,,yes\n", "dims.csv:2: a dimension cannot be called"},
		{"a table of an unknown dimension", "tables.csv", "table,dims\nt,ward age\n", `tables.csv:2: the dimension "age" is unknown`},
		{"a table twice", "tables.csv", "table,dims\nt,ward\nt,q\n", "tables.csv:3: the table \"t\" is there twice"},
		{"no table", "tables.csv", "table,dims\n", "tables.csv: there is no table to protect"},
		{"100 dimensions", "tables.csv", "table,dims\nt," + strings.Repeat("q ", 100) + "\n", "tables.csv:2: a table has from 1 to 5 dimensions, this one 100"},
		{"laxer rules than are allowed", "policy.yaml", "cell_threshold: 3\n", "policy.yaml: the rules are laxer than is allowed"},
		{"an unknown setting", "policy.yaml", "base_threshold: 10\nthreshold: 3\n", "policy.yaml:2:"},
		{"a setting that is no number", "policy.yaml", "k: many\n", "policy.yaml:1:"},
		{"an unknown measure", "policy.yaml", "measures: [median]\n", "the measure \"median\""},
	} {
		in := plainInput(t, good, c.file, c.content)
		if _, said := protectFiles(t, 2, in); !strings.Contains(said, c.says) {
			t.Errorf("%s: no %q in:\n%s", c.why, c.says, said)
		}
	}
	crlf := strings.ReplaceAll("\ufeff"+good, "\n", "\r\n")
	protectFiles(t, 0, plainInput(t, crlf)) // as a spreadsheet saves it
	first, _ := protectFiles(t, 0, plainInput(t, people(upTo(0, 400)...)))
	for why, c := range map[string]struct {
		says string
		args []string
	}{
		"the same release named twice":        {"name all before it", []string{"-earlier", first, "-earlier", first}},
		"other rules than the earlier one":    {"the rules differ", []string{"-earlier", first, "-policy", filepath.Join(folder(t, "p", "k: 2\n"), "p")}},
		"a label that does not sort after it": {"does not sort before", []string{"-earlier", first, "-release", "r00"}},
		"a folder that protect did not write": {"cannot be read", []string{"-earlier", folder(t)}},
	} {
		if _, said := protectFiles(t, 2, plainInput(t, people(upTo(0, 500)...)), c.args...); !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", why, said)
		}
	}
}
