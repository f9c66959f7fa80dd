package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
	"sync"
)

// The words of a sealed text can be looked for without opening it: each record keeps, for every different word of its text, a short tag that only the
// holder of the master key can make, from the word and from the record's own id (Goh, "Secure Indexes", 2003; Song, Wagner and Perrig, 2000). So the same
// word has another tag in every record, and whoever holds the files sees no two records share a word, nor how often a word occurs: only, in steps of
// wordStep, how many different words a text has. Looking for a word means to try it on every record, which is one AES block for each.

// WordTagSize is the length of a tag in characters: 24 bits in base64. Another word has the same tag in one record of seventeen million times the number of
// words it has, so whoever finds a record has to open it to be sure.
const WordTagSize = 4

// wordStep is the number of tags to which the list of a record is filled up.
const wordStep = 16

// WordTags returns the tags of the words of one record, in an order that does not tell that of the words, filled up with random ones.
func (k *Keyring) WordTags(recordID string, words []string) string {
	if len(words) == 0 {
		return ""
	}
	b := wordBlocks{at: wordBlock(recordID)}
	tags := make([]string, 0, len(words)+wordStep)
	for _, word := range words {
		tag := b.tag(k.wordCipher(word))
		tags = append(tags, string(tag[:]))
	}
	for len(tags)%wordStep != 0 {
		var random [3]byte
		rand.Read(random[:])
		tags = append(tags, base64.RawStdEncoding.EncodeToString(random[:]))
	}
	slices.Sort(tags)
	return strings.Join(tags, "")
}

// WordFinder tests records for words. It is safe for concurrent use.
type WordFinder struct {
	ciphers []cipher.Block
	blocks  sync.Pool // of *wordBlocks: without it a million records are millions of allocations
}

// wordBlocks is what a cipher reads and writes.
type wordBlocks struct{ at, out [aes.BlockSize]byte }

// FindWords returns what finds records that have all of the words.
func (k *Keyring) FindWords(words []string) *WordFinder {
	f := &WordFinder{blocks: sync.Pool{New: func() any { return new(wordBlocks) }}}
	for _, word := range words {
		f.ciphers = append(f.ciphers, k.wordCipher(word))
	}
	return f
}

// In reports whether a record with the tags, as WordTags returns them, seems to have all of the words; it has those of both lists, of which more may be empty. Without
// words none has.
func (f *WordFinder) In(recordID, tags, more string) bool {
	b := f.blocks.Get().(*wordBlocks)
	defer f.blocks.Put(b)
	b.at = wordBlock(recordID)
	for _, c := range f.ciphers {
		if tag := b.tag(c); !hasTag(tags, tag) && !hasTag(more, tag) {
			return false
		}
	}
	return len(f.ciphers) > 0
}

// hasTag looks a tag up among those of a record, which are in order.
func hasTag(tags string, tag [WordTagSize]byte) bool {
	sought := string(tag[:])
	n := len(tags) / WordTagSize
	at := func(i int) string { return tags[i*WordTagSize : (i+1)*WordTagSize] }
	i := sort.Search(n, func(i int) bool { return at(i) >= sought })
	return i < n && at(i) == sought
}

func (k *Keyring) wordCipher(word string) cipher.Block {
	c, err := aes.NewCipher(k.mac(labelWord, word))
	if err != nil { // only for a key of another length than 16, 24 or 32 bytes
		panic(err)
	}
	return c
}

// wordBlock is the block of a record: its id is 128 bits in hex; any other is hashed.
func wordBlock(recordID string) (block [aes.BlockSize]byte) {
	if len(recordID) == 2*len(block) {
		if _, err := hex.Decode(block[:], []byte(recordID)); err == nil {
			return block
		}
	}
	sum := sha256.Sum256([]byte(recordID))
	return [aes.BlockSize]byte(sum[:aes.BlockSize])
}

// tag is the tag of a word, by its cipher, in the record.
func (b *wordBlocks) tag(c cipher.Block) (tag [WordTagSize]byte) {
	c.Encrypt(b.out[:], b.at[:])
	base64.RawStdEncoding.Encode(tag[:], b.out[:3])
	return tag
}
