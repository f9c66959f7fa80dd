package export

import (
	"strconv"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

// page is one sheet of a workbook: texts and numbers in lines. Both kinds of workbook are written from the same pages.
type page struct {
	name  string
	lines [][]cell
}

// cell is a text, or a number as it is printed: a spreadsheet counts with it and shows its decimals.
type cell struct {
	text     string
	number   bool
	decimals int
	strong   bool // a heading
}

func words(texts ...string) []cell {
	out := make([]cell, len(texts))
	for i, t := range texts {
		out[i] = cell{text: t}
	}
	return out
}

func heading(texts ...string) []cell {
	out := words(texts...)
	for i := range out {
		out[i].strong = true
	}
	return out
}

// amount is a released figure: a number where it is shown, the symbol where it is hidden.
func amount(c consult.ReleaseCell) cell {
	if _, err := strconv.ParseFloat(string(c), 64); err != nil {
		return cell{text: string(c)}
	}
	_, after, _ := strings.Cut(string(c), ".")
	return cell{text: string(c), number: true, decimals: len(after)}
}

// workbook lays a release out for people who read spreadsheets: a page that says what it is, and a page for each table,
// in one language. It holds the printed figures and nothing else.
func workbook(r *consult.Release, f consult.ReleaseFacts, l locale.Lang) []page {
	say := func(key string, args ...any) string { return catalogue().T(l, key, args...) }
	about := page{name: say("export.workbook.about"), lines: [][]cell{heading(r.Title.In(l)), nil}}
	fact := func(key, value string) {
		if value != "" {
			about.lines = append(about.lines, []cell{{text: say(key), strong: true}, {text: value}})
		}
	}
	fact("export.workbook.council", f.Council.In(l))
	fact("export.workbook.consultation", f.Consultation.In(l))
	fact("export.workbook.partner", f.Partner)
	fact("export.workbook.purpose", f.Purpose)
	fact("export.workbook.opened", date(l, f.OpenedOn))
	fact("export.workbook.closed", date(l, f.ClosedOn))
	fact("export.workbook.snapshot", date(l, f.SnapshotOn))
	fact("export.workbook.contact", f.Contact)
	fact("export.workbook.release", r.ID)
	about.lines = append(about.lines, nil, heading(say("export.workbook.method")))
	for _, m := range f.Method {
		about.lines = append(about.lines, words(m.In(l)))
	}
	about.lines = append(about.lines, nil, heading(say("export.workbook.tables")))
	pages := []page{about}
	for i, t := range r.Tables {
		p := tablePage(t, l, say)
		p.name = say("export.workbook.table", "Number", i+1)
		pages[0].lines = append(pages[0].lines, words(p.name, caption(t, l, say)))
		pages = append(pages, p)
	}
	return pages
}

func date(l locale.Lang, day string) string {
	if day == "" {
		return ""
	}
	return locale.ISODate(l, day)
}

func caption(t consult.ReleaseTable, l locale.Lang, say func(string, ...any) string) string {
	if t.By == "" {
		return t.Wording.In(l)
	}
	return say("export.workbook.by", "Question", t.Wording.In(l), "By", t.ByWording.In(l))
}

// tablePage has a line for each group: the base, the count of each answer, its percentage, mean and net score.
func tablePage(t consult.ReleaseTable, l locale.Lang, say func(string, ...any) string) page {
	p := page{lines: [][]cell{heading(caption(t, l, say))}}
	for _, note := range t.Notes {
		p.lines = append(p.lines, words(note.In(l)))
	}
	head := []string{say("export.workbook.group"), say("export.workbook.base")}
	for _, c := range t.Columns {
		head = append(head, say("export.workbook.count", "Answer", c.Label.In(l)))
	}
	for _, c := range t.Columns {
		head = append(head, say("export.workbook.percent", "Answer", c.Label.In(l)))
	}
	mean, net := has(t, func(r consult.ReleaseRow) consult.ReleaseCell { return r.Mean }), has(t, func(r consult.ReleaseRow) consult.ReleaseCell { return r.Net })
	if mean {
		head = append(head, say("export.workbook.mean"))
	}
	if net {
		head = append(head, say("export.workbook.net"))
	}
	p.lines = append(p.lines, nil, heading(head...))
	for _, row := range t.Rows {
		line := []cell{{text: row.Label.In(l)}, amount(row.Base)}
		for _, n := range row.Counts {
			line = append(line, amount(n))
		}
		for _, n := range row.Percent {
			line = append(line, amount(n))
		}
		if mean {
			line = append(line, amount(row.Mean))
		}
		if net {
			line = append(line, amount(row.Net))
		}
		p.lines = append(p.lines, line)
	}
	return p
}

func has(t consult.ReleaseTable, figure func(consult.ReleaseRow) consult.ReleaseCell) bool {
	for _, r := range t.Rows {
		if figure(r) != "" {
			return true
		}
	}
	return false
}
