package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"folkmoot/internal/disclosure"
)

// completions is somebody with a pencil: one table of a question by groups, its figures as shown exactly, and whoever completes it in every
// way that fits.
type completions struct {
	truth  [][]int  // by group and answer
	hidden [][]bool // the same
	rows   []int    // people of each group, -1 if that is hidden
	cols   []int    // people of each answer
	least  [][]int  // what is known of hidden figures besides
	lo, hi [][]int
	count  int
}

// tabled reads a protected table back: which of the true figures it shows.
func tabled(counts [][]int, t disclosure.Table) *completions {
	c := &completions{truth: counts, rows: make([]int, len(counts)), cols: make([]int, len(counts[0]))}
	for i := range counts {
		c.hidden = append(c.hidden, make([]bool, len(c.cols)))
		row := t.Rows[1+i]
		for j, n := range counts[i] {
			c.hidden[i][j] = !row.Cells[j].Shown
			c.rows[i] += n
			c.cols[j] += n
		}
		if !row.Base.Shown {
			c.rows[i] = -1
		}
	}
	for j, cell := range t.Rows[0].Cells {
		if !cell.Shown {
			c.cols[j] = -1
		}
	}
	return c
}

// ranges completes the table in every way and notes the least and the greatest value of each figure. It gives up where there are too many ways.
func (c *completions) ranges(least [][]int) (ok bool) {
	c.least, c.count = least, 0
	c.lo, c.hi = nil, nil
	var open [][2]int
	rows, cols := append([]int{}, c.rows...), append([]int{}, c.cols...)
	for i := range c.truth {
		c.lo, c.hi = append(c.lo, append([]int{}, c.truth[i]...)), append(c.hi, append([]int{}, c.truth[i]...))
		for j, n := range c.truth[i] {
			if c.hidden[i][j] {
				open = append(open, [2]int{i, j})
				continue
			}
			rows[i], cols[j] = rows[i]-n, cols[j]-n
		}
	}
	x := make([]int, len(open))
	var walk func(k int) bool
	walk = func(k int) bool {
		if k == len(open) {
			for i := range rows {
				if c.rows[i] >= 0 && rows[i] != 0 {
					return true
				}
			}
			for j := range cols {
				if c.cols[j] >= 0 && cols[j] != 0 {
					return true
				}
			}
			for n, at := range open {
				c.lo[at[0]][at[1]], c.hi[at[0]][at[1]] = min(c.lo[at[0]][at[1]], x[n]), max(c.hi[at[0]][at[1]], x[n])
			}
			return true
		}
		i, j := open[k][0], open[k][1]
		if c.rows[i] < 0 || c.cols[j] < 0 {
			return false
		}
		for x[k] = c.least[i][j]; x[k] <= min(rows[i], cols[j]); x[k]++ {
			if c.count++; c.count > 3_000_000 {
				return false
			}
			rows[i], cols[j] = rows[i]-x[k], cols[j]-x[k]
			on := walk(k + 1)
			rows[i], cols[j] = rows[i]+x[k], cols[j]+x[k]
			if !on {
				return false
			}
		}
		return true
	}
	return walk(0)
}

// TestCoalitionsLearnNoMore is A9: the k people at most who are behind a hidden figure know that it is as large as they are many, and still every other
// hidden figure has the width in whole numbers, by completing the table in every way. Without that knowledge it has it too.
func TestCoalitionsLearnNoMore(t *testing.T) {
	asked, examined := 0, 0
	for n := range 150 {
		rng := rand.New(rand.NewPCG(uint64(n), 9))
		counts := make([][]int, 3+rng.IntN(2))
		for i := range counts {
			for range 4 {
				x := 6 + rng.IntN(30)
				if rng.IntN(4) == 0 {
					x = 1 + rng.IntN(7)
				}
				counts[i] = append(counts[i], x)
			}
		}
		in := table(ward(codes("w", len(counts))...), question(codes("a", 4)...), counts)
		in.Policy.OpenLink = true
		r := protect(t, in)
		if r.Tables[0].Withheld || len(r.Tables[0].By) == 0 {
			continue
		}
		c := tabled(counts, r.Tables[0])
		none := make([][]int, len(counts))
		for i := range none {
			none[i] = make([]int, 4)
		}
		if !c.ranges(none) {
			continue
		}
		examined++
		narrow := func(who string, own [2]int) {
			for i := range counts {
				for j := range counts[i] {
					if c.hidden[i][j] && own != [2]int{i, j} && c.hi[i][j]-c.lo[i][j] < 5 {
						t.Errorf("table %d: %s know figure %d,%d to be %d to %d; it is %d", n, who, i, j, c.lo[i][j], c.hi[i][j], counts[i][j])
					}
				}
			}
		}
		narrow("all", [2]int{-1, -1})
		for i := range counts {
			for j, v := range counts[i] {
				if !c.hidden[i][j] || v > 3 {
					continue
				}
				none[i][j] = v
				if c.ranges(none) {
					asked++
					narrow(fmt.Sprintf("the %d behind figure %d,%d", v, i, j), [2]int{i, j})
				}
				none[i][j] = 0
			}
		}
	}
	if examined < 40 || asked < 40 {
		t.Errorf("%d tables were examined, for %d coalitions: the test proves too little", examined, asked)
	}
	t.Logf("%d tables, %d coalitions", examined, asked)
}
