package plain

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"folkmoot/internal/disclosure"
)

// publicReport is the disclosure report that goes with the files (disclosure.md 3.6): how the figures were made, and nothing
// about what is hidden but how much.
type publicReport struct {
	Label   string        `json:"label"`
	Day     string        `json:"snapshot_on"` // yyyy-mm-dd
	Symbol  string        `json:"hidden_value"`
	Method  []string      `json:"method"`
	Cells   int           `json:"figures"`
	Hidden  int           `json:"hidden"`
	Percent int           `json:"hidden_percent"`
	Tables  []tableReport `json:"tables"`
}

type tableReport struct {
	Name    string   `json:"name"`
	Figures int      `json:"figures"`
	Hidden  int      `json:"hidden"`
	Changes []string `json:"changes"` // what has less detail than was asked for, and why
}

func (r *Release) report(day string) (publicReport, error) {
	out := publicReport{Label: r.Label, Day: day, Symbol: "", Cells: r.result.Report.Cells, Hidden: r.result.Report.Hidden}
	if out.Cells > 0 {
		out.Percent = (100*out.Hidden + out.Cells/2) / out.Cells
	}
	for _, f := range r.result.Report.Method {
		if f.Key == "disclosure.method.symbol" {
			out.Method = append(out.Method, "An empty value with the status s stands for every figure that is not shown, whatever the reason.")
			continue
		}
		out.Method = append(out.Method, f.String())
	}
	if r.Keyed() {
		out.Method = r.keyedMethod()
	}
	for _, t := range r.result.Tables {
		share := r.result.Report.TableHidden[t.ID]
		table := tableReport{Name: r.tableName(t.ID), Figures: share.Cells, Hidden: share.Hidden, Changes: []string{}}
		for _, f := range r.result.Findings {
			if f.Table == t.ID && f.Severity != disclosure.Note {
				table.Changes = append(table.Changes, strings.TrimPrefix(f.String(), f.Table+": "))
			}
		}
		out.Tables = append(out.Tables, table)
	}
	return out, nil
}

//go:embed report.html
var reportText string

var reportPage = template.Must(template.New("report").Parse(reportText))

func (p publicReport) html() ([]byte, error) {
	var b bytes.Buffer
	if err := reportPage.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return b.Bytes(), nil
}
