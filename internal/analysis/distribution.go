package analysis

// Scale says what the codes of a question mean. The zero Scale is a question without points: a single choice.
type Scale struct {
	Scores   map[string]float64 // points of the substantive codes, 5 to 1
	Positive []string           // satisfied, agree
	Negative []string           // dissatisfied, disagree
	DontKnow []string           // don't know, not applicable: valid answers without points
	NoAnswer []string           // not answered: in no base
}

// Distribution is the answers to one question.
type Distribution struct {
	Codes  []string // in the order in which they are shown
	Counts []int    // people, unweighted
	Scale  Scale
}

// Count returns the people who gave one of the codes.
func (d Distribution) Count(codes ...string) int {
	n := 0
	for i, c := range d.Codes {
		for _, want := range codes {
			if c == want {
				n += d.Counts[i]
				break
			}
		}
	}
	return n
}

// All returns everybody, those who did not answer included.
func (d Distribution) All() int {
	n := 0
	for _, c := range d.Counts {
		n += c
	}
	return n
}

// Base returns the people who answered: with those who do not know (the default of question-bank.md section 8:
// all valid responses) or without them.
func (d Distribution) Base(withDontKnow bool) int {
	n := d.All() - d.Count(d.Scale.NoAnswer...)
	if !withDontKnow {
		n -= d.Count(d.Scale.DontKnow...)
	}
	return n
}

// Box is a share of the base with its 95% interval, in per cent.
type Box struct {
	Count     int
	Percent   float64
	Low, High float64
}

// Satisfied returns the top two boxes, computed from counts.
func (d Distribution) Satisfied(withDontKnow bool) Box { return d.box(d.Scale.Positive, withDontKnow) }

// Dissatisfied returns the bottom two boxes, computed from counts.
func (d Distribution) Dissatisfied(withDontKnow bool) Box {
	return d.box(d.Scale.Negative, withDontKnow)
}

func (d Distribution) box(codes []string, withDontKnow bool) Box {
	n, base := d.Count(codes...), d.Base(withDontKnow)
	lo, hi := Wilson(float64(n), float64(base))
	return Box{Count: n, Percent: Percent(float64(n), float64(base)), Low: 100 * lo, High: 100 * hi}
}

// Net returns satisfied less dissatisfied, in percentage points, and the half-width of its 95% interval.
func (d Distribution) Net(withDontKnow bool) (net, margin float64) {
	base := float64(d.Base(withDontKnow))
	pos, neg := float64(d.Count(d.Scale.Positive...)), float64(d.Count(d.Scale.Negative...))
	if base == 0 {
		return 0, 0
	}
	return 100 * (pos - neg) / base, NetMargin(pos/base, neg/base, base)
}

// Mean returns the mean score of the codes that have points, and how many people that is. It treats an ordinal
// scale as interval, which is to be said beside it. With nobody on the scale ok is false.
func (d Distribution) Mean() (mean float64, base int, ok bool) {
	sum := 0.0
	for i, c := range d.Codes {
		if s, on := d.Scale.Scores[c]; on {
			sum += s * float64(d.Counts[i])
			base += d.Counts[i]
		}
	}
	if base == 0 {
		return 0, 0, false
	}
	return sum / float64(base), base, true
}
