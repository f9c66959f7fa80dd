package privacy

import (
	"slices"
	"strings"
	"time"
)

// DataClass is a sort of information that is kept for a time of its own (privacy.md 10.1). The zero value is invalid.
type DataClass string

// The classes.
const (
	ClassResponses    DataClass = "survey_answers"   // whole responses, with all that belongs to them
	ClassFreeText     DataClass = "free_text"        // answers in people's own words; the coded answers stay
	ClassPostcodes    DataClass = "postcodes"        // kept beside the ward, which stays (councils.md S0-2)
	ClassEquality     DataClass = "equality_answers" // under explicit consent (art. 9(2)(a))
	ClassContact      DataClass = "contact"
	ClassRecordings   DataClass = "recordings"
	ClassConsentProof DataClass = "consent_proof" // the consent ledger (art. 7(1))
	ClassRightsCase   DataClass = "rights_case"   // requests, complaints and breaches
	ClassAuditLog     DataClass = "audit_log"
	ClassExports      DataClass = "exports"
	ClassBackups      DataClass = "backups"
	ClassRateLimit    DataClass = "rate_limit" // counts of failed sign-ins and codes
)

// DataClasses lists the classes in the order in which they are shown.
func DataClasses() []DataClass {
	return []DataClass{ClassResponses, ClassFreeText, ClassPostcodes, ClassEquality, ClassContact, ClassRecordings, ClassConsentProof, ClassRightsCase, ClassAuditLog,
		ClassExports, ClassBackups, ClassRateLimit}
}

// Trigger is the event from which a period runs. A period without one says nothing (councils.md S2-2). The zero value is invalid.
type Trigger string

// The triggers.
const (
	OnSubmitted      Trigger = "submitted"
	OnClosed         Trigger = "closed"             // of the consultation
	OnDecision       Trigger = "decision_published" // its outcome
	OnTotals         Trigger = "totals_published"   // the last release of anonymous totals that was counted after it closed
	OnLastContact    Trigger = "last_contact"
	OnConsentExpired Trigger = "consent_expired"
	OnCaseEnded      Trigger = "case_ended" // a request was answered, a breach closed
	OnTranscribed    Trigger = "transcribed"
	OnMoved          Trigger = "moved" // the information left the stage before
	OnLastFailure    Trigger = "last_failure"
)

// Triggers lists the triggers in the order in which they are offered.
func Triggers() []Trigger {
	return []Trigger{OnClosed, OnDecision, OnTotals, OnSubmitted, OnLastContact, OnConsentExpired, OnCaseEnded, OnTranscribed, OnMoved, OnLastFailure}
}

// Disposal is what happens at the end of a period. The zero value is invalid.
type Disposal string

// The actions. Which class has which is checked in words: see RetentionRule.Faults.
const (
	Dispose   Disposal = "dispose"   // erased with its keys, with a certificate
	Review    Disposal = "review"    // on the officer's queue, and nothing else
	Anonymise Disposal = "anonymise" // erased as with Dispose, once anonymous totals are published; the certificate names them (councils.md S4-18)
	Coarsen   Disposal = "coarsen"   // of postcodes: the ward stays, the postcode is erased with its key, with a certificate (councils.md S0-2)
	Archive   Disposal = "archive"   // only in a line of a published schedule: the service moves nothing elsewhere
)

// Disposals lists the actions that this service carries out.
func Disposals() []Disposal { return []Disposal{Dispose, Anonymise, Coarsen, Review} }

// Automatic reports whether the service carries the action out by itself at the end of a period.
func (d Disposal) Automatic() bool { return d == Dispose || d == Anonymise || d == Coarsen }

// DisposalOf returns what happens to the class at the end of the period of a notice.
func DisposalOf(class DataClass) Disposal {
	if class == ClassPostcodes {
		return Coarsen
	}
	return Dispose
}

// StageService is the stage of what lies in this service. Any other names a system that the service cannot reach: a telephone system, a warehouse.
const StageService = "service"

// RetentionRule says how long one class of information is kept at one stage of its life (privacy.md 10.1).
type RetentionRule struct {
	ID            string    `json:"id"`             // [a-z0-9_]+
	Schedule      string    `json:"schedule"`       // the line of the council's retention schedule (councils.md S3-16); may be empty
	Class         DataClass `json:"class"`          //
	Stage         string    `json:"stage"`          // StageService or the name of another system, [a-z0-9_]+
	Trigger       Trigger   `json:"trigger"`        //
	Period        string    `json:"period"`         // ISO 8601: P60D, P36M
	Action        Disposal  `json:"action"`         //
	Reason        string    `json:"reason"`         // legal or business reason
	Criteria      string    `json:"criteria"`       // amount, nature, sensitivity, risk, purposes, law (councils.md S4-17); may be empty
	Approver      string    `json:"approver"`       // staff id; empty: a default that nobody has approved yet
	EffectiveFrom Date      `json:"effective_from"` // the rule of this class and stage from that day on, until a later one takes its place
	NextReview    Date      `json:"next_review"`    //
	Follows       string    `json:"follows"`        // id of the rule of the stage before; may be empty
}

// Elsewhere reports whether the rule is about information in a system that the service cannot reach.
func (r RetentionRule) Elsewhere() bool { return r.Stage != StageService }

// Promised reports whether notices say how long information of the class is kept in this service. It is kept no longer than they say, and a default that nobody
// has approved changes nothing about it (art. 13(2)(a)).
func (c DataClass) Promised() bool { return slices.Contains(promisedClasses, c) || c == ClassEquality }

// Acts reports whether what happens to the information is what the rule says. Where a notice promises a period that is so only of an approved rule that disposes of the
// information; of other systems only an approved one says anything: the defaults guess what the council has there.
func (r RetentionRule) Acts() bool {
	switch {
	case r.Elsewhere():
		return r.Approver != ""
	case r.Class.Promised():
		return r.Approver != "" && r.Action.Automatic()
	}
	return true
}

// Due returns when the rule's period ends, UTC, on the calendar of Europe/London; false where the moment of its trigger is not known.
func (r RetentionRule) Due(moments map[Trigger]time.Time) (time.Time, bool) {
	from, known := moments[r.Trigger]
	period, err := ParsePeriod(r.Period)
	if !known || from.IsZero() || err != nil {
		return time.Time{}, false
	}
	return AddPeriod(from, period), true
}

// Schedule is the set of rules, in the order in which they are shown.
type Schedule []RetentionRule

// InForce returns the rules that hold on the day: of those of one class and stage the one with the latest day that is not after it.
func (s Schedule) InForce(on Date) (out Schedule) {
	for _, r := range s {
		replaced := slices.ContainsFunc(s, func(o RetentionRule) bool {
			return o.Class == r.Class && o.Stage == r.Stage && o.EffectiveFrom <= on && o.EffectiveFrom > r.EffectiveFrom
		})
		if r.EffectiveFrom <= on && !replaced {
			out = append(out, r)
		}
	}
	return out
}

// Rule returns the rule with the id.
func (s Schedule) Rule(id string) (RetentionRule, bool) {
	i := slices.IndexFunc(s, func(r RetentionRule) bool { return r.ID == id })
	if i < 0 {
		return RetentionRule{}, false
	}
	return s[i], true
}

// Due returns when information of the class has to leave the stage at which it is, by which rule. moments holds what has happened to it: with OnMoved it is
// at a stage that follows another, without at a first stage. It returns false where no rule says, or the moment that its trigger asks for is not known.
// It reads the rules as they are: use it on those InForce.
func (s Schedule) Due(class DataClass, moments map[Trigger]time.Time) (due time.Time, by RetentionRule, ok bool) {
	_, moved := moments[OnMoved]
	for _, r := range s {
		if r.Class != class || (r.Follows != "") != moved {
			continue
		}
		if at, known := r.Due(moments); known && (!ok || at.Before(due)) {
			due, by, ok = at, r, true
		}
	}
	return due, by, ok
}

// DefaultSchedule is what a council starts from (privacy.md 10.4). Nobody has approved it: what a notice promises is not cut short by it.
func DefaultSchedule() Schedule {
	rule := func(id string, class DataClass, stage string, from Trigger, period string, what Disposal, reason string) RetentionRule {
		return RetentionRule{ID: id, Class: class, Stage: stage, Trigger: from, Period: period, Action: what, Reason: reason,
			EffectiveFrom: "2026-01-01", NextReview: "2027-01-01"}
	}
	return Schedule{
		rule("responses", ClassResponses, StageService, OnClosed, "P36M", Dispose, "UK GDPR art. 5(1)(e)"),
		rule("free_text", ClassFreeText, StageService, OnClosed, "P36M", Dispose, "UK GDPR art. 5(1)(e)"),
		rule("postcodes", ClassPostcodes, StageService, OnClosed, "P3M", Coarsen, "UK GDPR art. 5(1)(c), 5(1)(e)"),
		rule("equality", ClassEquality, StageService, OnClosed, "P12M", Dispose, "UK GDPR art. 5(1)(e), 9(2)(a)"),
		rule("contact", ClassContact, "contact_list", OnDecision, "P3M", Review, "UK GDPR art. 5(1)(e)"),
		rule("recordings", ClassRecordings, "telephony", OnTranscribed, "P30D", Review, "UK GDPR art. 5(1)(e)"),
		rule("consent_proof", ClassConsentProof, StageService, OnConsentExpired, "P6Y", Review, "UK GDPR art. 7(1); Limitation Act 1980 s.5"),
		rule("rights_cases", ClassRightsCase, StageService, OnCaseEnded, "P6Y", Dispose, "UK GDPR art. 5(2); Limitation Act 1980 s.5"),
		rule("rate_limit", ClassRateLimit, StageService, OnLastFailure, "P1D", Dispose, "UK GDPR art. 32"),
	}
}

// Hold keeps information from being disposed of for a time, for example while a court asks for it (art. 17(3)(e), 18(1)(c)).
type Hold struct {
	ID             string    `json:"id"`
	Class          DataClass `json:"class"`        // empty: every class that can be held
	ConsultationID string    `json:"consultation"` // empty: of every consultation
	Reason         string    `json:"reason"`       // names nobody
	Until          Date      `json:"until"`        // the last day, Europe/London
	PlacedBy       string    `json:"placed_by"`    // staff id
	PlacedAt       time.Time `json:"placed_at"`    // UTC
}

// holdable are the classes that a hold can keep. Equality answers rest on consent: when it ends they go, whatever else is wanted.
var holdable = []DataClass{ClassResponses, ClassFreeText, ClassPostcodes, ClassRightsCase}

// inResponses are the classes that are responses or lie in them. A hold of one keeps all: who asks for texts asks for the responses that they belong to, and a hold of
// free text kept postcodes when they lay in it.
var inResponses = []DataClass{ClassResponses, ClassFreeText, ClassPostcodes}

// HoldableClasses lists the classes that a hold can keep.
func HoldableClasses() []DataClass { return slices.Clone(holdable) }

// Covers reports whether the hold keeps information of the class, of the consultation ("" for a register), at the moment.
func (h Hold) Covers(class DataClass, consultationID string, at time.Time) bool {
	whole := slices.Contains(inResponses, h.Class) && slices.Contains(inResponses, class)
	return slices.Contains(holdable, class) && (h.Class == "" || h.Class == class || whole) &&
		(h.ConsultationID == "" || h.ConsultationID == consultationID) && at.Before(h.Until.End())
}

// namedOK reports whether a text is a short name that can stand in an address; "new" is the address of what is not there yet.
func namedOK(s string) bool {
	return s != "" && s != "new" && len(s) <= 60 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
