package release

import (
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// protection says what was done to the tables, in plain words, and how often each rule hid a figure. The counts by rule
// are for reviewers: they say how many figures were small, so no file and no partner's page has them (disclosure.md R13).
func protection(p *page.Page, o opened) []desk.Block {
	r := o.release
	blocks := []desk.Block{desk.H2(p.T("release.protection.title"))}
	var whole, single []string
	for _, f := range r.Findings {
		text := f.Text.In(p.Lang)
		switch {
		case f.Block:
			blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: text}})
		case f.Table == "":
			whole = append(whole, text)
		default:
			single = append(single, o.tableName(p, f.Table)+": "+text)
		}
	}
	switch {
	case len(r.Findings) == 0 && r.Report.Hidden == 0:
		blocks = append(blocks, desk.Para(p.T("release.protection.nothing")))
	case len(whole) > 0:
		blocks = append(blocks, desk.Block{List: whole})
	}
	if len(single) > 0 {
		blocks = append(blocks, desk.Block{Fold: &desk.Fold{Summary: p.T("release.protection.tables", "Count", len(single)), Blocks: []desk.Block{{List: single}}}})
	}
	if t := ruleTable(p, r.Report); len(t.Rows) > 0 {
		blocks = append(blocks, desk.TableBlock(t))
	}
	return blocks
}

// tableName returns the question and break-down of a table, also of one that was withheld.
func (o opened) tableName(p *page.Page, id string) string {
	for _, spec := range o.release.Specs {
		name := spec.ID()
		if id != name && !strings.HasPrefix(id, name+".") {
			continue
		}
		text := o.wording(p, spec.Question)
		var by []string
		for _, d := range spec.Dimensions() {
			by = append(by, o.wording(p, d))
		}
		if len(by) > 0 {
			text += " – " + p.T("release.table.by", "By", strings.Join(by, " × "))
		}
		return text
	}
	return id
}

// wording returns the words for a question or a dimension.
func (o opened) wording(p *page.Page, id string) string {
	for _, t := range o.release.Tables {
		switch {
		case t.Question == id:
			return t.Wording.In(p.Lang)
		case t.By == id && t.ThenBy == "":
			return t.ByWording.In(p.Lang)
		}
	}
	if o.def != nil {
		if q, ok := o.def.EqualityQuestion(id); ok {
			return q.Text.In(p.Lang)
		}
		if q, ok := o.def.Question(id); ok {
			return q.Text.In(p.Lang)
		}
	}
	return id
}

// rules are those that can hide a figure, in the order in which they are applied (disclosure.md 3.2).
var rules = []string{"R2", "R2b", "row", "R3", "R4", "secondary", "repair", "quality"}

func ruleTable(p *page.Page, report consult.ReleaseReport) page.Table {
	t := page.Table{Caption: p.T("release.rules.caption"), CaptionSize: "s", Dense: true,
		Head: []page.Cell{{Text: p.T("release.rules.rule")}, {Text: p.T("release.rules.why")}, {Text: p.T("release.rules.count"), Numeric: true}}}
	for _, rule := range rules {
		if n := report.ByRule[rule]; n > 0 {
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: p.T("release.rule." + rule + ".name")}, {Text: p.T("release.rule." + rule)},
				page.Num(locale.Number(int64(n)))}})
		}
	}
	if len(t.Rows) > 0 {
		t.Foot = []page.Row{{Cells: []page.Cell{{Text: p.T("release.rules.total")},
			{Text: p.T("release.rules.of", "Cells", report.Cells)}, page.Num(locale.Number(int64(report.Hidden)))}}}
	}
	return t
}
