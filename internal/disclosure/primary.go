package disclosure

// hide marks a cell; the first rule that hides it is the one that is reported.
func (c *cell) hide(r Rule) {
	if c.rule == RuleNone {
		c.rule = r
	}
}

// primary marks the cells of a grid that rules R2 to R4 hide and returns the targets: the forms that must not be computable:
// those cells, the cells of unpublished codes that are as small, and the differences of R4.
func (g *grid) primary(p Policy) []*target {
	var targets []*target
	for _, row := range g.rows() {
		targets = append(targets, g.hideRow(row, p)...)
	}
	return append(targets, g.giveaways(p)...)
}

// hideRow applies R2, R2b and R3 to a row.
func (g *grid) hideRow(base address, p Policy) []*target {
	var targets []*target
	add := func(at address, rule Rule) {
		targets = append(targets, &target{form: g.form(g.region(at)), in: g, at: at, zero: g.existence(at)})
		if i, ok := g.lookup[at]; ok {
			g.cells[i].hide(rule)
		}
	}
	people := g.sum(g.region(base))
	whole := g.baseRule(base, people, p)
	switch {
	case whole != RuleNone:
		add(base, whole)
	case people == 0:
		return nil // shown to be empty, and with it all its answers
	}
	for q := range g.axes[0].codes {
		at := base.with(0, q)
		switch rule := g.answerRule(at, g.sum(g.region(at)), p); {
		case whole != RuleNone && g.noSecret(at):
		case whole != RuleNone: // a group that is not shown shows nothing of its answers
			add(at, whole)
		case rule != RuleNone:
			add(at, rule)
		}
	}
	return targets
}

// baseRule is R2 and R2b. R2: a group of 1 to T_base-1 is hidden, T_base being 10 for special categories. R2b: for
// special categories a group of 0 is hidden too, so that nobody learns whether such a person took part; not so for
// the group of those who gave no answer, whose emptiness tells nothing.
func (g *grid) baseRule(at address, n int, p Policy) Rule {
	special := g.special(at)
	switch {
	case n == 0 && special && !g.silent(at):
		return RuleExistence
	case n > 0 && n < p.base(special):
		return RuleBase
	}
	return RuleNone
}

// answerRule is R3 and R2b. R3: within a shown group an answer that 1 to t_cell-1 people gave is hidden; t_cell is
// 10 in every cell of a special category, be it the question or the group that is special ("5 for ordinary answers,
// and always 10 for special category"). There 0 is hidden as well (R2b): otherwise what is hidden would be known to
// be somebody.
func (g *grid) answerRule(at address, n int, p Policy) Rule {
	special := g.special(at)
	switch {
	case n == 0 && special && !g.impossible(at):
		return RuleExistence
	case n > 0 && n < p.cell(special):
		return RuleAnswer
	}
	return RuleNone
}

// impossible reports whether nobody at all, whatever the special category, has the other codes of the address. That is
// an ordinary 0, which is shown, and whoever reads it knows all zeros within it: hiding them would deceive nobody.
func (g *grid) impossible(at address) bool {
	for i, a := range g.axes {
		if a.dim.Role == Special {
			at[i] = all
		}
	}
	return g.sum(g.region(at)) == 0
}

// existence reports whether R2b asks that nobody may be at the address.
func (g *grid) existence(at address) bool { return g.special(at) && !g.silent(at) && !g.impossible(at) }

// silent reports whether the address names, of special axes, only codes that say nothing.
func (g *grid) silent(at address) bool {
	for i, a := range g.axes {
		if at[i] != all && a.dim.Role == Special && !a.noAnswer[at[i]] {
			return false
		}
	}
	return true
}
