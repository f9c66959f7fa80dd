package disclosure

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// toy returns a question with two or three answers by some breakdowns of a few people, of whose figures some are hidden.
func toy(rng *rand.Rand) *puzzle {
	people, kinds := 4+rng.IntN(6), 2+rng.IntN(2)
	q := &puzzle{}
	for k := range kinds {
		q.bands = append(q.bands, k)
	}
	for range people {
		q.answers, q.at = append(q.answers, int16(rng.IntN(kinds))), append(q.at, nil)
	}
	for range 2 + rng.IntN(4) {
		v := view{first: q.figures, answer: &axis{codes: make([]string, kinds)}}
		for k := range kinds {
			v.codes = append(v.codes, k)
		}
		groups := 1 + rng.IntN(3)
		for p := range q.at {
			q.at[p] = append(q.at[p], int32(v.first+rng.IntN(groups)*kinds))
		}
		q.figures += groups * kinds
		q.views = append(q.views, v)
	}
	for range q.figures {
		q.shown = append(q.shown, rng.IntN(4) > 0)
	}
	return q
}

// figures counts a set of answers, hidden figures left out.
func (q *puzzle) counts(answers []int16) []int {
	out := make([]int, q.figures)
	for p, at := range q.at {
		for i, f := range at {
			if n := int(f) + q.views[i].codes[answers[p]]; q.shown[n] {
				out[n]++
			}
		}
	}
	return out
}

// could returns, by trying every set of answers, who could have given another answer.
func (q *puzzle) could() []bool {
	truth, could := q.counts(q.answers), make([]bool, len(q.answers))
	answers := make([]int16, len(q.answers))
	for {
		if slices.Equal(q.counts(answers), truth) {
			for p, k := range answers {
				could[p] = could[p] || q.bands[k] != q.bands[q.answers[p]]
			}
		}
		p := 0
		for p < len(answers) && int(answers[p]) == len(q.bands)-1 {
			answers[p] = 0
			p++
		}
		if p == len(answers) {
			return could
		}
		answers[p]++
	}
}

// TestEverySetOfAnswers: nobody counts as open whose answer is determined, and few of the others do not.
func TestEverySetOfAnswers(t *testing.T) {
	open, missed, closed := 0, 0, 0
	for n := range 80 {
		q := toy(rand.New(rand.NewPCG(uint64(n), 5)))
		for p, could := range q.could() {
			r := newRearrangement(q, rand.New(rand.NewPCG(uint64(n), 6)), func() bool { return false })
			switch found := r.open([]int{p}); {
			case found && !could:
				t.Fatalf("toy %d: the answer of person %d is determined, and counts as open", n, p)
			case found:
				open++
			case could:
				missed++
			default:
				closed++
			}
		}
	}
	t.Logf("%d open, %d of them missed; %d determined", open+missed, missed, closed)
	if closed < 50 || open < 50 || missed*10 > open+missed {
		t.Errorf("%d found open, %d missed, %d determined", open, missed, closed)
	}
}

// TestRearrangementStands: what is found fits every figure, and after it everything is as it was.
func TestRearrangementStands(t *testing.T) {
	for n := range 20 {
		q := toy(rand.New(rand.NewPCG(uint64(n), 7)))
		r := newRearrangement(q, rand.New(rand.NewPCG(uint64(n), 8)), func() bool { return false })
		truth := q.counts(q.answers)
		for p := range q.answers {
			if r.reach(int32(p)) {
				answers := slices.Clone(q.answers)
				for other, kind := range r.moved {
					answers[other] = kind
				}
				if !slices.Equal(q.counts(answers), truth) {
					t.Fatalf("toy %d, person %d: the answers do not fit", n, p)
				}
			}
			if r.reset(); len(r.broken) > 0 || len(r.moved) > 0 || r.sum != 0 || slices.ContainsFunc(r.off, func(n int32) bool { return n != 0 }) {
				t.Fatalf("toy %d, person %d: not as it was", n, p)
			}
		}
	}
}
