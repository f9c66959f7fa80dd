package consult

import (
	"math"
	"strings"

	"folkmoot/internal/disclosure"
)

// ReportLoss is what protection cost a table, or all of them together (disclosure.md 3.7), for officers: it compares with true counts. Shares are in
// per cent, rounding in people, percentages in points; what a table does not have is nil.
type ReportLoss struct {
	Table          string   `json:"table"` // id as protected; empty for all together
	Redesigns      int      `json:"redesigns"`
	Cells          int      `json:"cells"`
	Hidden         int      `json:"hidden"`
	Groups         int      `json:"groups"`
	Silent         int      `json:"groups_without_result"`
	PeopleHidden   float64  `json:"responses_in_hidden_percent"`
	MeanRounding   float64  `json:"mean_rounding"`
	MaxRounding    float64  `json:"max_rounding"`
	MeanPercent    float64  `json:"mean_percent_off"`
	MaxPercent     float64  `json:"max_percent_off"`
	MeanPercent100 float64  `json:"mean_percent_off_base_100"`
	MaxPercent100  float64  `json:"max_percent_off_base_100"`
	Hellinger      float64  `json:"hellinger"`
	VBefore        *float64 `json:"cramers_v_before"`
	VAfter         *float64 `json:"cramers_v_after"`
	Rank           *float64 `json:"spearman"`
	Score          *float64 `json:"mean_score_off"`
	False          string   `json:"false_conclusion,omitempty"` // "difference", "no difference"

	Noise *disclosure.Distance `json:"noise,omitempty"` // of counts with noise from true ones
}

// lossOf writes down what protection cost, to the thousandth.
func lossOf(all []disclosure.Loss) []ReportLoss {
	whole := func(v float64) float64 { return math.Round(v*1000) / 1000 }
	maybe := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		v = whole(v)
		return &v
	}
	out := []ReportLoss{}
	for _, l := range all {
		out = append(out, ReportLoss{Table: l.Table, Redesigns: l.Steps, Cells: l.Cells, Hidden: l.Hidden, Groups: l.Groups, Silent: l.Silent,
			PeopleHidden: whole(l.PeopleHidden), MeanRounding: whole(l.MeanRounding), MaxRounding: whole(l.MaxRounding),
			MeanPercent: whole(l.MeanPercent), MaxPercent: whole(l.MaxPercent), MeanPercent100: whole(l.MeanPercent1), MaxPercent100: whole(l.MaxPercent1),
			Hellinger: whole(l.Hellinger), VBefore: maybe(l.VBefore), VAfter: maybe(l.VAfter), Rank: maybe(l.Rank), Score: maybe(l.Score), False: l.False})
	}
	return out
}

// Of returns the printed table that the loss is about, and the option of a multiple-choice question; nil for all tables together, and for a table that
// was not printed.
func (l ReportLoss) Of(r *Release) (t *ReleaseTable, option *ReleaseColumn) {
	id, code, _ := strings.Cut(l.Table, ".")
	for i := range r.Tables {
		t := &r.Tables[i]
		if t.ID != id && !(code != "" && strings.HasPrefix(t.ID, id+"_")) {
			continue
		}
		if code == "" {
			return t, nil
		}
		for j := range t.Columns {
			if t.Columns[j].Code == code {
				return t, &t.Columns[j]
			}
		}
	}
	return nil, nil
}
