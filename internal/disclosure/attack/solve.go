package attack

import (
	"context"
	"math"
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
		s.spread(ctx, c)
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
			s.proven[2*n], s.proven[2*n+1] = true, true // no programme could bound them better
		}
		s.checkAll(c)
		return nil
	}
	if c.lp == nil {
		c.programme()
	} else {
		c.narrower()
	}
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
