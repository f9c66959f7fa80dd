package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// A consultation has one change at a time; what a confirmed one says never changes again, and it cannot be erased.
func testNoticeChanges(t *testing.T, s Store) {
	c, other := Consultation(), Consultation()
	for _, one := range []*consult.Consultation{c, other} {
		Write(t, s, func(w consult.Writer) error { return w.AddConsultation(one) })
	}
	change := &consult.NoticeChange{ID: "change1", ConsultationID: c.ID, State: consult.ChangeDraft, From: 1, Before: privacy.Processing{Retention: "P36M"},
		After: privacy.Processing{Retention: "P12M", Partners: []string{"Ash"}}, Note: locale.Text{locale.English: "Shorter.", locale.Welsh: "Byrrach."}, DraftedBy: "s1"}
	Write(t, s, func(w consult.Writer) error { return w.AddNoticeChange(change) })
	want(t, TryWrite(s, func(w consult.Writer) error {
		second := *change
		second.ID = "change2"
		return w.AddNoticeChange(&second)
	}), fault.Conflict, "a second change while one is open")
	elsewhere := &consult.NoticeChange{ID: "change3", ConsultationID: other.ID, State: consult.ChangeProposed, From: 1}
	Write(t, s, func(w consult.Writer) error { return w.AddNoticeChange(elsewhere) })
	Read(t, s, func(r consult.Reader) error {
		open, err := r.OpenNoticeChanges()
		if diff := cmp.Diff([]*consult.NoticeChange{change, elsewhere}, open); err != nil || diff != "" {
			t.Errorf("open: %v %s", err, diff)
		}
		_, err = r.NoticeChange("absent")
		want(t, err, fault.NotFound, "a change that is not there")
		return nil
	})
	confirmed := *change
	confirmed.State, confirmed.To, confirmed.ConfirmedBy, confirmed.ConfirmedAt = consult.ChangeConfirmed, 2, "s2", Moment
	confirmed.ClosesAt, confirmed.Judged = Moment.Add(24*time.Hour), true
	Write(t, s, func(w consult.Writer) error { return w.UpdateNoticeChange(&confirmed) })
	want(t, TryWrite(s, func(w consult.Writer) error { stale := *change; return w.UpdateNoticeChange(&stale) }), fault.Conflict, "an edit of an older version")
	for why, edit := range map[string]func(*consult.NoticeChange){
		"what it was":               func(x *consult.NoticeChange) { x.Before.Retention = "P1M" },
		"what it is":                func(x *consult.NoticeChange) { x.After.Partners = append(x.After.Partners, "Birch") },
		"what was judged":           func(x *consult.NoticeChange) { x.Wider = true },
		"its version":               func(x *consult.NoticeChange) { x.To = 3 },
		"its state":                 func(x *consult.NoticeChange) { x.State = consult.ChangeDraft },
		"the version it came after": func(x *consult.NoticeChange) { x.From = 0 },
	} {
		x := confirmed
		x.After.Partners = append([]string{}, confirmed.After.Partners...)
		edit(&x)
		want(t, TryWrite(s, func(w consult.Writer) error { return w.UpdateNoticeChange(&x) }), fault.Conflict, "a confirmed change keeps "+why)
	}
	ended := confirmed
	ended.EndedBy, ended.EndedAt = "s3", Moment
	Write(t, s, func(w consult.Writer) error { return w.UpdateNoticeChange(&ended) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseNoticeChange(ended.ID) }), fault.Conflict, "a confirmed change stays")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseNoticeChange("absent") }), fault.NotFound, "erasing what is not there")
	next := &consult.NoticeChange{ID: "a", ConsultationID: c.ID, State: consult.ChangeDraft, From: 2} // its id comes before the other
	Write(t, s, func(w consult.Writer) error { return w.AddNoticeChange(next) })
	Read(t, s, func(r consult.Reader) error {
		all, err := r.NoticeChanges(c.ID)
		if diff := cmp.Diff([]*consult.NoticeChange{&ended, next}, all); err != nil || diff != "" {
			t.Errorf("of a consultation, the open one last: %v %s", err, diff)
		}
		return nil
	})
	Write(t, s, func(w consult.Writer) error { return w.EraseNoticeChange(next.ID) })
	Read(t, s, func(r consult.Reader) error {
		all, err := r.NoticeChanges(c.ID)
		if err != nil || len(all) != 1 {
			t.Errorf("after erasing the open one: %d, %v", len(all), err)
		}
		return nil
	})
}
