package survey

import "maps"

// Answer is what was answered to one question. The zero value means "not answered".
//
// Which field is used follows from the kind: Scale and Single have one code, Multiple one or more in the order of
// the options, Postcode the ward's code (and the postcode in Text only if the question keeps it), Number, Date
// and the texts have Text (a canonical decimal, yyyy-mm-dd, or the normalised text). A Single or Multiple option
// that invites a description has it in Text.
type Answer struct {
	Codes []string `json:"c,omitempty"`
	Text  string   `json:"t,omitempty"`
}

// Empty reports whether nothing was answered.
func (a Answer) Empty() bool { return len(a.Codes) == 0 && a.Text == "" }

// Answers holds answers by question id. A question that was not answered has no entry.
type Answers map[string]Answer

// With returns these answers and others, which stand where both have one. It changes neither.
func (a Answers) With(others Answers) Answers {
	out := make(Answers, len(a)+len(others))
	maps.Copy(out, a)
	maps.Copy(out, others)
	return out
}

// Form is what a browser sent: field name to values, already checked to be valid UTF-8 without NUL.
type Form map[string][]string

// First returns the first value of the field, or "".
func (f Form) First(name string) string {
	if v := f[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Problem is one thing a person has to mend: the form field it belongs to, the message key and its arguments
// as name, value pairs. A value is a string, an int, or a locale.Text, which is to be shown in the page's language.
type Problem struct {
	Field string // name of the form field; the interface links to its first control
	Key   string
	Args  []any
}

// Wards turns postcodes into wards. It is a local table: nothing is looked up elsewhere.
type Wards interface {
	// Ward returns the code of the ward of a postcode in canonical form ("WM1 2AB"). ok is false for a
	// postcode that is not in the table.
	Ward(postcode string) (code string, ok bool)
}
