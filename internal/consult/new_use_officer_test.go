package consult_test

import (
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// UK GDPR art. 7(3): as easy to take back as to give, also for somebody who telephones; privacy.md 5.1: the same events as their own.
func TestAnOfficerTakesBackWhatSomebodyAgreedTo(t *testing.T) {
	for _, part := range privacy.Parts() {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		own, theirs := w.submit(t, c, answers()), w.submit(t, c, answers())
		for _, done := range []consult.Submitted{own, theirs} {
			w.consent(t, c, done.Code, true)
		}
		w.change(t, c, nameNewcomer(true), proposal)
		for _, done := range []consult.Submitted{own, theirs} {
			w.choose(t, done.Code, part, true)
		}
		version := w.reload(t, c.ID).NoticeVersion
		officer := w.staff[consult.DPO]
		agreed, err := w.AgreedFor(t.Context(), officer, theirs.ResponseID)
		if err != nil || len(agreed) != 1 || agreed[0].Part != part || agreed[0].Version != version {
			t.Fatalf("%s: agreed to %+v, %v", part, agreed, err)
		}
		w.choose(t, own.Code, part, false)
		registered := 0
		with := func(consult.Writer) error { registered++; return nil }
		end := func(id string, version int) error {
			return w.EndNewUseFor(t.Context(), officer, id, part, version, consult.Telephone, with)
		}
		want(t, end(theirs.ResponseID, version-1), fault.Conflict, "nobody agreed to the version before")
		want(t, end("no such response", version), fault.NotFound, "there is no such response")
		if err := end(theirs.ResponseID, version); err != nil || registered != 1 {
			t.Fatalf("%s: %v, written %d times into the register", part, err, registered)
		}
		want(t, end(theirs.ResponseID, version), fault.Conflict, "it was taken back already")
		mine, told := w.eventsOf(t, own.ResponseID, newUseIn(part)), w.eventsOf(t, theirs.ResponseID, newUseIn(part))
		if len(mine) != len(told) {
			t.Fatalf("%s: %d events by themselves, %d by the officer", part, len(mine), len(told))
		}
		for i := range mine {
			if mine[i].State != told[i].State || mine[i].NoticeVersion != told[i].NoticeVersion || mine[i].StatementHash != told[i].StatementHash || mine[i].Option != told[i].Option {
				t.Errorf("%s: event %d is %s by themselves and %s by the officer", part, i, mine[i].State, told[i].State)
			}
		}
		if last := told[len(told)-1]; last.State != privacy.ConsentWithdrawn || last.Actor != officer.ID || last.Channel != string(consult.Telephone) {
			t.Errorf("%s: the ledger says %s by %s over %s", part, last.State, last.Actor, last.Channel)
		}
		if agreed, err := w.AgreedFor(t.Context(), officer, theirs.ResponseID); err != nil || len(agreed) > 0 {
			t.Errorf("%s: still agreed to %+v, %v", part, agreed, err)
		}
		if held, err := w.HeldByCode(t.Context(), theirs.Code, "n"); err != nil || held.Consent.State != privacy.ConsentGiven {
			t.Errorf("%s: the consent that was given first is gone too: %s, %v", part, held.Consent.State, err)
		}
	}
}

func newUseIn(part privacy.Part) string {
	return map[privacy.Part]string{privacy.PartResponses: "new_use", privacy.PartEquality: "new_use_equality"}[part]
}
