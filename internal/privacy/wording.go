package privacy

import (
	"embed"
	"fmt"
	"maps"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"folkmoot/internal/locale"
)

//go:embed wording
var wordingFiles embed.FS

// wordings holds the standard legal sentences by key. They lie here and not in the catalogue of the interface, because
// they are legal text that a notice pins for good.
var wordings = sync.OnceValue(func() map[string]locale.Text {
	var out map[string]locale.Text
	for _, name := range []string{"notice.yaml", "letters.yaml", "breach.yaml", "screening.yaml", "record.yaml", "recording.yaml", "confidentiality.yaml"} {
		source, err := wordingFiles.ReadFile("wording/" + name)
		if err == nil {
			err = yaml.Unmarshal(source, &out) // into one map: keys of all
		}
		if err != nil {
			panic(fmt.Errorf("privacy: embedded wording: %w", err)) // our own file; a test reads it
		}
	}
	return out
})

// say returns a standard sentence in the language with its {names} filled in from name, value pairs.
func say(lang locale.Lang, key string, pairs ...string) string {
	text, ok := wordings()[key]
	if !ok {
		panic("privacy: no wording " + key) // a programming error; a test says every sentence
	}
	braced := make([]string, len(pairs))
	for i, s := range pairs {
		if i%2 == 0 {
			s = "{" + s + "}"
		}
		braced[i] = s
	}
	return strings.NewReplacer(braced...).Replace(text.In(lang))
}

// RightText returns the sentence that tells people of the right, in the language: "ask us to erase your information".
// It is empty for a right that is not there.
func RightText(e Entitlement, lang locale.Lang) string {
	if e.Offer == OfferNo || e.Text == "" {
		return ""
	}
	return say(lang, e.Text)
}

// ConfidentialityStatement returns what staff accept before they work in the office, in every language, where the council has written no
// words of its own (councils.md S2-5: genuine business need, duty of confidentiality). Markdown.
func ConfidentialityStatement() locale.Text {
	return maps.Clone(wordings()["confidentiality.statement"])
}
