package consult

import (
	"time"

	"folkmoot/internal/privacy"
)

// EqualityProfile is the equality answers of one respondent, as stored: sealed, apart from the response, under a token that
// no SQL can join to it. It is readable only while consent stands.
type EqualityProfile struct {
	Token          string // seal.EqualityToken(response id)
	ConsultationID string
	Sealed         []byte // sealed JSON of survey.Answers
	RecordKey      []byte // the wrapped record key; lies in the key store
	ConsentRecord  string // record id of the consent that permits it
}

// ConsentStatus is where the equality consent of one response stands.
type ConsentStatus struct {
	RecordID string
	State    privacy.ConsentState
	At       time.Time // UTC, of the last event
	Until    time.Time // UTC: until when it permits what it permits; zero where it never did
	Notice   int       // version of the notice whose statement was agreed to; 0 where consent does not stand, or no longer
}
