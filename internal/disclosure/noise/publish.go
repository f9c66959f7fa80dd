package noise

import "math"

const (
	minBase     = 20   // a percentage of fewer says nothing (R5, section 3.5)
	minMeanBase = 30   // R5
	fineBase    = 1000 // percentages have a decimal from here (R5)
	// Delta is the chance that the printed epsilon leaves out.
	Delta = 1e-6
)

// Figure is one cell as printed. Everything in it comes from noisy figures.
type Figure struct {
	Hidden  bool    // the noisy base of the group is under 20: too few to say anything, not a matter of secrecy
	Shown   int64   // to the nearest 5, never below 0
	Margin  int64   // 95 % of figures are within it of the truth: noise and rounding together
	Percent float64 // of the group as shown; -1: none
}

// Group is one line of a table: a combination of all dimensions but the question.
type Group struct {
	Base Figure
	Mean float64 // of the figures as shown, one decimal; NaN: none
}

// Shown is one table as printed. Figures are in the order of its counts; each group has one figure for each code of the
// question.
type Shown struct {
	ID      string
	Figures []Figure
	Groups  []Group
	Cost    Rho
}

// Release is what Publish makes: nothing in it tells more than Person allows.
type Release struct {
	Tables []Shown
	// Person is what all tables together cost each person whose whole response may have been another one; Questions is
	// what each question costs if only the answer to it may have been.
	Person    Rho
	Questions map[string]Rho
}

// Publish adds noise to every cell of a catalogue, makes the figures of each question add up, and rounds them. Cells of different
// questions are fitted apart: their totals agree within their margins only. An epoch may be published with one
// snapshot only: the noise of a cell is the same again, so two snapshots would show their difference exactly; Account
// refuses that.
func Publish(e Epoch, c Catalogue) (Release, error) {
	if err := e.Check(); err != nil {
		return Release{}, err
	}
	axes, err := c.axes()
	if err != nil {
		return Release{}, err
	}
	if err := c.check(axes); err != nil {
		return Release{}, err
	}
	out := Release{Tables: make([]Shown, len(c.Tables))}
	if out.Person, out.Questions, err = c.Cost(e.Variance); err != nil {
		return Release{}, err
	}
	families := map[string][]int{}
	var order []string
	for i, t := range c.Tables {
		if families[t.Question] == nil {
			order = append(order, t.Question)
		}
		families[t.Question] = append(families[t.Question], i)
	}
	for _, question := range order {
		var tables []Table
		var noisy [][]float64
		for _, i := range families[question] {
			tables = append(tables, c.Tables[i])
			noisy = append(noisy, e.noisy(c.Tables[i], axes))
		}
		fitted, err := fit(tables, axes, noisy)
		if err != nil {
			return Release{}, err
		}
		for k, i := range families[question] {
			out.Tables[i] = e.show(tables[k], axes, fitted[k])
		}
	}
	return out, nil
}

// Cost returns what a release of the catalogue would cost a person, and each question. A table of two questions counts for
// both; a table of groups for each of its dimensions.
func (c Catalogue) Cost(v Variance) (Rho, map[string]Rho, error) {
	// Neighbours differ by what one person said, not by whether they are there: totals may be printed exactly
	// elsewhere (section 3.5).
	one := v.Cost(true)
	person, err := one.Times(uint64(len(c.Tables)))
	if err != nil {
		return Rho{}, nil, err
	}
	axes, err := c.axes()
	if err != nil {
		return Rho{}, nil, err
	}
	questions := map[string]Rho{}
	for _, t := range c.Tables {
		for _, name := range t.Dims {
			a, known := axes[name]
			if !known {
				return Rho{}, nil, invalid("table", t.ID)
			}
			sum, had := questions[a.root]
			if !had {
				sum = Rho{0, 1}
			}
			if questions[a.root], err = sum.Plus(one); err != nil {
				return Rho{}, nil, err
			}
		}
	}
	return person, questions, nil
}

// noisy is the only place that sees counts.
func (e Epoch) noisy(t Table, axes map[string]axis) []float64 {
	out := make([]float64, len(t.Counts))
	conditions := make([]Condition, len(t.Dims))
	for i, n := range t.Counts {
		rest := i
		for d := len(t.Dims) - 1; d >= 0; d-- {
			codes := axes[t.Dims[d]].dim.Codes
			conditions[d] = Condition{t.Dims[d], codes[rest%len(codes)]}
			rest /= len(codes)
		}
		out[i] = float64(n + e.Noise(CellID(conditions)))
	}
	return out
}

// margin is the 95 % margin of a sum of n noisy cells that is then rounded to 5. Fitting only makes it smaller.
func (v Variance) margin(n int) int64 {
	s := v.Sigma()
	return int64(math.Ceil(1.959964 * math.Sqrt(float64(n)*s*s+25.0/12)))
}

func (e Epoch) show(t Table, axes map[string]axis, fitted []float64) Shown {
	out := Shown{ID: t.ID, Figures: make([]Figure, len(fitted)), Cost: e.Variance.Cost(true)}
	for i, y := range fitted {
		out.Figures[i] = Figure{Shown: nearest(y), Margin: e.Variance.margin(1), Percent: -1}
	}
	if t.Question == "" { // every figure is a base
		for i := range out.Figures {
			if out.Figures[i].Shown < minBase {
				out.Figures[i] = Figure{Hidden: true, Percent: -1}
			}
		}
		return out
	}
	q := axes[t.Question].dim
	n := len(q.Codes)
	for from := 0; from < len(fitted); from += n {
		sum := 0.0
		for _, y := range fitted[from : from+n] {
			sum += y
		}
		line := out.Figures[from : from+n]
		g := Group{Base: Figure{Shown: nearest(sum), Margin: e.Variance.margin(n), Percent: -1}, Mean: math.NaN()}
		if g.Base.Shown < minBase {
			g.Base = Figure{Hidden: true, Percent: -1}
			for i := range line {
				line[i] = Figure{Hidden: true, Percent: -1}
			}
		} else {
			for i := range line {
				line[i].Percent = percent(line[i].Shown, g.Base.Shown)
			}
			g.Mean = mean(line, q.Values)
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

func mean(line []Figure, values []int) float64 {
	sum, n := int64(0), int64(0)
	for i, v := range values {
		if v != NoValue {
			sum += line[i].Shown * int64(v)
			n += line[i].Shown
		}
	}
	if n < minMeanBase {
		return math.NaN()
	}
	return math.Round(10*float64(sum)/float64(n)) / 10
}
