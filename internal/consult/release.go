package consult

import (
	"slices"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// ReleaseState is where a release stands. The zero value is invalid.
type ReleaseState string

// The states, in order. A refused protection leaves the release proposed, with findings.
const (
	ReleaseDraft     ReleaseState = "draft"     // tables chosen, protected, findings shown
	ReleaseProposed  ReleaseState = "proposed"  // waiting for a second person
	ReleaseReturned  ReleaseState = "returned"  // sent back by the approver, with a reason
	ReleasePublished ReleaseState = "published" // approved and available to the partner
	ReleaseRevoked   ReleaseState = "revoked"
)

// Release is frozen, protected tables for one partner under one agreement. After publication only its state changes.
type Release struct {
	ID             string
	ConsultationID string
	AgreementID    string
	Title          locale.Text
	State          ReleaseState
	SnapshotAt     time.Time // UTC; the responses held at this moment were counted
	SnapshotHash   string    // SHA-256 over the sorted response ids, hex
	Position       int64     // the last entry of the audit log at that moment; later withdrawals make the tables stale
	Equality       bool      // equality answers were counted, under the consent that stood at that moment
	Responses      int       // in the snapshot
	Coverage       ReleaseCoverage
	Earlier        []string // ids of the survey's releases that it was protected together with, in the order of publication
	Specs          []TableSpec
	Policy         ReleasePolicy
	Tables         []ReleaseTable // what is published, and nothing else
	Findings       []ReleaseFinding
	Report         ReleaseReport
	Dims           []ReleaseDim  // of Tables
	SHA256         string        // of the canonical JSON of Tables, hex
	ReportSHA256   string        // of the signed internal disclosure report, hex; empty for releases made before there were reports
	Facts          *ReleaseFacts // what the files say beside the tables, as on the day of publication; nil before

	DraftedBy   string // staff id; who chose the tables
	ProposedBy  string
	ProposedAt  time.Time
	ApprovedBy  string // never DraftedBy or ProposedBy
	ApprovedAt  time.Time
	ReturnNote  string // why the approver sent it back
	PublishedAt time.Time
	Public      bool // the approver published the tables on the council's website too (decision 15)
	RevokedBy   string
	RevokedAt   time.Time
	RevokeNote  string
	Version     int64
}

// ReleaseCoverage says whom the release counts, where the notice has changed since people answered (decision 39). It is for the office: how few were left
// out is no partner's business.
type ReleaseCoverage struct {
	LeftOut int `json:"left_out,omitempty"` // people who were not told that the partner gets totals, and did not agree since
	Silent  int `json:"silent,omitempty"`   // of those who are counted: people whose equality answers are not, for the same reason
	Agreed  int `json:"agreed,omitempty"`   // of those who are counted: people who are because they agreed since
}

// TableSpec is one chosen table: a question, optionally broken down by one dimension or by two at once (disclosure.md R0: from 1,000 responses).
type TableSpec struct {
	Question string `json:"question"`          // id of a question (an equality question for a profile table)
	By       string `json:"by"`                // dimension: id of a postcode or single question, "channel", "language" or an equality question; empty = headline
	ThenBy   string `json:"then_by,omitempty"` // second dimension within each group of By, or empty
}

// ID names the table in the files of a release. Options of a multiple-choice question are tables of their own, named "ID.option".
func (t TableSpec) ID() string {
	id := "q_" + t.Question
	if t.By != "" {
		id += "_by_" + t.By
	}
	if t.ThenBy != "" {
		id += "_then_" + t.ThenBy
	}
	return id
}

// Dimensions are those that the table is broken down by, in order; none for everybody together.
func (t TableSpec) Dimensions() []string {
	return slices.DeleteFunc([]string{t.By, t.ThenBy}, func(d string) bool { return d == "" })
}

// ReleasePolicy are the thresholds in force, printed in every file.
type ReleasePolicy struct {
	BaseThreshold    int `json:"base_threshold"`    // R2
	CellThreshold    int `json:"cell_threshold"`    // R3
	SpecialThreshold int `json:"special_threshold"` // R2, R3 for special-category data
	Coalition        int `json:"coalition"`         // R4, k
	Rounding         int `json:"rounding"`
	PercentMinBase   int `json:"percent_min_base"` // R5
	MeanMinBase      int `json:"mean_min_base"`    // R5

	Noise *ReleaseNoise `json:"noise,omitempty"` // instead of the thresholds of R2 to R4, which are 0 then
}

// ReleaseTable is one published table. Every figure is the printed text, so that CSV, JSON, page and chart cannot differ.
type ReleaseTable struct {
	ID        string          `json:"id"`       // "q_sat_area" or "q_sat_area_by_ward"
	Question  string          `json:"question"` // id
	Wording   locale.Text     `json:"wording"`
	By        string          `json:"by"` // dimension, or empty
	ThenBy    string          `json:"then_by,omitempty"`
	ByWording locale.Text     `json:"by_wording"` // of both dimensions
	Columns   []ReleaseColumn `json:"columns"`    // answers, in the order of the scale, after the ladder
	Rows      []ReleaseRow    `json:"rows"`       // total first, then the groups
	Notes     []locale.Text   `json:"notes"`      // what was redesigned and why, in plain words
	Scale     bool            `json:"scale"`      // net and mean make sense
}

// ReleaseColumn is one answer code of a table.
type ReleaseColumn struct {
	Code  string      `json:"code"`
	Label locale.Text `json:"label"`
	Score int         `json:"score"` // 5 to 1, 0 = not on the scale
}

// ReleaseRow is one group of a table.
type ReleaseRow struct {
	Code    string        `json:"code"`           // of By, "total" for all of them
	Then    string        `json:"then,omitempty"` // of ThenBy, "total" for all of them; empty in a table by one dimension
	Label   locale.Text   `json:"label"`          // of the group
	Base    ReleaseCell   `json:"base"`
	Counts  []ReleaseCell `json:"counts"`  // one for each column
	Percent []ReleaseCell `json:"percent"` // one for each column, from the shown counts (R5)

	// Margins of error of figures with noise: 95 % of them are within it of the truth. Empty where there is no noise or no figure.
	BaseMargin ReleaseCell   `json:"base_margin,omitempty"` // people
	Margins    []ReleaseCell `json:"margins,omitempty"`     // people, one for each column
	Points     []ReleaseCell `json:"points,omitempty"`      // percentage points, one for each column

	Mean ReleaseCell `json:"mean"`
	Net  ReleaseCell `json:"net"`
}

// Everybody reports whether the row is about all responses.
func (r ReleaseRow) Everybody() bool {
	return r.Code == totalRow && (r.Then == "" || r.Then == totalRow)
}

// Group is whom the row is about, as pairs of dimension and code; none for everybody.
func (t ReleaseTable) Group(r ReleaseRow) (pairs [][2]string) {
	for _, p := range [][2]string{{t.By, r.Code}, {t.ThenBy, r.Then}} {
		if p[0] != "" && p[1] != totalRow {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// ReleaseCell is one figure as printed: "45", "12.5", "[c]" for everything hidden, or "" where there is no such figure.
type ReleaseCell string

// Hidden is the one symbol for every hidden figure (disclosure.md R13).
const Hidden ReleaseCell = "[c]"

// ReleaseFinding is one thing protection did or refused, in plain words.
type ReleaseFinding struct {
	Table string      `json:"table"` // table id, or empty for the whole release
	Text  locale.Text `json:"text"`
	Block bool        `json:"block"` // the release cannot be proposed
}

// ReleaseReport says what protection cost. Counts only.
type ReleaseReport struct {
	Cells     int            `json:"cells"`
	Hidden    int            `json:"hidden"`
	ByRule    map[string]int `json:"by_rule"` // "R2" ... "secondary"; internal, never in a public file
	Ladder    []string       `json:"ladder"`
	Millis    int64          `json:"millis"`
	Redesigns int            `json:"redesigns"`
	LeftOut   []locale.Text  `json:"left_out,omitempty"` // chosen tables that are not printed, and why; in the public report
}

// Agreement is a data sharing agreement with one partner.
type Agreement struct {
	ID           string
	PartnerID    string
	Purpose      string
	Promises     string // what they promise: no re-identification, no linkage, no onward sharing, delete by
	ContactName  string
	ContactEmail string
	StartsOn     string    // yyyy-mm-dd
	ExpiresAt    time.Time // UTC; the first moment at which it has expired
	NotMarketing bool      // the partner asserts: not for marketing, not sold, not rented (councils.md S3-14); false in agreements from before: nothing is released
	CreatedBy    string
	CreatedAt    time.Time
	Version      int64
}

// Partner is an organisation that may receive releases.
type Partner struct {
	ID        string
	Name      string
	Kind      string // "company", "public_body", "charity"
	CreatedAt time.Time
}

// Finding is a reason why something may not go on, with the place where it is mended.
type Finding struct {
	Key    string // message key
	Args   []any
	Page   string // office page that mends it: "details", "survey", "notice", "consent", "timetable"
	Field  string // form field on that page, or empty
	Clause string // the rule's source, for example "UK GDPR art. 13(1)(b)"
	Warn   bool   // does not block
}

// Readiness lists all that stands between a draft and its publication; ready means that nothing blocks.
type Readiness struct {
	Findings []Finding
	Notice   *privacy.NoticeVersion // what would be published
}

// Ready reports whether nothing blocks.
func (r Readiness) Ready() bool {
	for _, f := range r.Findings {
		if !f.Warn {
			return false
		}
	}
	return true
}

// ReleaseFacts are the facts printed beside the tables of a release: they come from settings, consultation and agreement, never from
// responses. Publication freezes them with the tables.
type ReleaseFacts struct {
	Council      locale.Text   `json:"council"`
	Consultation locale.Text   `json:"consultation"`
	Partner      string        `json:"partner"`
	Purpose      string        `json:"purpose"`
	Use          locale.Text   `json:"use,omitempty"` // what the partner promised about the use: not for marketing; nil in releases from before that was asked, and on the website
	OpenedOn     string        `json:"opened_on"`     // yyyy-mm-dd
	ClosedOn     string        `json:"closed_on"`
	SnapshotOn   string        `json:"snapshot_on"`
	Languages    []locale.Lang `json:"languages"`
	Policy       ReleasePolicy `json:"policy"`
	Method       []locale.Text `json:"method"` // the method note, in plain words
	Contact      string        `json:"contact"`
	LeftOut      []locale.Text `json:"left_out,omitempty"` // chosen tables that are not printed, and why
	Checked      bool          `json:"checked,omitempty"`  // proven, attacked, and answered for by two people: false for releases made before there were reports
}

// ShelfItem is one release on a partner's shelf.
type ShelfItem struct {
	Release   *Release
	Agreement *Agreement
	Available bool // neither expired nor revoked
}
