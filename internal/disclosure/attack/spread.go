package attack

import (
	"context"
	"math/rand/v2"
)

// manyOpen is how many open questions make it worth moving all of them at once.
const manyOpen = 20

// worthwhile is how many steps a question costs by itself: spreading ends when it costs more.
const worthwhile = 60

// spread pushes all open questions at once, up and down with random weights, as long as that settles many: one
// programme for all is cheaper than one for each.
func (s *solver) spread(ctx context.Context, c *component) {
	random := rand.New(rand.NewPCG(2, uint64(len(c.nodes))))
	for round := 0; c.dead == "" && c.lp != nil && ctx.Err() == nil; round++ {
		clear(c.lp.cost)
		open := 0
		for _, i := range c.wants {
			q := &s.w.wants[i]
			if q.done || s.of[q.whole] != s.of[c.nodes[0]] {
				continue
			}
			open++
			weight := 0.25 + random.Float64()
			if round%2 == 0 {
				weight = -weight
			}
			if random.IntN(4) == 0 {
				weight = -weight / 4
			}
			c.lp.cost[c.local[q.whole]] += weight
		}
		if open < manyOpen {
			return
		}
		s.w.solved++
		steps := 0
		c.lp.minimise(ctx, func() bool {
			if steps++; steps%10 == 0 {
				s.learn(c)
			}
			return steps > len(c.rows)
		})
		if c.lp.phaseTwo {
			s.learn(c)
		}
		left := 0
		for _, i := range c.wants {
			if q := &s.w.wants[i]; !q.done && s.of[q.whole] == s.of[c.nodes[0]] {
				left++
			}
		}
		if round > 2 && (open-left)*worthwhile < steps {
			return
		}
	}
}
