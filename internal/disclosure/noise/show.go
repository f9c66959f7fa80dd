package noise

import (
	"math"
	"slices"
)

// line is one group of a table before it is printed: sums of fitted figures.
type line struct {
	codes  []int // of each dimension but the question; -1 for all
	sums   []float64
	parts  float64 // how many noisy cells each sum adds up
	base   float64
	noises float64 // the variance of the base, in variances of one noisy cell
}

// linesOf adds up the fitted figures of one question's tables to all their groups. A group that stands in several tables is everywhere the one
// with the fewest parts: fitted figures agree but for the last bits, and those could round to either side.
func linesOf(tables []Table, axes map[string]axis, fitted [][]float64) ([][]line, error) {
	out := make([][]line, len(tables))
	best := map[string]*line{}
	for t, table := range tables {
		var err error
		if out[t], err = sums(table, axes, fitted[t]); err != nil {
			return nil, err
		}
		for i := range out[t] {
			l := &out[t][i]
			id := l.id(table, axes)
			if b := best[id]; b == nil || l.parts < b.parts {
				best[id] = l
			}
		}
	}
	for t, table := range tables {
		for i := range out[t] {
			l := &out[t][i]
			b := best[l.id(table, axes)]
			l.sums, l.parts, l.base, l.noises = b.sums, b.parts, b.base, b.noises
		}
	}
	return out, nil
}

// Truth returns the exact counts of a table of the catalogue, a row for each of the groups that Publish prints, in their order, with a count
// for each code of the question. They never leave the council.
func (c Catalogue) Truth(t Table) ([][]int64, error) {
	axes, err := c.axes()
	if err != nil {
		return nil, err
	}
	counts := make([]float64, len(t.Counts)) // whole numbers under 2^53: exact
	for i, n := range t.Counts {
		counts[i] = float64(n)
	}
	lines, err := sums(t, axes, counts)
	if err != nil {
		return nil, err
	}
	out := make([][]int64, len(lines))
	for i, l := range lines {
		for _, n := range l.sums {
			out[i] = append(out[i], int64(n))
		}
	}
	return out, nil
}

// id names the people of a line, whatever table it stands in.
func (l *line) id(t Table, axes map[string]axis) string {
	var conditions []Condition
	for d, code := range l.codes {
		if code >= 0 {
			conditions = append(conditions, Condition{t.Dims[d], axes[t.Dims[d]].dim.Codes[code]})
		}
	}
	return CellID(conditions)
}

// sums are the lines of one table in the order in which they are printed.
func sums(t Table, axes map[string]axis, fitted []float64) ([]line, error) {
	last := len(t.Dims) - 1
	answers := len(axes[t.Dims[last]].dim.Codes)
	size := make([]int, last) // of each dimension, with "all" first
	rows := 1
	for d := range size {
		size[d] = len(axes[t.Dims[d]].dim.Codes) + 1
		if rows > maxCells/size[d]/answers {
			return nil, invalid("table", t.ID)
		}
		rows *= size[d]
	}
	out := make([]line, rows)
	for i := range out {
		l := line{codes: make([]int, last), sums: make([]float64, answers), parts: 1}
		rest := i
		for d := last - 1; d >= 0; d-- {
			l.codes[d] = rest%size[d] - 1
			rest /= size[d]
			if l.codes[d] < 0 {
				l.parts *= float64(size[d] - 1)
			}
		}
		l.noises = l.parts * float64(answers)
		out[i] = l
	}
	for i, y := range fitted {
		group, answer := i/answers, i%answers
		at := []int{0} // the lines of which the cell is a part
		stride := 1
		for d := last - 1; d >= 0; d-- {
			code := group % (size[d] - 1)
			group /= size[d] - 1
			for _, a := range slices.Clone(at) {
				at = append(at, a+(code+1)*stride)
			}
			stride *= size[d]
		}
		for _, a := range at {
			out[a].sums[answer] += y
			out[a].base += y
		}
	}
	return out, nil
}

// share gives the questions of one family the same bases, the mean of theirs: options of one multiple-choice question were put to the same
// people. It sees fitted figures only, so it costs nothing.
func share(tables []Table, axes map[string]axis, all [][]line) {
	type group struct{ family, id string }
	type mean struct {
		of         map[string]bool // questions: one that stands in several tables counts once
		sum, parts float64
	}
	means := map[group]*mean{}
	each := func(do func(t Table, l *line, g group)) {
		for t, lines := range all {
			for i := range lines {
				if tables[t].Family != "" {
					do(tables[t], &lines[i], group{tables[t].Family, lines[i].id(tables[t], axes)})
				}
			}
		}
	}
	each(func(t Table, l *line, g group) {
		if means[g] == nil {
			means[g] = &mean{of: map[string]bool{}}
		}
		if m := means[g]; !m.of[t.Question] {
			m.of[t.Question] = true
			m.sum += l.base
			m.parts += l.noises
		}
	})
	each(func(_ Table, l *line, g group) {
		m := means[g]
		n := float64(len(m.of))
		l.base, l.noises = m.sum/n, m.parts/n/n
	})
}

// margin is the 95 % margin of a figure with so many times the variance of one noisy cell that is then rounded to 5. Fitting only makes it
// smaller.
func (v Variance) margin(times float64) int64 {
	s := v.Sigma()
	return int64(math.Ceil(1.959964 * math.Sqrt(times*s*s+RoundTo*RoundTo/12.0)))
}

func (e Epoch) show(t Table, axes map[string]axis, lines []line) Shown {
	out := Shown{ID: t.ID, Cost: e.Variance.Cost(true)}
	values := axes[t.Question].dim.Values
	for _, l := range lines {
		g := Group{Base: Figure{Shown: nearest(l.base), Margin: e.Variance.margin(l.noises), Percent: -1}, Mean: math.NaN(), Net: math.NaN()}
		for d, code := range l.codes {
			name := Total
			if code >= 0 {
				name = axes[t.Dims[d]].dim.Codes[code]
			}
			g.Codes = append(g.Codes, name)
		}
		few := g.Base.Shown < max(MinBase, 2*g.Base.Margin)
		for _, y := range l.sums {
			f := Figure{Hidden: true, Percent: -1}
			if !few {
				f = Figure{Shown: nearest(y), Margin: e.Variance.margin(l.parts)}
				f.Percent = percent(f.Shown, g.Base.Shown)
				f.Points = points(f, g.Base)
			}
			g.Figures = append(g.Figures, f)
		}
		if few {
			g.Base = Figure{Hidden: true, Percent: -1}
		} else {
			g.Mean, g.Net = mean(g.Figures, values), net(g, values)
		}
		out.Groups = append(out.Groups, g)
	}
	return out
}

// percent is of the figures as shown (R5). Noise may make a part larger than its base: then it is all of it.
func percent(part, base int64) float64 {
	p := math.Min(100, 100*float64(part)/float64(base))
	if base >= fineBase {
		return math.Round(10*p) / 10
	}
	return math.Round(p)
}

// points is the margin of a percentage: that of the part, and that of the base as far as it moves the share.
func points(part, base Figure) float64 {
	return math.Ceil(1000*math.Hypot(float64(part.Margin), part.Percent/100*float64(base.Margin))/float64(base.Shown)) / 10
}

func mean(figures []Figure, values []int) float64 {
	sum, n := int64(0), int64(0)
	for i, v := range values {
		if v != NoValue {
			sum += figures[i].Shown * int64(v)
			n += figures[i].Shown
		}
	}
	if n < MinMeanBase {
		return math.NaN()
	}
	return math.Round(10*float64(sum)/float64(n)) / 10
}

// net is R5 for net scores.
func net(g Group, values []int) float64 {
	on := slices.DeleteFunc(slices.Clone(values), func(v int) bool { return v == NoValue })
	if len(on) < 2 || g.Base.Shown < MinMeanBase {
		return math.NaN()
	}
	middle := slices.Min(on) + slices.Max(on) // times 2
	score := int64(0)
	for i, v := range values {
		switch {
		case v == NoValue, 2*v == middle:
		case 2*v > middle:
			score += g.Figures[i].Shown
		default:
			score -= g.Figures[i].Shown
		}
	}
	return math.Round(1000*float64(score)/float64(g.Base.Shown)) / 10
}
