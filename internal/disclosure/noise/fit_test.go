package noise

import (
	"bytes"
	"math"
	"testing"
)

// TestFit: figures of wards, areas, groups and both together add up, and are the least-squares ones (section 3.5).
func TestFit(t *testing.T) {
	c := Catalogue{Dims: []Dim{{Name: "ward", Codes: []string{"a", "b", "c"}}, {Name: "area", Codes: []string{"n", "s"}, Of: "ward", Up: []int{0, 0, 1}},
		{Name: "q", Codes: []string{"y", "n"}}},
		Tables: []Table{{ID: "1", Question: "q", Dims: []string{"q"}}, {ID: "2", Question: "q", Dims: []string{"area", "q"}}, {ID: "3", Question: "q", Dims: []string{"ward", "q"}}}}
	axes, err := c.axes()
	if err != nil {
		t.Fatal(err)
	}
	noisy := [][]float64{{103, 47}, {70, 25, 29, 30}, {31, 11, 44, 12, 28, 22}}
	got, err := fit(c.Tables, axes, noisy)
	if err != nil {
		t.Fatal(err)
	}
	near := func(a, b float64, why string) {
		if math.Abs(a-b) > 1e-9 {
			t.Errorf("%s: %v, not %v", why, a, b)
		}
	}
	for q := range 2 {
		near(got[1][q]+got[1][2+q], got[0][q], "the areas make the borough")
		near(got[2][q]+got[2][2+q], got[1][q], "the wards make the area")
		near(got[2][4+q], got[1][2+q], "an area of one ward is that ward")
	}
	// By the normal equations the residuals of a ward, of its area and of the borough add up to nothing.
	for w, area := range []int{0, 0, 1} {
		for q := range 2 {
			near(noisy[0][q]-got[0][q]+noisy[1][2*area+q]-got[1][2*area+q]+noisy[2][2*w+q]-got[2][2*w+q], 0, "least squares")
		}
	}
	// One hierarchy of two equal levels by hand: 11 measured over parts of 4, 3 and 0: each part takes a quarter of what is missing.
	two := []Table{{Question: "q", Dims: []string{"ward"}}, {Question: "q", Dims: []string{"area"}}}
	axes["area"] = axis{dim: Dim{Name: "area", Codes: []string{"all"}}, root: "ward", up: []int{0, 0, 0}}
	got, err = fit(two, axes, [][]float64{{4, 3, 0}, {11}})
	if err != nil {
		t.Fatal(err)
	}
	near(got[0][0], 5, "4 and a quarter of 4")
	near(got[1][0], 10, "11 less a quarter of 4")
}

func TestPercentAndRounding(t *testing.T) {
	for _, c := range []struct {
		why        string
		part, base int64
		want       float64
	}{
		{"whole numbers below 1,000 (R5)", 335, 995, 34},
		{"one decimal from 1,000 (R5)", 335, 1000, 33.5},
		{"noise made the part larger than the whole", 25, 20, 100},
	} {
		if got := percent(c.part, c.base); got != c.want {
			t.Errorf("%s: %v, not %v", c.why, got, c.want)
		}
	}
	for y, want := range map[float64]int64{-7: 0, 2.4: 0, 2.6: 5, 12.4: 10, 12.6: 15} {
		if nearest(y) != want {
			t.Errorf("%v is printed as %d", y, nearest(y))
		}
	}
	// Margins of a figure and of a base of 6 cells: 1.96 sqrt(40 + 25/12) and 1.96 sqrt(240 + 25/12).
	if v := (Variance{40, 1}); v.margin(1) != 13 || v.margin(6) != 31 {
		t.Errorf("margins %d and %d", v.margin(1), v.margin(6))
	}
	small := Epoch{Key: bytes.Repeat([]byte{1}, 32), Variance: Variance{1, 4}}
	c := Catalogue{Dims: []Dim{{Name: "q", Codes: []string{"y", "n"}}}, Tables: []Table{{ID: "q", Question: "q", Dims: []string{"q"}, Counts: []int64{6, 5}}}}
	out, err := Publish(small, c)
	if err != nil || !out.Tables[0].Groups[0].Base.Hidden || !out.Tables[0].Groups[0].Figures[0].Hidden || out.Tables[0].Groups[0].Figures[0].Shown != 0 {
		t.Errorf("11 people are shown: %+v, %v", out, err)
	}
}
