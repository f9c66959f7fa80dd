package release

import (
	"strconv"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// lost says what protection cost, in a sentence and table by table (disclosure.md 3.7). For officers: it compares with true counts.
func lost(p *page.Page, o opened, d *consult.DisclosureReport) []desk.Block {
	if len(d.Loss) == 0 {
		return nil
	}
	if d.Noise != nil {
		return lostToNoise(p, o, d)
	}
	all := d.Loss[len(d.Loss)-1]
	blocks := []desk.Block{desk.H2(p.T("release.loss.title")),
		desk.Para(p.T("release.loss.intro", "Hidden", all.Hidden, "Cells", all.Cells, "Share", page.Share(all.Hidden, all.Cells), "Points", points(all.MaxPercent100), "Silent", all.Silent, "Groups", all.Groups)),
		desk.Small(p.T("release.loss.inside"))}
	t := page.Table{Caption: p.T("release.loss.caption"), HiddenCaption: true, Stack: true, Head: []page.Cell{{Text: p.T("release.loss.table")},
		{Text: p.T("release.loss.hidden"), Numeric: true}, {Text: p.T("release.loss.people"), Numeric: true}, {Text: p.T("release.loss.points"), Numeric: true},
		{Text: p.T("release.loss.silent"), Numeric: true}, {Text: p.T("release.loss.reading")}}}
	for _, l := range d.Loss[:len(d.Loss)-1] {
		table, option := l.Of(o.release)
		if table == nil {
			continue
		}
		name := lossName(p, table, option)
		silent, reading := p.T("release.loss.of", "Silent", l.Silent, "Groups", l.Groups), p.T("release.loss.reading.same")
		switch {
		case l.Groups == 0: // everybody together: there is nothing to compare
			silent, reading = "–", "–"
		case l.False == "difference":
			reading = p.T("release.loss.reading.difference")
		case l.False == "no difference":
			reading = p.T("release.loss.reading.no_difference")
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: name}, page.Num(page.Share(l.Hidden, l.Cells)), page.Num(locale.Percent(l.PeopleHidden/100, 0)),
			page.Num(points(l.MaxPercent100)), page.Num(silent), {Text: reading}}})
	}
	return append(blocks, desk.Block{Table: &t})
}

// lossName is what a table, or an option of it, is called.
func lossName(p *page.Page, table *consult.ReleaseTable, option *consult.ReleaseColumn) string {
	name := table.Wording.In(p.Lang)
	if option != nil {
		name = p.T("release.loss.option", "Question", name, "Option", option.Label.In(p.Lang))
	}
	if table.By != "" {
		name = p.T("release.estimate.by", "Question", name, "By", table.ByWording.In(p.Lang))
	}
	return name
}

// points writes percentage points with one decimal.
func points(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
