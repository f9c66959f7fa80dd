package analysis_test

import (
	"slices"
	"testing"

	"folkmoot/internal/analysis"
)

func TestHiddenGroups(t *testing.T) {
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
		if got := analysis.HiddenGroups(c.groups); !slices.Equal(got, c.hidden) {
			t.Errorf("%s: hidden %v, want %v", c.why, got, c.hidden)
		}
	}
}
