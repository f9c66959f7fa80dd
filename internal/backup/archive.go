package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/seal"
)

// File is one sealed file of a backup.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // bytes, sealed
	SHA256 string `json:"sha256"` // of the sealed bytes, hex
}

// LogEnd is the last entry of a log that a backup certainly holds.
type LogEnd struct {
	Log  string `json:"log"`
	Size int64  `json:"size"`
	Hash string `json:"hash,omitempty"`
}

// Manifest says what a backup is. It holds nothing of what is in it.
type Manifest struct {
	MadeAt     time.Time        `json:"made_at"` // UTC, before the first copy: what was acknowledged by then is in it
	Program    string           `json:"program"`
	Engine     string           `json:"engine"` // "sqlite" or "postgres"
	MasterKey  string           `json:"master_key"`
	Generation string           `json:"generation"`
	Until      time.Time        `json:"readable_until"` // UTC: when the key of the generation is destroyed at the latest
	Logs       []LogEnd         `json:"logs"`
	Erasures   consult.ListHead `json:"erasures"`
	Files      []File           `json:"files"`
}

const (
	manifestName   = "MANIFEST"
	manifestHeader = "folkmoot backup 1\n"
	sealedFile     = ".sealed"
	// scratchPrefix begins the name of a backup that is not whole yet.
	scratchPrefix = ".unfinished-"
)

// Source is one part of a backup: its name, and what writes its content.
type Source struct {
	Name string
	Copy func(io.Writer) error
}

func place(m Manifest, name string) []byte {
	return seal.Place("backup", m.Generation+"|"+m.MadeAt.Format(time.RFC3339), name)
}

// Create writes a backup into a new directory below to, sealed under the key of its generation, and returns the directory. It has the name of a backup
// only when every byte of it is durable. m needs no Files.
func Create(to string, keys *seal.Keyring, key seal.RecordKey, m Manifest, sources []Source) (dir string, err error) {
	m.MadeAt = m.MadeAt.UTC().Truncate(time.Second)
	name := "folkmoot-" + m.MadeAt.Format(idTime) + "-" + seal.RandomID()[:8]
	part := filepath.Join(to, scratchPrefix+name)
	if err := os.Mkdir(part, 0o700); err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(part) // sealed bytes only
		}
	}()
	m.Files = nil
	for _, source := range sources {
		file, err := sealFile(filepath.Join(part, source.Name+sealedFile), key, place(m, source.Name), source)
		if err != nil {
			return "", fmt.Errorf("back up %s: %w", source.Name, err)
		}
		m.Files = append(m.Files, file)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "", err
	}
	signed, err := keys.SignNote(seal.BackupSigner, manifestHeader+string(text)+"\n")
	if err != nil {
		return "", err
	}
	if err := writeFile(filepath.Join(part, manifestName), signed); err != nil {
		return "", err
	}
	if err := syncDir(part); err != nil {
		return "", err
	}
	dir = filepath.Join(to, name)
	if err := os.Rename(part, dir); err != nil {
		return "", err
	}
	return dir, syncDir(to)
}

func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// counted counts and hashes what is written to a file.
type counted struct {
	to   io.Writer
	size int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.size += int64(n)
	return n, err
}

func sealFile(path string, key seal.RecordKey, place []byte, source Source) (out File, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	to := &counted{to: io.MultiWriter(f, sum)}
	stream, err := seal.SealStream(to, key, place)
	if err != nil {
		return out, err
	}
	if err := source.Copy(stream); err != nil {
		return out, err
	}
	if err := stream.Close(); err != nil {
		return out, err
	}
	return File{Name: source.Name, Size: to.size, SHA256: hex.EncodeToString(sum.Sum(nil))}, f.Sync()
}

// Read returns the manifest of a backup, which the holder of the master key signed, and checks that its files are those that it names.
func Read(dir string, keys *seal.Keyring) (*Manifest, error) {
	signed, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	text, err := seal.OpenNote(signed, keys.NoteKey(seal.BackupSigner))
	if err != nil {
		return nil, fmt.Errorf("this is no backup of this installation: %w", err)
	}
	body, ok := strings.CutPrefix(text, manifestHeader)
	if !ok {
		return nil, errors.New("the manifest is of another version")
	}
	var m Manifest
	in := json.NewDecoder(bytes.NewReader([]byte(body)))
	in.DisallowUnknownFields()
	if err := in.Decode(&m); err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	for _, f := range m.Files {
		if f.Name != filepath.Base(f.Name) {
			return nil, fmt.Errorf("the manifest names the file %q", f.Name)
		}
		if err := f.check(dir); err != nil {
			return nil, err
		}
	}
	return &m, nil
}

func (f File) check(dir string) error {
	in, err := os.Open(filepath.Join(dir, f.Name+sealedFile))
	if err != nil {
		return err
	}
	defer in.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, in)
	if err != nil {
		return err
	}
	if size != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%s%s is not as it was written", f.Name, sealedFile)
	}
	return nil
}

// Extract writes a part of a backup in clear to a file that must not be there yet; "" only checks that it opens.
func Extract(dir string, m *Manifest, key seal.RecordKey, name, to string) (err error) {
	in, err := os.Open(filepath.Join(dir, name+sealedFile))
	if err != nil {
		return err
	}
	defer in.Close()
	plain, err := seal.OpenStream(in, key, place(*m, name))
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	if to == "" {
		_, err = io.Copy(io.Discard, plain)
	} else {
		err = extractTo(to, plain)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	return nil
}

func extractTo(path string, plain io.Reader) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, plain); err != nil {
		return err
	}
	return out.Sync()
}

// Unfinished lists what interrupted backups left below a directory; it is sealed, and can be removed.
func Unfinished(to string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(to, scratchPrefix+"*"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return found, err
}
