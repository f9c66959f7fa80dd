package consult_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// tagless is a store whose tags cannot be made anew for a moment, as at the end of a process.
type tagless struct{ consult.Store }

func (s tagless) Keys() consult.KeyStore { return taglessKeys{s.Store.Keys()} }

type taglessKeys struct{ consult.KeyStore }

func (taglessKeys) SetWordTags(context.Context, map[string]string) error { return errDisk }

// A parting that ends before the tags are made anew leaves them to be made: the text is no more found by the postcode, and both by their own words.
func TestTagsAreMadeAnewAfterAParting(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	id := w.before(t, c, "Fewer benches", "WM1 1AH")
	w.Service.Store = tagless{w.db}
	if _, err := w.PartPostcodes(t.Context()); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	w.Service.Store = w.db
	if r := w.stored(t, id); r.Unparted {
		t.Fatal("it is not parted: the test proves nothing")
	}
	if f := w.search(t, privacy.SubjectQuery{Words: "fewer WM1 1AH"}); !slices.Equal(matched(f), []string{id}) {
		t.Errorf("between, it is found by what it was found by: %v", matched(f))
	}
	if _, err := w.TagTexts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.Keys.FindWords([]string{"postcode wm11ah"}).In(id, w.tags(t, id), "") {
		t.Error("the tags of the free text still have the postcode")
	}
	if f := w.search(t, privacy.SubjectQuery{Words: "fewer WM1 1AH"}); !slices.Equal(matched(f), []string{id}) {
		t.Errorf("after it: %v", matched(f))
	}
}

// A key that an attempt left has the tags of the postcode of then: the next attempt makes them anew.
func TestAKeyLeftByAnAttemptIsTaggedAnew(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	id := w.before(t, c, "", "WM1 1AH")
	_, wrapped := w.Keys.NewRecordKey(consult.PostcodeKey(id))
	if err := w.db.Keys().PutTextKey(t.Context(), consult.PostcodeKey(id), wrapped, w.Keys.WordTags(id, []string{"1aa", "postcode wm11aa", "wm1"})); err != nil {
		t.Fatal(err)
	}
	w.Service.Store = tagless{w.db}
	if _, err := w.PartPostcodes(t.Context()); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	w.Service.Store = w.db
	for _, when := range []string{"before its tags are made anew", "after"} {
		if f := w.search(t, privacy.SubjectQuery{Words: "WM1 1AH"}); !slices.Equal(matched(f), []string{id}) {
			t.Errorf("%s: found: %v", when, matched(f))
		}
		if _, err := w.TagTexts(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if f := w.search(t, privacy.SubjectQuery{Words: "WM1 1AA"}); len(matched(f)) > 0 {
		t.Error("it is found by the postcode of the attempt")
	}
}

// meanwhile does something in the moment before a transaction.
type meanwhile struct {
	consult.Store
	do func()
}

func (s *meanwhile) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return s.Store.Update(ctx, fn)
}

// A decision about a text that was opened before the postcode was parted brings no flag of the postcode back.
func TestADecisionAcrossTheParting(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	id := w.before(t, c, "Ring 07700 900123", "WM1 1AA")
	r := w.stored(t, id)
	r.Flags["one_thing"] = consult.TextFlag{Kinds: []privacy.MarkKind{privacy.MarkTelephone}, State: consult.FlagWaiting}
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.SetFlags(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.flags", "response:all")))
	})
	w.Service.Store = &meanwhile{w.db, func() {
		if n, err := w.PartPostcodes(t.Context()); n != 1 || err != nil {
			t.Fatalf("parted %d, %v", n, err)
		}
	}}
	if err := w.RedactText(t.Context(), w.staff[consult.DPO], id, "one_thing", "Ring me", "A number"); err != nil {
		t.Fatal(err)
	}
	w.Service.Store = w.db
	if flags := w.stored(t, id).Flags; len(flags) != 1 || flags["one_thing"].State != consult.FlagRedacted {
		t.Errorf("%+v", flags)
	}
}

// What lies in the field of a postcode is not looked through for personal details: nobody else sees it.
func TestAPostcodeInATextIsNotLookedThrough(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	id := w.before(t, c, "Ring 07700 900123", "07700 900123")
	r := w.stored(t, id)
	r.Flags = nil
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.EraseResponse(id), tx.AddResponse(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.flags", "response:all")))
	})
	if n, err := w.ScanTexts(t.Context()); n != 1 || err != nil {
		t.Fatalf("looked through %d, %v", n, err)
	}
	if flags := w.stored(t, id).Flags; len(flags) != 1 || flags["one_thing"].State != consult.FlagWaiting {
		t.Errorf("%+v", flags)
	}
}
