package disclosure

// release is one attempt at protecting all tables at their present detail.
type release struct {
	blocks    []*block
	grids     []*grid // the tables of the release that is being made
	space     *space
	stuck     map[*grid]bool   // tables with lines that repair could mend only by hiding what everybody said
	forced    map[cellKey]bool // hidden by repair: these too are targets
	extra     []*target        // further ones, from repair
	guarded   []*target        // what must stay uncertain
	policy    Policy
	earlier   []earlierRelease
	groups    []*grid // that could be isolated by several releases
	breached  bool    // what must stay uncertain is known without the present release
	ties      []vector
	exempt    []vector // forms that the ties alone give
	witnesses [][]CertifiedStep
	order     []candidate
}

type cellKey struct {
	grid int
	at   address
}

// suppress hides what the rules hide, and then whatever would give that away, over all tables together (section 3.3
// steps 2, 3 and 5): forms that are shown span what can be computed, and a cell whose showing would put a target
// into the span is hidden.
func (r *release) suppress(targets []*target) {
	columns := 0
	for _, b := range r.blocks {
		columns += b.columns()
	}
	r.space = newSpace(columns)
	for _, t := range r.ties {
		if v := r.space.reduce(t); len(v) > 0 {
			r.space.show(v)
		}
	}
	r.protect(append(targets, r.extra...))
	r.freeze()
	if r.order == nil {
		r.order = publication(r.grids, r.policy.Seed)
	}
	for _, c := range r.order {
		r.publish(c)
	}
}

// protect makes targets of the forms, each once. A form that the ties alone give away counts nobody (two codes that
// exclude each other by the routing): nothing can hide it.
func (r *release) protect(targets []*target) {
	hidable := map[string]bool{}
	r.guarded, r.exempt = nil, nil
	for _, t := range targets {
		key := t.form.key()
		can, seen := hidable[key]
		if !seen {
			can = r.space.protect(t.form)
			hidable[key] = can
			if !can {
				r.exempt = append(r.exempt, t.form)
			}
		}
		if can && (!seen || t.least > 0) {
			r.guarded = append(r.guarded, t)
		}
	}
}

// key identifies a 0/1 form by its columns.
func (v vector) key() string {
	b := make([]byte, 0, 4*len(v))
	for _, t := range v {
		b = append(b, byte(t.col), byte(t.col>>8), byte(t.col>>16), byte(t.col>>24))
	}
	return string(b)
}

// publish shows the candidate or hides it.
func (r *release) publish(c candidate) {
	g := r.grids[c.grid]
	if c.rule != RuleNone {
		return
	}
	form := r.space.reduce(g.form(g.region(c.at)))
	switch {
	case len(form) == 0:
		c.shown = true // known from what is shown: hiding it would deceive nobody but the honest reader
	case r.forced[cellKey{c.grid, c.at}]:
		c.hide(RuleRepair)
		r.space.append(form, true)
	case r.space.reveals(form):
		c.hide(RuleSecondary) // whoever computed it could compute the target, so it stays outside the span too
	case !r.baseShown(g, c.at):
		c.hide(RuleRow)
		r.space.append(form, true)
	default:
		c.shown = true
		r.space.show(form)
	}
}

// baseShown reports whether the base of the address's row is shown; a group whose base is hidden shows nothing.
func (r *release) baseShown(g *grid, at address) bool {
	if at[0] == all {
		return true
	}
	return g.cells[g.lookup[at.with(0, all)]].shown
}
