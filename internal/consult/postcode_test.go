package consult_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

// keeping is open for a survey that keeps the postcode beside the ward.
func (w *world) keeping(t testing.TB) *consult.Consultation {
	t.Helper()
	source, _ := surveys.StandardSource("resident-satisfaction")
	kept := bytes.Replace(source, []byte("keep: ward"), []byte("keep: postcode"), 1)
	if bytes.Equal(kept, source) {
		t.Fatal("the survey asks for no postcode")
	}
	return w.openSource(t, "", kept)
}

// living are answers of somebody who lives at the postcode.
func living(postcode string) survey.Answers {
	a := answers()
	a["ward"] = survey.Answer{Codes: []string{geography().Postcodes[postcode]}, Text: postcode}
	return a
}

func (w *world) postcodes(t *testing.T, c *consult.Consultation) (n int) {
	t.Helper()
	if err := w.db.View(t.Context(), func(r consult.Reader) (err error) {
		n, err = r.PostcodeCount(c.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) allKeys(t *testing.T) (ids []string) {
	t.Helper()
	if err := w.db.Keys().EveryKey(t.Context(), func(id string) error { ids = append(ids, id); return nil }); err != nil {
		t.Fatal(err)
	}
	return ids
}

// before stores responses as the service did when kept postcodes lay in the free text: with the texts given, and without a postcode where that is empty.
func (w *world) before(t *testing.T, c *consult.Consultation, text, postcode string) string {
	t.Helper()
	texts, a := map[string]string{}, answers()
	delete(a, "one_thing")
	words := []string{}
	if text != "" {
		texts["one_thing"], a["one_thing"] = text, survey.Answer{Codes: []string{consult.CodeWritten}}
		words = append(words, strings.Fields(consult.FoldWords(text))...)
	}
	if postcode != "" {
		texts["ward"] = postcode
		folded := strings.Fields(consult.FoldWords(postcode))
		words = append(append(words, folded...), "postcode "+strings.Join(folded, ""))
	}
	slices.Sort(words)
	plain, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	r := &consult.Response{ID: seal.RandomID(), ConsultationID: c.ID, TokenHash: seal.RandomID(), CodeHash: seal.RandomID(), Reference: "WEM-" + strings.ToUpper(seal.RandomID()[:9]),
		SurveyVersion: c.SurveyVersion, NoticeID: c.NoticeID, NoticeVersion: c.NoticeVersion, Language: locale.English, Channel: consult.Web, SubmittedOn: "2026-03-31",
		Answers: a, Unparted: true, Flags: consult.TextFlags{"ward": {Kinds: []privacy.MarkKind{privacy.MarkTelephone}, State: consult.FlagWaiting}}}
	key, wrapped := w.Keys.NewRecordKey(r.ID)
	r.FreeText = seal.SealWith(key, plain, seal.Place("response", r.ID, "free_text"))
	if err := w.db.Keys().PutTextKey(t.Context(), r.ID, wrapped, w.Keys.WordTags(r.ID, words)); err != nil {
		t.Fatal(err)
	}
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.AddResponse(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.before", "response:all")))
	})
	return r.ID
}

// Whatever write fails, before it is made or just after, the next run finishes the work, and the one certificate counts every postcode once (councils.md S0-2).
func TestCoarseningIsTakenUpAfterACrashAtAnyWrite(t *testing.T) {
	for _, after := range []bool{false, true} {
		finished := false
		for at := 1; !finished; at++ {
			if at > 40 {
				t.Fatal("a run makes more than 40 writes: the test is not at its end")
			}
			w := newWorld(t)
			c := w.keeping(t)
			var done consult.Submitted
			for range 3 {
				done = w.submit(t, c, living("WM1 1AA"))
			}
			w.rule(t, privacy.ClassPostcodes, "P1M", "officer")
			w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 1}))
			f := &flaky{Store: w.db, at: at, after: after}
			w.Service.Store = f
			if _, err := w.RunRetention(t.Context(), robot); err == nil {
				finished = f.n < at // the failing write was never reached
			}
			w.Service.Store = w.db
			if held, err := w.HeldByCode(t.Context(), done.Code, "n"); err != nil || held.Response.Answers["ward"].Codes[0] != "abbots_cross" || held.Response.Answers["one_thing"].Text == "" {
				t.Fatalf("write %d, after %v: between, the person reads %+v, %v", at, after, held, err)
			}
			w.turn(time.Hour)
			if _, err := w.RunRetention(t.Context(), robot); err != nil {
				t.Fatalf("write %d, after %v: the second run: %v", at, after, err)
			}
			if w.postcodes(t, c) != 0 || w.texts(t, c) != 3 || w.responses(t, c) != 3 || len(w.allKeys(t)) != 3 {
				t.Fatalf("write %d, after %v: %d postcodes, %d texts, keys %v", at, after, w.postcodes(t, c), w.texts(t, c), w.allKeys(t))
			}
			all := w.certificates(t)
			if len(all) != 1 || counted(all[0].Counts, "response.postcodes") != 3 || counted(all[0].Counts, "record_key") != 3 || !all[0].Complete() {
				t.Fatalf("write %d, after %v: certificates %+v", at, after, all)
			}
			if x := all[0]; x.Class != privacy.ClassPostcodes || x.Action != privacy.Coarsen || x.Method != "keys_and_postcodes" || x.Rule != "postcodes" {
				t.Fatalf("write %d, after %v: the certificate says %+v", at, after, x)
			}
		}
	}
}

// A rule coarsens when somebody has approved it and it was announced; without that the postcode goes with its response, and that takes both keys.
func TestPostcodesGoByTheirRule(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	w.submit(t, c, living("WM1 1AA"))
	other := w.submit(t, c, living("WM2 4AA"))
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.Restrict(other.ResponseID, "request"), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.restrict", "response:all")))
	})
	w.rule(t, privacy.ClassPostcodes, "P3M", "")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 6}))
	run := func(why string, postcodes, texts int) {
		t.Helper()
		if _, err := w.RunRetention(t.Context(), robot); err != nil || w.postcodes(t, c) != postcodes || w.texts(t, c) != texts {
			t.Errorf("%s: %d postcodes and %d texts are left, %v", why, w.postcodes(t, c), w.texts(t, c), err)
		}
	}
	until := func(why string, want time.Time) {
		t.Helper()
		kept, err := w.KeptInformation(t.Context())
		if err != nil || len(kept.Consultations) != 1 || !kept.Consultations[0].Postcodes.Equal(want) || !kept.Consultations[0].Texts.IsZero() {
			t.Errorf("%s: everybody reads %+v, want %s, %v", why, kept.Consultations, want, err)
		}
		for _, r := range kept.Rules {
			if r.Class == privacy.ClassPostcodes {
				t.Errorf("%s: the rule stands among those of other information", why)
			}
		}
	}
	end := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36})
	run("nobody has approved the rule: the notice holds", 1, 1)
	until("not approved", end)
	w.rule(t, privacy.ClassPostcodes, "P3M", "officer")
	run("approved; announced just now", 1, 1)
	until("announced", w.clock().AddDate(0, 0, 7))
	w.turn(7*24*time.Hour + time.Minute)
	w.put(t, consult.HoldsSetting, []privacy.Hold{{ID: "h", Class: privacy.ClassResponses, ConsultationID: c.ID, Reason: "A court asks", Until: privacy.DateOf(w.clock()).Add(2)}})
	run("held (art. 17(3)(e))", 1, 1)
	w.put(t, consult.HoldsSetting, []privacy.Hold{})
	run("the seven days are over", 0, 1)
	if r := w.stored(t, other.ResponseID); len(r.Postcodes) == 0 {
		t.Error("what a person asked to be kept (art. 18) was coarsened")
	}
	x := w.certificates(t)[0]
	if counted(x.Counts, "response.postcodes") != 1 || x.HoldsSkipped != 1 || x.BackupsUntil != privacy.DateOf(w.clock()).Add(30) || w.audited(t, "postcodes.coarsen") != 1 {
		t.Errorf("%+v", x)
	}
	if again, err := w.RunRetention(t.Context(), robot); err != nil || again != (consult.RetentionDone{}) {
		t.Errorf("a second run: %+v, %v", again, err)
	}
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.LiftRestriction(other.ResponseID, "request"), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.lift", "response:all")))
	})
	run("lifted", 0, 2)
	w.turnTo(end)
	run("the notice's period is over", 0, 0)
	if w.responses(t, c) != 0 || len(w.allKeys(t)) != 0 {
		t.Errorf("%d responses, keys %v", w.responses(t, c), w.allKeys(t))
	}
}

// approve has the officer's rules say how long each class is kept after closing.
func (w *world) approve(t *testing.T, periods map[privacy.DataClass]string) {
	t.Helper()
	settings := consult.DefaultRetention()
	for i := range settings.Rules {
		if period := periods[settings.Rules[i].Class]; period != "" {
			settings.Rules[i].Period, settings.Rules[i].Approver = period, "officer"
		}
	}
	if faults := settings.Rules.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	w.put(t, consult.RetentionSetting, settings)
	if err := w.RefreshPreview(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// textsFirst are rules by which free text goes while postcodes stay.
var textsFirst = map[privacy.DataClass]string{privacy.ClassFreeText: "P1M", privacy.ClassPostcodes: "P12M"}

// Free text goes by its rule and leaves the postcode, where a rule was approved that keeps that longer; whole responses take both.
func TestFreeTextGoesWithoutPostcodes(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	done := w.submit(t, c, living("WM1 1AA"))
	w.approve(t, map[privacy.DataClass]string{privacy.ClassFreeText: "P1M", privacy.ClassPostcodes: "P36M"})
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.texts(t, c) != 0 || w.postcodes(t, c) != 1 {
		t.Errorf("%d texts, %d postcodes, %v", w.texts(t, c), w.postcodes(t, c), err)
	}
	held, err := w.HeldByCode(t.Context(), done.Code, "n")
	if err != nil || held.Response.Answers["ward"].Text != "WM1 1AA" || held.Response.Answers["one_thing"].Text != "" {
		t.Errorf("%+v, %v", held, err)
	}
	if keys := w.allKeys(t); !slices.Equal(keys, []string{consult.PostcodeKey(done.ResponseID)}) {
		t.Errorf("keys %v", keys)
	}
	if x := w.certificates(t)[0]; x.Class != privacy.ClassFreeText || x.Method != "keys_and_texts_alone" {
		t.Errorf("%+v", x)
	}
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36}))
	if _, err := w.RunRetention(t.Context(), robot); err != nil || len(w.allKeys(t)) != 0 {
		t.Errorf("keys %v, %v", w.allKeys(t), err)
	}
	all := w.certificates(t)
	if x := all[len(all)-1]; x.Class != privacy.ClassResponses || counted(x.Counts, "record_key") != 1 {
		t.Errorf("%+v", x)
	}
}

// What was stored when postcodes lay in the free text is parted before anything is disposed of: whatever the response holds beside it, and in batches.
func TestPartPostcodes(t *testing.T) {
	w := newWorld(t)
	c, plain := w.keeping(t), w.open(t, "resident-satisfaction")
	onlyPostcode, onlyText, mixed := w.before(t, c, "", "WM1 1AA"), w.before(t, c, "More benches", ""), w.before(t, c, "Fewer benches", "WM1 1AH")
	elsewhere := w.before(t, plain, "Other benches", "")
	for range 120 {
		w.before(t, c, "", "WM1 1AJ")
	}
	broken := w.before(t, c, "x", "WM1 1AS")
	if err := w.db.Keys().DestroyNamed(t.Context(), []string{broken}); err != nil { // its text is being disposed of
		t.Fatal(err)
	}
	w.textBatch(t, c, broken)
	if f := w.search(t, privacy.SubjectQuery{Words: "fewer WM1 1AH"}); !slices.Equal(matched(f), []string{mixed}) {
		t.Errorf("before, it is found as it was: %v", matched(f))
	}
	n, err := w.PartPostcodes(t.Context())
	if err != nil || n != 122 || w.postcodes(t, c) != 122 || w.texts(t, c) != 3 || w.audited(t, "postcodes.part") != 2 {
		t.Fatalf("parted %d, %d postcodes, %d texts, %v", n, w.postcodes(t, c), w.texts(t, c), err)
	}
	for _, row := range []struct {
		why, id     string
		text, apart bool
	}{{"only a postcode", onlyPostcode, false, true}, {"only a text", onlyText, true, false}, {"both", mixed, true, true}} {
		r := w.stored(t, row.id)
		if r.Unparted || (len(r.FreeText) > 0) != row.text || (len(r.Postcodes) > 0) != row.apart || row.apart && len(r.Flags) > 0 {
			t.Errorf("%s: %+v", row.why, r)
		}
		for id, want := range map[string]bool{row.id: row.text, consult.PostcodeKey(row.id): row.apart} {
			if _, err := w.db.Keys().Key(t.Context(), id); fault.Is(err, fault.NotFound) == want {
				t.Errorf("%s: key %s: %v", row.why, id, err)
			}
		}
	}
	if r := w.stored(t, elsewhere); !r.Unparted || len(r.FreeText) == 0 {
		t.Errorf("a survey that keeps no postcode: %+v", r)
	}
	if again, err := w.PartPostcodes(t.Context()); again != 0 || err != nil {
		t.Errorf("again: %d, %v", again, err)
	}
	for words, want := range map[string][]string{"fewer WM1 1AH": {mixed}, "WM1 1AH": {mixed}, "fewer": {mixed}, "WM1 1AA": {onlyPostcode}, "more benches": {onlyText}, "more WM1 1AH": nil} {
		if f := w.search(t, privacy.SubjectQuery{Words: words}); !slices.Equal(matched(f), want) || !f.Complete() {
			t.Errorf("%q finds %v, want %v", words, matched(f), want)
		}
	}
	words := w.Keys.FindWords([]string{"postcode wm11ah"})
	if words.In(mixed, w.tags(t, mixed), "") {
		t.Error("the tags of the free text still have the postcode")
	}
	w.rule(t, privacy.ClassPostcodes, "P1M", "officer")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	if done, err := w.RunRetention(t.Context(), robot); err != nil || done.Postcodes != 122 || done.Certificates != 2 {
		t.Errorf("coarsened, and the text that was being disposed of is gone: %+v, %v", done, err)
	}
	if x := w.certificates(t); x[0].Class != privacy.ClassFreeText || counted(x[0].Counts, "response.free_text") != 1 || x[0].Method != "keys_and_texts" || !x[1].Complete() || x[1].Class != privacy.ClassPostcodes {
		t.Errorf("%+v", x)
	}
	if f := w.search(t, privacy.SubjectQuery{Words: "fewer"}); !slices.Equal(matched(f), []string{mixed}) || len(matched(w.search(t, privacy.SubjectQuery{Words: "WM1 1AH"}))) > 0 {
		t.Error("coarsened: found by the postcode, or no more by the text")
	}
}

// A postcode that could not be set apart is counted as one that remains: no certificate says that nothing is left, and none is written for nothing (UK GDPR art. 5(2)).
func TestNoCertificateOfUnpartedPostcodes(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	bad := w.before(t, c, "", "WM1 1AA")
	w.submit(t, c, living("WM1 1AH"))
	r := w.stored(t, bad)
	r.FreeText[len(r.FreeText)-1] ^= 1 // damage
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.Correct(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.damage", "response:all")))
	})
	w.rule(t, privacy.ClassPostcodes, "P1M", "officer")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	done, err := w.RunRetention(t.Context(), robot)
	if err == nil || done.Postcodes != 1 || done.Certificates != 1 || w.postcodes(t, c) != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	if x := w.certificates(t)[0]; x.Complete() || counted(x.Verified, "response.postcodes") != 1 {
		t.Errorf("the certificate says that nothing is left: %+v", x)
	}
	w.turn(time.Hour)
	if done, err := w.RunRetention(t.Context(), robot); err == nil || done.Certificates != 0 || len(w.certificates(t)) != 1 {
		t.Errorf("again: %+v, %v", done, err)
	}
}

// Two instances on one store part and coarsen at once: each postcode is counted once.
func TestTwoInstancesCoarsen(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	for range 30 {
		w.before(t, c, "Benches", "WM1 1AA")
		w.submit(t, c, living("WM1 1AH"))
	}
	w.rule(t, privacy.ClassPostcodes, "P1M", "officer")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	other := &consult.Service{Store: w.db, Sessions: w.db, Jobs: w.db, Keys: w.Keys, Now: w.clock, Bank: surveys.Bank(), Address: w.Address}
	done := make(chan error, 2)
	for _, s := range []*consult.Service{w.Service, other} {
		go func() {
			_, err := s.RunRetention(t.Context(), robot)
			done <- err
		}()
	}
	first, second := <-done, <-done
	if _, err := w.RunRetention(t.Context(), robot); err != nil {
		t.Fatalf("the run after both (%v, %v): %v", first, second, err)
	}
	total := 0
	for _, x := range w.certificates(t) {
		total += counted(x.Counts, "response.postcodes")
	}
	if w.postcodes(t, c) != 0 || w.texts(t, c) != 60 || total != 60 {
		t.Errorf("%d postcodes and %d texts are left, %d certified (%v, %v)", w.postcodes(t, c), w.texts(t, c), total, first, second)
	}
	for range 2 {
		if _, err := w.SweepKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.turn(6 * time.Minute)
	}
	if problems, err := w.db.Check(t.Context()); err != nil || len(problems) > 0 || len(w.allKeys(t)) != 60 {
		t.Errorf("%v, %v, %d keys", problems, err, len(w.allKeys(t)))
	}
}

// postcodeTags returns the tags of the words of a kept postcode of a response, as they are stored.
func (w *world) postcodeTags(t *testing.T, id string) (tags string) {
	t.Helper()
	var mu sync.Mutex
	if _, _, err := w.db.Keys().FindTagged(t.Context(), func(record, _, more string) bool {
		if record == id {
			mu.Lock()
			defer mu.Unlock()
			tags = strings.Clone(more)
		}
		return false
	}); err != nil {
		t.Fatal(err)
	}
	return tags
}

// After coarsening no file of the data directory has the sealed postcode or the tags of its words (councils.md S0-2; decision 14), and neither that of before an upgrade.
func TestCoarseningLeavesNoBytes(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	sent := w.submit(t, c, living("WM1 1AA")).ResponseID
	old := w.before(t, c, "Benches", "WM1 1AH")
	marks := map[string][]byte{"sealed": w.stored(t, sent).Postcodes, "sealed with the text": w.stored(t, old).FreeText, "tags with the text": []byte(w.tags(t, old))}
	if _, err := w.PartPostcodes(t.Context()); err != nil {
		t.Fatal(err)
	}
	marks["sealed anew"] = w.stored(t, old).Postcodes
	for _, id := range []string{sent, old} {
		wrapped, err := w.db.Keys().Key(t.Context(), consult.PostcodeKey(id))
		if err != nil {
			t.Fatal(err)
		}
		marks["key of "+id] = wrapped
		marks["tags of "+id] = []byte(w.postcodeTags(t, id))
	}
	for name, mark := range marks {
		if len(mark) < 8 {
			t.Fatalf("%s is too short to be looked for", name)
		}
	}
	in := func() (found []string) {
		t.Helper()
		left := maps.Clone(marks)
		err := filepath.WalkDir(w.dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			for name, mark := range left {
				if bytes.Contains(content, mark) {
					found = append(found, name)
					delete(left, name)
				}
			}
			if bytes.Contains(content, []byte("WM1 1A")) && !strings.HasPrefix(filepath.Base(path), "main.db") { // the table of postcodes lies there
				t.Errorf("%s has a postcode as it is", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(found)
		return found
	}
	if found := in(); len(found) != 6 || slices.Contains(found, "sealed with the text") || slices.Contains(found, "tags with the text") {
		t.Fatalf("before: %v: what was sealed with the text has to be gone, and the rest to be there", found)
	}
	w.rule(t, privacy.ClassPostcodes, "P1M", "officer")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	if _, err := w.RunRetention(t.Context(), robot); err != nil {
		t.Fatal(err)
	}
	if found := in(); len(found) > 0 {
		t.Errorf("%v is left", found)
	}
}
