package privacy

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

//go:embed screening
var screeningFiles embed.FS

// ScreeningList says what a yes leads to. The zero value is invalid.
type ScreeningList string

// The lists (privacy.md 9).
const (
	ScreenAlways   ScreeningList = "always"   // a DPIA is needed
	ScreenConsider ScreeningList = "consider" // the data protection officer decides whether one is
)

// ScreeningQuestion is one question of the screening, as data with the clause on which it rests.
type ScreeningQuestion struct {
	ID     string        `yaml:"id"`
	List   ScreeningList `yaml:"list"`
	Clause string        `yaml:"clause"`
	Text   locale.Text   `yaml:"text"`
	Hint   locale.Text   `yaml:"hint"`
}

// ScreeningForm is everything that is asked, with where it was taken from and when.
type ScreeningForm struct {
	Source     string              `yaml:"source"`
	Taken      Date                `yaml:"taken"`
	LargeScale int                 `yaml:"large_scale"` // people from which we call it large (recital 91 gives no number)
	Adult      int                 `yaml:"adult"`       // age in years
	Questions  []ScreeningQuestion `yaml:"questions"`
}

var screeningForm = sync.OnceValue(func() ScreeningForm {
	var out ScreeningForm
	source, err := screeningFiles.ReadFile("screening/questions.yaml")
	if err == nil {
		err = yaml.Unmarshal(source, &out)
	}
	if err != nil {
		panic(fmt.Errorf("privacy: embedded questions of the screening: %w", err)) // our own file; a test reads it
	}
	return out
})

// ScreeningQuestions returns what is asked before a consultation is published. It is shared: nobody may change it.
func ScreeningQuestions() ScreeningForm { return screeningForm() }

// ScreeningAnswer is one answer, with reasons where it is yes or where it is not what the service suggested.
type ScreeningAnswer struct {
	Yes bool   `json:"yes"`
	Why string `json:"why,omitempty"`
}

// Screening is one screening of a consultation: what was answered, by whom, when, on which facts, and what the data protection officer decided.
// Records are only ever added: a new screening or a decision is a new record, so that nobody's answer is written over.
type Screening struct {
	Sequence int64                      `json:"sequence"` // of the consultation, from 1; set by the store
	At       time.Time                  `json:"at"`       // UTC
	By       string                     `json:"by"`       // staff id of whoever answered
	Form     Date                       `json:"form"`     // ScreeningForm.Taken of the questions that were answered
	Answers  map[string]ScreeningAnswer `json:"answers"`
	Addendum string                     `json:"addendum,omitempty"` // what is particular about this consultation, and the measures
	Facts    map[string]string          `json:"facts"`              // ScreeningFacts.Parts at that moment
	// Suggested are the questions that the service answered with yes at that moment, and AfterRefusal whether the data protection officer refused
	// what was answered before and has decided nothing since: whoever answers no cannot thereby decide alone (UK GDPR art. 35(1), (2)).
	Suggested    []string           `json:"suggested,omitempty"`
	AfterRefusal bool               `json:"after_refusal,omitempty"`
	Decision     *ScreeningDecision `json:"decision,omitempty"`
}

// Need is what the answers ask for.
type Need string

// The needs.
const (
	NeedNothing  Need = "nothing"  // no yes, of the officer or of the service, and no refusal: it may be published without a DPIA
	NeedDecision Need = "decision" // the data protection officer decides whether a DPIA is needed
	NeedDPIA     Need = "dpia"     // a DPIA has to be approved (UK GDPR art. 35(1), (3))
)

// Need returns what the answers ask for. A question that the record did not answer counts as yes: nobody publishes by leaving one out. So does a no
// where the service suggested yes: the officer's reasons are for the data protection officer to judge, whose advice is sought on an assessment
// (UK GDPR art. 35(2)). After a refusal the next answers always need a decision.
func (s Screening) Need() Need {
	need := NeedNothing
	if s.AfterRefusal {
		need = NeedDecision
	}
	for _, q := range ScreeningQuestions().Questions {
		if a, answered := s.Answers[q.ID]; answered && !a.Yes && !slices.Contains(s.Suggested, q.ID) {
			continue
		}
		if q.List == ScreenAlways {
			return NeedDPIA
		}
		need = NeedDecision
	}
	return need
}

// Answered returns the record that new answers make: next, with what the service suggests and whether they follow a refusal. s is the last record.
func (s Screening) Answered(next Screening, facts ScreeningFacts) Screening {
	next.Form, next.Facts, next.Suggested, next.Decision = ScreeningQuestions().Taken, facts.Parts(), nil, nil
	for _, q := range ScreeningQuestions().Questions {
		if suggestion, known := facts.Suggest(q.ID); known && suggestion.Yes {
			next.Suggested = append(next.Suggested, q.ID)
		}
	}
	next.AfterRefusal = s.AfterRefusal && s.Decision == nil || s.Decision != nil && s.Decision.Ruling == RulingRefused
	return next
}

// Faults lists what is wrong with a new screening, each fault.Invalid with its field, in the order of the form. suggested is what the service
// knows: an answer that differs needs a reason, as every yes does.
func (s Screening) Faults(facts ScreeningFacts) (out []error) {
	bad := func(wrong bool, field, key string) {
		if wrong {
			out = append(out, fault.New(fault.Invalid, key).At(field))
		}
	}
	yes := false
	for _, q := range ScreeningQuestions().Questions {
		a, answered := s.Answers[q.ID]
		bad(!answered, "q-"+q.ID, "error.screening.answer")
		suggestion, known := facts.Suggest(q.ID)
		differs := answered && known && suggestion.Yes != a.Yes
		bad(blank(a.Why) && (a.Yes || differs), "why-"+q.ID, "error.screening.why")
		if err := Within("why-"+q.ID, a.Why, maxScreeningText); err != nil {
			out = append(out, err)
		}
		yes = yes || a.Yes
	}
	bad(yes && blank(s.Addendum), "addendum", "error.screening.addendum")
	if err := Within("addendum", s.Addendum, MaxRequestText); err != nil {
		out = append(out, err)
	}
	return out
}

const maxScreeningText = 1000 // characters of a reason

// Ruling is what the data protection officer decided. The zero value is invalid.
type Ruling string

// The rulings.
const (
	RulingApproved  Ruling = "approved"   // a DPIA was made and its measures suffice
	RulingNotNeeded Ruling = "not_needed" // no DPIA is needed; only where no question of the list "always" was answered with yes
	RulingRefused   Ruling = "refused"    // it must not be published as it is
)

// Rulings lists the rulings in the order in which they are offered.
func Rulings() []Ruling { return []Ruling{RulingApproved, RulingNotNeeded, RulingRefused} }

// ScreeningDecision is the data protection officer's decision about one screening.
type ScreeningDecision struct {
	Ruling       Ruling    `json:"ruling"`
	Reasons      string    `json:"reasons"`
	Platform     string    `json:"platform,omitempty"`      // reference of the DPIA of the service that was relied on
	Reference    string    `json:"reference,omitempty"`     // of the addendum for this consultation
	ResidualHigh bool      `json:"residual_high,omitempty"` // a high risk is left that no measure reduces (art. 36(1))
	Consulted    string    `json:"consulted,omitempty"`     // when and how the regulator was consulted about it, and what it said
	ReviewOn     Date      `json:"review_on,omitempty"`
	By           string    `json:"by"`
	At           time.Time `json:"at"` // UTC
}

// Faults lists what is wrong with a decision, each fault.Invalid with its field. today is the day in Europe/London; platform the DPIA of the
// service, on which an approval rests.
func (d ScreeningDecision) Faults(need Need, platform PlatformDPIA, today Date) (out []error) {
	bad := func(wrong bool, field, key string) {
		if wrong {
			out = append(out, fault.New(fault.Invalid, key).At(field))
		}
	}
	approved := d.Ruling == RulingApproved
	bad(!slices.Contains(Rulings(), d.Ruling), "ruling", "error.screening.ruling")
	bad(d.Ruling == RulingNotNeeded && need == NeedDPIA, "ruling", "error.screening.must")                        // art. 35(1), (3)
	bad(approved && platform.Missing(today), "ruling", "error.screening.platform")                                // one platform DPIA plus an addendum (privacy.md 9)
	bad(blank(d.Reasons), "reasons", "error.screening.reasons")                                                   // art. 5(2), 39(1)(c)
	bad(approved && blank(d.Reference), "reference", "error.screening.reference")                                 // art. 35(7): what was assessed
	bad(approved && d.ResidualHigh && blank(d.Consulted), "consulted", "error.screening.consult")                 // art. 36(1)
	bad(d.Ruling != RulingRefused && (d.ReviewOn == "" || d.ReviewOn <= today), "review-day", "error.review.day") // art. 35(11)
	for _, x := range [][2]string{{"reasons", d.Reasons}, {"reference", d.Reference}, {"consulted", d.Consulted}} {
		if err := Within(x[0], x[1], MaxRequestText); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Standing is how a consultation stands with its screening. The zero value is invalid.
type Standing string

// The standings. Only with ScreeningStands may it be published.
const (
	ScreeningNone      Standing = "none"      // nobody has screened it
	ScreeningStale     Standing = "stale"     // what the answers rest on has changed since
	ScreeningUndecided Standing = "undecided" // the data protection officer has not decided whether a DPIA is needed
	ScreeningRequired  Standing = "required"  // a DPIA is needed, and the data protection officer has not approved one
	ScreeningRefused   Standing = "refused"   // the data protection officer refused
	ScreeningReview    Standing = "review"    // the day of review has come
	ScreeningStands    Standing = "stands"
)

// Standing returns how it stands, on a day in Europe/London, with the facts as they are now.
func (s Screening) Standing(facts ScreeningFacts, today Date) Standing {
	switch d := s.Decision; {
	case s.Sequence == 0:
		return ScreeningNone
	case s.Form != ScreeningQuestions().Taken || len(s.Changed(facts)) > 0:
		return ScreeningStale
	case s.Need() == NeedNothing && d == nil:
		return ScreeningStands
	case d == nil && s.Need() == NeedDPIA:
		return ScreeningRequired
	case d == nil:
		return ScreeningUndecided
	case d.Ruling == RulingRefused:
		return ScreeningRefused
	case d.Ruling == RulingNotNeeded && s.Need() == NeedDPIA:
		return ScreeningRequired
	case d.ReviewOn <= today:
		return ScreeningReview
	}
	return ScreeningStands
}

// Changed lists the parts of the facts that are not what the answers rest on, in order.
func (s Screening) Changed(facts ScreeningFacts) (out []string) {
	now := facts.Parts()
	for _, part := range ScreeningParts() {
		if s.Facts[part] != now[part] {
			out = append(out, part)
		}
	}
	return out
}

// PlatformDPIA is the DPIA of the service itself, on which the addendum of each consultation rests.
type PlatformDPIA struct {
	Reference  string `json:"reference"`
	ApprovedOn Date   `json:"approved_on"`
	ReviewOn   Date   `json:"review_on"`
	Where      string `json:"where"` // where it can be read
	Advice     string `json:"advice"`
}

// Missing reports whether there is none on which an approval may rest, or its day of review has come (art. 35(11)).
func (p PlatformDPIA) Missing(today Date) bool { return p.Reference == "" || p.ReviewOn <= today }

// Faults lists what is wrong with it, each fault.Invalid with its field.
func (p PlatformDPIA) Faults(today Date) (out []error) {
	bad := func(wrong bool, field, key string) {
		if wrong {
			out = append(out, fault.New(fault.Invalid, key).At(field))
		}
	}
	bad(blank(p.Reference), "reference", "error.dpia.reference")
	bad(p.ApprovedOn == "" || p.ApprovedOn > today, "approved-day", "error.dpia.approved")
	bad(p.ReviewOn == "" || p.ReviewOn <= today, "review-day", "error.review.day")
	bad(blank(p.Advice), "advice", "error.dpia.advice") // art. 35(2): the advice of the data protection officer
	for _, x := range [][2]string{{"reference", p.Reference}, {"where", p.Where}, {"advice", p.Advice}} {
		if err := Within(x[0], x[1], MaxRequestText); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// SuggestedScreening answers every question as the service suggests, with its reasons, and with no where it knows nothing: what a form starts
// from, to be looked at by a person.
func SuggestedScreening(facts ScreeningFacts, lang locale.Lang) map[string]ScreeningAnswer {
	out := map[string]ScreeningAnswer{}
	for _, q := range ScreeningQuestions().Questions {
		if s, known := facts.Suggest(q.ID); known {
			out[q.ID] = ScreeningAnswer{Yes: s.Yes, Why: strings.TrimSpace(say(lang, "screening.because."+s.Why, s.Pairs...))}
		}
	}
	return out
}
