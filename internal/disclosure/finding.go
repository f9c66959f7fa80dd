package disclosure

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding means for the release. The zero value is invalid.
type Severity string

// The severities.
const (
	Note    Severity = "note"    // what the reader should know about how a table was made
	Changed Severity = "changed" // a table has less detail than was asked for
	Refused Severity = "refused" // a table, or everything, is withheld
)

// Finding is one thing that protection did, in words a council officer understands. It holds counts of cells and
// names of tables and dimensions, never a count of people below a threshold.
type Finding struct {
	Key      string // message key in internal/locale
	Args     []any  // name, value pairs of the message
	Table    string // id of the table, "" for the whole release
	Severity Severity
}

// english is the reference text of each finding; internal/locale holds the same text and the Welsh.
var english = map[string]string{
	"disclosure.finding.too_few":           "Fewer than {{.Min}} people took part, so no figures can be shown.",
	"disclosure.finding.headline_only":     "Fewer than {{.Min}} people took part, so only results for everybody are shown, not the breakdown by {{.By}}.",
	"disclosure.finding.one_at_a_time":     "Fewer than {{.Min}} people took part, so breakdowns by two things at once are not possible.",
	"disclosure.finding.bands":             "Answers are grouped ({{.Rung}}) because fewer than {{.Min}} people took part.",
	"disclosure.finding.coarse":            "{{.Dim}} is shown in fewer groups ({{.Rung}}) because fewer than {{.Min}} people took part.",
	"disclosure.finding.rung":              "{{.Dim}} is shown in fewer groups ({{.Rung}}) because too many figures would have to be hidden.",
	"disclosure.finding.no_breakdown":      "The breakdown by {{.By}} is left out because too many of its figures would have to be hidden.",
	"disclosure.finding.gate_rung":         "{{.Dim}} is shown in fewer groups ({{.Rung}}) because somebody who knew everybody who took part could have worked out what one of them answered.",
	"disclosure.finding.gate_no_breakdown": "The breakdown by {{.By}} is left out because somebody who knew everybody who took part could have worked out what one of them answered.",
	"disclosure.finding.one_code":          "The table is withheld because its question has fewer than two possible answers.",
	"disclosure.finding.one_group":         "The breakdown by {{.By}} is left out because it has fewer than two groups.",
	"disclosure.finding.withheld":          "The table is withheld because no safe version of it was found.",
	"disclosure.finding.successive_early":  "Too few people have answered since the last release: whoever compared the two could learn what the new ones said. At least {{.More}} more responses are needed before these results can be released again.",
	"disclosure.finding.successive_known":  "Nothing can be released: together with what is already known from the records, the earlier releases would say too much about a few people.",
	"disclosure.finding.successive_none":   "Nothing can be released: every version of these tables would say too much about those who joined or left since the earlier releases. Ask for fewer or coarser tables, or wait for more responses.",
	"disclosure.finding.hidden":            "{{.Hidden}} of {{.Cells}} figures are hidden.",
	"disclosure.method.thresholds":         "Groups of fewer than {{.Base}} people, answers that fewer than {{.Cell}} people gave, and for special-category data both under {{.Special}}, are not shown.",
	"disclosure.method.group":              "An answer that everybody in a group gave, or nearly everybody, is not shown.",
	"disclosure.method.secondary":          "Further figures are not shown where they would let somebody work out a figure that is not shown, taking all tables of this release together.",
	"disclosure.method.successive":         "Earlier releases of the same survey were taken into account: figures that somebody could have worked out by comparing them with this one are not shown.",
	"disclosure.method.rounding":           "Results for everybody are exact. All other counts, totals too, are rounded to the nearest {{.Round}}, each by itself, so they may not add up.",
	"disclosure.method.derived":            "Percentages, mean scores and net scores are worked out from the figures as shown. A percentage needs a base of {{.Percent}}, a mean or net score a base of {{.Mean}}.",
	"disclosure.method.symbol":             "{{.Symbol}} stands for every figure that is not shown, whatever the reason.",
}

// method says in sentences how the figures were protected.
func method(p Policy, earlier bool) []Finding {
	sentences := []Finding{
		{Key: "disclosure.method.thresholds", Severity: Note,
			Args: []any{"Base", p.base(false), "Cell", p.cell(false), "Special", p.base(true)}},
		{Key: "disclosure.method.group", Severity: Note},
		{Key: "disclosure.method.secondary", Severity: Note},
		{Key: "disclosure.method.rounding", Severity: Note, Args: []any{"Round", p.RoundTo}},
		{Key: "disclosure.method.derived", Severity: Note, Args: []any{"Percent", p.PercentBase, "Mean", p.MeanBase}},
		{Key: "disclosure.method.symbol", Severity: Note, Args: []any{"Symbol", Symbol}},
	}
	if earlier {
		sentences = slices.Insert(sentences, 3, Finding{Key: "disclosure.method.successive", Severity: Note})
	}
	return sentences
}

// More returns how many more responses a release needs (R10), in steps of ten; false if the finding is about something else.
func (f Finding) More() (n int, ok bool) {
	if f.Key != "disclosure.finding.successive_early" {
		return 0, false
	}
	n, ok = f.Args[1].(int)
	return n, ok
}

// String returns the finding in English.
func (f Finding) String() string {
	s := english[f.Key]
	if s == "" {
		s = f.Key
	}
	for i := 0; i+1 < len(f.Args); i += 2 {
		s = strings.ReplaceAll(s, "{{."+fmt.Sprint(f.Args[i])+"}}", fmt.Sprint(f.Args[i+1]))
	}
	if f.Table != "" {
		s = f.Table + ": " + s
	}
	return s
}
