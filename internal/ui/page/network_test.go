package page_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"folkmoot/internal/ui/page"
)

func TestNetwork(t *testing.T) {
	for _, row := range []struct {
		trusted   []string
		remote    string
		forwarded []string
		want, why string
	}{
		{nil, "203.0.113.9", nil, "203.0.113.9", "nobody in front"},
		{nil, "203.0.113.9", []string{"198.51.100.1"}, "203.0.113.9", "a forged header moves nothing (row 46)"},
		{[]string{"10.0.0.0/8"}, "203.0.113.9", []string{"198.51.100.1"}, "203.0.113.9", "not from the proxy"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3", []string{"198.51.100.1"}, "198.51.100.1", "from the proxy"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1", "the client's own claim comes first and is not believed"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3", []string{"127.0.0.1", "198.51.100.1, 10.9.9.9"}, "198.51.100.1", "two proxies, two header lines"},
		{[]string{"10.1.2.3"}, "10.1.2.3", []string{"nonsense"}, "10.1.2.3", "a header that no proxy writes"},
		{[]string{"10.1.2.3"}, "10.1.2.3", nil, "10.1.2.3", "no header"},
		{nil, "2001:db8:1:2:3:4:5:6", nil, "2001:db8:1:2::/64", "IPv6 by its network: an address a request is free"},
		{nil, "::ffff:203.0.113.9", nil, "203.0.113.9", "IPv4 written as IPv6"},
	} {
		k, _ := newKit(t, func(o *page.Options) { o.TrustedProxies = row.trusted })
		got := ""
		k.Routes(page.Public, "").Get("/net", func(c *fiber.Ctx) error { got = page.Network(c); return nil })
		var req fasthttp.Request
		req.SetRequestURI("/net")
		req.Header.SetMethod(http.MethodGet)
		req.Header.SetHost("x")
		for _, line := range row.forwarded {
			req.Header.Add("X-Forwarded-For", line)
		}
		ctx := &fasthttp.RequestCtx{}
		ctx.Init(&req, &net.TCPAddr{IP: net.ParseIP(row.remote), Port: 1}, nil)
		k.App().Handler()(ctx)
		if got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
	if _, err := page.New(page.Options{}); err == nil {
		t.Error("a kit without anything was made")
	}
}
