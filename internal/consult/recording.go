package consult

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// LateEntryDays is for how many days after closing paper that came in time may still be entered: a post room needs some.
const LateEntryDays = 14

// Recording is how a response came that an officer takes down.
type Recording struct {
	Channel    Channel      `json:"channel"`     // not Web
	Form       string       `json:"form"`        // code of the paper form, or of the script that was read out
	Scan       string       `json:"scan"`        // Paper: reference of the form in the council's own document system, or the number stamped on it
	ReceivedOn privacy.Date `json:"received_on"` // Paper: the day it came, Europe/London
	Twice      bool         `json:"twice"`       // the officer knows that a form with this reference was entered before
}

// Capture is what is kept of it, sealed, beside the response, and goes with the response. It has no name of the respondent.
type Capture struct {
	StaffID    string       `json:"staff"`
	Role       Role         `json:"role"` // at that time
	Form       string       `json:"form"` // privacy.IssuedForm.Version
	Scan       string       `json:"scan,omitempty"`
	ReceivedOn privacy.Date `json:"received_on,omitempty"`
	RecordedOn privacy.Date `json:"recorded_on"`
}

// arrival is by which way a response comes, with its audit entry. The zero Recording: sent on the website.
type arrival struct {
	channel   Channel
	entry     privacy.AuditEvent
	recording *Recording
	by        *Staff
}

// BeginRecording starts a draft for an officer who takes a response down, in the language of the form. fault.Invalid, with the field, for an unknown form, a
// reference that is none and a day on which no form can have come; fault.Conflict, field "scan", where a form with the reference was entered before
// and Twice is not set; fault.Closed when no response may be recorded any more.
func (s *Service) BeginRecording(ctx context.Context, by *Staff, consultationID string, rec Recording) (d *Draft, form *privacy.IssuedForm, err error) {
	if err := by.Allow(RecordResponses); err != nil {
		return nil, nil, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		c, err := s.consultationIn(r, consultationID)
		if err != nil {
			return err
		}
		if form, err = s.checkRecording(r, c, &rec); err != nil {
			return err
		}
		d = &Draft{Token: seal.RandomToken(), ConsultationID: c.ID, SurveyVersion: c.SurveyVersion, NoticeVersion: form.NoticeVersion, Language: form.Language, Answers: survey.Answers{}}
		return nil
	})
	return d, form, err
}

// RecordResponse stores a response that an officer took down by phone, in person or from paper, by the same rules as one that was sent; questions that
// must be answered may be left out where the draft says that the person did not answer them. Errors are those of SubmitResponse and BeginRecording.
func (s *Service) RecordResponse(ctx context.Context, by *Staff, d *Draft, rec Recording) (Submitted, error) {
	if err := by.Allow(RecordResponses); err != nil {
		return Submitted{}, err
	}
	if rec.Channel == Web || !slices.Contains(Channels(), rec.Channel) {
		return Submitted{}, fault.New(fault.Invalid, "error.response.channel").At("channel")
	}
	return s.submit(ctx, d, arrival{rec.Channel, event(by.Actor(), "response.record", "consultation:"+d.ConsultationID), &rec, by})
}

// lateEntryEnds is the first moment, UTC, from which no response comes any more.
func lateEntryEnds(c *Consultation) time.Time { return c.ClosesAt.AddDate(0, 0, LateEntryDays) }

// Recordable returns nil if responses may be recorded at the moment now, or else fault.Closed: until closing, and paper that came in time for LateEntryDays
// more, unless the outcome is published already.
func (c *Consultation) Recordable(channel Channel, now time.Time) error {
	if channel == Paper && c.Status(now) == StatusClosed && now.Before(lateEntryEnds(c)) {
		return nil
	}
	return takesResponses(c, now)
}

// checkRecording returns the form that was used.
func (s *Service) checkRecording(r Reader, c *Consultation, rec *Recording) (*privacy.IssuedForm, error) {
	if rec.Channel == Web || !slices.Contains(Channels(), rec.Channel) {
		return nil, fault.New(fault.Invalid, "error.response.channel").At("channel")
	}
	if err := c.Recordable(rec.Channel, r.Now()); err != nil {
		return nil, err
	}
	form, err := s.formIn(r, c.ID, rec.Form)
	if err != nil {
		return nil, err
	}
	if (rec.Channel == Paper) != (form.Kind == privacy.PaperForm) || form.SurveyVersion != c.SurveyVersion {
		return nil, fault.New(fault.Invalid, "error.form.unknown").At("form")
	}
	if rec.Channel != Paper {
		if rec.Scan != "" || rec.ReceivedOn != "" {
			return nil, fault.New(fault.Invalid, "error.response.channel").At("channel")
		}
		return form, nil
	}
	if err := receivedInTime(c, rec.ReceivedOn, r.Now()); err != nil {
		return nil, err
	}
	return form, s.checkScan(r, c, rec)
}

// receivedInTime returns fault.Invalid, field "received", unless paper can have come on the day: while the consultation was open.
func receivedInTime(c *Consultation, on privacy.Date, now time.Time) error {
	wrong := func(key string) error { return fault.New(fault.Invalid, key).At("received") }
	switch _, err := privacy.ParseDate(string(on)); {
	case err != nil:
		return wrong("error.record.received")
	case on > privacy.DateOf(now):
		return wrong("error.record.future")
	case on < privacy.DateOf(c.OpensAt):
		return wrong("error.record.early")
	case on > privacy.DateOf(c.ClosesAt.Add(-time.Second)):
		return wrong("error.record.late")
	}
	return nil
}

func (s *Service) checkScan(r Reader, c *Consultation, rec *Recording) error {
	if privacy.CheckScanReference(rec.Scan) != nil {
		return fault.New(fault.Invalid, "error.evidence.scan").At("scan")
	}
	if rec.Twice {
		return nil
	}
	_, err := r.CapturedAs(s.Keys.ScanToken(c.ID, rec.Scan))
	if err == nil {
		return fault.New(fault.Conflict, "error.record.twice").At("scan")
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}

// capture stores how the response came, and pins what its form said.
func (s *Service) capture(w Writer, c *Consultation, r *Response, a arrival, form *privacy.IssuedForm) error {
	kept := Capture{StaffID: a.by.ID, Role: a.by.Role, Form: form.Version(), Scan: a.recording.Scan, ReceivedOn: a.recording.ReceivedOn, RecordedOn: privacy.DateOf(w.Now())}
	plain, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("encode how a response came: %w", err)
	}
	token := ""
	if kept.Scan != "" {
		token = s.Keys.ScanToken(c.ID, kept.Scan)
	}
	return w.AddCapture(c.ID, r.ID, token, s.Keys.Seal("capture", plain, capturePlace(r.ID)))
}

func capturePlace(responseID string) []byte {
	return seal.Place("response_capture", responseID, "sealed")
}

// captureOf returns how a response came, or nil for one that was sent on the website.
func (s *Service) captureOf(r Reader, response *Response) (*Capture, error) {
	if response.Channel == Web {
		return nil, nil
	}
	sealed, err := r.Capture(response.ConsultationID, response.ID)
	if fault.Is(err, fault.NotFound) { // recorded before captures were kept
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := s.Keys.Open("capture", sealed, capturePlace(response.ID))
	if err != nil {
		return nil, fmt.Errorf("open how a response came: %w", err)
	}
	var out Capture
	if err := json.Unmarshal(plain, &out); err != nil {
		return nil, fmt.Errorf("decode how a response came: %w", err)
	}
	return &out, nil
}

// recorded finds the response with the code for the officer who recorded it, and for nobody else.
func (s *Service) recorded(r Reader, by *Staff, code string) (*Response, *Consultation, *Capture, error) {
	response, c, err := s.byCode(r, code)
	if err != nil {
		return nil, nil, nil, err
	}
	kept, err := s.captureOf(r, response)
	if err != nil {
		return nil, nil, nil, err
	}
	if kept == nil || kept.StaffID != by.ID || kept.RecordedOn.Add(1) < privacy.DateOf(r.Now()) {
		return nil, nil, nil, fault.New(fault.Forbidden, "error.record.not_yours")
	}
	return response, c, kept, nil
}

// evidence is what may be said of it: the role of the officer, never who it was. It is nil for nil.
func (k *Capture) evidence() *privacy.Evidence {
	if k == nil {
		return nil
	}
	return &privacy.Evidence{Form: k.Form, Scan: k.Scan, On: k.ReceivedOn, Role: string(k.Role)}
}
