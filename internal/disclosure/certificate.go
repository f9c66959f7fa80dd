package disclosure

// Certificate is the proof that what a release hides stays uncertain (section 3.4): the true counts, and for everything
// hidden further tables of whole numbers that fit all that is shown and differ enough. It is as secret as the
// responses. Package verify checks it and shares no code with this one; the field names are the form in which
// it is kept.
type Certificate struct {
	Blocks    []CertifiedBlock
	Relations [][]CertifiedStep // sums over the counts that are 0 because dimensions follow from each other
	Moves     [][]CertifiedStep // each, added to the true counts, is another table that fits
	Exempt    [][]int           // sums that the relations alone say are 0: no secret
}

// CertifiedBlock is one table with its true counts over the full product of its codes, the last axis running fastest.
// Counts of all blocks are numbered through, block after block. With earlier releases a block may stand for tables of
// several, and it has its counts once for each cohort of people, cohort by cohort: bit j of a cohort says that they are in
// the j-th release.
type CertifiedBlock struct {
	Table   string           // of the release that is made; "" if it is not in it
	Tables  []CertifiedTable `json:",omitempty"` // of several releases
	Cohorts []uint64         `json:",omitempty"`
	Axes    []CertifiedAxis  // the question first
	Counts  []int64
}

// CertifiedTable is a table of one of several releases, which are numbered from 0.
type CertifiedTable struct {
	Release int
	Table   string
}

// CertifiedAxis is a dimension at the detail of its table; Holds are the finest codes behind each code.
type CertifiedAxis struct {
	Dim   string
	Codes []string
	Holds [][]string
}

// CertifiedStep is a count and a whole number that belongs to it.
type CertifiedStep struct {
	At int
	By int64
}

// certificate writes down what the audit found.
func (r *release) certificate() Certificate {
	c := Certificate{}
	for _, block := range r.blocks {
		c.Blocks = append(c.Blocks, r.certified(block))
	}
	for _, tie := range r.ties {
		var relation []CertifiedStep
		for _, t := range tie {
			relation = append(relation, CertifiedStep{int(t.col), centred(t.val)})
		}
		c.Relations = append(c.Relations, relation)
	}
	for _, form := range r.exempt {
		var at []int
		for _, t := range form {
			at = append(at, int(t.col))
		}
		c.Exempt = append(c.Exempt, at)
	}
	c.Moves = r.witnesses
	return c
}

// certified returns a block with the tables that stand for it.
func (r *release) certified(block *block) CertifiedBlock {
	b := CertifiedBlock{}
	for j := range len(r.earlier) + 1 {
		for _, g := range r.gridsOf(j) {
			if g.block != block {
				continue
			}
			if j == len(r.earlier) {
				b.Table = g.spec.ID
			}
			if len(r.earlier) > 0 {
				b.Tables = append(b.Tables, CertifiedTable{Release: j, Table: g.spec.ID})
			}
		}
	}
	for _, c := range block.cohorts {
		if len(r.earlier) > 0 {
			b.Cohorts = append(b.Cohorts, uint64(c))
		}
	}
	for _, counts := range block.counts {
		for _, n := range counts {
			b.Counts = append(b.Counts, int64(n))
		}
	}
	for _, a := range block.axes {
		b.Axes = append(b.Axes, CertifiedAxis{Dim: a.dim.Name, Codes: a.codes, Holds: a.holds()})
	}
	return b
}

// collect returns the moves that prove the targets: where a target lies in several components the moves of all of them
// are one, because what is possible in one does not depend on the others.
func collect(all []*audited) [][]CertifiedStep {
	var out [][]CertifiedStep
	kept := map[*move]bool{}
	for _, a := range all {
		for _, side := range [][]*move{a.moves(func(p *probe) *move { return p.loMove }), a.moves(func(p *probe) *move { return p.hiMove })} {
			if len(side) == 0 || len(side) == 1 && kept[side[0]] {
				continue
			}
			var steps []CertifiedStep
			for _, m := range side {
				for _, s := range m.steps {
					steps = append(steps, CertifiedStep{int(m.in.cols[s.count]), s.by})
				}
			}
			if len(side) == 1 {
				kept[side[0]] = true
			}
			out = append(out, steps)
		}
	}
	return out
}

func (a *audited) moves(of func(*probe) *move) []*move {
	var out []*move
	for _, p := range a.probes {
		if m := of(p); m != nil {
			out = append(out, m)
		}
	}
	return out
}
