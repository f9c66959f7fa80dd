package consult

import (
	"slices"
	"strings"
	"sync"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/locale"
)

// messages is the catalogue, for the sentences that a release keeps in both languages.
var messages = sync.OnceValue(locale.Must)

// say writes a message in every language.
func say(key string, args ...any) locale.Text {
	out := locale.Text{}
	for _, l := range locale.Langs() {
		in := slices.Clone(args)
		for i, v := range in {
			if t, ok := v.(locale.Text); ok {
				in[i] = t.In(l)
			}
		}
		out[l] = messages().T(l, key, in...)
	}
	return out
}

// releaseWriter turns protected tables into printed ones. It sees no exact figure: every cell comes from the protected result.
type releaseWriter struct {
	plan   *releasePlan
	result disclosure.Result
}

func (w releaseWriter) write(release *Release) {
	byID := map[string]disclosure.Table{}
	for _, t := range w.result.Tables {
		byID[t.ID] = t
	}
	var leftOut []locale.Text
	for _, spec := range w.plan.specs {
		var parts []disclosure.Table
		for _, part := range w.plan.tables(spec) {
			if t := byID[part.ID]; !t.Withheld {
				parts = append(parts, t)
			}
		}
		if again := w.again(spec, parts); again || len(parts) == 0 {
			leftOut = append(leftOut, w.reasons(spec)...)
			continue
		}
		release.Tables = append(release.Tables, w.tables(spec, parts)...)
	}
	w.findings(release)
	w.report(release)
	release.Report.LeftOut = leftOut
}

// reasons says why a chosen table is not printed: each reason once, with the name of the table.
func (w releaseWriter) reasons(spec TableSpec) (out []locale.Text) {
	parts := w.plan.tables(spec)
	name := w.plan.find(parts[0].Question).label
	if spec.By != "" {
		name = say("export.workbook.by", "Question", name, "By", w.names(spec.Dimensions()))
	}
	for _, f := range w.result.Findings {
		if f.Severity == disclosure.Note || !slices.ContainsFunc(parts, func(t disclosure.TableSpec) bool { return t.ID == f.Table }) {
			continue
		}
		why := say("release.left_out", "Table", name, "Why", w.words(f))
		if !slices.ContainsFunc(out, func(t locale.Text) bool { return t[locale.English] == why[locale.English] }) {
			out = append(out, why)
		}
	}
	return out
}

// again reports whether what is left of a break-down is a table of its own already: the question for everybody, or by the first of two
// dimensions. The findings still say what became of it.
func (w releaseWriter) again(spec TableSpec, parts []disclosure.Table) bool {
	left := TableSpec{Question: spec.Question}
	for _, t := range parts {
		if len(t.By) > 0 {
			left.By = t.By[0]
		}
		if len(t.By) > 1 {
			left.ThenBy = t.By[1]
		}
	}
	return left != spec && slices.Contains(w.plan.specs, left)
}

// names puts dimensions into words: "Ward × Age".
func (w releaseWriter) names(dims []string) locale.Text {
	out := locale.Text{}
	for _, l := range locale.Langs() {
		var words []string
		for _, d := range dims {
			words = append(words, w.plan.find(d).label.In(l))
		}
		out[l] = strings.Join(words, " × ")
	}
	return out
}

// tables prints one chosen table: the parts of a multiple-choice question side by side where they have the same groups.
func (w releaseWriter) tables(spec TableSpec, parts []disclosure.Table) (out []ReleaseTable) {
	for len(parts) > 0 {
		same := func(t disclosure.Table) bool { return sameRows(parts[0], t) }
		together := slices.DeleteFunc(slices.Clone(parts), func(t disclosure.Table) bool { return !same(t) })
		parts = slices.DeleteFunc(slices.Clone(parts), same)
		t := w.table(spec, together)
		if len(out) > 0 {
			t.ID += "_" + string(rune('1'+len(out)))
		}
		out = append(out, t)
	}
	return out
}

func sameRows(a, b disclosure.Table) bool {
	return slices.Equal(a.By, b.By) && slices.EqualFunc(a.Rows, b.Rows, func(x, y disclosure.Row) bool {
		return slices.Equal(x.Codes, y.Codes) && x.Base == y.Base
	})
}

func (w releaseWriter) table(spec TableSpec, parts []disclosure.Table) ReleaseTable {
	first := parts[0]
	question := w.plan.find(first.Question)
	out := ReleaseTable{ID: spec.ID(), Question: spec.Question, Wording: question.label, Scale: first.HasNet || first.HasMean}
	if len(first.By) > 0 {
		out.By, out.ByWording = first.By[0], w.names(first.By)
	}
	if len(first.By) > 1 {
		out.ThenBy = first.By[1]
	}
	for _, part := range parts {
		d := w.plan.find(part.Question)
		for _, code := range part.Columns {
			column := ReleaseColumn{Code: code, Label: d.labels[code], Score: d.scores[code]}
			if code == picked {
				_, column.Code, _ = strings.Cut(part.Question, ".")
			}
			out.Columns = append(out.Columns, column)
		}
	}
	for i := range first.Rows {
		out.Rows = append(out.Rows, w.row(parts, i))
	}
	within(out.Rows)
	if slices.ContainsFunc(out.Columns, func(c ReleaseColumn) bool { return strings.Contains(c.Code, poolSign) }) {
		out.Notes = append(out.Notes, say("release.pool.note", "People", poolFrom))
	}
	for _, f := range w.result.Findings {
		if f.Severity == disclosure.Changed && slices.ContainsFunc(parts, func(t disclosure.Table) bool { return t.ID == f.Table }) {
			note := w.words(f)
			if !slices.ContainsFunc(out.Notes, func(t locale.Text) bool { return t[locale.English] == note[locale.English] }) {
				out.Notes = append(out.Notes, note)
			}
		}
	}
	return out
}

func (w releaseWriter) row(parts []disclosure.Table, i int) ReleaseRow {
	first := parts[0].Rows[i]
	row := w.plan.group(parts[0].By, first.Codes)
	row.Base = ReleaseCell(first.Base.String())
	for _, part := range parts {
		for j, c := range part.Rows[i].Cells {
			row.Counts = append(row.Counts, ReleaseCell(c.String()))
			row.Percent = append(row.Percent, ReleaseCell(part.Rows[i].Percents[j].String()))
		}
	}
	if parts[0].HasMean {
		row.Mean = ReleaseCell(first.Mean.String())
	}
	if parts[0].HasNet {
		row.Net = ReleaseCell(first.Net.String())
	}
	return row
}

// group begins the row of the people with the codes of the dimensions, disclosure.Total for all of one.
func (p *releasePlan) group(by, codes []string) ReleaseRow {
	row := ReleaseRow{Code: totalRow}
	var named []locale.Text
	for i, code := range codes {
		if code == disclosure.Total {
			code = totalRow
		} else {
			named = append(named, p.find(by[i]).labels[code])
		}
		if i == 0 {
			row.Code = code
		} else {
			row.Then = code
		}
	}
	row.Label = groupLabel(named)
	return row
}

// within puts each group of the first dimension before its groups of the second, everybody first. The order is that of the code lists.
func within(rows []ReleaseRow) {
	place := map[string]int{totalRow: 0}
	for _, r := range rows {
		if _, ok := place[r.Code]; !ok {
			place[r.Code] = len(place)
		}
	}
	slices.SortStableFunc(rows, func(a, b ReleaseRow) int { return place[a.Code] - place[b.Code] })
}

// groupLabel names the people of a row: "All responses", "Elm", "Elm, 65 and over".
func groupLabel(codes []locale.Text) locale.Text {
	switch len(codes) {
	case 0:
		return both("All responses", "Pob ymateb")
	case 1:
		return codes[0]
	}
	out := locale.Text{}
	for _, l := range locale.Langs() {
		out[l] = codes[0].In(l) + ", " + codes[1].In(l)
	}
	return out
}

// findings puts what protection did into words.
func (w releaseWriter) findings(release *Release) {
	if w.plan.open {
		release.Findings = append(release.Findings, ReleaseFinding{Text: say("release.finding.open")})
	}
	if release.Coverage.LeftOut+release.Coverage.Silent > 0 { // how many is not for the partner
		release.Findings = append(release.Findings, ReleaseFinding{Text: say("release.finding.left_out")})
	}
	for _, f := range w.result.Findings {
		block := f.Severity == disclosure.Refused && f.Table == ""
		release.Findings = append(release.Findings, ReleaseFinding{Table: f.Table, Text: w.words(f), Block: block})
		if more, ok := f.More(); ok {
			release.Findings = append(release.Findings, ReleaseFinding{Text: w.plan.earliest(release.SnapshotAt, more)})
		}
	}
	if len(release.Tables) == 0 {
		release.Findings = append(release.Findings, ReleaseFinding{Text: say("release.finding.nothing"), Block: true})
	}
}

// words writes a finding with the wording of its dimensions and rungs.
func (w releaseWriter) words(f disclosure.Finding) locale.Text {
	args := slices.Clone(f.Args)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i+1].(string)
		if !ok {
			continue
		}
		if d := w.plan.find(name); d != nil {
			args[i+1] = d.label
		} else if rung, ok := rungs()[name]; ok {
			args[i+1] = rung
		}
	}
	return say(f.Key, args...)
}

func (w releaseWriter) report(release *Release) {
	rep := ReleaseReport{Cells: w.result.Report.Cells, Hidden: w.result.Report.Hidden, ByRule: map[string]int{}}
	for rule, n := range w.result.Report.HiddenBy {
		rep.ByRule[string(rule)] += n
	}
	for _, f := range w.result.Findings {
		if f.Severity == disclosure.Changed {
			rep.Redesigns++
			rep.Ladder = append(rep.Ladder, f.Table+": "+w.words(f)[locale.English])
		}
	}
	release.Report = rep
}
