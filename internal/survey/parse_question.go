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

// choices reads the options, or takes them from a label set of the bank. A scale that names neither is the
// satisfaction scale (question-bank.md 7.1).
func (p *parser) choices(o object, q *Question) {
	if o.has("scale") && o.has("options") {
		p.fault(o.keys["scale"], o.path, "options_and_scale")
		return
	}
	if o.has("scale") || q.Kind == Scale && !o.has("options") {
		if o.has("groups") {
			p.fault(o.keys["groups"], o.path, "field_label_set", "Field", "groups")
		}
		p.labelSet(o, q)
		return
	}
	if o.has("dont_know") {
		p.fault(o.keys["dont_know"], o.path, "field_own_options", "Field", "dont_know")
	}
	q.Groups = p.groups(o)
	options := o.list("options", true, maxOptions)
	if q.Options = p.options(options, q.Kind); len(options) == 1 {
		at, _ := o.at("options", false)
		at.fault("options_few", "Min", 2)
	}
	if q.Kind == Scale && !scored(q.Options) {
		if at, ok := o.at("options", false); ok {
			at.fault("scale_scores")
		}
	}
}

// groups reads the coarser groups, which options may then name.
func (p *parser) groups(o object) []Group {
	var out []Group
	p.groupCodes = map[string]bool{}
	for _, i := range o.list("groups", false, maxOptions) {
		g := i.object("code", "label")
		group := Group{Code: p.code(g), Label: g.text("label", true, maxLabel, false)}
		unique(g, "code", group.Code, p.groupCodes)
		out = append(out, group)
	}
	return out
}

// labelSet resolves the name of a label set.
func (p *parser) labelSet(o object, q *Question) {
	q.Scoring = "satisfaction"
	if o.has("scale") {
		name, at, ok := o.string("scale", true)
		if !ok {
			return
		}
		q.Scoring = name
		if set, known := p.bank.LabelSet(name); !known {
			at.fault("scale_unknown", "ID", clip(name), "Known", strings.Join(p.bank.LabelSets(), ", "))
			return
		} else if set.Kind != q.Kind {
			at.fault("scale_kind", "ID", name, "Kind", string(set.Kind))
			return
		}
	}
	q.DontKnow, _ = o.choose("dont_know", false, "not_applicable", "none")
	set, ok := p.bank.LabelSet(q.Scoring)
	if !ok {
		o.fault("scale_unknown", "ID", q.Scoring, "Known", strings.Join(p.bank.LabelSets(), ", "))
		return
	}
	q.Options = set.For(q.DontKnow)
}

// options reads the options of a question or of a label set.
func (p *parser) options(items []item, kind Kind) []Option {
	var out []Option
	seen := map[string]bool{}
	writeIn := false
	for k, i := range items {
		o := i.object("code", "label", "hint", "score", "exclusive", "divider", "write_in", "group")
		op := Option{Code: p.code(o), Label: o.text("label", true, maxLabel, false), Hint: o.text("hint", false, maxHint, false),
			WriteIn: o.text("write_in", false, maxLabel, false), Exclusive: o.boolean("exclusive"), Divider: o.boolean("divider"),
			Score: o.integer("score", 0, 1, 5)}
		unique(o, "code", op.Code, seen)
		op.Group = p.optionGroup(o)
		for field, only := range map[string]Kind{"score": Scale, "exclusive": Multiple} {
			if o.has(field) && kind != only {
				p.fault(o.keys[field], o.path, "field_kind", "Field", field, "Kind", string(kind))
			}
		}
		if at, ok := o.at("write_in", false); ok {
			if kind == Scale {
				p.fault(o.keys["write_in"], o.path, "field_kind", "Field", "write_in", "Kind", string(kind))
			} else if writeIn && kind == Multiple {
				// An answer has one text: with two it would not say whose it is.
				at.fault("write_in_second")
			}
			writeIn = true
		}
		p.standardCodes(o, op, kind, k == len(items)-1)
		out = append(out, op)
	}
	return out
}

// standardCodes keeps the codes that mean the same everywhere to their meaning (question-bank.md section 4).
func (p *parser) standardCodes(o object, op Option, kind Kind, last bool) {
	at, ok := o.at("code", false)
	if !ok {
		return
	}
	alone := op.Code == CodePreferNot || op.Code == CodeDontKnow
	switch {
	case op.Code == CodeNotAnswered:
		at.fault("code_reserved", "Value", op.Code)
	case alone && kind == Multiple && !op.Exclusive:
		at.fault("dont_know_exclusive", "Code", op.Code)
	case op.Code == CodePreferNot && !last:
		at.fault("prefer_not_last")
	}
}

func (p *parser) code(o object) string {
	s, at, ok := o.string("code", true)
	if ok && !codeForm.MatchString(s) {
		at.fault("code", "Value", clip(s))
	}
	return s
}

// optionGroup reads the group of an option: one of the question's groups.
func (p *parser) optionGroup(o object) string {
	s, at, ok := o.string("group", false)
	if ok && !p.groupCodes[s] {
		at.fault("group_unknown", "Value", clip(s))
	}
	return s
}

// scored reports whether the options are five points from 5 down to 1, followed by options without a score.
func scored(options []Option) bool {
	if len(options) < 5 {
		return false
	}
	for i, o := range options {
		if want := max(5-i, 0); o.Score != want {
			return false
		}
	}
	return true
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
