package disclosure_test

import (
	"fmt"
	"math/big"
	"slices"
	"sort"

	"folkmoot/internal/disclosure"
)

// The attacker knows the method and every figure that is shown, exactly, as if nothing had been rounded, and looks
// for hidden figures that are linear combinations of them. It shares no code and no representation with the
// protector: it works on functions of a person, written as polynomials in "has code c of dimension d" with the first
// code of each dimension left out as reference, which is a basis of all functions of a person's codes; it knows
// no blocks, ties or unknown cells, and it eliminates over the rationals, or over another prime.

// form is a polynomial: product of conditions -> coefficient. The empty product is "".
type form map[string]int64

// condition returns "the person has one of these finest codes of the dimension" as a form.
func condition(d disclosure.Dim, set []int) form {
	f := form{}
	for _, c := range set {
		if c > 0 {
			f[fmt.Sprintf("%s=%d;", d.Name, c)]++
			continue
		}
		f[""]++
		for other := 1; other < len(d.Codes); other++ {
			f[fmt.Sprintf("%s=%d;", d.Name, other)]--
		}
	}
	return f
}

// times multiplies forms over different dimensions. a's dimensions must sort before b's.
func (a form) times(b form) form {
	out := form{}
	for x, i := range a {
		for y, j := range b {
			out[x+y] += i * j
		}
	}
	return out
}

// people returns a group of people, given finest codes by dimension, as a form and as the true number.
func people(r disclosure.Records, conditions map[string][]int) (form, int) {
	names := make([]string, 0, len(conditions))
	for n := range conditions {
		names = append(names, n)
	}
	sort.Strings(names)
	f := form{"": 1}
	in := make([]bool, r.People)
	for i := range in {
		in[i] = true
	}
	for _, name := range names {
		d := dim(r, name)
		f = f.times(condition(d, conditions[name]))
		wanted := make([]bool, len(d.Codes))
		for _, c := range conditions[name] {
			wanted[c] = true
		}
		for i, c := range d.Column {
			in[i] = in[i] && wanted[c]
		}
	}
	n := 0
	for _, yes := range in {
		if yes {
			n++
		}
	}
	return f, n
}

func dim(r disclosure.Records, name string) disclosure.Dim {
	return r.Dims[slices.IndexFunc(r.Dims, func(d disclosure.Dim) bool { return d.Name == name })]
}

// finest returns the finest codes that a published code stands for, given the name of its rung.
func finest(d disclosure.Dim, rung, code string) []int {
	var out []int
	for i, c := range d.Codes {
		if rung != "" {
			for _, step := range d.Ladder {
				if up, ok := step.Parent[c]; ok {
					c = up
				}
				if step.Name == rung {
					break
				}
			}
		}
		if c == code {
			out = append(out, i)
		}
	}
	return out
}

// figure is one published position: what it counts, what it is in truth, and whether it is shown.
type figure struct {
	table      disclosure.Table
	row        disclosure.Row
	column     int // -1 for the base
	conditions map[string][]int
	form       form
	n          int
	shown      bool
}

// figures lists all positions of a release.
func figures(in disclosure.Input, r disclosure.Result) []figure {
	var out []figure
	for _, t := range r.Tables {
		q := dim(in.Records, t.Question)
		for _, row := range t.Rows {
			group := map[string][]int{}
			for i, code := range row.Codes {
				if code != disclosure.Total {
					group[t.By[i]] = finest(dim(in.Records, t.By[i]), t.Rungs[1+i], code)
				}
			}
			f := figure{table: t, row: row, column: -1, conditions: group, shown: row.Base.Shown}
			f.form, f.n = people(in.Records, group)
			out = append(out, f)
			for j, code := range t.Columns {
				cell := map[string][]int{t.Question: finest(q, t.Rungs[0], code)}
				for k, v := range group {
					cell[k] = v
				}
				f := figure{table: t, row: row, column: j, conditions: cell, shown: row.Cells[j].Shown}
				f.form, f.n = people(in.Records, cell)
				out = append(out, f)
			}
		}
	}
	return out
}

// knowledge is what an attacker can compute.
type knowledge interface {
	learn(form)
	knows(form) bool
}

// attack returns the figures that are hidden and yet can be computed from the shown ones.
func attack(all []figure, k knowledge) []figure {
	for _, f := range all {
		if f.shown {
			k.learn(f.form)
		}
	}
	var broken []figure
	for _, f := range all {
		if !f.shown && k.knows(f.form) {
			broken = append(broken, f)
		}
	}
	return broken
}

// rational eliminates over the rationals, exactly.
type rational struct {
	rows []map[string]*big.Rat
	lead []string
}

func (r *rational) reduce(f form) map[string]*big.Rat {
	v := map[string]*big.Rat{}
	for x, c := range f {
		if c != 0 {
			v[x] = new(big.Rat).SetInt64(c)
		}
	}
	for i, row := range r.rows {
		factor, ok := v[r.lead[i]]
		if !ok {
			continue
		}
		factor = new(big.Rat).Set(factor)
		for x, c := range row {
			if v[x] == nil {
				v[x] = new(big.Rat)
			}
			if v[x].Sub(v[x], new(big.Rat).Mul(factor, c)); v[x].Sign() == 0 {
				delete(v, x)
			}
		}
	}
	return v
}

func (r *rational) learn(f form) {
	v := r.reduce(f)
	if len(v) == 0 {
		return
	}
	lead := ""
	for x := range v {
		if len(x) > len(lead) || len(x) == len(lead) && x > lead {
			lead = x
		}
	}
	scale := new(big.Rat).Inv(v[lead])
	for _, c := range v {
		c.Mul(c, scale)
	}
	r.rows, r.lead = append(r.rows, v), append(r.lead, lead)
}

func (r *rational) knows(f form) bool { return len(r.reduce(f)) == 0 }

// modular eliminates modulo 2^31-1: quick enough for hundreds of surveys. A form that is known over the
// rationals is known modulo a prime, so it misses nothing.
type modular struct {
	index map[string]int
	rows  [][]entry
	lead  []int
}

// entry is one non-zero coefficient of a row.
type entry struct {
	at int
	c  uint64
}

const otherPrime = 1<<31 - 1

func newModular(all []figure, more ...form) *modular {
	m := &modular{index: map[string]int{}}
	add := func(f form) {
		for x := range f {
			if _, ok := m.index[x]; !ok {
				m.index[x] = len(m.index)
			}
		}
	}
	for _, f := range all {
		add(f.form)
	}
	for _, f := range more {
		add(f)
	}
	return m
}

func (m *modular) reduce(f form) []uint64 {
	v := make([]uint64, len(m.index))
	for x, c := range f {
		v[m.index[x]] = uint64((c%otherPrime + otherPrime) % otherPrime)
	}
	for i, row := range m.rows {
		if factor := v[m.lead[i]]; factor != 0 {
			for _, e := range row {
				v[e.at] = (v[e.at] + (otherPrime-factor)*e.c) % otherPrime
			}
		}
	}
	return v
}

func (m *modular) learn(f form) {
	v := m.reduce(f)
	lead := slices.IndexFunc(v, func(c uint64) bool { return c != 0 })
	if lead < 0 {
		return
	}
	inverse, power := uint64(1), v[lead]
	for e := otherPrime - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			inverse = inverse * power % otherPrime
		}
		power = power * power % otherPrime
	}
	var row []entry
	for j := range v {
		if v[j] != 0 {
			row = append(row, entry{j, v[j] * inverse % otherPrime})
		}
	}
	m.rows, m.lead = append(m.rows, row), append(m.lead, lead)
}

func (m *modular) knows(f form) bool {
	return !slices.ContainsFunc(m.reduce(f), func(c uint64) bool { return c != 0 })
}

// giveaways returns, for every group of every table and every substantive answer or band, the number of those who
// did not give it, wherever that is k or fewer (R4): no attacker may compute it.
func giveaways(in disclosure.Input, r disclosure.Result) []figure {
	var out []figure
	for _, t := range r.Tables {
		q := dim(in.Records, t.Question)
		k, specialTable := 1, q.Role == disclosure.Special
		for _, by := range t.By {
			specialTable = specialTable || dim(in.Records, by).Role == disclosure.Special
		}
		if specialTable {
			k = 2
		}
		for _, row := range t.Rows {
			group := map[string][]int{}
			for i, code := range row.Codes {
				if code != disclosure.Total {
					group[t.By[i]] = finest(dim(in.Records, t.By[i]), t.Rungs[1+i], code)
				}
			}
			if _, n := people(in.Records, group); n == 0 {
				continue
			}
			for _, code := range t.Columns {
				if slices.Contains(q.NoAnswer, code) {
					continue
				}
				not := map[string][]int{}
				for d, set := range group {
					not[d] = set
				}
				gave := finest(q, t.Rungs[0], code)
				for c := range q.Codes {
					if !slices.Contains(gave, c) {
						not[t.Question] = append(not[t.Question], c)
					}
				}
				f := figure{table: t, row: row, conditions: not}
				if f.form, f.n = people(in.Records, not); f.n <= k {
					out = append(out, f)
				}
			}
		}
	}
	return out
}
