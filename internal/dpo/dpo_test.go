package dpo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

var (
	officer = &consult.Staff{ID: "officer", Name: "Dee Officer", Role: consult.DPO}
	// marked words occur nowhere else: what is left of them after an erasure is found.
	markedText, markedName, markedContact = "zzquerulousotterzz", "Zzimmeranda Quaxley", "zzquaxley@resident.example"
)

type world struct {
	*uitest.World
	desk *dpo.Desk
	c    *consult.Consultation
	code string
	id   string
}

// newWorld holds one response with free text and, under consent, equality answers.
func newWorld(t *testing.T) *world {
	t.Helper()
	return worldOf(t, uitest.Everything, nil)
}

// keepingWorld is newWorld where the postcode is kept beside the ward.
func keepingWorld(t *testing.T) *world {
	t.Helper()
	return worldOf(t, strings.Replace(uitest.Everything, "keep: ward", "keep: postcode", 1), survey.Answers{"home": {Codes: []string{"abbots_cross"}, Text: "WM1 1AA"}})
}

func worldOf(t *testing.T, source string, more survey.Answers) *world {
	t.Helper()
	w := &world{World: uitest.New(t)}
	w.desk = &dpo.Desk{Service: w.Service}
	w.c = w.Publish(t, "libraries", source, nil)
	ctx := t.Context()
	d, err := w.Service.Begin(ctx, w.c.Slug, locale.English)
	ok(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"very_satisfied"}}, "member": {Codes: []string{"no"}}, "why_not": {Text: markedText}}
	d.Answers = d.Answers.With(more)
	d.Ages = uitest.OldEnough(w.Service.Now())
	done, err := w.Service.SubmitResponse(ctx, d)
	ok(t, err)
	statement, err := w.Service.ConsentStatement(ctx, w.c, locale.English)
	ok(t, err)
	_, err = w.Service.DecideConsent(ctx, done.Code, true, statement.Hash, locale.English)
	ok(t, err)
	ok(t, w.Service.SaveEquality(ctx, done.Code, w.c.ID, survey.Answers{"sex": {Codes: []string{"female"}}}))
	w.code, w.id = done.Code, done.ResponseID
	return w
}

// another sends one more response with the text and returns its id.
func (w *world) another(t *testing.T, text string) string {
	t.Helper()
	d, err := w.Service.Begin(t.Context(), w.c.Slug, locale.English)
	ok(t, err)
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}, "more": {Text: text}}
	done, err := w.Service.SubmitResponse(t.Context(), d)
	ok(t, err)
	return done.ResponseID
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) read(t *testing.T, id string) *dpo.Case {
	t.Helper()
	c, err := w.desk.Case(t.Context(), officer, id)
	ok(t, err)
	return c
}

// A resident asks with the code; the officer sees at once whom it is about, shows everything, and erases what was asked.
func TestRequestWithCode(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskErase, Name: markedName, Contact: markedContact, Text: "Please erase it."}, w.code, "n")
	ok(t, err)
	if c.Number() != "R1" || c.Request.Tier != privacy.IdentityCode || c.Clock != privacy.ClockRunning {
		t.Errorf("%s, identity %q, clock %s", c.Number(), c.Request.Tier, c.Clock)
	}
	if c.Due.On != "2026-04-29" || c.Late { // 29 March 2026, 02:30 in London
		t.Errorf("due %v, late %v", c.Due, c.Late)
	}
	_, all, err := w.desk.Copy(ctx, officer, c.Entry.ID)
	ok(t, err)
	if all.Response.Answers["why_not"].Text != markedText || len(all.Equality["sex"].Codes) != 1 || len(all.Events) != 2 || all.Notice == nil || all.Until == "" {
		t.Errorf("the copy is not whole: %+v", all)
	}
	ok(t, w.desk.Erase(ctx, officer, c.Entry.ID, c.Entry.Version))
	if _, err := w.Service.HeldByCode(ctx, w.code, "n"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the response is still there: %v", err)
	}
	if _, _, err := w.desk.Copy(ctx, officer, c.Entry.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a copy of what was erased: %v", err)
	}
	ok(t, w.desk.End(ctx, officer, c.Entry.ID, w.read(t, c.Entry.ID).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted, Done: "Erased."}))
	open, ended, err := w.desk.Cases(ctx, officer)
	ok(t, err)
	if len(open) != 0 || len(ended) != 1 || ended[0].Clock != privacy.ClockStopped {
		t.Errorf("%d open, %d ended", len(open), len(ended))
	}
	if left := w.find(t, markedText, markedName, markedContact); len(left) > 0 {
		t.Errorf("found in the data directory: %v", left)
	}
}

// find searches every byte of the data directory.
func (w *world) find(t *testing.T, words ...string) (found []string) {
	t.Helper()
	ok(t, filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				found = append(found, word+" in "+d.Name())
			}
		}
		return err
	}))
	return found
}

// Somebody rings: the officer asks for the code, and withdrawal leaves the same events as their own (privacy.md 6).
func TestTelephoneWithdrawal(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskErase, Received: "2026-03-27", Channel: privacy.ByTelephone, Name: markedName, Contact: "07700 900123"})
	ok(t, err)
	id, version := c.Entry.ID, func() int64 { return w.read(t, c.Entry.ID).Entry.Version }
	if err := w.desk.Erase(ctx, officer, id, version()); !fault.Is(err, fault.Conflict) {
		t.Errorf("erased although nobody was identified: %v", err)
	}
	ok(t, w.desk.AskIdentity(ctx, officer, id, version(), "2026-03-28"))
	if got := w.read(t, id).Clock; got != privacy.ClockNotStarted {
		t.Errorf("clock %s", got)
	}
	if err := w.desk.Identify(ctx, officer, id, version(), "2026-03-29", privacy.IdentityCode, "7K3F-92QD-7K3F-92QD-7K3F", ""); err == nil {
		t.Error("identified by a code that is none")
	}
	ok(t, w.desk.Identify(ctx, officer, id, version(), "2026-03-29", privacy.IdentityCode, w.code, ""))
	ok(t, w.desk.WithdrawConsent(ctx, officer, id, version()))
	held, err := w.Service.HeldByCode(ctx, w.code, "n")
	ok(t, err)
	if held.Consent.State != privacy.ConsentWithdrawn || len(held.Equality) != 0 || held.Response.Answers["why_not"].Text != markedText {
		t.Errorf("consent %s, %d equality answers", held.Consent.State, len(held.Equality))
	}
	_, all, err := w.desk.Copy(ctx, officer, id)
	ok(t, err)
	last := all.Events[len(all.Events)-1]
	if last.State != privacy.ConsentWithdrawn || last.Actor != officer.ID || last.Channel != "phone" {
		t.Errorf("the ledger says %s by %s over %s", last.State, last.Actor, last.Channel)
	}
	events := w.audit(t)
	if !strings.Contains(events, `"consent.withdraw`) || !strings.Contains(events, "request.withdraw_consent") {
		t.Error("the audit log lacks the withdrawal or the officer's step")
	}
}

// A response out of use is held, and in no result (UK GDPR art. 18); it comes back when its person was told (art. 18(3)), also after the request.
func TestRestriction(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskRestrict}, w.code, "n")
	ok(t, err)
	id, version := c.Entry.ID, func() int64 { return w.read(t, c.Entry.ID).Entry.Version }
	results := func() int {
		t.Helper()
		out, err := w.Service.Results(ctx, uitest.Researcher, w.c.ID)
		ok(t, err)
		return out.Responses
	}
	exported := func() (n int) {
		t.Helper()
		ok(t, w.Service.EachResponse(ctx, uitest.Researcher, w.c.ID, func(*consult.Response) error { n++; return nil }))
		return n
	}
	if c.Request.Restricted { // the request is what restricts it: nobody has to do it by hand (privacy.md 5.1: in practice at once)
		ok(t, w.desk.Lift(ctx, officer, id, version(), "2026-03-29"))
	}
	if results() != 1 || exported() != 1 {
		t.Fatal("the response is not there to begin with")
	}
	ok(t, w.desk.Restrict(ctx, officer, id, version()))
	if results() != 0 || exported() != 0 {
		t.Error("a restricted response is used")
	}
	w.Clock.Move(w.c.ClosesAt.AddDate(20, 0, 0))
	if n, err := w.Service.DisposeResponses(ctx); err != nil || n != 0 {
		t.Errorf("a restricted response was disposed of: %d, %v", n, err)
	}
	w.Clock.Move(uitest.Start)
	other, err := w.Service.Begin(ctx, w.c.Slug, locale.English)
	ok(t, err)
	other.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "member": {Codes: []string{"yes"}}}
	_, err = w.Service.SubmitResponse(ctx, other)
	ok(t, err)
	w.Clock.Move(w.c.ClosesAt.AddDate(20, 0, 0))
	if n, err := w.Service.DisposeResponses(ctx); err != nil || n != 1 {
		t.Errorf("%d responses beside the restricted one were disposed of, %v", n, err)
	}
	ok(t, w.Store.View(ctx, func(r consult.Reader) error {
		found := 0
		err := r.EachCertificate(func(c privacy.Certificate) error {
			if c.Consultation == w.c.ID && c.Class == privacy.ClassResponses {
				found++
				if c.HoldsSkipped != 1 {
					t.Errorf("the certificate says that %d were held", c.HoldsSkipped)
				}
			}
			return nil
		})
		if found == 0 {
			t.Error("no certificate")
		}
		return err
	}))
	w.Clock.Move(uitest.Start)
	if held, err := w.Service.HeldByCode(ctx, w.code, "n"); err != nil || held.Response.Answers["why_not"].Text != markedText {
		t.Errorf("its person does not see it any more: %v", err)
	}
	if err := w.desk.Restrict(ctx, officer, id, version()); !fault.Is(err, fault.Conflict) {
		t.Errorf("restricted twice: %v", err)
	}
	ok(t, w.desk.End(ctx, officer, id, version(), privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted}))
	if results() != 0 {
		t.Error("ending the request lifted the restriction")
	}
	if err := w.desk.Lift(ctx, officer, id, version(), "2026-03-30"); !fault.Is(err, fault.Invalid) {
		t.Errorf("lifted before its person was told: %v", err)
	}
	ok(t, w.desk.Lift(ctx, officer, id, version(), "2026-03-29"))
	if results() != 1 || exported() != 1 {
		t.Error("lifted, and not used")
	}
}

// The person was faster, or the process died between the erasure and its note: the officer's step is recorded all the same.
func TestErasedAlready(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskErase}, w.code, "n")
	ok(t, err)
	ok(t, w.Service.WithdrawResponse(ctx, w.code))
	ok(t, w.desk.Erase(ctx, officer, c.Entry.ID, c.Entry.Version))
	if steps := w.read(t, c.Entry.ID).Request.Steps; steps[len(steps)-1].What != "request.erase" {
		t.Errorf("the step is not recorded: %v", steps)
	}
}

func (w *world) audit(t *testing.T) string {
	t.Helper()
	var out []byte
	ok(t, w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			line, err := json.Marshal(e)
			out = append(out, line...)
			return err
		})
	}))
	return string(out)
}

// The log says who did what, and nothing about the person.
func TestNothingAboutPeopleInTheLog(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskAccess, Name: markedName, Contact: markedContact, Text: markedText}, w.code, "n")
	ok(t, err)
	id := c.Entry.ID
	step := func(do func(version int64) error) { t.Helper(); ok(t, do(w.read(t, id).Entry.Version)) }
	step(func(v int64) error { return w.desk.Acknowledge(ctx, officer, id, v, "2026-03-29") })
	step(func(v int64) error { return w.desk.Ask(ctx, officer, id, v, "2026-03-29", markedText) })
	step(func(v int64) error { return w.desk.Answered(ctx, officer, id, v, "2026-03-29") })
	step(func(v int64) error { return w.desk.Extend(ctx, officer, id, v, "2026-03-29", markedText) })
	step(func(v int64) error {
		return w.desk.Exempt(ctx, officer, id, v, privacy.Exemption{Ground: "third_party", Item: markedText, Reason: markedName})
	})
	step(func(v int64) error {
		return w.desk.Searched(ctx, officer, id, v, privacy.SearchDone{On: "2026-03-29", Where: markedText, For: "name", Found: 1})
	})
	step(func(v int64) error { return w.desk.Note(ctx, officer, id, v, markedText) })
	_, _, err = w.desk.Copy(ctx, officer, id)
	ok(t, err)
	step(func(v int64) error {
		return w.desk.End(ctx, officer, id, v, privacy.Outcome{On: "2026-03-29", Decision: privacy.GrantedPartly, Reasons: markedText})
	})
	events := w.audit(t)
	for _, word := range []string{markedText, markedName, markedContact, w.code, w.id} {
		if strings.Contains(events, word) {
			t.Errorf("%q is in the audit log", word)
		}
	}
	for _, action := range []string{"receive", "acknowledge", "pause", "resume", "extend", "exempt", "search", "note", "read", "end"} {
		if !strings.Contains(events, `"request.`+action+`"`) {
			t.Errorf("request.%s is not in the audit log", action)
		}
	}
	if got := len(w.read(t, id).Request.Steps); got != 9 {
		t.Errorf("%d steps in the history", got)
	}
	if left := w.find(t, markedText, markedName, markedContact); len(left) > 0 {
		t.Errorf("a request lies open: %v", left)
	}
}

func TestDeskRefuses(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskComplaint, Contact: markedContact, Text: "Unhappy."}, "", "n")
	ok(t, err)
	id := c.Entry.ID
	if c.Due.On != "2026-04-27" { // 30 days beginning on 29 March
		t.Errorf("a complaint is acknowledged by %s", c.Due.On)
	}
	for _, row := range []struct {
		why  string
		do   func() error
		kind fault.Kind
	}{
		{"a researcher reads a request", func() error { _, err := w.desk.Case(ctx, uitest.Researcher, id); return err }, fault.Forbidden},
		{"an administrator reads the register", func() error { _, _, err := w.desk.Cases(ctx, uitest.Administrator); return err }, fault.Forbidden},
		{"nobody enters one", func() error { _, err := w.desk.Enter(ctx, nil, privacy.Request{}); return err }, fault.Forbidden},
		{"a researcher erases", func() error { return w.desk.Erase(ctx, uitest.Researcher, id, 1) }, fault.Forbidden},
		{"an older version", func() error { return w.desk.Note(ctx, officer, id, 0, "x") }, fault.Conflict},
		{"received tomorrow", func() error {
			_, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskAccess, Received: "2026-03-30", Channel: privacy.ByPost, Contact: "x"})
			return err
		}, fault.Invalid},
		{"no way to answer", func() error {
			_, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskAccess}, "", "n")
			return err
		}, fault.Invalid},
		{"a complaint about nothing", func() error {
			_, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskComplaint, Contact: "x"}, "", "n")
			return err
		}, fault.Invalid},
		{"a code that is none", func() error {
			_, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskAccess, Contact: "x"}, "AAAA-AAAA-AAAA-AAAA-AAAA", "n")
			return err
		}, fault.NotFound},
		{"a copy without identity", func() error { _, _, err := w.desk.Copy(ctx, officer, id); return err }, fault.Conflict},
		{"acknowledged tomorrow", func() error { return w.desk.Acknowledge(ctx, officer, id, 1, "2026-03-30") }, fault.Invalid},
		{"a request that is not there", func() error { _, err := w.desk.Case(ctx, officer, "absent"); return err }, fault.NotFound},
	} {
		if err := row.do(); !fault.Is(err, row.kind) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	w.Clock.Move(uitest.Start.Add(60 * 24 * time.Hour))
	if !w.read(t, id).Late {
		t.Error("a complaint that nobody acknowledged for 60 days is not late")
	}
}

// Two officers press at the same moment: one is told.
func TestTwoOfficers(t *testing.T) {
	w := newWorld(t)
	c, err := w.desk.Receive(t.Context(), privacy.Request{Kind: privacy.AskAccess, Contact: markedContact}, w.code, "n")
	ok(t, err)
	errs := make(chan error, 2)
	for _, note := range []string{"one", "two"} {
		go func() {
			errs <- w.desk.Note(context.WithoutCancel(t.Context()), officer, c.Entry.ID, c.Entry.Version, note)
		}()
	}
	first, second := <-errs, <-errs
	if (first == nil) == (second == nil) || !fault.Is(first, fault.Conflict) && !fault.Is(second, fault.Conflict) {
		t.Errorf("%v and %v", first, second)
	}
	if got := len(w.read(t, c.Entry.ID).Request.Steps); got != 2 {
		t.Errorf("%d steps: the history lost one or has one too many", got)
	}
}

// However often and however fast a form is sent, it makes one case; other words in it are another request.
func TestReceiveOnce(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	form := dpo.NewForm()
	r := privacy.Request{Kind: privacy.AskErase, Contact: markedContact, Text: markedText}
	numbers := make(chan string, 8)
	for range cap(numbers) {
		go func() {
			c, err := w.desk.ReceiveOnce(context.WithoutCancel(ctx), r, w.code, "n", form)
			if err != nil {
				t.Error(err)
				numbers <- ""
				return
			}
			numbers <- c.Number()
		}()
	}
	for range cap(numbers) {
		if n := <-numbers; n != "R1" {
			t.Errorf("case %q", n)
		}
	}
	w.Clock.Move(uitest.Start.Add(24 * time.Hour)) // a reload of the next day
	for _, row := range []struct {
		why, want string
		form      string
		change    func(*privacy.Request)
		code      string
	}{
		{"the same again", "R1", form, func(*privacy.Request) {}, w.code},
		{"other words", "R2", form, func(r *privacy.Request) { r.Text += "!" }, w.code},
		{"about no response", "R3", form, func(*privacy.Request) {}, ""},
		{"another form", "R4", dpo.NewForm(), func(*privacy.Request) {}, w.code},
	} {
		sent := r
		row.change(&sent)
		c, err := w.desk.ReceiveOnce(ctx, sent, row.code, "n", row.form)
		ok(t, err)
		if c.Number() != row.want {
			t.Errorf("%s: %s, want %s", row.why, c.Number(), row.want)
		}
	}
	if n := strings.Count(w.audit(t), `"request.receive"`); n != 4 {
		t.Errorf("%d events for four cases", n)
	}
}
