package survey_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

func catalogue(t *testing.T, l locale.Lang) map[string]json.RawMessage {
	t.Helper()
	var out map[string]json.RawMessage
	if err := json.Unmarshal(locale.Source(l), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFaultsReadTheSameAsInTheCatalogue(t *testing.T) {
	// Fault.String works without a catalogue; its words must not drift from it.
	for key, raw := range catalogue(t, locale.English) {
		if !strings.HasPrefix(key, "survey.fault.") {
			continue
		}
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if got := (survey.Fault{Key: key}).String(); got != text {
			t.Errorf("%s: the program says %q, the catalogue %q", key, got, text)
		}
	}
	f := survey.Fault{Line: 3, Column: 5, Path: "sections[0].id", Key: "survey.fault.duplicate", Args: []any{"Value", "x"}}
	if got := f.String(); got != "line 3, column 5: sections[0].id: x is already in use here; each must be different" {
		t.Error(got)
	}
}

var (
	faultKey   = regexp.MustCompile(`(?:fault\((?:nil, "[^"]*"|[^",]+, [^",]+)?,? ?"|"survey\.fault\.)([a-z_]+)"`)
	problemKey = regexp.MustCompile(`"survey\.problem\.([a-z_.]+)"`)
	banned     = regexp.MustCompile(`(?i)\b(please|sorry|valid|invalid|required)\b`)
)

// TestEveryKeyIsInBothLanguages reads the keys out of the sources, so that a new message cannot be forgotten.
func TestEveryKeyIsInBothLanguages(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		src, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range faultKey.FindAllStringSubmatch(string(src), -1) {
			keys = append(keys, "survey.fault."+m[1])
		}
		for _, m := range problemKey.FindAllStringSubmatch(string(src), -1) {
			keys = append(keys, "survey.problem."+strings.TrimSuffix(m[1], "."))
		}
	}
	for _, part := range []string{"day", "month", "year", "day_month", "day_year", "month_year"} {
		keys = append(keys, "survey.problem.date.no_"+part)
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "survey.problem.date.no_" })
	for _, set := range []string{"satisfaction", "agreement", "safety", "ease", "feedback"} {
		keys = append(keys, "survey.problem.scale."+set)
	}
	if len(keys) < 80 {
		t.Fatalf("only %d keys found: the search is broken", len(keys))
	}
	for _, l := range locale.Langs() {
		messages := catalogue(t, l)
		for _, k := range keys {
			if messages[k] == nil {
				t.Errorf("%s has no %s", l, k)
			}
		}
		for k, raw := range messages {
			if strings.HasPrefix(k, "survey.problem.") && banned.Match(raw) {
				t.Errorf("%s: %s has a word that messages avoid (interface.md section 3)", k, raw)
			}
			if (strings.HasPrefix(k, "survey.problem.") || strings.HasPrefix(k, "survey.fault.")) && !known(k, keys) {
				t.Errorf("%s is in the catalogue %s and nothing says it", k, l)
			}
		}
	}
}

func known(k string, keys []string) bool { return slices.Contains(keys, k) }
