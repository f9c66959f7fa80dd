package attack

import (
	"context"
	"slices"
)

// frac is an exact fraction in lowest terms with a positive denominator.
type frac struct{ n, d int64 }

const fracLimit = 1 << 31 // beyond it an equation is left to the linear programme

func (a frac) ok() bool { return a.n < fracLimit && a.n > -fracLimit && a.d < fracLimit }

func makeFrac(n, d int64) frac {
	if d < 0 {
		n, d = -n, -d
	}
	if g := gcd(n, d); g > 1 {
		n, d = n/g, d/g
	}
	return frac{n, d}
}

// minusTimes is a - f*b. Operands that are ok cannot overflow: 2^31 * 2^31 * 2 stays below 2^63.
func (a frac) minusTimes(f, b frac) frac {
	p := makeFrac(f.n*b.n, f.d*b.d)
	if !p.ok() {
		return frac{fracLimit, 1}
	}
	return makeFrac(a.n*p.d-p.n*a.d, a.d*p.d)
}

// term is an unknown with its coefficient; an equation is its terms sorted by node, and what they add up to.
type term struct {
	node int32
	frac
}

type equation struct {
	terms []term
	rhs   frac
}

// eliminate solves the equations exactly, as far as they determine nodes, and returns the nodes that it determined.
// An equation whose numbers grow beyond exact fractions is dropped: fewer equations determine less, never too much.
func (w *world) eliminate(ctx context.Context) []int32 {
	system := w.equations()
	// Short equations first: they are the ones that fill in least.
	slices.SortStableFunc(system, func(a, b equation) int { return len(a.terms) - len(b.terms) })
	pivot := map[int32]int{}
	var echelon []equation
	size := 0
	for i, e := range system {
		if i%64 == 0 && ctx.Err() != nil || size > w.o.MaxEliminate {
			break
		}
		e, ok := reduce(e, pivot, echelon)
		if !ok || len(e.terms) == 0 {
			continue // the rest is a contradiction at most, which the bounds tell better
		}
		pivot[e.terms[0].node] = len(echelon)
		echelon = append(echelon, e)
		size += len(e.terms)
	}
	var found []int32
	for _, n := range candidates(echelon) {
		e, ok := reduceBehind(echelon[pivot[n]], pivot, echelon)
		if !ok || len(e.terms) != 1 {
			continue
		}
		v := makeFrac(e.rhs.n*e.terms[0].d, e.rhs.d*e.terms[0].n)
		if at := &w.nodes[n]; v.d == 1 && v.n >= at.lo && v.n <= at.hi && at.lo < at.hi {
			at.lo, at.hi = v.n, v.n
			found = append(found, n)
		}
	}
	return found
}

// equations returns the main equations with what is known put in.
func (w *world) equations() []equation {
	var out []equation
	for i := range w.rows {
		r := &w.rows[i]
		if !r.main || r.lo != r.hi {
			continue
		}
		e := equation{rhs: frac{r.lo, 1}}
		fits := true
		for j, n := range r.nodes {
			if at := &w.nodes[n]; at.lo == at.hi {
				e.rhs.n -= r.coef[j] * at.lo
				fits = fits && e.rhs.ok()
			} else {
				e.terms = append(e.terms, term{n, frac{r.coef[j], 1}})
			}
		}
		if fits && len(e.terms) > 0 {
			slices.SortFunc(e.terms, func(a, b term) int { return int(a.node) - int(b.node) })
			out = append(out, e)
		}
	}
	return out
}

// reduce takes the pivots out of an equation from the front until its first unknown is no pivot.
func reduce(e equation, pivot map[int32]int, echelon []equation) (equation, bool) {
	for len(e.terms) > 0 {
		p, ok := pivot[e.terms[0].node]
		if !ok {
			return e, true
		}
		if e, ok = subtract(e, 0, echelon[p]); !ok {
			return e, false
		}
	}
	return e, true
}

// reduceBehind takes the pivots out of an equation behind its own.
func reduceBehind(e equation, pivot map[int32]int, echelon []equation) (equation, bool) {
	for i := 1; i < len(e.terms); {
		p, ok := pivot[e.terms[i].node]
		if !ok {
			return e, true // an unknown is left: not determined
		}
		if e, ok = subtract(e, i, echelon[p]); !ok {
			return e, false
		}
	}
	return e, true
}

// subtract takes unknown i out of e with the equation whose first unknown it is.
func subtract(e equation, i int, by equation) (equation, bool) {
	f := e.terms[i].frac
	f = makeFrac(f.n*by.terms[0].d, f.d*by.terms[0].n)
	if !f.ok() {
		return e, false
	}
	out := equation{terms: make([]term, i, len(e.terms)+len(by.terms)), rhs: e.rhs.minusTimes(f, by.rhs)}
	copy(out.terms, e.terms[:i])
	a, b := e.terms[i+1:], by.terms[1:]
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].node < b[0].node:
			out.terms = append(out.terms, a[0])
			a = a[1:]
			continue
		case len(a) == 0 || b[0].node < a[0].node:
			out.terms = append(out.terms, term{b[0].node, frac{0, 1}.minusTimes(f, b[0].frac)})
			b = b[1:]
		default:
			out.terms = append(out.terms, term{a[0].node, a[0].minusTimes(f, b[0].frac)})
			a, b = a[1:], b[1:]
		}
		last := &out.terms[len(out.terms)-1]
		if !last.ok() {
			return e, false
		}
		if last.n == 0 {
			out.terms = out.terms[:len(out.terms)-1]
		}
	}
	return out, out.rhs.ok()
}

// prime is 2^31-1: small enough that products stay in 64 bits. It only chooses what is worth solving exactly.
const prime = 1<<31 - 1

// candidates returns the pivots that are zero in one random solution of the homogeneous system, in which every free
// unknown is a random number: what is determined is zero there, and hardly anything else is.
func candidates(echelon []equation) []int32 {
	value := map[int32]int64{}
	order := make([]int, len(echelon))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(echelon[b].terms[0].node) - int(echelon[a].terms[0].node) })
	isPivot := map[int32]bool{}
	for _, e := range echelon {
		isPivot[e.terms[0].node] = true
	}
	state := uint64(0x9E3779B97F4A7C15)
	var out []int32
	for _, i := range order {
		sum := int64(0)
		for _, t := range echelon[i].terms[1:] {
			v, ok := value[t.node]
			if !ok && !isPivot[t.node] {
				state = state*6364136223846793005 + 1442695040888963407
				v = int64(state>>33) % prime
				value[t.node] = v
			}
			sum = (sum + modular(t.frac)*v) % prime
		}
		first := echelon[i].terms[0]
		v := (prime - sum) % prime * inverse(modular(first.frac)) % prime
		value[first.node] = v
		if v == 0 {
			out = append(out, first.node)
		}
	}
	return out
}

func modular(f frac) int64 {
	return ((f.n%prime + prime) % prime) * inverse(f.d%prime) % prime
}

// inverse is the inverse modulo the prime, by Fermat.
func inverse(a int64) int64 {
	out := int64(1)
	for e := prime - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			out = out * a % prime
		}
		a = a * a % prime
	}
	return out
}
