package editor

import (
	"slices"
	"sort"
	"strings"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// Limits of the form's lines of answers: a form has at most page.FieldLimit fields, and each line takes six.
const (
	maxLines   = 26
	spareLines = 3
)

// ownOptions is the choice beside the bank's label sets: answers of one's own.
const ownOptions = ""

// optionFields choose where a question's answers come from, and edit them where they are its own.
func (h *Handlers) optionFields(f desk.Fields, q survey.Question) []desk.Block {
	var out []desk.Block
	if q.Kind != survey.Multiple {
		out = append(out, f.Radios("scoring", "editor.options.from", h.labelSets(f.Page, q)...))
		out = append(out, f.Radios("dont_know", "editor.options.dont_know", page.Option{Value: "", Label: f.Page.T("editor.options.dont_know.usual")},
			page.Option{Value: "not_applicable", Label: f.Page.T("editor.options.dont_know.not_applicable")},
			page.Option{Value: "none", Label: f.Page.T("editor.options.dont_know.none")}))
	}
	if q.Kind == survey.Scale && q.Scoring != "" {
		return out // five scored points: chosen as a set, or written as YAML
	}
	lines := lineCount(f.Form)
	if lines > maxLines {
		return append(out, desk.Block{Inset: &page.Inset{Paragraphs: []string{f.Page.T("editor.options.many")}}})
	}
	group := &desk.FieldGroup{ID: "options", Legend: f.Page.T("editor.options.title"), Hint: f.Page.T("editor.options.help"), Error: f.Page.Error("options")}
	if q.Kind == survey.Scale {
		group.Hint = f.Page.T("editor.options.scale")
	} else {
		lines = min(max(lines+spareLines, 4), maxLines)
	}
	for i := range lines {
		group.Blocks = append(group.Blocks, optionLine(f, q, i))
	}
	if f.Form.First("scoring") != ownOptions {
		return append(out, desk.Block{Fold: &desk.Fold{Summary: f.Page.T("editor.options.own.fold"), Blocks: []desk.Block{{Group: group}}}})
	}
	return append(out, desk.Block{Group: group})
}

// labelSets offers the bank's sets of answers for the kind, each with its labels.
func (h *Handlers) labelSets(p *page.Page, q survey.Question) []page.Option {
	var out []page.Option
	for _, name := range h.Service.Bank.LabelSets() {
		set, _ := h.Service.Bank.LabelSet(name)
		if set.Kind != q.Kind {
			continue
		}
		var labels []string
		for _, o := range set.Options {
			labels = append(labels, o.Label.In(p.Lang))
		}
		out = append(out, page.Option{Value: set.ID, Label: set.Title.In(p.Lang), Hint: strings.Join(labels, ", ")})
	}
	if q.Kind == survey.Single || q.Scoring == "" && q.ID != "" {
		out = append(out, page.Option{Value: ownOptions, Label: p.T("editor.options.own")})
	}
	return out
}

// optionLine is one answer: its label in each language, its place, and what it does.
func optionLine(f desk.Fields, q survey.Question, i int) desk.Block {
	o := "o" + itoa(i) + "-"
	code := f.Form.First(o + "code")
	var labels [][]desk.Block
	for _, l := range desk.Languages(f.Page) {
		name := o + string(l)
		labels = append(labels, []desk.Block{{Input: &page.Input{Spellcheck: true, Control: page.Control{Name: name, Value: f.Form.First(name),
			Label: f.Page.T("editor.option.label", "Number", itoa(i+1), "Language", f.Page.T("office.language."+string(l))), Error: f.Page.Error(name)}}}})
	}
	if q.Kind != survey.Scale {
		labels = append(labels, []desk.Block{{Input: &page.Input{Width: "3", InputMode: "numeric", Control: page.Control{Name: o + "order", Value: f.Form.First(o + "order"),
			Label: f.Page.T("editor.option.order", "Number", itoa(i+1)), Error: f.Page.Error(o + "order")}}}})
	}
	line := []desk.Block{{Columns: labels}, {Hidden: &page.Hidden{Name: o + "code", Value: code}}}
	var flags []page.Option
	if q.Kind == survey.Multiple {
		flags = append(flags, page.Option{Value: "exclusive", Label: f.Page.T("editor.option.exclusive"), Checked: slices.Contains(f.Form[o+"flag"], "exclusive")})
	}
	if q.Kind != survey.Scale {
		flags = append(flags, page.Option{Value: "write", Label: f.Page.T("editor.option.write"), Checked: slices.Contains(f.Form[o+"flag"], "write")})
		line = append(line, desk.Block{Checks: &page.Checkboxes{Small: true, Options: flags,
			Group: page.Group{Name: o + "flag", Legend: f.Page.T("editor.option.flags", "Number", itoa(i+1)), Hidden: true}}})
	}
	return desk.Block{Line: line}
}

// lineCount returns how many lines of answers a form has.
func lineCount(f survey.Form) int {
	n := 0
	for name, values := range f {
		if rest, ok := strings.CutPrefix(name, "o"); ok && strings.Join(values, "") != "" {
			if number, _, ok := strings.Cut(rest, "-"); ok {
				if i, ok := small(number); ok && !strings.HasSuffix(name, "-order") {
					n = max(n, i+1)
				}
			}
		}
	}
	return n
}

func small(s string) (int, bool) {
	if len(s) == 0 || len(s) > 3 {
		return 0, false
	}
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// putOptions writes a question's own answers into a form.
func putOptions(f survey.Form, q survey.Question) {
	if q.Scoring != "" {
		return
	}
	for i, o := range q.Options {
		line := "o" + itoa(i) + "-"
		desk.Put(f, line+"code", o.Code)
		for _, l := range locale.Langs() {
			desk.Put(f, line+string(l), o.Label[l])
		}
		desk.Put(f, line+"order", itoa(i+1))
		if o.Exclusive {
			f[line+"flag"] = append(f[line+"flag"], "exclusive")
		}
		if !o.WriteIn.Empty() {
			f[line+"flag"] = append(f[line+"flag"], "write")
		}
	}
}

// readOptions reads where the answers come from and, where they are the question's own, the lines of the form. A
// line without a label is an answer that goes.
func (h *Handlers) readOptions(f survey.Form, q *survey.Question) []survey.Problem {
	if q.Kind != survey.Multiple {
		if scoring := f.First("scoring"); scoring != ownOptions {
			set, ok := h.Service.Bank.LabelSet(scoring)
			if !ok || set.Kind != q.Kind {
				return []survey.Problem{{Field: "scoring", Key: "editor.problem.scoring"}}
			}
			q.Scoring, q.DontKnow, q.Groups = scoring, dontKnow(f), nil
			q.Options = set.For(q.DontKnow)
			return nil
		}
		if q.Kind == survey.Scale && q.Scoring != "" {
			return []survey.Problem{{Field: "scoring", Key: "editor.problem.scoring"}}
		}
	}
	if n := lineCount(f); n > maxLines {
		return nil // not offered for change here: they stay as they are
	}
	before := q.Options
	if q.Scoring != "" {
		before = nil
	}
	q.Scoring, q.DontKnow = "", ""
	options, problems := h.readLines(f, q.Kind, before)
	q.Options = options
	if len(problems) == 0 && len(options) < 2 {
		problems = append(problems, survey.Problem{Field: "options", Key: "editor.problem.options"})
	}
	return problems
}

func dontKnow(f survey.Form) string {
	if v := f.First("dont_know"); v == "not_applicable" || v == "none" {
		return v
	}
	return ""
}

type optionAt struct {
	survey.Option
	order int
}

func (h *Handlers) readLines(f survey.Form, kind survey.Kind, before []survey.Option) ([]survey.Option, []survey.Problem) {
	var problems []survey.Problem
	var lines []optionAt
	var codes []string
	for _, o := range before {
		codes = append(codes, o.Code)
	}
	for i := range lineCount(f) {
		line := "o" + itoa(i) + "-"
		var o survey.Option
		if k := slices.IndexFunc(before, func(o survey.Option) bool { return o.Code == f.First(line+"code") }); k >= 0 {
			o = before[k]
		}
		o.Label = locale.Text{}
		for _, l := range locale.Langs() {
			if text := desk.Trimmed(f, line+string(l)); text != "" {
				o.Label[l] = text
			}
		}
		if o.Label.Empty() {
			continue
		}
		if o.Label[locale.English] == "" {
			problems = append(problems, survey.Problem{Field: line + "en", Key: "editor.problem.label"})
		}
		if o.Code == "" {
			o.Code = office.Ident("q_", o.Label[locale.English], codes)
			codes = append(codes, o.Code)
		}
		h.readFlags(f[line+"flag"], kind, &o)
		at, ok := desk.Whole(f, line+"order")
		if !ok {
			problems = append(problems, survey.Problem{Field: line + "order", Key: "editor.problem.number"})
		}
		if at == 0 {
			at = 1000 + i // a new answer without a place comes last
		}
		lines = append(lines, optionAt{o, at})
	}
	if kind != survey.Scale {
		sort.SliceStable(lines, func(i, k int) bool { return lines[i].order < lines[k].order })
	}
	var out []survey.Option
	for _, l := range lines {
		out = append(out, l.Option)
	}
	return out, problems
}

// readFlags reads what an answer does beside being chosen.
func (h *Handlers) readFlags(flags []string, kind survey.Kind, o *survey.Option) {
	if kind == survey.Scale {
		return
	}
	o.Exclusive = kind == survey.Multiple && slices.Contains(flags, "exclusive")
	switch wants := slices.Contains(flags, "write"); {
	case !wants:
		o.WriteIn = nil
	case o.WriteIn.Empty():
		o.WriteIn = locale.Text{}
		for _, l := range locale.Langs() {
			o.WriteIn[l] = h.Kit.Catalogue().T(l, "editor.option.write_in")
		}
	}
}
