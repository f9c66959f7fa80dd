// Package backup answers: what can be brought back, until when, and what must not come back?
//
// It keeps three things outside the databases: the keys of the generations of backups, the list of what was erased, and sealed copies with their signed
// manifest. A copy opens with the key of its generation only; the key is destroyed after a stated number of days, and then nobody can read the copy,
// wherever it lies (architecture.md 5; privacy.md 6, step 7). It must never write a key, or anything in clear, into a copy.
//
// Reviewer: council IT.
package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// syncDir makes what was renamed, made or removed in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Publish gives a directory that was restored its name, durably.
func Publish(part, dir string) error {
	if err := syncDir(part); err != nil {
		return err
	}
	if err := os.Rename(part, dir); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// shred overwrites a file with zeros, durably, and removes it. Whether the disk kept an older copy of the blocks is not ours to see: docs/backups.md says
// where it may.
func shred(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = zeros(f, info.Size())
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("overwrite %s: %w", filepath.Base(path), err)
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func zeros(f *os.File, size int64) error {
	blank := make([]byte, 1<<20)
	for at := int64(0); at < size; at += int64(len(blank)) {
		if _, err := f.WriteAt(blank[:min(int64(len(blank)), size-at)], at); err != nil {
			return err
		}
	}
	return nil
}

// ClearScratch overwrites and removes what an interrupted backup or restore left in a directory. A directory that is not there is no error.
func ClearScratch(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			return fmt.Errorf("%s holds something that is no file of a backup", dir)
		}
		if err := shred(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return os.Remove(dir)
}
