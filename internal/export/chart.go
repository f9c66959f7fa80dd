package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

// The chart of a table, in pixels. It is drawn here and not by the pages' charts, because a file has no style sheet and no phone to fit:
// everything is in it, at one width.
const (
	chartWidth  = 720
	chartEdge   = 16
	chartLine   = 18  // of text
	chartBar    = 14  // height of a bar
	chartFrom   = 290 // left end of the bars
	chartFull   = 290 // length of 100%
	chartPeople = 640 // right end of the count
	chartShare  = chartWidth - chartEdge
	chartAcross = 86 // characters of a line of text from edge to edge, at 13 pixels a rather wide one
	chartLabel  = 36 // characters of an answer
)

// drawing is a chart while it grows downwards.
type drawing struct {
	strings.Builder
	y int
}

// text writes wrapped lines at the left edge.
func (d *drawing) text(s, class string, width int) {
	for _, line := range wrap(s, width) {
		d.y += chartLine
		fmt.Fprintf(d, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", class, chartEdge, d.y, escape(line))
	}
}

// number writes a figure that ends at x, between signs that are no part of the figure.
func (d *drawing) number(x int, before string, c consult.ReleaseCell, after string) {
	if c == "" {
		return
	}
	if c == consult.Hidden {
		after = ""
	}
	fmt.Fprintf(d, "<text class=\"n\" x=\"%d\" y=\"%d\">%s<tspan class=\"f\">%s</tspan>%s</text>\n", x, d.y, before, escape(string(c)), after)
}

// chartOf draws a table: under each group a bar for each answer whose percentage is shown, as long as the printed percentage, and beside it
// the printed figures. A hidden figure has its symbol and nothing else: no bar, however short, no title, and no place in an order, for groups and
// answers stand as in the table (disclosure.md A26). id makes its ids unique on a page.
func chartOf(t *consult.ReleaseTable, number int, f consult.ReleaseFacts, l locale.Lang, id string) string {
	say := func(key string, args ...any) string { return catalogue().T(l, key, args...) }
	title := say("export.chart.title", "Number", number, "Table", caption(*t, l, say))
	d := &drawing{y: chartEdge}
	d.text(title, "t", 72)
	d.text(say("export.chart.source", "Council", f.Council.In(l), "Consultation", f.Consultation.In(l), "Date", date(l, f.SnapshotOn)), "s", chartAcross)
	d.y += chartLine
	fmt.Fprintf(d, "<text class=\"s n\" x=\"%d\" y=\"%d\">%s</text>\n<text class=\"s n\" x=\"%d\" y=\"%d\">%%</text>\n",
		chartPeople, d.y, escape(say("export.workbook.base")), chartShare, d.y)
	hidden := false
	for r := range t.Rows {
		hidden = d.group(t, &t.Rows[r], l, say) || hidden
	}
	d.y += chartLine / 2
	d.text(say("export.chart.scale"), "s", chartAcross)
	if noisy(t) {
		d.text(say("export.chart.margin"), "s", chartAcross)
	}
	if hidden {
		d.text(say("export.chart.hidden", "Symbol", string(consult.Hidden)), "s", chartAcross)
	}
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"%[1]s-title %[1]s-desc\" lang=\"%[2]s\""+
		" width=\"%[3]d\" height=\"%[4]d\" viewBox=\"0 0 %[3]d %[4]d\">\n<title id=\"%[1]s-title\">%[5]s</title>\n<desc id=\"%[1]s-desc\">%[6]s</desc>\n"+
		"<style>%[7]s</style>\n<rect class=\"w\" width=\"100%%\" height=\"100%%\"/>\n%[8]s</svg>\n",
		id, l, chartWidth, d.y+chartEdge, escape(title), escape(said(t, l, say)), chartStyle, d.String())
}

const chartStyle = `.w{fill:#fff}text{font:13px Arial,Helvetica,sans-serif;fill:#0b0c0c}` +
	`.t{font-size:16px;font-weight:bold}.g{font-weight:bold}.s{fill:#484949}.n{text-anchor:end}` +
	`.b{fill:#1d70b8;stroke:#0b0c0c;stroke-width:.5}.a{stroke:#0b0c0c}`

// group draws one row of the table. It reports whether any of its figures is hidden.
func (d *drawing) group(t *consult.ReleaseTable, row *consult.ReleaseRow, l locale.Lang, say func(string, ...any) string) (hidden bool) {
	d.y += chartLine / 2
	d.text(row.Label.In(l), "g", 60)
	for _, m := range first {
		value := m.of(row, -1)
		hidden = hidden || value == consult.Hidden
		if m.name == measureBaseMargin {
			d.margin(chartPeople, value)
		} else {
			d.number(chartPeople, "", value, "")
		}
	}
	top := d.y + 4
	for c := range t.Columns {
		d.text(t.Columns[c].Label.In(l), "l", chartLabel)
		for _, m := range answer {
			value := m.of(row, c)
			hidden = hidden || value == consult.Hidden
			switch m.name {
			case measurePercent:
				d.bar(value, at(row.Points, c))
				d.number(chartShare, "", value, "%")
			case measureCount:
				d.number(chartPeople, "", value, "")
			case measureMargin:
				d.margin(chartPeople, value)
			case measurePoints: // on the line of the other margin
				d.number(chartShare, "±", value, "")
			}
		}
	}
	fmt.Fprintf(d, "<line class=\"a\" x1=\"%[1]d\" x2=\"%[1]d\" y1=\"%[2]d\" y2=\"%[3]d\"/>\n", chartFrom, top, d.y+5)
	for _, m := range last {
		if value := m.of(row, -1); value != "" {
			hidden = hidden || value == consult.Hidden
			d.text(say("export.workbook."+m.name), "l", chartLabel)
			d.number(chartPeople, "", value, "")
		}
	}
	return hidden
}

// margin writes a margin of error on a line of its own under its figure.
func (d *drawing) margin(x int, c consult.ReleaseCell) {
	if c != "" {
		d.y += chartLine
		d.number(x, "±", c, "")
	}
}

// bar draws a shown percentage, and how far its margin goes to both sides.
func (d *drawing) bar(value, points consult.ReleaseCell) {
	share, err := strconv.ParseFloat(string(value), 64)
	if err != nil {
		return
	}
	long := func(share float64) string {
		return strconv.FormatFloat(min(max(share, 0), 100)*chartFull/100, 'f', -1, 64)
	}
	if share > 0 {
		fmt.Fprintf(d, "<rect class=\"b\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\"/>\n", chartFrom, d.y-chartBar+3, long(share), chartBar)
	}
	if off, err := strconv.ParseFloat(string(points), 64); err == nil {
		y := d.y - chartBar/2 + 3
		fmt.Fprintf(d, "<path class=\"a\" transform=\"translate(%d %d)\" d=\"M%[3]s 0H%[4]sM%[3]s -4V4M%[4]s -4V4\"/>\n", chartFrom, y, long(share-off), long(share+off))
	}
}

// said says the shown percentages to those who do not see the chart. The whole table stands beside it in the HTML file.
func said(t *consult.ReleaseTable, l locale.Lang, say func(string, ...any) string) string {
	out := []string{say("export.chart.scale")}
	for r := range t.Rows {
		var shown []string
		for c := range t.Columns {
			if value := at(t.Rows[r].Percent, c); value != "" && value != consult.Hidden {
				shown = append(shown, t.Columns[c].Label.In(l)+" "+string(value)+"%")
			}
		}
		if len(shown) > 0 {
			out = append(out, t.Rows[r].Label.In(l)+": "+strings.Join(shown, ", ")+".")
		}
	}
	return strings.Join(out, " ")
}

// wrap breaks a text between words into lines of at most so many characters; a longer word has a line of its own.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// chartFile writes the chart of the i-th table.
func chartFile(l locale.Lang, i int) func(io.Writer, *consult.Release, consult.ReleaseFacts) error {
	return func(w io.Writer, r *consult.Release, f consult.ReleaseFacts) error {
		_, err := io.WriteString(w, chartOf(&r.Tables[i], i+1, f, l, "chart"))
		return err
	}
}
