package attack

import (
	"context"
	"math"
)

// advance solves one programme for a question; false if there is nothing left to try in this component.
func (s *solver) advance(ctx context.Context, c *component, q *want) bool {
	w := s.w
	for _, try := range s.tries(q) {
		if s.of[try.node] != s.of[c.nodes[0]] || s.proven[2*try.node+try.side] {
			continue
		}
		enough := func() bool { return false }
		if !w.o.Bounds || q.kind != KindExact {
			j := c.local[try.node]
			enough = func() bool {
				x := c.lp.x[j]
				if try.side == 0 && x > s.least[try.node]-0.5 || try.side == 1 && x < s.greatest[try.node]+0.5 {
					return false
				}
				s.learn(c)
				return q.done
			}
		}
		return s.bound(ctx, c, q, map[int32]int64{c.local[try.node]: 1}, try, enough)
	}
	if q.kind == KindAttribute && s.of[q.whole] == s.of[q.part] && s.of[q.whole] >= 0 && !q.restLP {
		i, j := c.local[q.whole], c.local[q.part]
		return s.bound(ctx, c, q, map[int32]int64{i: 1, j: -1}, try{-1, 1}, func() bool {
			if c.lp.x[i]-c.lp.x[j] < q.rest+0.5 {
				return false
			}
			s.learn(c)
			return q.done
		})
	}
	return false
}

// try is one side of a node to bound; node -1 is the rest of an attribute.
type try struct {
	node int32
	side int32 // 0 the least, 1 the greatest
}

// tries returns what to bound for a question, the most telling first.
func (s *solver) tries(q *want) []try {
	switch q.kind {
	case KindJoiners, KindLeavers:
		return []try{{q.whole, 0}, {q.whole, 1}}
	case KindAttribute:
		if s.w.nodes[q.whole].lo >= 1 && s.of[q.whole] == s.of[q.part] && !q.restLP {
			return nil // the rest first: it settles most
		}
		out := []try{{q.whole, 0}}
		if s.of[q.whole] != s.of[q.part] {
			out = append(out, try{q.whole, 1}, try{q.part, 0})
		}
		if s.w.nodes[q.whole].lo >= 1 && s.w.nodes[q.whole].hi <= q.most {
			out = append(out, try{q.part, 0})
		}
		if q.restHi <= q.most {
			out = append(out, try{q.whole, 1}, try{q.part, 0})
		}
		return out
	}
	return []try{{q.whole, 1}, {q.whole, 0}}
}

// bound makes a form as small or as great as can be and proves what comes out.
func (s *solver) bound(ctx context.Context, c *component, q *want, form map[int32]int64, t try, enough func() bool) bool {
	sign := int64(1)
	if t.side == 1 {
		sign = -1
	}
	cost := map[int32]int64{}
	clear(c.lp.cost)
	for j, v := range form {
		cost[j] = sign * v
		c.lp.cost[j] = float64(sign * v)
	}
	s.w.solved++
	switch c.lp.minimise(ctx, enough) {
	case stopped:
		return true
	case unbounded:
		if t.node >= 0 && t.side == 1 {
			s.greatest[t.node], s.proven[2*t.node+1] = math.Inf(1), true
			return true
		}
		if t.node < 0 {
			q.rest, q.restLP = math.Inf(1), true
			return true
		}
		q.trouble = "the arithmetic went wrong"
		return false
	case optimal:
	default:
		q.trouble = "not finished in time"
		c.dead = ""
		if ctx.Err() != nil {
			c.dead = "not finished in time"
		}
		return false
	}
	s.learn(c)
	value := 0.0
	for j, v := range cost {
		value += float64(v) * c.lp.x[j]
	}
	want := int64(math.Ceil(value - tolerance))
	proof, ok := c.exact(cost).least(c.prices(), want)
	if !ok {
		q.trouble = "a bound could not be proven"
		if t.node >= 0 {
			s.proven[2*t.node+t.side] = true // no use trying again
		} else {
			q.restLP = true
		}
		return true
	}
	s.note(c, q, t, proof)
	return true
}

// note takes over a proven bound of a form that was to be small.
func (s *solver) note(c *component, q *want, t try, proof int64) {
	if t.node < 0 {
		q.restHi, q.restLP = min(q.restHi, -proof), true
		return
	}
	n := &s.w.nodes[t.node]
	j := c.local[t.node]
	c.cut = c.cut || t.side == 0 && float64(proof) > c.lp.x[j]+tolerance || t.side == 1 && float64(-proof) < c.lp.x[j]-tolerance
	s.proven[2*t.node+t.side] = true
	if t.side == 0 && proof > n.lo {
		n.lo = proof
		c.lp.lo[j] = max(c.lp.lo[j], float64(proof)-wiggle)
	}
	if t.side == 1 && -proof < n.hi {
		n.hi = -proof
		c.lp.hi[j] = min(c.lp.hi[j], float64(-proof)+wiggle)
	}
	if c.lp.where[j] < 0 {
		c.lp.rest(j)
		c.lp.refactor()
	}
}
