package privacy

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/locale"
)

// AgeLimit is an age that a law or a standard sets, with where it comes from. Limits are data (internal/privacy/age/limits.yaml).
type AgeLimit struct {
	ID            string      `yaml:"id"`
	Age           int         `yaml:"age"` // in whole years
	Clause        string      `yaml:"clause"`
	Source        string      `yaml:"source"`
	EffectiveFrom Date        `yaml:"effective_from"`
	Name          locale.Text `yaml:"name"`
	Text          locale.Text `yaml:"text"`
}

// The ids of the limits that rules here name.
const (
	AgeOfConsent   = "consent"  // UK GDPR art. 8(1)
	AgeForEquality = "equality" // GSS harmonised standards
)

// AgeChoice is a code with its name: who agrees for a child, or how the council knows.
type AgeChoice struct {
	ID   string      `yaml:"id"`
	Name locale.Text `yaml:"name"`
}

// AgeData is everything that the service knows about ages.
type AgeData struct {
	Bounds struct {
		Lowest  int `yaml:"lowest"`
		Highest int `yaml:"highest"`
	} `yaml:"bounds"` // of what an officer may set, in years
	Offered       []int       `yaml:"offered"` // first, in order
	Limits        []AgeLimit  `yaml:"limits"`
	Relationships []AgeChoice `yaml:"relationships"`
	Methods       []AgeChoice `yaml:"methods"`
	AnyAge        []string    `yaml:"any_age"` // phrases that say that age does not matter, in lower case
}

//go:embed age/limits.yaml
var ageFile []byte

var ages = sync.OnceValue(func() AgeData {
	var out AgeData
	if err := yaml.Unmarshal(ageFile, &out); err != nil {
		panic(fmt.Errorf("privacy: embedded age limits: %w", err)) // our own file; a test reads it
	}
	return out
})

// Ages returns the age limits and what goes with them. It is shared: callers never change it.
func Ages() AgeData { return ages() }

// Limit returns the limit with the id. An unknown one is a programming error.
func (d AgeData) Limit(id string) AgeLimit {
	i := slices.IndexFunc(d.Limits, func(l AgeLimit) bool { return l.ID == id })
	if i < 0 {
		panic("privacy: no age limit " + id)
	}
	return d.Limits[i]
}

// Within reports whether an officer may set the age.
func (d AgeData) Within(age int) bool { return age >= d.Bounds.Lowest && age <= d.Bounds.Highest }

// AgeChoiceIn returns the choice with the id.
func AgeChoiceIn(choices []AgeChoice, id string) (AgeChoice, bool) {
	i := slices.IndexFunc(choices, func(c AgeChoice) bool { return c.ID == id })
	if i < 0 {
		return AgeChoice{}, false
	}
	return choices[i], true
}
