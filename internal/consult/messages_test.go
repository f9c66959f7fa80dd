package consult_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"folkmoot/internal/locale"
)

// Every message that the service can send a person to is written in both languages.
func TestEveryMessageIsInBothLanguages(t *testing.T) {
	keys := regexp.MustCompile(`"((?:error|readiness|release|disclosure)\.[a-z_.]+[a-z])"`)
	c := locale.Must()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keys.FindAllStringSubmatch(string(source), -1) {
			if strings.HasSuffix(file, "_test.go") || file == "audit_action.go" || m[1] == "release.draft" || isAction(string(source), m[1]) {
				continue
			}
			seen++
			for _, l := range locale.Langs() {
				if !c.Has(l, m[1]) {
					t.Errorf("%s: %s is not in %s.json", file, m[1], l)
				}
			}
		}
	}
	for _, l := range []string{"en", "cy"} {
		for _, stem := range []string{"readiness.survey_language_", "readiness.unchecked_", "readiness.text_", "readiness.council_language_"} {
			if !c.Has(locale.Welsh, stem+l) || !c.Has(locale.English, stem+l) {
				t.Errorf("%s is missing", stem+l)
			}
		}
	}
	if seen < 100 {
		t.Fatalf("only %d keys seen: the search is broken", seen)
	}
}

// isAction reports whether the word names an audit action, which nobody translates.
func isAction(source, word string) bool {
	return regexp.MustCompile(`(event\([^)]*\)?, |version, )"` + regexp.QuoteMeta(word) + `"`).MatchString(source)
}
