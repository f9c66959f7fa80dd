package uitest

import "folkmoot/internal/privacy"

// Disclosure is an exceptional disclosure, whole, with a notice under art. 19 that is outstanding.
func Disclosure() privacy.Disclosure {
	day := privacy.DateOf(Start)
	return privacy.Disclosure{Kind: "police", Requester: "A constable, reference 17", Asked: day.Add(-9), Gateway: "crime", Why: "A burglary; nothing less would do.", Categories: "One response",
		Form: privacy.Identifiable, Outcome: privacy.DisclosedPart, GivenOn: day.Add(-8), How: "Encrypted, by e-mail", Authoriser: "Monitoring officer", Told: privacy.TellNo,
		ToldWhy: "It would have warned the suspect.", Notify: true}
}

// Processor is a processor of whom one clause of the contract is missing (UK GDPR art. 28(3)(h)).
func Processor() privacy.Processor {
	day := privacy.DateOf(Start)
	p := privacy.Processor{Name: "Hosting Ltd", Kind: privacy.KindProcessor, Does: "It keeps the servers.", Data: "Responses", People: "Residents", Form: privacy.Identifiable,
		Location: "United Kingdom", Transfer: "uk", Contact: "Bryn Host, bryn@hosting.example", Contract: "C/17", From: day.Add(-90), Until: day.Add(400), ReviewOn: day.Add(200),
		Clauses: map[string]privacy.ClauseAnswer{}, Security: "A certificate", SecurityOn: day.Add(-30), NotMarketing: true}
	for _, c := range privacy.ContractClauses() {
		p.Clauses[c.ID] = privacy.ClauseAnswer{Has: privacy.TellYes, Where: "Schedule 2"}
	}
	p.Clauses["h"] = privacy.ClauseAnswer{Has: privacy.TellNo}
	return p
}
