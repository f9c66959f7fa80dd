package office

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/locale"
)

func itoa(n int) string { return strconv.Itoa(n) }

// whole writes a count as people read it.
func whole(n int) string { return locale.Number(int64(n)) }

// both returns a text in each language of the consultation.
func both(t locale.Text, langs []locale.Lang) []string {
	var out []string
	for _, l := range langs {
		out = append(out, t[l])
	}
	return out
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// Ident makes an id from English words, unlike any that is taken. The prefix begins the id of words that begin with no
// letter.
func Ident(prefix, words string, taken []string) string {
	id := strings.Trim(notID.ReplaceAllString(strings.ToLower(words), "_"), "_")
	if len(id) > 30 {
		id = strings.Trim(id[:30], "_")
	}
	if id == "" || id[0] < 'a' || id[0] > 'z' {
		id = prefix + id
	}
	base := strings.Trim(id, "_")
	for n := 2; slices.Contains(taken, id); n++ {
		id = base + "_" + itoa(n)
	}
	return id
}
