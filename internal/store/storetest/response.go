package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

func testResponses(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	full := Response(c.ID)
	full.FreeText = []byte{0, 1, 2, 0xff}
	full.Flags = consult.TextFlags{"media": {Kinds: []privacy.MarkKind{privacy.MarkCard, privacy.MarkEmail}, State: consult.FlagWaiting}}
	full.Ages = privacy.AgeChecks{Checks: []privacy.AgeCheck{{Threshold: 13, On: "2026-03-29"}, {Threshold: 8, Over: true, On: "2026-03-29"}},
		Authorised: &privacy.Authorisation{Relationship: "parent", Method: "beside", On: "2026-03-29"}}
	full.Answers["media"] = survey.Answer{Codes: []string{"web", "letter"}}
	full.Answers["people"] = survey.Answer{Text: "12.5"}
	full.Answers["odd"] = survey.Answer{Codes: []string{"a,b", "c=d"}, Text: "line\none\ttab % \x1e ŵ"}
	bare := Response(c.ID)
	bare.Answers = survey.Answers{}
	bare.Channel, bare.Language, bare.SubmittedOn = consult.Paper, locale.Welsh, "2026-03-30"
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.AddResponse(full), w.AddResponse(bare)) })

	Read(t, s, func(r consult.Reader) error {
		for name, read := range map[string]func() (*consult.Response, error){
			"by id":    func() (*consult.Response, error) { return r.Response(full.ID) },
			"by token": func() (*consult.Response, error) { return r.ResponseByToken(full.TokenHash) },
			"by code":  func() (*consult.Response, error) { return r.ResponseByCode(full.CodeHash) },
		} {
			got, err := read()
			if diff := cmp.Diff(full, got); err != nil || diff != "" {
				t.Errorf("%s: %v %s", name, err, diff)
			}
		}
		if got, err := r.Response(bare.ID); err != nil || !cmp.Equal(bare, got) {
			t.Errorf("a response without answers: %v %s", err, cmp.Diff(bare, got))
		}
		for _, read := range []func(string) (*consult.Response, error){r.Response, r.ResponseByToken, r.ResponseByCode} {
			_, err := read("absent")
			want(t, err, fault.NotFound, "an absent response")
		}
		n, err := r.ResponseCount(c.ID)
		if n != 2 || err != nil {
			t.Errorf("count: got %d, %v", n, err)
		}
		days, err := r.ResponsesByDay(c.ID)
		wantDays := []consult.DayCount{{Day: "2026-03-29", Channel: consult.Web, Count: 1}, {Day: "2026-03-30", Channel: consult.Paper, Count: 1}}
		if diff := cmp.Diff(wantDays, days); err != nil || diff != "" {
			t.Errorf("by day: %v %s", err, diff)
		}
		return nil
	})

	later := *bare
	later.Ages, later.Answers, later.Reference = privacy.AgeChecks{Checks: []privacy.AgeCheck{{Threshold: 16, Over: true, On: "2026-03-30"}}}, nil, "other"
	for _, ages := range []privacy.AgeChecks{later.Ages, {}} {
		later.Ages = ages
		Write(t, s, func(w consult.Writer) error { return w.SetAges(&later) })
		Read(t, s, func(r consult.Reader) error {
			got, err := r.Response(bare.ID)
			want := *bare
			want.Ages = ages
			if diff := cmp.Diff(&want, got); err != nil || diff != "" {
				t.Errorf("what was answered about age, and nothing else: %v %s", err, diff)
			}
			return nil
		})
	}
	absent := *Response(c.ID)
	want(t, TryWrite(s, func(w consult.Writer) error { return w.SetAges(&absent) }), fault.NotFound, "age checks of a response that is not there")

	for name, change := range map[string]func(*consult.Response){
		"the same token": func(r *consult.Response) { r.TokenHash = full.TokenHash },
		"the same code":  func(r *consult.Response) { r.CodeHash = full.CodeHash },
		"the same id":    func(r *consult.Response) { r.ID = full.ID },
	} {
		again := Response(c.ID)
		change(again)
		want(t, TryWrite(s, func(w consult.Writer) error { return w.AddResponse(again) }), fault.Conflict, name)
	}
	bad := Response(c.ID)
	bad.SubmittedOn = "2026-03-29T10:00:00Z"
	if TryWrite(s, func(w consult.Writer) error { return w.AddResponse(bad) }) == nil {
		t.Error("a time of day was stored with a response (security.md T7)")
	}
	if TryWrite(s, func(w consult.Writer) error { return w.AddResponse(Response("absent")) }) == nil {
		t.Error("a response to a consultation that does not exist was stored")
	}

	Write(t, s, func(w consult.Writer) error { return w.EraseResponse(full.ID) })
	want(t, TryWrite(s, func(w consult.Writer) error { return w.EraseResponse(full.ID) }), fault.NotFound, "erased twice")
	testStreaming(t, s, c.ID, bare)
}

// testFlags flags texts, reads them by state and by what has not been looked through, and erases them with their responses.
func testFlags(t *testing.T, s Store) {
	c, other := AddConsultation(t, s), AddConsultation(t, s)
	flags := func(kind privacy.MarkKind, state consult.FlagState) consult.TextFlags {
		return consult.TextFlags{"more": {Kinds: []privacy.MarkKind{kind}, State: state}}
	}
	var flagged []*consult.Response
	plain, elsewhere, before := Response(c.ID), Response(other.ID), Response(c.ID)
	plain.Flags, elsewhere.Flags = consult.TextFlags{}, flags(privacy.MarkCard, consult.FlagWaiting)
	Write(t, s, func(w consult.Writer) error {
		flagged = nil
		for i := range 7 {
			r := Response(c.ID)
			r.Flags = flags(privacy.MarkKinds()[i%6], consult.FlagWaiting)
			flagged = append(flagged, r)
			if err := w.AddResponse(r); err != nil {
				return err
			}
		}
		return errors.Join(w.AddResponse(plain), w.AddResponse(elsewhere), w.AddResponse(before))
	})
	slices.SortFunc(flagged, func(a, b *consult.Response) int { return strings.Compare(a.ID, b.ID) })
	Read(t, s, func(r consult.Reader) error {
		all, skip, err := r.FlaggedPage(c.ID, 0, 100)
		if diff := cmp.Diff(flagged, all); diff != "" || err != nil || skip != 0 {
			t.Errorf("flagged responses in the order of their random ids: %v %d %s", err, skip, diff)
		}
		unscanned, err := r.UnscannedResponses(nil, 10_000)
		unscanned = slices.DeleteFunc(unscanned, func(r *consult.Response) bool { return r.ConsultationID != c.ID })
		if err != nil || len(unscanned) != 1 || unscanned[0].ID != before.ID || unscanned[0].Flags != nil {
			t.Errorf("not looked through: %v %+v", err, unscanned)
		}
		next, err := r.UnscannedResponses(before, 10_000)
		if err != nil || slices.ContainsFunc(next, func(r *consult.Response) bool { return r.ID == before.ID }) {
			t.Errorf("after the one that was not looked through: %v %+v", err, next)
		}
		if got, err := r.Response(plain.ID); err != nil || got.Flags == nil || len(got.Flags) > 0 {
			t.Errorf("looked through without a find: %+v %v", got.Flags, err)
		}
		return nil
	})

	decided := *flagged[0]
	decided.Flags, decided.Reviews = flags(privacy.MarkNHS, consult.FlagRedacted), []byte{1, 0, 2}
	before.Flags = consult.TextFlags{}
	Write(t, s, func(w consult.Writer) error { return errors.Join(w.SetFlags(&decided), w.SetFlags(before)) })
	absent := Response(c.ID)
	absent.Flags = consult.TextFlags{}
	want(t, TryWrite(s, func(w consult.Writer) error { return w.SetFlags(absent) }), fault.NotFound, "flags of an absent response")
	if TryWrite(s, func(w consult.Writer) error { return w.SetFlags(Response(c.ID)) }) == nil {
		t.Error("flags were forgotten: the text would be looked through again and the decision lost")
	}
	Read(t, s, func(r consult.Reader) error {
		if got, err := r.Response(decided.ID); err != nil || !cmp.Equal(&decided, got) {
			t.Errorf("a decision: %v %s", err, cmp.Diff(&decided, got))
		}
		counts, err := r.FlagCounts()
		want := map[consult.FlagState]int{consult.FlagWaiting: 6, consult.FlagRedacted: 1}
		if err != nil || !cmp.Equal(want, counts[c.ID]) || counts[other.ID][consult.FlagWaiting] != 1 {
			t.Errorf("counts: %v %v", counts, err)
		}
		return nil
	})

	Write(t, s, func(w consult.Writer) error {
		for _, r := range flagged {
			if err := w.EraseResponse(r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	Read(t, s, func(r consult.Reader) error {
		left, _, err := r.FlaggedPage(c.ID, 0, 10)
		counts, countErr := r.FlagCounts()
		if len(left) != 0 || len(counts[c.ID]) != 0 || err != nil || countErr != nil {
			t.Errorf("flags of erased responses: %d, %v, %v %v", len(left), counts[c.ID], err, countErr)
		}
		return nil
	})
}

// testFlaggedPages reads every page of every size of flagged texts, of which some responses have several: together they are all of them, each once, and
// responses in which one waits come first.
func testFlaggedPages(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	type text struct{ id, question string }
	var all []*consult.Response
	for i := range 9 {
		r := Response(c.ID)
		r.Flags = consult.TextFlags{}
		for n := range 1 + i%3 { // questions whose names and states hold what the coding of flags uses
			state := consult.FlagCleared
			if i%2 == 0 && n == i%3 {
				state = consult.FlagWaiting
			}
			r.Flags[fmt.Sprintf("waiting_%d", n)] = consult.TextFlag{Kinds: []privacy.MarkKind{privacy.MarkCard, privacy.MarkEmail}, State: state}
		}
		all = append(all, r)
	}
	plain := Response(c.ID)
	plain.Flags = consult.TextFlags{}
	Write(t, s, func(w consult.Writer) error {
		errs := []error{w.AddResponse(plain)}
		for _, r := range all {
			errs = append(errs, w.AddResponse(r))
		}
		return errors.Join(errs...)
	})
	waits := func(r *consult.Response) bool {
		for _, f := range r.Flags {
			if f.State == consult.FlagWaiting {
				return true
			}
		}
		return false
	}
	slices.SortFunc(all, func(a, b *consult.Response) int {
		if waits(a) != waits(b) {
			if waits(a) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	texts := func(responses []*consult.Response) (out []text) {
		for _, r := range responses {
			for n := range len(r.Flags) {
				out = append(out, text{r.ID, fmt.Sprintf("waiting_%d", n)})
			}
		}
		return out
	}
	want := texts(all)
	Read(t, s, func(r consult.Reader) error {
		for _, size := range []int{1, 2, 3, 5, len(want), 100} {
			var got []text
			for offset := 0; offset < len(want)+size; offset += size {
				page, skip, err := r.FlaggedPage(c.ID, offset, size)
				if err != nil {
					return err
				}
				if len(page) > size {
					t.Errorf("%d responses for a page of %d", len(page), size)
				}
				here := texts(page)
				got = append(got, here[skip:min(skip+size, len(here))]...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("pages of %d: %v, want %v", size, got, want)
			}
		}
		return nil
	})
}

// testStreaming reads several pages in the order of ids, and uses the reader while it does.
func testStreaming(t *testing.T, s Store, consultationID string, first *consult.Response) {
	stored := []string{first.ID}
	Write(t, s, func(w consult.Writer) error {
		for range 1200 {
			r := Response(consultationID)
			stored = append(stored, r.ID)
			if err := w.AddResponse(r); err != nil {
				return err
			}
		}
		return nil
	})
	other := AddConsultation(t, s)
	Write(t, s, func(w consult.Writer) error { return w.AddResponse(Response(other.ID)) })
	slices.Sort(stored)
	var got []string
	Read(t, s, func(r consult.Reader) error {
		return r.Responses(consultationID, func(response *consult.Response) error {
			got = append(got, response.ID)
			_, err := r.Consultation(consultationID)
			return err
		})
	})
	if !slices.Equal(stored, got) {
		t.Errorf("streaming: got %d responses, want %d in the order of their ids", len(got), len(stored))
	}
	got = nil
	for after := ""; ; {
		var page []*consult.Response
		Read(t, s, func(r consult.Reader) (err error) {
			page, err = r.ResponsesAfter(consultationID, after, 500)
			return err
		})
		if len(page) == 0 {
			break
		}
		for _, response := range page {
			got = append(got, response.ID)
		}
		after = page[len(page)-1].ID
	}
	if !slices.Equal(stored, got) {
		t.Errorf("by the page: got %d responses, want %d in the order of their ids", len(got), len(stored))
	}
	stop := errors.New("stop")
	err := s.View(t.Context(), func(r consult.Reader) error {
		return r.Responses(consultationID, func(*consult.Response) error { return stop })
	})
	if !errors.Is(err, stop) {
		t.Errorf("the error of fn comes back: got %v", err)
	}
}

func testTabulate(t *testing.T, s Store) {
	c := AddConsultation(t, s)
	Write(t, s, func(w consult.Writer) error {
		for _, answers := range []survey.Answers{
			{"sat": {Codes: []string{"1"}}, "ward": {Codes: []string{"W1"}}, "media": {Codes: []string{"web", "post"}}},
			{"sat": {Codes: []string{"1"}}, "ward": {Codes: []string{"W2"}}, "media": {Codes: []string{"web"}}},
			{"sat": {Codes: []string{"2"}}, "ward": {Codes: []string{"W1"}}, "age": {Text: "12"}},
			{"sat_area": {Codes: []string{"5"}}, "ward": {Codes: []string{"W1"}, Text: "other"}},
			{},
		} {
			r := Response(c.ID)
			r.Answers = answers
			if err := w.AddResponse(r); err != nil {
				return err
			}
		}
		phone := Response(c.ID)
		phone.Channel, phone.Answers = consult.Telephone, survey.Answers{"sat": {Codes: []string{"2"}}}
		return w.AddResponse(phone)
	})
	none := survey.CodeNotAnswered
	for _, test := range []struct {
		dims []string
		want map[string]int
		why  string
	}{
		{[]string{"sat"}, map[string]int{"1": 2, "2": 2, none: 2}, "one dimension; sat_area is another question"},
		{[]string{"sat", "ward"}, map[string]int{"1/W1": 1, "1/W2": 1, "2/W1": 1, "2/" + none: 1, none + "/W1": 1, none + "/" + none: 1}, "two dimensions"},
		{[]string{"media"}, map[string]int{"web": 2, "post": 1, none: 4}, "a multiple choice counts each code"},
		{[]string{"media", "ward"}, map[string]int{"web/W1": 1, "post/W1": 1, "web/W2": 1, none + "/W1": 2, none + "/" + none: 2}, "each code, crossed"},
		{[]string{"ward", "media"}, map[string]int{"W1/web": 1, "W1/post": 1, "W2/web": 1, "W1/" + none: 2, none + "/" + none: 2}, "crossed the other way"},
		{[]string{"channel"}, map[string]int{"web": 5, "phone": 1}, "a column"},
		{[]string{"channel", "sat"}, map[string]int{"web/1": 2, "web/2": 1, "web/" + none: 2, "phone/2": 1}, "a column and a question"},
		{[]string{"language"}, map[string]int{"en": 6}, "a column"},
		{[]string{"age"}, map[string]int{"12": 1, none: 5}, "a number counts as a code"},
		{[]string{"absent"}, map[string]int{none: 6}, "a question nobody answered"},
	} {
		Read(t, s, func(r consult.Reader) error {
			counts, err := r.Tabulate(c.ID, test.dims)
			got := map[string]int{}
			for i, n := range counts {
				key := n.Codes[0]
				for _, code := range n.Codes[1:] {
					key += "/" + code
				}
				got[key] = n.Count
				if i > 0 && slices.Compare(counts[i-1].Codes, n.Codes) >= 0 {
					t.Errorf("%v: not in the order of the codes", test.dims)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%v: %s: %s", test.dims, test.why, diff)
			}
			return err
		})
	}
	Read(t, s, func(r consult.Reader) error {
		counts, err := r.Tabulate("absent", []string{"sat"})
		if len(counts) != 0 || err != nil {
			t.Errorf("a consultation without responses: %v, %v", counts, err)
		}
		_, err = r.Tabulate(c.ID, nil)
		if err == nil {
			t.Error("no dimension is refused")
		}
		return nil
	})
}

// testDuplicateToken is T1 of security.md: fifty people press submit twenty times at once.
func testDuplicateToken(t *testing.T, s Store) {
	const people, presses = 50, 20
	c := AddConsultation(t, s)
	var group sync.WaitGroup
	failures := make(chan error, people*presses)
	for person := range people {
		token := fmt.Sprintf("token-%d", person)
		for range presses {
			group.Go(func() {
				r := Response(c.ID)
				r.TokenHash = token
				err := TryWrite(s, func(w consult.Writer) error {
					if _, err := w.ResponseByToken(token); err == nil {
						return nil
					}
					return w.AddResponse(r)
				})
				if err != nil && !fault.Is(err, fault.Conflict) {
					failures <- err
				}
			})
		}
	}
	group.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	Read(t, s, func(r consult.Reader) error {
		n, err := r.ResponseCount(c.ID)
		if n != people {
			t.Errorf("%d people pressed submit %d times each: got %d responses, want %d", people, presses, n, people)
		}
		return err
	})
}
