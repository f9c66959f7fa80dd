package release_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/ui/uitest"
)

// grid is one HTML table: its rows as text, and the id of the published table that it belongs to.
type grid struct {
	table string
	rows  [][]string
}

// grids reads the tables of a release from a page.
func grids(t testing.TB, a *uitest.Answer) []grid {
	t.Helper()
	var out []grid
	current := ""
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if id := uitest.Attr(n, "id"); n.Data == "h3" && strings.HasPrefix(id, "table-") {
			current = strings.TrimPrefix(id, "table-")
		}
		if n.Type == html.ElementNode && n.Data == "table" && current != "" {
			out = append(out, grid{current, nil})
		}
		if n.Type == html.ElementNode && n.Data == "tr" && current != "" {
			var row []string
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode {
					row = append(row, strings.TrimSpace(words(c)))
				}
			}
			out[len(out)-1].rows = append(out[len(out)-1].rows, row)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(a.Doc(t))
	return out
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var s strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.WriteString(words(c))
	}
	return s.String()
}

// figure is the address of one figure in a file.
type figure struct{ table, row, column, measure string }

// printed returns what a page shows for a figure of a published table.
func printed(gs []grid, table consult.ReleaseTable, f figure) string {
	column := 0
	for i, c := range table.Columns {
		if c.Code == f.column {
			column = i
		}
	}
	row := 0
	for i, r := range table.Rows {
		if r.Code == f.row {
			row = i
		}
	}
	var own []grid
	for _, g := range gs {
		if g.table == table.ID {
			own = append(own, g)
		}
	}
	if table.By == "" {
		return printedAlone(own[0], len(table.Columns), column, f.measure)
	}
	percent, counts := own[0].rows[row+1], own[1].rows[row+1]
	switch f.measure {
	case "count":
		return counts[column+1]
	case "percent":
		return percent[column+1]
	case "mean":
		return percent[len(table.Columns)+1]
	case "net":
		return percent[len(table.Columns)+2]
	}
	if percent[len(percent)-1] != counts[len(counts)-1] {
		return "the base is printed in two ways"
	}
	return counts[len(counts)-1]
}

func printedAlone(g grid, columns, column int, measure string) string {
	switch measure {
	case "count":
		return g.rows[column+1][1]
	case "percent":
		return g.rows[column+1][2]
	}
	label := map[string]string{"base": "Base", "mean": "Mean score", "net": "Net score (percentage points)"}[measure]
	for _, row := range g.rows[columns+1:] {
		if row[0] == label {
			return row[1]
		}
	}
	return "missing"
}

// The page, the CSV file and the JSON file of a release hold the same figures, and nothing that is hidden is anywhere.
func TestPageAndFilesHoldTheSameFigures(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	id := w.released(t, w.closed(t, "library", 260), agreement.ID, "satisfied", "satisfied|home", "satisfied|age_band", "member", "member|home")
	path := "/partner/releases/" + id

	var file struct {
		Tables []consult.ReleaseTable `json:"tables"`
		CSV    struct{ SHA256 string }
	}
	raw := w.reader.Get(path + "/release.json")
	if err := json.Unmarshal([]byte(raw.Body), &file); err != nil {
		t.Fatal(err)
	}
	sums := sum(raw.Body)
	download := w.reader.Get(path + "/release.csv")
	if file.CSV.SHA256 != sum(download.Body) {
		t.Error("the JSON file names another checksum of the CSV file")
	}
	lines, err := csv.NewReader(strings.NewReader(download.Body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := w.reader.Get(path)
	list, err := seal.OpenNote([]byte(w.reader.Get(path+"/release.sums.txt").Body), w.Service.FileKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{sums, file.CSV.SHA256} {
		if !strings.Contains(list, s+"  release-"+id+".") {
			t.Error("the signed list does not have the checksum of a file")
		}
	}
	for _, format := range []string{"pdf", "xlsx", "fr.ods", "page", "../x"} {
		if a := w.reader.Get(path + "/release." + format); a.Status != 404 {
			t.Errorf("release.%s: %d", format, a.Status)
		}
	}
	tables := map[string]consult.ReleaseTable{}
	for _, table := range file.Tables {
		tables[table.ID] = table
	}
	gs, hidden := grids(t, p), 0
	for _, line := range lines[1:] {
		f := figure{line[1], line[5], line[7], line[8]}
		if got := printed(gs, tables[f.table], f); got != line[9] {
			t.Errorf("%+v: the page says %q, the CSV file %q", f, got, line[9])
		}
		if line[9] == string(consult.Hidden) {
			hidden++
		}
	}
	if hidden < 5 || len(lines) < 100 {
		t.Fatalf("%d lines, %d hidden figures: nothing is proved", len(lines), hidden)
	}
	office := w.approver.Get("/office/releases/" + id)
	if a, b := grids(t, office), gs; len(a) != len(b) {
		t.Errorf("the office shows %d tables, the partner's page %d", len(a), len(b))
	} else {
		for i := range a {
			if strings.Join(flat(a[i]), "|") != strings.Join(flat(b[i]), "|") {
				t.Errorf("table %d: the office does not show what the partner sees", i)
			}
		}
	}
	chartsOfShownRows(t, p, tables)
}

func flat(g grid) []string {
	var out []string
	for _, r := range g.rows {
		out = append(out, r...)
	}
	return out
}

func sum(body string) string {
	s := sha256.Sum256([]byte(body))
	return hex.EncodeToString(s[:])
}

// chartsOfShownRows fails if a chart is drawn of a row with a hidden count: bars would show what the table does not.
func chartsOfShownRows(t testing.TB, a *uitest.Answer, tables map[string]consult.ReleaseTable) {
	t.Helper()
	drawn := 0
	for id, table := range tables {
		for i, r := range table.Rows {
			whole := r.Base != consult.Hidden
			for _, c := range r.Counts {
				whole = whole && c != consult.Hidden
			}
			chart := `aria-labelledby="table-` + id + "-chart"
			if table.By != "" {
				chart += "-" + string(rune('0'+i))
			}
			found := strings.Contains(a.Body, chart+"-title")
			if found {
				drawn++
			}
			if found && !whole {
				t.Errorf("%s, %s: a bar is drawn though a figure is hidden", id, r.Code)
			}
		}
	}
	if drawn == 0 {
		t.Error("no chart at all: nothing is proved")
	}
}

// Every file can be traced, kept by no cache, and named by nothing that somebody typed.
func TestDownloads(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	id := w.released(t, w.closed(t, "library", 120), agreement.ID, "satisfied")
	for _, c := range []struct{ format, kind string }{{"csv", "text/csv"}, {"json", "application/json"}} {
		for _, prefix := range []string{"", "/cy"} {
			a := w.reader.Get(prefix + "/partner/releases/" + id + "/release." + c.format)
			h := a.Header
			if a.Status != 200 || !strings.HasPrefix(h.Get("Content-Type"), c.kind) || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %d %v", a.Path, a.Status, h)
			}
			if got, want := h.Get("Content-Disposition"), `attachment; filename="release-`+id+"."+c.format+`"`; got != want {
				t.Errorf("Content-Disposition %q, want %q", got, want)
			}
		}
	}
	formats := map[string]int{}
	err := w.Store.View(context.Background(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			if e.Action == "release.open" && e.Object == "release:"+id && e.Actor.Kind == "partner" {
				formats[e.Detail["format"]]++
			}
			return nil
		})
	})
	if err != nil || formats["csv"] != 2 || formats["json"] != 2 {
		t.Errorf("audited %v, %v: every download is in the log", formats, err)
	}
}
