package attack

import (
	"math"
	"slices"
)

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

// finish sorts out what is broken and what is unfinished.
func (s *solver) finish() {
	w := s.w
	told := map[int32]bool{} // components of which something unfinished is told
	for i := range w.wants {
		q := &w.wants[i]
		switch {
		case s.broken(q):
			w.found(q)
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
			told[s.of[q.whole]] = true
			w.unfinished = append(w.unfinished, f)
		}
		if w.o.Bounds && q.kind == KindExact {
			f := w.finding(q)
			w.bounded = append(w.bounded, f)
		}
	}
	for i, c := range s.parts {
		if c.dead != "" && !told[int32(i)] { // nobody asks, but whether its figures contradict each other is not known
			since, release := w.release(w.nodes[c.nodes[0]].at)
			w.unfinished = append(w.unfinished, Finding{Kind: KindAll, Since: since, Release: release, Cell: w.name(w.nodes[c.nodes[0]].at), Hi: Unbounded, Text: c.dead})
		}
	}
	slices.SortStableFunc(w.broken, func(a, b Finding) int { return rank[a.Kind] - rank[b.Kind] })
}

var rank = map[Kind]int{KindExact: 0, KindNarrow: 1, KindAttribute: 2, KindJoiners: 3, KindLeavers: 4, KindUnpicked: 5}
