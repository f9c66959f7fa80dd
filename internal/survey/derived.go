package survey

// The codes of the measure that the Equality Act 2010 asks for.
const (
	CodeDisabled    = "disabled"
	CodeNotDisabled = "not_disabled"
)

// Disability returns the measure of the Equality Act 2010 from the two harmonised questions of the bank entry
// "disability" (question-bank.md 5.4): disabled is a condition of 12 months or more that reduces day-to-day
// activities a lot or a little. "Prefer not to say" at either step stays that; a blank at either step, without
// which nothing follows, is CodeNotAnswered.
func Disability(equality Answers) string {
	condition, limits := onlyCode(equality["health_conditions"]), onlyCode(equality["day_to_day_activities"])
	switch {
	case condition == "no":
		return CodeNotDisabled
	case condition == CodePreferNot || condition == "yes" && limits == CodePreferNot:
		return CodePreferNot
	case condition != "yes":
		return CodeNotAnswered
	case limits == "yes_a_lot" || limits == "yes_a_little":
		return CodeDisabled
	case limits == "not_at_all":
		return CodeNotDisabled
	}
	return CodeNotAnswered
}

// GroupsOf returns the coarser codes of an answer: of each option its group, or its own code where it has none, each
// once and in the order of the answer. It is how 19 ethnic groups become 5 and age bands become wider ones.
func (q Question) GroupsOf(a Answer) []string {
	var out []string
	seen := map[string]bool{}
	for _, code := range a.Codes {
		if o, ok := q.Option(code); ok && o.Group != "" {
			code = o.Group
		}
		if !seen[code] {
			out = append(out, code)
		}
		seen[code] = true
	}
	return out
}

// onlyCode returns the code of an answer that has one.
func onlyCode(a Answer) string {
	if len(a.Codes) == 1 {
		return a.Codes[0]
	}
	return ""
}
