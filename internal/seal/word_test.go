package seal_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

// TestWordTags: a word is found in the records that have it, and the tags tell nobody without the key which records share one.
func TestWordTags(t *testing.T) {
	k, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.NewKeyring(bytes.Repeat([]byte{8}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	id := seal.RandomID()
	tags := k.WordTags(id, []string{"mill", "lane", "okafor"})
	for _, row := range []struct {
		why   string
		k     *seal.Keyring
		id    string
		words []string
		want  bool
	}{
		{"a word of it", k, id, []string{"lane"}, true},
		{"all words of it, in any order", k, id, []string{"okafor", "mill"}, true},
		{"one word that it has not", k, id, []string{"okafor", "road"}, false},
		{"no words: nothing is looked for", k, id, nil, false},
		{"the tags of another record", k, seal.RandomID(), []string{"lane"}, false},
		{"another master key", other, id, []string{"lane"}, false},
	} {
		if got := row.k.FindWords(row.words).In(row.id, tags, ""); got != row.want {
			t.Errorf("%s: %v", row.why, got)
		}
	}
	if k.WordTags(id, nil) != "" {
		t.Error("a text without words has tags")
	}
}

// TestWordTagsTellNothing: the same word has another tag in every record, so that how often it occurs cannot be counted, and the length tells the number of
// words in steps only.
func TestWordTagsTellNothing(t *testing.T) {
	k, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	seen, total := map[string]int{}, 0
	for range 2000 {
		tags := k.WordTags(seal.RandomID(), []string{"the", "library"})
		if len(tags) != 16*seal.WordTagSize {
			t.Fatalf("two words have %d characters, want those of sixteen", len(tags))
		}
		for i := 0; i < len(tags); i += seal.WordTagSize {
			seen[tags[i:i+seal.WordTagSize]]++
			total++
		}
	}
	if most := max(seen); most > 4 { // of 32,000 random tags of 24 bits about thirty meet once
		t.Errorf("a tag occurs %d times among %d", most, total)
	}
	one, two := k.WordTags("0123456789abcdef0123456789abcdef", []string{"name"}), k.WordTags("0123456789abcdef0123456789abcdef", []string{"postcode"})
	for _, row := range []struct {
		tags, more string
		words      []string
		want       bool
	}{
		{one, two, []string{"name", "postcode"}, true}, {two, one, []string{"name", "postcode"}, true}, {one, two, []string{"name", "absent"}, false},
		{one, "", []string{"name", "postcode"}, false}, {"", two, []string{"postcode"}, true}, {one, two, nil, false},
	} {
		if got := k.FindWords(row.words).In("0123456789abcdef0123456789abcdef", row.tags, row.more); got != row.want {
			t.Errorf("%v in two lists: %v", row.words, got)
		}
	}
	for n := range 40 { // every word of a record is found, wherever its tag lies among the others
		words := make([]string, n+1)
		for i := range words {
			words[i] = fmt.Sprint("word", i)
		}
		id := seal.RandomID()
		if tags := k.WordTags(id, words); !k.FindWords(words).In(id, tags, "") || k.FindWords([]string{"absent"}).In(id, tags, "") {
			t.Errorf("of %d words not all are found, or one that is none", len(words))
		}
	}
	words := make([]string, 17)
	for i := range words {
		words[i] = fmt.Sprint("word", i)
	}
	if got := len(k.WordTags("any", words)) / seal.WordTagSize; got != 32 {
		t.Errorf("seventeen words have %d tags, want 32", got)
	}
	if strings.Contains(k.WordTags("any", words), "word") {
		t.Error("a word lies in the tags")
	}
}

func max(m map[string]int) (most int) {
	for _, n := range m {
		if n > most {
			most = n
		}
	}
	return most
}
