package disclosure

// giveaways applies R4. For every group g with somebody in it and every answer or band A: if all of g but k at most
// gave A, then (g, A) is hidden, and n_g - n_gA must not be computable: otherwise everybody who knows a member of g
// knows the answer, or one dissenter (a coalition of k) learns that of all others (A6, A7). The same with each
// sensitive or special dimension in the role of the answer: all who gave one answer must not turn out to be of one
// equality group (A8).
func (g *grid) giveaways(p Policy) []*target {
	var targets []*target
	for i, a := range g.axes {
		if i > 0 && a.dim.Role == Ordinary {
			continue
		}
		for _, set := range a.attributes() {
			rest := a.without(set)
			if len(rest) == 0 {
				continue
			}
			for _, group := range g.groupsAcross(i) {
				targets = append(targets, g.giveaway(group, i, set, rest, p)...)
			}
		}
	}
	return targets
}

// groupsAcross returns the groups within which axis i is the answer: every code, or the total, of the other axes.
func (g *grid) groupsAcross(i int) []address {
	groups := []address{everybody}
	for j, a := range g.axes {
		if j == i {
			continue
		}
		for _, at := range groups[:len(groups):len(groups)] {
			for c := range a.codes {
				groups = append(groups, at.with(j, c))
			}
		}
	}
	return groups
}

func (g *grid) giveaway(group address, i int, set, rest []int, p Policy) []*target {
	n := g.sum(g.region(group))
	others := g.region(group)
	others[i] = rest
	if n == 0 || g.sum(others) > p.k(g.anySpecial()) || g.released(group, n, p) {
		return nil
	}
	within := g.region(group)
	within[i] = set
	at := group.with(i, set[0])
	if len(set) == 1 {
		if c, ok := g.lookup[at]; ok {
			g.cells[c].hide(RuleGroup)
		}
	}
	return []*target{
		{form: g.form(others), in: g, at: at, least: int64(p.k(g.anySpecial())) + 1},
		{form: g.form(within), in: g, at: at},
	}
}

// minUnanimous is the smallest consultation whose unanimous headline a reviewer may release (R4).
const minUnanimous = 100

// released reports whether the reviewer released what everybody together answered.
func (g *grid) released(group address, n int, p Policy) bool {
	return p.UnanimousHeadline && group == everybody && n >= minUnanimous && !g.anySpecial()
}
