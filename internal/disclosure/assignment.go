package disclosure

import "math/rand/v2"

// assignment is a set of answers that some people exchanged, and the figures that are not as shown for it.
type assignment struct {
	*puzzle
	sums   [][]uint64      // by person and kind: of the secret numbers of the figures that would count them
	moved  map[int32]int16 // who has another answer than in truth, and which
	sum    uint64          // what all exchanges change
	off    []int32         // by figure: how many too many
	broken []int32         // the figures that are not as shown
	where  []int32         // by figure: its place in broken, -1 if it is right
}

// exchange is two people who swap their answers.
type exchange struct{ a, b int32 }

func newAssignment(q *puzzle, rng *rand.Rand) *assignment {
	r := &assignment{puzzle: q, moved: map[int32]int16{}, off: make([]int32, q.figures), where: make([]int32, q.figures)}
	secret := make([]uint64, q.figures)
	for f := range q.figures {
		r.where[f] = -1
		if q.shown[f] {
			secret[f] = rng.Uint64()
		}
	}
	for _, at := range q.at {
		sums := make([]uint64, len(q.bands))
		for i, f := range at {
			for k := range sums {
				if f >= 0 {
					sums[k] += secret[f+int32(q.views[i].codes[k])]
				}
			}
		}
		r.sums = append(r.sums, sums)
	}
	return r
}

// change is the sum of the figures that an exchange changes.
func (r *assignment) change(a, b int32) uint64 {
	ka, kb := r.answers[a], r.answers[b]
	return r.sums[a][kb] - r.sums[a][ka] + r.sums[b][ka] - r.sums[b][kb]
}

// free reports whether both have their own answers.
func (r *assignment) free(e exchange) bool {
	_, a := r.moved[e.a]
	_, b := r.moved[e.b]
	return !a && !b
}

// swap exchanges the answers of two people who have their own; by is -1 to take it back.
func (r *assignment) swap(e exchange, by int32) {
	ka, kb := r.answers[e.a], r.answers[e.b]
	if by < 0 {
		r.sum -= r.change(e.a, e.b)
		delete(r.moved, e.a)
		delete(r.moved, e.b)
		r.give(e.a, kb, ka)
		r.give(e.b, ka, kb)
		return
	}
	r.sum += r.change(e.a, e.b)
	r.give(e.a, ka, kb)
	r.give(e.b, kb, ka)
	r.moved[e.a], r.moved[e.b] = kb, ka
}

// reset gives everybody their own answer.
func (r *assignment) reset() {
	for p, kind := range r.moved {
		r.give(p, kind, r.answers[p])
	}
	clear(r.moved)
	r.sum = 0
}

// give changes a person's answer in the figures.
func (r *assignment) give(person int32, was, kind int16) {
	for i, f := range r.at[person] {
		codes := r.views[i].codes
		if from, to := codes[was], codes[kind]; f >= 0 && from != to {
			r.count(f+int32(from), -1)
			r.count(f+int32(to), 1)
		}
	}
}

// count adds to a figure.
func (r *assignment) count(figure, by int32) {
	if !r.shown[figure] {
		return
	}
	r.off[figure] += by
	switch at := r.where[figure]; {
	case r.off[figure] != 0 && at < 0:
		r.where[figure] = int32(len(r.broken))
		r.broken = append(r.broken, figure)
	case r.off[figure] == 0 && at >= 0:
		last := len(r.broken) - 1
		r.broken[at] = r.broken[last]
		r.where[r.broken[at]] = at
		r.broken, r.where[figure] = r.broken[:last], -1
	}
}

// worth returns how many more errors there are in the figures after an exchange.
func (r *assignment) worth(e exchange, by int32) (sum int32) {
	ka, kb := r.answers[e.a], r.answers[e.b]
	for i := range r.views {
		fa, fb := r.at[e.a][i], r.at[e.b][i]
		ca, cb := int32(r.views[i].codes[ka]), int32(r.views[i].codes[kb])
		if fa == fb || ca == cb {
			continue
		}
		if fa >= 0 {
			sum += r.error(fa+ca, -by) + r.error(fa+cb, by)
		}
		if fb >= 0 {
			sum += r.error(fb+cb, -by) + r.error(fb+ca, by)
		}
	}
	return sum
}

// error returns how much further from what is shown a figure gets.
func (r *assignment) error(figure, by int32) int32 {
	if !r.shown[figure] {
		return 0
	}
	if r.off[figure]*by < 0 {
		return -1
	}
	return 1
}
