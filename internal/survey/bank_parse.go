package survey

import (
	"maps"
	"slices"
	"sort"

	"folkmoot/internal/locale"
)

// The formats of the bank's files.
const (
	FormatBank   = "folkmoot/bank/1"
	FormatScales = "folkmoot/scales/1"
)

// ParseBank reads the question bank from its files by name: scales.yaml and one file for each entry. Every text
// must exist in both languages. It returns every fault, with the file's name in the path.
func ParseBank(files map[string][]byte) (Bank, []Fault) {
	var b Bank
	var faults []Fault
	names := slices.Sorted(maps.Keys(files))
	// Label sets first: entries may name them.
	sort.SliceStable(names, func(i, k int) bool { return names[i] == "scales.yaml" && names[k] != "scales.yaml" })
	for _, name := range names {
		p := &parser{reader: &reader{languages: locale.Langs(), inBank: true}, bank: b, questions: map[string]Question{}}
		if root := p.load(files[name]); root != nil {
			if i := (item{p.reader, root, ""}); name == "scales.yaml" {
				b.sets = p.labelSets(i)
			} else {
				b.entries = append(b.entries, p.entry(i))
			}
		}
		sortFaults(p.faults)
		for _, f := range p.faults {
			f.Path = name + ": " + f.Path
			faults = append(faults, f)
		}
	}
	sort.SliceStable(b.entries, func(i, k int) bool { return b.entries[i].Order < b.entries[k].Order })
	if len(faults) > 0 {
		return Bank{}, faults
	}
	return b, nil
}

func (p *parser) labelSets(root item) []LabelSet {
	o := root.object("format", "scales")
	p.format(o, FormatScales)
	var out []LabelSet
	seen := map[string]bool{}
	for _, i := range o.list("scales", true, maxOptions) {
		p.unchecked = false
		o := i.object("id", "kind", "title", "source", "options", "dont_know", "not_applicable")
		s := LabelSet{ID: p.id(o, "id", idForm, "_"), Title: o.text("title", true, maxTitle, false)}
		unique(o, "id", s.ID, seen)
		kind, _ := o.choose("kind", true, string(Scale), string(Single))
		s.Kind = Kind(kind)
		s.Source, _, _ = o.string("source", true)
		s.DontKnow = o.text("dont_know", true, maxLabel, false)
		s.NotApplicable = o.text("not_applicable", true, maxLabel, false)
		p.groupCodes = nil
		s.Options = p.options(o.list("options", true, maxOptions), s.Kind)
		if s.Kind == Scale && (len(s.Options) != 5 || !scored(s.Options)) {
			o.fault("scale_scores")
		}
		s.Unchecked = p.unchecked
		out = append(out, s)
	}
	return out
}

func (p *parser) entry(root item) Entry {
	o := root.object("format", "id", "title", "order", "source", "licence", "from", "until", "status", "special", "minimum_age",
		"questions")
	p.format(o, FormatBank)
	e := Entry{Title: o.text("title", true, maxTitle, false), Order: o.integer("order", 0, 1, 10000)}
	e.ID = p.id(o, "id", idForm, "_")
	if at, ok := o.at("id", false); ok && slices.Contains(p.bank.IDs(), e.ID) {
		at.fault("bank_duplicate", "ID", e.ID)
	}
	e.Source, _, _ = o.string("source", true)
	e.Licence, _, _ = o.string("licence", true)
	e.Status, _, _ = o.string("status", true)
	e.From, e.Until = o.date("from"), o.date("until")
	if e.From == "" {
		o.fault("field_missing", "Field", "from")
	}
	e.MinimumAge = o.integer("minimum_age", 0, 0, 120)
	special := o.boolean("special")
	items := o.list("questions", true, maxQuestions)
	p.later = questionIDs([]item{root})
	for _, i := range items {
		q := p.question(i)
		q.Special = q.Special || special
		e.Questions = append(e.Questions, q)
	}
	e.Unchecked = p.unchecked
	for i := range e.Questions {
		bank := e.BankEntry
		e.Questions[i].Bank = &bank
	}
	return e
}
