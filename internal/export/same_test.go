package export_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/export/exporttest"
	"folkmoot/internal/locale"
)

// anyText is a text as councils write it, and as nobody should.
func anyText(t *rapid.T, label string) locale.Text {
	word := rapid.SampledFrom([]string{"Ward", "Siop & llyfrgell", "<b>bold</b>", "=1+2", "\"quoted\"", "Ŵyl y môr", "a very long answer that has to be broken into several lines of a chart", "' --", "50%"})
	return locale.Text{locale.English: word.Draw(t, label), locale.Welsh: word.Draw(t, label+" (cy)")}
}

// anyRelease draws a release as protection may make one: any figure but the headline base may be hidden, any may be missing.
func anyRelease(t *rapid.T) (*consult.Release, consult.ReleaseFacts) {
	r, f := release()
	r.Tables = nil
	cell := func(label string, from, to int) consult.ReleaseCell {
		if rapid.IntRange(0, 3).Draw(t, label+" hidden") == 0 {
			return consult.Hidden
		}
		return consult.ReleaseCell(strconv.Itoa(rapid.IntRange(from, to).Draw(t, label)))
	}
	tenths := func(label string, from, to int) consult.ReleaseCell {
		if rapid.IntRange(0, 3).Draw(t, label+" hidden") == 0 {
			return consult.Hidden
		}
		return consult.ReleaseCell(strconv.FormatFloat(float64(rapid.IntRange(from, to).Draw(t, label))/10, 'f', 1, 64))
	}
	noisy := rapid.Bool().Draw(t, "noise")
	for i := range rapid.IntRange(1, 3).Draw(t, "tables") {
		table := consult.ReleaseTable{ID: fmt.Sprintf("q_%d", i), Question: "q", Wording: anyText(t, "wording"), Scale: rapid.Bool().Draw(t, "scale")}
		if rapid.Bool().Draw(t, "by") {
			table.By, table.ByWording = "ward", anyText(t, "by")
			if rapid.Bool().Draw(t, "then by") {
				table.ThenBy = "age"
			}
		}
		if rapid.Bool().Draw(t, "note") {
			table.Notes = []locale.Text{anyText(t, "note")}
		}
		for c := range rapid.IntRange(1, 6).Draw(t, "columns") {
			table.Columns = append(table.Columns, consult.ReleaseColumn{Code: fmt.Sprintf("c%d", c), Label: anyText(t, "column")})
		}
		for n := range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := consult.ReleaseRow{Code: fmt.Sprintf("g%d", n), Label: anyText(t, "row"), Base: cell("base", 10, 5000)}
			if table.ThenBy != "" {
				row.Code, row.Then = fmt.Sprintf("g%d", n/2), fmt.Sprintf("a%d", n%2)
			}
			for range table.Columns {
				row.Counts = append(row.Counts, cell("count", 0, 5000))
				row.Percent = append(row.Percent, tenths("percent", 0, 1000))
			}
			if table.Scale {
				row.Mean, row.Net = tenths("mean", 10, 50), tenths("net", -1000, 1000)
			}
			if noisy && row.Base != consult.Hidden {
				row.BaseMargin = consult.ReleaseCell(strconv.Itoa(rapid.IntRange(5, 50).Draw(t, "base margin")))
				for i := range table.Columns {
					margin, points := cell("margin", 5, 50), tenths("points", 1, 200)
					if row.Counts[i] == consult.Hidden || margin == consult.Hidden || points == consult.Hidden {
						margin, points = "", ""
					}
					row.Margins, row.Points = append(row.Margins, margin), append(row.Points, points)
				}
			}
			table.Rows = append(table.Rows, row)
		}
		r.Tables = append(r.Tables, table)
	}
	return r, f
}

// TestAllFilesHaveTheSameFigures: random releases, all files, both languages (issue point 9; stop-ship rule of disclosure.md section 5).
func TestAllFilesHaveTheSameFigures(t *testing.T) {
	r, f := release()
	if n := exporttest.Compare(t, r, f); n != 17 {
		t.Errorf("%d figures compared", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		r, f := anyRelease(t)
		if exporttest.Compare(t, r, f) == 0 {
			t.Fatalf("no figures")
		}
	})
}

// svg is a chart as far as it can give something away.
type svg struct {
	title, desc string
	bars        []float64
	texts       []string
	titles      int
}

func readSVG(t *testing.T, content []byte) (out svg) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(content))
	in := ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			in = x.Name.Local
			if in == "title" {
				out.titles++
			}
			attrs := map[string]string{}
			for _, a := range x.Attr {
				attrs[a.Name.Local] = a.Value
			}
			if in == "rect" && attrs["class"] == "b" {
				w, err := strconv.ParseFloat(attrs["width"], 64)
				if err != nil {
					t.Fatal(err)
				}
				out.bars = append(out.bars, w)
			}
			if in == "svg" && (attrs["role"] != "img" || attrs["aria-labelledby"] != "chart-title chart-desc") {
				t.Errorf("not named for who hears it: %v", attrs)
			}
		case xml.CharData:
			switch in {
			case "title":
				out.title += string(x)
			case "desc":
				out.desc += string(x)
			case "text", "tspan":
				out.texts = append(out.texts, string(x))
			}
		case xml.EndElement:
			in = ""
		}
	}
}

// TestChartsShowNothingHidden (disclosure.md A26): there are as many bars as shown percentages over 0, each as long as the printed figure; a chart
// with a figure hidden is the other less that figure, with everything else in its place; nothing but the one title and the shown figures is said.
func TestChartsShowNothingHidden(t *testing.T) {
	r, f := release()
	table := &r.Tables[0]
	table.Rows[1] = consult.ReleaseRow{Code: "w1", Label: table.Rows[1].Label, Base: "25", Counts: []consult.ReleaseCell{"10", "15"}, Percent: []consult.ReleaseCell{"41.5", "58.5"}, Mean: "2.2", Net: "-17.0"}
	draw := func() (string, svg) {
		file, err := export.ReleaseFile(r, f, "en.table-1.svg")
		if err != nil {
			t.Fatal(err)
		}
		return string(file.Content), readSVG(t, file.Content)
	}
	before, whole := draw()
	if want := []float64{36 * 2.9, 64 * 2.9, 41.5 * 2.9, 58.5 * 2.9}; !slices.EqualFunc(whole.bars, want, func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }) {
		t.Errorf("bars %v, want %v", whole.bars, want)
	}
	if !strings.Contains(whole.desc, "North & East: Satisfied 41.5%, =Dissatisfied 58.5%.") {
		t.Errorf("described as %q", whole.desc)
	}
	table.Rows[1].Counts[0], table.Rows[1].Percent[0], table.Rows[1].Mean, table.Rows[1].Net = "[c]", "[c]", "[c]", "[c]"
	after, part := draw()
	if len(part.bars) != 3 || part.titles != 1 {
		t.Errorf("%d bars, %d titles", len(part.bars), part.titles)
	}
	for _, gone := range []string{"41.5", "120.35", "2.2", "-17.0"} {
		if strings.Contains(after, gone) {
			t.Errorf("%s is left", gone)
		}
	}
	if n := slices.Index(whole.texts, "41.5"); n < 0 || part.texts[n] != "[c]" {
		t.Error("the figure is not replaced by the symbol")
	}
	// the rest stands where it stood: neither order nor place says anything
	places := regexp.MustCompile(`<text class="[gl]" x="\d+" y="\d+">[^<]*`)
	if a, b := places.FindAllString(before, -1), places.FindAllString(after, -1); len(a) < 6 || !slices.Equal(a, b) {
		t.Errorf("labels moved:\n%v\n%v", a, b)
	}
	// and the chart of a release does not depend on what is hidden: it is made from printed figures, of which these are all
	table.Rows[1].Percent[0] = "0"
	if _, zero := draw(); len(zero.bars) != 3 {
		t.Errorf("a bar for nobody: %v", zero.bars)
	}
}

// TestThePageStandsAlone: nothing is fetched, no text is markup, and both languages are whole.
func TestThePageStandsAlone(t *testing.T) {
	r, f := release()
	r.Title[locale.English] = "<script>alert(1)</script>"
	for l, words := range map[locale.Lang][]string{
		locale.English: {`<html lang="en">`, "&lt;script&gt;", "How the figures were protected", "All other counts are rounded.", "Answers are grouped.", "North &amp; East", "2 March 2026", "@media print"},
		locale.Welsh:   {`<html lang="cy">`, "Oriau’r llyfrgell", "Mae pob cyfrif arall wedi’i dalgrynnu.", "Gogledd a Dwyrain", "2 Mawrth 2026"},
	} {
		file, err := export.ReleaseFile(r, f, string(l)+".html")
		if err != nil {
			t.Fatal(err)
		}
		text := string(file.Content)
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is missing", l, w)
			}
		}
		for _, bad := range []string{"<script", "http://", "https://", "url(", "ZgotmplZ", "staff-secret", "hash-of-responses", "export."} {
			if strings.Contains(strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""), bad) {
				t.Errorf("%s: holds %q", l, bad)
			}
		}
	}
}
