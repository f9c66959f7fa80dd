package disclosure

import "slices"

// The unknowns of each table are its own block, but all blocks count the same people, and everybody knows it: two
// tables with a dimension in common have equal sums over it. These ties are equations that any attacker has, so they
// enter the span before anything is shown (section 3.3 step 1).
//
// What is right here was weighed as follows. The joint of all dimensions of a release, restricted to the
// combinations that occur, has about as many columns as there are people, all different: with more figures than
// people every hidden figure would count as known, and nothing could be shown. The full cross product of all
// dimensions has too many columns to write down, but its span is exactly that of the blocks with their ties: a
// table's figures are functions of its own dimensions, and functions of A's that are also functions of B's
// dimensions are functions of those that A and B share.
//
// The full product alone would be too trusting where one dimension follows from another: a ward lies in one area,
// "not asked" in one question follows from "no" in another, people without equality data have none in any equality
// question. So for every two dimensions the codes that occur together are looked at: where they fall into several
// components, the sum over a component is the same on both sides, and this is a tie too. It holds in the data, so
// counting it as known is the conservative side even where it came about by chance.

// margin is a set of axes of a grid, over which sums are compared with those of other grids.
type margin struct {
	grid *grid
	axes []int // positions in grid.axes, ascending by dimension
}

func (m margin) axis(i int) *axis { return m.grid.axes[m.axes[i]] }

// region returns the part of the grid in which each axis of the margin has one of the codes.
func (m margin) region(codes [][]int) region {
	r := m.grid.region(everybody)
	for i, a := range m.axes {
		r[a] = codes[i]
	}
	return r
}

// margins returns the non-empty sets of axes of the grid.
func (g *grid) margins() []margin {
	var out []margin
	for bitsSet := 1; bitsSet < 1<<len(g.axes); bitsSet++ {
		m := margin{grid: g}
		for i := range g.axes {
			if bitsSet>>i&1 == 1 {
				m.axes = append(m.axes, i)
			}
		}
		slices.SortFunc(m.axes, func(a, b int) int { return g.axes[a].number - g.axes[b].number })
		out = append(out, m)
	}
	return out
}

// marginKey is the dimensions and rungs of a margin.
type marginKey [maxAxes][2]int

func (m margin) key() marginKey {
	key := marginKey{{-1}, {-1}, {-1}, {-1}, {-1}}
	for i := range m.axes {
		key[i] = [2]int{m.axis(i).number, m.axis(i).rung}
	}
	return key
}

// ties returns the equations between the blocks, as forms that are zero. People are counted in one cohort only, so the
// sums are equal cohort by cohort, for the blocks that have it.
func (s *survey) ties(blocks []*block) []vector {
	t := tier{survey: s, relations: map[[4]int]relation{}}
	var cohorts []cohort
	for _, b := range blocks {
		cohorts = append(cohorts, b.cohorts...)
	}
	slices.Sort(cohorts)
	for _, c := range slices.Compact(cohorts) {
		var grids []*grid
		for _, b := range blocks {
			if slot := slices.Index(b.cohorts, c); slot >= 0 {
				grids = append(grids, b.view([]int{slot}))
			}
		}
		t.ties(grids)
	}
	return t.forms
}

// ties adds the equations between the grids, which are of the same people.
func (t *tier) ties(grids []*grid) {
	first := map[marginKey]bool{}
	var reps []margin
	for i, g := range grids {
		if i > 0 {
			t.equal(g, g.region(everybody), grids[0], grids[0].region(everybody))
		}
		for _, m := range g.margins() {
			if first[m.key()] {
				continue
			}
			first[m.key()] = true
			reps = append(reps, m)
		}
	}
	// A margin that several tables have is tied to its first holder; then the holders among each other.
	for _, g := range grids {
		for _, m := range g.margins() {
			rep := reps[slices.IndexFunc(reps, func(r margin) bool { return r.key() == m.key() })]
			if rep.grid != g {
				t.tie(rep, m, identity(len(m.axes)))
			}
		}
	}
	for i, a := range reps {
		for _, b := range reps[i+1:] {
			if len(a.axes) == len(b.axes) {
				permute(len(a.axes), func(match []int) { t.tie(a, b, match) })
			}
		}
	}
}

// tier collects ties.
type tier struct {
	survey    *survey
	relations map[[4]int]relation
	forms     []vector
}

// tie adds the equations between margins a and b, the i-th axis of a compared with the match[i]-th of b.
func (t *tier) tie(a, b margin, match []int) {
	parts := make([]relation, len(match))
	for i, j := range match {
		parts[i] = t.relation(a.axis(i), b.axis(j))
		if len(parts[i].left) < 2 {
			return // nothing in common on this axis: a tie of a smaller margin covers it
		}
	}
	left, right := make([][]int, len(match)), make([][]int, len(match))
	var walk func(i int)
	walk = func(i int) {
		if i == len(match) {
			t.equal(a.grid, a.region(left), b.grid, b.region(right))
			return
		}
		for c := range parts[i].left {
			left[i], right[match[i]] = parts[i].left[c], parts[i].right[c]
			walk(i + 1)
		}
	}
	walk(0)
}

func (t *tier) equal(a *grid, ra region, b *grid, rb region) {
	// Regions of one grid may overlap, so the difference is taken term by term.
	diff := map[int32]int{}
	for _, x := range a.form(ra) {
		diff[x.col]++
	}
	for _, x := range b.form(rb) {
		diff[x.col]--
	}
	var v vector
	for col, n := range diff {
		switch n {
		case 1:
			v = append(v, term{col, 1})
		case -1:
			v = append(v, term{col, prime - 1})
		}
	}
	slices.SortFunc(v, func(x, y term) int { return int(x.col - y.col) })
	if len(v) > 0 {
		t.forms = append(t.forms, v)
	}
}

// relation holds, component by component, the codes of two axes that occur together.
type relation struct{ left, right [][]int }

// relation returns how two axes determine each other: by declaration if they are rungs of one ladder, otherwise by
// what occurs. Codes that nobody gave are in no component of axes that are compared by what occurs, but for
// joinUnpicked.
func (t *tier) relation(a, b *axis) relation {
	key := [4]int{a.number, a.rung, b.number, b.rung}
	if r, ok := t.relations[key]; ok {
		return r
	}
	group := newGroups(len(a.codes) + len(b.codes))
	if a.number == b.number {
		for leaf := range a.of {
			group.join(a.of[leaf], len(a.codes)+b.of[leaf])
		}
	} else {
		for i, both := range t.survey.together(a.dim, b.dim) {
			if both {
				group.join(a.of[i/len(b.of)], len(a.codes)+b.of[i%len(b.of)])
			}
		}
		group.joinUnpicked(a, 0, t.survey.given(a.dim))
		group.joinUnpicked(b, len(a.codes), t.survey.given(b.dim))
	}
	r := group.relation(len(a.codes))
	t.relations[key] = r
	return r
}

// groups is a union-find over the codes of two axes.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) find(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(i, j int) { g[g.find(j)] = g.find(i) }

// joinUnpicked puts an answer that nobody gave beside those that were given, if these all lie in one component: the
// routing says who was asked, not what they answered. In no component it would count as known to be 0, and R4 could
// protect "all of them said no" only by hiding how many were asked, and so the base of everybody. The codes of the
// axis start at offset.
func (g groups) joinUnpicked(a *axis, offset int, finest []bool) {
	given := make([]bool, len(a.codes))
	for leaf, yes := range finest {
		given[a.of[leaf]] = given[a.of[leaf]] || yes
	}
	home := -1
	for c := range a.codes {
		if !given[c] || a.noAnswer[c] {
			continue
		}
		if home >= 0 && g.find(offset+c) != g.find(home) {
			return
		}
		home = offset + c
	}
	if home < 0 {
		return
	}
	for c := range a.codes {
		if !given[c] && !a.noAnswer[c] {
			g.join(home, offset+c)
		}
	}
}

func (g groups) relation(lefts int) relation {
	at := map[int]int{}
	var r relation
	for i := range g {
		root := g.find(i)
		c, ok := at[root]
		if !ok {
			c = len(r.left)
			at[root] = c
			r.left, r.right = append(r.left, nil), append(r.right, nil)
		}
		if i < lefts {
			r.left[c] = append(r.left[c], i)
		} else {
			r.right[c] = append(r.right[c], i-lefts)
		}
	}
	var both relation
	for c := range r.left {
		if len(r.left[c]) > 0 && len(r.right[c]) > 0 {
			both.left, both.right = append(both.left, r.left[c]), append(both.right, r.right[c])
		}
	}
	return both
}

func identity(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// permute calls fn with every order of 0 to n-1; n is maxAxes at most.
func permute(n int, fn func([]int)) {
	p := identity(n)
	var walk func(i int)
	walk = func(i int) {
		if i == n {
			fn(p)
			return
		}
		for j := i; j < n; j++ {
			p[i], p[j] = p[j], p[i]
			walk(i + 1)
			p[i], p[j] = p[j], p[i]
		}
	}
	walk(0)
}
