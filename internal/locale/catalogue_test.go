package locale_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/locale"
)

var update = flag.Bool("update", false, "sort en.json and cy.json, one key a line")

// lines reads a catalogue line by line, so that it can be mended even where a merge left a comma out.
func lines(t *testing.T, file string) map[string]json.RawMessage {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]json.RawMessage{}
	for n, line := range strings.Split(string(raw), "\n") {
		line = strings.TrimSuffix(strings.TrimSpace(line), ",")
		if line == "" || line == "{" || line == "}" {
			continue
		}
		var one map[string]json.RawMessage
		if err := json.Unmarshal([]byte("{"+line+"}"), &one); err != nil {
			t.Errorf("%s:%d: one key a line: %v", file, n+1, err)
			continue
		}
		for key, value := range one {
			if before, twice := out[key]; twice && string(before) != string(value) {
				t.Errorf("%s:%d: %s has two texts", file, n+1, key)
			}
			out[key] = value
		}
	}
	return out
}

func TestCatalogueSorted(t *testing.T) {
	for _, l := range locale.Langs() {
		file := string(l) + ".json"
		entries := lines(t, file)
		var b strings.Builder
		for i, key := range slices.Sorted(maps.Keys(entries)) {
			if i > 0 {
				b.WriteString(",\n")
			}
			fmt.Fprintf(&b, "  %q: %s", key, entries[key])
		}
		want := "{\n" + b.String() + "\n}\n"
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if have, _ := os.ReadFile(file); string(have) != want {
			t.Errorf("%s is not sorted, one key a line: run go test ./internal/locale -run Sorted -update", file)
		}
	}
}

var (
	placeholder = regexp.MustCompile(`\{\{[^}]*\}\}|%\{[a-z]+\}`)
	markup      = regexp.MustCompile(`<[a-zA-Z/]|&[a-z]+;`)
)

// placeholders lists those of every form of a message.
func placeholders(raw json.RawMessage) (forms map[string]string, found []string) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		forms = map[string]string{"": text}
	} else {
		_ = json.Unmarshal(raw, &forms)
	}
	seen := map[string]bool{}
	for _, text := range forms {
		for _, p := range placeholder.FindAllString(text, -1) {
			seen[p] = true
		}
	}
	return forms, slices.Sorted(maps.Keys(seen))
}

func TestBothLanguages(t *testing.T) {
	en, cy := lines(t, "en.json"), lines(t, "cy.json")
	for key := range en {
		if _, ok := cy[key]; !ok {
			t.Errorf("cy.json lacks %s", key)
		}
	}
	for key, welsh := range cy {
		english, ok := en[key]
		if !ok {
			t.Errorf("en.json lacks %s", key)
			continue
		}
		enForms, enFound := placeholders(english)
		cyForms, cyFound := placeholders(welsh)
		if !slices.Equal(enFound, cyFound) {
			t.Errorf("%s: placeholders %v in English, %v in Welsh", key, enFound, cyFound)
		}
		checkForms(t, key+" (en)", enForms, []string{"one", "other"})
		checkForms(t, key+" (cy)", cyForms, []string{"few", "many", "one", "other", "two", "zero"})
	}
}

func checkForms(t *testing.T, key string, forms map[string]string, want []string) {
	t.Helper()
	if _, plain := forms[""]; !plain && !slices.Equal(slices.Sorted(maps.Keys(forms)), want) {
		t.Errorf("%s: plural forms %v, want %v", key, slices.Sorted(maps.Keys(forms)), want)
	}
	for form, text := range forms {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s %s is empty", key, form)
		}
		if markup.MatchString(text) {
			t.Errorf("%s holds HTML: %s", key, text)
		}
	}
}

// keyArgument says which argument of a call is a message key.
var keyArgument = map[string]int{
	"New": 1, "Wrap": 2, // fault
	"T": 0, "Page": 1, "AddProblem": 1, "Flash": 2,
}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// TestKeysUsedExist scans every template and Go file for message keys.
func TestKeysUsedExist(t *testing.T) {
	c := locale.Must()
	root := filepath.Join("..", "..")
	used := 0
	check := func(where, key string) {
		used++
		for _, l := range locale.Langs() {
			if !c.Has(l, key) {
				t.Errorf("%s: %s has no message %s", where, l, key)
			}
		}
	}
	inTemplate := regexp.MustCompile(`[({ ]t "([^"]+)"`)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "testdata" || name != ".." && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(path, ".html") && strings.Contains(filepath.ToSlash(path), "web/template/"):
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range inTemplate.FindAllStringSubmatch(string(raw), -1) {
				if !strings.HasSuffix(m[1], ".") {
					check(path, m[1])
				}
			}
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			return keysInGo(path, check)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if used < 60 {
		t.Fatalf("only %d keys found: the scan is broken", used)
	}
}

func keysInGo(path string, check func(where, key string)) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, 0)
	if err != nil {
		return err
	}
	literal := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if key, err := strconv.Unquote(lit.Value); err == nil && keyShape.MatchString(key) {
				check(fset.Position(lit.Pos()).String(), key)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
				if x, ok := f.X.(*ast.Ident); ok && name == "T" && len(n.Args) > 1 {
					_ = x
					literal(n.Args[1]) // Kit.T(c, key) and Catalogue.T(lang, key)
				}
			case *ast.Ident:
				name = f.Name
			}
			if i, ok := keyArgument[name]; ok && i < len(n.Args) {
				literal(n.Args[i])
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Key" || strings.HasSuffix(key.Name, "Key")) {
				literal(n.Value)
			}
		}
		return true
	})
	return nil
}

func TestPlurals(t *testing.T) {
	c := locale.Must()
	for _, row := range []struct {
		lang  locale.Lang
		count int
		want  string
		why   string
	}{
		{locale.English, 1, "in 1 day", "CLDR English: one"},
		{locale.English, 6, "in 6 days", "CLDR English: other"},
		{locale.English, 1500, "in 1,500 days", "integers have thousands separators"},
		{locale.Welsh, 0, "ymhen 0 diwrnod", "CLDR Welsh: zero"},
		{locale.Welsh, 2, "ymhen 2 ddiwrnod", "CLDR Welsh: two, soft mutation"},
		{locale.Welsh, 3, "ymhen 3 diwrnod", "CLDR Welsh: few"},
		{locale.Welsh, 6, "ymhen 6 diwrnod", "CLDR Welsh: many"},
		{locale.Welsh, 7, "ymhen 7 diwrnod", "CLDR Welsh: other"},
	} {
		if got := c.T(row.lang, "time.in_days", "Count", row.count); got != row.want {
			t.Errorf("%s %d: %q, want %q (%s)", row.lang, row.count, got, row.want, row.why)
		}
	}
	if got := c.T(locale.English, "no.such.key"); got != "no.such.key" {
		t.Errorf("an unknown key answers %q", got)
	}
	if got := c.T("fr", "layout.back"); got != "Back" {
		t.Errorf("an unknown language answers %q, want English", got)
	}
}

func BenchmarkT(b *testing.B) {
	c := locale.Must()
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			c.T(locale.Welsh, "layout.back")
		}
	})
	b.Run("plural", func(b *testing.B) {
		for b.Loop() {
			c.T(locale.Welsh, "time.in_days", "Count", 6)
		}
	})
}
