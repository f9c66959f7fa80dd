package noise_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"folkmoot/internal/disclosure/noise"
)

func epoch(num, den uint64) noise.Epoch {
	return noise.Epoch{Key: bytes.Repeat([]byte{7}, 32), Variance: noise.Variance{Num: num, Den: den}}
}

// draws returns the noise of n cells. The key is fixed, so a test that passes once always passes.
func draws(e noise.Epoch, n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = e.Noise(noise.CellID([]noise.Condition{{Dim: "cell", Code: fmt.Sprint(i)}}))
	}
	return out
}

// mass is the discrete Gaussian by its definition: proportional to exp(-y^2 / 2 sigma^2).
func mass(v noise.Variance) func(y int) float64 {
	two := 2 * float64(v.Num) / float64(v.Den)
	sum := 0.0
	for y := -2000; y <= 2000; y++ {
		sum += math.Exp(-float64(y*y) / two)
	}
	return func(y int) float64 { return math.Exp(-float64(y*y)/two) / sum }
}

// TestNoiseIsDiscreteGaussian compares 60,000 draws with the definition: chi-squared over all values that are expected at least
// ten times, mean and variance within four standard errors.
func TestNoiseIsDiscreteGaussian(t *testing.T) {
	const n = 60_000
	for _, v := range []noise.Variance{{Num: 1, Den: 4}, {Num: 1, Den: 1}, {Num: 20, Den: 1}, {Num: 40, Den: 1}, {Num: 1001, Den: 50}, {Num: 900, Den: 1}} {
		count := map[int64]int{}
		sum, squares := 0.0, 0.0
		for _, y := range draws(epoch(v.Num, v.Den), n) {
			count[y]++
			sum += float64(y)
			squares += float64(y) * float64(y)
		}
		p := mass(v)
		exact, chi, cells := 0.0, 0.0, 0
		for y := -1000; y <= 1000; y++ {
			exact += float64(y*y) * p(y)
			if want := n * p(y); want >= 10 {
				d := float64(count[int64(y)]) - want
				chi += d * d / want
				cells++
			}
		}
		if limit := float64(cells) + 4*math.Sqrt(2*float64(cells)); chi > limit {
			t.Errorf("variance %v: chi-squared %.1f over %d values, more than %.1f", v, chi, cells, limit)
		}
		if mean := sum / n; math.Abs(mean) > 4*math.Sqrt(exact/n) {
			t.Errorf("variance %v: mean %.4f", v, mean)
		}
		if got := squares / n; math.Abs(got-exact) > 4*math.Sqrt(2/float64(n))*exact+0.02 {
			t.Errorf("variance %v: variance %.3f, by definition %.3f", v, got, exact)
		}
	}
}

// TestNoiseIsOfTheCell: what a cell is decides its noise, and nothing else does (A19, section 3.5).
func TestNoiseIsOfTheCell(t *testing.T) {
	ward, sat := noise.Condition{Dim: "ward", Code: "north"}, noise.Condition{Dim: "q", Code: "sat"}
	a, b := noise.CellID([]noise.Condition{ward, sat}), noise.CellID([]noise.Condition{sat, ward})
	if a != b {
		t.Errorf("one cell has two names: %s, %s", a, b)
	}
	e := epoch(40, 1)
	if e.Noise(a) != e.Noise(b) {
		t.Error("asking twice gives another figure: the mean of many would be the truth")
	}
	for why, other := range map[string]string{
		"another code":          noise.CellID([]noise.Condition{{Dim: "ward", Code: "south"}, sat}),
		"a name that runs over": noise.CellID([]noise.Condition{{Dim: `ward"="north";"q`, Code: "sat"}}),
		"the total":             noise.CellID(nil),
	} {
		if other == a {
			t.Errorf("%s has the name of another cell", why)
		}
	}
	same := 0
	later := noise.Epoch{Key: bytes.Repeat([]byte{8}, 32), Variance: e.Variance}
	for i, y := range draws(e, 1000) {
		if y == later.Noise(noise.CellID([]noise.Condition{{Dim: "cell", Code: fmt.Sprint(i)}})) {
			same++
		}
	}
	if same > 150 { // about 45 by chance
		t.Errorf("another epoch repeats %d of 1,000", same)
	}
}

func TestCost(t *testing.T) {
	for _, c := range []struct {
		why     string
		v       noise.Variance
		answers bool
		tables  uint64
		rho     noise.Rho
		epsilon float64
		margin  int64
	}{
		{"section 3.5: 20 tables at rho 0.5, sigma 4.5, 95 % within 9 by noise, 10 with rounding", noise.Variance{Num: 20, Den: 1}, false, 20, noise.Rho{Num: 1, Den: 2}, 5.76, 10},
		{"section 3.5: the same for changed answers, sigma 6.3, 12.4 people", noise.Variance{Num: 40, Den: 1}, true, 20, noise.Rho{Num: 1, Den: 2}, 5.76, 13},
		{"section 3.5: rho 0.1 is epsilon 2.45", noise.Variance{Num: 5, Den: 1}, false, 1, noise.Rho{Num: 1, Den: 10}, 2.45, 6},
		{"section 3.5: rho 1 is epsilon 8.43", noise.Variance{Num: 1, Den: 2}, false, 1, noise.Rho{Num: 1, Den: 1}, 8.43, 4},
		{"nothing costs nothing", noise.Variance{Num: 5, Den: 1}, false, 0, noise.Rho{Num: 0, Den: 1}, 0, 6},
	} {
		got, err := c.v.Cost(c.answers).Times(c.tables)
		if err != nil || got != c.rho || math.Abs(got.Epsilon(1e-6)-c.epsilon) > 0.005 || c.v.Margin() != c.margin {
			t.Errorf("%s: rho %v, epsilon %.3f, margin %d, %v", c.why, got, got.Epsilon(1e-6), c.v.Margin(), err)
		}
	}
}

func TestRho(t *testing.T) {
	third, sixth := noise.Rho{Num: 1, Den: 3}, noise.Rho{Num: 1, Den: 6}
	if sum, err := third.Plus(sixth); err != nil || sum != (noise.Rho{Num: 1, Den: 2}) {
		t.Errorf("1/3 + 1/6 = %v, %v", sum, err)
	}
	if !third.Over(sixth) || sixth.Over(third) || third.Over(third) {
		t.Error("1/3 is more than 1/6, and not more than itself")
	}
	huge := noise.Rho{Num: math.MaxUint64, Den: math.MaxUint64 - 1}
	if _, err := huge.Plus(third); err == nil {
		t.Error("an amount that does not fit is not refused")
	}
	if _, err := huge.Times(2); err == nil {
		t.Error("twice too much is not refused")
	}
}

func TestEpochCheck(t *testing.T) {
	good := epoch(20, 1)
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for why, e := range map[string]noise.Epoch{
		"a short key":        {Key: []byte("short"), Variance: good.Variance},
		"no noise":           {Key: good.Key, Variance: noise.Variance{Num: 0, Den: 1}},
		"division by nobody": {Key: good.Key, Variance: noise.Variance{Num: 1, Den: 0}},
		"noise of thousands": {Key: good.Key, Variance: noise.Variance{Num: 2_000_000, Den: 1}},
	} {
		if e.Check() == nil {
			t.Errorf("%s is accepted", why)
		}
	}
}

// BenchmarkNoise is one cell.
func BenchmarkNoise(b *testing.B) {
	e := epoch(40, 1)
	for i := 0; b.Loop(); i++ {
		e.Noise(fmt.Sprint(i))
	}
}
