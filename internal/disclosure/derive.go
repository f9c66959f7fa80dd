package disclosure

import (
	"slices"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Figure is a number computed from shown figures only (R5): a percentage, a mean, a net score.
type Figure struct {
	Shown    bool
	Tenths   int // the value times 10
	Decimals int // decimals to print: 0 or 1
}

// Float returns the value, for charts.
func (f Figure) Float() float64 { return float64(f.Tenths) / 10 }

// String returns the figure as it is printed, Symbol if hidden.
func (f Figure) String() string {
	if !f.Shown {
		return Symbol
	}
	return strconv.FormatFloat(f.Float(), 'f', f.Decimals, 64)
}

// round returns a count as it is shown: to the nearest multiple of to, halves up (section 3.3 step 7).
func round(n, to int) int { return (n + to/2) / to * to }

// ratio returns num/den rounded to the nearest integer, halves away from zero; den is positive.
func ratio(num, den int) int {
	if num < 0 {
		return -ratio(-num, den)
	}
	return (2*num + den) / (2 * den)
}

// percent is R5 for percentages: of shown counts only, whole numbers, from a base of 20; one decimal from 1,000.
func (p Policy) percent(part, base Cell) Figure {
	if !part.Shown || !base.Shown || base.Value < p.PercentBase {
		return Figure{}
	}
	if base.Value >= p.DecimalBase {
		return Figure{Shown: true, Tenths: ratio(1000*part.Value, base.Value), Decimals: 1}
	}
	return Figure{Shown: true, Tenths: 10 * ratio(100*part.Value, base.Value)}
}

// scale is what a question's codes mean for means and net scores, at the rung and with the columns of a table.
type scale struct {
	score    []float64 // by column; means only
	scored   []bool
	positive []bool
	negative []bool
	mean     bool
	net      bool
}

// scaleOf reads the scale of a table. A mean needs the finest codes with their points: bands have none. A net score
// needs bands that are wholly above or below the middle of the scale. Either needs all its codes to be columns.
func scaleOf(g *grid) scale {
	q, n := g.axes[0], len(g.cols)
	s := scale{score: make([]float64, n), scored: make([]bool, n), positive: make([]bool, n), negative: make([]bool, n)}
	lo, hi, points := 0.0, 0.0, 0
	for _, v := range q.dim.Scores {
		if points == 0 || v < lo {
			lo = v
		}
		if points == 0 || v > hi {
			hi = v
		}
		points++
	}
	if points < 2 || lo == hi || len(g.cols) < len(q.codes) {
		return s
	}
	s.mean, s.net = q.rung == 0, true
	middle := (lo + hi) / 2
	for i, c := range g.cols {
		sides := map[int]bool{}
		for leaf, code := range q.dim.Codes {
			v, on := q.dim.Scores[code]
			if q.of[leaf] != c {
				continue
			}
			switch {
			case !on:
				sides[2] = true
			case v > middle:
				sides[1] = true
			case v < middle:
				sides[-1] = true
			default:
				sides[0] = true
			}
			s.score[i], s.scored[i] = v, on
		}
		s.positive[i], s.negative[i] = sides[1] && len(sides) == 1, sides[-1] && len(sides) == 1
		if len(sides) > 1 && (sides[1] || sides[-1]) {
			s.net = false // a band such as "not satisfied" is neither
		}
	}
	s.net = s.net && slices.Contains(s.positive, true) && slices.Contains(s.negative, true)
	return s
}

// meanOf is R5 for means: from the shown distribution, one decimal, from a base of 30; none if any answer that has
// points is hidden.
func (s scale) meanOf(r Row, p Policy) Figure {
	if !s.mean || !r.Base.Shown || r.Base.Value < p.MeanBase {
		return Figure{}
	}
	sum, n := 0.0, 0
	for i, c := range r.Cells {
		if !s.scored[i] {
			continue
		}
		if !c.Shown {
			return Figure{}
		}
		sum += s.score[i] * float64(c.Value)
		n += c.Value
	}
	if n < p.MeanBase {
		return Figure{}
	}
	// Points may be fractions; a thousandth is finer than any scale in use.
	return Figure{Shown: true, Tenths: ratio(int(sum*1000+0.5), 100*n), Decimals: 1}
}

// netOf is R5 for net scores: shown positive less shown negative answers in per cent of the shown base, one
// decimal, from a base of 30; none if any of these answers is hidden.
func (s scale) netOf(r Row, p Policy) Figure {
	if !s.net || !r.Base.Shown || r.Base.Value < p.MeanBase {
		return Figure{}
	}
	net := 0
	for i, c := range r.Cells {
		if (s.positive[i] || s.negative[i]) && !c.Shown {
			return Figure{}
		}
		switch {
		case s.positive[i]:
			net += c.Value
		case s.negative[i]:
			net -= c.Value
		}
	}
	return Figure{Shown: true, Tenths: ratio(1000*net, r.Base.Value), Decimals: 1}
}
