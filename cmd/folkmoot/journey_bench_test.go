package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
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

// BenchmarkIdleMemory prints the resident memory of the program in a process of its own, three seconds after it answers and with nobody
// there: at its first start, which makes the demonstration content, and at its second, as a council's service stands all night.
func BenchmarkIdleMemory(b *testing.B) {
	data := filepath.Join(b.TempDir(), "data")
	for _, run := range []string{"first", "second"} {
		k := start(b, data, "--demo")
		time.Sleep(3 * time.Second)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", k.process.Process.Pid))
		if err != nil {
			b.Skip("resident memory is read from /proc: ", err)
		}
		var kib float64
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				_, err = fmt.Sscan(rest, &kib)
			}
		}
		if err != nil || kib == 0 {
			b.Fatalf("no resident memory in the status: %v", err)
		}
		b.ReportMetric(kib/1024, run+"-start-MiB")
		k.kill()
	}
	b.ReportMetric(0, "ns/op") // not a time
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
