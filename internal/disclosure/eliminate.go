package disclosure

import (
	"math/bits"
	"slices"
)

// prime is 2^61-1, a Mersenne prime: products of two residues fit in 128 bits and fold with shifts. A dependency
// over the rationals is one modulo prime too, unless prime divides one of its denominators, which are minors of a
// 0/1 table matrix; a dependency modulo prime only hides a figure too many (section 3.3 step 5).
const prime = 1<<61 - 1

func mulmod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	r := lo&prime + (lo>>61 | hi<<3)
	if r >= prime {
		r -= prime
	}
	return r
}

func addmod(a, b uint64) uint64 {
	r := a + b
	if r >= prime {
		r -= prime
	}
	return r
}

func negmod(a uint64) uint64 {
	if a == 0 {
		return 0
	}
	return prime - a
}

// invmod returns 1/a by Fermat: a^(prime-2).
func invmod(a uint64) uint64 {
	r := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			r = mulmod(r, a)
		}
		a = mulmod(a, a)
	}
	return r
}

// term is one non-zero coordinate of a vector.
type term struct {
	col int32
	val uint64
}

// vector is sparse and sorted by column: a linear form in the unknown finest counts.
type vector []term

func (v vector) at(col int32) uint64 {
	i, ok := slices.BinarySearchFunc(v, col, func(t term, c int32) int { return int(t.col - c) })
	if !ok {
		return 0
	}
	return v[i].val
}

// space is what an attacker can compute: the span of everything shown, with the forms that must stay outside it.
// Rows are kept fully reduced: a basis row has 1 at its pivot, and no row, basis or target, has anything at the
// pivot of another. So a vector reduces in one pass, and a target is revealed by a new row exactly when it is a
// multiple of that row.
type space struct {
	rows    []vector
	target  []bool    // rows[i] is a target, else a basis row
	pivotOf []int32   // column -> basis row with its pivot there, or -1
	holders [][]int32 // column -> rows that have, or once had, something there
	dense   []uint64  // scratch, zero between calls
	touched []int32
	marked  []bool
	merged  vector // scratch
}

func newSpace(columns int) *space {
	s := &space{pivotOf: make([]int32, columns), holders: make([][]int32, columns),
		dense: make([]uint64, columns), marked: make([]bool, columns)}
	for i := range s.pivotOf {
		s.pivotOf[i] = -1
	}
	return s
}

// clone returns a copy that can be shown more without the original.
func (s *space) clone() *space {
	c := newSpace(len(s.pivotOf))
	copy(c.pivotOf, s.pivotOf)
	c.target = slices.Clone(s.target)
	terms, ids := 0, 0
	for _, row := range s.rows {
		terms += len(row)
	}
	for _, h := range s.holders {
		ids += len(h)
	}
	// One piece of memory each; full slices, so that what grows moves out.
	allTerms, allIDs := make(vector, 0, terms), make([]int32, 0, ids)
	for _, row := range s.rows {
		from := len(allTerms)
		allTerms = append(allTerms, row...)
		c.rows = append(c.rows, allTerms[from:len(allTerms):len(allTerms)])
	}
	for col, h := range s.holders {
		from := len(allIDs)
		allIDs = append(allIDs, h...)
		c.holders[col] = allIDs[from:len(allIDs):len(allIDs)]
	}
	return c
}

// reduce returns v less the multiples of basis rows that clear it at all pivots; empty if v is in the span.
func (s *space) reduce(v vector) vector {
	for _, t := range v {
		s.scatter(t.col, t.val)
	}
	for _, t := range v {
		if row := s.pivotOf[t.col]; row >= 0 {
			s.scatterRow(s.rows[row], negmod(t.val))
		}
	}
	return s.gather()
}

func (s *space) scatter(col int32, val uint64) {
	if !s.marked[col] {
		s.marked[col] = true
		s.touched = append(s.touched, col)
	}
	s.dense[col] = addmod(s.dense[col], val)
}

func (s *space) scatterRow(row vector, factor uint64) {
	for _, t := range row {
		s.scatter(t.col, mulmod(t.val, factor))
	}
}

func (s *space) gather() vector {
	slices.Sort(s.touched)
	n := 0
	for _, c := range s.touched {
		if s.dense[c] != 0 {
			n++
		}
	}
	out := make(vector, 0, n)
	for _, c := range s.touched {
		if s.dense[c] != 0 {
			out = append(out, term{c, s.dense[c]})
		}
		s.dense[c], s.marked[c] = 0, false
	}
	s.touched = s.touched[:0]
	return out
}

// protect makes v a target. It returns false if v can be computed already, and then does nothing.
func (s *space) protect(v vector) bool {
	r := s.reduce(v)
	if len(r) == 0 {
		return false
	}
	s.append(r, true)
	return true
}

func (s *space) append(r vector, target bool) int32 {
	id := int32(len(s.rows))
	s.rows, s.target = append(s.rows, r), append(s.target, target)
	for _, t := range r {
		s.holders[t.col] = append(s.holders[t.col], id)
	}
	return id
}

// reveals reports whether showing r, which is reduced and not empty, would put a target into the span.
func (s *space) reveals(r vector) bool {
	for _, id := range s.holders[s.rarest(r)] {
		if s.target[id] && parallel(s.rows[id], r) {
			return true
		}
	}
	return false
}

// rarest returns the column of r that the fewest rows share, the lowest of several.
func (s *space) rarest(r vector) int32 {
	best := r[0].col
	for _, t := range r[1:] {
		if len(s.holders[t.col]) < len(s.holders[best]) {
			best = t.col
		}
	}
	return best
}

func parallel(a, b vector) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if a[i].col != b[i].col {
			return false
		}
	}
	for i := 1; i < len(a); i++ {
		if mulmod(a[0].val, b[i].val) != mulmod(b[0].val, a[i].val) {
			return false
		}
	}
	return true
}

// show adds r, which is reduced, not empty and reveals nothing, to the span.
func (s *space) show(r vector) {
	pivot := s.rarest(r)
	if f := invmod(r.at(pivot)); f != 1 {
		for i := range r {
			r[i].val = mulmod(r[i].val, f)
		}
	}
	holders := s.holders[pivot]
	s.holders[pivot] = nil
	for _, id := range holders {
		s.clear(id, pivot, r)
	}
	s.pivotOf[pivot] = s.append(r, false)
}

// clear subtracts from row id the multiple of r that clears it at the pivot of r.
func (s *space) clear(id, pivot int32, r vector) {
	old := s.rows[id]
	factor := old.at(pivot)
	if factor == 0 {
		return
	}
	factor = negmod(factor)
	out := s.merged[:0]
	i, j := 0, 0
	for i < len(old) || j < len(r) {
		switch {
		case j == len(r) || i < len(old) && old[i].col < r[j].col:
			out = append(out, old[i])
			i++
		case i == len(old) || r[j].col < old[i].col:
			out = append(out, term{r[j].col, mulmod(factor, r[j].val)})
			s.holders[r[j].col] = append(s.holders[r[j].col], id)
			j++
		default:
			if v := addmod(old[i].val, mulmod(factor, r[j].val)); v != 0 {
				out = append(out, term{old[i].col, v})
			}
			i, j = i+1, j+1
		}
	}
	s.merged = out
	s.rows[id] = append(old[:0], out...) // nobody else has the row
}

// knows reports whether v is in the span: whether anybody can compute it from what is shown.
func (s *space) knows(v vector) bool { return len(s.reduce(v)) == 0 }
