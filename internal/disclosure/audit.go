package disclosure

import (
	"runtime"
	"slices"
	"sync"
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
	open   bool  // the search stopped before it came to it
	own    int64 // of those who ask, who know that they are in it themselves (A9)
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
	case a.zero && lo > a.own:
		return false
	}
	return hi-lo >= width
}

// missing returns by how much the target would have to reach further.
func (a *audited) missing(width int64) int64 {
	lo, hi := a.fixed, a.fixed
	for _, p := range a.probes {
		lo, hi = lo+p.lo, hi+p.hi
	}
	switch {
	case a.least > 0:
		return a.least - hi
	case a.zero && lo > a.own:
		return lo - a.own
	}
	return width - (hi - lo)
}

// width returns how far apart the two tables are that were found for the target.
func (a *audited) width() (w int64) {
	for _, p := range a.probes {
		w += p.hi - p.lo
	}
	return w
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
	apart := apart(components, all)
	r.search(apart, probes, width)
	var failed, open []*target
	slices.SortStableFunc(all, func(a, b *audited) int { return int(a.width() - b.width()) })
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
	if len(failed) > 0 {
		return failed
	}
	proofs, failed := r.coalitions(apart, all, truth, home)
	if len(failed) == 0 {
		r.witnesses = collect(append(all, proofs...))
	}
	return failed
}

// search looks for witnesses in all components, on every processor. Components with a target in common are searched one after the
// other by the same one, so the outcome is the same however many there are.
func (r *release) search(apart [][]*component, probes map[*component][]*probe, width int64) {
	var wait sync.WaitGroup
	next := make(chan []*component)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for together := range next {
				for _, c := range together {
					if len(probes[c]) > 0 && c.sound() && !r.over() {
						newSearch(c, probes[c], width).run()
					}
				}
			}
		})
	}
	for _, together := range apart {
		next <- together
	}
	close(next)
	wait.Wait()
}

// apart puts components together that have a target in common.
func apart(components []*component, targets []*audited) [][]*component {
	number := map[*component]int{}
	for i, c := range components {
		number[c] = i
	}
	groups := newGroups(len(components))
	for _, a := range targets {
		for _, p := range a.probes {
			groups.join(number[a.probes[0].in], number[p.in])
		}
	}
	at := map[int]int{}
	var out [][]*component
	for i, c := range components {
		root := groups.find(i)
		if _, ok := at[root]; !ok {
			at[root] = len(out)
			out = append(out, nil)
		}
		out[at[root]] = append(out[at[root]], c)
	}
	return out
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
