package consult

import (
	"context"
	"errors"
	"slices"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/noise"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Estimate says what a release of the chosen tables would hide, before it is made. It holds counts of figures, never of people. Nothing is stored but that somebody
// asked: what would be hidden tells where few people are.
type Estimate struct {
	Cells, Hidden int // over all tables
	Tables        []TableEstimate
	Findings      []locale.Text // about all tables together
	Refused       bool          // nothing could be released
	Noise         *NoiseEstimate
}

// NoiseEstimate is what a release would cost where noise protects it and nothing is hidden.
type NoiseEstimate struct {
	Margin      int64     // people: 95 % of single counts would be within it of the truth
	Cost, Spent noise.Rho // of a person's budget: by this release, and by those before
	Budget      noise.Rho
}

// TableEstimate is how one chosen table would come out.
type TableEstimate struct {
	Spec          TableSpec
	Cells, Hidden int
	Withheld      bool
	Notes         []locale.Text // less detail than was asked for, and why
	Instead       []Alternative // where much of it would be hidden, or its detail lost: the best first
}

// Share returns how much of the table would be hidden, in per cent.
func (t TableEstimate) Share() int { return share(t.Hidden, t.Cells) }

func share(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return (100*part + whole/2) / whole
}

// Alternative is a table that tells something like a chosen one and hides less.
type Alternative struct {
	Spec          TableSpec
	Cells, Hidden int
}

const (
	muchHidden      = 20 // per cent of a table's figures: from here on alternatives are offered
	maxAlternatives = 3  // of one table
)

// EstimateRelease protects the chosen tables together, as drafting them would at this moment, and looks for better ones where little is left of
// one. An alternative is tried by itself with the results for everybody: together with all other tables it may hide a little more. Of one person only the newest is
// made: an older one ends with fault.Conflict. Other errors are those of DraftRelease; the error of ctx if the time is up.
func (s *Service) EstimateRelease(ctx context.Context, by *Staff, consultationID, agreementID string, specs []TableSpec) (*Estimate, error) {
	if err := by.Allow(ProposeReleases); err != nil {
		return nil, err
	}
	ctx, end := s.estimates.begin(ctx, by.ID)
	defer end()
	e, err := s.estimateRelease(ctx, by, consultationID, agreementID, specs)
	if err != nil && errors.Is(context.Cause(ctx), errNewer) {
		return nil, errNewer
	}
	return e, err
}

func (s *Service) estimateRelease(ctx context.Context, by *Staff, consultationID, agreementID string, specs []TableSpec) (*Estimate, error) {
	if err := ctx.Err(); err != nil { // a newer one came while it waited for an older to end
		return nil, err
	}
	p, err := s.planRelease(ctx, consultationID, agreementID, specs)
	if err != nil {
		return nil, err
	}
	for _, t := range specs {
		for _, other := range p.alternatives(t) {
			if err := p.need(other); err != nil {
				return nil, err
			}
		}
	}
	if err := s.log(ctx, event(by.Actor(), "release.estimate", "consultation:"+consultationID)); err != nil {
		return nil, err
	}
	counted := &Release{}
	if err := s.snapshot(ctx, p, counted); err != nil {
		return nil, err
	}
	if p.noisy() {
		return p.estimateNoise(s.Keys, counted)
	}
	p.pool()
	in := p.input(s.Keys, "estimate:"+consultationID)
	result, err := disclosure.Protect(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &Estimate{}
	w := releaseWriter{plan: p, result: result}
	for _, f := range result.Findings {
		if f.Table != "" {
			continue
		}
		out.Findings = append(out.Findings, w.words(f))
		out.Refused = out.Refused || f.Severity == disclosure.Refused
		if more, ok := f.More(); ok {
			out.Findings = append(out.Findings, p.earliest(s.Now(), more))
		}
	}
	for _, t := range specs {
		e := w.estimate(t)
		if !out.Refused && t.By != "" && (e.Withheld || len(e.Notes) > 0 || e.Share() >= muchHidden) {
			if e.Instead, err = p.instead(ctx, in, e); err != nil {
				return nil, err
			}
		}
		out.Cells, out.Hidden = out.Cells+e.Cells, out.Hidden+e.Hidden
		out.Tables = append(out.Tables, e)
	}
	return out, nil
}

// estimateNoise says what the chosen tables would cost.
func (p *releasePlan) estimateNoise(keys *seal.Keyring, counted *Release) (*Estimate, error) {
	n, err := p.perturb(keys, counted)
	if err != nil {
		return nil, err
	}
	before, err := sumOf(noise.Account{Spent: p.spent})
	if err != nil {
		return nil, err
	}
	out := &Estimate{Refused: n.refusal != nil, Noise: &NoiseEstimate{Margin: n.charge.Variance.Margin(), Cost: n.charge.Person, Spent: before.Person}}
	out.Noise.Budget, _ = p.protection.budgets()
	for _, f := range n.findings(p) {
		out.Findings = append(out.Findings, f.Text)
	}
	for _, spec := range p.specs {
		e := TableEstimate{Spec: spec}
		for _, part := range p.tables(spec) {
			for _, t := range n.out.Tables {
				if t.ID != part.ID {
					continue
				}
				for _, g := range t.Groups {
					e.Cells += 1 + len(g.Figures)
					if g.Base.Hidden {
						e.Hidden += 1 + len(g.Figures)
					}
				}
			}
		}
		out.Cells, out.Hidden = out.Cells+e.Cells, out.Hidden+e.Hidden
		out.Tables = append(out.Tables, e)
	}
	return out, nil
}

// alternatives are tables like a chosen one that might hide less: for everybody, by one of its two dimensions, or by what is not about a person's answers.
func (p *releasePlan) alternatives(t TableSpec) []TableSpec {
	if t.By == "" {
		return nil
	}
	out := []TableSpec{{Question: t.Question}}
	if t.ThenBy != "" {
		out = append(out, TableSpec{Question: t.Question, By: t.By}, TableSpec{Question: t.Question, By: t.ThenBy})
	}
	for _, d := range dimensions(p.src.def, p.src.g) {
		q, asked := p.src.def.Question(d.ID)
		if !slices.Contains(t.Dimensions(), d.ID) && d.ID != t.Question && (!asked || q.Kind == survey.Postcode) && !d.Special {
			out = append(out, TableSpec{Question: t.Question, By: d.ID})
		}
	}
	return slices.DeleteFunc(out, func(o TableSpec) bool { return slices.Contains(p.specs, o) })
}

// estimate reads one chosen table from what protection made of all. The options of a multiple-choice question are counted together.
func (w releaseWriter) estimate(t TableSpec) TableEstimate {
	out := TableEstimate{Spec: t, Withheld: true}
	for _, part := range w.plan.tables(t) {
		i := slices.IndexFunc(w.result.Tables, func(r disclosure.Table) bool { return r.ID == part.ID })
		if i < 0 || w.result.Tables[i].Withheld {
			continue
		}
		out.Withheld = false
		of := w.result.Report.TableHidden[part.ID]
		out.Cells, out.Hidden = out.Cells+of.Cells, out.Hidden+of.Hidden
	}
	for _, f := range w.result.Findings {
		if f.Severity == disclosure.Note || !slices.ContainsFunc(w.plan.tables(t), func(part disclosure.TableSpec) bool { return part.ID == f.Table }) {
			continue
		}
		note := w.words(f)
		if !slices.ContainsFunc(out.Notes, func(n locale.Text) bool { return n[locale.English] == note[locale.English] }) {
			out.Notes = append(out.Notes, note)
		}
	}
	return out
}

// instead tries the alternatives of a table and returns those that hide a smaller share and keep their detail.
func (p *releasePlan) instead(ctx context.Context, in disclosure.Input, chosen TableEstimate) ([]Alternative, error) {
	var out []Alternative
	for _, t := range p.alternatives(chosen.Spec) {
		in.Tables = p.tables(TableSpec{Question: t.Question})
		if t.By != "" {
			in.Tables = append(in.Tables, p.tables(t)...)
		}
		result, err := disclosure.Protect(ctx, in)
		if err != nil {
			return nil, err
		}
		e := releaseWriter{plan: p, result: result}.estimate(t)
		if e.Withheld || e.Cells == 0 || len(e.Notes) > 0 || !chosen.Withheld && len(chosen.Notes) == 0 && e.Share() >= chosen.Share() {
			continue
		}
		out = append(out, Alternative{t, e.Cells, e.Hidden})
	}
	slices.SortStableFunc(out, func(a, b Alternative) int { return share(a.Hidden, a.Cells) - share(b.Hidden, b.Cells) })
	return out[:min(len(out), maxAlternatives)], nil
}
