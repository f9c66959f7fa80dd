package privacy

import (
	"time"

	"folkmoot/internal/locale"
)

// ReceiptSchema names the form of a receipt. We follow the structure of ISO/IEC TS 27560:2023 and claim no conformance:
// its text is not public (privacy.md 3.4).
const ReceiptSchema = "folkmoot-receipt/1 (structured following ISO/IEC TS 27560:2023)"

// receiptProfile is the profile of the W3C Data Privacy Vocabulary that the file is written after (dct:conformsTo). That one for the GDPR of
// the European Union is not it: the law here is that of the United Kingdom.
const receiptProfile = "https://w3id.org/dpv/schema/dpv-27560#receipt"

// Receipt is what a respondent may keep: what they sent when (never what they answered), what they were told, what they
// agreed to or refused, and how to change their mind. Field names follow ISO/IEC TS 27560:2023, terms prefixed dpv:
// the W3C Data Privacy Vocabulary. It holds no answer, name, IP address or withdrawal code. SignReceipt makes the files of it.
type Receipt struct {
	Header       ReceiptHeader     `json:"header"`
	Subject      ReceiptSubject    `json:"data_subject"`
	Response     ReceiptResponse   `json:"response"`
	Processing   ReceiptProcessing `json:"processing"`
	PersonalData []ReceiptData     `json:"personal_data_categories"`
	Parties      []ReceiptParty    `json:"parties"`
	Events       []ReceiptEvent    `json:"events"`             // of the consent to the equality questions; empty where it was never asked
	NewUses      []ReceiptEvent    `json:"new_uses,omitempty"` // what was asked and decided since the privacy notice changed
}

// ReceiptHeader identifies the receipt.
type ReceiptHeader struct {
	SchemaVersion string `json:"schema_version"`
	ConformsTo    string `json:"conforms_to,omitempty"` // absent where consent was never asked: there is no consent to be on record
	ReceiptID     string `json:"receipt_id"`            // the same for the same facts, so that a reload makes no second receipt
	RecordID      string `json:"record_id,omitempty"`   // of the newest consent record; absent where consent was never asked
	PrincipalID   string `json:"pii_principal_id"`      // the reference of the response: pseudonymous
}

// ReceiptSubject is whom the receipt is about, as a node of the graph. It has nothing but the reference.
type ReceiptSubject struct {
	ID        string `json:"@id"`
	Type      string `json:"@type"` // DPV term
	Reference string `json:"identifier"`
}

// ReceiptResponse says which response this is about.
type ReceiptResponse struct {
	Reference      string `json:"reference"`
	Consultation   string `json:"consultation"` // title, in the language of the receipt
	ConsultationID string `json:"consultation_id"`
	SurveyVersion  string `json:"survey_version"`
	Date           string `json:"date"` // of submission, yyyy-mm-dd in Europe/London

	Ages       []AgeCheck     `json:"age_checks,omitempty"`     // thresholds and days, never an age; absent where nothing was asked
	Authorised *Authorisation `json:"age_authorised,omitempty"` // who agreed for a child and how, never a name

	// How it came, where an officer recorded it; absent where it was sent on the website.
	Form         string `json:"form_version,omitempty"` // of the paper form, or of the script that was read out
	Scan         string `json:"scan_reference,omitempty"`
	ReceivedOn   Date   `json:"received_on,omitempty"` // paper
	RecordedBy   string `json:"recorded_by,omitempty"` // the council
	RecorderRole string `json:"recorder_role,omitempty"`
}

// ReceiptProcessing says what the council does and on what grounds.
type ReceiptProcessing struct {
	Type             string             `json:"@type"` // DPV term
	PrivacyNotice    ReceiptNotice      `json:"privacy_notice"`
	Language         locale.Lang        `json:"language"`
	Purposes         []ReceiptPurpose   `json:"purposes"`
	Controllers      []string           `json:"pii_controllers"` // party_id
	CollectionMethod string             `json:"collection_method"`
	StorageLocations []ReceiptPlace     `json:"storage_locations"`
	RetentionPeriod  ReceiptRetention   `json:"retention_period"`
	Jurisdiction     string             `json:"jurisdiction"`
	Recipients       []ReceiptRecipient `json:"recipient_third_parties"`
	WithdrawalMethod ReceiptWithdrawal  `json:"withdrawal_method"`
	Rights           []ReceiptRight     `json:"privacy_rights"`
	Authority        string             `json:"authority_party"` // party_id
	ConsentState     ConsentState       `json:"consent_state"`   // when the receipt was made; none = never asked
}

// ReceiptNotice pins what the respondent was told.
type ReceiptNotice struct {
	Type     string `json:"@type,omitempty"` // DPV term
	NoticeID string `json:"notice_id"`
	Version  int    `json:"version"`
	SHA256   string `json:"sha256"` // of NoticeVersion
	Address  string `json:"url"`    // of this version, for good
}

// ReceiptPlace is where information is stored.
type ReceiptPlace struct {
	Type  string `json:"@type"` // DPV term
	Place string `json:"place"`
}

// ReceiptWithdrawal says how to take consent back.
type ReceiptWithdrawal struct {
	Type    string `json:"@type"` // DPV term
	Text    string `json:"text"`
	Address string `json:"url"`
}

// ReceiptPurpose is one purpose in the language of the receipt.
type ReceiptPurpose struct {
	Type        string   `json:"@type"` // DPV term
	PurposeID   string   `json:"purpose_id"`
	Purpose     string   `json:"purpose"`
	Processing  []string `json:"processing_activities"`
	LawfulBasis string   `json:"lawful_basis"` // DPV term
	Article     string   `json:"lawful_basis_article"`
	Special     string   `json:"special_category_condition,omitempty"` // DPV term
}

// ReceiptRetention says how long information is kept: ISO 8601 periods.
type ReceiptRetention struct {
	Type      string `json:"@type"` // DPV term
	Responses string `json:"responses"`
	Starts    string `json:"starts"` // in words
	Equality  string `json:"equality_answers,omitempty"`
	After     string `json:"after,omitempty"` // that anonymous totals may be kept, in words; empty where the notice does not say so
}

// ReceiptRecipient is a recipient and the form in which it gets information.
type ReceiptRecipient struct {
	PartyID string `json:"party_id"`
	Form    Form   `json:"form"`
}

// ReceiptRight is a right in the language of the receipt.
type ReceiptRight struct {
	Type   string `json:"@type"` // DPV term
	Right  Right  `json:"right"`
	Offer  Offer  `json:"offer"`
	Text   string `json:"text"`
	Clause string `json:"clause"` // of UK GDPR

	Purposes []string `json:"purposes,omitempty"` // purpose_id of those that it is limited to; absent = all
}

// ReceiptData is a category of information, never an answer.
type ReceiptData struct {
	Class     string `json:"@type"` // DPV term
	Type      string `json:"pii_type"`
	Optional  bool   `json:"pii_optional"`
	Necessity string `json:"necessity"` // DPV term
	Special   bool   `json:"special_pii_category"`
	Held      bool   `json:"held"` // false once consent no longer stands
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
	RecordID  string `json:"record_id,omitempty"`  // of a new use; of others it stands in the header
	PurposeID string `json:"purpose_id,omitempty"` // likewise: new_use or new_use_equality

	Time          time.Time    `json:"event_time"` // UTC
	Type          string       `json:"event_type"` // DPV term
	State         string       `json:"event_state"`
	ConsentState  ConsentState `json:"consent_state"`
	EntityID      string       `json:"entity_id"` // of the respondent or the council
	Validity      string       `json:"validity_duration"`
	ValidUntil    string       `json:"valid_until,omitempty"`
	NoticeVersion int          `json:"notice_version"`
	Channel       string       `json:"collection_method"`
	Language      locale.Lang  `json:"language"`
	Statement     string       `json:"statement"` // as shown
	StatementHash string       `json:"statement_sha256"`
	Option        string       `json:"option_chosen"` // its label, as shown: agree or refuse, never an answer to a question
	LedgerHash    string       `json:"ledger_hash"`   // proves later that the ledger still holds this event

	// What was not given on a page of the service has evidence, and some events a reason; absent where there is none.
	GivenBy      Giver  `json:"given_by,omitempty"`
	Relation     string `json:"relationship,omitempty"` // or authority seen
	Form         string `json:"form_version,omitempty"` // of the paper form, or of the script that was read out
	Scan         string `json:"scan_reference,omitempty"`
	GivenOn      Date   `json:"given_on,omitempty"`
	RecordedBy   string `json:"recorded_by,omitempty"` // the council, where an officer recorded it: which one is no business of the receipt
	RecorderRole string `json:"recorder_role,omitempty"`
	Reason       Reason `json:"reason_code,omitempty"`
	Supersedes   string `json:"supersedes,omitempty"` // record_id
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
	NoticeAt       string         // address of the version of the notice
	VerifyAt       string         // address of the page that checks receipts
	Recorded       *Evidence      // how it came, where an officer recorded it: Form, Scan, On and Role; nil otherwise
	Events         []ConsentEvent // of the respondent's consent to the equality questions, in the order of the ledger; none where it was never asked
	NewUses        []ConsentEvent // what was asked and decided since the notice changed, in that order
	State          ConsentState   // where the consent stands; empty = as Events say
	Ages           AgeChecks      // what was answered about age
	At             time.Time      // now, for the state
}
