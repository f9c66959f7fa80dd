package page_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"folkmoot/web"
)

var (
	action  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	letters = regexp.MustCompile(`\pL{2,}`)
	address = regexp.MustCompile(`^www\.[a-z.]+$`) // the same in both languages
	comment = regexp.MustCompile(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}`)
)

// spoken are the attributes that a person hears or reads.
var spoken = map[string]bool{"aria-label": true, "title": true, "alt": true, "placeholder": true, "summary": true}

// TestTemplates: what every template keeps (architecture.md 11, interface.md 3): no text of its own, no inline script or
// style, errors are the server's, every form that changes something carries its token.
func TestTemplates(t *testing.T) {
	seen := 0
	err := fs.WalkDir(web.Templates(), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(web.Templates(), file)
		if err != nil {
			return err
		}
		seen++
		checkTemplate(t, file, string(raw))
		return nil
	})
	if err != nil || seen < 5 {
		t.Fatalf("%d templates read: %v", seen, err)
	}
}

func checkTemplate(t *testing.T, file, source string) {
	t.Helper()
	source = comment.ReplaceAllString(source, "")
	posts := strings.Count(source, `method="post"`)
	if tokens := strings.Count(source, `{{template "csrf"`) + strings.Count(source, `name="_csrf"`); tokens < posts {
		t.Errorf("%s: %d forms that change something, %d tokens", file, posts, tokens)
	}
	plain := action.ReplaceAllString(source, "")
	plain = strings.NewReplacer("<noscript>", "", "</noscript>", "").Replace(plain) // what it holds is markup like the rest
	z := html.NewTokenizer(strings.NewReader(plain))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if text := strings.TrimSpace(string(z.Text())); letters.MatchString(text) && !address.MatchString(text) {
				t.Errorf("%s: text that no translator sees: %q", file, text)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			checkTag(t, file, z.Token())
		}
	}
}

func checkTag(t *testing.T, file string, tag html.Token) {
	t.Helper()
	at := map[string]string{}
	for _, a := range tag.Attr {
		at[a.Key] = a.Val
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("%s: <%s %s>: the content policy forbids it", file, tag.Data, a.Key)
		}
		if spoken[a.Key] && letters.MatchString(a.Val) {
			t.Errorf("%s: <%s %s=%q>: text that no translator sees", file, tag.Data, a.Key, a.Val)
		}
		if a.Key == "required" || a.Key == "autofocus" {
			t.Errorf("%s: <%s %s>: errors and focus are the server's", file, tag.Data, a.Key)
		}
	}
	switch tag.Data {
	case "form":
		if _, ok := at["novalidate"]; !ok && at["method"] == "post" {
			t.Errorf("%s: a form without novalidate", file)
		}
	case "style":
		t.Errorf("%s: inline style", file)
	case "script":
		if at["src"] == "" && at["type"] != "module" {
			t.Errorf("%s: inline script", file)
		}
	case "a":
		if at["target"] == "_blank" {
			t.Errorf("%s: a link that opens a window", file)
		}
	}
}

// TestNoHTMLFromText: markup is made in one place only.
func TestNoHTMLFromText(t *testing.T) {
	err := filepath.WalkDir(filepath.Join("..", "..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "markdown.go") {
			if d != nil && d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, forbidden := range []string{"template.HTML(", "template.JS(", "template.CSS(", "template.URL(", "template.HTMLAttr(", `"text/template"`} {
			if strings.Contains(string(raw), forbidden) {
				t.Errorf("%s uses %s", path, forbidden)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
