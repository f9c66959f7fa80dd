package disclosure

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// candidate is a cell with its place in the order of publication.
type candidate struct {
	*cell
	headline int
	totals   int
	size     int
	tie      uint64
}

// publication returns the cells of all grids in the order in which they are shown if they may be: headlines, then
// cells with more totals, then the council's order of tables, then larger cells (section 3.3 step 4). Zeros go
// before all: if they went last they would be the usual partner of a hidden small cell, and hidden beside nothing
// but zeros it would be known to lie within its own small value. Ties are broken by a keyed hash of what the cell
// is, so that they depend on nothing else and nobody without the seed can replay them (A25).
func publication(grids []*grid, seed []byte) []candidate {
	var out []candidate
	for i, g := range grids {
		for j := range g.cells {
			c := &g.cells[j]
			k := candidate{cell: c, totals: g.totals(c.at), size: c.n, tie: tieBreak(seed, g, c.at)}
			if c.n == 0 {
				k.size = math.MaxInt
			}
			if !headline(c.at) {
				k.headline = 1
			}
			c.grid = i
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.headline, b.headline),
			cmp.Compare(b.totals, a.totals),
			cmp.Compare(a.grid, b.grid),
			cmp.Compare(b.size, a.size),
			cmp.Compare(a.tie, b.tie),
		)
	})
	return out
}

func tieBreak(seed []byte, g *grid, at address) uint64 {
	mac := hmac.New(sha256.New, seed)
	fmt.Fprintf(mac, "%q", g.spec.ID)
	for i, a := range g.axes {
		code := Total
		if at[i] != all {
			code = a.codes[at[i]]
		}
		fmt.Fprintf(mac, "%q=%q", a.dim.Name, code)
	}
	return binary.BigEndian.Uint64(mac.Sum(nil))
}
