package desk

import (
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// Fields makes the fields of a form. A page shown for the first time and one shown again with problems are made the
// same way: the values come from a form, stored or sent.
type Fields struct {
	Page      *page.Page
	Form      survey.Form
	Languages []locale.Lang // optional: of the texts; default those of the council
}

// label returns the field's label and, where the catalogue has one, its hint under key + ".hint".
func (f Fields) label(key string) (label, hint string) {
	hint = f.Page.T(key + ".hint")
	if hint == key+".hint" {
		hint = ""
	}
	return f.Page.T(key), hint
}

func (f Fields) control(name, key string) page.Control {
	label, hint := f.label(key)
	return page.Control{Name: name, Label: label, Hint: hint, Size: "s", Value: f.Form.First(name), Error: f.Page.Error(name)}
}

// Input asks for one line. width is as in page.Input.
func (f Fields) Input(name, key, width string) Block {
	return Block{Input: &page.Input{Control: f.control(name, key), Width: width}}
}

// Typed asks for one line of a type: "email", "tel", "password".
func (f Fields) Typed(name, key, kind, autocomplete string) Block {
	in := page.Input{Control: f.control(name, key), Type: kind, Autocomplete: autocomplete, Width: "30"}
	if kind == "password" {
		in.Value = "" // never written into a page
	}
	return Block{Input: &in}
}

// Number asks for a whole number.
func (f Fields) Number(name, key string) Block {
	return Block{Input: &page.Input{Control: f.control(name, key), Width: "5", InputMode: "numeric"}}
}

// Area asks for several lines.
func (f Fields) Area(name, key string, rows int) Block {
	return Block{Area: &page.Textarea{Control: f.control(name, key), Rows: rows}}
}

// File asks for a file.
func (f Fields) File(name, key, accept string) Block {
	in := page.Input{Control: f.control(name, key), Type: "file", Accept: accept}
	in.Value = ""
	return Block{Input: &in}
}

// Text asks for one line in every language of the council, side by side: name-en and name-cy.
func (f Fields) Text(name, key string) Block {
	return f.perLanguage(name, key, func(c page.Control) Block {
		return Block{Input: &page.Input{Control: c, Spellcheck: true}}
	})
}

// Prose asks for several lines in every language of the council, side by side.
func (f Fields) Prose(name, key string, rows int) Block {
	return f.perLanguage(name, key, func(c page.Control) Block {
		return Block{Area: &page.Textarea{Control: c, Rows: rows}}
	})
}

func (f Fields) perLanguage(name, key string, make func(page.Control) Block) Block {
	label, hint := f.label(key)
	languages := f.Languages
	if languages == nil {
		languages = Languages(f.Page)
	}
	if len(languages) == 1 {
		c := f.control(name+"-"+string(languages[0]), key)
		return make(c)
	}
	var columns [][]Block
	for _, l := range languages {
		field := name + "-" + string(l)
		c := page.Control{Name: field, Label: f.Page.T("office.in_language", "Label", label, "Language", f.Page.T("office.language."+string(l))),
			Hint: hint, Size: "s", Value: f.Form.First(field), Error: f.Page.Error(field)}
		columns = append(columns, []Block{make(c)})
	}
	return Block{Columns: columns}
}

// Radios asks for one of the options; the one that the form holds is chosen.
func (f Fields) Radios(name, key string, options ...page.Option) Block {
	legend, hint := f.label(key)
	r := page.Radios{Small: true, Options: f.chosen(name, options),
		Group: page.Group{Name: name, Legend: legend, Size: "s", Hint: hint, Error: f.Page.Error(name)}}
	return Block{Radios: &r}
}

// Checks asks for any of the options.
func (f Fields) Checks(name, key string, options ...page.Option) Block {
	legend, hint := f.label(key)
	b := page.Checkboxes{Small: true, Options: f.chosen(name, options),
		Group: page.Group{Name: name, Legend: legend, Size: "s", Hint: hint, Error: f.Page.Error(name)}}
	return Block{Checks: &b}
}

// Select asks for one of many options.
func (f Fields) Select(name, key string, options ...page.Option) Block {
	return Block{Select: &page.Select{Control: f.control(name, key), Options: f.chosen(name, options)}}
}

func (f Fields) chosen(name string, options []page.Option) []page.Option {
	out := make([]page.Option, len(options))
	for i, o := range options {
		for _, v := range f.Form[name] {
			o.Checked = o.Checked || v == o.Value
		}
		out[i] = o
	}
	return out
}

// Moment asks for a day and a time of day in Europe/London.
func (f Fields) Moment(name, key string) Block {
	legend, hint := f.label(key)
	clock := f.control(name+"-time", "office.field.time")
	clock.Size = ""
	m := ReadMoment(f.Form, name)
	return Block{Row: [][]Block{
		{{Date: &page.DateInput{Day: m.Day, Month: m.Month, Year: m.Year,
			Group: page.Group{Name: name, Legend: legend, Size: "s", Hint: hint, Error: f.Page.Error(name + "-day")}}}},
		{{Input: &page.Input{Control: clock, Width: "10"}}},
	}}
}

// Day asks for a date.
func (f Fields) Day(name, key string) Block {
	legend, hint := f.label(key)
	m := ReadMoment(f.Form, name)
	return Block{Date: &page.DateInput{Day: m.Day, Month: m.Month, Year: m.Year,
		Group: page.Group{Name: name, Legend: legend, Size: "s", Hint: hint, Error: f.Page.Error(name + "-day")}}}
}

// Put writes a value into a form.
func Put(f survey.Form, name, value string) { f[name] = []string{value} }

// PutText writes a bilingual text into a form.
func PutText(f survey.Form, name string, t locale.Text) {
	for _, l := range locale.Langs() {
		Put(f, name+"-"+string(l), t[l])
	}
}

// PutMoment writes a moment into a form.
func PutMoment(f survey.Form, name string, m Moment) {
	Put(f, name+"-day", m.Day)
	Put(f, name+"-month", m.Month)
	Put(f, name+"-year", m.Year)
	Put(f, name+"-time", m.Time)
}

// ReadForm returns what the browser sent. A field that comes twice is refused, unless its name fits one of the patterns (as in
// path.Match) of those that hold several: a repeated field is how a check and a handler are made to read different values.
func ReadForm(c *fiber.Ctx, several ...string) (survey.Form, error) {
	form, err := page.Form(c)
	if err != nil {
		return nil, err
	}
	for name, values := range form {
		if len(values) > 1 && !slices.ContainsFunc(several, func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok }) {
			return nil, fiber.ErrBadRequest
		}
	}
	return form, nil
}

// Offered refuses a form in which a choice has a value that its page never offers, or the same value twice: no browser sends
// that (issue 2, "What bad input gets"). choices are the fields with what they offer.
func Offered(f survey.Form, choices map[string][]string) error {
	for name, offered := range choices {
		seen := map[string]bool{}
		for _, v := range f[name] {
			if seen[v] || !slices.Contains(offered, v) {
				return fiber.ErrBadRequest
			}
			seen[v] = true
		}
	}
	return nil
}

// PutBool writes a checkbox "yes" into a form.
func PutBool(f survey.Form, name string, yes bool) {
	if yes {
		Put(f, name, "yes")
	}
}

// ReadText takes a bilingual text out of a form. The fields of languages that the form does not offer keep what was
// there before.
func ReadText(f survey.Form, name string, before locale.Text) locale.Text {
	out := locale.Text{}
	for _, l := range locale.Langs() {
		value := before[l]
		if sent, ok := f[name+"-"+string(l)]; ok {
			value = strings.TrimSpace(strings.Join(sent, ""))
		}
		if value != "" {
			out[l] = value
		}
	}
	return out
}

// ReadLines takes bilingual lines out of a form: one to a line, English and Welsh paired by position.
func ReadLines(f survey.Form, name string) []locale.Text {
	var out []locale.Text
	for _, l := range locale.Langs() {
		i := 0
		for line := range strings.SplitSeq(f.First(name+"-"+string(l)), "\n") {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if i == len(out) {
				out = append(out, locale.Text{})
			}
			out[i][l] = line
			i++
		}
	}
	return out
}

// PutLines writes bilingual lines into a form.
func PutLines(f survey.Form, name string, lines []locale.Text) {
	for _, l := range locale.Langs() {
		var texts []string
		for _, t := range lines {
			texts = append(texts, t[l])
		}
		Put(f, name+"-"+string(l), strings.Join(texts, "\n"))
	}
}

// Trimmed returns a field without white space at its ends.
func Trimmed(f survey.Form, name string) string { return strings.TrimSpace(f.First(name)) }

// Whole reads a whole number, with or without thousands separators. An empty field is 0.
func Whole(f survey.Form, name string) (n int, ok bool) {
	s := strings.NewReplacer(",", "", " ", "").Replace(f.First(name))
	if s == "" {
		return 0, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= 100_000_000
}

// Version reads the version of the record that was edited. A form without one, or with a negative one (which means
// "whatever is there" to the service), gets a version that no record has: it changes nothing.
func Version(f survey.Form) int64 {
	n, err := strconv.ParseInt(f.First("version"), 10, 64)
	if err != nil || n < 0 {
		return math.MaxInt64
	}
	return n
}

// VersionField carries the version of the record that is edited.
func VersionField(version int64) page.Hidden {
	return page.Hidden{Name: "version", Value: strconv.FormatInt(version, 10)}
}

// PutDay writes a day yyyy-mm-dd into a form.
func PutDay(f survey.Form, name, iso string) {
	if parts := strings.Split(iso, "-"); len(parts) == 3 {
		PutMoment(f, name, Moment{Day: strings.TrimLeft(parts[2], "0"), Month: strings.TrimLeft(parts[1], "0"), Year: parts[0]})
	}
}
