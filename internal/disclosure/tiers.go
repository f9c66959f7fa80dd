package disclosure

import "slices"

// plan is how much detail a table has at the moment.
type plan struct {
	rungs    []int // of the question and of each dimension that is left
	keep     int   // how many of the asked-for dimensions are left
	withheld bool
}

// by returns the dimensions that are left.
func (p plan) by(spec TableSpec) []string { return spec.By[:p.keep] }

// tier returns the most detail that R0 allows a table, and says where that is less than was asked for.
//
// R0: n < 10 nothing (Protect stops before); 10 to 49 headlines only; 50 to 999 one breakdown at a time, answers in
// bands if n < 200; 1,000 to 4,999 two dimensions at coarse codes with banded answers; from 5,000 at fine codes.
func (s *survey) tier(spec TableSpec, p Policy) (plan, []Finding) {
	pl := plan{keep: len(spec.By)}
	var found []Finding
	say := func(f Finding) {
		f.Table, f.Severity = spec.ID, Changed
		found = append(found, f)
	}
	if s.people < p.BreakdownFrom && pl.keep > 0 {
		say(Finding{Key: "disclosure.finding.headline_only", Args: []any{"Min", p.BreakdownFrom, "By", join(spec.By)}})
		pl.keep = 0
	}
	if s.people < p.TwoWayFrom && pl.keep > 1 {
		say(Finding{Key: "disclosure.finding.one_at_a_time", Args: []any{"Min", p.TwoWayFrom}})
		pl.keep = 1
	}
	pl.rungs = make([]int, 1+pl.keep)
	banded := pl.keep > 0 && s.people < p.BandsBelow
	coarse := pl.keep > 1 && s.people < p.FineTwoWayFrom
	if ladder := s.ladder(spec.Question); (banded || coarse) && len(ladder) > 1 && len(ladder[1].codes) > 1 {
		pl.rungs[0] = 1
		least := p.BandsBelow
		if coarse {
			least = p.FineTwoWayFrom
		}
		say(Finding{Key: "disclosure.finding.bands", Args: []any{"Min", least, "Rung", ladder[1].name}})
	}
	if coarse {
		for i, name := range pl.by(spec) {
			if ladder := s.ladder(name); len(ladder) > 1 && len(ladder[1].codes) > 1 {
				pl.rungs[1+i] = 1
				say(Finding{Key: "disclosure.finding.coarse",
					Args: []any{"Dim", name, "Min", p.FineTwoWayFrom, "Rung", ladder[1].name}})
			}
		}
	}
	return pl, append(found, s.degenerate(spec, &pl)...)
}

// degenerate withholds a table whose question has nothing to choose between: its one column would be its base, so
// that neither could be shown without giving the whole group away. It drops dimensions with fewer than two codes.
func (s *survey) degenerate(spec TableSpec, pl *plan) []Finding {
	if len(s.ladder(spec.Question)[0].codes) < 2 {
		pl.withheld = true
		return []Finding{{Key: "disclosure.finding.one_code", Table: spec.ID, Severity: Refused}}
	}
	if i := slices.IndexFunc(pl.by(spec), func(n string) bool { return len(s.ladder(n)[0].codes) < 2 }); i >= 0 {
		f := Finding{Key: "disclosure.finding.one_group", Args: []any{"By", spec.By[i]}, Table: spec.ID, Severity: Changed}
		pl.keep, pl.rungs = i, pl.rungs[:1+i]
		return []Finding{f}
	}
	return nil
}

func (s *survey) ladder(dim string) []*axis { return s.axes[s.number[dim]] }

func join(names []string) string {
	out := ""
	for i, n := range names {
		if i > 0 {
			out += " × "
		}
		out += n
	}
	return out
}
