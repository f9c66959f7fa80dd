package consult_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/survey"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// worldOn makes a world on an engine as a production server runs it: every acknowledged commit is on the disk.
func worldOn(b *testing.B, engine string) *world {
	b.Helper()
	if engine == "SQLite" {
		return newWorld(b)
	}
	w := &world{now: start, staff: map[consult.Role]*consult.Staff{}}
	urls := store.PostgresURLs{Main: pgtest.DurableDatabase(b)}
	db, err := store.OpenPostgres(b.Context(), urls, store.Options{Clock: w.clock, Migrate: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	w.serve(b, db)
	w.fill(b)
	return w
}

// BenchmarkSubmitResponse measures the whole of SubmitResponse: validation, tokens, and the durable commit. One response in four has free
// text, which is sealed under a key of its own that is made durable first.
func BenchmarkSubmitResponse(b *testing.B) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		for _, callers := range []int{1, 8, 64} {
			for _, text := range []bool{false, true} {
				name := fmt.Sprintf("%s/callers=%d", engine, callers)
				if text {
					name += "/quarter-with-text"
				}
				b.Run(name, func(b *testing.B) { submitMany(b, worldOn(b, engine), callers, text) })
			}
		}
	}
}

func submitMany(b *testing.B, w *world, callers int, text bool) {
	c := w.open(b, "resident-satisfaction")
	_, def, err := w.PublicConsultation(b.Context(), c.Slug)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	drafts := make([]*consult.Draft, b.N)
	for i := range drafts {
		a := invent(r, def)
		delete(a, "one_thing")
		if text && i%4 == 0 {
			a["one_thing"] = survey.Answer{Text: "More benches along the river path, please."}
		}
		drafts[i] = &consult.Draft{Token: seal.RandomToken(), ConsultationID: c.ID, SurveyVersion: c.SurveyVersion, Language: locale.English, Answers: a}
	}
	waits := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				begun := time.Now()
				if _, err := w.SubmitResponse(b.Context(), drafts[i]); err != nil {
					b.Error(err)
					return
				}
				waits[i] = time.Since(begun)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(waits)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "responses/s")
	b.ReportMetric(float64(waits[b.N*99/100].Microseconds())/1000, "p99-ms")
}

// stock stores n responses to the survey by the store's own writer, many to a commit.
func (w *world) stock(b *testing.B, c *consult.Consultation, n int) {
	b.Helper()
	_, def, err := w.PublicConsultation(b.Context(), c.Slug)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for done := 0; done < n; {
		var batch []*consult.Response
		for ; len(batch) < 2000 && done < n; done++ {
			a := invent(r, def)
			for id, answer := range a {
				if q, _ := def.Question(id); q.Kind == survey.LongText || q.Kind == survey.ShortText {
					a[id] = survey.Answer{Codes: []string{consult.CodeWritten}}
				} else {
					a[id] = answer
				}
			}
			batch = append(batch, &consult.Response{
				ID: seal.RandomID(), ConsultationID: c.ID, TokenHash: seal.RandomID(), CodeHash: seal.RandomID(), Reference: "WEM-0000-0000",
				SurveyVersion: c.SurveyVersion, NoticeID: c.NoticeID, NoticeVersion: c.NoticeVersion, Language: locale.English, Channel: consult.Web,
				SubmittedOn: "2026-03-31", Answers: a})
		}
		err := w.Store.Update(b.Context(), func(tx consult.Writer) error {
			for _, response := range batch {
				if err := tx.AddResponse(response); err != nil {
					return err
				}
			}
			return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "benchmark", Object: "consultation:" + c.ID})
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCrossTab measures the officers' cross-tab of a question by ward over 100,000 responses, its audit entry included.
func BenchmarkCrossTab(b *testing.B) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		b.Run(engine+"/responses=100000", func(b *testing.B) {
			w := worldOn(b, engine)
			c := w.open(b, "resident-satisfaction")
			w.stock(b, c, 100_000)
			b.ResetTimer()
			for b.Loop() {
				if _, err := w.CrossTab(b.Context(), w.staff[consult.Researcher], c.ID, "local_area", "ward"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRelease measures a release of twelve tables: the snapshot in one view of the database, and its protection.
func BenchmarkRelease(b *testing.B) {
	specs := []consult.TableSpec{
		{Question: "heating"}, {Question: "tenure"}, {Question: "insulation"}, {Question: "barriers"}, {Question: "heating", By: "ward"},
		{Question: "tenure", By: "ward"}, {Question: "warm_enough", By: "ward"}, {Question: "warm_enough", By: "tenure"},
		{Question: "main_travel", By: "ward"}, {Question: "buses", By: "ward"}, {Question: "council_lead", By: "ward"}, {Question: "heat_pump_interest", By: "tenure"},
	}
	for _, n := range []int{1500, 5000} {
		b.Run(fmt.Sprintf("tables=12/responses=%d", n), func(b *testing.B) {
			w := worldOn(b, "SQLite")
			c := w.open(b, "net-zero")
			w.stock(b, c, n)
			a := w.agree(b)
			b.ResetTimer()
			for b.Loop() {
				w.draftRelease(b, c, a, specs...)
			}
		})
	}
}
