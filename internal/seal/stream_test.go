package seal

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/chacha20poly1305"
)

func sealedStream(t *testing.T, key RecordKey, plain []byte, place string, pieces int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := SealStream(&out, key, []byte(place))
	if err != nil {
		t.Fatal(err)
	}
	for len(plain) > 0 {
		n := min(len(plain), pieces)
		if written, err := w.Write(plain[:n]); written != n || err != nil {
			t.Fatal(written, err)
		}
		plain = plain[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("a closed stream takes more")
	}
	return out.Bytes()
}

func openedStream(key RecordKey, sealed []byte, place string) ([]byte, error) {
	r, err := OpenStream(bytes.NewReader(sealed), key, []byte(place))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestStreamComesBack(t *testing.T) {
	key := RecordKey{1, 2, 3}
	for _, size := range []int{0, 1, streamChunk - 1, streamChunk, streamChunk + 1, 3 * streamChunk, 3*streamChunk + 7} {
		for _, pieces := range []int{1 << 20, 1000, streamChunk} {
			plain := bytes.Repeat([]byte("abcdefg"), size/7+1)[:size]
			sealed := sealedStream(t, key, plain, "main", pieces)
			got, err := openedStream(key, sealed, "main")
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%d bytes in pieces of %d: %d back, %v", size, pieces, len(got), err)
			}
			if size > 6 && bytes.Contains(sealed, []byte("abcdefg")) {
				t.Errorf("%d bytes: the text lies in the stream", size)
			}
			r, err := OpenStream(iotest.OneByteReader(bytes.NewReader(sealed[:min(len(sealed), 5000)])), key, []byte("main"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(r); (err == nil) != (len(sealed) <= 5000) {
				t.Errorf("%d bytes, read one by one and cut off at 5000: %v", size, err)
			}
		}
	}
}

// TestStreamThatWasChanged: whatever happens to the bytes of a stream, it does not open.
func TestStreamThatWasChanged(t *testing.T) {
	key := RecordKey{1, 2, 3}
	const chunk = streamChunk + chacha20poly1305.Overhead
	plain := bytes.Repeat([]byte("0123456789abcdef"), 3*streamChunk/16)
	plain = append(plain, "end"...)
	whole := sealedStream(t, key, plain, "main", 4096)
	even := sealedStream(t, key, plain[:2*streamChunk], "main", 4096)
	at := func(n int) int { return streamHeader + n*chunk }
	cut := func(s []byte, from, to int) []byte { return append(bytes.Clone(s[:from]), s[to:]...) }
	for _, row := range []struct {
		why    string
		sealed []byte
		place  string
		key    RecordKey
		want   error
	}{
		{"nothing", nil, "main", key, ErrSealed},
		{"half a header", whole[:20], "main", key, ErrSealed},
		{"the header alone", whole[:streamHeader], "main", key, ErrSealed},
		{"the last byte cut off", whole[:len(whole)-1], "main", key, ErrSealed},
		{"the last chunk cut off", whole[:at(3)], "main", key, ErrSealed},
		{"cut off in the middle of a chunk", whole[:at(1)+100], "main", key, ErrSealed},
		{"the last chunk cut off where all are full", even[:at(1)], "main", key, ErrSealed},
		{"a byte more", append(bytes.Clone(whole), 0), "main", key, ErrSealed},
		{"a chunk more", append(bytes.Clone(even), even[at(1):at(2)]...), "main", key, ErrSealed},
		{"the first chunk left out", cut(whole, at(0), at(1)), "main", key, ErrSealed},
		{"a middle chunk left out", cut(whole, at(1), at(2)), "main", key, ErrSealed},
		{"two chunks changed places", append(append(append(bytes.Clone(whole[:at(0)]), whole[at(1):at(2)]...), whole[at(0):at(1)]...), whole[at(2):]...), "main", key, ErrSealed},
		{"a chunk repeated", append(bytes.Clone(whole[:at(1)]), whole[at(0):]...), "main", key, ErrSealed},
		{"another place", whole, "keys", key, ErrSealed},
		{"another key", whole, "main", RecordKey{9}, ErrOtherKey},
		{"another version", append([]byte{2}, whole[1:]...), "main", key, ErrSealed},
	} {
		if got, err := openedStream(row.key, row.sealed, row.place); !errors.Is(err, row.want) {
			t.Errorf("%s: %d bytes, %v; want %v", row.why, len(got), err, row.want)
		}
	}
	for _, i := range []int{5, streamHeader - 1, streamHeader, at(1) - 1, at(1), at(2) + 77, len(whole) - 1} {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		if _, err := openedStream(key, changed, "main"); !errors.Is(err, ErrSealed) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	again := sealedStream(t, key, plain, "main", 4096)
	mixed := append(bytes.Clone(whole[:at(1)]), again[at(1):]...)
	if _, err := openedStream(key, mixed, "main"); !errors.Is(err, ErrSealed) {
		t.Errorf("chunks of two streams under one key: %v", err)
	}
}

func TestStreamSaysWhenTheDiskIsFull(t *testing.T) {
	if _, err := SealStream(&short{}, RecordKey{1}, nil); err == nil {
		t.Error("the header was not written and nobody says so")
	}
	w, err := SealStream(&short{left: streamHeader + 10}, RecordKey{1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 3*streamChunk)); err == nil {
		t.Error("a chunk was not written and nobody says so")
	}
	if err := w.Close(); err == nil {
		t.Error("nor at the end")
	}
}

// short is a disk with little room.
type short struct{ left int }

func (s *short) Write(p []byte) (int, error) {
	if len(p) > s.left {
		return 0, errors.New("disk full")
	}
	s.left -= len(p)
	return len(p), nil
}

// FuzzOpenStream: bytes from anywhere never open and never panic.
func FuzzOpenStream(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte("x"))
	f.Fuzz(func(t *testing.T, noise, plain []byte) {
		key := RecordKey{4}
		if _, err := openedStream(key, noise, "p"); err == nil {
			t.Error("noise opens")
		}
		var out bytes.Buffer
		w, err := SealStream(&out, key, []byte("p"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := openedStream(key, out.Bytes(), "p"); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%v", err)
		}
	})
}

// The key of a generation of backups is bound to the generation, and is no record's key.
func TestBackupKeys(t *testing.T) {
	k, err := NewKeyring(bytes.Repeat([]byte{1}, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewKeyring(bytes.Repeat([]byte{2}, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	key, wrapped := k.NewBackupKey("g1")
	if got, err := k.UnwrapBackupKey(wrapped, "g1"); err != nil || got != key || bytes.Contains(wrapped, key[:]) {
		t.Errorf("%v", err)
	}
	for why, open := range map[string]func() (RecordKey, error){
		"another generation":  func() (RecordKey, error) { return k.UnwrapBackupKey(wrapped, "g2") },
		"another master key":  func() (RecordKey, error) { return other.UnwrapBackupKey(wrapped, "g1") },
		"as a record's key":   func() (RecordKey, error) { return k.Unwrap(wrapped, "g1") },
		"half of it":          func() (RecordKey, error) { return k.UnwrapBackupKey(wrapped[:20], "g1") },
		"a record's key here": func() (RecordKey, error) { _, w := k.NewRecordKey("g1"); return k.UnwrapBackupKey(w, "g1") },
	} {
		if _, err := open(); err == nil {
			t.Errorf("%s: opened", why)
		}
	}
}
