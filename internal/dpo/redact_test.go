package dpo_test

import (
	"bytes"
	"strings"
	"testing"

	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// copies are the files that the person gets, with the language.
func (w *world) copies(t *testing.T, id string, lang locale.Lang) string {
	t.Helper()
	c, all, err := w.desk.Copy(t.Context(), officer, id)
	ok(t, err)
	council, err := w.Service.Council(t.Context())
	ok(t, err)
	gaps, err := w.desk.Gaps(t.Context(), c, all)
	ok(t, err)
	s := export.Subject{Everything: all, Council: council, Lang: lang, At: w.Clock.Now(), Gaps: gaps}
	var out bytes.Buffer
	ok(t, export.SubjectJSON(&out, s))
	ok(t, export.SubjectCSV(&out, s))
	for _, l := range s.Lines() {
		out.WriteString(l.Answer + "\n")
	}
	return out.String()
}

// TestRedact: DPA 2018 Sch. 2 para. 16; councils.md S3-10: third-party data is not disclosed. What was written stays, and goes with the response.
func TestRedact(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	response := w.another(t, "I like it. Zzvanequill next door drinks. I do not.")
	id, version := w.entered(t, privacy.AskAccess, privacy.IdentityKnowledge)
	number, err := w.desk.Search(ctx, officer, id, version(), privacy.SubjectQuery{Words: "zzvanequill"})
	ok(t, err)
	ok(t, w.desk.Decide(ctx, officer, id, version(), number, response, privacy.VerdictTheirs, ""))
	if n := strings.Count(w.copies(t, id, locale.English), "Zzvanequill"); n != 3 {
		t.Fatalf("the name is in %d of the three copies before: the test would prove nothing", n)
	}
	x := privacy.Passage{Words: "Zzvanequill next door drinks.", Ground: "third_party", Reason: "About a neighbour"}
	for _, row := range []struct {
		why    string
		change func(*privacy.Passage)
	}{
		{"a passage that stands nowhere", func(x *privacy.Passage) { x.Words = "Zzvane never" }},
		{"a passage of another question", func(x *privacy.Passage) { x.Question = "member" }},
		{"no reason (privacy.md 5.5)", func(x *privacy.Passage) { x.Reason = "" }},
		{"no ground of the law", func(x *privacy.Passage) { x.Ground = "" }},
	} {
		wrong := x
		row.change(&wrong)
		if err := w.desk.Redact(ctx, officer, id, version(), []privacy.Passage{wrong}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	ok(t, w.desk.Redact(ctx, officer, id, version(), []privacy.Passage{x}))
	for lang, gap := range map[locale.Lang]string{locale.English: "I like it. [left out: ", locale.Welsh: "I like it. [wedi’i adael allan: "} {
		got := w.copies(t, id, lang)
		if strings.Contains(got, "Zzvanequill") || strings.Contains(got, "drinks") {
			t.Errorf("%s: what is about somebody else is in the copy: %s", lang, got)
		}
		if n := strings.Count(got, gap); n != 3 || !strings.Contains(got, "DPA 2018 Sch. 2 para. 16") || !strings.Contains(got, "About a neighbour") {
			t.Errorf("%s: the gap says why in %d of three copies: %s", lang, n, got)
		}
	}
	if _, all, err := w.desk.Copy(ctx, officer, id); err != nil || !strings.Contains(all.Response.Answers["more"].Text, "Zzvanequill") {
		t.Errorf("what was written has changed: %v", err)
	}
	ok(t, w.desk.Restore(ctx, officer, id, version(), 0))
	if got := w.copies(t, id, locale.English); !strings.Contains(got, "drinks") {
		t.Errorf("put back: %s", got)
	}
	ok(t, w.desk.Redact(ctx, officer, id, version(), []privacy.Passage{x}))
	if log := w.audit(t); strings.Contains(log, "Zzvanequill") || strings.Contains(log, "neighbour") {
		t.Error("a word about somebody is in the log")
	}
	ok(t, w.desk.Erase(ctx, officer, id, version()))
	if left := w.read(t, id).Request.Redactions; len(left) > 0 {
		t.Errorf("art. 17: the request says where passages of what was erased stood: %v", left)
	}
	if left := w.find(t, "Zzvanequill"); len(left) > 0 {
		t.Errorf("in the files: %v", left)
	}
}
