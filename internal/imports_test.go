package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// importMap is the import map of the program: package (and all below it) to the packages of ours it may import.
// A new row or edge is a deliberate change: say why beside it.
var importMap = map[string]struct {
	purpose string
	may     []string
	pure    bool // no I/O: neither files, network nor database
}{
	"internal/fault":            {"error kinds", nil, true},
	"internal/locale":           {"English and Welsh", []string{"internal/fault"}, true},
	"internal/analysis":         {"what the answers say", []string{"internal/fault"}, true},
	"internal/disclosure":       {"what may be shown", []string{"internal/fault"}, true},
	"internal/disclosure/proof": {"what a release is checked against", []string{"internal/fault", "internal/disclosure", "internal/disclosure/verify"}, true}, // protection and verifier know nothing of each other
	"internal/seal":             {"all cryptography", []string{"internal/fault"}, false},                                                                      // reads and writes the master key file
	"internal/survey":           {"what is asked", []string{"internal/fault", "internal/locale"}, true},                                                       // texts are bilingual
	"internal/privacy":          {"why we may hold it", []string{"internal/fault", "internal/locale", "internal/seal"}, true},
	"internal/consult": {"what the council runs", []string{"internal/fault", "internal/locale", "internal/seal", "internal/survey",
		"internal/privacy", "internal/analysis", "internal/disclosure"}, true},
	"internal/dpo": {"what the data protection officer does", []string{"internal/consult", "internal/privacy", "internal/survey", "internal/locale",
		"internal/seal", "internal/fault"}, true},
	"internal/export": {"everything that leaves as a file", []string{"internal/consult", "internal/privacy", "internal/analysis",
		"internal/disclosure", "internal/survey", "internal/locale", "internal/fault"}, true},
	"internal/plain": {"protecting files that never saw the service", []string{"internal/fault", "internal/disclosure"}, true},
	"internal/store": {"both databases, one SQL", []string{"internal/consult", "internal/privacy", "internal/survey", "internal/locale",
		"internal/fault", "migrations", "internal/store", "internal/disclosure/noise"}, false}, // its conformance tests spend privacy in exact fractions
	"internal/backup": {"what can be brought back, and what must not come back", []string{"internal/consult", "internal/seal", "internal/fault"}, false}, // keys of generations, the list of erasures and sealed copies are files outside the databases
	"internal/ui": {"everything that speaks HTTP and HTML", []string{"internal/consult", "internal/dpo", "internal/privacy", "internal/survey",
		"internal/export", "internal/analysis", "internal/locale", "internal/fault", "web", "surveys", "internal/ui"}, false},
	"internal/demo": {"the demonstration world", []string{"internal/consult", "internal/dpo", "internal/privacy", "internal/survey", "internal/locale",
		"internal/fault", "surveys"}, true},
	"cmd":        {"the one program", []string{"internal", "web", "surveys", "migrations"}, false},
	"surveys":    {"questions and standard surveys as data", []string{"internal/survey", "internal/locale"}, true}, // parsed once, where they lie
	"migrations": {"schema as data", nil, true},
	"web":        {"templates and assets as data", nil, true},
}

var ioImports = []string{"os", "os/exec", "net", "net/http", "database/sql", "syscall", "io/ioutil", "github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp"}

// uiForbidden may not be imported below internal/ui: the interface goes through the service.
var uiForbidden = []string{"database/sql", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx/v5"}

func rowFor(dir string) string {
	best := ""
	for row := range importMap {
		if (dir == row || strings.HasPrefix(dir, row+"/")) && len(row) > len(best) {
			best = row
		}
	}
	return best
}

func TestImportMap(t *testing.T) {
	fset := token.NewFileSet()
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, _ := filepath.Rel("..", path)
		dir := filepath.ToSlash(filepath.Dir(rel))
		if strings.HasSuffix(dir, "test") { // storetest and the like: test support, imported by tests only
			return nil
		}
		row := rowFor(dir)
		if row == "" {
			t.Errorf("%s: package %s is not in the import map", rel, dir)
			return nil
		}
		seen++
		file, err := parser.ParseFile(fset, path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if importMap[row].pure && slices.Contains(ioImports, imported) {
				t.Errorf("%s: %s is pure and may not import %s", rel, row, imported)
			}
			if row == "internal/ui" && slices.Contains(uiForbidden, imported) {
				t.Errorf("%s: the interface may not import %s", rel, imported)
			}
			if row != "internal/seal" && strings.HasPrefix(imported, "golang.org/x/crypto") {
				t.Errorf("%s: all cryptography lies in internal/seal", rel)
			}
			ours, ok := strings.CutPrefix(imported, "folkmoot/")
			if !ok {
				continue
			}
			if strings.HasPrefix(ours, "cmd") || strings.HasSuffix(ours, "test") {
				t.Errorf("%s: may not import %s", rel, imported)
				continue
			}
			if !slices.ContainsFunc(importMap[row].may, func(m string) bool { return ours == m || strings.HasPrefix(ours, m+"/") }) {
				t.Errorf("%s: %s may not import %s", rel, row, ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 5 {
		t.Fatalf("only %d files seen: the walk is broken", seen)
	}
}
