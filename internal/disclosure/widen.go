package disclosure

import (
	"math"
	"slices"
)

// beyondShare and beyondLeast bound how much may fail in a table before it climbs: one in so many of its figures, and so many always.
const (
	beyondShare = 20
	beyondLeast = 8
)

// certify audits everything that is hidden, and makes room where that failed. It returns the tables in which it
// failed, and whether there was room to make.
func (r *release) certify() (failed []*grid, widened bool) {
	targets := r.guarded
	for _, g := range r.grids {
		for _, c := range g.cells {
			if c.rule == RuleSecondary || c.rule == RuleRow || c.rule == RuleRepair {
				targets = append(targets, &target{form: g.form(g.region(c.at)), in: g, at: c.at})
			}
		}
	}
	done := map[cellKey]bool{}
	all := r.audit(targets) // the most certain first
	r.proven = len(all) == 0
	r.beyond(all)
	for _, t := range all {
		if t.in.number < 0 {
			fails, made := r.widenAcross(t, done)
			failed, widened = append(failed, fails...), widened || made
			continue
		}
		if r.widen(t, done) {
			widened = true
		} else {
			r.stuck[t.in] = true
		}
		if !slices.Contains(failed, t.in) {
			failed = append(failed, t.in)
		}
	}
	return failed, widened
}

// beyond marks the tables in which so much failed that hiding more would not mend them: every figure that is hidden for another must
// be uncertain too.
func (r *release) beyond(failed []*target) {
	count := map[*grid]int{}
	for _, t := range failed {
		count[t.in]++
	}
	for _, g := range r.grids {
		if count[g] > max(beyondLeast, len(g.cells)/beyondShare) {
			r.stuck[g] = true
		}
	}
}

// widen forces one more figure to be hidden beside a target that is not uncertain enough, in the line that binds it
// most: there the smallest shown that makes the difference, else the largest, else the total. It returns false if
// there is nothing left to hide.
func (r *release) widen(t *target, done map[cellKey]bool) bool {
	for _, l := range r.linesOf(t) {
		key := cellKey{t.in.number, l.total}
		if done[key] {
			return true // a moment ago, for another target
		}
		if pick, ok := r.pick(l); ok {
			r.forced[cellKey{t.in.number, pick}] = true
			done[key] = true
			return true
		}
	}
	return false
}

// bindingLine is a line through a target, and the people that its hidden figures are together.
type bindingLine struct {
	grid, axis int
	total      address
	hidden     int
}

// linesOf returns the lines through a target, first those with a shown total, of these first the one with the fewest people
// in its hidden figures.
func (r *release) linesOf(t *target) []bindingLine {
	g := t.in
	var lines []bindingLine
	for axis := range g.axes {
		if t.at[axis] == all {
			continue
		}
		l := bindingLine{grid: t.in.number, axis: axis, total: t.at.with(axis, all)}
		for code := range g.axes[axis].codes {
			at := l.total.with(axis, code)
			if i, ok := g.lookup[at]; !ok || !g.cells[i].shown {
				l.hidden += g.sum(g.region(at))
			}
		}
		if i, ok := g.lookup[l.total]; !ok || !g.cells[i].shown {
			l.hidden += math.MaxInt / 2
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b bindingLine) int { return a.hidden - b.hidden })
	return lines
}

// pick chooses what to hide in a line.
func (r *release) pick(l bindingLine) (address, bool) {
	g := r.grids[l.grid]
	var best address
	size := 0
	for code := range g.axes[l.axis].codes {
		at := l.total.with(l.axis, code)
		n, ok := r.hideable(l.grid, at)
		if !ok || n == 0 {
			continue
		}
		makes, made := l.hidden+n >= 2*r.policy.Width, l.hidden+size >= 2*r.policy.Width
		if size == 0 || makes && (!made || n < size) || !makes && !made && n > size {
			best, size = at, n
		}
	}
	if size > 0 {
		return best, true
	}
	if headline(l.total) || r.shared(g, l.total) {
		return l.total, false // what everybody said is not hidden for the sake of a breakdown, nor what other tables show too
	}
	_, ok := r.hideable(l.grid, l.total)
	return l.total, ok
}

// shared reports whether another table shows the figure too: hidden in one it would be known from the others, and hidden in
// all it would link the questions of all, so that nothing in them could be told apart any more.
func (r *release) shared(g *grid, at address) bool {
	for _, c := range r.counterparts(&target{in: g, at: at}) {
		if c.grid == g || c.lost > 0 || r.unlike(c, g, at) {
			continue
		}
		if i, ok := c.grid.lookup[c.at]; ok && c.grid.cells[i].shown {
			return true
		}
	}
	return false
}

// hideable returns the count of a figure that is shown and may be hidden; the number of responses may not.
func (r *release) hideable(grid int, at address) (int, bool) {
	g := r.grids[grid]
	i, ok := g.lookup[at]
	if !ok || !g.cells[i].shown || at == everybody || r.forced[cellKey{grid, at}] {
		return 0, false
	}
	return g.cells[i].n, true
}
