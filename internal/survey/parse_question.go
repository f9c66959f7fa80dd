package survey

import (
	"slices"
	"strings"
)

// fieldKinds lists the fields that belong to some kinds only.
var fieldKinds = map[string][]Kind{
	"scale":      {Scale, Single},
	"dont_know":  {Scale, Single},
	"options":    {Scale, Single, Multiple},
	"groups":     {Single, Multiple},
	"max_length": {ShortText, LongText},
	"min":        {Number},
	"max":        {Number},
	"decimals":   {Number},
	"min_date":   {Date},
	"max_date":   {Date},
	"keep":       {Postcode},
}

func (p *parser) question(i item) Question {
	o := i.object("id", "kind", "text", "hint", "why", "required", "scale", "dont_know", "options", "groups", "show_when", "max_length",
		"min", "max", "decimals", "min_date", "max_date", "keep", "special")
	q := Question{ID: p.id(o, "id", idForm, "_")}
	p.current = q.ID
	p.refuseSecond(o, q.ID)
	q.Kind = p.kind(o)
	q.Text = o.text("text", true, maxQuestion, false)
	q.Hint = o.text("hint", false, maxHint, false)
	q.Why = o.text("why", false, maxWhy, true)
	q.Required, q.Special = o.boolean("required"), o.boolean("special")
	q.ShowWhen = p.condition(o)
	switch q.Kind {
	case Scale, Single, Multiple:
		p.choices(o, &q)
	case ShortText:
		q.MaxLength = o.integer("max_length", shortTextSize, 2, maxShortText)
	case LongText:
		q.MaxLength = o.integer("max_length", longTextSize, 2, maxLongText)
	case Number:
		p.numberBounds(o, &q)
	case Date:
		p.dateBounds(o, &q)
	case Postcode:
		q.Keep = "ward"
		if keep, ok := o.choose("keep", false, "ward", "postcode"); ok {
			q.Keep = keep
		}
	}
	if _, ok := p.questions[q.ID]; !ok {
		p.questions[q.ID] = q
	}
	return q
}

// refuseSecond reports an id that another question has, in the survey or among its equality questions.
func (p *parser) refuseSecond(o object, id string) {
	at, ok := o.at("id", false)
	if !ok {
		return
	}
	if _, second := p.questions[id]; second {
		at.fault("duplicate", "Value", clip(id))
	}
	if _, clash := p.questions["equality "+id]; clash {
		at.fault("id_clash", "Value", clip(id))
	}
	if slices.Contains(reservedIDs, id) {
		at.fault("id_reserved", "Value", clip(id))
	}
}

// reservedIDs would be taken for something else: the address of the page on which answers are checked, and the dimensions that
// every response has.
var reservedIDs = []string{"check", "channel", "language"}

// kind reads the kind and refuses fields that belong to other kinds.
func (p *parser) kind(o object) Kind {
	var known []string
	for _, k := range Kinds() {
		known = append(known, string(k))
	}
	s, ok := o.choose("kind", true, known...)
	if !ok {
		return ""
	}
	for field, kinds := range fieldKinds {
		if o.has(field) && !slices.Contains(kinds, Kind(s)) {
			p.fault(o.keys[field], o.path, "field_kind", "Field", field, "Kind", s)
		}
	}
	return Kind(s)
}

// condition reads show_when. It may look back only, so a path can have no loop.
func (p *parser) condition(o object) *Condition {
	i, ok := o.at("show_when", false)
	if !ok {
		return nil
	}
	c := i.object("question", "any_of")
	id, at, ok := c.string("question", true)
	codes := c.list("any_of", true, maxOptions)
	if !ok {
		return nil
	}
	earlier, known := p.questions[id]
	switch {
	case id == p.current:
		at.fault("condition_self")
	case !known && p.later[id]:
		at.fault("condition_later", "ID", clip(id))
	case !known || strings.Contains(id, " "):
		at.fault("condition_unknown", "ID", clip(id))
	case !earlier.Kind.HasCodes() && earlier.Kind != "":
		at.fault("condition_kind", "ID", id)
	default:
		return &Condition{Question: id, AnyOf: p.anyOf(codes, earlier)}
	}
	return nil
}

// anyOf reads the codes that show a question. Codes of wards are not known here: the table is the council's.
func (p *parser) anyOf(codes []item, earlier Question) []string {
	var out, known []string
	for _, o := range earlier.Options {
		known = append(known, o.Code)
	}
	for _, i := range codes {
		code, ok := i.string()
		switch {
		case !ok:
		case !wardForm.MatchString(code):
			i.fault("code", "Value", clip(code))
		case slices.Contains(out, code):
			i.fault("duplicate", "Value", code)
		case len(known) > 0 && !slices.Contains(known, code):
			i.fault("condition_option", "Question", earlier.ID, "Code", code, "Known", strings.Join(known, ", "))
		default:
			out = append(out, code)
		}
	}
	return out
}

func (p *parser) numberBounds(o object, q *Question) {
	q.Min, q.Max = o.number("min"), o.number("max")
	q.Decimals = o.integer("decimals", 0, 0, 4)
	if q.Min != nil && q.Max != nil && *q.Min > *q.Max {
		p.fault(o.keys["min"], o.path, "bounds", "Min", numberText(*q.Min), "Max", numberText(*q.Max))
	}
}

func (p *parser) dateBounds(o object, q *Question) {
	q.MinDate, q.MaxDate = o.date("min_date"), o.date("max_date")
	if q.MinDate != "" && q.MaxDate != "" && q.MinDate > q.MaxDate {
		p.fault(o.keys["min_date"], o.path, "bounds", "Min", q.MinDate, "Max", q.MaxDate)
	}
}
