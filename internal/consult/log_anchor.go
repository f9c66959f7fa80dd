package consult

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// PlaceName names a place where anchors are kept. The zero value is invalid.
type PlaceName string

// The places.
const (
	KeyStorePlace PlaceName = "keys" // the database of the record keys
	FilePlace     PlaceName = "file" // a file beside the master key
)

// AnchorReader reads what a place apart from the logs says of them.
type AnchorReader interface {
	Name() PlaceName
	// Anchor returns the signed note (privacy.LogAnchor) of a log. fault.NotFound if none was kept.
	Anchor(ctx context.Context, log string) (note []byte, err error)
}

// AnchorPlace keeps the newest anchor of each log apart from it.
type AnchorPlace interface {
	AnchorReader
	// PutAnchor replaces the note that was read, nil for none, and returns when the new one is durable. fault.Conflict if another is there.
	PutAnchor(ctx context.Context, log string, was, note []byte) error
}

// HeldAnchor is what one place says of a log.
type HeldAnchor struct {
	Place PlaceName
	Note  []byte             // nil: nothing was kept there
	Says  *privacy.LogAnchor // nil where there is no note, or one that the key did not sign
	Past  bool               // it is from before the log was put back from a backup, and counts no more
}

// Spoiled reports whether there is a note that the key did not sign, or that says nothing of this log.
func (h HeldAnchor) Spoiled() bool { return h.Note != nil && h.Says == nil }

// HeldAnchors returns what the places say of a log, in their order. key is the public key (seal.AuditSigner).
func HeldAnchors(ctx context.Context, places []AnchorReader, log, key string) ([]HeldAnchor, error) {
	var held []HeldAnchor
	var since time.Time
	for _, place := range places {
		note, err := place.Anchor(ctx, log)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		h := HeldAnchor{Place: place.Name()}
		if err == nil {
			h.Note = append([]byte{}, note...)
			if a, err := privacy.OpenLogAnchor(note, key, log); err == nil {
				h.Says = &a
				if a.Since.After(since) {
					since = a.Since
				}
			}
		}
		held = append(held, h)
	}
	for i, h := range held {
		held[i].Past = h.Says != nil && h.Says.Since.Before(since)
	}
	return held, nil
}

// Bounds returns what the log must still have, by what counts.
func Bounds(held []HeldAnchor) (bounds []privacy.Anchor) {
	for _, h := range held {
		if h.Says != nil && !h.Past {
			bounds = append(bounds, h.Says.Anchor)
		}
	}
	return bounds
}

func spoiledIn(held []HeldAnchor) (n int) {
	for _, h := range held {
		if h.Spoiled() {
			n++
		}
	}
	return n
}

func (s *Service) anchorPlaces() []AnchorPlace {
	places := []AnchorPlace{s.Store.Anchor()}
	if s.Anchor != nil {
		places = append(places, s.Anchor)
	}
	return places
}

// heldAnchors must be asked before the end of the log is: an anchor that another instance moves meanwhile would be ahead of it.
func (s *Service) heldAnchors(ctx context.Context, log string) ([]HeldAnchor, error) {
	var readers []AnchorReader
	for _, p := range s.anchorPlaces() {
		readers = append(readers, p)
	}
	return HeldAnchors(ctx, readers, log, s.LogKey())
}

// KeepAnchors moves the anchors of each log on to what WatchLogs verified last. They may lag behind the log, when the service is killed before it
// comes to this, and never lead; nor do they ever go back. While anything is wrong with a log its anchors stay where they are.
func (s *Service) KeepAnchors(ctx context.Context) error {
	var problems error
	for _, log := range Logs() {
		if err := s.keepAnchor(ctx, log); err != nil {
			problems = errors.Join(problems, fmt.Errorf("anchor the %s log: %w", log, err))
		}
	}
	return problems
}

func (s *Service) keepAnchor(ctx context.Context, log string) error {
	state, _, err := s.logState(ctx, log)
	if err != nil || !state.Sound() || state.CheckedAt.IsZero() {
		return err
	}
	held, err := s.heldAnchors(ctx, log)
	if err != nil {
		return err
	}
	next := privacy.LogAnchor{Log: log, Anchor: privacy.Anchor{Sequence: state.Through, Hash: state.Hash}, At: state.CheckedAt}
	for _, h := range held {
		if h.Spoiled() { // since the verification, which will find it
			return nil
		}
		if h.Says != nil && !h.Past {
			next.Since, next.Before = h.Says.Since, h.Says.Before
			if h.Says.Sequence > next.Sequence { // another instance has verified more
				next = *h.Says
			}
		}
	}
	var problems error
	for i, place := range s.anchorPlaces() {
		h := held[i]
		if next.Sequence == 0 && h.Note == nil || h.Says != nil && !h.Past && h.Says.Sequence >= next.Sequence {
			continue
		}
		err := s.putAnchor(ctx, place, h.Note, next)
		if fault.Is(err, fault.Conflict) { // another instance moved it since: to what that one verified, which is no worse, and the next round goes on from there
			err = nil
		}
		problems = errors.Join(problems, err)
	}
	return problems
}

// putAnchor replaces the note that was read: fault.Conflict if another is there by now.
func (s *Service) putAnchor(ctx context.Context, place AnchorPlace, was []byte, next privacy.LogAnchor) error {
	note, err := next.Sign(s.Keys)
	if err != nil {
		return err
	}
	return place.PutAnchor(ctx, next.Log, was, note)
}

// Discontinuity is what was lost of a log when its database was put back from a backup.
type Discontinuity struct {
	Log    string
	Kept   int64          // entries that the log has
	Before privacy.Anchor // where it ended before; zero if nothing that was kept could be read
	At     time.Time      // when that was anchored
}

// Discontinuities compares the logs with their anchors. A log that is sound in itself and is not the one that was anchored was put back as it was
// before, or is presented as new: which of them, only somebody who knows can say. It returns a *privacy.ChainError for a log that is not
// sound in itself.
func (s *Service) Discontinuities(ctx context.Context) (found []Discontinuity, err error) {
	for _, log := range Logs() {
		d, err := s.discontinuity(ctx, log)
		if err != nil {
			return nil, err
		}
		if d != nil {
			found = append(found, *d)
		}
	}
	return found, nil
}

func (s *Service) discontinuity(ctx context.Context, log string) (*Discontinuity, error) {
	held, err := s.heldAnchors(ctx, log)
	if err != nil {
		return nil, err
	}
	state, _, err := s.logState(ctx, log)
	if err != nil {
		return nil, err
	}
	within := []privacy.Anchor{{Sequence: state.Through, Hash: state.Hash}}
	alone, err := VerifyLog(ctx, s.Store.Logs(), log, s.LogKey(), nil, within)
	if err != nil {
		return nil, err
	}
	if alone.Bad != nil {
		return nil, alone.Bad
	}
	whole, err := VerifyLog(ctx, s.Store.Logs(), log, s.LogKey(), nil, Bounds(held))
	if err != nil {
		return nil, err
	}
	if whole.Bad == nil && spoiledIn(held) == 0 {
		return nil, nil
	}
	d := &Discontinuity{Log: log, Kept: alone.Entries}
	for _, h := range held {
		if h.Says != nil && !h.Past && h.Says.Sequence >= d.Before.Sequence {
			d.Before, d.At = h.Says.Anchor, h.Says.At
		}
	}
	return d, nil
}

// RecordRestore records that the database was put back from a backup, of each log that has lost entries by that (Discontinuities): an entry of the
// audit log says what was lost, and the anchors, signed, say where the log ended before and from when on it is judged anew. Anchors that were kept
// before count no more, in no place. Killed on the way it is completed by calling it again. Nothing else brings an anchor back:
// whoever calls it must have put the backup back.
func (s *Service) RecordRestore(ctx context.Context, by privacy.Actor) ([]Discontinuity, error) {
	found, err := s.Discontinuities(ctx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		for _, d := range found {
			known, err := restoreRecorded(w, d)
			if err == nil && !known {
				err = w.AppendAudit(event(by, restored, "log:"+d.Log, "entry", fmt.Sprint(d.Kept), "through", fmt.Sprint(d.Before.Sequence), "expected", d.Before.Hash))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		if err := s.beginAnchors(ctx, d); err != nil {
			return nil, fmt.Errorf("anchor the %s log: %w", d.Log, err)
		}
	}
	return found, nil
}

// restored is the audit entry of a backup that was put back.
const restored = "audit.restored"

// restoreRecorded reports whether the audit log says already what was lost: the service was killed before the anchors began anew. A backup that is put back once more
// takes such an entry with it, and what is lost after the anchors began anew was anchored elsewhere. Where nothing that was kept could be read there is nothing to tell
// two losses apart by: then it is recorded only if nothing else has happened since.
func restoreRecorded(r Reader, d Discontinuity) (bool, error) {
	for before := int64(0); ; {
		told, err := r.AuditEvents(AuditFilter{Actions: []string{restored}, Object: "log:" + d.Log, Before: before})
		if err != nil || len(told) == 0 {
			return false, err
		}
		for _, e := range told {
			if e.Detail["through"] != fmt.Sprint(d.Before.Sequence) || e.Detail["expected"] != d.Before.Hash {
				continue
			}
			if d.Before != (privacy.Anchor{}) {
				return true, nil
			}
			since, err := r.AuditEvents(AuditFilter{Limit: len(Logs())})
			return slices.ContainsFunc(since, func(x privacy.AuditEvent) bool { return x.Sequence == e.Sequence }) &&
				!slices.ContainsFunc(since, func(x privacy.AuditEvent) bool { return x.Sequence > e.Sequence && x.Action != restored }), err
		}
		before = told[len(told)-1].Sequence
	}
}

// mostMoves is how often beginAnchors tries again where somebody else moves an anchor at the same time.
const mostMoves = 5

// beginAnchors replaces what the places say of a log by where it ends now. The first that holds the new anchor makes what the others say past.
func (s *Service) beginAnchors(ctx context.Context, d Discontinuity) error {
	held, err := s.heldAnchors(ctx, d.Log)
	if err != nil {
		return err
	}
	now, err := VerifyLog(ctx, s.Store.Logs(), d.Log, s.LogKey(), nil, nil)
	if err != nil {
		return err
	}
	if now.Bad != nil {
		return now.Bad
	}
	next := privacy.LogAnchor{Log: d.Log, Anchor: privacy.Anchor{Sequence: now.Entries, Hash: now.Hash}, At: s.Now().UTC().Truncate(time.Second), Before: d.Before}
	next.Since = next.At
	for _, h := range held {
		if h.Says != nil && !next.Since.After(h.Says.Since) {
			next.Since = h.Says.Since.Add(time.Second)
		}
	}
	for i, place := range s.anchorPlaces() {
		if err := s.beginAnchor(ctx, place, held[i].Note, next); err != nil {
			return err
		}
	}
	return nil
}

// beginAnchor replaces the note of one place, also where another instance moves it meanwhile: that one looks at the log as it was before. fault.Conflict if that
// does not end: nothing is recorded then that does not hold, and it is called again.
func (s *Service) beginAnchor(ctx context.Context, place AnchorPlace, was []byte, next privacy.LogAnchor) error {
	for move := 0; ; move++ {
		err := s.putAnchor(ctx, place, was, next)
		if !fault.Is(err, fault.Conflict) || move == mostMoves {
			return err
		}
		was, err = place.Anchor(ctx, next.Log)
		if fault.Is(err, fault.NotFound) {
			was, err = nil, nil
		}
		if err != nil {
			return err
		}
	}
}
