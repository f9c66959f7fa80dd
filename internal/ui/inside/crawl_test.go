package inside_test

import (
	"net/http"
	"strings"
	"testing"

	"folkmoot/internal/consult"
)

func TestSmoke(t *testing.T) {
	w := newWorld(t).full(t)
	for _, role := range consult.Roles() {
		b := w.signIn(t, role)
		for _, r := range w.Kit.All() {
			if r.Method != http.MethodGet || r.Area == "public" {
				continue
			}
			for _, con := range []*consult.Consultation{w.draft, w.open, w.closed} {
				path := strings.NewReplacer("/consultations/:id", "/consultations/"+con.ID, "/agreements/:id", "/agreements/"+w.agreement.ID,
					"/staff/:id", "/staff/"+w.staff[consult.Researcher].ID, ":section", "first", "/preview/respond/:question", "/preview/respond/satisfied", ":question", "satisfied", "/purposes/:n", "/purposes/1", ":n", "new").Replace(r.Path)
				for _, lang := range []string{"", "/cy"} {
					a := b.Peek(lang + path)
					if a.Status >= 500 {
						t.Errorf("%s %s: %d", role, lang+path, a.Status)
					}
					if a.Status == 200 && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
						a.Sound(t)
					}
				}
			}
		}
	}
	for _, line := range strings.Split(w.Log.String(), "\n") {
		if strings.Contains(line, "level=ERROR") {
			t.Log(line)
		}
	}
}
