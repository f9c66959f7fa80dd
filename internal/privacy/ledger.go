package privacy

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"folkmoot/internal/seal"
)

// follows lists which states may follow which (privacy.md 3.5). Withdrawing must always be possible (art. 7(3)), also
// after consent has expired; after refusal or withdrawal people may be asked again and may agree.
var follows = map[ConsentState][]ConsentState{
	ConsentNone:        {ConsentRequested, ConsentRefused, ConsentGiven},
	ConsentRequested:   {ConsentRefused, ConsentGiven, ConsentSuperseded, ConsentInvalidated},
	ConsentRefused:     {ConsentRequested, ConsentGiven, ConsentSuperseded},
	ConsentGiven:       {ConsentRenewed, ConsentWithdrawn, ConsentExpired, ConsentSuperseded, ConsentInvalidated},
	ConsentRenewed:     {ConsentRenewed, ConsentWithdrawn, ConsentExpired, ConsentSuperseded, ConsentInvalidated},
	ConsentWithdrawn:   {ConsentRequested, ConsentGiven},
	ConsentExpired:     {ConsentRequested, ConsentRefused, ConsentGiven, ConsentWithdrawn},
	ConsentSuperseded:  {ConsentRequested, ConsentRefused, ConsentGiven, ConsentWithdrawn},
	ConsentInvalidated: {ConsentRequested, ConsentRefused, ConsentGiven, ConsentWithdrawn},
}

// CanFollow reports whether a consent in state from may go to state to.
func CanFollow(from, to ConsentState) bool { return slices.Contains(follows[from], to) }

// Permits reports whether the state, as StateOf returns it, allows processing: only given or renewed (art. 7(1), 9(2)(a)).
func Permits(state ConsentState) bool { return state == ConsentGiven || state == ConsentRenewed }

// StateOf returns where one consent stands at a moment, from the events of its record in the order of the ledger.
// Consent whose validity has ended is expired whether or not an event says so; so is consent without an end of validity.
// It fails closed: an event that would permit but may not follow has no effect, one that ends permission always has.
func StateOf(events []ConsentEvent, at time.Time) ConsentState {
	state, until := ConsentNone, time.Time{}
	for _, e := range events {
		if e.At.After(at) {
			continue
		}
		from := state
		if Permits(from) && !e.At.Before(until) {
			from = ConsentExpired
		}
		if Permits(e.State) && !CanFollow(from, e.State) {
			continue
		}
		state, until = e.State, e.ValidUntil
	}
	if Permits(state) && !at.Before(until) {
		return ConsentExpired
	}
	return state
}

// Chain returns the event with PrevHash and Hash set to follow the entry with hash prev ("" for the first). Set the
// sequence before.
func (e ConsentEvent) Chain(prev string) ConsentEvent {
	e.PrevHash, e.Hash = prev, seal.HashChain(prev, e.canonical())
	return e
}

// Intact reports whether the event is what its own hash says, its statement included. That it follows the entry before it, and that the
// ledger is whole, only VerifyConsentChain tells.
func (e ConsentEvent) Intact() bool {
	if shown := e.Statement != "" || e.StatementHash != ""; shown && seal.Digest(e.Statement) != e.StatementHash {
		return false
	}
	return e.Hash == seal.HashChain(e.PrevHash, e.canonical())
}

func (e ConsentEvent) canonical() []byte {
	return seal.Canonical("consent", strconv.FormatInt(e.Sequence, 10), e.ID, e.RecordID, e.Principal, e.ConsultationID, e.PurposeID,
		string(e.State), stamp(e.At), stamp(e.ValidUntil), e.Channel, e.Actor, string(e.Language), e.NoticeID, strconv.Itoa(e.NoticeVersion),
		e.Statement, e.StatementHash, e.Option, e.SurveyVersion)
}

// ChainError names the first bad entry of a log.
type ChainError struct {
	Log      string // consent, audit or certificate
	Sequence int64  // of the first entry that is wrong or missing
	Reason   string
}

// Error returns the text for the log and the verifier.
func (e *ChainError) Error() string {
	return fmt.Sprintf("%s log: entry %d: %s", e.Log, e.Sequence, e.Reason)
}

// VerifyConsentChain checks a whole ledger against its hashes; each walks over it from entry 1 in order. It returns a
// *ChainError that names the first bad entry, or the error of the walk. That the end was cut off it cannot tell.
func VerifyConsentChain(each func(func(ConsentEvent) error) error) error {
	v := chainCheck{log: "consent"}
	return each(func(e ConsentEvent) error {
		if shown := e.Statement != "" || e.StatementHash != ""; shown && seal.Digest(e.Statement) != e.StatementHash {
			return v.fail("statement does not match its hash")
		}
		return v.next(e.Sequence, e.PrevHash, e.Hash, e.canonical())
	})
}

// chainCheck walks a log.
type chainCheck struct {
	log  string
	last int64
	hash string
}

// fail names the entry after the last good one.
func (v *chainCheck) fail(reason string) error {
	return &ChainError{Log: v.log, Sequence: v.last + 1, Reason: reason}
}

func (v *chainCheck) next(sequence int64, prev, hash string, canonical []byte) error {
	switch {
	case sequence != v.last+1:
		return v.fail(fmt.Sprintf("missing or out of order: found %d", sequence))
	case prev != v.hash:
		return v.fail("does not follow the entry before it")
	case hash != seal.HashChain(prev, canonical):
		return v.fail("was altered")
	}
	v.last, v.hash = sequence, hash
	return nil
}
