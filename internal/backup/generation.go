package backup

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/seal"
)

// Generation is one key that backups of some time are sealed under. With the key every one of them becomes unreadable.
type Generation struct {
	ID          string
	MadeAt      time.Time // UTC
	Days        int       // after which it has to be destroyed, as the council had set when it was made
	DestroyedAt time.Time // UTC; zero while the key is there
}

// Due is when the key has to be destroyed: after the days that were set when it was made, or after those that are set now if they are fewer. No backup
// made before an erasure is then readable later than that many days after the erasure, which is what certificates say.
func (g Generation) Due(days int) time.Time { return g.MadeAt.AddDate(0, 0, min(g.Days, days)) }

// Generations is the directory of the keys, each wrapped by the master key. It lies beside the master key, outside the data directory, and must be in no
// backup: what is copied elsewhere is not destroyed here.
type Generations struct {
	dir  string
	keys *seal.Keyring
}

// OpenGenerations returns the generations of a directory, which need not be there yet.
func OpenGenerations(dir string, keys *seal.Keyring) *Generations { return &Generations{dir, keys} }

const (
	keyHeader  = "folkmoot-backup-key 1"
	keyFile    = ".key"
	goneFile   = ".destroyed"
	idTime     = "20060102T150405Z"
	oldestDays = 365
)

// bound is what the wrapped key is bound to: nobody can give a generation more days.
func (g Generation) bound() string {
	return strings.Join([]string{g.ID, g.MadeAt.UTC().Format(time.RFC3339), strconv.Itoa(g.Days)}, "|")
}

func (g Generation) text(last string) string {
	return fmt.Sprintf("%s\ngeneration %s\nmade %s\ndays %d\n%s\n", keyHeader, g.ID, g.MadeAt.UTC().Format(time.RFC3339), g.Days, last)
}

// parse reads the file of a generation and its last line.
func parse(text string) (g Generation, last string, err error) {
	damaged := errors.New("the file is damaged")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 5 || lines[0] != keyHeader {
		return g, "", damaged
	}
	var made, days string
	for i, field := range []struct {
		name string
		into *string
	}{{"generation ", &g.ID}, {"made ", &made}, {"days ", &days}} {
		value, ok := strings.CutPrefix(lines[i+1], field.name)
		if !ok {
			return g, "", damaged
		}
		*field.into = value
	}
	at, err1 := time.Parse(time.RFC3339, made)
	n, err2 := strconv.Atoi(days)
	if err1 != nil || err2 != nil || n < 1 || n > oldestDays {
		return g, "", damaged
	}
	g.MadeAt, g.Days = at.UTC(), n
	return g, lines[4], nil
}

// List returns all generations, the oldest first, those that are destroyed too. It ends the destruction of one that was interrupted. A file that cannot be
// read keeps none of the others from being listed: the error names it.
func (s *Generations) List() (out []Generation, err error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var problems error
	for _, e := range entries {
		g, there, err := s.look(e.Name())
		if err != nil {
			problems = errors.Join(problems, err)
		} else if there {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b Generation) int {
		if c := a.MadeAt.Compare(b.MadeAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out, problems
}

// look reads one file of the directory, if it is that of a generation. A key beside a record of its destruction, whatever that says, is destroyed.
func (s *Generations) look(name string) (g Generation, there bool, err error) {
	if id, ok := strings.CutSuffix(name, goneFile); ok {
		g, err = s.readGone(id)
		return g, true, err
	}
	id, ok := strings.CutSuffix(name, keyFile)
	if !ok {
		return g, false, nil
	}
	if _, err := os.Stat(s.path(id, goneFile)); err == nil {
		return g, false, shred(s.path(id, keyFile))
	}
	g, _, err = s.read(id)
	return g, true, err
}

func (s *Generations) path(id, kind string) string { return filepath.Join(s.dir, id+kind) }

// read reads the key of a generation.
func (s *Generations) read(id string) (g Generation, key seal.RecordKey, err error) {
	raw, err := os.ReadFile(s.path(id, keyFile))
	if err != nil {
		return g, key, err
	}
	g, last, err := parse(string(raw))
	if err == nil && g.ID != id {
		err = errors.New("it is the file of another generation")
	}
	hexed, ok := strings.CutPrefix(last, "key ")
	if err == nil && !ok {
		err = errors.New("it holds no key")
	}
	if err != nil {
		return g, key, fmt.Errorf("generation %s: %w", id, err)
	}
	wrapped, err := hex.DecodeString(hexed)
	if err != nil {
		return g, key, fmt.Errorf("generation %s: the key is damaged", id)
	}
	if key, err = s.keys.UnwrapBackupKey(wrapped, g.bound()); err != nil {
		return g, key, fmt.Errorf("generation %s: %w", id, err)
	}
	return g, key, nil
}

func (s *Generations) readGone(id string) (Generation, error) {
	raw, err := os.ReadFile(s.path(id, goneFile))
	if err != nil {
		return Generation{}, err
	}
	g, last, err := parse(string(raw))
	if err != nil {
		return g, fmt.Errorf("generation %s: %w", id, err)
	}
	g.DestroyedAt, err = time.Parse(time.RFC3339, strings.TrimPrefix(last, "destroyed "))
	if err != nil || g.ID != id {
		return g, fmt.Errorf("generation %s: the record of its destruction is damaged", id)
	}
	return g, nil
}

// ErrDestroyed says that the key of a generation is destroyed: no backup of it can be read any more.
var ErrDestroyed = errors.New("the key of this generation of backups is destroyed: nobody can read the backup any more")

// Key returns the key of a generation. ErrDestroyed if it was destroyed; fs.ErrNotExist if the generation was never here.
func (s *Generations) Key(id string) (seal.RecordKey, error) {
	if id != filepath.Base(id) {
		return seal.RecordKey{}, fs.ErrNotExist
	}
	if _, err := os.Stat(s.path(id, goneFile)); err == nil {
		return seal.RecordKey{}, ErrDestroyed
	}
	_, key, err := s.read(id)
	return key, err
}

// Current returns the generation that backups are sealed under now and its key: the newest if it is younger than every and not due, else a new one.
func (s *Generations) Current(now time.Time, days int, every time.Duration) (Generation, seal.RecordKey, error) {
	all, _ := s.List() // one that cannot be read seals nothing; Overdue names it
	for _, g := range slices.Backward(all) {
		if g.DestroyedAt.IsZero() && !g.MadeAt.After(now) && now.Sub(g.MadeAt) < every && now.Before(g.Due(days)) {
			_, key, err := s.read(g.ID)
			return g, key, err
		}
	}
	return s.Make(now, days)
}

// Make makes a new generation, durably. days is after how many it is destroyed, 1 to 365.
func (s *Generations) Make(now time.Time, days int) (Generation, seal.RecordKey, error) {
	now = now.UTC().Truncate(time.Second)
	g := Generation{ID: now.Format(idTime) + "-" + seal.RandomID()[:8], MadeAt: now, Days: min(max(days, 1), oldestDays)}
	key, wrapped := s.keys.NewBackupKey(g.bound())
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return g, key, err
	}
	if err := syncDir(filepath.Dir(filepath.Clean(s.dir))); err != nil {
		return g, key, err
	}
	return g, key, s.write(g.ID, keyFile, g.text("key "+hex.EncodeToString(wrapped)))
}

// write makes a file that is not there yet, durably, and whole or not at all: half of one would look like a key that nobody can read.
func (s *Generations) write(id, kind, text string) (err error) {
	if _, err := os.Stat(s.path(id, kind)); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fs.ErrExist)
	}
	f, err := os.CreateTemp(s.dir, "new-*.tmp") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path(id, kind))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(s.dir)
}

// Destroy destroys the key of a generation. What is left says when. Destroying what is destroyed is no error.
func (s *Generations) Destroy(id string, now time.Time) error {
	if id != filepath.Base(id) {
		return fs.ErrNotExist
	}
	if _, err := os.Stat(s.path(id, goneFile)); err == nil {
		if err := shred(s.path(id, keyFile)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	g, _, err := s.read(id)
	if err != nil {
		return err
	}
	if err := s.write(id, goneFile, g.text("destroyed "+now.UTC().Truncate(time.Second).Format(time.RFC3339))); err != nil {
		return err
	}
	return shred(s.path(id, keyFile))
}

// Overdue lists the generations whose key should be destroyed by now.
func (s *Generations) Overdue(now time.Time, days int) (out []Generation, err error) {
	all, err := s.List()
	for _, g := range all {
		if g.DestroyedAt.IsZero() && !now.Before(g.Due(days)) {
			out = append(out, g)
		}
	}
	return out, err
}
