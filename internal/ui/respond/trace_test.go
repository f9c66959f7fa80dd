package respond_test

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"
)

// TestAJourneyLeavesNothingOfItselfInTheLog goes the whole way over HTTP, and searches every column of the audit log for what was typed and
// for what names the response: postcode, free text, choices, code, reference.
func TestAJourneyLeavesNothingOfItselfInTheLog(t *testing.T) {
	w := world(t)
	b := w.Browser(t)
	answer(t, b, "")
	b.Submit("")
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	b.Submit("", "consent", "agree")
	b.Submit("", "age_band", "35_44")
	b.Submit("")
	b.Submit("", "health_conditions", "yes")
	b.Submit("", "day_to_day_activities", "yes_a_lot")
	reference, code := confirmed(t, b)
	other := w.Browser(t)
	other.Get("/your-response")
	other.Submit("", "code", "WRONG-CODE-"+code[:9])
	open(t, other, code)
	at(t, other, "/your-response/held", http.StatusOK)
	secrets := []string{"wm1 1aa", "wm11aa", "abbots", "too far away", "the café", "longer hours", "very_satisfied", "35_44", "yes_a_lot", reference, code, strings.ReplaceAll(code, "-", ""), "WRONG-CODE", "192.0.2", "0.0.0.0"}
	for _, r := range responses(t, w, "library") {
		secrets = append(secrets, r.ID, r.TokenHash, r.CodeHash)
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.Dir, "main.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`select at || ' ' || actor_kind || ' ' || actor_id || ' ' || action || ' ' || object || ' ' || detail from audit_event`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	actions := ""
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		actions += text + "\n"
		for _, s := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
				t.Errorf("the log holds %q: %s", s, text)
			}
		}
	}
	for _, action := range []string{"response.submit", "consent.given", "equality.save", "code.unknown", "response.open"} {
		if !strings.Contains(actions, action) {
			t.Errorf("%s is not in the log: the journey did not go the whole way", action)
		}
	}
}
