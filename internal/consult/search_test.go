package consult_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// looked returns what a search did in a place.
func looked(t *testing.T, f *privacy.SubjectFound, p privacy.Place) privacy.Looked {
	t.Helper()
	i := slices.IndexFunc(f.Looked, func(l privacy.Looked) bool { return l.Place == p })
	if i < 0 {
		t.Fatalf("the search says nothing of %s", p)
	}
	return f.Looked[i]
}

func (w *world) search(t *testing.T, q privacy.SubjectQuery) *privacy.SubjectFound {
	t.Helper()
	f, err := w.SearchSubject(t.Context(), w.staff[consult.DPO], q, "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tags returns the tags of the words of a response, as they are stored.
func (w *world) tags(t *testing.T, id string) (tags string) {
	t.Helper()
	var mu sync.Mutex
	_, _, err := w.Store.Keys().FindTagged(t.Context(), func(record, has, _ string) bool {
		if record == id {
			mu.Lock()
			defer mu.Unlock()
			tags = has
		}
		return false
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

// TestSearchSubject: art. 15(1) reaches what is held wherever it lies; art. 15(1A) and DUAA s.78 want a reasonable and proportionate search that can be shown.
func TestSearchSubject(t *testing.T) {
	w := newWorld(t)
	first, second := w.open(t, "resident-satisfaction"), w.open(t, "resident-satisfaction")
	mine := w.submit(t, first, wrote("Ask Siân Okafor-Price, 4 Mill Lane, WD6 1AB, on 07700 900123 or sian@resident.example"))
	later := w.submit(t, second, wrote("SIAN OKAFOR again"))
	other := w.submit(t, second, wrote("Nothing about anybody"))
	answered := answers()
	delete(answered, "one_thing")
	answered["local_area"] = survey.Answer{Codes: []string{"very_dissatisfied"}}
	silent := w.submit(t, second, answered)
	for _, row := range []struct {
		why  string
		q    privacy.SubjectQuery
		want []string
	}{
		{"words across every consultation, whatever the accents and case", privacy.SubjectQuery{Words: "sian okafor"}, []string{mine.ResponseID, later.ResponseID}},
		{"all words have to be there", privacy.SubjectQuery{Words: "okafor mill"}, []string{mine.ResponseID}},
		{"a telephone number, however it is grouped", privacy.SubjectQuery{Words: "07700-900 123"}, []string{mine.ResponseID}},
		{"and with the prefix of the country", privacy.SubjectQuery{Words: "+44 7700 900123"}, []string{mine.ResponseID}},
		{"a postcode without its blank", privacy.SubjectQuery{Words: "wd61ab"}, []string{mine.ResponseID}},
		{"an e-mail address", privacy.SubjectQuery{Words: "sian@resident.example"}, []string{mine.ResponseID}},
		{"part of a word is no word", privacy.SubjectQuery{Words: "okafo"}, nil},
		{"words in one consultation", privacy.SubjectQuery{Words: "okafor", ConsultationID: second.ID}, []string{later.ResponseID}},
		{"the reference of a receipt, as people type it", privacy.SubjectQuery{Reference: strings.ToLower(strings.ReplaceAll(mine.Reference, "-", " "))}, []string{mine.ResponseID}},
		{"a reference and a word that is not in it", privacy.SubjectQuery{Reference: mine.Reference, Words: "library"}, nil},
		{"what they remember having answered", privacy.SubjectQuery{ConsultationID: second.ID, Answers: map[string]string{"local_area": "very_dissatisfied", "ward": "abbots_cross"}}, []string{silent.ResponseID}},
		{"a day on which nobody answered", privacy.SubjectQuery{ConsultationID: second.ID, From: "2001-01-01", To: "2001-01-02"}, nil},
		{"a way by which nobody answered", privacy.SubjectQuery{ConsultationID: second.ID, Channel: "paper"}, nil},
		{"answers and words", privacy.SubjectQuery{ConsultationID: second.ID, Words: "nothing", Channel: "web"}, []string{other.ResponseID}},
	} {
		f := w.search(t, row.q)
		got, want := matched(f), slices.Sorted(slices.Values(row.want))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v", row.why, got, want)
		}
		if !f.Complete() {
			t.Errorf("%s: the search says it is not complete: %+v", row.why, f)
		}
		if l := looked(t, f, privacy.PlaceTexts); l.Done != (row.q.Words != "") || l.Done && (l.In != 3 || l.Found != len(want)) { // three have texts
			t.Errorf("%s: of texts it says %+v", row.why, l)
		}
		if l := looked(t, f, privacy.PlaceEquality); l.Done || l.In > 0 {
			t.Errorf("%s: privacy.md 5.4: equality answers were searched: %+v", row.why, l)
		}
	}
	if l := looked(t, w.search(t, privacy.SubjectQuery{Words: "okafor"}), privacy.PlaceResponses); l.Done {
		t.Errorf("words are not looked for among coded answers: %+v", l)
	}
}

// TestSearchPlaces: accounts, contacts and earlier requests are searched too (privacy.md 5.1), and the consent ledger by principal.
func TestSearchPlaces(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, wrote("Ask Okafor"))
	w.consent(t, c, done.Code, false)
	w.join(t, consult.Researcher, "okafor@example.org")
	f := w.search(t, privacy.SubjectQuery{Words: "okafor"})
	if l := looked(t, f, privacy.PlaceStaff); l.Found != 1 || l.In < 5 || len(f.Staff) != 1 {
		t.Errorf("accounts: %+v, %v", l, f.Staff)
	}
	if l := looked(t, f, privacy.PlaceConsent); l.Found == 0 {
		t.Errorf("the ledger: %+v", l)
	}
	entry := &privacy.Entry{ID: "0123456789abcdef0123456789abcdef", Register: privacy.RegisterRequests, OpenedAt: w.clock()}
	var err error
	if entry.Sealed, err = w.SealRecord(t.Context(), entry.ID, []byte(`{"name":"Ada Okafor","kind":"access"}`), consult.EntryPlace(entry.ID)); err != nil {
		t.Fatal(err)
	}
	w.write(t, func(tx consult.Writer) error {
		if err := tx.AddEntry(entry); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(robot, "test.entry", "request:"+entry.ID))
	})
	if f = w.search(t, privacy.SubjectQuery{Words: "ada okafor"}); len(f.Entries) != 1 || f.Entries[0].ID != entry.ID {
		t.Errorf("an earlier request: %+v", f.Entries)
	}
	f, err = w.SearchSubject(t.Context(), w.staff[consult.DPO], privacy.SubjectQuery{Words: "ada okafor"}, entry.ID)
	if err != nil || len(f.Entries) > 0 {
		t.Errorf("the request itself is found: %+v, %v", f.Entries, err)
	}
}

// TestSearchRefuses what would find everybody, or nobody.
func TestSearchRefuses(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct {
		why, key string
		q        privacy.SubjectQuery
	}{
		{"nothing to look for", "error.search.nothing", privacy.SubjectQuery{}},
		{"a consultation alone is everybody", "error.search.nothing", privacy.SubjectQuery{ConsultationID: "c"}},
		{"days of no consultation", "error.search.consultation", privacy.SubjectQuery{From: "2026-01-01"}},
		{"days that end before they begin", "error.search.days", privacy.SubjectQuery{ConsultationID: "c", From: "2026-01-02", To: "2026-01-01"}},
		{"no word of two letters", "error.search.words", privacy.SubjectQuery{Words: "a !"}},
		{"more words than anybody needs", "error.request.long", privacy.SubjectQuery{Words: strings.Repeat("x", 201)}},
	} {
		_, err := w.SearchSubject(t.Context(), w.staff[consult.DPO], row.q, "")
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), row.key) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}

// TestSearchErased is the promise of architecture.md 5 for the tags by which words are found: no byte of them is left when the response is erased, when it is
// withdrawn, and when its text is disposed of.
func TestSearchErased(t *testing.T) {
	for _, row := range []struct {
		why   string
		erase func(*world, *consult.Consultation, consult.Submitted) error
	}{
		{"withdrawn by its person", func(w *world, _ *consult.Consultation, d consult.Submitted) error {
			return w.WithdrawResponse(t.Context(), d.Code)
		}},
		{"erased by an officer (art. 17)", func(w *world, _ *consult.Consultation, d consult.Submitted) error {
			return w.EraseFor(t.Context(), w.staff[consult.DPO], d.ResponseID, consult.Telephone, func(consult.Writer) error { return nil })
		}},
		{"disposed of when its time is over (art. 5(1)(e))", func(w *world, c *consult.Consultation, _ consult.Submitted) error {
			period, err := privacy.ParsePeriod(c.Processing.Retention)
			if err != nil {
				return err
			}
			w.turnTo(privacy.AddPeriod(c.ClosesAt, period))
			_, err = w.DisposeResponses(t.Context())
			return err
		}},
	} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		gone := w.submit(t, c, wrote("Ask Okafor of 4 Mill Lane about benches, paths, lamps, seats, trees, bins, signs, roads, drains, fences and gates"))
		tags := w.tags(t, gone.ResponseID)
		if len(tags) < 64 || !w.inFiles(t, tags) || len(matched(w.search(t, privacy.SubjectQuery{Words: "okafor"}))) != 1 {
			t.Fatalf("%s: its tags are not in the files before: the test would prove nothing", row.why)
		}
		w.behindKeys(t, `update record_key set rules = 1`) // an earlier version made them
		if n, err := w.TagTexts(t.Context()); n != 1 || err != nil {
			t.Fatalf("%s: made anew: %d, %v", row.why, n, err)
		}
		anew := w.tags(t, gone.ResponseID)
		if anew == tags || !w.inFiles(t, anew) {
			t.Fatalf("%s: its tags were not made anew", row.why)
		}
		if err := row.erase(w, c, gone); err != nil {
			t.Fatal(err)
		}
		for which, tags := range map[string]string{"first": tags, "new": anew} {
			if w.inFiles(t, tags) || w.inFiles(t, tags[:32]) || w.inFiles(t, tags[len(tags)-32:]) {
				t.Errorf("%s: its %s tags are left in the files", row.why, which)
			}
		}
		if f := w.search(t, privacy.SubjectQuery{Words: "okafor"}); len(f.Matches) > 0 {
			t.Errorf("%s: it is still found", row.why)
		}
	}
}

// TestSearchTellsWhatItCouldNot: responses that were stored before there were tags are found when they have been made, and until then the search says that it
// is not complete.
func TestSearchTellsWhatItCouldNot(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, wrote("Ask Okafor"))
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil { // a key without text
		t.Fatal(err)
	}
	before := w.tags(t, done.ResponseID)
	w.behindKeys(t, `update record_key set words = null`)
	f := w.search(t, privacy.SubjectQuery{Words: "okafor"})
	if l := looked(t, f, privacy.PlaceTexts); f.Complete() || l.Left != 2 || len(f.Matches) > 0 {
		t.Errorf("before the tags are made: %+v", f)
	}
	if n, err := w.TagTexts(t.Context()); n != 1 || err != nil {
		t.Fatalf("tagged %d, %v", n, err)
	}
	if f = w.search(t, privacy.SubjectQuery{Words: "okafor"}); !f.Complete() || len(f.Matches) != 1 {
		t.Errorf("after: %+v", f)
	}
	if after := w.tags(t, done.ResponseID); len(after) != len(before) {
		t.Errorf("%d characters of tags, %d before", len(after), len(before))
	}
	if n, err := w.TagTexts(t.Context()); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}

// TestOlderTags: texts whose tags an earlier version made are found by what it found, and by the rest when housekeeping has made the tags anew, from where it
// was interrupted; until then the search says that it is not complete.
func TestOlderTags(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	var ids []string
	older := map[string]string{}
	for _, text := range []string{"Okafor, 07700 900123, 01442 228000", "Okafor, 12 07700 900123"} {
		id := w.submit(t, c, wrote(text)).ResponseID
		ids, older[id] = append(ids, id), w.Keys.WordTags(id, []string{"okafor", "07700", "900123"})
	}
	if err := w.Store.Keys().SetWordTags(t.Context(), older); err != nil {
		t.Fatal(err)
	}
	w.behindKeys(t, `update record_key set rules = 1`)
	for _, row := range []struct {
		why     string
		step    func() (int, error)
		left    int
		numbers int // found by their number
	}{
		{"before", func() (int, error) { return 0, nil }, 2, 0},
		{"interrupted after the first", func() (int, error) {
			return 0, w.Store.Keys().SetWordTags(t.Context(), map[string]string{ids[0]: w.Keys.WordTags(ids[0], []string{"okafor", "number 07700900123"})})
		}, 1, 1},
		{"taken up", func() (int, error) {
			n, err := w.TagTexts(t.Context())
			return n - 1, err
		}, 0, 2},
		{"once", func() (int, error) { return w.TagTexts(t.Context()) }, 0, 2},
	} {
		if n, err := row.step(); n != 0 || err != nil {
			t.Fatalf("%s: %d, %v", row.why, n, err)
		}
		f := w.search(t, privacy.SubjectQuery{Words: "okafor"})
		if l := looked(t, f, privacy.PlaceTexts); l.Left != row.left || f.Complete() != (row.left == 0) || len(f.Matches) != 2 {
			t.Errorf("%s: by a word %+v, found %d", row.why, l, len(f.Matches))
		}
		if n := len(w.search(t, privacy.SubjectQuery{Words: "07700 900123"}).Matches); n != row.numbers {
			t.Errorf("%s: %d found by their number, want %d", row.why, n, row.numbers)
		}
	}
}

// TestSearchAfterRetry: a draft that is sent again with other words changes neither the response nor what it is found by; one whose first sending ended in a
// crash is found by what it was stored with.
func TestSearchAfterRetry(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	d := w.begin(t, c, wrote("Ask Okafor"))
	first, err := w.SubmitResponse(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	d.Answers = wrote("Ask Peverell")
	if again, err := w.SubmitResponse(t.Context(), d); err != nil || !again.Repeated {
		t.Fatal(again, err)
	}
	if n := len(matched(w.search(t, privacy.SubjectQuery{Words: "okafor"}))); n != 1 {
		t.Errorf("the first words find %d", n)
	}
	if n := len(matched(w.search(t, privacy.SubjectQuery{Words: "peverell"}))); n != 0 {
		t.Errorf("words that were never stored find %d", n)
	}
	// The crash: the key is there, the response is not.
	w.write(t, func(tx consult.Writer) error {
		if err := tx.EraseResponse(first.ResponseID); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(robot, "test.crash", "response:x"))
	})
	if _, err := w.SubmitResponse(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, err := w.TagTexts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(matched(w.search(t, privacy.SubjectQuery{Words: "peverell"}))); n != 1 {
		t.Errorf("the words that were stored find %d", n)
	}
}

// TestSubjectMatches: what was found is shown without equality answers, and that it was seen is in the log before.
func TestSubjectMatches(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, wrote("Ask Okafor"))
	at := w.end(t, "audit")
	got, err := w.SubjectMatches(t.Context(), w.staff[consult.DPO], "r", []string{done.ResponseID, "gone"})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	m := got[done.ResponseID]
	if m.Response.Answers["one_thing"].Text != "Ask Okafor" || m.Consultation.ID != c.ID || m.Definition.Title.In(locale.English) == "" {
		t.Errorf("%+v", m)
	}
	if e := w.entriesAfter(t, at); len(e) != 1 || e[0].Action != "request.compare" || e[0].Object != "request:r" {
		t.Errorf("the log says %+v", e)
	}
}
