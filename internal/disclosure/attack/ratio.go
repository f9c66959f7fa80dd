package attack

import (
	"math"
	"slices"
)

// breakpoint is a step length at which a basic variable meets a bound.
type breakpoint struct {
	at    float64
	pos   int32 // -1: the entering variable meets its other bound
	slope float64
	upper bool // the bound that it meets
}

// step moves the entering variable as far as it pays.
func (p *programme) step(in int32, dir float64, feasible bool) outcome {
	c := p.column(in)
	for i := range p.byRow {
		p.byRow[i] = 0
	}
	for i, r := range c.row {
		p.byRow[r] = c.val[i]
	}
	p.factors.forward(p.byRow, p.alpha)
	b, ok := p.ratio(in, dir, feasible)
	if !ok {
		return unbounded
	}
	t := max(0, b.at)
	p.x[in] += dir * t
	for pos, a := range p.alpha {
		if a != 0 {
			p.x[p.basis[pos]] -= dir * t * a
		}
	}
	if b.pos < 0 {
		p.atHi[in] = !p.atHi[in]
		p.rest(in)
		return optimal
	}
	out := p.basis[b.pos]
	p.atHi[out] = b.upper
	p.where[out], p.where[in], p.basis[b.pos] = -1, b.pos, in
	p.rest(out)
	p.factors.replace(b.pos, p.alpha)
	p.swapped, p.pricing.weight[in] = b.pos, 1
	return optimal
}

// ratio finds how far the entering variable goes. While people fit, to the first bound that is met, the largest
// pivot among those that are met within the tolerance. While they do not, past bounds as long as the sum of
// infeasibilities falls.
func (p *programme) ratio(in int32, dir float64, feasible bool) (breakpoint, bool) {
	p.breaks = p.breaks[:0]
	slope := 0.0
	for pos, a := range p.alpha {
		if math.Abs(a) < smallest {
			continue
		}
		j := p.basis[pos]
		rate := -dir * a
		lo, hi, x := p.lo[j], p.hi[j], p.x[j]
		below, above := x < lo-feasibility, x > hi+feasibility
		if below {
			slope -= rate
		} else if above {
			slope += rate
		}
		size := math.Abs(rate)
		if rate > 0 {
			if below {
				p.breaks = append(p.breaks, breakpoint{(lo - x) / size, int32(pos), size, false})
			}
			if !above && !math.IsInf(hi, 1) {
				p.breaks = append(p.breaks, breakpoint{(hi - x) / size, int32(pos), size, true})
			}
		} else {
			if above {
				p.breaks = append(p.breaks, breakpoint{(x - hi) / size, int32(pos), size, true})
			}
			if !below && !math.IsInf(lo, -1) {
				p.breaks = append(p.breaks, breakpoint{(x - lo) / size, int32(pos), size, false})
			}
		}
	}
	flip := breakpoint{at: p.hi[in] - p.lo[in], pos: -1, slope: math.Inf(1)}
	if feasible {
		return p.first(flip)
	}
	if !math.IsInf(flip.at, 1) {
		p.breaks = append(p.breaks, flip)
	}
	slices.SortFunc(p.breaks, func(a, b breakpoint) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return int(a.pos - b.pos)
	})
	for i, b := range p.breaks {
		slope += b.slope
		if slope >= -optimality || i == len(p.breaks)-1 {
			return p.steadier(i), true
		}
	}
	return breakpoint{}, false
}

// steadier prefers, among the breakpoints at the same length, that with the largest pivot.
func (p *programme) steadier(i int) breakpoint {
	best := p.breaks[i]
	for j := i - 1; j >= 0 && p.breaks[j].at > p.breaks[i].at-1e-9; j-- {
		if best.pos >= 0 && p.breaks[j].pos >= 0 && p.breaks[j].slope > best.slope {
			best = p.breaks[j]
		}
	}
	return best
}

// first is the ratio test of Harris: the step that the tolerance allows, then the largest pivot within it.
func (p *programme) first(flip breakpoint) (breakpoint, bool) {
	far := flip.at
	for _, b := range p.breaks {
		far = min(far, b.at+feasibility/b.slope)
	}
	if math.IsInf(far, 1) {
		return flip, false
	}
	best := flip
	found := flip.at <= far
	for _, b := range p.breaks {
		if b.at <= far && (!found || best.pos >= 0 && b.slope > best.slope || best.pos < 0 && b.at < best.at) {
			best, found = b, true
		}
	}
	return best, found
}
