package seal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

func TestNotes(t *testing.T) {
	k, other := keyring(t, 1), keyring(t, 2)
	const text = "release r1\nabc  release-r1.csv\n"
	signed, err := k.SignNote(text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.SignNote(text)
	if err != nil || !bytes.Equal(signed, again) {
		t.Errorf("the same text has two signatures: %v", err)
	}
	if got, err := seal.OpenNote(signed, k.NoteKey()+"\n"); err != nil || got != text {
		t.Errorf("opened %q, %v", got, err)
	}
	for why, c := range map[string]struct {
		signed []byte
		key    string
	}{
		"another council's key": {signed, other.NoteKey()},
		"no key":                {signed, ""},
		"half a key":            {signed, k.NoteKey()[:20]},
		"a changed text":        {bytes.Replace(signed, []byte("abc"), []byte("abd"), 1), k.NoteKey()},
		"a changed signature":   {[]byte(strings.Replace(string(signed), "— "+seal.NoteName+" ", "— "+seal.NoteName+" A", 1)), k.NoteKey()},
		"no signature":          {[]byte(text), k.NoteKey()},
		"nothing":               {nil, k.NoteKey()},
	} {
		if got, err := seal.OpenNote(c.signed, c.key); !errors.Is(err, seal.ErrSignature) || got != "" {
			t.Errorf("%s: %q, %v", why, got, err)
		}
	}
}
