package tables

import (
	"strconv"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// drawn is a row that may be drawn: every one of its figures is shown.
type drawn struct {
	counts []int
	shown  []string // as printed beside the bar
}

// draw reads the printed counts of a row. ok is false where any figure is hidden or missing: the length of a bar, or the
// gap that a missing one leaves, would give a hidden figure away.
func draw(r consult.ReleaseRow, columns int) (out drawn, ok bool) {
	sum := 0
	for i := range columns {
		n, err := strconv.Atoi(string(at(r.Counts, i)))
		if err != nil || n < 0 {
			return drawn{}, false
		}
		out.counts = append(out.counts, n)
		sum += n
		share := at(r.Percent, i)
		if _, err := strconv.ParseFloat(string(share), 64); err == nil {
			out.shown = append(out.shown, string(share)+"%")
		} else {
			out.shown = append(out.shown, strconv.Itoa(n))
		}
	}
	base, err := strconv.Atoi(string(r.Base))
	return out, err == nil && base > 0 && sum > 0
}

// chart draws everybody together: a scale as one bar in the order of its answers, other questions as bars side by side.
func (b builder) chart(t *Table) {
	if len(b.Rows) == 0 || len(b.Columns) == 0 {
		return
	}
	row, ok := draw(b.Rows[0], len(b.Columns))
	if !ok {
		return
	}
	title := b.page.T("release.table.chart")
	if b.Scale {
		t.Bar = &page.StackedBar{ID: t.ID + "-chart", Title: title, Desc: b.sentence(row), Segments: b.segments(row)}
		return
	}
	t.Bars = &page.BarChart{ID: t.ID + "-chart", Title: title, Desc: b.sentence(row)}
	for i, c := range b.Columns {
		t.Bars.Bars = append(t.Bars.Bars, page.Bar{Label: c.Label.In(b.page.Lang), Value: float64(row.counts[i]), Shown: row.shown[i]})
	}
}

// groups draws a scale group by group, and names the groups that cannot be drawn.
func (b builder) groups() *Groups {
	if !b.Scale {
		return nil
	}
	out := &Groups{Title: b.page.T("release.table.chart")}
	for i, r := range b.Rows {
		label := r.Label.In(b.page.Lang)
		row, ok := draw(r, len(b.Columns))
		if !ok {
			out.Left = append(out.Left, label)
			continue
		}
		out.Bars = append(out.Bars, GroupBar{Label: label, Base: string(r.Base), Bar: page.StackedBar{
			ID: "table-" + b.ID + "-chart-" + strconv.Itoa(i), Title: label, Desc: b.sentence(row), Segments: b.segments(row)}})
	}
	if len(out.Bars) == 0 {
		return nil
	}
	out.Key = b.segments(drawn{counts: make([]int, len(b.Columns)), shown: make([]string, len(b.Columns))})
	return out
}

func (b builder) segments(row drawn) []page.Segment {
	out := make([]page.Segment, 0, len(b.Columns))
	for i, c := range b.Columns {
		out = append(out, page.Segment{Label: c.Label.In(b.page.Lang), Value: float64(row.counts[i]), Shown: row.shown[i], Class: b.colour(c)})
	}
	return out
}

// sentence says the figures to those who do not see the chart.
func (b builder) sentence(row drawn) string {
	said := make([]string, 0, len(b.Columns))
	for i, c := range b.Columns {
		said = append(said, c.Label.In(b.page.Lang)+" "+row.shown[i])
	}
	return strings.Join(said, ", ")
}

// bandColours are those of answers that the ladder put together: they have no score of their own.
var bandColours = map[string]string{"band_positive": "s5", "band_negative": "s1", "band_not_positive": "s1"}

// colour follows the order of the scale; what is not on it stands apart.
func (b builder) colour(c consult.ReleaseColumn) string {
	switch {
	case c.Score >= 1 && c.Score <= 5:
		return "s" + strconv.Itoa(c.Score)
	case bandColours[c.Code] != "":
		return bandColours[c.Code]
	case b.banded():
		if c.Code == survey.CodeNotAnswered || c.Code == survey.CodePreferNot || c.Code == survey.CodeDontKnow {
			return "none"
		}
		return "s3"
	}
	return "none"
}

// banded reports whether the answers of a scale were put together.
func (b builder) banded() bool {
	for _, c := range b.Columns {
		if bandColours[c.Code] != "" {
			return true
		}
	}
	return false
}
