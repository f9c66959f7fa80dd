package uitest

import "folkmoot/internal/privacy"

// Disclosure is an exceptional disclosure, whole, with a notice under art. 19 that is outstanding.
func Disclosure() privacy.Disclosure {
	day := privacy.DateOf(Start)
	return privacy.Disclosure{Kind: "police", Requester: "A constable, reference 17", Asked: day.Add(-9), Gateway: "crime", Why: "A burglary; nothing less would do.", Categories: "One response",
		Form: privacy.Identifiable, Outcome: privacy.DisclosedPart, GivenOn: day.Add(-8), How: "Encrypted, by e-mail", Authoriser: "Monitoring officer", Told: privacy.TellNo,
		ToldWhy: "It would have warned the suspect.", Notify: true}
}
