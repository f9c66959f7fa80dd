package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// ErasureKind is what was erased, or withdrawn. The zero value is invalid.
type ErasureKind string

// The kinds.
const (
	ErasedResponse   ErasureKind = "response"   // with its equality answers
	ErasedText       ErasureKind = "text"       // free text of a response with kept postcodes that lay in it; the coded answers stay
	ErasedTextAlone  ErasureKind = "text_alone" // free text of a response whose kept postcodes lie apart: those stay
	ErasedPostcode   ErasureKind = "postcode"   // kept postcodes of a response; the ward and the free text stay
	ErasedProfile    ErasureKind = "profile"    // equality answers given under one consent
	ErasedAnswers    ErasureKind = "answers"    // equality answers that their person took back, all that were sealed under one key
	ErasedEntry      ErasureKind = "entry"      // of a register
	WithdrawnConsent ErasureKind = "consent"    // its equality answers are erased because it does not stand
)

// Erasure is one entry of the list of erasures. It names what was erased by tokens that mean nothing without the master key and a copy that holds it.
type Erasure struct {
	ID      string      `json:"id"`
	Kind    ErasureKind `json:"kind"`
	Tokens  []string    `json:"tokens"`
	At      time.Time   `json:"at"`                // UTC
	By      string      `json:"by,omitempty"`      // ConsentEvent.Actor of a withdrawal: it is appended anew to the ledger of a restored copy
	Channel string      `json:"channel,omitempty"` // ConsentEvent.Channel

	Reason privacy.Reason `json:"reason,omitempty"` // why consent was invalidated; empty: it was withdrawn
}

// ListHead says how far a list of erasures is.
type ListHead struct {
	List    string // its random name
	Entries int64
	Hash    string // of the last entry; empty for none
}

// ErasureList is the list of erasures. It lies outside the stores, so that it does not go back in time with them, and is replayed over a restored backup
// before the service opens (privacy.md 6, step 7). One that cannot be read as it was written does not open.
type ErasureList interface {
	// Append adds entries and returns the head after them when they are durable.
	Append(entries []Erasure) (ListHead, error)
	// Head returns how far the list is.
	Head() (ListHead, error)
	// HashAt returns the hash of the entry with the number, empty for 0. fault.NotFound if the list is shorter.
	HashAt(number int64) (string, error)
	// Each calls fn for the entries after a number, in order.
	Each(after int64, fn func(Erasure) error) error
}

// PendingErasure is an entry of the list that is not there yet: it was written in the transaction that erases.
type PendingErasure struct {
	ID     string
	Sealed []byte
}

// ErasureStore keeps what has to go into the list of erasures. Its writes need no audit event: what erases writes one.
type ErasureStore interface {
	Add(ctx context.Context, e PendingErasure) error
	Pending(ctx context.Context, limit int) ([]PendingErasure, error) // some of them
	// Settle notes how far a list is, unless it was further, and forgets what stands in it.
	Settle(ctx context.Context, head ListHead, ids []string) error
	// Accept notes how far a list is although it was further, or is another one: somebody has said that nothing better is to be had.
	Accept(ctx context.Context, head ListHead) error
	// Known returns what was noted of a list last, nothing with no name if nothing was, and how many other lists are known.
	Known(ctx context.Context, list string) (head ListHead, others int, err error)
}

// token names what was erased.
func (s *Service) erasureToken(kind ErasureKind, id string) string {
	return s.Keys.ErasureToken(string(kind), id)
}

// profileID names equality answers with the consent under which they were given: a person may agree and answer anew.
func profileID(token, record string) string { return token + "|" + record }

// answersID names equality answers with their key: a person who took them back may give others under the same consent, which have a key of their own and stay.
func answersID(p *EqualityProfile) string {
	return profileID(p.Token, p.ConsentRecord) + "|" + seal.Digest(string(p.RecordKey))
}

const erasurePurpose = "erasure"

func erasurePlace(id string) []byte { return seal.Place("erasure_pending", id, "sealed") }

// pending makes an entry for the list.
func (s *Service) pending(e Erasure, ids []string) PendingErasure {
	e.ID = seal.RandomID()
	for _, id := range ids {
		e.Tokens = append(e.Tokens, s.erasureToken(e.Kind, id))
	}
	plain, err := json.Marshal(e)
	if err != nil { // of texts and times: never
		panic(err)
	}
	return PendingErasure{ID: e.ID, Sealed: s.Keys.Seal(erasurePurpose, plain, erasurePlace(e.ID))}
}

// noteErasure notes for the list what a transaction erases; settle brings it there before the erasure is acknowledged. A service without a list keeps
// none: the program always has one.
func (s *Service) noteErasure(w Writer, e Erasure, id string) error {
	if s.Erasures == nil {
		return nil
	}
	e.At = w.Now()
	return w.AddErasure(s.pending(e, []string{id}))
}

// listErasure brings into the list what is going to be erased. It is for disposals, which destroy keys before rows: once begun they are completed.
func (s *Service) listErasure(ctx context.Context, kind ErasureKind, ids []string) error {
	if s.Erasures == nil || len(ids) == 0 {
		return nil
	}
	at := s.Now().UTC().Truncate(time.Second)
	if err := s.Store.Erasures().Add(ctx, s.pending(Erasure{Kind: kind, At: at}, ids)); err != nil {
		return err
	}
	return s.settle(ctx)
}

// settled is how many entries are brought into the list at a time.
const settled = 500

// settle brings what was noted into the list. It ends its work where the request has ended.
func (s *Service) settle(ctx context.Context) error {
	if s.Erasures == nil {
		return nil
	}
	ctx, cancel := lasting(ctx)
	defer cancel()
	s.settling.Lock()
	defer s.settling.Unlock()
	for {
		waiting, err := s.Store.Erasures().Pending(ctx, settled)
		if err != nil || len(waiting) == 0 {
			return err
		}
		var entries []Erasure
		var ids []string
		for _, p := range waiting {
			e, err := s.openErasure(p)
			if err != nil {
				return err
			}
			entries, ids = append(entries, e), append(ids, p.ID)
		}
		head, err := s.Erasures.Append(entries)
		if err != nil { // what was erased is erased; that it is not in the list yet is said, and tried again
			return fault.Wrap(fmt.Errorf("list erasures: %w", err), fault.Unavailable, "error.erasure.list")
		}
		if err := s.Store.Erasures().Settle(ctx, head, ids); err != nil {
			return err
		}
	}
}

func (s *Service) openErasure(p PendingErasure) (e Erasure, err error) {
	plain, err := s.Keys.Open(erasurePurpose, p.Sealed, erasurePlace(p.ID))
	if err != nil {
		return e, fmt.Errorf("open an erasure that waits: %w", err)
	}
	if err := json.Unmarshal(plain, &e); err != nil {
		return e, fmt.Errorf("open an erasure that waits: %w", err)
	}
	return e, nil
}

// SettleErasures brings into the list what a crash kept from it. It returns an error while the list cannot be written.
func (s *Service) SettleErasures(ctx context.Context) error { return s.settle(ctx) }
