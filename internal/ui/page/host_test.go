package page_test

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"folkmoot/internal/ui/page"
)

func TestHost(t *testing.T) {
	const named = "https://consult.example.gov.uk"
	for _, row := range []struct {
		address, host, forwarded, path string
		only                           bool
		want                           int
		why                            string
	}{
		{named, "consult.example.gov.uk", "", "/plain", true, 200, "the public address (security.md T11: host allow-list)"},
		{named, "CONSULT.example.gov.uk:443", "", "/plain", true, 200, "the same, written otherwise"},
		{named, "consult.example.gov.uk.", "", "/plain", true, 200, "the same, fully qualified"},
		{named, "evil.example", "", "/plain", true, 421, "somebody's own name for our address (DNS rebinding)"},
		{named, "consult.example.gov.uk:8080", "", "/plain", true, 421, "another port is another origin"},
		{named, "", "", "/plain", true, 421, "no host"},
		{named, "evil.example", "", "/nowhere", true, 421, "an unknown page too"},
		{named, "evil.example", "", "/theme.css", true, 421, "and what needs no session"},
		{named, "127.0.0.1:8080", "", "/healthz", true, 200, "whoever watches asks by another name"},
		{named, "127.0.0.1:8080", "consult.example.gov.uk", "/plain", true, 200, "a trusted proxy says which host was asked for"},
		{named, "consult.example.gov.uk", "evil.example", "/plain", true, 421, "and is believed"},
		{"http://127.0.0.1:8080", "localhost:8080", "", "/plain", false, 200, "nothing was configured: any name of this machine"},
	} {
		k, _ := scenarioKit(t, func(o *page.Options) {
			o.Address, o.OnlyAddress = row.address, row.only
			if row.forwarded != "" {
				o.TrustedProxies = []string{"10.0.0.1"}
			}
		})
		k.App().Get(page.HealthPath, func(c *fiber.Ctx) error { return c.SendString("ok") })
		var req fasthttp.Request
		req.SetRequestURI(row.path)
		req.Header.SetMethod(http.MethodGet)
		req.Header.SetHost(row.host)
		if row.forwarded != "" {
			req.Header.Set("X-Forwarded-Host", row.forwarded)
		}
		ctx := &fasthttp.RequestCtx{}
		ctx.Init(&req, &net.TCPAddr{IP: net.ParseIP("10.0.0.1"), Port: 1}, nil)
		k.App().Handler()(ctx)
		if got := ctx.Response.StatusCode(); got != row.want {
			t.Errorf("%s: %s as %q answers %d, want %d", row.why, row.path, row.host, got, row.want)
		}
		if row.want == 421 && (!strings.Contains(string(ctx.Response.Body()), "not the address of this service") || len(ctx.Response.Header.Peek("Content-Security-Policy")) == 0) {
			t.Errorf("%s: no page that says so: %s", row.why, ctx.Response.Body())
		}
	}
	if _, err := page.New(page.Options{OnlyAddress: true}); err == nil {
		t.Error("only one address, and none is named")
	}
}

// TestPublicOrigin has a proxy that asks by another name than people do.
func TestPublicOrigin(t *testing.T) {
	for _, row := range []struct {
		origin, site string
		want         int
		why          string
	}{
		{"https://consult.example.gov.uk", "", 303, "the address that people see"},
		{"https://consult.example.gov.uk", "same-origin", 303, "the same from a newer browser"},
		{"https://consult.example.gov.uk", "cross-site", 403, "what the browser says about the site is not outweighed"},
		{"https://consult.example.gov.uk", "same-site", 403, "nor about a sibling host"},
		{"http://consult.example.gov.uk", "", 403, "without TLS it is another origin"},
		{"https://evil.example", "", 403, "another site"},
	} {
		k, _ := scenarioKit(t, func(o *page.Options) { o.Address = "https://consult.example.gov.uk" })
		b := newBrowser(t, k)
		token := b.token("/form")
		b.headers = map[string]string{"Origin": row.origin}
		if row.site != "" {
			b.headers["Sec-Fetch-Site"] = row.site
		}
		if got := b.send("POST", "/form", "name=x&_csrf="+token, fiber.MIMEApplicationForm); got.status != row.want {
			t.Errorf("%s: %d, want %d", row.why, got.status, row.want)
		}
	}
}
