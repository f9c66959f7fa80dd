package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// puzzle is what somebody knows who knows all but the answers to one question: who is in which group, who gave an answer at all, and
// every figure that all releases show about the question. Those who left are taken as known, answers and all, so that what
// is left of an earlier figure is that of the people who are still there.
type puzzle struct {
	answers []int16 // of each person who gave one: which kind, in truth
	bands   []int   // by kind: the band that must stay open, "satisfied" or not
	views   []view
	figures int       // that the views have together
	shown   []bool    // by figure
	at      [][]int32 // by person: for each view the first figure of the person's group, -1 if the person is not in it
}

// view is one breakdown of the question in one release: the figures of each of its groups by each of its answers.
type view struct {
	key     string // what it is a breakdown of; the same of two tables is one view
	release int
	axes    []*axis
	answer  *axis
	first   int   // figure
	codes   []int // by kind: the answer in the detail of the view
}

// puzzle lays out what is known about the answers to a question.
func (s *survey) puzzle(r *release, number int) *puzzle {
	q := &puzzle{}
	codes := map[int][]int{number: identity(len(s.dims[number].Codes))} // by level and finest code of the question
	ladder := slices.Clone(s.axes[number])
	for _, level := range s.levels(r, number) {
		codes[level], _ = s.follows(number, level)
		ladder = append(ladder, s.axes[level]...)
	}
	for j := range len(r.earlier) + 1 {
		for _, g := range r.gridsOf(j) {
			for level := range s.dims {
				if i := g.axisOf(level); i >= 0 && codes[level] != nil {
					q.add(g, i, j)
				}
			}
		}
	}
	kinds := q.classify(ladder, codes)
	column := s.dims[number].Column
	for person, c := range s.members {
		kind := kinds[column[person]]
		if kind < 0 {
			continue
		}
		at := make([]int32, len(q.views))
		for i := range q.views {
			at[i] = q.views[i].figureOf(s, person, c)
		}
		q.answers, q.at = append(q.answers, kind), append(q.at, at)
	}
	return q
}

// add notes what a table shows of the question, which is its axis i.
func (q *puzzle) add(g *grid, i, release int) {
	views := map[[maxAxes]bool]int{}
	for _, c := range g.cells {
		if !c.shown || c.at[i] == all {
			continue
		}
		var named [maxAxes]bool
		for j := range g.axes {
			named[j] = j != i && c.at[j] != all
		}
		n, ok := views[named]
		if !ok {
			n = q.viewOf(g, i, release, named)
			views[named] = n
		}
		v, row := &q.views[n], 0
		for _, a := range v.axes {
			row = row*len(a.codes) + c.at[g.axisOf(a.number)]
		}
		q.shown[v.first+row*len(v.answer.codes)+c.at[i]] = true
	}
}

// viewOf returns the number of the view of a table by the named axes.
func (q *puzzle) viewOf(g *grid, i, release int, named [maxAxes]bool) int {
	v := view{release: release, answer: g.axes[i], first: q.figures}
	for j, a := range g.axes {
		if named[j] {
			v.axes = append(v.axes, a)
		}
	}
	slices.SortFunc(v.axes, func(a, b *axis) int { return a.number - b.number })
	v.key = fmt.Sprint(release, " ", v.answer.number, "/", v.answer.rung, ":")
	size := len(v.answer.codes)
	for _, a := range v.axes {
		v.key += fmt.Sprint(" ", a.number, "/", a.rung)
		size *= len(a.codes)
	}
	if n := slices.IndexFunc(q.views, func(w view) bool { return w.key == v.key }); n >= 0 {
		return n
	}
	q.views = append(q.views, v)
	q.figures += size
	q.shown = append(q.shown, make([]bool, size)...)
	return len(q.views) - 1
}

// viewAt returns the number of the view that a figure is in.
func (q *puzzle) viewAt(figure int32) int {
	n, exact := slices.BinarySearchFunc(q.views, figure, func(v view, f int32) int { return v.first - int(f) })
	if !exact {
		n--
	}
	return n
}

// figureOf returns the first figure of the group that a person is in.
func (v *view) figureOf(s *survey, person int, c cohort) int32 {
	if !c.in(v.release) {
		return -1
	}
	row := 0
	for _, a := range v.axes {
		row = row*len(a.codes) + a.of[a.dim.Column[person]]
	}
	return int32(v.first + row*len(v.answer.codes))
}

// classify finds the kinds of answers: those that some view tells apart, or that are in different bands. A band is a code of the coarsest of the axes on
// which answers differ. It returns the kind of each finest code of the question, the first axis; -1 if it says nothing (who gave no answer is taken as known), or if nobody knows what
// would go with it.
func (q *puzzle) classify(ladder []*axis, codes map[int][]int) []int16 {
	finest := ladder[0]
	on := func(a *axis, leaf int) int {
		if c := codes[a.number][leaf]; c >= 0 {
			return a.of[c]
		}
		return -1
	}
	band, least := finest, len(finest.codes)+1
	for _, a := range ladder {
		distinct := map[int]bool{}
		for leaf := range finest.codes {
			if c := on(a, leaf); c >= 0 && finest.says(leaf) && a.says(c) {
				distinct[c] = true
			}
		}
		if n := len(distinct); n >= 2 && n <= least {
			band, least = a, n
		}
	}
	var keys []string
	kinds := make([]int16, len(finest.codes))
	for leaf := range kinds {
		kinds[leaf] = -1
		known := !slices.ContainsFunc(ladder, func(a *axis) bool { return on(a, leaf) < 0 })
		if !finest.says(leaf) || !known {
			continue
		}
		key := fmt.Sprint(on(band, leaf))
		for _, v := range q.views {
			key += fmt.Sprint(" ", on(v.answer, leaf))
		}
		i := slices.Index(keys, key)
		if i < 0 {
			i = len(keys)
			keys, q.bands = append(keys, key), append(q.bands, on(band, leaf))
			for j := range q.views {
				v := &q.views[j]
				v.codes = append(v.codes, on(v.answer, leaf))
			}
		}
		kinds[leaf] = int16(i)
	}
	return kinds
}

// digest tells whether two puzzles of one survey are the same: the same figures are shown.
func (q *puzzle) digest() string {
	out := []byte{}
	for _, v := range q.views {
		out = append(out, v.key...)
		out = append(out, ';')
	}
	return string(append(out, pack(q.shown)...))
}

// sample draws people without repetition, each as likely as any other.
func (q *puzzle) sample(rng *rand.Rand, size int) []int {
	return rng.Perm(len(q.answers))[:min(size, len(q.answers))]
}
