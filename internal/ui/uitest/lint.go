package uitest

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"folkmoot/internal/locale"
)

// rawKey finds message keys that were printed instead of their message: two or more words joined by dots.
var rawKey = regexp.MustCompile(`\b(?:public|respond|rights|error|field|layout|survey|receipt|notice|consent|banner|results|release|editor|signin|readiness|date|count|time|office|partner|agreement)\.[a-z_]+(?:\.[a-z_]+)*\b`)

// storedAction is an entry of the audit log as it is stored, in the text of a proof.
var storedAction = regexp.MustCompile(`"action":"[a-z_.]+"`)

// Sound fails the test unless the page is sound: one h1, ids unique, labels, descriptions and summary links resolve, a title,
// a language, no raw message key, no "%!", no template rest.
func (a *Answer) Sound(t testing.TB) {
	t.Helper()
	ids, heads, lang, title := map[string]int{}, 0, "", ""
	var refs []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if id := Attr(n, "id"); id != "" {
				ids[id]++
			}
			refs = append(refs, references(n)...)
			switch n.Data {
			case "h1":
				heads++
			case "html":
				lang = Attr(n, "lang")
			case "title":
				if n.FirstChild != nil && title == "" {
					title = n.FirstChild.Data
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(a.Doc(t))
	if heads != 1 {
		t.Errorf("%s: %d h1 elements", a.Path, heads)
	}
	if want := language(a.Path); lang != string(want) {
		t.Errorf("%s: html lang %q, want %q", a.Path, lang, want)
	}
	if strings.TrimSpace(title) == "" {
		t.Errorf("%s: no title", a.Path)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %q %d times", a.Path, id, n)
		}
	}
	for _, ref := range refs {
		if ids[ref] == 0 {
			t.Errorf("%s: nothing has the id %q that something refers to", a.Path, ref)
		}
	}
	text := storedAction.ReplaceAllString(strings.ReplaceAll(a.Text(), ".example", ""), "")
	if key := rawKey.FindString(text); key != "" {
		t.Errorf("%s: raw message key %q", a.Path, key)
	}
	for _, rest := range []string{"%!", "{{", "<no value>", "<nil>", "map["} {
		if strings.Contains(a.Text(), rest) {
			t.Errorf("%s: %q is printed", a.Path, rest)
		}
	}
}

// references lists the ids that an element refers to.
func references(n *html.Node) []string {
	var out []string
	for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		out = append(out, strings.Fields(Attr(n, name))...)
	}
	if href := Attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#") {
		out = append(out, href[1:])
	}
	return out
}

func language(path string) locale.Lang {
	if path == "/cy" || strings.HasPrefix(path, "/cy/") || strings.HasPrefix(path, "/cy?") {
		return locale.Welsh
	}
	return locale.English
}
