package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Canonical encodes fields so that different fields never give the same bytes: each is preceded by its length in
// eight bytes, the whole by the number of fields.
func Canonical(fields ...string) []byte {
	n := 8
	for _, f := range fields {
		n += 8 + len(f)
	}
	out := binary.BigEndian.AppendUint64(make([]byte, 0, n), uint64(len(fields)))
	for _, f := range fields {
		out = binary.BigEndian.AppendUint64(out, uint64(len(f)))
		out = append(out, f...)
	}
	return out
}

// HashChain returns the hash, in hex, of an entry that follows the entry with hash prev ("" for the first). Changing,
// inserting, removing or reordering entries breaks every later hash. Cutting off the end does not: only a checkpoint
// kept elsewhere shows that (security.md 1, finding 11).
func HashChain(prev string, canonical []byte) string {
	sum := sha256.Sum256(Canonical("folkmoot/1/chain", prev, string(canonical)))
	return hex.EncodeToString(sum[:])
}

// Digest returns the SHA-256 of a text in hex: the proof of what somebody was shown.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
