package dpo_test

import (
	"bytes"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
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
	ok(t, w.Service.Store.Update(ctx, func(tx consult.Writer) error {
		c, err := tx.Consultation(w.c.ID)
		ok(t, err)
		for i := range c.Processing.Purposes {
			c.Processing.Purposes[i].Basis = privacy.Consent
		}
		ok(t, tx.UpdateConsultation(c))
		return tx.AppendAudit(privacy.NewAuditEvent(officer.Actor(), "consultation.update", "consultation:"+c.ID))
	}))
	bare, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x"}, w.code, "n")
	ok(t, err)
	ok(t, w.desk.End(ctx, officer, bare.Entry.ID, bare.Entry.Version, refused))
}
