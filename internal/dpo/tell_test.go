package dpo_test

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// recipients enters a processor that gets responses, one that gets totals, and a disclosure of which the person was not told.
func recipients(t *testing.T, w *world) (host, totals, police string) {
	t.Helper()
	x := uitest.Processor()
	one, faults, err := w.desk.RecordProcessor(t.Context(), officer, x)
	ok(t, errors.Join(append(faults, err)...))
	x.Name, x.Form = "Charts Ltd", privacy.Anonymous
	two, faults, err := w.desk.RecordProcessor(t.Context(), officer, x)
	ok(t, errors.Join(append(faults, err)...))
	d := uitest.Disclosure()
	d.Notify = false
	three, faults, err := w.desk.RecordDisclosure(t.Context(), officer, d)
	ok(t, errors.Join(append(faults, err)...))
	return one.Entry.ID, two.Entry.ID, three.Entry.ID
}

// UK GDPR art. 19: each recipient of what was corrected, erased or restricted is told, whoever gets it as a rule too.
func TestWhoHasToBeTold(t *testing.T) {
	for _, row := range []struct {
		why     string
		kind    privacy.RequestKind
		act     func(w *world, id string) error
		offered bool
		says    string // of the change, in the letter
	}{
		{"art. 16", privacy.AskRectify, func(w *world, id string) error {
			c, held, err := w.desk.Rectifiable(t.Context(), officer, id)
			ok(t, err)
			held.Answers["more"] = survey.Answer{Text: "Longer hours"}
			return w.desk.Rectify(t.Context(), officer, id, c.Entry.Version, consult.Rectification{Answers: held.Answers, Reason: "x", Seen: held.Seen}, nil)
		}, true, "what we corrected"},
		{"art. 17", privacy.AskErase, func(w *world, id string) error {
			return w.desk.Erase(t.Context(), officer, id, w.read(t, id).Entry.Version)
		}, true, "what we erased"},
		{"art. 7(3), 17(1)(b): equality answers", privacy.AskErase, func(w *world, id string) error {
			return w.desk.WithdrawConsent(t.Context(), officer, id, w.read(t, id).Entry.Version)
		}, true, "what we erased"},
		{"art. 18, by the officer", privacy.AskAccess, func(w *world, id string) error {
			return w.desk.Restrict(t.Context(), officer, id, w.read(t, id).Entry.Version)
		}, true, "that we stopped using it\n"},
		{"art. 18(1)(d): by law, while an objection is considered", privacy.AskObject, func(*world, string) error { return nil }, true, "that we stopped using it\n"},
		{"art. 15: nothing was changed", privacy.AskAccess, func(*world, string) error { return nil }, false, ""},
	} {
		w, ctx := newWorld(t), t.Context()
		host, totals, police := recipients(t, w)
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: row.kind, Contact: "x"}, w.code, "n")
		ok(t, err)
		id := c.Entry.ID
		ok(t, row.act(w, id))
		now := w.read(t, id)
		if got := len(now.Recipients); (got == 2) != row.offered || !row.offered && got != 0 {
			t.Errorf("%s: %d recipients are offered", row.why, got)
		}
		if !row.offered {
			if err := w.desk.Tell(ctx, officer, id, now.Entry.Version, []string{host}); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", row.why, err)
			}
			continue
		}
		if err := w.desk.Tell(ctx, officer, id, now.Entry.Version, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: nobody is ticked: %v", row.why, err)
		}
		if err := w.desk.Tell(ctx, officer, id, now.Entry.Version, []string{host, totals}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: whoever gets totals only is to be told: %v", row.why, err)
		}
		if x, err := w.desk.Processor(ctx, officer, host); err != nil || x.Processor.Outstanding() {
			t.Errorf("%s: refused and done all the same: %v", row.why, err)
		}
		ok(t, w.desk.Tell(ctx, officer, id, now.Entry.Version, []string{police, host, host}))
		told := w.read(t, id).Request.Tellings
		if len(told) != 2 {
			t.Errorf("%s: the request says %+v (art. 5(2))", row.why, told)
		}
		ok(t, w.desk.End(ctx, officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted, Done: "Done."}))
		ended := w.read(t, id)
		for _, lang := range locale.Langs() {
			council, err := w.Service.Council(ctx)
			ok(t, err)
			calendar, err := w.desk.Calendar(ctx)
			ok(t, err)
			letter, err := privacy.WriteLetter(privacy.LetterOutcome, council, ended.Request, ended.Number(), calendar, lang)
			ok(t, err)
			if text := letter.String(); strings.Count(text, "Hosting Ltd") != 1 || strings.Contains(text, "constable") {
				t.Errorf("%s, %s: art. 19: the person is told who is told, and not of what they were not to know: %s", row.why, lang, text)
			} else if lang == locale.English && !strings.Contains(text, "Hosting Ltd: "+row.says) {
				t.Errorf("%s: art. 5(1)(a): what they are told is not what was done: %s", row.why, text)
			}
		}
	}
}

// What has to be told keeps the entry of a processor open, also one that had ended, and when it was told before can be shown (art. 5(2)).
func TestAProcessorIsTold(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	host, _, _ := recipients(t, w)
	x, err := w.desk.Processor(ctx, officer, host)
	ok(t, err)
	said := x.Processor
	said.After, said.Notify, said.Notified = "Kept for the audit.", true, "2026-03-20"
	faults, err := w.desk.UpdateProcessor(ctx, officer, host, x.Entry.Version, said)
	ok(t, errors.Join(append(faults, err)...))
	ok(t, w.desk.CloseProcessor(ctx, officer, host, x.Entry.Version+1))
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskErase, Contact: "x"}, w.code, "n")
	ok(t, err)
	ok(t, w.desk.Erase(ctx, officer, c.Entry.ID, c.Entry.Version))
	ok(t, w.desk.Tell(ctx, officer, c.Entry.ID, c.Entry.Version+1, []string{host}))
	x, err = w.desk.Processor(ctx, officer, host)
	ok(t, err)
	if x.Entry.Ended || !x.Processor.Outstanding() || x.Missing[len(x.Missing)-1].Clause != "UK GDPR art. 19" {
		t.Errorf("nobody is asked to tell it: %+v", x)
	}
	if steps := x.Processor.Steps; steps[len(steps)-1].Note != "art. 19: 2026-03-20" {
		t.Errorf("when it was told before: %+v", steps)
	}
	if err := w.desk.CloseProcessor(ctx, officer, host, x.Entry.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("closed although it has to be told: %v", err)
	}
	said = x.Processor
	said.Notified = "2026-03-29"
	faults, err = w.desk.UpdateProcessor(ctx, officer, host, x.Entry.Version, said)
	ok(t, errors.Join(append(faults, err)...))
	ok(t, w.desk.CloseProcessor(ctx, officer, host, x.Entry.Version+1))
	if err := w.desk.Tell(ctx, uitest.Researcher, c.Entry.ID, c.Entry.Version+2, []string{host}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a researcher: %v", err)
	}
}

// UK GDPR art. 5(1)(a), 19: after a refusal nothing was changed. What the recipients hear is that the response was out of use for a time.
func TestTheLetterOfARefusalSaysNothingOfAChange(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	host, _, _ := recipients(t, w)
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x"}, w.code, "n")
	ok(t, err)
	id := c.Entry.ID
	w.weigh(t, id)
	ok(t, w.desk.Tell(ctx, officer, id, w.read(t, id).Entry.Version, []string{host}))
	ok(t, w.desk.End(ctx, officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "As weighed."}))
	council, err := w.Service.Council(ctx)
	ok(t, err)
	calendar, err := w.desk.Calendar(ctx)
	ok(t, err)
	for lang, says := range map[locale.Lang]string{locale.English: "Hosting Ltd: that we stopped using it for a time\n", locale.Welsh: "Hosting Ltd: ein bod wedi rhoi'r gorau i'w defnyddio am gyfnod\n"} {
		x := w.read(t, id)
		letter, err := privacy.WriteLetter(privacy.LetterOutcome, council, x.Request, x.Number(), calendar, lang)
		ok(t, err)
		if text := letter.String(); !strings.Contains(text, says) || strings.Contains(text, "changed") || strings.Contains(text, "newidiwyd") {
			t.Errorf("%s: %s", lang, text)
		}
	}
}

// UK GDPR art. 19: what an edit of an entry may say about a notice that a request asked for on 29 March.
func TestANoticeIsNotTakenAway(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*privacy.Processor)
		want   string // the fault and its field
		open   bool   // it is outstanding afterwards
	}{
		{"art. 19: it is unticked", func(p *privacy.Processor) { p.Notify = false }, "error.processor.unticked notify", true},
		{"art. 19, 5(2): told the day before there was anything to tell", func(p *privacy.Processor) { p.Notified = "2026-03-28" }, "error.processor.notified_before notified-day", true},
		{"an edit does not move the day", func(p *privacy.Processor) { p.Notified, p.NotifySince = "2026-03-28", "" }, "error.processor.notified_before notified-day", true},
		{"something else is changed", func(p *privacy.Processor) { p.Location = "Cardiff" }, "", true},
		{"it was told on the day", func(p *privacy.Processor) { p.Notified = "2026-03-29" }, "", false},
		{"art. 19: it has ceased to be, so that is impossible", func(p *privacy.Processor) { p.NotTold = "It was dissolved." }, "", false},
		{"a reason is one", func(p *privacy.Processor) { p.NotTold = " " }, "", true},
	} {
		w, ctx := newWorld(t), t.Context()
		host, _, police := recipients(t, w)
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject, Contact: "x"}, w.code, "n")
		ok(t, err)
		ok(t, w.desk.Tell(ctx, officer, c.Entry.ID, c.Entry.Version, []string{host, police}))
		x, err := w.desk.Processor(ctx, officer, host)
		ok(t, err)
		said := x.Processor
		said.After = "Given back."
		row.change(&said)
		faults, err := w.desk.UpdateProcessor(ctx, officer, host, x.Entry.Version, said)
		ok(t, err)
		if got := keysAt(faults); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
		x, err = w.desk.Processor(ctx, officer, host)
		ok(t, err)
		if x.Processor.Outstanding() != row.open {
			t.Errorf("%s: outstanding %t", row.why, !row.open)
		}
		if len(faults) > 0 { // what it says of the contract is stored without it
			said = x.Processor
			said.After = "Given back."
			faults, err = w.desk.UpdateProcessor(ctx, officer, host, x.Entry.Version, said)
			ok(t, errors.Join(append(faults, err)...))
			x.Entry.Version++
		}
		if err := w.desk.CloseProcessor(ctx, officer, host, x.Entry.Version); fault.Is(err, fault.Conflict) != row.open {
			t.Errorf("%s: closed: %v", row.why, err)
		}
		d, err := w.desk.Disclosure(ctx, officer, police)
		ok(t, err)
		given := d.Disclosure
		given.Notify, given.Notified, given.NotTold = said.Notify, said.Notified, said.NotTold
		if row.want != "" {
			row.change(&said)
			given.Notify, given.Notified, given.NotTold, given.NotifySince = said.Notify, said.Notified, said.NotTold, said.NotifySince
		}
		faults, err = w.desk.UpdateDisclosure(ctx, officer, police, d.Entry.Version, given)
		ok(t, err)
		if got := keysAt(faults); got != strings.Replace(row.want, "processor", "disclosure", 1) {
			t.Errorf("%s: of a disclosure: %q", row.why, got)
		}
	}
}

// keysAt are what faults say and where.
func keysAt(faults []error) string {
	var out []string
	for _, err := range faults {
		var f *fault.Error
		if errors.As(err, &f) {
			out = append(out, f.Key+" "+f.Field)
		}
	}
	return strings.Join(out, "; ")
}

// UK GDPR art. 5(1)(a), 19: the letter does not say of a recipient that it is told where the register says why it is not; and that is kept when it is asked for again.
func TestWhoeverCannotBeTold(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	host, _, _ := recipients(t, w)
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskErase, Contact: "x"}, w.code, "n")
	ok(t, err)
	id := c.Entry.ID
	ok(t, w.desk.Erase(ctx, officer, id, c.Entry.Version))
	ok(t, w.desk.Tell(ctx, officer, id, w.read(t, id).Entry.Version, []string{host}))
	x, err := w.desk.Processor(ctx, officer, host)
	ok(t, err)
	said := x.Processor
	said.NotTold = "It was dissolved."
	faults, err := w.desk.UpdateProcessor(ctx, officer, host, x.Entry.Version, said)
	ok(t, errors.Join(append(faults, err)...))
	ok(t, w.desk.End(ctx, officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted}))
	letter, err := privacy.WriteLetter(privacy.LetterOutcome, privacy.Council{}, w.read(t, id).Request, "R1", privacy.Calendar{}, locale.English)
	ok(t, err)
	if text := letter.String(); !strings.Contains(text, "Hosting Ltd: we do not tell it") || strings.Contains(text, "what we erased") {
		t.Error(text)
	}
	ok(t, w.desk.Tell(ctx, officer, id, w.read(t, id).Entry.Version, []string{host}))
	x, err = w.desk.Processor(ctx, officer, host)
	ok(t, err)
	if steps := x.Processor.Steps; !x.Processor.Outstanding() || steps[len(steps)-1].Note != "art. 19: It was dissolved." {
		t.Errorf("asked for again: %+v", x.Processor)
	}
}
