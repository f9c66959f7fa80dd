package consult_test

import (
	"context"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
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
