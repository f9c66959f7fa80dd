package consult_test

import (
	"fmt"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// BenchmarkRunRetention disposes of all responses to one consultation in a SQLite file, one in four with free text under a key of its own, and prints how many
// seconds that takes; with -short of a twentieth of them.
func BenchmarkRunRetention(b *testing.B) {
	n := 100_000
	if testing.Short() {
		n = 5_000
	}
	b.Run(fmt.Sprintf("SQLite/responses=%d", n), func(b *testing.B) {
		var seconds float64
		for range b.N {
			b.StopTimer()
			w := newWorld(b)
			c := w.open(b, "resident-satisfaction")
			w.stock(b, c, n)
			w.texted(b, c)
			w.turn(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36}).Sub(w.clock()))
			before := b.Elapsed()
			b.StartTimer()
			done, err := w.RunRetention(b.Context(), robot)
			b.StopTimer()
			seconds += (b.Elapsed() - before).Seconds()
			if err != nil || done.Responses != n || done.Certificates != 1 {
				b.Fatalf("%+v, %v", done, err)
			}
			b.StartTimer()
		}
		b.ReportMetric(seconds/float64(b.N), "s/run")
		b.ReportMetric(float64(n)*float64(b.N)/seconds, "responses/s")
	})
}

// texted stores the keys of one response in four, as responses with free text have them.
func (w *world) texted(b *testing.B, c *consult.Consultation) {
	b.Helper()
	var ids []string
	err := w.db.View(b.Context(), func(r consult.Reader) error {
		return r.Responses(c.ID, func(x *consult.Response) error {
			if len(ids)%4 == 0 {
				ids = append(ids, x.ID)
			} else {
				ids = append(ids, "")
			}
			return nil
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error)
	var work = make(chan string)
	for range 64 {
		go func() {
			for id := range work {
				done <- w.db.Keys().PutKey(b.Context(), id, []byte(seal.RandomID()))
			}
		}()
	}
	go func() {
		for _, id := range ids {
			if id != "" {
				work <- id
			}
		}
		close(work)
	}()
	for range (len(ids) + 3) / 4 {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
}
