package inside_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"folkmoot/internal/ui/uitest"
)

// filled returns the main form of the page as a browser would send it untouched: where to, and every value that stands in it.
func filled(t testing.TB, b *uitest.Browser) (path string, values url.Values) {
	t.Helper()
	main := find(b.Page.Doc(t), func(n *html.Node) bool { return n.Data == "main" })
	f := find(main, func(n *html.Node) bool {
		return n.Data == "form" && uitest.Attr(n, "method") == "post" && uitest.Attr(n, "class") == "folk-form"
	})
	if f == nil {
		t.Fatalf("%s has no form:\n%s", b.Page.Path, b.Page.Text())
	}
	if path = uitest.Attr(f, "action"); path == "" {
		path = b.Page.Path
	}
	values = url.Values{}
	each(f, func(n *html.Node) {
		name, kind := uitest.Attr(n, "name"), uitest.Attr(n, "type")
		switch {
		case name == "":
		case n.Data == "textarea":
			values.Add(name, strings.TrimPrefix(text(n), "\n"))
		case n.Data == "select":
			each(n, func(o *html.Node) {
				if o.Data == "option" && has(o, "selected") {
					values.Add(name, uitest.Attr(o, "value"))
				}
			})
		case n.Data == "input" && (kind == "radio" || kind == "checkbox"):
			if has(n, "checked") {
				values.Add(name, uitest.Attr(n, "value"))
			}
		case n.Data == "input" && kind != "file":
			values.Add(name, uitest.Attr(n, "value"))
		}
	})
	return path, values
}

// save sends the main form with name, value pairs changed, and follows the redirect. A value of "-" takes the field out.
func save(t testing.TB, b *uitest.Browser, pairs ...string) *uitest.Answer {
	t.Helper()
	path, values := filled(t, b)
	set := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		if !set[pairs[i]] {
			values.Del(pairs[i])
		}
		set[pairs[i]] = true
		if pairs[i+1] != "-" {
			values.Add(pairs[i], pairs[i+1])
		}
	}
	a := b.Send(path, values)
	if a.Status == 303 {
		return b.Get(a.Location)
	}
	return a
}

func find(n *html.Node, ok func(*html.Node) bool) *html.Node {
	var out *html.Node
	each(n, func(n *html.Node) {
		if out == nil && ok(n) {
			out = n
		}
	})
	return out
}

func each(n *html.Node, do func(*html.Node)) {
	if n == nil {
		return
	}
	if n.Type == html.ElementNode {
		do(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, do)
	}
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

// at fails the test unless the browser is there with the status, on a sound page.
func at(t testing.TB, b *uitest.Browser, path string, status int) {
	t.Helper()
	if got, _, _ := strings.Cut(b.Page.Path, "?"); got != path || b.Page.Status != status {
		t.Fatalf("at %s with %d, want %s with %d:\n%s", b.Page.Path, b.Page.Status, path, status, b.Page.Text())
	}
	b.Page.Sound(t)
}

// shows fails the test unless the page has every text.
func shows(t testing.TB, b *uitest.Browser, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(b.Page.Text(), s) {
			t.Errorf("%s: %q is missing:\n%s", b.Page.Path, s, b.Page.Text())
		}
	}
}

func showsNot(t testing.TB, b *uitest.Browser, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(b.Page.Text(), s) {
			t.Errorf("%s: %q must not be there", b.Page.Path, s)
		}
	}
}
