package attack

import (
	"math"
	"math/rand/v2"
	"slices"
)

// component is a set of unknowns that no row ties to any other, with its linear programme.
type component struct {
	w     *world
	nodes []int32
	local map[int32]int32
	rows  []row // main rows, known nodes put in, by local number
	scale []float64
	lp    *programme
	wants []int  // that concern it
	dead  string // why it cannot be gone on with
	cut   bool   // a bound was rounded to less than the linear programme gave
}

// decompose puts in what is known and returns the components that are left.
func (w *world) decompose() []*component {
	root := make([]int32, len(w.nodes))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	open := func(n int32) bool { return w.nodes[n].lo < w.nodes[n].hi }
	for i := range w.rows {
		first := int32(-1)
		for _, n := range w.rows[i].nodes {
			if !w.rows[i].main || !open(n) {
				continue
			}
			if first >= 0 {
				root[find(n)] = find(first)
			}
			first = n
		}
	}
	by := map[int32]*component{}
	var out []*component
	for n := range int32(len(w.nodes)) {
		if !open(n) {
			continue
		}
		r := find(n)
		if by[r] == nil {
			by[r] = &component{w: w, local: map[int32]int32{}}
			out = append(out, by[r])
		}
		c := by[r]
		c.local[n] = int32(len(c.nodes))
		c.nodes = append(c.nodes, n)
	}
	for i := range w.rows {
		if w.rows[i].main {
			w.assign(&w.rows[i], by, find)
		}
	}
	return out
}

// assign puts a row into its component.
func (w *world) assign(r *row, by map[int32]*component, find func(int32) int32) {
	known := int64(0)
	out := row{lo: r.lo, hi: r.hi, place: r.place}
	var c *component
	for i, n := range r.nodes {
		if at := &w.nodes[n]; at.lo == at.hi {
			known += r.coef[i] * at.lo
			continue
		}
		c = by[find(n)]
		out.nodes, out.coef = append(out.nodes, c.local[n]), append(out.coef, r.coef[i])
	}
	if c == nil {
		return // bounding has checked it
	}
	if out.lo > -Unbounded {
		out.lo -= known
	}
	if out.hi < Unbounded {
		out.hi -= known
	}
	c.rows = append(c.rows, out)
}

// wiggle is by how much, at most, bounds are moved outwards so that no two are met at once: a linear programme with
// many ties goes round in circles. What is claimed is proven without it.
const wiggle = 1e-6

// tolerance is how near a whole number counts as one.
const tolerance = 1e-3

// programme makes the linear programme. It starts from the basis in which every row gives its coarsest node.
func (c *component) programme() {
	p := &programme{rows: len(c.rows), unknowns: len(c.nodes), columns: make([]sparse, len(c.nodes))}
	n := p.rows + p.unknowns
	p.lo, p.hi = make([]float64, n), make([]float64, n)
	c.scale = make([]float64, p.rows)
	taken := make([]bool, p.unknowns)
	start := make([]int32, p.rows)
	for i := range c.rows {
		r := &c.rows[i]
		most := int64(1)
		for _, v := range r.coef {
			most = max(most, v, -v)
		}
		c.scale[i] = 1 / float64(most)
		for k, j := range r.nodes {
			p.columns[j].row = append(p.columns[j].row, int32(i))
			p.columns[j].val = append(p.columns[j].val, float64(r.coef[k])*c.scale[i])
		}
		p.lo[p.unknowns+i], p.hi[p.unknowns+i] = real(r.lo)*c.scale[i], real(r.hi)*c.scale[i]
		start[i] = int32(p.unknowns + i)
		if j := r.nodes[0]; r.lo == r.hi && !taken[j] && r.coef[0] == 1 && c.parent(r, j) {
			start[i], taken[j] = j, true
		}
	}
	c.lp = p
	c.bounds()
	p.begin(start)
}

// parent reports whether the first node of a row is the one that is split.
func (c *component) parent(r *row, j int32) bool {
	return len(r.nodes) > 1 && len(c.w.nodes[c.nodes[j]].at) <= len(c.w.nodes[c.nodes[r.nodes[1]]].at) && r.coef[1] == -1
}

func real(v int64) float64 {
	switch {
	case v >= Unbounded:
		return math.Inf(1)
	case v <= -Unbounded:
		return math.Inf(-1)
	}
	return float64(v)
}

// bounds takes over the bounds of the nodes, moved outwards a little.
func (c *component) bounds() {
	random := rand.New(rand.NewPCG(1, uint64(len(c.nodes))))
	for j, n := range c.nodes {
		c.lp.lo[j] = float64(c.w.nodes[n].lo) - wiggle*(0.5+random.Float64()/2)
		c.lp.hi[j] = real(c.w.nodes[n].hi) + wiggle*(0.5+random.Float64()/2)
	}
}

// narrower takes over the bounds of the nodes into a programme that has a basis already: few steps lead from there to
// a table that fits again.
func (c *component) narrower() {
	c.bounds()
	for j, pos := range c.lp.where {
		if pos < 0 {
			c.lp.rest(int32(j))
		}
	}
	c.lp.refactor()
}

// exact returns the programme in whole numbers.
func (c *component) exact(cost map[int32]int64) *exactly {
	e := &exactly{rows: c.rows, cost: cost, lo: make([]int64, len(c.nodes)), hi: make([]int64, len(c.nodes))}
	for j, n := range c.nodes {
		e.lo[j], e.hi[j] = c.w.nodes[n].lo, c.w.nodes[n].hi
	}
	return e
}

// prices returns the prices of the rows before scaling.
func (c *component) prices() []float64 {
	out := make([]float64, len(c.rows))
	for i := range out {
		out[i] = c.lp.prices[i] * c.scale[i]
	}
	return out
}

// add notes a question that concerns the component.
func (c *component) add(q int) {
	if !slices.Contains(c.wants[max(0, len(c.wants)-1):], q) {
		c.wants = append(c.wants, q)
	}
}
