//go:build !race

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// releaseJSON is the JSON file of a release as somebody reads it who has nothing but the file.
type releaseJSON struct {
	Share struct {
		Cells  int `json:"counts"`
		Hidden int `json:"counts_hidden"`
	} `json:"figures"`
	CSV struct {
		SHA256 string `json:"sha256"`
	} `json:"csv"`
	Tables []struct {
		ID      string `json:"id"`
		Columns []struct {
			Code string `json:"code"`
		} `json:"columns"`
		Rows []struct {
			Code    string   `json:"code"`
			Base    string   `json:"base"`
			Counts  []string `json:"counts"`
			Percent []string `json:"percent"`
			Mean    string   `json:"mean"`
			Net     string   `json:"net"`
		} `json:"rows"`
	} `json:"tables"`
}

// place is where a figure stands: table, row, column and measure, as codes or as words.
type place struct{ table, row, column, measure string }

// sameJSON fails unless the JSON file has the figures of the CSV file, no more and no fewer, and counts and names it rightly.
func sameJSON(t *testing.T, file, csvFile string, figures []figure) {
	t.Helper()
	var p releaseJSON
	if err := json.Unmarshal([]byte(file), &p); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256([]byte(csvFile)); hex.EncodeToString(sum[:]) != p.CSV.SHA256 {
		t.Errorf("the JSON names SHA-256 %s, the file has %x", p.CSV.SHA256, sum)
	}
	got, want := map[place]string{}, map[place]string{}
	put := func(at place, value string) {
		if value != "" {
			got[at] = value
		}
	}
	for _, table := range p.Tables {
		for _, row := range table.Rows {
			put(place{table.ID, row.Code, "", "base"}, row.Base)
			put(place{table.ID, row.Code, "", "mean"}, row.Mean)
			put(place{table.ID, row.Code, "", "net"}, row.Net)
			for i, c := range table.Columns {
				put(place{table.ID, row.Code, c.Code, "count"}, row.Counts[i])
				put(place{table.ID, row.Code, c.Code, "percent"}, row.Percent[i])
			}
		}
	}
	cells, hidden := 0, 0
	for _, f := range figures {
		want[place{f.table, f.row, f.column, f.measure}] = f.value
		if f.measure == "base" || f.measure == "count" {
			if cells++; f.value == "[c]" {
				hidden++
			}
		}
	}
	if p.Share.Cells != cells || p.Share.Hidden != hidden {
		t.Errorf("the JSON speaks of %d figures, %d hidden; the CSV has %d and %d", p.Share.Cells, p.Share.Hidden, cells, hidden)
	}
	sameFigures(t, "the JSON", got, want)
}

// sameFigures compares what a file or page shows with the CSV.
func sameFigures(t *testing.T, what string, got, want map[place]string) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	for at, value := range want {
		if got[at] != value {
			t.Errorf("%s: %v is %q, in the CSV %q", what, at, got[at], value)
		}
	}
	for at, value := range got {
		if _, ok := want[at]; !ok {
			t.Errorf("%s: %v is %q, and is not in the CSV", what, at, value)
		}
	}
}

// samePage fails unless the tables of the partner's page have the figures of the CSV file, found by the words beside them.
func samePage(t *testing.T, body string, figures []figure) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	reader := pageReader{figures: map[place]string{}}
	reader.walk(root)
	want := map[place]string{}
	for _, f := range figures {
		at := place{f.table, f.rowLabel, f.columnLabel, f.measure}
		if _, twice := want[at]; twice {
			t.Fatalf("%v stands twice in the CSV: words do not tell figures apart", at)
		}
		want[at] = f.value
	}
	if len(reader.problems) > 0 {
		t.Errorf("the page: %s", strings.Join(reader.problems, "; "))
	}
	sameFigures(t, "the page", reader.figures, want)
}

// pageReader collects the figures of a page's tables.
type pageReader struct {
	table    string // of the heading last met
	figures  map[place]string
	problems []string
}

func (r *pageReader) walk(n *html.Node) {
	for _, a := range n.Attr {
		if id, ok := strings.CutPrefix(a.Val, "table-"); ok && n.Data == "h3" && a.Key == "id" {
			r.table = id
		}
	}
	if n.Data == "table" && r.table != "" {
		r.read(rowsOf(n, nil))
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c)
	}
}

// rowsOf lists the rows of a table as texts.
func rowsOf(n *html.Node, rows [][]string) [][]string {
	if n.Data == "tr" {
		var row []string
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				row = append(row, wordsOf(c))
			}
		}
		return append(rows, row)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		rows = rowsOf(c, rows)
	}
	return rows
}

func wordsOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var s strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.WriteString(wordsOf(c))
	}
	return strings.Join(strings.Fields(s.String()), " ")
}

// everybody is the row of all responses; ofRow are the figures of a whole row, by the words on the page.
const everybody = "All responses"

var ofRow = map[string]string{"Base": "base", "Mean score": "mean", "Net score (percentage points)": "net"}

// put notes a figure. A figure that stands twice, the base of both halves of a break-down, must be the same; a dash is no figure.
func (r *pageReader) put(row, column, measure, value string) {
	at := place{r.table, row, column, measure}
	if was, twice := r.figures[at]; twice && was != value {
		r.problems = append(r.problems, fmt.Sprintf("%v is %q and %q", at, was, value))
	}
	if value != "–" && value != "" {
		r.figures[at] = value
	}
}

// read reads one HTML table: a line for each answer, or a line for each group.
func (r *pageReader) read(rows [][]string) {
	head := rows[0]
	if head[0] == "Answer" {
		for _, row := range rows[1:] {
			if measure, ok := ofRow[row[0]]; ok {
				r.put(everybody, "", measure, row[1])
				continue
			}
			r.put(everybody, row[0], "count", row[1])
			r.put(everybody, row[0], "percent", row[2])
		}
		return
	}
	measure := "percent" // the first table of a break-down; the second has the counts
	if _, again := r.figures[place{r.table, everybody, "", "base"}]; again {
		measure = "count"
	}
	for _, row := range rows[1:] {
		for i, label := range head[1:] {
			if of, ok := ofRow[label]; ok {
				r.put(row[0], "", of, row[i+1])
			} else {
				r.put(row[0], label, measure, row[i+1])
			}
		}
	}
}
