package dpo_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/backup"
	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/survey"
)

// cutting is the real store of a process that ends at one of its writes: before it, or after it and before its answer. After that nothing of it reads
// or writes any more.
type cutting struct {
	consult.Store
	n, at int
	after bool
	over  bool
}

var errCut = errors.New("the process has ended")

func (c *cutting) write(do func() error) error {
	if c.over {
		return errCut
	}
	c.n++
	if c.n != c.at {
		return do()
	}
	c.over = true
	if c.after {
		_ = do()
	}
	return errCut
}

func (c *cutting) View(ctx context.Context, fn func(consult.Reader) error) error {
	if c.over {
		return errCut
	}
	return c.Store.View(ctx, fn)
}

func (c *cutting) Update(ctx context.Context, fn func(consult.Writer) error) error {
	return c.write(func() error { return c.Store.Update(ctx, fn) })
}

func (c *cutting) Equality() consult.EqualityStore { return cuttingEquality{c.Store.Equality(), c} }
func (c *cutting) Keys() consult.KeyStore          { return cuttingKeys{c.Store.Keys(), c} }

func (c *cutting) Erasures() consult.ErasureStore { return cuttingErasures{c.Store.Erasures(), c} }

type cuttingErasures struct {
	consult.ErasureStore
	c *cutting
}

func (e cuttingErasures) Add(ctx context.Context, p consult.PendingErasure) error {
	return e.c.write(func() error { return e.ErasureStore.Add(ctx, p) })
}

func (e cuttingErasures) Settle(ctx context.Context, head consult.ListHead, ids []string) error {
	return e.c.write(func() error { return e.ErasureStore.Settle(ctx, head, ids) })
}

// cuttingList is the list of erasures of the same process.
type cuttingList struct {
	consult.ErasureList
	c *cutting
}

func (l cuttingList) Append(entries []consult.Erasure) (head consult.ListHead, err error) {
	err = l.c.write(func() error { head, err = l.ErasureList.Append(entries); return err })
	return head, err
}

type cuttingEquality struct {
	consult.EqualityStore
	c *cutting
}

func (e cuttingEquality) PutProfile(ctx context.Context, p *consult.EqualityProfile) error {
	return e.c.write(func() error { return e.EqualityStore.PutProfile(ctx, p) })
}

func (e cuttingEquality) ReplaceProfile(ctx context.Context, p *consult.EqualityProfile, was []byte) error {
	return e.c.write(func() error { return e.EqualityStore.ReplaceProfile(ctx, p, was) })
}

func (e cuttingEquality) EraseProfileOf(ctx context.Context, token, record string) error {
	return e.c.write(func() error { return e.EqualityStore.EraseProfileOf(ctx, token, record) })
}

func (e cuttingEquality) EraseProfile(ctx context.Context, token string) error {
	return e.c.write(func() error { return e.EqualityStore.EraseProfile(ctx, token) })
}

func (e cuttingEquality) EraseProfiles(ctx context.Context, tokens []string) error {
	return e.c.write(func() error { return e.EqualityStore.EraseProfiles(ctx, tokens) })
}

type cuttingKeys struct {
	consult.KeyStore
	c *cutting
}

func (k cuttingKeys) PutKey(ctx context.Context, id string, wrapped []byte) error {
	return k.c.write(func() error { return k.KeyStore.PutKey(ctx, id, wrapped) })
}

func (k cuttingKeys) PutTextKey(ctx context.Context, id string, wrapped []byte, tags string) error {
	return k.c.write(func() error { return k.KeyStore.PutTextKey(ctx, id, wrapped, tags) })
}

func (k cuttingKeys) SetWordTags(ctx context.Context, tags map[string]string) error {
	return k.c.write(func() error { return k.KeyStore.SetWordTags(ctx, tags) })
}

func (k cuttingKeys) WidenWordTags(ctx context.Context, id, tags string) error {
	return k.c.write(func() error { return k.KeyStore.WidenWordTags(ctx, id, tags) })
}

func (k cuttingKeys) DestroyKey(ctx context.Context, id string) error {
	return k.c.write(func() error { return k.KeyStore.DestroyKey(ctx, id) })
}

func (k cuttingKeys) DestroyKeys(ctx context.Context, ids []string) error {
	return k.c.write(func() error { return k.KeyStore.DestroyKeys(ctx, ids) })
}

func (k cuttingKeys) DestroyNamed(ctx context.Context, ids []string) error {
	return k.c.write(func() error { return k.KeyStore.DestroyNamed(ctx, ids) })
}

// reopened is a copy of a world's data directory, opened as after the end of the process.
func (w *world) reopened(t *testing.T) (*world, *store.DB) {
	t.Helper()
	dir := t.TempDir()
	ok(t, exec.Command("cp", "-r", w.Dir+"/.", dir).Run())
	if list, err := os.ReadFile(w.Dir + ".erased"); err == nil {
		ok(t, os.WriteFile(dir+".erased", list, 0o600))
	}
	t.Cleanup(func() { _ = os.Remove(dir + ".erased") })
	db, err := store.OpenSQLite(t.Context(), dir, store.Options{Clock: w.Clock.Now})
	ok(t, err)
	inner := *w.World
	inner.Dir, inner.Store = dir, db
	out := &world{World: &inner, c: w.c, code: w.code, id: w.id}
	out.on(t, db, db)
	return out, db
}

// on puts a new service on the store: nothing of an earlier process is in its memory.
func (w *world) on(t *testing.T, s consult.Store, db *store.DB) {
	t.Helper()
	old := w.Service
	w.Service = &consult.Service{Store: s, Sessions: db, Jobs: db, Keys: old.Keys, Now: old.Now, Bank: old.Bank, Library: old.Library, Address: old.Address}
	w.desk = &dpo.Desk{Service: w.Service}
	list, err := backup.OpenList(w.Dir+".erased", old.Keys)
	ok(t, err)
	w.Service.Erasures = list
	if c, cuts := s.(*cutting); cuts {
		w.Service.Erasures = cuttingList{list, c}
	}
}

// state is all that a withdrawal, an erasure, a disposal or a correction changes, as text. What only says that the service mended something, or looked what
// is due, or that somebody read something, is left out.
func (w *world) state(t *testing.T, entry string) string {
	t.Helper()
	ctx := t.Context()
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	ok(t, w.Service.Store.View(ctx, func(r consult.Reader) error {
		n, err := r.ResponseCount(w.c.ID)
		say("%d responses", n)
		texts, err2 := r.FreeTextCount(w.c.ID)
		say("%d texts", texts)
		postcodes, err6 := r.PostcodeCount(w.c.ID)
		unparted, err7 := r.UnpartedCount(w.c.ID)
		say("%d postcodes, %d in texts", postcodes, unparted)
		err3 := r.EachConsentEvent(func(e privacy.ConsentEvent) error {
			say("consent %s by %s, %s", e.State, e.Actor, e.Channel)
			return nil
		})
		err4 := r.EachCertificate(func(c privacy.Certificate) error {
			say("certificate %s %v %v", c.Class, c.Counts, c.Verified)
			return nil
		})
		err5 := r.EachAuditEvent(func(e privacy.AuditEvent) error {
			if e.Action != "equality.repair" && e.Action != "keys.sweep" && e.Action != "texts.tag" && e.Action != "request.read" && e.Action != "retention.preview" {
				say("event %s %s %v", e.Action, e.Actor.Kind, e.Detail)
			}
			return nil
		})
		return errors.Join(err, err2, err3, err4, err5, err6, err7)
	}))
	if slices.Contains(out, "1 responses") { // a code that is unknown would leave an entry
		held := w.stays(t)
		say("answers %v, flags %v", held.Response.Answers, held.Response.Flags)
		for _, c := range held.Corrections {
			say("before a correction %v", c.Before)
		}
	}
	ok(t, w.Service.Store.Equality().EveryProfile(ctx, func(p *consult.EqualityProfile) error { say("profile %s", p.Token); return nil }))
	ok(t, w.Service.Store.Keys().EveryKey(ctx, func(id string) error {
		for _, mark := range []string{".history.", ".postcode."} { // it ends at random
			if own, _, is := strings.Cut(id, mark); is {
				id = own + mark
			}
		}
		say("key %s", id)
		return nil
	}))
	listed := map[string]bool{} // an entry that a crash kept from being acknowledged may stand there twice
	ok(t, w.Service.Erasures.Each(0, func(e consult.Erasure) error {
		for _, token := range e.Tokens {
			listed[string(e.Kind)+" "+token] = true
		}
		return nil
	}))
	for _, l := range slices.Sorted(maps.Keys(listed)) {
		say("listed %s", l)
	}
	c, err := w.desk.Case(ctx, officer, entry)
	switch {
	case fault.Is(err, fault.NotFound):
		say("no request")
	case err != nil:
		t.Fatal(err)
	default:
		for _, s := range c.Request.Steps {
			say("step %s by %s", s.What, s.By)
		}
	}
	return strings.Join(out, "\n")
}

// named reports whether `folkmoot check` has something to say.
func (w *world) named(t *testing.T) bool {
	t.Helper()
	left, err := w.Service.Unfinished(t.Context())
	ok(t, err)
	problems, err := w.Store.Check(t.Context())
	ok(t, err)
	return !left.None() || len(problems) > 0
}

// restart does what the next start does.
func (w *world) restart(t *testing.T) {
	t.Helper()
	if lost, err := w.Service.CheckRestored(t.Context()); lost || err != nil {
		t.Errorf("a crash is taken for an older copy: %v, %v", lost, err)
	}
	ok(t, w.Service.DisposeEquality(t.Context()))
	ok(t, w.Service.FinishErasures(t.Context(), true))
	_, err := w.Service.FinishDisposals(t.Context())
	ok(t, err)
	_, err = w.Service.TagTexts(t.Context())
	ok(t, err)
}

// byWords says by which words of what is written in TestCutAtEveryWrite the response is found.
func (w *world) byWords(t *testing.T) string {
	t.Helper()
	return fmt.Sprint(w.found(t, strings.ToLower(strings.Fields(markedText)[0])), w.found(t, "ring"))
}

// TestCutAtEveryWrite ends the process at every write of a withdrawal, an erasure and a disposal, before and after the write. What is left between is
// named by the check; after the next start all of it has happened, or nothing; and doing it again where nothing had happened ends where the uncut one did.
func TestCutAtEveryWrite(t *testing.T) {
	for _, row := range []struct {
		name    string
		prepare func(t *testing.T, w *world, entry string)
		do      func(ctx context.Context, w *world, entry string) error
		writes  int // that the uncut one makes at least
		wants   string
		erases  bool // what is done stands in the list of erasures
		keeps   bool // the survey keeps the postcode
	}{
		{"withdrawal by code", nil, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.WithdrawConsent(ctx, w.code)
			return err
		}, 3, "consent withdrawn by self, web", true, false},
		{"refusal after consent", nil, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.DecideConsent(ctx, w.code, false, "", locale.English)
			return err
		}, 3, "consent withdrawn by self, web", true, false},
		{"withdrawal by an officer", nil, func(ctx context.Context, w *world, entry string) error {
			c, err := w.desk.Case(ctx, officer, entry)
			if err != nil {
				return err
			}
			return w.desk.WithdrawConsent(ctx, officer, entry, c.Entry.Version)
		}, 3, "step request.withdraw_consent by officer", true, false},
		{"equality answers taken back by code", nil, func(ctx context.Context, w *world, _ string) error {
			held, err := w.Service.HeldByCode(ctx, w.code, "n")
			if err != nil {
				return err
			}
			return w.Service.ChangeEquality(ctx, w.code, w.c.ID, consult.EqualityChange{Seen: held.EqualitySeen})
		}, 5, "event equality.change respondent", true, false},
		{"erasure by code", nil, func(ctx context.Context, w *world, _ string) error {
			return w.Service.WithdrawResponse(ctx, w.code)
		}, 4, "0 responses", true, false},
		{"erasure by an officer", nil, func(ctx context.Context, w *world, entry string) error {
			c, err := w.desk.Case(ctx, officer, entry)
			if err != nil {
				return err
			}
			return w.desk.Erase(ctx, officer, entry, c.Entry.Version)
		}, 4, "step request.erase by officer", true, false},
		{"disposal of free text", func(t *testing.T, w *world, _ string) { w.textsGo(t) }, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.RunRetention(ctx, robot)
			return err
		}, 5, "certificate free_text", true, false},
		{"disposal of equality answers", func(t *testing.T, w *world, _ string) {
			w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Months: 12}).Sub(w.Service.Now()))
		}, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.RunRetention(ctx, robot)
			return err
		}, 5, "certificate equality", true, false},
		{"disposal of responses", func(t *testing.T, w *world, _ string) {
			w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Months: 12}).Sub(w.Service.Now()))
			_, err := w.Service.RunRetention(t.Context(), robot)
			ok(t, err)
			w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Years: 8}).Sub(w.Service.Now()))
		}, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.DisposeResponses(ctx)
			return err
		}, 4, "0 responses", true, false},
		{"disposal of ended cases", func(t *testing.T, w *world, entry string) {
			c := w.read(t, entry)
			ok(t, w.desk.End(t.Context(), officer, entry, c.Entry.Version, privacy.Outcome{On: privacy.DateOf(w.Service.Now()), Decision: privacy.Withdrawn}))
			w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Years: 8}).Sub(w.Service.Now()))
			_, err := w.Service.DisposeResponses(t.Context())
			ok(t, err)
			ok(t, w.Service.RefreshPreview(t.Context()))
			w.turn(8 * 24 * time.Hour)
		}, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.RunRetention(ctx, robot)
			return err
		}, 4, "no request", true, false},
		{"correction by an officer", func(t *testing.T, w *world, _ string) {}, func(ctx context.Context, w *world, entry string) error {
			return w.rectify(ctx, entry, func(a survey.Answers) {
				a["satisfied"], a["why_not"] = survey.Answer{Codes: []string{"neither"}}, survey.Answer{Text: "Ring 07700 900123"}
			})
		}, 4, "before a correction map", false, false},
		{"coarsening of postcodes", func(t *testing.T, w *world, entry string) {
			w.movesTo(t, "WM1 2AG")
			w.goes(t, privacy.ClassPostcodes)
		}, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.RunRetention(ctx, robot)
			return err
		}, 6, "certificate postcodes [{record_key 1} {response.postcodes 1}] [{response.postcodes 0}]", true, true},
		{"disposal of free text beside postcodes", func(t *testing.T, w *world, _ string) {
			w.movesTo(t, "WM1 2AG")
			w.textsGo(t)
		}, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.RunRetention(ctx, robot)
			return err
		}, 6, "certificate free_text", true, true},
		{"correction of a postcode", nil, func(ctx context.Context, w *world, entry string) error {
			return w.rectify(ctx, entry, func(a survey.Answers) { a["home"] = lives(w, "WM1 2AG") })
		}, 5, "before a correction map", false, true},
		{"parting of postcodes", func(t *testing.T, w *world, _ string) {
			w.movesTo(t, "WM1 2AG")
			w.unpart(t)
		}, func(ctx context.Context, w *world, _ string) error {
			_, err := w.Service.PartPostcodes(ctx)
			return err
		}, 6, "1 postcodes, 0 in texts", false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel() // it waits for the disk
			made, kind := newWorld, privacy.AskErase
			if row.keeps {
				made = keepingWorld
			}
			first := made(t)
			if !row.erases {
				kind = privacy.AskRectify
			}
			c, err := first.desk.Enter(t.Context(), officer, privacy.Request{Kind: kind, Received: privacy.DateOf(first.Service.Now()), Channel: privacy.ByTelephone, Name: markedName, Contact: "07700 900123"})
			ok(t, err)
			entry := c.Entry.ID
			ok(t, first.desk.Identify(t.Context(), officer, entry, c.Entry.Version, privacy.DateOf(first.Service.Now()), privacy.IdentityCode, first.code, ""))
			if row.prepare != nil {
				row.prepare(t, first, entry)
			}
			first.on(t, first.Store, first.Store)
			before, wordsBefore := first.state(t, entry), first.byWords(t)
			uncut, db := first.reopened(t)
			count := &cutting{Store: db}
			uncut.on(t, count, db)
			ok(t, row.do(t.Context(), uncut, entry))
			after, wordsAfter := uncut.state(t, entry), uncut.byWords(t)
			ok(t, db.Close())
			if count.n < row.writes || before == after || strings.Contains(before, row.wants) || !strings.Contains(after, row.wants) {
				t.Fatalf("%d writes, and not the change that was to be tested:\n%s", count.n, after)
			}
			if row.erases {
				replayed(t, first, uncut, entry, after)
			}
			between, whole := 0, 0
			for at := 1; at <= count.n; at++ {
				for _, late := range []bool{false, true} {
					why := fmt.Sprintf("write %d of %d, after it: %v", at, count.n, late)
					w, db := first.reopened(t)
					w.on(t, &cutting{Store: db, at: at, after: late}, db)
					if err := row.do(t.Context(), w, entry); err == nil && !w.Service.Store.(*cutting).over {
						t.Fatalf("%s: was not reached", why)
					}
					w.on(t, db, db)
					if now := w.state(t, entry); now != before && now != after {
						between++
						if !w.named(t) {
							t.Errorf("%s: the check names nothing, and there is:\n%s", why, now)
						}
					}
					w.restart(t)
					now := w.state(t, entry)
					if words := w.byWords(t); now == after && words != wordsAfter || now == before && words != wordsBefore {
						t.Errorf("%s: after the next start it is found by other words than it has: %s", why, words)
					}
					switch {
					case now == after:
						whole++
					case now == before:
					default:
						t.Errorf("%s: after the next start it is half done:\n%s", why, now)
					}
					if w.named(t) {
						t.Errorf("%s: the check still names something after the next start", why)
					}
					if now != after {
						ok(t, row.do(t.Context(), w, entry))
						if now = w.state(t, entry); now != after {
							t.Errorf("%s: done again it ends with\n%s\nand uncut with\n%s", why, now, after)
						}
					}
					ok(t, db.Close())
				}
			}
			if between == 0 || whole == 0 {
				t.Errorf("%d cuts left something between, %d were completed by the next start: the test proves little", between, whole)
			}
			t.Logf("%d writes; %d of %d cuts left something between; the next start completed %d", count.n, between, 2*count.n, whole)
		})
	}
}

// textsGo makes the free text due by a rule of its own, while a rule for postcodes keeps those as long as the notice says, and turns the clock to the end of its announcement.
func (w *world) textsGo(t *testing.T) {
	t.Helper()
	w.goes(t, privacy.ClassFreeText)
}

// goes is textsGo for a class.
func (w *world) goes(t *testing.T, class privacy.DataClass) {
	t.Helper()
	settings := consult.DefaultRetention()
	for i := range settings.Rules {
		if settings.Rules[i].Class == class {
			settings.Rules[i].Period, settings.Rules[i].Approver = "P3M", "officer"
		}
		if class == privacy.ClassFreeText && settings.Rules[i].Class == privacy.ClassPostcodes {
			settings.Rules[i].Period, settings.Rules[i].Approver = "P36M", "officer"
		}
	}
	ok(t, w.Service.Store.Update(t.Context(), func(tx consult.Writer) error {
		return errors.Join(consult.WriteSetting(tx, consult.RetentionSetting, settings, 0), tx.AppendAudit(privacy.NewAuditEvent(robot, "retention.rule", "rule:free_text")))
	}))
	w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Months: 4}).Sub(w.Service.Now()))
	ok(t, w.Service.RefreshPreview(t.Context()))
	w.turn(8 * 24 * time.Hour)
}

// replayed puts the store back as it was before, beside the list as it is after: it is known for an older copy, and the replay ends in what the list
// says. What was done since and is in no list, a step in a register or a certificate, is lost with an older copy.
func replayed(t *testing.T, first, uncut *world, entry, after string) {
	t.Helper()
	w, db := first.reopened(t)
	list, err := os.ReadFile(uncut.Dir + ".erased")
	ok(t, err)
	ok(t, os.WriteFile(w.Dir+".erased", list, 0o600))
	w.on(t, db, db)
	if _, err := w.Service.CheckRestored(t.Context()); !errors.Is(err, consult.ErrRestored) {
		t.Errorf("an older copy would be served: %v", err)
	}
	done, err := w.Service.ReplayErasures(t.Context(), time.Time{})
	ok(t, err)
	if done.None() {
		t.Error("nothing was replayed")
	}
	if got, want := data(w.state(t, entry)), data(after); got != want {
		t.Errorf("after the replay:\n%s\nwant:\n%s", got, want)
	}
	if lost, err := w.Service.CheckRestored(t.Context()); lost || err != nil {
		t.Errorf("after the replay it is not served: %v, %v", lost, err)
	}
	if w.named(t) {
		t.Error("after the replay the check names something")
	}
	if again, err := w.Service.ReplayErasures(t.Context(), time.Time{}); err != nil || !again.None() {
		t.Errorf("replayed twice: %+v, %v", again, err)
	}
	ok(t, db.Close())
}

// data leaves of a state what is held about people, with their consent.
func data(state string) string {
	lines := slices.DeleteFunc(strings.Split(state, "\n"), func(line string) bool {
		for _, kind := range []string{"event ", "step ", "certificate ", "listed "} {
			if strings.HasPrefix(line, kind) {
				return true
			}
		}
		return false
	})
	return strings.Join(lines, "\n")
}
