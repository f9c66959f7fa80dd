package disclosure

import (
	"math"
	"math/rand/v2"
	"slices"
)

// rearrangement looks for other sets of answers that fit every figure shown, in which a person gave another answer than in truth. It
// begins with an exchange of that person's answer for somebody else's, which leaves figures wrong, and mends them by exchanges of
// others who are in almost the same groups. Every exchange has a sum, of a secret number for each figure that it changes. So whether
// one more exchange would put everything right is looked up by the sum that is missing. What is found so is then counted through.
type rearrangement struct {
	*assignment
	rng    *rand.Rand
	over   func() bool
	rarity []float64 // by figure, of the first of each group: how few people are in it
	of     [][]int32 // by kind: the people who gave it
	groups [][]int32 // by figure: the people whom it counts in truth
	pool   []exchange
	by     map[uint64]int32     // sum -> one of the pool
	nearby map[[2]int32][]int32 // person, kind -> the nearest who gave it
	made   []exchange           // since the first, in the present try
}

// The effort for one person before the answer counts as not open. They bound work, not time: the outcome is the same everywhere.
const (
	gateTries  = 100     // beginnings
	gateSteps  = 500     // exchanges considered in each
	gateHeat   = 0.8     // an exchange that makes n figures wronger is made once in exp(n/gateHeat)
	gatePools  = 1 << 18 // exchanges to look up, together
	gatePool   = 1 << 14 // exchanges to look up, for each two kinds of answers
	gateLook   = 300     // people among whom the nearest are looked for
	gateNear   = 24      // how many
	gateChoice = 8       // exchanges of which the one that mends most is made
)

func newRearrangement(q *puzzle, rng *rand.Rand, over func() bool) *rearrangement {
	r := &rearrangement{assignment: newAssignment(q, rng), rng: rng, over: over, rarity: make([]float64, q.figures), of: make([][]int32, len(q.bands)),
		groups: make([][]int32, q.figures), by: map[uint64]int32{}, nearby: map[[2]int32][]int32{}}
	size := make([]int, q.figures)
	for p, at := range q.at {
		kind := q.answers[p]
		r.of[kind] = append(r.of[kind], int32(p))
		for i, f := range at {
			if f >= 0 {
				size[f]++
				truth := f + int32(q.views[i].codes[kind])
				r.groups[truth] = append(r.groups[truth], int32(p))
			}
		}
	}
	for f, n := range size {
		if n > 0 {
			r.rarity[f] = math.Log(float64(len(q.at)+1) / float64(n))
		}
	}
	kinds := len(r.of)
	for a := range r.of {
		for b := range a {
			r.fill(b, a, min(gatePool, gatePools/max(1, kinds*(kinds-1)/2)))
		}
	}
	return r
}

// fill puts so many exchanges between two kinds of answers into the pool, of people who are in almost the same groups.
func (r *rearrangement) fill(one, two, most int) {
	each := max(1, most/max(1, len(r.of[one])))
	for _, a := range r.some(r.of[one], most) {
		if r.over() {
			return
		}
		for _, b := range r.nearest(a, r.some(r.of[two], 4*each), each) {
			sum := r.change(a, b)
			if _, known := r.by[sum]; !known {
				r.by[sum] = int32(len(r.pool))
				r.pool = append(r.pool, exchange{a, b})
			}
		}
	}
}

// some returns the people, or so many of them at random if they are more.
func (r *rearrangement) some(people []int32, most int) []int32 {
	if len(people) <= most {
		return people
	}
	out := make([]int32, most)
	for i := range out {
		out[i] = people[r.rng.IntN(len(people))]
	}
	return out
}

// nearest returns those who share most groups with the person, and the rarest; of equals those who come first.
func (r *rearrangement) nearest(person int32, others []int32, most int) []int32 {
	if len(others) <= most {
		return others
	}
	near, shares := make([]int32, 0, most+1), make([]float64, 0, most+1)
	for _, o := range others {
		shared := 0.0
		for j, f := range r.at[person] {
			if f >= 0 && f == r.at[o][j] {
				shared += r.rarity[f]
			}
		}
		if len(near) == most && shared <= shares[most-1] {
			continue
		}
		i := len(shares)
		for i > 0 && shares[i-1] < shared {
			i--
		}
		near, shares = slices.Insert(near, i, o), slices.Insert(shares, i, shared)
		near, shares = near[:min(most, len(near))], shares[:min(most, len(shares))]
	}
	return near
}

// near returns the nearest of those who gave an answer.
func (r *rearrangement) near(person int32, kind int) []int32 {
	key := [2]int32{person, int32(kind)}
	out, ok := r.nearby[key]
	if !ok {
		out = r.nearest(person, r.some(r.of[kind], gateLook), gateNear)
		r.nearby[key] = out
	}
	return out
}

// open reports whether each of the people could have given an answer of another band than they did.
func (r *rearrangement) open(people []int) bool {
	if len(r.bands) == 0 || slices.Max(r.bands) == slices.Min(r.bands) {
		return true // there is one answer, so nobody asks
	}
	proven := map[int32]bool{}
	for _, p := range people {
		person := int32(p)
		if proven[person] {
			continue
		}
		if r.over() || !r.reach(person) {
			return false
		}
		for other, kind := range r.moved {
			if r.bands[kind] != r.bands[r.answers[other]] {
				proven[other] = true
			}
		}
		r.reset()
	}
	return true
}

// reach looks for answers in which the person's is of another band, and leaves them in place.
func (r *rearrangement) reach(person int32) bool {
	var firsts []exchange
	for k := range r.of {
		if r.over() {
			return false
		}
		if r.bands[k] != r.bands[r.answers[person]] {
			if r.unseen(person, int16(k)) {
				return true
			}
			for _, o := range r.nearest(person, r.of[k], gateNear) {
				firsts = append(firsts, exchange{person, o})
			}
		}
	}
	for try := range gateTries {
		if len(firsts) == 0 || r.over() {
			return false
		}
		if r.try(firsts[try%len(firsts)]) {
			return true
		}
		r.reset()
	}
	return false
}

// unseen reports whether no figure would change if the person gave another answer.
func (r *rearrangement) unseen(person int32, kind int16) bool {
	r.give(person, r.answers[person], kind)
	same := len(r.broken) == 0
	r.give(person, kind, r.answers[person])
	return same
}

// try mends what the exchange breaks: it wanders, by exchanges and by taking them back, through answers that leave few figures wrong.
func (r *rearrangement) try(first exchange) bool {
	r.swap(first, 1)
	r.made = r.made[:0]
	for range min(gateSteps, gateSteps/10+2*len(r.answers)) { // a few people have few answers
		if len(r.broken) == 0 || r.complete() {
			return true
		}
		if n := len(r.made); n > 0 && r.rng.IntN(3) == 0 {
			if i := r.rng.IntN(n); r.accept(r.worth(r.made[i], -1)) {
				r.swap(r.made[i], -1)
				r.made[i] = r.made[n-1]
				r.made = r.made[:n-1]
			}
			continue
		}
		if e, ok := r.choose(r.broken[r.rng.IntN(len(r.broken))]); ok && r.accept(r.worth(e, 1)) {
			r.swap(e, 1)
			r.made = append(r.made, e)
		}
	}
	return false
}

// accept takes whatever makes no more wrong, and sometimes what does.
func (r *rearrangement) accept(worse int32) bool {
	return worse <= 0 || r.rng.Float64() < math.Exp(-float64(worse)/gateHeat)
}

// complete makes the one exchange that puts all figures right, if it finds one.
func (r *rearrangement) complete() bool {
	i, ok := r.by[-r.sum]
	if !ok || !r.free(r.pool[i]) {
		return false
	}
	r.swap(r.pool[i], 1)
	if len(r.broken) > 0 {
		r.swap(r.pool[i], -1)
	}
	return len(r.broken) == 0
}

// choose returns, of a few exchanges that bring the figure nearer to what is shown, the one that leaves least wrong.
func (r *rearrangement) choose(figure int32) (best exchange, ok bool) {
	n := r.viewAt(figure)
	v := &r.views[n]
	width := int32(len(v.answer.codes))
	group := figure - (figure-int32(v.first))%width
	code := int(figure - group)
	many := r.off[figure] > 0
	least := int32(0)
	for range 4 * gateChoice {
		var e exchange
		if e.a, e.b = r.candidate(v, group, code, many); e.a < 0 || !r.free(e) || r.at[e.b][n] == group {
			continue
		}
		if w := r.worth(e, 1); !ok || w < least {
			best, least, ok = e, w, true
		}
	}
	return best, ok
}

// candidate returns somebody of the group and somebody to exchange answers with, so that the group has one less, or more, of the code.
func (r *rearrangement) candidate(v *view, group int32, code int, less bool) (a, b int32) {
	from := code
	if !less {
		from = r.rng.IntN(len(v.answer.codes))
	}
	people := r.groups[group+int32(from)]
	to := r.rng.IntN(len(r.of))
	if len(people) == 0 || from == code && !less || (v.codes[to] == code) == less {
		return -1, -1
	}
	a = people[r.rng.IntN(len(people))]
	near := r.near(a, to)
	if len(near) == 0 {
		return -1, -1
	}
	return a, near[r.rng.IntN(len(near))]
}
