package respond

import (
	"strconv"
	"strings"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// Control is the component that asks a question. Exactly one is set.
type Control struct {
	Radios     *page.Radios
	Checkboxes *page.Checkboxes
	Input      *page.Input
	Textarea   *page.Textarea
	Date       *page.DateInput
}

// newControl makes the control of a question, filled with values (what was answered, or what was typed and refused). The
// question is the page's heading. The page's problems must be set before.
func newControl(p *page.Page, q survey.Question, values survey.Form) Control {
	switch q.Kind {
	case survey.Scale, survey.Single:
		return Control{Radios: &page.Radios{Group: group(p, q), Options: options(p, q, values)}}
	case survey.Multiple:
		g := group(p, q)
		if g.Hint == "" {
			g.Hint = p.T("respond.multiple.hint")
		}
		return Control{Checkboxes: &page.Checkboxes{Group: g, Options: options(p, q, values)}}
	case survey.Date:
		return Control{Date: dateInput(p, q, values)}
	case survey.LongText:
		return Control{Textarea: &page.Textarea{Control: oneControl(p, q, values), Rows: 8, Max: q.MaxLength}}
	}
	in := &page.Input{Control: oneControl(p, q, values)}
	switch q.Kind {
	case survey.Postcode:
		in.Width, in.Autocomplete = "10", "postal-code"
	case survey.Number:
		in.Width, in.InputMode = numberWidth(q), "numeric"
		if q.Decimals > 0 || q.Min == nil || *q.Min < 0 { // the numeric keyboard of phones has neither point nor minus
			in.InputMode = ""
			if q.Min != nil && *q.Min >= 0 {
				in.InputMode = "decimal"
			}
		}
	default:
		in.Spellcheck = true
	}
	return Control{Input: in}
}

// ControlOf makes the control of one of several questions on a page, filled with values. Its names are those of the question's own page.
func ControlOf(p *page.Page, q survey.Question, values survey.Form) Control {
	c := newControl(p, q, values)
	switch {
	case c.Radios != nil:
		c.Radios.Heading, c.Radios.Size, c.Radios.Small = false, "s", true
	case c.Checkboxes != nil:
		c.Checkboxes.Heading, c.Checkboxes.Size, c.Checkboxes.Small = false, "s", true
	case c.Input != nil:
		c.Input.Heading, c.Input.Size = false, "s"
	case c.Textarea != nil:
		c.Textarea.Heading, c.Textarea.Size = false, "s"
	case c.Date != nil:
		c.Date.Heading, c.Date.Size = false, "s"
	}
	return c
}

func group(p *page.Page, q survey.Question) page.Group {
	return page.Group{Name: q.ID, Legend: q.Text.In(p.Lang), Heading: true, Hint: q.Hint.In(p.Lang),
		Error: p.Error(q.ID), Optional: !q.Required}
}

func oneControl(p *page.Page, q survey.Question, values survey.Form) page.Control {
	return page.Control{Name: q.ID, Label: q.Text.In(p.Lang), Heading: true, Hint: q.Hint.In(p.Lang),
		Error: p.Error(q.ID), Optional: !q.Required, Value: values.First(q.ID)}
}

func options(p *page.Page, q survey.Question, values survey.Form) []page.Option {
	chosen := map[string]bool{}
	for _, code := range values[q.ID] {
		chosen[code] = true
	}
	if q.Kind != survey.Multiple && len(values[q.ID]) > 1 {
		chosen = nil // which of two was meant is not for us to guess
	}
	out := make([]page.Option, len(q.Options))
	for i, o := range q.Options {
		out[i] = page.Option{Value: o.Code, Label: o.Label.In(p.Lang), Hint: o.Hint.In(p.Lang), Checked: chosen[o.Code],
			Exclusive: o.Exclusive, Or: o.Divider}
		if !o.WriteIn.Empty() {
			out[i].Detail = writeIn(p, q, o, values)
		}
	}
	return out
}

func writeIn(p *page.Page, q survey.Question, o survey.Option, values survey.Form) *page.Input {
	field := q.WriteInField(o.Code)
	return &page.Input{Spellcheck: true, Control: page.Control{Name: field, Label: o.WriteIn.In(p.Lang), Value: values.First(field),
		Error: p.Error(field)}}
}

func dateInput(p *page.Page, q survey.Question, values survey.Form) *page.DateInput {
	f := q.Fields()
	d := &page.DateInput{Group: group(p, q), Day: values.First(f[0]), Month: values.First(f[1]), Year: values.First(f[2])}
	for _, problem := range p.Problems {
		part, ok := strings.CutPrefix(problem.Field, q.ID+"-")
		if !ok {
			continue
		}
		d.Error, d.Wrong = problem.Text, part
		if d.Day == "" && d.Month == "" && d.Year == "" {
			d.Wrong = "" // nothing typed: the whole date is missing
		}
	}
	return d
}

// numberWidth is the width of a number's field: as wide as the largest number, in the steps of the design system.
func numberWidth(q survey.Question) string {
	if q.Max == nil {
		return "10"
	}
	digits := len(strconv.FormatFloat(*q.Max, 'f', q.Decimals, 64))
	for _, width := range []int{2, 3, 4, 5} {
		if digits <= width {
			return strconv.Itoa(width)
		}
	}
	return "10"
}

func sectionOf(d *survey.Definition, id string) locale.Text {
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return s.Title
			}
		}
	}
	return nil
}
