package privacy

import (
	"slices"

	"folkmoot/internal/fault"
)

// Deadline is a day by the end of which something has to be done, Europe/London.
type Deadline struct {
	On     Date // as the Act counts
	Rolled Date // the next working day where On is none, as the regulator counts; the careful work to On (privacy.md 5.3)
}

const (
	monthsToAnswer  = 1  // art. 12(3), 12A
	furtherMonths   = 2  // art. 12(3), 12A
	acknowledgeDays = 30 // DPA 2018 s.164A: 30 days beginning on receipt
)

// Clock says where the time of a request stands.
type Clock string

// The states of the clock.
const (
	ClockNotStarted Clock = "not_started" // identity was asked for and is not satisfied
	ClockRunning    Clock = "running"
	ClockPaused     Clock = "paused" // an answer to a question about an access request is awaited
	ClockStopped    Clock = "stopped"
)

// Clock returns where the time stands.
func (r Request) Clock() Clock {
	switch {
	case r.Outcome != nil:
		return ClockStopped
	case r.IdentityAsked != "" && r.IdentityOn == "":
		return ClockNotStarted
	case r.Paused():
		return ClockPaused
	}
	return ClockRunning
}

// Paused reports whether an answer to a question is awaited.
func (r Request) Paused() bool {
	return len(r.Pauses) > 0 && r.Pauses[len(r.Pauses)-1].Answered == ""
}

// starts is the day from which time runs: receipt, or the day on which identity was satisfied (art. 12A).
func (r Request) starts() Date {
	if r.IdentityAsked != "" {
		return r.IdentityOn
	}
	return r.Received
}

// DueBy returns by when the request has to be answered: the end of the corresponding day one month after receipt, later by any pause and by two
// further months where the person was told of an extension (UK GDPR art. 12(3), 12A). An objection to direct marketing is due on the day it is
// received (art. 21(3)). A complaint has no such day: it is to be ended without undue delay (see AcknowledgeBy). It returns fault.NotFound where there
// is no deadline: the clock has not started, is paused, or there is none.
func (r Request) DueBy(c Calendar) (Deadline, error) {
	clock := r.Clock()
	if r.Outcome != nil { // the day that it had
		open := r
		open.Outcome = nil
		clock = open.Clock()
	}
	if clock != ClockRunning || r.Kind == AskComplaint {
		return Deadline{}, fault.New(fault.NotFound, "error.request.no_deadline")
	}
	if r.Marketing {
		return Deadline{r.starts(), r.starts()}, nil
	}
	months := monthsToAnswer
	if r.Extension != nil {
		months += furtherMonths
	}
	return r.after(months, c), nil
}

func (r Request) after(months int, c Calendar) Deadline {
	on := r.starts().AddMonths(months)
	for _, p := range r.Pauses {
		// Only what falls into the time that runs: the clock may have started later, when the person was identified.
		if asked := max(p.Asked, r.starts()); p.Answered > asked {
			on = on.Add(p.Answered.Days(asked))
		}
	}
	return Deadline{on, c.Next(on)}
}

// AcknowledgeBy returns the last day to acknowledge a complaint: the thirtieth, counting the day of receipt as the first (DPA 2018 s.164A). The Act
// knows no later working day here, so both days are the same. An outcome within that time needs no acknowledgement of its own.
func (r Request) AcknowledgeBy() Deadline {
	on := r.Received.Add(acknowledgeDays - 1)
	return Deadline{on, on}
}

// Extend records an extension. It returns fault.Invalid for a complaint, without a reason, and where the person was told after the first month
// (art. 12(3)); fault.Conflict if there is one already or the request has ended.
func (r *Request) Extend(e Extension, c Calendar) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case r.Extension != nil:
		return fault.New(fault.Conflict, "error.request.extended")
	case r.Kind == AskComplaint || r.Marketing || r.Clock() == ClockNotStarted:
		return fault.New(fault.Invalid, "error.request.no_extension")
	case blank(e.Reason):
		return fault.New(fault.Invalid, "error.request.reason")
	case e.NotifiedOn < r.Received || e.NotifiedOn > r.after(monthsToAnswer, c).Rolled:
		return fault.New(fault.Invalid, "error.request.extension_late")
	}
	r.Extension = &e
	return nil
}

// Pause stops the clock of an access request from the day on which its person was asked what it is about (art. 12A). It returns fault.Invalid
// for other kinds, which the Act does not pause, and fault.Conflict if it is paused already or has ended.
func (r *Request) Pause(asked Date, question string) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case r.Kind != AskAccess:
		return fault.New(fault.Invalid, "error.request.no_pause")
	case r.Clock() != ClockRunning:
		return fault.New(fault.Conflict, "error.request.paused")
	case blank(question):
		return fault.New(fault.Invalid, "error.request.question")
	case asked < r.starts():
		return fault.New(fault.Invalid, "error.request.before")
	}
	r.Pauses = append(r.Pauses, Pause{Asked: asked, Question: question})
	return nil
}

// Resume starts the clock again on the day on which the answer came. The day of the question counts as past, the day of the answer as not: the shorter
// of the two ways to read the Act.
func (r *Request) Resume(answered Date) error {
	if !r.Paused() {
		return fault.New(fault.Conflict, "error.request.not_paused")
	}
	last := &r.Pauses[len(r.Pauses)-1]
	if answered < last.Asked {
		return fault.New(fault.Invalid, "error.request.before")
	}
	last.Answered = answered
	return nil
}

// Identify records that the person was identified, so that the clock starts if it waited for that. It returns fault.Invalid for a document without
// the doubt that made it necessary, and for a day before the one on which identity was asked for.
func (r *Request) Identify(on Date, tier IdentityTier, note string) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case tier == IdentityNone:
		return fault.New(fault.Invalid, "error.request.tier")
	case tier == IdentityDocument && blank(note):
		return fault.New(fault.Invalid, "error.request.doubt")
	case on < r.Received || on < r.IdentityAsked:
		return fault.New(fault.Invalid, "error.request.before")
	}
	if r.Tier == IdentityNone { // a second way, such as the code told later, moves no clock
		r.IdentityOn = on
	}
	r.Tier, r.IdentityNote = tier, note
	return nil
}

// AskIdentity stops the clock until the person is identified. It returns fault.Conflict where identity is satisfied already: more must not be asked
// than is needed (art. 12(6)).
func (r *Request) AskIdentity(on Date) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case r.Tier != IdentityNone:
		return fault.New(fault.Conflict, "error.request.identified")
	case r.Kind == AskComplaint: // its 30 days run whoever complains
		return fault.New(fault.Invalid, "error.request.no_pause")
	case on < r.Received:
		return fault.New(fault.Invalid, "error.request.before")
	}
	r.IdentityAsked = on
	return nil
}

// Exempt withholds one item. It returns fault.Invalid for an unknown ground and without an item or a reason; fault.Conflict if the request has ended.
func (r *Request) Exempt(e Exemption) error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case !slices.ContainsFunc(ExemptionGrounds(), func(g ExemptionGround) bool { return g.ID == e.Ground }):
		return fault.New(fault.Invalid, "error.request.ground")
	case blank(e.Item):
		return fault.New(fault.Invalid, "error.request.item")
	case blank(e.Reason):
		return fault.New(fault.Invalid, "error.request.reason")
	}
	r.Exemptions = append(r.Exemptions, e)
	return nil
}

// End records the outcome. It returns fault.Invalid for a decision that the kind does not have, a refusal without reasons (art. 12(4)), and a day
// before receipt; fault.Conflict if the request has ended.
func (r *Request) End(o Outcome) error {
	found := false
	for _, d := range r.Kind.Decisions() {
		found = found || d == o.Decision
	}
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case !found:
		return fault.New(fault.Invalid, "error.request.decision")
	case o.Decision.NeedsReasons() && blank(o.Reasons):
		return fault.New(fault.Invalid, "error.request.reason")
	case o.On < r.Received:
		return fault.New(fault.Invalid, "error.request.before")
	}
	r.Outcome = &o
	return nil
}
