//go:build !race

package main

import (
	"database/sql"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/internal/store/pgtest"
	"folkmoot/surveys"
)

// TestScenarioOnPostgreSQL starts the program on PostgreSQL and goes the main ways: reading without signing in, a response with consent and its
// withdrawal, and the draft of a release.
func TestScenarioOnPostgreSQL(t *testing.T) {
	database := pgtest.Database(t)
	p := startProgram(t, filepath.Join(t.TempDir(), "data"), "--demo", "--database-url", database)
	anybody := newBrowser(p.URL, nil)
	for _, path := range []string{"/", "/cy", "/?q=library", "/privacy", "/cookies", "/accessibility", "/help", "/your-response", "/sign-in", "/c/" + openSurvey(t, p)} {
		if d, err := anybody.get(path); err != nil || d.Status != http.StatusOK {
			t.Errorf("%s answers %d: %v", path, d.Status, err)
		}
	}
	researcher := signedIn(t, p, "researcher@wealdmere.example")
	slug, home := publishSurvey(t, researcher, signedIn(t, p, "dpo@wealdmere.example"))
	units := surveys.DemoGeography()
	respond := func(i int, equality string) (*browser, taken) {
		t.Helper()
		rng := rand.New(rand.NewPCG(2026, uint64(i)))
		who := person{equality: equality, answer: func(question string, f form) url.Values {
			if asked := f.Names("radio"); len(asked) > 0 && strings.Contains(f.Action, "/equality/") {
				return url.Values{asked[0]: f.Options(asked[0])[:1]}
			}
			return scenarioAnswer(rng, question, f, units, map[string]string{})
		}}
		b := newBrowser(p.URL, nil)
		got, err := b.takePart(slug, who)
		if err != nil || got.Reference == "" || got.Code == "" {
			t.Fatalf("response %d: reference %q: %v", i, got.Reference, err)
		}
		return b, got
	}
	before := rowsIn(t, database, "folkmoot_equality.profile")
	_, got := respond(0, "give")
	if n := rowsIn(t, database, "folkmoot_equality.profile"); n != before+1 {
		t.Fatalf("%d equality profiles after one more consent, want %d", n, before+1)
	}
	withdrawByCode(t, newBrowser(p.URL, nil), got.Code)
	if n := rowsIn(t, database, "folkmoot_equality.profile"); n != before {
		t.Errorf("%d equality profiles after the withdrawal, want %d", n, before)
	}
	for i := 1; i <= 40; i++ {
		respond(i, []string{"give", "refuse", "skip"}[i%3])
	}
	release := proposeRelease(t, researcher, home)
	if d, err := researcher.get("/office/releases/" + release); err != nil || d.Status != http.StatusOK || !strings.Contains(d.Body, "[c]") {
		t.Errorf("the draft of the release answers %d and hides something: %v", d.Status, err)
	}
	if code := p.stop(); code != 0 {
		t.Errorf("the program ended with %d:\n%s", code, p.out)
	}
	var out output
	if code := run(t.Context(), []string{"check", "--data", p.Data, "--database-url", database}, &out, &out); code != 0 {
		t.Errorf("check after it: %d\n%s", code, out.String())
	}
}

// withdrawByCode withdraws consent as somebody does who has only the code.
func withdrawByCode(t *testing.T, b *browser, code string) {
	t.Helper()
	d := fillIn(t, b, "/your-response", url.Values{"code": {code}}, "code")
	if !strings.HasSuffix(d.Path, "/your-response/held") {
		t.Fatalf("the code leads to %s", d.Path)
	}
	if d = sendTo(t, b, d, "/withdraw-consent", nil); !strings.HasSuffix(d.Path, "/withdraw-consent") {
		t.Errorf("withdrawing leads to %s: %s", d.Path, d.heading())
	}
}

func rowsIn(t *testing.T, database, table string) (n int) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), `select count(*) from `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
