package consult_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/consult"
)

var actionName = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

// written finds the actions that a source file writes into the audit log: texts among the arguments of the functions that do so, and the
// fields of events that are made by hand. Constants are resolved; of a text that is put together the beginning is found, with a point at its end.
func written(t *testing.T, file string, constants map[string]string, found map[string]bool) {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, _ := strconv.Unquote(e.Value)
			return s
		case *ast.Ident:
			return constants[e.Name]
		case *ast.BinaryExpr:
			if lit, ok := e.X.(*ast.BasicLit); ok {
				s, _ := strconv.Unquote(lit.Value)
				return s
			}
		}
		return ""
	}
	ast.Inspect(source, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			if slices.Contains([]string{"event", "edit", "move", "subject", "NewAuditEvent", "change", "enter", "open", "update", "step", "addScreening"}, name) {
				for _, arg := range n.Args {
					if s := text(arg); actionName.MatchString(s) || strings.HasSuffix(s, ".") {
						found[s] = true
						break // what follows are details
					}
				}
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Action" {
				if s := text(n.Value); actionName.MatchString(s) {
					found[s] = true
				}
			}
		}
		return true
	})
}

func sources(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*.go", "../demo/*.go", "../store/*.go", "../dpo/*.go", "../../cmd/folkmoot/*.go"} {
		all, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, slices.DeleteFunc(all, func(f string) bool { return strings.HasSuffix(f, "_test.go") })...)
	}
	return files
}

// TestEveryActionIsKnown: an action that is not in AuditActions has no kind and cannot be filtered for.
func TestEveryActionIsKnown(t *testing.T) {
	constants := map[string]string{}
	for _, file := range sources(t) {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
							constants[name.Name], _ = strconv.Unquote(lit.Value)
						}
					}
				}
			}
			return true
		})
	}
	found := map[string]bool{}
	for _, file := range sources(t) {
		written(t, file, constants, found)
	}
	known := map[string]bool{}
	for _, a := range consult.AuditActions() {
		if known[a.Name] || !actionName.MatchString(a.Name) || !slices.Contains(consult.AuditKinds(), a.Kind) {
			t.Errorf("%+v is there twice, or has no kind", a)
		}
		known[a.Name] = true
		prefix := a.Noun() + "."
		if !found[a.Name] && !found[prefix] {
			t.Errorf("%s is never written", a.Name)
		}
	}
	for name := range found {
		if !known[name] && !strings.HasSuffix(name, ".") {
			t.Errorf("%s is written into the log and not in AuditActions: what kind is it?", name)
		}
	}
	if len(found) < 40 {
		t.Errorf("only %d actions found: the search is broken", len(found))
	}
	for _, noun := range consult.AuditNouns() {
		if !slices.ContainsFunc(consult.AuditActions(), func(a consult.AuditAction) bool { return a.Noun() == noun }) {
			t.Errorf("no action is about %s", noun)
		}
	}
}
