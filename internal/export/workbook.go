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
	for _, fact := range factsOf(r, f, l, say) {
		about.lines = append(about.lines, []cell{{text: fact.Name, strong: true}, {text: fact.Value}})
	}
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
	columns := kinds(&t)
	head := []string{say("export.workbook.group")}
	for _, k := range columns {
		head = append(head, columnName(&t, k, l, say))
	}
	p.lines = append(p.lines, nil, heading(head...))
	for r := range t.Rows {
		line := []cell{{text: t.Rows[r].Label.In(l)}}
		for _, k := range columns {
			line = append(line, amount(k.of(&t.Rows[r], k.column)))
		}
		p.lines = append(p.lines, line)
	}
	return p
}

// columnName is what a column holds, in words.
func columnName(t *consult.ReleaseTable, k kind, l locale.Lang, say func(string, ...any) string) string {
	if k.column < 0 {
		return say("export.workbook." + k.name)
	}
	return say("export.workbook."+k.name, "Answer", t.Columns[k.column].Label.In(l))
}
