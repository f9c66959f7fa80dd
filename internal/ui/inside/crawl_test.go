package inside_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"
	"golang.org/x/net/html"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/uitest"
)

// links lists where a page leads within the service, without fragments.
func links(t testing.TB, a *uitest.Answer) []string {
	t.Helper()
	var out []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "a" {
			href, _, _ := strings.Cut(uitest.Attr(n, "href"), "#")
			if strings.HasPrefix(href, "?") {
				path, _, _ := strings.Cut(a.Path, "?")
				href = path + href
			}
			if strings.HasPrefix(href, "/") {
				out = append(out, href)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(a.Doc(t))
	return out
}

// crawl follows every link that a person is shown, from their first page on. Each must lead somewhere they may go, and each
// page must be sound. It returns the paths that it saw.
func crawl(t *testing.T, b *uitest.Browser, first string) []string {
	t.Helper()
	seen := map[string]bool{first: true}
	queue := []string{first}
	var out []string
	entries := 0
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		a := b.Peek(path)
		out = append(out, path)
		if a.Status == 303 || a.Status == 302 {
			a = b.Get(path)
		}
		if a.Status != 200 {
			t.Errorf("%s: a link leads to %d", path, a.Status)
			continue
		}
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		a.Sound(t)
		for _, l := range links(t, a) {
			entry := strings.Contains(l, "/office/audit/entries/") || strings.Contains(l, "/office/audit?") // one is like another
			if !seen[l] && len(seen) < 1500 && (!entry || entries < 60) {
				seen[l] = true
				if entry {
					entries++
				}
				queue = append(queue, l)
			}
		}
	}
	return out
}

// fingerprint is a hash over everything stored but the audit log and the sessions, which a GET may write.
func fingerprint(t testing.TB, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	check(t, err)
	if len(files) < 3 {
		t.Fatalf("databases: %v", files)
	}
	out := map[string]string{}
	for _, file := range files {
		db, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
		check(t, err)
		tables := column(t, db, `select name from sqlite_master where type = 'table' order by name`)
		for _, table := range tables {
			if slices.Contains([]string{"audit_event", "session", "writer_turn"}, table) {
				continue
			}
			h := sha256.New()
			for _, row := range column(t, db, fmt.Sprintf(`select %s from %q order by 1`, columns(t, db, table), table)) {
				h.Write([]byte(row + "\n"))
			}
			out[filepath.Base(file)+"/"+table] = hex.EncodeToString(h.Sum(nil))
		}
		check(t, db.Close())
	}
	return out
}

// columns joins every column of a table into one text.
func columns(t testing.TB, db *sql.DB, table string) string {
	t.Helper()
	var parts []string
	for _, name := range column(t, db, fmt.Sprintf(`select name from pragma_table_info(%q) order by cid`, table)) {
		parts = append(parts, fmt.Sprintf("quote(%q)", name))
	}
	return strings.Join(parts, " || '|' || ")
}

func column(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	check(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		check(t, rows.Scan(&s))
		out = append(out, s)
	}
	check(t, rows.Err())
	return out
}

// TestLinksLeadSomewhereAndGetsChangeNothing has every role follow every link it is shown, in both languages.
func TestLinksLeadSomewhereAndGetsChangeNothing(t *testing.T) {
	w := fullWorld(t)
	w.Clock.Move(w.closed.ClosesAt.Add(-1))
	w.closeOne(t)
	browsers := map[consult.Role]*uitest.Browser{}
	for _, role := range consult.Roles() {
		browsers[role] = w.signIn(t, role)
	}
	before := fingerprint(t, w.Dir)
	total := 0
	for _, role := range consult.Roles() {
		home := "/office"
		if role == consult.PartnerUser {
			home = "/partner"
		}
		seen := crawl(t, browsers[role], home)
		total += len(seen)
		welsh := slices.ContainsFunc(seen, func(p string) bool { return strings.HasPrefix(p, "/cy/office/") || strings.HasPrefix(p, "/cy/partner") })
		if !welsh {
			t.Errorf("%s never came to a Welsh page", role)
		}
	}
	after := fingerprint(t, w.Dir)
	for table, hash := range before {
		if after[table] != hash {
			t.Errorf("a GET changed %s", table)
		}
	}
	if total < 400 {
		t.Errorf("only %d pages were seen: the crawl is broken", total)
	}
	t.Logf("%d pages", total)
}

// TestEmptyOfficeIsSound visits what there is before anything has been made: empty states in both languages.
func TestEmptyOfficeIsSound(t *testing.T) {
	w := newWorld(t)
	for _, role := range consult.Roles() {
		home := "/office"
		if role == consult.PartnerUser {
			home = "/partner"
		}
		crawl(t, w.signIn(t, role), home)
	}
}
