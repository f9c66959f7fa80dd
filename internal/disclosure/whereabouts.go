package disclosure

import "slices"

// Whoever is at one count is at others too: their answers are in several tables. These say where somebody is for certain.

// certain returns how many of the coalition are in the form for certain, whatever else is true of them: by what they say themselves, or
// because everybody who is where they are is somewhere else too (a ward lies in one area).
func (r *release) certain(c *coalition, form vector, truth []int64) (n int64) {
	in := r.blocks[r.blockAt(form[0].col)]
	for i, col := range c.cols {
		switch {
		case in == c.in:
			if _, ok := slices.BinarySearchFunc(form, col, byColumn); ok {
				n += truth[col]
			}
		case in.holds(c.in, int(col)-c.in.offset, form):
			n += truth[col]
		default:
			if c.places == nil {
				c.places = make([][][]int32, len(c.cols))
			}
			if c.places[i] == nil {
				c.places[i] = r.elsewhere(col)
			}
			if slices.ContainsFunc(c.places[i], func(cols []int32) bool { return form.holds(cols) }) {
				n += truth[col]
			}
		}
	}
	return n
}

func byColumn(t term, col int32) int { return int(t.col - col) }

// holds reports whether all columns are in the form. Both are ascending.
func (v vector) holds(cols []int32) bool {
	for _, col := range cols {
		i, ok := slices.BinarySearchFunc(v, col, byColumn)
		if !ok {
			return false
		}
		v = v[i:]
	}
	return true
}

// elsewhere returns sets of columns in one of which everybody is who is in the column, by one tie or by two.
func (r *release) elsewhere(col int32) [][]int32 {
	sets := [][]int32{{col}}
	for hop, first := 0, 0; hop < 2; hop++ {
		last := len(sets)
		for _, set := range sets[first:last] {
			for _, i := range r.tied[set[0]] {
				tie := r.ties[i]
				at, _ := slices.BinarySearchFunc(tie, set[0], byColumn)
				var same, other []int32
				for _, t := range tie {
					if t.val == tie[at].val {
						same = append(same, t.col)
					} else {
						other = append(other, t.col)
					}
				}
				if len(other) > 0 && subset(set, same) {
					sets = append(sets, other)
				}
			}
		}
		first = last
	}
	return sets[1:]
}

// subset reports whether all of some are in all; both are ascending.
func subset(some, all []int32) bool {
	for _, col := range some {
		i, ok := slices.BinarySearch(all, col)
		if !ok {
			return false
		}
		all = all[i:]
	}
	return true
}

// blockAt returns the number of the block that a column is in.
func (r *release) blockAt(col int32) int {
	i, exact := slices.BinarySearchFunc(r.blocks, int(col), func(b *block, at int) int { return b.offset - at })
	if !exact {
		i--
	}
	return i
}

// holds reports whether somebody who is at an unknown of another block is in the form of this one, by the dimensions that both have.
func (b *block) holds(other *block, at int, form vector) bool {
	c := slices.Index(b.cohorts, other.cohorts[at/other.size])
	if c < 0 {
		return false
	}
	codes := other.codesOf(at % other.size)
	could := make(region, len(b.axes))
	for i, a := range b.axes {
		j := slices.IndexFunc(other.axes, func(o *axis) bool { return o.number == a.number })
		for leaf, code := range a.of {
			if (j < 0 || other.axes[j].of[leaf] == codes[j]) && !slices.Contains(could[i], code) {
				could[i] = append(could[i], code)
			}
		}
	}
	in, all := 0, 0
	b.view(nil).each(could, func(leaf int) {
		all++
		if _, ok := slices.BinarySearchFunc(form, int32(b.offset+c*b.size+leaf), byColumn); ok {
			in++
		}
	})
	return all > 0 && in == all
}

// codesOf returns the code on each axis of a finest cell.
func (b *block) codesOf(leaf int) []int {
	codes := make([]int, len(b.axes))
	for i := len(codes) - 1; i >= 0; i-- {
		codes[i], leaf = leaf%len(b.axes[i].codes), leaf/len(b.axes[i].codes)
	}
	return codes
}
