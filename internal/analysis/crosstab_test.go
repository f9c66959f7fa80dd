package analysis_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"folkmoot/internal/analysis"
	"folkmoot/internal/fault"
)

func TestCross(t *testing.T) {
	rows, cols := []string{"north", "south", "west"}, []string{"yes", "no"}
	x, err := analysis.Cross(rows, cols, []uint16{0, 0, 1, 1, 1}, []uint16{0, 1, 1, 1, 0})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(x.RowTotals, []int{2, 3, 0}) || !slices.Equal(x.ColTotals, []int{2, 3}) || x.Total != 5 {
		t.Errorf("margins %v %v %d", x.RowTotals, x.ColTotals, x.Total)
	}
	if x.Counts[1][1] != 2 || x.RowPercent(0, 0) != 50 || analysis.Round(x.ColPercent(1, 1), 1) != 66.7 {
		t.Errorf("%+v", x)
	}
	if x.RowPercent(2, 0) != 0 {
		t.Error("an empty row has no percentages")
	}
	if x.Distribution(1, analysis.Scale{}).All() != 3 || x.Overall(analysis.Scale{}).All() != 5 {
		t.Error("rows and totals as distributions")
	}
}

func TestCrossRefusesWhatItCannotCount(t *testing.T) {
	for why, c := range map[string][2][]uint16{
		"one person has no column":       {{0, 1}, {0}},
		"a row code outside the list":    {{2}, {0}},
		"a column code outside the list": {{0}, {9}},
	} {
		if _, err := analysis.Cross([]string{"a", "b"}, []string{"x"}, c[0], c[1]); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := analysis.Cross(nil, nil, nil, nil); err != nil {
		t.Errorf("nobody and nothing is an empty table: %v", err)
	}
}

func TestEqualityBreakdown(t *testing.T) {
	for _, c := range []struct {
		why    string
		groups []int
		hidden []bool
	}{
		{"all of ten or more: all shown", []int{10, 30, 11}, []bool{false, false, false}},
		{"two small groups hide each other", []int{9, 30, 5, 40}, []bool{true, false, true, false}},
		{"one small group: the next smallest too, else subtraction gives it", []int{9, 30, 11}, []bool{true, false, true}},
		{"an empty group is hidden like a small one", []int{0, 30, 12}, []bool{true, false, true}},
		{"two hidden with fewer than ten together: the next smallest too", []int{2, 3, 50, 20}, []bool{true, true, false, true}},
		{"a single small group cannot be shown at all", []int{9}, []bool{true}},
		{"one of two: both hidden", []int{4, 400}, []bool{true, true}},
	} {
		var rowOf, colOf []uint16
		rows := make([]string, len(c.groups))
		for g, n := range c.groups {
			rows[g] = string(rune('a' + g))
			for i := range n {
				rowOf, colOf = append(rowOf, uint16(g)), append(colOf, uint16(i%2))
			}
		}
		x, err := analysis.Cross(rows, []string{"y", "n"}, rowOf, colOf)
		if err != nil {
			t.Fatal(err)
		}
		b := analysis.BreakDown(x, analysis.Scale{})
		for g, group := range b.Groups {
			if group.Hidden != c.hidden[g] {
				t.Errorf("%s: group %d hidden %v", c.why, g, group.Hidden)
			}
			if group.Hidden && (group.Base != 0 || group.Distribution.All() != 0) {
				t.Errorf("%s: hidden group %d still carries figures", c.why, g)
			}
			if !group.Hidden && group.Base != c.groups[g] {
				t.Errorf("%s: group %d has base %d", c.why, g, group.Base)
			}
		}
	}
}

func BenchmarkCross100000(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	rows, cols := make([]string, 20), make([]string, 6)
	rowOf, colOf := make([]uint16, 100000), make([]uint16, 100000)
	for i := range rowOf {
		rowOf[i], colOf[i] = uint16(rng.IntN(20)), uint16(rng.IntN(6))
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := analysis.Cross(rows, cols, rowOf, colOf); err != nil {
			b.Fatal(err)
		}
	}
}
