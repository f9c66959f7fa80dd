package dpo_test

import (
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// entered is a request by telephone of somebody who is identified in the way, or not yet.
func (w *world) entered(t *testing.T, kind privacy.RequestKind, tier privacy.IdentityTier) (id string, version func() int64) {
	t.Helper()
	c, err := w.desk.Enter(t.Context(), officer, privacy.Request{Kind: kind, Received: "2026-03-27", Channel: privacy.ByTelephone, Name: markedName, Contact: "07700 900123"})
	ok(t, err)
	version = func() int64 { return w.read(t, c.Entry.ID).Entry.Version }
	if tier != privacy.IdentityNone {
		ok(t, w.desk.Identify(t.Context(), officer, c.Entry.ID, version(), "2026-03-29", tier, "", "They told us what they wrote"))
	}
	return c.Entry.ID, version
}

var byText = privacy.SubjectQuery{Words: "Zzquerulousotterzz"}

// TestSearchLinks: a person without the code is found by what they wrote, and gets a copy without equality answers (privacy.md 5.4); the code, told later, opens
// those too.
func TestSearchLinks(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id, version := w.entered(t, privacy.AskAccess, privacy.IdentityKnowledge)
	number, err := w.desk.Search(ctx, officer, id, version(), byText)
	ok(t, err)
	c, done, opened, err := w.desk.Matches(ctx, officer, id, number)
	ok(t, err)
	if done.Found != 1 || len(opened) != 1 || opened[w.id].Response.Answers["why_not"].Text != markedText || done.By != officer.ID || done.On != "2026-03-29" {
		t.Fatalf("DUAA s.78: the search is recorded as %+v, with %d opened", done, len(opened))
	}
	ok(t, w.desk.Decide(ctx, officer, id, c.Entry.Version, number, w.id, privacy.VerdictTheirs, ""))
	x, all, err := w.desk.Copy(ctx, officer, id)
	ok(t, err)
	if x.Request.InHandTier() != privacy.IdentityKnowledge || all.Response.ID != w.id || len(all.Equality) > 0 || !all.EqualityClosed {
		t.Errorf("privacy.md 5.4: without the code the copy has equality answers %v, closed %v", all.Equality, all.EqualityClosed)
	}
	ok(t, w.desk.Identify(ctx, officer, id, version(), "2026-03-29", privacy.IdentityCode, w.code, ""))
	if _, all, err = w.desk.Copy(ctx, officer, id); err != nil || len(all.Equality["sex"].Codes) != 1 || all.EqualityClosed {
		t.Errorf("with the code: %v, %v", all, err)
	}
	if links := w.read(t, id).Request.Links; len(links) != 1 {
		t.Errorf("the same response is linked %d times", len(links))
	}
}

// TestSearchNeeds: each condition of a search, with its clause.
func TestSearchNeeds(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	unknown, unknownVersion := w.entered(t, privacy.AskAccess, privacy.IdentityNone)
	if _, err := w.desk.Search(ctx, officer, unknown, unknownVersion(), byText); !fault.Is(err, fault.Conflict) {
		t.Errorf("privacy.md 5.4: a search for somebody who is not identified: %v", err)
	}
	ended, endedVersion := w.entered(t, privacy.AskAccess, privacy.IdentityKnowledge)
	number, err := w.desk.Search(ctx, officer, ended, endedVersion(), byText)
	ok(t, err)
	ok(t, w.desk.End(ctx, officer, ended, endedVersion(), privacy.Outcome{On: "2026-03-29", Decision: privacy.NotIdentified, Reasons: "Nobody could be told from others."}))
	if _, err := w.desk.Search(ctx, officer, ended, endedVersion(), byText); !fault.Is(err, fault.Conflict) {
		t.Errorf("art. 5(1)(b): a search for a request that has ended: %v", err)
	}
	if _, _, _, err := w.desk.Matches(ctx, officer, ended, number); !fault.Is(err, fault.Conflict) {
		t.Errorf("art. 5(1)(b): what was found is shown after the end: %v", err)
	}
	if err := w.desk.Decide(ctx, officer, ended, endedVersion(), number, w.id, privacy.VerdictTheirs, ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("a match is linked after the end: %v", err)
	}
	id, version := w.entered(t, privacy.AskErase, privacy.IdentityDocument)
	if number, err = w.desk.Search(ctx, officer, id, version(), byText); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why      string
		number   int
		response string
		verdict  privacy.MatchVerdict
		reason   string
		kind     fault.Kind
	}{
		{"a dismissal without a reason cannot be shown (art. 5(2))", number, w.id, privacy.VerdictDismissed, " ", fault.Invalid},
		{"no verdict", number, w.id, "", "", fault.Invalid},
		{"a response that was not found", number, "other", privacy.VerdictTheirs, "", fault.NotFound},
		{"a search that was not made", number + 1, w.id, privacy.VerdictTheirs, "", fault.NotFound},
	} {
		if err := w.desk.Decide(ctx, officer, id, version(), row.number, row.response, row.verdict, row.reason); !fault.Is(err, row.kind) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	if err := w.desk.Decide(ctx, officer, id, version()-1, number, w.id, privacy.VerdictTheirs, ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("two officers at once: %v", err)
	}
	ok(t, w.desk.Decide(ctx, officer, id, version(), number, w.id, privacy.VerdictDismissed, "Another street"))
	if err := w.desk.Decide(ctx, officer, id, version(), number, w.id, privacy.VerdictTheirs, ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("decided twice: %v", err)
	}
	if _, _, opened, err := w.desk.Matches(ctx, officer, id, number); err != nil || len(opened) > 0 {
		t.Errorf("what is of somebody else is shown again: %v, %v", opened, err)
	}
	if r := w.read(t, id).Request; r.Response != "" || len(r.Linked()) > 0 {
		t.Errorf("what was dismissed is linked: %+v", r.Linked())
	}
	if _, _, err := w.desk.Copy(ctx, officer, id); !fault.Is(err, fault.Conflict) {
		t.Errorf("a copy without a response: %v", err)
	}
}

// TestSearchIsNotInTheLog: the log has the sorts of details and no detail; the words lie sealed in the request and go with it.
func TestSearchIsNotInTheLog(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id, version := w.entered(t, privacy.AskAccess, privacy.IdentityKnowledge)
	number, err := w.desk.Search(ctx, officer, id, version(), privacy.SubjectQuery{Words: markedText, ConsultationID: w.c.ID, Channel: "web"})
	ok(t, err)
	ok(t, w.desk.Decide(ctx, officer, id, version(), number, w.id, privacy.VerdictDismissed, "Because "+markedName+" says so"))
	log := w.audit(t)
	if !strings.Contains(log, "channel consultation words") {
		t.Errorf("the log does not say what sorts of details: %s", log)
	}
	for _, word := range []string{markedText, markedName, w.id} {
		if strings.Contains(log, word) {
			t.Errorf("%q is in the log", word)
		}
	}
	if left := w.find(t, markedText, markedName); len(left) > 0 {
		t.Errorf("in the files: %v", left)
	}
}

// TestTwoResponses: steps are about the response in hand, and the officer changes between those of the person.
func TestTwoResponses(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskErase}, w.code, "n")
	ok(t, err)
	id, version := c.Entry.ID, func() int64 { return w.read(t, c.Entry.ID).Entry.Version }
	second := w.another(t, "Zzsecondottermentzz")
	number, err := w.desk.Search(ctx, officer, id, version(), privacy.SubjectQuery{Words: "zzsecondottermentzz"})
	ok(t, err)
	ok(t, w.desk.Decide(ctx, officer, id, version(), number, second, privacy.VerdictTheirs, ""))
	ok(t, w.desk.Restrict(ctx, officer, id, version()))
	ok(t, w.desk.TakeInHand(ctx, officer, id, version(), second))
	r := w.read(t, id).Request
	if r.Response != second || r.Restricted || r.InHandTier() == privacy.IdentityCode || len(r.Linked()) != 2 || !r.Linked()[1].Restricted {
		t.Errorf("the second in hand: %+v", r.Linked())
	}
	restricted := func(id string) (yes bool) {
		ok(t, w.Service.Store.View(ctx, func(r consult.Reader) (err error) { yes, err = r.Restricted(id); return err }))
		return yes
	}
	if !restricted(w.id) || restricted(second) {
		t.Error("art. 18: the wrong response is out of use")
	}
	ok(t, w.desk.Erase(ctx, officer, id, version()))
	ok(t, w.desk.TakeInHand(ctx, officer, id, version(), w.id))
	if !w.read(t, id).Request.Restricted {
		t.Error("the first is out of use still")
	}
	_, all, err := w.desk.Copy(ctx, officer, id)
	ok(t, err)
	if all.Response.ID != w.id || len(all.Equality) == 0 {
		t.Errorf("the first, with its code: %+v", all.Equality)
	}
	if err := w.desk.TakeInHand(ctx, officer, id, version(), "other"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a response of somebody else: %v", err)
	}
	places := w.read(t, id).Request.Searches[number].Subject.Looked
	if !slices.ContainsFunc(places, func(l privacy.Looked) bool { return l.Place == privacy.PlaceTexts && l.Done && l.In == 2 }) {
		t.Errorf("where it looked: %+v", places)
	}
}
