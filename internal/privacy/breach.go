package privacy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// BreachKind is what a breach did to personal data (UK GDPR art. 4(12)). One breach may be of several kinds.
type BreachKind string

// The kinds.
const (
	BreachConfidentiality BreachKind = "confidentiality" // somebody saw or got it who should not
	BreachIntegrity       BreachKind = "integrity"       // it was changed
	BreachAvailability    BreachKind = "availability"    // it was lost, or could not be reached
)

// BreachKinds lists the kinds.
func BreachKinds() []BreachKind {
	return []BreachKind{BreachConfidentiality, BreachIntegrity, BreachAvailability}
}

// Tell is a decision whether somebody is told of a breach. The zero value: not decided yet.
type Tell string

// The decisions.
const (
	TellUndecided Tell = ""
	TellYes       Tell = "yes"
	TellNo        Tell = "no"
)

// Risk is how likely and how bad the consequences for people are.
type Risk string

// The risks: of none the regulator need not be told (art. 33(1)); of a high one people must be (art. 34(1)).
const (
	RiskUnknown  Risk = ""
	RiskUnlikely Risk = "unlikely"
	RiskSome     Risk = "some"
	RiskHigh     Risk = "high"
)

// Risks lists the risks that can be chosen.
func Risks() []Risk { return []Risk{RiskUnlikely, RiskSome, RiskHigh} }

// Breach is one personal data breach or near miss: the content of an Entry of the register of breaches. Every breach is recorded, also those that
// are not reported (art. 33(5)). Its fields are those of the regulator's list and of art. 33(3).
type Breach struct {
	NearMiss     bool         `json:"near_miss,omitempty"` // nothing happened to anybody's data, but it could have
	DiscoveredBy string       `json:"discovered_by"`       // who noticed it, and how
	AwareAt      time.Time    `json:"aware_at"`            // UTC: when the council became aware; the 72 hours begin
	OccurredFrom Date         `json:"occurred_from,omitempty"`
	OccurredTo   Date         `json:"occurred_to,omitempty"`
	Kinds        []BreachKind `json:"kinds"`
	What         string       `json:"what"`
	Cause        string       `json:"cause,omitempty"`
	Systems      string       `json:"systems,omitempty"`
	People       string       `json:"people,omitempty"`  // categories and approximate number of people
	Records      string       `json:"records,omitempty"` // categories and approximate number of records
	Special      bool         `json:"special,omitempty"` // special-category data are concerned
	Consequences string       `json:"consequences,omitempty"`
	Measures     string       `json:"measures,omitempty"` // taken and proposed
	Risk         Risk         `json:"risk,omitempty"`
	RiskWhy      string       `json:"risk_why,omitempty"`

	Regulator     Tell      `json:"regulator,omitempty"`
	RegulatorWhy  string    `json:"regulator_why,omitempty"` // reasons, and whether the data protection officer was asked
	ReportedAt    time.Time `json:"reported_at,omitzero"`    // UTC
	Reference     string    `json:"reference,omitempty"`     // of the regulator
	LateWhy       string    `json:"late_why,omitempty"`      // reasons for a report after 72 hours (art. 33(1))
	Individuals   Tell      `json:"individuals,omitempty"`
	IndividualWhy string    `json:"individual_why,omitempty"` // why not: encrypted, mitigated, disproportionate (art. 34(3))
	ToldHow       string    `json:"told_how,omitempty"`       // when, how, with which words

	Processor  string `json:"processor,omitempty"` // which one, and when it told us (art. 33(2))
	Recipients string `json:"recipients,omitempty"`
	Lessons    string `json:"lessons,omitempty"`
	Owner      string `json:"owner,omitempty"` // of the actions

	Closed bool          `json:"closed,omitempty"`
	Steps  []RequestStep `json:"steps"`
}

// reportWithin is how long the controller has to tell the regulator (art. 33(1)). Weekends and holidays count.
const reportWithin = 72 * time.Hour

// ReportBy returns the moment, UTC, by which the regulator has to be told.
func (b Breach) ReportBy() time.Time { return b.AwareAt.Add(reportWithin) }

// Differs says what was changed of that on which the 72 hours depend, with what stood there before: nobody moves a clock unseen. It is empty where nothing of
// that was changed.
func (b Breach) Differs(before Breach) string {
	var out []string
	for _, x := range []struct{ name, was, is string }{
		{"aware_at", stamp(before.AwareAt), stamp(b.AwareAt)}, {"near_miss", strconv.FormatBool(before.NearMiss), strconv.FormatBool(b.NearMiss)},
		{"regulator", string(before.Regulator), string(b.Regulator)}, {"reported_at", stamp(before.ReportedAt), stamp(b.ReportedAt)},
		{"risk", string(before.Risk), string(b.Risk)}, {"individuals", string(before.Individuals), string(b.Individuals)},
	} {
		if x.was != x.is {
			out = append(out, fmt.Sprintf("%s: %s → %s", x.name, cmp.Or(x.was, "–"), cmp.Or(x.is, "–")))
		}
	}
	return strings.Join(out, "; ")
}

// alarms are the hours after which a breach that is not decided presses more (privacy.md 7).
var alarms = []time.Duration{24 * time.Hour, 48 * time.Hour, 66 * time.Hour, reportWithin}

// Alarm returns how urgent it is at the moment: 0 to 3 for 24, 48 and 66 hours after awareness, 4 when 72 hours are over; 0 where the decision is
// made and a report that was decided is sent, and for near misses.
func (b Breach) Alarm(now time.Time) int {
	if b.NearMiss || b.Closed || b.Regulator == TellNo || b.Regulator == TellYes && !b.ReportedAt.IsZero() {
		return 0
	}
	level := 0
	for _, after := range alarms {
		if now.Sub(b.AwareAt) >= after {
			level++
		}
	}
	return level
}

// Late reports whether the report was sent after 72 hours.
func (b Breach) Late() bool { return !b.ReportedAt.IsZero() && b.ReportedAt.After(b.ReportBy()) }

// Faults lists what is wrong with what was entered, each fault.Invalid with its field, in the order of the form. What is not known yet may be left
// out: information is given in phases (art. 33(4)).
func (b Breach) Faults(now time.Time) (out []error) {
	bad := func(wrong bool, field, key string) {
		if wrong {
			out = append(out, fault.New(fault.Invalid, key).At(field))
		}
	}
	bad(b.AwareAt.IsZero() || b.AwareAt.After(now), "aware-day", "error.breach.aware")
	bad(b.OccurredTo != "" && b.OccurredTo < b.OccurredFrom, "to-day", "error.breach.occurred")
	bad(len(b.Kinds) == 0, "kinds", "error.breach.kinds")
	bad(blank(b.What), "what", "error.breach.what")
	bad(b.Risk != RiskUnknown && blank(b.RiskWhy), "risk_why", "error.breach.reason")
	bad(b.Regulator != TellUndecided && blank(b.RegulatorWhy), "regulator_why", "error.breach.reason")
	bad(b.Regulator == TellNo && b.Risk != RiskUnlikely && !b.NearMiss, "regulator", "error.breach.must_report")
	bad(!b.ReportedAt.IsZero() && (b.ReportedAt.Before(b.AwareAt) || b.ReportedAt.After(now)), "reported-day", "error.breach.reported")
	bad(b.Late() && blank(b.LateWhy), "late_why", "error.breach.late")
	bad(b.Individuals == TellNo && b.Risk == RiskHigh && blank(b.IndividualWhy), "individual_why", "error.breach.must_tell")
	for _, x := range [][2]string{{"discovered_by", b.DiscoveredBy}, {"what", b.What}, {"cause", b.Cause}, {"systems", b.Systems}, {"people", b.People}, {"records", b.Records},
		{"consequences", b.Consequences}, {"measures", b.Measures}, {"risk_why", b.RiskWhy}, {"regulator_why", b.RegulatorWhy}, {"reference", b.Reference},
		{"late_why", b.LateWhy}, {"individual_why", b.IndividualWhy}, {"told_how", b.ToldHow}, {"processor", b.Processor}, {"recipients", b.Recipients},
		{"lessons", b.Lessons}, {"owner", b.Owner}} {
		if err := Within(x[0], x[1], MaxRequestText); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Close ends the work on a breach. It returns fault.Conflict, with what is missing, unless risk, regulator and people are decided, what was decided is
// done, and what was learnt is written down.
func (b *Breach) Close() error {
	need := func(ok bool, key string) error {
		if ok {
			return nil
		}
		return fault.New(fault.Conflict, key)
	}
	if b.NearMiss {
		if err := need(!blank(b.Lessons), "error.breach.close.lessons"); err != nil {
			return err
		}
		b.Closed = true
		return nil
	}
	for _, err := range []error{
		need(b.Risk != RiskUnknown, "error.breach.close.risk"),
		need(b.Regulator != TellUndecided, "error.breach.close.regulator"),
		need(b.Regulator != TellYes || !b.ReportedAt.IsZero(), "error.breach.close.report"),
		need(b.Individuals != TellUndecided, "error.breach.close.individuals"),
		need(b.Individuals != TellYes || !blank(b.ToldHow), "error.breach.close.told"),
		need(!blank(b.Lessons), "error.breach.close.lessons"),
	} {
		if err != nil {
			return err
		}
	}
	b.Closed = true
	return nil
}

// Report writes what art. 33(3) asks for as plain text, to be copied into the regulator's form. What is not known yet is said to be so
// (art. 33(4)).
func (b Breach) Report(c Council, number string, lang locale.Lang) string {
	var out strings.Builder
	line := func(key, text string) {
		if blank(text) {
			text = say(lang, "breach.report.unknown")
		}
		fmt.Fprintf(&out, "%s\n%s\n\n", say(lang, "breach.report."+key), text)
	}
	out.WriteString(say(lang, "breach.report.title", "council", c.Name.In(lang), "number", number) + "\n\n")
	var kinds []string
	for _, k := range BreachKinds() {
		if slices.Contains(b.Kinds, k) {
			kinds = append(kinds, say(lang, "breach.kind."+string(k)))
		}
	}
	line("aware", locale.DateTime(lang, b.AwareAt))
	line("nature", strings.Join(kinds, ", ")+"\n"+b.What)
	line("cause", b.Cause)
	line("people", b.People)
	line("records", b.Records)
	special := "breach.report.special.no"
	if b.Special {
		special = "breach.report.special.yes"
	}
	line("special", say(lang, special))
	line("contact", strings.Join(nonEmpty(c.DPOName, c.DPOEmail, c.DPOPhone), ", "))
	line("consequences", b.Consequences)
	line("measures", b.Measures)
	line("individuals", map[Tell]string{TellYes: say(lang, "breach.report.told") + " " + b.ToldHow, TellNo: say(lang, "breach.report.not_told") + " " + b.IndividualWhy}[b.Individuals])
	line("processor", b.Processor)
	if b.LateWhy != "" {
		line("late", b.LateWhy)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}
