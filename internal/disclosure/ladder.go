package disclosure

// tooThin reports whether the table fails R1: the mean inner cell is at least 5, and at most half of the inner
// cells are hidden. Groups and answers that nobody is in are not counted, nor are those of people who gave no answer, or
// did not say which group they are in: they are no loss.
func (g *grid) tooThin(p Policy) bool {
	cells, people, hidden := 0, 0, 0
	breakdown := len(g.axes) > 1
	for _, c := range g.cells {
		if c.at[0] == all || breakdown == headline(c.at) {
			continue
		}
		if g.empty(c.at) || g.unsaid(c.at) {
			continue
		}
		cells++
		people += c.n
		if !c.shown {
			hidden++
		}
	}
	if cells == 0 {
		return false
	}
	return breakdown && people < p.MeanInner*cells || 100*hidden > p.MaxHiddenPercent*cells
}

// unsaid reports whether the cell is about people who did not say something that it is about.
func (g *grid) unsaid(at address) bool {
	for i, a := range g.axes {
		if at[i] != all && a.noAnswer[at[i]] {
			return true
		}
	}
	return false
}

// empty reports whether a margin of the cell is nobody.
func (g *grid) empty(at address) bool {
	for i := range g.axes {
		if at[i] == all {
			continue
		}
		if g.sum(g.region(everybody.with(i, at[i]))) == 0 {
			return true
		}
	}
	return false
}

// step climbs the ladder of R1 by one step: answers in 3 bands, then 2; then each dimension in coarser groups, the
// largest first; then without its last dimension. It returns false if there is no step left.
func (s *survey) step(spec TableSpec, pl *plan) (Finding, bool) {
	f := Finding{Key: "disclosure.finding.rung", Table: spec.ID, Severity: Changed}
	names := append([]string{spec.Question}, pl.by(spec)...)
	best := -1
	for i, name := range names {
		ladder := s.ladder(name)
		if next := pl.rungs[i] + 1; next >= len(ladder) || len(ladder[next].codes) < 2 {
			continue
		}
		if i == 0 {
			best = 0
			break
		}
		if best < 0 || len(ladder[pl.rungs[i]].codes) > len(s.ladder(names[best])[pl.rungs[best]].codes) {
			best = i
		}
	}
	if best >= 0 {
		pl.rungs[best]++
		f.Args = []any{"Dim", names[best], "Rung", s.ladder(names[best])[pl.rungs[best]].name}
		return f, true
	}
	if pl.keep == 0 {
		return f, false
	}
	f.Key, f.Args = "disclosure.finding.no_breakdown", []any{"By", spec.By[pl.keep-1]}
	pl.keep--
	pl.rungs = pl.rungs[:1+pl.keep]
	if pl.keep == 0 {
		pl.rungs[0] = 0 // the headline alone bears its finest answers again
	}
	return f, true
}
