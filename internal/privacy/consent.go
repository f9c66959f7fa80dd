package privacy

import (
	"time"

	"folkmoot/internal/locale"
)

// ConsentState is where one consent stands. The zero value is invalid.
type ConsentState string

// The states (privacy.md 3.5). Refusals are recorded too: they prove free choice.
const (
	ConsentNone        ConsentState = "none" // never asked
	ConsentRequested   ConsentState = "requested"
	ConsentRefused     ConsentState = "refused"
	ConsentGiven       ConsentState = "given"
	ConsentRenewed     ConsentState = "renewed"
	ConsentWithdrawn   ConsentState = "withdrawn"
	ConsentExpired     ConsentState = "expired"
	ConsentSuperseded  ConsentState = "superseded"
	ConsentInvalidated ConsentState = "invalidated"
)

// ConsentEvent is one entry of the append-only, hash-chained consent ledger. It never holds an answer, a name or an address.
type ConsentEvent struct {
	ID             string // random
	RecordID       string // the consent record that the event belongs to: UUID
	Principal      string // pseudonymous token of the response (seal), never a name or an IP address
	ConsultationID string
	PurposeID      string
	State          ConsentState
	At             time.Time // UTC, whole seconds
	ValidUntil     time.Time // UTC; zero for events that do not permit anything
	Channel        string    // web, phone, f2f, paper, kiosk
	Actor          string    // "self", or the id of the officer who recorded it
	Evidence       Evidence  // of what was not given on a page of the service; zero otherwise
	Reason         Reason    // why it ended or is asked again without the respondent; empty otherwise
	Supersedes     string    // the consent record that this one takes the place of; empty for none
	Language       locale.Lang
	NoticeID       string
	NoticeVersion  int
	Statement      string // the statement exactly as shown
	StatementHash  string // SHA-256 of Statement, hex (seal.Digest)
	Option         string // the label of the option chosen, exactly as shown
	SurveyVersion  string
	Sequence       int64  // position in the ledger, from 1; set by the store
	PrevHash       string // hex; set by the store
	Hash           string // hex; set by the store with ConsentEvent.Chain
}
