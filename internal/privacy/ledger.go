package privacy

import (
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

// canonical returns what the hash covers. There are three forms: events without evidence, reason and record superseded have the first, in which
// all were written before there were those fields; those without a keyed hash of a scan reference have the second, as before there was that. Their hashes stay
// what they are. The name of the form is part of what is hashed, so that nothing can be
// taken out of an event or put into it to make it one of the other form.
func (e ConsentEvent) canonical() []byte {
	fields := append(make([]string, 0, 28), "consent", strconv.FormatInt(e.Sequence, 10), e.ID, e.RecordID, e.Principal, e.ConsultationID, e.PurposeID,
		string(e.State), stamp(e.At), stamp(e.ValidUntil), e.Channel, e.Actor, string(e.Language), e.NoticeID, strconv.Itoa(e.NoticeVersion),
		e.Statement, e.StatementHash, e.Option, e.SurveyVersion)
	if ev := e.Evidence; ev != (Evidence{}) || e.Reason != "" || e.Supersedes != "" {
		fields[0] = "consent/2"
		fields = append(fields, string(ev.Giver), ev.Relation, ev.Form, ev.Scan, string(ev.On), ev.Role, string(e.Reason), e.Supersedes)
		if ev.Token != "" {
			fields[0] = "consent/3"
			fields = append(fields, ev.Token)
		}
	}
	return seal.Canonical(fields...)
}
