package dpo_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// opened is every seal of every register, opened.
func (w *world) opened(t *testing.T) string {
	t.Helper()
	var entries []*privacy.Entry
	ok(t, w.Service.Store.View(t.Context(), func(r consult.Reader) error {
		for _, register := range privacy.Registers() {
			open, err := r.OpenEntries(register)
			if err != nil {
				return err
			}
			ended, err := r.EndedEntries(register, consult.EveryEntry)
			if err != nil {
				return err
			}
			entries = append(append(entries, open...), ended...)
		}
		return nil
	}))
	var all strings.Builder
	for _, e := range entries {
		plain, err := w.Service.OpenRecord(t.Context(), e.ID, e.Sealed, consult.EntryPlace(e.ID))
		ok(t, err)
		all.Write(plain)
	}
	return all.String()
}

// rewrite changes the sealed document of a request in place, as an earlier version of the service or a change of the text would have left it.
func (w *world) rewrite(t *testing.T, id string, change func(document string) string) (sealed []byte) {
	t.Helper()
	e := w.read(t, id).Entry
	plain, err := w.Service.OpenRecord(t.Context(), id, e.Sealed, consult.EntryPlace(id))
	ok(t, err)
	e.Sealed, err = w.Service.SealRecord(t.Context(), id, []byte(change(string(plain))), consult.EntryPlace(id))
	ok(t, err)
	ok(t, w.Service.Store.Update(t.Context(), func(tx consult.Writer) error {
		copied := e
		if err := tx.UpdateEntry(&copied); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(robot, "test.rewrite", "request:"+id))
	}))
	return e.Sealed
}

// marked makes a request about the world's response, with a passage of it left out.
func (w *world) marked(t *testing.T) (id string) {
	t.Helper()
	c, err := w.desk.Receive(t.Context(), privacy.Request{Kind: privacy.AskAccess}, w.code, "n")
	ok(t, err)
	ok(t, w.desk.Redact(t.Context(), officer, c.Entry.ID, c.Entry.Version, []privacy.Passage{{Words: markedText, Ground: "third_party", Reason: "About a neighbour"}}))
	if got := w.copies(t, c.Entry.ID, locale.English); strings.Contains(got, markedText) || strings.Count(got, "About a neighbour") < 3 {
		t.Fatalf("the passage is not left out: %s", got)
	}
	return c.Entry.ID
}

// TestNoWordsInRequests: UK GDPR art. 5(1)(c) and (e), 17(1): however a response goes, no word of it is left, in no seal of a register either.
func TestNoWordsInRequests(t *testing.T) {
	for _, row := range []struct {
		why  string
		gone func(t *testing.T, w *world, id string) *world
	}{
		{"while the response is there, it alone holds its words", func(_ *testing.T, w *world, _ string) *world { return w }},
		{"withdrawn by its person (art. 7(3), 17(1)(b))", func(t *testing.T, w *world, _ string) *world {
			ok(t, w.Service.WithdrawResponse(t.Context(), w.code))
			return w
		}},
		{"erased by an officer (art. 17(1))", func(t *testing.T, w *world, id string) *world {
			ok(t, w.desk.Erase(t.Context(), officer, id, w.read(t, id).Entry.Version))
			return w
		}},
		{"disposed of when its time is over (art. 5(1)(e))", func(t *testing.T, w *world, _ string) *world {
			w.Clock.Move(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Years: 8}))
			if n, err := w.Service.DisposeResponses(t.Context()); n != 1 || err != nil {
				t.Fatalf("disposed of %d, %v", n, err)
			}
			return w
		}},
		{"erased anew in a copy that was put back (decision 43)", func(t *testing.T, w *world, _ string) *world {
			back, _ := w.reopened(t)
			ok(t, w.Service.WithdrawResponse(t.Context(), w.code))
			list, err := os.ReadFile(w.Dir + ".erased")
			ok(t, err)
			ok(t, os.WriteFile(back.Dir+".erased", list, 0o600))
			back.on(t, back.Store, back.Store)
			done, err := back.Service.ReplayErasures(t.Context(), time.Time{})
			if err != nil || done.None() {
				t.Fatalf("replayed %+v, %v", done, err)
			}
			return back
		}},
	} {
		w := newWorld(t)
		w.on(t, w.Store, w.Store)
		id := w.marked(t)
		w = row.gone(t, w, id)
		all := w.opened(t)
		if !strings.Contains(all, `"kind":"access"`) {
			t.Fatalf("%s: the request was not opened: the test would prove nothing", row.why)
		}
		if strings.Contains(all, markedText) {
			t.Errorf("%s: the request holds the words: %s", row.why, all)
		}
		if left := w.find(t, markedText); len(left) > 0 {
			t.Errorf("%s: in the files: %v", row.why, left)
		}
	}
}

// TestChangedTextIsLeftOutWholly: DPA 2018 Sch. 2 para. 16: places in another text say nothing, so all of it is left out, until the officer has looked again.
func TestChangedTextIsLeftOutWholly(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id := w.marked(t)
	gaps := func() []privacy.Gap {
		t.Helper()
		c, all, err := w.desk.Copy(ctx, officer, id)
		ok(t, err)
		out, err := w.desk.Gaps(ctx, c, all)
		ok(t, err)
		return out
	}
	if g := gaps(); len(g) != 1 || g[0].Whole || g[0].Passages(markedText)[0] != markedText {
		t.Fatalf("the officer sees of the passage %+v", g)
	}
	mark := w.read(t, id).Request.Redactions[0].Mark
	w.rewrite(t, id, func(d string) string { // as if the passage had been marked in another text, and at another place
		return strings.Replace(strings.Replace(d, mark, strings.Repeat("0", len(mark)), 1), `"start":0,"length":18`, `"start":2,"length":3`, 1)
	})
	if g := gaps(); len(g) != 1 || !g[0].Whole {
		t.Errorf("nobody is told: %+v", g)
	}
	if got := w.copies(t, id, locale.English); strings.Contains(got, markedText[:5]) || strings.Contains(got, markedText[5:]) {
		t.Errorf("a part of the text is in the copy: %s", got)
	}
	ok(t, w.desk.Restore(ctx, officer, id, w.read(t, id).Entry.Version, gaps()[0].Number))
	ok(t, w.desk.Redact(ctx, officer, id, w.read(t, id).Entry.Version, []privacy.Passage{{Words: markedText, Ground: "third_party", Reason: "About a neighbour"}}))
	if g := gaps(); len(g) != 1 || g[0].Whole {
		t.Errorf("marked anew: %+v", g)
	}
}

// TestMarkOfAnotherText: a mark is of one text of one response.
func TestMarkOfAnotherText(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	second := w.another(t, markedText)
	marks := func(id, question, text string) string {
		t.Helper()
		m, err := w.Service.TextMarks(ctx, id, map[string]string{question: text})
		ok(t, err)
		return m[question]
	}
	mine := marks(w.id, "why_not", markedText)
	for _, row := range []struct{ why, got string }{
		{"another text", marks(w.id, "why_not", markedText+".")},
		{"of another question", marks(w.id, "more", markedText)},
		{"of another response", marks(second, "why_not", markedText)},
	} {
		if row.got == mine || row.got == "" {
			t.Errorf("%s has the same mark, or none", row.why)
		}
	}
	if again := marks(w.id, "why_not", markedText); again != mine {
		t.Error("the same text has another mark")
	}
	ok(t, w.Service.WithdrawResponse(ctx, w.code))
	if m, err := w.Service.TextMarks(ctx, w.id, map[string]string{"why_not": markedText}); !fault.Is(err, fault.NotFound) {
		t.Errorf("art. 17: a guess can be tested after the response is gone: %v, %v", m, err)
	}
}

// TestOlderRequestsForgetWords: what an earlier version stored of a respondent's words is taken out, bytes included, and nothing that it left out comes into a
// copy by that.
func TestOlderRequestsForgetWords(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id := w.marked(t)
	w.another(t, "Something else")
	old := w.rewrite(t, id, func(d string) string {
		var document map[string]any
		ok(t, json.Unmarshal([]byte(d), &document))
		document["redactions"] = []map[string]string{{"response": w.id, "question": "why_not", "passage": markedText, "ground": "third_party", "reason": "About a neighbour"}}
		out, err := json.Marshal(document)
		ok(t, err)
		return string(out)
	})
	if !strings.Contains(w.opened(t), markedText) || len(w.find(t, string(old[60:120]))) == 0 {
		t.Fatal("the words are not in the request before: the test would prove nothing")
	}
	if got := w.copies(t, id, locale.English); strings.Contains(got, markedText) {
		t.Errorf("before it is rewritten the copy has the passage: %s", got)
	}
	if n, err := w.desk.ForgetWords(ctx); n != 1 || err != nil {
		t.Fatalf("rewritten %d, %v", n, err)
	}
	if strings.Contains(w.opened(t), markedText) {
		t.Error("the request has the words still")
	}
	if left := w.find(t, string(old[60:120])); len(left) > 0 {
		t.Errorf("what was sealed before is left in the files: %d", len(left))
	}
	if got := w.copies(t, id, locale.English); strings.Contains(got, markedText) || strings.Count(got, "About a neighbour") < 3 {
		t.Errorf("after it was rewritten: %s", got)
	}
	if log := w.audit(t); strings.Count(log, "request.forget") != 1 {
		t.Errorf("the log says %s", log)
	}
	if n, err := w.desk.ForgetWords(ctx); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}
