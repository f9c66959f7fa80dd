// Package survey answers: what is asked, in which order, and is this an answer to it?
//
// It holds survey definitions (parsed from YAML with every fault and its line), the kinds of question, typed
// answers, and the journey: which step comes next, which may be visited, what is complete. All of it is pure:
// the same definition and answers always give the same path. It never stores anything and never sees who answers.
//
// Reviewer: survey designer.
package survey

import "folkmoot/internal/locale"

// Definition is one whole survey. A published definition never changes; its version is the SHA-256 of its frozen form (Freeze).
type Definition struct {
	ID        string        // short name, [a-z0-9_-]
	Title     locale.Text   // shown to respondents
	Summary   locale.Text   // one sentence for the library; may be empty
	Languages []locale.Lang // every text must exist in each of these
	Sections  []Section
	Unchecked []locale.Lang // languages whose texts no translator has checked yet; publishing shows it
	Equality  []Question    // resolved from the question bank, in the order of question-bank.md section 4; may be empty
}

// Section groups questions on the check-your-answers page and in the office.
type Section struct {
	ID        string
	Title     locale.Text
	Questions []Question
}

// Kind names a kind of question. The zero value is invalid.
type Kind string

// The kinds of question. One file each: kind_<name>.go.
const (
	Scale     Kind = "scale"      // one of five ordered points, and "don't know" coded apart
	Single    Kind = "single"     // one of several options
	Multiple  Kind = "multiple"   // any of several options, some exclusive
	ShortText Kind = "short_text" // one line of free text
	LongText  Kind = "long_text"  // several lines of free text with a character count
	Number    Kind = "number"     // a decimal number within bounds
	Date      Kind = "date"       // a calendar date in three parts
	Postcode  Kind = "postcode"   // a UK postcode that becomes a ward
)

// Question is one question, asked on a page of its own.
type Question struct {
	ID       string // unique in the definition, [a-z][a-z0-9_]*, stable: results and releases are keyed by it
	Kind     Kind
	Text     locale.Text // the page's heading
	Hint     locale.Text // one short sentence without links; may be empty
	Why      locale.Text // why we ask, shown in a details element; may be empty
	Required bool
	Options  []Option // Scale, Single, Multiple: in the order shown
	Groups   []Group  // the coarser groups that options name, in order; may be empty
	ShowWhen *Condition

	MaxLength int      // ShortText, LongText: in runes
	Min, Max  *float64 // Number: inclusive bounds
	Decimals  int      // Number: decimal places allowed, 0 to 4
	MinDate   string   // Date: yyyy-mm-dd inclusive; empty = no bound
	MaxDate   string
	Keep      string // Postcode: "ward" (the postcode is dropped) or "postcode" (kept sealed beside the ward)

	Special  bool       // special-category data or treated as such (UK GDPR art. 9; privacy.md 3.2)
	Scoring  string     // Scale, Single: name of the label set the options come from, for example "satisfaction"; empty = own options
	DontKnow string     // with Scoring: "" the set's own label, "not_applicable" the longer label, "none" not offered
	Bank     *BankEntry // set where the question comes from the bank
}

// Option is one answer that can be chosen.
type Option struct {
	Code      string // [a-z0-9_]+, unique in the question
	Label     locale.Text
	Hint      locale.Text // may be empty
	Score     int         // Scale: 5 (best) to 1; 0 = not on the scale (don't know, not applicable)
	Exclusive bool        // Multiple: cannot be chosen with any other
	Divider   bool        // an "or" stands before it ("Prefer not to say")
	WriteIn   locale.Text // label of a text field shown with the option ("any other"); empty = none
	Group     string      // code of the coarser group in outputs (19 ethnic groups to 5, bands); empty = itself
}

// Group is a coarser category of outputs that several options fall into, for example one of five ethnic headings.
type Group struct {
	Code  string // [a-z0-9_]+, unique in the question
	Label locale.Text
}

// The codes that mean the same in every question.
const (
	CodePreferNot   = "prefer_not_to_say"
	CodeDontKnow    = "dont_know"
	CodeNotAnswered = "not_answered" // never offered; it is how a blank is counted (disclosure.md A15)
	CodeElsewhere   = "elsewhere"    // Postcode: not in the council's table of postcodes
	CodeUnknown     = "unknown"      // Postcode: the council has no table of postcodes
)

// Condition shows a question only after certain answers to an earlier one.
type Condition struct {
	Question string   // id of an earlier question
	AnyOf    []string // option codes (or ward codes); the question is shown if any of them was chosen
}

// BankEntry says where a harmonised question comes from.
type BankEntry struct {
	ID         string
	Source     string // document and version
	Licence    string
	From       string // yyyy-mm-dd, effective from
	Until      string // yyyy-mm-dd or empty
	Status     string // for example "current", "under review"
	MinimumAge int    // years; 0 = no age of its own
	Unchecked  bool   // some of its Welsh is ours and no translator has checked it (question-bank.md section 6)
}

// Question returns the main question with the id. ok is false where there is none.
func (d *Definition) Question(id string) (q Question, ok bool) {
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return q, true
			}
		}
	}
	return Question{}, false
}

// EqualityQuestion returns the equality question with the id. ok is false where there is none.
func (d *Definition) EqualityQuestion(id string) (q Question, ok bool) {
	for _, q := range d.Equality {
		if q.ID == id {
			return q, true
		}
	}
	return Question{}, false
}

// Questions returns the main questions in order.
func (d *Definition) Questions() []Question {
	n := 0
	for _, s := range d.Sections {
		n += len(s.Questions)
	}
	out := make([]Question, 0, n) // questions are large, and a journey begins here
	for _, s := range d.Sections {
		out = append(out, s.Questions...)
	}
	return out
}

// Option returns the option with the code. ok is false where there is none.
func (q Question) Option(code string) (o Option, ok bool) {
	for _, o := range q.Options {
		if o.Code == code {
			return o, true
		}
	}
	return Option{}, false
}
