package attack

import (
	"fmt"
)

// readReleases makes the cohort axis: who was in which release.
func (w *world) readReleases() {
	w.releases, w.mode = labels(w.in.Cells), w.in.Mode
	if w.mode == Unsaid {
		w.mode = Static
		if len(w.releases) > 1 {
			w.mode = Append
			w.notes = append(w.notes, "How the people of the releases are related is not said in meta.csv: taken as append, people only added.")
		}
	}
	n := len(w.releases)
	if w.mode == Static || n < 2 {
		return
	}
	if w.mode == Churn && n > maxChurn {
		w.tooLarge = fmt.Sprintf("%d releases with people coming and going: more than %d are not attempted", n, maxChurn)
		return
	}
	w.cohort = len(w.axes)
	w.axes = append(w.axes, w.cohorts(n))
}

// maxChurn is the most releases with people coming and going: every subset of them is a cohort.
const maxChurn = 8

// cohorts returns the cohort axis. Its codes with a name are the releases.
func (w *world) cohorts(n int) *axis {
	a := &axis{name: "release", index: map[string]int{}}
	inside := func(leaf, release int) bool { return leaf <= release } // append: leaf i came with release i
	a.leaves = n
	if w.mode == Churn {
		a.leaves = 1<<n - 1
		inside = func(leaf, release int) bool { return (leaf+1)>>release&1 == 1 }
	}
	known := map[string]int{}
	add := func(holds func(leaf int) bool) int {
		set := newBitset(a.leaves)
		for l := range a.leaves {
			if holds(l) {
				set.add(l)
			}
		}
		key := fmt.Sprint(set)
		i, ok := known[key]
		if !ok && set.count() > 0 {
			i = len(a.codes)
			known[key] = i
			a.codes = append(a.codes, code{set: set})
			if set.count() > 1 {
				a.codes[i].parts = [][]int{set.members()}
			}
		}
		if set.count() == 0 {
			return -1
		}
		return i
	}
	for l := range a.leaves {
		add(func(x int) bool { return x == l })
	}
	for r, label := range w.releases {
		a.index[label] = add(func(l int) bool { return inside(l, r) })
	}
	for r := range n {
		for s := range n {
			if r == s {
				continue
			}
			// Between releases r and s: those of s who were not in r.
			c := add(func(l int) bool { return inside(l, s) && !inside(l, r) })
			w.joined[[2]int{r, s}] = c
			both := add(func(l int) bool { return inside(l, s) && inside(l, r) })
			if whole := a.index[w.releases[s]]; c >= 0 && both >= 0 && whole != c && whole != both {
				a.codes[whole].parts = append(a.codes[whole].parts, []int{both, c})
			}
		}
	}
	return a
}
