package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
)

type backupCommand struct {
	storage
	To     string        `required:"" type:"existingdir" placeholder:"DIR" help:"Where the backup goes, as a directory of its own."`
	Rotate time.Duration `env:"FOLKMOOT_BACKUP_ROTATE" default:"24h" placeholder:"TIME" help:"Use a new key for backups after this time. A key is destroyed as many days after it was made as the council has set for backups, and its backups with it."`
}

// Run makes a backup. What was acknowledged before it began is in it.
func (c backupCommand) Run(ctx context.Context, s *surroundings) error {
	if err := c.checkPlaces(); err != nil {
		return err
	}
	if c.Rotate <= 0 {
		return errors.New("--rotate must be a time, for example 24h")
	}
	keys, err := seal.OpenMaster(c.keyFile())
	if err != nil {
		return err
	}
	looking, err := c.look(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = looking.Close() }()
	m, days, err := c.manifest(ctx, looking, keys)
	if err != nil {
		return err
	}
	generations := backup.OpenGenerations(c.generationsDir(), keys)
	undestroyed := destroyOverdue(generations, days, time.Now(), func(g backup.Generation) { // said at the end: the night's backup is made
		_, _ = fmt.Fprintf(s.out, "destroyed the key of %s: its backups cannot be read any more\n", g.ID)
	})
	g, key, err := generations.Current(time.Now(), days, c.Rotate)
	if err != nil {
		return fmt.Errorf("find a key for the backup: %w", err)
	}
	m.Generation, m.Until = g.ID, g.Due(days)
	sources, done, err := c.sources(ctx, looking)
	if err != nil {
		return err
	}
	dir, err := backup.Create(c.To, keys, key, m, sources)
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s\nsealed under the key %s; nobody can read it after %s\n", dir, g.ID, m.Until.Format(time.RFC3339))
	return errors.Join(err, undestroyed)
}

// checkPlaces refuses a backup that would lie in the data directory, or with the keys that open it.
func (c backupCommand) checkPlaces() error {
	if err := c.checkKeyPlace(); err != nil {
		return err
	}
	if c.DatabaseURL == "" && inside(c.Data, c.To) {
		return fmt.Errorf("%s lies in the data directory: a backup there is lost with it", c.To)
	}
	for _, file := range []string{c.keyFile(), c.generationsDir()} {
		if inside(c.To, file) || inside(file, c.To) {
			return fmt.Errorf("%s holds a key that opens backups: they must not lie together", file)
		}
	}
	return nil
}

// look opens the store to read it beside the service.
func (s storage) look(ctx context.Context) (*store.Onlooker, error) {
	if s.DatabaseURL != "" {
		return store.OpenPostgresOnlooker(ctx, s.DatabaseURL)
	}
	return store.OpenSQLiteOnlooker(ctx, s.Data)
}

// manifest begins the manifest: what the backup will hold at least.
func (c backupCommand) manifest(ctx context.Context, looking *store.Onlooker, keys *seal.Keyring) (m backup.Manifest, days int, err error) {
	m = backup.Manifest{MadeAt: time.Now().UTC(), Program: version, Engine: "sqlite", MasterKey: keys.ID()}
	if c.DatabaseURL != "" {
		m.Engine = "postgres"
	}
	err = looking.View(ctx, func(r consult.Reader) error {
		if err := consult.CheckKeyIn(r, keys); err != nil {
			return err
		}
		settings, _, err := consult.Retention(r)
		days = settings.BackupDays
		return err
	})
	if err != nil {
		return m, 0, err
	}
	for _, log := range consult.Logs() {
		end := backup.LogEnd{Log: log}
		if end.Size, err = looking.Logs().LogEnd(ctx, log); err != nil {
			return m, 0, err
		}
		if end.Size > 0 {
			hashes, err := looking.Logs().LogHashes(ctx, log, end.Size, 1)
			if err != nil {
				return m, 0, err
			}
			if len(hashes) == 1 {
				end.Hash = hashes[0]
			}
		}
		m.Logs = append(m.Logs, end)
	}
	if _, err := os.Stat(c.listFile()); errors.Is(err, fs.ErrNotExist) {
		return m, days, nil
	}
	list, err := backup.OpenList(c.listFile(), keys)
	if err != nil {
		return m, 0, err
	}
	m.Erasures, err = list.Head()
	return m, days, err
}

// The order in which the databases are copied. An equality profile is then never without the consent that came before it, nor a sealed record without
// its key, which is stored first.
var copyOrder = []string{"equality", "main", "keys"}

// sources are the parts of the backup; done ends their use.
func (c backupCommand) sources(ctx context.Context, looking *store.Onlooker) (sources []backup.Source, done func() error, err error) {
	if c.DatabaseURL != "" {
		return c.dumps(ctx)
	}
	lock, err := lockScratch(c.Data)
	if err != nil {
		return nil, nil, err
	}
	scratch := scratchDir(c.Data)
	if err := errors.Join(backup.ClearScratch(scratch), os.Mkdir(scratch, 0o700)); err != nil {
		return nil, nil, errors.Join(err, lock.Close())
	}
	for _, name := range copyOrder {
		sources = append(sources, backup.Source{Name: name, Copy: func(w io.Writer) error {
			path := filepath.Join(scratch, name+".db")
			if err := looking.Copy(ctx, name, path); err != nil {
				return err
			}
			return readInto(w, path)
		}})
	}
	return sources, func() error { return errors.Join(backup.ClearScratch(scratch), lock.Close()) }, nil
}

func readInto(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// scratchDir is where copies in clear lie for a moment: where the databases themselves lie in clear, and nowhere else.
func scratchDir(data string) string { return filepath.Join(data, "backup.tmp") }

var errBackupRuns = errors.New("another backup of this data directory is running")

// lockScratch makes sure that one backup uses the scratch directory. The kernel lets go of the lock when the process ends, however it ends.
func lockScratch(data string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(data, "backup.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errBackupRuns
		}
		return nil, err
	}
	return f, nil
}

// clearScratch removes what a backup that was killed left in clear.
func clearScratch(data string) error {
	if _, err := os.Stat(scratchDir(data)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := lockScratch(data)
	if errors.Is(err, errBackupRuns) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(backup.ClearScratch(scratchDir(data)), lock.Close())
}

// destroyOverdue destroys the keys whose time is over.
func destroyOverdue(generations *backup.Generations, days int, now time.Time, tell func(backup.Generation)) error {
	overdue, err := generations.Overdue(now, days)
	for _, g := range overdue {
		if failed := generations.Destroy(g.ID, now); failed != nil {
			err = errors.Join(err, fmt.Errorf("destroy the key of backups %s: %w", g.ID, failed))
			continue
		}
		tell(g)
	}
	return err
}

// keepBackups returns what housekeeping does about backups: destroy the keys whose time is over, and what a backup that was killed left.
func (c serveCommand) keepBackups(svc *consult.Service, log *slog.Logger) func(context.Context) {
	generations := backup.OpenGenerations(c.generationsDir(), svc.Keys)
	return func(ctx context.Context) {
		defer rescue(log)
		if c.DatabaseURL == "" {
			if err := clearScratch(c.Data); err != nil {
				log.Error("remove what a backup left", "error", err)
			}
		}
		if c.Demo {
			return
		}
		if err := svc.SettleErasures(ctx); err != nil {
			log.Error("list erasures", "error", err)
		}
		days, err := svc.BackupDays(ctx)
		if err == nil {
			err = destroyOverdue(generations, days, svc.Now(), func(g backup.Generation) {
				log.Info("destroyed a key of backups", "generation", g.ID)
				if err := svc.RecordDestroyed(ctx, g.ID); err != nil {
					log.Error("record that a key of backups was destroyed", "error", err)
				}
			})
		}
		if err != nil && ctx.Err() == nil {
			log.Error("destroy keys of backups", "error", err)
		}
	}
}
