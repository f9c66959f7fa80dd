package export

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

//go:embed document.html
var documentText string

var documentTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("document").Parse(documentText)) })

// document is an HTML file that stands alone: its style is in it, for the screen and for paper, and nothing is fetched.
type document struct {
	Lang      locale.Lang
	Council   string
	Title     string
	Facts     []documentFact
	Parts     []documentPart
	Contents  string // heading of the links to the tables
	ChartName string
	Tables    []documentTable
}

type documentFact struct{ Name, Value string }

type documentPart struct {
	Heading, Text string
	List          []string
}

type documentTable struct {
	ID, Heading, Caption string
	Notes                []string
	Chart                int    // its number, 0 if there is none; the template leaves a place for it
	picture              string // from chartOf, which escapes every text
	Head                 []string
	Rows                 []documentRow
}

type documentRow struct {
	Label   string
	Figures []string
}

// ReleaseHTML writes a release as a page for people, in one language: what it is, how it was protected, and of each table its chart and
// its figures.
func ReleaseHTML(w io.Writer, r *consult.Release, f consult.ReleaseFacts, l locale.Lang) error {
	say := func(key string, args ...any) string { return catalogue().T(l, key, args...) }
	d := document{Lang: l, Council: f.Council.In(l), Title: r.Title.In(l), Facts: factsOf(r, f, l, say), Contents: say("export.workbook.tables"),
		ChartName: say("export.chart")}
	method := documentPart{Heading: say("export.workbook.method")}
	for _, m := range f.Method {
		method.List = append(method.List, m.In(l))
	}
	d.Parts = []documentPart{method}
	for i := range r.Tables {
		d.Tables = append(d.Tables, documentOf(&r.Tables[i], i+1, f, l, say))
	}
	return d.write(w)
}

func (d document) write(w io.Writer) error {
	var page strings.Builder
	if err := documentTemplate().Execute(&page, d); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	// Charts are markup already. They come into the places that the template left: no text can look like one, for the template escapes it.
	var charts []string
	for _, t := range d.Tables {
		charts = append(charts, fmt.Sprintf(`<p data-chart="%d"></p>`, t.Chart), t.picture)
	}
	if _, err := strings.NewReplacer(charts...).WriteString(w, page.String()); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	return nil
}

// factsOf are the facts that stand at the beginning of every file for people; there is none without a value.
func factsOf(r *consult.Release, f consult.ReleaseFacts, l locale.Lang, say func(string, ...any) string) []documentFact {
	var out []documentFact
	for _, x := range []documentFact{
		{"council", f.Council.In(l)}, {"consultation", f.Consultation.In(l)}, {"partner", f.Partner}, {"purpose", f.Purpose}, {"use", f.Use.In(l)}, {"opened", date(l, f.OpenedOn)},
		{"closed", date(l, f.ClosedOn)}, {"snapshot", date(l, f.SnapshotOn)}, {"contact", f.Contact}, {"release", r.ID},
	} {
		if x.Value != "" {
			out = append(out, documentFact{say("export.workbook." + x.Name), x.Value})
		}
	}
	return out
}

func documentOf(t *consult.ReleaseTable, number int, f consult.ReleaseFacts, l locale.Lang, say func(string, ...any) string) documentTable {
	out := documentTable{ID: fmt.Sprintf("table-%d", number), Heading: say("export.chart.title", "Number", number, "Table", caption(*t, l, say)),
		Chart: number, picture: chartOf(t, number, f, l, fmt.Sprintf("chart-%d", number)),
		Head: []string{say("export.workbook.group")}}
	if out.picture == "" {
		out.Chart = 0
	}
	out.Caption = say("export.document.figures", "Table", out.Heading)
	for _, note := range t.Notes {
		out.Notes = append(out.Notes, note.In(l))
	}
	columns := kinds(t)
	for _, k := range columns {
		out.Head = append(out.Head, columnName(t, k, l, say))
	}
	for r := range t.Rows {
		row := documentRow{Label: t.Rows[r].Label.In(l)}
		for _, k := range columns {
			row.Figures = append(row.Figures, string(k.of(&t.Rows[r], k.column)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
