package attack_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// The known answers of disclosure.md section 4. Hidden cells are written -1-n, so that the margins are the true ones.

func hid(n int64) int64 { return -1 - n }

// TestSdcTable is the 4 by 4 table of sdcTable's tests/testthat/test-simpleheuristic.R: nine cells hidden, two at least in
// every line, and yet 47 is recovered. With one cell more hidden its interval is 0 to 78 (or 0 to 141 with sdcTable's own).
func TestSdcTable(t *testing.T) {
	table := func() [][]int64 {
		return [][]int64{{hid(30), hid(47), hid(64), 89}, {hid(90), 124, hid(5), 31}, {92, hid(100), 59, hid(85)}, {800, hid(991), 651, hid(685)}}
	}
	for _, test := range []struct {
		why    string
		extra  [2]int
		lo, hi int64
	}{
		{"two hidden cells a line are not enough", [2]int{-1, -1}, 47, 47},
		{"one more cell opens the interval", [2]int{1, 3}, 0, 78},
		{"the cell that sdcTable takes", [2]int{1, 1}, 0, 141},
	} {
		counts := table()
		if test.extra[0] >= 0 {
			counts[test.extra[0]][test.extra[1]] = hid(counts[test.extra[0]][test.extra[1]])
		}
		p := publish(dim("r", attack.Ordinary, names("r", 4)...), dim("c", attack.Ordinary, names("c", 4)...))
		p.twoWay(counts)
		o := attack.Default()
		o.Bounds = true
		r := run(t, p.in, o)
		if lo, hi := boundsOf(t, r, "r=r0 c=c1"); lo != test.lo || hi != test.hi {
			t.Errorf("%s: %d to %d, want %d to %d", test.why, lo, hi, test.lo, test.hi)
		}
		want := 0
		if test.lo == test.hi {
			want = 1
		}
		if got := r.Count(attack.KindExact); got != want || len(r.Broken) != want {
			t.Errorf("%s: %d recovered, want %d: %+v", test.why, got, want, r.Broken)
		}
	}
}

// TestTauArgusExample1 is batch test ex1 of tau-ARGUS: with the primary cell alone 137 is recovered; the expected
// pattern leaves an interval 623 wide.
func TestTauArgusExample1(t *testing.T) {
	dims := []attack.Dim{dim("r", attack.Ordinary, names("r", 4)...), dim("c", attack.Ordinary, names("c", 2)...)}
	p := publish(dims...)
	p.twoWay([][]int64{{895, hid(137)}, {753, 973}, {569, 486}, {540, 793}})
	if r := run(t, p.in, attack.Default()); !slices.Equal(broken(r, attack.KindExact), []string{"r=r0 c=c1||137-137"}) {
		t.Errorf("primary alone: %+v", r.Broken)
	}
	p = publish(dims...)
	p.twoWay([][]int64{{hid(895), hid(137)}, {753, 973}, {hid(569), hid(486)}, {540, 793}})
	o := attack.Default()
	o.Bounds = true
	r := run(t, p.in, o)
	if lo, hi := boundsOf(t, r, "r=r0 c=c1"); hi-lo != 623 || len(r.Broken) > 0 {
		t.Errorf("expected pattern: %d to %d, want a width of 623; %+v", lo, hi, r.Broken)
	}
}

// TestHandbookMeans is the SDC Handbook, chapter 5.7: counts 8, 12 and 20 are perturbed by two at most to 9, 14 and 19;
// exact means 11.25, 7.9167 and 9.25 beside them give the counts back. The means are of money spent, so each group has
// its mean as score and the mean of all is published over the groups.
func TestHandbookMeans(t *testing.T) {
	groups := scores(dim("g", attack.Ordinary, "a", "b"), 11250, 0)
	groups.Codes[0].Score, groups.Codes[1].Score = number(11250, 3), number(7917, 3)
	for _, only := range []bool{false, true} {
		p := publish(groups)
		p.between("g=a", 9, 7, 11)
		p.between("g=b", 14, 12, 16)
		p.between("", 19, 17, 21)
		p.cell("", attack.Cell{Measure: attack.Mean, Over: "g", Value: number(9250, 3)})
		o := attack.Default()
		o.Rounded = only
		r := run(t, p.in, o)
		found := map[string]int64{}
		for _, f := range append(r.Unpicked, r.Broken...) {
			found[f.Cell] = f.Lo
		}
		if len(found) != 3 || found["g=a"] != 8 || found["g=b"] != 12 || found[""] != 20 {
			t.Errorf("recovered %v, want 8, 12 and 20", found)
		}
		if (len(r.Broken) == 3) != only {
			t.Errorf("rounding as only protection %v: broken %+v", only, r.Broken)
		}
	}
}

// TestSevenPersonBlock rebuilds the seven-person block of Garfinkel, Abowd and Martindale (ACM Queue 2019) from its
// counts, means and medians. That a median is 30 is told as how many are at most and at least 30. The figures are as
// the article is generally quoted: they agree with each other, but were not compared with the printed table.
func TestSevenPersonBlock(t *testing.T) {
	const oldest = 100
	age := attack.Dim{Name: "age", Complete: true}
	for _, m := range []int{24, 30, 36, 51} {
		age.Codes = append(age.Codes, attack.Code{Name: fmt.Sprintf("to%d", m)}, attack.Code{Name: fmt.Sprintf("from%d", m)})
	}
	age.Codes = append(age.Codes, attack.Code{Name: "adult"})
	for a := range int64(oldest + 1) {
		c := attack.Code{Name: fmt.Sprint(a), Score: number(a, 0)}
		for _, m := range []int64{24, 30, 36, 51} {
			if a <= m {
				c.Parents = append(c.Parents, fmt.Sprintf("to%d", m))
			}
			if a >= m {
				c.Parents = append(c.Parents, fmt.Sprintf("from%d", m))
			}
		}
		if a >= 15 {
			c.Parents = append(c.Parents, "adult")
		}
		age.Codes = append(age.Codes, c)
	}
	p := publish(age, dim("sex", attack.Ordinary, "f", "m"), dim("race", attack.Ordinary, "b", "w"), dim("status", attack.Ordinary, "married", "single"))
	statistic := func(at string, n, median int64, mean *attack.Decimal) {
		p.count(at, n)
		half := n/2 + n%2
		if median > 0 {
			p.between(fmt.Sprintf("%s age=to%d", at, median), half, half, n)
			p.between(fmt.Sprintf("%s age=from%d", at, median), half, half, n)
		}
		p.cell(at, attack.Cell{Measure: attack.Mean, Over: "age", Value: mean})
	}
	statistic("", 7, 30, number(380, 1))
	statistic("sex=f", 4, 30, number(335, 1))
	statistic("sex=m", 3, 30, number(440, 1))
	statistic("race=b", 4, 51, number(485, 1))
	statistic("race=w", 3, 24, number(240, 1))
	statistic("status=married", 4, 51, number(540, 1))
	statistic("race=b sex=f", 3, 36, number(367, 1))
	p.count("status=married age=adult", 4)
	for _, sex := range []string{"f", "m"} {
		for _, race := range []string{"b", "w"} {
			for _, status := range []string{"married", "single"} {
				for a := range oldest + 1 {
					p.hide(fmt.Sprintf("age=%d sex=%s race=%s status=%s", a, sex, race, status))
				}
			}
		}
	}
	r := run(t, p.in, attack.Default())
	people := map[string]bool{}
	for _, f := range r.Broken {
		if strings.Count(f.Cell, "=") == 4 && f.Lo > 0 {
			people[f.Cell] = true
			if f.Hi > 1 {
				t.Errorf("%+v", f)
			}
		}
	}
	// Three of the seven are certain by linear programming alone; all cells are known to less than the width.
	want := map[string]bool{"age=18 sex=m race=w status=single": true, "age=36 sex=f race=b status=married": true, "age=84 sex=m race=b status=married": true}
	if !maps.Equal(people, want) {
		t.Errorf("found %v, want %v", people, want)
	}
	if len(r.Broken) < 8*(oldest+1) {
		t.Errorf("only %d of %d hidden cells are known to less than %d", len(r.Broken), 8*(oldest+1), 5)
	}
}
