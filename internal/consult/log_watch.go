package consult

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

const (
	wholeEvery = 24 * time.Hour // between two verifications of a whole log
	lateAfter  = time.Hour      // since the last verification: six rounds of housekeeping came to nothing
)

// LogState is how a log stood when it was last verified. It lies in the database, so that every instance says the same.
type LogState struct {
	Log       string              `json:"log"`
	Through   int64               `json:"through"` // entries 1 to this one are verified
	Hash      string              `json:"hash"`    // of the last of them
	CheckedAt time.Time           `json:"checked_at"`
	WholeAt   time.Time           `json:"whole_at"` // when it was last verified from the first entry on
	Bad       *privacy.ChainError `json:"bad,omitempty"`
	Unsigned  int                 `json:"unsigned,omitempty"` // checkpoints in the database that the council's key did not sign
	Blocks    bool                `json:"blocks,omitempty"`   // blocks of the tree were changed, or are missing
	Anchors   int                 `json:"anchors,omitempty"`  // anchors outside the database that the council's key did not sign
	Unread    bool                `json:"unread,omitempty"`   // it cannot be verified: something there cannot be read at all
	FoundAt   time.Time           `json:"found_at,omitzero"`  // since when something is wrong
	Late      bool                `json:"-"`                  // for an hour it was not verified; LogStates finds out when it is asked
}

// Sound reports whether nothing was found wrong with the log.
func (s *LogState) Sound() bool {
	return s.Bad == nil && s.Unsigned == 0 && !s.Blocks && s.Anchors == 0 && !s.Unread
}

// WatchLogs verifies what was added to each log since it was last verified, and the whole log once a day, or as long as something is wrong.
// What it finds is kept for LogStates, and goes into the audit log when it changes. It runs with every round of housekeeping. hurry is for a
// service that is about to end: it looks at what was added, and returns what is wrong there as an error (*privacy.ChainError).
func (s *Service) WatchLogs(ctx context.Context, hurry bool) ([]LogState, error) {
	var out []LogState
	var problems error
	for _, log := range Logs() { // one that cannot be read keeps no other
		state, err := s.watch(ctx, log, hurry)
		if err != nil {
			if !hurry && ctx.Err() == nil && !fault.Is(err, fault.Unavailable) { // what is only away for a while makes the log late, not unread
				err = errors.Join(err, s.unread(ctx, log))
			}
			problems = errors.Join(problems, fmt.Errorf("verify the %s log: %w", log, err))
			continue
		}
		out = append(out, *state)
	}
	return out, problems
}

func (s *Service) watch(ctx context.Context, log string, hurry bool) (*LogState, error) {
	r := s.Store.Logs()
	before, version, err := s.logState(ctx, log)
	if err != nil {
		return nil, err
	}
	if hurry && !before.Sound() {
		return before, nil
	}
	held, err := s.heldAnchors(ctx, log)
	if err != nil {
		return nil, err
	}
	next := *before
	next.Unread, next.Anchors = false, spoiledIn(held)
	whole := !hurry && (!before.Sound() || s.Now().Sub(before.WholeAt) >= wholeEvery)
	if !whole {
		if err := s.verifyNew(ctx, r, &next, Bounds(held)); err != nil {
			var bad *privacy.ChainError
			if hurry || !errors.As(err, &bad) {
				return nil, err
			}
			whole = true // the first bad entry may be an earlier one
			next.Through, next.Hash = before.Through, before.Hash
		}
	}
	if whole {
		if err := s.verifyWhole(ctx, r, &next, Bounds(held)); err != nil {
			return nil, err
		}
	}
	next.CheckedAt = s.Now().UTC().Truncate(time.Second)
	if next.Sound() {
		next.FoundAt = time.Time{}
	} else if before.FoundAt.IsZero() {
		next.FoundAt = next.CheckedAt
	}
	err = r.PutLogState(ctx, log, s.sealState(&next), version, change(before, &next)...)
	if err != nil && !fault.Is(err, fault.Conflict) { // another instance looked at the same time
		return nil, err
	}
	return &next, nil
}

// unread keeps that a log cannot be verified, since when, and that in the audit log.
func (s *Service) unread(ctx context.Context, log string) error {
	before, version, err := s.logState(ctx, log)
	if err != nil || before.Unread {
		return err
	}
	next := *before
	next.Unread = true
	if before.Sound() {
		next.FoundAt = s.Now().UTC().Truncate(time.Second)
	}
	err = s.Store.Logs().PutLogState(ctx, log, s.sealState(&next), version, change(before, &next)...)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// verifyNew goes on from the last verified entry, which must still be there, as must those that are anchored outside.
func (s *Service) verifyNew(ctx context.Context, r LogReader, state *LogState, bounds []privacy.Anchor) error {
	through, err := r.LogEnd(ctx, state.Log)
	if err != nil {
		return err
	}
	bad := &privacy.ChainError{Log: state.Log, Sequence: through + 1, Through: state.Through, Fault: privacy.EntryCut}
	for _, seen := range append(bounds, privacy.Anchor{Sequence: state.Through, Hash: state.Hash}) {
		if seen.Sequence > through {
			return bad
		}
		if seen.Sequence == 0 {
			continue
		}
		hashes, err := r.LogHashes(ctx, state.Log, seen.Sequence, 1)
		if err != nil {
			return err
		}
		if len(hashes) != 1 || hashes[0] != seen.Hash {
			return bad
		}
	}
	newest, err := newestOr(ctx, r, state.Log, false)
	if err != nil {
		return err
	}
	if newest != nil && newest.Size > state.Through { // the state is older than a checkpoint: it was put back
		return bad
	}
	chain := privacy.ChainFrom(state.Log, state.Through, state.Hash)
	if err := eachOf(ctx, r, state.Log, state.Through, through, chain.Audit, chain.Consent); err != nil {
		return err
	}
	state.Through, state.Hash = chain.End()
	return nil
}

// verifyWhole verifies from the first entry on. While something is wrong the state keeps what was last verified: it vouches for it.
func (s *Service) verifyWhole(ctx context.Context, r LogStore, state *LogState, bounds []privacy.Anchor) error {
	found, err := VerifyLog(ctx, r, state.Log, s.LogKey(), nil, append(bounds, privacy.Anchor{Sequence: state.Through, Hash: state.Hash}))
	if err != nil {
		return err
	}
	if !stillCut(state.Bad, found.Bad) {
		state.Bad = found.Bad
	}
	state.Unsigned, state.Blocks = len(found.Unsigned), found.Blocks
	state.WholeAt = s.Now().UTC().Truncate(time.Second)
	if found.Bad != nil {
		return nil
	}
	state.Through, state.Hash = found.Entries, found.Hash
	if found.Blocks && len(found.Unsigned) == 0 && state.Anchors == 0 { // the entries are what everything vouches for: the next look finds the blocks mended
		return remakeBlocks(ctx, r, state.Log, found.Kept)
	}
	return nil
}

// remakeBlocks makes blocks of the tree anew from the entries.
func remakeBlocks(ctx context.Context, r LogStore, log string, count int64) error {
	tree := &treeOf{ctx: ctx, r: r, log: log}
	if err := tree.make(count - 1); err != nil {
		return err
	}
	return r.ReplaceBlocks(ctx, log, tree.made)
}

// stillCut reports whether what was found now comes of the cut that was found before: the log goes on growing, over the place of what is gone, so
// that later only the earlier finding tells where that began.
func stillCut(before, now *privacy.ChainError) bool {
	switch {
	case before == nil || now == nil || before.Fault != privacy.EntryCut:
		return false
	case now.Fault == privacy.EntryCut:
		return now.Through == before.Through
	}
	return now.Fault == privacy.EntryRewritten && now.Sequence <= before.Sequence && before.Sequence <= now.Through
}

const statePurpose = "log-state"

func statePlace(log string) []byte { return seal.Place("log_state", log, "sealed") }

func (s *Service) sealState(state *LogState) []byte {
	plain, err := json.Marshal(state)
	if err != nil { // of texts, numbers and times: never
		panic(err)
	}
	return s.Keys.Seal(statePurpose, plain, statePlace(state.Log))
}

// logState returns what was last found. A state that somebody else wrote counts for nothing: then the whole log is verified anew.
func (s *Service) logState(ctx context.Context, log string) (*LogState, int64, error) {
	none := &LogState{Log: log}
	sealed, version, err := s.Store.Logs().LogState(ctx, log)
	if fault.Is(err, fault.NotFound) {
		return none, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	plain, err := s.Keys.Open(statePurpose, sealed, statePlace(log))
	if err != nil {
		return none, version, nil
	}
	var state LogState
	if err := json.Unmarshal(plain, &state); err != nil {
		return none, version, nil
	}
	return &state, version, nil
}

// change is what the audit log is told: that a log stopped being sound, that the first bad entry is another one, or that all is well again. It is stored with
// the state, so that none is lost between the two.
func change(before, next *LogState) []privacy.AuditEvent {
	switch {
	case next.Sound() && !before.Sound():
		return []privacy.AuditEvent{event(system(), "audit.mended", "log:"+next.Log)}
	case next.Sound():
		return nil
	case next.Bad != nil && (before.Bad == nil || *before.Bad != *next.Bad):
		return []privacy.AuditEvent{event(system(), "audit.broken", "log:"+next.Log, "entry", fmt.Sprint(next.Bad.Sequence),
			"through", fmt.Sprint(max(next.Bad.Sequence, next.Bad.Through)), "fault", string(next.Bad.Fault))}
	case before.Sound() || next.Unread && !before.Unread:
		what := []string{"checkpoints", fmt.Sprint(next.Unsigned), "anchors", fmt.Sprint(next.Anchors)}
		if next.Unread {
			what = []string{"fault", "unread"}
		} else if next.Blocks {
			what = append(what, "fault", "blocks")
		}
		return []privacy.AuditEvent{event(system(), "audit.broken", "log:"+next.Log, what...)}
	}
	return nil
}

// LogStates returns what the last verification of each log found, for everybody who works for the council: whoever sees first that something is wrong
// can say so. A log that was never verified has no CheckedAt. What cannot be read is Unread.
func (s *Service) LogStates(ctx context.Context, by *Staff) ([]LogState, error) {
	if err := by.Allow(SeeConsultations, SeeAudit, SeeSystem); err != nil {
		return nil, err
	}
	var out []LogState
	for _, log := range Logs() {
		state, _, err := s.logState(ctx, log)
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return nil, err
		}
		if err != nil {
			state = &LogState{Log: log, Unread: true, FoundAt: s.Now().UTC().Truncate(time.Second)}
		}
		if state.Late, err = s.late(ctx, state); err != nil {
			return nil, err
		}
		out = append(out, *state)
	}
	return out, nil
}

// late reports whether a log should have been verified since. One that never was is late an hour after the first entry of the audit log.
func (s *Service) late(ctx context.Context, state *LogState) (bool, error) {
	last := state.CheckedAt
	if last.IsZero() {
		err := s.Store.View(ctx, func(r Reader) error {
			first, err := r.AuditEvent(1)
			last = first.At
			return err
		})
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return false, err
		}
	}
	return s.Now().Sub(last) > lateAfter, nil
}
