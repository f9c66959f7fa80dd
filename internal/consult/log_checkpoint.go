package consult

import (
	"context"
	"errors"
	"fmt"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

const checkpointEvery = time.Hour // between two checkpoints, at least

// PublicStep is for how many entries there is one public checkpoint. What everybody may see counts in steps, so that it tells nobody what one
// person did: a respondent who agrees to equality questions leaves more entries than one who does not (docs/decisions/0035-audit-checkpoints.md).
const PublicStep = 100

// LogKey is the public key that checks checkpoints: one line, for everybody.
func (s *Service) LogKey() string { return s.Keys.NoteKey(seal.AuditSigner) }

// MakeCheckpoints signs the head of each log that has grown, an hour after the last one at the earliest; at once for the last time before the
// service ends. What was found wrong gets no checkpoint, nor what WatchLogs has not verified, nor a tree that does not add to the one of the
// last checkpoint: then it returns an error, and the next verification is of the whole log.
func (s *Service) MakeCheckpoints(ctx context.Context, atOnce bool) error {
	var problems error
	for _, log := range Logs() {
		if err := s.makeCheckpoint(ctx, log, atOnce); err != nil && !fault.Is(err, fault.Conflict) { // another instance was faster
			problems = errors.Join(problems, fmt.Errorf("make a checkpoint of the %s log: %w", log, err))
		}
	}
	return problems
}

func (s *Service) makeCheckpoint(ctx context.Context, log string, atOnce bool) error {
	r := s.Store.Logs()
	state, version, err := s.logState(ctx, log)
	if err != nil {
		return err
	}
	newest, err := newestOr(ctx, r, log, false)
	if err != nil {
		return err
	}
	now := s.Now().UTC().Truncate(time.Second)
	switch {
	case !state.Sound() || state.Through == 0:
		return nil
	case newest != nil && (newest.Size >= state.Through || !atOnce && now.Sub(newest.MadeAt) < checkpointEvery):
		return nil
	}
	tree := newTree(ctx, r, log, newest)
	var made []Checkpoint
	for _, size := range sizesFor(log, newest, state.Through) {
		head, err := s.nextHead(tree, newest, log, size)
		if err != nil {
			state.WholeAt = time.Time{}
			stored := r.PutLogState(ctx, log, s.sealState(state), version)
			if fault.Is(stored, fault.Conflict) { // another instance was faster; what was found here is said all the same
				stored = nil
			}
			return errors.Join(err, stored)
		}
		signed, err := s.Keys.SignHead(head)
		if err != nil {
			return err
		}
		made = append(made, Checkpoint{Log: log, Size: size, Public: log == privacy.AuditLog && size%PublicStep == 0, MadeAt: now, Note: signed})
	}
	if err := sameTail(ctx, r, newest, state); err != nil {
		state.WholeAt = time.Time{} // look again from the first entry on
		stored := r.PutLogState(ctx, log, s.sealState(state), version)
		if fault.Is(stored, fault.Conflict) {
			stored = nil
		}
		return errors.Join(err, stored)
	}
	if err := tree.make(state.Through/seal.BlockSize - 1); err != nil {
		return err
	}
	return r.AddCheckpoints(ctx, log, tree.kept, tree.made, made)
}

// errTail says that entries since the last checkpoint are not those that were verified.
var errTail = errors.New("the entries since the last checkpoint are not those that were verified")

// sameTail returns errTail unless the entries since the last checkpoint still lead to the one at which the verification ended: they may have been
// rewritten since, and a checkpoint would vouch for them.
func sameTail(ctx context.Context, r LogReader, newest *Checkpoint, state *LogState) error {
	from, hash := int64(0), ""
	if newest != nil {
		from = newest.Size
		hashes, err := r.LogHashes(ctx, state.Log, from, 1)
		if err != nil {
			return err
		}
		if len(hashes) != 1 {
			return errTail
		}
		hash = hashes[0] // the tree of the last checkpoint holds it
	}
	chain := privacy.ChainFrom(state.Log, from, hash)
	err := eachOf(ctx, r, state.Log, from, state.Through, chain.Audit, chain.Consent)
	var bad *privacy.ChainError
	if errors.As(err, &bad) {
		return errTail
	}
	if err != nil {
		return err
	}
	if last, end := chain.End(); last != state.Through || end != state.Hash {
		return errTail
	}
	return nil
}

// sizesFor are the sizes to sign: all that was verified and, of the audit log, the last public step before that.
func sizesFor(log string, newest *Checkpoint, through int64) []int64 {
	last := int64(0)
	if newest != nil {
		last = newest.Size
	}
	if step := through - through%PublicStep; log == privacy.AuditLog && step > last && step < through {
		return []int64{step, through}
	}
	return []int64{through}
}

// nextHead returns the head over the first size entries if it only adds to the newest checkpoint.
func (s *Service) nextHead(tree *treeOf, newest *Checkpoint, log string, size int64) (seal.Head, error) {
	root, err := seal.RootOf(tree, size)
	if err != nil {
		return seal.Head{}, err
	}
	head := seal.Head{Log: log, Size: size, Root: root}
	if newest == nil {
		return head, nil
	}
	older, err := seal.OpenHead(newest.Note, s.LogKey())
	if err != nil {
		return seal.Head{}, err
	}
	proof, err := seal.ProveGrowth(tree, older.Size, size)
	if err != nil {
		return seal.Head{}, err
	}
	return head, seal.CheckGrowth(proof, older, head)
}

// PublicCheckpoint returns the newest checkpoint of the audit log that everybody may have. fault.NotFound until the log has PublicStep entries.
func (s *Service) PublicCheckpoint(ctx context.Context) (*Checkpoint, error) {
	return s.Store.Logs().NewestCheckpoint(ctx, privacy.AuditLog, true)
}

// PublicGrowth returns the proof that the audit log of the newest public checkpoint only adds to that of an older one, as a text. fault.NotFound
// if there was none of that size.
func (s *Service) PublicGrowth(ctx context.Context, older int64) (string, error) {
	r := s.Store.Logs()
	if _, err := r.PublicCheckpoint(ctx, privacy.AuditLog, older); err != nil {
		return "", err
	}
	newer, err := s.PublicCheckpoint(ctx)
	if err != nil {
		return "", err
	}
	newest, err := newestOr(ctx, r, privacy.AuditLog, false)
	if err != nil {
		return "", err
	}
	proof, err := seal.ProveGrowth(newTree(ctx, r, privacy.AuditLog, newest), older, newer.Size)
	if err != nil {
		return "", err
	}
	return privacy.GrowthProof{Older: older, Newer: newer.Size, Proof: proof}.String(), nil
}
