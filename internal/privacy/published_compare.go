package privacy

import (
	"slices"
	"strconv"
)

// LineState says what taking a line over as a rule would do. The zero value is invalid.
type LineState string

// The states.
const (
	LineOutside LineState = "outside" // the line names no class: no rule can follow it
	LineSame    LineState = "same"    // the rule in force says the same, names the line and is approved
	LineChanges LineState = "changes" // it would take the place of the rule in force
	LineNew     LineState = "new"     // there is no rule in force
	LineCannot  LineState = "cannot"  // the service would not carry it out: Faults say why
)

// LineComparison holds a line beside the rules.
type LineComparison struct {
	Line    ScheduleLine
	State   LineState
	Now     *RetentionRule // in force today for the class and stage; nil for none
	Rule    RetentionRule  // what the rule would be, without an approver; the zero value for LineOutside
	Differs []string       // what would be another than in the rule in force: period, trigger, action, reason, schedule, approver
	Faults  []error        // of LineCannot, each fault.Invalid
	Later   *RetentionRule // takes the place of the rule on a later day, whatever is taken over; nil for none
	Beside  []string       // references of other lines about the same information, the first few: one of them can be taken over

	Reminder bool // the line asks to archive, which the service does not do: an officer is reminded
	Loses    bool // a reminder would take the place of a rule by which the service disposes of something
}

// besideMost is how many other lines about the same information a comparison names.
const besideMost = 5

// Offered reports whether the line can be taken over and would change something.
func (c LineComparison) Offered() bool { return c.State == LineChanges || c.State == LineNew }

// Compare holds every line beside the rules in force on the day. promised are the periods that notices promise, as for Schedule.Validate.
func (s PublishedSchedule) Compare(rules Schedule, today Date, promised ...Period) []LineComparison {
	out := make([]LineComparison, len(s.Lines))
	about := map[[2]string][]string{}
	for _, l := range s.Lines {
		if l.Class != "" {
			key := [2]string{string(l.Class), l.Stage}
			if len(about[key]) <= besideMost { // one more than are named: a line is not beside itself
				about[key] = append(about[key], l.Reference)
			}
		}
	}
	for i, l := range s.Lines {
		out[i] = l.compare(rules, today, promised)
		for _, other := range about[[2]string{string(l.Class), l.Stage}] {
			if other != l.Reference && len(out[i].Beside) < besideMost {
				out[i].Beside = append(out[i].Beside, other)
			}
		}
	}
	return out
}

func (l ScheduleLine) compare(rules Schedule, today Date, promised []Period) LineComparison {
	c := LineComparison{Line: l, State: LineOutside}
	if l.Class == "" {
		return c
	}
	c.Rule, c.Now = l.Rule(rules, today)
	c.Reminder = l.Action == Archive
	c.Loses = c.Now != nil && c.Now.Action.Automatic() && c.Now.Acts() && c.Rule.Action == Review
	c.Later = rules.later(c.Rule, today)
	c.Differs = c.Rule.differs(c.Now)
	switch {
	case c.Now != nil && len(c.Differs) == 0:
		c.State = LineSame
		return c
	case c.Now != nil:
		c.State = LineChanges
	default:
		c.State = LineNew
	}
	if c.Faults = rules.With(c.Rule).Validate(promised...); len(c.Faults) > 0 {
		c.State = LineCannot
	}
	return c
}

// Rule returns the rule that the line would be from the day on, and the one in force whose place it would take; nil for none. What a schedule does not say
// stays as that one has it: what was weighed, which stage it follows, and a review that is still to come.
func (l ScheduleLine) Rule(rules Schedule, today Date) (r RetentionRule, now *RetentionRule) {
	r = RetentionRule{Schedule: l.Reference, Class: l.Class, Stage: l.Stage, Trigger: l.Trigger, Period: l.Period, Action: l.Action, Reason: l.Reason,
		EffectiveFrom: today, NextReview: today.AddMonths(12)}
	if r.Action == Archive {
		r.Action = Review // the service moves nothing to an archive; an officer does
	}
	held := rules.InForce(today)
	i := slices.IndexFunc(held, func(o RetentionRule) bool { return o.Class == l.Class && o.Stage == l.Stage })
	if i < 0 {
		r.ID = rules.freeID(l)
		return r, nil
	}
	o := held[i]
	r.ID, r.Criteria, r.Follows = o.ID, o.Criteria, o.Follows
	if o.NextReview > today {
		r.NextReview = o.NextReview
	}
	if r.Reason == "" {
		r.Reason = o.Reason
	}
	return r, &o
}

// later returns the first rule that takes the place of one about the same information after the day; nil for none.
func (s Schedule) later(r RetentionRule, today Date) (first *RetentionRule) {
	for _, o := range s {
		if o.Class == r.Class && o.Stage == r.Stage && o.EffectiveFrom > today && (first == nil || o.EffectiveFrom < first.EffectiveFrom) {
			first = &o
		}
	}
	return first
}

// freeID returns a short name for the rule of a line that no rule has.
func (s Schedule) freeID(l ScheduleLine) string {
	base := string(l.Class)
	if l.Stage != StageService {
		base += "_" + l.Stage
	}
	base = base[:min(len(base), 50)]
	for n, id := 1, base; ; n++ {
		if n > 1 {
			id = base + "_" + strconv.Itoa(n)
		}
		if _, taken := s.Rule(id); !taken {
			return id
		}
	}
}

// With returns the rules with the one in the place of that with its id, or at the end.
func (s Schedule) With(r RetentionRule) Schedule {
	out := slices.Clone(s)
	if i := slices.IndexFunc(out, func(o RetentionRule) bool { return o.ID == r.ID }); i >= 0 {
		out[i] = r
		return out
	}
	return append(out, r)
}

// differs lists in what a rule would be another than the one in force.
func (r RetentionRule) differs(o *RetentionRule) (out []string) {
	if o == nil {
		return nil
	}
	add := func(differs bool, what string) {
		if differs {
			out = append(out, what)
		}
	}
	add(!sameLength(r.Period, o.Period), "period")
	add(r.Trigger != o.Trigger, "trigger")
	add(r.Action != o.Action, "action")
	add(r.Reason != o.Reason, "reason")
	add(r.Schedule != o.Schedule, "schedule")
	add(o.Approver == "", "approver")
	return out
}

// sameLength reports whether two periods always end on the same day: 3 years and 36 months do, 1 month and 30 days do not.
func sameLength(a, b string) bool {
	x, errX := ParsePeriod(a)
	y, errY := ParsePeriod(b)
	return a == b || errX == nil && errY == nil && 12*x.Years+x.Months == 12*y.Years+y.Months && 7*x.Weeks+x.Days == 7*y.Weeks+y.Days
}
