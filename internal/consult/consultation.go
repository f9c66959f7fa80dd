// Package consult answers: what does the council run, who answered, and what leaves the service?
//
// It holds consultations, responses, equality profiles, releases, partners and staff, the Store interface that both
// databases implement, and the Service, which has one method for each thing a person does. Every rule that needs more
// than one noun is here. It never speaks HTTP or SQL.
//
// Reviewer: consultation officer.
package consult

import (
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// State is where a consultation's life stands, as stored. The zero value is invalid.
type State string

// The stored states. Whether a published consultation is open follows from its timetable: see Consultation.Status.
const (
	Drafted   State = "draft"
	Published State = "published"
)

// Status is how a consultation stands at a moment.
type Status string

// The statuses.
const (
	StatusDraft    Status = "draft"
	StatusUpcoming Status = "upcoming"
	StatusOpen     Status = "open"
	StatusClosed   Status = "closed"
	StatusReported Status = "reported" // closed, and the outcome is published
)

// Consultation is one consultation or survey of the council. Once published, its survey version and notice are frozen.
type Consultation struct {
	ID   string // random
	Slug string // its address, [a-z0-9-]{3,60}, unique
	Details

	State         State
	Source        []byte // the survey definition as YAML
	SurveyVersion string // survey.Version of the frozen definition; fixed when published, empty before
	NoticeID      string // empty until published
	NoticeVersion int

	Outcome Outcome

	CreatedBy   string // staff id
	CreatedAt   time.Time
	PublishedBy string
	PublishedAt time.Time
	Version     int64 // counts edits; an edit of an older version is fault.Conflict
}

// Details are what officers edit about a consultation, beside the survey itself.
type Details struct {
	Title      locale.Text `json:"title"`
	Summary    locale.Text `json:"summary"` // one or two sentences for the list
	About      locale.Text `json:"about"`   // what it is about and what can still change; Markdown
	Department string      `json:"department"`
	Minutes    int         `json:"minutes"` // how long it takes to answer

	ContactName  string `json:"contact_name"`
	ContactEmail string `json:"contact_email"`
	ContactPhone string `json:"contact_phone"`

	OtherWays  locale.Text        `json:"other_ways"` // telephone, paper, in person; Markdown
	Documents  []Document         `json:"documents"`
	OpensAt    time.Time          `json:"opens_at"`  // UTC
	ClosesAt   time.Time          `json:"closes_at"` // UTC; the first moment at which no response is taken
	Languages  []locale.Lang      `json:"languages"`
	OpenLink   bool               `json:"open_link"`  // anybody with the address may answer: stricter disclosure rules (A13). True for every consultation that is made, until people can be invited one by one
	Population int                `json:"population"` // people concerned, 0 = not stated
	Processing privacy.Processing `json:"processing"`
}

// Document is a paper people should read: a page of ours (Body, Markdown) or a link to the council's website (URL).
type Document struct {
	Title locale.Text `json:"title"`
	Body  locale.Text `json:"body"`
	URL   string      `json:"url"`
}

// Outcome is "we asked, you said, we did". Its texts are Markdown.
type Outcome struct {
	Asked       locale.Text `json:"asked"`
	Said        locale.Text `json:"said"`
	Did         locale.Text `json:"did"`
	PublishedAt time.Time   `json:"published_at"` // zero = not published
}

// Status returns how the consultation stands at the moment now.
func (c *Consultation) Status(now time.Time) Status {
	switch {
	case c.State != Published:
		return StatusDraft
	case now.Before(c.OpensAt):
		return StatusUpcoming
	case now.Before(c.ClosesAt):
		return StatusOpen
	case !c.Outcome.PublishedAt.IsZero():
		return StatusReported
	}
	return StatusClosed
}
