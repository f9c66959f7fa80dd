package attack

import (
	"context"
	"math"
	"slices"
)

// solver holds what is known about every node while questions are answered: the least and the greatest value found
// possible, beside the least and the greatest not proven impossible (in the node). Every table that fits narrows the
// gap for all questions at once, so that most need no programme of their own.
type solver struct {
	w        *world
	least    []float64
	greatest []float64
	proven   []bool // twice per node: the lower bound, the upper bound is the best a linear programme gives
	parts    []*component
	of       []int32 // component of a node, -1 if it is known
}

// solve answers the questions.
func (w *world) solve(ctx context.Context) error {
	s := &solver{w: w, least: make([]float64, len(w.nodes)), greatest: make([]float64, len(w.nodes)),
		proven: make([]bool, 2*len(w.nodes)), of: make([]int32, len(w.nodes))}
	for n := range w.nodes {
		s.least[n], s.greatest[n], s.of[n] = math.Inf(1), math.Inf(-1), -1
		if w.nodes[n].lo == w.nodes[n].hi {
			s.least[n], s.greatest[n] = float64(w.nodes[n].lo), float64(w.nodes[n].lo)
		}
	}
	s.parts = w.decompose()
	w.components = len(s.parts)
	for i, c := range s.parts {
		for _, n := range c.nodes {
			s.of[n] = int32(i)
		}
	}
	for i := range w.wants {
		q := &w.wants[i]
		for _, n := range []int32{q.whole, q.part} {
			if s.of[n] >= 0 && (n == q.whole || q.kind == KindAttribute) {
				s.parts[s.of[n]].add(i)
			}
		}
		s.check(q)
	}
	for _, c := range s.parts {
		if err := s.part(ctx, c); err != nil {
			return err
		}
	}
	s.finish()
	return nil
}

// part answers the questions that concern a component, as far as it can.
func (s *solver) part(ctx context.Context, c *component) error {
	open := c.wants[:0:0]
	for _, q := range c.wants {
		if !s.w.wants[q].done {
			open = append(open, q)
		}
	}
	c.wants = open
	if len(open) == 0 {
		return s.fits(ctx, c)
	}
	for round := 1; ; round++ {
		if err := s.fits(ctx, c); err != nil {
			return err
		}
		c.cut = false
		for _, q := range c.wants {
			for want := &s.w.wants[q]; !want.done && c.dead == ""; {
				if !s.advance(ctx, c, want) {
					break
				}
				s.check(want)
			}
		}
		if !c.cut || c.dead != "" || round >= maxRounds || round > 1 && len(c.nodes) > largeComponent {
			return nil
		}
		if err := s.again(ctx, c); err != nil {
			return err
		}
	}
}

// Rounding a bound inwards rules out tables with fractions of people that other answers rested on, so the component
// is examined again, a large one once.
const (
	maxRounds      = 12
	largeComponent = 3_000
)

// again carries the bounds found to other nodes and forgets what was found possible.
func (s *solver) again(ctx context.Context, c *component) error {
	if err := s.w.propagate(ctx, c.nodes); err != nil {
		return err
	}
	for _, n := range c.nodes {
		s.least[n], s.greatest[n] = math.Inf(1), math.Inf(-1)
		s.proven[2*n], s.proven[2*n+1] = false, false
	}
	for _, i := range c.wants {
		q := &s.w.wants[i]
		q.rest, q.restLP, q.trouble = math.Inf(-1), false, ""
		q.done = s.broken(q)
	}
	return nil
}

// fits finds a first table that fits. If there is none the input contradicts itself.
func (s *solver) fits(ctx context.Context, c *component) error {
	if len(c.rows) == 0 { // unknowns that nothing ties
		for _, n := range c.nodes {
			s.least[n], s.greatest[n] = float64(s.w.nodes[n].lo), real(s.w.nodes[n].hi)
		}
		s.checkAll(c)
		return nil
	}
	if len(c.wants) == 0 && len(c.rows) > 2000 {
		return nil // nothing is asked of it: whether it adds up is not worth the time
	}
	c.programme()
	s.w.solved++
	switch c.lp.minimise(ctx, func() bool { return true }) {
	case infeasible:
		return s.impossible(c)
	case exhausted:
		c.dead = "no table that fits was found in time"
	default:
		s.learn(c)
	}
	return nil
}

// impossible makes sure that no people fit, and names a figure.
func (s *solver) impossible(c *component) error {
	prices := c.prices()
	if bound, ok := c.exact(nil).least(prices, 1); ok && bound > 0 {
		// The row that weighs most, of those with a figure.
		best, most := &c.rows[0], 0.0
		for i := range c.rows {
			if p := math.Abs(prices[i]); p > most {
				best, most = &c.rows[i], p
			}
		}
		r := row{place: best.place}
		for _, j := range best.nodes {
			r.nodes = append(r.nodes, c.nodes[j])
		}
		return s.w.contradiction(&r)
	}
	c.dead = "it could not be told whether any people fit the figures"
	return nil
}

// learn notes the table that the programme found: it fits, so its values are possible.
func (s *solver) learn(c *component) {
	for j, n := range c.nodes {
		x := c.lp.x[j]
		s.least[n], s.greatest[n] = min(s.least[n], x), max(s.greatest[n], x)
	}
	s.checkAll(c)
}

// checkAll looks at all questions of a component after a new table.
func (s *solver) checkAll(c *component) {
	for _, i := range c.wants {
		q := &s.w.wants[i]
		if q.done {
			continue
		}
		if q.kind == KindAttribute && c.lp != nil && s.of[q.whole] == s.of[q.part] {
			q.rest = max(q.rest, c.lp.x[c.local[q.whole]]-c.lp.x[c.local[q.part]])
		}
		s.check(q)
	}
}

// up and down round a bound inwards.
func down(x float64) int64 {
	if x >= float64(Unbounded) {
		return Unbounded
	}
	if x < 0 {
		return -1
	}
	return int64(math.Floor(x + tolerance))
}

func up(x float64) int64 {
	if math.IsInf(x, 1) {
		return Unbounded
	}
	return int64(math.Ceil(x - tolerance))
}

// check settles a question that cannot be a break any more.
func (s *solver) check(q *want) {
	n := &s.w.nodes[q.whole]
	least, greatest := up(s.least[q.whole]), down(s.greatest[q.whole])
	wide := greatest-least >= int64(s.w.o.Width) && greatest >= least
	switch q.kind {
	case KindExact:
		q.done = wide && (!s.w.o.Bounds || s.bothProven(q.whole))
	case KindUnpicked:
		q.done = greatest > least
	case KindJoiners, KindLeavers:
		q.done = wide || least <= 0 || greatest >= q.most
	case KindAttribute:
		a := &s.w.nodes[q.part]
		if s.of[q.whole] != s.of[q.part] || s.of[q.whole] < 0 {
			q.rest = s.greatest[q.whole] - s.least[q.part]
			q.restHi = n.hi - a.lo
		}
		q.restHi = min(q.restHi, n.hi-a.lo)
		q.done = least <= 0 || down(q.rest) > q.most || n.hi <= q.most && up(s.least[q.part]) <= 0 || s.w.headline(q)
	}
	q.done = q.done || s.broken(q)
}

func (s *solver) bothProven(n int32) bool {
	return s.of[n] < 0 || s.proven[2*n] && s.proven[2*n+1]
}

// broken reports whether a question is proven to be a break.
func (s *solver) broken(q *want) bool {
	n := &s.w.nodes[q.whole]
	switch q.kind {
	case KindExact:
		return n.hi-n.lo < int64(s.w.o.Width) && (n.hi == n.lo || s.bothProven(q.whole))
	case KindUnpicked:
		return n.hi == n.lo
	case KindJoiners, KindLeavers:
		return n.lo >= 1 && n.hi < q.most && n.hi-n.lo < int64(s.w.o.Width)
	case KindAttribute:
		a := &s.w.nodes[q.part]
		return n.lo >= 1 && q.restHi <= q.most && (n.hi > q.most || a.lo >= 1) && !s.w.headline(q)
	}
	return false
}

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

// finish sorts out what is broken and what is unfinished.
func (s *solver) finish() {
	w := s.w
	for i := range w.wants {
		q := &w.wants[i]
		switch {
		case s.broken(q):
			w.found(s, q)
		case q.kind == KindUnpicked && !w.o.Rounded && w.nodes[q.whole].lo >= int64(w.o.Width):
			// Whether rounding for show can be undone matters only where it hides something small.
		case !q.done:
			text := q.trouble
			if c := s.of[q.whole]; text == "" && c >= 0 {
				text = s.parts[c].dead
			}
			if text == "" {
				text = "neither proven to be broken nor found to be open"
			}
			f := w.finding(q)
			f.Text = text
			w.unfinished = append(w.unfinished, f)
		}
		if w.o.Bounds && q.kind == KindExact {
			f := w.finding(q)
			w.bounded = append(w.bounded, f)
		}
	}
	slices.SortStableFunc(w.broken, func(a, b Finding) int { return rank[a.Kind] - rank[b.Kind] })
}

var rank = map[Kind]int{KindExact: 0, KindNarrow: 1, KindAttribute: 2, KindJoiners: 3, KindLeavers: 4, KindUnpicked: 5}
