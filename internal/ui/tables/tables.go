// Package tables answers: how does a person read a release?
//
// It turns the published tables of a release into what a page shows: accessible tables, and charts of what the tables
// show. The office's preview and the partner's page are made here, by the same function, so that an approver sees what
// the partner will see. It knows nothing but the printed figures: it cannot show what protection hid, neither as a
// number nor as the length of a bar (disclosure.md A26).
//
// Reviewers: accessibility, disclosure statistician.
package tables

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// Table is one published table as a page shows it.
type Table struct {
	ID      string // of its heading: links lead here
	Heading string // the number of the table, and the question as it was asked
	By      string // what it is broken down by, in words; empty for everybody together
	Notes   []string
	Bar     *page.StackedBar // a scale, everybody together
	Bars    *page.BarChart   // other questions, everybody together
	Groups  *Groups          // a scale, group by group
	Parts   []Part
	Hidden  bool       // at least one figure is hidden
	Margins bool       // figures have margins of error
	File    *page.Link // to its chart as a file, where there is one
}

// Part is one HTML table with its heading. The percentages and the counts of a break-down are tables of their own, so
// that neither is wider than it must be.
type Part struct {
	Heading string // may be empty
	Table   page.Table
}

// Groups is one stacked bar for each group whose whole row is shown, with one key for all.
type Groups struct {
	Title string
	Bars  []GroupBar
	Key   []page.Segment
	Left  []string // groups that are not drawn because a figure of theirs is hidden
}

// GroupBar is the bar of one group.
type GroupBar struct {
	Label string
	Base  string
	Bar   page.StackedBar
}

// Contents returns links to the tables, for a page with several.
func Contents(all []Table) []page.Link {
	if len(all) < 3 {
		return nil
	}
	out := make([]page.Link, 0, len(all))
	for _, t := range all {
		text := t.Heading
		if t.By != "" {
			text += " – " + t.By
		}
		out = append(out, page.Link{Text: text, Href: "#" + t.ID})
	}
	return out
}

// Of returns the tables of a release in the language of the page.
func Of(p *page.Page, published []consult.ReleaseTable) []Table {
	out := make([]Table, 0, len(published))
	for i, t := range published {
		out = append(out, builder{p, i + 1, t}.table())
	}
	return out
}

// builder makes the parts of one table.
type builder struct {
	page   *page.Page
	number int // from 1: how people speak of the table
	consult.ReleaseTable
}

func (b builder) table() Table {
	out := Table{ID: "table-" + b.ID, Heading: b.title(), Hidden: b.hides(), Margins: b.noisy()}
	for _, n := range b.Notes {
		out.Notes = append(out.Notes, n.In(b.page.Lang))
	}
	if b.ReleaseTable.By == "" {
		out.Parts = []Part{{Table: b.everybody()}}
		b.chart(&out)
		return out
	}
	out.By = b.page.T("release.table.by", "By", b.ByWording.In(b.page.Lang))
	out.Parts = []Part{
		{Heading: b.page.T("release.table.percentages"), Table: b.grid("percent")},
		{Heading: b.page.T("release.table.counts"), Table: b.grid("count")},
	}
	out.Groups = b.groups()
	return out
}

// noisy reports whether figures of the table have margins of error.
func (b builder) noisy() bool {
	for _, r := range b.Rows {
		if r.BaseMargin != "" {
			return true
		}
	}
	return false
}

// hides reports whether any figure of the table is hidden.
func (b builder) hides() bool {
	for _, r := range b.Rows {
		for _, c := range append(append([]consult.ReleaseCell{r.Base, r.Mean, r.Net}, r.Counts...), r.Percent...) {
			if c == consult.Hidden {
				return true
			}
		}
	}
	return false
}

func (b builder) title() string {
	return b.page.T("release.table.title", "Number", b.number, "Question", b.Wording.In(b.page.Lang))
}

// caption names the table for those who meet it alone.
func (b builder) caption(part string) string {
	if b.ReleaseTable.By == "" {
		return b.title()
	}
	return b.title() + " – " + b.page.T("release.table.by", "By", b.ByWording.In(b.page.Lang)) + " – " + part
}

// figure prints a cell as every file of the release prints it; where there is no such figure there is a dash.
func figure(c consult.ReleaseCell) page.Cell {
	if c == "" {
		c = "–"
	}
	return page.Num(string(c))
}

// within is a figure with its margin of error under it, if it has one.
func within(c, margin consult.ReleaseCell) page.Cell {
	out := figure(c)
	if margin != "" {
		out.Small = "±" + string(margin)
	}
	return out
}

// at returns a cell, "" where the row has none.
func at(cells []consult.ReleaseCell, i int) consult.ReleaseCell {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// everybody is the table of a question alone: one line for each answer.
func (b builder) everybody() page.Table {
	p := b.page
	t := page.Table{Caption: b.caption(""), HiddenCaption: true, Dense: true, Head: []page.Cell{
		{Text: p.T("release.table.answer")}, {Text: p.T("release.table.count"), Numeric: true}, {Text: p.T("release.table.percent"), Numeric: true}}}
	for _, r := range b.Rows {
		for i, c := range b.Columns {
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: c.Label.In(p.Lang)}, within(at(r.Counts, i), at(r.Margins, i)), within(at(r.Percent, i), at(r.Points, i))}})
		}
		foot := func(key string, c, margin consult.ReleaseCell) {
			if c != "" {
				t.Foot = append(t.Foot, page.Row{Cells: []page.Cell{{Text: p.T(key)}, within(c, margin), {}}})
			}
		}
		foot("release.table.base", r.Base, r.BaseMargin)
		foot("release.table.mean", r.Mean, "")
		foot("release.table.net", r.Net, "")
	}
	return t
}

// grid is a break-down: one line for each group, everybody first, with either percentages or counts.
func (b builder) grid(measure string) page.Table {
	p, percent := b.page, measure == "percent"
	part := p.T("release.table.counts")
	if percent {
		part = p.T("release.table.percentages")
	}
	t := page.Table{Caption: b.caption(part), HiddenCaption: true, Dense: true, Head: []page.Cell{{Text: b.ByWording.In(p.Lang)}}}
	head := func(text string) { t.Head = append(t.Head, page.Cell{Text: text, Numeric: true}) }
	for _, c := range b.Columns {
		head(c.Label.In(p.Lang))
	}
	scores := percent && b.Scale
	if scores {
		head(p.T("release.table.mean"))
		head(p.T("release.table.net"))
	}
	head(p.T("release.table.base"))
	for _, r := range b.Rows {
		cells := []page.Cell{{Text: r.Label.In(p.Lang)}}
		from, margins := r.Counts, r.Margins
		if percent {
			from, margins = r.Percent, r.Points
		}
		for i := range b.Columns {
			cells = append(cells, within(at(from, i), at(margins, i)))
		}
		if scores {
			cells = append(cells, figure(r.Mean), figure(r.Net))
		}
		t.Rows = append(t.Rows, page.Row{Cells: append(cells, within(r.Base, r.BaseMargin))})
	}
	return t
}
