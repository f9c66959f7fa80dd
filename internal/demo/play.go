package demo

import "folkmoot/internal/survey"

// playAreas is over and reported: we asked, you said, we did.
func playAreas() plan {
	return plan{
		slug: "play-areas", name: "play-areas", created: -158, opens: -150, closes: -122, department: "Parks and Open Spaces",
		telephone: "01632 960 150", mailbox: "parks", responses: 324, answer: answerPlay, outcome: -58,
	}
}

func answerPlay(p *person) survey.Answers {
	a := survey.Answers{}
	p.age = 22 + p.age*3/5 // parents and grandparents
	how := p.pick(weighted{"weekly", 46}, weighted{"monthly", 27}, weighted{"yearly", 17}, weighted{"never", 10})
	a["how_often"] = answered(how)
	if p.chance(0.97) {
		with := p.several(weighted{"under_5", 0.42}, weighted{"5_to_11", 0.55}, weighted{"12_to_17", 0.2})
		if len(with) == 0 {
			with = []string{"no_children"}
		}
		a["who_with"] = answered(with...)
	}
	p.rate(a, question{"play_areas", satisfaction, 0.05, 0.05, 0.02})
	p.rate(a, question{"everyone_can_play", agreement, -0.75, 0.08, 0.02})
	first := p.pick(weighted{"inclusive", 38}, weighted{"repairs", 22}, weighted{"shade", 18}, weighted{"teenagers", 12}, weighted{"natural", 10})
	if p.ward == "fairmead" && p.chance(0.5) {
		first = "repairs"
	}
	a["first"] = answered(first)
	if p.chance(0.47) {
		a["ideas"] = survey.Answer{Text: p.write(playIdeas)}
	}
	p.postcode(a, 0.07)
	return a
}

// streets opens soon.
func streets() plan {
	return plan{
		slug: "market-square", name: "streets", created: -8, opens: 10, closes: 45, department: "Highways and Transport", telephone: "01632 960 160", mailbox: "streets",
	}
}
