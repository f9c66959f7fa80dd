// Package seal answers: who can read this, who can forge it, and who can tell that two records belong together?
//
// It holds all cryptography of the service: the master key and its sub-keys, sealed values, per-record keys whose
// destruction erases a record in every copy, tokens that name a person without linking stores, withdrawal codes,
// passwords, and hash chains. Nothing else in the program may import a cryptographic package for these ends.
// It must never log, return in an error, or keep a key, a password, a code or a plaintext.
//
// Reviewer: security.
package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length in bytes of the master key and of every record key.
const KeySize = 32

// Errors of sealed values. They are internal faults: a person cannot mend them, so they carry no message key.
var (
	// ErrSignature means that a signed note is not what the holder of the key signed.
	ErrSignature = errors.New("seal: signature does not verify")
	// ErrSealed means that a value was altered, moved to another place, or sealed under another key.
	ErrSealed = errors.New("seal: value does not open: altered, moved or under another key")
	// ErrOtherKey means that the value names a key that this keyring does not hold.
	ErrOtherKey = errors.New("seal: value is sealed under a key that is not here")
)

// Keyring derives every key of the service from one master key (HKDF-SHA256, RFC 5869; one label per use, so that no
// two uses share a key). It is safe for concurrent use. The zero value is not usable.
type Keyring struct {
	prk     []byte            // HKDF-Extract of the master key
	macs    map[string][]byte // sub-keys for tokens by label, derived once
	id      [4]byte
	hashing chan struct{} // at most two password hashes at once: each takes 19 MiB
}

// NewKeyring returns a keyring on a master key of exactly KeySize bytes. The program opens its key with OpenMaster;
// this is for tests and for restoring a key from elsewhere.
func NewKeyring(master []byte) (*Keyring, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("seal: master key has %d bytes, want %d", len(master), KeySize)
	}
	prk, err := hkdf.Extract(sha256.New, master, nil)
	if err != nil { // never for SHA-256
		return nil, fmt.Errorf("seal: %w", err)
	}
	k := &Keyring{prk: prk, macs: map[string][]byte{}, hashing: make(chan struct{}, 2)}
	for _, label := range []string{labelPrincipal, labelEquality, labelResponse, labelThrottle, labelCode, labelCodeHash, labelReference, labelSeed, labelMember, labelNoise, labelWord, labelErasure, labelScan, labelKiosk, labelConsentScan} {
		k.macs[label] = k.derive("mac/"+label, 32)
	}
	copy(k.id[:], k.derive("key-id", 4))
	return k, nil
}

// ID names the master key without telling anything about it: eight hex digits, for start-up checks and backups.
func (k *Keyring) ID() string { return hex.EncodeToString(k.id[:]) }

// String keeps the key out of logs.
func (k *Keyring) String() string { return "seal.Keyring(" + k.ID() + ")" }

// GoString keeps the key out of %#v.
func (k *Keyring) GoString() string { return k.String() }

// derive returns n bytes of key material for one label.
func (k *Keyring) derive(label string, n int) []byte {
	key, err := hkdf.Expand(sha256.New, k.prk, "folkmoot/1/"+label, n)
	if err != nil { // only for n over 255 hashes: a programming error
		panic(err)
	}
	return key
}

// Labels of the sub-keys for tokens: one per use, so that tokens of different uses cannot be joined.
const (
	labelPrincipal = "principal"
	labelEquality  = "equality"
	labelResponse  = "response-id"
	labelThrottle  = "throttle"
	labelCode      = "withdrawal-code"
	labelCodeHash  = "withdrawal-code-hash"
	labelReference = "reference"
	labelSeed      = "release-seed"
	labelNoise     = "release-noise"
	labelMember    = "release-member"
	labelWord      = "search-word"
	labelErasure   = "erasure"
	labelScan      = "scan-reference"
	labelKiosk     = "kiosk"

	labelConsentScan = "consent-scan-reference"
)

// mac returns HMAC-SHA256 of the text under the sub-key of the label.
func (k *Keyring) mac(label, text string) []byte {
	key, ok := k.macs[label]
	if !ok {
		panic("seal: no key for tokens of " + label) // an HMAC without a key is no secret
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// SessionKey returns the 64-byte key that signs session cookies (gorilla/securecookie, HMAC). It signs only: the
// cookie holds a random id, and session values are sealed with Seal.
func (k *Keyring) SessionKey() []byte { return k.derive("session-cookie", 64) }

// Layout of a sealed value: version, key id, nonce, ciphertext and tag. The header is authenticated too.
const (
	version    = 1
	headerSize = 1 + 4 + chacha20poly1305.NonceSizeX
)

// Overhead is how many bytes longer a sealed value is than its plaintext.
const Overhead = headerSize + chacha20poly1305.Overhead

// Seal encrypts plaintext with XChaCha20-Poly1305 under the sub-key of the purpose and binds it to aad, the place
// where it will lie (Place), so that nobody can move it to another row or column.
func (k *Keyring) Seal(purpose string, plaintext, aad []byte) []byte {
	return sealUnder(k.derive("seal/"+purpose, KeySize), k.id, plaintext, aad)
}

// Open decrypts what Seal made for the same purpose and aad. It returns ErrOtherKey if the value names another master
// key and ErrSealed if it was altered or moved.
func (k *Keyring) Open(purpose string, sealed, aad []byte) ([]byte, error) {
	return openUnder(k.derive("seal/"+purpose, KeySize), k.id, sealed, aad)
}

// Place returns the additional data that binds a sealed value to one column of one row.
func Place(table, row, column string) []byte { return Canonical(table, row, column) }

func sealUnder(key []byte, id [4]byte, plaintext, aad []byte) []byte {
	out := make([]byte, headerSize, Overhead+len(plaintext))
	out[0] = version
	copy(out[1:5], id[:])
	rand.Read(out[5:headerSize]) // never fails: crypto/rand ends the program instead (Go 1.24)
	return newAEAD(key).Seal(out, out[5:headerSize], plaintext, bind(out[:5], aad))
}

func openUnder(key []byte, id [4]byte, sealed, aad []byte) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != version {
		return nil, ErrSealed
	}
	if [4]byte(sealed[1:5]) != id {
		return nil, ErrOtherKey
	}
	plain, err := newAEAD(key).Open(nil, sealed[5:headerSize], sealed[headerSize:], bind(sealed[:5], aad))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func newAEAD(key []byte) cipher.AEAD {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil { // only for a key of another length than KeySize, which the types exclude
		panic(err)
	}
	return aead
}

// bind joins header and place so that neither can run into the other.
func bind(header, aad []byte) []byte {
	out := make([]byte, 0, len(header)+8+len(aad))
	out = append(out, header...)
	out = binary.BigEndian.AppendUint64(out, uint64(len(aad)))
	return append(out, aad...)
}
