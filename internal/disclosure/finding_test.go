package disclosure

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// TestFindingsAreTranslated: what a finding says here is what the catalogue says, in both languages with the same
// arguments.
func TestFindingsAreTranslated(t *testing.T) {
	argument := regexp.MustCompile(`{{\.(\w+)}}`)
	catalogue := map[string]map[string]any{}
	for _, lang := range []string{"en", "cy"} {
		raw, err := os.ReadFile("../locale/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]any{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatal(err)
		}
		catalogue[lang] = texts
	}
	for key, text := range english {
		if catalogue["en"][key] != text {
			t.Errorf("%s: the catalogue says %v", key, catalogue["en"][key])
		}
		welsh, _ := catalogue["cy"][key].(string)
		if welsh == "" || len(argument.FindAllString(welsh, -1)) != len(argument.FindAllString(text, -1)) {
			t.Errorf("%s: Welsh is missing or has other arguments: %q", key, welsh)
		}
	}
}

func TestFindingInWords(t *testing.T) {
	f := Finding{Key: "disclosure.finding.rung", Table: "q1", Args: []any{"Dim", "ward", "Rung", "area"}}
	want := "q1: ward is shown in fewer groups (area) because too many figures would have to be hidden."
	if f.String() != want {
		t.Errorf("got %q", f)
	}
}
