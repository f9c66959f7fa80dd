package disclosure

import (
	"math/rand/v2"
	"slices"
)

// walker goes from table to table in one component by moves of single free counts, always in whole numbers that are not
// negative. It is what finds most witnesses where many counts are 0 in truth: away from the true table there is more
// room. The choices at random hide nothing; what they lead to is checked like everything else.
type walker struct {
	*search
	units  [][]step // by free count: its smallest whole move, with what follows
	change []int64  // from the true table, by count
	value  []int64  // from the true table, by target
	open   []int    // targets that are still too certain
	rng    *rand.Rand
}

const (
	walks      = 4  // tables to start from
	stepsApart = 12 // random moves for each free count between them
	maxStrides = 60 // directed moves for one target
)

func newWalker(s *search) *walker {
	w := &walker{search: s, change: make([]int64, len(s.cols)), value: make([]int64, len(s.probes)), rng: rand.New(rand.NewPCG(uint64(len(s.cols)), uint64(s.free)))}
	for j := range s.free {
		w.units = append(w.units, s.unit(j))
	}
	for i, p := range s.probes {
		if !p.of.enough(s.width) {
			w.open = append(w.open, i)
		}
	}
	return w
}

// run wanders off and from there goes for every target that is still too certain.
func (w *walker) run() {
	start, value := make([]int64, len(w.change)), make([]int64, len(w.value))
	for range walks {
		copy(w.change, start)
		copy(w.value, value)
		for range stepsApart * w.free {
			w.stray()
		}
		copy(start, w.change)
		copy(value, w.value)
		w.report()
		for _, i := range slices.Clone(w.open) {
			for _, sign := range []int64{-1, 1} {
				if w.probes[i].of.enough(w.width) {
					break
				}
				copy(w.change, start)
				copy(w.value, value)
				w.head(i, sign)
			}
		}
		if len(w.open) == 0 {
			return
		}
	}
}

// stray makes one move at random.
func (w *walker) stray() {
	j, sign := w.rng.IntN(w.free), int64(1-2*w.rng.IntN(2))
	if most := w.room(w.units[j], sign); most > 0 {
		w.apply(w.units[j], sign*(1+w.rng.Int64N(min(most, 8))))
	}
}

// head moves so that the target grows, or falls, as long as single moves do it.
func (w *walker) head(i int, sign int64) {
	p := w.probes[i]
	gains := w.gains(p)
	defer w.report()
	for range maxStrides {
		best, far := -1, int64(0)
		for j, gain := range gains {
			dir := sign
			if gain < 0 {
				dir = -sign
			}
			if reach := w.room(w.units[j], dir) * gain * dir * sign; reach > far || reach == far && reach > 0 && j < best {
				best, far = j, reach
			}
		}
		if best < 0 {
			return
		}
		dir := sign
		if gains[best] < 0 {
			dir = -sign
		}
		w.apply(w.units[best], dir*w.room(w.units[best], dir))
		if w.suffices(i) {
			return
		}
	}
}

// suffices reports whether the present table makes the target uncertain enough.
func (w *walker) suffices(i int) bool {
	p := w.probes[i]
	at := p.start + w.value[i]
	lo, hi := p.lo, p.hi
	p.lo, p.hi = min(lo, at), max(hi, at)
	defer func() { p.lo, p.hi = lo, hi }()
	return p.of.enough(w.width)
}

// gains returns by how much the target grows with a unit of each free count that changes it.
func (w *walker) gains(p *probe) map[int]int64 {
	out := map[int]int64{}
	in := map[int]bool{}
	for _, c := range p.counts {
		in[c] = true
	}
	consider := func(j int) {
		if _, done := out[j]; done {
			return
		}
		gain := int64(0)
		for _, m := range w.units[j] {
			if in[m.count] {
				gain += m.by
			}
		}
		out[j] = gain
	}
	for _, c := range p.counts {
		if c < w.free {
			consider(c)
			continue
		}
		for _, part := range w.lines[c-w.free].parts {
			consider(part.free)
		}
	}
	for j, gain := range out {
		if gain == 0 {
			delete(out, j)
		}
	}
	return out
}

// room returns how often the move can be made before a count would fall below 0.
func (w *walker) room(unit []step, sign int64) int64 {
	most := int64(-1)
	for _, m := range unit {
		if fall := -m.by * sign; fall > 0 {
			if n := (w.truth[m.count] + w.change[m.count]) / fall; most < 0 || n < most {
				most = n
			}
		}
	}
	if most < 0 {
		return 1 // nothing bounds it
	}
	return most
}

func (w *walker) apply(unit []step, times int64) {
	for _, m := range unit {
		w.change[m.count] += m.by * times
		for _, i := range w.holders[m.count] {
			w.value[i] += m.by * times
		}
	}
}

// report shows the present table to the targets that are still too certain.
func (w *walker) report() {
	var m *move
	w.open = slices.DeleteFunc(w.open, func(i int) bool {
		p := w.probes[i]
		if at := p.start + w.value[i]; at < p.lo || at > p.hi {
			if m == nil {
				m = w.table()
			}
			if at < p.lo {
				p.lo, p.loMove = at, m
			} else {
				p.hi, p.hiMove = at, m
			}
		}
		return p.of.enough(w.width)
	})
}

// table returns the present table as a witness.
func (w *walker) table() *move {
	m := &move{in: w.component}
	for i, by := range w.change {
		if by != 0 {
			m.steps = append(m.steps, step{i, by})
		}
	}
	return m
}
