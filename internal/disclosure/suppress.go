package disclosure

import (
	"cmp"
	"maps"
	"slices"
)

// release is one attempt at protecting all tables at their present detail.
type release struct {
	over      func() bool // the time is up: whatever is done now is thrown away
	proven    bool        // the last audit found witnesses for everything
	blocks    []*block
	grids     []*grid          // the tables of the release that is being made
	knowledge                  // in the present round
	start     *knowledge       // at the start of every round
	stuck     map[*grid]bool   // tables with lines that repair could mend only by hiding what everybody said
	forced    map[cellKey]bool // hidden by repair: these too are targets
	extra     []*target        // further ones, from repair
	policy    Policy
	earlier   []earlierRelease
	groups    []*grid // that could be isolated by several releases
	breached  bool    // what must stay uncertain is known without the present release
	ties      []vector
	tied      map[int32][]int // column -> the ties that it is in
	witnesses [][]CertifiedStep
	order     []candidate
}

// tie notes what everybody knows of how the tables hang together.
func (r *release) tie(ties []vector) {
	r.ties, r.tied = ties, map[int32][]int{}
	for i, tie := range ties {
		for _, t := range tie {
			r.tied[t.col] = append(r.tied[t.col], i)
		}
	}
}

type cellKey struct {
	grid int
	at   address
}

// knowledge is what can be computed, and what must stay uncertain.
type knowledge struct {
	space   *space
	guarded []*target
	exempt  []vector        // forms that the ties alone give
	seen    map[string]bool // forms of targets, and whether they can be hidden
}

// suppress hides what the rules hide, and then whatever would give that away, over all tables together (section 3.3
// steps 2, 3 and 5): forms that are shown span what can be computed, and a cell whose showing would put a target
// into the span is hidden. The targets are the same in all rounds of an attempt.
func (r *release) suppress(targets []*target) {
	if r.start == nil {
		r.start = r.begin(targets)
	}
	r.knowledge = r.start.clone()
	r.protect(r.extra)
	r.force()
	r.freeze()
	if r.order == nil {
		r.order = publication(r.grids, r.policy.Seed)
	}
	for i, c := range r.order {
		if i%64 == 0 && r.over() {
			return
		}
		r.publish(c)
	}
}

// force makes targets of what repair hides: otherwise what is shown beside it would tell it, and it would be shown as known.
func (r *release) force() {
	keys := slices.SortedFunc(maps.Keys(r.forced), func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.grid, b.grid), slices.Compare(a.at[:], b.at[:]))
	})
	for _, k := range keys {
		g := r.grids[k.grid]
		r.space.protect(g.form(g.region(k.at)))
	}
}

// begin returns what is known before anything is shown: the ties.
func (r *release) begin(targets []*target) *knowledge {
	columns := 0
	for _, b := range r.blocks {
		columns += b.columns()
	}
	k := &knowledge{space: newSpace(columns), seen: map[string]bool{}}
	for _, t := range r.ties {
		if v := k.space.reduce(t); len(v) > 0 {
			k.space.show(v)
		}
	}
	k.protect(targets)
	return k
}

func (k *knowledge) clone() knowledge {
	return knowledge{space: k.space.clone(), guarded: slices.Clone(k.guarded), exempt: slices.Clone(k.exempt), seen: maps.Clone(k.seen)}
}

// protect makes targets of the forms, each once. A form that the ties alone give away counts nobody (two codes that
// exclude each other by the routing): nothing can hide it.
func (k *knowledge) protect(targets []*target) {
	for _, t := range targets {
		key := t.form.key()
		can, seen := k.seen[key]
		if !seen {
			can = k.space.protect(t.form)
			k.seen[key] = can
			if !can {
				k.exempt = append(k.exempt, t.form)
			}
		}
		if can && (!seen || t.least > 0) {
			k.guarded = append(k.guarded, t)
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
