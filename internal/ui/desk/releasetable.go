package desk

import (
	"strconv"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// ReleaseTables shows the tables of a release exactly as they are published: every figure is the printed text. The office
// before approval and the partner afterwards see the same.
func ReleaseTables(p *page.Page, tables []consult.ReleaseTable) []Block {
	var out []Block
	for i, t := range tables {
		out = append(out, releaseTable(p, t, i)...)
	}
	return out
}

func releaseTable(p *page.Page, t consult.ReleaseTable, n int) []Block {
	title := t.Wording.In(p.Lang)
	if t.By != "" {
		title = p.T("release.table.by", "Question", title, "By", t.ByWording.In(p.Lang))
	}
	blocks := []Block{{Heading: &Heading{Text: title, ID: "table-" + t.ID}}}
	if t.By == "" && len(t.Rows) == 1 {
		blocks = append(blocks, headline(p, t, title, n)...)
	} else {
		blocks = append(blocks, TableBlock(breakdown(p, t, title, true)), TableBlock(breakdown(p, t, title, false)))
	}
	var notes []string
	for _, note := range t.Notes {
		notes = append(notes, note.In(p.Lang))
	}
	if len(notes) > 0 {
		blocks = append(blocks, Block{List: notes})
	}
	return blocks
}

// headline shows a question without a break-down: one line for each answer.
func headline(p *page.Page, t consult.ReleaseTable, title string, n int) []Block {
	row := t.Rows[0]
	table := page.Table{Caption: title, HiddenCaption: true, Dense: true,
		Head: []page.Cell{{Text: p.T("results.answer")}, {Text: p.T("results.count"), Numeric: true}, {Text: p.T("results.percent"), Numeric: true}}}
	for i, column := range t.Columns {
		table.Rows = append(table.Rows, page.Row{Cells: []page.Cell{{Text: column.Label.In(p.Lang)}, page.Num(cell(row.Counts, i)), page.Num(share(row.Percent, i))}})
	}
	table.Foot = []page.Row{{Cells: []page.Cell{{Text: p.T("results.base_row")}, page.Num(string(row.Base)), page.Num("")}}}
	var blocks []Block
	if bar := headlineBar(p, t, n); bar != nil {
		blocks = append(blocks, Block{Stacked: bar})
	}
	blocks = append(blocks, TableBlock(table))
	if t.Scale {
		blocks = append(blocks, Para(p.T("release.table.scale", "Net", string(row.Net), "Mean", string(row.Mean))))
	}
	return blocks
}

// headlineBar draws a scale whose shares are all shown; a chart with a gap would invite people to measure it.
func headlineBar(p *page.Page, t consult.ReleaseTable, n int) *page.StackedBar {
	if !t.Scale {
		return nil
	}
	bar := &page.StackedBar{ID: "release-" + itoa(n), Title: p.T("results.chart")}
	var said []string
	for i, column := range t.Columns {
		value, err := strconv.ParseFloat(cell(t.Rows[0].Percent, i), 64)
		if err != nil {
			return nil
		}
		class := "none"
		if column.Score > 0 {
			class = "s" + itoa(column.Score)
		}
		shown := share(t.Rows[0].Percent, i)
		bar.Segments = append(bar.Segments, page.Segment{Label: column.Label.In(p.Lang), Value: value, Shown: shown, Class: class})
		said = append(said, column.Label.In(p.Lang)+" "+shown)
	}
	bar.Desc = strings.Join(said, ", ")
	return bar
}

// breakdown shows a question by a dimension, as counts or as percentages of each row.
func breakdown(p *page.Page, t consult.ReleaseTable, title string, counts bool) page.Table {
	key := "release.table.percent"
	if counts {
		key = "release.table.counts"
	}
	table := page.Table{Caption: p.T(key, "Title", title), CaptionSize: "s", Dense: true, Head: []page.Cell{{Text: t.ByWording.In(p.Lang)}, {Text: p.T("results.base_row"), Numeric: true}}}
	for _, column := range t.Columns {
		table.Head = append(table.Head, page.Cell{Text: column.Label.In(p.Lang), Numeric: true})
	}
	if t.Scale && !counts {
		table.Head = append(table.Head, page.Cell{Text: p.T("results.net"), Numeric: true}, page.Cell{Text: p.T("results.mean"), Numeric: true})
	}
	for _, row := range t.Rows {
		cells := []page.Cell{{Text: row.Label.In(p.Lang)}, page.Num(string(row.Base))}
		for i := range t.Columns {
			if counts {
				cells = append(cells, page.Num(cell(row.Counts, i)))
			} else {
				cells = append(cells, page.Num(share(row.Percent, i)))
			}
		}
		if t.Scale && !counts {
			cells = append(cells, page.Num(string(row.Net)), page.Num(string(row.Mean)))
		}
		table.Rows = append(table.Rows, page.Row{Cells: cells})
	}
	return table
}

func cell(cells []consult.ReleaseCell, i int) string {
	if i >= len(cells) {
		return ""
	}
	return string(cells[i])
}

// share writes a published percentage with its sign; a hidden one stays [c].
func share(cells []consult.ReleaseCell, i int) string {
	s := cell(cells, i)
	if s == "" || s == string(consult.Hidden) {
		return s
	}
	return s + "%"
}
