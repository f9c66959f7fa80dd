package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/store/storetest"
)

// engines opens each engine as a production server runs it: every acknowledged commit is on the disk.
var engines = []struct {
	name string
	open func(testing.TB) *store.DB
}{
	{"SQLite", openSQLite},
	{"PostgreSQL", func(t testing.TB) *store.DB { return openURL(t, pgtest.DurableDatabase(t)) }},
}

// BenchmarkSubmit measures what SubmitResponse asks of the store: look for the token, add the response with fifteen answers and an
// audit event, durably.
func BenchmarkSubmit(b *testing.B) {
	for _, engine := range engines {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/callers=%d", engine.name, callers), func(b *testing.B) {
				db := engine.open(b)
				c := storetest.AddConsultation(b, db)
				submitMany(b, db, c.ID, callers)
			})
		}
	}
}

func submitMany(b *testing.B, db *store.DB, consultationID string, callers int) {
	responses := make([]*consult.Response, b.N)
	for i := range responses {
		responses[i] = storetest.Response(consultationID)
	}
	waits := make([]time.Duration, b.N)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				begun := time.Now()
				if err := submit(b, db, responses[i]); err != nil {
					b.Error(err)
					return
				}
				waits[i] = time.Since(begun)
			}
		})
	}
	group.Wait()
	b.StopTimer()
	slices.Sort(waits)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
	b.ReportMetric(float64(waits[b.N*99/100].Microseconds())/1000, "p99-ms")
}

func submit(b *testing.B, db *store.DB, r *consult.Response) error {
	return db.Update(b.Context(), func(w consult.Writer) error {
		if _, err := w.ResponseByToken(r.TokenHash); err == nil {
			return nil
		}
		return errors.Join(w.AddResponse(r), w.AppendAudit(privacy.AuditEvent{
			Actor: privacy.Actor{Kind: "respondent"}, Action: "response.submit", Object: "consultation:" + r.ConsultationID,
		}))
	})
}

// BenchmarkCrossTab100k crosses a question with the wards over 100,000 responses.
func BenchmarkCrossTab100k(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine.name, func(b *testing.B) {
			db := engine.open(b)
			c := storetest.AddConsultation(b, db)
			fill(b, db, c.ID, 100_000)
			for b.Loop() {
				storetest.Read(b, db, func(r consult.Reader) error {
					counts, err := r.Tabulate(c.ID, []string{"sat_area", "ward"})
					if len(counts) != 40 {
						b.Fatalf("%d cells", len(counts))
					}
					return err
				})
			}
		})
	}
}

// fill stores n responses, a thousand to a transaction.
func fill(b *testing.B, db *store.DB, consultationID string, n int) {
	for range n / 1000 {
		storetest.Write(b, db, func(w consult.Writer) error {
			for range 1000 {
				if err := w.AddResponse(storetest.Response(consultationID)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
