package disclosure

import "slices"

// maxRepairs is how often a release is repaired at one level of detail before its tables climb the ladder
// (section 3.3 step 6).
const maxRepairs = 20

// Protect returns the tables of a release as they may be shown. It returns fault.Invalid for input it cannot
// read (unknown codes or dimensions, columns of different lengths, a lax policy); what it can read but not
// protect it withholds, with a finding. The same input and seed give the same result.
func Protect(in Input) (Result, error) {
	if err := in.Policy.Check(); err != nil {
		return Result{}, err
	}
	s, err := read(in)
	if err != nil {
		return Result{}, err
	}
	pr := protector{survey: s, in: in, steps: make([][]Finding, len(in.Tables))}
	if s.people < in.Policy.BaseThreshold {
		return pr.nothing(), nil
	}
	for i, spec := range in.Tables {
		pl, found := s.tier(spec, in.Policy)
		pr.plans = append(pr.plans, pl)
		pr.steps[i] = found
	}
	return pr.result(pr.settle()), nil
}

// protector holds the detail of each table while it is being settled.
type protector struct {
	survey *survey
	in     Input
	plans  []plan
	steps  [][]Finding // by table
	rounds int
}

// nothing is the first tier of R0.
func (p *protector) nothing() Result {
	r := Result{Findings: []Finding{{Key: "disclosure.finding.too_few",
		Args: []any{"Min", p.in.Policy.BaseThreshold}, Severity: Refused}}}
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
		climbed := false
		for _, g := range r.grids {
			repaired := !slices.Contains(unsettled, g)
			if repaired && !g.tooThin(p.in.Policy) {
				continue
			}
			i := slices.IndexFunc(p.in.Tables, func(t TableSpec) bool { return t.ID == g.spec.ID })
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
			return r
		}
	}
}

// attempt protects the tables at their present detail. It returns the tables whose repairs did not come to an end.
func (p *protector) attempt() (*release, []*grid) {
	r := &release{policy: p.in.Policy, forced: map[cellKey]bool{}}
	offset := 0
	for i, spec := range p.in.Tables {
		if p.plans[i].withheld {
			continue
		}
		b := newBlock(p.survey.axesOf(spec, p.plans[i]), p.survey.cohorts)
		b.add(p.survey.members, func(cohort) bool { return true })
		b.offset = offset
		offset += b.columns()
		r.blocks = append(r.blocks, b)
		r.grids = append(r.grids, newGrid(len(r.grids), spec, p.plans[i], b, b.slots(func(cohort) bool { return true })))
	}
	if len(r.grids) == 0 {
		return r, nil
	}
	r.ties = p.survey.ties(r.grids)
	var mended []*grid
	for range maxRepairs {
		var targets []*target
		for _, g := range r.grids {
			for i := range g.cells {
				g.cells[i].rule, g.cells[i].shown = RuleNone, false
			}
			targets = append(targets, g.primary(p.in.Policy)...)
		}
		r.suppress(targets)
		r.stuck = map[*grid]bool{}
		if mended = r.repair(); len(mended) > 0 {
			continue
		}
		if len(r.stuck) > 0 {
			return r, slices.DeleteFunc(slices.Clone(r.grids), func(g *grid) bool { return !r.stuck[g] })
		}
		room := false
		if mended, room = r.certify(); len(mended) == 0 || !room {
			return r, mended
		}
	}
	return r, mended
}
