package survey

import (
	"strconv"

	"folkmoot/internal/locale"
)

// Kinds lists the kinds in the order in which an editor offers them.
func Kinds() []Kind {
	return []Kind{Scale, Single, Multiple, ShortText, LongText, Number, Date, Postcode}
}

// Valid reports whether k is a kind of question.
func (k Kind) Valid() bool {
	switch k {
	case Scale, Single, Multiple, ShortText, LongText, Number, Date, Postcode:
		return true
	}
	return false
}

// HasOptions reports whether questions of the kind offer options to choose from.
func (k Kind) HasOptions() bool { return k == Scale || k == Single || k == Multiple }

// HasCodes reports whether answers of the kind are codes, which conditions may ask for.
func (k Kind) HasCodes() bool { return k.HasOptions() || k == Postcode }

// Parse reads the answer to q from the fields of its page. Without problems the answer is normalised and may be
// stored; an empty answer means that the question was left blank, which is a problem only if it is required.
// With problems the answer is empty: the page is shown again with what was typed. w may be nil, and is used by
// Postcode only. Fields of other questions are not looked at.
func (q Question) Parse(f Form, w Wards) (Answer, []Problem) {
	switch q.Kind {
	case Scale:
		return q.parseScale(f)
	case Single:
		return q.parseSingle(f)
	case Multiple:
		return q.parseMultiple(f)
	case ShortText:
		return q.parseShortText(f)
	case LongText:
		return q.parseLongText(f)
	case Number:
		return q.parseNumber(f)
	case Date:
		return q.parseDate(f)
	case Postcode:
		return q.parsePostcode(f, w)
	}
	return q.problem(q.ID, "survey.problem.kind")
}

// Values returns the fields of the page that give the answer, to show it again. Parse of them gives a again,
// but for a Postcode whose postcode was dropped: that field is empty.
func (q Question) Values(a Answer) Form {
	f := Form{}
	switch q.Kind {
	case Scale, Single, Multiple:
		q.choiceValues(a, f)
	case Date:
		q.dateValues(a, f)
	default:
		if a.Text != "" {
			f[q.ID] = []string{a.Text}
		}
	}
	return f
}

// Fields returns the names of the form fields on the page of q, in page order.
func (q Question) Fields() []string {
	if q.Kind == Date {
		return []string{q.ID + "-day", q.ID + "-month", q.ID + "-year"}
	}
	names := []string{q.ID}
	for _, o := range q.Options {
		if !o.WriteIn.Empty() {
			names = append(names, q.WriteInField(o.Code))
		}
	}
	return names
}

// WriteInField returns the name of the text field that belongs to the option.
func (q Question) WriteInField(code string) string { return q.ID + "-" + code + "-text" }

// Show returns the answer in words: labels of the chosen options, a date as it is written, or the text. A ward's
// code comes back as it is: only the council's table knows its name. The result is empty for an empty answer.
func (q Question) Show(a Answer, l locale.Lang) []string {
	var out []string
	for _, code := range a.Codes {
		label := code
		if o, ok := q.Option(code); ok {
			label = o.Label.In(l)
			if !o.WriteIn.Empty() && a.Text != "" {
				label += ": " + a.Text
			}
		}
		out = append(out, label)
	}
	switch {
	case q.Kind == Date && a.Text != "":
		out = append(out, dateText(a.Text).In(l))
	case !q.Kind.HasOptions() && a.Text != "":
		out = append(out, a.Text)
	}
	return out
}

// problem returns an empty answer with one problem.
func (q Question) problem(field, key string, args ...any) (Answer, []Problem) {
	return Answer{}, []Problem{{Field: field, Key: key, Args: args}}
}

// one returns the only value of the field. A second value is never sent by our pages, so it is not answered for.
func (q Question) one(f Form, field string) (value string, ok bool) {
	if len(f[field]) > 1 {
		return "", false
	}
	return f.First(field), true
}

// thousands writes n with commas, as both languages do.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
