package consult_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

type ctx = context.Context

// breaking is the real store, parts of which fail when told to: a full disk, or the end of the process, at that point.
type breaking struct {
	consult.Store
	eraseProfile, putProfile, destroyKey, update bool
	beforePut                                    func()
}

var errDisk = fault.Wrap(errors.New("disk full"), fault.Unavailable, "error.store.unavailable")

func (b *breaking) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if b.update {
		return errDisk
	}
	return b.Store.Update(ctx, fn)
}

func (b *breaking) Equality() consult.EqualityStore { return breakingEquality{b.Store.Equality(), b} }

func (b *breaking) Keys() consult.KeyStore { return breakingKeys{b.Store.Keys(), b} }

type breakingEquality struct {
	consult.EqualityStore
	b *breaking
}

func (e breakingEquality) EraseProfile(ctx context.Context, token string) error {
	if e.b.eraseProfile {
		return errDisk
	}
	return e.EqualityStore.EraseProfile(ctx, token)
}

func (e breakingEquality) EraseProfileOf(ctx context.Context, token, record string) error {
	if e.b.eraseProfile {
		return errDisk
	}
	return e.EqualityStore.EraseProfileOf(ctx, token, record)
}

func (e breakingEquality) PutProfile(ctx context.Context, p *consult.EqualityProfile) error {
	if e.b.beforePut != nil {
		e.b.beforePut()
	}
	if e.b.putProfile {
		return errDisk
	}
	return e.EqualityStore.PutProfile(ctx, p)
}

func (e breakingEquality) ReplaceProfile(ctx context.Context, p *consult.EqualityProfile, was []byte) error {
	if e.b.beforePut != nil {
		e.b.beforePut()
	}
	if e.b.putProfile {
		return errDisk
	}
	return e.EqualityStore.ReplaceProfile(ctx, p, was)
}

type breakingKeys struct {
	consult.KeyStore
	b *breaking
}

func (k breakingKeys) DestroyKey(ctx context.Context, id string) error {
	if k.b.destroyKey {
		return errDisk
	}
	return k.KeyStore.DestroyKey(ctx, id)
}

func (k breakingKeys) DestroyKeys(ctx context.Context, ids []string) error {
	if k.b.destroyKey {
		return errDisk
	}
	return k.KeyStore.DestroyKeys(ctx, ids)
}

// breakable puts the world on a store that can fail.
func breakable(t *testing.T) (*world, *breaking) {
	w := newWorld(t)
	b := &breaking{Store: w.Store}
	w.Service.Store = b
	return w, b
}

func TestAFullDiskStoresNothingAndSaysSo(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	d := w.begin(t, c, answers())
	b.update = true
	done, err := w.SubmitResponse(t.Context(), d)
	want(t, err, fault.Unavailable, "a full disk")
	if done.Code != "" || done.Reference != "" {
		t.Error("a receipt without a response")
	}
	b.update = false
	if n := w.responses(t, c); n != 0 {
		t.Fatalf("%d responses", n)
	}
	done, err = w.SubmitResponse(t.Context(), d) // the free text's key of the first try is used again
	if err != nil || done.Repeated {
		t.Fatal(done, err)
	}
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil || held.Response.Answers["one_thing"].Text != answers()["one_thing"].Text {
		t.Errorf("its text: %v, %v", held, err)
	}
}

// The event of a withdrawal comes first: whatever fails after it, nobody reads the answers any more, and they are erased in the end.
func TestAnInterruptedWithdrawalStopsReadingAtOnce(t *testing.T) {
	for _, row := range []struct {
		why    string
		breaks func(*breaking, bool)
	}{
		{"the answers cannot be erased", func(b *breaking, on bool) { b.eraseProfile = on }},
		{"their key cannot be destroyed", func(b *breaking, on bool) { b.destroyKey = on }},
		{"neither", func(b *breaking, on bool) { b.eraseProfile, b.destroyKey = on, on }},
	} {
		w, b := breakable(t)
		c := w.open(t, "resident-satisfaction")
		done := w.submit(t, c, answers())
		w.consent(t, c, done.Code, true)
		if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
			t.Fatal(err)
		}
		row.breaks(b, true)
		_, err := w.WithdrawConsent(t.Context(), done.Code)
		want(t, err, fault.Unavailable, row.why)
		held, err := w.HeldByCode(t.Context(), done.Code, "net")
		if err != nil || len(held.Equality) > 0 || held.Consent.State != privacy.ConsentWithdrawn {
			t.Errorf("%s: still read: %v %v %v", row.why, held.Equality, held.Consent, err)
		}
		row.breaks(b, false)
		if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
			t.Errorf("%s: a second try: %v", row.why, err)
		}
		_, keyErr := w.Store.Keys().Key(t.Context(), w.Keys.EqualityToken(done.ResponseID))
		if w.profiles(t, c) != 0 || !fault.Is(keyErr, fault.NotFound) {
			t.Errorf("%s: something is left after the second try", row.why)
		}
	}
}

func TestAWithdrawalWhileAnswersAreSavedWins(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	b.beforePut = func() { // consent was looked at, the answers are not stored yet
		b.beforePut = nil
		if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
			t.Error(err)
		}
	}
	want(t, w.SaveEquality(t.Context(), done.Code, c.ID, sex), fault.Forbidden, "consent that was withdrawn in between")
	if w.profiles(t, c) != 0 {
		t.Error("the answers are left")
	}
}

func TestFailingToStoreEqualityAnswersLeavesNone(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	b.putProfile = true
	want(t, w.SaveEquality(t.Context(), done.Code, c.ID, sex), fault.Unavailable, "a full disk")
	b.putProfile = false
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil || len(held.Equality) > 0 {
		t.Errorf("held %v, %v", held.Equality, err)
	}
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Errorf("a second try: %v", err)
	}
}

func TestAnInterruptedWithdrawalOfAResponseIsFinishedByRepair(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	b.eraseProfile, b.destroyKey = true, true
	want(t, w.WithdrawResponse(t.Context(), done.Code), fault.Unavailable, "a full disk")
	b.eraseProfile, b.destroyKey = false, false
	if w.responses(t, c) != 0 {
		t.Error("the response itself is gone")
	}
	if n, err := w.RepairConsent(t.Context()); n != 1 || err != nil {
		t.Errorf("repaired %d, %v", n, err)
	}
	if w.profiles(t, c) != 0 {
		t.Error("the answers are left")
	}
}

func TestKeysWithoutARecordAreSweptAfterAWhile(t *testing.T) {
	w, b := breakable(t)
	c := w.open(t, "resident-satisfaction")
	kept, gone := w.submit(t, c, answers()), w.submit(t, c, answers())
	w.consent(t, c, kept.Code, true)
	if err := w.SaveEquality(t.Context(), kept.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	b.destroyKey = true
	want(t, w.WithdrawResponse(t.Context(), gone.Code), fault.Unavailable, "a full disk")
	b.destroyKey = false
	sweep := func(want int, why string) {
		t.Helper()
		if n, err := w.SweepKeys(t.Context()); n != want || err != nil {
			t.Errorf("%s: %d destroyed, %v; want %d", why, n, err, want)
		}
	}
	sweep(0, "a key may belong to a response that is being stored")
	w.turn(4 * time.Minute)
	sweep(0, "four minutes later")
	w.turn(2 * time.Minute)
	sweep(1, "six minutes later")
	sweep(0, "again")
	_, err := w.Store.Keys().Key(t.Context(), gone.ResponseID)
	want(t, err, fault.NotFound, "the key of the response that was withdrawn")
	held, err := w.HeldByCode(t.Context(), kept.Code, "net")
	if err != nil || held.Response.Answers["one_thing"].Text == "" || len(held.Equality) != 1 {
		t.Errorf("what stays can still be read: %+v, %v", held, err)
	}
}
