package consult

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The words of a text as they are looked for: each folded word, and what people write with and without blanks as one: telephone and other numbers of six
// digits and more, and postcodes.

const (
	minWord   = 2 // characters; shorter ones name nobody
	minNumber = 6 // digits
)

var (
	digitsOnly    = regexp.MustCompile(`^[0-9]+$`)
	outwardCode   = regexp.MustCompile(`^[a-z]{1,2}[0-9][a-z0-9]?$`)
	inwardCode    = regexp.MustCompile(`^[0-9][a-z]{2}$`)
	wholePostcode = regexp.MustCompile(`^[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}$`)
)

// searchToken is a part of a text and the words of it that it stands for.
type searchToken struct {
	joined string   // empty for a plain word
	words  []string // folded
}

// tokensOf cuts a text into words, numbers and postcodes.
func tokensOf(text string) (out []searchToken) {
	words := strings.Fields(FoldWords(text))
	for i := 0; i < len(words); {
		n, joined := numberAt(words[i:])
		if n == 0 {
			n, joined = postcodeAt(words[i:])
		}
		if n == 0 {
			n = 1
		}
		out = append(out, searchToken{joined, words[i : i+n]})
		i += n
	}
	return out
}

// numberAt reads a number of several groups of digits. That of the United Kingdom may begin with 44 as with 0.
func numberAt(words []string) (n int, joined string) {
	var digits strings.Builder
	for n < len(words) && digitsOnly.MatchString(words[n]) {
		digits.WriteString(words[n])
		n++
	}
	text := digits.String()
	if len(text) < minNumber {
		return 0, ""
	}
	if rest, ok := strings.CutPrefix(text, "44"); ok && len(rest) >= 9 {
		text = "0" + strings.TrimPrefix(rest, "0") // +44 (0)1442
	}
	return n, "number " + text
}

func postcodeAt(words []string) (n int, joined string) {
	switch {
	case wholePostcode.MatchString(words[0]):
		return 1, "postcode " + words[0]
	case len(words) > 1 && outwardCode.MatchString(words[0]) && inwardCode.MatchString(words[1]):
		return 2, "postcode " + words[0] + words[1]
	}
	return 0, ""
}

// wordsOf lists everything for which a record with these texts can be found, sorted.
func wordsOf(texts map[string]string) []string {
	found := map[string]bool{}
	for _, text := range texts {
		for _, t := range tokensOf(text) {
			if t.joined != "" {
				found[t.joined] = true
			}
			for _, w := range t.words {
				if len(w) >= minWord {
					found[w] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// soughtIn lists what a record has to have all of to be found with the text: a number or postcode as one, however it is written.
func soughtIn(text string) []string {
	found := map[string]bool{}
	for _, t := range tokensOf(text) {
		switch {
		case t.joined != "":
			found[t.joined] = true
		case len(t.words[0]) >= minWord:
			found[t.words[0]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// hasAll reports whether the texts have all that is sought.
func hasAll(texts map[string]string, sought []string) bool {
	words := wordsOf(texts)
	for _, w := range sought {
		if _, ok := slices.BinarySearch(words, w); !ok {
			return false
		}
	}
	return len(sought) > 0
}
