package disclosure

// search looks for tables of whole numbers that fit what is shown, in one component.
type search struct {
	*component
	width   int64
	probes  []*probe
	holders [][]int // count -> probes it is part of
	delta   []int64 // scratch, by probe
}

// step is how one count of a move changes.
type step struct {
	count int
	by    int64
}

func newSearch(c *component, probes []*probe, width int64) *search {
	s := &search{component: c, width: width, probes: probes, holders: make([][]int, len(c.cols)), delta: make([]int64, len(probes))}
	for i, p := range probes {
		for _, n := range p.counts {
			s.holders[n] = append(s.holders[n], i)
		}
	}
	return s
}

// run tries the simplest moves first, one free count up or down as far as it goes; then it walks to the largest and
// smallest value of each target that is still too certain.
func (s *search) run() {
	for j := range s.free {
		s.along(j)
	}
	if s.satisfied() {
		return
	}
	newWalker(s).run()
	if s.satisfied() {
		return
	}
	d := newDictionary(s.component)
	d.settle(func() { s.try(d) })
	for _, p := range s.probes {
		if d.work > maxWork {
			p.of.open = true
			continue
		}
		for _, direction := range []float64{-1, 1} {
			if p.of.enough(s.width) {
				break
			}
			d.aim(p.counts, direction)
			seen := func() bool {
				s.try(d)
				return p.of.enough(s.width)
			}
			if d.climb(seen); !seen() {
				d.stroll(s.spare(d, p, direction), seen)
			}
		}
	}
}

// spare returns by how much the target, as the dictionary has it, goes beyond what would be enough in the direction.
func (s *search) spare(d *dictionary, p *probe, direction float64) float64 {
	at, from := 0.0, p.hi
	for _, c := range p.counts {
		at += d.value[c]
	}
	if direction < 0 {
		from = p.lo
	}
	return (at-float64(from))*direction - float64(p.of.missing(s.width))
}

func (s *search) satisfied() bool {
	for _, p := range s.probes {
		if !p.of.enough(s.width) {
			return false
		}
	}
	return true
}

// unit returns the smallest move of free count j in whole numbers, with the counts that follow.
func (s *search) unit(j int) []step {
	unit := int64(1)
	for _, i := range s.of[j] {
		unit = lcm(unit, s.lines[i].den)
	}
	move := []step{{j, unit}}
	for _, i := range s.of[j] {
		for _, p := range s.lines[i].parts {
			if p.free == j {
				move = append(move, step{s.free + i, p.num * (unit / s.lines[i].den)})
			}
		}
	}
	return move
}

// along moves free count j, with the counts that follow, as far up and as far down as no count falls below 0.
func (s *search) along(j int) {
	move := s.unit(j)
	for _, sign := range []int64{1, -1} {
		times := int64(-1)
		for _, m := range move {
			if fall := -m.by * sign; fall > 0 {
				if most := s.truth[m.count] / fall; times < 0 || most < times {
					times = most
				}
			}
		}
		if times <= 0 {
			continue
		}
		far := make([]step, len(move))
		for i, m := range move {
			far[i] = step{m.count, m.by * sign * times}
		}
		s.observe(far)
	}
}

// try takes the present table of the dictionary, if it is one of whole numbers, as a witness.
func (s *search) try(d *dictionary) {
	free, ok := d.whole(s.component)
	if !ok {
		return
	}
	move, ok := s.follow(free)
	if !ok {
		return
	}
	var steps []step
	for i, by := range move {
		if by != 0 {
			steps = append(steps, step{i, by})
		}
	}
	s.observe(steps)
}

// move is a table that fits: the true one and these steps.
type move struct {
	in    *component
	steps []step
}

// observe widens the ranges of the targets that are still too certain by a table that fits.
func (s *search) observe(steps []step) { s.take(&move{s.component, steps}) }

// take is observe for a table that may be known already.
func (s *search) take(m *move) {
	var touched []int
	for _, m := range m.steps {
		for _, i := range s.holders[m.count] {
			if s.delta[i] == 0 {
				touched = append(touched, i)
			}
			s.delta[i] += m.by
		}
	}
	for _, i := range touched {
		p := s.probes[i]
		switch at := p.start + s.delta[i]; {
		case p.of.enough(s.width):
		case at < p.lo:
			p.lo, p.loMove = at, m
		case at > p.hi:
			p.hi, p.hiMove = at, m
		}
	}
	for _, i := range touched {
		s.delta[i] = 0
	}
}

func lcm(a, b int64) int64 {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}
