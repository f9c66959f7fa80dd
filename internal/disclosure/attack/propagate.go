package attack

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
)

// narrowDown bounds every node by what single rows say, and eliminates what equations determine, until neither gives
// anything more.
func (w *world) narrowDown(ctx context.Context) error {
	if err := w.propagate(ctx, nil); err != nil {
		return err
	}
	for ctx.Err() == nil {
		found := w.eliminate(ctx)
		if len(found) == 0 {
			break
		}
		if err := w.propagate(ctx, found); err != nil {
			return err
		}
	}
	return nil
}

// propagate narrows bounds row by row: no node can be more than what the others of a row leave it. Bounds are whole
// numbers, rounded inwards. It starts from the nodes given, or from all rows.
func (w *world) propagate(ctx context.Context, from []int32) error {
	touch := w.touching()
	queued := make([]bool, len(w.rows))
	var queue []int32
	push := func(r int32) {
		if !queued[r] {
			queued[r] = true
			queue = append(queue, r)
		}
	}
	if from == nil {
		for r := range w.rows {
			push(int32(r))
		}
	}
	for _, n := range from {
		for _, r := range touch[n] {
			push(r)
		}
	}
	for left := 100*len(w.rows) + 10_000; len(queue) > 0 && left > 0; left-- {
		if left%1024 == 0 && ctx.Err() != nil {
			return nil // what is known so far stays true
		}
		r := queue[0]
		queue = queue[1:]
		queued[r] = false
		changed, err := w.narrow(&w.rows[r])
		if err != nil {
			return err
		}
		for _, n := range changed {
			for _, other := range touch[n] {
				push(other)
			}
		}
	}
	return nil
}

// touching returns the rows of every node.
func (w *world) touching() [][]int32 {
	out := make([][]int32, len(w.nodes))
	for r := range w.rows {
		for _, n := range w.rows[r].nodes {
			out[n] = append(out[n], int32(r))
		}
	}
	return out
}

// narrow narrows the nodes of one row and returns those that changed.
func (w *world) narrow(r *row) ([]int32, error) {
	least, lost, ok := w.activity(r, false)
	most, open, fine := w.activity(r, true)
	if !ok || !fine {
		return nil, nil // too large for 64 bits: the linear programme deals with it
	}
	if lost == 0 && r.hi < Unbounded && least > r.hi || open == 0 && r.lo > -Unbounded && most < r.lo {
		return nil, w.contradiction(r)
	}
	var changed []int32
	for i, n := range r.nodes {
		c := r.coef[i]
		lo, hi := w.nodes[n].lo, w.nodes[n].hi
		low, high := lo, hi // contribution c*x lies in [c*low, c*high] for c > 0
		if c < 0 {
			low, high = hi, lo
		}
		if r.hi < Unbounded && (lost == 0 || lost == 1 && (low >= Unbounded)) {
			rest := least
			if lost == 0 {
				rest -= c * low
			}
			if c > 0 {
				hi = min(hi, floorDiv(r.hi-rest, c))
			} else {
				lo = max(lo, -floorDiv(r.hi-rest, -c))
			}
		}
		if r.lo > -Unbounded && (open == 0 || open == 1 && (high >= Unbounded)) {
			rest := most
			if open == 0 {
				rest -= c * high
			}
			if c > 0 {
				lo = max(lo, -floorDiv(rest-r.lo, c))
			} else {
				hi = min(hi, floorDiv(rest-r.lo, -c))
			}
		}
		if lo > hi {
			return nil, w.contradiction(r)
		}
		if lo != w.nodes[n].lo || hi != w.nodes[n].hi {
			// The activities stay valid, only less tight: the caller looks at the row again.
			w.nodes[n].lo, w.nodes[n].hi = lo, hi
			changed = append(changed, n)
		}
	}
	return changed, nil
}

// activity returns the least, or the greatest, that the row can be, without the nodes that have no bound that way,
// and how many those are. It is not ok if the sum leaves 62 bits.
func (w *world) activity(r *row, greatest bool) (sum int64, unbounded int, ok bool) {
	for i, n := range r.nodes {
		bound := w.nodes[n].lo
		if greatest == (r.coef[i] > 0) {
			bound = w.nodes[n].hi
		}
		if bound >= Unbounded {
			unbounded++
			continue
		}
		over, product := bits.Mul64(uint64(max(r.coef[i], -r.coef[i])), uint64(bound))
		if over != 0 || product > 1<<61 {
			return 0, 0, false
		}
		if r.coef[i] > 0 {
			sum += int64(product)
		} else {
			sum -= int64(product)
		}
		if sum > 1<<61 || sum < -1<<61 {
			return 0, 0, false
		}
	}
	return sum, unbounded, true
}

// floorDiv is a/b rounded down, b positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

// contradiction names a figure of the row, or else the figure that the fewest rows lie between.
func (w *world) contradiction(r *row) error {
	at, cell := r.place, ""
	seen, queue := map[int32]bool{}, slices.Clone(r.nodes)
	var touch [][]int32
	for ; at == (Place{}) && len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if seen[n] {
			continue
		}
		seen[n] = true
		if at, cell = w.nodes[n].place, w.name(w.nodes[n].at); at != (Place{}) {
			break
		}
		if touch == nil {
			touch = w.touching()
		}
		for _, other := range touch[n] {
			if at, cell = w.rows[other].place, ""; at != (Place{}) {
				break
			}
			queue = append(queue, w.rows[other].nodes...)
		}
	}
	text := "the tables do not add up: no people fit this figure and the others"
	if cell != "" {
		text += " (" + cell + ")"
	}
	if len(w.releases) > 1 {
		text += fmt.Sprintf("; the people of the releases are taken as %q, say otherwise in meta.csv if that is wrong", w.mode)
	}
	return Faults{{at, text}}
}
