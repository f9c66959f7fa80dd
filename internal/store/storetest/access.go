package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// The council's own newest statement holds; without one, that with the hash. What was accepted stays.
func testConfidentiality(t *testing.T, s Store) {
	ann := &consult.Staff{ID: "s1", Email: "ann@example.org", Name: "Ann", Role: consult.Researcher, CreatedAt: Moment}
	standard := &consult.Confidentiality{Text: locale.Text{"en": "Standard", "cy": "Safonol ŵ"}, Hash: "h1"}
	later := &consult.Confidentiality{Text: locale.Text{"en": "Later"}, Hash: "h2"}
	own := &consult.Confidentiality{Text: locale.Text{"en": "Ours"}, Own: true, Hash: "h3"}
	Read(t, s, func(r consult.Reader) error {
		_, err := r.Confidentiality("h1")
		want(t, err, fault.NotFound, "none is kept")
		return nil
	})
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddStaff(ann), w.AddConfidentiality(standard), w.AddConfidentiality(later), w.AddAcknowledgement("s1", 1))
	})
	holds := func(hash string, c *consult.Confidentiality, accepted int64, why string) {
		t.Helper()
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Confidentiality(hash)
			if diff := cmp.Diff(c, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", why, err, diff)
			}
			member, err := r.StaffMember("s1")
			if err == nil && member.Acknowledged != accepted {
				t.Errorf("%s: accepted %d, want %d", why, member.Acknowledged, accepted)
			}
			return err
		})
	}
	holds("h1", standard, 1, "the one with the hash")
	holds("h2", later, 1, "of another program")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.AddAcknowledgement("s1", 1) }), fault.Conflict, "accepted already")
	Write(t, s, func(w consult.Writer) error { return w.AddConfidentiality(own) })
	holds("h1", own, 1, "the council's own goes before the standard one")
	if own.Number != 3 || !own.At.Equal(Moment) {
		t.Errorf("the number is %d, kept at %v", own.Number, own.At)
	}
	Write(t, s, func(w consult.Writer) error { return w.AddAcknowledgement("s1", 3) })
	holds("h1", own, 3, "the newest that was accepted")
}
