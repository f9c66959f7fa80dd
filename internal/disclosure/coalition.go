package disclosure

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// Whoever is behind a hidden figure knows that it is at least one, and the few who are behind it together know that it is at least
// as many as they are (A9). What the others said must stay as uncertain for them as for everybody else. So for every hidden figure
// of at most k people the tables in which one of them is missing do not count, and for what leaned on these others are looked for.

// coalition is the people behind a hidden figure, few enough to be one: in each component the counts in which they are.
type coalition struct {
	in     *block
	cols   []int32
	parts  []coalitionPart
	places [][][]int32 // of each column, once asked for: sets of columns in one of which they are too
}

// coalitionPart is the counts of one component.
type coalitionPart struct {
	in     *component
	counts []int
}

// coalitions audits again what would be too certain for the people behind some hidden figure. It returns the audits, in whose
// tables nobody of them is missing, and the targets for which none was found. Components with a target in common are looked at one after the
// other, so that what is found for one coalition serves the next.
func (r *release) coalitions(apart [][]*component, all []*audited, truth []int64, home []place) (proofs []*audited, failed []*target) {
	leaning := leaning(all)
	known := known(all)
	behind := map[*component][]*coalition{}
	for _, c := range r.groupsBehind(all, truth, home) {
		behind[c.parts[0].in] = append(behind[c.parts[0].in], c)
	}
	found := make([][]*audited, len(apart))
	next := make(chan int)
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := range next {
				for _, in := range apart[i] {
					for _, c := range behind[in] {
						found[i] = append(found[i], r.standBy(c, leaning, known, truth)...)
					}
				}
			}
		})
	}
	for i := range apart {
		next <- i
	}
	close(next)
	wait.Wait()
	for _, a := range slices.Concat(found...) {
		proofs = append(proofs, a)
		if !a.enough(int64(r.policy.Width)) && !slices.Contains(failed, a.target) {
			failed = append(failed, a.target)
		}
	}
	return proofs, failed
}

// known returns the tables that were found in each component.
func known(all []*audited) map[*component]*[]*move {
	out := map[*component]*[]*move{}
	seen := map[*move]bool{nil: true}
	for _, a := range all {
		for _, p := range a.probes {
			if out[p.in] == nil {
				out[p.in] = &[]*move{}
			}
			for _, m := range []*move{p.loMove, p.hiMove} {
				if !seen[m] {
					seen[m] = true
					*out[p.in] = append(*out[p.in], m)
				}
			}
		}
	}
	return out
}

// leaning returns, for every count, what was proven by tables in which it is smaller than in truth.
func leaning(all []*audited) map[place][]*audited {
	out := map[place][]*audited{}
	for _, a := range all {
		for _, p := range a.probes {
			for _, m := range []*move{p.loMove, p.hiMove} {
				if m == nil {
					continue
				}
				for _, s := range m.steps {
					at := place{p.in, s.count}
					if list := out[at]; s.by < 0 && (len(list) == 0 || list[len(list)-1] != a) {
						out[at] = append(list, a)
					}
				}
			}
		}
	}
	return out
}

// groupsBehind returns the people behind each hidden figure of at most k of them, those of the same counts once.
func (r *release) groupsBehind(all []*audited, truth []int64, home []place) (out []*coalition) {
	seen := map[string]bool{}
	for _, a := range all {
		n := int64(0)
		c := &coalition{in: r.blocks[r.blockAt(a.form[0].col)]}
		for _, t := range a.form {
			if truth[t.col] == 0 {
				continue
			}
			n += truth[t.col]
			c.cols = append(c.cols, t.col)
			if h := home[t.col]; h.in != nil {
				c.add(h)
			}
		}
		if key := fmt.Sprint(c.cols); a.least == 0 && n > 0 && n <= int64(r.policy.k(a.in.anySpecial())) && len(c.parts) > 0 && !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	return out
}

func (c *coalition) add(at place) {
	i := slices.IndexFunc(c.parts, func(p coalitionPart) bool { return p.in == at.in })
	if i < 0 {
		i, c.parts = len(c.parts), append(c.parts, coalitionPart{in: at.in})
	}
	c.parts[i].counts = append(c.parts[i].counts, at.count)
}

// standBy audits again what leaned on tables in which somebody of the coalition is missing.
func (r *release) standBy(c *coalition, leaning map[place][]*audited, known map[*component]*[]*move, truth []int64) (again []*audited) {
	var leant []*audited
	kept := map[*component]*component{}
	for _, part := range c.parts {
		without := *part.in
		without.truth = slices.Clone(without.truth)
		for _, n := range part.counts {
			without.truth[n] = 0 // the others: they can all be gone
			for _, a := range leaning[place{part.in, n}] {
				if !slices.Contains(leant, a) {
					leant = append(leant, a)
				}
			}
		}
		kept[part.in] = &without
	}
	probes := map[*component][]*probe{}
	for _, a := range leant {
		if b := r.besides(a, c, kept, truth); b != nil {
			again = append(again, b)
			for _, p := range b.probes {
				probes[p.in] = append(probes[p.in], p)
			}
		}
	}
	for _, part := range c.parts {
		without := kept[part.in]
		if len(probes[without]) == 0 || !without.sound() || r.over() {
			continue
		}
		s := newSearch(without, probes[without], int64(r.policy.Width))
		tables := known[part.in]
		for _, m := range *tables {
			if !slices.ContainsFunc(m.steps, func(s step) bool { return s.by < 0 && slices.Contains(part.counts, s.count) }) {
				s.take(m)
			}
		}
		if s.satisfied() {
			continue
		}
		s.run()
		for _, p := range s.probes {
			for _, m := range []*move{p.loMove, p.hiMove} {
				if m != nil && !slices.Contains(*tables, m) {
					*tables = append(*tables, m)
				}
			}
		}
	}
	return again
}

// besides returns the target as it is for the coalition, who know that they are there. It returns nil if nobody else is in it.
func (r *release) besides(a *audited, c *coalition, kept map[*component]*component, truth []int64) *audited {
	b := &audited{target: a.target, fixed: a.fixed}
	all, their := int64(0), int64(0)
	for _, t := range a.form {
		all += truth[t.col]
	}
	for _, col := range c.cols {
		their += truth[col]
	}
	if a.zero || a.least == 0 && all <= their {
		b.own = r.certain(c, a.form, truth)
	}
	if a.least == 0 && all > 0 && b.own == all {
		return nil
	}
	for _, p := range a.probes {
		q := *p
		q.of = b
		if without := kept[p.in]; without != nil {
			q.in, q.start, q.loMove, q.hiMove = without, 0, nil, nil
			for _, n := range p.counts {
				q.start += without.truth[n]
			}
			q.lo, q.hi = q.start, q.start
			b.fixed += p.start - q.start
		}
		b.probes = append(b.probes, &q)
	}
	return b
}
