package disclosure

import "strconv"

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
