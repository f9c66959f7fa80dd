package page_test

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"folkmoot/internal/ui/page"
)

const formType = "application/x-www-form-urlencoded"

// from is a browser of a network, behind a proxy that is trusted.
func from(t testing.TB, k *page.Kit, network string) *browser {
	b := newBrowser(t, k)
	b.headers["X-Forwarded-For"] = network
	return b
}

// testProxy is the address that requests of App.Test come from.
var testProxy = []string{"0.0.0.0"}

func TestLookingStoresNothing(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	b := newBrowser(t, k)
	for range 3 {
		for _, path := range []string{"/form", "/cy/form", "/office/form"} {
			b.get(path)
			newBrowser(t, k).get(path)
		}
	}
	if rows.count() != 0 || rows.calls != 0 {
		t.Fatalf("looking at forms made %d rows with %d calls (security.md T13)", rows.count(), rows.calls)
	}
	first, second := url.QueryEscape(b.token("/form")), url.QueryEscape(b.token("/form"))
	if res := b.send("POST", "/form", "name=Eleri&_csrf="+first, formType); res.status != 303 || rows.count() != 1 {
		t.Fatalf("what is sent is stored: %d, %d rows", res.status, rows.count())
	}
	if res := b.send("POST", "/form", "name=Mair&_csrf="+second, formType); res.status != 303 || b.get("/kept").body != "kept:Mair" || rows.count() != 1 {
		t.Errorf("a form that was open before is still good, and of the same session: %d, %d rows", res.status, rows.count())
	}
}

func TestFormCookieIsNoSession(t *testing.T) {
	k, rows := scenarioKit(t, nil)
	planted := newBrowser(t, k)
	token := url.QueryEscape(planted.token("/form"))
	victim := planted.copy() // whoever planted the cookie knows it
	if res := victim.send("POST", "/form", "name=secret&_csrf="+token, formType); res.status != 303 {
		t.Fatalf("status %d", res.status)
	}
	if victim.cookies["folkmoot_r"] == planted.cookies["folkmoot_r"] || planted.get("/kept").body != "kept:" {
		t.Error("what is stored got an id that somebody else may know")
	}
	other := newBrowser(t, k)
	other.cookies["folkmoot_s"] = planted.cookies["folkmoot_r"]
	if res := other.send("POST", "/office/form", "name=x&_csrf="+token, formType); res.status != 403 {
		t.Errorf("a resident's form token serves in the office: %d", res.status)
	}
	if rows.count() != 1 {
		t.Errorf("%d rows", rows.count())
	}
}

func TestRequestLimit(t *testing.T) {
	now := newClock()
	k, _ := scenarioKit(t, func(o *page.Options) {
		o.Now, o.TrustedProxies, o.Limits = now.Now, testProxy, page.Limits{Requests: 3}
	})
	for _, row := range []struct {
		network, path string
		wait          time.Duration
		want          int
		why           string
	}{
		{"203.0.113.9", "/plain", 0, 200, "the first"},
		{"203.0.113.9", "/form", 0, 200, "the second"},
		{"203.0.113.9", "/nowhere", 0, 404, "a page that is not there costs as much"},
		{"203.0.113.9", "/plain", 20 * time.Second, 429, "one too many in this minute"},
		{"203.0.113.9", "/cy/form", 0, 429, "in Welsh too"},
		{"203.0.113.9", "/theme.css", 0, 200, "what a page needs is free"},
		{"203.0.113.10", "/plain", 0, 200, "the neighbour is not meant"},
		{"2001:db8:1:2::1", "/plain", 0, 200, "IPv6 counts by network"},
		{"2001:db8:1:2::2", "/plain", 0, 200, "two addresses"},
		{"2001:db8:1:2::3", "/plain", 0, 200, "three addresses"},
		{"2001:db8:1:2::4", "/plain", 0, 429, "of one network"},
		{"127.0.0.1", "/plain", 0, 200, "this machine"},
		{"127.0.0.1", "/plain", 0, 200, "is never"},
		{"127.0.0.1", "/plain", 0, 200, "limited:"},
		{"::1", "/plain", 0, 200, "a proxy that is not named"},
		{"127.0.0.1", "/plain", 0, 200, "speaks for everybody"},
		{"203.0.113.9", "/plain", 41 * time.Second, 200, "the next minute"},
	} {
		now.add(row.wait)
		res := from(t, k, row.network).get(row.path)
		if res.status != row.want {
			t.Errorf("%s: %s from %s answers %d, want %d", row.why, row.path, row.network, res.status, row.want)
		}
		if row.want != 429 {
			continue
		}
		checkHeaders(t, row.why, res.header)
		checkStructure(t, res.body)
		if after, err := strconv.Atoi(res.header.Get("Retry-After")); err != nil || after < 1 || after > 60 {
			t.Errorf("%s: Retry-After %q", row.why, res.header.Get("Retry-After"))
		}
		if !strings.Contains(res.body, "from your network") && !strings.Contains(res.body, "o’ch rhwydwaith") {
			t.Errorf("%s: the page does not say why: %s", row.why, res.body)
		}
	}
}

func TestSessionLimit(t *testing.T) {
	now := newClock()
	k, rows := scenarioKit(t, func(o *page.Options) {
		o.Now, o.TrustedProxies, o.Limits = now.Now, testProxy, page.Limits{Sessions: 2}
	})
	first := from(t, k, "203.0.113.9")
	for i, b := range []*browser{first, from(t, k, "203.0.113.9")} {
		if res := b.post("/form", "name=x", ""); res.status != 303 {
			t.Fatalf("session %d: %d", i+1, res.status)
		}
	}
	b := from(t, k, "203.0.113.9")
	res := b.post("/form", "name=x", "")
	if res.status != 429 || rows.count() != 2 || res.header.Get("Location") != "" {
		t.Errorf("one too many: %d, %d rows, leads on to %q", res.status, rows.count(), res.header.Get("Location"))
	}
	checkStructure(t, res.body)
	if got := first.post("/form", "name=y", "").status; got != 303 {
		t.Errorf("whoever is in the middle goes on: %d", got)
	}
	if got := from(t, k, "198.51.100.7").post("/form", "name=x", "").status; got != 303 {
		t.Errorf("another network: %d", got)
	}
	now.add(61 * time.Minute)
	if got := b.post("/form", "name=x", "").status; got != 303 {
		t.Errorf("an hour later: %d", got)
	}
}

// TestManyNetworks has more networks in a minute than are counted apart.
func TestManyNetworks(t *testing.T) {
	k, _ := scenarioKit(t, func(o *page.Options) {
		o.TrustedProxies, o.Limits, o.Now = testProxy, page.Limits{Requests: 1}, newClock().Now
	})
	refused := 0
	handler := k.App().Handler()
	for i := range 1<<16 + 100 {
		var req fasthttp.Request
		req.SetRequestURI("/plain")
		req.Header.SetHost("example.com")
		ctx := &fasthttp.RequestCtx{}
		ctx.Init(&req, &net.TCPAddr{IP: net.IPv4(10, byte(i>>16), byte(i>>8), byte(i)), Port: 1}, nil)
		handler(ctx)
		if ctx.Response.StatusCode() == 429 {
			refused++
		}
	}
	if refused != 99 {
		t.Errorf("%d refused: what is beyond the bound shares one count", refused)
	}
}

func TestLimitConnections(t *testing.T) {
	var fake addresses
	l := page.LimitConnections(&fake, 2)
	for _, row := range []struct {
		from, want []string
		why        string
	}{
		{[]string{"203.0.113.9", "203.0.113.9", "203.0.113.9", "203.0.113.10"}, []string{"203.0.113.9", "203.0.113.9", "203.0.113.10"}, "two of one address, the others unharmed"},
		{[]string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"}, []string{"2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"}, "IPv6 by network"},
		{[]string{"127.0.0.1", "127.0.0.1", "127.0.0.1", "::1"}, []string{"127.0.0.1", "127.0.0.1", "127.0.0.1", "::1"}, "this machine is not limited"},
	} {
		for range 2 { // closing makes room
			fake.queue = row.from
			for _, want := range row.want {
				conn, err := l.Accept()
				if err != nil || conn.RemoteAddr().(*net.TCPAddr).IP.String() != want {
					t.Fatalf("%s: %v, %v, want %s", row.why, conn, err, want)
				}
				fake.accepted = append(fake.accepted, conn)
			}
			for _, conn := range fake.accepted {
				_ = conn.Close()
				_ = conn.Close() // twice makes room once
			}
			fake.accepted = nil
		}
	}
	if page.LimitConnections(&fake, 0) != net.Listener(&fake) {
		t.Error("no limit is a listener of its own")
	}
}

// addresses is a listener to which clients of chosen addresses come.
type addresses struct {
	queue    []string
	accepted []net.Conn
}

func (a *addresses) Accept() (net.Conn, error) {
	if len(a.queue) == 0 {
		return nil, net.ErrClosed
	}
	ip := a.queue[0]
	a.queue = a.queue[1:]
	here, there := net.Pipe()
	_ = there.Close()
	return connFrom{here, &net.TCPAddr{IP: net.ParseIP(ip), Port: 1}}, nil
}

func (a *addresses) Close() error   { return nil }
func (a *addresses) Addr() net.Addr { return &net.TCPAddr{} }

type connFrom struct {
	net.Conn
	remote net.Addr
}

func (c connFrom) RemoteAddr() net.Addr { return c.remote }
