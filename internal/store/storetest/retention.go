package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Erasing free text leaves the coded answers, and other responses as they are.
func testFreeText(t *testing.T, s Store) {
	c, other := AddConsultation(t, s), AddConsultation(t, s)
	with, bare, apart := Response(c.ID), Response(c.ID), Response(other.ID)
	with.FreeText, apart.FreeText = []byte("sealed"), []byte("sealed too")
	second := Response(c.ID)
	second.FreeText = []byte("sealed as well")
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddResponse(with), w.AddResponse(bare), w.AddResponse(apart), w.AddResponse(second))
	})
	ids := []string{with.ID, second.ID}
	slices.Sort(ids)
	Read(t, s, func(r consult.Reader) error {
		n, err := r.FreeTextCount(c.ID)
		found, err2 := r.ResponsesWithText(c.ID, 10)
		one, err3 := r.ResponsesWithText(c.ID, 1)
		if n != 2 || !slices.Equal(found, ids) || !slices.Equal(one, ids[:1]) {
			t.Errorf("before: %d, %v, %v", n, found, one)
		}
		return errors.Join(err, err2, err3)
	})
	Write(t, s, func(w consult.Writer) error { return w.EraseFreeText(with.ID) })
	for _, id := range []string{with.ID, bare.ID, "absent"} {
		want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseFreeText(id) }), fault.NotFound, "free text that is not there")
	}
	with.FreeText, with.Flags = nil, consult.TextFlags{} // looked through: there is nothing to look for
	Read(t, s, func(r consult.Reader) error {
		for _, wanted := range []*consult.Response{with, bare, second, apart} {
			got, err := r.Response(wanted.ID)
			if diff := cmp.Diff(wanted, got); err != nil || diff != "" {
				t.Errorf("after: %v %s", err, diff)
			}
		}
		n, err := r.FreeTextCount(c.ID)
		if n != 1 {
			t.Errorf("after: %d texts", n)
		}
		return err
	})
}

// Certificates of disposal come back as they were, in a chain.
func testCertificates(t *testing.T, s Store) {
	const count = 3
	var stored []*privacy.Certificate
	for i := range count {
		c := privacy.Certificate{ID: fmt.Sprint("c", i), Rule: "responses", RuleVersion: 4, Class: privacy.ClassResponses, Action: privacy.Dispose, Consultation: "k",
			From: "2026-01-01", To: "2026-02-01", Counts: []privacy.TableCount{{Table: "response", Count: 12}}, Method: "keys_and_rows", StartedAt: Moment,
			By: privacy.Actor{Kind: "system"}, Verified: []privacy.TableCount{{Table: "response"}}, HoldsSkipped: i, BackupsUntil: "2026-05-01"}
		Write(t, s, func(w consult.Writer) (err error) {
			c, err = w.AppendCertificate(c)
			return err
		})
		if c.Sequence != int64(i+1) || !c.FinishedAt.Equal(Moment) || c.Hash == "" {
			t.Errorf("certificate %d: sequence %d at %v", i, c.Sequence, c.FinishedAt)
		}
		stored = append(stored, &c)
	}
	Write(t, s, func(w consult.Writer) error { // two in one transaction follow each other
		_, err := w.AppendCertificate(privacy.Certificate{ID: "x1"})
		_, err2 := w.AppendCertificate(privacy.Certificate{ID: "x2"})
		return errors.Join(err, err2)
	})
	Read(t, s, func(r consult.Reader) error {
		page, err := r.Certificates(4, 2)
		if diff := cmp.Diff([]*privacy.Certificate{stored[2], stored[1]}, page); err != nil || diff != "" {
			t.Errorf("newest first: %v %s", err, diff)
		}
		one, err := r.Certificate("c0")
		if diff := cmp.Diff(stored[0], one); err != nil || diff != "" {
			t.Errorf("one: %v %s", err, diff)
		}
		_, err = r.Certificate("absent")
		want(t, err, fault.NotFound, "an absent certificate")
		n := 0
		return errors.Join(privacy.VerifyCertificates(r.EachCertificate), r.EachCertificate(func(privacy.Certificate) error { n++; return nil }), func() error {
			if n != count+2 {
				return fmt.Errorf("%d certificates", n)
			}
			return nil
		}())
	})
	if TryWrite(s, func(w consult.Writer) error { _, err := w.AppendCertificate(privacy.Certificate{ID: "c1"}); return err }) == nil {
		t.Error("an id was used twice")
	}
}
