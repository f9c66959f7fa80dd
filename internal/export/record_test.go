package export_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// The file has a line for each activity and a column for each field; nothing that an officer typed is run by a spreadsheet program.
func TestRecordCSV(t *testing.T) {
	r := privacy.ProcessingRecord{Activities: []privacy.Activity{{ID: "c", State: "open", Title: locale.Text{locale.English: "=HYPERLINK(1)", locale.Welsh: "Ŵyr"},
		Fields: []privacy.RecordField{{Key: "purposes", Lines: []locale.Text{{locale.English: "@one"}, {locale.English: "two"}}}}}}}
	for lang, title := range map[locale.Lang]string{locale.English: "'=HYPERLINK(1)", locale.Welsh: "Ŵyr"} {
		var out strings.Builder
		if err := export.RecordCSV(&out, lang, r, func(key string) string { return "<" + key + ">" }); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
		if err != nil || len(lines) != 2 || len(lines[0]) != len(privacy.RecordFields())+2 {
			t.Fatalf("%v %q", err, lines)
		}
		if lines[0][0] != "<field.activity>" || lines[1][0] != title || lines[1][1] != "<state.open>" {
			t.Errorf("%s: %q", lang, lines)
		}
		for i, key := range privacy.RecordFields() {
			if want := map[string]string{"purposes": "'@one\ntwo"}[key]; lines[1][i+2] != want {
				t.Errorf("%s: %q, want %q", key, lines[1][i+2], want)
			}
		}
	}
}
