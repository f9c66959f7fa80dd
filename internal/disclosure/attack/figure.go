package attack

import (
	"fmt"
	"slices"
)

// less compares two printed numbers.
func less(a, b Decimal) bool { return scaled(a, MaxPlaces) < scaled(b, MaxPlaces) }

// scaled returns the number in units of ten to the power of minus places.
func scaled(d Decimal, places int) int64 {
	u := d.Units
	for p := d.Places; p < places; p++ {
		u *= 10
	}
	return u
}

func pow10(n int) int64 { return scaled(Decimal{1, 0}, n) }

// address returns where a figure stands.
func (w *world) address(c *Cell) []pair {
	var at []pair
	for dim, name := range c.Codes {
		i := w.number[dim]
		at = append(at, pair{i, w.axes[i].index[name]})
	}
	if w.cohort >= 0 {
		at = append(at, pair{w.cohort, w.axes[w.cohort].index[c.Release]})
	}
	slices.SortFunc(at, func(a, b pair) int { return a.axis - b.axis })
	return at
}

// readFigures turns every line into bounds of a node, or into rows.
func (w *world) readFigures() Faults {
	var faults Faults
	for i := range w.in.Cells {
		c := &w.in.Cells[i]
		w.figures++
		if c.Measure != Count {
			continue
		}
		if f := w.readCount(c); f != nil {
			faults = append(faults, *f)
		}
	}
	if len(faults) > 0 {
		return faults
	}
	derived := w.derived()
	for i := range w.in.Cells {
		c := &w.in.Cells[i]
		switch {
		case c.Measure == Count || derived[i]:
		case c.Measure == Percent:
			w.readPercent(c)
		case c.Value != nil || c.Lo != nil:
			w.readMean(c)
		default:
			w.hidden++
		}
	}
	return nil
}

// readCount narrows a node to what a count says.
func (w *world) readCount(c *Cell) *Fault {
	n := &w.nodes[w.at(w.address(c))]
	lo, hi := int64(0), Unbounded
	switch {
	case c.Lo != nil:
		lo, hi = c.Lo.Units, c.Hi.Units
	case c.Value != nil && !c.Hidden:
		lo, hi = c.Value.Units, c.Value.Units
	}
	if max(n.lo, lo) > min(n.hi, hi) {
		return &Fault{c.At, fmt.Sprintf("contradicts %s: the same count", n.place)}
	}
	n.lo, n.hi = max(n.lo, lo), min(n.hi, hi)
	if hi < Unbounded {
		n.place = c.At
	}
	if c.Value != nil && !c.Hidden {
		n.shown, n.value, n.exact = true, c.Value.Units, n.exact || lo == hi
		if lo < hi {
			w.wants = append(w.wants, want{kind: KindUnpicked, whole: w.find(w.address(c)), cell: c})
		}
		return nil
	}
	w.hide(c, w.find(w.address(c)))
	return nil
}

// hide asks for a hidden count.
func (w *world) hide(c *Cell, n int32) {
	w.hidden++
	w.wants = append(w.wants, want{kind: KindExact, whole: n, cell: c})
}

// interval returns the interval of a percentage or mean in units of half its last decimal: as told, or as printed
// half a unit either way.
func interval(c *Cell) (lo, hi int64, places int) {
	if c.Lo != nil {
		places = max(c.Lo.Places, c.Hi.Places)
		return 2 * scaled(*c.Lo, places), 2 * scaled(*c.Hi, places), places
	}
	return 2*c.Value.Units - 1, 2*c.Value.Units + 1, c.Value.Places
}

// readPercent adds the two rows of a percentage, or asks for the count behind a hidden one.
func (w *world) readPercent(c *Cell) {
	at := w.address(c)
	part := w.at(at)
	if c.Value == nil && c.Lo == nil || c.Hidden {
		if !w.nodes[part].exact {
			w.hide(c, part)
		}
		if c.Lo == nil {
			return
		}
	}
	whole := w.at(with(at, w.number[c.Over], -1))
	if part == whole {
		return
	}
	lo, hi, places := interval(c)
	scale := 200 * pow10(places)
	w.add(row{nodes: []int32{part, whole}, coef: []int64{scale, -lo}, lo: 0, hi: Unbounded, main: true, place: c.At})
	w.add(row{nodes: []int32{part, whole}, coef: []int64{scale, -hi}, lo: -Unbounded, hi: 0, main: true, place: c.At})
}

// readMean adds the two rows of a mean: the sum of (score - mean) over those with a score.
func (w *world) readMean(c *Cell) {
	if c.Hidden {
		w.hidden++
	}
	i := w.number[c.Over]
	lo, hi, places := interval(c)
	low, high := row{lo: 0, hi: Unbounded, main: true, place: c.At}, row{lo: -Unbounded, hi: 0, main: true, place: c.At}
	for _, k := range w.scored(c) {
		n := w.at(with(w.address(c), i, k))
		points := 2 * pow10(places) * w.axes[i].codes[k].score // in 1000 * units of half the last decimal
		low.nodes, low.coef = append(low.nodes, n), append(low.coef, points-1000*lo)
		high.nodes, high.coef = append(high.nodes, n), append(high.coef, points-1000*hi)
	}
	if len(low.nodes) > 0 {
		w.add(low)
		w.add(high)
	}
}

// scored returns the codes with points that a mean is taken over.
func (w *world) scored(c *Cell) []int {
	i := w.number[c.Over]
	within, narrowed := c.Codes[c.Over]
	var out []int
	for k := range w.axes[i].codes {
		if !w.axes[i].codes[k].scored {
			continue
		}
		if narrowed {
			rest := slices.Clone(w.axes[i].codes[w.axes[i].index[within]].set)
			rest.unite(w.axes[i].codes[k].set)
			if !slices.Equal(rest, w.axes[i].codes[w.axes[i].index[within]].set) {
				continue
			}
		}
		out = append(out, k)
	}
	return out
}

// add adds a row in lowest terms. A factor of 0, such as that of the base of "0 % at least", is no factor: left in, it
// would be divided by.
func (w *world) add(r row) {
	kept := row{lo: r.lo, hi: r.hi, main: r.main, place: r.place}
	for i, c := range r.coef {
		if c != 0 {
			kept.nodes, kept.coef = append(kept.nodes, r.nodes[i]), append(kept.coef, c)
		}
	}
	if r = kept; len(r.nodes) == 0 {
		return // both kinds of rows hold 0
	}
	g := int64(0)
	for _, c := range r.coef {
		g = gcd(g, c)
	}
	if g > 1 && (r.lo == 0 || r.lo == -Unbounded) && (r.hi == 0 || r.hi == Unbounded) {
		for i := range r.coef {
			r.coef[i] /= g
		}
	}
	w.rows = append(w.rows, r)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}
