package store

import (
	"context"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// logs reads the ledgers as logs from the main database, and keeps what vouches for them. It implements consult.LogStore.
type logs struct{ d *database }

var _ consult.LogStore = logs{}

// Logs is the store of what vouches for the ledgers.
func (db *DB) Logs() consult.LogStore { return logs{db.main} }

// logTables are the statements that differ between the logs only in their table.
var logTables = map[string]struct{ end, hashes statement }{
	privacy.AuditLog: {
		sqlText(`select coalesce(max(sequence), 0) from audit_event`),
		sqlText(`select hash from audit_event where sequence >= $1 and sequence < $2 order by sequence`),
	},
	privacy.ConsentLog: {
		sqlText(`select coalesce(max(sequence), 0) from consent_event`),
		sqlText(`select hash from consent_event where sequence >= $1 and sequence < $2 order by sequence`),
	},
}

var (
	auditBetween = sqlText(`select ` + auditColumns + ` from audit_event
where sequence > $1 and sequence <= $2
order by sequence
limit $3`)
	consentBetween = sqlText(`select ` + consentColumns + `
where e.sequence > $1 and e.sequence <= $2
order by e.sequence
limit $3`)
	logBlocks  = sqlText(`select number, hash from log_block where log = $1 and number >= $2 and number < $3 order by number`)
	blockCount = sqlText(`select count(*) from log_block where log = $1`)
	addBlock   = sqlText(`
insert into log_block (log, number, hash)
values ($1, $2, $3)
on conflict do nothing`)
	checkpointColumns = `log, size, public, made_at, note`
	checkpointsOf     = sqlText(`select ` + checkpointColumns + ` from log_checkpoint where log = $1 order by size`)
	newestCheckpoint  = sqlText(`select ` + checkpointColumns + ` from log_checkpoint where log = $1 order by size desc limit 1`)
	newestPublic      = sqlText(`select ` + checkpointColumns + ` from log_checkpoint where log = $1 and public order by size desc limit 1`)
	publicCheckpoint  = sqlText(`select ` + checkpointColumns + ` from log_checkpoint where log = $1 and public and size = $2`)
	addCheckpoint     = sqlText(`
insert into log_checkpoint (log, size, public, made_at, note)
values ($1, $2, $3, $4, $5)
on conflict do nothing`)
	logState    = sqlText(`select sealed, version from log_state where log = $1`)
	addLogState = sqlText(`
insert into log_state (log, sealed, version)
values ($1, $2, 1)
on conflict do nothing`)
	eraseBlocks    = sqlText(`delete from log_block where log = $1`)
	updateLogState = sqlText(`
update log_state
set sealed = $3, version = version + 1
where log = $1 and version = $2`)
)

// LogEnd returns the number of the last entry.
func (l logs) LogEnd(ctx context.Context, log string) (last int64, err error) {
	return last, l.d.view(ctx, func(t *txn) error { return t.row(logTables[log].end, []any{&last}) })
}

// verifyPage is how many entries one transaction reads. While fn looks at a page the next is read.
const verifyPage = 2000

// EachAuditEntry calls fn for the entries after one and up to another.
func (l logs) EachAuditEntry(ctx context.Context, after, through int64, fn func(privacy.AuditEvent) error) error {
	return eachEntry(ctx, l.d, after, readAudit, auditBetween, through, func(e *privacy.AuditEvent) int64 { return e.Sequence }, fn)
}

// EachConsentEntry calls fn for the entries after one and up to another.
func (l logs) EachConsentEntry(ctx context.Context, after, through int64, fn func(privacy.ConsentEvent) error) error {
	return eachEntry(ctx, l.d, after, readSuspectConsent, consentBetween, through, func(e *privacy.ConsentEvent) int64 { return e.Sequence }, fn)
}

// eachEntry reads pages ahead of fn. Whatever numbers the entries have, each is read once.
func eachEntry[T any](ctx context.Context, d *database, after int64, read func(scanner) (*T, error), s statement, through int64,
	number func(*T) int64, fn func(T) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type page struct {
		entries []*T
		err     error
	}
	pages := make(chan page)
	go func() {
		defer close(pages)
		for more := true; more; {
			var p page
			p.err = d.view(ctx, func(t *txn) (err error) {
				p.entries, err = list(t, "read a log", read, s, after, through, verifyPage)
				return err
			})
			if more = len(p.entries) == verifyPage; more {
				after = number(p.entries[verifyPage-1])
			}
			select {
			case pages <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	for p := range pages {
		if p.err != nil {
			return p.err
		}
		for _, e := range p.entries {
			if err := fn(*e); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// LogHashes returns the chain hashes of entries.
func (l logs) LogHashes(ctx context.Context, log string, first, count int64) (out []string, err error) {
	return out, l.d.view(ctx, func(t *txn) error {
		found, err := list(t, "read the hashes of a log", func(row scanner) (*string, error) {
			var hash string
			return &hash, row.Scan(&hash)
		}, logTables[log].hashes, first, first+count)
		out = values(found)
		return err
	})
}

// LogBlocks returns blocks that are kept, up to the first that is not.
func (l logs) LogBlocks(ctx context.Context, log string, first, count int64) (out [][32]byte, err error) {
	type block struct {
		number int64
		hash   []byte
	}
	return out, l.d.view(ctx, func(t *txn) error {
		found, err := list(t, "read the blocks of a log", func(row scanner) (*block, error) {
			var b block
			return &b, row.Scan(&b.number, &b.hash)
		}, logBlocks, log, first, first+count)
		for i, b := range found {
			if b.number != first+int64(i) {
				break
			}
			var hash [32]byte // of a row that is no block it stays zero, which no entries have
			if len(b.hash) == len(hash) {
				hash = [32]byte(b.hash)
			}
			out = append(out, hash)
		}
		return err
	})
}

// LogBlockCount returns how many blocks are kept.
func (l logs) LogBlockCount(ctx context.Context, log string) (n int64, err error) {
	return n, l.d.view(ctx, func(t *txn) error { return t.row(blockCount, []any{&n}, log) })
}

func readCheckpoint(row scanner) (*consult.Checkpoint, error) {
	var c consult.Checkpoint
	var note string
	spoiled := false
	err := row.Scan(&c.Log, &c.Size, &c.Public, suspect{stamp{&c.MadeAt}, func() { spoiled = true }}, &note)
	if !spoiled { // a row that this program never wrote vouches for nothing
		c.Note = []byte(note)
	}
	return &c, err
}

// Checkpoints returns all checkpoints of a log by size.
func (l logs) Checkpoints(ctx context.Context, log string) (out []consult.Checkpoint, err error) {
	return out, l.d.view(ctx, func(t *txn) error {
		found, err := list(t, "read checkpoints", readCheckpoint, checkpointsOf, log)
		out = values(found)
		return err
	})
}

// NewestCheckpoint returns the largest checkpoint of a log.
func (l logs) NewestCheckpoint(ctx context.Context, log string, public bool) (c *consult.Checkpoint, err error) {
	s := newestCheckpoint
	if public {
		s = newestPublic
	}
	err = l.d.view(ctx, func(t *txn) error {
		c, err = one(t, "read a checkpoint", readCheckpoint, s, log)
		return err
	})
	return c, err
}

// PublicCheckpoint returns the public checkpoint of a size.
func (l logs) PublicCheckpoint(ctx context.Context, log string, size int64) (c *consult.Checkpoint, err error) {
	err = l.d.view(ctx, func(t *txn) error {
		c, err = one(t, "read a checkpoint", readCheckpoint, publicCheckpoint, log, size)
		return err
	})
	return c, err
}

// LogState returns what the last verification found.
func (l logs) LogState(ctx context.Context, log string) (sealed []byte, version int64, err error) {
	err = l.d.view(ctx, func(t *txn) error {
		if err := t.row(logState, []any{&sealed, &version}, log); err != nil {
			return fmt.Errorf("read the state of a log: %w", err)
		}
		return nil
	})
	return sealed, version, err
}

// AddCheckpoints adds blocks and checkpoints.
func (l logs) AddCheckpoints(ctx context.Context, log string, first int64, blocks [][32]byte, checkpoints []consult.Checkpoint) error {
	return l.d.submit(ctx, func(t *txn) error {
		for i, b := range blocks {
			if err := t.insert("add a block", addBlock, log, first+int64(i), b[:]); err != nil {
				return err
			}
		}
		for _, c := range checkpoints {
			if err := t.insert("add a checkpoint", addCheckpoint, log, c.Size, c.Public, stamp{&c.MadeAt}, string(c.Note)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReplaceBlocks puts blocks in the place of all that are kept.
func (l logs) ReplaceBlocks(ctx context.Context, log string, blocks [][32]byte) error {
	return l.d.submit(ctx, func(t *txn) error {
		if _, err := t.exec(eraseBlocks, log); err != nil {
			return fmt.Errorf("replace blocks: %w", err)
		}
		for i, b := range blocks {
			if err := t.insert("add a block", addBlock, log, int64(i), b[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutLogState replaces what the last verification found, and appends to the audit log what has changed.
func (l logs) PutLogState(ctx context.Context, log string, sealed []byte, version int64, changed ...privacy.AuditEvent) error {
	const what = "store the state of a log"
	return l.d.submit(ctx, func(t *txn) error {
		var added int64
		var err error
		if version == 0 {
			if added, err = t.exec(addLogState, log, sealed); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
		if added == 0 { // also a row to which somebody gave the version 0
			if err := t.update(what, updateLogState, outOfDate(), log, version, sealed); err != nil {
				return err
			}
		}
		w := &writer{reader{t}}
		for _, e := range changed {
			if err := w.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	})
}
