package attack

import (
	"math"
	"slices"
)

// sparse is a column of a matrix.
type sparse struct {
	row []int32
	val []float64
}

// factors are L and U of a basis, column by column, and the updates since.
type factors struct {
	m       int
	rowOf   []int32  // pivot row of step k
	posOf   []int32  // basis position of step k
	low     []sparse // L without its unit diagonal, by original row
	up      []sparse // U above its diagonal, by step
	diag    []float64
	updates []update
	work    []float64
}

// update replaces the column at a basis position: the column in terms of the basis before.
type update struct {
	pos  int32
	diag float64
	rest sparse
}

// factor factors the basis. Columns that have one row left, and rows that have one column left, come first and fill
// nothing in; the others come in the order of their length, with the shortest row among the stable pivots. It
// returns the positions of columns that depend on others and the rows that are left for them.
func factor(m int, column func(pos int) sparse) (f *factors, lostPos, lostRow []int32) {
	f = &factors{m: m, work: make([]float64, m)}
	order, planned, rowLen := peel(m, column)
	step := make([]int32, m) // of a row, -1 before it is a pivot
	for i := range step {
		step[i] = -1
	}
	x := make([]float64, m)
	mark := make([]bool, m)
	var heap []int32 // steps to apply, ascending
	for i, pos := range order {
		plan := int32(-1)
		if i < len(planned) {
			plan = planned[i]
		}
		col := column(int(pos))
		var touched []int32
		heap = heap[:0]
		for i, r := range col.row {
			x[r] = col.val[i]
			mark[r] = true
			touched = append(touched, r)
			if step[r] >= 0 {
				heap = pushHeap(heap, step[r])
			}
		}
		var u sparse
		for len(heap) > 0 {
			var k int32
			k, heap = popHeap(heap)
			t := x[f.rowOf[k]]
			if math.Abs(t) < tiny {
				continue
			}
			u.row, u.val = append(u.row, k), append(u.val, t)
			l := &f.low[k]
			for i, r := range l.row {
				if !mark[r] {
					mark[r], x[r] = true, 0
					touched = append(touched, r)
					if step[r] >= 0 {
						heap = pushHeap(heap, step[r])
					}
				}
				x[r] -= l.val[i] * t
			}
		}
		if !f.pivot(pos, plan, x, touched, step, rowLen, u) {
			lostPos = append(lostPos, pos)
		}
		for _, r := range touched {
			x[r], mark[r] = 0, false
		}
	}
	for r, s := range step {
		if s < 0 {
			lostRow = append(lostRow, int32(r))
		}
	}
	return f, lostPos, lostRow
}

const tiny = 1e-11

// pivot chooses the pivot of a column and stores its factors; false if there is none.
func (f *factors) pivot(pos, plan int32, x []float64, touched []int32, step, rowLen []int32, u sparse) bool {
	most := 0.0
	for _, r := range touched {
		if step[r] < 0 {
			most = max(most, math.Abs(x[r]))
		}
	}
	if most < 1e-8 {
		return false
	}
	best := int32(-1)
	for _, r := range touched {
		if step[r] < 0 && math.Abs(x[r]) >= 0.1*most && (best < 0 || rowLen[r] < rowLen[best]) {
			best = r
		}
	}
	if plan >= 0 && step[plan] < 0 && math.Abs(x[plan]) >= 0.01*most {
		best = plan
	}
	var l sparse
	for _, r := range touched {
		if step[r] < 0 && r != best && math.Abs(x[r]) > tiny {
			l.row, l.val = append(l.row, r), append(l.val, x[r]/x[best])
		}
	}
	step[best] = int32(len(f.rowOf))
	f.rowOf, f.posOf = append(f.rowOf, best), append(f.posOf, pos)
	f.low, f.up, f.diag = append(f.low, l), append(f.up, u), append(f.diag, x[best])
	return true
}

// peel orders the columns so that little fills in. It returns the pivot rows planned for the first of them and the
// lengths of the rows.
func peel(m int, column func(int) sparse) (order, planned, rowLen []int32) {
	rowLen = make([]int32, m)
	colLen := make([]int32, m)
	byRow := make([][]int32, m)
	for p := range m {
		c := column(p)
		colLen[p] = int32(len(c.row))
		for _, r := range c.row {
			rowLen[r]++
			byRow[r] = append(byRow[r], int32(p))
		}
	}
	taken, gone := make([]bool, m), make([]bool, m) // columns, rows
	left := slices.Clone(rowLen)
	var cols, rows []int32
	for p := range m {
		if colLen[p] == 1 {
			cols = append(cols, int32(p))
		}
		if left[p] == 1 {
			rows = append(rows, int32(p))
		}
	}
	take := func(p, r int32) {
		taken[p], gone[r] = true, true
		order, planned = append(order, p), append(planned, r)
		for _, q := range byRow[r] {
			if colLen[q]--; colLen[q] == 1 && !taken[q] {
				cols = append(cols, q)
			}
		}
		for _, s := range column(int(p)).row {
			if left[s]--; left[s] == 1 && !gone[s] {
				rows = append(rows, s)
			}
		}
	}
	for len(cols)+len(rows) > 0 {
		if len(cols) > 0 {
			p := cols[len(cols)-1]
			cols = cols[:len(cols)-1]
			if taken[p] {
				continue
			}
			for _, r := range column(int(p)).row {
				if !gone[r] {
					take(p, r)
					break
				}
			}
			continue
		}
		r := rows[len(rows)-1]
		rows = rows[:len(rows)-1]
		if gone[r] {
			continue
		}
		for _, p := range byRow[r] {
			if !taken[p] {
				take(p, r)
				break
			}
		}
	}
	var rest []int32
	for p := range int32(m) {
		if !taken[p] {
			rest = append(rest, p)
		}
	}
	slices.SortStableFunc(rest, func(a, b int32) int { return int(colLen[a] - colLen[b]) })
	return append(order, rest...), planned, rowLen
}

func pushHeap(h []int32, v int32) []int32 {
	h = append(h, v)
	for i := len(h) - 1; i > 0; {
		p := (i - 1) / 2
		if h[p] <= h[i] {
			break
		}
		h[p], h[i] = h[i], h[p]
		i = p
	}
	return h
}

func popHeap(h []int32) (int32, []int32) {
	top := h[0]
	h[0] = h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[i] <= h[c] {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	return top, h
}

// forward solves B x = a: a by row comes in (and is spoiled), x by basis position goes out.
func (f *factors) forward(a, x []float64) {
	for k := range f.rowOf {
		if t := a[f.rowOf[k]]; t != 0 {
			l := &f.low[k]
			for i, r := range l.row {
				a[r] -= l.val[i] * t
			}
		}
	}
	for k := len(f.rowOf) - 1; k >= 0; k-- {
		t := a[f.rowOf[k]]
		if math.Abs(t) < tiny {
			x[f.posOf[k]] = 0
			continue
		}
		t /= f.diag[k]
		x[f.posOf[k]] = t
		u := &f.up[k]
		for i, j := range u.row {
			a[f.rowOf[j]] -= u.val[i] * t
		}
	}
	for i := range f.updates {
		e := &f.updates[i]
		t := x[e.pos]
		if t == 0 {
			continue
		}
		t /= e.diag
		x[e.pos] = t
		for j, p := range e.rest.row {
			x[p] -= e.rest.val[j] * t
		}
	}
}

// backward solves y B = c: c by basis position comes in (and is spoiled), y by row goes out.
func (f *factors) backward(c, y []float64) {
	for i := len(f.updates) - 1; i >= 0; i-- {
		e := &f.updates[i]
		t := c[e.pos]
		for j, p := range e.rest.row {
			t -= e.rest.val[j] * c[p]
		}
		c[e.pos] = t / e.diag
	}
	z := f.work
	for k := range f.rowOf {
		t := c[f.posOf[k]]
		u := &f.up[k]
		for i, j := range u.row {
			t -= u.val[i] * z[j]
		}
		z[k] = t / f.diag[k]
	}
	for k := len(f.rowOf) - 1; k >= 0; k-- {
		t := z[k]
		l := &f.low[k]
		for i, r := range l.row {
			t -= l.val[i] * y[r]
		}
		y[f.rowOf[k]] = t
	}
}

// replace notes that the column at a position was replaced by one that is alpha in terms of the basis.
func (f *factors) replace(pos int32, alpha []float64) {
	e := update{pos: pos, diag: alpha[pos]}
	for p, v := range alpha {
		if int32(p) != pos && math.Abs(v) > tiny {
			e.rest.row, e.rest.val = append(e.rest.row, int32(p)), append(e.rest.val, v)
		}
	}
	f.updates = append(f.updates, e)
}
