package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// The registers number their entries, order them by what is due, and let nobody overwrite another's edit.
func testRegisters(t *testing.T, s Store) {
	add := func(id string, register privacy.Register, due privacy.Date) *privacy.Entry {
		e := &privacy.Entry{ID: id, Register: register, OpenedAt: Moment, DueOn: due, Sealed: []byte("sealed " + id)}
		Write(t, s, func(w consult.Writer) error { return w.AddEntry(e) })
		return e
	}
	late, none, soon := add("e1", privacy.RegisterRequests, "2026-05-01"), add("e2", privacy.RegisterRequests, ""), add("e3", privacy.RegisterRequests, "2026-04-01")
	other := add("e4", privacy.RegisterBreaches, "2026-03-01")
	if late.Number != 1 || none.Number != 2 || soon.Number != 3 || other.Number != 1 {
		t.Errorf("numbers %d, %d, %d and %d: each register counts from 1", late.Number, none.Number, soon.Number, other.Number)
	}
	want(t, TryWrite(s, func(w consult.Writer) error { e := *late; return w.AddEntry(&e) }), fault.Conflict, "an id is used once")
	Read(t, s, func(r consult.Reader) error {
		got, err := r.OpenEntries(privacy.RegisterRequests)
		if diff := cmp.Diff([]*privacy.Entry{soon, late, none}, got); err != nil || diff != "" {
			t.Errorf("open, due first: %v %s", err, diff)
		}
		return nil
	})
	ended := *late
	ended.Ended, ended.Sealed, ended.DueOn = true, []byte("sealed anew"), ""
	Write(t, s, func(w consult.Writer) error { return w.UpdateEntry(&ended) })
	want(t, TryWrite(s, func(w consult.Writer) error { e := *late; return w.UpdateEntry(&e) }), fault.Conflict, "an edit of an older version")
	want(t, TryWrite(s, func(w consult.Writer) error { e := *late; return w.ReplaceEntry(&e) }), fault.Conflict, "an edit that erases, of an older version")
	want(t, TryWrite(s, func(w consult.Writer) error { e := *late; e.ID = "absent"; return w.UpdateEntry(&e) }), fault.NotFound, "an edit of what is not there")
	Read(t, s, func(r consult.Reader) error {
		got, err := r.EndedEntries(privacy.RegisterRequests, 10)
		if diff := cmp.Diff([]*privacy.Entry{&ended}, got); err != nil || diff != "" {
			t.Errorf("ended: %v %s", err, diff)
		}
		one, err := r.Entry("e1")
		if diff := cmp.Diff(&ended, one); err != nil || diff != "" {
			t.Errorf("one: %v %s", err, diff)
		}
		return nil
	})
	Write(t, s, func(w consult.Writer) error { return w.EraseEntry("e3") })
	Read(t, s, func(r consult.Reader) error {
		_, err := r.Entry("e3")
		want(t, err, fault.NotFound, "an entry that was erased")
		return nil
	})
	next := add("e5", privacy.RegisterRequests, "")
	if next.Number != 4 {
		t.Errorf("number %d after 3 although 3 was erased", next.Number)
	}
}
