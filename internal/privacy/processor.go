package privacy

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

//go:embed processor
var processorFiles embed.FS

// Clause is something that the law asks for, as data with its place in the law and plain words.
type Clause struct {
	ID     string      `yaml:"id"`
	Clause string      `yaml:"clause"`
	Text   locale.Text `yaml:"text"`
}

// readClauses reads one of our own files; a test reads each.
func readClauses(name string) func() []Clause {
	return sync.OnceValue(func() []Clause {
		var out []Clause
		source, err := processorFiles.ReadFile("processor/" + name)
		if err == nil {
			err = yaml.Unmarshal(source, &out)
		}
		if err != nil {
			panic(fmt.Errorf("privacy: embedded clauses: %w", err))
		}
		return out
	})
}

var contractClauses, transferClauses = readClauses("clauses.yaml"), readClauses("transfers.yaml")

// ContractClauses lists what a contract with a processor has to say (UK GDPR art. 28(2) to (4) and (9)). It is shared: nobody may change it.
func ContractClauses() []Clause { return contractClauses() }

// TransferClauses lists where information may be held, and what safeguards it there (councils.md S0-14). It is shared: nobody may change it.
func TransferClauses() []Clause { return transferClauses() }

// RecipientKind is what somebody is who gets information. The zero value is invalid.
type RecipientKind string

// The kinds (councils.md S0-10, S0-11, S4-11; UK GDPR art. 4(7) to (9), 26, 28).
const (
	KindProcessor  RecipientKind = "processor"
	KindJoint      RecipientKind = "joint"
	KindController RecipientKind = "controller"
	KindDepartment RecipientKind = "department"
	KindElected    RecipientKind = "elected"
	KindStatutory  RecipientKind = "statutory"
)

// RecipientKinds lists the kinds in the order in which they are offered.
func RecipientKinds() []RecipientKind {
	return []RecipientKind{KindProcessor, KindJoint, KindController, KindDepartment, KindElected, KindStatutory}
}

// Outside reports whether it is somebody with whom there has to be a contract or an arrangement (art. 26(1), 28(3); councils.md S3-14).
func (k RecipientKind) Outside() bool {
	return k == KindProcessor || k == KindJoint || k == KindController
}

// ClauseAnswer is whether a contract has a clause, and where.
type ClauseAnswer struct {
	Has   Tell   `json:"has,omitempty"` // TellUndecided: nobody has looked
	Where string `json:"where,omitempty"`
}

// Processor is a processor or another recipient of information: the content of an Entry of the register of processors and recipients (art. 28, 30(1)(d)).
// The contract itself lies in the council's files, not here.
type Processor struct {
	Name     string        `json:"name"`
	Kind     RecipientKind `json:"kind"`
	Does     string        `json:"does"` // what it does with it, and why
	Data     string        `json:"data"` // categories
	People   string        `json:"people"`
	Form     Form          `json:"form"`
	Location string        `json:"location"`
	Transfer string        `json:"transfer"` // of TransferClauses
	Contact  string        `json:"contact,omitempty"`

	Contract string                  `json:"contract,omitempty"` // its reference in the council's files
	From     Date                    `json:"from,omitempty"`
	Until    Date                    `json:"until,omitempty"` // the last day; empty for none
	ReviewOn Date                    `json:"review_on,omitempty"`
	Clauses  map[string]ClauseAnswer `json:"clauses,omitempty"` // by id of ContractClauses; of processors, and kept when one becomes another kind
	Subs     string                  `json:"subs,omitempty"`    // sub-processors, one to a line

	Security     string `json:"security,omitempty"` // what assures the council of its security (art. 28(1), 32)
	SecurityOn   Date   `json:"security_on,omitempty"`
	NotMarketing bool   `json:"not_marketing,omitempty"` // it asserts: not for marketing, not sold, not rented (councils.md S3-14)
	After        string `json:"after,omitempty"`         // what became of the information when it ended (art. 28(3)(g))

	Notify   bool `json:"notify,omitempty"`   // it has to be told of a rectification, an erasure or a restriction of what it got (art. 19)
	Notified Date `json:"notified,omitempty"` // when it was

	NotifySince Date   `json:"notify_since,omitempty"` // from when on it has to be told; empty where an officer ticked it
	NotTold     string `json:"not_told,omitempty"`     // why it is not told: that is impossible or takes disproportionate effort

	WasProcessor bool          `json:"was_processor,omitempty"` // an edit made it another kind; see Replaces
	Closed       bool          `json:"closed,omitempty"`
	Steps        []RequestStep `json:"steps"`
}

// Faults lists what is wrong with what was entered, each fault.Invalid with its field, in the order of the form. What is not known yet is no fault: see Missing.
func (p Processor) Faults(today Date) (out []error) {
	bad := func(wrong bool, field, key string, args ...any) {
		if wrong {
			out = append(out, fault.New(fault.Invalid, key, args...).At(field))
		}
	}
	bad(blank(p.Name), "name", "error.processor.name") // art. 30(1)(d)
	bad(!slices.Contains(RecipientKinds(), p.Kind), "kind", "error.processor.kind")
	bad(blank(p.Does), "does", "error.processor.does")       // art. 30(1)(b)
	bad(blank(p.Data), "data", "error.processor.data")       // art. 30(1)(c)
	bad(blank(p.People), "people", "error.processor.people") // art. 30(1)(c)
	bad(p.Form != Identifiable && p.Form != Pseudonymised && p.Form != Anonymous, "form", "error.processor.form")
	bad(blank(p.Location), "location", "error.processor.location") // art. 30(1)(e); councils.md S0-14
	bad(p.Transfer != "" && !slices.ContainsFunc(TransferClauses(), func(c Clause) bool { return c.ID == p.Transfer }), "transfer", "error.processor.transfer")
	bad(p.From != "" && p.Until != "" && p.Until < p.From, "until-day", "error.processor.until")
	for _, c := range ContractClauses() { // a yes that says no place cannot be checked (art. 5(2))
		if a := p.Clauses[c.ID]; p.Kind == KindProcessor {
			bad(a.Has == TellYes && blank(a.Where), "where_"+c.ID, "error.processor.where", "Clause", c.Clause)
		}
	}
	bad(p.SecurityOn != "" && p.SecurityOn > today, "security_on-day", "error.processor.security_on")
	bad(p.Notified > today, "notified-day", "error.processor.notified")
	within := func(field, text string, most int) {
		if err := Within(field, text, most); err != nil {
			out = append(out, err)
		}
	}
	for _, x := range [][2]string{{"name", p.Name}, {"location", p.Location}, {"contract", p.Contract}} {
		within(x[0], x[1], mostInALine)
	}
	for _, c := range ContractClauses() {
		within("where_"+c.ID, p.Clauses[c.ID].Where, mostInALine)
	}
	for _, x := range [][2]string{{"does", p.Does}, {"data", p.Data}, {"people", p.People}, {"contact", p.Contact}, {"subs", p.Subs}, {"security", p.Security}, {"not_told", p.NotTold}, {"after", p.After}} {
		within(x[0], x[1], MaxRequestText)
	}
	return out
}

// mostInALine is the longest text that one line of an entry may hold, in characters.
const mostInALine = 300

// Lack is something that an entry of the register lacks: the text with the key, and the clause that asks for it.
type Lack struct {
	Key    string
	Clause string
	Text   locale.Text // of the clause of the contract that is missing; nil for others
}

// Missing lists what the council still has to do about a recipient on a day: clauses that the contract lacks or that nobody has looked for, a contract that is
// missing, has not begun, has ended or is to be reviewed, assurance of security, a safeguard abroad, the promise not to use it for marketing, and a notice under art. 19 that it did not get. Of a closed entry nothing.
func (p Processor) Missing(today Date) (out []Lack) {
	if p.Closed {
		return nil
	}
	gap := func(missing bool, key, clause string) {
		if missing {
			out = append(out, Lack{Key: "processor.missing." + key, Clause: clause})
		}
	}
	gap(p.Transfer == "", "transfer", "UK GDPR art. 30(1)(e), 44A")
	gap(p.Transfer == "exception", "exception", "UK GDPR art. 49(1)") // from before each could be chosen
	law := map[RecipientKind]string{KindProcessor: "UK GDPR art. 28(3)", KindJoint: "UK GDPR art. 26(1)"}[p.Kind]
	gap(p.Kind.Outside() && blank(p.Contract), "contract", cmp.Or(law, "UK GDPR art. 5(2)"))
	gap(p.From > today, "begins", cmp.Or(law, "UK GDPR art. 5(2)"))
	gap(p.Until != "" && p.Until < today, "ended", cmp.Or(law, "UK GDPR art. 5(2)"))
	gap(p.ReviewOn != "" && p.ReviewOn <= today, "review", "UK GDPR art. 24(1)")
	if p.Kind == KindProcessor {
		for _, c := range ContractClauses() {
			switch a := p.Clauses[c.ID]; {
			case a.Has == TellNo:
				out = append(out, Lack{"processor.missing.clause", c.Clause, c.Text})
			case a.Has != TellYes || blank(a.Where):
				out = append(out, Lack{"processor.missing.unchecked", c.Clause, c.Text})
			}
		}
		gap(blank(p.Security) || p.SecurityOn == "", "security", "UK GDPR art. 28(1), 32")
	}
	gap(p.Kind.Outside() && !p.NotMarketing, "marketing", "UK GDPR art. 5(1)(b)")
	gap(p.Outstanding(), "notify", "UK GDPR art. 19")
	return out
}

// Outstanding reports whether the recipient still has to be told of a rectification, an erasure or a restriction (art. 19): it was not, and no reason is given
// why that is impossible or takes disproportionate effort.
func (p Processor) Outstanding() bool { return p.notifying().outstanding() }

// TellAgain is Disclosure.TellAgain of whoever gets information as a rule.
func (p *Processor) TellAgain(on Date) (before string) {
	p.Closed = false
	return p.notifying().again(on)
}

// Replaces keeps what an edit of was may not take away: that it was a processor, and what was found in its contract. An edit ends nothing: see Close. It returns
// fault.Invalid for one that takes a notice under art. 19 away, or says that it was given before it was asked for.
func (p *Processor) Replaces(was Processor) error {
	p.Closed, p.WasProcessor = was.Closed, was.WasProcessor || was.Kind == KindProcessor
	if p.Kind != KindProcessor {
		p.Clauses = was.Clauses
	}
	return p.notifying().replaces(was.notifying(), "processor")
}

// Close ends an entry: the recipient gets nothing any more. It returns fault.Conflict while it is not said what became of what a processor had, also of one that
// an edit made another kind (art. 28(3)(g)), and while a notice under art. 19 is outstanding.
func (p *Processor) Close() error {
	if p.Outstanding() {
		return fault.New(fault.Conflict, "error.processor.outstanding")
	}
	if (p.Kind == KindProcessor || p.WasProcessor || len(p.Clauses) > 0) && blank(p.After) {
		return fault.New(fault.Conflict, "error.processor.after")
	}
	p.Closed = true
	return nil
}
