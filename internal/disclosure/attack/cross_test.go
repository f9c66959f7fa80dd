package attack_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/disclosure/attack"
)

// crowd is invented people: a code of each dimension and the releases each is in.
type crowd struct {
	dims   []attack.Dim
	leaves [][]string
	above  []map[string]string
	people [][]int
	in     []uint // bit r: in release r
}

// gather invents n people over two wards in areas, groups and a question.
func gather(r *rand.Rand, n int, mode attack.Mode, releases int) *crowd {
	c := &crowd{dims: []attack.Dim{
		dim("ward", attack.Ordinary, "w0<north", "w1<north", "w2<south", "w3<south", "north", "south"),
		dim("group", attack.Special, "g0", "g1", "g2"),
		dim("q", attack.Sensitive, "a0<low", "a1<low", "a2", "low"),
	}}
	for d := range c.dims {
		var leaves []string
		above := map[string]string{}
		for _, code := range c.dims[d].Codes {
			if len(code.Parents) > 0 {
				above[code.Name] = code.Parents[0]
			}
			if code.Name != "north" && code.Name != "south" && code.Name != "low" {
				leaves = append(leaves, code.Name)
			}
		}
		c.leaves, c.above = append(c.leaves, leaves), append(c.above, above)
	}
	for range n {
		c.people = append(c.people, []int{r.IntN(4), r.IntN(r.IntN(3) + 1), r.IntN(3)})
		all := uint(1)<<releases - 1
		in := all
		switch {
		case mode == attack.Append:
			in = all &^ (1<<r.IntN(releases) - 1)
		case mode == attack.Churn && r.IntN(5) == 0:
			in = uint(r.IntN(int(all))) + 1
		}
		c.in = append(c.in, in)
	}
	return c
}

// count returns how many in the release fit the address.
func (c *crowd) count(release int, at map[string]string) int64 {
	n := int64(0)
next:
	for i, p := range c.people {
		if c.in[i]>>release&1 == 0 {
			continue
		}
		for d := range c.dims {
			leaf := c.leaves[d][p[d]]
			if want, ok := at[c.dims[d].Name]; ok && want != leaf && want != c.above[d][leaf] {
				continue next
			}
		}
		n++
	}
	return n
}

// publishAll publishes tables of the dimensions named, hiding and rounding at random.
func (c *crowd) publishAll(r *rand.Rand, releases int, tables [][]int) attack.Input {
	p := publish(c.dims...)
	for release := range releases {
		p.release = fmt.Sprint(release)
		for t, table := range tables {
			p.table = fmt.Sprint("t", t)
			c.each(table, map[string]string{}, func(at map[string]string) {
				n := c.count(release, at)
				var where []string
				for d, code := range at {
					where = append(where, d+"="+code)
				}
				cell := strings.Join(where, " ")
				switch x := r.IntN(10); {
				case n < 3 && len(at) > 0 || x < 2:
					p.hide(cell)
				case x < 5:
					p.rounded(cell, n)
				default:
					p.count(cell, n)
				}
				if whole := c.count(release, without(at, "q")); at["q"] != "" && whole > 0 && r.IntN(6) == 0 {
					p.cell(cell, attack.Cell{Measure: attack.Percent, Over: "q", Value: number((2000*n+whole)/(2*whole), 1)})
				}
			})
		}
	}
	return p.in
}

func without(at map[string]string, dim string) map[string]string {
	out := map[string]string{}
	for d, c := range at {
		if d != dim {
			out[d] = c
		}
	}
	return out
}

func (c *crowd) each(table []int, at map[string]string, call func(map[string]string)) {
	if len(table) == 0 {
		call(at)
		return
	}
	c.each(table[1:], at, call)
	for _, code := range c.dims[table[0]].Codes {
		at[c.dims[table[0]].Name] = code.Name
		c.each(table[1:], at, call)
		delete(at, c.dims[table[0]].Name)
	}
}

// TestTruthFits publishes invented people at random: whatever the attack finds must be true of them.
func TestTruthFits(t *testing.T) {
	found, questions := 0, 0
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		mode, releases := []attack.Mode{attack.Static, attack.Append, attack.Churn}[seed%3], 1+int(seed%3)
		c := gather(r, 20+r.IntN(200), mode, releases)
		in := c.publishAll(r, releases, [][]int{{0, 2}, {1, 2}, {0, 1}}[:1+r.IntN(3)])
		in.Mode = mode
		o := attack.Default()
		o.Bounds, o.Rounded = seed%2 == 0, true
		report := run(t, in, o)
		questions += report.Questions
		for _, f := range append(report.Broken, report.Bounds...) {
			found++
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
				whole := c.cohort(f, at)
				at[d] = code
				n = whole - c.cohort(f, at)
			case attack.KindJoiners, attack.KindLeavers:
				n = c.cohort(f, at)
			}
			if n < f.Lo || n > f.Hi {
				t.Errorf("seed %d: %d is not what was found: %+v", seed, n, f)
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d findings in %d questions: the attack does not bite", found, questions)
	}
}

// cohort counts those of a finding's release, or between its releases.
func (c *crowd) cohort(f attack.Finding, at map[string]string) int64 {
	to, _ := strconv.Atoi(f.Release)
	if f.Since == "" {
		return c.count(to, at)
	}
	from, _ := strconv.Atoi(f.Since)
	if f.Kind == attack.KindLeavers {
		from, to = to, from
	}
	only := *c
	only.people, only.in = nil, nil
	for i := range c.people {
		if c.in[i]>>to&1 == 1 && c.in[i]>>from&1 == 0 {
			only.people, only.in = append(only.people, c.people[i]), append(only.in, ^uint(0))
		}
	}
	return only.count(0, at)
}
