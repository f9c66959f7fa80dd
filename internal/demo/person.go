package demo

import (
	"math/rand/v2"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// decision is what a person does about the equality questions.
type decision int

const (
	skipped decision = iota
	given
	refused
)

// person is one invented respondent.
type person struct {
	*rand.Rand
	language locale.Lang
	consent  decision
	ward     string  // empty: does not say
	age      int     // years
	mood     float64 // how well they think of things: 0 is the borough's mean, 1 one standard deviation
}

// weighted is a value and how often it comes up, in any unit.
type weighted struct {
	value  string
	weight float64
}

// pick chooses by weight.
func (p *person) pick(all ...weighted) string {
	total := 0.0
	for _, w := range all {
		total += w.weight
	}
	at := p.Float64() * total
	for _, w := range all {
		if at -= w.weight; at < 0 {
			return w.value
		}
	}
	return all[len(all)-1].value
}

func (p *person) chance(probability float64) bool { return p.Float64() < probability }

// wardMood is what the borough's researchers should find: High Weald is content, Fairmead is not.
var wardMood = map[string]float64{"abbots_cross": 0.05, "market": -0.15, "millbrook": 0.1, "mereside": 0.3, "fairmead": -0.6, "high_weald": 0.45}

func newPerson(r *rand.Rand) *person {
	p := &person{Rand: r, language: locale.English}
	if p.chance(0.14) {
		p.language = locale.Welsh
	}
	switch at := p.Float64(); {
	case at < 0.65:
		p.consent = given
	case at < 0.80:
		p.consent = refused
	}
	p.ward = p.pick(weighted{"abbots_cross", 30}, weighted{"market", 23}, weighted{"millbrook", 15}, weighted{"mereside", 15},
		weighted{"fairmead", 8}, weighted{"high_weald", 7}, weighted{survey.CodeElsewhere, 2})
	p.age = min(95, 17+int(p.NormFloat64()*18+36))
	if p.age < 16 {
		p.age = 16 + p.IntN(12)
	}
	p.mood = p.NormFloat64()*0.8 + wardMood[p.ward]
	if p.age >= 65 {
		p.mood += 0.25
	}
	return p
}

// moment is when the person answers: more at the start and before the end, by day.
func (p *person) moment(from, until time.Time) time.Time {
	at := p.Float64()
	if p.chance(0.4) {
		at *= at // the first days, when it is announced
	}
	return from.Add(time.Duration(at * float64(until.Sub(from)))).Truncate(time.Second)
}

// scale returns an answer on five ordered codes, best first: lean shifts the whole borough. Some do not know, some leave it blank.
func (p *person) scale(a survey.Answers, id string, codes [5]string, lean, dontKnow, blank float64) {
	latent := p.mood*0.75 + lean + p.NormFloat64()*0.7
	u, v := p.Float64(), p.Float64()
	switch {
	case v < blank:
		return
	case u < dontKnow:
		a[id] = code(survey.CodeDontKnow)
		return
	}
	at := 4
	for i, above := range []float64{0.95, 0, -0.55, -1.25} {
		if latent > above {
			at = i
			break
		}
	}
	a[id] = code(codes[at])
}

func code(c ...string) survey.Answer { return survey.Answer{Codes: c} }

var (
	satisfaction = [5]string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"}
	agreement    = [5]string{"strongly_agree", "tend_to_agree", "neither", "tend_to_disagree", "strongly_disagree"}
	ease         = [5]string{"very_easy", "fairly_easy", "neither", "fairly_difficult", "very_difficult"}
)
