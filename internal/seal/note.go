package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// NoteName is the name under which one of the council's keys signs notes: one key for each use, so that what was signed for one is worth
// nothing for another.
type NoteName string

// The uses.
const (
	ReleaseNote NoteName = "folkmoot-release" // checksums of released files, disclosure reports
	AuditNote   NoteName = "folkmoot-audit"   // checkpoints of the audit log and the consent ledger
)

// algEd25519 is the byte that names the algorithm in keys of signed notes.
const algEd25519 = 1

// noteKey returns the key of the name (Ed25519), derived from the master key: the same signature whenever it is asked for.
func (k *Keyring) noteKey(name NoteName) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.derive(strings.TrimPrefix(string(name), "folkmoot-")+"-signing", ed25519.SeedSize))
}

// SignNote signs a text that ends with a line feed under the name. The result is the text and its signature, as
// golang.org/x/mod/sumdb/note defines it.
func (k *Keyring) SignNote(name NoteName, text string) ([]byte, error) {
	public := append([]byte{algEd25519}, k.noteKey(name).Public().(ed25519.PublicKey)...)
	secret := append([]byte{algEd25519}, k.noteKey(name).Seed()...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, noteHash(name, public), base64.StdEncoding.EncodeToString(secret)))
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a note: %w", err)
	}
	return signed, nil
}

// NoteKey returns the public key of the name, which OpenNote wants: one line, for everybody.
func (k *Keyring) NoteKey(name NoteName) string {
	public := append([]byte{algEd25519}, k.noteKey(name).Public().(ed25519.PublicKey)...)
	return fmt.Sprintf("%s+%08x+%s", name, noteHash(name, public), base64.StdEncoding.EncodeToString(public))
}

// noteHash is the short name of a key, which the signature carries.
func noteHash(name NoteName, public []byte) uint32 {
	sum := sha256.Sum256(append([]byte(string(name)+"\n"), public...))
	return binary.BigEndian.Uint32(sum[:])
}

// OpenNote returns the text of a signed note if the public key signed it, and ErrSignature if not.
func OpenNote(signed []byte, key string) (string, error) {
	verifier, err := note.NewVerifier(string(bytes.TrimSpace([]byte(key))))
	if err != nil {
		return "", fmt.Errorf("%w: this is no public key of a council", ErrSignature)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", fmt.Errorf("%w: the note was not signed by this key, or was changed", ErrSignature)
	}
	return opened.Text, nil
}
