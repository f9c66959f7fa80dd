package disclosure

import (
	"math"
	"slices"
)

// target is a figure that must stay uncertain.
type target struct {
	form  vector
	in    *grid
	at    address // where: the figure, or for R4 the answer that all but a few of a group gave
	least int64   // R4: some table that fits what is shown must have at least so many; 0 if the width is asked for
	zero  bool    // R2b: some table that fits must have nobody
}

// audited is a target with what was found about it.
type audited struct {
	*target
	fixed  int64 // the part that is determined
	probes []*probe
	open   bool // the search stopped before it came to it
}

// probe is the part of a target in one component, and the range that it certainly has: lo and hi are reached by
// tables of whole numbers that fit everything shown.
type probe struct {
	of             *audited
	in             *component
	counts         []int
	start          int64 // in truth
	lo, hi         int64
	loMove, hiMove *move // the tables that reach them, nil for the true one
}

// enough reports whether the target is uncertain enough, given the width that is asked of counts.
func (a *audited) enough(width int64) bool {
	lo, hi := a.fixed, a.fixed
	for _, p := range a.probes {
		lo, hi = lo+p.lo, hi+p.hi
	}
	switch {
	case a.least > 0:
		return hi >= a.least
	case a.zero && lo > 0:
		return false
	}
	return hi-lo >= width
}

// audit looks, for everything that must stay uncertain, for two tables of whole numbers that fit all that is shown
// and differ enough (section 3.4). The true table is the first; every further one that is found serves all targets.
// It returns the targets for which none was found: that nothing was found counts as failed, never as probably safe. Where
// the search came to no end it returns those that failed until then, because what is done about them helps the others.
func (r *release) audit(targets []*target) []*target {
	r.fixZeros()
	truth := r.truth()
	components, home := r.space.components(truth)
	probes := map[*component][]*probe{}
	all := make([]*audited, len(targets))
	for i, t := range targets {
		a := &audited{target: t}
		all[i] = a
		for _, term := range t.form {
			h := home[term.col]
			if h.in == nil {
				a.fixed += truth[term.col]
				continue
			}
			p := a.part(h.in)
			p.counts = append(p.counts, h.count)
			p.start += truth[term.col]
			p.lo, p.hi = p.start, p.start
		}
		for _, p := range a.probes {
			probes[p.in] = append(probes[p.in], p)
		}
	}
	width := int64(r.policy.Width)
	for _, c := range components {
		if len(probes[c]) > 0 && c.sound() {
			newSearch(c, probes[c], width).run()
		}
	}
	var failed, open []*target
	for _, a := range all {
		switch {
		case a.enough(width):
		case a.open:
			open = append(open, a.target)
		default:
			failed = append(failed, a.target)
		}
	}
	if len(failed) == 0 {
		failed = open
	}
	if len(failed) == 0 {
		r.witnesses = collect(all)
	}
	return failed
}

// part returns the target's probe of the component.
func (a *audited) part(c *component) *probe {
	for _, p := range a.probes {
		if p.in == c {
			return p
		}
	}
	p := &probe{of: a, in: c}
	a.probes = append(a.probes, p)
	return p
}

func (r *release) truth() []int64 {
	var truth []int64
	for _, b := range r.blocks {
		for _, counts := range b.counts {
			for _, n := range counts {
				truth = append(truth, int64(n))
			}
		}
	}
	return truth
}

// fixZeros makes known what follows from a shown 0: that all its parts are 0, because no count is negative.
func (r *release) fixZeros() {
	for _, g := range r.tables() {
		for _, c := range g.cells {
			if !c.shown || c.n > 0 {
				continue
			}
			for _, t := range g.form(g.region(c.at)) {
				if v := r.space.reduce(vector{t}); len(v) > 0 {
					r.space.show(v)
				}
			}
		}
	}
}

// tables returns the tables of all releases.
func (r *release) tables() []*grid {
	var all []*grid
	for _, e := range r.earlier {
		all = append(all, e.grids...)
	}
	return append(all, r.grids...)
}

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
	for _, t := range r.audit(targets) {
		if t.in.number < 0 {
			fails, made := r.widenAcross(t, done)
			failed, widened = append(failed, fails...), widened || made
			continue
		}
		widened = r.widen(t, done) || widened
		if !slices.Contains(failed, t.in) {
			failed = append(failed, t.in)
		}
	}
	return failed, widened
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
	if headline(l.total) {
		return l.total, false // what everybody said is not hidden for the sake of a breakdown
	}
	_, ok := r.hideable(l.grid, l.total)
	return l.total, ok
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
