package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
)

type auditCommand struct {
	Verify     verifyAuditCommand     `cmd:"" help:"Check the audit log and the consent ledger: their chains, signed checkpoints, and copies of checkpoints. Also while the service runs."`
	Checkpoint checkpointAuditCommand `cmd:"" help:"Print the newest signed checkpoint of the audit log, to be kept elsewhere."`
	Export     exportAuditCommand     `cmd:"" help:"Write the audit log as lines of JSON, which verify --file checks without the database."`
	Restored   restoredAuditCommand   `cmd:"" help:"Record that the database was put back from a backup, so that the entries that are gone by that are no alarm any more. Says what it would record; --apply does."`
	Key        keyAuditCommand        `cmd:"" help:"Print the public key that checks checkpoints."`
}

// logs opens the ledgers to read them.
func (s storage) logs(ctx context.Context) (consult.LogReader, func() error, error) {
	if s.DatabaseURL != "" {
		return store.OpenPostgresLogs(ctx, s.DatabaseURL)
	}
	return store.OpenSQLiteLogs(ctx, s.Data)
}

// cannot says what is wrong with the input.
func cannot(s *surroundings, format string, args ...any) error {
	_, _ = fmt.Fprintf(s.err, "folkmoot: "+format+"\n", args...)
	return errUnusable
}

type checkpointAuditCommand struct {
	storage
	Public bool `help:"The newest that everybody may have, as on the council's website."`
}

// Run prints the checkpoint as it was signed.
func (c checkpointAuditCommand) Run(ctx context.Context, s *surroundings) error {
	r, closeAll, err := c.logs(ctx)
	if err != nil {
		return cannot(s, "%s", inEnglish(err))
	}
	defer func() { _ = closeAll() }()
	newest, err := r.NewestCheckpoint(ctx, privacy.AuditLog, c.Public)
	if fault.Is(err, fault.NotFound) {
		return errors.New("there is no checkpoint yet: the running service makes one an hour, and one when it ends")
	}
	if err != nil {
		return err
	}
	_, err = s.out.Write(newest.Note)
	return err
}

type exportAuditCommand struct {
	storage
	Output string `short:"o" placeholder:"FILE" help:"File to write, which must not exist. Default: standard output."`
}

// Run writes the log. It says nothing about people, see docs/audit.md.
func (c exportAuditCommand) Run(ctx context.Context, s *surroundings) (err error) {
	r, closeAll, err := c.logs(ctx)
	if err != nil {
		return cannot(s, "%s", inEnglish(err))
	}
	defer func() { _ = closeAll() }()
	var out io.Writer = s.out
	if c.Output != "" {
		file, err := os.OpenFile(c.Output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return cannot(s, "%v", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	buffered := bufio.NewWriter(out)
	err = r.EachAuditEntry(ctx, math.MinInt64, math.MaxInt64, func(e privacy.AuditEvent) error {
		_, err := buffered.Write(e.Line())
		return err
	})
	return errors.Join(err, buffered.Flush())
}

type keyAuditCommand struct{ storage }

// Run prints the key that the master key gives.
func (c keyAuditCommand) Run(ctx context.Context, s *surroundings) error {
	keys, err := c.keyring(ctx, nil, false)
	if err != nil {
		return cannot(s, "%s", inEnglish(err))
	}
	_, err = fmt.Fprintln(s.out, keys.NoteKey(seal.AuditSigner))
	return err
}
