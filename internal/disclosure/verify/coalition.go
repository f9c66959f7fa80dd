package verify

import "slices"

// coalitions asks what the people behind a hidden figure learn of the others, where they are k at most: they know that the figure is not
// smaller than they are many (A9). So the tables in which it is do not count for them.
func (v *verifier) coalitions() {
	leans := map[int][]*sum{} // by table: what has its least or greatest value there
	for _, s := range v.sums {
		if s.fixed || v.known(s) {
			continue
		}
		low, high := -1, -1
		for _, r := range s.reach {
			if low < 0 && s.truth+r.by == s.lo {
				low = r.move
			}
			if high < 0 && s.truth+r.by == s.hi {
				high = r.move
			}
		}
		leans[low], leans[high] = append(leans[low], s), append(leans[high], s)
	}
	gone := make([]int, len(v.certificate.Moves)) // the last coalition for whom the table does not count
	for n, c := range v.sums {
		if c.in == nil || c.truth < 1 || c.truth > c.in.k(v.rules) || v.known(c) {
			continue
		}
		without := func(move int) bool { return gone[move] == n+1 }
		var leant []*sum
		for _, r := range c.reach {
			if r.by < 0 {
				gone[r.move] = n + 1
				leant = append(leant, leans[r.move]...)
			}
		}
		seen := map[*sum]bool{}
		for _, s := range leant {
			if !seen[s] {
				seen[s] = true
				v.told(s, c, without)
			}
		}
	}
}

// told asks what is left of the uncertainty of a sum for the people behind another one, without some tables.
func (v *verifier) told(s, c *sum, without func(int) bool) {
	lo, hi := s.truth, s.truth
	for _, r := range s.reach {
		if !without(r.move) {
			lo, hi = min(lo, s.truth+r.by), max(hi, s.truth+r.by)
		}
	}
	if _, what := v.certain(s, lo, hi, 0); what == "" {
		return
	}
	own := v.own(s, c)
	if s.least == 0 && s.truth > 0 && own == s.truth {
		return // it is of nobody but them
	}
	if _, what := v.certain(s, lo, hi, own); what != "" {
		v.wrong("coalition", "%s: for the people behind %s %s", s.where, c.where, what)
	}
}

// own returns how many of the people behind c are in s for certain: wherever they could be in its block is part of it, or a relation
// says that everybody is there who is where they are.
func (v *verifier) own(s, c *sum) (n int64) {
	if !s.zero && s.truth > c.truth {
		return 0 // it makes no difference
	}
	within := map[int]bool{}
	for _, p := range s.parts {
		within[p.At] = true
	}
	b := v.blockOf(s.parts[0].At)
	for _, p := range c.parts {
		if v.truth[p.At] > 0 && (inside(b.couldBe(c.in, p.At), within) || slices.ContainsFunc(v.elsewhere(p.At), func(at []int) bool { return inside(at, within) })) {
			n += v.truth[p.At]
		}
	}
	return n
}

func inside(at []int, within map[int]bool) bool {
	return len(at) > 0 && !slices.ContainsFunc(at, func(x int) bool { return !within[x] })
}

// elsewhere returns sets of counts in one of which everybody is who is in a count, by one relation of the certificate or two.
func (v *verifier) elsewhere(at int) [][]int {
	if v.relations == nil {
		v.relations = map[int][]int{}
		for i, r := range v.certificate.Relations {
			for _, s := range r {
				v.relations[s.At] = append(v.relations[s.At], i)
			}
		}
		v.places = map[int][][]int{}
	}
	if sets, done := v.places[at]; done {
		return sets
	}
	sets := v.across([]int{at})
	for _, set := range sets {
		sets = append(sets, v.across(set)...)
	}
	v.places[at] = sets
	return sets
}

// across returns the other sides of the relations of which one side holds all the counts.
func (v *verifier) across(set []int) (out [][]int) {
	for _, i := range v.relations[set[0]] {
		sides := map[int64][]int{}
		with := map[int]bool{}
		by := int64(0)
		for _, s := range v.certificate.Relations[i] {
			sides[s.By] = append(sides[s.By], s.At)
			if s.At == set[0] {
				by = s.By
			}
		}
		for _, x := range sides[by] {
			with[x] = true
		}
		if len(sides) == 2 && by*by == 1 && len(sides[-by]) > 0 && inside(set, with) {
			out = append(out, sides[-by])
		}
	}
	return out
}

func (v *verifier) blockOf(at int) *block {
	i := slices.IndexFunc(v.blocks, func(b *block) bool { return at < b.offset+len(b.Counts) })
	return v.blocks[i]
}

// couldBe returns the counts of the block in which somebody could be who is in a count of another block: of the same cohort, with codes that
// hold a finest code in common wherever both have the dimension.
func (b *block) couldBe(other *block, at int) []int {
	at -= other.offset
	size := len(other.Counts) / len(other.Cohorts)
	cohort, leaf := other.Cohorts[at/size], at%size
	has := map[string][]string{}
	for i := len(other.Axes) - 1; i >= 0; i-- {
		a := other.Axes[i]
		has[a.Dim] = a.Holds[leaf%len(a.Codes)]
		leaf /= len(a.Codes)
	}
	on := make([][]int, len(b.Axes))
	for i, a := range b.Axes {
		for p, holds := range a.Holds {
			finest, both := has[a.Dim]
			if !both || slices.ContainsFunc(holds, func(code string) bool { return slices.Contains(finest, code) }) {
				on[i] = append(on[i], p)
			}
		}
	}
	people := b.where(func(c uint64) bool { return c == cohort })
	if len(people) == 0 {
		return nil
	}
	return b.counts(append(on, people))
}
