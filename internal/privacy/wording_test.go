package privacy_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/locale"
)

// The standard sentences are legal text: each must be there in both languages and fill in the same names.
func TestWordingIsBilingual(t *testing.T) {
	all, lines := map[string]map[locale.Lang]string{}, 0
	for _, name := range []string{"notice.yaml", "letters.yaml", "breach.yaml", "screening.yaml", "record.yaml", "recording.yaml", "confidentiality.yaml"} {
		raw, err := os.ReadFile("wording/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var one map[string]map[locale.Lang]string
		if err := yaml.Unmarshal(raw, &one); err != nil {
			t.Fatal(err)
		}
		lines += len(one)
		maps.Copy(all, one)
	}
	if lines != len(all) {
		t.Error("two files say the same sentence: one of them would be lost")
	}
	if len(all) < 90 {
		t.Fatalf("%d sentences read", len(all))
	}
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for key, said := range all {
		if len(said) != 2 {
			t.Errorf("%s is in %d languages", key, len(said))
		}
		names := func(lang locale.Lang) []string {
			found := placeholder.FindAllString(said[lang], -1)
			slices.Sort(found)
			return found
		}
		if en, cy := names(locale.English), names(locale.Welsh); !slices.Equal(en, cy) {
			t.Errorf("%s fills in %v in English and %v in Welsh", key, en, cy)
		}
		for lang, s := range said {
			if strings.TrimSpace(s) != s || s == "" || strings.Contains(s, "  ") || strings.ContainsAny(s, "<>&") {
				t.Errorf("%s (%s): %q", key, lang, s)
			}
		}
		if said[locale.English] == said[locale.Welsh] && key != "notice.contact.post" {
			t.Errorf("%s is not translated", key)
		}
	}
}
