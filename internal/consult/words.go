package consult

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FoldWords returns the text as it is searched: lower case, without accents (so that "ty" finds "tŷ"), every run of
// anything but letters and digits one space. Both the folded column and the words searched for go through it.
func FoldWords(s string) string {
	var out strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			out.WriteRune(r)
		default:
			gap = true
		}
	}
	return out.String()
}
