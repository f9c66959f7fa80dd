package consult

import (
	"context"
	"fmt"
	"sync"
	"time"

	"folkmoot/internal/fault"
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
	s.orphans.mu.Lock()
	defer s.orphans.mu.Unlock()
	now, still := s.Now(), map[string]time.Time{}
	lone, err := s.loneKeys(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range lone {
		since, seen := s.orphans.since[id]
		if !seen {
			since = now
		}
		if now.Sub(since) < orphanAge {
			still[id] = since
			continue
		}
		if err := s.Store.Keys().DestroyKey(ctx, id); err != nil {
			return destroyed, err
		}
		destroyed++
	}
	s.orphans.since = still
	if destroyed == 0 {
		return 0, nil
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(system(), "keys.sweep", "key:all", "destroyed", fmt.Sprint(destroyed)))
	})
	return destroyed, err
}

// loneKeys lists the keys that belong to no response, no equality profile and no entry of a register. The keys are read first: what is stored while we look
// then has its record when the records are read, or is seen again only if it stays without.
func (s *Service) loneKeys(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.Store.Keys().EveryKey(ctx, func(id string) error { ids = append(ids, id); return nil })
	if err != nil {
		return nil, err
	}
	profiles := map[string]bool{}
	err = s.Store.Equality().EveryProfile(ctx, func(p *EqualityProfile) error { profiles[p.Token] = true; return nil })
	if err != nil {
		return nil, err
	}
	var lone []string
	err = s.Store.View(ctx, func(r Reader) error {
		lone = nil
		for _, id := range ids {
			if profiles[id] {
				continue
			}
			_, err := r.Response(id)
			if fault.Is(err, fault.NotFound) {
				_, err = r.Entry(id)
			}
			switch {
			case fault.Is(err, fault.NotFound):
				lone = append(lone, id)
			case err != nil:
				return err
			}
		}
		return nil
	})
	return lone, err
}
