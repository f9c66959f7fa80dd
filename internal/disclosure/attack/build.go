package attack

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// world is the system of unknowns and figures.
type world struct {
	in       Input
	o        Options
	releases []string
	mode     Mode
	axes     []*axis // the last is the cohort axis if there are several releases
	cohort   int     // its number, -1 without
	joined   map[[2]int]int
	number   map[string]int // of an axis
	blocks   [][]int        // sorted axes of each maximal block, without the cohort axis
	classes  map[string][][]int

	nodes  []node
	lookup map[string]int32
	rows   []row
	wants  []want
	notes  []string

	tooLarge            string
	figures, hidden     int
	components, solved  int
	broken, unpicked    []Finding
	unfinished, bounded []Finding
}

// pair is a code of an axis; the address of a node is its pairs in the order of the axes, totals left out.
type pair struct{ axis, code int }

// node is a count of people: those with all the codes of its address. The same address is the same node in whatever
// table, which is how tables are linked.
type node struct {
	at     []pair
	lo, hi int64
	place  Place // of a figure that says something about it
	value  int64 // as printed, if printed
	shown  bool
	exact  bool // printed without an interval
}

// row is lo <= sum of coef*node <= hi. The main rows say all there is to say; the others follow from them but help
// to bound.
type row struct {
	nodes  []int32
	coef   []int64
	lo, hi int64
	main   bool
	place  Place
}

// build makes the unknowns of an input and all that the figures say about them.
func build(in Input, o Options) (*world, error) {
	w := &world{in: in, o: o, cohort: -1, number: map[string]int{}, lookup: map[string]int32{}, joined: map[[2]int]int{}, classes: map[string][][]int{}}
	if faults := w.readDims(); len(faults) > 0 {
		return nil, faults
	}
	if faults := w.checkCells(); len(faults) > 0 {
		return nil, faults
	}
	w.readReleases()
	if w.tooLarge != "" {
		return w, nil
	}
	w.findBlocks()
	if faults := w.readFigures(); len(faults) > 0 {
		return nil, faults
	}
	w.tie()
	w.ask()
	w.expand()
	return w, nil
}

func (w *world) readDims() Faults {
	var faults Faults
	for _, d := range w.in.Dims {
		if _, twice := w.number[d.Name]; twice {
			faults = append(faults, Fault{d.At, fmt.Sprintf("dimension %s is listed twice", d.Name)})
			continue
		}
		a, wrong := newAxis(d)
		faults = append(faults, wrong...)
		w.number[d.Name] = len(w.axes)
		w.axes = append(w.axes, a)
	}
	return faults
}

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

// readReleases makes the cohort axis: who was in which release.
func (w *world) readReleases() {
	w.releases, w.mode = labels(w.in.Cells), w.in.Mode
	if w.mode == Unsaid {
		w.mode = Static
		if len(w.releases) > 1 {
			w.mode = Append
			w.notes = append(w.notes, "How the people of the releases are related is not said in meta.csv: taken as append, people only added.")
		}
	}
	n := len(w.releases)
	if w.mode == Static || n < 2 {
		return
	}
	if w.mode == Churn && n > maxChurn {
		w.tooLarge = fmt.Sprintf("%d releases with people coming and going: more than %d are not attempted", n, maxChurn)
		return
	}
	w.cohort = len(w.axes)
	w.axes = append(w.axes, w.cohorts(n))
}

// maxChurn is the most releases with people coming and going: every subset of them is a cohort.
const maxChurn = 8

// cohorts returns the cohort axis. Its codes with a name are the releases.
func (w *world) cohorts(n int) *axis {
	a := &axis{name: "release", index: map[string]int{}}
	inside := func(leaf, release int) bool { return leaf <= release } // append: leaf i came with release i
	a.leaves = n
	if w.mode == Churn {
		a.leaves = 1<<n - 1
		inside = func(leaf, release int) bool { return (leaf+1)>>release&1 == 1 }
	}
	known := map[string]int{}
	add := func(holds func(leaf int) bool) int {
		set := newBitset(a.leaves)
		for l := range a.leaves {
			if holds(l) {
				set.add(l)
			}
		}
		key := fmt.Sprint(set)
		i, ok := known[key]
		if !ok && set.count() > 0 {
			i = len(a.codes)
			known[key] = i
			a.codes = append(a.codes, code{set: set})
			if set.count() > 1 {
				a.codes[i].parts = [][]int{set.members()}
			}
		}
		if set.count() == 0 {
			return -1
		}
		return i
	}
	for l := range a.leaves {
		add(func(x int) bool { return x == l })
	}
	for r, label := range w.releases {
		a.index[label] = add(func(l int) bool { return inside(l, r) })
	}
	for r := range n {
		for s := range n {
			if r == s {
				continue
			}
			// Between releases r and s: those of s who were not in r.
			c := add(func(l int) bool { return inside(l, s) && !inside(l, r) })
			w.joined[[2]int{r, s}] = c
			both := add(func(l int) bool { return inside(l, s) && inside(l, r) })
			if whole := a.index[w.releases[s]]; c >= 0 && both >= 0 && whole != c && whole != both {
				a.codes[whole].parts = append(a.codes[whole].parts, []int{both, c})
			}
		}
	}
	return a
}

// findBlocks finds the maximal sets of dimensions that one table uses. A table whose finest cells are too many is
// taken as the smaller tables that its figures use.
func (w *world) findBlocks() {
	tables := map[string][]int{}
	var order []string
	for i := range w.in.Cells {
		c := &w.in.Cells[i]
		if _, ok := tables[c.Table]; !ok {
			order = append(order, c.Table)
		}
		tables[c.Table] = union(tables[c.Table], w.dimsOf(c))
	}
	var all [][]int
	for _, t := range order {
		if w.size(tables[t]) <= w.o.MaxUnknowns {
			all = append(all, tables[t])
			continue
		}
		w.notes = append(w.notes, fmt.Sprintf("Table %s has too many finest cells: attacked as the smaller tables that its figures use.", t))
		for i := range w.in.Cells {
			if c := &w.in.Cells[i]; c.Table == t {
				all = append(all, w.dimsOf(c))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b []int) int { return len(b) - len(a) })
	seen := map[string]bool{}
	total := 0
	for _, b := range all {
		if seen[fmt.Sprint(b)] || slices.ContainsFunc(w.blocks, func(o []int) bool { return subset(b, o) }) {
			continue
		}
		seen[fmt.Sprint(b)] = true
		w.blocks = append(w.blocks, b)
		if total += w.size(b); total > w.o.MaxUnknowns {
			w.tooLarge = fmt.Sprintf("more than %d unknown counts", w.o.MaxUnknowns)
			return
		}
	}
}

// dimsOf returns the axes that a figure uses.
func (w *world) dimsOf(c *Cell) []int {
	var out []int
	for dim := range c.Codes {
		out = append(out, w.number[dim])
	}
	if c.Over != "" {
		out = append(out, w.number[c.Over])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// size returns the number of finest cells of a block, or more than allowed.
func (w *world) size(block []int) int {
	n := 1
	if w.cohort >= 0 {
		n = w.axes[w.cohort].leaves
	}
	for _, a := range block {
		if n *= w.axes[a].leaves; n > w.o.MaxUnknowns {
			return w.o.MaxUnknowns + 1
		}
	}
	return n
}

func union(a, b []int) []int {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// subset reports whether all of a is in b; both are sorted.
func subset(a, b []int) bool {
	i := 0
	for _, x := range b {
		if i < len(a) && a[i] == x {
			i++
		}
	}
	return i == len(a)
}

func key(at []pair) string {
	b := make([]byte, 0, 6*len(at))
	for _, p := range at {
		b = binary.LittleEndian.AppendUint16(b, uint16(p.axis))
		b = binary.LittleEndian.AppendUint32(b, uint32(p.code))
	}
	return string(b)
}

// find returns the node of an address, -1 if there is none.
func (w *world) find(at []pair) int32 {
	if n, ok := w.lookup[key(at)]; ok {
		return n
	}
	return -1
}

// at returns the node of an address, made if there is none.
func (w *world) at(at []pair) int32 {
	k := key(at)
	n, ok := w.lookup[k]
	if !ok {
		n = int32(len(w.nodes))
		w.lookup[k] = n
		w.nodes = append(w.nodes, node{at: slices.Clone(at), hi: Unbounded})
	}
	return n
}

// with returns the address with a code on an axis; code -1 takes the axis out.
func with(at []pair, axis, code int) []pair {
	out := make([]pair, 0, len(at)+1)
	put := code < 0
	for _, p := range at {
		if p.axis == axis {
			continue
		}
		if !put && p.axis > axis {
			out = append(out, pair{axis, code})
			put = true
		}
		out = append(out, p)
	}
	if !put {
		out = append(out, pair{axis, code})
	}
	return out
}
