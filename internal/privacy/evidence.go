package privacy

import (
	"regexp"
	"slices"
	"strings"

	"folkmoot/internal/fault"
)

// Giver is who gave, refused or took back a consent (privacy.md 3.5, "who gave it"). The zero value: the respondent, on a page of the service, or,
// for an event that an officer made, whoever asked for it; nothing more was written down.
type Giver string

// The givers.
const (
	GivenInWriting        Giver = "written"        // the respondent, in their own hand
	GivenOrally           Giver = "oral"           // the respondent, on oral instruction to the officer who recorded it
	GivenByParent         Giver = "parent"         // who has parental responsibility; Relation says how related
	GivenByRepresentative Giver = "representative" // who acts for the respondent; Relation says which authority was seen
)

// relations lists what Relation may be. Words would bring names into a ledger from which nothing is ever taken out.
var relations = map[Giver][]string{
	GivenByParent:         {"parent", "guardian", "other"},
	GivenByRepresentative: {"attorney", "deputy", "written"},
}

// Relations lists how somebody may be related to the respondent, or which authority was seen: a power of attorney, an order of a court, written
// authority. None for a giver that needs none.
func Relations(g Giver) []string { return slices.Clone(relations[g]) }

// Evidence is what proves a consent that was not given on a page of the service: the controller must be able to demonstrate it (UK GDPR art. 7(1)).
// It holds no name.
type Evidence struct {
	Giver    Giver
	Relation string // one of Relations
	Form     string // id and version of the paper form, or of the script that was read out
	Scan     string // where the signed form lies in the council's own document system; in the ledger only in events from before there was Token
	Token    string // keyed hash of that reference (seal.Keyring.ConsentScanToken): whoever has the form finds the event, and nobody else the form
	On       Date   // the day on which it was given, or on which the paper came; ConsentEvent.At is when it was recorded
	Role     string // of the officer who recorded it, at that time
}

// Reason is why a consent ended or is asked for again, where the respondent did not do it. Withdrawing never has one: nobody may be asked
// (privacy.md 6, step 10).
type Reason string

// The reasons.
const (
	ReasonNoticeChanged  Reason = "notice_changed"  // another version of the notice says something that matters
	ReasonPurposeChanged Reason = "purpose_changed" // the purpose is another one (UK GDPR art. 5(1)(b), 8A)
	ReasonPeriodEnded    Reason = "period_ended"    // its validity ended
	ReasonCameOfAge      Reason = "came_of_age"     // a parent gave it, and the child can now decide
	ReasonUnderAge       Reason = "under_age"       // the respondent was too young to give it
	ReasonNotInformed    Reason = "not_informed"    // the statement did not say what it had to (UK GDPR art. 4(11))
	ReasonNotFree        Reason = "not_free"        // it was a condition of something (UK GDPR art. 7(4))
	ReasonNoAuthority    Reason = "no_authority"    // who gave it had no authority to
	ReasonMisrecorded    Reason = "misrecorded"     // an officer entered something else than was said or written
)

// Reasons lists them.
func Reasons() []Reason {
	return []Reason{ReasonNoticeChanged, ReasonPurposeChanged, ReasonPeriodEnded, ReasonCameOfAge, ReasonUnderAge, ReasonNotInformed, ReasonNotFree,
		ReasonNoAuthority, ReasonMisrecorded}
}

// CheckEvidence returns fault.Invalid unless the event says what its channel and state ask for (privacy.md 3.1, 3.5): what was spoken names the script, paper
// names the form and, where it gives consent, where the signed form lies, by a keyed hash only; parents and representatives are known by relation or authority; only what ends
// or asks again without the respondent has a reason, and what ends it always has one.
func (e ConsentEvent) CheckEvidence() error {
	ev := e.Evidence
	decided := Permits(e.State) || e.State == ConsentRefused
	switch {
	case ev.Giver != "" && !slices.Contains([]Giver{GivenInWriting, GivenOrally, GivenByParent, GivenByRepresentative}, ev.Giver),
		len(relations[ev.Giver]) == 0 && ev.Relation != "",
		len(relations[ev.Giver]) > 0 && !slices.Contains(relations[ev.Giver], ev.Relation):
		return fault.New(fault.Invalid, "error.evidence.giver")
	case decided && e.Actor != "self" && (ev.Giver == "" || ev.Form == "" || ev.Role == ""):
		return fault.New(fault.Invalid, "error.evidence.form")
	case e.Channel == "paper" && Permits(e.State) && (ev.Token == "" || ev.On == ""):
		return fault.New(fault.Invalid, "error.evidence.scan")
	case ev.Scan != "", ev.Token != "" && !scanToken.MatchString(ev.Token): // nothing is ever taken out of the ledger, so no reference comes into it
		return fault.New(fault.Invalid, "error.evidence.scan")
	case e.Reason != "" && !slices.Contains(Reasons(), e.Reason),
		e.Reason != "" && (decided || e.State == ConsentWithdrawn),
		e.Reason == "" && (e.State == ConsentSuperseded || e.State == ConsentInvalidated),
		e.Supersedes != "" && e.Supersedes == e.RecordID:
		return fault.New(fault.Invalid, "error.evidence.reason")
	}
	return nil
}

// scanToken is what a keyed hash of a reference looks like.
var scanToken = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Scan references have so many characters, and more than so many letters in a row are read as a name.
const (
	minScan, maxScan = 4, 64
	minScanDigits    = 3
	maxScanLetters   = 4
)

// CheckScanReference returns fault.Invalid unless the text is what a document system calls a document: letters, digits and - _ . / : with no
// words, so that no name comes in, and nothing that Scan takes for somebody's number or address.
func CheckScanReference(s string) error {
	bad := fault.New(fault.Invalid, "error.evidence.scan")
	if len(s) < minScan || len(s) > maxScan || len(Scan(s)) > 0 {
		return bad
	}
	digits, start := 0, 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && isLetter(s[i]&^0x20) {
			continue
		}
		if run := s[start:i]; len(run) > maxScanLetters && strings.Trim(strings.ToLower(run), "abcdef") != "" {
			return bad
		}
		start = i + 1
		switch {
		case i == len(s):
		case isDigit(s[i]):
			digits++
		case !strings.ContainsRune("-_./:", rune(s[i])):
			return bad
		}
	}
	if digits < minScanDigits {
		return bad
	}
	return nil
}
