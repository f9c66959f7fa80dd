package privacy

import (
	"slices"

	"folkmoot/internal/fault"
)

// timed are the classes that the service disposes of by itself, with the triggers whose moments it knows.
var timed = map[DataClass][]Trigger{
	ClassResponses:  {OnClosed, OnDecision, OnTotals},
	ClassFreeText:   {OnClosed, OnDecision, OnTotals},
	ClassPostcodes:  {OnClosed, OnDecision, OnTotals},
	ClassEquality:   {OnClosed, OnDecision, OnTotals},
	ClassRightsCase: {OnCaseEnded},
	ClassRateLimit:  {OnLastFailure},
}

// promisedClasses are those of which a notice says how long they are kept.
var promisedClasses = inResponses

// countedClasses are those of which totals are made: the others have nothing that could be kept instead.
var countedClasses = []DataClass{ClassResponses, ClassEquality}

// equalityMost and rateLimit are periods that no rule may change: equality answers are kept at most a year (privacy.md 10.4), and counts of failures, which
// throttle guessing, exactly a day.
var (
	equalityMost = Period{Months: 12}
	rateLimit    = Period{Days: 1}
)

// maxRetentionText bounds what people write about a rule or a hold, in characters.
const maxRetentionText = 1000

// Faults lists all that is wrong with the rule by itself, each fault.Invalid with its field. longest is the longest period that a notice promises; the zero
// value if there is none. What the service does not do is refused here: a rule that nobody carries out would be a false promise.
func (r RetentionRule) Faults(longest Period) (out []error) {
	wrong := func(bad bool, field, key string, args ...any) bool {
		if bad {
			out = append(out, fault.New(fault.Invalid, key, append([]any{"Rule", r.ID}, args...)...).At(field))
		}
		return bad
	}
	wrong(!namedOK(r.ID), "id", "error.retention.id")
	wrong(!slices.Contains(DataClasses(), r.Class), "class", "error.retention.class")
	wrong(!namedOK(r.Stage), "stage", "error.retention.stage")
	wrong(!slices.Contains(Triggers(), r.Trigger), "trigger", "error.retention.trigger")
	period, err := ParsePeriod(r.Period)
	if !wrong(err != nil, "period", "error.retention.period") {
		wrong(slices.Contains(promisedClasses, r.Class) && longest != (Period{}) && period.After(longest), "period", "error.retention.promise", "Period", longest.String())
		wrong(r.Class == ClassEquality && period.After(equalityMost), "period", "error.retention.equality")
		wrong(r.Class == ClassRateLimit && !r.Elsewhere() && period != rateLimit, "period", "error.retention.fixed")
	}
	r.actionFaults(wrong)
	wrong(blank(r.Reason), "reason", "error.retention.reason")
	_, err = ParseDate(string(r.EffectiveFrom))
	wrong(err != nil, "effective_from", "error.retention.effective")
	_, err = ParseDate(string(r.NextReview))
	wrong(err != nil, "next_review", "error.retention.review")
	for _, x := range [][2]string{{"reason", r.Reason}, {"criteria", r.Criteria}, {"schedule", r.Schedule}} {
		if err := Within(x[0], x[1], maxRetentionText); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// actionFaults refuses what the service would not do.
func (r RetentionRule) actionFaults(wrong func(bool, string, string, ...any) bool) {
	switch r.Action {
	case Review:
	case Dispose, Anonymise, Coarsen:
		known, can := timed[r.Class]
		switch {
		case r.Elsewhere():
			wrong(true, "action", "error.retention.elsewhere")
		case r.Action == Anonymise && !slices.Contains(countedClasses, r.Class):
			wrong(true, "action", "error.retention.no_totals")
		case r.Action == Coarsen && r.Class != ClassPostcodes:
			wrong(true, "action", "error.retention.coarsen")
		case r.Action == Dispose && r.Class == ClassPostcodes:
			wrong(true, "action", "error.retention.postcodes") // of an erased postcode the ward is left: that is what coarsening says
		case !can:
			wrong(true, "action", "error.retention.not_disposed")
		default:
			wrong(!slices.Contains(known, r.Trigger), "trigger", "error.retention.unknown_moment")
		}
	default:
		wrong(true, "action", "error.retention.action")
	}
}

// Validate lists all faults of the schedule: those of each rule, and of the rules together. promised are the periods that notices promise for responses: no
// rule may be longer than the longest of them (where a notice promises less, it wins: art. 5(1)(e), 13(2)(a)).
func (s Schedule) Validate(promised ...Period) (out []error) {
	var longest Period
	for _, p := range promised {
		if p.After(longest) {
			longest = p
		}
	}
	for i, r := range s {
		out = append(out, r.Faults(longest)...)
		out = append(out, s[:i].beside(r)...)
		out = append(out, s.stages(r)...)
	}
	return out
}

// beside lists how a rule contradicts earlier ones.
func (s Schedule) beside(r RetentionRule) (out []error) {
	for _, o := range s {
		if o.ID == r.ID {
			out = append(out, fault.New(fault.Invalid, "error.retention.same_id", "Rule", r.ID).At("id"))
		}
		if o.Class == r.Class && o.Stage == r.Stage && o.EffectiveFrom == r.EffectiveFrom {
			out = append(out, fault.New(fault.Invalid, "error.retention.twice", "Rule", r.ID, "Other", o.ID).At("effective_from"))
		}
	}
	return out
}

// stages lists what is wrong with the place of a rule among the stages. Two stages are what councils have; of more nobody could tell at which the
// information is.
func (s Schedule) stages(r RetentionRule) []error {
	if r.Follows == "" {
		if r.Trigger == OnMoved {
			return []error{fault.New(fault.Invalid, "error.retention.follows_nothing", "Rule", r.ID).At("follows")}
		}
		return nil
	}
	before, ok := s.Rule(r.Follows)
	key := ""
	switch {
	case !ok || before.Class != r.Class:
		key = "error.retention.follows"
	case before.ID == r.ID || before.Follows == r.ID:
		key = "error.retention.cycle"
	case before.Follows != "":
		key = "error.retention.stages"
	case before.Stage == r.Stage:
		key = "error.retention.same_stage"
	}
	if key == "" {
		return nil
	}
	return []error{fault.New(fault.Invalid, key, "Rule", r.ID, "Other", r.Follows).At("follows")}
}

// Faults lists what is wrong with a new hold, each fault.Invalid with its field.
func (h Hold) Faults(today Date) (out []error) {
	if h.Class != "" && !slices.Contains(holdable, h.Class) {
		out = append(out, fault.New(fault.Invalid, "error.hold.class").At("class"))
	}
	if h.Class == "" && h.ConsultationID == "" || h.Class == ClassRightsCase && h.ConsultationID != "" {
		out = append(out, fault.New(fault.Invalid, "error.hold.scope").At("consultation"))
	}
	if blank(h.Reason) {
		out = append(out, fault.New(fault.Invalid, "error.hold.reason").At("reason"))
	}
	if err := Within("reason", h.Reason, maxRetentionText); err != nil {
		out = append(out, err)
	}
	if _, err := ParseDate(string(h.Until)); err != nil || h.Until < today {
		out = append(out, fault.New(fault.Invalid, "error.hold.until").At("until"))
	}
	return out
}
