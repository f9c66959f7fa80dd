package backup_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func keyring(t testing.TB, b byte) *seal.Keyring {
	t.Helper()
	k, err := seal.NewKeyring(bytes.Repeat([]byte{b}, seal.KeySize))
	ok(t, err)
	return k
}

func erasure(i int) consult.Erasure {
	return consult.Erasure{ID: fmt.Sprint("e", i), Kind: consult.ErasedResponse, Tokens: []string{fmt.Sprintf("token-%d", i)}, At: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)}
}

func entries(t testing.TB, l *backup.List, after int64) (ids string) {
	t.Helper()
	ok(t, l.Each(after, func(e consult.Erasure) error { ids += e.ID + " "; return nil }))
	return strings.TrimSpace(ids)
}

func TestListIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.erased")
	l, err := backup.OpenList(path, keyring(t, 1))
	ok(t, err)
	if head, err := l.Head(); err != nil || head.Entries != 0 || head.Hash != "" || head.List == "" {
		t.Errorf("a new list: %+v, %v", head, err)
	}
	first, err := l.Append([]consult.Erasure{erasure(1), erasure(2)})
	ok(t, err)
	other, err := backup.OpenList(path, keyring(t, 1)) // another process
	ok(t, err)
	second, err := other.Append([]consult.Erasure{erasure(3)})
	ok(t, err)
	if first.Entries != 2 || second.Entries != 3 || first.List != second.List || first.Hash == second.Hash {
		t.Errorf("%+v, %+v", first, second)
	}
	if head, err := l.Head(); err != nil || head != second {
		t.Errorf("what another process added: %+v, %v", head, err)
	}
	if got := entries(t, l, 0); got != "e1 e2 e3" {
		t.Error(got)
	}
	if got := entries(t, l, 2); got != "e3" {
		t.Error(got)
	}
	if hash, err := l.HashAt(2); err != nil || hash != first.Hash {
		t.Errorf("%q, %v", hash, err)
	}
	if hash, err := l.HashAt(0); err != nil || hash != "" {
		t.Errorf("%q, %v", hash, err)
	}
	if _, err := l.HashAt(4); !fault.Is(err, fault.NotFound) {
		t.Errorf("an entry that is not there: %v", err)
	}
	raw, err := os.ReadFile(path)
	ok(t, err)
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 || bytes.Contains(raw, []byte("token-1")) || bytes.Contains(raw, []byte("response")) {
		t.Errorf("mode %v, %s", info.Mode(), raw)
	}
	if _, err := backup.OpenList(path, keyring(t, 2)); err == nil {
		t.Error("opened with another master key")
	}
}

// TestListThatWasChanged: what is not as it was written does not open; half a line at the end is what a crash leaves, and was never acknowledged.
func TestListThatWasChanged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "data.erased")
	l, err := backup.OpenList(path, keyring(t, 1))
	ok(t, err)
	for i := range 5 {
		_, err := l.Append([]consult.Erasure{erasure(i)})
		ok(t, err)
	}
	raw, err := os.ReadFile(path)
	ok(t, err)
	lines := strings.SplitAfter(string(raw), "\n") // header, five lines, nothing
	join := func(which ...int) string {
		var b strings.Builder
		for _, i := range which {
			b.WriteString(lines[i])
		}
		return b.String()
	}
	for _, row := range []struct {
		why, text string
		entries   int // -1: does not open
	}{
		{"as it was", join(0, 1, 2, 3, 4, 5), 5},
		{"half a line at the end", join(0, 1, 2) + lines[3][:40], 2},
		{"the end cut off: only a head kept elsewhere shows that", join(0, 1, 2, 3), 3},
		{"one left out", join(0, 1, 3, 4, 5), -1},
		{"the first left out", join(0, 2, 3, 4, 5), -1},
		{"two changed places", join(0, 1, 3, 2, 4, 5), -1},
		{"one twice", join(0, 1, 1, 2, 3, 4, 5), -1},
		{"a letter changed", join(0, 1) + flipped(lines[2]) + join(3, 4, 5), -1},
		{"another file", "hello\n", -1},
		{"half a header", listStart[:9], 0},
		{"nothing", "", 0},
	} {
		p := filepath.Join(dir, "changed")
		ok(t, os.WriteFile(p, []byte(row.text), 0o600))
		l, err := backup.OpenList(p, keyring(t, 1))
		if (err == nil) != (row.entries >= 0) {
			t.Errorf("%s: %v", row.why, err)
		}
		if err != nil {
			continue
		}
		head, err := l.Head()
		ok(t, err)
		if head.Entries != int64(row.entries) {
			t.Errorf("%s: %d entries", row.why, head.Entries)
		}
		after, err := l.Append([]consult.Erasure{erasure(9)})
		if err != nil || after.Entries != head.Entries+1 || !strings.HasSuffix(entries(t, l, 0), "e9") {
			t.Errorf("%s: one more: %+v, %v", row.why, after, err)
		}
	}
	ok(t, os.Chmod(path, 0o644))
	if _, err := backup.OpenList(path, keyring(t, 1)); err == nil {
		t.Error("a list that everybody can read")
	}
}

// flipped changes a letter in the middle of a line.
func flipped(line string) string {
	letter := "A"
	if line[60] == 'A' {
		letter = "B"
	}
	return line[:60] + letter + line[61:]
}

const listStart = "folkmoot-erasures 1 "

func TestListFromManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.erased")
	var group sync.WaitGroup
	for p := range 4 {
		group.Go(func() {
			l, err := backup.OpenList(path, keyring(t, 1))
			if err != nil {
				t.Error(err)
				return
			}
			for i := range 10 {
				if _, err := l.Append([]consult.Erasure{erasure(100*p + i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	l, err := backup.OpenList(path, keyring(t, 1))
	ok(t, err)
	if head, err := l.Head(); err != nil || head.Entries != 40 {
		t.Errorf("%+v, %v", head, err)
	}
}
