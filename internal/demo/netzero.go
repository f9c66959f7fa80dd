package demo

import (
	"strconv"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

// netZero is closed, and its partner has had a release.
func netZero() plan {
	return plan{
		slug: "homes-travel-and-net-zero", library: "net-zero", name: "net-zero", created: -84, opens: -72, closes: -31,
		department: "Climate and Energy", telephone: "01632 960 130", mailbox: "climate", partner: true, responses: 900, answer: answerNetZero,
		release: []consult.TableSpec{
			{Question: "heating"}, {Question: "heating", By: "ward"}, {Question: "heat_pump_interest", By: "tenure"}, {Question: "insulation"},
			{Question: "warm_enough", By: "ward"}, {Question: "warm_enough", By: "tenure"}, {Question: "main_travel", By: "ward"}, {Question: "buses", By: "ward"},
			{Question: "barriers"}, {Question: "council_lead", By: "age_band"},
		},
	}
}

// homes are how people live in each ward: detached, semi-detached, terraced, flat, other.
var homes = map[string][5]float64{
	"abbots_cross": {18, 40, 26, 15, 1}, "market": {4, 14, 36, 45, 1}, "millbrook": {22, 38, 28, 11, 1}, "mereside": {34, 38, 16, 11, 1},
	"fairmead": {5, 30, 38, 26, 1}, "high_weald": {62, 22, 10, 3, 3}, survey.CodeElsewhere: {25, 30, 25, 18, 2},
}

func answerNetZero(p *person) survey.Answers {
	a := survey.Answers{}
	h := homes[p.ward]
	home := p.pick(weighted{"detached", h[0]}, weighted{"semi", h[1]}, weighted{"terraced", h[2]}, weighted{"flat", h[3]}, weighted{"other", h[4]})
	a["home_type"] = answered(home)
	rents := map[string]float64{"flat": 62, "terraced": 38, "semi": 22, "detached": 6, "other": 20}[home] + float64(45-p.age)/3
	tenure := p.pick(weighted{"own", 100 - rents}, weighted{"social_rent", rents * 0.5}, weighted{"private_rent", rents * 0.5}, weighted{"other", 1.5}, weighted{survey.CodePreferNot, 2})
	if p.chance(0.97) {
		a["tenure"] = answered(tenure)
	}
	if p.chance(0.95) {
		a["household_size"] = survey.Answer{Text: p.pick(weighted{"1", 27}, weighted{"2", 37}, weighted{"3", 16}, weighted{"4", 14}, weighted{"5", 4}, weighted{"6", 2})}
	}
	owns := tenure == "own"
	p.heating(a, home, owns)
	p.insulation(a, home, owns)
	warm := 0.35
	if !owns {
		warm -= 0.75
	}
	if home == "detached" {
		warm += 0.15
	}
	p.rate(a, question{"warm_enough", satisfaction, warm, 0, 0})
	p.travel(a)
	p.rate(a, question{"buses", satisfaction, map[string]float64{"market": 0.75, "abbots_cross": 0.3, "high_weald": -1.6, "millbrook": -0.4}[p.ward] - 0.2, 0.16, 0.025})
	p.barriers(a, owns)
	p.rate(a, question{"council_lead", agreement, -0.35 + float64(p.age-50)*0.012, 0.12, 0.03})
	if p.chance(0.55) {
		a["first_step"] = survey.Answer{Text: p.write(firstSteps)}
	}
	if p.chance(0.36) {
		a["help"] = survey.Answer{Text: p.write(climateHelp)}
	}
	p.postcode(a, 0.05)
	return a
}

func (p *person) heating(a survey.Answers, home string, owns bool) {
	var heating string
	switch {
	case p.ward == "high_weald":
		heating = p.pick(weighted{"oil_lpg", 58}, weighted{"gas", 6}, weighted{"electric", 10}, weighted{"heat_pump", 15}, weighted{"solid", 11})
	case home == "flat":
		heating = p.pick(weighted{"gas", 46}, weighted{"electric", 34}, weighted{"network", 15}, weighted{"heat_pump", 1}, weighted{survey.CodeDontKnow, 4})
	default:
		heating = p.pick(weighted{"gas", 82}, weighted{"electric", 6}, weighted{"heat_pump", 5}, weighted{"oil_lpg", 4}, weighted{"solid", 2}, weighted{survey.CodeDontKnow, 1})
	}
	a["heating"] = answered(heating)
	if p.chance(0.6) { // asked where there is a boiler
		year := p.now.Year() - 1 - p.IntN(18)
		a["boiler_installed"] = survey.Answer{Text: time.Date(year, time.Month(1+p.IntN(12)), 1+p.IntN(28), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
	}
	if !p.chance(0.97) {
		return
	}
	if !owns && p.chance(0.7) {
		a["heat_pump_interest"] = answered("not_mine")
		return
	}
	no := 30 + float64(p.age-50)*0.6
	a["heat_pump_interest"] = answered(p.pick(weighted{"yes", 24}, weighted{"maybe", 42}, weighted{"no", max(8, no)}))
}

func (p *person) insulation(a survey.Answers, home string, owns bool) {
	if p.chance(0.03) {
		return
	}
	if !owns && p.chance(0.28) {
		a["insulation"] = answered(survey.CodeDontKnow)
		return
	}
	house, owner := 1.0, 0.0
	if home == "flat" {
		house = 0.25
	}
	if owns {
		owner = 0.2
	}
	have := p.several(weighted{"loft", (0.55 + owner) * house}, weighted{"cavity", (0.3 + owner) * house}, weighted{"solid_wall", 0.05},
		weighted{"glazing", 0.72 + owner}, weighted{"solar", owner * 0.7 * house})
	if len(have) == 0 {
		have = []string{"none"}
	}
	a["insulation"] = answered(have...)
}

func (p *person) travel(a survey.Answers) {
	if p.chance(0.02) {
		return
	}
	bus, walk := 14.0, 20.0
	switch p.ward {
	case "high_weald":
		bus, walk = 2, 5
	case "market":
		bus, walk = 20, 36
	}
	how := p.pick(weighted{"petrol_diesel", 50}, weighted{"electric_car", 7}, weighted{"bus_train", bus}, weighted{"cycle", 6}, weighted{"walk", walk}, weighted{"other", 1})
	a["main_travel"] = answered(how)
	if p.chance(0.85) { // asked of those who drive
		a["car_miles"] = survey.Answer{Text: strconv.Itoa(500 * (4 + p.IntN(26)))}
	}
}

func (p *person) barriers(a survey.Answers, owns bool) {
	if p.chance(0.04) {
		return
	}
	if p.chance(0.05) {
		a["barriers"] = answered("nothing")
		return
	}
	bus := 0.15
	if p.ward == "high_weald" {
		bus = 0.7
	}
	rent := 0.02
	if !owns {
		rent = 0.75
	}
	stops := p.several(weighted{"cost", 0.66}, weighted{"not_mine", rent}, weighted{"information", 0.28}, weighted{"trades", 0.2},
		weighted{"disruption", 0.22}, weighted{"no_choice", bus}, weighted{"other", 0.05})
	if len(stops) == 0 {
		stops = []string{"information"}
	}
	answer := answered(stops...)
	if stops[len(stops)-1] == "other" && p.chance(0.7) {
		answer.Text = p.write(otherBarriers)
	}
	a["barriers"] = answer
}
