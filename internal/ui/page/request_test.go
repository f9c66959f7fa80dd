package page_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

func council() privacy.Council {
	return privacy.Council{
		Name:  locale.Text{locale.English: "Wealdmere Borough Council", locale.Welsh: "Cyngor Bwrdeistref Wealdmere"},
		Email: "haveyoursay@wealdmere.example", Phone: "01632 960 000", Languages: locale.Langs(), Colour: "#1d4f78",
	}
}

func newKit(t testing.TB, change func(*page.Options)) (*page.Kit, *memoryRows) {
	t.Helper()
	rows := newRows()
	o := page.Options{Catalogue: locale.Must(), Council: council, Sessions: rows, CookieKeys: [][]byte{bytes.Repeat([]byte{1}, 32)},
		Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&o)
	}
	k, err := page.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return k, rows
}

// form is a page with one field, and what becomes of it.
const formPage = `{{define "content"}}{{template "heading" .}}<form method="post" novalidate>{{template "csrf" .}}{{template "input" .Name}}
{{template "button" .Send}}</form><p id="kept">{{.Kept}}</p>{{end}}`

type formView struct {
	*page.Page
	Name page.Input
	Send page.Button
	Kept string
}

// scenarioKit has one page for everything that a request can meet.
func scenarioKit(t testing.TB, change func(*page.Options)) (*page.Kit, *memoryRows) {
	k, rows := newKit(t, func(o *page.Options) {
		o.Files = testFiles(map[string]string{"page/public/form.html": formPage, "page/public/broken.html": `{{define "content"}}half {{.NoSuchField}}{{end}}`})
		if change != nil {
			change(o)
		}
	})
	show := func(c *fiber.Ctx) error {
		p := k.Page(c, "layout.service.public")
		v := formView{Page: p, Send: page.Button{Text: "Send"}, Name: page.Input{Control: page.Control{Name: "name", Label: "Name"}}}
		if page.Lang(c) == locale.Welsh {
			v.Kept = "Cymraeg"
		}
		return k.Render(c, fiber.StatusOK, "public/form", v)
	}
	save := func(c *fiber.Ctx) error {
		form, err := page.Form(c)
		if err != nil {
			return err
		}
		if form.First("name") == "" {
			p := k.Page(c, "layout.service.public")
			p.AddProblem("name", "error.summary")
			return k.Render(c, fiber.StatusUnprocessableEntity, "public/form", formView{Page: p,
				Name: page.Input{Control: page.Control{Name: "name", Label: "Name", Error: p.Error("name"), Value: form.First("name")}}})
		}
		s, err := page.Session(c)
		if err != nil {
			return err
		}
		s.Set("name", form.First("name"))
		return page.Redirect(c, "/kept")
	}
	for _, area := range []struct {
		area   page.Area
		prefix string
	}{{page.Public, ""}, {page.Office, "/office"}} {
		r := k.Routes(area.area, area.prefix)
		r.Get("/form", show)
		r.Post("/form", save)
		r.Get("/kept", func(c *fiber.Ctx) error {
			s, err := page.Session(c)
			if err != nil {
				return err
			}
			return c.SendString("kept:" + s.Get("name"))
		})
		r.Post("/rotate", func(c *fiber.Ctx) error { return changeSession(c, func(s *page.SessionData) { s.Rotate() }) })
		r.Post("/sign-out", func(c *fiber.Ctx) error { return changeSession(c, func(s *page.SessionData) { s.Erase() }) })
		r.Post("/short", func(c *fiber.Ctx) error {
			return changeSession(c, func(s *page.SessionData) { s.LimitIdle(15 * time.Minute) })
		})
	}
	r := k.Routes(page.Public, "")
	r.Get("/plain", func(c *fiber.Ctx) error { return c.SendString("plain") })
	r.Get("/fault/:kind", func(c *fiber.Ctx) error {
		return fault.Wrap(errors.New("secret cause"), fault.Kind(c.Params("kind")), "error.text.forbidden")
	})
	r.Get("/panic", func(*fiber.Ctx) error { panic("secret panic") })
	r.Get("/internal", func(*fiber.Ctx) error { return errors.New("secret internal") })
	r.Get("/broken", func(c *fiber.Ctx) error {
		return k.Render(c, fiber.StatusOK, "public/broken", formView{Page: k.Page(c, "layout.service.public")})
	})
	r.Get("/deadline", func(c *fiber.Ctx) error {
		if _, ok := c.UserContext().Deadline(); !ok {
			return errors.New("no deadline")
		}
		return c.SendString("ok")
	})
	r.Get("/flash", func(c *fiber.Ctx) error {
		return page.Done(c, "/form", "banner.success")
	})
	r.Get("/echo/:value", func(c *fiber.Ctx) error { return c.SendString(c.Params("value")) })
	return k, rows
}

func changeSession(c *fiber.Ctx, change func(*page.SessionData)) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	change(s)
	return page.Redirect(c, "/kept")
}

// TestStatuses: every failure is its own status and a whole page in the reader's language, and tells nothing internal.
func TestStatuses(t *testing.T) {
	k, _ := scenarioKit(t, nil)
	for _, row := range []struct {
		method, path string
		status       int
		contains     string
		why          string
	}{
		{"GET", "/nothing", 404, "Page not found", "unknown page"},
		{"GET", "/cy/nothing", 404, "Heb ddod o hyd", "unknown page in Welsh"},
		{"GET", "/cyfred", 404, "Page not found", "/cy is a prefix only before a slash"},
		{"POST", "/plain", 405, "", "a page that takes no form"},
		{"TRACE", "/plain", 405, "", "ASVS 13.4: no TRACE"},
		{"GET", "/fault/invalid", 422, "", "fault.Invalid"},
		{"GET", "/fault/not_found", 404, "", "fault.NotFound"},
		{"GET", "/fault/conflict", 409, "", "fault.Conflict"},
		{"GET", "/fault/forbidden", 403, "", "fault.Forbidden"},
		{"GET", "/fault/closed", 410, "", "fault.Closed"},
		{"GET", "/fault/throttled", 429, "", "fault.Throttled"},
		{"GET", "/fault/unavailable", 503, "", "fault.Unavailable"},
		{"GET", "/fault/unauthenticated", 303, "", "fault.Unauthenticated goes to sign-in"},
		{"GET", "/fault/other", 500, "", "a kind nobody knows"},
		{"GET", "/panic", 500, "Nothing was saved", "a panic ends the request only"},
		{"GET", "/internal", 500, "Nothing was saved", "an error that is no fault"},
		{"GET", "/broken", 500, "Nothing was saved", "a failing template is never half a page"},
		{"GET", "/deadline", 200, "ok", "architecture.md 7: each request has a deadline"},
		{"GET", "/form/", 200, "Have your say", "a trailing slash finds the page"},
		{"GET", "/FORM", 404, "", "one address per page"},
		{"HEAD", "/form", 200, "", "HEAD is GET without a body"},
		{"GET", "/cy", 404, "", "the Welsh start page is not registered here"},
	} {
		res, err := k.App().Test(httptest.NewRequest(row.method, row.path, nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != row.status || !strings.Contains(string(body), row.contains) {
			t.Errorf("%s %s: %d, want %d with %q (%s)", row.method, row.path, res.StatusCode, row.status, row.contains, row.why)
		}
		if strings.Contains(string(body), "secret") || strings.Contains(string(body), "half ") {
			t.Errorf("%s %s shows what is internal", row.method, row.path)
		}
		checkHeaders(t, row.method+" "+row.path, res.Header)
		if row.status >= 400 && row.method == "GET" {
			checkStructure(t, string(body))
		}
		if (row.status == 503 || row.status == 429) != (res.Header.Get("Retry-After") != "") {
			t.Errorf("%s: Retry-After %q", row.path, res.Header.Get("Retry-After"))
		}
	}
}

// checkHeaders: security.md T12, on every response whatever its status.
func checkHeaders(t testing.TB, where string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=()",
		"Cache-Control": "",
	} {
		if got := h.Get(name); got == "" || !strings.Contains(got, want) {
			t.Errorf("%s: %s is %q", where, name, got)
		}
	}
	for _, part := range []string{"frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"} {
		if !strings.Contains(h.Get("Content-Security-Policy"), part) {
			t.Errorf("%s: the content policy lacks %s", where, part)
		}
	}
	if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Server") != "" {
		t.Errorf("%s: policy %q, server %q", where, h.Get("Content-Security-Policy"), h.Get("Server"))
	}
}

func TestHTTPS(t *testing.T) {
	for _, https := range []bool{false, true} {
		k, _ := scenarioKit(t, func(o *page.Options) { o.HTTPS = https })
		for _, path := range []string{"/form", "/nothing", "/internal"} {
			res, err := k.App().Test(httptest.NewRequest("GET", path, nil), -1)
			if err != nil {
				t.Fatal(err)
			}
			if got := res.Header.Get("Strict-Transport-Security"); (got != "") != https {
				t.Errorf("https %v, %s: HSTS %q", https, path, got)
			}
			if path != "/form" {
				continue
			}
			cookie := res.Header.Get("Set-Cookie")
			if https != strings.HasPrefix(cookie, "__Host-folkmoot_r=") || https != strings.Contains(cookie, "Secure") {
				t.Errorf("https %v: cookie %q", https, cookie)
			}
			for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
				if !strings.Contains(cookie, part) {
					t.Errorf("cookie lacks %s: %q", part, cookie)
				}
			}
			if strings.Contains(cookie, "Domain") || strings.Contains(cookie, "Max-Age") {
				t.Errorf("cookie %q", cookie)
			}
		}
	}
}

// listen runs the kit on a port of its own, for what a test request cannot say.
func listen(t testing.TB, k *page.Kit) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = k.App().Listener(l) }()
	t.Cleanup(func() { _ = k.App().ShutdownWithTimeout(time.Second) })
	return l.Addr().String()
}

// TestRaw: framings and sizes that never reach a handler are refused with all headers (security.md 1.4, T12, T13).
func TestRaw(t *testing.T) {
	k, _ := scenarioKit(t, nil)
	addr := listen(t, k)
	long := strings.Repeat("a", page.BodyLimit+1)
	for _, row := range []struct {
		request string
		status  string
		why     string
	}{
		{"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: " + fmt.Sprint(len(long)) + "\r\n\r\n" + long, "413", "body over 256 KiB"},
		{"GET /form HTTP/1.1\r\nHost: x\r\nX-Long: " + long[:20<<10] + "\r\n\r\n", "431", "headers over 16 KiB"},
		{"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "CL and TE together"},
		{"POST /form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", "400", "TE and CL together"},
		{"POST /form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n", "400", "TE other than chunked"},
		{"POST /form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\tchunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "TE twice"},
		{"GET /form HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400", "two hosts"},
		{"GET /form HTTP/1.1\r\n\r\n", "400", "no host"},
		{"BREW /form HTTP/1.1\r\nHost: x\r\n\r\n", "405", "unknown method"},
		{"GET /form HTTP/1.1\r\nHost: x\r\n\r\n", "200", "an ordinary request"},
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		go func() { _, _ = io.WriteString(conn, row.request) }()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", row.why, err)
			conn.Close()
			continue
		}
		if !strings.HasPrefix(res.Status, row.status) {
			t.Errorf("%s: %s, want %s", row.why, res.Status, row.status)
		}
		checkHeaders(t, row.why, res.Header)
		conn.Close()
	}
}

// TestSlowClients: a client that sends a header and stops is let go after the read timeout (security.md 1.5).
func TestSlowClients(t *testing.T) {
	t.Parallel() // it waits for the read timeout
	k, _ := scenarioKit(t, nil)
	conn, err := net.Dial("tcp", listen(t, k))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /form HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(8 * time.Second))
	start := time.Now()
	_, err = io.ReadAll(conn)
	if took := time.Since(start); err != nil || took > 7*time.Second {
		t.Errorf("the connection was held for %v: %v", took, err)
	}
}

// TestImmutable: strings kept past the handler do not become another request's (security.md 1.2).
func TestImmutable(t *testing.T) {
	k, _ := newKit(t, nil)
	kept := make(chan [4]string, 2000)
	r := k.Routes(page.Public, "")
	r.Get("/keep/:value", func(c *fiber.Ctx) error {
		form, err := page.Query(c)
		if err != nil {
			return err
		}
		kept <- [4]string{c.Params("value"), c.Query("q"), c.Get("X-Value"), form.First("q")}
		return c.SendString("ok")
	})
	addr := listen(t, k)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	const total = 500
	for i := range total {
		value := fmt.Sprintf("value-%06d", i)
		req, _ := http.NewRequestWithContext(context.Background(), "GET", "http://"+addr+"/keep/"+value+"?q="+value, nil)
		req.Header.Set("X-Value", value)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	for i := range total {
		want := fmt.Sprintf("value-%06d", i)
		for n, got := range <-kept {
			if got != want {
				t.Fatalf("value %d of request %d became %q", n, i, got)
			}
		}
	}
}

// TestBadForms: what both databases could not store alike is refused before any handler sees it.
func TestBadForms(t *testing.T) {
	k, _ := scenarioKit(t, nil)
	b := newBrowser(t, k)
	many := strings.Repeat("a=1&", page.FieldLimit)
	for _, row := range []struct {
		kind, body string
		status     int
		why        string
	}{
		{"", "name=%ff", 400, "invalid UTF-8"},
		{"", "name=%00", 400, "NUL: PostgreSQL refuses it"},
		{"", "na%00me=a", 400, "NUL in a name"},
		{"", "name=%zz", 400, "broken escape"},
		{"", many, 400, "201 fields"},
		{"application/json", `{"name":"a"}`, 415, "no JSON forms"},
		{"nonsense;;", "name=a", 400, "broken content type"},
		{"", "name=", 422, "an empty field is the handler's to explain"},
		{"", "name=%C5%B5", 303, "ŵ"},
	} {
		res := b.post("/form", row.body, row.kind)
		if res.status != row.status {
			t.Errorf("%s: %d, want %d", row.why, res.status, row.status)
		}
	}
	res := b.post("/form", "name=", "")
	if !strings.Contains(res.body, "<title>Error: Have your say") || !strings.Contains(res.body, `href="#name"`) {
		t.Error("422 shows no error summary")
	}
	checkStructure(t, res.body)
}

func TestWelshMirror(t *testing.T) {
	k, _ := scenarioKit(t, nil)
	body := get(t, k, "/cy/form?a=b", 200)
	for _, want := range []string{`<html lang="cy"`, "Dweud eich dweud", `href="/form?a=b"`, `href="/cy/help"`, "Cymraeg"} {
		if !strings.Contains(body, want) {
			t.Errorf("the Welsh page lacks %s", want)
		}
	}
	b := newBrowser(t, k)
	res := b.send("POST", "/cy/form", "name=a&_csrf="+url.QueryEscape(b.token("/cy/form")), "application/x-www-form-urlencoded")
	if res.header.Get("Location") != "/cy/kept" {
		t.Errorf("a Welsh form leads to %q", res.header.Get("Location"))
	}
}

func TestSafeNext(t *testing.T) {
	for next, want := range map[string]string{"/office/x?a=b": "/office/x?a=b", "//evil.example": "/f", "https://evil.example": "/f", "": "/f",
		"/\\evil.example": "/f", "javascript:alert(1)": "/f", "/a\r\nSet-Cookie: x": "/f"} {
		if got := page.SafeNext(next, "/f"); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestAssets(t *testing.T) {
	k, _ := newKit(t, func(o *page.Options) {
		o.Council = func() privacy.Council {
			c := council()
			c.Colour = "#123456}body{display:none"
			c.Logo = []byte("\x89PNG\r\n\x1a\nrest")
			return c
		}
	})
	body := get(t, k, "/nothing", 404)
	_, rest, _ := strings.Cut(body, `href="/assets/app.`)
	name, _, _ := strings.Cut(rest, `"`)
	for coding, want := range map[string]string{"br, gzip": "br", "gzip": "gzip", "": "", "br;q=0, gzip;q=0": "", "br;q=0.5": "br"} {
		req := httptest.NewRequest("GET", "/assets/app."+name, nil)
		req.Header.Set("Accept-Encoding", coding)
		res, err := k.App().Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get("Content-Encoding"); got != want || res.StatusCode != 200 || res.Header.Get("Vary") == "" {
			t.Errorf("Accept-Encoding %q: %d %q, want %q", coding, res.StatusCode, got, want)
		}
		if !strings.Contains(res.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") {
			t.Errorf("headers %v", res.Header)
		}
		checkHeaders(t, "asset", res.Header)
	}
	for _, path := range []string{"/assets/manifest.json", "/assets/..%2fweb.go", "/assets/app.css", "/assets/", "/assets/%2e%2e/web.go"} {
		get(t, k, path, 404)
	}
	if css := get(t, k, "/theme.css", 200); strings.Contains(css, "body") || !strings.Contains(css, "--council:#") {
		t.Errorf("a colour that is none reaches the style sheet: %q", css)
	}
	if logo := get(t, k, "/logo.png", 200); !strings.HasPrefix(logo, "\x89PNG") {
		t.Error("the logo is not served")
	}
}

func TestCompression(t *testing.T) {
	k, _ := galleryKit(t, nil)
	for coding, want := range map[string]string{"gzip, deflate, br": "br", "gzip": "gzip", "identity": ""} {
		req := httptest.NewRequest("GET", "/gallery", nil)
		req.Header.Set("Accept-Encoding", coding)
		res, err := k.App().Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		if res.Header.Get("Content-Encoding") != want || !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%q: %q, vary %v, %d bytes", coding, res.Header.Get("Content-Encoding"), res.Header.Values("Vary"), len(body))
		}
	}
}

func TestLogTellsNobody(t *testing.T) {
	var log bytes.Buffer
	k, _ := scenarioKit(t, func(o *page.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	get(t, k, "/echo/CANARY-path?q=CANARY-query", 200)
	b := newBrowser(t, k)
	b.post("/form", "name=CANARY-answer", "")
	if !strings.Contains(log.String(), "route=/echo/:value") || strings.Contains(log.String(), "CANARY") {
		t.Errorf("the log: %s", log.String())
	}
}
