package page

import "strings"

// Option is one choice of Radios or Checkboxes, or one line of a Select.
type Option struct {
	Value, Label, Hint string
	Checked            bool
	Exclusive          bool   // Checkboxes: choosing it unchooses all others (with scripts; the server checks too)
	Or                 bool   // a divider "or" stands before it
	Detail             *Input // one line to describe the choice; always shown, so that nothing appears unannounced
}

// Group is what the fields that consist of several controls share: a fieldset with its legend, hint and error.
type Group struct {
	Name     string // of the form field
	ID       string // of the first control; default Name
	Legend   string
	Heading  bool   // the legend is the page's h1
	Size     string // of the legend where it is no heading: "s", "m" (default), "l"
	Hidden   bool   // the legend is for screen readers only
	Hint     string
	Error    string // from Page.Error
	Optional bool   // "(optional)" follows the legend
}

// Key returns the id of the first control.
func (g Group) Key() string {
	if g.ID != "" {
		return g.ID
	}
	return g.Name
}

// LegendSize returns the legend's size: headings are large.
func (g Group) LegendSize() string {
	switch {
	case g.Size != "":
		return g.Size
	case g.Heading:
		return "l"
	default:
		return "m"
	}
}

// DescribedBy lists the ids of hint and error, for aria-describedby.
func (g Group) DescribedBy() string { return describedBy(g.Key(), g.Hint, g.Error, "") }

func describedBy(id, hint, problem, more string) string {
	var ids []string
	if more != "" {
		ids = append(ids, more)
	}
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	if problem != "" {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}

// Radios asks for one of several choices, one below the other, none chosen beforehand.
type Radios struct {
	Group
	Small   bool // dense office pages
	Options []Option
}

// Checkboxes asks for any of several choices.
type Checkboxes struct {
	Group
	Small   bool
	Options []Option
}

// Choice is one control of Radios or Checkboxes as the template prints it.
type Choice struct {
	Option
	ID, Name string
}

// HintID returns the id of the choice's hint.
func (c Choice) HintID() string { return c.ID + "-item-hint" }

// Type returns the type of the controls.
func (Radios) Type() string { return "radio" }

// Class returns the beginning of the controls' classes.
func (Radios) Class() string { return "govuk-radios" }

// Type returns the type of the controls.
func (Checkboxes) Type() string { return "checkbox" }

// Class returns the beginning of the controls' classes.
func (Checkboxes) Class() string { return "govuk-checkboxes" }

// Choices gives each option its control: the first has the field's own id, so that the error summary finds it.
func (r Radios) Choices() []Choice { return choices(r.Group, r.Options) }

// Choices gives each option its control.
func (b Checkboxes) Choices() []Choice { return choices(b.Group, b.Options) }

func choices(g Group, options []Option) []Choice {
	out := make([]Choice, len(options))
	for i, o := range options {
		id := g.Key()
		if i > 0 {
			id += "-" + itoa(i+1)
		}
		out[i] = Choice{Option: o, ID: id, Name: g.Name}
	}
	return out
}

// Control is what the fields with one control share.
type Control struct {
	Name        string
	ID          string // default Name
	Label       string
	Heading     bool   // the label is the page's h1
	Size        string // of the label: "" (normal), "s", "m", "l"
	HiddenLabel bool
	Hint        string
	Error       string // from Page.Error
	Optional    bool
	Value       string
}

// Key returns the id of the control.
func (f Control) Key() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

// LabelSize returns the label's size, or "" for a normal label.
func (f Control) LabelSize() string {
	if f.Size == "" && f.Heading {
		return "l"
	}
	return f.Size
}

// DescribedBy lists the ids of hint and error, for aria-describedby.
func (f Control) DescribedBy() string { return describedBy(f.Key(), f.Hint, f.Error, "") }

// Input asks for one line of text.
type Input struct {
	Control
	Type         string // default "text"; "email", "tel", "password", "file", "search"
	Width        string // "2", "3", "4", "5", "10", "20", "30" characters, or "" for the whole column
	InputMode    string // "numeric", "decimal"
	Autocomplete string // WCAG 1.3.5, for example "email"
	Prefix       string
	Suffix       string
	Spellcheck   bool // off by default: names, codes and addresses are not words
	Accept       string
}

// TypeOrText returns the input's type.
func (i Input) TypeOrText() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

// Textarea asks for several lines. Max is in characters (runes); a count appears with scripts, the limit is said
// without.
type Textarea struct {
	Control
	Rows int // default 5
	Max  int // 0 = no count
}

// RowsOrDefault returns the height in lines.
func (a Textarea) RowsOrDefault() int {
	if a.Rows == 0 {
		return 5
	}
	return a.Rows
}

// DescribedBy lists the ids of what describes the control, the limit first.
func (a Textarea) DescribedBy() string {
	if a.Max > 0 {
		return describedBy(a.Key(), a.Hint, a.Error, a.Key()+"-info")
	}
	return a.Control.DescribedBy()
}

// Select asks for one of many lines. Prefer Radios up to a dozen.
type Select struct {
	Control
	Options []Option
}

// DateInput asks for a calendar date in three parts, named Name-day, Name-month and Name-year.
type DateInput struct {
	Group
	Day, Month, Year string // as typed
	Wrong            string // which part is wrong: "day", "month", "year" or "" for all
	Birthday         bool   // browsers may fill it in
}

// DatePart is one of the three controls.
type DatePart struct {
	ID, Name, LabelKey, Value, Width, Autocomplete string
	Wrong                                          bool
}

// Parts returns the three controls. The first is the one that the error summary links to.
func (d DateInput) Parts() []DatePart {
	part := func(name, value, width string) DatePart {
		p := DatePart{ID: d.Key() + "-" + name, Name: d.Name + "-" + name, LabelKey: "date." + name, Value: value, Width: width,
			Wrong: d.Error != "" && (d.Wrong == "" || d.Wrong == name)}
		if d.Birthday {
			p.Autocomplete = "bday-" + name
		}
		return p
	}
	return []DatePart{part("day", d.Day, "2"), part("month", d.Month, "2"), part("year", d.Year, "4")}
}
