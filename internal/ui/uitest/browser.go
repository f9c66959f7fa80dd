package uitest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is one browser without scripts: it keeps cookies, follows redirects when asked, and fills in forms.
type Browser struct {
	t       testing.TB
	world   *World
	cookies map[string]*http.Cookie
	Page    *Answer // the last page
}

// Answer is what the service answered.
type Answer struct {
	Status   int
	Header   http.Header
	Body     string
	Path     string // that was asked for
	Location string
}

// Browser starts one.
func (w *World) Browser(t testing.TB) *Browser {
	return &Browser{t: t, world: w, cookies: map[string]*http.Cookie{}}
}

// Forget deletes the cookies, as when a browser is closed.
func (b *Browser) Forget() { b.cookies = map[string]*http.Cookie{} }

// Cookies returns the cookies as a header, to be sent from elsewhere.
func (b *Browser) Cookies() string {
	var out []string
	for _, c := range b.cookies {
		out = append(out, c.Name+"="+c.Value)
	}
	return strings.Join(out, "; ")
}

// SetCookie sets a cookie by hand.
func (b *Browser) SetCookie(name, value string) {
	b.cookies[name] = &http.Cookie{Name: name, Value: value}
}

// Do sends a request as it is and keeps the cookies of the answer. It follows nothing.
func (b *Browser) Do(req *http.Request) *Answer {
	b.t.Helper()
	for _, c := range b.cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	res, err := b.world.Kit.App().Test(req, -1)
	if err != nil {
		b.t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	b.Page = &Answer{Status: res.StatusCode, Header: res.Header, Body: string(body), Path: req.URL.RequestURI(), Location: res.Header.Get("Location")}
	return b.Page
}

// Get asks for a page and follows redirects.
func (b *Browser) Get(path string) *Answer {
	b.t.Helper()
	a := b.Do(httptest.NewRequest(http.MethodGet, path, nil))
	for n := 0; a.Location != "" && a.Status >= 300 && a.Status < 400; n++ {
		if n == 10 {
			b.t.Fatalf("%s: redirects without end, now %s", path, a.Location)
		}
		a = b.Do(httptest.NewRequest(http.MethodGet, a.Location, nil))
	}
	return a
}

// Peek asks for a page and follows nothing.
func (b *Browser) Peek(path string) *Answer {
	b.t.Helper()
	return b.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Send posts fields, exactly those, and follows nothing.
func (b *Browser) Send(path string, fields url.Values) *Answer {
	b.t.Helper()
	return b.Do(FormRequest(path, fields.Encode()))
}

// FormRequest makes a POST with a body as a form sends it.
func FormRequest(path, body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// Submit fills in the form of the last page that posts to where it is (or to action), with name, value pairs, and follows the
// redirects.
func (b *Browser) Submit(action string, pairs ...string) *Answer {
	b.t.Helper()
	a := b.SubmitOnly(action, pairs...)
	if a.Status == http.StatusSeeOther {
		return b.Get(a.Location)
	}
	return a
}

// SubmitOnly is Submit without following.
func (b *Browser) SubmitOnly(action string, pairs ...string) *Answer {
	b.t.Helper()
	path, fields := b.Form(action)
	for i := 0; i < len(pairs); i += 2 {
		fields.Add(pairs[i], pairs[i+1])
	}
	return b.Send(path, fields)
}

// Form returns where the form of the last page posts to, and its hidden fields.
func (b *Browser) Form(action string) (path string, fields url.Values) {
	b.t.Helper()
	for _, f := range b.Page.forms(b.t) {
		if f.method != "post" || action != "" && f.action != action {
			continue
		}
		if f.action == "" {
			f.action = b.Page.Path
		}
		return f.action, f.hidden
	}
	b.t.Fatalf("%s has no form to %q:\n%s", b.Page.Path, action, b.Page.Body)
	return "", nil
}

type form struct {
	method, action string
	hidden         url.Values
}

func (a *Answer) forms(t testing.TB) []form {
	var out []form
	var walk func(n *html.Node, in *form)
	walk = func(n *html.Node, in *form) {
		if n.Type == html.ElementNode && n.Data == "form" {
			out = append(out, form{strings.ToLower(Attr(n, "method")), Attr(n, "action"), url.Values{}})
			in = &out[len(out)-1]
		}
		if in != nil && n.Type == html.ElementNode && n.Data == "input" && Attr(n, "type") == "hidden" {
			in.hidden.Add(Attr(n, "name"), Attr(n, "value"))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(a.Doc(t), nil)
	return out
}

// Doc parses the page.
func (a *Answer) Doc(t testing.TB) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Attr returns an attribute of an element, or "".
func Attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

var (
	tags   = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// Text returns the page as people read it: no tags, entities in clear, single spaces.
func (a *Answer) Text() string {
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(a.Body, " ")), " "))
}
