// Package attack answers: what do published tables give away about figures they hide?
//
// It is the other side of package disclosure and shares no code with it. It knows nothing but the published files,
// several releases together, and does what a competent outsider with patience would do: it writes every published
// figure as an equation or an inequality over unknown counts, computes what is determined, and bounds the rest by
// linear programming. Floating point only proposes: whatever it reports as broken is proven in exact arithmetic, and
// what it could not finish it says, and never calls safe. That nothing was broken is no proof of safety: the attack
// reasons about every table's finest cells and what tables have in common, not about whole joint tables.
//
// It does no I/O. Reviewer: statistician.
package attack

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Role says what a dimension is (disclosure-format.md, dims.csv). The zero value is an ordinary dimension.
type Role string

// The roles of a dimension.
const (
	Ordinary  Role = ""          // known to everybody, such as the ward
	Sensitive Role = "sensitive" // an answer or an equality group that must not be learnt
	Special   Role = "special"   // special-category data
)

// Measure is what a figure counts.
type Measure string

// The measures of a figure.
const (
	Count   Measure = "count"
	Percent Measure = "pct"  // of the count without the dimension Over
	Mean    Measure = "mean" // of the scores of the dimension Over
)

// Mode says how the people of several releases are related (disclosure-format.md, meta.csv).
type Mode string

// The modes. Unsaid is static for one release and append for several.
const (
	Unsaid Mode = ""
	Static Mode = "static" // the same people
	Append Mode = "append" // people are only added
	Churn  Mode = "churn"  // people are added and withdrawn
)

// Place is where something was read. The zero value is nowhere.
type Place struct {
	File string
	Line int
}

// String returns "file:line".
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Decimal is a number as printed: Units divided by ten to the power of Places.
type Decimal struct {
	Units  int64
	Places int
}

// Largest numbers that are read: with them no product of the attack leaves 64 bits unnoticed.
const (
	MaxCount       = 100_000_000
	MaxPlaces      = 4
	MaxScore       = 1_000
	MaxScorePlaces = 3
)

// Code is a code of a dimension with its place in the hierarchies.
type Code struct {
	Name    string
	Parents []string // several where hierarchies do not nest
	Score   *Decimal // points of a scale; nil if the code has none
	At      Place
}

// Dim is a dimension of the tables.
type Dim struct {
	Name     string
	Role     Role
	Complete bool // false: totals hold people in no listed code
	Codes    []Code
	At       Place
}

// Cell is one line of cells.csv.
type Cell struct {
	Release, Table string
	Measure        Measure
	Over           string
	Codes          map[string]string // dimension to code; a total is left out
	Value          *Decimal          // nil if hidden
	Lo, Hi         *Decimal          // what the reader is told; nil is exact
	Hidden         bool
	At             Place
}

// Input is everything that was published.
type Input struct {
	Dims  []Dim
	Cells []Cell
	Mode  Mode
}

// Options are the yardsticks of a break.
type Options struct {
	Width        int  // w: a hidden figure is broken if its least and greatest values differ by less
	K            int  // a group is given away if all but K certainly gave one answer
	SpecialK     int  // the same where a special category is involved
	Base         int  // joiners or leavers known to be fewer than this, but somebody, are isolated
	Answer       int  // the same for joiners or leavers who gave one ordinary answer
	Rounded      bool // the rounding is the only protection: a rounded figure recovered exactly is a break
	Bounds       bool // compute the exact bounds of every hidden figure, not only whether it is broken
	MaxUnknowns  int  // more are not attempted
	MaxEliminate int  // most non-zero entries of the elimination
}

// Default returns the yardsticks of disclosure.md.
func Default() Options {
	return Options{Width: 5, K: 1, SpecialK: 2, Base: 10, Answer: 5, MaxUnknowns: 400_000, MaxEliminate: 3_000_000}
}

// Fault is unusable input: where and why, in English, for the person at the command line.
type Fault struct {
	At   Place
	Text string
}

// Error returns the place and the text.
func (f Fault) Error() string { return f.At.String() + ": " + f.Text }

// Faults are all that makes an input unusable.
type Faults []Fault

// Error returns the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Run attacks the input until it is through or the context ends; what was left undone is in Report.Unfinished. The
// error is Faults if the input is unusable: unknown codes, cycles, impossible figures, figures that fit no people.
func Run(ctx context.Context, in Input, o Options) (*Report, error) {
	w, err := build(in, o)
	if err != nil {
		return nil, err
	}
	if w.tooLarge != "" {
		r := w.report()
		r.Unfinished = append(r.Unfinished, Finding{Kind: KindAll, Text: w.tooLarge})
		return r, nil
	}
	if err := w.narrowDown(ctx); err != nil {
		return nil, err
	}
	if err := w.solve(ctx); err != nil {
		return nil, err
	}
	return w.report(), nil
}

// labels returns the labels of the releases in the order of publication, which is that of the labels.
func labels(cells []Cell) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range cells {
		if !seen[c.Release] {
			seen[c.Release] = true
			out = append(out, c.Release)
		}
	}
	slices.Sort(out)
	return out
}
