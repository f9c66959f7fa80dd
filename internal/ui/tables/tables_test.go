package tables_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
	"folkmoot/internal/ui/uitest"
)

// inPage runs fn with a page in the language.
func inPage(t *testing.T, l locale.Lang, fn func(p *page.Page)) {
	t.Helper()
	w := uitest.New(t)
	w.Kit.Routes(page.Office, "").Get("/tables", func(c *fiber.Ctx) error {
		fn(w.Kit.Page(c, "release.title"))
		return c.SendString("done")
	})
	path := "/tables"
	if l == locale.Welsh {
		path = "/cy/tables"
	}
	if a := w.Browser(t).Get(path); a.Body != "done" {
		t.Fatalf("%s: %d", path, a.Status)
	}
}

func text(en string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: en + " (cy)"} }

func cells(values ...string) []consult.ReleaseCell {
	out := make([]consult.ReleaseCell, len(values))
	for i, v := range values {
		out[i] = consult.ReleaseCell(v)
	}
	return out
}

// scale is a table of a scale by ward. In the second group one answer is hidden, in the third the base.
func scale() consult.ReleaseTable {
	return consult.ReleaseTable{ID: "q_s_by_ward", Question: "s", Wording: text("How satisfied?"), By: "ward", ByWording: text("Ward"), Scale: true,
		Columns: []consult.ReleaseColumn{{Code: "good", Label: text("Good"), Score: 5}, {Code: "bad", Label: text("Bad"), Score: 1}, {Code: "dont_know", Label: text("Don't know")}},
		Rows: []consult.ReleaseRow{
			{Code: "total", Label: text("All responses"), Base: "101", Counts: cells("61", "30", "10"), Percent: cells("60", "30", "10"), Mean: "3.9", Net: "30.7"},
			{Code: "north", Label: text("North"), Base: "60", Counts: cells("[c]", "25", "[c]"), Percent: cells("[c]", "42", "[c]"), Mean: "[c]", Net: "[c]"},
			{Code: "south", Label: text("South"), Base: "[c]", Counts: cells("[c]", "[c]", "[c]"), Percent: cells("[c]", "[c]", "[c]"), Mean: "[c]", Net: "[c]"},
			{Code: "west", Label: text("West"), Base: "15", Counts: cells("10", "5", "0"), Percent: cells("[c]", "[c]", "[c]"), Mean: "[c]", Net: "[c]"},
		}}
}

// Disclosure.md A26: a chart is drawn from the shown figures only, and not at all for a row with a hidden count: what the other bars
// leave free would be its length.
func TestBarsShowNothingThatIsHidden(t *testing.T) {
	inPage(t, locale.English, func(p *page.Page) {
		got := tables.Of(p, []consult.ReleaseTable{scale()})[0]
		if got.Groups == nil {
			t.Fatal("no bars at all, though two groups are shown whole")
		}
		var drawn []string
		for _, b := range got.Groups.Bars {
			drawn = append(drawn, b.Label)
		}
		if !slices.Equal(drawn, []string{"All responses", "West"}) || !slices.Equal(got.Groups.Left, []string{"North", "South"}) {
			t.Errorf("drawn %v, left out %v", drawn, got.Groups.Left)
		}
		all, west := got.Groups.Bars[0].Bar, got.Groups.Bars[1].Bar
		for i, want := range []float64{61, 30, 10} {
			if all.Segments[i].Value != want {
				t.Errorf("segment %d is %v long, want the printed count %v", i, all.Segments[i].Value, want)
			}
		}
		if all.Desc != "Good 60%, Bad 30%, Don't know 10%" {
			t.Errorf("described as %q", all.Desc)
		}
		if west.Desc != "Good 10, Bad 5, Don't know 0" {
			t.Errorf("without percentages the printed counts are said, not shares worked out from them (R5): %q", west.Desc)
		}
		if !got.Hidden {
			t.Error("the page must explain [c]")
		}
	})
}

func TestGroupsWithoutAWholeRowAreNotDrawn(t *testing.T) {
	inPage(t, locale.English, func(p *page.Page) {
		table := scale()
		table.Rows = table.Rows[1:3]
		if got := tables.Of(p, []consult.ReleaseTable{table})[0]; got.Groups != nil {
			t.Errorf("drawn %+v", got.Groups)
		}
		single := scale()
		single.By, single.ByWording = "", nil
		single.Rows = single.Rows[1:2]
		if got := tables.Of(p, []consult.ReleaseTable{single})[0]; got.Bar != nil || got.Bars != nil {
			t.Error("a headline with a hidden count is drawn")
		}
	})
}

// Every printed figure is on the page, as printed, in both languages.
func TestEveryFigureIsPrintedAsItIs(t *testing.T) {
	for _, l := range locale.Langs() {
		inPage(t, l, func(p *page.Page) {
			table := scale()
			got := tables.Of(p, []consult.ReleaseTable{table, table})
			if len(got[0].Parts) != 2 {
				t.Fatalf("%d parts, want percentages and counts", len(got[0].Parts))
			}
			percent, counts := got[0].Parts[0].Table, got[0].Parts[1].Table
			for i, r := range table.Rows {
				want := append(append([]consult.ReleaseCell{}, r.Percent...), r.Mean, r.Net, r.Base)
				check(t, percent.Rows[i], r.Label.In(l), want)
				check(t, counts.Rows[i], r.Label.In(l), append(append([]consult.ReleaseCell{}, r.Counts...), r.Base))
			}
			if percent.Caption == counts.Caption || got[0].Parts[0].Table.Caption == got[1].Parts[0].Table.Caption {
				t.Error("two tables of one name: nobody who hears them can tell them apart")
			}
			if !strings.Contains(got[0].Heading, "1") || !strings.Contains(got[1].Heading, "2") {
				t.Errorf("tables are not numbered: %q, %q", got[0].Heading, got[1].Heading)
			}
		})
	}
}

func check(t *testing.T, row page.Row, label string, want []consult.ReleaseCell) {
	t.Helper()
	if row.Cells[0].Text != label || len(row.Cells) != len(want)+1 {
		t.Fatalf("row %+v, want %s with %d figures", row, label, len(want))
	}
	for i, w := range want {
		if row.Cells[i+1].Text != string(w) {
			t.Errorf("%s, figure %d: %q, want %q", label, i, row.Cells[i+1].Text, w)
		}
	}
}

// What the ladder put together has no score; it keeps the colours of the ends of the scale, and answers off the scale stand apart.
func TestBandsHaveTheColoursOfTheScale(t *testing.T) {
	inPage(t, locale.English, func(p *page.Page) {
		table := scale()
		table.By, table.ByWording, table.Rows = "", nil, table.Rows[:1]
		table.Columns = []consult.ReleaseColumn{{Code: "band_positive"}, {Code: "neither"}, {Code: "band_negative"}, {Code: "dont_know"}, {Code: "not_answered"}}
		table.Rows[0].Counts, table.Rows[0].Percent = cells("40", "20", "30", "10", "1"), cells("40", "20", "30", "10", "1")
		var colours []string
		for _, s := range tables.Of(p, []consult.ReleaseTable{table})[0].Bar.Segments {
			colours = append(colours, s.Class)
		}
		if want := []string{"s5", "s3", "s1", "none", "none"}; !slices.Equal(colours, want) {
			t.Errorf("colours %v, want %v", colours, want)
		}
	})
}
