package seal

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A log's entries are the leaves of a Merkle tree (RFC 6962). A leaf is the SHA-256 hash of the byte 0x00 and the 32 bytes of the entry's
// chain hash, which covers the entry and everything before it.

// BlockSize is how many entries one block of a tree has. Whole blocks are kept, so that neither a root nor a proof needs the whole log; what
// is in a block is read again from its entries.
const BlockSize = 1 << blockLevel

const blockLevel = 8

// Hash is a node of a tree.
type Hash = [32]byte

// Head is the root of the tree over the first Size entries of a log. Signed it is a checkpoint: whoever keeps one can tell later whether one
// of these entries was changed, taken out or cut off.
type Head struct {
	Log  string // "audit" or "consent"
	Size int64  // entries
	Root Hash
}

// String returns the text of a checkpoint: three lines (C2SP tlog-checkpoint): which log, how many entries, and the root in Base64.
func (h Head) String() string {
	return fmt.Sprintf("%s%s\n%d\n%s\n", headPrefix, h.Log, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]))
}

const headPrefix = "folkmoot-"

var errHead = errors.New("this is no checkpoint")

// ParseHead reads what String writes.
func ParseHead(text string) (Head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || len(text) > 200 {
		return Head{}, errHead
	}
	h := Head{Log: strings.TrimPrefix(lines[0], headPrefix)}
	var err error
	if h.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return Head{}, errHead
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(h.Root) || h.Size < 1 {
		return Head{}, errHead
	}
	copy(h.Root[:], root)
	if h.String() != text {
		return Head{}, errHead
	}
	return h, nil
}

// SignHead makes a checkpoint.
func (k *Keyring) SignHead(h Head) ([]byte, error) { return k.SignNote(AuditSigner, h.String()) }

// OpenHead returns what a checkpoint says. ErrSignature if the key did not sign it; another error if what it signed is no checkpoint.
func OpenHead(signed []byte, key string) (Head, error) {
	text, err := OpenNote(signed, key)
	if err != nil {
		return Head{}, err
	}
	return ParseHead(text)
}

// Tree grows by one entry at a time and holds only what its root needs. The zero value is the tree of an empty log.
type Tree struct {
	size  int64
	peaks []tlog.Hash // of the whole subtrees from left to right, the largest first
	block tlog.Hash   // the last whole block
}

// Add adds an entry by its chain hash in hex. It is an error if that is none.
func (t *Tree) Add(chain string) error {
	h, err := leaf(chain)
	if err != nil {
		return err
	}
	t.size++
	for level, n := 0, t.size; ; level, n = level+1, n/2 {
		if level == blockLevel {
			t.block = h
		}
		if n%2 != 0 {
			break
		}
		last := len(t.peaks) - 1
		h = tlog.NodeHash(t.peaks[last], h)
		t.peaks = t.peaks[:last]
	}
	t.peaks = append(t.peaks, h)
	return nil
}

// Size is the number of entries.
func (t *Tree) Size() int64 { return t.size }

// Block returns the block that the last entry completed; ok is false if it completed none.
func (t *Tree) Block() (block Hash, ok bool) {
	return t.block, t.size > 0 && t.size%BlockSize == 0
}

// Root is the root of the tree; zero for an empty log.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return Hash{}
	}
	root := t.peaks[len(t.peaks)-1]
	for i := len(t.peaks) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.peaks[i], root)
	}
	return Hash(root)
}

func leaf(chain string) (tlog.Hash, error) {
	raw, err := hex.DecodeString(chain)
	if err != nil || len(raw) != len(Hash{}) {
		return tlog.Hash{}, errors.New("an entry has no hash")
	}
	return tlog.RecordHash(raw), nil
}

// TreeSource reads what the tree of a log is made of.
type TreeSource interface {
	// EntryHashes returns the chain hashes of count entries from number first (1 is the first of the log) on.
	EntryHashes(first, count int64) ([]string, error)
	// BlockHashes returns count whole blocks from number first (0 is the first of the log) on.
	BlockHashes(first, count int64) ([]Hash, error)
}

// nodes finds nodes of the tree in a source.
type nodes struct{ source TreeSource }

// ReadHashes implements tlog.HashReader.
func (n nodes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, number := tlog.SplitStoredHashIndex(index)
		var err error
		if out[i], err = n.node(level, number); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (n nodes) node(level int, number int64) (tlog.Hash, error) {
	var row []tlog.Hash
	if level >= blockLevel {
		count := int64(1) << (level - blockLevel)
		blocks, err := n.source.BlockHashes(number*count, count)
		if err != nil {
			return tlog.Hash{}, err
		}
		for _, b := range blocks {
			row = append(row, tlog.Hash(b))
		}
		if int64(len(row)) != count {
			return tlog.Hash{}, errors.New("blocks of the tree are missing")
		}
	} else {
		count := int64(1) << level
		chains, err := n.source.EntryHashes(number*count+1, count)
		if err != nil {
			return tlog.Hash{}, err
		}
		for _, chain := range chains {
			h, err := leaf(chain)
			if err != nil {
				return tlog.Hash{}, err
			}
			row = append(row, h)
		}
		if int64(len(row)) != count {
			return tlog.Hash{}, errors.New("entries of the log are missing")
		}
	}
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0], nil
}

// RootOf returns the root over the first size entries, at least one.
func RootOf(source TreeSource, size int64) (Hash, error) {
	root, err := tlog.TreeHash(size, nodes{source})
	if err != nil {
		return Hash{}, fmt.Errorf("hash a log: %w", err)
	}
	return Hash(root), nil
}

// Proof is what a statement about a tree needs beside its roots.
type Proof []Hash

// ErrProof means that a proof does not prove what it should.
var ErrProof = errors.New("seal: the proof does not hold")

// ProveGrowth returns the proof that the tree over the first newer entries only adds to the tree over the first older ones.
func ProveGrowth(source TreeSource, older, newer int64) (Proof, error) {
	p, err := tlog.ProveTree(newer, older, nodes{source})
	if err != nil {
		return nil, fmt.Errorf("prove that a log only grew: %w", err)
	}
	return proofOf(p), nil
}

// CheckGrowth returns ErrProof unless the proof shows that newer only adds to older.
func CheckGrowth(p Proof, older, newer Head) error {
	if older.Log != newer.Log || tlog.CheckTree(tlog.TreeProof(p.hashes()), newer.Size, tlog.Hash(newer.Root), older.Size, tlog.Hash(older.Root)) != nil {
		return ErrProof
	}
	return nil
}

// ProveEntry returns the proof that the tree over the first size entries has the entry with the number, which counts from 1.
func ProveEntry(source TreeSource, size, number int64) (Proof, error) {
	p, err := tlog.ProveRecord(size, number-1, nodes{source})
	if err != nil {
		return nil, fmt.Errorf("prove an entry: %w", err)
	}
	return proofOf(p), nil
}

// CheckEntry returns ErrProof unless the proof shows that the tree has the entry with the number and the chain hash.
func CheckEntry(p Proof, head Head, number int64, chain string) error {
	h, err := leaf(chain)
	if err != nil || tlog.CheckRecord(tlog.RecordProof(p.hashes()), head.Size, tlog.Hash(head.Root), number-1, h) != nil {
		return ErrProof
	}
	return nil
}

func proofOf(in []tlog.Hash) Proof {
	out := make(Proof, len(in))
	for i, h := range in {
		out[i] = Hash(h)
	}
	return out
}

func (p Proof) hashes() []tlog.Hash {
	out := make([]tlog.Hash, len(p))
	for i, h := range p {
		out[i] = tlog.Hash(h)
	}
	return out
}

// Lines returns the proof in Base64, a hash a line.
func (p Proof) Lines() []string {
	out := make([]string, len(p))
	for i, h := range p {
		out[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	return out
}

// ParseProof reads what Lines writes. ErrProof for what is none.
func ParseProof(lines []string) (Proof, error) {
	if len(lines) > 64*2 { // a path through a tree of 2^63 entries is shorter
		return nil, ErrProof
	}
	out := make(Proof, len(lines))
	for i, line := range lines {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != len(Hash{}) {
			return nil, ErrProof
		}
		copy(out[i][:], raw)
	}
	return out, nil
}
