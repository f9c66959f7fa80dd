package page_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/ui/page"
)

// browser keeps cookies as a browser does.
type browser struct {
	t       testing.TB
	kit     *page.Kit
	cookies map[string]string
	headers map[string]string
}

type answer struct {
	status int
	header http.Header
	body   string
}

func newBrowser(t testing.TB, k *page.Kit) *browser {
	return &browser{t: t, kit: k, cookies: map[string]string{}, headers: map[string]string{}}
}

func (b *browser) send(method, path, body, kind string) answer {
	b.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for name, value := range b.headers {
		req.Header.Set(name, value)
	}
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.kit.App().Test(req, -1)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

func (b *browser) get(path string) answer { return b.send("GET", path, "", "") }

// token reads the token of the form on a page.
func (b *browser) token(path string) string {
	b.t.Helper()
	_, rest, _ := strings.Cut(b.get(path).body, `name="_csrf" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	return token
}

// post opens the area's form and sends body with its token.
func (b *browser) post(path, body, kind string) answer {
	b.t.Helper()
	form := "/form"
	if strings.HasPrefix(path, "/office") {
		form = "/office/form"
	}
	if kind == "" {
		kind = "application/x-www-form-urlencoded"
	}
	return b.send("POST", path, "_csrf="+url.QueryEscape(b.token(form))+"&"+body, kind)
}

func (b *browser) copy() *browser {
	other := newBrowser(b.t, b.kit)
	for name, value := range b.cookies {
		other.cookies[name] = value
	}
	return other
}

// clock is a time that the tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)} }

func TestSessionUntouched(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	b := newBrowser(t, k)
	res := b.get("/plain")
	b.get("/nothing")
	if res.header.Get("Set-Cookie") != "" || rows.count() != 0 || rows.calls != 0 {
		t.Errorf("a page without a form touches the session: %q, %d rows, %d calls", res.header.Get("Set-Cookie"), rows.count(), rows.calls)
	}
}

func TestSessionKeepsAndHides(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	b := newBrowser(t, k)
	if res := b.post("/form", "name=Eleri", ""); res.status != 303 {
		t.Fatalf("status %d", res.status)
	}
	res := b.get("/kept")
	if res.body != "kept:Eleri" {
		t.Fatalf("%q", res.body)
	}
	if !strings.Contains(res.header.Get("Cache-Control"), "no-store") || !strings.Contains(strings.Join(res.header.Values("Vary"), ","), "Cookie") {
		t.Errorf("a personal page may be cached: %v", res.header)
	}
	for hash := range rows.rows {
		for _, value := range b.cookies {
			if strings.Contains(value, hash) {
				t.Error("the cookie holds the stored hash")
			}
		}
		if len(hash) != 64 {
			t.Errorf("stored id %q is no SHA-256", hash)
		}
	}
	if other := newBrowser(t, k); other.get("/kept").body != "kept:" {
		t.Error("another browser sees the session")
	}
}

// TestSessionRefusals: security.md T10 and rows 40, 41, 55.
func TestSessionRefusals(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	t.Run("an id of the browser's making is never used", func(t *testing.T) {
		for _, chosen := range []string{"chosen", strings.Repeat("A", 43), strings.Repeat("0", 200), ""} {
			b := newBrowser(t, k)
			b.cookies["folkmoot_r"] = chosen
			before := rows.count()
			b.post("/form", "name=x", "")
			if b.cookies["folkmoot_r"] == chosen || rows.count() != before+1 {
				t.Errorf("%q was taken for a session", chosen)
			}
		}
	})
	t.Run("a changed cookie is no cookie", func(t *testing.T) {
		b := newBrowser(t, k)
		b.post("/form", "name=Eleri", "")
		value := []byte(b.cookies["folkmoot_r"])
		for i := 0; i < len(value); i += 7 {
			c := b.copy()
			changed := bytes.Clone(value)
			changed[i] ^= 2
			c.cookies["folkmoot_r"] = string(changed)
			if got := c.get("/kept").body; got == "kept:Eleri" {
				t.Fatalf("the cookie opens with byte %d changed", i)
			}
		}
	})
	t.Run("signing in gives a new id, and the old one is dead", func(t *testing.T) {
		b := newBrowser(t, k)
		b.post("/form", "name=Eleri", "")
		planted := b.copy() // whoever planted or saw the id before
		b.post("/rotate", "", "")
		if b.cookies["folkmoot_r"] == planted.cookies["folkmoot_r"] {
			t.Error("the id stayed")
		}
		if b.get("/kept").body != "kept:Eleri" || planted.get("/kept").body != "kept:" {
			t.Error("the session did not move, or the old id still opens it")
		}
	})
	t.Run("after signing out a kept cookie opens nothing", func(t *testing.T) {
		b := newBrowser(t, k)
		b.post("/form", "name=Eleri", "")
		thief := b.copy()
		res := b.post("/sign-out", "", "")
		if b.cookies["folkmoot_r"] != "" || res.header.Get("Clear-Site-Data") == "" {
			t.Error("the cookie was not withdrawn")
		}
		if thief.get("/kept").body != "kept:" {
			t.Error("the copy still opens the session")
		}
	})
	t.Run("a respondent's cookie opens no office session", func(t *testing.T) {
		b := newBrowser(t, k)
		b.post("/form", "name=Eleri", "")
		b.cookies["folkmoot_s"] = b.cookies["folkmoot_r"]
		if b.get("/office/kept").body != "kept:" {
			t.Error("the kinds are not kept apart")
		}
	})
}

func TestSessionLateSave(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	b := newBrowser(t, k)
	b.post("/form", "name=early", "")
	token := url.QueryEscape(b.token("/form"))
	// The row goes while the request runs: erased by a sign-out elsewhere between loading and saving.
	rows.afterLoad = func() { clear(rows.rows) }
	res := b.send("POST", "/form", "name=late&_csrf="+token, "application/x-www-form-urlencoded")
	rows.afterLoad = nil
	if res.status != 303 || rows.count() != 0 || b.cookies["folkmoot_r"] != "" {
		t.Errorf("a late save revived the session: %d, %d rows, cookie %q", res.status, rows.count(), b.cookies["folkmoot_r"])
	}
}

// TestSessionReadDoesNotPutBack: a page that is only read, and saves when it was read, does not undo what another request
// of the same session saved meanwhile: no answer is lost to a second tab.
func TestSessionReadDoesNotPutBack(t *testing.T) {
	now := newClock()
	k, rows := scenarioKit(t, func(o *page.Options) { o.Now = now.Now })
	b := newBrowser(t, k)
	b.post("/form", "name=first", "")
	token := url.QueryEscape(b.token("/form"))
	now.add(2 * time.Minute) // so that the next page saves when it was read
	other := b.copy()
	saved := false
	rows.afterLoad = func() {
		if saved {
			return
		}
		saved = true
		rows.mu.Unlock()
		if res := other.send("POST", "/form", "name=second&_csrf="+token, "application/x-www-form-urlencoded"); res.status != 303 {
			t.Errorf("the other tab: %d", res.status)
		}
		rows.mu.Lock()
	}
	b.get("/kept")
	rows.afterLoad = nil
	if body := b.get("/kept").body; body != "kept:second" {
		t.Errorf("after reading and saving at once: %q", body)
	}
}

func TestSessionExpiry(t *testing.T) {
	for _, row := range []struct {
		prefix string
		steps  []time.Duration
		alive  bool
		why    string
	}{
		{"", []time.Duration{23 * time.Hour}, true, "respondent: 24 hours idle"},
		{"", []time.Duration{24*time.Hour + time.Minute}, false, "respondent: over 24 hours idle"},
		{"/office", []time.Duration{59 * time.Minute}, true, "staff: 60 minutes idle (T10)"},
		{"/office", []time.Duration{61 * time.Minute}, false, "staff: over 60 minutes idle"},
		{"/office", []time.Duration{50 * time.Minute, 50 * time.Minute}, true, "using it keeps it"},
		{"/office", repeat(50*time.Minute, 15), false, "staff: 12 hours absolute, however busy"},
		{"", repeat(20*time.Hour, 9), false, "respondent: 7 days absolute"},
		{"/office", []time.Duration{-48 * time.Hour}, true, "a clock set back ends nothing"},
		{"/office", []time.Duration{61 * time.Minute, -61 * time.Minute}, false, "and revives nothing"},
	} {
		now := newClock()
		k, _ := scenarioKit(t, func(o *page.Options) { o.Now = now.Now })
		b := newBrowser(t, k)
		b.post(row.prefix+"/form", "name=Eleri", "")
		body := ""
		for _, step := range row.steps {
			now.add(step)
			body = b.get(row.prefix + "/kept").body
		}
		if (body == "kept:Eleri") != row.alive {
			t.Errorf("%s: alive is %v", row.why, !row.alive)
		}
	}
}

func TestSessionShortIdle(t *testing.T) {
	now := newClock()
	k, _ := scenarioKit(t, func(o *page.Options) { o.Now = now.Now })
	b := newBrowser(t, k)
	b.post("/office/form", "name=Eleri", "")
	b.post("/office/short", "", "")
	now.add(14 * time.Minute)
	if b.get("/office/kept").body != "kept:Eleri" {
		t.Error("ended before 15 minutes")
	}
	now.add(16 * time.Minute)
	if b.get("/office/kept").body != "kept:" {
		t.Error("a short session outlived its 15 minutes (T10)")
	}
}

func repeat(d time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = d
	}
	return out
}

func TestSessionKeyRotation(t *testing.T) {
	old, fresh := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	k, rows := scenarioKit(t, nil)
	b := newBrowser(t, k)
	b.post("/form", "name=Eleri", "")
	rotated, _ := scenarioKit(t, func(o *page.Options) { o.Sessions, o.CookieKeys = rows, [][]byte{fresh, old} })
	b.kit = rotated
	before := b.cookies["folkmoot_r"]
	if b.get("/kept").body != "kept:Eleri" || b.cookies["folkmoot_r"] == before {
		t.Error("a cookie under the older key was refused or not signed anew")
	}
	retired, _ := scenarioKit(t, func(o *page.Options) { o.Sessions, o.CookieKeys = rows, [][]byte{fresh} })
	b.kit = retired
	if b.get("/kept").body != "kept:Eleri" {
		t.Error("the new signature does not hold")
	}
	b.cookies["folkmoot_r"] = before
	if b.get("/kept").body != "kept:" {
		t.Error("a retired key still opens")
	}
}

func TestSessionStoreDown(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	b, looking := newBrowser(t, k), newBrowser(t, k)
	b.post("/form", "name=early", "")
	token, nothingStored := url.QueryEscape(b.token("/form")), url.QueryEscape(looking.token("/form"))
	rows.down = true
	for _, res := range []answer{b.get("/kept"), b.get("/form"),
		b.send("POST", "/form", "name=a&_csrf="+token, "application/x-www-form-urlencoded"),
		looking.send("POST", "/form", "name=a&_csrf="+nothingStored, "application/x-www-form-urlencoded")} {
		if res.status != 503 || res.header.Get("Retry-After") == "" || res.header.Get("Set-Cookie") != "" {
			t.Errorf("status %d, %v", res.status, res.header)
		}
		checkStructure(t, res.body)
	}
	for _, path := range []string{"/plain", "/form"} {
		if res := newBrowser(t, k).get(path); res.status != 200 {
			t.Errorf("%s needs the store although nothing is stored", path)
		}
	}
}

func TestFlash(t *testing.T) {
	k, _ := scenarioKit(t, nil)
	b := newBrowser(t, k)
	b.get("/cy/flash")
	if body := b.get("/cy/form").body; !strings.Contains(body, "govuk-notification-banner--success") || !strings.Contains(body, "Llwyddiant") {
		t.Error("the message is not on the next page, in its language")
	}
	if body := b.get("/form").body; strings.Contains(body, "govuk-notification-banner") {
		t.Error("the message is shown twice")
	}
}

// TestForged: security.md T12: no form of another site, another visitor or no page at all changes anything.
func TestForged(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	b := newBrowser(t, k)
	token := b.token("/form")
	other := newBrowser(t, k)
	foreign := other.token("/form")
	const kind = "application/x-www-form-urlencoded"
	for _, row := range []struct {
		token   string
		headers map[string]string
		status  int
		why     string
	}{
		{"_csrf=" + token, nil, 303, "its own token, no headers (an old browser)"},
		{"_csrf=" + token, map[string]string{"Sec-Fetch-Site": "same-origin"}, 303, "same origin"},
		{"_csrf=" + token, map[string]string{"Sec-Fetch-Site": "none"}, 303, "typed address"},
		{"_csrf=" + token, map[string]string{"Origin": "http://example.com"}, 303, "our own origin (example.com is the test's host)"},
		{"", nil, 403, "no token"},
		{"_csrf=", nil, 403, "empty token"},
		{"_csrf=" + token + "&_csrf=" + token, nil, 403, "token twice"},
		{"_csrf=" + foreign, nil, 403, "another visitor's token (CVE-2023-45141)"},
		{"_csrf=" + strings.Repeat("A", 86), nil, 403, "a made-up token"},
		{"_csrf=" + token, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, "another site"},
		{"_csrf=" + token, map[string]string{"Sec-Fetch-Site": "same-site"}, 403, "a sibling host"},
		{"_csrf=" + token, map[string]string{"Origin": "https://evil.example"}, 403, "another origin"},
		{"_csrf=" + token, map[string]string{"Origin": "null"}, 403, "a sandboxed frame"},
	} {
		b.headers = row.headers
		res := b.send("POST", "/form", row.token+"&name=forged", kind)
		if res.status != row.status {
			t.Errorf("%s: %d, want %d", row.why, res.status, row.status)
		}
		if row.status == 403 {
			checkHeaders(t, row.why, res.header)
			checkStructure(t, res.body)
		}
	}
	if again := b.token("/form"); again == token {
		t.Error("the token looks the same on every page (BREACH)")
	}
	if got := newBrowser(t, k).send("POST", "/form", "name=x", kind).status; got != 403 {
		t.Errorf("a form without any session answers %d", got)
	}
	_ = rows
}

// TestConcurrent drives one kit from many browsers at once; the race detector watches.
func TestConcurrent(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			name := "name" + strings.Repeat("x", i)
			b := newBrowser(t, k)
			for range 5 {
				if b.post("/form", "name="+name, "").status != 303 || b.get("/kept").body != "kept:"+name {
					t.Errorf("browser %d reads another's session", i)
				}
				b.get("/cy/nothing")
				b.post("/rotate", "", "")
			}
		})
	}
	wg.Wait()
	if rows.count() != 16 {
		t.Errorf("%d sessions for 16 browsers", rows.count())
	}
}
