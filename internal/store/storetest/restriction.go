package storetest

import (
	"errors"
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// A restricted response is held and not used (UK GDPR art. 18): no list, count or table has it, whoever holds its code has.
func testRestriction(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	for _, id := range []string{"r1", "r2", "r3"} {
		r := Response(c.ID)
		r.ID = id
		if id == "r2" {
			r.FreeText = []byte("sealed")
		}
		Write(t, s, func(w consult.Writer) error { return w.AddResponse(r) })
	}
	counts := func() (listed, counted, days, tabulated, restricted int) {
		Read(t, s, func(r consult.Reader) error {
			err := r.Responses(c.ID, func(*consult.Response) error { listed++; return nil })
			if err != nil {
				return err
			}
			if counted, err = r.ResponseCount(c.ID); err != nil {
				return err
			}
			byDay, err := r.ResponsesByDay(c.ID)
			for _, d := range byDay {
				days += d.Count
			}
			if err != nil {
				return err
			}
			for _, dims := range [][]string{{"channel"}, {"channel", "language"}} {
				cells, err := r.Tabulate(c.ID, dims)
				if err != nil {
					return err
				}
				tabulated = 0
				for _, cell := range cells {
					tabulated += cell.Count
				}
			}
			restricted, err = r.RestrictedCount(c.ID)
			return err
		})
		return
	}
	check := func(why string, want, wantRestricted int) {
		t.Helper()
		listed, counted, days, tabulated, restricted := counts()
		if listed != want || counted != want || days != want || tabulated != want || restricted != wantRestricted {
			t.Errorf("%s: %d listed, %d counted, %d by day, %d tabulated, %d restricted", why, listed, counted, days, tabulated, restricted)
		}
	}
	check("nothing is restricted", 3, 0)
	everyRecord := func(why string) {
		t.Helper()
		var found []string
		Read(t, s, func(r consult.Reader) error {
			found = nil
			return r.EveryRecord(func(id string) error { found = append(found, id); return nil })
		})
		slices.Sort(found)
		if !slices.Equal(found, []string{"a-request", "r1", "r2", "r3"}) {
			t.Errorf("%s: records %q", why, found)
		}
	}
	Write(t, s, func(w consult.Writer) error {
		return w.AddEntry(&privacy.Entry{ID: "a-request", Register: privacy.RegisterRequests, OpenedAt: w.Now(), Sealed: []byte("s")})
	})
	everyRecord("nothing is restricted")
	for range 2 {
		Write(t, s, func(w consult.Writer) error { return w.Restrict("r2", "e1") })
	}
	check("one is, and was twice", 2, 1)
	everyRecord("what is held and not used has a key all the same")
	Read(t, s, func(r consult.Reader) error {
		n, err := r.FreeTextCount(c.ID)
		ids, err2 := r.ResponsesWithText(c.ID, 10, true)
		if n != 0 || len(ids) != 0 {
			t.Errorf("the text of a restricted response is offered for disposal: %d, %v", n, ids)
		}
		return errors.Join(err, err2)
	})
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Response("r2")
		if err != nil || got.ID != "r2" {
			t.Errorf("a restricted response is not held any more: %v", err)
		}
		on, err := r.Restricted("r2")
		off, _ := r.Restricted("r1")
		if !on || off {
			t.Errorf("restricted %v, another %v", on, off)
		}
		return err
	})
	want(t, TryWrite(s, func(w consult.Writer) error { return w.Restrict("absent", "e1") }), fault.NotFound, "a response that is not there")
	Write(t, s, func(w consult.Writer) error { return w.Restrict("r2", "e2") })
	Write(t, s, func(w consult.Writer) error { return w.LiftRestriction("r2", "e1") })
	check("lifted for one request and not for the other", 2, 1)
	Write(t, s, func(w consult.Writer) error { return w.LiftRestriction("r2", "e2") })
	check("lifted", 3, 0)
	Write(t, s, func(w consult.Writer) error { return w.Restrict("r3", "e1") })
	Write(t, s, func(w consult.Writer) error { return w.EraseResponse("r3") })
	check("erased while restricted", 2, 0)
}
