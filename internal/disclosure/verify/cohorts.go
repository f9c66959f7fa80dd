package verify

import "slices"

// cohorts applies R10: those who joined or left between releases, and everybody by the set of releases they are in, are
// groups like any other. They are nowhere printed, so what is small among them must be uncertain.
func (v *verifier) cohorts() {
	if v.releases < 2 {
		return
	}
	var every []uint64
	for _, b := range v.blocks {
		every = append(every, b.Cohorts...)
	}
	slices.Sort(every)
	every = slices.Compact(every)
	for _, b := range v.blocks {
		for _, people := range v.isolatable(b, every) {
			v.small(b, people)
			v.giveaways(b, people)
		}
	}
}

// isolatable returns the sets of a block's cohorts that are people whom several releases could isolate: one cohort, or all
// who are in one release and not in another. A set that the block counts only in part cannot be told by it.
func (v *verifier) isolatable(b *block, every []uint64) [][]int {
	var sets [][]int
	for i := range b.Cohorts {
		sets = append(sets, []int{i})
	}
	for i := range v.releases {
		for j := range v.releases {
			between := func(c uint64) bool { return c>>i&1 == 1 && c>>j&1 == 0 }
			part := slices.ContainsFunc(every, func(c uint64) bool { return between(c) && !slices.Contains(b.Cohorts, c) })
			if set := b.where(between); !part && len(set) > 1 {
				sets = append(sets, set)
			}
		}
	}
	return sets
}

// small applies R2, R2b and R3 to the people of some cohorts.
func (v *verifier) small(b *block, people []int) {
	for _, group := range b.groups(0, people) {
		v.guard(b, group, true)
		for p := range b.Axes[0].Codes {
			v.guard(b, with(group, 0, []int{p}), false)
		}
	}
}

func (v *verifier) guard(b *block, on [][]int, base bool) {
	n := v.people(b, on)
	zero := v.existence(b, on)
	if n == 0 && !zero || n > 0 && !v.below(b, on, base, int(n)) {
		return
	}
	v.add(&sum{where: "some who joined or left, " + b.name(on), parts: parts(b.counts(on), 1), zero: zero, in: b})
}
