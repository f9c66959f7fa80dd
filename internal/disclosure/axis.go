package disclosure

import (
	"slices"

	"folkmoot/internal/fault"
)

// axis is a dimension at one rung of its ladder.
type axis struct {
	dim      *Dim
	number   int // of the dimension
	rung     int
	name     string // of the rung, "" for the finest
	codes    []string
	of       []int  // finest code -> code here
	noAnswer []bool // by code here: holds nothing but codes that say nothing
	bands    [][]int
}

// climb returns the axes of a dimension, from the finest codes up its ladder. It returns fault.Invalid for a
// ladder with a code that is parent and child in one step, or with a parent for a code that does not exist.
func climb(d *Dim, number int) ([]*axis, error) {
	first := &axis{dim: d, number: number, codes: d.Codes, of: make([]int, len(d.Codes))}
	for i := range d.Codes {
		first.of[i] = i
	}
	axes := []*axis{first}
	for r, rung := range d.Ladder {
		next, err := axes[r].coarser(rung)
		if err != nil {
			return nil, err
		}
		axes = append(axes, next)
	}
	for i, a := range axes {
		a.markNoAnswer()
		for _, b := range axes[i+1:] {
			a.addBands(b)
		}
	}
	return axes, nil
}

func (a *axis) coarser(r Rung) (*axis, error) {
	for child, parent := range r.Parent {
		if !slices.Contains(a.codes, child) {
			return nil, fault.New(fault.Invalid, "disclosure.input.rung_code", "Dim", a.dim.Name, "Code", child)
		}
		if up, both := r.Parent[parent]; both && up != parent || parent == Total {
			return nil, fault.New(fault.Invalid, "disclosure.input.rung_cycle", "Dim", a.dim.Name, "Code", child)
		}
	}
	b := &axis{dim: a.dim, number: a.number, rung: a.rung + 1, name: r.Name, of: make([]int, len(a.of))}
	here := make([]int, len(a.codes))
	for i, code := range a.codes {
		if parent, ok := r.Parent[code]; ok {
			code = parent
		}
		here[i] = slices.Index(b.codes, code)
		if here[i] < 0 {
			here[i] = len(b.codes)
			b.codes = append(b.codes, code)
		}
	}
	for leaf, code := range a.of {
		b.of[leaf] = here[code]
	}
	return b, nil
}

func (a *axis) markNoAnswer() {
	a.noAnswer = make([]bool, len(a.codes))
	for i := range a.noAnswer {
		a.noAnswer[i] = true
	}
	for leaf, code := range a.dim.Codes {
		if !slices.Contains(a.dim.NoAnswer, code) {
			a.noAnswer[a.of[leaf]] = false
		}
	}
}

// addBands notes which codes of a the codes of the coarser axis b are made of, where that is more than one.
func (a *axis) addBands(b *axis) {
	for band := range b.codes {
		var set []int
		for leaf, c := range a.of {
			if b.of[leaf] == band && !slices.Contains(set, c) {
				set = append(set, c)
			}
		}
		slices.Sort(set)
		if len(set) > 1 && !slices.ContainsFunc(a.bands, func(s []int) bool { return slices.Equal(s, set) }) {
			a.bands = append(a.bands, set)
		}
	}
}

// attributes returns the sets of codes that R4 must not let be learnt about a whole group: each substantive code
// and each band, alone and together with the codes that say nothing.
func (a *axis) attributes() [][]int {
	var silent []int
	var sets [][]int
	for c, no := range a.noAnswer {
		if no {
			silent = append(silent, c)
		} else {
			sets = append(sets, []int{c})
		}
	}
	for _, band := range a.bands {
		// A band of silence, or of all there is to say, tells nothing.
		rest := a.without(band)
		if slices.ContainsFunc(band, a.says) && slices.ContainsFunc(rest, a.says) {
			sets = append(sets, band)
		}
	}
	if len(silent) == 0 {
		return sets
	}
	for _, set := range sets[:len(sets):len(sets)] {
		both := slices.Concat(set, silent)
		slices.Sort(both)
		sets = append(sets, slices.Compact(both))
	}
	return sets
}

func (a *axis) says(code int) bool { return !a.noAnswer[code] }

// without returns the codes of the axis that are not in set.
func (a *axis) without(set []int) []int {
	var rest []int
	for c := range a.codes {
		if !slices.Contains(set, c) {
			rest = append(rest, c)
		}
	}
	return rest
}
