package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// NoteName is the name under which the council's release key signs.
const NoteName = "folkmoot-release"

// algEd25519 is the byte that names the algorithm in keys of signed notes.
const algEd25519 = 1

// noteKey returns the key that signs released files (Ed25519), derived from the master key: the same signature whenever it is asked for.
func (k *Keyring) noteKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.derive("release-signing", ed25519.SeedSize))
}

// SignNote signs a text that ends with a line feed. The result is the text and its signature, as golang.org/x/mod/sumdb/note defines it.
func (k *Keyring) SignNote(text string) ([]byte, error) {
	public := append([]byte{algEd25519}, k.noteKey().Public().(ed25519.PublicKey)...)
	secret := append([]byte{algEd25519}, k.noteKey().Seed()...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", NoteName, noteHash(public), base64.StdEncoding.EncodeToString(secret)))
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a note: %w", err)
	}
	return signed, nil
}

// NoteKey returns the public key that OpenNote wants: one line, for everybody.
func (k *Keyring) NoteKey() string {
	public := append([]byte{algEd25519}, k.noteKey().Public().(ed25519.PublicKey)...)
	return fmt.Sprintf("%s+%08x+%s", NoteName, noteHash(public), base64.StdEncoding.EncodeToString(public))
}

// noteHash is the short name of a key, which the signature carries.
func noteHash(public []byte) uint32 {
	sum := sha256.Sum256(append([]byte(NoteName+"\n"), public...))
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
