package seal_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"folkmoot/internal/seal"
)

// forest is a log of which the source may keep only so many whole blocks.
type forest struct {
	chains []string
	blocks []seal.Hash
	asked  int64 // entries that were read
}

func plant(t testing.TB, n int) (*forest, *seal.Tree) {
	t.Helper()
	f, tree, prev := &forest{}, &seal.Tree{}, ""
	for i := range n {
		prev = seal.HashChain(prev, []byte(fmt.Sprint("entry ", i)))
		f.chains = append(f.chains, prev)
		if err := tree.Add(prev); err != nil {
			t.Fatal(err)
		}
		if b, ok := tree.Block(); ok {
			f.blocks = append(f.blocks, b)
		}
	}
	return f, tree
}

func (f *forest) EntryHashes(first, count int64) ([]string, error) {
	f.asked += count
	return f.chains[first-1 : first-1+count], nil
}

func (f *forest) BlockHashes(first, count int64) ([]seal.Hash, error) {
	return f.blocks[first : first+count], nil
}

// reference computes a root as the library does from every stored hash.
func reference(t testing.TB, chains []string) seal.Hash {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for n, chain := range chains {
		raw, err := hex.DecodeString(chain)
		if err != nil {
			t.Fatal(err)
		}
		more, err := tlog.StoredHashes(int64(n), raw, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(chains)), reader)
	if err != nil {
		t.Fatal(err)
	}
	return seal.Hash(root)
}

var sizes = []int{1, 2, 3, 4, 5, 100, 255, 256, 257, 511, 512, 513, 700, 1024, 1025, 1300}

func TestTreeIsThatOfTheLibrary(t *testing.T) {
	f, _ := plant(t, 1300)
	for _, n := range sizes {
		_, tree := plant(t, n)
		want := reference(t, f.chains[:n])
		if tree.Root() != want || tree.Size() != int64(n) {
			t.Errorf("%d entries, grown: another root", n)
		}
		if got, err := seal.RootOf(f, int64(n)); err != nil || got != want {
			t.Errorf("%d entries, from blocks: another root, %v", n, err)
		}
	}
}

func TestProofs(t *testing.T) {
	f, tree := plant(t, 1300)
	head := func(n int) seal.Head {
		root, err := seal.RootOf(f, int64(n))
		if err != nil {
			t.Fatal(err)
		}
		return seal.Head{Log: "audit", Size: int64(n), Root: root}
	}
	newest := seal.Head{Log: "audit", Size: tree.Size(), Root: tree.Root()}
	for _, n := range sizes {
		older := head(n)
		growth, err := seal.ProveGrowth(f, older.Size, newest.Size)
		if err != nil || seal.CheckGrowth(growth, older, newest) != nil {
			t.Errorf("growth from %d: %v", n, err)
		}
		parsed, err := seal.ParseProof(growth.Lines())
		if err != nil || !slices.Equal(parsed, growth) {
			t.Errorf("growth from %d, written and read: %v", n, err)
		}
		rewritten := older
		rewritten.Root[7] ^= 1
		if err := seal.CheckGrowth(growth, rewritten, newest); !errors.Is(err, seal.ErrProof) {
			t.Errorf("growth from %d with another root: %v", n, err)
		}
		other := older
		other.Log = "consent"
		if err := seal.CheckGrowth(growth, other, newest); !errors.Is(err, seal.ErrProof) {
			t.Errorf("growth from another log: %v", err)
		}
		if err := seal.CheckGrowth(nil, newest, older); n < 1300 && !errors.Is(err, seal.ErrProof) {
			t.Errorf("shrinking to %d: %v", n, err)
		}
		f.asked = 0
		entry, err := seal.ProveEntry(f, newest.Size, int64(n))
		if err != nil || seal.CheckEntry(entry, newest, int64(n), f.chains[n-1]) != nil {
			t.Errorf("entry %d: %v", n, err)
		}
		if f.asked > 2*seal.BlockSize {
			t.Errorf("entry %d: %d entries were read for one proof", n, f.asked)
		}
		if err := seal.CheckEntry(entry, newest, int64(n), f.chains[n%1300]); n != 1300 && !errors.Is(err, seal.ErrProof) {
			t.Errorf("entry %d with the hash of the next: %v", n, err)
		}
		if err := seal.CheckEntry(entry, newest, 5000, f.chains[0]); !errors.Is(err, seal.ErrProof) {
			t.Errorf("an entry that there is not: %v", err)
		}
	}
	f.blocks[1][0] ^= 1
	if root, _ := seal.RootOf(f, 1300); root == newest.Root {
		t.Error("a changed block gives the same root")
	}
}

func TestHeads(t *testing.T) {
	k := keyring(t, 1)
	_, tree := plant(t, 300)
	head := seal.Head{Log: "audit", Size: tree.Size(), Root: tree.Root()}
	signed, err := k.SignHead(head)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := seal.OpenHead(signed, k.NoteKey(seal.AuditSigner)+"\n"); err != nil || got != head {
		t.Errorf("opened %+v, %v", got, err)
	}
	if _, err := seal.OpenHead(signed, keyring(t, 2).NoteKey(seal.AuditSigner)); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("another council's key: %v", err)
	}
	text := head.String()
	for why, bad := range map[string]string{
		"nothing":               "",
		"no prefix":             strings.TrimPrefix(text, "folkmoot-"),
		"a number with a zero":  strings.Replace(text, "\n300\n", "\n0300\n", 1),
		"a negative number":     strings.Replace(text, "\n300\n", "\n-300\n", 1),
		"an empty log":          strings.Replace(text, "\n300\n", "\n0\n", 1),
		"half a root":           text[:len(text)-10] + "\n",
		"more lines":            text + "more\n",
		"no line feed":          strings.TrimSuffix(text, "\n"),
		"a number that is huge": strings.Replace(text, "\n300\n", "\n99999999999999999999\n", 1),
	} {
		if got, err := seal.ParseHead(bad); err == nil {
			t.Errorf("%s: %+v", why, got)
		}
	}
	if err := new(seal.Tree).Add("not a hash"); err == nil {
		t.Error("an entry without a hash was added")
	}
	if root := new(seal.Tree).Root(); root != (seal.Hash{}) {
		t.Error("an empty log has a root")
	}
	if _, ok := new(seal.Tree).Block(); ok {
		t.Error("an empty log has a block")
	}
}

func FuzzParseHead(f *testing.F) {
	f.Add(seal.Head{Log: "audit", Size: 7}.String())
	f.Add("folkmoot-audit\n1\nAAAA\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := seal.ParseHead(text)
		if err == nil && h.String() != text {
			t.Errorf("%q is read as %q", text, h.String())
		}
	})
}
