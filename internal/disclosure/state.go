package disclosure

import "slices"

// State is what later releases of a survey need to know of those before: what each showed and hid, and the exact counts
// behind it, by cohort. It comes with every Result and goes into the Input of the next release. It is as secret as the
// responses, and holds counts only: of somebody who was erased it has what the tables had. Its fields are exported so
// that it can be kept as JSON; nobody but this package reads them.
type State struct {
	Dims     []KeptDim
	Releases []KeptRelease
	Blocks   []KeptBlock
	Pairs    []KeptPair
}

// KeptDim is a dimension as it was when it was last in a table.
type KeptDim struct {
	Name     string
	Role     Role
	Codes    []string
	NoAnswer []string
	Given    []bool // by code: somebody ever had it
}

// KeptRelease is one earlier release.
type KeptRelease struct {
	People int
	Policy Policy
	Tables []KeptTable
}

// KeptTable is one table as it was published; Block says where its counts are.
type KeptTable struct {
	ID       string
	Question string
	By       []string
	Show     []string
	Block    int
	Shown    []bool // of each figure, row by row, the base of a row first
}

// KeptBlock is the exact counts of a table in its detail, by cohort, over the full product of its codes.
type KeptBlock struct {
	Axes    []KeptAxis
	Cohorts []uint64 // bit j stands for the j-th release
	Counts  [][]int
}

// KeptAxis is a dimension at a rung of its ladder; Holds are the finest codes behind each code.
type KeptAxis struct {
	Dim   string
	Rung  int
	Codes []string
	Holds [][]string
}

// KeptPair says which codes of two dimensions somebody ever had together: one bit for each pair, the second running
// fastest.
type KeptPair struct {
	A, B string
	Seen []byte
}

// state returns what the next release has to know, this one included.
func (p *protector) state(r *release) *State {
	s := p.survey
	out := &State{}
	used := map[*Dim]bool{}
	at := map[*block]int{}
	for i, b := range r.blocks {
		at[b] = i
		kept := KeptBlock{}
		for _, a := range b.axes {
			used[a.dim] = true
			kept.Axes = append(kept.Axes, KeptAxis{a.dim.Name, a.rung, a.codes, a.holds()})
		}
		for j, c := range b.cohorts {
			kept.Cohorts, kept.Counts = append(kept.Cohorts, uint64(c)), append(kept.Counts, b.counts[j])
		}
		out.Blocks = append(out.Blocks, kept)
	}
	for _, e := range r.earlier {
		out.Releases = append(out.Releases, KeptRelease{e.people, e.policy, keptTables(e.grids, at)})
	}
	out.Releases = append(out.Releases, KeptRelease{s.people, p.in.Policy, keptTables(r.grids, at)})
	var dims []*Dim
	for i := range s.dims {
		if d := &s.dims[i]; used[d] {
			dims = append(dims, d)
			out.Dims = append(out.Dims, KeptDim{d.Name, d.Role, d.Codes, d.NoAnswer, s.given(d)})
		}
	}
	for i, a := range dims {
		for _, b := range dims[i+1:] {
			out.Pairs = append(out.Pairs, KeptPair{a.Name, b.Name, pack(s.together(a, b))})
		}
	}
	return out
}

func keptTables(grids []*grid, at map[*block]int) []KeptTable {
	var out []KeptTable
	for _, g := range grids {
		t := KeptTable{ID: g.spec.ID, Question: g.spec.Question, By: g.spec.By, Show: g.spec.Show, Block: at[g.block]}
		for _, c := range g.cells {
			t.Shown = append(t.Shown, c.shown)
		}
		out = append(out, t)
	}
	return out
}

// holds returns the finest codes behind each code of the axis.
func (a *axis) holds() [][]string {
	holds := make([][]string, len(a.codes))
	for leaf, code := range a.dim.Codes {
		holds[a.of[leaf]] = append(holds[a.of[leaf]], code)
	}
	return holds
}

// together returns which finest codes of two dimensions somebody has, or had in an earlier release, together.
func (s *survey) together(a, b *Dim) []bool {
	key := [2]string{a.Name, b.Name}
	if seen, ok := s.pairs[key]; ok {
		return seen
	}
	seen := make([]bool, len(a.Codes)*len(b.Codes))
	for person := range s.people {
		seen[int(a.Column[person])*len(b.Codes)+int(b.Column[person])] = true
	}
	s.recall(a, b, seen)
	s.pairs[key] = seen
	return seen
}

// given returns which finest codes of a dimension somebody has, or had in an earlier release.
func (s *survey) given(d *Dim) []bool {
	given := make([]bool, len(d.Codes))
	for _, code := range d.Column {
		given[code] = true
	}
	if s.earlier != nil {
		kept := s.kept(d.Name)
		for i, yes := range kept.Given {
			if yes {
				given[slices.Index(d.Codes, kept.Codes[i])] = true
			}
		}
	}
	return given
}

// recall adds what an earlier release knew about two dimensions.
func (s *survey) recall(a, b *Dim, seen []bool) {
	if s.earlier == nil {
		return
	}
	for _, p := range s.earlier.Pairs {
		x, y := a, b
		if p.A == b.Name && p.B == a.Name {
			x, y = b, a
		} else if p.A != a.Name || p.B != b.Name {
			continue
		}
		first, second := s.kept(p.A), s.kept(p.B)
		for i := range first.Codes {
			for j := range second.Codes {
				if !packed(p.Seen, i*len(second.Codes)+j) {
					continue
				}
				i, j := slices.Index(x.Codes, first.Codes[i]), slices.Index(y.Codes, second.Codes[j])
				if x == a {
					seen[i*len(b.Codes)+j] = true
				} else {
					seen[j*len(b.Codes)+i] = true
				}
			}
		}
	}
}

// kept returns a dimension as the earlier releases knew it; an empty one if they did not.
func (s *survey) kept(name string) KeptDim {
	for _, d := range s.earlier.Dims {
		if d.Name == name {
			return d
		}
	}
	return KeptDim{}
}

func pack(bits []bool) []byte {
	out := make([]byte, (len(bits)+7)/8)
	for i, b := range bits {
		if b {
			out[i/8] |= 1 << (i % 8)
		}
	}
	return out
}

func packed(bytes []byte, i int) bool { return i/8 < len(bytes) && bytes[i/8]>>(i%8)&1 == 1 }
