package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Screenings are added one after the other, stay as they are, and go with a draft that is erased.
func testScreenings(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	first := &privacy.Screening{Sequence: 1, At: Moment, By: "r", Form: "2026-11-30", Answers: map[string]privacy.ScreeningAnswer{"tracking": {Yes: true, Why: "ŵ"}},
		Facts: map[string]string{"data": "x"}}
	second := &privacy.Screening{Sequence: 2, At: Moment, By: "r", Decision: &privacy.ScreeningDecision{Ruling: privacy.RulingRefused, At: Moment}}
	add := func(x *privacy.Screening) func(consult.Writer) error {
		return func(w consult.Writer) error { return w.AddScreening(c.ID, x) }
	}
	want(t, TryWrite(s, add(second)), fault.Conflict, "the first is number 1")
	Write(t, s, add(first))
	want(t, TryWrite(s, add(first)), fault.Conflict, "a place that is taken")
	Write(t, s, add(second))
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Screenings(c.ID, 10)
		if diff := cmp.Diff([]*privacy.Screening{second, first}, got); err != nil || diff != "" {
			t.Errorf("newest first: %v %s", err, diff)
		}
		if got, err = r.Screenings(c.ID, 1); err != nil || len(got) != 1 {
			t.Errorf("one: %v %v", got, err)
		}
		return err
	})
	Write(t, s, func(w consult.Writer) error { return w.EraseConsultation(c.ID) })
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Screenings(c.ID, 10)
		if len(got) > 0 {
			t.Error("the screenings of a draft that was erased are still there")
		}
		return err
	})
}

// A month has one snapshot, which nobody changes; none is put before another.
func testSnapshots(t *testing.T, s Store) {
	march := &privacy.ProcessingSnapshot{Month: "2026-03", Document: []byte(`{"council": {"cy": "ŷ"}}`), Hash: "a"}
	april := &privacy.ProcessingSnapshot{Month: "2026-04", Document: []byte(`{}`), Hash: "b"}
	add := func(x *privacy.ProcessingSnapshot) func(consult.Writer) error {
		return func(w consult.Writer) error { return w.AddProcessingSnapshot(x) }
	}
	Write(t, s, add(march))
	want(t, TryWrite(s, add(march)), fault.Conflict, "a month has one")
	Write(t, s, add(april))
	want(t, TryWrite(s, add(&privacy.ProcessingSnapshot{Month: "2026-02", Document: []byte("{}")})), fault.Conflict, "nothing is put into the past")
	Read(t, s, func(r consult.Reader) error {
		got, err := r.ProcessingSnapshots(10)
		if diff := cmp.Diff([]*privacy.ProcessingSnapshot{april, march}, got); err != nil || diff != "" {
			t.Errorf("newest first: %v %s", err, diff)
		}
		one, err := r.ProcessingSnapshot("2026-03")
		if diff := cmp.Diff(march, one); err != nil || diff != "" {
			t.Errorf("one, byte for byte: %v %s", err, diff)
		}
		_, err = r.ProcessingSnapshot("2026-05")
		want(t, err, fault.NotFound, "a month that has none")
		return nil
	})
}
