package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Signer names one of the council's signing keys (Ed25519): one for each use, so that what is signed for one use proves nothing in another.
// It is also the name by which the public key and signed notes call themselves.
type Signer string

// The signers.
const (
	ReleaseSigner Signer = "folkmoot-release" // checksums of released files
	ReceiptSigner Signer = "folkmoot-receipt" // consent receipts
	AuditSigner   Signer = "folkmoot-audit"   // checkpoints of the audit log and the consent ledger
	BackupSigner  Signer = "folkmoot-backup"  // manifests of backups
)

// algEd25519 is the byte that names the algorithm in keys of signed notes.
const algEd25519 = 1

// signingKey returns the signer's key, derived from the master key: the same signature whenever it is asked for.
func (k *Keyring) signingKey(by Signer) ed25519.PrivateKey {
	use, ok := strings.CutPrefix(string(by), "folkmoot-")
	if !ok || use == "" {
		panic("seal: no signer " + string(by)) // a programming error
	}
	return ed25519.NewKeyFromSeed(k.derive(use+"-signing", ed25519.SeedSize))
}

// SignNote signs a text that ends with a line feed. The result is the text and its signature, as golang.org/x/mod/sumdb/note defines it.
func (k *Keyring) SignNote(by Signer, text string) ([]byte, error) {
	key := k.signingKey(by)
	public := append([]byte{algEd25519}, key.Public().(ed25519.PublicKey)...)
	secret := append([]byte{algEd25519}, key.Seed()...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", by, noteHash(by, public), base64.StdEncoding.EncodeToString(secret)))
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a note: %w", err)
	}
	return signed, nil
}

// NoteKey returns the signer's public key that OpenNote and CheckSignature want: one line, for everybody.
func (k *Keyring) NoteKey(by Signer) string {
	public := append([]byte{algEd25519}, k.signingKey(by).Public().(ed25519.PublicKey)...)
	return fmt.Sprintf("%s+%08x+%s", by, noteHash(by, public), base64.StdEncoding.EncodeToString(public))
}

// noteHash is the short name of a key, which the signature of a note carries.
func noteHash(by Signer, public []byte) uint32 {
	sum := sha256.Sum256(append([]byte(string(by)+"\n"), public...))
	return binary.BigEndian.Uint32(sum[:])
}

// OpenNote returns the text of a signed note if the public key signed it, and ErrSignature if not.
func OpenNote(signed []byte, key string) (string, error) {
	verifier, err := verifierOf(key)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", fmt.Errorf("%w: the note was not signed by this key, or was changed", ErrSignature)
	}
	return opened.Text, nil
}

func verifierOf(key string) (note.Verifier, error) {
	verifier, err := note.NewVerifier(string(bytes.TrimSpace([]byte(key))))
	if err != nil {
		return nil, fmt.Errorf("%w: this is no public key of a council", ErrSignature)
	}
	return verifier, nil
}

// Signature signs bytes and returns the bare Ed25519 signature (RFC 8032) in base64: for what carries its signature in a form of its own.
func (k *Keyring) Signature(by Signer, signed []byte) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k.signingKey(by), signed))
}

// CheckSignature returns nil if the signer's public key made the signature of the bytes, and ErrSignature if not: changed bytes, another
// key, or the key of another use.
func CheckSignature(by Signer, signed []byte, signature, key string) error {
	verifier, err := verifierOf(key)
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil || len(raw) != ed25519.SignatureSize || verifier.Name() != string(by) || !verifier.Verify(signed, raw) {
		return ErrSignature
	}
	return nil
}

// CheckKey returns an error that says why the line is no public key of the signer, or nil.
func CheckKey(by Signer, key string) error {
	verifier, err := verifierOf(key)
	if err != nil {
		return errors.New("this is no public key of a council")
	}
	if verifier.Name() != string(by) {
		return fmt.Errorf("this is a key for another use: %s, not %s", verifier.Name(), by)
	}
	return nil
}
