// Package locale answers: what does this say in English, and what in Welsh?
//
// It holds the two languages, bilingual texts, the catalogue of messages, and how dates, times and numbers
// are written. Times are shown in Europe/London. It does no I/O: the catalogue is embedded.
//
// Reviewer: translator.
package locale

// Lang is a language the service speaks, as a BCP 47 tag. The zero value is invalid.
type Lang string

// The languages.
const (
	English Lang = "en"
	Welsh   Lang = "cy"
)

// Langs lists the languages in the order in which they are offered.
func Langs() []Lang { return []Lang{English, Welsh} }

// Valid reports whether l is a language the service speaks.
func (l Lang) Valid() bool { return l == English || l == Welsh }

// Text is one text in several languages. English is the reference; a missing language falls back to English.
type Text map[Lang]string

// In returns the text in the language, or in English where the translation is missing.
func (t Text) In(l Lang) string {
	if s := t[l]; s != "" {
		return s
	}
	return t[English]
}

// Missing returns those of langs in which the text is empty. A text that is empty in every language misses all.
func (t Text) Missing(langs []Lang) []Lang {
	var out []Lang
	for _, l := range langs {
		if t[l] == "" {
			out = append(out, l)
		}
	}
	return out
}

// Empty reports whether the text is empty in every language.
func (t Text) Empty() bool {
	for _, s := range t {
		if s != "" {
			return false
		}
	}
	return true
}

// Lang returns the language in which In(l) actually answers, for the lang attribute of fallback text.
func (t Text) Lang(l Lang) Lang {
	if t[l] != "" {
		return l
	}
	return English
}
