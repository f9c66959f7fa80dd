package dpo_test

import (
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// councils.md S3-18; UK GDPR art. 16: an officer changes equality answers for somebody who told the code, as long as the consent stands, and for nobody else.
func TestEqualityAnswersAreChangedOnRequest(t *testing.T) {
	male := survey.Answers{"sex": {Codes: []string{"male"}}}
	for _, row := range []struct {
		why     string
		kind    privacy.RequestKind
		before  func(*world, string) // what happens before the officer looks
		refused fault.Kind           // why it is refused; empty: changed
	}{
		{"art. 16: the person told the code", privacy.AskRectify, func(*world, string) {}, ""},
		{"art. 18: a response that is out of use is corrected too", privacy.AskRectify, func(w *world, id string) {
			ok(t, w.desk.Restrict(t.Context(), officer, id, w.read(t, id).Entry.Version))
		}, ""},
		{"art. 9(2)(a): the consent was withdrawn", privacy.AskRectify, func(w *world, _ string) {
			_, err := w.Service.WithdrawConsent(t.Context(), w.code)
			ok(t, err)
		}, fault.Conflict},
		{"art. 15: who asked for a copy asked for no change", privacy.AskAccess, func(*world, string) {}, fault.Conflict},
		{"it has ended", privacy.AskRectify, func(w *world, id string) {
			ok(t, w.desk.End(t.Context(), officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted}))
		}, fault.Conflict},
		{"the response is gone", privacy.AskRectify, func(w *world, _ string) { ok(t, w.Service.WithdrawResponse(t.Context(), w.code)) }, fault.NotFound},
	} {
		w, ctx := newWorld(t), t.Context()
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: row.kind, Contact: "x"}, w.code, "n")
		ok(t, err)
		id := c.Entry.ID
		row.before(w, id)
		_, all, err := w.desk.Equality(ctx, officer, id)
		changed := w.desk.ChangeEquality(ctx, officer, id, w.read(t, id).Entry.Version, male)
		if row.refused != "" {
			if !fault.Is(err, row.refused) || !fault.Is(changed, row.refused) {
				t.Errorf("%s: %v, %v", row.why, err, changed)
			}
			continue
		}
		ok(t, err)
		ok(t, changed)
		if all.Equality["sex"].Codes[0] != "female" {
			t.Errorf("%s: what stands there is not shown: %v", row.why, all.Equality)
		}
		held, err := w.Service.HeldByCode(ctx, w.code, "n")
		ok(t, err)
		x := w.read(t, id)
		if held.Equality["sex"].Codes[0] != "male" || x.Request.Steps[len(x.Request.Steps)-1].What != "request.equality" {
			t.Errorf("%s: %v, %+v", row.why, held.Equality, x.Request.Steps)
		}
		if err := w.desk.ChangeEquality(ctx, officer, id, 0, male); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: an older version: %v", row.why, err)
		}
	}
	w, ctx := newWorld(t), t.Context()
	found, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskRectify, Received: "2026-03-28", Channel: privacy.ByPost, Contact: "x"})
	ok(t, err)
	id, version := found.Entry.ID, func() int64 { return w.read(t, found.Entry.ID).Entry.Version }
	ok(t, w.desk.Identify(ctx, officer, id, version(), "2026-03-29", privacy.IdentityKnowledge, "", "What they wrote"))
	n, err := w.desk.Search(ctx, officer, id, version(), privacy.SubjectQuery{Words: markedText})
	ok(t, err)
	ok(t, w.desk.Decide(ctx, officer, id, version(), n, w.id, privacy.VerdictTheirs, ""))
	if _, _, err := w.desk.Equality(ctx, officer, id); !fault.Is(err, fault.Conflict) {
		t.Errorf("privacy.md 5.4: opened for somebody who has not told the code: %v", err)
	}
	if err := w.desk.ChangeEquality(ctx, officer, id, version(), male); !fault.Is(err, fault.Conflict) {
		t.Errorf("privacy.md 5.4: changed for somebody who has not told the code: %v", err)
	}
	for _, by := range []*consult.Staff{nil, uitest.Researcher} {
		if _, _, err := w.desk.Equality(ctx, by, id); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%v: %v", by, err)
		}
	}
}
