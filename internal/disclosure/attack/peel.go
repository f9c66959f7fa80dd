package attack

import (
	"slices"
)

// peel orders the columns so that little fills in. It returns the pivot rows planned for the first of them and the
// lengths of the rows.
func peel(m int, column func(int) sparse) (order, planned, rowLen []int32) {
	rowLen = make([]int32, m)
	colLen := make([]int32, m)
	total := 0
	for p := range m {
		c := column(p)
		colLen[p] = int32(len(c.row))
		total += len(c.row)
		for _, r := range c.row {
			rowLen[r]++
		}
	}
	memory := make([]int32, total)
	byRow := make([][]int32, m)
	for r, n := range rowLen {
		byRow[r], memory = memory[:0:n], memory[n:]
	}
	for p := range m {
		for _, r := range column(p).row {
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
