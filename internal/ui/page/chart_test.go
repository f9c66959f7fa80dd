package page_test

import (
	"testing"

	"folkmoot/internal/ui/page"
)

// TestLabelsFitTheirSegments: a figure stands inside its segment only where there is room for it on a phone; else the key and
// the table have it (interface.md 7).
func TestLabelsFitTheirSegments(t *testing.T) {
	for _, row := range []struct {
		share float64
		shown string
		fits  bool
		why   string
	}{
		{50, "50.3%", true, "half a bar has room for anything"},
		{12, "12%", true, "three characters"},
		{11.4, "11.4%", false, "five characters run over the edges of 38 pixels"},
		{10, "10%", false, "three characters touch the edges of 33 pixels"},
		{9, "9%", true, "two characters"},
		{8, "8%", false, "two characters touch the edges"},
		{0, "0%", false, "there is no segment"},
	} {
		bar := page.StackedBar{Segments: []page.Segment{{Value: row.share, Shown: row.shown}, {Value: 100 - row.share, Shown: "rest"}}}
		if got := bar.Slices()[0].Fits; got != row.fits {
			t.Errorf("%s at %v%%: fits %v, want %v (%s)", row.shown, row.share, got, row.fits, row.why)
		}
	}
}
