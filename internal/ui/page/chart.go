package page

import (
	"math"
	"strconv"
	"unicode/utf8"

	"folkmoot/internal/locale"
)

// Charts are SVG drawn on the server with attributes only, because the content policy forbids inline styles. Widths are
// percentages, so that labels keep their size on a phone. Every chart stands above a table with the same figures.

// Segment is one part of a StackedBar.
type Segment struct {
	Label string
	Value float64 // any unit; shares are computed
	Shown string  // as people read it: "42%"
	Class string  // colour: "s5" (best) to "s1" (worst), "c1" to "c6" for what has no order, "none" for don't know
}

// StackedBar shows shares of a whole in order: a 5-point question from best to worst.
type StackedBar struct {
	ID       string // unique on the page
	Title    string
	Desc     string // the figures in a sentence, for who does not see the chart
	Segments []Segment
}

// Slice is a segment with its place on the bar.
type Slice struct {
	Segment
	X, Width, Middle string // percentages
	Fits             bool   // the label fits inside
}

// digit is the share, in percent of the narrowest phone's bar, that one character of a label needs. A label that does not
// fit is left to the key and the table.
const digit = 3.0

// Slices places the segments.
func (b StackedBar) Slices() []Slice {
	total := 0.0
	for _, s := range b.Segments {
		total += s.Value
	}
	out := make([]Slice, 0, len(b.Segments))
	if total <= 0 {
		return out
	}
	x := 0.0
	for _, s := range b.Segments {
		w := s.Value / total * 100
		out = append(out, Slice{Segment: s, X: percentage(x), Width: percentage(w), Middle: percentage(x + w/2), Fits: w >= digit*float64(utf8.RuneCountInString(s.Shown)+1)})
		x += w
	}
	return out
}

// Bar is one bar of a BarChart.
type Bar struct {
	Label string
	Value float64
	Shown string
	Class string // colour, default "c1"
	Hide  bool   // suppressed: no bar, only Shown ("[c]")
}

// BarChart compares a few numbers. Bars start at zero.
type BarChart struct {
	ID    string
	Title string
	Desc  string
	Bars  []Bar
	Max   float64 // of the scale; default the largest value
}

// Stripe is a bar with its place.
type Stripe struct {
	Bar
	Width        string // percentage of the chart's width
	LabelY, BarY int    // pixels
	ValueX       string
}

const (
	stripeHeight = 46
	barWidest    = 84 // percent: room for the value beside the longest bar
)

// Height returns the chart's height in pixels.
func (b BarChart) Height() int { return len(b.Bars) * stripeHeight }

// Stripes places the bars.
func (b BarChart) Stripes() []Stripe {
	top := b.Max
	for _, bar := range b.Bars {
		top = math.Max(top, bar.Value)
	}
	out := make([]Stripe, 0, len(b.Bars))
	for i, bar := range b.Bars {
		if bar.Class == "" {
			bar.Class = "c1"
		}
		w := 0.0
		if top > 0 && !bar.Hide {
			w = bar.Value / top * barWidest
		}
		out = append(out, Stripe{Bar: bar, Width: percentage(w), ValueX: percentage(w + 1), LabelY: i*stripeHeight + 14, BarY: i*stripeHeight + 20})
	}
	return out
}

// Columns shows how a number went by day: upright bars from a stated baseline of zero.
type Columns struct {
	ID, Title, Desc string
	Bars            []Bar
	First, Last     string // labels of the ends of the axis
	TopLabel        string // of the largest value
}

const columnsHeight = 120

// Column is a bar with its place.
type Column struct {
	Bar
	X, Width string
	Y, H     string // pixels
}

// Placed places the bars.
func (d Columns) Placed() []Column {
	top := 0.0
	for _, b := range d.Bars {
		top = math.Max(top, b.Value)
	}
	out := make([]Column, 0, len(d.Bars))
	step := 100 / math.Max(1, float64(len(d.Bars)))
	for i, b := range d.Bars {
		h := 0.0
		if top > 0 {
			h = b.Value / top * columnsHeight
		}
		out = append(out, Column{Bar: b, X: percentage(float64(i) * step), Width: percentage(step * 0.8), Y: short(columnsHeight - h), H: short(h)})
	}
	return out
}

func percentage(f float64) string { return short(f) + "%" }

func short(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// Share writes n of total as a percentage without decimals, or an en dash where there is nothing to divide by.
func Share(n, total int) string {
	if total == 0 {
		return "–"
	}
	return locale.Percent(float64(n)/float64(total), 0)
}
