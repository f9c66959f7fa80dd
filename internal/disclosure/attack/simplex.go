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
	rows, unknowns                      int
	columns                             []sparse  // of the unknowns
	lo, hi                              []float64 // of the unknowns, then of the logicals
	basis                               []int32   // the variable at each position
	where                               []int32   // the position of a variable, -1 if it is not basic
	atHi                                []bool    // a variable out of the basis is at its upper bound
	x                                   []float64
	cost                                []float64 // of the unknowns; to be made small
	factors                             *factors
	units                               []int32 // 0, 1, 2 ...
	iterations                          int
	byRow, byPos, alpha, prices, change []float64
	priced                              []float64 // the cost of each position that the prices are for
	stale                               bool      // the prices must be computed anew
	phaseTwo                            bool
	swapped                             int32 // the position whose variable changed since, -1 if none
	breaks                              []breakpoint
	pricing                             *pricing
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
	refresh     = 100  // most updates before the basis is factored anew
)

var minusOne = []float64{-1}

func (p *programme) column(j int32) sparse {
	if int(j) < p.unknowns {
		return p.columns[j]
	}
	i := int(j) - p.unknowns
	return sparse{p.units[i : i+1], minusOne}
}

// begin sets up the work space. start names a variable for each row, which together must make a basis.
func (p *programme) begin(start []int32) {
	n := p.unknowns + p.rows
	p.basis, p.where, p.atHi = slices.Clone(start), make([]int32, n), make([]bool, n)
	p.x, p.cost = make([]float64, n), make([]float64, p.unknowns)
	p.byRow, p.byPos, p.alpha = make([]float64, p.rows), make([]float64, p.rows), make([]float64, p.rows)
	p.prices, p.priced, p.change, p.swapped = make([]float64, p.rows), make([]float64, p.rows), make([]float64, p.rows), -1
	p.units = make([]int32, p.rows)
	for i := range p.units {
		p.units[i] = int32(i)
	}
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
	p.pricing = newPricing(p)
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
	p.stale = true
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

// minimise goes to the least cost. After every step that finds people who fit, enough is asked whether that will do.
func (p *programme) minimise(ctx context.Context, enough func() bool) outcome {
	p.stale = true
	for limit := 20*(p.rows+p.unknowns) + 1000; limit > 0; limit-- {
		p.iterations++
		if p.iterations%32 == 0 && ctx.Err() != nil {
			return exhausted
		}
		if f := p.factors; len(f.updates) >= refresh || f.grown > 3*(f.size+p.rows) {
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

// price brings the prices of the rows up to date for the cost, or for the sum of infeasibilities if there is any. What
// changed since last time is little, so only the change is solved for.
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
	p.phaseTwo = feasible
	if feasible {
		for pos, j := range p.basis {
			p.byPos[pos] = 0
			if int(j) < p.unknowns {
				p.byPos[pos] = p.cost[j]
			}
		}
	}
	if p.stale {
		copy(p.priced, p.byPos)
		p.factors.backward(p.byPos, p.prices)
		p.stale, p.swapped = false, -1
		p.pricing.anew(p)
		return feasible
	}
	for pos, c := range p.byPos {
		p.byPos[pos], p.priced[pos] = c-p.priced[pos], c
	}
	entered := p.swapped >= 0 && feasible && p.pricing.phase
	if p.swapped >= 0 {
		p.byPos[p.swapped] = p.priced[p.swapped] - p.value(p.basis[p.swapped])
		p.swapped = -1
	}
	p.factors.backward(p.byPos, p.change)
	for i, c := range p.change {
		p.prices[i] += c
	}
	if p.pricing.phase != feasible {
		p.pricing.anew(p)
		return feasible
	}
	p.pricing.changed(p, entered)
	return feasible
}

// value is what a column is worth at the prices.
func (p *programme) value(j int32) float64 {
	if int(j) >= p.unknowns {
		return -p.prices[int(j)-p.unknowns]
	}
	sum := 0.0
	c := &p.columns[j]
	for i, r := range c.row {
		sum += c.val[i] * p.prices[r]
	}
	return sum
}
