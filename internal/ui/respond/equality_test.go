package respond_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/uitest"
)

// gated is a browser at the gate of a stored response.
func gated(t testing.TB, w *uitest.World) *uitest.Browser {
	t.Helper()
	b := w.Browser(t)
	b.Get("/c/library/respond")
	b.Submit("", "satisfied", "very_satisfied")
	b.Get("/c/library/respond/check")
	b.Submit("")
	at(t, b, "/c/library/equality", http.StatusOK)
	return b
}

// consented is a browser at the first equality question.
func consented(t testing.TB, w *uitest.World) *uitest.Browser {
	t.Helper()
	b := gated(t, w)
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	b.Submit("", "consent", "agree")
	at(t, b, "/c/library/equality/age_band", http.StatusOK)
	return b
}

func TestGateAndConsentNeedAChoice(t *testing.T) {
	w := world(t)
	b := gated(t, w)
	for _, fields := range [][]string{nil, {"equality", "perhaps"}, {"equality", "yes", "equality", "no"}} {
		b.Submit("", fields...)
		at(t, b, "/c/library/equality", http.StatusUnprocessableEntity)
		has(t, b, "Select whether you want to answer the equality questions")
	}
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	for _, fields := range [][]string{nil, {"consent", "yes"}, {"consent", "agree", "consent", "refuse"}, {"consent", "agree", "consent", "agree"}} {
		b.Submit("", fields...)
		at(t, b, "/c/library/equality/consent", http.StatusUnprocessableEntity)
		has(t, b, "Select whether you consent")
	}
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles", n)
	}
	b.Get("/c/library/done")
	has(t, b, "You skipped the equality questions")
}

func TestRefusedConsentStoresNoEqualityAnswer(t *testing.T) {
	w := world(t)
	b := gated(t, w)
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	b.Submit("", "consent", "refuse")
	confirmed(t, b)
	has(t, b, "You did not consent")
	b.Get("/c/library/equality/age_band")
	at(t, b, "/c/library/equality/consent", http.StatusOK)
	_, fields := b.Form("")
	fields.Set("age_band", "35_44")
	a := b.Send("/c/library/equality/age_band", fields)
	if a.Status != http.StatusForbidden || profiles(t, w, "library") != 0 {
		t.Errorf("status %d, %d profiles: an answer without consent must be refused (UK GDPR art. 9(2)(a))", a.Status, profiles(t, w, "library"))
	}
	a.Sound(t)
	if n := len(responses(t, w, "library")); n != 1 {
		t.Errorf("%d responses: a refusal has no detriment (privacy.md 3.1)", n)
	}
}

func TestStatementThatChangedIsNotAgreedTo(t *testing.T) {
	w := world(t)
	b := gated(t, w)
	b.Submit("", "equality", "yes")
	b.Submit("", "over", "yes")
	path, fields := b.Form("")
	fields.Set("consent", "agree")
	for _, hash := range []string{"", "0000", strings.Repeat("a", 64)} {
		fields.Set("statement", hash)
		if a := b.Send(path, fields); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("hash %q: status %d, want 422", hash, a.Status)
		}
		has(t, b, "The statement has changed since you opened this page")
	}
	b.Get("/c/library/equality/age_band")
	at(t, b, "/c/library/equality/consent", http.StatusOK)
}

// TestStraightPosts: equality answers posted straight to the server with consent absent, refused, withdrawn or for another
// consultation are rejected and nothing is written (issue: The resident).
func TestStraightPosts(t *testing.T) {
	w := world(t)
	w.Publish(t, "other", uitest.Everything, nil)
	for _, row := range []struct {
		name  string
		begin func() *uitest.Browser
		path  string
	}{
		{"no response", func() *uitest.Browser { b := w.Browser(t); b.Get("/c/library/respond"); return b }, "/c/library/equality/sex"},
		{"never asked", func() *uitest.Browser { return gated(t, w) }, "/c/library/equality/sex"},
		{"refused", func() *uitest.Browser {
			b := gated(t, w)
			b.Submit("", "equality", "yes")
			b.Submit("", "over", "yes")
			b.Submit("", "consent", "refuse")
			b.Get("/c/library/equality")
			return b
		}, "/c/library/equality/sex"},
		{"withdrawn on the consent page", func() *uitest.Browser {
			b := consented(t, w)
			b.Get("/c/library/equality/consent")
			has(t, b, "You consented on")
			b.Submit("", "consent", "refuse")
			has(t, b, "You withdrew your consent")
			b.Get("/c/library/equality")
			return b
		}, "/c/library/equality/sex"},
		{"for another consultation", func() *uitest.Browser { return consented(t, w) }, "/c/other/equality/sex"},
		{"no session", func() *uitest.Browser {
			b := consented(t, w)
			b.Forget()
			b.Page.Path = "/c/library/equality/sex"
			return b
		}, "/c/library/equality/sex"},
	} {
		b := row.begin()
		before := profiles(t, w, "library") + profiles(t, w, "other")
		_, fields := b.Form("")
		fields.Set("sex", "female")
		a := b.Send(row.path, fields)
		if a.Status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", row.name, a.Status)
		}
		a.Sound(t)
		if after := profiles(t, w, "library") + profiles(t, w, "other"); after != before {
			t.Errorf("%s: %d profiles before, %d after", row.name, before, after)
		}
	}
}

func TestEqualityQuestionsAreOptionalAndChecked(t *testing.T) {
	w := world(t)
	b := consented(t, w)
	b.Submit("", "age_band", "ancient")
	at(t, b, "/c/library/equality/age_band", http.StatusUnprocessableEntity)
	b.Submit("") // blank: no "select an answer" error (README, point 2)
	at(t, b, "/c/library/equality/sex", http.StatusOK)
	if n := profiles(t, w, "library"); n != 0 {
		t.Errorf("%d profiles for a blank answer", n)
	}
	b.Submit("", "sex", "prefer_not_to_say")
	b.Submit("", "health_conditions", "no") // routing: the second step is not asked
	confirmed(t, b)
	b.Get("/c/library/equality/day_to_day_activities")
	at(t, b, "/c/library/equality/age_band", http.StatusOK)
	b.Get("/c/library/equality/sex")
	if !strings.Contains(b.Page.Body, `value="prefer_not_to_say" checked`) {
		t.Error("the stored answer is not shown again")
	}
	b.Get("/c/library/equality/salary")
	at(t, b, "/c/library/equality/salary", http.StatusNotFound)
}

// TestEqualityAnswersAreNotInTheMainDatabase searches the files for an answer's code after a whole equality section.
func TestEqualityAnswersAreNotInTheMainDatabase(t *testing.T) {
	w := world(t)
	b := consented(t, w)
	b.Submit("", "age_band", "85_over")
	b.Submit("", "sex", "female")
	files, err := filepath.Glob(filepath.Join(w.Dir, "*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		// The published survey names every option; an answer is a list of codes.
		if bytes.Contains(raw, []byte(`["85_over"]`)) || bytes.Contains(raw, []byte(`["female"]`)) {
			t.Errorf("%s holds an equality answer in clear", filepath.Base(f))
		}
	}
}

// What is written beside an equality option is looked through before it is stored; it is taken as it is when it is sent again (councils.md S1-2: warn, no block).
func TestEqualityWriteInIsLookedThrough(t *testing.T) {
	for _, row := range []struct {
		why, text string
		warns     string
	}{
		{"a telephone number", "Ring 07700 900123", "a telephone number"},
		{"an address", "gwen@resident.example", "an e-mail address"},
		{"nothing that tells who somebody is", "Jedi since 1977", ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := uitest.New(t)
			public.Register(w.Kit, w.Service)
			respond.Register(w.Kit, w.Service)
			w.Publish(t, "library", strings.Replace(uitest.Everything, "[age_band, sex, disability]", "[age_band, religion]", 1), nil)
			b := consented(t, w)
			b.Submit("", "age_band", "35_44")
			at(t, b, "/c/library/equality/religion", http.StatusOK)
			before := sealed(t, w)
			b.Submit("", "religion", "other", "religion-other-text", row.text)
			if row.warns != "" {
				at(t, b, "/c/library/equality/religion", http.StatusOK)
				has(t, b, "This answer seems to hold "+row.warns)
				if !strings.Contains(b.Page.Body, row.text) || strings.Contains(b.Page.Body, "govuk-error") {
					t.Error("what was typed is there to be changed, and it is no error")
				}
				b.Page.Sound(t)
				if !bytes.Equal(sealed(t, w), before) {
					t.Error("it is stored before the person decided")
				}
				if inFiles(t, w, row.text) {
					t.Error("the text is in a file")
				}
				b.Submit("", "religion", "other", "religion-other-text", row.text)
			}
			at(t, b, "/c/library/done", http.StatusOK)
			if bytes.Equal(sealed(t, w), before) {
				t.Error("it is not stored")
			}
			if inFiles(t, w, row.text) {
				t.Error("the text is in a file")
			}
			b.Get("/c/library/equality/religion")
			if b.Submit("", "religion", "other", "religion-other-text", row.text); b.Page.Path != "/c/library/done" {
				t.Errorf("told once more of what was sent as it is: %s", b.Page.Path)
			}
		})
	}
}

// sealed are the equality answers of the one respondent, as they lie in their store.
func sealed(t *testing.T, w *uitest.World) (out []byte) {
	t.Helper()
	if err := w.Store.Equality().EveryProfile(t.Context(), func(p *consult.EqualityProfile) error { out = p.Sealed; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// inFiles reports whether a text lies in any file of the data directory, that of the sessions included.
func inFiles(t *testing.T, w *uitest.World, text string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(content, []byte(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
