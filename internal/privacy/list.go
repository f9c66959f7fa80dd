package privacy

import (
	"strings"

	"folkmoot/internal/locale"
)

// joinList writes a list in a sentence: "a, b and c", "a, b ac c".
func joinList(lang locale.Lang, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	head, last := strings.Join(items[:len(items)-1], ", "), items[len(items)-1]
	if lang != locale.Welsh {
		return head + " and " + last
	}
	if strings.ContainsRune("aeiouyâêîôûŷAEIOUYÂÊÎÔÛŶ", []rune(last + " ")[0]) {
		return head + " ac " + last
	}
	return head + " a " + aspirate(last)
}

// aspirate applies the Welsh aspirate mutation that follows "a" (and): crefydd, a chrefydd. Names keep their letters.
func aspirate(word string) string {
	if len(word) > 1 && strings.ContainsRune("cpt", rune(word[0])) && word[1] != 'h' {
		return word[:1] + "h" + word[1:]
	}
	return word
}

// texts returns each text in the language.
func texts(in []locale.Text, lang locale.Lang) []string {
	var out []string
	for _, t := range in {
		if s := strings.TrimSpace(t.In(lang)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
