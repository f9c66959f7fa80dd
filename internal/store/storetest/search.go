package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// testWordTags: the tags of words lie and go with their key.
func testWordTags(t *testing.T, s Store) {
	ctx, store := t.Context(), s.Keys()
	found := func() (out map[string]string, ids []string, looked int) {
		t.Helper()
		var mu sync.Mutex // several goroutines call in
		out = map[string]string{}
		ids, looked, err := store.FindTagged(ctx, func(id, tags, _ string) bool {
			mu.Lock()
			defer mu.Unlock()
			out[id] = tags
			return tags == "AAAA"
		})
		if err != nil {
			t.Fatal(err)
		}
		return out, ids, looked
	}
	if out, ids, looked := found(); len(out) > 0 || len(ids) > 0 || looked > 0 {
		t.Errorf("an empty store: %v %v %d", out, ids, looked)
	}
	err := errors.Join(store.PutKey(ctx, "none", []byte("k")), store.PutTextKey(ctx, "~odd", []byte("k"), "BBBB"), store.PutTextKey(ctx, "ff12", []byte("k"), "AAAA"),
		store.PutTextKey(ctx, "00ab", []byte("k"), "AAAA"), store.PutTextKey(ctx, "7e00", []byte("k"), "AAAABBBB"), store.PutTextKey(ctx, "Zed", []byte("k"), "CCCC"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.PutTextKey(ctx, "ff12", []byte("k"), "ZZZZ"); err != nil {
		t.Errorf("an equal key again: %v", err)
	}
	want(t, store.PutTextKey(ctx, "ff12", []byte("other"), "ZZZZ"), fault.Conflict, "another key under the same id")
	out, ids, looked := found()
	if looked != 5 || out["7e00"] != "AAAABBBB" || out["Zed"] != "CCCC" || out["~odd"] != "BBBB" || !slices.Equal(ids, []string{"00ab", "ff12"}) {
		t.Errorf("found %v of %v, %d", ids, out, looked)
	}
	if none, err := store.Untagged(ctx, "", 10); len(none) > 0 || err != nil {
		t.Errorf("keys without tags: %v, %v", none, err)
	}
	if err := errors.Join(store.ForgetWordTags(ctx, "ff12"), store.ForgetWordTags(ctx, "00ab"), store.ForgetWordTags(ctx, "none"), store.ForgetWordTags(ctx, "absent")); err != nil {
		t.Fatal(err)
	}
	if all, err := store.Untagged(ctx, "", 10); !slices.Equal(all, []string{"00ab", "ff12"}) || err != nil {
		t.Errorf("keys whose tags are to be made anew: %v, %v", all, err)
	}
	if all, err := store.Untagged(ctx, "00ab", 10); !slices.Equal(all, []string{"ff12"}) || err != nil {
		t.Errorf("after the first: %v, %v", all, err)
	}
	if err := store.SetWordTags(ctx, map[string]string{"00ab": "AAAA", "ff12": "", "7e00": "DDDD", "absent": "AAAA"}); err != nil {
		t.Fatal(err)
	}
	out, ids, looked = found()
	if looked != 4 || out["7e00"] != "DDDD" || !slices.Equal(ids, []string{"00ab"}) {
		t.Errorf("after new tags: %v of %v, %d", ids, out, looked)
	}
	if err := store.WidenWordTags(ctx, "ff12", "AAAACCCC"); err != nil {
		t.Fatal(err)
	}
	if all, err := store.Untagged(ctx, "", 10); !slices.Equal(all, []string{"ff12"}) || err != nil {
		t.Errorf("what is being corrected is to be made anew: %v, %v", all, err)
	}
	if out, _, _ = found(); out["ff12"] != "AAAACCCC" {
		t.Errorf("while it is being corrected it is found by the words of both: %v", out)
	}
	if err := errors.Join(store.WidenWordTags(ctx, "absent", "AAAA"), store.SetWordTags(ctx, map[string]string{"ff12": ""})); err != nil {
		t.Fatal(err)
	}
	if all, err := store.Untagged(ctx, "", 10); len(all) > 0 || err != nil {
		t.Errorf("after it was corrected: %v, %v", all, err)
	}
	if err := store.DestroyKeys(ctx, []string{"00ab", "7e00"}); err != nil {
		t.Fatal(err)
	}
	if _, ids, looked = found(); looked != 2 || len(ids) > 0 {
		t.Errorf("after the keys are destroyed %v of %d are found", ids, looked)
	}
}

// testResponsesLike: what a search for a person finds by what is not sealed.
func testResponsesLike(t *testing.T, s Store) {
	c, other := AddConsultation(t, s), AddConsultation(t, s)
	put := func(id, consultation, on string, channel consult.Channel, answers survey.Answers) {
		r := Response(consultation)
		r.ID, r.SubmittedOn, r.Channel, r.Answers, r.Reference = id, on, channel, answers, "WEM-"+id
		Write(t, s, func(w consult.Writer) error { return w.AddResponse(r) })
	}
	code := func(codes ...string) survey.Answer { return survey.Answer{Codes: codes} }
	put("a", c.ID, "2026-03-01", consult.Web, survey.Answers{"ward": code("north"), "uses": code("books", "films")})
	put("b", c.ID, "2026-03-02", consult.Paper, survey.Answers{"ward": code("north_east"), "uses": code("films")})
	put("c", c.ID, "2026-03-03", consult.Web, survey.Answers{"ward": code("50%_off"), "an=odd": code("a,b")})
	put("d", other.ID, "2026-03-01", consult.Web, survey.Answers{"ward": code("north")})
	Write(t, s, func(w consult.Writer) error { return w.Restrict("a", "entry") })
	Read(t, s, func(r consult.Reader) error {
		for _, row := range []struct {
			why  string
			q    privacy.SubjectQuery
			want []string
		}{
			{"all of a consultation, those held back from use too", privacy.SubjectQuery{}, []string{"a", "b", "c"}},
			{"a code, and not one that begins like it", privacy.SubjectQuery{Answers: map[string]string{"ward": "north"}}, []string{"a"}},
			{"one of several codes", privacy.SubjectQuery{Answers: map[string]string{"uses": "films"}}, []string{"a", "b"}},
			{"two answers", privacy.SubjectQuery{Answers: map[string]string{"uses": "films", "ward": "north_east"}}, []string{"b"}},
			{"signs with a meaning for the engine", privacy.SubjectQuery{Answers: map[string]string{"ward": "50%_off"}}, []string{"c"}},
			{"signs with a meaning in coded answers", privacy.SubjectQuery{Answers: map[string]string{"an=odd": "a,b"}}, []string{"c"}},
			{"a sign of the engine is no wildcard", privacy.SubjectQuery{Answers: map[string]string{"ward": "nor%"}}, nil},
			{"days, both ends included", privacy.SubjectQuery{From: "2026-03-02", To: "2026-03-03"}, []string{"b", "c"}},
			{"until a day", privacy.SubjectQuery{To: "2026-03-01"}, []string{"a"}},
			{"a way", privacy.SubjectQuery{Channel: "paper"}, []string{"b"}},
		} {
			row.q.ConsultationID = c.ID
			var got []string
			for after := ""; ; {
				page, err := r.ResponsesLike(row.q, after, 2)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				for _, x := range page {
					got = append(got, x.ID)
				}
				after = got[len(got)-1]
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("%s: %v, want %v", row.why, got, row.want)
			}
		}
		one, err := r.ResponsesByReference("WEM-d")
		if err != nil || len(one) != 1 || one[0].ID != "d" {
			return fmt.Errorf("by reference: %v, %w", one, err)
		}
		if none, err := r.ResponsesByReference("WEM-x"); err != nil || len(none) > 0 {
			return fmt.Errorf("by an unknown reference: %v, %w", none, err)
		}
		if n, err := r.EveryResponseCount(); err != nil || n != 4 {
			return fmt.Errorf("of all consultations: %d, %w", n, err)
		}
		return nil
	})
}
