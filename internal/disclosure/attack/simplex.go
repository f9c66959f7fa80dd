package attack

import (
	"context"
	"math"
	"slices"
)

// programme is a linear programme over some unknowns: A x = logical, with bounds on the unknowns and the logicals
// (one a row). It is solved by the primal simplex method with bounded variables, and keeps its basis from one
// objective to the next. Its answers are proposals: prove makes sure of what is claimed.
type programme struct {
	rows, unknowns int
	columns        []sparse  // of the unknowns
	lo, hi         []float64 // of the unknowns, then of the logicals
	basis          []int32   // the variable at each position
	where          []int32   // the position of a variable, -1 if it is not basic
	atHi           []bool    // a variable out of the basis is at its upper bound
	x              []float64
	cost           []float64 // of the unknowns; to be made small
	factors        *factors
	unit           sparse
	iterations     int
	degenerate     int // steps in a row that moved nothing

	byRow, byPos, alpha, prices []float64
	reduced                     []float64
	breaks                      []breakpoint
	next                        int // where pricing goes on
}

// outcome is how a solve ended.
type outcome int

const (
	optimal outcome = iota
	stopped         // the caller had enough
	infeasible
	unbounded
	exhausted // out of time, or the numbers got worse
)

const (
	feasibility = 1e-7 // how far a variable may be outside its bounds
	optimality  = 1e-7
	smallest    = 1e-7 // least pivot
	refresh     = 80   // updates before the basis is factored anew
)

func (p *programme) column(j int32) sparse {
	if int(j) < p.unknowns {
		return p.columns[j]
	}
	return sparse{[]int32{j - int32(p.unknowns)}, []float64{-1}}
}

// begin sets up the work space. start names a variable for each row, which together must make a basis.
func (p *programme) begin(start []int32) {
	n := p.unknowns + p.rows
	p.basis, p.where, p.atHi = slices.Clone(start), make([]int32, n), make([]bool, n)
	p.x, p.cost = make([]float64, n), make([]float64, p.unknowns)
	p.byRow, p.byPos, p.alpha = make([]float64, p.rows), make([]float64, p.rows), make([]float64, p.rows)
	p.prices, p.reduced = make([]float64, p.rows), make([]float64, n)
	for j := range p.where {
		p.where[j] = -1
	}
	for pos, j := range p.basis {
		p.where[j] = int32(pos)
	}
	for j := range n {
		if p.where[j] < 0 {
			p.rest(int32(j))
		}
	}
	p.refactor()
}

// rest puts a variable out of the basis on a bound.
func (p *programme) rest(j int32) {
	switch {
	case p.atHi[j] && !math.IsInf(p.hi[j], 1):
		p.x[j] = p.hi[j]
	case !math.IsInf(p.lo[j], -1):
		p.x[j], p.atHi[j] = p.lo[j], false
	case !math.IsInf(p.hi[j], 1):
		p.x[j], p.atHi[j] = p.hi[j], true
	default:
		p.x[j] = 0
	}
}

// refactor factors the basis, mends it with logicals where columns depend on each other, and computes x anew.
func (p *programme) refactor() {
	for {
		f, lost, rows := factor(p.rows, func(pos int) sparse { return p.column(p.basis[pos]) })
		p.factors = f
		if len(lost) == 0 {
			break
		}
		for i, pos := range lost {
			out, in := p.basis[pos], int32(p.unknowns)+rows[i]
			p.where[out] = -1
			p.rest(out)
			p.basis[pos], p.where[in] = in, pos
		}
	}
	for i := range p.byRow {
		p.byRow[i] = 0
	}
	for j := range p.x {
		if p.where[j] >= 0 || p.x[j] == 0 {
			continue
		}
		c := p.column(int32(j))
		for i, r := range c.row {
			p.byRow[r] -= c.val[i] * p.x[j]
		}
	}
	p.factors.forward(p.byRow, p.byPos)
	for pos, j := range p.basis {
		p.x[j] = p.byPos[pos]
	}
}

// moved tells the programme that bounds changed.
func (p *programme) moved() {
	for j := range p.x {
		if p.where[j] < 0 {
			p.rest(int32(j))
		}
	}
	p.refactor()
}

// minimise goes to the least cost. After every step that finds people who fit, enough is asked whether that will do.
func (p *programme) minimise(ctx context.Context, enough func() bool) outcome {
	p.degenerate = 0
	for limit := 20*(p.rows+p.unknowns) + 1000; limit > 0; limit-- {
		p.iterations++
		if p.iterations%32 == 0 && ctx.Err() != nil {
			return exhausted
		}
		if len(p.factors.updates) >= refresh {
			p.refactor()
		}
		feasible := p.price()
		if feasible && enough() {
			return stopped
		}
		in, dir := p.entering()
		if in < 0 {
			if len(p.factors.updates) > 0 { // make sure on fresh factors
				p.refactor()
				continue
			}
			if !feasible {
				return infeasible
			}
			return optimal
		}
		if p.step(in, dir, feasible) == unbounded {
			if len(p.factors.updates) > 0 {
				p.refactor()
				continue
			}
			if feasible {
				return unbounded
			}
			return exhausted
		}
	}
	return exhausted
}

// price computes the prices of the rows for the cost, or for the sum of infeasibilities if there is any.
func (p *programme) price() (feasible bool) {
	feasible = true
	for pos, j := range p.basis {
		switch {
		case p.x[j] < p.lo[j]-feasibility:
			p.byPos[pos], feasible = -1, false
		case p.x[j] > p.hi[j]+feasibility:
			p.byPos[pos], feasible = 1, false
		default:
			p.byPos[pos] = 0
		}
	}
	if feasible {
		for pos, j := range p.basis {
			p.byPos[pos] = 0
			if int(j) < p.unknowns {
				p.byPos[pos] = p.cost[j]
			}
		}
	}
	p.factors.backward(p.byPos, p.prices)
	return feasible
}

// entering returns the variable whose move pays most, and its direction; -1 if none pays. Sections are looked at in
// turn, and the best of the first section that has any is taken.
func (p *programme) entering() (best int32, dir float64) {
	n := p.unknowns + p.rows
	section := max(500, n/8)
	best = -1
	most := optimality
	phaseTwo := p.isFeasible()
	for looked := 0; looked < n; looked++ {
		if looked%section == 0 && best >= 0 {
			break
		}
		j := int32(p.next)
		if p.next++; p.next == n {
			p.next = 0
		}
		if p.where[j] >= 0 || p.lo[j] == p.hi[j] {
			continue
		}
		d := 0.0
		if phaseTwo && int(j) < p.unknowns {
			d = p.cost[j]
		}
		if int(j) < p.unknowns {
			c := &p.columns[j]
			for i, r := range c.row {
				d -= c.val[i] * p.prices[r]
			}
		} else {
			d += p.prices[int(j)-p.unknowns]
		}
		free := math.IsInf(p.lo[j], -1) && math.IsInf(p.hi[j], 1)
		switch {
		case d < -most && (free || !p.atHi[j]):
			best, dir, most = j, 1, -d
		case d > most && (free || p.atHi[j]):
			best, dir, most = j, -1, d
		}
	}
	return best, dir
}

func (p *programme) isFeasible() bool {
	for _, j := range p.basis {
		if p.x[j] < p.lo[j]-feasibility || p.x[j] > p.hi[j]+feasibility {
			return false
		}
	}
	return true
}

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
	if t < 1e-12 {
		p.degenerate++
	} else {
		p.degenerate = 0
	}
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
