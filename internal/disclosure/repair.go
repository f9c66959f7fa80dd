package disclosure

import "slices"

// repair looks for what elimination does not see, because it is not a matter of equations: the hidden cells of one
// line can be had together, as the total less what is shown. So together they are a derivable figure and must obey
// the rules of a shown one. It returns the tables in which it forced anything more to be hidden; then the release is
// to be suppressed again. This is a guard for single lines, not the audit of section 3.4.
func (r *release) repair() []*grid {
	var mended []*grid
	for i, g := range r.grids {
		changed := r.repairGroup(g)
		for axis := range g.axes {
			for _, line := range g.groupsAcross(axis) {
				changed = r.repairLine(i, axis, line) || changed
			}
		}
		if changed {
			mended = append(mended, g)
		}
	}
	return mended
}

// repairLine hides one more cell of a line whose hidden cells together are fewer people than may be shown.
func (r *release) repairLine(number, axis int, line address) bool {
	g := r.grids[number]
	total, ok := g.lookup[line]
	if !ok || !g.cells[total].shown {
		return false
	}
	rest, guarded := g.cells[total].n, false
	var shown []int
	for code := range g.axes[axis].codes {
		at := line.with(axis, code)
		i, published := g.lookup[at]
		switch {
		case published && g.cells[i].shown:
			rest -= g.cells[i].n
			if !r.forced[cellKey{number, at}] {
				shown = append(shown, i)
			}
		case published && g.cells[i].rule != RuleSecondary && g.cells[i].rule != RuleRow:
			guarded = true
		}
	}
	if rest >= r.lineThreshold(g, axis, line) || rest == 0 && (!guarded || g.cells[total].n == 0) {
		return false
	}
	return r.forceOne(number, total, shown, r.lineThreshold(g, axis, line)-rest)
}

// lineThreshold is the smallest number of people that the hidden cells of the line may be together: that of a group
// if they are groups (R2), that of an answer if they are answers (R3).
func (r *release) lineThreshold(g *grid, axis int, line address) int {
	special := g.axes[axis].dim.Role == Special
	if axis > 0 && line[0] == all {
		return r.policy.base(special)
	}
	return r.policy.cell(g.special(line) || special)
}

// forceOne forces the smallest of the shown cells that brings the missing people, else the largest, else the total.
func (r *release) forceOne(number, total int, shown []int, missing int) bool {
	g := r.grids[number]
	slices.SortStableFunc(shown, func(a, b int) int { return g.cells[a].n - g.cells[b].n })
	pick := total
	for _, i := range shown {
		if g.cells[i].n > 0 {
			pick = i
		}
		if g.cells[i].n >= missing {
			break
		}
	}
	if pick == total && g.cells[total].at == everybody {
		return false // the number of responses itself; with nobody else in the line there is nothing to hide behind
	}
	if pick == total && headline(g.cells[total].at) {
		r.stuck[g] = true // what everybody said is not hidden for the sake of a breakdown
		return false
	}
	key := cellKey{number, g.cells[pick].at}
	if r.forced[key] {
		return false
	}
	r.forced[key] = true
	return true
}

// repairGroup applies R4 to the derivable group of all people whose groups are hidden: everybody less the shown.
func (r *release) repairGroup(g *grid) bool {
	if len(g.axes) != 2 {
		return false
	}
	var hidden []int
	for c := range g.axes[1].codes {
		if !g.cells[g.lookup[everybody.with(1, c)]].shown {
			hidden = append(hidden, c)
		}
	}
	if len(hidden) == 0 {
		return false
	}
	changed := false
	for _, set := range g.axes[0].attributes() {
		rest := g.axes[0].without(set)
		if len(rest) == 0 || g.sum(region{g.axes[0].every(), hidden}) == 0 || g.sum(region{rest, hidden}) > r.policy.k(g.anySpecial()) {
			continue
		}
		if form := g.form(region{rest, hidden}); r.space.knows(form) {
			r.extra = append(r.extra, &target{form: form, in: g, at: everybody.with(0, set[0]).with(1, hidden[0]), least: int64(r.policy.k(g.anySpecial())) + 1})
			changed = true
		}
	}
	return changed
}
