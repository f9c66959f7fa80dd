package survey

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// WriteInMax is the longest description, in runes, that an option's text field takes.
const WriteInMax = 200

// lineEnds makes every way to end a line LF, and tabs spaces.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n")

// cleanLine returns s as one line of text: NFC, every run of white space one space, no white space at the ends.
// ok is false where s has characters that cannot be stored.
func cleanLine(s string) (text string, ok bool) {
	s, ok = cleanBlock(s)
	return strings.Join(strings.Fields(s), " "), ok
}

// cleanBlock returns s as a block of text: NFC, line ends as LF, tabs as spaces, no white space at the ends.
// ok is false where s is not UTF-8 or has control characters. Invisible marks that only change the direction in
// which other text runs are dropped: in an export they can make a file or a name read as something else.
func cleanBlock(s string) (text string, ok bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	s = lineEnds.Replace(s)
	ok = true
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\uFEFF', r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		case unicode.IsControl(r):
			ok = false
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s)), ok
}

// runes returns the length of s as people count it on the page.
func runes(s string) int { return utf8.RuneCountInString(s) }
