package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// Form returns a form of the consultation that can be kept.
func Form(consultationID, title string) privacy.IssuedForm {
	return privacy.IssuedForm{Kind: privacy.PaperForm, ConsultationID: consultationID, Language: locale.Welsh, SurveyVersion: "v1", NoticeID: "n1", NoticeVersion: 1,
		Parts: []privacy.FormPart{{Kind: privacy.PartTitle, Text: title}, {Kind: privacy.PartQuestion, Text: "1. Pam?", Items: []string{"A", "B"}, Lines: 2}}}.Seal()
}

// Forms are kept for good; how a response came is found by its token and goes with the response.
func testCaptures(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	form, second := Form(c.ID, "Oriau"), Form(c.ID, "Hours")
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.AddForm(&form), w.AddForm(&second)) })
	if !form.IssuedAt.Equal(Moment) {
		t.Errorf("issued at %v", form.IssuedAt)
	}
	want(t, TryWrite(s, func(w consult.Writer) error { again := form; return w.AddForm(&again) }), fault.Conflict, "a form twice")
	one, two := Response(c.ID), Response(c.ID)
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddResponse(one), w.AddResponse(two), w.AddCapture(c.ID, one.ID, "scan-1", []byte("sealed")), w.AddCapture(c.ID, two.ID, "", []byte("sealed too")))
	})
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddCapture(c.ID, one.ID, "scan-2", []byte("x")) }), fault.Conflict, "two ways for one response")
	Read(t, s, func(r consult.Reader) error {
		got, err := r.IssuedForm(form.Code)
		if diff := cmp.Diff(&form, got); err != nil || diff != "" || got.Verify() != nil {
			t.Errorf("a form: %v %s", err, diff)
		}
		all, err := r.IssuedForms(c.ID)
		if len(all) != 2 || err != nil {
			t.Errorf("%d forms, %v", len(all), err)
		}
		sealed, err := r.Capture(c.ID, one.ID)
		if string(sealed) != "sealed" || err != nil {
			t.Errorf("how it came: %q, %v", sealed, err)
		}
		id, err := r.CapturedAs("scan-1")
		if id != one.ID || err != nil {
			t.Errorf("by its token: %q, %v", id, err)
		}
		_, err = r.CapturedAs("")
		want(t, err, fault.NotFound, "no token finds nothing")
		_, err = r.CapturedAs("scan-2")
		want(t, err, fault.NotFound, "an unknown token")
		_, err = r.IssuedForm("P-0000")
		want(t, err, fault.NotFound, "an unknown form")
		_, err = r.Capture(c.ID, "absent")
		want(t, err, fault.NotFound, "a response that was sent")
		return nil
	})
	Write(t, s, func(w consult.Writer) error { return w.EraseResponse(one.ID) })
	Read(t, s, func(r consult.Reader) error {
		_, err := r.Capture(c.ID, one.ID)
		want(t, err, fault.NotFound, "after its response is erased")
		_, err = r.CapturedAs("scan-1")
		want(t, err, fault.NotFound, "its token after that")
		return nil
	})
}
