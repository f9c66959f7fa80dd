package disclosure

import (
	"context"
	"fmt"
	"slices"
)

// maxRepairs is how often a release is repaired at one level of detail before its tables climb the ladder
// (section 3.3 step 6).
const maxRepairs = 20

// Protect returns the tables of a release as they may be shown. It returns fault.Invalid for input it cannot
// read (unknown codes or dimensions, columns of different lengths, a lax policy); what it can read but not
// protect it withholds, with a finding. The same input and seed give the same result. When ctx ends first it returns the
// error of ctx and no table: a time-out is a failure, never "probably safe" (section 3.4).
func Protect(ctx context.Context, in Input) (Result, error) {
	if err := in.Policy.Check(); err != nil {
		return Result{}, err
	}
	s, err := read(in)
	if err != nil {
		return Result{}, err
	}
	pr := protector{ctx: ctx, survey: s, in: in, steps: make([][]Finding, len(in.Tables)), open: map[int]string{}}
	if s.people < in.Policy.BaseThreshold {
		return pr.refuse(Finding{Key: "disclosure.finding.too_few", Args: []any{"Min", in.Policy.BaseThreshold}}), nil
	}
	for i, spec := range in.Tables {
		pl, found := s.tier(spec, in.Policy)
		pr.plans = append(pr.plans, pl)
		pr.steps[i] = found
	}
	if f, early := s.tooEarly(); early {
		return pr.refuse(f), nil
	}
	r := pr.settle()
	switch {
	case ctx.Err() != nil:
		return Result{}, fmt.Errorf("protect a release: %w", context.Cause(ctx))
	case s.earlier != nil && r.breached:
		return pr.refuse(Finding{Key: "disclosure.finding.successive_known"}), nil
	case s.earlier != nil && len(r.grids) == 0:
		return pr.refuse(Finding{Key: "disclosure.finding.successive_none"}), nil
	}
	return pr.result(r), nil
}

// protector holds the detail of each table while it is being settled.
type protector struct {
	ctx    context.Context // of the one call that this is
	survey *survey
	in     Input
	plans  []plan
	steps  [][]Finding // by table
	rounds int
	found  Gate
	open   map[int]string // by dimension: the digest of the puzzle that R12 passed
}

// refuse returns a release without figures, for the reason.
func (p *protector) refuse(why Finding) Result {
	why.Severity = Refused
	r := Result{Findings: []Finding{why}, State: p.in.Earlier}
	for _, spec := range p.in.Tables {
		r.Tables = append(r.Tables, Table{ID: spec.ID, Question: spec.Question, Withheld: true})
	}
	return r
}

// settle suppresses, and lets the tables that come out too thin climb the ladder, until all are dense enough (R1).
// Every round either ends it or takes a step of a finite ladder.
func (p *protector) settle() *release {
	for {
		r, unsettled := p.attempt()
		p.rounds++
		p.in.tell(Progress{Rounds: p.rounds, Tables: len(r.grids)})
		if r.breached || p.ctx.Err() != nil {
			return r
		}
		climbed := false
		for _, g := range r.grids {
			repaired := !slices.Contains(unsettled, g)
			if repaired && !g.tooThin(p.in.Policy) {
				continue
			}
			i := p.tableOf(g)
			if f, ok := p.survey.step(p.in.Tables[i], &p.plans[i]); ok {
				p.steps[i] = append(p.steps[i], f)
				climbed = true
			} else if !repaired {
				p.plans[i].withheld = true
				p.steps[i] = append(p.steps[i], Finding{Key: "disclosure.finding.withheld", Table: g.spec.ID, Severity: Refused})
				climbed = true
			}
		}
		if !climbed {
			if !r.proven && len(r.grids) > 0 { // never "probably safe" (section 3.4)
				for i := range p.plans {
					p.plans[i].withheld = true
				}
				continue
			}
			if g := p.gate(r); g != nil && p.ctx.Err() == nil {
				p.coarsen(g)
				continue
			}
			return r
		}
	}
}

// tableOf returns the number of the table that was asked for.
func (p *protector) tableOf(g *grid) int {
	return slices.IndexFunc(p.in.Tables, func(t TableSpec) bool { return t.ID == g.spec.ID })
}

// hopeless reports whether a table will climb because it is too thin already before its audit, which only hides more. With
// earlier releases, where the audit takes long, it then climbs without one.
func (p *protector) hopeless(r *release) bool {
	return slices.ContainsFunc(r.grids, func(g *grid) bool {
		i := p.tableOf(g)
		pl := plan{rungs: slices.Clone(p.plans[i].rungs), keep: p.plans[i].keep}
		_, can := p.survey.step(p.in.Tables[i], &pl)
		return can && g.tooThin(p.in.Policy)
	})
}

// attempt protects the tables at their present detail. It returns the tables whose repairs did not come to an end.
func (p *protector) attempt() (*release, []*grid) {
	r := &release{over: func() bool { return p.ctx.Err() != nil }, policy: p.in.Policy, forced: map[cellKey]bool{}}
	r.remember(p.survey)
	for i, spec := range p.in.Tables {
		if p.plans[i].withheld {
			continue
		}
		b := r.blockOf(p.survey, p.survey.axesOf(spec, p.plans[i]))
		r.grids = append(r.grids, newGrid(len(r.grids), spec, p.plans[i], b, b.slots(p.survey.here)))
	}
	if len(r.grids) == 0 {
		return r, nil
	}
	r.link(p.survey)
	r.tie(p.survey.ties(r.blocks))
	targets := r.guards()
	for _, g := range r.grids {
		targets = append(targets, g.primary(p.in.Policy)...)
		for i := range g.cells {
			g.cells[i].first = g.cells[i].rule
		}
	}
	var mended []*grid
	for round := range maxRepairs {
		if round > 0 {
			p.in.tell(Progress{Rounds: p.rounds + 1, Tables: len(r.grids), Repair: round})
		}
		for _, g := range r.grids {
			for i := range g.cells {
				g.cells[i].rule, g.cells[i].shown = g.cells[i].first, false
			}
		}
		if r.suppress(targets); r.breached {
			return r, nil
		}
		r.stuck = map[*grid]bool{}
		if mended = r.repair(); len(mended) > 0 {
			continue
		}
		if len(r.stuck) > 0 {
			return r, r.stuckTables()
		}
		if p.hopeless(r) {
			return r, nil
		}
		room := false
		mended, room = r.certify()
		switch {
		case len(mended) == 0 || !room:
			return r, mended
		case len(r.stuck) > 0:
			return r, r.stuckTables()
		}
	}
	return r, mended
}

// stuckTables are those for which there is nothing left to hide that would help.
func (r *release) stuckTables() []*grid {
	return slices.DeleteFunc(slices.Clone(r.grids), func(g *grid) bool { return !r.stuck[g] })
}
