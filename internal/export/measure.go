package export

import (
	"slices"

	"folkmoot/internal/consult"
)

// The measures of a figure.
const (
	measureBase    = "base"    // people in the group
	measureCount   = "count"   // people who gave the answer
	measurePercent = "percent" // of the base as shown
	measureMean    = "mean"    // mean score
	measureNet     = "net"     // positive less negative, percentage points

	// Of figures with noise only: 95 % of them are within the margin of the truth.
	measureBaseMargin = "base_margin"    // people
	measureMargin     = "margin"         // people
	measurePoints     = "percent_margin" // percentage points
)

// The measures that a row has for each answer, and those that it has once, before and after them. Every file is made
// from these three lists, so a measure that is added here is in all of them.
var (
	first = []measure{
		{measureBase, func(r *consult.ReleaseRow, _ int) consult.ReleaseCell { return r.Base }},
		{measureBaseMargin, func(r *consult.ReleaseRow, _ int) consult.ReleaseCell { return r.BaseMargin }},
	}
	answer = []measure{
		{measureCount, func(r *consult.ReleaseRow, c int) consult.ReleaseCell { return at(r.Counts, c) }},
		{measurePercent, func(r *consult.ReleaseRow, c int) consult.ReleaseCell { return at(r.Percent, c) }},
		{measureMargin, func(r *consult.ReleaseRow, c int) consult.ReleaseCell { return at(r.Margins, c) }},
		{measurePoints, func(r *consult.ReleaseRow, c int) consult.ReleaseCell { return at(r.Points, c) }},
	}
	last = []measure{
		{measureMean, func(r *consult.ReleaseRow, _ int) consult.ReleaseCell { return r.Mean }},
		{measureNet, func(r *consult.ReleaseRow, _ int) consult.ReleaseCell { return r.Net }},
	}
)

// measure finds one kind of figure in a row, "" where the row has none.
type measure struct {
	name string
	of   func(r *consult.ReleaseRow, column int) consult.ReleaseCell
}

func at(cells []consult.ReleaseCell, i int) consult.ReleaseCell {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// kind is one column of a table as people read it: a measure, of an answer or of the whole row.
type kind struct {
	measure
	column int // index of the answer, -1 for the whole row
}

// kinds lists the columns of a table that has any such figure: the base, then one measure of all answers after the other, then the rest.
func kinds(t *consult.ReleaseTable) []kind {
	var out []kind
	add := func(m measure, column int) {
		k := kind{m, column}
		for r := range t.Rows {
			if k.of(&t.Rows[r], column) != "" {
				out = append(out, k)
				return
			}
		}
	}
	for _, m := range first {
		add(m, -1)
	}
	for _, m := range answer {
		for c := range t.Columns {
			add(m, c)
		}
	}
	for _, m := range last {
		add(m, -1)
	}
	return out
}

// noisy reports whether figures of the table have margins of error.
func noisy(t *consult.ReleaseTable) bool {
	return slices.ContainsFunc(kinds(t), func(k kind) bool { return k.name == measureBaseMargin })
}

// figure is one printed figure of a release: the unit that every file of a release is made of.
type figure struct {
	table   *consult.ReleaseTable
	row     *consult.ReleaseRow
	column  *consult.ReleaseColumn // nil for a figure of the whole row
	measure string
	value   consult.ReleaseCell
}

// figures lists the figures of the tables in reading order, answer by answer. Where there is no such figure there is no line.
func figures(tables []consult.ReleaseTable) []figure {
	var out []figure
	for t := range tables {
		table := &tables[t]
		for r := range table.Rows {
			row := &table.Rows[r]
			add := func(m measure, column *consult.ReleaseColumn, c int) {
				if value := m.of(row, c); value != "" {
					out = append(out, figure{table, row, column, m.name, value})
				}
			}
			for _, m := range first {
				add(m, nil, -1)
			}
			for c := range table.Columns {
				for _, m := range answer {
					add(m, &table.Columns[c], c)
				}
			}
			for _, m := range last {
				add(m, nil, -1)
			}
		}
	}
	return out
}
