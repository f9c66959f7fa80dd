package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

func keyring(t testing.TB, fill byte) *seal.Keyring {
	t.Helper()
	k, err := seal.NewKeyring(bytes.Repeat([]byte{fill}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealOpens(t *testing.T) {
	k := keyring(t, 1)
	place := seal.Place("response", "3f9c", "comment")
	for _, plain := range []string{"", "x", strings.Repeat("Mae'r llyfrgell yn wych. ", 500)} {
		sealed := k.Seal("free-text", []byte(plain), place)
		if len(sealed) != len(plain)+seal.Overhead {
			t.Errorf("overhead is %d, want %d", len(sealed)-len(plain), seal.Overhead)
		}
		if len(plain) > 8 && bytes.Contains(sealed, []byte(plain)) { // a single letter turns up by chance
			t.Error("plaintext shows")
		}
		got, err := k.Open("free-text", sealed, place)
		if err != nil || string(got) != plain {
			t.Errorf("opened %q, %v", got, err)
		}
	}
	if bytes.Equal(k.Seal("free-text", []byte("same"), place), k.Seal("free-text", []byte("same"), place)) {
		t.Error("two sealings of one text are equal: an observer of the database could tell equal answers")
	}
}

// security.md T6, T9: whoever edits the database can destroy a sealed value but neither change nor move it.
func TestSealRejectsEveryChangedByte(t *testing.T) {
	k := keyring(t, 1)
	place := seal.Place("response", "3f9c", "comment")
	sealed := k.Seal("free-text", []byte("keep the bus"), place)
	for i := range sealed {
		for _, flip := range []byte{1, 0x80, 0xff} {
			bad := bytes.Clone(sealed)
			bad[i] ^= flip
			if got, err := k.Open("free-text", bad, place); err == nil {
				t.Fatalf("byte %d changed by %#x: opened %q", i, flip, got)
			}
		}
	}
	for n := range sealed {
		if _, err := k.Open("free-text", sealed[:n], place); err == nil {
			t.Fatalf("cut to %d bytes: opened", n)
		}
	}
	if _, err := k.Open("free-text", append(bytes.Clone(sealed), 0), place); err == nil {
		t.Error("a byte added: opened")
	}
}

func TestSealIsBoundToItsPlace(t *testing.T) {
	k := keyring(t, 1)
	place := seal.Place("response", "3f9c", "comment")
	sealed := k.Seal("free-text", []byte("keep the bus"), place)
	for _, row := range []struct {
		why     string
		keys    *seal.Keyring
		purpose string
		place   []byte
		want    error
	}{
		{"another row", k, "free-text", seal.Place("response", "3f9d", "comment"), seal.ErrSealed},
		{"another column", k, "free-text", seal.Place("response", "3f9c", "comments"), seal.ErrSealed},
		{"another table", k, "free-text", seal.Place("draft", "3f9c", "comment"), seal.ErrSealed},
		{"letters moved between the parts of the place", k, "free-text", seal.Place("response3", "f9c", "comment"), seal.ErrSealed},
		{"no place", k, "free-text", nil, seal.ErrSealed},
		{"another purpose", k, "contact", place, seal.ErrSealed},
		{"another master key", keyring(t, 2), "free-text", place, seal.ErrOtherKey},
	} {
		if _, err := row.keys.Open(row.purpose, sealed, row.place); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", row.why, err, row.want)
		}
	}
}

// architecture.md 5: a record's key is wrapped and bound to its record; without it nothing of the record can be read.
func TestRecordKeys(t *testing.T) {
	k := keyring(t, 1)
	key, wrapped := k.NewRecordKey("response-1")
	other, otherWrapped := k.NewRecordKey("response-2")
	if key == other || bytes.Contains(wrapped, key[:]) {
		t.Fatal("record keys repeat or show in wrapped form")
	}
	got, err := k.Unwrap(wrapped, "response-1")
	if err != nil || got != key {
		t.Fatalf("unwrap: %v", err)
	}
	if _, err := k.Unwrap(otherWrapped, "response-1"); !errors.Is(err, seal.ErrSealed) {
		t.Errorf("another record's wrapped key: %v", err)
	}
	if _, err := keyring(t, 2).Unwrap(wrapped, "response-1"); !errors.Is(err, seal.ErrOtherKey) {
		t.Errorf("another master key: %v", err)
	}
	place := seal.Place("equality", "e1", "ethnic_group")
	sealed := seal.SealWith(key, []byte("canary"), place)
	if plain, err := seal.OpenWith(key, sealed, place); err != nil || string(plain) != "canary" {
		t.Errorf("open with: %q, %v", plain, err)
	}
	if _, err := seal.OpenWith(other, sealed, place); !errors.Is(err, seal.ErrOtherKey) {
		t.Errorf("another record's key: %v", err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := seal.OpenWith(key, bad, place); err == nil {
			t.Fatalf("byte %d changed: opened", i)
		}
		if i < len(wrapped) {
			bad = bytes.Clone(wrapped)
			bad[i] ^= 1
			if _, err := k.Unwrap(bad, "response-1"); err == nil {
				t.Fatalf("byte %d of a wrapped key changed: opened", i)
			}
		}
	}
}

func TestKeysStayOutOfLogs(t *testing.T) {
	k := keyring(t, 0xab)
	key, _ := k.NewRecordKey("r")
	for _, printed := range []string{fmt.Sprintf("%v %+v %#v %s", k, k, k, k), fmt.Sprintf("%v %+v %#v %s %x", key, key, key, key, key)} {
		if strings.Contains(printed, "abababab") || strings.Contains(printed, "171 171") || strings.Contains(printed, fmt.Sprintf("%x", key[:])) {
			t.Errorf("a key shows: %s", printed)
		}
	}
	if _, err := seal.NewKeyring(make([]byte, 31)); err == nil {
		t.Error("a short master key was taken")
	}
}

func FuzzOpen(f *testing.F) {
	k := keyring(f, 1)
	f.Add(k.Seal("p", []byte("text"), nil), []byte(nil))
	f.Add([]byte{1}, []byte("aad"))
	f.Fuzz(func(t *testing.T, sealed, aad []byte) {
		plain, err := k.Open("other", sealed, aad)
		if err == nil {
			t.Fatalf("opened %q, which nobody sealed", plain)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k := keyring(b, 1)
	text, place := []byte(strings.Repeat("a", 200)), seal.Place("response", "3f9c", "comment")
	for b.Loop() {
		k.Seal("free-text", text, place)
	}
}

func BenchmarkRecordKeySealAndOpen(b *testing.B) {
	k := keyring(b, 1)
	text, place := []byte(strings.Repeat("a", 200)), seal.Place("response", "3f9c", "comment")
	for b.Loop() {
		_, wrapped := k.NewRecordKey("r")
		key, _ := k.Unwrap(wrapped, "r")
		if _, err := seal.OpenWith(key, seal.SealWith(key, text, place), place); err != nil {
			b.Fatal(err)
		}
	}
}
