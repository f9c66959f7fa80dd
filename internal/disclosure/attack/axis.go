package attack

import (
	"fmt"
	"slices"
)

// axis is a dimension as the attack sees it: leaves and the codes that hold several of them.
type axis struct {
	name   string
	role   Role
	codes  []code
	index  map[string]int
	leaves int     // the first codes are the leaves
	whole  [][]int // the ways to split everybody into codes
}

// code is a set of leaves.
type code struct {
	name   string
	set    bitset
	parts  [][]int // the ways to split the code into finer codes; none for a leaf
	scored bool
	score  int64 // thousandths
}

// everywhere returns whether the code holds all leaves, so that it says nothing.
func (a *axis) everywhere(c int) bool { return a.codes[c].set.count() == a.leaves }

// newAxis orders the codes of a dimension, leaves first, and finds the ways to split each. A dimension that is not
// complete gets one leaf more, without a name, for those in no listed code.
func newAxis(d Dim) (*axis, Faults) {
	children, faults := family(d)
	if len(faults) > 0 {
		return nil, faults
	}
	if len(d.Codes) == 0 && d.Complete {
		return nil, Faults{{d.At, fmt.Sprintf("dimension %s has no codes", d.Name)}}
	}
	a := &axis{name: d.Name, role: d.Role, index: map[string]int{}}
	var upper []int
	for i, c := range d.Codes {
		if len(children[i]) == 0 {
			a.index[c.Name] = len(a.codes)
			a.codes = append(a.codes, code{name: c.Name})
		} else {
			upper = append(upper, i)
		}
	}
	if !d.Complete {
		a.codes = append(a.codes, code{})
	}
	a.leaves = len(a.codes)
	for i := range a.codes {
		a.codes[i].set = newBitset(a.leaves)
		a.codes[i].set.add(i)
	}
	for _, i := range upper {
		a.index[d.Codes[i].Name] = len(a.codes)
		a.codes = append(a.codes, code{name: d.Codes[i].Name, set: newBitset(a.leaves)})
	}
	done := make([]bool, len(d.Codes))
	for i := range d.Codes {
		a.fill(d, children, i, done)
	}
	a.scores(d)
	a.splitAll(d, children)
	return a, nil
}

// family returns the children of every code. It refuses unknown parents, codes listed twice and cycles.
func family(d Dim) ([][]int, Faults) {
	var faults Faults
	number := map[string]int{}
	for i, c := range d.Codes {
		if _, twice := number[c.Name]; twice {
			faults = append(faults, Fault{c.At, fmt.Sprintf("code %q of %s is listed twice", c.Name, d.Name)})
		}
		number[c.Name] = i
		if s := c.Score; s != nil && (s.Places < 0 || s.Places > MaxScorePlaces || max(s.Units, -s.Units) > MaxScore*pow10(s.Places)) {
			faults = append(faults, Fault{c.At, fmt.Sprintf("the score of %q is beyond %d or has more than %d decimals", c.Name, MaxScore, MaxScorePlaces)})
		}
	}
	children := make([][]int, len(d.Codes))
	for i, c := range d.Codes {
		for _, p := range c.Parents {
			j, ok := number[p]
			if !ok {
				faults = append(faults, Fault{c.At, fmt.Sprintf("code %q of %s has the unknown parent %q", c.Name, d.Name, p)})
				continue
			}
			if !slices.Contains(children[j], i) {
				children[j] = append(children[j], i)
			}
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	if i := cycle(children); i >= 0 {
		c := d.Codes[i]
		return nil, Faults{{c.At, fmt.Sprintf("code %q of %s is its own ancestor: the hierarchy has a cycle", c.Name, d.Name)}}
	}
	return children, nil
}

// cycle returns a code of a cycle, or -1: codes are taken away as long as one has no parent left.
func cycle(children [][]int) int {
	parents := make([]int, len(children))
	for _, cs := range children {
		for _, c := range cs {
			parents[c]++
		}
	}
	var free []int
	for i, n := range parents {
		if n == 0 {
			free = append(free, i)
		}
	}
	for len(free) > 0 {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		for _, c := range children[i] {
			if parents[c]--; parents[c] == 0 {
				free = append(free, c)
			}
		}
	}
	return slices.IndexFunc(parents, func(n int) bool { return n > 0 })
}

// fill computes the leaves below a code.
func (a *axis) fill(d Dim, children [][]int, i int, done []bool) {
	if done[i] {
		return
	}
	done[i] = true
	own := a.codes[a.index[d.Codes[i].Name]].set
	for _, c := range children[i] {
		a.fill(d, children, c, done)
		own.unite(a.codes[a.index[d.Codes[c].Name]].set)
	}
}

// scores takes over the points: those of the leaves, or of the upper codes if no leaf has any.
func (a *axis) scores(d Dim) {
	low := slices.ContainsFunc(d.Codes, func(c Code) bool { return c.Score != nil && a.index[c.Name] < a.leaves })
	for _, c := range d.Codes {
		i := a.index[c.Name]
		if c.Score == nil || low && i >= a.leaves {
			continue
		}
		a.codes[i].scored, a.codes[i].score = true, c.Score.Units
		for p := c.Score.Places; p < 3; p++ {
			a.codes[i].score *= 10
		}
	}
}
