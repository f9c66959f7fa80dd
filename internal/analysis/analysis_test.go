package analysis_test

import (
	"math"
	"testing"

	"folkmoot/internal/analysis"
)

// vector is the test vector of question-bank.md section 8: VS 120, FS 250, N 80, FD 30, VD 20, DK 10.
var vector = analysis.Distribution{
	Codes:  []string{"vs", "fs", "n", "fd", "vd", "dk"},
	Counts: []int{120, 250, 80, 30, 20, 10},
	Scale: analysis.Scale{
		Scores:   map[string]float64{"vs": 5, "fs": 4, "n": 3, "fd": 2, "vd": 1},
		Positive: []string{"vs", "fs"}, Negative: []string{"fd", "vd"}, DontKnow: []string{"dk"},
	},
}

func TestVectorOfSection8(t *testing.T) {
	sat, satEx := vector.Satisfied(true), vector.Satisfied(false)
	net, netMargin := vector.Net(true)
	netEx, netExMargin := vector.Net(false)
	mean, meanBase, _ := vector.Mean()
	for _, c := range []struct {
		why      string
		got      float64
		want     float64
		decimals int
	}{
		{"base with don't knows", float64(vector.Base(true)), 510, 0},
		{"base without", float64(vector.Base(false)), 500, 0},
		{"satisfied, from counts and not from rounded parts", sat.Percent, 72.5, 1},
		{"Wilson low", sat.Low, 68.5, 1},
		{"Wilson high", sat.High, 76.2, 1},
		{"satisfied without don't knows", satEx.Percent, 74.0, 1},
		{"Wilson low", satEx.Low, 70.0, 1},
		{"Wilson high", satEx.High, 77.7, 1},
		{"dissatisfied", vector.Dissatisfied(true).Percent, 9.8, 1},
		{"dissatisfied without", vector.Dissatisfied(false).Percent, 10.0, 1},
		{"net", net, 62.7, 1},
		{"net margin", netMargin, 5.7, 1},
		{"net without", netEx, 64.0, 1},
		{"net margin without", netExMargin, 5.8, 1},
		{"mean of 5, don't knows coded apart, never as 3", mean, 3.84, 2},
		{"mean base", float64(meanBase), 500, 0},
	} {
		if math.Abs(c.got-c.want) > 0.5/math.Pow10(c.decimals) {
			t.Errorf("%s: got %v, want %v", c.why, c.got, c.want)
		}
	}
}

func TestIntervalsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		why       string
		x, n      float64
		low, high float64
	}{
		{"nobody asked: nothing known", 0, 0, 0, 1},
		{"0 of 10 starts at 0", 0, 10, 0, 0.2775},
		{"10 of 10 ends at 1", 10, 10, 0.7225, 1},
	} {
		lo, hi := analysis.Wilson(c.x, c.n)
		if math.Abs(lo-c.low) > 1e-4 || math.Abs(hi-c.high) > 1e-4 {
			t.Errorf("%s: got %v to %v", c.why, lo, hi)
		}
	}
	if analysis.NetMargin(0, 0, 0) != 100 {
		t.Error("an empty base has no margin but everything")
	}
}

func TestCaution(t *testing.T) {
	for base, want := range map[int]analysis.Caution{
		0: analysis.NoPercent, 49: analysis.NoPercent, 50: analysis.LowBase, 99: analysis.LowBase, 100: analysis.NoCaution,
	} {
		if got := analysis.CautionFor(base); got != want {
			t.Errorf("base %d: got %q, want %q (section 8: low below 100, no percentages below 50)", base, got, want)
		}
	}
}

func TestNotAnsweredIsInNoBase(t *testing.T) {
	d := analysis.Distribution{Codes: []string{"yes", "no", "dk", "none"}, Counts: []int{6, 3, 1, 90},
		Scale: analysis.Scale{DontKnow: []string{"dk"}, NoAnswer: []string{"none"}}}
	if d.All() != 100 || d.Base(true) != 10 || d.Base(false) != 9 {
		t.Errorf("all %d, base %d and %d", d.All(), d.Base(true), d.Base(false))
	}
	if _, _, ok := d.Mean(); ok {
		t.Error("a question without points has no mean")
	}
	if n, m := (analysis.Distribution{}).Net(true); n != 0 || m != 0 {
		t.Error("an empty distribution has no net score")
	}
}
