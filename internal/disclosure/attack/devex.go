package attack

import "math"

// pricing keeps what every move would pay and how far it would carry. The variable that enters is the one that pays most
// for its length in a reference frame (Devex, Harris 1973), which takes far fewer steps than the one that pays most.
type pricing struct {
	gain   []float64 // of each variable: its cost less what its column is worth at the prices
	weight []float64 // of each variable: the square of its length
	byRow  []sparse  // the unknowns of each row
	moved  []float64 // of each variable: what its column is worth at the change of the prices
	list   []int32   // the variables in moved
	marked []bool
	phase  bool    // the phase that gain is for
	pivot  float64 // the gain of the variable that entered last
	length float64 // its weight before it entered
}

// largestWeight is when the reference frame is so far off that a new one is begun.
const largestWeight = 1e8

func newPricing(p *programme) *pricing {
	n := p.unknowns + p.rows
	d := &pricing{gain: make([]float64, n), weight: make([]float64, n), moved: make([]float64, n), marked: make([]bool, n), byRow: make([]sparse, p.rows)}
	for j, c := range p.columns {
		for i, r := range c.row {
			d.byRow[r].row, d.byRow[r].val = append(d.byRow[r].row, int32(j)), append(d.byRow[r].val, c.val[i])
		}
	}
	d.reset()
	return d
}

func (d *pricing) reset() {
	for j := range d.weight {
		d.weight[j] = 1
	}
}

// anew computes all gains from the prices.
func (d *pricing) anew(p *programme) {
	d.phase = p.phaseTwo
	for j := range d.gain {
		d.gain[j] = -p.value(int32(j))
		if p.phaseTwo && j < p.unknowns {
			d.gain[j] += p.cost[j]
		}
	}
}

// changed takes over a change of the prices; a step whose variable entered lengthens the others.
func (d *pricing) changed(p *programme, entered bool) {
	d.list = d.list[:0]
	touch := func(j int32, v float64) {
		if !d.marked[j] {
			d.marked[j], d.moved[j] = true, 0
			d.list = append(d.list, j)
		}
		d.moved[j] += v
	}
	for i, c := range p.change {
		if c == 0 {
			continue
		}
		touch(int32(p.unknowns+i), -c)
		r := &d.byRow[i]
		for k, j := range r.row {
			touch(j, c*r.val[k])
		}
	}
	most := 0.0
	for _, j := range d.list {
		d.marked[j] = false
		d.gain[j] -= d.moved[j]
		if entered && p.where[j] < 0 {
			a := d.moved[j] / d.pivot
			d.weight[j] = max(d.weight[j], a*a*d.length)
			most = max(most, d.weight[j])
		}
	}
	if most > largestWeight {
		d.reset()
	}
}

// entering returns the variable whose move pays most for its length, and its direction; -1 if none pays.
func (p *programme) entering() (best int32, dir float64) {
	d := p.pricing
	best = -1
	most := 0.0
	for j, g := range d.gain {
		if g > -optimality && g < optimality || p.where[j] >= 0 || p.lo[j] == p.hi[j] {
			continue
		}
		if (g > 0) != p.atHi[j] && !(math.IsInf(p.lo[j], -1) && math.IsInf(p.hi[j], 1)) {
			continue // it stands on the bound that it would cross
		}
		if m := g * g / d.weight[j]; m > most {
			best, most = int32(j), m
		}
	}
	if best >= 0 {
		dir = 1
		if d.gain[best] > 0 {
			dir = -1
		}
		d.pivot, d.length = d.gain[best], d.weight[best]
	}
	return best, dir
}
