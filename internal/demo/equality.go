package demo

import (
	"folkmoot/internal/survey"
)

// equality answers the equality questions that a survey asks; each may be left blank, and some would rather not say.
func (p *person) equality(asked []survey.Question) survey.Answers {
	a := survey.Answers{}
	for _, q := range asked {
		shy, blank := p.chance(0.03), p.chance(0.03)
		c := p.characteristic(q)
		switch {
		case blank || c == "":
		case shy:
			a[q.ID] = answered(survey.CodePreferNot)
		default:
			a[q.ID] = answered(c)
		}
	}
	return a
}

// ageBands are the codes of the bank's age bands with the first age above each.
var ageBands = []struct {
	code  string
	below int
}{{"under_16", 16}, {"16_24", 25}, {"25_34", 35}, {"35_44", 45}, {"45_54", 55}, {"55_64", 65}, {"65_74", 75}, {"75_84", 85}, {"85_over", 999}}

// characteristic is the person's answer to a question of the bank; "" where the generator knows none.
func (p *person) characteristic(q survey.Question) string {
	mixed := wards[p.ward].mixed
	switch q.ID {
	case "age_band":
		for _, b := range ageBands {
			if p.age < b.below {
				return b.code
			}
		}
	case "sex":
		if p.woman {
			return "female"
		}
		return "male"
	case "health_conditions":
		return yesNo(p.ill)
	case "day_to_day_activities":
		return p.pick(weighted{"yes_a_lot", 25 + float64(p.age)/4}, weighted{"yes_a_little", 50}, weighted{"not_at_all", 20})
	case "ethnic_group":
		return p.pick(weighted{"white", 92}, weighted{"asian", 3.4 * mixed}, weighted{"mixed", 2 * mixed}, weighted{"black", 1.9 * mixed}, weighted{"other", 0.8 * mixed})
	case "unpaid_care":
		return p.pick(weighted{"no", 80}, weighted{"1_9", 6}, weighted{"10_19", 3}, weighted{"20_34", 2.5}, weighted{"35_49", 1.5}, weighted{"50_over", 2 + float64(p.age)/25})
	}
	return p.within(q)
}

// within chooses an ethnic group within its heading: mostly the first, which is the largest.
func (p *person) within(q survey.Question) string {
	if q.ShowWhen == nil || q.ShowWhen.Question != "ethnic_group" {
		return ""
	}
	var groups []weighted
	for i, o := range q.Options {
		if o.Code == survey.CodePreferNot {
			continue
		}
		weight := 1.0
		if i == 0 {
			weight = map[bool]float64{true: 24, false: 3}[o.Group == "white"]
		}
		groups = append(groups, weighted{o.Code, weight})
	}
	return p.pick(groups...)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
