package attack

import (
	"fmt"
	"slices"
)

// checkCells refuses figures that no table can hold.
func (w *world) checkCells() Faults {
	var faults Faults
	if len(w.in.Cells) == 0 {
		return Faults{{Place{}, "nothing was published: there is no figure"}}
	}
	for i := range w.in.Cells {
		if text := w.wrong(&w.in.Cells[i]); text != "" {
			faults = append(faults, Fault{w.in.Cells[i].At, text})
		}
	}
	return faults
}

// wrong says what is wrong with a line by itself.
func (w *world) wrong(c *Cell) string {
	for dim, name := range c.Codes {
		i, ok := w.number[dim]
		if !ok {
			return fmt.Sprintf("unknown dimension %s", dim)
		}
		if _, ok := w.axes[i].index[name]; !ok {
			return fmt.Sprintf("unknown code %q of %s", name, dim)
		}
	}
	switch {
	case c.Measure != Count && c.Measure != Percent && c.Measure != Mean:
		return fmt.Sprintf("unknown measure %q", c.Measure)
	case tooLong(c.Measure, c.Value, c.Lo, c.Hi):
		return fmt.Sprintf("a figure above %d or with more than %d decimals", MaxCount, MaxPlaces)
	case c.Hidden && c.Value != nil:
		return "hidden, but its figure is in the file"
	case (c.Lo == nil) != (c.Hi == nil):
		return "one end of the interval is missing"
	case c.Lo != nil && less(*c.Hi, *c.Lo):
		return "the interval is empty: lo is greater than hi"
	case !c.Hidden && c.Value == nil && c.Lo == nil:
		return "published without a figure"
	case c.Value != nil && c.Lo != nil && (less(*c.Value, *c.Lo) || less(*c.Hi, *c.Value)):
		return "the figure lies outside its own interval"
	}
	for _, d := range []*Decimal{c.Value, c.Lo, c.Hi} {
		switch {
		case d == nil || c.Measure == Mean:
		case d.Units < 0:
			return "a negative figure"
		case c.Measure == Count && d.Places > 0:
			return "a count that is not a whole number"
		case c.Measure == Percent && less(Decimal{100, 0}, *d):
			return "a percentage above 100"
		}
	}
	return w.wrongOver(c)
}

// tooLong reports whether a number is beyond what is read.
func tooLong(m Measure, all ...*Decimal) bool {
	most := int64(MaxCount)
	if m == Mean {
		most = MaxScore
	}
	return slices.ContainsFunc(all, func(d *Decimal) bool {
		return d != nil && (d.Places < 0 || d.Places > MaxPlaces || d.Units > most*pow10(d.Places) || d.Units < -most*pow10(d.Places))
	})
}

func (w *world) wrongOver(c *Cell) string {
	if c.Measure == Count {
		if c.Over != "" {
			return "a count has no \"over\""
		}
		return ""
	}
	i, ok := w.number[c.Over]
	if !ok {
		return fmt.Sprintf("\"over\" names the unknown dimension %q", c.Over)
	}
	if c.Measure == Mean && !slices.ContainsFunc(w.axes[i].codes, func(k code) bool { return k.scored }) {
		return fmt.Sprintf("a mean over %s, whose codes have no score", c.Over)
	}
	return ""
}
