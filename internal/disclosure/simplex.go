package disclosure

import (
	"math"
	"math/rand/v2"
)

// dictionary is a table of a component as the simplex method walks through them: its dependent counts as linear functions of
// the others, in floating point. It only proposes tables; component.follow accepts them in exact arithmetic.
type dictionary struct {
	a         [][]float64 // dependent count = sum of a times independent count, plus what makes value true
	basic     []int       // count of each row
	nonbasic  []int       // count of each column
	where     []int       // count -> its row, or ^its column
	value     []float64   // by count
	objective []float64   // by column
	work      int         // entries of the pivots so far
}

const (
	tiny      = 1e-9
	maxPivots = 3000 // for one target: a target that needs more counts as failed
	maxWork   = 2e8  // entries of all pivots of one component, after which the rest waits for the next audit
	maxStroll = 100  // further corners, if the furthest is no table of whole numbers
	maxStalls = 40   // pivots without progress before Bland's rule, which cannot cycle
)

func newDictionary(c *component) *dictionary {
	d := &dictionary{where: make([]int, len(c.cols)), value: make([]float64, len(c.cols)), objective: make([]float64, c.free)}
	for i, v := range c.truth {
		d.value[i] = float64(v)
	}
	for j := range c.free {
		d.nonbasic = append(d.nonbasic, j)
		d.where[j] = ^j
	}
	for i, l := range c.lines {
		row := make([]float64, c.free)
		for _, p := range l.parts {
			row[p.free] = float64(p.num) / float64(l.den)
		}
		d.a = append(d.a, row)
		d.basic = append(d.basic, c.free+i)
		d.where[c.free+i] = i
	}
	return d
}

// settle moves every independent count down to 0, or exchanges it for a dependent one that gets there first: then the
// table is a corner of what is possible. seen is called after every move.
func (d *dictionary) settle(seen func()) {
	for j := range d.nonbasic {
		v := d.value[d.nonbasic[j]]
		if v <= tiny {
			continue
		}
		row, step := d.limit(j, -1)
		if step >= v {
			row, step = -1, v
		}
		d.move(j, -step)
		if row >= 0 {
			d.pivot(row, j)
		}
		seen()
	}
}

// limit returns how far independent count j can move in the direction before a dependent count is 0, and its row;
// row -1 if nothing stops it.
func (d *dictionary) limit(j int, direction float64) (int, float64) {
	best, step := -1, math.Inf(1)
	for i, row := range d.a {
		slope := row[j] * direction
		if slope > -tiny {
			continue
		}
		s := math.Max(0, d.value[d.basic[i]]) / -slope
		if s < step-tiny || s < step+tiny && best >= 0 && d.basic[i] < d.basic[best] {
			best, step = i, s
		}
	}
	return best, step
}

// move changes independent count j and with it all dependent ones.
func (d *dictionary) move(j int, by float64) {
	if by == 0 {
		return
	}
	d.value[d.nonbasic[j]] += by
	for i, row := range d.a {
		if math.Abs(row[j]) > noise {
			d.value[d.basic[i]] += row[j] * by
		}
	}
}

// pivot exchanges the dependent count of row i and the independent one of column j.
func (d *dictionary) pivot(i, j int) {
	row := d.a[i]
	f := row[j]
	for k := range row {
		row[k] /= -f
	}
	row[j] = 1 / f
	for l, other := range d.a {
		if l != i {
			substitute(other, row, j)
		}
	}
	substitute(d.objective, row, j)
	d.basic[i], d.nonbasic[j] = d.nonbasic[j], d.basic[i]
	d.where[d.basic[i]], d.where[d.nonbasic[j]] = i, ^j
	d.value[d.nonbasic[j]] = 0
}

// noise is what rounding leaves where there should be nothing.
const noise = 1e-11

// substitute puts row for independent count j into another row. It is where the time goes: plain loops over all columns
// are several times as fast as looking for those that are not 0.
func substitute(other, row []float64, j int) {
	g := other[j]
	if math.Abs(g) < noise {
		other[j] = 0
		return
	}
	other[j] = 0
	row = row[:len(other)]
	for k := range other {
		other[k] += g * row[k]
	}
}

// aim makes the sum of the counts, times direction, the objective.
func (d *dictionary) aim(counts []int, direction float64) {
	clear(d.objective)
	for _, c := range counts {
		if w := d.where[c]; w < 0 {
			d.objective[^w] += direction
		} else {
			for k, f := range d.a[w] {
				d.objective[k] += direction * f
			}
		}
	}
}

// climb walks from corner to corner to where the objective is largest, or until seen says that it has enough. It
// returns false if that took too long.
func (d *dictionary) climb(seen func() bool) bool {
	stalls := 0
	for range maxPivots {
		j := d.entering(stalls > maxStalls)
		if j < 0 {
			return true
		}
		i, step := d.limit(j, 1)
		if i < 0 {
			return false // no total bounds it: then nothing was promised about it either
		}
		d.move(j, step)
		d.pivot(i, j)
		d.work += len(d.a) * len(d.nonbasic)
		if step > tiny {
			stalls = 0
		} else {
			stalls++
		}
		if step > tiny && seen() {
			return true
		}
	}
	return false
}

// stroll goes on from corner to corner at random, without letting the objective fall by more than spare, until seen says that it has
// enough. Most corners of tables of counts are whole numbers, but the furthest need not be.
func (d *dictionary) stroll(spare float64, seen func() bool) {
	if spare < -tiny {
		return
	}
	rng := rand.New(rand.NewPCG(uint64(len(d.a)), uint64(len(d.nonbasic))))
	for range maxStroll {
		j := rng.IntN(len(d.nonbasic))
		i, step := d.limit(j, 1)
		if i < 0 || spare+d.objective[j]*step < -tiny {
			continue
		}
		spare += d.objective[j] * step
		d.move(j, step)
		d.pivot(i, j)
		d.work += len(d.a) * len(d.nonbasic)
		if d.work > maxWork || step > tiny && seen() {
			return
		}
	}
}

// entering returns the independent count whose increase gains most, or the first that gains; -1 if none does.
func (d *dictionary) entering(first bool) int {
	best := -1
	for j, gain := range d.objective {
		switch {
		case gain <= tiny:
		case best < 0:
			best = j
		case first && d.nonbasic[j] < d.nonbasic[best]:
			best = j
		case !first && gain > d.objective[best]:
			best = j
		}
	}
	return best
}

// whole returns the independent part of the present table as whole numbers less truth, over the free counts of the
// component, or false if it is not whole.
func (d *dictionary) whole(c *component) ([]int64, bool) {
	free := make([]int64, c.free)
	for i := range free {
		r := math.Round(d.value[i])
		if math.Abs(d.value[i]-r) > 1e-6 {
			return nil, false
		}
		free[i] = int64(r) - c.truth[i]
	}
	return free, true
}
