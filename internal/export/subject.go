package export

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// SubjectFormat names the form of a subject's copy as JSON. Fields may be added to it; one that goes or changes its meaning makes another format.
const SubjectFormat = "folkmoot-subject-copy/1"

// Subject is what a person's copy of their information is written from (UK GDPR art. 15 and 20): one response, and nobody else's.
type Subject struct {
	Everything *consult.Everything
	Council    privacy.Council
	Geography  *consult.Geography // names of wards; nil where there is no map
	Lang       locale.Lang
	Address    string    // public address of the service, without a slash at the end
	At         time.Time // when the copy is made

	Gaps []privacy.Gap // passages about others that are left out: none of them is anywhere in the copy
}

// SubjectName returns the name of a copy as a file. It holds the reference of the response, which its person has, and no code.
func (s Subject) SubjectName(extension string) string {
	return "copy-" + s.Everything.Response.Reference + "." + extension
}

// subjectCopy is the JSON form of a copy: the information (art. 15(3)) and what must be told about it (art. 15(1) and (2)). It never holds the
// withdrawal code, a hash or key, or who of the council's staff did what.
type subjectCopy struct {
	Format        string             `json:"format"`
	MadeAt        string             `json:"made_at"` // UTC
	Language      locale.Lang        `json:"language"`
	Response      subjectResponse    `json:"response"`
	Answers       []subjectAnswer    `json:"answers"`
	Equality      subjectEquality    `json:"equality"`
	Corrections   []subjectCorrected `json:"corrections,omitempty"`
	ConsentEvents []subjectEvent     `json:"consent_events"`
	Notice        subjectNotice      `json:"privacy_notice"`
	Purposes      []subjectPurpose   `json:"purposes"`   // (a)
	Categories    []string           `json:"categories"` // (b)
	Recipients    []subjectRecipient `json:"recipients"` // (c)
	Storage       subjectStorage     `json:"storage"`    // (c), (2)
	Retention     subjectRetention   `json:"retention"`  // (d)
	Rights        []subjectRight     `json:"rights"`     // (e)
	Complaint     subjectComplaint   `json:"complaint"`  // (f)
	Source        string             `json:"source"`     // (g)
	Automated     string             `json:"automated"`  // (h)
	Controller    subjectController  `json:"controller"`
}

type subjectResponse struct {
	Reference      string          `json:"reference"`
	ConsultationID string          `json:"consultation_id"`
	Consultation   string          `json:"consultation"`
	Address        string          `json:"consultation_address"`
	SentOn         string          `json:"sent_on"` // yyyy-mm-dd, Europe/London; no time of day is kept
	Channel        consult.Channel `json:"channel"`
	Language       locale.Lang     `json:"language"`
	SurveyVersion  string          `json:"survey_version"`

	Ages       []privacy.AgeCheck     `json:"age_checks,omitempty"`     // thresholds and days; no age is kept
	Authorised *privacy.Authorisation `json:"age_authorised,omitempty"` // who agreed for a child and how; no name is kept

	Form         string       `json:"form_version,omitempty"` // where an officer recorded it: of the paper form, or of the script
	Scan         string       `json:"scan_reference,omitempty"`
	ReceivedOn   privacy.Date `json:"received_on,omitempty"`
	RecordedBy   string       `json:"recorded_by,omitempty"` // the council: which officer is somebody else's information
	RecorderRole string       `json:"recorder_role,omitempty"`
}

type subjectAnswer struct {
	Section  string          `json:"section,omitempty"`
	ID       string          `json:"question_id"`
	Question string          `json:"question,omitempty"`
	Kind     survey.Kind     `json:"kind,omitempty"`
	Choices  []subjectChoice `json:"choices,omitempty"`
	Text     string          `json:"text,omitempty"` // what was written; a number; a date as yyyy-mm-dd; a postcode, if it is kept
	LeftOut  []subjectGap    `json:"left_out,omitempty"`
}

// subjectCorrected is what stood there before the council corrected it for its person (art. 16). Which officer did is somebody else's information.
type subjectCorrected struct {
	On     privacy.Date    `json:"on"` // Europe/London
	Reason string          `json:"reason"`
	Before []subjectAnswer `json:"before"` // one without choices and text was not answered
}

// subjectGap says why a gap is in a text (DPA 2018 Sch. 2 para. 16; privacy.md 5.5).
type subjectGap struct {
	Ground string `json:"ground"`
	Clause string `json:"clause"`
	Reason string `json:"reason"`
}

type subjectChoice struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type subjectEquality struct {
	State   privacy.ConsentState `json:"consent_state"`
	Since   string               `json:"since,omitempty"` // UTC
	Answers []subjectAnswer      `json:"answers"`
	Closed  string               `json:"not_included_because,omitempty"` // they were not opened for this copy, and why
}

type subjectEvent struct {
	At            string               `json:"at"` // UTC
	State         privacy.ConsentState `json:"state"`
	ValidUntil    string               `json:"valid_until,omitempty"` // UTC
	Channel       string               `json:"channel"`
	By            string               `json:"by"` // respondent, council, parent or representative
	Language      locale.Lang          `json:"language"`
	Statement     string               `json:"statement"`
	About         string               `json:"about,omitempty"` // new_use or new_use_equality: what was asked since the notice changed
	Option        string               `json:"option,omitempty"`
	NoticeVersion int                  `json:"notice_version"`
	GivenBy       privacy.Giver        `json:"given_by,omitempty"` // where it was not given on a page of the service
	Relation      string               `json:"relationship,omitempty"`
	Form          string               `json:"form_version,omitempty"`
	Scan          string               `json:"scan_reference,omitempty"`
	GivenOn       privacy.Date         `json:"given_on,omitempty"`
	RecordedBy    string               `json:"recorded_by,omitempty"` // the council, where an officer recorded it
	RecorderRole  string               `json:"recorder_role,omitempty"`
	Reason        privacy.Reason       `json:"reason_code,omitempty"`
	Supersedes    string               `json:"supersedes,omitempty"`
}

type subjectNotice struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	From    string `json:"effective_from"` // UTC
	SHA256  string `json:"sha256"`
	Address string `json:"address"`
	Text    string `json:"text"`
}

type subjectPurpose struct {
	ID         string            `json:"id"`
	Purpose    string            `json:"purpose"`
	Activities []string          `json:"activities"`
	Basis      privacy.Basis     `json:"basis"`
	Article    string            `json:"article"`
	Condition  privacy.Condition `json:"special_category_condition,omitempty"`
}

type subjectRecipient struct {
	Name     string       `json:"name"`
	Form     privacy.Form `json:"form"`
	Location string       `json:"location"`
}

type subjectStorage struct {
	Locations string `json:"locations"`
	Transfers string `json:"transfers"` // out of the United Kingdom, with how they are protected; empty = none
}

type subjectRetention struct {
	Period         string `json:"period"` // ISO 8601
	Starts         string `json:"starts"`
	Until          string `json:"until,omitempty"`           // yyyy-mm-dd, Europe/London: erased after this day
	EqualityPeriod string `json:"equality_period,omitempty"` // ISO 8601
	TotalsKept     bool   `json:"totals_kept,omitempty"`     // anonymous totals may be kept after that, as the notice says
}

type subjectRight struct {
	Right   privacy.Right `json:"right"`
	Offer   privacy.Offer `json:"offer"`
	Text    string        `json:"text"`
	Clause  string        `json:"clause"`
	Only    []string      `json:"only_purposes,omitempty"`
	Address string        `json:"address"`
}

type subjectComplaint struct {
	Council          string `json:"council"`
	Address          string `json:"address"`
	Regulator        string `json:"regulator"`
	RegulatorContact string `json:"regulator_contact"`
}

type subjectController struct {
	Name         string `json:"name"`
	Address      string `json:"address"`
	Email        string `json:"email,omitempty"`
	Phone        string `json:"phone,omitempty"`
	Website      string `json:"website,omitempty"`
	Registration string `json:"registration,omitempty"`
	DPOName      string `json:"dpo_name,omitempty"`
	DPOEmail     string `json:"dpo_email,omitempty"`
	DPOPhone     string `json:"dpo_phone,omitempty"`
}

// SubjectJSON writes the copy for programs and for people: indented UTF-8, the same bytes for the same facts.
func SubjectJSON(w io.Writer, s Subject) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s.copy())
}

// SubjectCSV writes one line for each answer, equality answers and what stood there before a correction included. It has one flavour: no spreadsheet program takes a cell for a formula.
func SubjectCSV(w io.Writer, s Subject) error {
	t := newSheet(w, Spreadsheet)
	t.line("reference", "consultation", "sent_on", "part", "section", "question_id", "question", "kind", "codes", "labels", "text")
	c := s.copy()
	write := func(part string, a subjectAnswer) {
		var codes, labels []string
		for _, choice := range a.Choices {
			codes, labels = append(codes, choice.Code), append(labels, choice.Label)
		}
		t.line(c.Response.Reference, c.Response.Consultation, c.Response.SentOn, part, a.Section, a.ID, a.Question, string(a.Kind),
			strings.Join(codes, " "), strings.Join(labels, "; "), a.Text)
	}
	for _, part := range []struct {
		name string
		in   []subjectAnswer
	}{{"response", c.Answers}, {"equality", c.Equality.Answers}} {
		for _, a := range part.in {
			write(part.name, a)
		}
	}
	for _, x := range c.Corrections {
		for _, a := range x.Before {
			write("before_correction_"+string(x.On), a)
		}
	}
	if why := c.Equality.Closed; why != "" {
		t.line(c.Response.Reference, c.Response.Consultation, c.Response.SentOn, "equality", "", "", "", "", "", "", why)
	}
	return t.close()
}

// SubjectLine is one answer as a person reads it.
type SubjectLine struct {
	Equality          bool // given under explicit consent
	Section, Question string
	Answer            string // labels and what was written
}

// Lines lists every answer that is held, equality answers last.
func (s Subject) Lines() (out []SubjectLine) {
	c := s.copy()
	for i, part := range [][]subjectAnswer{c.Answers, c.Equality.Answers} {
		for _, a := range part {
			line := a.line()
			line.Equality = i == 1
			out = append(out, line)
		}
	}
	return out
}

// line is an answer as it is read.
func (a subjectAnswer) line() SubjectLine {
	var said []string
	for _, choice := range a.Choices {
		said = append(said, choice.Label)
	}
	if a.Text != "" {
		said = append(said, a.Text)
	}
	question := a.Question
	if question == "" {
		question = a.ID // one that the survey no longer has
	}
	return SubjectLine{Section: a.Section, Question: question, Answer: strings.Join(said, "; ")}
}

// Line is one answer as a person reads it: empty where nothing was answered.
func (s Subject) Line(q survey.Question, a survey.Answer) SubjectLine {
	return s.answer(q, a, "").line()
}

// SubjectCorrection is what stood there before a correction, as a person reads it.
type SubjectCorrection struct {
	On     privacy.Date // Europe/London
	Reason string
	Before []SubjectLine // an empty answer: nothing was answered
}

// Corrected lists the corrections of the response, the first first.
func (s Subject) Corrected() (out []SubjectCorrection) {
	for _, c := range s.corrections() {
		one := SubjectCorrection{On: c.On, Reason: c.Reason}
		for _, a := range c.Before {
			one.Before = append(one.Before, a.line())
		}
		out = append(out, one)
	}
	return out
}
