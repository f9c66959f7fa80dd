package privacy

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

//go:embed disclosure
var gatewayFiles embed.FS

// Gateway is a reason in law to give personal data to somebody on request, as data with its clause.
type Gateway struct {
	ID     string      `yaml:"id"`
	Clause string      `yaml:"clause"`
	Text   locale.Text `yaml:"text"`
}

var gateways = sync.OnceValue(func() []Gateway {
	var out []Gateway
	source, err := gatewayFiles.ReadFile("disclosure/gateways.yaml")
	if err == nil {
		err = yaml.Unmarshal(source, &out)
	}
	if err != nil {
		panic(fmt.Errorf("privacy: embedded gateways: %w", err)) // our own file; a test reads it
	}
	return out
})

// Gateways lists the reasons in law for an exceptional disclosure, in the order in which they are offered (councils.md S3-11, S3-13). It is shared:
// nobody may change it.
func Gateways() []Gateway { return gateways() }

// Requester is what kind of body asked. The zero value is invalid.
type Requester string

// Requesters lists the kinds of whoever asks (councils.md S3-5, S3-13, S0-11).
func Requesters() []Requester {
	return []Requester{"police", "court", "council", "government", "regulator", "emergency", "lawyer", "insurer", "elected", "other"}
}

// Outcomes of a request for a disclosure.
const (
	DisclosedAll    = "all"     // everything that was asked for
	DisclosedPart   = "part"    // some of it
	DisclosedRefuse = "refused" // nothing
)

// DisclosureOutcomes lists what came of a request.
func DisclosureOutcomes() []string {
	return []string{DisclosedAll, DisclosedPart, DisclosedRefuse}
}

// Disclosure is one exceptional disclosure of personal data to somebody outside, or a refusal of one: the content of an Entry of the register of
// disclosures (councils.md S3-11). What was given lies in the council's files, not here.
type Disclosure struct {
	Kind       Requester `json:"kind"`
	Requester  string    `json:"requester"` // organisation and person, with a reference
	Asked      Date      `json:"asked"`
	Gateway    string    `json:"gateway"` // of Gateways
	Why        string    `json:"why"`     // why the gateway applies, and why it is necessary and proportionate
	Categories string    `json:"categories"`
	Form       Form      `json:"form"` // of what was given
	Outcome    string    `json:"outcome"`
	GivenOn    Date      `json:"given_on,omitempty"`
	How        string    `json:"how,omitempty"`
	Authoriser string    `json:"authoriser"`         // who decided, by name or role
	Told       Tell      `json:"told,omitempty"`     // the person concerned
	ToldWhy    string    `json:"told_why,omitempty"` // how and when, or why not
	Notify     bool      `json:"notify,omitempty"`   // the recipient has to be told of a later rectification, erasure or restriction (art. 19)
	Notified   Date      `json:"notified,omitempty"` // when it was

	NotifySince Date   `json:"notify_since,omitempty"` // from when on it has to be told; empty where an officer ticked it
	NotTold     string `json:"not_told,omitempty"`     // why it is not told: that is impossible or takes disproportionate effort

	Closed bool          `json:"closed,omitempty"`
	Steps  []RequestStep `json:"steps"`
}

// Faults lists what is wrong with what was entered, each fault.Invalid with its field, in the order of the form.
func (d Disclosure) Faults(today Date) (out []error) {
	bad := func(wrong bool, field, key string) {
		if wrong {
			out = append(out, fault.New(fault.Invalid, key).At(field))
		}
	}
	given := d.Outcome == DisclosedAll || d.Outcome == DisclosedPart
	bad(!slices.Contains(Requesters(), d.Kind), "kind", "error.disclosure.kind")
	bad(blank(d.Requester), "requester", "error.disclosure.requester")
	bad(d.Asked == "" || d.Asked > today, "asked-day", "error.disclosure.asked")
	bad(!slices.Contains(DisclosureOutcomes(), d.Outcome), "outcome", "error.disclosure.outcome")
	bad(given && !slices.ContainsFunc(Gateways(), func(g Gateway) bool { return g.ID == d.Gateway }), "gateway", "error.disclosure.gateway") // art. 6(1), 5(1)(b)
	bad(blank(d.Why), "why", "error.disclosure.why")                                                                                         // art. 5(2)
	bad(given && blank(d.Categories), "categories", "error.disclosure.categories")
	bad(given && d.Form != Identifiable && d.Form != Pseudonymised && d.Form != Anonymous, "form", "error.disclosure.form")
	bad(given && (d.GivenOn == "" || d.GivenOn > today || d.GivenOn < d.Asked), "given-day", "error.disclosure.given")
	bad(blank(d.Authoriser), "authoriser", "error.disclosure.authoriser")
	bad(given && d.Told == TellUndecided, "told", "error.disclosure.told") // art. 13(3), 14; DPA 2018 Sch 2
	bad(d.Told != TellUndecided && blank(d.ToldWhy), "told_why", "error.disclosure.told_why")
	bad(d.Notified != "" && (d.Notified > today || d.Notified < d.GivenOn), "notified-day", "error.disclosure.notified")
	for _, x := range [][2]string{{"requester", d.Requester}, {"why", d.Why}, {"categories", d.Categories}, {"how", d.How}, {"authoriser", d.Authoriser}, {"told_why", d.ToldWhy}, {"not_told", d.NotTold}} {
		if err := Within(x[0], x[1], MaxRequestText); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Outstanding reports whether the recipient still has to be told of a rectification, an erasure or a restriction (art. 19): it was not, and no reason is given
// why that is impossible or takes disproportionate effort.
func (d Disclosure) Outstanding() bool { return d.notifying().outstanding() }

// TellAgain notes that the recipient has to be told of a rectification from the day on, whatever was told before, and takes the work up again (art. 19). It returns
// the day on which the recipient was told before or why it was not, "" for neither: proof that is to be kept (art. 5(2)).
func (d *Disclosure) TellAgain(on Date) (before string) {
	d.Closed = false
	return d.notifying().again(on)
}

// Replaces returns fault.Invalid for an edit of was that takes a notice under art. 19 away, or says that it was given before it was asked for.
func (d *Disclosure) Replaces(was Disclosure) error {
	return d.notifying().replaces(was.notifying(), "disclosure")
}

// Close ends the work on a disclosure. It returns fault.Conflict while a notice under art. 19 is outstanding.
func (d *Disclosure) Close() error {
	if d.Outstanding() {
		return fault.New(fault.Conflict, "error.disclosure.outstanding")
	}
	d.Closed = true
	return nil
}
