package survey

import (
	"regexp"
	"strings"
)

// postcodeForm is a postcode without its space: area, district, sector, unit. The two letters of a unit are never
// C, I, K, M, O or V.
var postcodeForm = regexp.MustCompile(`^(GIR0AA|[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][ABD-HJLNP-UW-Z]{2})$`)

// CanonicalPostcode returns a UK postcode as it is printed: capitals and one space before the last three
// characters. ok is false for what does not have the form of a postcode.
func CanonicalPostcode(s string) (postcode string, ok bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '.' || r == '(' || r == ')':
			return -1
		case r >= 'a' && r <= 'z': // not ToUpper: that turns a long s into S
			return r - 'a' + 'A'
		}
		return r
	}, s)
	if !postcodeForm.MatchString(s) {
		return "", false
	}
	return s[:len(s)-3] + " " + s[len(s)-3:], true
}

// parsePostcode reads a postcode and turns it into a ward. The postcode itself is dropped unless the question
// keeps it. People from elsewhere, and those whose postcode is newer than the table, are not stopped: they get a
// code of their own.
func (q Question) parsePostcode(f Form, w Wards) (Answer, []Problem) {
	raw, ok := q.one(f, q.ID)
	if !ok {
		return q.problem(q.ID, "survey.problem.postcode.repeated")
	}
	raw, ok = cleanLine(raw)
	if !ok {
		return q.problem(q.ID, "survey.problem.postcode")
	}
	if raw == "" {
		if q.Required {
			return q.problem(q.ID, "survey.problem.postcode.missing")
		}
		return Answer{}, nil
	}
	postcode, ok := CanonicalPostcode(raw)
	if !ok {
		return q.problem(q.ID, "survey.problem.postcode")
	}
	a := Answer{Codes: []string{CodeUnknown}}
	if w != nil {
		a.Codes[0] = CodeElsewhere
		if code, ok := w.Ward(postcode); ok {
			a.Codes[0] = code
		}
	}
	if q.Keep == "postcode" {
		a.Text = postcode
	}
	return a, nil
}
