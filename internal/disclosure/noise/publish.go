package noise

const (
	// MinBase is the smallest group that is printed, and none is that is smaller than twice its margin: what fewer say is noise (R5, section 3.5).
	MinBase = 20
	// MinMeanBase is the smallest group with a mean or net score (R5).
	MinMeanBase = 30
	fineBase    = 1000 // percentages have a decimal from here (R5)
	// RoundTo is what counts are rounded to a multiple of.
	RoundTo = 5
	// Delta is the chance that the printed epsilon leaves out.
	Delta = 1e-6
)

// Figure is one cell as printed. Everything in it comes from noisy figures.
type Figure struct {
	Hidden  bool    // the noisy base of the group is under MinBase or twice its margin: too few to say anything, not a matter of secrecy
	Shown   int64   // to the nearest 5, never below 0
	Margin  int64   // 95 % of figures are within it of the truth: noise and rounding together
	Percent float64 // of the group as shown; -1: none
	Points  float64 // the margin of the percentage, in percentage points, one decimal, rounded up
}

// Group is one line of a table: some people, and what they answered.
type Group struct {
	Codes   []string // of each dimension but the question, in order; Total for all of them
	Base    Figure
	Figures []Figure // one for each code of the question
	Mean    float64  // of the figures as shown, one decimal; NaN: none
	Net     float64  // answers above the middle of the scale less those below it, in per cent of the base as shown, one decimal; NaN: none
}

// Total stands for all codes of a dimension.
const Total = ""

// Shown is one table as printed: everybody first, and every group of some of its dimensions before the groups within it.
type Shown struct {
	ID     string
	Groups []Group
	Cost   Rho
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
	all := make([][]line, len(c.Tables))
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
		lines, err := linesOf(tables, axes, fitted)
		if err != nil {
			return Release{}, err
		}
		for k, i := range families[question] {
			all[i] = lines[k]
		}
	}
	share(c.Tables, axes, all)
	for i, t := range c.Tables {
		out.Tables[i] = e.show(t, axes, all[i])
	}
	return out, nil
}

// Cost returns what a release of the catalogue would cost a person, and each question. A table of two questions counts for
// both, and the options of a multiple-choice question, which are a family, are one question: an answer to it is to all of them.
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
			question := a.root
			if name == t.Question && t.Family != "" {
				question = t.Family
			}
			sum, had := questions[question]
			if !had {
				sum = Rho{0, 1}
			}
			if questions[question], err = sum.Plus(one); err != nil {
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
