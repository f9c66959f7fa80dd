package survey

import (
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/locale"
)

var monthNames = map[locale.Lang][12]string{
	locale.English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	locale.Welsh: {"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
		"Rhagfyr"},
}

// parseDate reads a calendar date from three fields. A month may be a number or its name in either language. The
// answer's text is yyyy-mm-dd; there is no time and so no time zone.
func (q Question) parseDate(f Form) (Answer, []Problem) {
	var part [3]string
	fields := q.Fields()
	for i, field := range fields {
		raw, ok := q.one(f, field)
		if !ok {
			return q.problem(field, "survey.problem.date.repeated")
		}
		if part[i], ok = cleanLine(raw); !ok {
			return q.problem(field, "survey.problem.date.real")
		}
	}
	if part == [3]string{} {
		if q.Required {
			return q.problem(fields[0], "survey.problem.date.missing")
		}
		return Answer{}, nil
	}
	if a, problems := q.incompleteDate(part); problems != nil {
		return a, problems
	}
	text, bad := realDate(part)
	if bad >= 0 {
		return q.problem(fields[bad], "survey.problem.date.real")
	}
	return q.boundDate(text)
}

// incompleteDate names the parts that are missing; the problem belongs to the first of them.
func (q Question) incompleteDate(part [3]string) (Answer, []Problem) {
	names := []string{"day", "month", "year"}
	var missing []string
	first := -1
	for i, p := range part {
		if p != "" {
			continue
		}
		missing = append(missing, names[i])
		if first < 0 {
			first = i
		}
	}
	if first < 0 {
		return Answer{}, nil
	}
	return q.problem(q.Fields()[first], "survey.problem.date.no_"+strings.Join(missing, "_"))
}

// boundDate checks the bounds; yyyy-mm-dd compares as text.
func (q Question) boundDate(text string) (Answer, []Problem) {
	early, late := q.MinDate != "" && text < q.MinDate, q.MaxDate != "" && text > q.MaxDate
	if !early && !late {
		return Answer{Text: text}, nil
	}
	field := q.Fields()[0]
	switch {
	case q.MaxDate == "":
		return q.problem(field, "survey.problem.date.min", "Min", dateText(q.MinDate))
	case q.MinDate == "":
		return q.problem(field, "survey.problem.date.max", "Max", dateText(q.MaxDate))
	}
	return q.problem(field, "survey.problem.date.between", "Min", dateText(q.MinDate), "Max", dateText(q.MaxDate))
}

// realDate returns the date as yyyy-mm-dd, or which part is to blame. A year has four digits: "25" could be 1925.
func realDate(part [3]string) (text string, bad int) {
	day, month, year := digits(part[0], 2), monthNumber(part[1]), digits(part[2], 4)
	switch {
	case day < 1 || day > 31:
		return "", 0
	case month < 1 || month > 12:
		return "", 1
	case year < 1000:
		return "", 2
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return "", 0
	}
	return t.Format(time.DateOnly), -1
}

// digits returns the number that s writes with at most max ASCII digits, or -1.
func digits(s string, max int) int {
	if s == "" || len(s) > max {
		return -1
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return -1
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// monthNumber reads a month as a number, a name, or the first three letters or more of a name in either language.
// Welsh "Mai" and "Mawrth" and English "May" and "March" keep apart within three letters.
func monthNumber(s string) int {
	if n := digits(s, 2); n >= 0 {
		return n
	}
	s = strings.TrimSuffix(strings.ToLower(s), ".")
	if len(s) < 3 {
		return -1
	}
	for _, lang := range locale.Langs() {
		for i, name := range monthNames[lang] {
			if strings.HasPrefix(strings.ToLower(name), s) {
				return i + 1
			}
		}
	}
	return -1
}

// dateValues sets the three fields of a date.
func (q Question) dateValues(a Answer, f Form) {
	t, err := time.Parse(time.DateOnly, a.Text)
	if err != nil {
		return
	}
	for i, n := range []int{t.Day(), int(t.Month()), t.Year()} {
		f[q.Fields()[i]] = []string{strconv.Itoa(n)}
	}
}

// dateText writes a date of the form yyyy-mm-dd in words in both languages.
func dateText(s string) locale.Text {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return locale.Text{locale.English: s, locale.Welsh: s}
	}
	out := locale.Text{}
	for _, lang := range locale.Langs() {
		out[lang] = strconv.Itoa(t.Day()) + " " + monthNames[lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
	}
	return out
}
