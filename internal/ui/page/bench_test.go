package page_test

import (
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"folkmoot/internal/ui/page"
)

// BenchmarkQuestionPage measures a whole request for a question page: routing, headers, session, form token, template,
// log line, and compression where the browser takes it. The budget is 1 ms of CPU (issue 2).
func BenchmarkQuestionPage(b *testing.B) {
	k, _ := galleryKit(b, nil)
	handler := k.App().Handler()
	first := newBrowser(b, k)
	first.get("/question")
	for _, run := range []struct{ name, coding, cookie string }{
		{"plain", "", first.cookies["folkmoot_r"]}, {"brotli", "br", first.cookies["folkmoot_r"]}, {"gzip", "gzip", first.cookies["folkmoot_r"]},
		{"first visit", "br", ""},
	} {
		b.Run(run.name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				ctx := &fasthttp.RequestCtx{}
				ctx.Request.SetRequestURI("/question")
				ctx.Request.Header.SetHost("example.com")
				if run.coding != "" {
					ctx.Request.Header.Set("Accept-Encoding", run.coding)
				}
				if run.cookie != "" {
					ctx.Request.Header.SetCookie("folkmoot_r", run.cookie)
				}
				handler(ctx)
				if ctx.Response.StatusCode() != fiber.StatusOK {
					b.Fatal(ctx.Response.StatusCode())
				}
				size = len(ctx.Response.Body())
			}
			b.ReportMetric(float64(size), "bytes/page")
		})
	}
}

// BenchmarkNotTouched measures what the kit adds to a page that needs no session.
func BenchmarkNotTouched(b *testing.B) {
	k, _ := newKit(b, nil)
	k.Routes(page.Public, "").Get("/plain", func(c *fiber.Ctx) error { return c.SendString("plain") })
	handler := k.App().Handler()
	b.ReportAllocs()
	for b.Loop() {
		ctx := &fasthttp.RequestCtx{}
		ctx.Request.SetRequestURI("/plain")
		ctx.Request.Header.SetHost("example.com")
		handler(ctx)
	}
}
