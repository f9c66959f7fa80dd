package disclosure

import "slices"

// cohort is a set of releases of a survey, a bit each: the people whose responses are in exactly these.
type cohort uint64

// maxReleases is how many releases of one survey are looked at together.
const maxReleases = 64

// in reports whether the cohort's people are in the release.
func (c cohort) in(release int) bool { return c>>release&1 == 1 }

// block is the unknowns of a table: its finest cells at the rungs of its plan, over the full cross product of its
// codes, for each cohort. The full product, and not only the combinations that occur, because an attacker does not know
// which combinations occur; the blocks of different tables are tied by equal sums instead (ties.go). A table that
// stands in several releases in the same detail has one block.
type block struct {
	axes    []*axis // the question, then the dimensions it is broken down by
	offset  int     // column of the first unknown
	size    int     // unknowns of each cohort
	cohorts []cohort
	counts  [][]int // exact, by cohort, row-major
}

// newBlock returns a block of zeros for the cohorts.
func newBlock(axes []*axis, cohorts []cohort) *block {
	b := &block{axes: axes, size: 1, cohorts: cohorts}
	for _, a := range axes {
		b.size *= len(a.codes)
	}
	for range cohorts {
		b.counts = append(b.counts, make([]int, b.size))
	}
	return b
}

// columns is how many unknowns the block has.
func (b *block) columns() int { return b.size * len(b.cohorts) }

// slots returns where the cohorts that belong are in the block.
func (b *block) slots(belongs func(cohort) bool) []int {
	var slots []int
	for i, c := range b.cohorts {
		if belongs(c) {
			slots = append(slots, i)
		}
	}
	return slots
}

// has reports whether the block has the cohort.
func (b *block) has(c cohort) bool { return slices.Contains(b.cohorts, c) }

// leaf returns the finest cell of a person.
func (b *block) leaf(person int) int {
	leaf := 0
	for _, a := range b.axes {
		leaf = leaf*len(a.codes) + a.of[a.dim.Column[person]]
	}
	return leaf
}

// add counts the people who are in the wanted cohorts of the block.
func (b *block) add(members []cohort, wanted func(cohort) bool) {
	slot := map[cohort]int{}
	for i, c := range b.cohorts {
		if wanted(c) {
			slot[c] = i
		}
	}
	for person, c := range members {
		if i, ok := slot[c]; ok {
			b.counts[i][b.leaf(person)]++
		}
	}
}

// same reports whether the block is of the same dimensions in the same detail and order.
func (b *block) same(axes []*axis) bool { return slices.Equal(b.axes, axes) }

// view returns the people of some cohorts of the block as a table without figures.
func (b *block) view(slots []int) *grid {
	g := &grid{block: b, number: -1, slots: slots, counts: make([]int, b.size)}
	for _, s := range slots {
		for leaf, n := range b.counts[s] {
			g.counts[leaf] += n
		}
	}
	return g
}
