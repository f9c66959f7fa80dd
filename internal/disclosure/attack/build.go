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
