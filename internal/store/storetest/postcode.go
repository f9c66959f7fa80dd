package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// testPostcodes: kept postcodes go by themselves, with those of the history, and free text goes without them (councils.md S0-2).
func testPostcodes(t *testing.T, s Store) {
	c, other := AddConsultation(t, s), AddConsultation(t, s)
	with, bare, apart, held := Response(c.ID), Response(c.ID), Response(other.ID), Response(c.ID)
	with.FreeText, with.Postcodes, with.Flags = []byte("sealed text"), []byte("sealed postcode"), consult.TextFlags{}
	apart.Postcodes, held.Postcodes = []byte("sealed apart"), []byte("held")
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddResponse(with), w.AddResponse(bare), w.AddResponse(apart), w.AddResponse(held), w.Restrict(held.ID, "request"))
	})
	later := *with
	later.Postcodes = []byte("sealed anew")
	ordinary, kept := consult.SealedCorrection{Number: 1, Key: with.ID + ".history.1", Sealed: []byte("before")},
		consult.SealedCorrection{Number: 2, Key: consult.PostcodeKey(with.ID) + ".1", Sealed: []byte("postcode before")}
	Write(t, s, func(w consult.Writer) error { return w.Correct(&later, ordinary, kept) })
	check := func(why string, want *consult.Response, count int, history ...consult.SealedCorrection) {
		t.Helper()
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Response(want.ID)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", why, err, diff)
			}
			entries, err := r.History(want.ConsultationID, want.ID)
			if diff := cmp.Diff(history, entries); err != nil || diff != "" && len(history)+len(entries) > 0 {
				t.Errorf("%s: history %v %s", why, err, diff)
			}
			n, err := r.PostcodeCount(want.ConsultationID)
			ids, err2 := r.ResponsesWithPostcode(want.ConsultationID, 10)
			if err != nil || err2 != nil || n != count || len(ids) != count || count > 0 && !slices.Contains(ids, want.ID) {
				t.Errorf("%s: %d postcodes, %v, %v, %v", why, n, ids, err, err2)
			}
			var sealed []string
			err = r.EverySealed(func(id string) error { sealed = append(sealed, id); return nil })
			for _, h := range history {
				if !slices.Contains(sealed, h.Key) {
					t.Errorf("%s: the history's key %s is not needed", why, h.Key)
				}
			}
			if slices.Contains(sealed, consult.PostcodeKey(want.ID)) != (len(want.Postcodes) > 0) || slices.Contains(sealed, want.ID) != (len(want.FreeText) > 0) {
				t.Errorf("%s: keys that are needed: %v", why, sealed)
			}
			return err
		})
	}
	check("corrected; one whose use is restricted (art. 18) does not count", &later, 1, ordinary, kept)
	check("of another consultation", apart, 1)
	Write(t, s, func(w consult.Writer) error { return w.EraseFreeText(with.ID) })
	later.FreeText = nil
	check("free text goes without postcodes", &later, 1, kept)
	Write(t, s, func(w consult.Writer) error { return w.ErasePostcodes(with.ID) })
	for _, id := range []string{with.ID, bare.ID, "absent"} {
		want(t, TryWrite(s, func(w consult.Writer) error { return w.ErasePostcodes(id) }), fault.NotFound, "postcodes that are not there")
	}
	later.Postcodes = nil
	check("coarsened: the ward stays", &later, 0)
	again := later
	again.FreeText, again.Postcodes = []byte("sealed text"), []byte("sealed postcode")
	Write(t, s, func(w consult.Writer) error { return w.Correct(&again, ordinary, kept) })
	Write(t, s, func(w consult.Writer) error { return w.ErasePostcodes(with.ID) })
	again.Postcodes = nil
	check("postcodes go without free text", &again, 0, ordinary)
	check("of another consultation, after", apart, 1)
}

// testUnparted: responses from before postcodes lay apart are told from others, and are stored whole with their postcodes apart.
func testUnparted(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	old, bare, fresh, held := Response(c.ID), Response(c.ID), Response(c.ID), Response(c.ID)
	old.FreeText, old.Unparted, old.Reviews = []byte("text and postcode"), true, nil
	old.Flags = consult.TextFlags{"ward": {Kinds: []privacy.MarkKind{privacy.MarkCard}, State: consult.FlagWaiting}}
	held.FreeText, held.Unparted = []byte("held"), true
	fresh.FreeText = []byte("text")
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddResponse(old), w.AddResponse(bare), w.AddResponse(fresh), w.AddResponse(held), w.Restrict(held.ID, "request"))
	})
	unparted := func(why string, count int, want ...string) {
		t.Helper()
		Read(t, s, func(r consult.Reader) error {
			n, err := r.UnpartedCount(c.ID)
			page, err2 := r.UnpartedResponses(c.ID, "", 10)
			var ids []string
			for _, x := range page {
				if ids = append(ids, x.ID); !x.Unparted {
					t.Errorf("%s: %s is not unparted", why, x.ID)
				}
			}
			if slices.Sort(want); n != count || !slices.Equal(ids, want) {
				t.Errorf("%s: %d, %v, want %v", why, n, ids, want)
			}
			texts, err3 := r.ResponsesWithText(c.ID, 10, true)
			rest, err4 := r.ResponsesWithText(c.ID, 10, false)
			if len(texts) != len(rest)+count || slices.ContainsFunc(rest, func(id string) bool { return slices.Contains(ids, id) }) || !slices.Contains(rest, fresh.ID) || err3 != nil || err4 != nil {
				t.Errorf("%s: texts %v, those without postcodes %v, %v, %v", why, texts, rest, err3, err4)
			}
			if len(ids) > 1 {
				if page, err := r.UnpartedResponses(c.ID, ids[0], 1); err != nil || len(page) != 1 || page[0].ID != ids[1] {
					t.Errorf("%s: after the first: %v, %v", why, page, err)
				}
			}
			return errors.Join(err, err2)
		})
	}
	before := consult.SealedCorrection{Number: 1, Key: old.ID + ".history", Sealed: []byte("before")}
	Write(t, s, func(w consult.Writer) error { return w.Correct(old, before) })
	unparted("stored before; what is held has to be parted, and does not count", 1, old.ID, held.ID)
	next := *old
	next.FreeText, next.Postcodes, next.Unparted, next.Flags, next.Reviews = []byte("text"), []byte("postcode"), false, consult.TextFlags{}, []byte("decided")
	stray := next // what parting must not touch
	stray.Reference, stray.Answers = "other", nil
	rewritten := []consult.SealedCorrection{{Number: 1, Key: "k1", Sealed: []byte("rest")}, {Number: 2, Key: consult.PostcodeKey(old.ID) + ".1", Sealed: []byte("postcode before")}}
	Write(t, s, func(w consult.Writer) error { return w.PartPostcodes(&stray, rewritten) })
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Response(old.ID)
		if diff := cmp.Diff(&next, got); err != nil || diff != "" {
			t.Errorf("parted: %v %s", err, diff)
		}
		history, err := r.History(c.ID, old.ID)
		if diff := cmp.Diff(rewritten, history); diff != "" {
			t.Errorf("its history: %s", diff)
		}
		return err
	})
	unparted("parted", 0, held.ID)
	next.FreeText, next.Flags, next.Reviews = nil, nil, nil
	Write(t, s, func(w consult.Writer) error { return w.PartPostcodes(&next, nil) })
	Read(t, s, func(r consult.Reader) error {
		got, err := r.Response(old.ID)
		history, err2 := r.History(c.ID, old.ID)
		if diff := cmp.Diff(&next, got); diff != "" || len(history) != 2 {
			t.Errorf("with nothing else: %s, history %d", diff, len(history))
		}
		return errors.Join(err, err2)
	})
	gone := Response(c.ID)
	want(t, TryWrite(s, func(w consult.Writer) error { return w.PartPostcodes(gone, nil) }), fault.NotFound, "a response that is not there")
}

// testNamedKeys: keys go one by one by their names, or with all that is named after them.
func testNamedKeys(t *testing.T, s Store) {
	ctx, store := t.Context(), s.Keys()
	for _, id := range []string{"a", "a.postcode", "a.postcode.1", "a.history.1", "ab", "b", "b.postcode"} {
		if err := store.PutTextKey(ctx, id, []byte("k"), ""); err != nil {
			t.Fatal(err)
		}
	}
	left := func(why string, want ...string) {
		t.Helper()
		var ids []string
		if err := store.EveryKey(ctx, func(id string) error { ids = append(ids, id); return nil }); err != nil || !slices.Equal(ids, want) {
			t.Errorf("%s: %v, %v", why, ids, err)
		}
	}
	if err := errors.Join(store.DestroyNamed(ctx, nil), store.DestroyNamed(ctx, []string{"a", "absent"})); err != nil {
		t.Fatal(err)
	}
	left("a key alone", "a.history.1", "a.postcode", "a.postcode.1", "ab", "b", "b.postcode")
	if err := store.DestroyKeys(ctx, []string{"a.postcode"}); err != nil {
		t.Fatal(err)
	}
	left("postcodes with those of the history", "a.history.1", "ab", "b", "b.postcode")
	if err := store.DestroyKeys(ctx, []string{"b"}); err != nil {
		t.Fatal(err)
	}
	left("a response whole", "a.history.1", "ab")
}

// testTagsBeside: tags of a key that is named after a record are found with those of the record, in one look.
func testTagsBeside(t *testing.T, s Store) {
	ctx, store := t.Context(), s.Keys()
	put := func(id, tags string) {
		t.Helper()
		if err := store.PutTextKey(ctx, id, []byte("k"), tags); err != nil {
			t.Fatal(err)
		}
	}
	put("00both", "AAAA")
	put("00both.postcode", "BBBB")
	put("00only.postcode", "BBBB")
	put("00text", "AAAA")
	put("00textual", "CCCC")
	put("7fboth", "AAAA")
	put("7fboth.postcode", "BBBB")
	put("7fboth.history.1", "")
	seen := func() (out []string, looked int) {
		t.Helper()
		var mu sync.Mutex
		_, looked, err := store.FindTagged(ctx, func(id, tags, more string) bool {
			mu.Lock()
			defer mu.Unlock()
			out = append(out, id+" "+tags+" "+more)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(out)
		return out, looked
	}
	got, looked := seen()
	if want := []string{"00both AAAA BBBB", "00only BBBB ", "00text AAAA ", "00textual CCCC ", "7fboth AAAA BBBB"}; !slices.Equal(got, want) || looked != 5 {
		t.Errorf("%d: %q", looked, got)
	}
	if err := store.DestroyKeys(ctx, []string{"00both.postcode", "00only.postcode"}); err != nil {
		t.Fatal(err)
	}
	got, looked = seen()
	if want := []string{"00both AAAA ", "00text AAAA ", "00textual CCCC ", "7fboth AAAA BBBB"}; !slices.Equal(got, want) || looked != 4 {
		t.Errorf("when the keys are destroyed: %d: %q", looked, got)
	}
}
