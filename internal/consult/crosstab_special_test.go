package consult

import (
	"slices"
	"testing"

	"folkmoot/internal/survey"
)

func TestASpecialQuestionIsHiddenOnEitherSide(t *testing.T) {
	for _, row := range []struct {
		why        string
		rows, cols bool
		counts     [][]int // the last column: not answered
		hidden     []bool
	}{
		{"nothing is special", false, false, [][]int{{9, 1, 0}, {20, 20, 0}, {30, 30, 0}}, []bool{false, false, false}},
		{"special rows: a base under ten, and the next so that it cannot be subtracted", true, false,
			[][]int{{5, 4, 90}, {20, 1, 0}, {30, 30, 0}}, []bool{true, true, false}},
		{"special question: a cell under ten in a large group", false, true,
			[][]int{{50, 3, 0}, {20, 20, 0}, {30, 30, 0}}, []bool{true, true, false}},
		{"special question: an answer that nobody gave", false, true, [][]int{{50, 0, 0}, {20, 0, 0}, {30, 0, 0}}, []bool{false, false, false}},
	} {
		x := crossing{q: survey.Question{Kind: survey.Single}, counts: row.counts}
		x.rows = Dimension{Special: row.rows, Codes: []CodeLabel{{Code: "a"}, {Code: "b"}, {Code: "c"}}}
		x.cols = Dimension{Special: row.cols, Codes: []CodeLabel{{Code: "yes"}, {Code: "no"}, notAnswered()}}
		for _, n := range row.counts {
			x.bases, x.blank = append(x.bases, n[0]+n[1]+n[2]), append(x.blank, n[2])
		}
		tab, err := x.result()
		if err != nil {
			t.Fatal(err)
		}
		var hidden []bool
		for _, r := range tab.Rows {
			hidden = append(hidden, r.Hidden)
		}
		if !slices.Equal(hidden, row.hidden) {
			t.Errorf("%s: hidden %v, want %v", row.why, hidden, row.hidden)
		}
	}
}
