package consult_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// flaky fails one write of all, the one with that number, either before it is made or after: a crash in between.
type flaky struct {
	consult.Store
	n, at int
	after bool
}

func (f *flaky) fails(write func() error) error {
	f.n++
	if f.n != f.at {
		return write()
	}
	if f.after {
		if err := write(); err != nil {
			return err
		}
	}
	return errDisk
}

func (f *flaky) Update(ctx context.Context, fn func(consult.Writer) error) error {
	return f.fails(func() error { return f.Store.Update(ctx, fn) })
}

func (f *flaky) Equality() consult.EqualityStore { return flakyEquality{f.Store.Equality(), f} }
func (f *flaky) Keys() consult.KeyStore          { return flakyKeys{f.Store.Keys(), f} }

type flakyEquality struct {
	consult.EqualityStore
	f *flaky
}

func (e flakyEquality) EraseProfiles(ctx context.Context, tokens []string) error {
	return e.f.fails(func() error { return e.EqualityStore.EraseProfiles(ctx, tokens) })
}

type flakyKeys struct {
	consult.KeyStore
	f *flaky
}

func (k flakyKeys) DestroyKeys(ctx context.Context, ids []string) error {
	return k.f.fails(func() error { return k.KeyStore.DestroyKeys(ctx, ids) })
}

func (k flakyKeys) DestroyNamed(ctx context.Context, ids []string) error {
	return k.f.fails(func() error { return k.KeyStore.DestroyNamed(ctx, ids) })
}

func (k flakyKeys) DestroyKey(ctx context.Context, id string) error {
	return k.f.fails(func() error { return k.KeyStore.DestroyKey(ctx, id) })
}

var robot = privacy.Actor{Kind: "system"}

func (w *world) certificates(t *testing.T) (out []privacy.Certificate) {
	t.Helper()
	err := w.db.View(t.Context(), func(r consult.Reader) error {
		out = nil
		if err := privacy.VerifyCertificates(r.EachCertificate); err != nil {
			return err
		}
		return r.EachCertificate(func(c privacy.Certificate) error { out = append(out, c); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func counted(counts []privacy.TableCount, table string) int {
	for _, c := range counts {
		if c.Table == table {
			return c.Count
		}
	}
	return -1
}

// put stores a setting as an officer's page would.
func (w *world) put(t *testing.T, name string, value any) {
	t.Helper()
	err := w.db.Update(t.Context(), func(tx consult.Writer) error {
		_, version, err := tx.Setting(name)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := consult.WriteSetting(tx, name, value, version); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(robot, "test.setting", "setting:"+name))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// textRule makes free text go some time after closing; the coded answers stay as long as the notice says.
func (w *world) textRule(t *testing.T, period, approver string) {
	t.Helper()
	w.rule(t, privacy.ClassFreeText, period, approver)
}

// rule is textRule for a class.
func (w *world) rule(t *testing.T, class privacy.DataClass, period, approver string) {
	t.Helper()
	settings := consult.DefaultRetention()
	for i := range settings.Rules {
		if settings.Rules[i].Class == class {
			settings.Rules[i].Period, settings.Rules[i].Approver = period, approver
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

func (w *world) texts(t *testing.T, c *consult.Consultation) (n int) {
	t.Helper()
	if err := w.db.View(t.Context(), func(r consult.Reader) (err error) {
		n, err = r.FreeTextCount(c.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) turnTo(at time.Time) { w.turn(at.Sub(w.clock())) }

// Whatever write fails, before it is made or just after, the next run finishes the work, and the one certificate counts everything once.
func TestARunIsTakenUpAfterACrashAtAnyWrite(t *testing.T) {
	for _, after := range []bool{false, true} {
		finished := false
		for at := 1; !finished; at++ {
			if at > 40 {
				t.Fatal("a run makes more than 40 writes: the test is not at its end")
			}
			w := newWorld(t)
			c := w.open(t, "resident-satisfaction")
			var code string
			for range 3 {
				code = w.submit(t, c, answers()).Code
			}
			w.consent(t, c, code, true)
			if err := w.SaveEquality(t.Context(), code, c.ID, sex); err != nil {
				t.Fatal(err)
			}
			w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36}))
			f := &flaky{Store: w.db, at: at, after: after}
			w.Service.Store = f
			if _, err := w.RunRetention(t.Context(), robot); err == nil {
				finished = f.n < at // the failing write was never reached
			}
			w.Service.Store = w.db
			w.turn(time.Hour)
			if _, err := w.RunRetention(t.Context(), robot); err != nil {
				t.Fatalf("write %d, after %v: the second run: %v", at, after, err)
			}
			if w.responses(t, c) != 0 || w.profiles(t, c) != 0 {
				t.Fatalf("write %d, after %v: something is left", at, after)
			}
			left := 0
			if err := w.db.Keys().EveryKey(t.Context(), func(string) error { left++; return nil }); err != nil || left != 0 {
				t.Fatalf("write %d, after %v: %d keys are left, %v", at, after, left, err)
			}
			var whole []privacy.Certificate
			for _, x := range w.certificates(t) {
				if x.Class == privacy.ClassResponses {
					whole = append(whole, x)
				}
			}
			if len(whole) != 1 || counted(whole[0].Counts, "response") != 3 || counted(whole[0].Counts, "record_key") != 3 || !whole[0].Complete() {
				t.Fatalf("write %d, after %v: certificates %+v", at, after, whole)
			}
		}
	}
}

func TestTheCertificateSaysWhatWasDone(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 12}))
	if _, err := w.RunRetention(t.Context(), robot); err != nil {
		t.Fatal(err)
	}
	if w.responses(t, c) != 1 || w.profiles(t, c) != 0 {
		t.Error("after twelve months the equality answers go and the response stays (privacy.md 10.4)")
	}
	end := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36})
	w.turnTo(end)
	got, err := w.RunRetention(t.Context(), robot)
	if err != nil || got.Responses != 1 || got.Certificates != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if again, err := w.RunRetention(t.Context(), robot); err != nil || again != (consult.RetentionDone{}) {
		t.Errorf("a second run: %+v, %v", again, err)
	}
	all := w.certificates(t)
	if len(all) != 2 || all[0].Class != privacy.ClassEquality || counted(all[0].Counts, "profile") != 1 {
		t.Fatalf("%+v", all)
	}
	x := all[1]
	if x.Rule != privacy.RuleNotice || x.RuleVersion != int64(c.NoticeVersion) || x.Consultation != c.ID || x.From != privacy.DateOf(c.OpensAt) || x.Action != privacy.Dispose ||
		!x.StartedAt.Equal(end) || x.By != robot || x.BackupsUntil != privacy.DateOf(end).Add(30) || !x.Complete() || counted(x.Verified, "response") != 0 || counted(x.Verified, "profile") != 0 {
		t.Errorf("%+v", x)
	}
	if n := w.audited(t, "retention.certify"); n != 2 {
		t.Errorf("%d certificates in the audit log", n)
	}
}

// Free text may go earlier than the coded answers, by a rule that an officer has approved and that was announced.
func TestFreeTextGoesEarlier(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.textRule(t, "P12M", "")
	due := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 12})
	w.turnTo(due.AddDate(0, 1, 0))
	run := func(why string, texts int) {
		t.Helper()
		if _, err := w.RunRetention(t.Context(), robot); err != nil || w.texts(t, c) != texts {
			t.Errorf("%s: %d texts are left, %v", why, w.texts(t, c), err)
		}
	}
	run("nobody has approved the rule: the notice holds", 1)
	w.textRule(t, "P12M", "officer")
	run("approved; announced just now", 1)
	w.turn(7*24*time.Hour - time.Minute)
	run("the notice before disposal is not over", 1)
	w.turn(time.Minute)
	run("the seven days are over", 0)
	held, err := w.HeldByCode(t.Context(), done.Code, "net")
	if err != nil || len(held.Response.Answers["local_area"].Codes) != 1 || held.Response.Answers["one_thing"].Text != "" {
		t.Errorf("the coded answers stay: %+v, %v", held, err)
	}
	if _, err := w.Store.Keys().Key(t.Context(), done.ResponseID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the key of the text: %v", err)
	}
	all := w.certificates(t)
	if x := all[len(all)-1]; x.Class != privacy.ClassFreeText || x.Rule != "free_text" || x.RuleVersion != 2 || counted(x.Counts, "response.free_text") != 1 || x.Method != "keys_and_texts" {
		t.Errorf("%+v", x)
	}
}

// A rule that is longer than the notice changes nothing: what people were promised wins (art. 5(1)(e), 13(2)(a)).
func TestTheNoticeWinsWhereItIsShorter(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	w.submit(t, c, answers())
	settings := consult.DefaultRetention()
	settings.Rules[0].Period, settings.Rules[0].Approver = "P6Y", "officer"
	w.put(t, consult.RetentionSetting, settings)
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36}))
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 0 {
		t.Errorf("%d responses are left, %v", w.responses(t, c), err)
	}
}

func TestNothingGoesPastAHold(t *testing.T) {
	w := newWorld(t)
	c, other := w.open(t, "resident-satisfaction"), w.open(t, "resident-satisfaction")
	for _, x := range []*consult.Consultation{c, other} {
		if x.Status(w.clock()) == consult.StatusOpen {
			w.submit(t, x, answers())
		}
	}
	end := privacy.AddPeriod(other.ClosesAt, privacy.Period{Months: 36})
	w.turnTo(end)
	until := privacy.DateOf(end).Add(40)
	w.put(t, consult.HoldsSetting, []privacy.Hold{{ID: "h", ConsultationID: c.ID, Reason: "A court asks", Until: until}})
	before := w.responses(t, c)
	if before == 0 {
		t.Fatal("nothing to hold")
	}
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != before || w.responses(t, other) != 0 {
		t.Errorf("held %d, other %d, %v", w.responses(t, c), w.responses(t, other), err)
	}
	all := w.certificates(t)
	if len(all) != 1 || all[0].Consultation != other.ID || all[0].HoldsSkipped != 1 {
		t.Errorf("%+v", all)
	}
	w.turnTo(until.End())
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 0 {
		t.Errorf("after the hold: %d, %v", w.responses(t, c), err)
	}
}

// A hold that is placed while a disposal is under way stops it; what was done is certified with what remains, and the rest goes when it is lifted.
func TestAHoldStopsADisposalThatHasBegun(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	for range 205 {
		w.submit(t, c, answers())
	}
	end := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36})
	w.turnTo(end)
	f := &flaky{Store: w.db, at: -1}
	w.Service.Store = f
	f.at = 5 // preview, begin, the names of the first batch, its keys; then its rows, and a crash
	f.after = true
	if _, err := w.RunRetention(t.Context(), robot); err == nil {
		t.Fatal("no crash")
	}
	w.Service.Store = w.db
	if n := w.responses(t, c); n != 5 {
		t.Fatalf("%d responses are left after the first batch", n)
	}
	w.put(t, consult.HoldsSetting, []privacy.Hold{{ID: "h", ConsultationID: c.ID, Reason: "A court asks", Until: privacy.DateOf(end).Add(5)}})
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 5 {
		t.Errorf("past a hold: %d, %v", w.responses(t, c), err)
	}
	w.put(t, consult.HoldsSetting, []privacy.Hold{})
	if _, err := w.RunRetention(t.Context(), robot); err != nil || w.responses(t, c) != 0 {
		t.Errorf("after the hold: %d, %v", w.responses(t, c), err)
	}
	all := w.certificates(t)
	if len(all) != 2 || all[0].Complete() || counted(all[0].Counts, "response") != 200 || counted(all[0].Verified, "response") != 5 || !all[1].Complete() || counted(all[1].Counts, "response") != 5 {
		t.Errorf("%+v", all)
	}
}

// A hold that is placed at any moment of a batch, while the service does not run, either keeps the whole batch or none of it: no record is left whose text nobody can
// read (UK GDPR art. 5(1)(f); art. 17(3)(e), for which it is held).
func TestAHoldNeverFindsHalfABatch(t *testing.T) {
	for _, of := range []struct {
		class privacy.DataClass
		table string
	}{{privacy.ClassResponses, "response"}, {privacy.ClassFreeText, "response.free_text"}, {privacy.ClassPostcodes, "response.postcodes"}} {
		kept, gone := 0, 0
		for at, finished := 1, false; !finished; at++ {
			w := newWorld(t)
			c := w.keeping(t)
			for range 3 {
				w.submit(t, c, living("WM1 1AA"))
			}
			held := w.texts
			if of.class == privacy.ClassPostcodes {
				held = w.postcodes
			}
			end := privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36})
			if of.class != privacy.ClassResponses {
				w.rule(t, of.class, "P1M", "officer")
				end = privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 2})
			}
			w.turnTo(end)
			f := &flaky{Store: w.db, at: at}
			w.Service.Store = f
			_, err := w.RunRetention(t.Context(), robot)
			finished = err == nil && f.n < at
			w.Service.Store = w.db
			w.put(t, consult.HoldsSetting, []privacy.Hold{{ID: "h", ConsultationID: c.ID, Reason: "A court asks", Until: privacy.DateOf(end).Add(5)}})
			if _, err := w.RunRetention(t.Context(), robot); err != nil {
				t.Fatalf("%s, write %d: %v", of.class, at, err)
			}
			if problems, err := w.db.Check(t.Context()); err != nil || len(problems) > 0 {
				t.Fatalf("%s, write %d: %v, %v", of.class, at, problems, err)
			}
			left := held(t, c)
			if left != 0 && left != 3 {
				t.Fatalf("%s, write %d: %d texts are left", of.class, at, left)
			}
			if left == 3 {
				kept++
			} else {
				gone++
			}
			w.put(t, consult.HoldsSetting, []privacy.Hold{})
			if _, err := w.RunRetention(t.Context(), robot); err != nil || held(t, c) != 0 {
				t.Fatalf("%s, write %d: when it is lifted %d are left, %v", of.class, at, held(t, c), err)
			}
			total := 0
			for _, x := range w.certificates(t) {
				if x.Class == of.class {
					total += counted(x.Counts, of.table)
				}
			}
			if total != 3 {
				t.Fatalf("%s, write %d: the certificates count %d", of.class, at, total)
			}
		}
		if kept == 0 || gone == 0 {
			t.Errorf("%s: the hold came in time %d times and too late %d times: the cuts miss the moment", of.class, kept, gone)
		}
	}
}

// The preview is stored once a day, with counts and dates.
func TestTheNightlyPreview(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	w.submit(t, c, answers())
	for range 3 {
		if err := w.PreviewRetention(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.turn(time.Minute)
	}
	p, err := w.StoredPreview(t.Context())
	if err != nil || p.On != privacy.DateOf(w.clock()) || len(p.Rows) == 0 || w.audited(t, "retention.preview") != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	row := p.Rows[len(p.Rows)-1]
	if row.Class != privacy.ClassResponses || row.Consultation != c.ID || row.Count != 1 || !row.Due.Equal(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36})) {
		t.Errorf("%+v", row)
	}
	w.turn(24 * time.Hour)
	if err := w.PreviewRetention(t.Context()); err != nil || w.audited(t, "retention.preview") != 2 {
		t.Errorf("the next night: %v", err)
	}
}

// A consultation of which nobody can tell how long it is kept does not keep the others, and the error names it.
func TestAnUnreadablePeriodKeepsNothingElse(t *testing.T) {
	w := newWorld(t)
	c, bad := w.open(t, "resident-satisfaction"), w.draft(t, "resident-satisfaction")
	w.submit(t, c, answers())
	err := w.db.Update(t.Context(), func(tx consult.Writer) error {
		x, err := tx.Consultation(bad.ID)
		if err != nil {
			return err
		}
		x.State, x.Processing.Retention = consult.Published, "for ever"
		if err := tx.UpdateConsultation(x); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.NewAuditEvent(robot, "test.period", "consultation:"+bad.ID))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.turnTo(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36}))
	done, err := w.RunRetention(t.Context(), robot)
	if err == nil || !strings.Contains(err.Error(), bad.ID) || done.Responses != 1 || w.responses(t, c) != 0 {
		t.Errorf("%+v, %v", done, err)
	}
}
