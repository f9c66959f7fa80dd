package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Moment is the time of the fixed clock: the hour in which the clocks of the United Kingdom go forward.
var Moment = time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)

// ID returns a random id, as seal makes them.
func ID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// Event is an audit event about nothing in particular.
func Event() privacy.AuditEvent {
	return privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.write", Object: "test:1", Detail: map[string]string{"count": "1"}}
}

// Consultation returns a consultation that can be stored.
func Consultation() *consult.Consultation {
	id := ID()
	return &consult.Consultation{
		ID: id, Slug: "library-hours-" + id[:8], State: consult.Drafted, Source: []byte("id: library\n"), CreatedBy: "staff-1", CreatedAt: Moment, Version: 1,
		Details: consult.Details{
			Title:      locale.Text{locale.English: "Library opening hours", locale.Welsh: "Oriau agor y llyfrgell a’r tŷ dŵr"},
			Summary:    locale.Text{locale.English: "Tell us when to open.", locale.Welsh: "Dywedwch wrthym pryd i agor."},
			Department: "Culture & leisure", OpensAt: Moment, ClosesAt: Moment.AddDate(0, 1, 0), Languages: locale.Langs(),
		},
	}
}

// Response returns a response to the consultation with fifteen coded answers, as a resident satisfaction survey has.
func Response(consultationID string) *consult.Response {
	id := ID()
	r := &consult.Response{
		ID: id, ConsultationID: consultationID, TokenHash: "t" + id, CodeHash: "c" + id, Reference: "WEM-" + id[:4] + "-" + id[4:8],
		SurveyVersion: "v1", NoticeID: "n1", NoticeVersion: 1, Language: locale.English, Channel: consult.Web, SubmittedOn: "2026-03-29",
		Answers: survey.Answers{"ward": {Codes: []string{"E0500" + string('0'+id[0]%8) + "1"}}},
	}
	for _, q := range []string{"sat_area", "sat_council", "value_money", "acts_on", "informed", "trust", "safe_day", "safe_night", "roads", "pavements",
		"waste", "street_cleaning", "libraries", "parks"} {
		r.Answers[q] = survey.Answer{Codes: []string{string('1' + id[len(q)]%5)}}
	}
	return r
}

// Write runs fn in a transaction with an audit event and fails the test on an error.
func Write(t testing.TB, s consult.Store, fn func(consult.Writer) error) {
	t.Helper()
	if err := TryWrite(s, fn); err != nil {
		t.Fatal(err)
	}
}

// TryWrite runs fn in a transaction with an audit event.
func TryWrite(s consult.Store, fn func(consult.Writer) error) error {
	return s.Update(context.Background(), func(w consult.Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		return w.AppendAudit(Event())
	})
}

// Read runs fn in a read-only transaction and fails the test on an error.
func Read(t testing.TB, s consult.Store, fn func(consult.Reader) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// AddConsultation stores a new consultation.
func AddConsultation(t testing.TB, s consult.Store) *consult.Consultation {
	t.Helper()
	c := Consultation()
	Write(t, s, func(w consult.Writer) error { return w.AddConsultation(c) })
	return c
}

// want fails the test unless err is a fault of the kind.
func want(t testing.TB, err error, kind fault.Kind, why string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got error %v, want a fault %q", why, err, kind)
	}
}
