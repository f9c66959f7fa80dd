package attack

import (
	"math"
	"slices"
	"strings"
)

// want is a question that the attack asks of the published figures. Its whole is a node: the hidden count, the group
// or the cohort. An attribute has a part as well: those of the group who gave the answer.
type want struct {
	kind    Kind
	whole   int32
	part    int32
	axis    int // of the answer
	code    int
	cell    *Cell   // of a hidden or rounded figure
	most    int64   // k of an attribute; of a cohort, the least size that is no break
	rest    float64 // attribute: the greatest whole-part found possible
	restHi  int64   // attribute: the greatest whole-part not proven impossible
	restLP  bool    // attribute: restHi is what the linear programme gives
	done    bool
	trouble string // why it could not be finished
}

// maxGroups is the most cells of a block, at all levels, for which figures that no file lists are examined too.
const maxGroups = 5_000

// ask makes the questions beside the hidden figures: groups and their answers, joiners and leavers.
func (w *world) ask() {
	kept := w.wants[:0]
	seen := map[[2]any]bool{}
	for _, q := range w.wants {
		if id := [2]any{q.kind, q.whole}; !seen[id] {
			seen[id] = true
			kept = append(kept, q)
		}
	}
	w.wants = kept
	w.askCohorts()
	w.unlisted()
	w.askGroups()
}

// askCohorts asks for those who came, and those who went, between two releases that say something about one address.
func (w *world) askCohorts() {
	if w.cohort < 0 {
		return
	}
	type said struct {
		at []pair
		in []int
	}
	var order []string
	by := map[string]*said{}
	release := map[int]int{}
	for r, label := range w.releases {
		release[w.axes[w.cohort].index[label]] = r
	}
	for n := range w.nodes {
		at := w.nodes[n].at
		r, ok := release[codeOn(at, w.cohort)]
		if !ok {
			continue
		}
		k := key(with(at, w.cohort, -1))
		if by[k] == nil {
			by[k] = &said{at: at}
			order = append(order, k)
		}
		by[k].in = append(by[k].in, r)
	}
	for _, k := range order {
		s := by[k]
		slices.Sort(s.in)
		for i := 1; i < len(s.in); i++ {
			w.askCohort(s.at, KindJoiners, s.in[i-1], s.in[i])
			w.askCohort(s.at, KindLeavers, s.in[i], s.in[i-1])
		}
	}
}

// askCohort asks for those of release in who are not in release out.
func (w *world) askCohort(at []pair, kind Kind, out, in int) {
	c := w.joined[[2]int{out, in}]
	if c < 0 {
		return
	}
	least := int64(w.o.Base)
	if w.sensitive(at) && !w.special(at) {
		least = int64(w.o.Answer)
	}
	w.wants = append(w.wants, want{kind: kind, whole: w.at(with(at, w.cohort, c)), most: least, axis: min(in, out), code: max(in, out)})
}

func codeOn(at []pair, axis int) int {
	for _, p := range at {
		if p.axis == axis {
			return p.code
		}
	}
	return -1
}

func (w *world) sensitive(at []pair) bool {
	return slices.ContainsFunc(at, func(p pair) bool { return w.axes[p.axis].role != Ordinary })
}

func (w *world) special(at []pair) bool {
	return slices.ContainsFunc(at, func(p pair) bool { return w.axes[p.axis].role == Special })
}

// unlisted makes the nodes of small blocks that no file lists: what tables say together about cells that none shows.
func (w *world) unlisted() {
	for _, b := range w.blocks {
		cells := 1
		for _, a := range b {
			if cells *= len(w.axes[a].codes) + 1; cells > maxGroups {
				break
			}
		}
		if cells > maxGroups {
			continue
		}
		if w.cohort < 0 {
			w.every(b, nil)
			continue
		}
		for _, label := range w.releases {
			w.every(b, []pair{{w.cohort, w.axes[w.cohort].index[label]}})
		}
	}
}

// every makes the nodes of all combinations of codes and totals of the axes.
func (w *world) every(axes []int, at []pair) {
	if len(axes) == 0 {
		w.at(at)
		return
	}
	w.every(axes[1:], at)
	for c := range w.axes[axes[0]].codes {
		w.every(axes[1:], with(at, axes[0], c))
	}
}

// askGroups asks of every group whether all of it, but k at most, gave one answer (disclosure.md R4).
func (w *world) askGroups() {
	asked := map[int]bool{}
	if w.cohort >= 0 {
		for _, label := range w.releases {
			asked[w.axes[w.cohort].index[label]] = true
		}
		for _, c := range w.joined {
			asked[c] = true
		}
	}
	for n := range int32(len(w.nodes)) {
		at := w.nodes[n].at
		if w.cohort >= 0 && !asked[codeOn(at, w.cohort)] {
			continue
		}
		var axes []int
		for _, p := range at {
			if p.axis != w.cohort {
				axes = append(axes, p.axis)
			}
		}
		for _, class := range w.further(axes) {
			for _, a := range class {
				w.askGroup(n, a)
			}
		}
	}
}

func (w *world) askGroup(n int32, a int) {
	if w.axes[a].role == Ordinary {
		return
	}
	at := w.nodes[n].at
	k := w.o.K
	if w.axes[a].role == Special || w.special(at) {
		k = w.o.SpecialK
	}
	for c := range w.axes[a].codes {
		part := w.find(with(at, a, c))
		if part < 0 || w.axes[a].everywhere(c) || w.axes[a].codes[c].name == "" {
			continue
		}
		w.wants = append(w.wants, want{kind: KindAttribute, whole: n, part: part, axis: a, code: c, most: int64(k), rest: math.Inf(-1), restHi: Unbounded})
	}
}

// headline reports whether a group is everybody in a release: R4 lets the unanimous answer of a hundred and more be
// released.
func (w *world) headline(q *want) bool {
	at := w.nodes[q.whole].at
	all := len(at) == 0 || len(at) == 1 && w.cohort >= 0 && w.axes[w.cohort].codes[at[0].code].set.count() > 0 && w.isRelease(at[0])
	return all && w.nodes[q.whole].lo >= 100 && w.axes[q.axis].role != Special
}

func (w *world) isRelease(p pair) bool {
	return p.axis == w.cohort && slices.ContainsFunc(w.releases, func(l string) bool { return w.axes[p.axis].index[l] == p.code })
}

// name writes an address as "dim=code" sorted as the dimensions were listed; the release is left out.
func (w *world) name(at []pair) string {
	var out []string
	for _, p := range at {
		if p.axis != w.cohort {
			out = append(out, w.axes[p.axis].name+"="+w.axes[p.axis].codes[p.code].name)
		}
	}
	return strings.Join(out, " ")
}

// release returns between or in which releases an address lies.
func (w *world) release(at []pair) (since, in string) {
	if w.cohort < 0 {
		return "", w.releases[len(w.releases)-1]
	}
	c := codeOn(at, w.cohort)
	for _, l := range w.releases {
		if w.axes[w.cohort].index[l] == c {
			return "", l
		}
	}
	for rs, j := range w.joined {
		if j == c && rs[1] == rs[0]+1 {
			return w.releases[rs[0]], w.releases[rs[1]]
		}
	}
	return "", ""
}
