package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

func testEquality(t *testing.T, s Store) {
	ctx, store := t.Context(), s.Equality()
	p := &consult.EqualityProfile{Token: "t1", ConsultationID: "c1", Sealed: []byte{1, 0, 0xff}, ConsentRecord: "r1"}
	if err := store.PutProfile(ctx, p); err != nil {
		t.Fatal(err)
	}
	p.Sealed = []byte{7, 7}
	if err := store.PutProfile(ctx, p); err != nil {
		t.Fatal(err)
	}
	got, err := store.Profile(ctx, "t1")
	if diff := cmp.Diff(p, got); err != nil || diff != "" {
		t.Errorf("replaced: %v %s", err, diff)
	}
	p.Sealed = []byte{8}
	if err := store.ReplaceProfile(ctx, p, []byte{7, 7}); err != nil {
		t.Fatal(err)
	}
	stale := *p
	stale.Sealed = []byte{9}
	want(t, store.ReplaceProfile(ctx, &stale, []byte{7, 7}), fault.Conflict, "what stands there is not what was read")
	want(t, store.ReplaceProfile(ctx, &stale, nil), fault.Conflict, "something stands there, and nothing did when it was read")
	stale.Token = "t9"
	want(t, store.ReplaceProfile(ctx, &stale, []byte{7, 7}), fault.Conflict, "it is gone since it was read")
	if err := errors.Join(store.ReplaceProfile(ctx, &stale, nil), store.EraseProfileOf(ctx, "t9", "r2")); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Profile(ctx, "t9"); err != nil || !cmp.Equal(&stale, got) {
		t.Errorf("added, and not erased as one of another consent: %v, %v", got, err)
	}
	if err := errors.Join(store.EraseProfileOf(ctx, "t9", "r1"), store.EraseProfileOf(ctx, "t9", "r1")); err != nil {
		t.Error(err)
	}
	_, err = store.Profile(ctx, "t9")
	want(t, err, fault.NotFound, "erased as one of that consent")
	if got, err := store.Profile(ctx, "t1"); err != nil || !cmp.Equal(p, got) {
		t.Errorf("changed: %v, %v", got, err)
	}
	elsewhere := *p
	elsewhere.ConsultationID = "c2"
	want(t, store.PutProfile(ctx, &elsewhere), fault.Conflict, "a token belongs to one consultation")
	want(t, store.ReplaceProfile(ctx, &elsewhere, p.Sealed), fault.Conflict, "a token belongs to one consultation, whatever it is changed to")
	_, err = store.Profile(ctx, "absent")
	want(t, err, fault.NotFound, "an absent profile")
	if err := store.PutProfile(ctx, &consult.EqualityProfile{Token: "t0", ConsultationID: "c1", Sealed: []byte{1}}); err != nil {
		t.Fatal(err)
	}
	var tokens []string
	each := func(p *consult.EqualityProfile) error {
		tokens = append(tokens, p.Token)
		return nil
	}
	if err := store.Profiles(ctx, "c1", each); err != nil || !cmp.Equal(tokens, []string{"t0", "t1"}) {
		t.Errorf("in the order of tokens: got %v, %v", tokens, err)
	}
	tokens = nil
	if err := store.Profiles(ctx, "c2", each); err != nil || len(tokens) > 0 {
		t.Errorf("of another consultation: got %v, %v", tokens, err)
	}
	if err := errors.Join(store.EraseProfile(ctx, "t1"), store.EraseProfile(ctx, "t1")); err != nil {
		t.Errorf("erasing what is not there is no error: %v", err)
	}
	_, err = store.Profile(ctx, "t1")
	want(t, err, fault.NotFound, "an erased profile")
}

func testKeys(t *testing.T, s Store) {
	ctx, store := t.Context(), s.Keys()
	var asked []string
	for i := range 700 { // more than one page
		id := fmt.Sprintf("record-%03d", i)
		asked = append(asked, id, "absent-"+id)
		if i%100 == 0 {
			if err := store.PutKey(ctx, id, []byte(id)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := store.PutKey(ctx, "record-000", []byte("record-000")); err != nil {
		t.Errorf("equal bytes again: %v", err)
	}
	want(t, store.PutKey(ctx, "record-000", []byte("other")), fault.Conflict, "other bytes under the same id")
	got, err := store.Key(ctx, "record-100")
	if string(got) != "record-100" || err != nil {
		t.Errorf("one key: %q, %v", got, err)
	}
	_, err = store.Key(ctx, "absent")
	want(t, err, fault.NotFound, "an absent key")
	keys, err := store.Keys(ctx, asked)
	if len(keys) != 7 || string(keys["record-600"]) != "record-600" || err != nil {
		t.Errorf("many keys: got %d, %v", len(keys), err)
	}
	if none, err := store.Keys(ctx, nil); len(none) != 0 || err != nil {
		t.Errorf("no ids: %v, %v", none, err)
	}
	if err := errors.Join(store.DestroyKey(ctx, "record-100"), store.DestroyKey(ctx, "record-100")); err != nil {
		t.Errorf("destroying what is not there is no error: %v", err)
	}
	_, err = store.Key(ctx, "record-100")
	want(t, err, fault.NotFound, "a destroyed key")
	if err := errors.Join(store.DestroyKeys(ctx, []string{"record-200", "record-300", "absent"}), store.DestroyKeys(ctx, nil)); err != nil {
		t.Errorf("destroying some that are not there is no error: %v", err)
	}
	if keys, err = store.Keys(ctx, asked); len(keys) != 4 || err != nil {
		t.Errorf("after destroying several: %d, %v", len(keys), err)
	}
	named := []string{"record-4", "record-40", "record-400", "record-400.history", "record-400.history.1", "record-400.history.2", "record-400/", "record-400-", "record-4000.history.1"}
	for _, id := range named {
		if err := store.PutKey(ctx, id, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.DestroyKeys(ctx, []string{"record-400"}); err != nil {
		t.Fatal(err)
	}
	keys, err = store.Keys(ctx, named)
	left := slices.Sorted(maps.Keys(keys))
	if want := []string{"record-4", "record-40", "record-400-", "record-400/", "record-4000.history.1"}; !slices.Equal(left, want) || err != nil {
		t.Errorf("what is named after a key goes with it, and nothing else: %q, want %q: %v", left, want, err)
	}
}
