package verify

import (
	"fmt"
	"slices"
	"strings"
)

// block is a table of the certificate with the means to find its counts.
type block struct {
	Block
	offset int
	index  []map[string]int // by axis: code -> position
}

// A place in a block is a set of positions on each axis, and last the cohorts.

// cohorts returns the position in a place where the cohorts are.
func (b *block) cohorts() int { return len(b.Axes) }

// inRelease returns the cohorts that are in a release.
func (b *block) inRelease(release int) []int {
	return b.where(func(c uint64) bool { return c>>release&1 == 1 })
}

// where returns the cohorts that belong.
func (b *block) where(belongs func(uint64) bool) []int {
	var at []int
	for i, c := range b.Cohorts {
		if belongs(c) {
			at = append(at, i)
		}
	}
	return at
}

// lay numbers the counts of all blocks. It reports false if the certificate cannot be read at all.
func (v *verifier) lay() bool {
	tables := map[Table]bool{}
	for _, b := range v.certificate.Blocks {
		size := 1
		out := &block{Block: b, offset: len(v.truth)}
		for _, a := range b.Axes {
			size *= len(a.Codes)
			index := map[string]int{}
			for i, c := range a.Codes {
				index[c] = i
			}
			out.index = append(out.index, index)
			if len(a.Holds) != len(a.Codes) || len(index) != len(a.Codes) {
				v.wrong("fit", "the certificate of %s has codes that cannot be told apart", b.Table)
				return false
			}
		}
		if len(b.Cohorts) == 0 && len(b.Tables) == 0 {
			out.Cohorts, out.Tables = []uint64{1}, []Table{{0, b.Table}}
		}
		distinct := map[uint64]bool{}
		for _, c := range out.Cohorts {
			distinct[c] = true
		}
		twice := len(distinct) != len(out.Cohorts) || distinct[0]
		for _, t := range out.Tables {
			twice = twice || tables[t] || t.Release < 0 || t.Release > 63
			tables[t] = true
			v.releases = max(v.releases, t.Release+1)
		}
		if len(b.Axes) == 0 || size*len(out.Cohorts) != len(b.Counts) || twice || slices.ContainsFunc(b.Counts, func(n int64) bool { return n < 0 }) {
			v.wrong("fit", "the certificate of %s is not a table of counts", b.Table)
			return false
		}
		v.blocks = append(v.blocks, out)
		v.truth = append(v.truth, b.Counts...)
	}
	v.exempt = map[string]bool{}
	for _, e := range v.certificate.Exempt {
		n := int64(0)
		for _, at := range e {
			if at < 0 || at >= len(v.truth) {
				v.wrong("fit", "the certificate exempts a count that does not exist")
				return false
			}
			n += v.truth[at]
		}
		if n != 0 {
			v.wrong("fit", "the certificate exempts people")
			return false
		}
		v.exempt[key(e)] = true
	}
	return true
}

// key identifies a set of counts.
func key(at []int) string {
	at = slices.Clone(at)
	slices.Sort(at)
	return fmt.Sprint(at)
}

// known reports whether the sum is one that the relations alone give.
func (v *verifier) known(s *sum) bool {
	if len(v.exempt) == 0 {
		return false
	}
	at := make([]int, len(s.parts))
	for i, p := range s.parts {
		at[i] = p.At
	}
	return v.exempt[key(at)]
}

// counts returns the numbers of the counts in the product of the positions on each axis.
func (b *block) counts(on [][]int) []int {
	at := on[b.cohorts()]
	for i, positions := range on[:b.cohorts()] {
		var next []int
		for _, x := range at {
			for _, p := range positions {
				next = append(next, x*len(b.Axes[i].Codes)+p)
			}
		}
		at = next
	}
	for i := range at {
		at[i] += b.offset
	}
	return at
}

func (b *block) every(axis int) []int {
	all := make([]int, len(b.Axes[axis].Codes))
	for i := range all {
		all[i] = i
	}
	return all
}

// whole returns all positions on every axis.
func (b *block) whole() [][]int {
	on := make([][]int, len(b.Axes))
	for i := range on {
		on[i] = b.every(i)
	}
	return append(on, b.where(func(uint64) bool { return true }))
}

// parts makes a sum of the counts, each times by.
func parts(at []int, by int64) []Step {
	out := make([]Step, len(at))
	for i, x := range at {
		out[i] = Step{x, by}
	}
	return out
}

// name says where in the table the positions are.
func (b *block) name(on [][]int) string {
	var words []string
	for i, positions := range on[:b.cohorts()] {
		if len(positions) == len(b.Axes[i].Codes) {
			continue
		}
		var codes []string
		for _, p := range positions {
			codes = append(codes, b.Axes[i].Codes[p])
		}
		words = append(words, b.Axes[i].Dim+" "+strings.Join(codes, " or "))
	}
	table := b.Table
	if len(b.Tables) > 0 {
		table = b.Tables[0].Table
	}
	return strings.Join(append([]string{table}, words...), ", ")
}

// ties notes what holds between the blocks because they count the same people: equal sums wherever they share
// dimensions, at the finest detail that both have; and the relations of the certificate.
func (v *verifier) ties() {
	for _, r := range v.certificate.Relations {
		for _, s := range r {
			if s.At < 0 || s.At >= len(v.truth) {
				v.wrong("fit", "a relation of the certificate is about a count that does not exist")
				return
			}
		}
		v.equal(r, "a relation of the certificate")
	}
	for i, a := range v.blocks {
		for _, b := range v.blocks[i+1:] {
			v.tie(a, b)
		}
	}
}

func (v *verifier) equal(r []Step, where string) {
	s := &sum{where: where, parts: r, fixed: true}
	v.add(s)
	if s.truth != 0 {
		v.wrong("fit", "%s does not hold in the true tables", where)
	}
}

// tie compares two blocks, cohort by cohort, over all their common dimensions. Equal sums over fewer follow from these.
func (v *verifier) tie(a, b *block) {
	var onA, onB [][][]int
	for i, c := range a.Cohorts {
		if j := slices.Index(b.Cohorts, c); j >= 0 {
			onA, onB = append(onA, with(a.whole(), a.cohorts(), []int{i})), append(onB, with(b.whole(), b.cohorts(), []int{j}))
		}
	}
	for i, x := range a.Axes {
		j := slices.IndexFunc(b.Axes, func(y Axis) bool { return y.Dim == x.Dim })
		if j < 0 {
			continue
		}
		shared := common(x, b.Axes[j])
		var nextA, nextB [][][]int
		for n := range onA {
			for _, s := range shared {
				nextA = append(nextA, with(onA[n], i, s[0]))
				nextB = append(nextB, with(onB[n], j, s[1]))
			}
		}
		onA, onB = nextA, nextB
	}
	for n := range onA {
		v.equal(append(parts(a.counts(onA[n]), 1), parts(b.counts(onB[n]), -1)...), "what "+a.Table+" and "+b.Table+" have in common")
	}
}

// with returns on with other positions on one axis.
func with(on [][]int, axis int, positions []int) [][]int {
	out := slices.Clone(on)
	out[axis] = positions
	return out
}

// common returns the smallest sets of positions of two axes of one dimension that hold the same finest codes.
func common(x, y Axis) [][2][]int {
	group := map[string]int{} // finest code -> set
	next := 0
	for _, axis := range []Axis{x, y} {
		for _, holds := range axis.Holds {
			into := -1
			for _, c := range holds {
				if g, ok := group[c]; ok && into >= 0 && g != into {
					for k, old := range group {
						if old == g {
							group[k] = into
						}
					}
				} else if ok {
					into = g
				} else if into < 0 {
					into, next = next, next+1
				}
				group[c] = into
			}
		}
	}
	sets := map[int]int{}
	var out [][2][]int
	for side, axis := range []Axis{x, y} {
		for p, holds := range axis.Holds {
			if len(holds) == 0 {
				continue
			}
			g := group[holds[0]]
			if _, ok := sets[g]; !ok {
				sets[g] = len(out)
				out = append(out, [2][]int{})
			}
			out[sets[g]][side] = append(out[sets[g]][side], p)
		}
	}
	return out
}
