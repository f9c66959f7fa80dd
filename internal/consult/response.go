package consult

import (
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Channel is how a response reached us.
type Channel string

// The channels.
const (
	Web        Channel = "web"
	Telephone  Channel = "phone"
	FaceToFace Channel = "f2f"
	Paper      Channel = "paper"
	Kiosk      Channel = "kiosk"
)

// Draft is a response that is being written. It lies in the respondent's own session and nowhere else.
type Draft struct {
	Token          string         `json:"token"` // submission token, seal.RandomToken, made when the draft begins
	ConsultationID string         `json:"consultation"`
	SurveyVersion  string         `json:"survey"`
	NoticeVersion  int            `json:"notice,omitempty"` // that was shown when the draft began; 0 = not known: the first that there was
	Language       locale.Lang    `json:"language"`
	Answers        survey.Answers `json:"answers"`
	// Unanswered are questions that must be answered on the website and that the person left out on paper or would not answer. Recorded responses only.
	Unanswered []string `json:"unanswered,omitempty"`

	Ages privacy.AgeChecks `json:"ages"` // what was answered about age: see privacy.AgeRules
}

// Response is what one respondent sent. It pins what was asked (survey version) and what was told (notice version). It has
// no time of day, no address and no name: with the database in hand nobody can tell who sent it or in which order.
type Response struct {
	ID             string // seal.ResponseIDFor(token): random-looking, not time-ordered
	ConsultationID string
	TokenHash      string // NOT NULL UNIQUE: one draft, one response
	CodeHash       string // UNIQUE: hash of the withdrawal code
	Reference      string // shown to the respondent, for example WEM-7K3F-92QD
	SurveyVersion  string
	NoticeID       string
	NoticeVersion  int
	Language       locale.Lang
	Channel        Channel
	SubmittedOn    string            // yyyy-mm-dd, Europe/London
	Answers        survey.Answers    // coded answers, numbers and dates; no free text once stored
	FreeText       []byte            // sealed JSON of the free-text answers by question; nil if none
	Postcodes      []byte            // sealed JSON of kept postcodes by question, under the key that PostcodeKey names; nil if none, or coarsened
	Unparted       bool              // stored before postcodes lay apart: FreeText may hold them still (PartPostcodes)
	RecordKey      []byte            // the wrapped record key that opens FreeText; lies in the key store; nil if no free text
	Flags          TextFlags         // which texts seem to hold somebody's personal details; nil = not looked for yet
	Reviews        []byte            // sealed JSON of what the officer decided about them, by question; nil if nothing
	Ages           privacy.AgeChecks // what was answered about age: thresholds and days, never an age; it is in no table and no file of answers
	HeldBack       Withheld          // texts that are left out of Answers for whoever reads now; never stored
}

// Submitted is what a respondent gets for a response that is durably stored.
type Submitted struct {
	ResponseID string
	Reference  string
	Code       string // withdrawal code, shown once more on every retry of the same draft
	Repeated   bool   // the same draft had been stored before
}

// Held is what "Your response" shows: everything we hold about one response.
type Held struct {
	Consultation *Consultation
	Definition   *survey.Definition
	Response     Response       // with FreeText and Postcodes opened into Answers
	Consent      ConsentStatus  // where the equality consent stands
	Equality     survey.Answers // empty unless consent stands
	Capture      *Capture       // how it came, where an officer recorded it; nil otherwise
	CanWithdraw  bool           // the whole response may be withdrawn: the consultation is open

	Processing privacy.Processing // what holds for this person: what they were told, or agreed to since
	Holds      int                // version of the notice that holds for the response
	NewUses    []NewUse           // what this person is asked since the notice changed, and what they agreed to or refused; Statement is in English
	Renewal    *Renewal           // the offer to renew the equality consent; nil where there is none

	EqualitySeen string // tells whether the equality answers, or the consent to them, have changed since: see EqualityChange; names no answer
	EqualityOver bool   // the time of equality answers is over, or they are being disposed of: none is written any more
}
