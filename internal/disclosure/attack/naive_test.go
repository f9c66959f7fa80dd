package attack_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// naive publishes one cell as a policy says.
type naive func(p *publication, c *crowd, release int, at map[string]string, n int64)

// where writes an address in the order of the dimensions.
func (c *crowd) where(at map[string]string) string {
	var out []string
	for _, d := range c.dims {
		if code, ok := at[d.Name]; ok {
			out = append(out, d.Name+"="+code)
		}
	}
	return strings.Join(out, " ")
}

// hideSmall hides what is below 5 and nothing else.
func hideSmall(p *publication, c *crowd, _ int, at map[string]string, n int64) {
	if n > 0 && n < 5 {
		p.hide(c.where(at))
		return
	}
	p.count(c.where(at), n)
}

// twoInLine hides the two smallest of every row and column of finest cells that has one below 5, as many offices do.
func twoInLine(p *publication, c *crowd, release int, at map[string]string, n int64) {
	hidden := false
	for d, name := range []string{"ward", "", "q"} {
		if name == "" || !slices.Contains(c.leaves[0], at["ward"]) || !slices.Contains(c.leaves[2], at["q"]) {
			continue
		}
		var line []int64
		before := 0 // how many of the line come before this one, the smallest first
		for _, leaf := range c.leaves[d] {
			other := maps.Clone(at)
			other[name] = leaf
			m := c.count(release, other)
			line = append(line, m)
			if m < n || m == n && leaf < at[name] {
				before++
			}
		}
		hidden = hidden || before < 2 && slices.Min(line) < 5
	}
	if hidden {
		p.hide(c.where(at))
		return
	}
	p.count(c.where(at), n)
}

// TestNaivePolicies publishes invented people by policies in use that protect nothing: each must be broken, in the way
// its row says, and what is found must be true of the people. If the attack fails here, "nothing broken" means nothing.
func TestNaivePolicies(t *testing.T) {
	for _, test := range []struct {
		why      string
		releases int
		mode     attack.Mode
		tables   [][]int
		publish  naive
		kinds    []attack.Kind
	}{
		{"only small cells hidden: totals less the others (disclosure.md A1)", 1, attack.Static, [][]int{{0, 2}, {1, 2}}, hideSmall,
			[]attack.Kind{attack.KindExact}},
		{"group disclosure: counts as they are, of groups that agree (A6, R4)", 1, attack.Static, [][]int{{0, 1, 2}}, func(p *publication, c *crowd, _ int, at map[string]string, n int64) {
			p.count(c.where(at), n)
		}, []attack.Kind{attack.KindAttribute}},
		{"rounded to 5, beside means of the exact answers (A17)", 1, attack.Static, [][]int{{0, 2}}, func(p *publication, c *crowd, release int, at map[string]string, n int64) {
			p.rounded(c.where(at), n)
			if at["q"] == "" && n > 0 {
				p.cell(c.where(at), attack.Cell{Measure: attack.Mean, Over: "q", Value: c.mean(release, at, n)})
			}
		}, []attack.Kind{attack.KindUnpicked}},
		{"small cells hidden, beside percentages of exact counts (A16)", 1, attack.Static, [][]int{{0, 1, 2}}, func(p *publication, c *crowd, release int, at map[string]string, n int64) {
			if at["ward"] != "" && at["q"] != "" && n < 10 {
				p.hide(c.where(at))
				if whole := c.count(release, without(at, "q")); whole > 0 {
					p.cell(c.where(at), attack.Cell{Measure: attack.Percent, Over: "q", Value: number((2000*n+whole)/(2*whole), 1)})
				}
				return
			}
			p.count(c.where(at), n)
		}, []attack.Kind{attack.KindExact}},
		{"two hidden in every line with a small cell, and their areas shown (A3)", 1, attack.Static, [][]int{{0, 2}}, twoInLine,
			[]attack.Kind{attack.KindExact}},
		{"releases protected one by one, and subtracted (A10)", 2, attack.Append, [][]int{{0, 2}}, func(p *publication, c *crowd, _ int, at map[string]string, n int64) {
			if len(at) < 2 {
				p.count(c.where(at), n)
			} else {
				p.hide(c.where(at))
			}
		}, []attack.Kind{attack.KindJoiners}},
	} {
		found := map[attack.Kind]int{}
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 77))
			c := gather(r, 60+r.IntN(60), test.mode, test.releases)
			if test.releases > 1 { // nearly everybody is in both
				for i := range c.in {
					c.in[i] = 1<<test.releases - 1
				}
				for i := range 3 {
					c.in[i] = 2
				}
			}
			for i := range c.leaves[2] {
				c.dims[2].Codes[i].Score = number(int64(i+1), 0)
			}
			p := publish(c.dims...)
			for release := range test.releases {
				p.release = fmt.Sprint(release)
				for i, table := range test.tables {
					p.table = fmt.Sprint("t", i)
					c.each(table, map[string]string{}, func(at map[string]string) {
						test.publish(p, c, release, at, c.count(release, at))
					})
				}
			}
			p.in.Mode = test.mode
			o := attack.Default()
			o.Rounded = true
			report := run(t, p.in, o)
			for _, f := range report.Broken {
				found[f.Kind]++
				c.isTrue(t, test.why, f)
			}
		}
		for _, kind := range test.kinds {
			if found[kind] < 6 {
				t.Errorf("%s: %d of kind %s in six publications: the attack does not bite (%v)", test.why, found[kind], kind, found)
			}
		}
	}
}

// mean is the mean score of a group, as printed with two decimals: the codes of q have 1, 2 and 3.
func (c *crowd) mean(release int, at map[string]string, n int64) *attack.Decimal {
	sum := int64(0)
	for i, leaf := range c.leaves[2] {
		here := maps.Clone(at)
		here["q"] = leaf
		sum += int64(i+1) * c.count(release, here)
	}
	return number((200*sum+n)/(2*n), 2)
}

func (c *crowd) isTrue(t *testing.T, why string, f attack.Finding) {
	t.Helper()
	at := map[string]string{}
	for _, pair := range strings.Fields(f.Cell) {
		d, code, _ := strings.Cut(pair, "=")
		at[d] = code
	}
	of, _ := strconv.Atoi(f.Release)
	n := c.count(of, at)
	switch f.Kind {
	case attack.KindAttribute:
		d, code, _ := strings.Cut(f.Answer, "=")
		n = c.cohort(f, at)
		at[d] = code
		n -= c.cohort(f, at)
	case attack.KindJoiners, attack.KindLeavers:
		n = c.cohort(f, at)
	}
	if n < f.Lo || n > f.Hi {
		t.Errorf("%s: %d is not what was found: %+v", why, n, f)
	}
}
