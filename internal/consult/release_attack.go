package consult

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/attack"
)

// attackLimit is how long a draft is attacked. What is not examined by then blocks the release: a question without an answer is never
// "probably safe" (disclosure.md 3.4).
var attackLimit = 2 * time.Minute

// attackVersion is raised when the attack learns something, so that a report says by whom a release was examined.
const attackVersion = "1"

// ReportAttack is what the independent attack found in the printed tables of a release together with those of all earlier ones.
type ReportAttack struct {
	Version    string `json:"version"`
	Releases   int    `json:"releases"` // this one and the earlier ones
	Figures    int    `json:"figures"`
	Hidden     int    `json:"hidden"`
	Questions  int    `json:"questions"`
	Exact      int    `json:"exact"`     // hidden figures that were recovered
	Narrow     int    `json:"narrow"`    // known to less than the width
	Attribute  int    `json:"attribute"` // groups whose answer is given away
	Joiners    int    `json:"joiners"`   // isolated, leavers too
	Unfinished int    `json:"unfinished"`
}

// Safe reports whether everything was examined and nothing was broken.
func (a ReportAttack) Safe() bool {
	return a.Version != "" && a.Exact+a.Narrow+a.Attribute+a.Joiners+a.Unfinished == 0
}

// attack lets package attack loose on the tables as a reader has them, and adds a finding that blocks for every table that does not hold.
func (p *releasePlan) attack(ctx context.Context, release *Release, policy disclosure.Policy) (out ReportAttack, err error) {
	in := attack.Input{Mode: mode(release, p.earlier, p.left), Dims: p.attacked()}
	for i, r := range append(slices.Clone(p.earlier), release) {
		in.Cells = append(in.Cells, printedCells(r, fmt.Sprintf("%04d", i))...)
	}
	addCodes(in)
	out = ReportAttack{Version: attackVersion, Releases: len(p.earlier) + 1}
	if len(in.Cells) == 0 {
		return out, nil
	}
	within, cancel := context.WithTimeout(ctx, attackLimit)
	defer cancel()
	report, err := attack.Run(within, in, yardsticks(policy))
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	if err != nil { // printed figures that contradict each other: a fault of the program
		var faults attack.Faults
		if !errors.As(err, &faults) {
			return out, fmt.Errorf("attack a release: %w", err)
		}
		for _, f := range faults {
			slog.Error("the printed tables of a release contradict each other", "at", f.At.String())
		}
		out.Unfinished = len(faults)
		release.Findings = append(release.Findings, ReleaseFinding{Text: say("release.finding.attack_confused"), Block: true})
		return out, nil
	}
	out.Figures, out.Hidden, out.Questions = report.Figures, report.Hidden, report.Questions
	out.Exact, out.Narrow, out.Attribute = report.Count(attack.KindExact), report.Count(attack.KindNarrow), report.Count(attack.KindAttribute)
	out.Joiners = report.Count(attack.KindJoiners) + report.Count(attack.KindLeavers)
	out.Unfinished = len(report.Unfinished)
	blame(release, report.Broken, "release.finding.attack_broken")
	blame(release, report.Unfinished, "release.finding.attack_open")
	return out, nil
}

// mode says what an outsider may take for granted about the people of several releases: as much as is true.
func mode(release *Release, earlier series, left bool) attack.Mode {
	switch {
	case !slices.ContainsFunc(earlier, func(e *Release) bool { return e.SnapshotHash != release.SnapshotHash }):
		return attack.Static
	case left:
		return attack.Churn
	}
	return attack.Append
}

// blame adds one finding for each table that the attack points at, without saying what it found there. A finding about no table is about all.
func blame(release *Release, found []attack.Finding, key string) {
	seen := map[string]bool{}
	for _, f := range found {
		table, _, _ := strings.Cut(f.At, ":")
		if seen[table] {
			continue
		}
		seen[table] = true
		slog.Error("the attack on a draft does not end well", "kind", string(f.Kind), "at", f.At)
		release.Findings = append(release.Findings, ReleaseFinding{Table: table, Text: say(key, "Minutes", int(attackLimit.Minutes())), Block: true})
	}
}

// yardsticks are the promises of the policy, as the attack measures them.
func yardsticks(p disclosure.Policy) attack.Options {
	o := attack.Default()
	o.Width, o.Base, o.Answer, o.K, o.SpecialK = p.Width, p.BaseThreshold, p.CellThreshold, p.K, max(p.K, p.SpecialK)
	if p.OpenLink {
		o.K, o.SpecialK = max(o.K, p.OpenLinkK), max(o.SpecialK, p.OpenLinkK)
	}
	return o
}

// attacked are the dimensions as a reader of the tables knows them, with all steps of their ladders.
func (p *releasePlan) attacked() []attack.Dim {
	var out []attack.Dim
	for _, d := range p.dims {
		dim := attack.Dim{Name: d.Name, Complete: true}
		switch d.Role {
		case disclosure.Special:
			dim.Role = attack.Special
		case disclosure.Sensitive:
			dim.Role = attack.Sensitive
		}
		level := slices.Clone(d.Codes)
		for _, c := range d.Codes {
			dim.Codes = append(dim.Codes, attack.Code{Name: c})
		}
		for _, rung := range d.Ladder {
			var next []string
			for _, c := range level {
				parent, ok := rung.Parent[c]
				if !ok {
					parent = c
				} else {
					i := slices.IndexFunc(dim.Codes, func(x attack.Code) bool { return x.Name == c })
					dim.Codes[i].Parents = append(dim.Codes[i].Parents, parent)
				}
				if !slices.Contains(next, parent) {
					next = append(next, parent)
				}
			}
			for _, c := range next {
				if !slices.ContainsFunc(dim.Codes, func(x attack.Code) bool { return x.Name == c }) {
					dim.Codes = append(dim.Codes, attack.Code{Name: c})
				}
			}
			level = next
		}
		out = append(out, dim)
	}
	return out
}

// addCodes adds codes that only earlier releases print: where nobody is now, there is no row.
func addCodes(in attack.Input) {
	for _, c := range in.Cells {
		for name, code := range c.Codes {
			for i := range in.Dims {
				d := &in.Dims[i]
				if d.Name == name && !slices.ContainsFunc(d.Codes, func(x attack.Code) bool { return x.Name == code }) {
					d.Codes = append(d.Codes, attack.Code{Name: code, At: c.At})
				}
			}
		}
	}
}

// printedCells are the counts and percentages of a release as they are printed. Mean and net scores are worked out from those (R5).
func printedCells(r *Release, label string) []attack.Cell {
	var out []attack.Cell
	for _, t := range r.Tables {
		for n, row := range t.Rows {
			group := t.Group(row)
			name := t.ID
			add := func(measure attack.Measure, over string, value ReleaseCell, conditions ...string) {
				if value == "" {
					return
				}
				c := attack.Cell{Release: label, Table: name, Measure: measure, Over: over, Codes: map[string]string{}, At: attack.Place{File: t.ID, Line: n + 1}}
				for _, g := range group {
					c.Codes[g[0]] = g[1]
				}
				for i := 0; i+1 < len(conditions); i += 2 {
					c.Codes[conditions[i]] = conditions[i+1]
				}
				told(&c, value, r.Policy.Rounding, measure == attack.Count && len(group) > 0)
				out = append(out, c)
			}
			if !r.optional(t) {
				add(attack.Count, "", row.Base)
			}
			for i, column := range t.Columns {
				dim, code := t.Question, column.Code
				if r.optional(t) { // a table of its own, printed beside those of the other options
					dim, code = t.Question+"."+column.Code, picked
					name = t.ID + "." + column.Code
					add(attack.Count, "", row.Base)
				}
				add(attack.Count, "", row.Counts[i], dim, code)
				if row.Percent[i] != Hidden { // a hidden one asks nothing that its count does not
					add(attack.Percent, dim, row.Percent[i], dim, code)
				}
			}
		}
	}
	return out
}

// told puts down what a reader is told by a printed figure: nothing by a hidden one, an interval by a rounded one.
func told(c *attack.Cell, value ReleaseCell, rounding int, rounded bool) {
	whole, part, _ := strings.Cut(string(value), ".")
	units, err := strconv.ParseInt(whole+part, 10, 64)
	if value == Hidden || err != nil {
		c.Hidden = true
		return
	}
	c.Value = &attack.Decimal{Units: units, Places: len(part)}
	if rounded {
		c.Lo = &attack.Decimal{Units: max(0, units-int64(rounding)/2)}
		c.Hi = &attack.Decimal{Units: units + int64(rounding-1)/2}
	}
}

// optional reports whether the columns of the table are options of a multiple-choice question, each a dimension of its own.
func (r *Release) optional(t ReleaseTable) bool {
	return len(t.Columns) > 0 && slices.ContainsFunc(r.Dims, func(d ReleaseDim) bool { return d.Name == t.Question+"."+t.Columns[0].Code })
}

// ReleaseDim is a dimension of a release's tables as every reader may know it: which codes there are, and of what the coarser ones are made.
type ReleaseDim struct {
	Name  string        `json:"name"` // id of a question, with ".option" for an option of a multiple-choice question, "channel" or "language"
	Role  string        `json:"role"` // "sensitive", "special" or empty, as in disclosure-format.md
	Codes []ReleaseCode `json:"codes"`
}

// ReleaseCode is a code of a dimension with the coarser codes that it is part of.
type ReleaseCode struct {
	Code    string   `json:"code"`
	Parents []string `json:"parents,omitempty"`
}

// published are the dimensions of the release's printed tables.
func (p *releasePlan) published(release *Release) []ReleaseDim {
	used := map[string]bool{}
	for _, t := range release.Tables {
		used[t.By], used[t.ThenBy], used[t.Question] = true, true, true
		for _, c := range t.Columns {
			used[t.Question+"."+c.Code] = true
		}
	}
	var out []ReleaseDim
	for _, d := range p.attacked() {
		if !used[d.Name] {
			continue
		}
		dim := ReleaseDim{Name: d.Name, Role: string(d.Role)}
		for _, c := range d.Codes {
			dim.Codes = append(dim.Codes, ReleaseCode{c.Name, c.Parents})
		}
		out = append(out, dim)
	}
	return out
}

// Published is a release as the attack on published files takes it, made from what every reader of its files has. label sorts in the order of
// publication.
func (r *Release) Published(label string) attack.Input {
	in := attack.Input{Cells: printedCells(r, label)}
	for _, d := range r.Dims {
		dim := attack.Dim{Name: d.Name, Role: attack.Role(d.Role), Complete: true}
		for _, c := range d.Codes {
			dim.Codes = append(dim.Codes, attack.Code{Name: c.Code, Parents: c.Parents})
		}
		in.Dims = append(in.Dims, dim)
	}
	addCodes(in)
	return in
}
