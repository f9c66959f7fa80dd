package privacy

import (
	"bytes"
	"encoding/json"
	"time"

	"folkmoot/internal/locale"
)

// ReceiptSchema names the form of a receipt. We follow the structure of ISO/IEC TS 27560:2023 and claim no conformance:
// its text is not public (privacy.md 3.4).
const ReceiptSchema = "folkmoot-receipt/1 (structured following ISO/IEC TS 27560:2023)"

// Receipt is what a respondent may keep: what they sent when (never what they answered), what they were told, what they
// agreed to or refused, and how to change their mind. Field names follow ISO/IEC TS 27560:2023, terms prefixed dpv:
// the W3C Data Privacy Vocabulary. It holds no answer, name, IP address or withdrawal code.
type Receipt struct {
	Header       ReceiptHeader     `json:"header"`
	Response     ReceiptResponse   `json:"response"`
	Processing   ReceiptProcessing `json:"processing"`
	PersonalData []ReceiptData     `json:"personal_data_categories"`
	Parties      []ReceiptParty    `json:"parties"`
	Events       []ReceiptEvent    `json:"events"` // empty where consent was never asked
}

// ReceiptHeader identifies the receipt.
type ReceiptHeader struct {
	SchemaVersion string `json:"schema_version"`
	ReceiptID     string `json:"receipt_id"`          // the same for the same facts, so that a reload makes no second receipt
	RecordID      string `json:"record_id,omitempty"` // of the newest consent record; absent where consent was never asked
	PrincipalID   string `json:"pii_principal_id"`    // the reference of the response: pseudonymous
}

// ReceiptResponse says which response this is about.
type ReceiptResponse struct {
	Reference      string `json:"reference"`
	Consultation   string `json:"consultation"` // title, in the language of the receipt
	ConsultationID string `json:"consultation_id"`
	SurveyVersion  string `json:"survey_version"`
	Date           string `json:"date"` // of submission, yyyy-mm-dd in Europe/London
}

// ReceiptProcessing says what the council does and on what grounds.
type ReceiptProcessing struct {
	PrivacyNotice    ReceiptNotice      `json:"privacy_notice"`
	Language         locale.Lang        `json:"language"`
	Purposes         []ReceiptPurpose   `json:"purposes"`
	Controllers      []string           `json:"pii_controllers"` // party_id
	CollectionMethod string             `json:"collection_method"`
	StorageLocations []string           `json:"storage_locations"`
	RetentionPeriod  ReceiptRetention   `json:"retention_period"`
	Jurisdiction     string             `json:"jurisdiction"`
	Recipients       []ReceiptRecipient `json:"recipient_third_parties"`
	WithdrawalMethod string             `json:"withdrawal_method"`
	Rights           []ReceiptRight     `json:"privacy_rights"`
	Authority        string             `json:"authority_party"` // party_id
	ConsentState     ConsentState       `json:"consent_state"`   // when the receipt was made; none = never asked
}

// ReceiptNotice pins what the respondent was told.
type ReceiptNotice struct {
	NoticeID string `json:"notice_id"`
	Version  int    `json:"version"`
	SHA256   string `json:"sha256"` // of NoticeVersion
}

// ReceiptPurpose is one purpose in the language of the receipt.
type ReceiptPurpose struct {
	PurposeID   string   `json:"purpose_id"`
	Purpose     string   `json:"purpose"`
	Processing  []string `json:"processing_activities"`
	LawfulBasis string   `json:"lawful_basis"` // DPV term
	Article     string   `json:"lawful_basis_article"`
	Special     string   `json:"special_category_condition,omitempty"` // DPV term
}

// ReceiptRetention says how long information is kept: ISO 8601 periods.
type ReceiptRetention struct {
	Responses string `json:"responses"`
	Starts    string `json:"starts"` // in words
	Equality  string `json:"equality_answers,omitempty"`
}

// ReceiptRecipient is a recipient and the form in which it gets information.
type ReceiptRecipient struct {
	PartyID string `json:"party_id"`
	Form    Form   `json:"form"`
}

// ReceiptRight is a right in the language of the receipt.
type ReceiptRight struct {
	Right  Right  `json:"right"`
	Offer  Offer  `json:"offer"`
	Text   string `json:"text"`
	Clause string `json:"clause"` // of UK GDPR

	Purposes []string `json:"purposes,omitempty"` // purpose_id of those that it is limited to; absent = all
}

// ReceiptData is a category of information, never an answer.
type ReceiptData struct {
	Type     string `json:"pii_type"`
	Optional bool   `json:"pii_optional"`
	Special  bool   `json:"special_pii_category"`
	Held     bool   `json:"held"` // false once consent no longer stands
}

// ReceiptParty is an organisation.
type ReceiptParty struct {
	ID      string `json:"party_id"`
	Name    string `json:"party_name"`
	Address string `json:"party_address"`
	Contact string `json:"party_contact"`
	Type    string `json:"party_type"`
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	URL     string `json:"url,omitempty"`
}

// ReceiptEvent is one event of the consent ledger.
type ReceiptEvent struct {
	Time          time.Time    `json:"event_time"` // UTC
	Type          string       `json:"event_type"` // DPV term
	State         string       `json:"event_state"`
	ConsentState  ConsentState `json:"consent_state"`
	EntityID      string       `json:"entity_id"` // respondent or council
	Validity      string       `json:"validity_duration"`
	ValidUntil    string       `json:"valid_until,omitempty"`
	NoticeVersion int          `json:"notice_version"`
	Channel       string       `json:"collection_method"`
	Language      locale.Lang  `json:"language"`
	Statement     string       `json:"statement"` // as shown
	StatementHash string       `json:"statement_sha256"`
	Option        string       `json:"option_chosen"` // its label, as shown: agree or refuse, never an answer to a question
	LedgerHash    string       `json:"ledger_hash"`   // proves later that the ledger still holds this event
}

// ReceiptFacts is what a receipt is made from.
type ReceiptFacts struct {
	Council        Council
	Title          locale.Text // of the consultation
	ConsultationID string
	Processing     Processing
	Reference      string
	SurveyVersion  string
	NoticeID       string
	NoticeVersion  int
	NoticeSHA256   string
	Language       locale.Lang
	Channel        string
	Date           string         // of submission, yyyy-mm-dd in Europe/London
	Where          string         // address of the page at which the withdrawal code is used, without any code
	Events         []ConsentEvent // of the respondent, in the order of the ledger; none where consent was never asked
	At             time.Time      // now, for the state
}

// JSON writes the receipt as a file: indented UTF-8 with a final newline, the same bytes for the same facts.
func (r Receipt) JSON() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
