// Package exporttest reads the files of a release back, as their readers do, for tests.
package exporttest

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
)

// TB is what is used of testing.TB and of rapid's T.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// sheet is a table as it is read: for each group its figures, base first, then all counts, all percentages, all margins of both, mean and net score.
type sheet [][]string

// Compare reads every file of the release in every language and compares every figure, hidden ones too, with the release (stop-ship rule of
// disclosure.md section 5). It returns how many figures it compared in each file that has all of them.
func Compare(t TB, r *consult.Release, f consult.ReleaseFacts) int {
	t.Helper()
	want := make([]sheet, len(r.Tables))
	figures := 0
	for i, table := range r.Tables {
		for _, row := range table.Rows {
			want[i] = append(want[i], printed(row))
			figures += len(printed(row))
		}
	}
	for _, format := range export.Formats(r, f) {
		file, err := export.ReleaseFile(r, f, format.Name)
		if err != nil {
			t.Fatalf("%s: %v", format.Name, err)
		}
		var got []sheet
		expect := want
		switch kind := format.Kind(); {
		case kind == "csv":
			got, err = fromCSV(file.Content, r)
		case kind == "json":
			got, err = fromJSON(file.Content)
		case kind == "xlsx":
			got, err = fromXLSX(file.Content)
		case kind == "ods":
			got, err = fromODS(file.Content)
		case kind == "html":
			var charts []sheet
			if got, charts, err = fromHTML(file.Content, r); err == nil {
				same(t, format.Name+": charts", charts, want)
			}
		case format.Table > 0:
			expect = want[format.Table-1 : format.Table]
			got, err = fromSVG(file.Content, r.Tables[format.Table-1:format.Table])
		default: // metadata and reports: no figures of tables
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", format.Name, err)
		}
		same(t, format.Name, got, expect)
	}
	return figures
}

func same(t TB, name string, got, want []sheet) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d tables, want %d", name, len(got), len(want))
		return
	}
	for i := range want {
		if !slices.EqualFunc(got[i], want[i], func(a, b []string) bool { return slices.Equal(a, b) }) {
			t.Errorf("%s: table %d:\n%q\nwant\n%q", name, i+1, got[i], want[i])
		}
	}
}

// printed is a row as it is printed, without figures that it does not have.
func printed(row consult.ReleaseRow) []string {
	var out []string
	for _, c := range slices.Concat([]consult.ReleaseCell{row.Base, row.BaseMargin}, row.Counts, row.Percent, row.Margins, row.Points, []consult.ReleaseCell{row.Mean, row.Net}) {
		if c != "" {
			out = append(out, string(c))
		}
	}
	return out
}

func fromCSV(content []byte, r *consult.Release) ([]sheet, error) {
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, err
	}
	read, used := map[[5]string]string{}, 0
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	for _, l := range lines[1:] {
		read[[5]string{l[at["table"]], l[at["row"]], l[at["then_row"]], l[at["column"]], l[at["measure"]]}] = l[at["value"]]
	}
	var out []sheet
	for _, table := range r.Tables {
		var s sheet
		for _, row := range table.Rows {
			var figures []string
			take := func(column, measure string) {
				if v, ok := read[[5]string{table.ID, row.Code, row.Then, column, measure}]; ok {
					figures = append(figures, v)
					used++
				}
			}
			take("", "base")
			take("", "base_margin")
			for _, measure := range []string{"count", "percent", "margin", "percent_margin"} {
				for _, c := range table.Columns {
					take(c.Code, measure)
				}
			}
			take("", "mean")
			take("", "net")
			s = append(s, figures)
		}
		out = append(out, s)
	}
	if used != len(lines)-1 {
		return nil, fmt.Errorf("%d lines, %d of them known figures", len(lines)-1, used)
	}
	return out, nil
}

func fromJSON(content []byte) ([]sheet, error) {
	var doc struct {
		Tables []consult.ReleaseTable `json:"tables"`
	}
	if err := json.Unmarshal(content, &doc); err != nil {
		return nil, err
	}
	var out []sheet
	for _, table := range doc.Tables {
		var s sheet
		for _, row := range table.Rows {
			s = append(s, printed(row))
		}
		out = append(out, s)
	}
	return out, nil
}

// figuresUnder takes the table out of a page of a workbook: what stands under the heading, which is the last line after a blank one.
func figuresUnder(lines [][]string) sheet {
	blank := slices.IndexFunc(lines, func(l []string) bool { return strings.Join(l, "") == "" })
	var s sheet
	for _, l := range lines[blank+2:] {
		s = append(s, slices.DeleteFunc(slices.Clone(l[1:]), func(c string) bool { return c == "" }))
	}
	return s
}

func fromXLSX(content []byte) ([]sheet, error) {
	x, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	var out []sheet
	for _, name := range x.GetSheetList()[1:] {
		lines, err := x.GetRows(name)
		if err != nil {
			return nil, err
		}
		out = append(out, figuresUnder(lines))
	}
	return out, x.Close()
}

func fromODS(content []byte) ([]sheet, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	member, err := z.Open("content.xml")
	if err != nil {
		return nil, err
	}
	var doc struct {
		Tables []struct {
			Rows []struct {
				Cells []struct {
					Text  string `xml:"p"`
					Value string `xml:"value,attr"`
				} `xml:"table-cell"`
			} `xml:"table-row"`
		} `xml:"body>spreadsheet>table"`
	}
	if err := xml.NewDecoder(member).Decode(&doc); err != nil {
		return nil, err
	}
	var out []sheet
	for _, table := range doc.Tables[1:] {
		var lines [][]string
		for _, row := range table.Rows {
			var line []string
			for _, c := range row.Cells {
				if c.Value != "" && c.Value != c.Text {
					return nil, fmt.Errorf("a cell shows %q and is %q", c.Text, c.Value)
				}
				line = append(line, c.Text)
			}
			lines = append(lines, line)
		}
		out = append(out, figuresUnder(lines))
	}
	return out, nil
}

// fromSVG reads charts, whose figures stand answer by answer.
func fromSVG(content []byte, tables []consult.ReleaseTable) ([]sheet, error) {
	marked, err := marks(content)
	if err != nil {
		return nil, err
	}
	return arrange(marked.charts, tables)
}

func fromHTML(content []byte, r *consult.Release) (tables, charts []sheet, err error) {
	marked, err := marks(content)
	if err != nil {
		return nil, nil, err
	}
	charts, err = arrange(marked.charts, r.Tables)
	return marked.tables, charts, err
}

// arrange puts the figures of charts in the order of a sheet.
func arrange(figures []string, tables []consult.ReleaseTable) ([]sheet, error) {
	var out []sheet
	take := func(there consult.ReleaseCell, into *[]string) {
		if there != "" && len(figures) > 0 {
			*into, figures = append(*into, figures[0]), figures[1:]
		}
	}
	for _, table := range tables {
		var s sheet
		for _, row := range table.Rows {
			var line []string
			take(row.Base, &line)
			take(row.BaseMargin, &line)
			var all [4][]string
			for c := range table.Columns {
				for i, cells := range [4][]consult.ReleaseCell{row.Counts, row.Percent, row.Margins, row.Points} {
					if c < len(cells) {
						take(cells[c], &all[i])
					}
				}
			}
			line = slices.Concat(line, all[0], all[1], all[2], all[3])
			take(row.Mean, &line)
			take(row.Net, &line)
			s = append(s, line)
		}
		out = append(out, s)
	}
	if len(figures) > 0 {
		return nil, fmt.Errorf("%d figures more than the release has: %q", len(figures), figures)
	}
	return out, nil
}

type marked struct {
	tables []sheet
	charts []string
}

// marks reads the cells of tables, and what is marked as a figure in charts.
func marks(content []byte) (m marked, err error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var into *string
	body, text := false, ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		switch x := token.(type) {
		case xml.StartElement:
			switch {
			case x.Name.Local == "tbody":
				body, m.tables = true, append(m.tables, nil)
			case x.Name.Local == "tr" && body:
				last := &m.tables[len(m.tables)-1]
				*last = append(*last, nil)
			case x.Name.Local == "td", slices.Contains(x.Attr, xml.Attr{Name: xml.Name{Local: "class"}, Value: "f"}):
				text = ""
				into = &text
			}
		case xml.CharData:
			if into != nil {
				*into += string(x)
			}
		case xml.EndElement:
			switch {
			case x.Name.Local == "tbody":
				body = false
			case into == nil:
			case x.Name.Local == "td":
				table := m.tables[len(m.tables)-1]
				if text != "" {
					table[len(table)-1] = append(table[len(table)-1], text)
				}
				into = nil
			case x.Name.Local == "tspan":
				m.charts, into = append(m.charts, text), nil
			}
		}
	}
}
