package disclosure

import "slices"

// grid is one table of a release: the people of its cohorts in its block, and the figures that could be shown. Without
// figures it is any group of cohorts, such as those who joined since an earlier release.
type grid struct {
	*block
	number int // of the release that is being made; -1 if it is not a table of it
	spec   TableSpec
	slots  []int   // of the block: the cohorts
	counts []int   // exact, over all slots, row-major
	cols   []int   // codes of the question that are shown
	around []*grid // of a group of cohorts: the releases, in the same detail, in which all of its people are
	cells  []cell
	lookup map[address]int // address -> cell
}

// maxAxes is how many axes a table can have: the question and four dimensions.
const maxAxes = 1 + 4

// address is a position in a table: a code on each axis, or all. Axes that the table does not have are all.
type address [maxAxes]int

// all as part of an address means: summed over this axis.
const all = -1

// everybody is the address that sums over all axes.
var everybody = address{all, all, all, all, all}

// with returns the address with another code on an axis.
func (at address) with(axis, code int) address {
	at[axis] = code
	return at
}

// cell is one figure that could be shown.
type cell struct {
	grid  int
	at    address
	n     int  // exact
	first Rule // why R2 to R4 hide it
	rule  Rule // why it is hidden
	shown bool
}

// totals returns over how many axes of the grid the address sums.
func (g *grid) totals(at address) int {
	n := 0
	for i := range g.axes {
		if at[i] == all {
			n++
		}
	}
	return n
}

// headline reports whether the address is in the row of everybody.
func headline(at address) bool { return at.with(0, all) == everybody }

// here reports whether the cohort's people are in the present release.
func (s *survey) here(c cohort) bool {
	if s.earlier == nil {
		return true
	}
	return c.in(len(s.earlier.Releases))
}

// axesOf returns the axes of a table at the detail of its plan.
func (s *survey) axesOf(spec TableSpec, p plan) []*axis {
	var axes []*axis
	for i, name := range append([]string{spec.Question}, p.by(spec)...) {
		axes = append(axes, s.axes[s.number[name]][p.rungs[i]])
	}
	return axes
}

// newGrid returns a table of the block's people in these slots, with its figures.
func newGrid(number int, spec TableSpec, p plan, b *block, slots []int) *grid {
	g := b.view(slots)
	g.number, g.spec, g.lookup = number, spec, map[address]int{}
	g.spec.By = p.by(spec)
	for c := range g.axes[0].codes {
		if len(spec.Show) == 0 || slices.ContainsFunc(spec.Show, func(code string) bool {
			return g.axes[0].of[slices.Index(g.axes[0].dim.Codes, code)] == c
		}) {
			g.cols = append(g.cols, c)
		}
	}
	g.addCells()
	return g
}

func (g *grid) addCells() {
	for _, row := range g.rows() {
		for _, q := range append([]int{all}, g.cols...) {
			at := row.with(0, q)
			g.lookup[at] = len(g.cells)
			g.cells = append(g.cells, cell{grid: g.number, at: at, n: g.sum(g.region(at))})
		}
	}
}

// rows returns the addresses of the rows: everybody, then the codes of the dimensions with their totals.
func (g *grid) rows() []address {
	rows := []address{everybody}
	for i, a := range g.axes[1:] {
		for _, r := range rows[:len(rows):len(rows)] {
			for c := range a.codes {
				rows = append(rows, r.with(1+i, c))
			}
		}
	}
	return rows
}

// region is a set of codes on each axis: a block of the table.
type region [][]int

// region returns the block that an address sums over.
func (g *grid) region(at address) region {
	r := make(region, len(g.axes))
	for i, a := range g.axes {
		if at[i] == all {
			r[i] = a.every()
		} else {
			r[i] = []int{at[i]}
		}
	}
	return r
}

func (a *axis) every() []int {
	codes := make([]int, len(a.codes))
	for i := range codes {
		codes[i] = i
	}
	return codes
}

// each calls fn with the finest cells of the region, in ascending order if its code lists are ascending.
func (g *grid) each(r region, fn func(leaf int)) {
	var walk func(axis, leaf int)
	walk = func(axis, leaf int) {
		if axis == len(g.axes) {
			fn(leaf)
			return
		}
		for _, c := range r[axis] {
			walk(axis+1, leaf*len(g.axes[axis].codes)+c)
		}
	}
	walk(0, 0)
}

func (g *grid) sum(r region) int {
	n := 0
	g.each(r, func(leaf int) { n += g.counts[leaf] })
	return n
}

// form returns the region's count as a linear form in the unknowns: a 0/1 vector.
func (g *grid) form(r region) vector {
	size := 1
	for _, codes := range r {
		size *= len(codes)
	}
	v := make(vector, 0, size*len(g.slots))
	for _, slot := range g.slots {
		g.each(r, func(leaf int) { v = append(v, term{int32(g.offset + slot*g.size + leaf), 1}) })
	}
	return v
}

// special reports whether a special category is among the axes on which the address names a code.
func (g *grid) special(at address) bool {
	for i, a := range g.axes {
		if at[i] != all && a.dim.Role == Special {
			return true
		}
	}
	return false
}

// anySpecial reports whether a special category is in the table at all.
func (g *grid) anySpecial() bool {
	return slices.ContainsFunc(g.axes, func(a *axis) bool { return a.dim.Role == Special })
}
