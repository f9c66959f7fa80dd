package privacy

import "folkmoot/internal/locale"

// Basis is a lawful basis under UK GDPR article 6(1). The zero value means that none has been chosen.
type Basis string

// The bases (UK GDPR art. 6(1)).
const (
	Consent             Basis = "consent"              // (a)
	Contract            Basis = "contract"             // (b)
	LegalObligation     Basis = "legal_obligation"     // (c)
	PublicTask          Basis = "public_task"          // (e)
	LegitimateInterests Basis = "legitimate_interests" // (f)
)

// Condition is a condition for special-category data under UK GDPR article 9(2). The zero value means none.
type Condition string

// The conditions we support.
const (
	ExplicitConsent Condition = "explicit_consent" // art. 9(2)(a)
)

// Form says in what form a recipient gets information.
type Form string

// The forms.
const (
	Identifiable  Form = "identifiable"
	Pseudonymised Form = "pseudonymised"
	Anonymous     Form = "anonymous" // totals from which nobody can learn anything about one person
)

// Personal reports whether whoever gets information in the form gets personal data: what tells who somebody is, or could (art. 4(1), (5)).
func (f Form) Personal() bool { return f == Identifiable || f == Pseudonymised }

// Recipient is a named organisation that gets information. Categories such as "our partners" are not specific enough
// (ICO, valid consent; councils.md S1-8).
type Recipient struct {
	Name     string `json:"name"`
	Form     Form   `json:"form"`
	Location string `json:"location"` // country where it is held
}

// Purpose is one use of information, with its basis as data.
type Purpose struct {
	ID         string        `json:"id"` // [a-z0-9_]+
	Text       locale.Text   `json:"text"`
	Activities []locale.Text `json:"activities"` // what is done, named
	Basis      Basis         `json:"basis"`
	Condition  Condition     `json:"condition"` // for special-category data
	Recipients []Recipient   `json:"recipients"`
}

// Processing is everything a consultation's notice has to say beyond who the council is. It is the source of the
// notice, the consent statement and the receipt, so that they cannot drift apart.
type Processing struct {
	Purposes []Purpose   `json:"purposes"`
	Data     locale.Text `json:"data"` // what is collected, in words

	Retention        string      `json:"retention"`             // ISO 8601 period for responses, for example P36M
	RetentionTrigger locale.Text `json:"retention_trigger"`     // from when it runs: a period needs a trigger (councils.md S2-2)
	EqualityPeriod   string      `json:"equality_period"`       // ISO 8601, at most P12M
	KeepTotals       bool        `json:"keep_totals,omitempty"` // when that time is over, anonymous totals are kept: the notice and the consent statement say so (councils.md S4-18)

	Required    locale.Text `json:"required"`       // whether people must provide it and what follows if not (art. 13(2)(e))
	Automated   locale.Text `json:"automated"`      // decisions by automated means (art. 13(2)(f))
	Children    locale.Text `json:"children"`       // how children's information is looked after (art. 12(1), 25; DUAA s.81); who may take part is told from Ages
	Ages        AgeRules    `json:"ages"`           // who may take part by age: the gate, and what the notice says of it
	IfTheySayNo locale.Text `json:"if_they_say_no"` // what happens when consent is refused (privacy.md 3.1)
	Locations   string      `json:"locations"`      // where it is stored: "United Kingdom"
	Transfers   locale.Text `json:"transfers"`      // transfers out of the UK (art. 13(1)(f)); empty = none, and the notice says so

	// The explicit-consent statement for equality answers (art. 9(2)(a)); used only where the survey asks them.
	Categories []locale.Text `json:"categories"` // the categories asked, named: "ethnic group"
	Uses       []locale.Text `json:"uses"`       // every intended use, anonymising included (DUAA s.71, art. 8A)
	Partners   []string      `json:"partners"`   // partners named in the statement, who may receive anonymous totals
}
