package consult_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

// textBatch stores that a disposal of free text was in the middle of a batch when the service ended.
func (w *world) textBatch(t *testing.T, c *consult.Consultation, ids ...string) {
	t.Helper()
	rule, _ := privacy.DefaultSchedule().Rule("free_text")
	w.put(t, "retention.runs", map[string]any{string(privacy.ClassFreeText) + "|" + c.ID: map[string]any{
		"id": "interrupted", "rule": rule, "version": 1, "of": c.ID, "started": w.clock(), "by": robot, "counts": map[string]int{"response.free_text": 0}, "batch": ids}})
}

// Whatever write of the parting fails, the same run leaves the texts that postcodes were not taken out of, and the next one ends with every postcode kept and every text gone: a
// rule for free text takes no postcode along whose own time is not over (UK GDPR art. 5(1)(d), 5(1)(f)).
func TestNoTextGoesBeforeItsPostcodeIsParted(t *testing.T) {
	for _, after := range []bool{false, true} {
		finished := false
		for at := 1; !finished; at++ {
			if at > 40 {
				t.Fatal("a run makes more than 40 writes: the test is not at its end")
			}
			w := newWorld(t)
			c := w.keeping(t)
			for _, postcode := range []string{"WM1 1AA", "WM1 1AH", "WM1 1AJ"} {
				w.before(t, c, "Benches", postcode)
			}
			w.approve(t, textsFirst)
			w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
			f := &flaky{Store: w.db, at: at, after: after}
			w.Service.Store = f
			if _, err := w.RunRetention(t.Context(), robot); err == nil {
				finished = f.n < at
			}
			w.Service.Store = w.db
			w.turn(time.Hour)
			if _, err := w.RunRetention(t.Context(), robot); err != nil {
				t.Fatalf("write %d, after %v: the second run: %v", at, after, err)
			}
			if w.postcodes(t, c) != 3 || w.texts(t, c) != 0 {
				t.Fatalf("write %d, after %v: %d postcodes, %d texts", at, after, w.postcodes(t, c), w.texts(t, c))
			}
			erased := 0
			for _, x := range w.certificates(t) {
				if x.Class != privacy.ClassFreeText || x.Method != "keys_and_texts_alone" {
					t.Fatalf("write %d, after %v: %+v", at, after, x)
				}
				erased += counted(x.Counts, "response.free_text")
			}
			if erased != 3 {
				t.Fatalf("write %d, after %v: %d texts certified", at, after, erased)
			}
		}
	}
}

// Somebody reads the database for as long as the run lasts (a backup, a long search): bytes that cannot be overwritten meanwhile end no parting.
func TestPartingGoesOnBesideAReader(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	const many = 130 // more than one page of the parting
	for range many {
		w.before(t, c, "Benches", "WM1 1AA")
	}
	w.approve(t, textsFirst)
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	in, out, ended := make(chan bool), make(chan bool), make(chan error)
	go func() {
		ended <- w.db.View(context.Background(), func(r consult.Reader) error {
			_, err := r.ResponseCount(c.ID)
			close(in)
			<-out
			return err
		})
	}()
	<-in
	done, err := w.RunRetention(t.Context(), robot)
	close(out)
	if read := <-ended; read != nil {
		t.Fatal(read)
	}
	if err == nil {
		t.Error("the reader was in nobody's way: the test proves nothing")
	}
	if w.postcodes(t, c) != many || w.texts(t, c) != 0 || done.Texts != many {
		t.Errorf("%d of %d kept postcodes are left, %d texts: %+v", w.postcodes(t, c), many, w.texts(t, c), done)
	}
}

// A text that cannot be opened keeps its postcode in it, so it stays while postcodes are kept, and the certificate says so; it goes when their time is over too.
func TestTextWithPostcodeStays(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	bad := w.before(t, c, "Benches", "WM1 1AA")
	w.before(t, c, "More benches", "WM1 1AH")
	r := w.stored(t, bad)
	r.FreeText[len(r.FreeText)-1] ^= 1 // damage
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.Correct(r), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.damage", "response:all")))
	})
	w.approve(t, textsFirst)
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	done, err := w.RunRetention(t.Context(), robot)
	if err == nil || done.Texts != 1 || done.Certificates != 1 || w.texts(t, c) != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	if x := w.certificates(t)[0]; x.Complete() || counted(x.Verified, "response.free_text") != 1 {
		t.Errorf("the certificate says that nothing is left: %+v", x)
	}
	w.turn(time.Hour)
	if done, err := w.RunRetention(t.Context(), robot); err == nil || done.Certificates != 0 {
		t.Errorf("again, and a certificate of nothing: %+v, %v", done, err)
	}
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 12}))
	if done, _ = w.RunRetention(t.Context(), robot); done.Texts != 1 || w.texts(t, c)+w.postcodes(t, c) != 0 {
		t.Errorf("the time of both is over: %+v", done)
	}
	for _, x := range w.certificates(t)[1:] {
		if !x.Complete() || x.Class == privacy.ClassFreeText && x.Method != "keys_and_texts" {
			t.Errorf("%+v", x)
		}
	}
}

// A council that saved its rules before postcodes had one of their own approved the rule for free text for both: they go by it until somebody approves another, which is there to
// be approved (UK GDPR art. 5(1)(c), 5(1)(e)).
func TestAnApprovedTextRuleHoldsForPostcodes(t *testing.T) {
	earlier := func() consult.RetentionSettings {
		settings := consult.DefaultRetention()
		settings.Postcodes = false
		rules := settings.Rules[:0:0]
		for _, r := range settings.Rules {
			if r.Class == privacy.ClassFreeText {
				r.ID, r.Period, r.Approver = "words", "P1M", "officer"
			}
			if r.Class != privacy.ClassPostcodes {
				rules = append(rules, r)
			}
		}
		settings.Rules = rules
		return settings
	}
	current := func(w *world) (now consult.RetentionSettings, postcodes []privacy.RetentionRule) {
		t.Helper()
		if err := w.db.View(t.Context(), func(r consult.Reader) (err error) { now, _, err = consult.Retention(r); return err }); err != nil {
			t.Fatal(err)
		}
		for _, r := range now.Rules {
			if r.Class == privacy.ClassPostcodes {
				postcodes = append(postcodes, r)
			}
		}
		return now, postcodes
	}
	for _, row := range []struct {
		why     string
		decide  func(*privacy.RetentionRule)
		removed bool
		left    int // postcodes after the texts are gone
	}{
		{"nobody has approved a rule for postcodes", func(*privacy.RetentionRule) {}, false, 0},
		{"the rule for postcodes was removed", func(*privacy.RetentionRule) {}, true, 0},
		{"approved: longer than the free text", func(r *privacy.RetentionRule) { r.Period, r.Approver = "P12M", "officer" }, false, 1},
		{"approved: an officer reviews them, and the notice holds", func(r *privacy.RetentionRule) { r.Action, r.Approver = privacy.Review, "officer" }, false, 1},
	} {
		w := newWorld(t)
		c := w.keeping(t)
		w.before(t, c, "Benches", "WM1 1AA")
		w.put(t, consult.RetentionSetting, earlier())
		now, found := current(w)
		if len(found) != 1 || found[0].Approver != "" || found[0].Action != privacy.Coarsen || len(now.Rules.Validate()) > 0 {
			t.Fatalf("%s: to be approved are %+v", row.why, found)
		}
		for i := range now.Rules {
			if now.Rules[i].Class == privacy.ClassPostcodes {
				if row.decide(&now.Rules[i]); row.removed {
					now.Rules = append(now.Rules[:i:i], now.Rules[i+1:]...)
					break
				}
			}
		}
		w.put(t, consult.RetentionSetting, now)
		if _, found = current(w); (len(found) == 0) != row.removed {
			t.Errorf("%s: saved, and then there are %+v", row.why, found)
		}
		if err := w.RefreshPreview(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
		kept, err := w.KeptInformation(t.Context())
		if early := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 1}); err != nil || kept.Consultations[0].Postcodes.Equal(early) != (row.left == 0) {
			t.Errorf("%s: everybody reads %+v, %v", row.why, kept.Consultations, err)
		}
		if _, err := w.RunRetention(t.Context(), robot); err != nil || w.texts(t, c) != 0 || w.postcodes(t, c) != row.left {
			t.Errorf("%s: %d texts and %d postcodes are left, %v", row.why, w.texts(t, c), w.postcodes(t, c), err)
		}
		all := w.certificates(t)
		if len(all) != 2-row.left {
			t.Fatalf("%s: %+v", row.why, all)
		}
		if x := all[len(all)-1]; row.left == 0 && (x.Class != privacy.ClassPostcodes || x.Action != privacy.Coarsen || x.Rule != "words" || counted(x.Counts, "response.postcodes") != 1) {
			t.Errorf("%s: the certificate names %+v", row.why, x)
		}
	}
}

// keyless is a key store that once answers that there is no key, as one that was mounted empty does.
type keyless struct{ consult.Store }

func (s keyless) Keys() consult.KeyStore { return noKeys{s.Store.Keys()} }

type noKeys struct{ consult.KeyStore }

func (noKeys) Keys(context.Context, []string) (map[string][]byte, error) {
	return map[string][]byte{}, nil
}

// That a key is not there in one moment decides nothing for ever: the postcode is parted when the key is, and is gone after its time (UK GDPR art. 5(1)(e)).
func TestAKeyThatIsAwayOnce(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	id := w.before(t, c, "Benches", "WM1 1AA")
	w.Service.Store = keyless{w.db}
	if n, err := w.PartPostcodes(t.Context()); n != 0 || err == nil {
		t.Errorf("without keys: parted %d, %v", n, err)
	}
	w.Service.Store = w.db
	if r := w.stored(t, id); !r.Unparted {
		t.Fatal("it counts as taken apart")
	}
	if n, err := w.PartPostcodes(t.Context()); n != 1 || err != nil {
		t.Errorf("the keys are back: parted %d, %v", n, err)
	}
	w.rule(t, privacy.ClassPostcodes, "P1M", "officer")
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	if _, err := w.RunRetention(t.Context(), robot); err != nil || !w.certificates(t)[0].Complete() {
		t.Errorf("%v, %+v", err, w.certificates(t))
	}
	if len(matched(w.search(t, privacy.SubjectQuery{Words: "WM1 1AA"}))) > 0 {
		t.Error("found by the postcode after its time")
	}
}

// Researchers read no postcode, whatever the row says of where it lies (UK GDPR art. 5(1)(c)).
func TestResearchersReadNoPostcodeInATextThatIsSaidToBeParted(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	id := w.before(t, c, "Benches", "WM1 1AA")
	r := w.stored(t, id)
	r.Flags = consult.TextFlags{}
	w.write(t, func(tx consult.Writer) error {
		return errors.Join(tx.PartPostcodes(r, nil), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.part", "response:all")))
	})
	if w.stored(t, id).Unparted {
		t.Fatal("the row says that it is not parted: the test proves nothing")
	}
	if err := w.EachResponse(t.Context(), w.staff[consult.Researcher], c.ID, func(r *consult.Response) error {
		if r.Answers["ward"].Text != "" || r.Answers["one_thing"].Text != "Benches" {
			t.Errorf("%+v", r.Answers)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// withdrawing is a store on which a response is withdrawn, keys first, when its postcode gets a key, or after that.
type withdrawing struct {
	consult.Store
	id    string
	early bool
	done  bool
}

func (s *withdrawing) withdraw(ctx context.Context) error {
	s.done = true
	return errors.Join(s.Store.Keys().DestroyKeys(ctx, []string{s.id}), s.Store.Update(ctx, func(tx consult.Writer) error {
		return errors.Join(tx.EraseResponse(s.id), tx.AppendAudit(privacy.NewAuditEvent(robot, "test.withdraw", "response:all")))
	}))
}

func (s *withdrawing) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if !s.done && !s.early {
		if err := s.withdraw(ctx); err != nil {
			return err
		}
	}
	return s.Store.Update(ctx, fn)
}

func (s *withdrawing) Keys() consult.KeyStore { return withdrawingKeys{s.Store.Keys(), s} }

type withdrawingKeys struct {
	consult.KeyStore
	s *withdrawing
}

func (k withdrawingKeys) PutTextKey(ctx context.Context, id string, wrapped []byte, tags string) error {
	if !k.s.done && k.s.early && strings.HasSuffix(id, ".postcode") {
		if err := k.s.withdraw(ctx); err != nil {
			return err
		}
	}
	return k.KeyStore.PutTextKey(ctx, id, wrapped, tags)
}

// Whoever withdraws while the postcode is parted leaves no key and no tags of it (UK GDPR art. 7(3), 17).
func TestWithdrawnWhileParted(t *testing.T) {
	for _, early := range []bool{false, true} {
		w := newWorld(t)
		c := w.keeping(t)
		s := &withdrawing{Store: w.db, id: w.before(t, c, "Benches", "WM1 1AA"), early: early}
		w.Service.Store = s
		if _, err := w.PartPostcodes(t.Context()); err != nil || !s.done {
			t.Fatalf("early %v: withdrawn %v, %v", early, s.done, err)
		}
		if keys := w.allKeys(t); len(keys) > 0 {
			t.Errorf("early %v: withdrawn, and there are keys: %v", early, keys)
		}
	}
}

// outdated is the store of a program of which a newer one has migrated the schema meanwhile.
type outdated struct{ consult.Store }

var errOutdated = errors.New("run the newer program")

func (outdated) Current(context.Context) error { return errOutdated }

// A program of which a newer one has migrated the schema destroys nothing any more: what it does not know looks to it like keys without a record.
func TestAnOlderProgramSweepsNothing(t *testing.T) {
	w := newWorld(t)
	c := w.keeping(t)
	w.submit(t, c, living("WM1 1AA"))
	w.approve(t, textsFirst)
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2}))
	if err := w.db.Keys().PutKey(t.Context(), "unknown", []byte("k")); err != nil {
		t.Fatal(err)
	}
	w.Service.Store = outdated{w.db}
	for range 2 {
		_, err := w.SweepKeys(t.Context())
		if err != nil && !errors.Is(err, errOutdated) {
			t.Fatal(err)
		}
		w.turn(6 * time.Minute)
	}
	if _, err := w.SweepKeys(t.Context()); !errors.Is(err, errOutdated) || len(w.allKeys(t)) != 3 {
		t.Errorf("keys %v, %v", w.allKeys(t), err)
	}
	if err := w.FinishErasures(t.Context(), true); !errors.Is(err, errOutdated) {
		t.Errorf("at start: %v", err)
	}
	if _, err := w.RunRetention(t.Context(), robot); !errors.Is(err, errOutdated) || w.texts(t, c) != 1 {
		t.Errorf("%d texts, %v", w.texts(t, c), err)
	}
	if _, err := w.PartPostcodes(t.Context()); !errors.Is(err, errOutdated) {
		t.Error(err)
	}
	w.Service.Store = w.db
	if n, err := w.SweepKeys(t.Context()); n != 1 || err != nil {
		t.Errorf("the program that knows them sweeps %d, %v", n, err)
	}
}
