package main

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// BenchmarkJourney makes whole one-question-a-page journeys over HTTP as a browser without scripts does: start page, every question, check,
// send, equality questions skipped, confirmation. Server and client share the machine; journeys/s includes both.
func BenchmarkJourney(b *testing.B) {
	p := startProgram(b, filepath.Join(b.TempDir(), "data"), "--demo")
	slug := openSurvey(b, p)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	var pages atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		rng := rand.New(rand.NewPCG(rand.Uint64(), 1))
		for pb.Next() {
			t, err := newBrowser(p.URL, transport).takePart(slug, person{equality: "skip", answer: func(_ string, f form) url.Values {
				return anyAnswer(rng, f)
			}})
			if err != nil || t.Reference == "" {
				b.Errorf("reference %q: %v", t.Reference, err)
				return
			}
			pages.Add(int64(t.Pages))
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "journeys/s")
	b.ReportMetric(float64(pages.Load())/float64(b.N), "pages/journey")
}

// anyAnswer fills a question page with something it accepts.
func anyAnswer(rng *rand.Rand, f form) url.Values {
	out := url.Values{}
	for _, name := range f.Names("radio") {
		options := f.Options(name)
		out[name] = []string{options[rng.IntN(len(options))]}
	}
	for _, name := range f.Names("checkbox") {
		out[name] = f.Options(name)[:1]
	}
	return out
}

// openSurvey returns the slug of the demonstration's open survey.
func openSurvey(t testing.TB, p *program) string {
	t.Helper()
	d, err := newBrowser(p.URL, nil).get("/")
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range slugIn.FindAllStringSubmatch(d.Body, -1) {
		page, err := newBrowser(p.URL, nil).get("/c/" + slug[1] + "/respond")
		if err == nil && page.Status == http.StatusOK {
			return slug[1]
		}
	}
	t.Fatal("no consultation of the demonstration is open")
	return ""
}
