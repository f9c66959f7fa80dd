package attack

import (
	"fmt"
	"slices"
)

// findBlocks finds the maximal sets of dimensions that one table uses. A table whose finest cells are too many is
// taken as the smaller tables that its figures use.
func (w *world) findBlocks() {
	tables := map[string][]int{}
	var order []string
	for i := range w.in.Cells {
		c := &w.in.Cells[i]
		if _, ok := tables[c.Table]; !ok {
			order = append(order, c.Table)
		}
		tables[c.Table] = union(tables[c.Table], w.dimsOf(c))
	}
	var all [][]int
	for _, t := range order {
		if w.size(tables[t]) <= w.o.MaxUnknowns {
			all = append(all, tables[t])
			continue
		}
		w.notes = append(w.notes, fmt.Sprintf("Table %s has too many finest cells: attacked as the smaller tables that its figures use.", t))
		for i := range w.in.Cells {
			if c := &w.in.Cells[i]; c.Table == t {
				all = append(all, w.dimsOf(c))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b []int) int { return len(b) - len(a) })
	seen := map[string]bool{}
	total := 0
	for _, b := range all {
		if seen[fmt.Sprint(b)] || slices.ContainsFunc(w.blocks, func(o []int) bool { return subset(b, o) }) {
			continue
		}
		seen[fmt.Sprint(b)] = true
		w.blocks = append(w.blocks, b)
		if total += w.size(b); total > w.o.MaxUnknowns {
			w.tooLarge = fmt.Sprintf("more than %d unknown counts", w.o.MaxUnknowns)
			return
		}
	}
}

// dimsOf returns the axes that a figure uses.
func (w *world) dimsOf(c *Cell) []int {
	var out []int
	for dim := range c.Codes {
		out = append(out, w.number[dim])
	}
	if c.Over != "" {
		out = append(out, w.number[c.Over])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// size returns the number of finest cells of a block, or more than allowed.
func (w *world) size(block []int) int {
	n := 1
	if w.cohort >= 0 {
		n = w.axes[w.cohort].leaves
	}
	for _, a := range block {
		if n *= w.axes[a].leaves; n > w.o.MaxUnknowns {
			return w.o.MaxUnknowns + 1
		}
	}
	return n
}

func union(a, b []int) []int {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// subset reports whether all of a is in b; both are sorted.
func subset(a, b []int) bool {
	i := 0
	for _, x := range b {
		if i < len(a) && a[i] == x {
			i++
		}
	}
	return i == len(a)
}
