package disclosure

import (
	"fmt"
	"slices"
)

// Releases of one survey can be subtracted from each other. So the people are taken apart by the releases that they are
// in, and everything that was ever published goes into one system: a figure of release j is the sum over the cohorts
// that were in j. What was published is frozen: its shown figures are known before anything new is shown, and its
// hidden ones stay hidden. The cohorts themselves are groups like any other: those who joined or left must not come to
// light where they are few, or all of one answer (R10, R11).

// remember puts the earlier releases before the tables of the present one.
func (r *release) remember(s *survey) {
	if s.history == nil {
		return
	}
	for _, old := range s.history.blocks {
		b := *old
		r.blocks = append(r.blocks, &b)
	}
}

// blockOf returns the block of a table: the one that it had in an earlier release, with the people of now added, or a new
// one.
func (r *release) blockOf(s *survey, axes []*axis) *block {
	i := slices.IndexFunc(r.blocks, func(b *block) bool { return b.same(axes) })
	if i < 0 || s.history == nil {
		b := newBlock(axes, s.cohorts)
		b.add(s.members, b.has)
		r.blocks = append(r.blocks, b)
		return b
	}
	b := r.blocks[i]
	joined := newBlock(axes, slices.DeleteFunc(slices.Clone(s.cohorts), b.has))
	joined.add(s.members, joined.has)
	b.cohorts, b.counts = slices.Concat(b.cohorts, joined.cohorts), slices.Concat(b.counts, joined.counts)
	return b
}

// link makes the tables of the earlier releases and the groups that a reader of several could isolate.
func (r *release) link(s *survey) {
	offset := 0
	for _, b := range r.blocks {
		b.offset = offset
		offset += b.columns()
	}
	if s.history == nil {
		return
	}
	for j, kept := range s.history.releases {
		r.earlier = append(r.earlier, earlierRelease{kept.People, kept.Policy, s.history.grids(j, r.blocks)})
	}
	all := slices.Clone(s.cohorts)
	for _, b := range r.blocks {
		all = append(all, b.cohorts...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, b := range r.blocks {
		r.groups = append(r.groups, r.isolatable(b, all)...)
	}
}

// isolatable returns the groups of a block's people that several releases could isolate: each cohort, those who are in
// one release and not in another ("joined since", "left since"), and those of a release in which the table was not. all
// are the cohorts that there are.
func (r *release) isolatable(b *block, all []cohort) []*grid {
	last := len(r.earlier)
	done, whole := map[string]bool{}, map[int]*grid{}
	for j := range last + 1 {
		if slots, ok := b.covers(all, func(c cohort) bool { return c.in(j) }); ok {
			whole[j] = b.view(slots)
			done[fmt.Sprint(slots)] = r.published(b, j)
		}
	}
	var out []*grid
	add := func(belongs func(cohort) bool) {
		slots, ok := b.covers(all, belongs)
		if key := fmt.Sprint(slots); ok && !done[key] {
			done[key] = true
			g := b.view(slots)
			for j, w := range whole {
				if !slices.ContainsFunc(slots, func(i int) bool { return !b.cohorts[i].in(j) }) {
					g.around = append(g.around, w)
				}
			}
			out = append(out, g)
		}
	}
	for _, c := range b.cohorts {
		add(func(other cohort) bool { return other == c })
	}
	for i := range last + 1 {
		add(func(c cohort) bool { return c.in(i) })
		for j := range last + 1 {
			add(func(c cohort) bool { return c.in(i) && !c.in(j) })
		}
	}
	return out
}

// covers returns the slots of the cohorts that belong; false if there are none, or the block does not have all of them.
func (b *block) covers(all []cohort, belongs func(cohort) bool) ([]int, bool) {
	for _, c := range all {
		if belongs(c) && !b.has(c) {
			return nil, false
		}
	}
	slots := b.slots(belongs)
	return slots, len(slots) > 0
}

// published reports whether the block is a table of the release.
func (r *release) published(b *block, release int) bool {
	return slices.ContainsFunc(r.gridsOf(release), func(g *grid) bool { return g.block == b })
}

// gridsOf returns the tables of a release; the present one is the last.
func (r *release) gridsOf(release int) []*grid {
	if release < len(r.earlier) {
		return r.earlier[release].grids
	}
	return r.grids
}

// guards returns what must stay uncertain besides the figures of the present release: what earlier ones hid, by
// the policy of then, and the groups that several releases could isolate.
func (r *release) guards() []*target {
	var targets []*target
	for _, e := range r.earlier {
		for _, g := range e.grids {
			targets = append(targets, g.primary(e.policy)...)
			for _, c := range g.cells {
				if !c.shown && c.rule == RuleNone {
					targets = append(targets, &target{form: g.form(g.region(c.at)), in: g, at: c.at})
				}
			}
		}
	}
	for _, g := range r.groups {
		targets = append(targets, g.primary(r.policy)...)
	}
	return targets
}

// noSecret reports whether a release that holds all of the group's people shows that nobody has the address: then nobody
// can think that one of the group has it.
func (g *grid) noSecret(at address) bool {
	return slices.ContainsFunc(g.around, func(whole *grid) bool { return !whole.existence(at) && whole.sum(whole.region(at)) == 0 })
}

// freeze makes known what was published before. It notes if that alone tells what must stay uncertain.
func (r *release) freeze() {
	for _, e := range r.earlier {
		for _, g := range e.grids {
			for _, c := range g.cells {
				if !c.shown {
					continue
				}
				if v := r.space.reduce(g.form(g.region(c.at))); len(v) > 0 {
					r.breached = r.breached || r.space.reveals(v)
					r.space.show(v)
				}
			}
		}
	}
}

// counterpart is where a table of the present release says something about a figure or group of another one.
type counterpart struct {
	grid *grid
	at   address
	lost int // dimensions that the figure is about and the table is not
}

// counterparts returns, nearest first, where the present release bears on a target of other releases or of a group.
func (r *release) counterparts(t *target) []counterpart {
	var out []counterpart
	for _, g := range r.grids {
		c := counterpart{grid: g, at: everybody}
		for i, a := range t.in.axes {
			if t.at[i] == all {
				continue
			}
			j := slices.IndexFunc(g.axes, func(b *axis) bool { return b.number == a.number })
			if j < 0 {
				c.lost++
				continue
			}
			c.at[j] = g.axes[j].of[slices.Index(a.of, t.at[i])]
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b counterpart) int { return a.lost - b.lost })
	return out
}

// widenAcross forces more figures of the present release to be hidden, for a target that is not in it: what it says of the
// same address, or else one in a line through it. It returns the tables that bear most on the target, and whether
// there was anything to hide.
func (r *release) widenAcross(t *target, done map[cellKey]bool) (failed []*grid, widened bool) {
	near := r.counterparts(t)
	for _, c := range near {
		if c.lost == near[0].lost {
			failed = append(failed, c.grid)
		}
		if !widened {
			widened = r.forceTwins(c.grid, c.at)
		}
	}
	for _, c := range near {
		if widened {
			break
		}
		for _, l := range r.linesOf(&target{in: c.grid, at: c.at}) {
			key := cellKey{c.grid.number, l.total}
			if done[key] {
				return failed, true // a moment ago, for another target
			}
			if pick, ok := r.pick(l); ok && r.forceTwins(c.grid, pick) {
				done[key], widened = true, true
				break
			}
		}
	}
	return failed, widened
}

// forceTwins forces a figure to be hidden in all tables that show it: in one alone it would be known from the others.
func (r *release) forceTwins(g *grid, at address) bool {
	forced := false
	for _, c := range r.counterparts(&target{in: g, at: at}) {
		if c.lost > 0 || r.unlike(c, g, at) {
			continue
		}
		if _, ok := r.hideable(c.grid.number, c.at); ok {
			r.forced[cellKey{c.grid.number, c.at}] = true
			forced = true
		}
	}
	return forced
}

// unlike reports whether the counterpart has the address in other detail.
func (r *release) unlike(c counterpart, g *grid, at address) bool {
	return slices.ContainsFunc(g.axes, func(a *axis) bool {
		return at[slices.Index(g.axes, a)] != all && !slices.Contains(c.grid.axes, a)
	})
}

// minNew and minNewPercent are R10: a later release of people who were published before needs so many who were not.
const (
	minNew        = 50
	minNewPercent = 5
	stepNew       = 10 // what is missing is told in steps, never exactly
	// maxChangedPercent bounds how many of those who are still there may have other codes. They count as leavers and joiners, and what nobody
	// can tell apart any more is not protected together: if wards are coded anew, everybody seems to be somebody else.
	maxChangedPercent = 20
)

// tooEarly is R10: a release that has people in common with an earlier one must have max(50, 5 %) more who were not in
// it, unless it is of the very same people with the very same codes. Whoever only changed what they agreed to is not new: most figures of theirs stay,
// and the difference of two releases is that of the others. It says how many more are needed at least; or that too many changed, for any number to do.
func (s *survey) tooEarly() (Finding, bool) {
	if s.earlier == nil {
		return Finding{}, false
	}
	var counted []int
	for _, r := range s.earlier.Releases {
		counted = append(counted, r.People)
	}
	seen := make([]uint64, len(s.members))
	for i, c := range s.members {
		seen[i] = uint64(c)
	}
	return TooEarly(counted, seen, s.changed)
}

// TooEarly is R10 by itself: counted are the people of each earlier release; seen and changed say for everybody of now in which of them they were, as in Records.
// It reports whether the release must wait, and why.
func TooEarly(counted []int, seen, changedIn []uint64) (Finding, bool) {
	missing, others := 0, false
	for j, people := range counted {
		same, changed, joined := 0, 0, 0
		for person, s := range seen {
			switch {
			case cohort(s).in(j):
				same++
			case len(changedIn) > 0 && cohort(changedIn[person]).in(j):
				changed++
			default:
				joined++
			}
		}
		others = others || 100*changed > maxChangedPercent*(same+changed)
		if same+changed > 0 && (joined > 0 || same < people) {
			missing = max(missing, minNew-joined, (minNewPercent*people+99)/100-joined)
		}
	}
	if others {
		return Finding{Key: "disclosure.finding.successive_changed", Args: []any{"Percent", maxChangedPercent}}, true
	}
	if missing <= 0 {
		return Finding{}, false
	}
	return Finding{Key: "disclosure.finding.successive_early", Args: []any{"More", (missing + stepNew - 1) / stepNew * stepNew}}, true
}
