package demo

import (
	"math/rand/v2"
	"slices"
	"time"

	"folkmoot/internal/consult"
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
	now      time.Time // at which visitors look
	language locale.Lang
	consent  decision
	channel  consult.Channel
	ward     string // where they live
	age      int    // years
	woman    bool
	ill      bool    // has a condition that lasts
	mood     float64 // how well they think of things: 0 is the borough's mean, 1 about one standard deviation
}

// ward is what there is to find: who lives where, and how they see it.
type ward struct {
	weight, mood, dark float64 // share of responses; view of things; safety after dark
	young              float64 // years younger than the borough
	mixed              float64 // times as many people of minority ethnic groups
}

var wards = map[string]ward{
	"abbots_cross":       {weight: 31, mood: 0.05, dark: 0.1, mixed: 0.8},
	"market":             {weight: 22, mood: -0.15, dark: -0.55, young: 7, mixed: 2.2},
	"millbrook":          {weight: 15, mood: 0.1, dark: 0.15, mixed: 0.8},
	"mereside":           {weight: 15, mood: 0.35, dark: 0.3, young: -6, mixed: 0.5},
	"fairmead":           {weight: 8.5, mood: -0.65, dark: -0.6, young: 5, mixed: 1.8},
	"high_weald":         {weight: 6.5, mood: 0.4, dark: 0.55, young: -8, mixed: 0.3},
	survey.CodeElsewhere: {weight: 2, mixed: 1},
}

// wardOrder makes picking a ward independent of the order of a map.
var wardOrder = []string{"abbots_cross", "market", "millbrook", "mereside", "fairmead", "high_weald", survey.CodeElsewhere}

func newPerson(r *rand.Rand) *person {
	p := &person{Rand: r, language: locale.English}
	if p.chance(0.13) {
		p.language = locale.Welsh
	}
	switch at := p.Float64(); {
	case at < 0.65:
		p.consent = given
	case at < 0.80:
		p.consent = refused
	}
	var list []weighted
	for _, code := range wardOrder {
		list = append(list, weighted{code, wards[code].weight})
	}
	p.ward = p.pick(list...)
	p.age = int(52 - wards[p.ward].young + p.NormFloat64()*17)
	if p.age < 16 || p.age > 95 {
		p.age = 18 + p.IntN(70)
	}
	old := float64(max(0, p.age-55)) * 0.35 // older people telephone and write more
	p.channel = consult.Channel(p.pick(weighted{string(consult.Web), 90}, weighted{string(consult.Paper), 3 + old}, weighted{string(consult.Telephone), 1.5 + old/2},
		weighted{string(consult.FaceToFace), 2.5}))
	p.woman = p.chance(0.54)
	p.ill = p.chance(0.08 + float64(max(0, p.age-30))*0.006)
	p.mood = p.NormFloat64()*0.8 + wards[p.ward].mood + float64(p.age-50)*0.009
	if p.ill {
		p.mood -= 0.2
	}
	return p
}

// hours is how likely people are to answer at each hour of the day.
var hours = []weighted{{"07", 2}, {"08", 4}, {"09", 6}, {"10", 7}, {"11", 7}, {"12", 9}, {"13", 8}, {"14", 5}, {"15", 5}, {"16", 6}, {"17", 7},
	{"18", 8}, {"19", 11}, {"20", 12}, {"21", 9}, {"22", 4}}

// moment is when the person answers: many in the first days, when it is announced, and some in the last, after the reminder; by day and
// in the evening. Both ends are moments at which the consultation is open.
func (p *person) moment(from, until time.Time) time.Time {
	at := p.Float64()
	switch u := p.Float64(); {
	case u < 0.45:
		at *= at * at
	case u < 0.6:
		at = 1 - at*at*0.25
	}
	d := from.Add(time.Duration(at * float64(until.Sub(from)))).In(locale.London())
	hour, _ := time.Parse("15", p.pick(hours...))
	if p.channel != consult.Web { // an officer takes it down
		hour = time.Time{}.Add(time.Duration(9+p.IntN(8)) * time.Hour)
	}
	t := time.Date(d.Year(), d.Month(), d.Day(), hour.Hour(), p.IntN(60), p.IntN(60), 0, locale.London()).UTC()
	switch {
	case t.Before(from):
		return from.Add(time.Duration(p.IntN(3600)) * time.Second)
	case t.After(until):
		return until.Add(-time.Duration(p.IntN(3600)) * time.Second)
	}
	return t
}

func (p *person) chance(probability float64) bool { return p.Float64() < probability }

// weighted is a value and how often it comes up, in any unit.
type weighted struct {
	value  string
	weight float64
}

// pick chooses one by weight.
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

// several chooses each by itself with its weight as probability, in order.
func (p *person) several(all ...weighted) (codes []string) {
	for _, w := range all {
		if p.chance(w.weight) {
			codes = append(codes, w.value)
		}
	}
	return codes
}

// answered returns an answer of codes; none at all is a blank.
func answered(codes ...string) survey.Answer { return survey.Answer{Codes: codes} }

// question is how the borough as a whole answers an ordered question: lean moves everybody up, dontKnow and blank are shares.
type question struct {
	id                    string
	codes                 []string // best first
	lean, dontKnow, blank float64
}

// above are the bounds between five points, and between four.
var above = map[int][]float64{5: {1.3, 0, -0.5, -1.2}, 4: {1.35, 0.05, -0.95}}

// rate answers an ordered question by the person's mood and some chance.
func (p *person) rate(a survey.Answers, q question) {
	view, know, say := p.mood*0.75+q.lean+p.NormFloat64()*0.7, p.Float64(), p.Float64()
	switch {
	case say < q.blank:
		return
	case know < q.dontKnow:
		a[q.id] = answered(survey.CodeDontKnow)
		return
	}
	bounds := above[len(q.codes)]
	i := slices.IndexFunc(bounds, func(b float64) bool { return view > b })
	if i < 0 {
		i = len(bounds)
	}
	a[q.id] = answered(q.codes[i])
}

// postcode tells the ward, or not.
func (p *person) postcode(a survey.Answers, blank float64) {
	if !p.chance(blank) {
		a["ward"] = answered(p.ward)
	}
}

var (
	satisfaction = []string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"}
	agreement    = []string{"strongly_agree", "tend_to_agree", "neither", "tend_to_disagree", "strongly_disagree"}
	ease         = []string{"very_easy", "fairly_easy", "neither", "fairly_difficult", "very_difficult"}
	safety       = []string{"very_safe", "fairly_safe", "neither", "fairly_unsafe", "very_unsafe"}
	amount       = []string{"great_deal", "fair_amount", "not_very_much", "not_at_all"}
	informed     = []string{"very_well", "fairly_well", "not_very_well", "not_well_at_all"}
)
