package consult

import (
	"fmt"
	"math/rand/v2"
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
		{"special question: too few in all to hide them among each other", false, true, [][]int{{50, 3, 0}, {20, 2, 0}, {30, 1, 0}}, []bool{true, true, true}},
		{"special question: an answer that nobody gave", false, true, [][]int{{50, 0, 0}, {20, 0, 0}, {30, 0, 0}}, []bool{false, false, false}},
	} {
		x := crossed(row.rows, row.cols, row.counts)
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

// crossed is a counted cross-tab. The last column is those who did not answer.
func crossed(rows, cols bool, counts [][]int) *crossing {
	x := &crossing{q: survey.Question{Kind: survey.Scale}, counts: counts}
	x.rows, x.cols = Dimension{Special: rows}, Dimension{Special: cols}
	for i := range counts {
		x.rows.Codes = append(x.rows.Codes, CodeLabel{Code: fmt.Sprint("group", i)})
		base := 0
		for _, n := range counts[i] {
			base += n
		}
		x.bases, x.blank = append(x.bases, base), append(x.blank, counts[i][len(counts[i])-1])
	}
	for j := range len(counts[0]) - 1 {
		x.cols.Codes = append(x.cols.Codes, CodeLabel{Code: fmt.Sprint("answer", j)})
	}
	x.cols.Codes = append(x.cols.Codes, notAnswered())
	return x
}

// Disclosure.md R2 and R3 for special categories, on every cross-tab that may come: no base under ten of a special group, no cell under ten
// of a special question, the row of the total included, and nothing of the kind by taking what is shown from the total. That nobody at all
// gave an answer tells nothing about a group.
func TestNoCrossTabTellsOfFewerThanTen(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 10))
	seen := map[string]int{}
	for range 20_000 {
		rows, cols := r.IntN(2) == 0, r.IntN(2) == 0
		counts := make([][]int, 1+r.IntN(6))
		top := []int{4, 12, 14, 30}[r.IntN(4)]
		for i := range counts {
			for range 3 {
				counts[i] = append(counts[i], max(0, r.IntN(top+4)-4))
			}
		}
		raw := make([][]int, len(counts))
		for i := range counts {
			raw[i] = slices.Clone(counts[i])
		}
		if !rows && !cols {
			continue
		}
		tab, err := crossed(rows, cols, counts).result()
		if err != nil {
			t.Fatal(err)
		}
		if problem := few(tab, rows, cols, seen); problem != "" {
			t.Fatalf("special rows %v, special question %v, %v: %s", rows, cols, raw, problem)
		}
	}
	for _, name := range []string{"total hidden", "total shown, some hidden", "nothing hidden"} {
		if seen[name] < 100 {
			t.Errorf("%s: only %d times, of %v", name, seen[name], seen)
		}
	}
}

// few says what a cross-tab tells of fewer than ten, or nothing.
func few(tab *CrossTab, rows, cols bool, seen map[string]int) string {
	hidden, left := 0, slices.Clone(tab.Total.Counts)
	base := tab.Total.Base
	for _, row := range append(slices.Clone(tab.Rows), tab.Total) {
		if row.Hidden {
			if row.Base != 0 || row.Counts != nil || row.Percent != nil || row.HasNet || row.Net != 0 {
				return row.Code + " is hidden and has figures"
			}
			continue
		}
		if rows && row.Code != "total" && row.Base < 10 {
			return fmt.Sprintf("%s shows a base of %d", row.Code, row.Base)
		}
		for _, n := range row.Counts {
			if cols && n > 0 && n < 10 {
				return fmt.Sprintf("%s shows a cell of %d", row.Code, n)
			}
		}
	}
	for _, row := range tab.Rows {
		if row.Hidden {
			hidden++
			continue
		}
		base -= row.Base
		for j := range left {
			left[j] -= row.Counts[j]
		}
	}
	switch {
	case tab.Total.Hidden && hidden < len(tab.Rows):
		return "the total is hidden, and the groups of which it is the sum are shown"
	case tab.Total.Hidden && tab.Base != 0:
		return "the total is hidden and its base is not"
	case tab.Total.Hidden:
		seen["total hidden"]++
	case hidden == 0:
		seen["nothing hidden"]++
	case hidden < len(tab.Rows):
		seen["total shown, some hidden"]++
		if rows && base < 10 {
			return fmt.Sprintf("%d people in hidden groups by subtraction", base)
		}
		for j, n := range left {
			if cols && n < 10 && tab.Total.Counts[j] > 0 {
				return fmt.Sprintf("%d people in a column of hidden groups by subtraction", n)
			}
		}
		if hidden == 1 {
			return "one group is hidden: it is what is left of the total"
		}
	}
	return ""
}
