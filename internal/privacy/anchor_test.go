package privacy_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

func TestLogAnchor(t *testing.T) {
	keys, other := keyring(t, 1), keyring(t, 2)
	hash := strings.Repeat("ab", 32)
	at := time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)
	for why, a := range map[string]privacy.LogAnchor{
		"as it is kept every ten minutes": {Log: privacy.AuditLog, Anchor: privacy.Anchor{Sequence: 12300, Hash: hash}, At: at},
		"after a backup was put back":     {Log: privacy.ConsentLog, Anchor: privacy.Anchor{Sequence: 5, Hash: hash}, At: at.Add(time.Hour), Since: at, Before: privacy.Anchor{Sequence: 9, Hash: hash}},
		"a backup of an empty log":        {Log: privacy.ConsentLog, At: at, Since: at, Before: privacy.Anchor{Sequence: 9, Hash: hash}},
	} {
		note, err := a.Sign(keys)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := privacy.OpenLogAnchor(note, keys.NoteKey(seal.AuditSigner), a.Log); err != nil || got != a {
			t.Errorf("%s: %+v, %v", why, got, err)
		}
		if _, err := privacy.OpenLogAnchor(note, other.NoteKey(seal.AuditSigner), a.Log); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("%s: with another council's key: %v", why, err)
		}
		if _, err := privacy.OpenLogAnchor(bytes.Replace(note, []byte("\n"+"at "), []byte("\n"+"at  "), 1), keys.NoteKey(seal.AuditSigner), a.Log); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("%s: changed: %v", why, err)
		}
		if _, err := privacy.OpenLogAnchor(note, keys.NoteKey(seal.AuditSigner), "other"); err == nil {
			t.Errorf("%s: it passes for the anchor of another log", why)
		}
		if _, err := seal.OpenHead(note, keys.NoteKey(seal.AuditSigner)); err == nil {
			t.Errorf("%s: it passes for a checkpoint", why)
		}
	}
	head, err := keys.SignHead(seal.Head{Log: "audit", Size: 5})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := privacy.OpenLogAnchor(head, keys.NoteKey(seal.AuditSigner), privacy.AuditLog); err == nil {
		t.Error("a checkpoint, which everybody can have, passes for an anchor")
	}
	good := privacy.LogAnchor{Log: privacy.AuditLog, Anchor: privacy.Anchor{Sequence: 12300, Hash: hash}, At: at}.String()
	for why, text := range map[string]string{
		"nothing": "", "no entries, and a hash": strings.Replace(good, "12300", "0", 1), "a number below zero": strings.Replace(good, "12300", "-1", 1),
		"half a hash": strings.Replace(good, hash, hash[:32], 1), "a number written otherwise": strings.Replace(good, "12300", "012300", 1),
		"a line more": good + "\n", "a line less": good[:len(good)-1], "no time": strings.Replace(good, "at 2026-03-29T01:30:00Z", "at ", 1),
		"another zone": strings.Replace(good, "01:30:00Z", "02:30:00+01:00", 1), "another log": strings.Replace(good, "anchor audit", "anchor x", 1),
	} {
		if a, err := privacy.ParseLogAnchor(text); err == nil {
			t.Errorf("%s: %+v", why, a)
		}
	}
	if a, err := privacy.ParseLogAnchor(good); err != nil || a.String() != good {
		t.Errorf("%v", err)
	}
}
