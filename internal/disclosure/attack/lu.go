package attack

import (
	"math"
)

// sparse is a column of a matrix.
type sparse struct {
	row []int32
	val []float64
}

// factors are L and U of a basis, column by column, and the updates since.
type factors struct {
	m         int
	rowOf     []int32  // pivot row of step k
	posOf     []int32  // basis position of step k
	low       []sparse // L without its unit diagonal, by original row
	up        []sparse // U above its diagonal, by step
	diag      []float64
	lowRows   []sparse // L by row: the steps with an entry in the pivot row of a step
	upRows    []sparse // U by row: the later steps with an entry in a step
	updates   []update
	rowMemory []int32
	valMemory []float64
	size      int // entries of L and U
	grown     int // entries of the updates
	work      []float64
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
	var heap, touched []int32 // steps to apply, ascending; rows of x in use
	var u, l sparse
	for i, pos := range order {
		plan := int32(-1)
		if i < len(planned) {
			plan = planned[i]
		}
		col := column(int(pos))
		heap, touched = heap[:0], touched[:0]
		for i, r := range col.row {
			x[r] = col.val[i]
			mark[r] = true
			touched = append(touched, r)
			if step[r] >= 0 {
				heap = pushHeap(heap, step[r])
			}
		}
		u.row, u.val = u.row[:0], u.val[:0]
		for len(heap) > 0 {
			var k int32
			k, heap = popHeap(heap)
			t := x[f.rowOf[k]]
			if math.Abs(t) < tiny {
				continue
			}
			u.row, u.val = append(u.row, k), append(u.val, t)
			below := &f.low[k]
			for i, r := range below.row {
				if !mark[r] {
					mark[r], x[r] = true, 0
					touched = append(touched, r)
					if step[r] >= 0 {
						heap = pushHeap(heap, step[r])
					}
				}
				x[r] -= below.val[i] * t
			}
		}
		if !f.pivot(pos, plan, x, touched, step, rowLen, u, &l) {
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
	if len(lostPos) == 0 {
		f.transpose(step)
	}
	return f, lostPos, lostRow
}

// keep moves a column into memory that many columns share: a basis is factored often.
func (f *factors) keep(c sparse) sparse {
	n := len(c.row)
	if cap(f.rowMemory)-len(f.rowMemory) < n {
		f.rowMemory, f.valMemory = make([]int32, 0, max(1<<14, n)), make([]float64, 0, max(1<<14, n))
	}
	at := len(f.rowMemory)
	f.rowMemory, f.valMemory = append(f.rowMemory, c.row...), append(f.valMemory, c.val...)
	return sparse{f.rowMemory[at : at+n : at+n], f.valMemory[at : at+n : at+n]}
}

// transpose stores L and U by rows, so that backward can skip what is zero.
func (f *factors) transpose(step []int32) {
	lows, ups := make([]int32, f.m), make([]int32, f.m)
	for k := range f.rowOf {
		for _, r := range f.low[k].row {
			lows[step[r]]++
		}
		for _, j := range f.up[k].row {
			ups[j]++
		}
		f.size += len(f.low[k].row) + len(f.up[k].row) + 1
	}
	f.lowRows, f.upRows = room(lows), room(ups)
	for k := range f.rowOf {
		for i, r := range f.low[k].row {
			t := &f.lowRows[step[r]]
			t.row, t.val = append(t.row, int32(k)), append(t.val, f.low[k].val[i])
		}
		for i, j := range f.up[k].row {
			t := &f.upRows[j]
			t.row, t.val = append(t.row, int32(k)), append(t.val, f.up[k].val[i])
		}
	}
}

// room returns empty columns with room for so many entries each.
func room(sizes []int32) []sparse {
	total := 0
	for _, n := range sizes {
		total += int(n)
	}
	rows, vals := make([]int32, total), make([]float64, total)
	out := make([]sparse, len(sizes))
	at := 0
	for i, n := range sizes {
		out[i] = sparse{rows[at : at : at+int(n)], vals[at : at : at+int(n)]}
		at += int(n)
	}
	return out
}

const tiny = 1e-11

// pivot chooses the pivot of a column and stores its factors; false if there is none.
func (f *factors) pivot(pos, plan int32, x []float64, touched []int32, step, rowLen []int32, u sparse, l *sparse) bool {
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
	l.row, l.val = l.row[:0], l.val[:0]
	for _, r := range touched {
		if step[r] < 0 && r != best && math.Abs(x[r]) > tiny {
			l.row, l.val = append(l.row, r), append(l.val, x[r]/x[best])
		}
	}
	step[best] = int32(len(f.rowOf))
	f.rowOf, f.posOf = append(f.rowOf, best), append(f.posOf, pos)
	f.low, f.up, f.diag = append(f.low, f.keep(*l)), append(f.up, f.keep(u)), append(f.diag, x[best])
	return true
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
	for k, p := range f.posOf {
		z[k] = c[p]
	}
	for k := range f.rowOf {
		if z[k] == 0 {
			continue
		}
		z[k] /= f.diag[k]
		u := &f.upRows[k]
		for i, j := range u.row {
			z[j] -= u.val[i] * z[k]
		}
	}
	for k := len(f.rowOf) - 1; k >= 0; k-- {
		t := z[k]
		y[f.rowOf[k]] = t
		if t == 0 {
			continue
		}
		l := &f.lowRows[k]
		for i, j := range l.row {
			z[j] -= l.val[i] * t
		}
	}
}

// replace notes that the column at a position was replaced by one that is alpha in terms of the basis.
func (f *factors) replace(pos int32, alpha []float64) {
	n := 0
	for _, v := range alpha {
		if math.Abs(v) > tiny {
			n++
		}
	}
	e := update{pos: pos, diag: alpha[pos], rest: sparse{make([]int32, 0, n), make([]float64, 0, n)}}
	for p, v := range alpha {
		if int32(p) != pos && math.Abs(v) > tiny {
			e.rest.row, e.rest.val = append(e.rest.row, int32(p)), append(e.rest.val, v)
		}
	}
	f.updates = append(f.updates, e)
	f.grown += len(e.rest.row) + 1
}
