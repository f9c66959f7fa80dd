package demo

import "folkmoot/internal/survey"

// living is the resident satisfaction survey: closed, not reported, and not released yet, so that a visitor can make the release.
func living() plan {
	return plan{
		slug: "living-in-wealdmere", library: "resident-satisfaction", name: "living",
		created: -46, opens: -36, closes: -7, department: "Policy and Engagement", telephone: "01632 960 110", mailbox: "residents", partner: true,
		responses: 1500, answer: answerLiving,
	}
}

func answerLiving(p *person) survey.Answers {
	a := survey.Answers{}
	dark := wards[p.ward].dark + 0.5
	if p.woman {
		dark -= 0.3
	}
	if p.ill {
		dark -= 0.15
	}
	for _, q := range []question{
		{"local_area", satisfaction, 0.72, 0.006, 0},
		{"runs_things", satisfaction, 0.14, 0.02, 0.012},
		{"value_for_money", agreement, -0.12, 0.05, 0.018},
		{"acts_on_concerns", amount, 0.05, 0.06, 0.02},
		{"informed", informed, 0.2, 0.025, 0.024},
		{"trust", amount, 0.1, 0.03, 0.028},
		{"safe_after_dark", safety, dark, 0.02, 0.03},
		{"safe_by_day", safety, dark/3 + 1.1, 0.005, 0.035},
	} {
		p.rate(a, q)
	}
	if p.chance(0.52) {
		a["one_thing"] = survey.Answer{Text: p.write(wishes)}
	}
	p.postcode(a, 0.06)
	return a
}
