package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/export"
	"folkmoot/internal/privacy"
)

func TestAuditCSV(t *testing.T) {
	words := export.AuditWords{Actor: func(privacy.Actor) string { return "=cmd|' /C calc'!A0" }, Action: strings.ToUpper}
	e := privacy.AuditEvent{Sequence: 7, At: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), Actor: privacy.Actor{Kind: "staff", ID: "s1"}, Action: "results.see",
		Object: "consultation:c1", Detail: map[string]string{"b": "2", "a": "1"}, PrevHash: "aa", Hash: "bb"}
	var out bytes.Buffer
	if err := export.AuditCSV(&out, words, func(fn func(privacy.AuditEvent) error) error { return fn(e) }); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"7", "2026-03-29T01:30:00Z", "2026-03-29 02:30:00", "'=cmd|' /C calc'!A0", "staff", "s1", "RESULTS.SEE", "results.see", "consultation:c1", `{"a":"1","b":"2"}`, "aa", "bb"}
	if len(lines) != 2 || !slices.Equal(lines[1], want) {
		t.Errorf("a name that is a formula, a time in summer: %q", lines)
	}
	broken := errors.New("broken")
	if err := export.AuditCSV(&out, words, func(func(privacy.AuditEvent) error) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a log that cannot be read: %v", err)
	}
}
