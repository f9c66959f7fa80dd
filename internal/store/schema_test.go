package store

import (
	"strings"
	"testing"
)

func TestSchemaFault(t *testing.T) {
	for _, row := range []struct {
		why            string
		known, applied []int64
		want           string // in the message; empty for none
	}{
		{"whole", []int64{1, 2, 4}, []int64{1, 2, 4}, ""},
		{"fresh", []int64{1, 2}, nil, "is version 0 and this program needs 2: run folkmoot migrate"},
		{"older", []int64{1, 2, 3}, []int64{1, 2}, "is version 2 and this program needs 3: run folkmoot migrate"},
		{"newer", []int64{1, 2}, []int64{1, 2, 3}, "version 3, newer than the 2 of this program"},
		{"newer, and with a gap: first the newer program", []int64{1, 2}, []int64{1, 3}, "run the newer program"},
		{"one in the middle is missing", []int64{1, 2, 3}, []int64{1, 3}, "lacks migrations (2)"},
		{"several are missing, the newest too: migrating would not mend the gap", []int64{1, 2, 3, 4, 5}, []int64{1, 4}, "lacks migrations (2, 3)"},
		{"the first is missing", []int64{1, 2}, []int64{2}, "lacks migrations (1)"},
		{"one that nobody knows, as many as there should be", []int64{1, 2, 4}, []int64{1, 3, 4}, "does not know (3)"},
	} {
		err := schemaFault("main", row.known, row.applied)
		if (err == nil) != (row.want == "") || err != nil && (!strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), "main database")) {
			t.Errorf("%s: %v, want %q", row.why, err, row.want)
		}
	}
}
