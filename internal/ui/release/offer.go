package release

import (
	"slices"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

const (
	fieldTables = "table" // one value for each chosen table, as tableValue writes it
	fieldEvery  = "every" // break-downs for every question
	maxTables   = 60      // of one release, as in the service
)

// offer is the catalogue of tables of one consultation.
type offer struct {
	questions, dimensions []consult.Dimension
	hidden                map[string]string // what each chosen table would hide, by what fieldTables sends for it; nil if that was not checked
}

// sensible are the tables that are ticked to begin with: every question for everybody together and by ward, but no
// equality answers, because each of those should be chosen for a reason (UK GDPR art. 5(1)(c)).
func (o offer) sensible() []string {
	var out []string
	for _, q := range o.questions {
		if !q.Special {
			out = append(out, q.ID)
		}
	}
	ward := o.ward()
	if ward == "" || 2*len(out) > maxTables {
		return out
	}
	for _, q := range o.questions {
		if !q.Special && q.ID != ward {
			out = append(out, tableValue(consult.TableSpec{Question: q.ID, By: ward}))
		}
	}
	return out
}

// ward returns the dimension of place, which the service lists first; "" where the survey asks for no postcode.
func (o offer) ward() string {
	if len(o.dimensions) == 0 || o.dimensions[0].ID == consult.ByChannel {
		return ""
	}
	return o.dimensions[0].ID
}

// breakdowns lists what every question can be broken down by.
func (o offer) breakdowns() []string {
	var out []string
	for _, d := range o.dimensions {
		out = append(out, d.ID)
	}
	return out
}

// fill ticks the chosen break-downs for every question that has a table already; for all questions where none has.
func (o offer) fill(form survey.Form) []string {
	chosen := func(q string) bool {
		return slices.ContainsFunc(form[fieldTables], func(v string) bool { return v == q || strings.HasPrefix(v, q+"|") })
	}
	none := !slices.ContainsFunc(o.questions, func(q consult.Dimension) bool { return chosen(q.ID) })
	var out []string
	for _, q := range o.questions {
		if !none && !chosen(q.ID) {
			continue
		}
		out = append(out, q.ID)
		for _, by := range form[fieldEvery] {
			if by != q.ID {
				out = append(out, tableValue(consult.TableSpec{Question: q.ID, By: by}))
			}
		}
	}
	for _, t := range o.pairs(sentTables(form)) {
		out = append(out, tableValue(t))
	}
	return out
}

// specs reads the chosen tables in the order of the catalogue, whatever order they were sent in. ok is false if one of
// them is not in the catalogue.
func (o offer) specs(form survey.Form) (out []consult.TableSpec, ok bool) {
	sent := sentTables(form)
	for _, q := range o.questions {
		for _, by := range append([]consult.Dimension{{}}, o.dimensions...) {
			if t := (consult.TableSpec{Question: q.ID, By: by.ID}); by.ID != q.ID && sent[tableValue(t)] {
				out = append(out, t)
			}
		}
	}
	out = append(out, o.pairs(sent)...)
	return out, len(out) == len(sent)
}

// blocks are the fields of the choice: first a quick way, then every question with its break-downs, equality questions last.
func (o offer) blocks(f desk.Fields) []desk.Block {
	p := f.Page
	blocks := []desk.Block{desk.H2(p.T("release.new.tables")), desk.Para(p.T("release.new.tables_intro", "Max", maxTables))}
	var every []page.Option
	for _, d := range o.dimensions {
		every = append(every, page.Option{Value: d.ID, Label: marked(p, d, d.Label.In(p.Lang))})
	}
	quick := []desk.Block{f.Checks(fieldEvery, "release.new.every", every...),
		{Buttons: []page.Button{{Text: p.T("release.new.fill"), Kind: "secondary", Name: "fill", Value: "yes"}}}}
	if p.Error(fieldEvery) != "" {
		blocks = append(blocks, quick...)
	} else {
		blocks = append(blocks, desk.Block{Fold: &desk.Fold{Summary: p.T("release.new.quick"), Blocks: quick}})
	}
	p.LinkProblem(fieldTables, tablesID(o.questions[0].ID))
	special := false
	for i, q := range o.questions {
		if q.Special && !special {
			special = true
			blocks = append(blocks, desk.H2(p.T("release.new.equality")), desk.Para(p.T("release.new.special")))
		}
		blocks = append(blocks, o.question(f, q, i == 0)...)
	}
	return append(blocks, o.pairFields(f)...)
}

func tablesID(question string) string { return "tables-" + question }

// question offers the tables of one question: everybody together, and folded away the break-downs.
func (o offer) question(f desk.Fields, q consult.Dimension, first bool) []desk.Block {
	p := f.Page
	ticked := func(value string) bool { return slices.Contains(f.Form[fieldTables], value) }
	headline := page.Checkboxes{Small: true, Options: []page.Option{{Value: q.ID, Label: p.T("release.new.headline"), Hint: o.hidden[q.ID], Checked: ticked(q.ID)}},
		Group: page.Group{Name: fieldTables, ID: tablesID(q.ID), Legend: q.Label.In(p.Lang), Size: "s"}}
	if first {
		headline.Error = p.Error(fieldTables)
	}
	by := page.Checkboxes{Small: true, Group: page.Group{Name: fieldTables, ID: "by-" + q.ID, Hidden: true,
		Legend: p.T("release.new.breakdowns_of", "Question", q.Label.In(p.Lang))}}
	count := 0
	for _, d := range o.dimensions {
		if d.ID == q.ID {
			continue
		}
		value := tableValue(consult.TableSpec{Question: q.ID, By: d.ID})
		if ticked(value) {
			count++
		}
		by.Options = append(by.Options, page.Option{Value: value, Label: marked(p, d, p.T("release.table.by", "By", d.Label.In(p.Lang))), Hint: o.hidden[value], Checked: ticked(value)})
	}
	if len(by.Options) == 0 {
		return []desk.Block{{Checks: &headline}}
	}
	return []desk.Block{{Checks: &headline}, {Fold: &desk.Fold{Summary: p.T("release.new.breakdowns", "Count", count), Blocks: []desk.Block{{Checks: &by}}}}}
}

// marked adds to a label that it is about special-category data.
func marked(p *page.Page, d consult.Dimension, label string) string {
	if !d.Special {
		return label
	}
	return p.T("release.new.special_label", "Label", label)
}
