package consult

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// orphanAge is how long a key has to be without a record before it is destroyed: keys are stored before their records, and no request
// takes that long.
const orphanAge = 5 * time.Minute

// orphans remembers when a key was first seen without a record. It is caution, not truth: a new process waits anew.
type orphans struct {
	mu    sync.Mutex
	since map[string]time.Time
}

// SweepKeys destroys record keys whose record is gone: a crash, or a disk that was full, came between an erasure and the end of its key.
// Without a key no copy of the record opens, in backups either. It has to see a key without a record twice, five minutes apart.
// It returns how many it destroyed.
func (s *Service) SweepKeys(ctx context.Context) (destroyed int, err error) {
	s.texts.Lock() // a correction may take a key into use that was left before
	defer s.texts.Unlock()
	s.orphans.mu.Lock()
	defer s.orphans.mu.Unlock()
	now, still := s.Now(), map[string]time.Time{}
	lone, err := s.loneKeys(ctx)
	if err != nil {
		return 0, err
	}
	var old []string
	for _, id := range lone {
		since, seen := s.orphans.since[id]
		if !seen {
			since = now
		}
		if now.Sub(since) < orphanAge {
			still[id] = since
			continue
		}
		old = append(old, id)
	}
	if len(old) > 0 {
		// A newer program on the same store may have keys for records that this one does not know. It has migrated before it stored the first of them.
		if err := s.Store.Current(ctx); err != nil {
			return 0, fmt.Errorf("keys without a record are kept: %w", err)
		}
	}
	destroyed, err = s.destroyLone(ctx, old)
	if err == nil {
		s.orphans.since = still
	}
	return destroyed, err
}

// sweepAlone is SweepKeys before anybody else uses the store: no record is just being stored.
func (s *Service) sweepAlone(ctx context.Context) (destroyed int, err error) {
	lone, err := s.loneKeys(ctx)
	if err != nil || len(lone) == 0 {
		return 0, err
	}
	if err := s.Store.Current(ctx); err != nil {
		return 0, fmt.Errorf("keys without a record are kept: %w", err)
	}
	return s.destroyLone(ctx, lone)
}

func (s *Service) destroyLone(ctx context.Context, ids []string) (destroyed int, err error) {
	for len(ids) > 0 {
		n := min(len(ids), disposalBatch)
		if err := s.Store.Keys().DestroyNamed(ctx, ids[:n]); err != nil { // what is named after one of them may be in use
			return destroyed, err
		}
		destroyed += n
		ids = ids[n:]
	}
	if destroyed == 0 {
		return 0, nil
	}
	return destroyed, s.log(ctx, event(system(), "keys.sweep", "key:all", "destroyed", fmt.Sprint(destroyed)))
}

// loneKeys lists the keys that seal nothing: no text of a response, no postcode, no history of one, no equality profile and no entry of a register. The keys are read first: what is stored while we look
// then has its record when the records are read, or is seen again only if it stays without.
func (s *Service) loneKeys(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.Store.Keys().EveryKey(ctx, func(id string) error { ids = append(ids, id); return nil })
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	records := make(map[string]bool, len(ids))
	note := func(id string) error { records[id] = true; return nil }
	err = s.Store.Equality().EveryProfile(ctx, func(p *EqualityProfile) error { return note(p.Token) })
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error { return r.EverySealed(note) })
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id string) bool { return records[id] }), nil
}
