package consult

import (
	"context"
	"errors"
	"math"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// Logs lists the logs that are verified.
func Logs() []string { return []string{privacy.AuditLog, privacy.ConsentLog} }

// LogCheck is what a verification of a whole log found.
type LogCheck struct {
	Log         string
	Entries     int64               // verified, from the first on
	Hash        string              // of the last of them; "" if there is none
	Head        seal.Head           // over them
	Checkpoints int                 // that agree
	Bad         *privacy.ChainError // the first bad entry; nil if there is none
	Unsigned    []Checkpoint        // kept checkpoints that the key did not sign, or that name another size
	Blocks      bool                // a block that is kept is not that of the entries, or one that was kept is gone
	Kept        int64               // blocks that should be kept: those of the largest checkpoint
}

// Sound reports whether nothing is wrong.
func (c *LogCheck) Sound() bool { return c.Bad == nil && len(c.Unsigned) == 0 && !c.Blocks }

// VerifyLog checks a whole log: its chain from the first entry on, and against every checkpoint that the database keeps. heads and anchors
// are what somebody kept elsewhere. key is the public key of checkpoints (seal.AuditSigner). What is appended meanwhile is left out. Nothing
// that it finds is an error.
func VerifyLog(ctx context.Context, r LogReader, log, key string, heads []seal.Head, anchors []privacy.Anchor) (*LogCheck, error) {
	out := &LogCheck{Log: log}
	kept, err := r.Checkpoints(ctx, log) // before the end is looked for: one that is made meanwhile would be of more than that
	if err != nil {
		return nil, err
	}
	through, err := r.LogEnd(ctx, log)
	if err != nil {
		return nil, err
	}
	all := append([]seal.Head(nil), heads...)
	for _, c := range kept {
		head, err := seal.OpenHead(c.Note, key)
		if err != nil || head.Log != log || head.Size != c.Size || c.Public && c.Size%PublicStep != 0 {
			out.Unsigned = append(out.Unsigned, c)
			continue
		}
		all = append(all, head)
		out.Kept = max(out.Kept, head.Size/seal.BlockSize)
	}
	blocks := blockCheck{ctx: ctx, r: r, log: log, kept: out.Kept}
	walk := privacy.NewWalk(log, all, anchors, func(number int64, b seal.Hash) error {
		same, err := blocks.same(number, b)
		out.Blocks = out.Blocks || !same
		return err
	})
	if err = eachOf(ctx, r, log, math.MinInt64, through, walk.Audit, walk.Consent); err == nil {
		err = walk.Close()
	}
	if err != nil && !errors.As(err, &out.Bad) {
		return nil, err
	}
	if !out.Blocks {
		if out.Blocks, err = moreBlocks(ctx, r, log, out.Kept); err != nil {
			return nil, err
		}
	}
	out.Entries, out.Hash = walk.End()
	out.Head = walk.Head()
	for _, h := range all {
		if h.Log == log && (out.Bad == nil || h.Size < out.Bad.Sequence) {
			out.Checkpoints++
		}
	}
	return out, nil
}

// eachOf calls the function that fits the log for its entries after one and up to another.
func eachOf(ctx context.Context, r LogReader, log string, after, through int64, audit func(privacy.AuditEvent) error,
	consent func(privacy.ConsentEvent) error) error {
	if log == privacy.ConsentLog {
		return r.EachConsentEntry(ctx, after, through, consent)
	}
	return r.EachAuditEntry(ctx, after, through, audit)
}

// blockCheck compares the blocks of a walk with those that are kept.
type blockCheck struct {
	ctx   context.Context
	r     LogReader
	log   string
	kept  int64 // how many there must be
	first int64
	page  []seal.Hash
}

// same reports whether the block is the one that is kept, or need not be kept yet.
func (b *blockCheck) same(number int64, block seal.Hash) (bool, error) {
	if number >= b.first+int64(len(b.page)) {
		page, err := b.r.LogBlocks(b.ctx, b.log, number, 1000)
		if err != nil {
			return false, err
		}
		if len(page) == 0 {
			return number >= b.kept, nil
		}
		b.first, b.page = number, page
	}
	return b.page[number-b.first] == block, nil
}

// moreBlocks reports whether there are blocks that no checkpoint made: the next checkpoint could not add its own. One may have been made meanwhile.
func moreBlocks(ctx context.Context, r LogReader, log string, kept int64) (bool, error) {
	n, err := r.LogBlockCount(ctx, log)
	if err != nil || n <= kept {
		return false, err
	}
	newest, err := newestOr(ctx, r, log, false)
	return newest == nil || newest.Size/seal.BlockSize < n, err
}

// treeOf reads the tree of a log. Blocks that are not kept yet are made from entries, and stay in memory.
type treeOf struct {
	ctx context.Context
	r   LogReader
	log string

	kept int64       // blocks in the database, known once asked
	made []seal.Hash // the blocks after them
}

// newTree asks how many blocks are kept: those of the newest checkpoint.
func newTree(ctx context.Context, r LogReader, log string, newest *Checkpoint) *treeOf {
	t := &treeOf{ctx: ctx, r: r, log: log}
	if newest != nil {
		t.kept = newest.Size / seal.BlockSize
	}
	return t
}

// EntryHashes implements seal.TreeSource.
func (t *treeOf) EntryHashes(first, count int64) ([]string, error) {
	hashes, err := t.r.LogHashes(t.ctx, t.log, first, count)
	if err == nil && int64(len(hashes)) != count {
		err = &privacy.ChainError{Log: t.log, Sequence: first, Through: first + count - 1, Fault: privacy.EntryMissing}
	}
	return hashes, err
}

// BlockHashes implements seal.TreeSource.
func (t *treeOf) BlockHashes(first, count int64) ([]seal.Hash, error) {
	var out []seal.Hash
	if n := min(t.kept-first, count); n > 0 {
		var err error
		if out, err = t.r.LogBlocks(t.ctx, t.log, first, n); err != nil {
			return nil, err
		}
		if int64(len(out)) != n {
			return nil, errors.New("kept blocks of a log are missing")
		}
	}
	for number := first + int64(len(out)); number < first+count; number++ {
		if err := t.make(number); err != nil {
			return nil, err
		}
		out = append(out, t.made[number-t.kept])
	}
	return out, nil
}

// make makes the blocks up to the number.
func (t *treeOf) make(through int64) error {
	for number := t.kept + int64(len(t.made)); number <= through; number++ {
		hashes, err := t.EntryHashes(number*seal.BlockSize+1, seal.BlockSize)
		if err != nil {
			return err
		}
		tree := &seal.Tree{}
		for _, h := range hashes {
			if err := tree.Add(h); err != nil {
				return err
			}
		}
		block, _ := tree.Block()
		t.made = append(t.made, block)
	}
	return nil
}

// newestOr returns the newest checkpoint, nil if there is none.
func newestOr(ctx context.Context, r LogReader, log string, public bool) (*Checkpoint, error) {
	c, err := r.NewestCheckpoint(ctx, log, public)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return c, err
}
