package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// RecordKey seals one record and nothing else. It is kept only in wrapped form, in a key store of its own, so that
// destroying the wrapped key erases the record in the database, its log and every backup (architecture.md 5).
type RecordKey [KeySize]byte

// String keeps the key out of logs.
func (RecordKey) String() string { return "seal.RecordKey" }

// GoString keeps the key out of %#v.
func (RecordKey) GoString() string { return "seal.RecordKey" }

func (r RecordKey) id() [4]byte {
	sum := sha256.Sum256(append([]byte("folkmoot/1/record-key-id"), r[:]...))
	return [4]byte(sum[:4])
}

// NewRecordKey returns a fresh random key for the record, and the same key wrapped by the master key and bound to the
// record's id. Only the wrapped form may be stored.
func (k *Keyring) NewRecordKey(recordID string) (key RecordKey, wrapped []byte) {
	rand.Read(key[:])
	return key, k.Seal("record-key", key[:], Place("record-key", recordID, ""))
}

// Unwrap returns the record's key. It returns ErrSealed if the wrapped key was altered or belongs to another record.
func (k *Keyring) Unwrap(wrapped []byte, recordID string) (RecordKey, error) {
	plain, err := k.Open("record-key", wrapped, Place("record-key", recordID, ""))
	if err != nil {
		return RecordKey{}, err
	}
	if len(plain) != KeySize {
		return RecordKey{}, ErrSealed
	}
	return RecordKey(plain), nil
}

// SealWith encrypts plaintext under a record's key, bound to its place (Place).
func SealWith(key RecordKey, plaintext, aad []byte) []byte {
	return sealUnder(key[:], key.id(), plaintext, aad)
}

// OpenWith decrypts what SealWith made under the same key and place.
func OpenWith(key RecordKey, sealed, aad []byte) ([]byte, error) {
	return openUnder(key[:], key.id(), sealed, aad)
}

// TextMark returns a keyed hash of one of the texts of a record: 128 bits in hex. Another text has another mark. Once the record's key is destroyed nobody can
// test a guess against a mark that is left, the holder of the master key neither.
func TextMark(key RecordKey, question, text string) string {
	sub, err := hkdf.Expand(sha256.New, key[:], "folkmoot/1/text-mark", KeySize)
	if err != nil { // only for more than 255 hashes
		panic(err)
	}
	h := hmac.New(sha256.New, sub)
	h.Write(Canonical(question, text))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// NewBackupKey returns a fresh key of one generation of backups, and the same key wrapped by the master key. Destroying the wrapped key makes every backup
// of the generation unreadable (architecture.md 5).
func (k *Keyring) NewBackupKey(generation string) (key RecordKey, wrapped []byte) {
	rand.Read(key[:])
	return key, k.Seal("backup-key", key[:], Place("backup-key", generation, ""))
}

// UnwrapBackupKey returns the key of a generation. It returns ErrSealed if the wrapped key was altered or is that of another generation.
func (k *Keyring) UnwrapBackupKey(wrapped []byte, generation string) (RecordKey, error) {
	plain, err := k.Open("backup-key", wrapped, Place("backup-key", generation, ""))
	if err != nil {
		return RecordKey{}, err
	}
	if len(plain) != KeySize {
		return RecordKey{}, ErrSealed
	}
	return RecordKey(plain), nil
}
