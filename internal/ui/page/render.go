package page

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
	"text/template/parse"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"folkmoot/internal/locale"
)

const (
	compressFrom  = 1400 // bytes: below one network packet there is nothing to win
	brotliLevel   = 3    // measured: beyond it the time doubles for 3 % fewer bytes
	gzipLevel     = 4
	rootTemplate  = "layout"
	pageFolder    = "page"
	poolKeepLimit = 1 << 20 // a buffer that one large page made is not kept
)

// viewKey names one page in one language.
type viewKey struct {
	lang locale.Lang
	name string // "respond/question"
}

// view is the template set of one page in one language. It holds only the components that the page really calls: a
// set of everything for every page would cost tens of megabytes.
type view struct{ set *template.Template }

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with the page. view embeds *Page. The template runs into a buffer first, so a failing template is a
// clean error and never half a page. Pages that touched the session or belong to an area with sign-in are not stored
// by any cache.
func (k *Kit) Render(c *fiber.Ctx, status int, name string, v interface{ page() *Page }) error {
	p := v.page()
	found, ok := k.views[viewKey{p.Lang, name}]
	if !ok {
		return fmt.Errorf("page: no template %q", name)
	}
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer func() {
		if buf.Cap() <= poolKeepLimit {
			buffers.Put(buf)
		}
	}()
	if err := found.set.ExecuteTemplate(buf, rootTemplate, v); err != nil {
		return fmt.Errorf("page: render %s: %w", name, err)
	}
	if status == fiber.StatusOK && p.Area == Public && !hasSession(c) {
		c.Set(fiber.HeaderCacheControl, "private, no-cache")
	} else {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	c.Set(fiber.HeaderContentLanguage, string(p.Lang))
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	sendCompressed(c, buf.Bytes())
	return nil
}

// sendCompressed copies body into the response, compressed where the browser takes it.
func sendCompressed(c *fiber.Ctx, body []byte) {
	c.Response().Header.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	accepts := c.Request().Header.Peek(fiber.HeaderAcceptEncoding)
	switch {
	case len(body) < compressFrom:
		c.Response().SetBody(body)
	case acceptsCoding(accepts, "br"):
		c.Response().Header.SetContentEncoding("br")
		c.Response().SetBodyRaw(fasthttp.AppendBrotliBytesLevel(nil, body, brotliLevel))
	case acceptsCoding(accepts, "gzip"):
		c.Response().Header.SetContentEncoding("gzip")
		c.Response().SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, body, gzipLevel))
	default:
		c.Response().SetBody(body)
	}
}

// acceptsCoding reads Accept-Encoding, where "br;q=0" forbids.
func acceptsCoding(header []byte, coding string) bool {
	for part := range strings.SplitSeq(string(header), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q = strings.ReplaceAll(q, " ", "")
			return q == "" || !strings.HasPrefix(q, "q=0") || strings.Trim(strings.TrimPrefix(q, "q=0"), ".0") != ""
		}
	}
	return false
}

// loadViews parses every template once and makes the set of each page in each language.
func loadViews(k *Kit, files fs.FS) (map[viewKey]*view, error) {
	shared, err := parseFolders(files, "layout", "component")
	if err != nil {
		return nil, err
	}
	views := map[viewKey]*view{}
	err = fs.WalkDir(files, pageFolder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		own, err := parseFile(files, file)
		if err != nil {
			return err
		}
		trees := maps.Clone(shared)
		maps.Copy(trees, own)
		name := strings.TrimSuffix(strings.TrimPrefix(file, pageFolder+"/"), ".html")
		for _, lang := range locale.Langs() {
			set, err := assemble(trees, k.functions(lang))
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			views[viewKey{lang, name}] = &view{set}
		}
		return nil
	})
	return views, err
}

// parseFolders parses all templates of the folders, below them as well.
func parseFolders(files fs.FS, folders ...string) (map[string]*parse.Tree, error) {
	trees := map[string]*parse.Tree{}
	for _, folder := range folders {
		err := fs.WalkDir(files, folder, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(file) != ".html" {
				return err
			}
			found, err := parseFile(files, file)
			if err != nil {
				return err
			}
			for name, tree := range found {
				if _, twice := trees[name]; twice {
					return fmt.Errorf("%s: template %q is defined twice", file, name)
				}
				trees[name] = tree
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return trees, nil
}

func parseFile(files fs.FS, file string) (map[string]*parse.Tree, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	trees := map[string]*parse.Tree{}
	t := parse.New(file)
	t.Mode = parse.SkipFuncCheck // functions are bound per language later
	if _, err := t.Parse(string(text), "", "", trees); err != nil {
		return nil, err
	}
	delete(trees, file) // the text between the definitions
	return trees, nil
}

// assemble makes a set of the layout and all that it calls, directly or not.
func assemble(trees map[string]*parse.Tree, functions template.FuncMap) (*template.Template, error) {
	set := template.New("").Funcs(functions)
	done := map[string]bool{}
	queue := []string{rootTemplate}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if done[name] {
			continue
		}
		done[name] = true
		tree, ok := trees[name]
		if !ok {
			return nil, fmt.Errorf("no template %q", name)
		}
		// A copy, because escaping rewrites the tree.
		if _, err := set.AddParseTree(name, tree.Copy()); err != nil {
			return nil, err
		}
		queue = called(tree.Root, queue)
	}
	return set, nil
}

// called appends the names of the templates that a node calls.
func called(n parse.Node, names []string) []string {
	branch := func(b *parse.BranchNode) {
		names = called(b.List, names)
		if b.ElseList != nil {
			names = called(b.ElseList, names)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			names = called(child, names)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		names = append(names, n.Name)
	}
	return names
}

// functions are what templates may call, bound to one language.
func (k *Kit) functions(l locale.Lang) template.FuncMap {
	messages := k.options.Catalogue
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return messages.T(l, key, args...) },
		"date":     func(t time.Time) string { return locale.Date(l, t) },
		"longdate": func(t time.Time) string { return locale.LongDate(l, t) },
		"datetime": func(t time.Time) string { return locale.DateTime(l, t) },
		"clock":    func(t time.Time) string { return locale.Clock(l, t) },
		"isodate":  func(s string) string { return locale.ISODate(l, s) },
		"relative": func(t time.Time) string { return messages.Relative(l, k.options.Now(), t) },
		"number":   func(n int) string { return locale.Number(int64(n)) },
		"decimal":  locale.Decimal,
		"percent":  locale.Percent,
		"text":     func(t locale.Text) string { return t.In(l) },
		"to":       func(path string) string { return inLang(l, path) },
		"markdown": Markdown,
		"asset":    k.assets.address,
	}
}
