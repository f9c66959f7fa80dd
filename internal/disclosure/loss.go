package disclosure

import (
	"math"
	"slices"
)

// Loss is what protection cost a table, or all of them (disclosure.md 3.7). It compares what is shown with true counts, so it is for the council's own
// officers and never leaves with a release. Numbers that a table does not have are NaN: a mean score without scale, a rank of two groups.
type Loss struct {
	Table  string // id; "" for all tables together
	Steps  int    // redesigns: steps of the ladder and break-downs left out
	Cells  int    // counts, bases included
	Hidden int
	Groups int // groups of the break-down
	Silent int // groups without any shown answer

	PeopleHidden float64 // responses inside hidden inner cells, per cent of all responses in inner cells
	MeanRounding float64 // people: how far shown counts are from the truth, on average
	MaxRounding  float64
	MeanPercent  float64 // points: the same of shown percentages
	MaxPercent   float64
	MeanPercent1 float64 // points, where the base is 100 and more
	MaxPercent1  float64
	Hellinger    float64 // distance of the shown from the true distribution of inner cells, 0 (the same) to 1
	VBefore      float64 // Cramér's V of groups and answers, in truth
	VAfter       float64 // from the groups of which every answer is shown
	Rank         float64 // Spearman: order of the groups by mean score, as shown and in truth
	Score        float64 // points of the scale: how far shown mean scores are from the truth, on average
	// False says what a reader would wrongly conclude with a chi-square test at 5 %: "difference" where there is none, "no difference" where there
	// is one; empty if nothing.
	False string
}

// Share returns how much of the table is hidden, in per cent.
func (l Loss) Share() float64 { return percentOf(l.Hidden, l.Cells) }

func percentOf(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// lossOf compares a table as it is shown with its grid. The rows of both are in the same order.
func lossOf(g *grid, t Table, steps int) Loss {
	l := Loss{Table: t.ID, Steps: steps, VBefore: math.NaN(), VAfter: math.NaN(), Rank: math.NaN(), Score: math.NaN()}
	s := scaleOf(g)
	var rounding, percents, percents100 spread
	var exact, shown []int // inner cells
	var before, after [][]int
	var trueScores, shownScores []float64
	for r, at := range g.rows() {
		row := t.Rows[r]
		base := g.sum(g.region(at))
		l.count(row.Base)
		rounding.add(row.Base, base)
		inner := !slices.Contains(at[1:len(g.axes)], all)
		var truth, seen []int
		whole, silent := true, true
		for i, q := range g.cols {
			n := g.sum(g.region(at.with(0, q)))
			c := row.Cells[i]
			l.count(c)
			rounding.add(c, n)
			if f := row.Percents[i]; f.Shown && base > 0 {
				d := math.Abs(f.Float() - percentOf(n, base))
				percents.put(d)
				if base >= 100 {
					percents100.put(d)
				}
			}
			truth, seen = append(truth, n), append(seen, c.Value)
			whole, silent = whole && c.Shown, silent && !c.Shown
			if inner {
				exact, shown = append(exact, n), append(shown, c.Value)
				if !c.Shown {
					l.PeopleHidden += float64(n)
				}
			}
		}
		if !inner || len(g.axes) == 1 {
			continue
		}
		l.Groups++
		if silent {
			l.Silent++
		}
		before = append(before, truth)
		if whole {
			after = append(after, seen)
		}
		if mean, ok := s.exactMean(truth); ok && row.Mean.Shown {
			trueScores, shownScores = append(trueScores, mean), append(shownScores, row.Mean.Float())
		}
	}
	if people := sumOf(exact); people > 0 {
		l.PeopleHidden *= 100 / float64(people)
	}
	l.MeanRounding, l.MaxRounding = rounding.mean(), rounding.most
	l.MeanPercent, l.MaxPercent = percents.mean(), percents.most
	l.MeanPercent1, l.MaxPercent1 = percents100.mean(), percents100.most
	l.Hellinger = Hellinger(exact, shown)
	l.associate(before, after)
	if len(trueScores) > 0 {
		var score spread
		for i := range trueScores {
			score.put(math.Abs(trueScores[i] - shownScores[i]))
		}
		l.Score = score.mean()
	}
	l.Rank = Spearman(trueScores, shownScores)
	return l
}

func (l *Loss) count(c Cell) {
	l.Cells++
	if !c.Shown {
		l.Hidden++
	}
}

// associate compares groups and answers, in truth and as shown.
func (l *Loss) associate(before, after [][]int) {
	chi, df, v := association(before)
	l.VBefore = v
	shownChi, shownDf, shownV := association(after)
	l.VAfter = shownV
	if df == 0 || shownDf == 0 {
		return
	}
	really, seems := chi > critical(df), shownChi > critical(shownDf)
	switch {
	case really && !seems:
		l.False = "no difference"
	case seems && !really:
		l.False = "difference"
	}
}

// exactMean is the mean score of true counts.
func (s scale) exactMean(counts []int) (float64, bool) {
	sum, n := 0.0, 0
	for i, c := range counts {
		if s.mean && s.scored[i] {
			sum, n = sum+s.score[i]*float64(c), n+c
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// spread is the mean and the largest of some distances.
type spread struct {
	sum, most float64
	n         int
}

func (s *spread) put(d float64) { s.sum, s.most, s.n = s.sum+d, max(s.most, d), s.n+1 }

func (s *spread) add(c Cell, exact int) {
	if c.Shown {
		s.put(math.Abs(float64(c.Value - exact)))
	}
}

func (s *spread) mean() float64 {
	if s.n == 0 {
		return 0
	}
	return s.sum / float64(s.n)
}

// lossOfAll adds up the tables: shares of all cells, means of the tables' means, the largest of all. What belongs to one table alone is NaN.
func lossOfAll(tables []Loss) Loss {
	out := Loss{VBefore: math.NaN(), VAfter: math.NaN(), Rank: math.NaN(), Score: math.NaN()}
	n := float64(max(1, len(tables)))
	for _, l := range tables {
		out.Steps, out.Cells, out.Hidden = out.Steps+l.Steps, out.Cells+l.Cells, out.Hidden+l.Hidden
		out.Groups, out.Silent = out.Groups+l.Groups, out.Silent+l.Silent
		out.PeopleHidden += l.PeopleHidden / n
		out.MeanRounding, out.MaxRounding = out.MeanRounding+l.MeanRounding/n, max(out.MaxRounding, l.MaxRounding)
		out.MeanPercent, out.MaxPercent = out.MeanPercent+l.MeanPercent/n, max(out.MaxPercent, l.MaxPercent)
		out.MeanPercent1, out.MaxPercent1 = out.MeanPercent1+l.MeanPercent1/n, max(out.MaxPercent1, l.MaxPercent1)
		out.Hellinger += l.Hellinger / n
	}
	return out
}
