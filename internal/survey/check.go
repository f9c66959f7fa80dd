package survey

import "slices"

// Check looks at an answer that has been stored for a while, or that came by another way than the question's page, and
// returns the problems that Parse would have found: an option that is not offered, an exclusive one with others, a text
// that is too long or was not normalised, a description under an option that invites none. Whether a required answer is
// missing is for the Journey to say. w may be nil, and is used by Postcode only: with w nil a kept postcode is not
// compared with its ward. A dropped postcode leaves a ward's code behind, which only the council's table can judge: the
// caller compares it.
func (q Question) Check(a Answer, w Wards) []Problem {
	if a.Empty() {
		return nil
	}
	if q.Kind == Postcode {
		return q.checkPostcode(a, w)
	}
	parsed, problems := q.Parse(q.Values(a), nil)
	if problems != nil {
		return problems
	}
	if parsed.Text != a.Text || !slices.Equal(parsed.Codes, a.Codes) {
		_, problems = q.problem(q.ID, "survey.problem.option")
	}
	return problems
}

func (q Question) checkPostcode(a Answer, w Wards) []Problem {
	_, wrong := q.problem(q.ID, "survey.problem.postcode")
	if len(a.Codes) != 1 || a.Codes[0] == "" {
		return wrong
	}
	if q.Keep != "postcode" {
		if a.Text != "" { // the respondent was told that it is dropped
			return wrong
		}
		return nil
	}
	postcode, ok := CanonicalPostcode(a.Text)
	if !ok || postcode != a.Text {
		return wrong
	}
	if w == nil {
		return nil
	}
	parsed, problems := q.Parse(Form{q.ID: {a.Text}}, w)
	if problems != nil || !slices.Equal(parsed.Codes, a.Codes) {
		return wrong
	}
	return nil
}
