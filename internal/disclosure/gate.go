package disclosure

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
)

// R12, the reconstruction gate: figures that are safe from everybody who has nothing but them can still be put together by
// somebody who knows of everybody who took part all but the answers to one question: the groups of the people are then
// no unknown any more, and two breakdowns that differ by one person tell that person's answer (A24). So for each question
// that stands in a table with a special category a sample of people is asked about: is there another set of
// answers to the question, of everybody, that fits every figure shown and in which this person gave another answer? One
// that was found is the proof; if none is found, a table loses detail.

// Gate is what the reconstruction gate found (R12). The zero value is that of a release without figures.
type Gate struct {
	Off        GateOff // why it did not ask
	Questions  int     // about which it asked: those that are shown by a special category
	Sampled    int     // people asked about, for each question
	Redesigned int     // how often a table lost detail for it
}

// GateOff says why the reconstruction gate did not ask; "" if it did.
type GateOff string

// The reasons.
const (
	GateNoSpecial GateOff = "special" // no question is shown by a special category
	GateMany      GateOff = "many"    // more than 20,000 people took part: there noise is the means
)

const (
	gateSample = 200    // people asked about
	gatePeople = 20_000 // most people of a release that it looks at
)

// gate returns the table that must lose detail because somebody's answer to its question was not shown to be open; nil if
// there is none.
func (p *protector) gate(r *release) *grid {
	p.found.Questions, p.found.Off = 0, ""
	if p.survey.people > gatePeople {
		p.found.Off = GateMany
		return nil
	}
	for number := range p.survey.dims {
		if !p.survey.asks(r, number) {
			continue
		}
		p.found.Questions++
		rng := rand.New(rand.NewChaCha8(p.keyOf(number)))
		q := p.survey.puzzle(r, number)
		if digest := q.digest(); p.open[number] != digest {
			sample := q.sample(rng, gateSample)
			p.found.Sampled = max(p.found.Sampled, len(sample))
			if !newRearrangement(q, rng, r.over).open(sample) {
				return r.tightest(append(p.survey.levels(r, number), number))
			}
			p.open[number] = digest
		}
	}
	if p.found.Questions == 0 {
		p.found.Off = GateNoSpecial
	}
	return nil
}

// keyOf is the secret from which the sample of a question is drawn, so that nobody can tell who was not asked about.
func (p *protector) keyOf(dim int) [32]byte {
	mac := hmac.New(sha256.New, p.in.Policy.Seed)
	fmt.Fprintf(mac, "R12 %q", p.survey.dims[dim].Name)
	return [32]byte(mac.Sum(nil))
}

// coarsen takes a step of the ladder for the sake of R12, or withholds the table.
func (p *protector) coarsen(g *grid) {
	p.found.Redesigned++
	i := p.tableOf(g)
	f, ok := p.survey.step(p.in.Tables[i], &p.plans[i])
	switch {
	case !ok:
		p.plans[i].withheld = true
		f = Finding{Key: "disclosure.finding.withheld", Table: g.spec.ID, Severity: Refused}
	case f.Key == "disclosure.finding.rung":
		f.Key = "disclosure.finding.gate_rung"
	default:
		f.Key = "disclosure.finding.gate_no_breakdown"
	}
	p.steps[i] = append(p.steps[i], f)
}

// asks reports whether R12 asks about a dimension: it is an answer, or another level of one, that the release shows and some release shows
// in a table with a special category, which may be the answer itself.
func (s *survey) asks(r *release, number int) bool {
	now, special := false, false
	for _, level := range append(s.levels(r, number), number) {
		for j := range len(r.earlier) + 1 {
			for _, g := range r.gridsOf(j) {
				i := g.axisOf(level)
				if i < 0 || g.axes[i].dim.Role == Ordinary || g.axes[i].dim.Role == Special && i > 0 {
					continue
				}
				now = now || j == len(r.earlier)
				special = special || g.anySpecial()
			}
		}
	}
	return now && special
}

// levels returns the dimensions that are other levels of a question: what somebody answered there follows from what they answered here ("satisfied" from
// "very satisfied"), so nobody knows the one and not the other.
func (s *survey) levels(r *release, number int) (out []int) {
	for other := range s.dims {
		if other == number || s.dims[other].Role == Ordinary || s.dims[number].Role == Ordinary {
			continue
		}
		if slices.ContainsFunc(r.tables(), func(g *grid) bool { return g.axisOf(other) >= 0 && g.axisOf(number) >= 0 }) {
			continue
		}
		if _, ok := s.follows(number, other); ok {
			out = append(out, other)
		}
	}
	return out
}

// follows returns, for every finest code of a question, the code of another one that goes with it, -1 where nobody has it. It reports false if
// several go with one, or one with all answers.
func (s *survey) follows(number, other int) (code []int, ok bool) {
	code = make([]int, len(s.dims[number].Codes))
	for i := range code {
		code[i] = -1
	}
	various := -1
	for person, c := range s.dims[number].Column {
		o := int(s.dims[other].Column[person])
		if s.axes[number][0].noAnswer[c] {
			continue
		}
		if code[c] >= 0 && code[c] != o {
			return nil, false
		}
		code[c] = o
		switch {
		case various == -1:
			various = o
		case various != o:
			ok = true
		}
	}
	return code, ok
}

// axisOf returns which axis of the table is the dimension; -1 if none is.
func (g *grid) axisOf(number int) int {
	return slices.IndexFunc(g.axes, func(a *axis) bool { return a.number == number })
}

// tightest returns, of the tables of the present release by which a question is broken down, the one that shows most groups by answers.
func (r *release) tightest(levels []int) (tightest *grid) {
	most := -1
	for _, g := range r.grids {
		i, shown := slices.IndexFunc(g.axes, func(a *axis) bool { return slices.Contains(levels, a.number) }), 0
		if i < 0 {
			continue
		}
		for _, c := range g.cells {
			if c.shown && c.at[i] != all && c.at.with(i, all) != everybody {
				shown++
			}
		}
		if shown > most {
			tightest, most = g, shown
		}
	}
	return tightest
}
