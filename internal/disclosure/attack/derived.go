package attack

import (
	"fmt"
)

// derived finds the percentages and means that say nothing new because they were computed from the counts as shown:
// within a table of a release, if every one whose counts are all shown agrees with them. If one does not, they were
// computed from other figures and all of them count.
func (w *world) derived() map[int]bool {
	type table struct{ release, name string }
	agrees, differs := map[table][]int{}, map[table]bool{}
	printed := w.printed()
	for i := range w.in.Cells {
		c := &w.in.Cells[i]
		if c.Measure == Count || c.Value == nil || c.Lo != nil || c.Hidden {
			continue
		}
		same, known := w.fromShown(c, printed)
		t := table{c.Release, c.Table}
		switch {
		case known && same:
			agrees[t] = append(agrees[t], i)
		case known:
			differs[t] = true
		}
	}
	out := map[int]bool{}
	for t, all := range agrees {
		if differs[t] {
			continue
		}
		for _, i := range all {
			out[i] = true
		}
	}
	if len(out) > 0 {
		w.notes = append(w.notes, fmt.Sprintf("%d percentages and means are what the shown counts give: taken as computed from those.", len(out)))
	}
	return out
}

// printed are the shown counts as each table prints them: one that is rounded in this table may be exact in another.
func (w *world) printed() map[string]int64 {
	out := map[string]int64{}
	for i := range w.in.Cells {
		if c := &w.in.Cells[i]; c.Measure == Count && c.Value != nil && !c.Hidden {
			out[w.placeIn(c, w.address(c))] = c.Value.Units
		}
	}
	return out
}

// placeIn names an address in the table of a figure.
func (w *world) placeIn(c *Cell, at []pair) string {
	return c.Release + "\x00" + c.Table + "\x00" + key(at)
}

// fromShown reports whether a percentage or mean agrees with the counts as its table shows them, or others where it does not, and whether that
// can be told.
func (w *world) fromShown(c *Cell, printed map[string]int64) (same, known bool) {
	shown := func(at []pair) (int64, bool) {
		if n, ok := printed[w.placeIn(c, at)]; ok {
			return n, true
		}
		n := w.find(at)
		if n < 0 || !w.nodes[n].shown {
			return 0, false
		}
		return w.nodes[n].value, true
	}
	lo, hi, places := interval(c)
	at := w.address(c)
	var sum, base int64 // the figure is sum/base in units of half the last decimal
	if c.Measure == Percent {
		part, ok := shown(at)
		whole, too := shown(with(at, w.number[c.Over], -1))
		if !ok || !too || whole == 0 {
			return false, false
		}
		sum, base = 200*pow10(places)*part, whole
	} else {
		i := w.number[c.Over]
		for _, k := range w.scored(c) {
			n, ok := shown(with(at, i, k))
			if !ok {
				return false, false
			}
			sum += 2 * pow10(places) * w.axes[i].codes[k].score * n
			base += 1000 * n
		}
		if base == 0 {
			return false, false
		}
	}
	return lo*base <= sum && sum <= hi*base, true
}
