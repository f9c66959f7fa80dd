package demo

import (
	"time"

	"folkmoot/internal/survey"
)

// serviceFeedback is open: visitors answer it.
func serviceFeedback() plan {
	return plan{
		slug: OpenSurvey, library: "service-feedback", name: "feedback", created: -27, opens: -21, closes: 30,
		department: "Libraries and Leisure", telephone: "01632 960 120", mailbox: "libraries", partner: true,
		edit: ownServices, responses: 184, answer: answerFeedback,
	}
}

// ownServices puts the department's own services in place of the council's.
func ownServices(d *survey.Definition) {
	for i := range d.Sections {
		for j, q := range d.Sections[i].Questions {
			if q.ID != "service" {
				continue
			}
			other := q.Options[len(q.Options)-1]
			d.Sections[i].Questions[j].Options = []survey.Option{
				{Code: "library", Label: both("A library", "Llyfrgell")},
				{Code: "mobile_library", Label: both("The mobile library", "Y llyfrgell deithiol")},
				{Code: "online_library", Label: both("Ebooks, audiobooks or the online catalogue", "E-lyfrau, llyfrau llafar neu'r catalog ar-lein")},
				{Code: "pool", Label: both("A swimming pool", "Pwll nofio")},
				{Code: "leisure_centre", Label: both("A leisure centre, gym or class", "Canolfan hamdden, campfa neu ddosbarth")},
				{Code: "pitches", Label: both("A sports pitch or court", "Cae neu gwrt chwaraeon")},
				other,
			}
		}
	}
}

func answerFeedback(p *person) survey.Answers {
	a := survey.Answers{}
	service := p.pick(weighted{"library", 42}, weighted{"mobile_library", 6}, weighted{"online_library", 10}, weighted{"pool", 19},
		weighted{"leisure_centre", 17}, weighted{"pitches", 4}, weighted{"other", 2})
	a["service"] = answered(service)
	lean := map[string]float64{"library": 0.75, "mobile_library": 0.9, "online_library": 0.25, "pool": -0.25, "leisure_centre": 0.2}[service]
	if p.chance(0.95) {
		a["channel_used"] = answered(p.way(service))
	}
	if p.chance(0.82) {
		day := p.now.AddDate(0, 0, -24-p.IntN(60))
		a["used_on"] = survey.Answer{Text: day.Format(time.DateOnly)}
	}
	p.rate(a, question{"overall", satisfaction, 0.35 + lean, 0.01, 0})
	if p.chance(0.93) { // asked of the dissatisfied only; the service drops it for others
		wrong := p.several(weighted{"waited", 0.4}, weighted{"information", 0.25}, weighted{"repeated", 0.2}, weighted{"staff", 0.1}, weighted{"not_done", 0.25})
		if len(wrong) == 0 {
			wrong = []string{survey.CodePreferNot}
		}
		a["what_went_wrong"] = answered(wrong...)
	}
	p.rate(a, question{"easy", ease, 0.3 + lean, 0, 0.03})
	p.rate(a, question{"fairly_treated", agreement, 0.9, 0.05, 0.05})
	if p.chance(0.45) {
		a["one_word"] = survey.Answer{Text: p.word(a["overall"])}
	}
	if p.chance(0.4) {
		a["better"] = survey.Answer{Text: p.write(betterServices)}
	}
	return a
}

func (p *person) way(service string) string {
	if service == "online_library" {
		return "online"
	}
	if service == "library" || service == "mobile_library" {
		return p.pick(weighted{"in_person", 85}, weighted{"online", 12}, weighted{"phone", 3})
	}
	return p.pick(weighted{"in_person", 62}, weighted{"online", 27}, weighted{"phone", 9}, weighted{"letter", 2})
}
