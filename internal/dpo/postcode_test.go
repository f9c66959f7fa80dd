package dpo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// lives is the answer of somebody who lives at the postcode.
func lives(w *world, postcode string) survey.Answer {
	g, err := w.Service.Geography(context.Background())
	if err != nil {
		panic(err)
	}
	return survey.Answer{Codes: []string{g.Postcodes[postcode]}, Text: postcode}
}

// movesTo corrects the postcode of the world's response.
func (w *world) movesTo(t *testing.T, postcode string) {
	t.Helper()
	ok(t, w.Service.Rectify(t.Context(), officer, w.planned(t, func(a survey.Answers) { a["home"] = lives(w, postcode) }), nothing))
}

// unpart stores the world's response, with what stood there before, as the service did when postcodes lay in the free text.
func (w *world) unpart(t *testing.T) {
	t.Helper()
	ctx, keys := t.Context(), w.Store.Keys()
	var r *consult.Response
	ok(t, w.Store.View(ctx, func(rd consult.Reader) (err error) { r, err = rd.Response(w.id); return err }))
	all := w.stays(t)
	seals := func(id string, content any, place []byte) []byte {
		plain, err := json.Marshal(content)
		ok(t, err)
		sealed, err := w.Service.SealRecord(ctx, id, plain, place)
		ok(t, err)
		return sealed
	}
	r.FreeText = seals(w.id, map[string]string{"why_not": all.Response.Answers["why_not"].Text, "home": all.Response.Answers["home"].Text}, seal.Place("response", w.id, "free_text"))
	r.Postcodes, r.Unparted = nil, true
	history := []consult.SealedCorrection{}
	for i, c := range all.Corrections {
		history = append(history, consult.SealedCorrection{Number: i + 1, Key: w.id + ".history", Sealed: seals(w.id+".history", c, seal.Place("response_history", w.id, string('1'+rune(i))))})
	}
	ok(t, w.Store.Update(ctx, func(tx consult.Writer) error {
		return errors.Join(tx.PartPostcodes(r, history), tx.Correct(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.unpart", "response:all")))
	}))
	words := []string{strings.ToLower(markedText), "wm1", "2ag", "postcode wm12ag"}
	ok(t, keys.SetWordTags(ctx, map[string]string{w.id: w.Service.Keys.WordTags(w.id, words)}))
	for _, id := range w.keys(t) {
		if id != w.id && id != w.id+".history" {
			ok(t, keys.DestroyNamed(ctx, []string{id}))
		}
	}
}

// search finds the world's response by what an officer types.
func (w *world) search(t *testing.T, words string) bool {
	t.Helper()
	f, err := w.Service.SearchSubject(t.Context(), officer, privacy.SubjectQuery{Words: words}, "")
	ok(t, err)
	return slices.ContainsFunc(f.Matches, func(m privacy.Match) bool { return m.Response == w.id })
}

// coarsen runs what is due once the postcodes' time is over.
func (w *world) coarsen(t *testing.T) {
	t.Helper()
	w.goes(t, privacy.ClassPostcodes)
	done, err := w.Service.RunRetention(t.Context(), robot)
	ok(t, err)
	if done.Postcodes != 1 || done.Certificates != 1 {
		t.Fatalf("coarsened: %+v", done)
	}
}

// The person's copy, the search and a correction have the postcode until it is coarsened, and the ward after (councils.md S0-2; UK GDPR art. 5(1)(c), 15, 16). Researchers have the
// ward alone, before and after.
func TestPostcodeIsCoarsened(t *testing.T) {
	for _, row := range []struct {
		why    string
		unpart bool
	}{{"sealed apart", false}, {"stored when it lay in the free text", true}} {
		w, ctx := keepingWorld(t), t.Context()
		w.movesTo(t, "WM1 2AG")
		if row.unpart {
			w.unpart(t)
		}
		researchers := func() {
			t.Helper()
			ok(t, w.Service.EachResponse(ctx, uitest.Researcher, w.c.ID, func(r *consult.Response) error {
				if a := r.Answers["home"]; a.Text != "" || len(a.Codes) != 1 || len(r.Postcodes)+len(r.FreeText) > 0 || r.HeldBack["home"] != nil {
					t.Errorf("%s: researchers read %+v, %v", row.why, a, r.HeldBack)
				}
				if r.Answers["why_not"].Text != markedText {
					t.Errorf("%s: and not the text: %v", row.why, r.Answers)
				}
				return nil
			}))
		}
		researchers()
		all := w.stays(t)
		if all.Response.Answers["home"].Text != "WM1 2AG" || len(all.Corrections) != 1 || all.Corrections[0].Before["home"].Text != "WM1 1AA" || all.Corrections[0].Reason != "x" {
			t.Errorf("%s: the copy has %+v, before %+v", row.why, all.Response.Answers["home"], all.Corrections)
		}
		if !w.search(t, "wm12ag") || !w.search(t, markedText+" WM1 2AG") || w.search(t, "WM1 1AA") {
			t.Errorf("%s: it is not found by its words, or by those that stood there before", row.why)
		}
		n, err := w.Service.PartPostcodes(ctx)
		ok(t, err)
		if row.unpart != (n == 1) {
			t.Errorf("%s: parted %d", row.why, n)
		}
		if n, err := w.Service.PartPostcodes(ctx); n != 0 || err != nil {
			t.Errorf("%s: parted twice: %d, %v", row.why, n, err)
		}
		if again := w.stays(t); again.Response.Answers["home"].Text != "WM1 2AG" || again.Corrections[0].Before["home"].Text != "WM1 1AA" || !w.search(t, markedText+" WM1 2AG") || w.named(t) {
			t.Errorf("%s: parted: %+v, %+v", row.why, again.Response.Answers, again.Corrections)
		}
		researchers()
		w.coarsen(t)
		all = w.stays(t)
		if a := all.Response.Answers["home"]; a.Text != "" || !slices.Equal(a.Codes, lives(w, "WM1 2AG").Codes) || all.Response.Answers["why_not"].Text != markedText {
			t.Errorf("%s: coarsened: %+v", row.why, all.Response.Answers)
		}
		if len(all.Corrections) != 1 || all.Corrections[0].Before["home"].Text != "" || !slices.Equal(all.Corrections[0].Before["home"].Codes, lives(w, "WM1 1AA").Codes) {
			t.Errorf("%s: coarsened: what stood there before: %+v", row.why, all.Corrections)
		}
		if w.search(t, "WM1 2AG") || w.search(t, markedText+" WM1 2AG") || w.found(t, "postcode wm12ag") || !w.search(t, markedText) {
			t.Errorf("%s: coarsened: it is found by the postcode, or no more by its text", row.why)
		}
		if keys := w.keys(t); slices.ContainsFunc(keys, func(id string) bool { return strings.Contains(id, ".postcode") }) || w.named(t) {
			t.Errorf("%s: coarsened: keys %v, or the check names something", row.why, keys)
		}
		researchers()
		if _, err := w.Service.TagTexts(ctx); err != nil || w.found(t, "postcode wm12ag") {
			t.Errorf("%s: its tags came back: %v", row.why, err)
		}
		var file bytes.Buffer
		if err := export.SubjectJSON(&file, export.Subject{Everything: all, Lang: locale.English}); err != nil || strings.Contains(file.String(), "WM1") {
			t.Errorf("%s: the file of the person has the postcode: %v", row.why, err)
		}
	}
}

// A ward is corrected after its postcode was coarsened, and the new postcode is not kept: its time is over (UK GDPR art. 5(1)(e), 16).
func TestRectifyCoarsened(t *testing.T) {
	w, ctx := keepingWorld(t), t.Context()
	w.coarsen(t)
	held, err := w.Service.Rectifiable(ctx, officer, w.id)
	ok(t, err)
	if _, kept := held.Kept["home"]; !kept {
		t.Errorf("the ward is not shown as it stands: %+v", held.Kept)
	}
	const away = "WM2 4AA"
	w.movesTo(t, away)
	all := w.stays(t)
	if a := all.Response.Answers["home"]; a.Text != "" || !slices.Equal(a.Codes, lives(w, away).Codes) || len(all.Corrections) != 1 || all.Corrections[0].Before["home"].Codes[0] != "abbots_cross" {
		t.Errorf("%+v, %+v", a, all.Corrections)
	}
	if keys := w.keys(t); slices.ContainsFunc(keys, func(id string) bool { return strings.Contains(id, ".postcode") }) {
		t.Errorf("keys %v", keys)
	}
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, func(a survey.Answers) {
		a["satisfied"] = survey.Answer{Codes: []string{"neither"}}
		delete(a, "home") // the page shows an empty field
	}), nothing))
	if all = w.stays(t); len(all.Corrections) != 2 || all.Response.Answers["home"].Codes[0] != lives(w, away).Codes[0] {
		t.Errorf("another answer: %+v, %+v", all.Response.Answers, all.Corrections)
	}
	if w.named(t) {
		t.Error("the check names something")
	}
}

// Somebody who gave no postcode and gives one after its time gets a ward, and the postcode is not kept (UK GDPR art. 5(1)(e), 16).
func TestRectifyAfterTheTimeOfPostcodes(t *testing.T) {
	w := worldOf(t, strings.Replace(uitest.Everything, "keep: ward", "keep: postcode", 1), nil)
	w.goes(t, privacy.ClassPostcodes)
	w.movesTo(t, "WM1 2AG")
	if a := w.stays(t).Response.Answers["home"]; a.Text != "" || !slices.Equal(a.Codes, lives(w, "WM1 2AG").Codes) {
		t.Errorf("%+v", a)
	}
	if keys := w.keys(t); slices.ContainsFunc(keys, func(id string) bool { return strings.Contains(id, ".postcode") }) {
		t.Errorf("keys %v", keys)
	}
}

// A correction that was planned before the postcode is coarsened is not made: nothing brings a destroyed key back.
func TestRectifyAcrossCoarsening(t *testing.T) {
	w, ctx := keepingWorld(t), t.Context()
	p := w.planned(t, func(a survey.Answers) { a["home"] = lives(w, "WM1 2AG") })
	w.coarsen(t)
	if err := w.Service.Rectify(ctx, officer, p, nothing); !fault.Is(err, fault.Conflict) {
		t.Errorf("%v", err)
	}
	w.swept(t)
	if a := w.stays(t).Response.Answers["home"]; a.Text != "" || a.Codes[0] != "abbots_cross" || w.named(t) {
		t.Errorf("%+v", a)
	}
}

// What stood there before goes each with its own: the postcode stays in the copy when the free text went, and the other way round.
func TestHistoryGoesApart(t *testing.T) {
	w, ctx := keepingWorld(t), t.Context()
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, func(a survey.Answers) {
		a["home"], a["why_not"] = lives(w, "WM1 2AG"), survey.Answer{Text: "Too far"}
	}), nothing))
	if c := w.stays(t).Corrections; len(c) != 1 || c[0].Before["home"].Text != "WM1 1AA" || c[0].Before["why_not"].Text != markedText {
		t.Fatalf("one correction: %+v", c)
	}
	w.textsGo(t)
	_, err := w.Service.RunRetention(ctx, robot)
	ok(t, err)
	all := w.stays(t)
	if a := all.Response.Answers; a["why_not"].Text != "" || a["home"].Text != "WM1 2AG" {
		t.Errorf("the free text went: %+v", a)
	}
	if c := all.Corrections; len(c) != 1 || c[0].Before["home"].Text != "WM1 1AA" || c[0].Reason != "" || c[0].Before["why_not"].Text != "" || w.named(t) {
		t.Errorf("the free text went: %+v", c)
	}
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, func(a survey.Answers) {
		a["satisfied"] = survey.Answer{Codes: []string{"neither"}}
		delete(a, "why_not") // the page shows an empty field
	}), nothing))
	if c := w.stays(t).Corrections; len(c) != 2 || c[1].Before["satisfied"].Codes[0] != "very_satisfied" {
		t.Errorf("a correction after it: %+v", c)
	}
}

// An older copy in which the postcode still lies in the free text loses it when the list of erasures is replayed, and nothing else.
func TestReplayCoarsensOlderCopies(t *testing.T) {
	first := keepingWorld(t)
	c, err := first.desk.Enter(t.Context(), officer, privacy.Request{Kind: privacy.AskErase, Received: privacy.DateOf(first.Service.Now()), Channel: privacy.ByTelephone, Name: markedName, Contact: "07700 900123"})
	ok(t, err)
	first.movesTo(t, "WM1 2AG")
	first.unpart(t)
	first.goes(t, privacy.ClassPostcodes)
	first.on(t, first.Store, first.Store)
	uncut, db := first.reopened(t)
	done, err := uncut.Service.RunRetention(t.Context(), robot)
	ok(t, err)
	after := uncut.state(t, c.Entry.ID)
	ok(t, db.Close())
	if done.Postcodes != 1 || !strings.Contains(after, "0 postcodes, 0 in texts") || !strings.Contains(after, "1 texts") {
		t.Fatalf("%+v\n%s", done, after)
	}
	replayed(t, first, uncut, c.Entry.ID, after)
}

// An older copy in which the postcode still lies in the free text keeps it when only the text was erased since, and loses it with the text where the list says that both went: what
// was listed before they lay apart.
func TestReplayOfTexts(t *testing.T) {
	first := keepingWorld(t)
	c, err := first.desk.Enter(t.Context(), officer, privacy.Request{Kind: privacy.AskErase, Received: privacy.DateOf(first.Service.Now()), Channel: privacy.ByTelephone, Name: markedName, Contact: "07700 900123"})
	ok(t, err)
	first.movesTo(t, "WM1 2AG")
	first.unpart(t)
	first.textsGo(t)
	first.on(t, first.Store, first.Store)
	uncut, db := first.reopened(t)
	done, err := uncut.Service.RunRetention(t.Context(), robot)
	ok(t, err)
	after := uncut.state(t, c.Entry.ID)
	ok(t, db.Close())
	if done.Texts != 1 || !strings.Contains(after, "1 postcodes, 0 in texts") || !strings.Contains(after, "0 texts") {
		t.Fatalf("%+v\n%s", done, after)
	}
	replayed(t, first, uncut, c.Entry.ID, after)

	list, err := backup.OpenList(first.Dir+".erased", first.Service.Keys)
	ok(t, err)
	_, err = list.Append([]consult.Erasure{{ID: "1", Kind: consult.ErasedText, Tokens: []string{first.Service.Keys.ErasureToken("text", first.id)}, At: first.Service.Now()}})
	ok(t, err)
	first.Service.Erasures = list
	if found, err := first.Service.FindErased(t.Context(), 0); err != nil || found.Texts != 1 || found.Postcodes != 0 {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := first.Service.ReplayErasures(t.Context(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if a := first.stays(t).Response.Answers; a["home"].Text != "" || a["home"].Codes[0] != lives(first, "WM1 2AG").Codes[0] || a["why_not"].Text != "" {
		t.Errorf("both were erased before they lay apart: %+v", a)
	}
	if keys := first.keys(t); len(keys) > 0 || first.named(t) {
		t.Errorf("keys %v", keys)
	}
}

// A copy from before whose text cannot be opened keeps it: the replay ends in an error, and not in the loss of a postcode that was never erased.
func TestReplayLosesNoPostcode(t *testing.T) {
	w, ctx := keepingWorld(t), t.Context()
	w.unpart(t)
	w.on(t, w.Store, w.Store)
	var r *consult.Response
	ok(t, w.Store.View(ctx, func(rd consult.Reader) (err error) { r, err = rd.Response(w.id); return err }))
	sealed := r.FreeText[0]
	damage := func(to byte) {
		r.FreeText[0] = to
		ok(t, w.Store.Update(ctx, func(tx consult.Writer) error {
			return errors.Join(tx.Correct(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.damage", "response:all")))
		}))
	}
	damage(sealed ^ 1)
	_, err := w.Service.Erasures.Append([]consult.Erasure{{ID: "1", Kind: consult.ErasedTextAlone, Tokens: []string{w.Service.Keys.ErasureToken("text_alone", w.id)}, At: w.Service.Now()}})
	ok(t, err)
	if _, err := w.Service.ReplayErasures(ctx, time.Time{}); err == nil {
		t.Error("the replay is done")
	}
	damage(sealed)
	if _, err := w.Service.ReplayErasures(ctx, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if a := w.stays(t).Response.Answers; a["home"].Text != "WM1 1AA" || a["why_not"].Text != "" {
		t.Errorf("%+v", a)
	}
}

// A passage about somebody else is left out of a text and of a postcode alike (DPA 2018 Sch. 2 para. 16), also where the response has no text.
func TestMarksOfPostcodes(t *testing.T) {
	w, ctx := keepingWorld(t), t.Context()
	marks, err := w.Service.TextMarks(ctx, w.id, map[string]string{"home": "WM1 1AA", "why_not": markedText})
	ok(t, err)
	other, err := w.Service.TextMarks(ctx, w.id, map[string]string{"home": "WM1 2AG"})
	ok(t, err)
	if len(marks) != 2 || marks["home"] == "" || marks["home"] == other["home"] {
		t.Errorf("%v, %v", marks, other)
	}
	w.textsGo(t)
	_, err = w.Service.RunRetention(ctx, robot)
	ok(t, err)
	if again, err := w.Service.TextMarks(ctx, w.id, map[string]string{"home": "WM1 1AA"}); err != nil || again["home"] != marks["home"] {
		t.Errorf("without free text: %v, %v", again, err)
	}
	ok(t, w.Store.Keys().DestroyKeys(ctx, []string{consult.PostcodeKey(w.id)}))
	if gone, err := w.Service.TextMarks(ctx, w.id, map[string]string{"home": "WM1 1AA"}); err != nil || gone["home"] != "" {
		t.Errorf("coarsened meanwhile: %v, %v", gone, err)
	}
	if all := w.stays(t); all.Response.Answers["home"].Text != "" || all.Response.Answers["home"].Codes[0] != "abbots_cross" {
		t.Errorf("between the key and the row: %+v", all.Response.Answers)
	}
	w.turn(time.Minute)
}

// A mark of a postcode from when it lay in the free text is forgotten once it lies apart: with the key of the text it would tell a guessed postcode after coarsening
// (UK GDPR art. 5(1)(e)). Marks of texts, and of the postcode as it lies now, stay.
func TestMarksOfPartedPostcodesAreForgotten(t *testing.T) {
	w, ctx := keepingWorld(t), t.Context()
	w.unpart(t)
	id, version := w.entered(t, privacy.AskAccess, privacy.IdentityKnowledge)
	number, err := w.desk.Search(ctx, officer, id, version(), privacy.SubjectQuery{Words: markedText})
	ok(t, err)
	ok(t, w.desk.Decide(ctx, officer, id, version(), number, w.id, privacy.VerdictTheirs, ""))
	redact := func(words string) {
		t.Helper()
		ok(t, w.desk.Redact(ctx, officer, id, version(), []privacy.Passage{{Words: words, Ground: "third_party", Reason: "About a neighbour"}}))
	}
	forgotten := func() (out []bool) {
		for _, r := range w.read(t, id).Request.Redactions {
			out = append(out, r.Mark == privacy.NoMark)
		}
		return out
	}
	check := func(why string, rewritten int, want ...bool) {
		t.Helper()
		if n, err := w.desk.ForgetWords(ctx); n != rewritten || err != nil || !slices.Equal(forgotten(), want) {
			t.Errorf("%s: %d rewritten, %v, forgotten %v, want %v", why, n, err, forgotten(), want)
		}
	}
	redact("WM1 1AA")
	redact(markedText)
	check("it lies in the free text", 0, false, false)
	_, err = w.Service.PartPostcodes(ctx)
	ok(t, err)
	check("parted", 1, true, false)
	ok(t, w.desk.Restore(ctx, officer, id, version(), 0))
	redact("WM1 1AA")
	check("marked anew", 0, false, false)
	if got := w.copies(t, id, locale.English); strings.Contains(got, "WM1 1AA") || strings.Contains(got, markedText) {
		t.Errorf("it is in the copy: %s", got)
	}
	w.coarsen(t)
	check("coarsened", 1, false, true)
}
