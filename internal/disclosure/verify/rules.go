package verify

import "slices"

// published checks every figure of the release against the truth and the thresholds, and notes what is asked of it:
// shown figures are the same in every table that fits, hidden ones are not.
func (v *verifier) published(figures []Figure) {
	for _, f := range figures {
		table := Table{f.Release, f.Table}
		i := slices.IndexFunc(v.blocks, func(b *block) bool { return slices.Contains(b.Tables, table) })
		if i < 0 {
			v.wrong("print", "%s has no certificate", f.Table)
			return
		}
		b := v.blocks[i]
		on, ok := b.address(f)
		if !ok {
			v.wrong("print", "%s has a figure that its certificate does not know", f.Table)
			continue
		}
		v.figure(b, on, f)
	}
	if len(figures) == 0 && len(v.blocks) > 0 {
		v.wrong("print", "there are no figures to check")
	}
}

// address finds the positions of a figure.
func (b *block) address(f Figure) ([][]int, bool) {
	on := with(b.whole(), b.cohorts(), b.inRelease(f.Release))
	if len(f.Row) != len(b.Axes)-1 {
		return nil, false
	}
	for i, code := range append([]string{f.Column}, f.Row...) {
		if i == 0 && code == "" || i > 0 && code == Total {
			continue
		}
		p, ok := b.index[i][code]
		if !ok {
			return nil, false
		}
		on[i] = []int{p}
	}
	return on, true
}

func (v *verifier) figure(b *block, on [][]int, f Figure) {
	s := &sum{where: b.name(on), parts: parts(b.counts(on), 1), fixed: f.Shown}
	v.add(s)
	n := int(s.truth)
	if !f.Shown {
		s.in = b
		s.zero = v.below(b, on, f.Column == "", n) && v.existence(b, on)
		return
	}
	switch headline := !slices.ContainsFunc(f.Row, func(c string) bool { return c != Total }); {
	case f.Exact && (f.Value != n || !headline), !f.Exact && f.Value != (n+v.rules.RoundTo/2)/v.rules.RoundTo*v.rules.RoundTo:
		v.wrong("print", "%s is not printed as it was counted", s.where)
	}
	switch {
	case n > 0 && v.below(b, on, f.Column == "", n):
		v.wrong("R2, R3", "%s: so few people are shown", s.where)
	case n == 0 && v.existence(b, on):
		v.wrong("R2b", "%s: that nobody took part is shown", s.where)
	}
}

// below reports whether so many people may not be shown at the positions.
func (v *verifier) below(b *block, on [][]int, base bool, n int) bool {
	least := v.rules.CellThreshold
	if base {
		least = v.rules.BaseThreshold
	}
	if b.special(v.rules, on) {
		least = max(least, v.rules.SpecialThreshold)
	}
	return n < least
}

// special reports whether the positions name a special category.
func (b *block) special(r Rules, on [][]int) bool {
	for i, a := range b.Axes {
		if len(on[i]) < len(a.Codes) && r.Dims[a.Dim].Special {
			return true
		}
	}
	return false
}

// existence reports whether R2b forbids to tell that nobody, or that somebody, is at the positions: they name a special
// category by a code that says something, and the rest of the address is possible at all.
func (v *verifier) existence(b *block, on [][]int) bool {
	says := false
	rest := slices.Clone(on)
	for i, a := range b.Axes {
		if !v.rules.Dims[a.Dim].Special || len(on[i]) == len(a.Codes) {
			continue
		}
		rest[i] = b.every(i)
		for _, p := range on[i] {
			says = says || !v.silent(a, p)
		}
	}
	if !says {
		return false
	}
	return v.people(b, rest) > 0
}

// silent reports whether a code holds nothing but codes that say nothing.
func (v *verifier) silent(a Axis, position int) bool {
	return !slices.ContainsFunc(a.Holds[position], func(c string) bool { return !slices.Contains(v.rules.Dims[a.Dim].NoAnswer, c) })
}

// unpublished notes the counts of answers that are not columns of their table ("n" of a tick): they are not shown, so
// they must be as uncertain as a hidden figure where they are as small.
func (v *verifier) unpublished() {
	published := map[string]bool{}
	for _, s := range v.sums {
		if !slices.ContainsFunc(s.parts, func(p Step) bool { return p.By != 1 }) {
			published[sumKey(s)] = true
		}
	}
	for _, b := range v.blocks {
		for _, t := range b.Tables {
			v.unprinted(b, b.inRelease(t.Release), published)
		}
	}
}

func (v *verifier) unprinted(b *block, people []int, published map[string]bool) {
	for _, group := range b.groups(0, people) {
		for p := range b.Axes[0].Codes {
			on := with(group, 0, []int{p})
			s := &sum{where: b.name(on), parts: parts(b.counts(on), 1), in: b}
			if published[sumKey(s)] {
				continue
			}
			if n := v.people(b, on); n > 0 && v.below(b, on, false, int(n)) {
				v.add(s)
			}
		}
	}
}

// people returns how many are at a place in truth.
func (v *verifier) people(b *block, on [][]int) int64 {
	n := int64(0)
	for _, at := range b.counts(on) {
		n += v.truth[at]
	}
	return n
}

func sumKey(s *sum) string {
	at := make([]int, len(s.parts))
	for i, p := range s.parts {
		at[i] = p.At
	}
	return key(at)
}

// groups returns the groups of the people of some cohorts within which an axis is the answer: every code, or all, on the
// other axes.
func (b *block) groups(answer int, people []int) [][][]int {
	groups := [][][]int{with(b.whole(), b.cohorts(), people)}
	for i, a := range b.Axes {
		if i == answer {
			continue
		}
		for _, g := range groups[:len(groups):len(groups)] {
			for p := range a.Codes {
				groups = append(groups, with(g, i, []int{p}))
			}
		}
	}
	return groups
}

// groups applies R4: of every group with somebody in it, and every answer or band that all but k of them gave, the
// number of the others must be able to be more than k.
func (v *verifier) groups() {
	for _, b := range v.blocks {
		for _, t := range b.Tables {
			v.giveaways(b, b.inRelease(t.Release))
		}
	}
}

// giveaways applies R4 to the people of some cohorts.
func (v *verifier) giveaways(b *block, people []int) {
	special := b.anySpecial(v.rules)
	k := b.k(v.rules)
	for i, a := range b.Axes {
		if i > 0 && !v.rules.Dims[a.Dim].Secret {
			continue
		}
		for _, set := range v.attributes(a) {
			for g, group := range b.groups(i, people) {
				v.group(b, with(group, i, set), i, k, g == 0 && !special)
			}
		}
	}
}

func (b *block) anySpecial(r Rules) bool {
	return slices.ContainsFunc(b.Axes, func(a Axis) bool { return r.Dims[a.Dim].Special })
}

// k is how many people of a group may be one coalition.
func (b *block) k(r Rules) int64 {
	if b.anySpecial(r) {
		return int64(r.SpecialK)
	}
	return int64(r.K)
}

// minUnanimous is the smallest consultation whose unanimous headline a reviewer may release (R4).
const minUnanimous = 100

func (v *verifier) group(b *block, gave [][]int, answer int, k int64, headline bool) {
	var rest []int
	for p := range b.Axes[answer].Codes {
		if !slices.Contains(gave[answer], p) {
			rest = append(rest, p)
		}
	}
	if len(rest) == 0 {
		return
	}
	s := &sum{where: b.name(gave), parts: parts(b.counts(with(gave, answer, rest)), 1), least: k + 1}
	n, others := int64(0), int64(0)
	for _, at := range b.counts(with(gave, answer, b.every(answer))) {
		n += v.truth[at]
	}
	for _, p := range s.parts {
		others += v.truth[p.At]
	}
	if n == 0 || others > k || headline && v.rules.UnanimousHeadline && n >= minUnanimous {
		return
	}
	v.add(s)
}

// attributes returns the sets of positions that must not be learnt about a whole group: every code that says
// something and every band, alone and together with those that say nothing.
func (v *verifier) attributes(a Axis) [][]int {
	var silent, all []int
	var sets [][]int
	for p := range a.Codes {
		all = append(all, p)
		if v.silent(a, p) {
			silent = append(silent, p)
		} else {
			sets = append(sets, []int{p})
		}
	}
	for _, band := range v.rules.Dims[a.Dim].Bands {
		var set []int
		for p, holds := range a.Holds {
			if len(holds) > 0 && !slices.ContainsFunc(holds, func(c string) bool { return !slices.Contains(band, c) }) {
				set = append(set, p)
			}
		}
		says := func(p int) bool { return !v.silent(a, p) }
		outside := slices.DeleteFunc(slices.Clone(all), func(p int) bool { return slices.Contains(set, p) })
		if len(set) > 1 && slices.ContainsFunc(set, says) && slices.ContainsFunc(outside, says) {
			sets = append(sets, set)
		}
	}
	for _, set := range sets[:len(sets):len(sets)] {
		if both := slices.DeleteFunc(slices.Clone(silent), func(p int) bool { return slices.Contains(set, p) }); len(both) > 0 {
			sets = append(sets, slices.Concat(set, both))
		}
	}
	return sets
}
