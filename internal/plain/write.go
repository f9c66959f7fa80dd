package plain

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/disclosure"
)

// Files returns everything that the release is, by name: the public files, and those under private/ that are never published. A refused
// release has private files only.
func (r *Release) Files(day string) (map[string][]byte, error) {
	report, err := r.report(day)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	put := func(name string, v any) {
		if err != nil {
			return
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(v)
		out[name] = b.Bytes()
	}
	put("private/report.json", r.internalReport())
	out[snapshotFile] = r.snapshot()
	if r.Refused {
		return out, err
	}
	put(keptFile, r.proven)
	put("report.json", report)
	out["report.html"], err = report.html()
	out["cells.csv"] = r.cells()
	out["dims.csv"] = r.dimsFile()
	out["codes.csv"] = r.codesFile()
	if r.mode != "" {
		out["meta.csv"] = lines([]string{"key", "value"}, [][]string{{"releases", r.mode}})
	}
	return out, err
}

func lines(header []string, rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(header) // a buffer takes everything
	_ = w.WriteAll(rows)
	return b.Bytes()
}

// snapshot is who was counted with which codes.
func (r *Release) snapshot() []byte {
	header := []string{"id"}
	for _, d := range r.data.Dims {
		header = append(header, d.Name)
	}
	var rows [][]string
	for i, id := range r.data.IDs {
		row := []string{id}
		for _, d := range r.data.Dims {
			row = append(row, r.data.Answers[d.Name][i])
		}
		rows = append(rows, row)
	}
	return lines(header, rows)
}

func (r *Release) dimsFile() []byte {
	var rows [][]string
	for _, d := range r.data.Dims {
		complete := "yes"
		if !d.Complete {
			complete = "no"
		}
		rows = append(rows, []string{d.Name, d.Role, complete})
	}
	return lines([]string{"dim", "role", "complete"}, rows)
}

func (r *Release) codesFile() []byte {
	var rows [][]string
	for _, d := range r.data.Dims {
		for _, c := range d.Codes {
			for _, p := range append(slices.Clone(c.Parents), make([]string, max(0, 1-len(c.Parents)))...) {
				rows = append(rows, []string{d.Name, c.Name, p, c.Score})
			}
		}
	}
	return lines([]string{"dim", "code", "parent", "score"}, rows)
}

// figure is one line of cells.csv before it is written.
type figure struct {
	table, measure, over string
	codes                map[string]string
	value, lo, hi        string
	shown                bool
}

// cells writes everything published, one figure a line. The same figure of two levels is one line.
func (r *Release) cells() []byte {
	var dims []string
	for _, d := range r.data.Dims {
		dims = append(dims, d.Name)
	}
	at := map[string]int{}
	var all []figure
	for _, t := range r.result.Tables {
		for _, f := range r.figures(t) {
			key := f.table + "|" + f.measure + "|" + f.over
			for _, d := range dims {
				key += "|" + strconv.Quote(f.codes[d])
			}
			i, twice := at[key]
			switch {
			case !twice:
				at[key] = len(all)
				all = append(all, f)
			case f.shown && !all[i].shown:
				all[i] = f // shown in one place it is known
			}
		}
	}
	var rows [][]string
	for _, f := range all {
		status := "s"
		if f.shown {
			status = "p"
		}
		row := []string{r.Label, f.table, f.measure, f.over, f.value, f.lo, f.hi, status}
		for _, d := range dims {
			row = append(row, f.codes[d])
		}
		rows = append(rows, row)
	}
	return lines(append(slices.Clone(CellColumns), dims...), rows)
}

// figures are those of one protected table that may be published in the measures asked for. Those of people in no listed code are left out.
func (r *Release) figures(t disclosure.Table) []figure {
	p := r.parts[t.ID]
	question := p.levels[0].dim.Name
	var out []figure
	for _, row := range t.Rows {
		base := map[string]string{}
		for i, code := range row.Codes {
			if code != disclosure.Total {
				base[p.levels[1+i].dim.Name] = code
			}
		}
		if slices.Contains(row.Codes, unlisted) {
			continue
		}
		if r.measured("count") {
			out = append(out, r.count(p, base, row.Base))
		}
		for i, column := range t.Columns {
			if column == unlisted {
				continue
			}
			codes := map[string]string{question: column}
			for k, v := range base {
				codes[k] = v
			}
			if r.measured("count") {
				out = append(out, r.count(p, codes, row.Cells[i]))
			}
			if r.measured("pct") {
				out = append(out, derived(p.table, "pct", question, codes, row.Percents[i]))
			}
		}
		if r.measured("mean") && t.HasMean {
			out = append(out, derived(p.table, "mean", question, base, row.Mean))
		}
	}
	return out
}

func (r *Release) measured(measure string) bool { return slices.Contains(r.data.Measures, measure) }

// count is a figure with what its reader is told: a rounded one may stand for any count that rounds to it.
func (r *Release) count(p part, codes map[string]string, c disclosure.Cell) figure {
	f := figure{table: p.table, measure: "count", codes: codes, shown: c.Shown}
	if r.Keyed() {
		var at []string
		var dims []disclosure.Dim
		for _, l := range p.levels {
			at, dims = append(at, codes[l.dim.Name]), append(dims, disclosure.Dim{Role: l.dim.role()})
		}
		lo, hi := r.told(c, r.least(dims, at))
		f.lo, f.hi = strconv.Itoa(lo), strconv.Itoa(hi)
		if c.Shown {
			f.value = strconv.Itoa(c.Value)
		}
		return f
	}
	if !c.Shown {
		return f
	}
	f.value = strconv.Itoa(c.Value)
	if to := r.input.Policy.RoundTo; !c.Exact {
		f.lo, f.hi = strconv.Itoa(max(0, c.Value-to/2)), strconv.Itoa(c.Value+(to-1)-to/2)
	}
	return f
}

func derived(table, measure, over string, codes map[string]string, v disclosure.Figure) figure {
	f := figure{table: table, measure: measure, over: over, codes: codes, shown: v.Shown}
	if v.Shown {
		f.value = v.String()
	}
	return f
}

// internalReport is for those who made the release.
func (r *Release) internalReport() any {
	return struct {
		Label    string         `json:"label"`
		People   int            `json:"people"`
		Refused  bool           `json:"refused"`
		Findings []string       `json:"findings"`
		HiddenBy map[string]int `json:"hidden_by_rule"`
		Rounds   int            `json:"rounds"`
		Mode     string         `json:"releases,omitempty"`
	}{r.Label, len(r.data.IDs), r.Refused, r.Findings, byRule(r.result.Report.HiddenBy), r.result.Report.Rounds, r.mode}
}

func byRule(in map[disclosure.Rule]int) map[string]int {
	out := map[string]int{}
	for rule, n := range in {
		out[string(rule)] += n
	}
	return out
}

// tableName is the table of an id with the levels it stands for, for people.
func (r *Release) tableName(id string) string {
	p, ok := r.parts[id]
	if !ok {
		return id
	}
	var names []string
	for _, l := range p.levels {
		names = append(names, l.name())
	}
	return fmt.Sprintf("%s (%s)", p.table, strings.Join(names, ", "))
}
