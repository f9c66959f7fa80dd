package backup

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// List is the list of erasures: a text file beside the master key, a header and one sealed line for each entry, to which lines are only added. Each line
// is bound to the one before: a line that was changed, moved or taken out of the middle is found when the file is opened. It implements
// consult.ErasureList, for several processes at a time.
type List struct {
	keys *seal.Keyring
	path string

	mu     sync.Mutex
	id     string
	size   int64    // of the file up to the last whole line that was read
	hashes []string // of the lines that were read
}

const (
	listHeader  = "folkmoot-erasures 1 "
	listPurpose = "erasure-list"
)

var _ consult.ErasureList = (*List)(nil)

// OpenList opens the list, or makes one if there is none. A last line without its end was never acknowledged: the next entry takes its place.
func OpenList(path string, keys *seal.Keyring) (*List, error) {
	l := &List{keys: keys, path: path}
	err := l.locked(func(f *os.File) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("open the list of erasures %s: %w", path, err)
	}
	return l, nil
}

// locked runs fn with the file, which no other process changes meanwhile and of which everything was read and checked.
func (l *List) locked(fn func(*os.File) error) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }() // closing lets go of the lock
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if mode := info.Mode(); !mode.IsRegular() || mode.Perm()&fs.FileMode(0o027) != 0 {
		return fmt.Errorf("mode %#o: want a file of mode 0600", mode.Perm())
	}
	if info.Size() < l.size {
		return errors.New("the list is shorter than it was")
	}
	if l.size == 0 {
		if err := l.begin(f, info.Size()); err != nil {
			return err
		}
	}
	if err := l.read(f, len(l.hashes), nil); err != nil {
		return err
	}
	return fn(f)
}

// begin reads the header, or writes one into an empty file. Half a header is what a crash left of making the list.
func (l *List) begin(f *os.File, size int64) error {
	header, err := bufio.NewReader(io.NewSectionReader(f, 0, size)).ReadString('\n')
	if err == nil {
		fields := strings.Fields(strings.TrimPrefix(header, listHeader))
		if !strings.HasPrefix(header, listHeader) || len(fields) != 2 {
			return errors.New("this is no list of erasures")
		}
		if fields[1] != l.keys.ID() {
			return errors.New("this list belongs to another master key")
		}
		l.id, l.size = fields[0], int64(len(header))
		return nil
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if !strings.HasPrefix(listHeader, header[:min(len(header), len(listHeader))]) {
		return errors.New("this is no list of erasures")
	}
	l.id = seal.RandomID()
	header = listHeader + l.id + " " + l.keys.ID() + "\n"
	if err := f.Truncate(0); err != nil {
		return err
	}
	if _, err := f.WriteAt([]byte(header), 0); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), syncDir(filepath.Dir(l.path))); err != nil {
		return err
	}
	l.size = int64(len(header))
	return nil
}

func linePlace(list string, number int, before string) []byte {
	return seal.Canonical("erasure-list", list, fmt.Sprint(number), before)
}

// read checks the lines from a number on that this process has not read, and with fn all of them from there on; fn gets the entries.
func (l *List) read(f *os.File, from int, fn func(number int, e consult.Erasure) error) error {
	start, hashes := l.size, l.hashes
	if fn != nil {
		start, hashes = int64(len(listHeader)+len(l.id)+1+len(l.keys.ID())+1), nil
	}
	in := bufio.NewReaderSize(io.NewSectionReader(f, start, 1<<62), 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		before := ""
		if len(hashes) > 0 {
			before = hashes[len(hashes)-1]
		}
		number := len(hashes) + 1
		e, err := l.open(bytes.TrimSuffix(line, []byte{'\n'}), number, before)
		if err != nil {
			return fmt.Errorf("entry %d: %w", number, err)
		}
		hashes = append(hashes, seal.HashChain(before, line))
		start += int64(len(line))
		if fn != nil && number > from {
			if err := fn(number, e); err != nil {
				return err
			}
		}
	}
	l.size, l.hashes = start, hashes
	return nil
}

func (l *List) open(line []byte, number int, before string) (e consult.Erasure, err error) {
	sealed := make([]byte, base64.RawStdEncoding.DecodedLen(len(line)))
	if _, err := base64.RawStdEncoding.Strict().Decode(sealed, line); err != nil {
		return e, errors.New("is no entry")
	}
	plain, err := l.keys.Open(listPurpose, sealed, linePlace(l.id, number, before))
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(plain, &e)
}

// Append adds entries and returns when they are durable.
func (l *List) Append(entries []consult.Erasure) (head consult.ListHead, err error) {
	err = l.locked(func(f *os.File) error {
		var out bytes.Buffer
		before, number := l.last(), len(l.hashes)
		var hashes []string
		for _, e := range entries {
			plain, err := json.Marshal(e)
			if err != nil {
				return err
			}
			number++
			line := []byte(base64.RawStdEncoding.EncodeToString(l.keys.Seal(listPurpose, plain, linePlace(l.id, number, before))) + "\n")
			before = seal.HashChain(before, line)
			hashes = append(hashes, before)
			out.Write(line)
		}
		if err := f.Truncate(l.size); err != nil { // half a line that a crash left
			return err
		}
		if _, err := f.WriteAt(out.Bytes(), l.size); err != nil {
			return errors.Join(err, f.Truncate(l.size))
		}
		if err := f.Sync(); err != nil {
			return errors.Join(err, f.Truncate(l.size))
		}
		l.size += int64(out.Len())
		l.hashes = append(l.hashes, hashes...)
		head = l.head()
		return nil
	})
	return head, err
}

func (l *List) last() string {
	if len(l.hashes) == 0 {
		return ""
	}
	return l.hashes[len(l.hashes)-1]
}

func (l *List) head() consult.ListHead {
	return consult.ListHead{List: l.id, Entries: int64(len(l.hashes)), Hash: l.last()}
}

// Head returns how far the list is.
func (l *List) Head() (head consult.ListHead, err error) {
	err = l.locked(func(*os.File) error { head = l.head(); return nil })
	return head, err
}

// HashAt returns the hash of the entry with the number. fault.NotFound if the list is shorter.
func (l *List) HashAt(number int64) (hash string, err error) {
	err = l.locked(func(*os.File) error {
		switch {
		case number < 0 || number > int64(len(l.hashes)):
			return fault.New(fault.NotFound, "error.store.not_found")
		case number > 0:
			hash = l.hashes[number-1]
		}
		return nil
	})
	return hash, err
}

// Each calls fn for the entries after a number, in order.
func (l *List) Each(after int64, fn func(consult.Erasure) error) error {
	var all []consult.Erasure
	err := l.locked(func(f *os.File) error {
		return l.read(f, int(after), func(_ int, e consult.Erasure) error { all = append(all, e); return nil })
	})
	if err != nil {
		return err
	}
	for _, e := range all { // fn may add to the list
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}
