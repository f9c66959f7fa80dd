package demo

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
)

func plans() []plan {
	return []plan{serviceFeedback()}
}

// serviceFeedback is the open one: visitors answer it.
func serviceFeedback() plan {
	return plan{
		slug: "service-feedback", library: "service-feedback", opens: -21, closes: 35, responses: 180,
		details: func(d *consult.Details) {
			d.Title = both("Library and leisure services feedback", "Adborth ar wasanaethau llyfrgell a hamdden")
			d.Summary = both("Tell us how it went when you last used a council service, so that we can put right what does not work.",
				"Dywedwch wrthym sut aeth hi pan ddefnyddioch chi un o wasanaethau'r cyngor ddiwethaf, fel y gallwn unioni'r hyn nad yw'n gweithio.")
			d.About = both("We run libraries and leisure services. Tell us how they work for you.", "Rydym yn rhedeg llyfrgelloedd a gwasanaethau hamdden. Dywedwch wrthym sut maen nhw'n gweithio i chi.")
			d.OtherWays = both("Telephone 01632 960 120 and we fill in the form with you.", "Ffoniwch 01632 960 120 a byddwn yn llenwi'r ffurflen gyda chi.")
			d.Department = "Customer Services"
		},
		answers: answerServiceFeedback,
	}
}

func answerServiceFeedback(p *person) answers {
	a := survey.Answers{}
	a["service"] = code(p.pick(weighted{"libraries", 46}, weighted{"parks", 22}, weighted{"bins", 14}, weighted{"council_tax", 8},
		weighted{"planning", 3}, weighted{"housing", 4}, weighted{"other", 3}))
	p.scale(a, "overall", satisfaction, 0.5, 0, 0)
	p.scale(a, "easy", ease, 0.4, 0, 0.05)
	p.scale(a, "fairly_treated", agreement, 0.6, 0.04, 0.06)
	return answers{main: a, equality: survey.Answers{"age_band": code("35_44")}}
}
