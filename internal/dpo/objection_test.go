package dpo_test

import (
	"bytes"
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// weigh records how an objection was weighed, so that it may be refused, and returns the request.
func (w *world) weigh(t *testing.T, id string) *dpo.Case {
	t.Helper()
	ok(t, w.desk.Balance(t.Context(), officer, id, w.read(t, id).Entry.Version, privacy.Balancing{Ground: privacy.GroundsOverride, Grounds: "The decision stands on it.",
		Interests: "They fear a neighbour.", Why: "The answer names nobody."}))
	return w.read(t, id)
}

// UK GDPR art. 21(1): an objection to what rests on a public task is refused only when it was weighed, and how is sealed with the request.
func TestAnObjectionIsWeighed(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x"}, w.code, "n")
	ok(t, err)
	id := c.Entry.ID
	refuse := func() error {
		return w.desk.End(ctx, officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "As weighed."})
	}
	if err := refuse(); !fault.Is(err, fault.Invalid) || w.read(t, id).Request.Outcome != nil {
		t.Fatalf("refused without weighing: %v", err)
	}
	b := privacy.Balancing{Ground: privacy.GroundsBasis, Why: "x"}
	if err := w.desk.Balance(ctx, officer, id, w.read(t, id).Entry.Version, b); !fault.Is(err, fault.Invalid) {
		t.Errorf("privacy.md 5.2: the libraries rest on a public task: %v", err)
	}
	b = privacy.Balancing{Ground: privacy.GroundsOverride, Grounds: markedText, Interests: markedName, Why: markedContact}
	if err := w.desk.Balance(ctx, uitest.Researcher, id, w.read(t, id).Entry.Version, b); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a researcher: %v", err)
	}
	if err := w.desk.Balance(ctx, officer, id, 0, b); !fault.Is(err, fault.Conflict) {
		t.Errorf("an older version: %v", err)
	}
	ok(t, w.desk.Balance(ctx, officer, id, w.read(t, id).Entry.Version, b))
	if got := w.read(t, id).Request.Balancing; got == nil || got.Interests != markedName || got.On != "2026-03-29" {
		t.Errorf("recorded: %+v", got)
	}
	ok(t, w.Service.Store.View(ctx, func(r consult.Reader) error {
		e, err := r.Entry(id)
		ok(t, err)
		for _, words := range []string{markedText, markedName, markedContact} {
			if bytes.Contains(e.Sealed, []byte(words)) {
				t.Error("it lies open")
			}
		}
		return nil
	}))
	ok(t, refuse())
	if err := w.desk.Balance(ctx, officer, id, w.read(t, id).Entry.Version, b); !fault.Is(err, fault.Conflict) {
		t.Errorf("weighed after it was refused: %v", err)
	}
}

// basis makes every purpose of the consultation rest on another basis from the start: what everybody was told who answered.
func (w *world) basis(t *testing.T, b privacy.Basis) {
	t.Helper()
	ok(t, w.Service.Store.Update(t.Context(), func(tx consult.Writer) error {
		c, err := tx.Consultation(w.c.ID)
		ok(t, err)
		for i := range c.Processing.Purposes {
			c.Processing.Purposes[i].Basis = b
		}
		ok(t, tx.UpdateConsultation(c))
		return tx.AppendAudit(privacy.NewAuditEvent(officer.Actor(), "consultation.update", "consultation:"+c.ID))
	}))
}

// laterNotice changes the basis in a new version of the notice, for whoever answers from then on.
func (w *world) laterNotice(t *testing.T, b privacy.Basis) {
	t.Helper()
	ctx, by := t.Context(), uitest.Researcher
	x, err := w.Service.DraftChange(ctx, by, w.c.ID)
	ok(t, err)
	after := x.After
	after.Purposes = slices.Clone(after.Purposes)
	for i := range after.Purposes {
		after.Purposes[i].Basis = b
	}
	ok(t, w.Service.SaveChange(ctx, by, x.ID, x.Version, after))
	uitest.Screen(t, w.Service, w.c.ID)
	ok(t, w.Service.ProposeChange(ctx, by, x.ID, x.Version+1, consult.ChangeProposal{Note: locale.Text{locale.English: "Another basis.", locale.Welsh: "Sail arall."}}))
	ok(t, w.Service.ConfirmChange(ctx, uitest.Protection, x.ID, x.Version+2))
}

// attach shows with the code of one more response, sent now, that it is the person's too.
func (w *world) attach(t *testing.T, id string) {
	t.Helper()
	d, err := w.Service.Begin(t.Context(), w.c.Slug, locale.English)
	ok(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}}
	done, err := w.Service.SubmitResponse(t.Context(), d)
	ok(t, err)
	ok(t, w.desk.Identify(t.Context(), officer, id, w.read(t, id).Entry.Version, "2026-03-29", privacy.IdentityCode, done.Code, ""))
	if n := len(w.read(t, id).Request.Linked()); n != 2 {
		t.Fatalf("%d responses are known to be theirs, want 2", n)
	}
}

// Nobody knows on which basis it rests while no response is known; where nothing rests on a basis that gives the right, nothing is weighed.
func TestAnObjectionWhereThereIsNoRight(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	post := func() string {
		c, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskObject, Received: "2026-03-28", Channel: privacy.ByPost, Contact: "x"})
		ok(t, err)
		return c.Entry.ID
	}
	refused := privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "Another basis."}
	unknown := post()
	if err := w.desk.End(ctx, officer, unknown, 1, refused); !fault.Is(err, fault.Invalid) {
		t.Errorf("refused although nobody knows what it is about: %v", err)
	}
	ok(t, w.desk.Balance(ctx, officer, unknown, 1, privacy.Balancing{Ground: privacy.GroundsBasis, Why: "It was about a contract."}))
	ok(t, w.desk.Identify(ctx, officer, unknown, 2, "2026-03-29", privacy.IdentityCode, w.code, ""))
	if err := w.desk.End(ctx, officer, unknown, 3, refused); !fault.Is(err, fault.Invalid) {
		t.Errorf("a response under a public task was found since: %v", err)
	}
	w.basis(t, privacy.Consent)
	bare, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x"}, w.code, "n")
	ok(t, err)
	ok(t, w.desk.End(ctx, officer, bare.Entry.ID, bare.Entry.Version, refused))
}

// A response in hand is held and its person identified: neither "nothing held" nor "not identified" ends an objection, which would refuse it unweighed.
func TestAnObjectionDoesNotEndAsNothingHeld(t *testing.T) {
	for _, row := range []struct {
		why       string
		marketing bool
		decision  privacy.Decision
	}{
		{"UK GDPR art. 21(1)", false, privacy.NothingHeld},
		{"UK GDPR art. 11(2)", false, privacy.NotIdentified},
		{"UK GDPR art. 21(3)", true, privacy.NothingHeld},
		{"UK GDPR art. 21(3), 11(2)", true, privacy.NotIdentified},
	} {
		w, ctx := newWorld(t), t.Context()
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x", Marketing: row.marketing}, w.code, "n")
		ok(t, err)
		id := c.Entry.ID
		end := func() error {
			return w.desk.End(ctx, officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: row.decision, Reasons: "No."})
		}
		if err := end(); !fault.Is(err, fault.Invalid) || w.read(t, id).Request.Outcome != nil {
			t.Errorf("%s: ended as %s: %v", row.why, row.decision, err)
		}
		ok(t, w.Service.WithdrawResponse(ctx, w.code))
		if err := end(); err != nil {
			t.Errorf("%s: its person took the response back meanwhile: %v", row.why, err)
		}
	}
}

// UK GDPR art. 21(1): what counts is the basis that holds for the person, by the notice that they were told, and not what the consultation says by now.
func TestAnObjectionIsToWhatHoldsForThePerson(t *testing.T) {
	for _, row := range []struct {
		why            string
		told, now      privacy.Basis
		more           privacy.Basis // of a second response, told later; empty: there is none
		weigh, another bool          // it has to be weighed; another basis is a ground
	}{
		{"told of a public task, and now it is called an obligation: the person was told that they may object", privacy.PublicTask, privacy.LegalObligation, "", true, false},
		{"told of an obligation, and now it is called a public task: that does not hold for them", privacy.LegalObligation, privacy.PublicTask, "", false, true},
		{"two responses, of which one rests on a public task", privacy.PublicTask, privacy.LegalObligation, privacy.LegalObligation, true, false},
	} {
		w, ctx := newWorld(t), t.Context()
		w.basis(t, row.told)
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x"}, w.code, "n")
		ok(t, err)
		id := c.Entry.ID
		w.laterNotice(t, row.now)
		if row.more != "" {
			w.attach(t, id)
		}
		read := func() int64 { return w.read(t, id).Entry.Version }
		refused := privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "Another basis."}
		if err := w.desk.Balance(ctx, officer, id, read(), privacy.Balancing{Ground: privacy.GroundsBasis, Why: "x"}); (err == nil) != row.another {
			t.Errorf("%s: another basis as a ground: %v", row.why, err)
		}
		if row.another { // weighing is no condition either: a request of the same that nobody weighed
			c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "y"}, w.code, "n")
			ok(t, err)
			id = c.Entry.ID
		}
		if err := w.desk.End(ctx, officer, id, read(), refused); fault.Is(err, fault.Invalid) != row.weigh {
			t.Errorf("%s: refused unweighed: %v", row.why, err)
		}
	}
}
