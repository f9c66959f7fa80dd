package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/surveys"
)

// storage says where everything lies.
type storage struct {
	Data        string `env:"FOLKMOOT_DATA" default:"var/data" placeholder:"DIR" help:"Data directory of the embedded database (main store, equality store, keys)."`
	MasterKey   string `env:"FOLKMOOT_MASTER_KEY" placeholder:"FILE" help:"Master key file, outside the data directory. Made at the first start. Default: the data directory's name with .key."`
	AnchorFile  string `env:"FOLKMOOT_ANCHOR" name:"anchor" placeholder:"FILE" help:"File outside the data directory in which the service keeps where the audit log and the consent ledger ended, to tell when they are cut off or put back. Default: the master key's name with .anchor."`
	DatabaseURL string `env:"FOLKMOOT_DATABASE_URL" placeholder:"URL" help:"PostgreSQL instead of the embedded database, for example postgres://folkmoot@db/folkmoot?sslmode=verify-full."`
	EqualityURL string `env:"FOLKMOOT_EQUALITY_URL" placeholder:"URL" help:"Separate PostgreSQL database or role for equality answers. Default: as --database-url, in a schema of its own."`
	ErasureList string `env:"FOLKMOOT_ERASURE_LIST" name:"erasure-list" placeholder:"FILE" help:"File outside the data directory in which the service lists what was erased, as tokens, so that it is erased again when a backup is restored. Default: the master key file's name with .erased."`
	BackupKeys  string `env:"FOLKMOOT_BACKUP_KEYS" name:"backup-keys" placeholder:"DIR" help:"Directory of the keys of backups, outside the data directory and in no backup. Default: the master key file's name with .backups."`
	KeysURL     string `env:"FOLKMOOT_KEYS_URL" placeholder:"URL" help:"Separate PostgreSQL database or role for record keys. Default: as --database-url, in a schema of its own."`
}

// keyFile is where the master key lies.
func (s storage) keyFile() string {
	if s.MasterKey != "" {
		return s.MasterKey
	}
	return filepath.Clean(s.Data) + ".key"
}

// anchorFile is where the logs are anchored outside every database.
func (s storage) anchorFile() string {
	return or(s.AnchorFile, s.keyFile()+".anchor")
}

// listFile is where the list of erasures lies.
func (s storage) listFile() string { return or(s.ErasureList, s.keyFile()+".erased") }

// generationsDir is where the keys of backups lie.
func (s storage) generationsDir() string { return or(s.BackupKeys, s.keyFile()+".backups") }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// checkKeyPlace refuses a master key in the data directory: whoever copies one would have the other. So it does the keys of backups and the list of
// erasures, which must not go back in time with the data.
func (s storage) checkKeyPlace() error {
	for _, file := range []string{s.listFile(), s.generationsDir()} {
		if inside(s.Data, file) && s.DatabaseURL == "" {
			return fmt.Errorf("%s lies in the data directory: it must not be copied or put back together with the data", file)
		}
	}
	if file := s.keyFile(); inside(s.Data, file) && s.DatabaseURL == "" {
		return fmt.Errorf("the master key %s lies in the data directory: whoever copies one has the other", file)
	}
	if file := s.anchorFile(); inside(s.Data, file) && s.DatabaseURL == "" {
		return fmt.Errorf("the anchor file %s lies in the data directory: whoever puts an older copy of one back does so with the other", file)
	}
	return nil
}

// keyring opens the master key of the store. create makes one, but only for a store that holds nothing yet.
func (s storage) keyring(ctx context.Context, db consult.Store, create bool) (*seal.Keyring, error) {
	if err := s.checkKeyPlace(); err != nil {
		return nil, err
	}
	file := s.keyFile()
	_, err := os.Stat(file)
	switch {
	case err == nil:
		return seal.OpenMaster(file)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("find the master key: %w", err)
	case !create:
		return nil, fmt.Errorf("there is no master key at %s", file)
	}
	claimed, err := consult.Claimed(ctx, db)
	if err != nil {
		return nil, err
	}
	if claimed {
		return nil, fmt.Errorf("there is data in %s but no master key at %s: put the key back, or choose another place for the data", s.where(), file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of the master key: %w", err)
	}
	return seal.CreateMaster(file)
}

// where names the place of the data without what may be a password.
func (s storage) where() string {
	if s.DatabaseURL != "" {
		return "the PostgreSQL database"
	}
	return s.Data
}

// inside reports whether file lies in dir.
func inside(dir, file string) bool {
	d, err1 := filepath.Abs(dir)
	f, err2 := filepath.Abs(file)
	if err1 != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(d, f)
	return err == nil && filepath.IsLocal(rel)
}

// open opens the store. migrate brings an older schema up to date; an empty SQLite store is always set up.
func (s storage) open(ctx context.Context, migrate bool) (*store.DB, error) {
	return s.openWith(ctx, migrate, time.Now)
}

// openWith opens the store with a clock of its own.
func (s storage) openWith(ctx context.Context, migrate bool, clock func() time.Time) (*store.DB, error) {
	if s.DatabaseURL != "" {
		urls := store.PostgresURLs{Main: s.DatabaseURL, Equality: s.EqualityURL, Keys: s.KeysURL}
		return store.OpenPostgres(ctx, urls, store.Options{Clock: clock, Migrate: migrate})
	}
	if _, err := os.Stat(filepath.Join(s.Data, "main.db")); errors.Is(err, fs.ErrNotExist) {
		migrate = true
	}
	return store.OpenSQLite(ctx, s.Data, store.Options{Clock: clock, Migrate: migrate})
}

// service makes the service over an open store.
func service(db *store.DB, keys *seal.Keyring, demo bool, address string) *consult.Service {
	s := &consult.Service{
		Store: db, Sessions: db, Jobs: db, Keys: keys, Now: time.Now, Bank: surveys.Bank(), Demo: demo, Address: address,
	}
	for _, name := range surveys.Standard() {
		source, _ := surveys.StandardSource(name)
		s.Library = append(s.Library, consult.LibrarySurvey{Name: name, Source: source})
	}
	return s
}
