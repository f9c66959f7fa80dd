package export

import (
	"io"
	"strings"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// RecordCSV writes the record of processing (UK GDPR art. 30(1)) in a language for a spreadsheet program: one line for each activity, one column for
// each field, several lines of a field in one cell. word translates "activity", "state", the fields and the states.
func RecordCSV(w io.Writer, lang locale.Lang, r privacy.ProcessingRecord, word func(string) string) error {
	s := newSheet(w, Spreadsheet)
	head := []string{word("field.activity"), word("field.state")}
	for _, key := range privacy.RecordFields() {
		head = append(head, word("field."+key))
	}
	s.line(head...)
	for _, a := range r.Activities {
		cells := []string{a.Title.In(lang), word("state." + a.State)}
		for _, key := range privacy.RecordFields() {
			var lines []string
			for _, t := range a.Field(key) {
				lines = append(lines, t.In(lang))
			}
			cells = append(cells, strings.Join(lines, "\n"))
		}
		s.line(cells...)
	}
	return s.close()
}

// TableCSV writes a table for a spreadsheet program, each cell so that none is taken for a formula.
func TableCSV(w io.Writer, head []string, rows [][]string) error {
	s := newSheet(w, Spreadsheet)
	s.line(head...)
	for _, row := range rows {
		s.line(row...)
	}
	return s.close()
}
