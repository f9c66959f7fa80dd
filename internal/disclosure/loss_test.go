package disclosure_test

import (
	"math"
	"testing"

	"folkmoot/internal/disclosure"
)

// Section 3.7. The wanted values are worked out by hand from the definitions.
func TestStatisticsOfLoss(t *testing.T) {
	near := func(why string, got, want float64) {
		t.Helper()
		if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", why, got, want)
		}
	}
	near("Hellinger of the same shares", disclosure.Hellinger([]int{1, 3}, []int{10, 30}), 0)
	near("Hellinger of nothing in common", disclosure.Hellinger([]int{5, 0}, []int{0, 7}), 1)
	near("Hellinger of (1/4, 3/4) and (1, 0): sqrt(1-sqrt(1/4))", disclosure.Hellinger([]int{1, 3}, []int{4, 0}), math.Sqrt(0.5))
	near("Spearman of the same order", disclosure.Spearman([]float64{1, 5, 9}, []float64{2, 3, 4}), 1)
	near("Spearman of the reverse", disclosure.Spearman([]float64{1, 2, 3, 4}, []float64{8, 6, 4, 2}), -1)
	near("Spearman with one swap of four: 1 - 6*2/(4*15)", disclosure.Spearman([]float64{1, 2, 3, 4}, []float64{1, 2, 4, 3}), 0.8)
	near("Spearman with a tie: ranks 1, 2.5, 2.5 and 1, 2, 3", disclosure.Spearman([]float64{1, 2, 2}, []float64{1, 2, 3}), 1.5/math.Sqrt(1.5*2))
	near("Spearman of two", disclosure.Spearman([]float64{1, 2}, []float64{1, 2}), math.NaN())
	near("Spearman of what is all the same", disclosure.Spearman([]float64{1, 1, 1}, []float64{1, 2, 3}), math.NaN())
	d := disclosure.Distances([]int{4, 0, 9}, []int{0, 1, 16})
	near("d1: (4+1+7)/3", d.D1, 4)
	near("d2: (4/4+7/9)/2", d.D2, (1+7.0/9)/2)
	near("d3: (2+1+1)/3", d.D3, 4.0/3)
	if d.FalseZero != 1 || d.FalseNonZero != 1 {
		t.Errorf("false zeros: %+v", d)
	}
}

func TestLossOfATable(t *testing.T) {
	// Four wards of 100 and 200, and one of 6 that shows nothing.
	in := table(ward("v", "w", "x", "y", "z"), question("a", "b"), [][]int{{120, 80}, {33, 67}, {90, 110}, {55, 45}, {4, 2}})
	r := protect(t, in)
	if len(r.Loss) != 2 || r.Loss[0].Table != r.Tables[0].ID || r.Loss[1].Table != "" {
		t.Fatalf("losses: %+v", r.Loss)
	}
	l := r.Loss[0]
	hidden, cells := 0, 0
	for _, row := range r.Tables[0].Rows {
		for _, c := range append(row.Cells, row.Base) {
			cells++
			if !c.Shown {
				hidden++
			}
		}
	}
	if l.Hidden != hidden || l.Cells != cells || hidden == 0 || l.Groups != 5 || l.Silent == 0 {
		t.Errorf("%d of %d cells, %d of %d groups silent; counted %d of %d", l.Hidden, l.Cells, l.Silent, l.Groups, hidden, cells)
	}
	if l.MaxRounding > 2 || l.MeanRounding > l.MaxRounding || l.MaxPercent1 > 2.5 || l.MaxPercent1 > l.MaxPercent {
		t.Errorf("rounding %+v", l)
	}
	if l.PeopleHidden <= 0 || l.PeopleHidden > 100 || l.Hellinger < 0 || l.Hellinger > 1 {
		t.Errorf("people hidden %v, distance %v", l.PeopleHidden, l.Hellinger)
	}
	if math.Abs(l.VBefore-0.195748200) > 1e-6 { // worked out apart
		t.Errorf("Cramér's V %v", l.VBefore)
	}
	if total := r.Loss[1]; total.Cells != l.Cells || total.Hidden != l.Hidden || !math.IsNaN(total.VBefore) {
		t.Errorf("together: %+v", total)
	}
	whole := protect(t, table(ward("x", "y"), question("a", "b"), [][]int{{100, 100}, {100, 100}}))
	if l := whole.Loss[0]; l.Hidden != 0 || l.MaxRounding != 0 || l.Hellinger != 0 || l.PeopleHidden != 0 || l.False != "" {
		t.Errorf("nothing is lost of round numbers: %+v", l)
	}
}
