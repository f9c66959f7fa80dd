package attack

import (
	"slices"
)

// splitAll finds the ways to split every upper code, and everybody, into disjoint codes.
func (a *axis) splitAll(d Dim, children [][]int) {
	roots := make([]int, 0, a.leaves)
	for i := range d.Codes {
		if len(d.Codes[i].Parents) == 0 {
			roots = append(roots, a.index[d.Codes[i].Name])
		}
		if len(children[i]) == 0 {
			continue
		}
		below := make([]int, len(children[i]))
		for j, c := range children[i] {
			below[j] = a.index[d.Codes[c].Name]
		}
		c := &a.codes[a.index[d.Codes[i].Name]]
		c.parts = a.splits(c.set, below)
	}
	everybody := newBitset(a.leaves)
	for i := range a.leaves {
		everybody.add(i)
	}
	if !d.Complete {
		roots = append(roots, a.leaves-1)
	}
	a.whole = a.splits(everybody, roots)
}

// splits returns the ways to split a set: families of disjoint codes taken from those given, in their order, each
// filled up with the leaves that it lacks; and the leaves themselves.
func (a *axis) splits(set bitset, from []int) [][]int {
	type family struct {
		codes []int
		held  bitset
	}
	var families []family
next:
	for _, c := range from {
		for i := range families {
			if !families[i].held.meets(a.codes[c].set) {
				families[i].codes = append(families[i].codes, c)
				families[i].held.unite(a.codes[c].set)
				continue next
			}
		}
		if len(families) < maxFamilies {
			families = append(families, family{[]int{c}, slices.Clone(a.codes[c].set)})
		}
	}
	leaves := set.members()
	var out [][]int
	plain := false
	for _, f := range families {
		for _, l := range leaves {
			if !f.held.has(l) {
				f.codes = append(f.codes, l)
			}
		}
		plain = plain || !slices.ContainsFunc(f.codes, func(c int) bool { return c >= a.leaves })
		out = append(out, f.codes)
	}
	if !plain {
		out = append(out, leaves)
	}
	return out
}

// maxFamilies bounds the ways to split a code: hierarchies that do not nest are few.
const maxFamilies = 8
