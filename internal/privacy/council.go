// Package privacy answers: why may we hold this, who was told what, who agreed, and what must happen now?
//
// It holds the controller, purposes and their lawful bases, notices, consent events and receipts, withdrawal codes
// and the audit log, each as values and rules without I/O. Every legal rule quotes its clause. It must never see an
// answer to a survey.
//
// Reviewer: data protection officer.
package privacy

import (
	"cmp"

	"folkmoot/internal/locale"
)

// Council is the controller: the organisation whose service this is, as its settings say. Every notice, receipt,
// header and error page is made from it. It is bilingual where people read it.
type Council struct {
	Name      locale.Text   `json:"name"`
	ShortName string        `json:"short_name"` // prefix of references, two to four capital letters
	Address   string        `json:"address"`    // lines separated by \n
	Email     string        `json:"email"`
	Phone     string        `json:"phone"`
	Website   string        `json:"website"` // https URL
	Languages []locale.Lang `json:"languages"`

	Colour string `json:"colour"` // #rrggbb, at least 4.5:1 against white (WCAG 2.2, 1.4.3)
	Logo   []byte `json:"logo"`   // PNG, or empty

	DPOName  string `json:"dpo_name"` // name or role
	DPOEmail string `json:"dpo_email"`
	DPOPhone string `json:"dpo_phone"`

	Nation   Nation `json:"nation"`   // whose bank holidays count; empty = England and Wales
	Holidays []Date `json:"holidays"` // further days on which the council does not work: a proclaimed holiday

	Registration     string      `json:"registration"` // of the controller with the regulator
	Regulator        locale.Text `json:"regulator"`    // a setting: the regulator's name is changing by law (DUAA ss.117-120)
	RegulatorContact locale.Text `json:"regulator_contact"`
	ComplaintsHow    locale.Text `json:"complaints_how"` // how to complain to the council (DPA 2018 s.164A)
}

// Calendar returns the calendar by which the council counts days.
func (c Council) Calendar() (Calendar, error) {
	return NewCalendar(cmp.Or(c.Nation, EnglandAndWales), c.Holidays...)
}
