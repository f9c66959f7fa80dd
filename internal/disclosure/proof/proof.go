// Package proof answers: what is a protected release checked against, and what did it print?
//
// It is the only place that knows both the protection and its verifier, which know nothing of each other: it writes
// what the one promises and prints in the terms of the other.
//
// Reviewer: disclosure statistician.
package proof

import (
	"encoding/json"
	"fmt"
	"slices"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
)

// Certificate returns a certificate as the verifier reads it, through the form that it has outside the program.
func Certificate(c disclosure.Certificate) (out verify.Certificate, err error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return out, fmt.Errorf("encode a certificate: %w", err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("decode a certificate: %w", err)
	}
	return out, nil
}

// Rules are the promises of a policy, and what they say about each dimension, those of earlier releases included.
func Rules(in disclosure.Input) verify.Rules {
	p := in.Policy
	rules := verify.Rules{BaseThreshold: p.BaseThreshold, CellThreshold: p.CellThreshold, SpecialThreshold: p.SpecialThreshold, Width: p.Width,
		K: p.K, SpecialK: max(p.K, p.SpecialK), RoundTo: p.RoundTo, UnanimousHeadline: p.UnanimousHeadline, Dims: map[string]verify.Dim{}}
	if p.OpenLink {
		rules.K, rules.SpecialK = max(rules.K, p.OpenLinkK), max(rules.SpecialK, p.OpenLinkK)
	}
	for _, d := range in.Records.Dims {
		silent := slices.Clone(d.NoAnswer)
		if in.Earlier != nil {
			for _, kept := range in.Earlier.Dims {
				if kept.Name == d.Name {
					silent = append(silent, kept.NoAnswer...) // codes that nobody has now
				}
			}
		}
		rules.Dims[d.Name] = verify.Dim{Secret: d.Role != disclosure.Ordinary, Special: d.Role == disclosure.Special, NoAnswer: silent, Bands: bandsOf(d)}
	}
	return rules
}

// bandsOf are the sets of codes that become one on the ladder.
func bandsOf(d disclosure.Dim) [][]string {
	var bands [][]string
	at := slices.Clone(d.Codes)
	for _, rung := range d.Ladder {
		together := map[string][]string{}
		for i, code := range at {
			if parent, ok := rung.Parent[code]; ok {
				at[i] = parent
			}
			together[at[i]] = append(together[at[i]], d.Codes[i])
		}
		for _, code := range at {
			if band := together[code]; len(band) > 1 && !slices.ContainsFunc(bands, func(b []string) bool { return slices.Equal(b, band) }) {
				bands = append(bands, band)
			}
		}
	}
	return bands
}

// Figures returns what the protected tables print. release is their place among the releases of the survey, from 0.
func Figures(release int, tables []disclosure.Table) []verify.Figure {
	var out []verify.Figure
	for _, t := range tables {
		for _, row := range t.Rows {
			var at []string
			for _, code := range row.Codes {
				if code == disclosure.Total {
					code = verify.Total
				}
				at = append(at, code)
			}
			add := func(column string, c disclosure.Cell) {
				out = append(out, verify.Figure{Release: release, Table: t.ID, Row: at, Column: column, Shown: c.Shown, Value: c.Value, Exact: c.Exact})
			}
			add("", row.Base)
			for i, c := range row.Cells {
				add(t.Columns[i], c)
			}
		}
	}
	return out
}
