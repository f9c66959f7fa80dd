package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// testHistory corrects a response (UK GDPR art. 16): its answers change and nothing else of it, what stood there before is kept in order and goes with the
// response and with its free text.
func testHistory(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	before, other, bare, gone := Response(c.ID), Response(c.ID), Response(c.ID), Response(c.ID)
	sealed := func(number int, key, what string) consult.SealedCorrection {
		return consult.SealedCorrection{Number: number, Key: key, Sealed: []byte(what)}
	}
	before.FreeText, before.Flags, before.Reviews = []byte("sealed"), consult.TextFlags{"more": {Kinds: []privacy.MarkKind{privacy.MarkCard}, State: consult.FlagWaiting}}, nil
	other.FreeText = []byte("sealed too")
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.AddResponse(before), w.AddResponse(other), w.AddResponse(bare))
	})
	after := *before
	after.Answers, after.FreeText, after.Flags, after.Reviews = survey.Answers{"media": {Codes: []string{"letter"}}}, []byte("sealed anew"), consult.TextFlags{}, []byte("decided")
	later := after
	later.Answers = survey.Answers{}
	stray := after // what a correction must not touch
	stray.Reference, stray.SubmittedOn, stray.Channel, stray.CodeHash = "other", "2020-01-01", consult.Paper, "other"
	Write(t, s, func(w consult.Writer) error { return w.Correct(&stray, sealed(1, "k1", "before")) })
	check := func(why string, want *consult.Response, history ...string) {
		t.Helper()
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Response(want.ID)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", why, err, diff)
			}
			entries, err := r.History(c.ID, want.ID)
			var said []string
			for _, x := range entries {
				said = append(said, x.Key+" "+string(x.Sealed))
			}
			if err != nil || !slices.Equal(said, history) {
				t.Errorf("%s: history %q %v", why, said, err)
			}
			return nil
		})
	}
	check("corrected", &after, "k1 before")
	check("another response", other)
	Write(t, s, func(w consult.Writer) error { return w.Correct(&later, sealed(2, "k2", "and before that")) })
	check("corrected again", &later, "k1 before", "k2 and before that")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.Correct(&after, sealed(2, "k3", "x")) }), fault.Conflict, "a number of the history that is there")
	check("refused whole", &later, "k1 before", "k2 and before that")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.Correct(gone, sealed(1, "k4", "x")) }), fault.NotFound, "a response that is not there")
	needed := func(why string, want ...string) {
		t.Helper()
		ids := []string{}
		Read(t, s, func(r consult.Reader) error {
			return r.EverySealed(func(id string) error {
				if id == before.ID || id == other.ID || id == bare.ID || strings.HasPrefix(id, "k") {
					ids = append(ids, id)
				}
				return nil
			})
		})
		if slices.Sort(ids); !slices.Equal(ids, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: keys that are needed: %v, want %v", why, ids, want)
		}
	}
	needed("a response without text needs no key", before.ID, other.ID, "k1", "k2")
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.EraseFreeText(before.ID), w.Correct(other, sealed(1, "k5", "of the other")))
	})
	later.FreeText, later.Flags, later.Reviews = nil, consult.TextFlags{}, nil
	check("the history goes with the free text", &later)
	check("that of others stays", other, "k5 of the other")
	needed("neither text nor history", other.ID, "k5")
	Write(t, s, func(w consult.Writer) error { return w.EraseResponse(other.ID) })
	needed("all is gone")
}
