package seal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/internal/seal"
)

func TestMasterFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := seal.OpenMaster(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("missing file: %v", err)
	}
	made, err := seal.CreateMaster(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	opened, err := seal.OpenMaster(path)
	if err != nil || opened.ID() != made.ID() || opened.CodeFor("t") != made.CodeFor("t") {
		t.Fatalf("the file does not hold the key that was made: %v", err)
	}
	if _, err := seal.CreateMaster(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a key was made over another one: %v", err)
	}
	if again, err := seal.OpenMaster(path); err != nil || again.ID() != made.ID() {
		t.Errorf("the key is gone after a second try to make one: %v", err)
	}
	if _, err := seal.CreateMaster(filepath.Join(t.TempDir(), "no", "folder")); err == nil {
		t.Error("a key was made in a folder that is not there")
	}
}

func TestMasterFileRefused(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	if _, err := seal.CreateMaster(good); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSpace(strings.SplitAfter(string(text), "key ")[2])
	for _, row := range []struct {
		why  string
		text string
		mode fs.FileMode
		want string // "" = opens
	}{
		{"mounted secret that the group may read", string(text), 0o440, ""},
		{"line ends of another system", strings.ReplaceAll(string(text), "\n", "\r\n"), 0o600, ""},
		{"others may read it", string(text), 0o644, "mode"},
		{"others may write it", string(text), 0o602, "mode"},
		{"the group may write it", string(text), 0o660, "mode"},
		{"another version", strings.Replace(string(text), "key 1", "key 2", 1), 0o600, "version"},
		{"empty", "", 0o600, "version"},
		{"half written", string(text[:40]), 0o600, "want"},
		{"a key too short", strings.Replace(string(text), secret, secret[:62], 1), 0o600, "bytes"},
		{"not hex", strings.Replace(string(text), secret, strings.Repeat("z", 64), 1), 0o600, "damaged"},
		{"a digit changed", strings.Replace(string(text), secret, flip(secret), 1), 0o600, "id"},
		{"a line more", string(text) + "key " + secret + "\n", 0o600, "lines"},
	} {
		path := filepath.Join(dir, "case")
		if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, row.mode); err != nil {
			t.Fatal(err)
		}
		_, err := seal.OpenMaster(path)
		switch {
		case row.want == "" && err != nil:
			t.Errorf("%s: %v", row.why, err)
		case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
			t.Errorf("%s: %v, want %q", row.why, err, row.want)
		case err != nil && strings.Contains(err.Error(), secret[:16]):
			t.Errorf("%s: the error shows the key", row.why)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := seal.OpenMaster(dir); err == nil {
		t.Error("a folder was opened as a key")
	}
}

func flip(hex string) string {
	if hex[0] == '0' {
		return "1" + hex[1:]
	}
	return "0" + hex[1:]
}
