package seal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// masterHeader is the first line of a master key file; the number is the version of the format.
const masterHeader = "folkmoot-master-key 1"

// CreateMaster makes a new random master key and writes it to a file that must not exist yet (mode 0600, synced with
// its directory). Losing the file loses every sealed value; a second copy belongs in a safe.
func CreateMaster(path string) (*Keyring, error) {
	var master [KeySize]byte
	rand.Read(master[:])
	k, err := NewKeyring(master[:])
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\nid %s\nkey %s\n", masterHeader, k.ID(), hex.EncodeToString(master[:]))
	if err := writeNew(path, text); err != nil {
		return nil, fmt.Errorf("create master key: %w", err)
	}
	return k, nil
}

func writeNew(path, text string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			os.Remove(path) // half a key is worse than none
		}
	}()
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// OpenMaster reads a master key file. It refuses a file that others can read or that the group can write, one that is
// not a regular file, an unknown version, a key of the wrong length, and a key that does not match its id. A missing
// file is fs.ErrNotExist.
func OpenMaster(path string) (*Keyring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open master key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open master key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("open master key: not a regular file")
	}
	if mode := info.Mode().Perm(); mode&fs.FileMode(0o027) != 0 {
		return nil, fmt.Errorf("open master key: mode %#o lets others in: want 0600 or 0440", mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return nil, fmt.Errorf("open master key: %w", err)
	}
	k, err := parseMaster(string(text))
	if err != nil {
		return nil, fmt.Errorf("open master key: %w", err)
	}
	return k, nil
}

// parseMaster never puts what it read into an error: it may be part of a key.
func parseMaster(text string) (*Keyring, error) {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	if lines[0] != masterHeader {
		return nil, errors.New("not a master key file of version 1")
	}
	if len(lines) != 3 {
		return nil, fmt.Errorf("master key file has %d lines, want 3", len(lines))
	}
	id, okID := strings.CutPrefix(lines[1], "id ")
	key, okKey := strings.CutPrefix(lines[2], "key ")
	master, err := hex.DecodeString(key)
	if !okID || !okKey || err != nil {
		return nil, errors.New("master key file is damaged")
	}
	k, err := NewKeyring(master)
	if err != nil {
		return nil, err
	}
	if k.ID() != id {
		return nil, errors.New("master key file is damaged: the key does not match its id")
	}
	return k, nil
}
