package survey

import (
	"strings"
)

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
