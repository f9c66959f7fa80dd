package privacy

import (
	"slices"
	"strconv"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// AgeRules say who may take part in one consultation by age. The zero value: anybody, and nobody is asked.
type AgeRules struct {
	Minimum  int          `json:"minimum,omitempty"`  // to take part, in years; 0 = none
	Equality int          `json:"equality,omitempty"` // to be asked the equality questions, in years; 0 = none
	Youth    bool         `json:"youth,omitempty"`    // a consultation for young people: see privacy.md 3.3
	Notice   locale.Text  `json:"notice,omitempty"`   // what children are told, in words for them (UK GDPR art. 12(1))
	Approval *AgeApproval `json:"approval,omitempty"` // by the data protection officer; nil = none
}

// AgeApproval is what the data protection officer approved: these rules and no others.
type AgeApproval struct {
	Minimum  int    `json:"minimum"`
	Equality int    `json:"equality"`
	Youth    bool   `json:"youth"`
	Asked    bool   `json:"asked"`          // equality questions were asked
	Set      string `json:"set,omitempty"`  // Fingerprint of those questions and of what children are told
	DPIA     string `json:"dpia,omitempty"` // reference of the assessment; needed where Youth (UK GDPR art. 35(1))
	Reason   string `json:"reason"`
	By       string `json:"by"` // staff id
	On       Date   `json:"on"`
}

// AgeCheck is what is kept of one question about age: an answer, the threshold and the day, never an age or a date of birth.
type AgeCheck struct {
	Threshold int  `json:"threshold"` // in years
	Over      bool `json:"over"`      // that old or older
	On        Date `json:"on"`
}

// Authorisation is what is kept of a parent or guardian who agreed for a child: codes of AgeData, never a name (UK GDPR art. 8(2), 5(1)(c)).
type Authorisation struct {
	Relationship string `json:"relationship"`
	Method       string `json:"method"`
	On           Date   `json:"on"`
}

// AgeChecks are the checks of one draft or response. The zero value: nobody has asked.
type AgeChecks struct {
	Checks     []AgeCheck     `json:"checks,omitempty"`
	Authorised *Authorisation `json:"authorised,omitempty"`
}

// Empty reports whether nothing is kept.
func (c AgeChecks) Empty() bool { return len(c.Checks) == 0 && c.Authorised == nil }

// Over reports whether the person said that they are that old: to this question, or to one about a higher age.
func (c AgeChecks) Over(age int) bool {
	return slices.ContainsFunc(c.Checks, func(k AgeCheck) bool { return k.Over && k.Threshold >= age })
}

// Under reports whether the person said that they are younger: to this question, or to one about a lower age.
func (c AgeChecks) Under(age int) bool {
	return slices.ContainsFunc(c.Checks, func(k AgeCheck) bool { return !k.Over && k.Threshold <= age })
}

// Lines says what is kept, for its person: "13 or over: yes, asked on 29 March 2026".
func (c AgeChecks) Lines(lang locale.Lang) (out []string) {
	for _, k := range c.Checks {
		key := "age.under"
		if k.Over {
			key = "age.over"
		}
		out = append(out, say(lang, key, "age", strconv.Itoa(k.Threshold), "date", locale.ISODate(lang, string(k.On))))
	}
	if a := c.Authorised; a != nil {
		who, _ := AgeChoiceIn(Ages().Relationships, a.Relationship)
		how, _ := AgeChoiceIn(Ages().Methods, a.Method)
		out = append(out, say(lang, "age.authorised", "who", who.Name.In(lang), "how", how.Name.In(lang), "date", locale.ISODate(lang, string(a.On))))
	}
	return out
}

// with returns the checks with another one in place of any to the same threshold.
func (c AgeChecks) with(k AgeCheck) AgeChecks {
	c = c.Without(k.Threshold)
	c.Checks = append(c.Checks, k)
	return c
}

// Without returns the checks without that of the threshold.
func (c AgeChecks) Without(threshold int) AgeChecks {
	c.Checks = slices.DeleteFunc(slices.Clone(c.Checks), func(k AgeCheck) bool { return k.Threshold == threshold })
	return c
}

// AgeStep is what comes next before the first question.
type AgeStep string

// The steps.
const (
	AgeOpen      AgeStep = "open"      // nothing more: the questions may be asked
	AgeAsk       AgeStep = "ask"       // ask whether the person is that old
	AgeAuthorise AgeStep = "authorise" // a parent or guardian has to agree (UK GDPR art. 8(1))
	AgeUnder     AgeStep = "under"     // too young: nothing may be kept
)

// Gated reports whether anything is asked about age before the first question.
func (r AgeRules) Gated() bool { return len(r.thresholds()) > 0 }

// thresholds are the ages that are asked about before the first question, in order.
func (r AgeRules) thresholds() (out []int) {
	if r.Minimum > 0 {
		out = append(out, r.Minimum)
	}
	if r.authorises() {
		out = append(out, Ages().Limit(AgeOfConsent).Age)
	}
	return out
}

// authorises reports whether a child under the age of consent may take part if a parent or guardian agrees.
func (r AgeRules) authorises() bool { return r.Youth && r.Minimum < Ages().Limit(AgeOfConsent).Age }

// Next returns what comes before the questions, and the age that it is about: asking, the agreement of a parent, or nothing.
func (r AgeRules) Next(c AgeChecks) (step AgeStep, threshold int) {
	consent := Ages().Limit(AgeOfConsent).Age
	switch {
	case r.Minimum > 0 && c.Under(r.Minimum):
		return AgeUnder, r.Minimum
	case r.Minimum > 0 && !c.Over(r.Minimum):
		return AgeAsk, r.Minimum
	case !r.authorises() || c.Over(consent):
		return AgeOpen, 0
	case !c.Under(consent):
		return AgeAsk, consent
	case c.Authorised == nil:
		return AgeAuthorise, consent
	}
	return AgeOpen, 0
}

// Answer returns the checks after an answer to the question whether the person is that old. fault.Invalid for an age that is not asked about.
func (r AgeRules) Answer(c AgeChecks, threshold int, over bool, on Date) (AgeChecks, error) {
	if !slices.Contains(r.thresholds(), threshold) {
		return c, fault.New(fault.Invalid, "error.age.threshold")
	}
	if c.Authorised = nil; !over && threshold == r.Minimum {
		return AgeChecks{Checks: []AgeCheck{{threshold, false, on}}}, nil // for Next to say so, and never to be kept
	}
	return c.with(AgeCheck{threshold, over, on}), nil
}

// Authorise returns the checks after a parent or guardian agreed. fault.Invalid where none is needed, or for codes that there are not.
func (r AgeRules) Authorise(c AgeChecks, a Authorisation) (AgeChecks, error) {
	if !r.authorises() || !c.Under(Ages().Limit(AgeOfConsent).Age) {
		return c, fault.New(fault.Invalid, "error.age.threshold")
	}
	if !a.valid() {
		return c, fault.New(fault.Invalid, "error.age.authorisation")
	}
	c.Authorised = &a
	return c, nil
}

func (a Authorisation) valid() bool {
	_, who := AgeChoiceIn(Ages().Relationships, a.Relationship)
	_, how := AgeChoiceIn(Ages().Methods, a.Method)
	return who && how && a.On != ""
}

// Admit returns what a response keeps of the checks of its draft: those that the rules ask for, and no other. fault.Forbidden unless nothing more
// has to be asked: no response is stored past the gate (privacy.md 3.3).
func (r AgeRules) Admit(c AgeChecks) (AgeChecks, error) {
	if step, _ := r.Next(c); step != AgeOpen {
		return AgeChecks{}, fault.New(fault.Forbidden, "error.age.gate")
	}
	asked := append(r.thresholds(), r.Equality)
	var out AgeChecks
	for _, k := range c.Checks {
		if !slices.Contains(asked, k.Threshold) || k.Threshold == 0 {
			continue
		}
		if _, err := ParseDate(string(k.On)); err != nil {
			return AgeChecks{}, fault.New(fault.Invalid, "error.age.threshold")
		}
		if k.Over || slices.Contains(r.thresholds(), k.Threshold) { // that somebody is too young for the equality questions is not kept
			out.Checks = append(out.Checks, k)
		}
	}
	if r.authorises() && c.Authorised != nil && c.Under(Ages().Limit(AgeOfConsent).Age) {
		if !c.Authorised.valid() {
			return AgeChecks{}, fault.New(fault.Invalid, "error.age.authorisation")
		}
		a := *c.Authorised
		out.Authorised = &a
	}
	return out, nil
}

// EqualityNext returns what comes before the equality questions: asking, nothing, or that they are not asked because the person is too young.
func (r AgeRules) EqualityNext(c AgeChecks) AgeStep {
	switch {
	case r.Equality == 0 || c.Over(r.Equality):
		return AgeOpen
	case c.Under(r.Equality):
		return AgeUnder
	}
	return AgeAsk
}

// AnswerEquality returns the checks after an answer to the question whether the person is old enough for the equality questions. Only a yes is
// kept: a no is what a response without it says, and nobody needs a list of children (UK GDPR art. 5(1)(c)).
func (r AgeRules) AnswerEquality(c AgeChecks, over bool, on Date) AgeChecks {
	switch {
	case r.Equality == 0 || slices.Contains(r.thresholds(), r.Equality): // the gate has asked
		return c
	case !over:
		return c.Without(r.Equality)
	}
	return c.with(AgeCheck{r.Equality, true, on})
}

// Fingerprint is a hash of what the approval is about beside the rules: the equality questions, one AskedLine each, and what children are told.
func (r AgeRules) Fingerprint(equality []string) string {
	return seal.Digest(string(seal.Canonical(append([]string{flat(r.Notice)}, equality...)...)))
}

// CoversWords reports whether the approval is also of these equality questions and of what children are told now: who adds a question or writes the
// notice anew asks again (UK GDPR art. 9(2)(a), 12(1), 35(11)). One that was given before approvals kept this covers none.
func (a *AgeApproval) CoversWords(r AgeRules, equality []string) bool {
	return a != nil && a.Set == r.Fingerprint(equality)
}

// Covers reports whether the approval is of these rules, with or without equality questions. A DPIA is needed for a consultation of children.
func (a *AgeApproval) Covers(r AgeRules, asksEquality bool) bool {
	return a != nil && a.Minimum == r.Minimum && a.Equality == r.Equality && a.Youth == r.Youth && a.Asked == asksEquality
}
