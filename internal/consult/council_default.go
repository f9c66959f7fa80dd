package consult

import (
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// DefaultCouncil is what pages show before anybody has entered the council's details: plainly not a council. It names nobody to
// contact, so that nothing can be published with it (UK GDPR art. 13(1)(a), (b)).
func DefaultCouncil() privacy.Council {
	return privacy.Council{
		Name:      locale.Text{locale.English: "Your council", locale.Welsh: "Eich cyngor"},
		ShortName: "REF",
		Languages: []locale.Lang{locale.English, locale.Welsh},
		Colour:    "#1d4f91",
		Regulator: locale.Text{locale.English: "Information Commissioner's Office", locale.Welsh: "Swyddfa'r Comisiynydd Gwybodaeth"},
		RegulatorContact: locale.Text{
			locale.English: "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF. Telephone: 0303 123 1113. https://ico.org.uk",
			locale.Welsh:   "Wycliffe House, Water Lane, Wilmslow, Swydd Gaer SK9 5AF. Ffôn: 0330 414 6421. https://cy.ico.org.uk",
		},
	}
}
