package noise

import (
	"slices"

	"folkmoot/internal/fault"
)

// Dim is one dimension and its codes, which are disjoint and cover everybody: "not answered" is a code. A coarser level of a
// hierarchy is a dimension of its own that says which finer one it sums: Of is its name, and Up gives for each code of
// that one the position of the code here.
type Dim struct {
	Name  string
	Codes []string
	Of    string
	Up    []int
	// Values are the points of a scale, one for each code, for means; NoValue for a code that is not on it. Nil: no mean.
	Values []int
}

// NoValue marks a code that is not a point of its scale, like "not answered".
const NoValue = -1 << 31

// Table is one table of the fixed catalogue. Each person is in exactly one cell, so one person's answer changes at most two
// cells by one. An option of a multi-response question is a question with the codes yes, no and not answered.
type Table struct {
	ID string
	// Question is the dimension that answers, the last of Dims.
	Question string
	// Family, if not empty, names questions that were put to the same people, like the options of one multiple-choice question: they are
	// printed with the same bases.
	Family string
	Dims   []string
	// Counts are the exact counts, the code of the last dimension running fastest.
	Counts []int64
}

// Catalogue is everything one release shows, fixed before anybody sees a figure.
type Catalogue struct {
	Dims   []Dim
	Tables []Table
}

// maxCells bounds the cells of a table and of the joint space of a question's tables.
const maxCells = 2_000_000

// axis is a dimension with the dimension at the bottom of its hierarchy.
type axis struct {
	dim  Dim
	root string
	up   []int // code of the root to code here
}

func invalid(what, name string) error {
	return fault.New(fault.Invalid, "disclosure.noise."+what, "Name", name)
}

// axes resolves the hierarchies; a cycle or a code without a parent is fault.Invalid.
func (c Catalogue) axes() (map[string]axis, error) {
	byName := map[string]Dim{}
	for _, d := range c.Dims {
		seen := map[string]bool{}
		for _, code := range d.Codes {
			if seen[code] {
				return nil, invalid("dimension", d.Name)
			}
			seen[code] = true
		}
		if _, twice := byName[d.Name]; twice || d.Name == "" || len(d.Codes) == 0 || d.Values != nil && len(d.Values) != len(d.Codes) {
			return nil, invalid("dimension", d.Name)
		}
		byName[d.Name] = d
	}
	out := map[string]axis{}
	for _, d := range c.Dims {
		a := axis{dim: d}
		chain := []Dim{d}
		for at := d; at.Of != ""; {
			below, ok := byName[at.Of]
			if !ok || len(at.Up) != len(below.Codes) || len(chain) > len(c.Dims) {
				return nil, invalid("dimension", d.Name)
			}
			for _, up := range at.Up {
				if up < 0 || up >= len(at.Codes) {
					return nil, invalid("dimension", d.Name)
				}
			}
			chain, at = append(chain, below), below
		}
		root := chain[len(chain)-1]
		a.root, a.up = root.Name, make([]int, len(root.Codes))
		for code := range root.Codes {
			here := code
			for i := len(chain) - 2; i >= 0; i-- {
				here = chain[i].Up[here]
			}
			a.up[code] = here
		}
		out[d.Name] = a
	}
	return out, nil
}

// check returns fault.Invalid for tables that are not partitions of the same people.
func (c Catalogue) check(axes map[string]axis) error {
	ids, people := map[string]bool{}, int64(-1)
	for i, t := range c.Tables {
		if ids[t.ID] || t.ID == "" || len(t.Dims) == 0 || t.Dims[len(t.Dims)-1] != t.Question {
			return invalid("table", t.ID)
		}
		ids[t.ID] = true
		sorted := slices.Sorted(slices.Values(t.Dims))
		for _, other := range c.Tables[:i] { // the same figures twice would cost twice
			if slices.Equal(sorted, slices.Sorted(slices.Values(other.Dims))) {
				return invalid("table", t.ID)
			}
		}
		roots, size := map[string]bool{}, 1
		for _, name := range t.Dims {
			a, ok := axes[name]
			if !ok || roots[a.root] || size > maxCells/len(a.dim.Codes) {
				return invalid("table", t.ID)
			}
			roots[a.root] = true
			size *= len(a.dim.Codes)
		}
		if len(t.Counts) != size {
			return invalid("table", t.ID)
		}
		sum := int64(0)
		for _, n := range t.Counts {
			if n < 0 || n > 1<<40 {
				return invalid("table", t.ID)
			}
			sum += n
		}
		if people >= 0 && sum != people {
			return invalid("people", t.ID)
		}
		people = sum
	}
	return nil
}

// Count fills the counts of every table from one column of codes per dimension, a row per person. Only the dimensions at the
// bottom of a hierarchy need a column. It returns fault.Invalid for a missing column or an unknown code.
func (c Catalogue) Count(columns map[string][]uint16) error {
	axes, err := c.axes()
	if err != nil {
		return err
	}
	people := -1
	for _, a := range axes {
		column, ok := columns[a.root]
		if !ok || people >= 0 && len(column) != people {
			return invalid("dimension", a.root)
		}
		people = len(column)
	}
	for root, column := range columns {
		a, known := axes[root]
		if !known {
			return invalid("dimension", root)
		}
		for _, code := range column {
			if int(code) >= len(a.up) {
				return invalid("dimension", root)
			}
		}
	}
	for i := range c.Tables {
		t := &c.Tables[i]
		size := 1
		cell := make([]int32, people)
		for _, name := range t.Dims {
			a, ok := axes[name]
			if !ok || size > maxCells/len(a.dim.Codes) {
				return invalid("table", t.ID)
			}
			size *= len(a.dim.Codes)
			column := columns[a.root]
			for p := range cell {
				cell[p] = cell[p]*int32(len(a.dim.Codes)) + int32(a.up[column[p]])
			}
		}
		t.Counts = make([]int64, size)
		for _, at := range cell {
			t.Counts[at]++
		}
	}
	return nil
}
