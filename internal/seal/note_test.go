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
	signed, err := k.SignNote(seal.ReleaseNote, text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.SignNote(seal.ReleaseNote, text)
	if err != nil || !bytes.Equal(signed, again) {
		t.Errorf("the same text has two signatures: %v", err)
	}
	if got, err := seal.OpenNote(signed, k.NoteKey(seal.ReleaseNote)+"\n"); err != nil || got != text {
		t.Errorf("opened %q, %v", got, err)
	}
	for why, c := range map[string]struct {
		signed []byte
		key    string
	}{
		"another council's key": {signed, other.NoteKey(seal.ReleaseNote)},
		"no key":                {signed, ""},
		"half a key":            {signed, k.NoteKey(seal.ReleaseNote)[:20]},
		"a changed text":        {bytes.Replace(signed, []byte("abc"), []byte("abd"), 1), k.NoteKey(seal.ReleaseNote)},
		"a changed signature":   {[]byte(strings.Replace(string(signed), "— "+string(seal.ReleaseNote)+" ", "— "+string(seal.ReleaseNote)+" A", 1)), k.NoteKey(seal.ReleaseNote)},
		"no signature":          {[]byte(text), k.NoteKey(seal.ReleaseNote)},
		"nothing":               {nil, k.NoteKey(seal.ReleaseNote)},
	} {
		if got, err := seal.OpenNote(c.signed, c.key); !errors.Is(err, seal.ErrSignature) || got != "" {
			t.Errorf("%s: %q, %v", why, got, err)
		}
	}
}

// Files and keys that the council handed out before there were other notes must verify for ever.
func TestReleaseNotesStayTheSame(t *testing.T) {
	k := keyring(t, 1)
	const key = "folkmoot-release+bccac4a3+AXgFP3pBS0p3JOR9d3Ya1+jWYEJvUrpMtW5kssAGhNZ5"
	const note = "release r1\n\n— folkmoot-release vMrEo/BWfj1JHFP+Xw51eXPNjzvYJMelF8FRikwHsjKR63uLgOga2MWPBpEoKlhH8O+/Y7CUoGpglsc+NzlHK8D3ywk=\n"
	if got := k.NoteKey(seal.ReleaseNote); got != key {
		t.Errorf("the release key is %s", got)
	}
	if got, err := k.SignNote(seal.ReleaseNote, "release r1\n"); err != nil || string(got) != note {
		t.Errorf("a release note is %q, %v", got, err)
	}
}

// One key for each use: what the council signed as a list of checksums is no checkpoint, and the other way round.
func TestNotesOfOneUseAreWorthNothingForAnother(t *testing.T) {
	k := keyring(t, 1)
	head := seal.Head{Log: "audit", Size: 1}
	signed, err := k.SignNote(seal.ReleaseNote, head.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenHead(signed, k.NoteKey(seal.AuditNote)); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("a release note as a checkpoint: %v", err)
	}
	if _, err := seal.OpenNote(signed, k.NoteKey(seal.ReleaseNote)); err != nil {
		t.Errorf("the note itself: %v", err)
	}
}
