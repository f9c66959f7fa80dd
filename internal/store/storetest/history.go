package storetest

import (
	"errors"
	"slices"
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
	before, other, gone := Response(c.ID), Response(c.ID), Response(c.ID)
	before.FreeText, before.Flags, before.Reviews = []byte("sealed"), consult.TextFlags{"more": {Kinds: []privacy.MarkKind{privacy.MarkCard}, State: consult.FlagWaiting}}, nil
	other.FreeText = []byte("sealed too")
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.AddResponse(before), w.AddResponse(other)) })
	after := *before
	after.Answers, after.FreeText, after.Flags, after.Reviews = survey.Answers{"media": {Codes: []string{"letter"}}}, []byte("sealed anew"), consult.TextFlags{}, []byte("decided")
	later := after
	later.Answers = survey.Answers{}
	stray := after // what a correction must not touch
	stray.Reference, stray.SubmittedOn, stray.Channel, stray.CodeHash = "other", "2020-01-01", consult.Paper, "other"
	Write(t, s, func(w consult.Writer) error { return w.Correct(&stray, 1, []byte("before")) })
	check := func(why string, want *consult.Response, history ...string) {
		t.Helper()
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Response(want.ID)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", why, err, diff)
			}
			sealed, err := r.History(c.ID, want.ID)
			var said []string
			for _, x := range sealed {
				said = append(said, string(x))
			}
			if err != nil || !slices.Equal(said, history) {
				t.Errorf("%s: history %q %v", why, said, err)
			}
			return nil
		})
	}
	check("corrected", &after, "before")
	check("another response", other)
	Write(t, s, func(w consult.Writer) error { return w.Correct(&later, 2, []byte("and before that")) })
	check("corrected again", &later, "before", "and before that")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.Correct(&after, 2, []byte("x")) }), fault.Conflict, "a number of the history that is there")
	check("refused whole", &later, "before", "and before that")
	want(t, TryWrite(s, func(w consult.Writer) error { return w.Correct(gone, 1, []byte("x")) }), fault.NotFound, "a response that is not there")
	having := func() (ids []string) {
		Read(t, s, func(r consult.Reader) error {
			return r.EachHistory(func(id string) error {
				if id == before.ID || id == other.ID {
					ids = append(ids, id)
				}
				return nil
			})
		})
		return ids
	}
	if got := having(); !slices.Equal(got, []string{before.ID}) {
		t.Errorf("responses with a history: %v", got)
	}
	Write(t, s, func(w consult.Writer) error {
		return errors.Join(w.EraseFreeText(before.ID), w.Correct(other, 1, []byte("of the other")))
	})
	later.FreeText, later.Flags, later.Reviews = nil, consult.TextFlags{}, nil
	check("the history goes with the free text", &later)
	check("that of others stays", other, "of the other")
	Write(t, s, func(w consult.Writer) error { return w.EraseResponse(other.ID) })
	if got := having(); len(got) > 0 {
		t.Errorf("histories of what is gone: %v", got)
	}
}
