package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/store/storetest"
)

func TestAnchorFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anchor")
	storetest.Anchors(t, store.AnchorFile(path))
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is for its owner only: %v, %v", info, err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("beside it lies %v, %v", left, err)
	}
}

// A file that is damaged, emptied or replaced by something else is never "no anchor": it reads as a note that nobody signed, and only whoever
// read it may replace it.
func TestSpoiledAnchorFile(t *testing.T) {
	for why, content := range map[string]string{"emptied": "", "no JSON": "{", "another JSON": `[1]`, "null": "null"} {
		path := filepath.Join(t.TempDir(), "anchor")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		place := store.AnchorFile(path)
		note, err := place.Anchor(t.Context(), privacy.AuditLog)
		if err != nil || string(note) != content || note == nil {
			t.Errorf("%s: %q, %v", why, note, err)
		}
		if err := place.PutAnchor(t.Context(), privacy.AuditLog, nil, []byte("n")); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: replaced as if there were none: %v", why, err)
		}
		if err := place.PutAnchor(t.Context(), privacy.AuditLog, note, []byte("n")); err != nil {
			t.Errorf("%s: %v", why, err)
		}
		if now, err := place.Anchor(t.Context(), privacy.AuditLog); err != nil || string(now) != "n" {
			t.Errorf("%s: replaced on purpose: %q, %v", why, now, err)
		}
	}
	blocked := store.AnchorFile(filepath.Join(t.TempDir(), "absent", "anchor"))
	if err := blocked.PutAnchor(t.Context(), privacy.AuditLog, nil, []byte("n")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a directory that is not there: %v", err)
	}
	if _, err := store.AnchorFile(t.TempDir()).Anchor(t.Context(), privacy.AuditLog); err == nil {
		t.Error("a directory passes for a file without anchors")
	}
}
