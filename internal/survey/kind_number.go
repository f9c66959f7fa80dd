package survey

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// numberForm takes a decimal number with or without commas between thousands.
	numberForm = regexp.MustCompile(`^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)
	// maxDigits keeps every number exact in a float64, in which bounds are compared and figures computed.
	maxDigits = 15
)

// parseNumber reads a decimal number within the bounds. The answer's text is canonical: no leading or trailing
// noughts, no commas, no "-0".
func (q Question) parseNumber(f Form) (Answer, []Problem) {
	raw, ok := q.one(f, q.ID)
	if !ok {
		return q.problem(q.ID, "survey.problem.number.repeated")
	}
	raw, ok = cleanLine(raw)
	if !ok {
		return q.problem(q.ID, "survey.problem.number")
	}
	if raw == "" {
		if q.Required {
			return q.problem(q.ID, "survey.problem.number.missing")
		}
		return Answer{}, nil
	}
	raw = strings.Replace(raw, "\u2212", "-", 1)
	if !numberForm.MatchString(raw) {
		return q.problem(q.ID, "survey.problem.number")
	}
	text, digits, places := canonicalNumber(raw)
	switch {
	case digits > maxDigits:
		return q.problem(q.ID, "survey.problem.number.digits", "Max", maxDigits)
	case places > q.Decimals && q.Decimals == 0:
		return q.problem(q.ID, "survey.problem.number.whole")
	case places > q.Decimals:
		return q.problem(q.ID, "survey.problem.number.decimals", "Count", q.Decimals)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return q.problem(q.ID, "survey.problem.number")
	}
	if below, above := q.Min != nil && n < *q.Min, q.Max != nil && n > *q.Max; below || above {
		return q.outOfBounds()
	}
	return Answer{Text: text}, nil
}

// outOfBounds says which numbers are taken: both ends where there are two.
func (q Question) outOfBounds() (Answer, []Problem) {
	switch {
	case q.Max == nil:
		return q.problem(q.ID, "survey.problem.number.min", "Min", numberText(*q.Min))
	case q.Min == nil:
		return q.problem(q.ID, "survey.problem.number.max", "Max", numberText(*q.Max))
	}
	return q.problem(q.ID, "survey.problem.number.between", "Min", numberText(*q.Min), "Max", numberText(*q.Max))
}

// canonicalNumber returns the number without decoration, how many digits it has and how many of them follow the point.
func canonicalNumber(raw string) (text string, digits, places int) {
	sign, raw := strings.HasPrefix(raw, "-"), strings.TrimPrefix(raw, "-")
	whole, part, _ := strings.Cut(strings.ReplaceAll(raw, ",", ""), ".")
	whole, part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	digits, places = len(whole)+len(part), len(part)
	if whole == "" {
		whole = "0"
	}
	text = whole
	if part != "" {
		text += "." + part
	}
	if sign && text != "0" {
		text = "-" + text
	}
	return text, digits, places
}

// numberText writes a bound as people read it: commas between thousands.
func numberText(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	whole, part, fraction := strings.Cut(s, ".")
	sign := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction {
		whole += "." + part
	}
	if sign {
		whole = "-" + whole
	}
	return whole
}
