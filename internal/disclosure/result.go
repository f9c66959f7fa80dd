package disclosure

// result writes the release down as it may be shown. From here on no exact count is used but those of headlines.
func (p *protector) result(r *release) Result {
	out := Result{People: p.survey.people, Gate: p.found}
	out.Report = Report{Rounds: p.rounds, Rounding: p.in.Policy.RoundTo, HiddenBy: map[Rule]int{}, TableHidden: map[string]Share{}}
	next := 0
	for i, spec := range p.in.Tables {
		out.Findings = append(out.Findings, p.steps[i]...)
		if p.plans[i].withheld {
			out.Tables = append(out.Tables, Table{ID: spec.ID, Question: spec.Question, Withheld: true})
			continue
		}
		g := r.grids[next]
		next++
		out.Tables = append(out.Tables, g.table(p.in.Policy))
		out.Loss = append(out.Loss, lossOf(g, out.Tables[len(out.Tables)-1], countChanged(p.steps[i])))
		share := out.Report.count(g)
		if share.Hidden > 0 {
			out.Findings = append(out.Findings, Finding{Key: "disclosure.finding.hidden",
				Args: []any{"Hidden", share.Hidden, "Cells", share.Cells}, Table: spec.ID, Severity: Note})
		}
	}
	out.Loss = append(out.Loss, lossOfAll(out.Loss))
	out.Certificate, out.State = r.certificate(), p.state(r)
	out.Report.Method = method(p.in.Policy, p.in.Earlier != nil)
	return out
}

func countChanged(steps []Finding) (n int) {
	for _, f := range steps {
		if f.Severity == Changed {
			n++
		}
	}
	return n
}

// table returns the grid as it may be shown.
func (g *grid) table(p Policy) Table {
	s := scaleOf(g)
	t := Table{ID: g.spec.ID, Question: g.spec.Question, By: g.spec.By, HasMean: s.mean, HasNet: s.net}
	for _, a := range g.axes {
		t.Rungs = append(t.Rungs, a.name)
	}
	for _, c := range g.cols {
		t.Columns = append(t.Columns, g.axes[0].codes[c])
	}
	for _, row := range g.rows() {
		r := Row{Headline: row == everybody, Base: g.show(row, p)}
		for i, a := range g.axes[1:] {
			code := Total
			if row[1+i] != all {
				code = a.codes[row[1+i]]
			}
			r.Codes = append(r.Codes, code)
		}
		for _, q := range g.cols {
			c := g.show(row.with(0, q), p)
			r.Cells = append(r.Cells, c)
			r.Percents = append(r.Percents, p.percent(c, r.Base))
		}
		r.Mean, r.Net = s.meanOf(r, p), s.netOf(r, p)
		t.Rows = append(t.Rows, r)
	}
	return t
}

// show returns a cell as it may be shown: exact in the headline, else rounded by itself, so that totals need not be
// the sums of their parts (section 3.3 step 7).
func (g *grid) show(at address, p Policy) Cell {
	c := g.cells[g.lookup[at]]
	switch {
	case !c.shown:
		return Cell{}
	case headline(at):
		return Cell{Shown: true, Value: c.n, Exact: true}
	}
	return Cell{Shown: true, Value: round(c.n, p.RoundTo)}
}

// count adds a table to the report.
func (r *Report) count(g *grid) Share {
	var share Share
	for _, c := range g.cells {
		share.Cells++
		if !c.shown {
			share.Hidden++
			r.HiddenBy[c.rule]++
		}
	}
	r.Cells += share.Cells
	r.Hidden += share.Hidden
	r.TableHidden[g.spec.ID] = share
	return share
}
