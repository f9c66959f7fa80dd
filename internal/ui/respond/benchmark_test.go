package respond_test

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"folkmoot/internal/ui/uitest"
)

// BenchmarkQuestionPage renders a question page through the whole application: session, consultation and draft are read from
// SQLite for every page. It reports processor time, because the budget is in it (issue: under 1 ms of CPU).
func BenchmarkQuestionPage(b *testing.B) {
	w := world(b)
	browser := w.Browser(b)
	browser.Get("/c/library/respond")
	if browser.Page.Status != http.StatusOK {
		b.Fatal(browser.Page.Status)
	}
	for _, encoding := range []string{"identity", "br"} {
		b.Run(encoding, func(b *testing.B) { pages(b, w, browser.Cookies(), encoding) })
	}
}

func pages(b *testing.B, w *uitest.World, cookies, encoding string) {
	handler := w.Kit.App().Handler()
	var size int
	before := cpu()
	b.ResetTimer()
	for range b.N {
		var c fasthttp.RequestCtx
		c.Request.SetRequestURI("/c/library/respond/satisfied")
		c.Request.Header.Set("Cookie", cookies)
		c.Request.Header.Set("Accept-Encoding", encoding)
		handler(&c)
		if c.Response.StatusCode() != http.StatusOK {
			b.Fatal(c.Response.StatusCode())
		}
		size = len(c.Response.Body())
	}
	b.StopTimer()
	b.ReportMetric(float64(cpu()-before)/float64(b.N)/float64(time.Microsecond), "cpu-µs/page")
	b.ReportMetric(float64(size), "bytes/page")
}

// cpu is the processor time that the program has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkJourney answers the whole survey, one question a page, as browsers without scripts do, 32 at a time: every page is
// got and every form is sent.
func BenchmarkJourney(b *testing.B) {
	w := world(b)
	handler := w.Kit.App().Handler()
	before := cpu()
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := lean(handler); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(cpu()-before)/float64(b.N)/float64(time.Millisecond), "cpu-ms/journey")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "journeys/s")
}

// lean is a browser that does no more than a journey needs.
func lean(handler fasthttp.RequestHandler) error {
	cookie, token := "", ""
	do := func(method, path, body string) (next string, err error) {
		var c fasthttp.RequestCtx
		c.Request.Header.SetMethod(method)
		c.Request.SetRequestURI(path)
		c.Request.Header.Set("Cookie", cookie)
		if method == http.MethodPost {
			c.Request.Header.SetContentType("application/x-www-form-urlencoded")
			c.Request.SetBodyString("_csrf=" + token + "&" + body)
		}
		handler(&c)
		if set := string(c.Response.Header.Peek("Set-Cookie")); set != "" {
			cookie, _, _ = strings.Cut(set, ";")
		}
		if _, after, ok := strings.Cut(string(c.Response.Body()), `name="_csrf" value="`); ok {
			token, _, _ = strings.Cut(after, `"`)
		}
		if status := c.Response.StatusCode(); status != http.StatusOK && status != http.StatusSeeOther && status != http.StatusFound {
			return "", fmt.Errorf("%s %s: status %d", method, path, status)
		}
		return string(c.Response.Header.Peek("Location")), nil
	}
	at, err := do(http.MethodGet, "/c/library/respond", "")
	for _, body := range []string{"satisfied=very_satisfied", "member=no", "why_not=Too+far", "uses=books&uses=events", "visits=12",
		"last_visit-day=27&last_visit-month=3&last_visit-year=2026", "home=WM1+1AA", "more=Longer+hours", "", "equality=no"} {
		if err == nil {
			_, err = do(http.MethodGet, at, "")
		}
		if err == nil {
			at, err = do(http.MethodPost, at, body)
		}
	}
	if err == nil {
		_, err = do(http.MethodGet, at, "")
	}
	if err == nil && at != "/c/library/done" {
		err = fmt.Errorf("ended at %s", at)
	}
	return err
}
