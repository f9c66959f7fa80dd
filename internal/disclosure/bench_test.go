package disclosure_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/disclosure/verify"
)

// release12 is a release of twelve tables of about two hundred cells: six 5-point questions by twenty wards in five
// areas and by nineteen ethnic groups in five.
func release12(people int) disclosure.Input {
	rng := rand.New(rand.NewPCG(uint64(people), 12))
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people}}
	for _, d := range []struct {
		name string
		role disclosure.Role
		n    int
		skew float64
	}{{"ward", disclosure.Ordinary, 25, 0.3}, {"eth", disclosure.Special, 20, 1.5}} {
		x := disclosure.Dim{Name: d.name, Role: d.role, Codes: codes(d.name, d.n), Ladder: []disclosure.Rung{{Name: "5 groups", Parent: map[string]string{}}}}
		var weights []float64
		for i, c := range x.Codes {
			x.Ladder[0].Parent[c] = fmt.Sprint("group", i*5/d.n)
			weights = append(weights, 1/(1+d.skew*float64(i)))
		}
		in.Records.Dims = append(in.Records.Dims, draw(rng, x, people, weights...))
	}
	for i := range 6 {
		q := scale(fmt.Sprint("q", i))
		in.Records.Dims = append(in.Records.Dims, draw(rng, q, people, 20, 35, 15, 12, 8, 5, 3))
		for _, by := range []string{"ward", "eth"} {
			in.Tables = append(in.Tables, disclosure.TableSpec{ID: q.Name + by, Question: q.Name, By: []string{by}})
		}
	}
	return in
}

// BenchmarkProtect is a release of twelve tables; hidden/% is the share of figures hidden.
func BenchmarkProtect(b *testing.B) {
	for _, people := range []int{1500, 5000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			in := release12(people)
			var r disclosure.Result
			for b.Loop() {
				var err error
				if r, err = disclosure.Protect(context.Background(), in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.Report.Cells)/float64(len(in.Tables)), "cells/table")
			b.ReportMetric(100*float64(r.Report.Hidden)/float64(r.Report.Cells), "hidden/%")
		})
	}
}

// release1200 is a release of twelve linked tables, of 1,176 cells with twenty wards: six questions by wards and six age bands,
// and by wards and six channels.
func release1200(people, wards int) disclosure.Input {
	rng := rand.New(rand.NewPCG(uint64(people), 1200))
	in := disclosure.Input{Policy: policy(), Records: disclosure.Records{People: people}}
	for _, d := range []struct {
		name string
		n    int
	}{{"ward", wards}, {"age", 6}, {"channel", 6}} {
		x := disclosure.Dim{Name: d.name, Role: disclosure.Ordinary, Codes: codes(d.name, d.n)}
		var weights []float64
		for i := range d.n {
			weights = append(weights, 1/(1+0.1*float64(i)))
		}
		in.Records.Dims = append(in.Records.Dims, draw(rng, x, people, weights...))
	}
	for i := range 6 {
		q := scale(fmt.Sprint("q", i))
		in.Records.Dims = append(in.Records.Dims, draw(rng, q, people, 20, 25, 20, 15, 15, 14, 13))
		for _, by := range []string{"age", "channel"} {
			in.Tables = append(in.Tables, disclosure.TableSpec{ID: q.Name + by, Question: q.Name, By: []string{"ward", by}})
		}
	}
	return in
}

// BenchmarkCurve is the time of protection and audit against the number of cells: twelve linked tables, by more and more wards.
func BenchmarkCurve(b *testing.B) {
	for _, wards := range []int{4, 8, 12, 16, 20} {
		in := release1200(5000, wards)
		b.Run(fmt.Sprint(12*(wards+1)*7*8), func(b *testing.B) { // rows by columns, with totals, before any redesign
			var r disclosure.Result
			for b.Loop() {
				var err error
				if r, err = disclosure.Protect(context.Background(), in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.Report.Cells), "cells")
			b.ReportMetric(100*float64(r.Report.Hidden)/float64(r.Report.Cells), "hidden/%")
			b.ReportMetric(peakMemory(b), "peak-MiB")
		})
	}
}

// peakMemory is the most memory that the process has had resident, in MiB.
func peakMemory(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc here: memory is not measured")
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

// BenchmarkLinked is section 3.8: twelve linked tables of 1,200 cells from 5,000 responses, protected and audited (aim: 30 s
// on two cores), and the verifier on the certificate (aim: 1 s). -short measures tables of 280 cells.
func BenchmarkLinked(b *testing.B) {
	wards := 20
	if testing.Short() {
		wards = 4
	}
	in := release1200(5000, wards)
	r, err := disclosure.Protect(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("protect", func(b *testing.B) {
		for b.Loop() {
			if r, err = disclosure.Protect(context.Background(), in); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(r.Report.Cells)/float64(len(in.Tables)), "cells/table")
		b.ReportMetric(100*float64(r.Report.Hidden)/float64(r.Report.Cells), "hidden/%")
	})
	b.Run("verify", func(b *testing.B) {
		raw, err := json.Marshal(r.Certificate)
		if err != nil {
			b.Fatal(err)
		}
		var c verify.Certificate
		if err := json.Unmarshal(raw, &c); err != nil {
			b.Fatal(err)
		}
		figures, promised := printedFigures(r), rules(in)
		for b.Loop() {
			if problems := verify.Check(figures, promised, c); len(problems) > 0 {
				b.Fatal(problems[0])
			}
		}
		b.ReportMetric(float64(len(raw))/1e6, "MB")
	})
}
