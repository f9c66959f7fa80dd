package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
)

type restoreCommand struct {
	storage
	listFlag
	From   string `type:"existingdir" placeholder:"DIR" xor:"what" required:"" help:"The backup. It is restored into --data, which must not be there yet."`
	Replay bool   `xor:"what" required:"" help:"Restore nothing: erase in the store that is there, a copy that was put back by other means, what was erased since."`
	Into   string `placeholder:"DIR" help:"For a backup of PostgreSQL: a new directory for the dumps, in clear, for pg_restore. Delete them afterwards."`
	Drill  bool   `help:"For practice: beside the running service, into another --data. Nothing is recorded outside it."`
	Apply  bool   `help:"Do it. Without it the backup is checked and nothing is written."`
}

// Run restores a backup, erases in it what was erased since it was made, and says so in its audit log, before anybody can be served from it.
func (c restoreCommand) Run(ctx context.Context, s *surroundings) error {
	if err := c.checkKeyPlace(); err != nil {
		return err
	}
	keys, err := seal.OpenMaster(c.keyFile())
	if err != nil {
		return err
	}
	if c.Replay {
		return c.replayThere(ctx, s, keys)
	}
	m, err := backup.Read(c.From, keys)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "backup of %s, sealed under the key %s\n", m.MadeAt.Format(time.RFC3339), m.Generation)
	key, err := backup.OpenGenerations(c.generationsDir(), keys).Key(m.Generation)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the key %s is not in %s: nobody can read this backup without it", m.Generation, c.generationsDir())
	}
	if err != nil {
		return err
	}
	if err := c.checkList(keys, m); err != nil {
		return err
	}
	if !c.Apply {
		return c.tryOut(s, m, key)
	}
	if m.Engine == "postgres" {
		return c.extractDumps(s, m, key)
	}
	return c.restoreFiles(ctx, s, keys, m, key)
}

// checkList refuses to restore with a list of erasures that does not reach as far as the one when the backup was made: what was erased would come back.
func (c restoreCommand) checkList(keys *seal.Keyring, m *backup.Manifest) error {
	if m.Erasures.Entries == 0 && m.Erasures.List == "" {
		return nil
	}
	if _, err := os.Stat(c.listFile()); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the list of erasures is not at %s: what was erased would come back. Bring it from its second place", c.listFile())
	}
	list, err := backup.OpenList(c.listFile(), keys)
	if err != nil {
		return err
	}
	head, err := list.Head()
	if err != nil {
		return err
	}
	hash, err := list.HashAt(m.Erasures.Entries)
	if err != nil || head.List != m.Erasures.List || hash != m.Erasures.Hash {
		return fmt.Errorf("the list of erasures at %s is not the one that was there when the backup was made, or an older copy of it: what was erased would come back", c.listFile())
	}
	return nil
}

// tryOut opens everything and writes nothing.
func (c restoreCommand) tryOut(s *surroundings, m *backup.Manifest, key seal.RecordKey) error {
	for _, f := range m.Files {
		if err := backup.Extract(c.From, m, key, f.Name, ""); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(s.out, "%s opens: %d bytes, sealed\n", f.Name, f.Size)
	}
	_, err := fmt.Fprintln(s.out, "Nothing was written: --apply restores it.")
	return err
}

// extractDumps writes the dumps in clear for the administrator of the database server.
func (c restoreCommand) extractDumps(s *surroundings, m *backup.Manifest, key seal.RecordKey) error {
	if c.Into == "" {
		return errors.New("this is a backup of PostgreSQL: name a new directory for its dumps with --into")
	}
	if err := os.Mkdir(c.Into, 0o700); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := backup.Extract(c.From, m, key, f.Name, filepath.Join(c.Into, f.Name+".dump")); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.out, "The dumps lie in %s IN CLEAR. Load each into an empty database with pg_restore --no-owner --exit-on-error, delete them,\nand before the service starts: folkmoot restore --replay --apply\n", c.Into)
	return err
}

// restoreFiles restores beside the data directory and gives it its name at the end: a restore that is interrupted leaves no store to be served from.
func (c restoreCommand) restoreFiles(ctx context.Context, s *surroundings, keys *seal.Keyring, m *backup.Manifest, key seal.RecordKey) (err error) {
	if _, err := os.Stat(c.Data); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: move it away first, nothing is overwritten", c.Data)
	}
	part := partDir(c.Data)
	if err := removePart(part); err != nil {
		return err
	}
	defer func() { // what lies there is in clear
		if err == nil {
			return
		}
		if left := removePart(part); left != nil {
			err = errors.Join(err, fmt.Errorf("%s holds a copy in clear, remove it: %w", part, left))
		}
	}()
	if err := os.MkdirAll(part, 0o700); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := backup.Extract(c.From, m, key, f.Name, filepath.Join(part, f.Name+".db")); err != nil {
			return err
		}
	}
	there := c.storage
	there.Data = part
	db, err := there.open(ctx, true)
	if err != nil {
		return err
	}
	err = c.replay(ctx, s, db, keys, m)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := backup.Publish(part, filepath.Clean(c.Data)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "restored into %s: the service can start\n", c.Data)
	return err
}

// partDir is where a restore lies, in clear, until it is whole.
func partDir(data string) string { return filepath.Clean(data) + ".restoring" }

// removePart overwrites and removes what an interrupted restore left.
func removePart(part string) error {
	if _, err := os.Stat(part); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return backup.ClearScratch(part)
}

// replayThere replays the list over a store that was put back by other means.
func (c restoreCommand) replayThere(ctx context.Context, s *surroundings, keys *seal.Keyring) error {
	if c.DatabaseURL == "" {
		if _, err := os.Stat(filepath.Join(c.Data, "main.db")); err != nil {
			return fmt.Errorf("there is no store in %s", c.Data)
		}
	}
	db, err := c.open(ctx, c.Apply)
	if err != nil {
		return err
	}
	if !c.Apply {
		found, err := look(ctx, c.storage, db, keys)
		if err = errors.Join(err, db.Close()); err != nil {
			return err
		}
		say(s, found)
		_, err = fmt.Fprintln(s.out, "Nothing was changed: --apply erases it.")
		return err
	}
	return errors.Join(c.replay(ctx, s, db, keys, nil), db.Close())
}

// replay checks the store against the manifest, erases what was erased since, and says what it did.
func (c restoreCommand) replay(ctx context.Context, s *surroundings, db *store.DB, keys *seal.Keyring, m *backup.Manifest) error {
	svc := service(db, keys, false, "")
	if err := svc.CheckKey(ctx); err != nil {
		return err
	}
	var made time.Time
	if m != nil {
		made = m.MadeAt
		if err := holdsLogs(ctx, db, m); err != nil {
			return err
		}
	}
	if err := c.openList(ctx, svc, c.AcceptLostList); err != nil {
		return err
	}
	if c.Drill {
		svc.Erasures = drillList{svc.Erasures}
	} else {
		svc.Anchor = store.AnchorFile(c.anchorFile())
	}
	lost, err := svc.RecordRestore(ctx, privacy.Actor{Kind: "system"}) // first: what follows goes on from where the copy ends
	if err != nil {
		return err
	}
	for _, d := range lost {
		_, _ = fmt.Fprintf(s.out, "%s log: the copy has %d entries; on %s there were %d. What lies between is lost, and the log says so\n",
			d.Log, d.Kept, d.At.Format(time.RFC3339), d.Before.Sequence)
	}
	done, err := svc.ReplayErasures(ctx, made)
	if err != nil {
		return err
	}
	say(s, done.Relics)
	_, err = fmt.Fprintln(s.out, "All of it was erased again, consent that was withdrawn is withdrawn, and every session is ended.")
	return err
}

// holdsLogs checks that the logs hold what the manifest says.
func holdsLogs(ctx context.Context, db *store.DB, m *backup.Manifest) error {
	for _, end := range m.Logs {
		if end.Size == 0 {
			continue
		}
		hashes, err := db.Logs().LogHashes(ctx, end.Log, end.Size, 1)
		if err != nil {
			return err
		}
		if len(hashes) != 1 || hashes[0] != end.Hash {
			return fmt.Errorf("the %s log of the backup is not the one that its manifest names", end.Log)
		}
	}
	return nil
}

// say prints what was found.
func say(s *surroundings, found consult.Relics) {
	_, _ = fmt.Fprintf(s.out, "erased after this copy was made, and found in it: %d responses, %d free texts, %d postcodes, %d profiles of equality answers, %d entries of registers; %d consents withdrawn\n",
		found.Responses, found.Texts, found.Postcodes, found.Profiles, found.Entries, found.Consents)
}

// look finds what the list names.
func look(ctx context.Context, s storage, db *store.DB, keys *seal.Keyring) (consult.Relics, error) {
	svc := service(db, keys, false, "")
	if err := svc.CheckKey(ctx); err != nil {
		return consult.Relics{}, err
	}
	if _, err := os.Stat(s.listFile()); errors.Is(err, fs.ErrNotExist) {
		return consult.Relics{}, fmt.Errorf("there is no list of erasures at %s", s.listFile())
	}
	list, err := backup.OpenList(s.listFile(), keys)
	if err != nil {
		return consult.Relics{}, err
	}
	svc.Erasures = list
	lost, err := svc.CheckRestored(ctx)
	if err != nil && !errors.Is(err, consult.ErrRestored) {
		return consult.Relics{}, err
	}
	if lost { // it would say that nothing was found
		return consult.Relics{}, s.refuseList(consult.ErrListLost)
	}
	return svc.FindErased(ctx, 0)
}

type restoreTestCommand struct{ storage }

// Run looks in a store for what was erased. It returns errFound if there is anything.
func (c restoreTestCommand) Run(ctx context.Context, s *surroundings) error {
	keys, err := seal.OpenMaster(c.keyFile())
	if err != nil {
		return err
	}
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	found, err := look(ctx, c.storage, db, keys)
	if err != nil {
		return err
	}
	say(s, found)
	if !found.None() {
		return errFound
	}
	return nil
}
