package seal_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

func TestNotes(t *testing.T) {
	k, other := keyring(t, 1), keyring(t, 2)
	const text = "release r1\nabc  release-r1.csv\n"
	for _, by := range []seal.Signer{seal.ReleaseSigner, seal.ReceiptSigner} {
		signed, err := k.SignNote(by, text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := k.SignNote(by, text)
		if err != nil || !bytes.Equal(signed, again) {
			t.Errorf("%s: the same text has two signatures: %v", by, err)
		}
		if got, err := seal.OpenNote(signed, k.NoteKey(by)+"\n"); err != nil || got != text {
			t.Errorf("%s: opened %q, %v", by, got, err)
		}
		for why, c := range map[string]struct {
			signed []byte
			key    string
		}{
			"another council's key": {signed, other.NoteKey(by)},
			"no key":                {signed, ""},
			"half a key":            {signed, k.NoteKey(by)[:20]},
			"a changed text":        {bytes.Replace(signed, []byte("abc"), []byte("abd"), 1), k.NoteKey(by)},
			"a changed signature":   {[]byte(strings.Replace(string(signed), "— "+string(by)+" ", "— "+string(by)+" A", 1)), k.NoteKey(by)},
			"no signature":          {[]byte(text), k.NoteKey(by)},
			"nothing":               {nil, k.NoteKey(by)},
		} {
			if got, err := seal.OpenNote(c.signed, c.key); !errors.Is(err, seal.ErrSignature) || got != "" {
				t.Errorf("%s, %s: %q, %v", by, why, got, err)
			}
		}
	}
	signed, err := k.SignNote(seal.ReleaseSigner, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenNote(signed, k.NoteKey(seal.ReceiptSigner)); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("a release opens with the key of receipts: %v", err)
	}
}

// What partners hold already must verify for good: the release key and its signatures never change.
func TestReleaseKeyStays(t *testing.T) {
	k := keyring(t, 1)
	if key := k.NoteKey(seal.ReleaseSigner); key != "folkmoot-release+bccac4a3+AXgFP3pBS0p3JOR9d3Ya1+jWYEJvUrpMtW5kssAGhNZ5" {
		t.Errorf("the release key is %s", key)
	}
	const want = "release r1\n\n— folkmoot-release vMrEo/BWfj1JHFP+Xw51eXPNjzvYJMelF8FRikwHsjKR63uLgOga2MWPBpEoKlhH8O+/Y7CUoGpglsc+NzlHK8D3ywk=\n"
	if signed, err := k.SignNote(seal.ReleaseSigner, "release r1\n"); err != nil || string(signed) != want {
		t.Errorf("the signature is %q, %v", signed, err)
	}
}

func TestSignatures(t *testing.T) {
	k, other := keyring(t, 1), keyring(t, 2)
	text := []byte(`{"a":1}` + "\n")
	good, key := k.Signature(seal.ReceiptSigner, text), k.NoteKey(seal.ReceiptSigner)
	if k.Signature(seal.ReceiptSigner, text) != good {
		t.Error("the same text has two signatures")
	}
	if err := seal.CheckSignature(seal.ReceiptSigner, text, good, "\n"+key+"\r\n"); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		why                  string
		text, signature, key string
	}{
		{"another council's key", string(text), good, other.NoteKey(seal.ReceiptSigner)},
		{"the release key", string(text), good, k.NoteKey(seal.ReleaseSigner)},
		{"signed by the release key", string(text), k.Signature(seal.ReleaseSigner, text), k.NoteKey(seal.ReleaseSigner)},
		{"no key", string(text), good, ""},
		{"half a key", string(text), good, key[:30]},
		{"a changed text", `{"a":2}` + "\n", good, key},
		{"a line end less", `{"a":1}`, good, key},
		{"no signature", string(text), "", key},
		{"a signature that is cut", string(text), good[:40], key},
		{"no base64", string(text), strings.Repeat("*", 88), key},
		{"another text's signature", string(text), k.Signature(seal.ReceiptSigner, []byte("x")), key},
	} {
		if err := seal.CheckSignature(seal.ReceiptSigner, []byte(c.text), c.signature, c.key); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	if err := seal.CheckKey(seal.ReceiptSigner, key+"\n"); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "x", key[:30], k.NoteKey(seal.ReleaseSigner)} {
		if seal.CheckKey(seal.ReceiptSigner, bad) == nil {
			t.Errorf("%q passes for a receipt key", bad)
		}
	}
	// Any Ed25519 library can check: the key is 32 bytes behind one that names the algorithm.
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(key, "+", 3)[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	signature, err := base64.StdEncoding.DecodeString(good)
	if err != nil || !ed25519.Verify(raw[1:], text, signature) {
		t.Errorf("plain Ed25519 does not verify: %v", err)
	}
}

// One key for each use: what the council signed as a list of checksums is no checkpoint, and the other way round.
func TestNotesOfOneUseAreWorthNothingForAnother(t *testing.T) {
	k := keyring(t, 1)
	head := seal.Head{Log: "audit", Size: 1}
	signed, err := k.SignNote(seal.ReleaseSigner, head.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenHead(signed, k.NoteKey(seal.AuditSigner)); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("a release note as a checkpoint: %v", err)
	}
	if _, err := seal.OpenNote(signed, k.NoteKey(seal.ReleaseSigner)); err != nil {
		t.Errorf("the note itself: %v", err)
	}
}
