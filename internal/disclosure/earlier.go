package disclosure

import (
	"maps"
	"slices"

	"folkmoot/internal/fault"
)

// earlierRelease is a release as it was published. What it shows and hides cannot be changed any more.
type earlierRelease struct {
	people int
	policy Policy
	grids  []*grid
}

// history is what earlier releases left, in the terms of the present survey.
type history struct {
	releases []KeptRelease
	blocks   []*block  // every cohort split into those who are still there and those who left
	known    [][][]int // by block and axis: code then -> code now
}

// asBefore is the fault of records that do not go with the earlier releases.
func asBefore(dim string) error {
	return fault.New(fault.Invalid, "disclosure.input.earlier", "Dim", dim)
}

// mergeDims gives every dimension the codes that it had in earlier releases, also where nobody has them now.
func (s *survey) mergeDims() error {
	s.dims = slices.Clone(s.dims)
	for _, kept := range s.earlier.Dims {
		i := slices.IndexFunc(s.dims, func(d Dim) bool { return d.Name == kept.Name })
		if i < 0 || s.dims[i].Role != kept.Role || len(kept.Given) != len(kept.Codes) {
			return asBefore(kept.Name)
		}
		d := &s.dims[i]
		d.Codes, d.NoAnswer = slices.Clone(d.Codes), slices.Clone(d.NoAnswer)
		for _, code := range kept.Codes {
			silent := slices.Contains(kept.NoAnswer, code)
			if slices.Contains(d.Codes, code) {
				if silent != slices.Contains(d.NoAnswer, code) {
					return asBefore(kept.Name)
				}
				continue
			}
			d.Codes = append(d.Codes, code)
			if silent {
				d.NoAnswer = append(d.NoAnswer, code)
			}
		}
	}
	return nil
}

// enrol puts everybody into a cohort: this release, and the earlier ones they were in.
func (s *survey) enrol(seen, changed []uint64) error {
	m := 0
	if s.earlier != nil {
		m = len(s.earlier.Releases)
	}
	if m >= maxReleases || len(seen) > 0 && len(seen) != s.people || len(changed) > 0 && len(changed) != s.people {
		return fault.New(fault.Invalid, "disclosure.input.seen")
	}
	s.changed = changed
	s.members = make([]cohort, s.people)
	for i := range s.members {
		s.members[i] = 1 << m
		if len(seen) > 0 {
			if seen[i]>>m != 0 {
				return fault.New(fault.Invalid, "disclosure.input.seen")
			}
			s.members[i] |= cohort(seen[i])
		}
		if len(changed) > 0 && (changed[i]>>m != 0 || len(seen) > 0 && changed[i]&seen[i] != 0) {
			return fault.New(fault.Invalid, "disclosure.input.seen")
		}
	}
	s.cohorts = slices.Clone(s.members)
	slices.Sort(s.cohorts)
	s.cohorts = slices.Compact(s.cohorts)
	return nil
}

// load reads the earlier releases. It returns fault.Invalid if the records cannot be those of a later release.
func (s *survey) load() error {
	h := &history{releases: s.earlier.Releases}
	s.history = h
	for i := range s.earlier.Blocks {
		if err := h.loadBlock(s, &s.earlier.Blocks[i]); err != nil {
			return err
		}
	}
	return h.check(s)
}

// loadBlock lays the counts of a kept block out by the codes of now, and splits its cohorts.
func (h *history) loadBlock(s *survey, kept *KeptBlock) error {
	var axes []*axis
	var known [][]int
	for _, k := range kept.Axes {
		number, ok := s.number[k.Dim]
		if !ok || k.Rung < 0 || k.Rung >= len(s.axes[number]) {
			return asBefore(k.Dim)
		}
		a := s.axes[number][k.Rung]
		codes, ok := a.recognise(k)
		if !ok {
			return asBefore(k.Dim)
		}
		axes, known = append(axes, a), append(known, codes)
	}
	if len(axes) == 0 || len(axes) > maxAxes || len(kept.Counts) != len(kept.Cohorts) {
		return asBefore("")
	}
	then := newBlock(axes, nil)
	for i, c := range kept.Cohorts {
		counts, ok := relaid(axes, known, kept.Counts[i])
		if !ok {
			return asBefore(axes[0].dim.Name)
		}
		then.cohorts, then.counts = append(then.cohorts, cohort(c)), append(then.counts, counts)
	}
	now, err := s.split(then)
	if err != nil {
		return err
	}
	h.blocks, h.known = append(h.blocks, now), append(h.known, known)
	return nil
}

// recognise returns where the codes of a kept axis are now; false if they stand for other finest codes than then.
func (a *axis) recognise(k KeptAxis) ([]int, bool) {
	if len(k.Holds) != len(k.Codes) {
		return nil, false
	}
	var codes []int
	for i, code := range k.Codes {
		at := slices.Index(a.codes, code)
		if at < 0 {
			return nil, false
		}
		for _, finest := range k.Holds[i] {
			if leaf := slices.Index(a.dim.Codes, finest); leaf < 0 || a.of[leaf] != at {
				return nil, false
			}
		}
		codes = append(codes, at)
	}
	return codes, true
}

// relaid returns the counts over the codes of the axes, given those over the codes known then.
func relaid(axes []*axis, known [][]int, counts []int) ([]int, bool) {
	size, now := 1, 1
	for i, codes := range known {
		size, now = size*len(codes), now*len(axes[i].codes)
	}
	if size != len(counts) || slices.ContainsFunc(counts, func(n int) bool { return n < 0 }) {
		return nil, false
	}
	out := make([]int, now)
	for leaf, n := range counts {
		to, factor := 0, 1
		for i := len(known) - 1; i >= 0; i-- {
			to += known[i][leaf%len(known[i])] * factor
			leaf, factor = leaf/len(known[i]), factor*len(axes[i].codes)
		}
		out[to] += n
	}
	return out, true
}

// split divides every cohort of a kept block into those who are still there, whom the records count, and those who left,
// who are the rest: they may have been erased, so nothing but the counts of then tells of them.
func (s *survey) split(then *block) (*block, error) {
	this := cohort(1) << len(s.earlier.Releases)
	still := newBlock(then.axes, nil)
	for _, c := range s.cohorts {
		if then.has(c &^ this) {
			still.cohorts, still.counts = append(still.cohorts, c), append(still.counts, make([]int, then.size))
		}
	}
	still.add(s.members, still.has)
	now := newBlock(then.axes, nil)
	keep := func(c cohort, counts []int) {
		if slices.ContainsFunc(counts, func(n int) bool { return n > 0 }) {
			now.cohorts, now.counts = append(now.cohorts, c), append(now.counts, counts)
		}
	}
	for i, c := range then.cohorts {
		left := slices.Clone(then.counts[i])
		if j := slices.Index(still.cohorts, c|this); j >= 0 {
			keep(c|this, still.counts[j])
			for leaf, n := range still.counts[j] {
				if left[leaf] -= n; left[leaf] < 0 {
					return nil, asBefore(then.axes[0].dim.Name)
				}
			}
		}
		keep(c, left)
	}
	return now, nil
}

// check makes sure that the tables of each release are of the same people, cohort by cohort, and that those whom the
// records say to have been in a release are counted there.
func (h *history) check(s *survey) error {
	there := map[cohort]int{}
	for _, c := range s.members {
		there[c]++
	}
	this := cohort(1) << len(h.releases)
	for j, r := range h.releases {
		var first map[cohort]int
		for _, t := range r.Tables {
			if !h.fits(t) {
				return asBefore(t.Question)
			}
			sizes := h.blocks[t.Block].sizes(j)
			if first == nil {
				first = sizes
			}
			if !maps.Equal(first, sizes) {
				return asBefore(t.Question)
			}
		}
		for c, n := range there {
			if c.in(j) && first != nil && first[c] != n {
				return asBefore("")
			}
			delete(first, c)
		}
		for c := range first {
			if c&this != 0 {
				return asBefore("")
			}
		}
	}
	return nil
}

// fits reports whether a table is one of its block.
func (h *history) fits(t KeptTable) bool {
	if t.Block < 0 || t.Block >= len(h.blocks) {
		return false
	}
	names := append([]string{t.Question}, t.By...)
	for _, code := range t.Show {
		if !slices.Contains(h.blocks[t.Block].axes[0].dim.Codes, code) {
			return false
		}
	}
	return slices.EqualFunc(h.blocks[t.Block].axes, names, func(a *axis, name string) bool { return a.dim.Name == name })
}

// sizes returns how many people of each cohort of a release the block counts.
func (b *block) sizes(release int) map[cohort]int {
	out := map[cohort]int{}
	for i, c := range b.cohorts {
		if c.in(release) {
			for _, n := range b.counts[i] {
				out[c] += n
			}
		}
	}
	return out
}

// grids returns the tables of an earlier release as they were published.
func (h *history) grids(release int, blocks []*block) []*grid {
	var out []*grid
	for _, t := range h.releases[release].Tables {
		b := blocks[t.Block]
		p := plan{keep: len(t.By)}
		for _, a := range b.axes {
			p.rungs = append(p.rungs, a.rung)
		}
		spec := TableSpec{ID: t.ID, Question: t.Question, By: t.By, Show: t.Show}
		g := newGrid(-1, spec, p, b, b.slots(func(c cohort) bool { return c.in(release) }))
		for i := range g.cells {
			// A code that nobody had then was not printed, and everybody can see that nobody had it.
			g.cells[i].shown = true
		}
		h.mark(g, t)
		out = append(out, g)
	}
	return out
}

// mark notes what of a table was hidden. The figures were kept in the order of the codes of then.
func (h *history) mark(g *grid, t KeptTable) {
	known := h.known[t.Block]
	then := &grid{block: &block{}}
	for _, codes := range known {
		then.axes = append(then.axes, &axis{codes: make([]string, len(codes))})
	}
	next := 0
	for _, row := range then.rows() {
		for i := range known {
			if row[i] != all {
				row[i] = known[i][row[i]]
			}
		}
		for q := -1; q < len(known[0]); q++ {
			at := row
			if q >= 0 {
				at[0] = known[0][q]
			}
			if i, ok := g.lookup[at]; ok {
				g.cells[i].shown = next < len(t.Shown) && t.Shown[next]
				next++
			}
		}
	}
}
