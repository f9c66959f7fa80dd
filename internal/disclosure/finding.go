package disclosure

import (
	"fmt"
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
	"disclosure.finding.too_few":       "Fewer than {Min} people took part, so no figures can be shown.",
	"disclosure.finding.headline_only": "Fewer than {Min} people took part, so only results for everybody are shown, not the breakdown by {By}.",
	"disclosure.finding.one_at_a_time": "Fewer than {Min} people took part, so breakdowns by two things at once are not possible.",
	"disclosure.finding.bands":         "Answers are grouped ({Rung}) because fewer than {Min} people took part.",
	"disclosure.finding.coarse":        "{Dim} is shown in fewer groups ({Rung}) because fewer than {Min} people took part.",
	"disclosure.finding.rung":          "{Dim} is shown in fewer groups ({Rung}) because too many figures would have to be hidden.",
	"disclosure.finding.no_breakdown":  "The breakdown by {By} is left out because too many of its figures would have to be hidden.",
	"disclosure.finding.one_code":      "The table is withheld because its question has fewer than two possible answers.",
	"disclosure.finding.one_group":     "The breakdown by {By} is left out because it has fewer than two groups.",
	"disclosure.finding.withheld":      "The table is withheld because no safe version of it was found.",
	"disclosure.finding.hidden":        "{Hidden} of {Cells} figures are hidden.",
}

// String returns the finding in English.
func (f Finding) String() string {
	s := english[f.Key]
	if s == "" {
		s = f.Key
	}
	for i := 0; i+1 < len(f.Args); i += 2 {
		s = strings.ReplaceAll(s, "{"+fmt.Sprint(f.Args[i])+"}", fmt.Sprint(f.Args[i+1]))
	}
	if f.Table != "" {
		s = f.Table + ": " + s
	}
	return s
}
