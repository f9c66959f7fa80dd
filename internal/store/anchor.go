package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"folkmoot/internal/consult"
)

// anchors keeps anchors of the logs in the database of the record keys. It implements consult.AnchorPlace.
type anchors struct{ d *database }

var (
	anchorOf  = sqlText(`select note from log_anchor where log = $1`)
	addAnchor = sqlText(`
insert into log_anchor (log, note)
values ($1, $2)
on conflict do nothing`)
	moveAnchor = sqlText(`
update log_anchor
set note = $3
where log = $1 and note = $2`)
)

// Anchor is the place in the key store where the logs are anchored.
func (db *DB) Anchor() consult.AnchorPlace { return anchors{db.keys} }

// Name is which place it is.
func (a anchors) Name() consult.PlaceName { return consult.KeyStorePlace }

// Anchor returns the note of a log.
func (a anchors) Anchor(ctx context.Context, log string) (note []byte, err error) {
	return note, a.d.view(ctx, func(t *txn) error {
		if err := t.row(anchorOf, []any{&note}, log); err != nil {
			return fmt.Errorf("read an anchor: %w", err)
		}
		return nil
	})
}

// PutAnchor replaces the note that was read.
func (a anchors) PutAnchor(ctx context.Context, log string, was, note []byte) error {
	return a.d.submit(ctx, func(t *txn) error {
		if was == nil {
			return t.insert("keep an anchor", addAnchor, log, string(note))
		}
		return t.update("keep an anchor", moveAnchor, outOfDate(), log, string(was), string(note))
	})
}

// anchorFile keeps anchors in a small file, as a JSON object of the notes by log. It implements consult.AnchorPlace.
type anchorFile struct {
	path string
	one  sync.Mutex
}

// AnchorFile is a place for anchors outside every database: a file that is made when the first is kept. Of two services that share it the slower
// may put it back by one round of housekeeping.
func AnchorFile(path string) consult.AnchorPlace { return &anchorFile{path: path} }

// Name is which place it is.
func (a *anchorFile) Name() consult.PlaceName { return consult.FilePlace }

// Anchor returns the note of a log. A file that cannot be understood is a note that nobody signed.
func (a *anchorFile) Anchor(_ context.Context, log string) ([]byte, error) {
	a.one.Lock()
	defer a.one.Unlock()
	notes, raw, err := a.read()
	if err != nil {
		return nil, err
	}
	if notes == nil && raw != nil {
		return raw, nil
	}
	note, ok := notes[log]
	if !ok {
		return nil, notFound()
	}
	return []byte(note), nil
}

const anchorLimit = 16 << 10 // bytes; more is no file of anchors

// read returns the notes, or the bytes in which there are none; neither where there is no file.
func (a *anchorFile) read() (map[string]string, []byte, error) {
	file, err := os.Open(a.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the anchor file: %w", err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, anchorLimit))
	if err != nil {
		return nil, nil, fmt.Errorf("read the anchor file: %w", err)
	}
	var notes map[string]string
	if json.Unmarshal(raw, &notes) != nil || notes == nil {
		return nil, append([]byte{}, raw...), nil
	}
	return notes, nil, nil
}

// PutAnchor replaces the note that was read, by a file that takes the place of the old one when it is whole and durable.
func (a *anchorFile) PutAnchor(_ context.Context, log string, was, note []byte) error {
	a.one.Lock()
	defer a.one.Unlock()
	notes, raw, err := a.read()
	if err != nil {
		return err
	}
	if notes == nil { // no file, or one that is being replaced on purpose
		if (raw == nil) != (was == nil) || !bytes.Equal(raw, was) {
			return outOfDate()
		}
		notes = map[string]string{}
	} else if now, ok := notes[log]; ok != (was != nil) || now != string(was) {
		return outOfDate()
	}
	notes[log] = string(note)
	text, err := json.MarshalIndent(notes, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(a.path, append(text, '\n')); err != nil {
		return fmt.Errorf("keep an anchor in a file: %w", err)
	}
	return nil
}

// replaceFile puts the content there, whole or not at all.
func replaceFile(path string, content []byte) (err error) {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, filepath.Base(path)+".*") // for its owner only
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
