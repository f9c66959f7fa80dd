package consult

import (
	"context"
	"time"

	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// Checkpoint is a signed head of the tree over a log (seal.Head), as it is kept.
type Checkpoint struct {
	Log    string // privacy.AuditLog or privacy.ConsentLog
	Size   int64  // entries
	Public bool   // everybody may have it: see PublicStep
	MadeAt time.Time
	Note   []byte // signed text: what counts, the other fields only find it
}

// LogReader reads the two ledgers as logs, and what vouches for them. No method holds a transaction longer than it takes to read a page:
// erasures must not wait for a reader (docs/decisions/0014-erasure-in-the-file.md).
type LogReader interface {
	LogEnd(ctx context.Context, log string) (last int64, err error) // number of the last entry; 0 for an empty log
	// EachAuditEntry calls fn for the entries of the audit log after one and up to another, in order; a missing entry is left out.
	EachAuditEntry(ctx context.Context, after, through int64, fn func(privacy.AuditEvent) error) error
	// EachConsentEntry is EachAuditEntry for the consent ledger.
	EachConsentEntry(ctx context.Context, after, through int64, fn func(privacy.ConsentEvent) error) error
	// LogHashes returns the chain hashes of count entries from number first on; fewer where entries are missing.
	LogHashes(ctx context.Context, log string, first, count int64) ([]string, error)
	// LogBlocks returns the blocks of the tree that are kept, count from number first on; fewer where they are not there.
	LogBlocks(ctx context.Context, log string, first, count int64) ([]seal.Hash, error)
	LogBlockCount(ctx context.Context, log string) (int64, error)      // how many are kept
	Checkpoints(ctx context.Context, log string) ([]Checkpoint, error) // by size
	// NewestCheckpoint returns the largest one, or the largest public one. fault.NotFound if there is none.
	NewestCheckpoint(ctx context.Context, log string, public bool) (*Checkpoint, error)
	// PublicCheckpoint returns the public one of a size. fault.NotFound if there is none.
	PublicCheckpoint(ctx context.Context, log string, size int64) (*Checkpoint, error)
	// LogState returns what the last verification found, sealed. fault.NotFound before the first.
	LogState(ctx context.Context, log string) (sealed []byte, version int64, err error)
}

// LogStore keeps what vouches for the ledgers. Its writes need no audit event: they say nothing that the ledgers do not, and an event for each
// would make the log grow for ever.
type LogStore interface {
	LogReader
	// AddCheckpoints adds blocks from number first on, and checkpoints, all or nothing. fault.Conflict if another instance was faster.
	AddCheckpoints(ctx context.Context, log string, first int64, blocks []seal.Hash, checkpoints []Checkpoint) error
	// ReplaceBlocks puts blocks, from number 0 on, in the place of all that are kept: they say nothing that the entries do not.
	ReplaceBlocks(ctx context.Context, log string, blocks []seal.Hash) error
	// PutLogState replaces the state that was read with the version, 0 for none, and appends to the audit log what has changed, both or neither.
	// fault.Conflict if another instance was faster.
	PutLogState(ctx context.Context, log string, sealed []byte, version int64, changed ...privacy.AuditEvent) error
}
