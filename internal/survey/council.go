package survey

import (
	"slices"
	"strings"

	"folkmoot/internal/locale"
)

// CouncilToken stands in texts for the council's name. Stored definitions keep it, so that one definition serves
// any council; pages and files show ForCouncil.
const CouncilToken = "{council}"

// ForCouncil returns a copy of the definition in which every text has the council's name instead of {council}.
// The receiver is not changed. The copy is for showing: never encode and store it.
func (d *Definition) ForCouncil(name locale.Text) *Definition {
	c := d.Clone()
	put := func(t locale.Text) {
		for lang, s := range t {
			t[lang] = strings.ReplaceAll(s, CouncilToken, name.In(lang))
		}
	}
	put(c.Title)
	put(c.Summary)
	for i := range c.Sections {
		put(c.Sections[i].Title)
		putQuestions(c.Sections[i].Questions, put)
	}
	putQuestions(c.Equality, put)
	return c
}

func putQuestions(questions []Question, put func(locale.Text)) {
	for _, q := range questions {
		put(q.Text)
		put(q.Hint)
		put(q.Why)
		for _, g := range q.Groups {
			put(g.Label)
		}
		for _, o := range q.Options {
			put(o.Label)
			put(o.Hint)
			put(o.WriteIn)
		}
	}
}

// Clone returns a deep copy: an editor may change it without changing the original.
func (d *Definition) Clone() *Definition {
	c := *d
	c.Title, c.Summary = cloneText(d.Title), cloneText(d.Summary)
	c.Languages, c.Unchecked = slices.Clone(d.Languages), slices.Clone(d.Unchecked)
	c.Equality = cloneQuestions(d.Equality)
	c.Sections = slices.Clone(d.Sections)
	for i, s := range c.Sections {
		c.Sections[i].Title = cloneText(s.Title)
		c.Sections[i].Questions = cloneQuestions(s.Questions)
	}
	return &c
}

func cloneQuestions(questions []Question) []Question {
	out := slices.Clone(questions)
	for i := range out {
		out[i] = out[i].Clone()
	}
	return out
}

// WithoutRequired returns the definition with the questions of the ids not required; the definition itself where there are none.
func (d *Definition) WithoutRequired(ids []string) *Definition {
	if len(ids) == 0 {
		return d
	}
	out := *d
	out.Sections = slices.Clone(d.Sections)
	for i, s := range out.Sections {
		out.Sections[i].Questions = slices.Clone(s.Questions)
		for k, q := range s.Questions {
			out.Sections[i].Questions[k].Required = q.Required && !slices.Contains(ids, q.ID)
		}
	}
	return &out
}

// Clone returns a deep copy.
func (q Question) Clone() Question {
	q.Text, q.Hint, q.Why = cloneText(q.Text), cloneText(q.Hint), cloneText(q.Why)
	q.Options = cloneOptions(q.Options)
	q.Groups = slices.Clone(q.Groups)
	for i, g := range q.Groups {
		q.Groups[i].Label = cloneText(g.Label)
	}
	if q.ShowWhen != nil {
		q.ShowWhen = &Condition{Question: q.ShowWhen.Question, AnyOf: slices.Clone(q.ShowWhen.AnyOf)}
	}
	q.Min, q.Max = cloneOf(q.Min), cloneOf(q.Max)
	q.Bank = cloneOf(q.Bank)
	return q
}

func cloneOptions(options []Option) []Option {
	out := slices.Clone(options)
	for i, o := range out {
		out[i].Label, out[i].Hint, out[i].WriteIn = cloneText(o.Label), cloneText(o.Hint), cloneText(o.WriteIn)
	}
	return out
}

func cloneText(t locale.Text) locale.Text {
	if t == nil {
		return nil
	}
	out := make(locale.Text, len(t))
	for lang, s := range t {
		out[lang] = s
	}
	return out
}

func cloneOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
