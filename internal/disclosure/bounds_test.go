package disclosure_test

import "testing"

// interval is what bound propagation leaves possible for a figure.
type interval struct{ lo, hi int }

// propagate narrows the hidden figures of a table line by line: a part is at least the total less the most that the
// other parts can be, and at most the total less the least. It is what somebody does with a pencil.
func propagate(total *interval, parts []*interval) bool {
	lo, hi := 0, 0
	for _, p := range parts {
		lo, hi = lo+p.lo, hi+p.hi
	}
	changed := tighten(total, lo, hi)
	for _, p := range parts {
		changed = tighten(p, total.lo-(hi-p.hi), total.hi-(lo-p.lo)) || changed
	}
	return changed
}

func tighten(i *interval, lo, hi int) bool {
	old := *i
	i.lo, i.hi = max(i.lo, lo), min(i.hi, hi)
	return *i != old
}

// pencil runs propagation over the rows and columns of every table with all columns and at most one dimension, and
// returns how many hidden figures are pinned to one value and how many to fewer than five.
func pencil(t *testing.T, tr trial) (pinned, narrow int) {
	t.Helper()
	in, name := tr.in, tr.name
	for _, table := range tr.result.Tables {
		if len(table.By) != 1 {
			continue
		}
		grid := map[[2]int]*interval{}
		truth := map[[2]int]figure{}
		i, j := -1, -1
		for _, f := range tr.all {
			if f.table.ID != table.ID {
				continue
			}
			if f.column < 0 {
				i, j = i+1, -1
			}
			truth[[2]int{i, j}] = f
			grid[[2]int{i, j}] = &interval{0, in.Records.People}
			if f.shown {
				grid[[2]int{i, j}] = &interval{f.n, f.n}
			}
			j++
		}
		rows, cols := len(table.Rows), len(table.Columns)
		whole := cols == len(dim(in.Records, table.Question).Codes) || table.Rungs[0] != ""
		for changed := true; changed; {
			changed = false
			for j := -1; j < cols; j++ {
				var parts []*interval
				for i := 1; i < rows; i++ {
					parts = append(parts, grid[[2]int{i, j}])
				}
				changed = propagate(grid[[2]int{0, j}], parts) || changed
			}
			for i := 0; whole && i < rows; i++ {
				var parts []*interval
				for j := range cols {
					parts = append(parts, grid[[2]int{i, j}])
				}
				changed = propagate(grid[[2]int{i, -1}], parts) || changed
			}
		}
		for at, f := range truth {
			width := grid[at].hi - grid[at].lo
			if grid[at].lo > f.n || grid[at].hi < f.n {
				t.Fatalf("%s: %s: the pencil is wrong", name, table.ID)
			}
			if !f.shown && width == 0 {
				pinned++
				t.Errorf("%s: %s row %v column %d pinned to %d of base %s", name, table.ID, f.row.Codes, f.column, f.n, f.row.Base)
			}
			if !f.shown && width < 5 {
				narrow++
			}
		}
	}
	return pinned, narrow
}

// TestNothingHiddenIsNarrow goes further than linear algebra: counts are not negative, and still no hidden figure of a
// table is pinned by its lines, or has fewer than six possible values. The pencil shares no code with the audit.
func TestNothingHiddenIsNarrow(t *testing.T) {
	for _, trial := range tried(t) {
		pinned, narrow := pencil(t, trial)
		if pinned+narrow > 0 {
			t.Errorf("%s: %d hidden figures are pinned, %d are narrow", trial.name, pinned, narrow)
		}
	}
}
