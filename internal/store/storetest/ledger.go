package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// ConsentEvent returns an event that can be appended.
func ConsentEvent(consultationID, principal string, state privacy.ConsentState) privacy.ConsentEvent {
	return privacy.ConsentEvent{
		ID: ID(), RecordID: "record-" + principal, Principal: principal, ConsultationID: consultationID, PurposeID: "equality", State: state,
		ValidUntil: Moment.AddDate(1, 0, 0), Channel: "web", Actor: "self", Language: locale.Welsh, NoticeID: "n1", NoticeVersion: 1,
		Statement: "Rwy’n cytuno", StatementHash: digest("Rwy’n cytuno"), Option: "Ydw", SurveyVersion: "v1",
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func testConsentLedger(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	var given, withdrawn privacy.ConsentEvent
	Write(t, s, func(w consult.Writer) (err error) {
		if given, err = w.AppendConsent(ConsentEvent(c.ID, "p1", privacy.ConsentGiven)); err != nil {
			return err
		}
		_, err = w.AppendConsent(ConsentEvent(c.ID, "p2", privacy.ConsentRefused))
		return err
	})
	Write(t, s, func(w consult.Writer) (err error) {
		e := ConsentEvent(c.ID, "p1", privacy.ConsentWithdrawn)
		e.ValidUntil = time.Time{}
		withdrawn, err = w.AppendConsent(e)
		return err
	})
	onPaper := ConsentEvent(c.ID, "p5", privacy.ConsentGiven)
	onPaper.Channel, onPaper.Actor, onPaper.Reason, onPaper.Supersedes = "paper", "s1", privacy.ReasonCameOfAge, "record-p1"
	onPaper.Evidence = privacy.Evidence{Giver: privacy.GivenByParent, Relation: "guardian", Form: "paper/0123", Scan: "DOC-2026-0471", On: "2026-03-28", Role: "dpo"}
	Write(t, s, func(w consult.Writer) (err error) {
		onPaper, err = w.AppendConsent(onPaper)
		return err
	})
	keyed := ConsentEvent(c.ID, "p6", privacy.ConsentGiven)
	keyed.Channel, keyed.Actor = "paper", "s1"
	keyed.Evidence = privacy.Evidence{Giver: privacy.GivenInWriting, Form: "paper/0123", Token: "00112233445566778899aabbccddeeff", On: "2026-03-28", Role: "dpo"}
	Write(t, s, func(w consult.Writer) (err error) {
		keyed, err = w.AppendConsent(keyed)
		return err
	})
	if given.Sequence != 1 || !given.At.Equal(Moment) || given.PrevHash != "" || given.Hash == "" {
		t.Errorf("the first event: got sequence %d at %v after %q", given.Sequence, given.At, given.PrevHash)
	}
	Read(t, s, func(r consult.Reader) error {
		got, err := r.ConsentEvents("p1")
		if diff := cmp.Diff([]privacy.ConsentEvent{given, withdrawn}, got); err != nil || diff != "" {
			t.Errorf("of one principal: %v %s", err, diff)
		}
		paper, err := r.ConsentEvents("p5")
		if diff := cmp.Diff([]privacy.ConsentEvent{onPaper}, paper); err != nil || diff != "" {
			t.Errorf("with evidence: %v %s", err, diff)
		}
		signed, err := r.ConsentEventsOfForm([]string{"ffffffffffffffffffffffffffffffff", "", keyed.Evidence.Token}, onPaper.Evidence.Scan)
		if diff := cmp.Diff([]privacy.ConsentEvent{onPaper, keyed}, signed); err != nil || diff != "" {
			t.Errorf("of signed forms, by keyed hash and by reference: %v %s", err, diff)
		}
		if none, err := r.ConsentEventsOfForm([]string{""}, ""); len(none) != 0 || err != nil {
			t.Errorf("of no form: %d, %v", len(none), err)
		}
		none, err := r.ConsentEvents("absent")
		if len(none) != 0 || err != nil {
			t.Errorf("of an unknown principal: %v %v", none, err)
		}
		of, err := r.ConsentEventsOf(c.ID)
		if len(of) != 5 || err != nil {
			t.Errorf("of the consultation: %d, %v", len(of), err)
		}
		record, err := r.ConsentRecord(c.ID, given.RecordID)
		if diff := cmp.Diff([]privacy.ConsentEvent{given, withdrawn}, record); err != nil || diff != "" {
			t.Errorf("of one record: %v %s", err, diff)
		}
		for _, of := range [][2]string{{c.ID, "absent"}, {"absent", given.RecordID}, {c.ID, ""}} {
			if none, err := r.ConsentRecord(of[0], of[1]); len(none) != 0 || err != nil {
				t.Errorf("of an unknown record %v: %v %v", of, none, err)
			}
		}
		return privacy.VerifyConsentChain(r.EachConsentEvent)
	})
	lie := ConsentEvent(c.ID, "p3", privacy.ConsentGiven)
	lie.Statement = "Something else"
	want(t, TryWrite(s, func(w consult.Writer) error {
		_, err := w.AppendConsent(lie)
		return err
	}), fault.Conflict, "two statements with one hash")
	again := ConsentEvent(c.ID, "p4", privacy.ConsentGiven)
	again.ID = given.ID
	want(t, TryWrite(s, func(w consult.Writer) error {
		_, err := w.AppendConsent(again)
		return err
	}), fault.Conflict, "an event twice")
}

func testAuditLog(t *testing.T, s Store) {
	const events = 1100 // more than two pages
	actors := []privacy.Actor{{Kind: "staff", ID: "s1"}, {Kind: "staff", ID: "s2"}, {Kind: "respondent"}}
	if err := s.Update(t.Context(), func(w consult.Writer) error {
		for i := range events {
			e := privacy.AuditEvent{Actor: actors[i%3], Action: []string{"consultation.publish", "staff.sign_in"}[i%2], Object: fmt.Sprintf("consultation:%d", i%5)}
			if i == 0 {
				e.Detail = map[string]string{"count": "3", "state": "published"}
			}
			if err := w.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var all []privacy.AuditEvent
	Read(t, s, func(r consult.Reader) error {
		return errors.Join(privacy.VerifyAuditChain(r.EachAuditEvent), r.EachAuditEvent(func(e privacy.AuditEvent) error {
			all = append(all, e)
			return nil
		}))
	})
	if len(all) != events {
		t.Fatalf("%d events", len(all))
	}
	if all[0].Detail["state"] != "published" || !all[0].At.Equal(Moment) || all[1].Detail != nil {
		t.Errorf("the first event: %+v", all[0])
	}
	Read(t, s, func(r consult.Reader) error {
		if e, err := r.AuditEvent(7); err != nil || e.Sequence != 7 || e.Hash != all[6].Hash {
			t.Errorf("entry 7: %+v, %v", e, err)
		}
		_, err := r.AuditEvent(events + 1)
		want(t, err, fault.NotFound, "an entry that there is not")
		return nil
	})
	for _, test := range []struct {
		filter consult.AuditFilter
		first  int64
		count  int
		why    string
	}{
		{consult.AuditFilter{}, events, 100, "the newest hundred"},
		{consult.AuditFilter{Limit: 7}, events, 7, "a limit"},
		{consult.AuditFilter{Before: 50}, 49, 49, "the page before"},
		{consult.AuditFilter{ActorID: "s2", Before: 10}, 8, 3, "one actor"},
		{consult.AuditFilter{Action: "staff.", Before: 10}, 8, 4, "the beginning of an action"},
		{consult.AuditFilter{Action: "st_ff."}, 0, 0, "no wildcards"},
		{consult.AuditFilter{Object: "consultation:0", Before: 12}, 11, 3, "one object"},
		{consult.AuditFilter{Object: "consultation:0", ActorID: "s1", Before: 12}, 1, 1, "one object and actor"},
		{consult.AuditFilter{ActorKind: "respondent", Before: 10}, 9, 3, "one kind of actor"},
		{consult.AuditFilter{Actions: []string{"staff.sign_in", "x.y"}, Before: 10}, 8, 4, "some actions"},
		{consult.AuditFilter{Actions: []string{"sign_in", "staff"}}, 0, 0, "no parts of actions"},
		{consult.AuditFilter{ActorID: "s1", Actions: []string{"consultation.publish"}, Before: 10}, 7, 2, "some actions of one actor"},
		{consult.AuditFilter{Object: "consultation:0", ActorKind: "respondent", Before: 12}, 6, 1, "one object and kind of actor"},
		{consult.AuditFilter{From: Moment, Limit: 3}, events, 3, "from a moment on, that one included"},
		{consult.AuditFilter{From: Moment.Add(time.Second)}, 0, 0, "after everything"},
		{consult.AuditFilter{To: Moment}, 0, 0, "up to a moment, that one left out"},
		{consult.AuditFilter{From: Moment.Add(-time.Hour), To: Moment.Add(time.Second), Limit: 5}, events, 5, "a range"},
		{consult.AuditFilter{ActorID: "s1", To: Moment}, 0, 0, "one actor before everything"},
	} {
		Read(t, s, func(r consult.Reader) error {
			got, err := r.AuditEvents(test.filter)
			if len(got) != test.count || test.count > 0 && got[0].Sequence != test.first {
				t.Errorf("%+v: %s: got %d events", test.filter, test.why, len(got))
			}
			for i := range got[min(1, len(got)):] {
				if got[i].Sequence <= got[i+1].Sequence {
					t.Errorf("%s: not newest first", test.why)
				}
			}
			return err
		})
	}
}
