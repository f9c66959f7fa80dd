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
		found, err2 := r.ResponsesWithText(c.ID, 10, true)
		one, err3 := r.ResponsesWithText(c.ID, 1, true)
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

// What was erased waits until it stands in a list, and the store knows how far each list is.
func testErasures(t *testing.T, s Store) {
	ctx, store := t.Context(), s.Erasures()
	known := func(list string) (consult.ListHead, int) {
		t.Helper()
		head, others, err := store.Known(ctx, list)
		if err != nil {
			t.Fatal(err)
		}
		return head, others
	}
	pending := func(limit int) (ids []string) {
		t.Helper()
		found, err := store.Pending(ctx, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			ids = append(ids, p.ID+string(p.Sealed))
		}
		return ids
	}
	if head, others := known("a"); head != (consult.ListHead{}) || others != 0 || len(pending(9)) != 0 {
		t.Errorf("a new store: %+v, %d others", head, others)
	}
	Write(t, s, func(w consult.Writer) error {
		return w.AddErasure(consult.PendingErasure{ID: "1", Sealed: []byte("x")})
	})
	if err := store.Add(ctx, consult.PendingErasure{ID: "2", Sealed: []byte("y")}); err != nil {
		t.Fatal(err)
	}
	want(t, store.Add(ctx, consult.PendingErasure{ID: "2", Sealed: []byte("z")}), fault.Conflict, "one id twice")
	err := TryWrite(s, func(w consult.Writer) error {
		return errors.Join(w.AddErasure(consult.PendingErasure{ID: "3", Sealed: []byte("z")}), errors.New("not erased after all"))
	})
	if got := pending(9); err == nil || !slices.Equal(got, []string{"1x", "2y"}) || len(pending(1)) != 1 {
		t.Errorf("waiting: %q, %v", got, err)
	}
	head := consult.ListHead{List: "a", Entries: 2, Hash: "h2"}
	for range 2 { // settling twice is no error
		if err := store.Settle(ctx, head, []string{"1", "absent"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Settle(ctx, consult.ListHead{List: "b", Entries: 7, Hash: "h7"}, nil); err != nil {
		t.Fatal(err)
	}
	if got, others := known("a"); got != head || others != 1 || !slices.Equal(pending(9), []string{"2y"}) {
		t.Errorf("settled: %+v, %d others, waiting %q", got, others, pending(9))
	}
	head.Entries, head.Hash = 3, "h3"
	if err := store.Settle(ctx, head, []string{"2"}); err != nil {
		t.Fatal(err)
	}
	if got, _ := known("a"); got != head || len(pending(9)) != 0 {
		t.Errorf("settled again: %+v", got)
	}
	older := consult.ListHead{List: "a", Entries: 1, Hash: "h1"}
	if err := store.Settle(ctx, older, nil); err != nil {
		t.Fatal(err)
	}
	if got, _ := known("a"); got != head {
		t.Errorf("an older copy of the list lowers what is known of it: %+v", got)
	}
	begun := consult.ListHead{List: "c"}
	if err := errors.Join(store.Accept(ctx, older), store.Accept(ctx, begun)); err != nil {
		t.Fatal(err)
	}
	if got, _ := known("a"); got != older {
		t.Errorf("accepted: %+v", got)
	}
	if got, others := known("c"); got != begun || others != 2 {
		t.Errorf("a list without an entry: %+v, %d others", got, others)
	}
}
