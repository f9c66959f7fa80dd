package consult_test

import (
	"context"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// between is a store that lets something happen right after an equality profile was stored, or after a transaction.
type between struct {
	consult.Store
	stored, updated func()
}

func (b between) Update(ctx context.Context, fn func(consult.Writer) error) error {
	err := b.Store.Update(ctx, fn)
	b.updated()
	return err
}

func (b between) Equality() consult.EqualityStore {
	return betweenProfiles{b.Store.Equality(), b.stored}
}

type betweenProfiles struct {
	consult.EqualityStore
	stored func()
}

func (b betweenProfiles) PutProfile(ctx context.Context, p *consult.EqualityProfile) error {
	err := b.EqualityStore.PutProfile(ctx, p)
	b.stored()
	return err
}

// Security.md T15: answers belong to the consent under which they were given, not to a later one.
func TestAnswersOfAWithdrawnConsentAreNotSavedUnderANewOne(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	whole := w.Store
	w.Store = between{Store: whole, updated: func() {}, stored: func() {
		w.Store = whole
		if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
			t.Error(err)
		}
		w.consent(t, c, done.Code, true)
		if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
			t.Error(err)
		}
		if err := whole.Equality().PutProfile(t.Context(), &consult.EqualityProfile{
			Token: w.Keys.EqualityToken(done.ResponseID), ConsultationID: c.ID, ConsentRecord: "old", Sealed: []byte{1},
		}); err != nil { // the first request's write comes last
			t.Error(err)
		}
	}}
	want(t, w.SaveEquality(t.Context(), done.Code, c.ID, sex), fault.Forbidden, "withdrawn and agreed again in between")
	if w.profiles(t, c) != 0 {
		t.Error("a profile is tied to the old consent record")
	}
}

// UK GDPR art. 7(3), 17: who withdraws and closes the browser at once has withdrawn.
func TestAnEndedRequestDoesNotSkipTheErasure(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	whole := w.Store
	for why, withdraw := range map[string]func(context.Context, string) error{
		"consent":  func(ctx context.Context, code string) error { _, err := w.WithdrawConsent(ctx, code); return err },
		"response": func(ctx context.Context, code string) error { return w.WithdrawResponse(ctx, code) },
	} {
		w.Store = whole
		done := w.submit(t, c, answers())
		w.consent(t, c, done.Code, true)
		if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		w.Store = between{Store: whole, stored: func() {}, updated: cancel}
		if err := withdraw(ctx, done.Code); err != nil || w.profiles(t, c) != 0 {
			t.Errorf("%s: %d profiles, %v", why, w.profiles(t, c), err)
		}
	}
}

// before is a store that lets something be committed right before the next writing transaction begins.
type before struct {
	consult.Store
	update func()
}

func (b *before) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if update := b.update; update != nil {
		b.update = nil
		update()
	}
	return b.Store.Update(ctx, fn)
}

// UK GDPR art. 7(3): who refuses has no answers left, whatever another of their windows did a moment before.
func TestARefusalWithdrawsWhatWasAgreedAtTheSameMoment(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	statement, err := w.ConsentStatement(t.Context(), c, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why   string
		first []bool // decisions before both windows
	}{
		{"the first decision", nil},
		{"refused before", []bool{false}},
		{"agreed and refused before", []bool{true, false}},
	} {
		done := w.submit(t, c, answers())
		for _, given := range row.first {
			w.consent(t, c, done.Code, given)
		}
		whole := w.Store
		w.Store = &before{Store: whole, update: func() {
			w.consent(t, c, done.Code, true)
			if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
				t.Error(err)
			}
		}}
		status, err := w.DecideConsent(t.Context(), done.Code, false, statement.Hash, locale.English)
		w.Store = whole
		if err != nil || status.State != privacy.ConsentWithdrawn {
			t.Errorf("%s: %s, %v, want withdrawn", row.why, status.State, err)
		}
		if n := w.profiles(t, c); n != 0 {
			t.Errorf("%s: %d profiles are left after a refusal", row.why, n)
		}
		if _, err := whole.Keys().Key(t.Context(), w.Keys.EqualityToken(done.ResponseID)); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: the key is left: %v", row.why, err)
		}
	}
}

// An older consent record never permits anything: answers tied to one are erased at start, even if it was never withdrawn.
func TestRepairErasesAnswersOfASupersededRecord(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done, other := w.submit(t, c, answers()), w.submit(t, c, answers())
	old := w.consent(t, c, done.Code, true)
	w.consent(t, c, other.Code, true)
	for _, code := range []string{done.Code, other.Code} {
		if err := w.SaveEquality(t.Context(), code, c.ID, sex); err != nil {
			t.Fatal(err)
		}
	}
	err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
		events, err := tx.ConsentEvents(w.Keys.PrincipalToken(done.ResponseID))
		if err != nil {
			return err
		}
		refused := events[len(events)-1]
		refused.ID, refused.RecordID, refused.State = seal.RandomID(), seal.RandomUUID(), privacy.ConsentRefused
		if _, err := tx.AppendConsent(refused); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.consent", Object: "consultation:" + c.ID})
	})
	if err != nil {
		t.Fatal(err)
	}
	n, err := w.RepairConsent(t.Context())
	if err != nil || n != 1 || w.profiles(t, c) != 1 {
		t.Errorf("record %s: %d erased and %d left, %v: want 1 and 1", old.RecordID, n, w.profiles(t, c), err)
	}
}
