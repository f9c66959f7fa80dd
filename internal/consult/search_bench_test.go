package consult_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// BenchmarkSubjectSearch looks for a person over 1,000,000 responses to 100 consultations in a SQLite file, each with a sealed free text of forty words under a key
// of its own: by two words of a text, by the reference, and by day, way and two answers in one consultation of 10,000. With -short over 20,000. It prints
// seconds a search.
func BenchmarkSubjectSearch(b *testing.B) {
	n := 1_000_000
	if testing.Short() {
		n = 20_000
	}
	w := newWorld(b)
	sought, consultation := w.library(b, n, 100)
	for _, row := range []struct {
		name string
		q    privacy.SubjectQuery
	}{
		{"words", privacy.SubjectQuery{Words: "Zzimmeranda Quaxley"}},
		{"words-none", privacy.SubjectQuery{Words: "Qqabalonia 01632 960 999"}},
		{"reference", privacy.SubjectQuery{Reference: "wem 7k3f 92qd"}},
		{"answers", privacy.SubjectQuery{ConsultationID: consultation, Channel: "web", From: "2026-03-31", To: "2026-03-31",
			Answers: map[string]string{"ward": "abbots_cross", "local_area": "fairly_dissatisfied"}}},
	} {
		b.Run(fmt.Sprintf("SQLite/responses=%d/%s", n, row.name), func(b *testing.B) {
			begun, worked := time.Now(), processorTime(b)
			for range b.N {
				found, err := w.SearchSubject(b.Context(), w.staff[consult.DPO], row.q, "")
				if err != nil {
					b.Fatal(err)
				}
				switch ids := matched(found); {
				case row.name == "words-none" && len(ids) != 0, row.name == "reference" && !slices.Equal(ids, []string{sought}),
					row.name == "words" && !slices.Equal(ids, []string{sought}), row.name == "answers" && len(ids) == 0:
					b.Fatalf("found %d", len(ids))
				}
			}
			b.ReportMetric(time.Since(begun).Seconds()/float64(b.N), "s/search")
			b.ReportMetric((processorTime(b)-worked).Seconds()/float64(b.N), "cpu-s/search") // of all cores: what a busy machine does not change
		})
	}
}

// processorTime is how long the processors have worked for this process.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func matched(f *privacy.SubjectFound) (ids []string) {
	for _, m := range f.Matches {
		ids = append(ids, m.Response)
	}
	return ids
}

// library stores n responses with texts to several consultations, and one more that is sought.
func (w *world) library(b *testing.B, n, consultations int) (sought, consultation string) {
	b.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	words := make([]string, 8000)
	for i := range words {
		words[i] = fmt.Sprintf("w%cord%d", 'a'+rune(i%26), i*i%7919)
	}
	text := func() string {
		out := make([]string, 40)
		for i := range out {
			out[i] = words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())]
		}
		return strings.Join(out, " ")
	}
	for i := range consultations {
		c := w.open(b, "resident-satisfaction")
		var batch []*consult.Response
		for range n / consultations {
			batch = append(batch, w.sealed(b, c, text(), "", r))
		}
		if i == consultations/2 {
			one := w.sealed(b, c, text()+" Zzimmeranda Quaxley, 01632 960 123", "WEM-7K3F-92QD", r)
			sought, consultation = one.ID, c.ID
			batch = append(batch, one)
		}
		w.keep(b, c, batch)
	}
	return sought, consultation
}

// sealed makes a response as SubmitResponse would, with its key beside it.
func (w *world) sealed(b *testing.B, c *consult.Consultation, text, reference string, r *rand.Rand) *consult.Response {
	b.Helper()
	if reference == "" {
		reference = "WEM-" + strings.ToUpper(seal.RandomID()[:9])
	}
	wards := []string{"abbots_cross", "brookfield", "castle", "dene"}
	out := &consult.Response{
		ID: seal.RandomID(), ConsultationID: c.ID, TokenHash: seal.RandomID() + seal.RandomID(), CodeHash: seal.RandomID() + seal.RandomID(), Reference: reference,
		SurveyVersion: c.SurveyVersion, NoticeID: c.NoticeID, NoticeVersion: c.NoticeVersion, Language: locale.English, Channel: consult.Web,
		SubmittedOn: "2026-03-31", Flags: consult.TextFlags{}, Answers: survey.Answers{
			"local_area": {Codes: []string{[]string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied"}[r.IntN(4)]}},
			"one_thing":  {Codes: []string{consult.CodeWritten}}, "ward": {Codes: []string{wards[r.IntN(4)]}},
		}}
	plain, err := json.Marshal(map[string]string{"one_thing": text})
	if err != nil {
		b.Fatal(err)
	}
	key, wrapped := w.Keys.NewRecordKey(out.ID)
	out.FreeText, out.RecordKey = seal.SealWith(key, plain, seal.Place("response", out.ID, "free_text")), wrapped
	return out
}

// keep stores responses, their keys and the tags of their words: the keys with many callers, which share commits.
func (w *world) keep(b *testing.B, c *consult.Consultation, batch []*consult.Response) {
	b.Helper()
	work, done := make(chan *consult.Response), make(chan error)
	for range 256 {
		go func() {
			for r := range work {
				text, err := seal.OpenWith(keyOf(w, r), r.FreeText, seal.Place("response", r.ID, "free_text"))
				if err == nil {
					err = w.Store.Keys().PutTextKey(b.Context(), r.ID, r.RecordKey, w.Keys.WordTags(r.ID, plainWords(string(text))))
				}
				done <- err
			}
		}()
	}
	go func() {
		for _, r := range batch {
			work <- r
		}
		close(work)
	}()
	for range batch {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	for part := range slices.Chunk(batch, 2000) {
		w.write(b, func(tx consult.Writer) error {
			for _, r := range part {
				if err := tx.AddResponse(r); err != nil {
					return err
				}
			}
			return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "benchmark", Object: "consultation:" + c.ID})
		})
	}
}

func keyOf(w *world, r *consult.Response) seal.RecordKey {
	key, err := w.Keys.Unwrap(r.RecordKey, r.ID)
	if err != nil {
		panic(err)
	}
	return key
}

// plainWords are the words of a text of the benchmark. A test compares a search over them with one over what SubmitResponse stores.
func plainWords(document string) []string {
	var texts map[string]string
	if err := json.Unmarshal([]byte(document), &texts); err != nil {
		panic(err)
	}
	found := map[string]bool{}
	for word := range strings.FieldsSeq(consult.FoldWords(texts["one_thing"])) {
		found[word] = true
	}
	return slices.Sorted(maps.Keys(found))
}
