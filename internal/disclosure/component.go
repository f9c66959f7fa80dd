package disclosure

import "slices"

// component is a part of the unknown counts that hangs together by the equations and by nothing else: what is
// possible in it does not depend on the rest, so it is audited by itself (section 3.4). Its counts are numbered from
// 0, the free ones first; the others follow from them by exact equations.
type component struct {
	cols  []int32 // column of each count in the release
	truth []int64
	free  int
	lines []line // the i-th says how count free+i follows
	// of is, for every free count, the lines it is in.
	of [][]int
}

// line is an exact equation of moves: den times the move of a dependent count is the sum of parts.
type line struct {
	den   int64
	parts []part
}

// part is a free count with its integer factor.
type part struct {
	free int
	num  int64
}

// maxDenominator bounds the fractions by which a dependent count may follow from free ones. Tables of counts have
// small ones; a component that has others is not audited, so what is hidden in it counts as failed.
const maxDenominator = 64

// place is where a column of the release is in its component; in is nil for a count that is determined.
type place struct {
	in    *component
	count int
}

// components splits the counts that are not determined, and says where each column of the release is.
func (s *space) components(truth []int64) ([]*component, []place) {
	parent := newGroups(len(s.pivotOf))
	var open []int32 // rows with something free
	for i, row := range s.rows {
		if s.target[i] || len(row) < 2 {
			continue
		}
		open = append(open, int32(i))
		for _, t := range row[1:] {
			parent.join(int(row[0].col), int(t.col))
		}
	}
	byRoot := map[int]*component{}
	var all []*component
	home := make([]place, len(s.pivotOf))
	add := func(col int32) *component {
		root := parent.find(int(col))
		c := byRoot[root]
		if c == nil {
			c = &component{}
			byRoot[root] = c
			all = append(all, c)
		}
		home[col] = place{c, len(c.cols)}
		c.cols, c.truth = append(c.cols, col), append(c.truth, truth[col])
		return c
	}
	for col, row := range s.pivotOf {
		if row < 0 {
			add(int32(col)).free++
		}
	}
	for _, i := range open {
		row := s.rows[i]
		pivot := s.pivotColumn(int32(i))
		c := add(pivot)
		c.lines = append(c.lines, exact(row, pivot, home))
	}
	for _, c := range all {
		c.of = make([][]int, c.free)
		for i, l := range c.lines {
			for _, p := range l.parts {
				c.of[p.free] = append(c.of[p.free], i)
			}
		}
	}
	return all, home
}

// pivotColumn returns the column in which a basis row has its pivot.
func (s *space) pivotColumn(row int32) int32 {
	i := slices.IndexFunc(s.rows[row], func(t term) bool { return s.pivotOf[t.col] == row })
	return s.rows[row][i].col
}

// exact reads the fractions of a basis row, which are residues modulo prime, with one small denominator for all. If
// there is none the line has denominator 0.
func exact(row vector, pivot int32, home []place) line {
	for den := int64(1); den <= maxDenominator; den++ {
		l := line{den: den}
		for _, t := range row {
			if t.col == pivot {
				continue
			}
			num := centred(mulmod(t.val, uint64(den)))
			if num > 1<<20 || num < -1<<20 {
				l.den = 0
				break
			}
			l.parts = append(l.parts, part{home[t.col].count, -num})
		}
		if l.den > 0 {
			return l
		}
	}
	return line{}
}

// centred returns the residue as a number between -prime/2 and prime/2.
func centred(v uint64) int64 {
	if v > prime/2 {
		return int64(v) - prime
	}
	return int64(v)
}

// sound reports whether all lines were read.
func (c *component) sound() bool {
	return !slices.ContainsFunc(c.lines, func(l line) bool { return l.den == 0 })
}

// follow completes a move of the free counts to one of all counts. It reports false if a dependent count would not
// move by a whole number, or any count would fall below 0.
func (c *component) follow(free []int64) ([]int64, bool) {
	move := make([]int64, len(c.cols))
	copy(move, free)
	for i, l := range c.lines {
		sum := int64(0)
		for _, p := range l.parts {
			sum += p.num * free[p.free]
		}
		if sum%l.den != 0 {
			return nil, false
		}
		move[c.free+i] = sum / l.den
	}
	for i, m := range move {
		if c.truth[i]+m < 0 {
			return nil, false
		}
	}
	return move, true
}
