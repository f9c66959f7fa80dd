package dpo_test

import (
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// shown is a change from a page that is shown at this moment.
func (w *world) shown(t *testing.T, answers survey.Answers) consult.EqualityChange {
	t.Helper()
	held, err := w.Service.HeldByCode(t.Context(), w.code, "n")
	ok(t, err)
	return consult.EqualityChange{Answers: answers, Seen: held.EqualitySeen}
}

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
		id, change := c.Entry.ID, w.shown(t, male)
		row.before(w, id)
		_, all, err := w.desk.Equality(ctx, officer, id)
		changed := w.desk.ChangeEquality(ctx, officer, id, w.read(t, id).Entry.Version, change)
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
		if err := w.desk.ChangeEquality(ctx, officer, id, 0, w.shown(t, male)); !fault.Is(err, fault.Conflict) {
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
	if err := w.desk.ChangeEquality(ctx, officer, id, version(), w.shown(t, male)); !fault.Is(err, fault.Conflict) {
		t.Errorf("privacy.md 5.4: changed for somebody who has not told the code: %v", err)
	}
	for _, by := range []*consult.Staff{nil, uitest.Researcher} {
		if _, _, err := w.desk.Equality(ctx, by, id); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%v: %v", by, err)
		}
	}
}

// An officer has the page open meanwhile: nothing that the person did on the website is undone (UK GDPR art. 7(3), 17(1)).
func TestAnOfficersOlderPageUndoesNothing(t *testing.T) {
	for _, row := range []struct {
		why   string
		since func(*testing.T, *world)
	}{
		{"art. 17(1): the person took the answers back", func(t *testing.T, w *world) {
			ok(t, w.Service.ChangeEquality(t.Context(), w.code, w.c.ID, w.shown(t, survey.Answers{})))
		}},
		{"art. 7(3), 9(2)(a): withdrawn, and agreed anew without answers", func(t *testing.T, w *world) {
			_, err := w.Service.WithdrawConsent(t.Context(), w.code)
			ok(t, err)
			statement, err := w.Service.ConsentStatement(t.Context(), w.c, locale.English)
			ok(t, err)
			_, err = w.Service.DecideConsent(t.Context(), w.code, true, statement.Hash, locale.English)
			ok(t, err)
		}},
	} {
		w, ctx := newWorld(t), t.Context()
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskRectify, Contact: "x"}, w.code, "n")
		ok(t, err)
		x, all, err := w.desk.Equality(ctx, officer, c.Entry.ID)
		ok(t, err)
		row.since(t, w)
		err = w.desk.ChangeEquality(ctx, officer, x.Entry.ID, x.Entry.Version, consult.EqualityChange{Answers: all.Equality, Seen: all.EqualitySeen})
		held, failed := w.Service.HeldByCode(ctx, w.code, "n")
		ok(t, failed)
		after := w.read(t, x.Entry.ID)
		if !fault.Is(err, fault.Conflict) || len(held.Equality) > 0 || len(after.Request.Corrections) > 0 {
			t.Errorf("%s: %v, %d answers are there, the request says %+v", row.why, err, len(held.Equality), after.Request.Corrections)
		}
	}
}

// Art. 12(3), 16: the letter says that equality answers were corrected and when, and names no question of them.
func TestTheLetterTellsOfChangedEqualityAnswers(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskRectify, Contact: "x"}, w.code, "n")
	ok(t, err)
	id := c.Entry.ID
	ok(t, w.desk.ChangeEquality(ctx, officer, id, c.Entry.Version, w.shown(t, survey.Answers{"sex": {Codes: []string{"male"}}})))
	on := privacy.DateOf(w.Service.Now())
	ok(t, w.desk.End(ctx, officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted}))
	council, err := w.Service.Council(ctx)
	ok(t, err)
	calendar, err := w.desk.Calendar(ctx)
	ok(t, err)
	x := w.read(t, id)
	for lang, says := range map[locale.Lang]string{locale.English: "your answers to the equality questions", locale.Welsh: "eich atebion i'r cwestiynau cydraddoldeb"} {
		letter, err := privacy.WriteLetter(privacy.LetterOutcome, council, x.Request, x.Number(), calendar, lang)
		ok(t, err)
		for _, part := range []string{says, locale.ISODate(lang, string(on))} {
			if !strings.Contains(letter.String(), part) {
				t.Errorf("the letter lacks %q: %s", part, letter)
			}
		}
		if strings.Contains(strings.ToLower(letter.String()), "male") {
			t.Errorf("the letter tells an answer: %s", letter)
		}
	}
}
