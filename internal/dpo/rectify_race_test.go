package dpo_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// planned is a correction of the world's response that was checked and not made yet.
func (w *world) planned(t *testing.T, edit func(survey.Answers)) *consult.RectificationPlan {
	t.Helper()
	held, err := w.Service.Rectifiable(t.Context(), officer, w.id)
	ok(t, err)
	edit(held.Answers)
	p, err := w.Service.PlanRectification(t.Context(), officer, w.id, consult.Rectification{Answers: held.Answers, Reason: "x", Seen: held.Seen})
	ok(t, err)
	return p
}

func nothing(consult.Writer) error { return nil }

// found reports whether the world's response is found by words, in its tags alone.
func (w *world) found(t *testing.T, words ...string) bool {
	t.Helper()
	ids, _, err := w.Store.Keys().FindTagged(t.Context(), w.Service.Keys.FindWords(words).In)
	ok(t, err)
	return slices.Contains(ids, w.id)
}

// keys lists the keys of the world's response and of its history.
func (w *world) keys(t *testing.T) (out []string) {
	t.Helper()
	ok(t, w.Store.Keys().EveryKey(t.Context(), func(id string) error {
		if strings.HasPrefix(id, w.id) {
			out = append(out, id)
		}
		return nil
	}))
	return out
}

// swept has keys without a record destroyed: they have to be seen twice, five minutes apart.
func (w *world) swept(t *testing.T) {
	t.Helper()
	for range 2 {
		_, err := w.Service.SweepKeys(t.Context())
		ok(t, err)
		w.turn(6 * time.Minute)
	}
}

// A correction that is refused changes nothing of the response: not its keys, and not by which words it is found (UK GDPR art. 5(1)(d), (f), 32(1)(b)).
func TestRectifyRefused(t *testing.T) {
	for _, row := range []struct {
		why     string
		do      func(t *testing.T, w *world, p *consult.RectificationPlan) error
		refused fault.Kind
	}{
		{"what the register has to say of it is not there: that is no withdrawal", func(t *testing.T, w *world, p *consult.RectificationPlan) error {
			return w.Service.Rectify(t.Context(), officer, p, func(consult.Writer) error { return fault.New(fault.NotFound, "error.store.not_found") })
		}, fault.NotFound},
		{"somebody was faster in the register", func(t *testing.T, w *world, p *consult.RectificationPlan) error {
			return w.Service.Rectify(t.Context(), officer, p, func(consult.Writer) error { return fault.New(fault.Conflict, "error.store.version") })
		}, fault.Conflict},
		{"the store fails", func(t *testing.T, w *world, p *consult.RectificationPlan) error {
			return w.Service.Rectify(t.Context(), officer, p, func(consult.Writer) error { return errCut })
		}, fault.Internal},
		{"its request has ended", func(t *testing.T, w *world, p *consult.RectificationPlan) error {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			return w.Service.Rectify(ctx, officer, p, func(consult.Writer) error { cancel(); return errCut })
		}, fault.Internal},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t)
			p := w.planned(t, func(a survey.Answers) { a["more"] = survey.Answer{Text: "A quokka"} })
			if err := row.do(t, w, p); !fault.Is(err, row.refused) {
				t.Errorf("%v", err)
			}
			w.swept(t)
			if keys := w.keys(t); !slices.Equal(keys, []string{w.id}) {
				t.Errorf("keys: %q", keys)
			}
			if all := w.stays(t); all.Response.Answers["why_not"].Text != markedText || len(all.Corrections) > 0 {
				t.Errorf("%v", all.Response.Answers)
			}
			if !w.found(t, strings.ToLower(strings.Fields(markedText)[0])) || w.found(t, "quokka") {
				t.Error("it is found by other words than it has")
			}
			ok(t, w.Service.Rectify(t.Context(), officer, w.planned(t, func(a survey.Answers) { a["more"] = survey.Answer{Text: "A quokka"} }), nothing))
			if !w.found(t, "quokka") || len(w.stays(t).Corrections) != 1 || w.named(t) {
				t.Error("done again it is not made")
			}
		})
	}
}

// The register is asked to tell a recipient whose entry is disposed of meanwhile: the page is to be shown anew, and nothing says that the response is gone.
func TestRectifyRecipientGoes(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	told := uitest.Disclosure()
	told.Form = privacy.Identifiable
	x, faults, err := w.desk.RecordDisclosure(ctx, officer, told)
	ok(t, errors.Join(append(faults, err)...))
	id := w.asked(t)
	c, held, err := w.desk.Rectifiable(ctx, officer, id)
	ok(t, err)
	held.Answers["why_not"] = survey.Answer{Text: "Too far"}
	w.on(t, &before{Store: w.Store, do: func() {
		ok(t, w.Store.Update(ctx, func(tx consult.Writer) error {
			return errors.Join(tx.EraseEntry(x.Entry.ID), tx.AppendAudit(privacy.NewAuditEvent(robot, "disclosure.dispose", "disclosure:"+x.Entry.ID)))
		}))
	}}, w.Store)
	err = w.desk.Rectify(ctx, officer, id, c.Entry.Version, consult.Rectification{Answers: held.Answers, Reason: "x", Seen: held.Seen}, []string{x.Entry.ID})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("%v", err)
	}
	if all := w.stays(t); all.Response.Answers["why_not"].Text != markedText || len(all.Corrections) > 0 {
		t.Errorf("%v", all.Response.Answers)
	}
}

// before is a store on which something else happens just before the next change.
type before struct {
	consult.Store
	do func()
}

func (b *before) Update(ctx context.Context, fn func(consult.Writer) error) error {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.Store.Update(ctx, fn)
}

// Free text that was disposed of between the check and the correction stays disposed of: no key comes back, and nothing is found by its words (art. 5(1)(e),
// 17(1)(a)).
func TestRectifyMeetsDisposal(t *testing.T) {
	for _, row := range []struct {
		why  string
		meet func(t *testing.T, w *world)
	}{
		{"the disposal has ended", func(t *testing.T, w *world) {
			w.textsGo(t)
			_, err := w.Service.RunRetention(t.Context(), robot)
			ok(t, err)
		}},
		{"the disposal has only begun: the keys go first", func(t *testing.T, w *world) {
			ok(t, w.Store.Keys().DestroyKeys(t.Context(), []string{w.id}))
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t)
			p := w.planned(t, func(a survey.Answers) { a["why_not"] = survey.Answer{Text: "Too far"} })
			row.meet(t, w)
			if err := w.Service.Rectify(t.Context(), officer, p, nothing); !fault.Is(err, fault.Conflict) {
				t.Errorf("%v", err)
			}
			if keys := w.keys(t); len(keys) > 0 {
				t.Errorf("keys came back: %q", keys)
			}
			if w.found(t, strings.ToLower(strings.Fields(markedText)[0])) {
				t.Error("it is found by words that were disposed of")
			}
		})
	}
}

// A key that was made for the first text of a response, and was not used, seals nothing: the check names it and the service destroys it.
func TestFirstTextRefused(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	d, err := w.Service.Begin(ctx, w.c.Slug, locale.English)
	ok(t, err)
	d.Answers, d.Ages = survey.Answers{"satisfied": {Codes: []string{"neither"}}}, uitest.OldEnough(w.Service.Now())
	done, err := w.Service.SubmitResponse(ctx, d)
	ok(t, err)
	w.id, w.code = done.ResponseID, done.Code
	write := func(a survey.Answers) { a["more"] = survey.Answer{Text: "A quokka"} }
	err = w.Service.Rectify(ctx, officer, w.planned(t, write), func(consult.Writer) error { return fault.New(fault.Conflict, "error.store.version") })
	if !fault.Is(err, fault.Conflict) || w.found(t, "quokka") {
		t.Errorf("%v", err)
	}
	if len(w.keys(t)) > 0 && !w.named(t) {
		t.Error("nobody knows of the key")
	}
	w.swept(t)
	if keys := w.keys(t); len(keys) > 0 || w.named(t) {
		t.Errorf("left: %q", keys)
	}
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, write), nothing))
	w.swept(t)
	if !w.found(t, "quokka") || w.stays(t).Response.Answers["more"].Text != "A quokka" || len(w.keys(t)) != 2 || w.named(t) {
		t.Error("the first text is not there")
	}
}

// A sweep that has listed the key which a failed correction left takes none that the next correction uses meanwhile, be it in another instance.
func TestSweepSparesHistory(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	other := &world{World: w.World, c: w.c, code: w.code, id: w.id}
	inner := *w.World
	w.World = &inner
	w.on(t, w.Store, w.Store)
	write := func(a survey.Answers) { a["more"] = survey.Answer{Text: "A quokka"} }
	_ = w.Service.Rectify(ctx, officer, w.planned(t, write), func(consult.Writer) error { return errCut })
	if len(w.keys(t)) != 2 {
		t.Fatalf("no key is left: the test would prove nothing: %q", w.keys(t))
	}
	reached := false
	sweeper := &beforeDestroying{Store: w.Store, do: func() {
		reached = true
		ok(t, other.Service.Rectify(ctx, officer, other.planned(t, write), nothing))
	}}
	w.on(t, sweeper, w.Store)
	w.swept(t)
	if all := w.stays(t); len(all.Corrections) != 1 || !reached {
		t.Errorf("%d corrections", len(all.Corrections))
	}
	if len(w.keys(t)) != 2 || w.named(t) {
		t.Errorf("keys: %q", w.keys(t))
	}
}

// beforeDestroying is a store on which something else happens just before keys are destroyed.
type beforeDestroying struct {
	consult.Store
	do func()
}

func (b *beforeDestroying) Keys() consult.KeyStore {
	return keysBeforeDestroying{b.Store.Keys(), b}
}

type keysBeforeDestroying struct {
	consult.KeyStore
	b *beforeDestroying
}

func (k keysBeforeDestroying) DestroyKeys(ctx context.Context, ids []string) error {
	k.first()
	return k.KeyStore.DestroyKeys(ctx, ids)
}

func (k keysBeforeDestroying) DestroyNamed(ctx context.Context, ids []string) error {
	k.first()
	return k.KeyStore.DestroyNamed(ctx, ids)
}

func (k keysBeforeDestroying) first() {
	if do := k.b.do; do != nil {
		k.b.do = nil
		do()
	}
}

// A key of the history that is missing, while the response can be opened, is no empty history (art. 15(1), 5(2)).
func TestHistoryKeyLost(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, func(a survey.Answers) { a["more"] = survey.Answer{Text: "A quokka"} }), nothing))
	for _, id := range w.keys(t) {
		if id != w.id {
			ok(t, w.Store.Keys().DestroyKey(ctx, id))
		}
	}
	if all, err := w.Service.EverythingByCode(ctx, w.code, "n"); err == nil || fault.Is(err, fault.NotFound) {
		t.Errorf("the copy says %v %v", all, err)
	}
	if !w.named(t) {
		t.Error("the check does not name it")
	}
}

// Two corrections at once: the second is refused, and the response is found by the words of the first.
func TestRectifyTwiceTags(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	b := w.planned(t, func(a survey.Answers) { a["more"] = survey.Answer{Text: "A wombat"} })
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, func(a survey.Answers) { a["more"] = survey.Answer{Text: "A quokka"} }), nothing))
	if err := w.Service.Rectify(ctx, officer, b, nothing); !fault.Is(err, fault.Conflict) {
		t.Errorf("%v", err)
	}
	if !w.found(t, "quokka") || w.found(t, "wombat") {
		t.Error("it is found by words of what was refused, or not by what is there")
	}
}

// The request that corrected ends in the moment of the change: the words that were replaced find nothing all the same.
func TestRectifiedAndGone(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := w.planned(t, func(a survey.Answers) { a["why_not"] = survey.Answer{Text: "A quokka"} })
	ok(t, w.Service.Rectify(ctx, officer, p, func(consult.Writer) error { cancel(); return nil }))
	if !w.found(t, "quokka") || w.found(t, strings.ToLower(strings.Fields(markedText)[0])) {
		t.Error("it is found by words that were replaced")
	}
}

// What a kept answer leads to stays (art. 5(1)(d)): a ward whose postcode was not kept is blank on the page, and what is asked because of it is not.
func TestRectifyAfterKept(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	source := strings.Replace(uitest.Everything, `cy: "Beth arall y dylem ei wybod?" }`, `cy: "Beth arall y dylem ei wybod?" }`+"\n        show_when: { question: home, any_of: [elsewhere] }", 1)
	w.c = w.Publish(t, "hanging", source, nil)
	d, err := w.Service.Begin(ctx, w.c.Slug, locale.English)
	ok(t, err)
	d.Ages = uitest.OldEnough(w.Service.Now())
	d.Answers = survey.Answers{"satisfied": {Codes: []string{"neither"}}, "home": {Codes: []string{"elsewhere"}}, "more": {Text: "A quokka"}}
	done, err := w.Service.SubmitResponse(ctx, d)
	ok(t, err)
	w.id, w.code = done.ResponseID, done.Code
	ok(t, w.Service.Rectify(ctx, officer, w.planned(t, func(a survey.Answers) {
		delete(a, "home") // its field is empty
		a["satisfied"] = survey.Answer{Codes: []string{"very_satisfied"}}
	}), nothing))
	if a := w.stays(t).Response.Answers; a["more"].Text != "A quokka" || !slices.Equal(a["home"].Codes, []string{"elsewhere"}) {
		t.Errorf("a correction of something else has taken away what hangs on the ward: %v", a)
	}
}

// Where the time of free text is over none is written, whatever the response had before (art. 5(1)(e)): it would go again at once, with the history.
func TestNoTextAfterItsTime(t *testing.T) {
	code := func(codes ...string) survey.Answer { return survey.Answer{Codes: codes} }
	for _, row := range []struct {
		why     string
		answers survey.Answers
		over    bool // the time is over
		dispose bool // and what was due is disposed of
		refused bool
	}{
		{"its time is not over", survey.Answers{"satisfied": code("neither")}, false, false, false},
		{"it never had a text", survey.Answers{"satisfied": code("neither")}, true, true, true},
		{"its only text was beside an option, which leaves no mark", survey.Answers{"satisfied": code("neither"), "uses": {Codes: []string{"other"}, Text: "The attic"}}, true, true, true},
		{"it had a text", survey.Answers{"satisfied": code("neither"), "member": code("no"), "why_not": {Text: "The attic"}}, true, true, true},
		{"its text is still there and can be corrected (art. 16)", survey.Answers{"satisfied": code("neither"), "member": code("no"), "why_not": {Text: "The attic"}}, true, false, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			w, ctx := newWorld(t), t.Context()
			d, err := w.Service.Begin(ctx, w.c.Slug, locale.English)
			ok(t, err)
			d.Answers, d.Ages = row.answers, uitest.OldEnough(w.Service.Now())
			done, err := w.Service.SubmitResponse(ctx, d)
			ok(t, err)
			w.id, w.code = done.ResponseID, done.Code
			if row.over {
				w.textsGo(t)
			}
			if row.dispose {
				_, err := w.Service.RunRetention(ctx, robot)
				ok(t, err)
			}
			held, err := w.Service.Rectifiable(ctx, officer, w.id)
			ok(t, err)
			for id := range held.Kept {
				delete(held.Answers, id)
			}
			plan := func(q string, a survey.Answer) error {
				changed := held.Answers.With(survey.Answers{q: a})
				_, err := w.Service.PlanRectification(ctx, officer, w.id, consult.Rectification{Answers: changed, Reason: "x", Seen: held.Seen})
				return err
			}
			err = plan("more", survey.Answer{Text: "A quokka"})
			var f *fault.Error
			if refused := errors.As(err, &f) && f.Key == "error.rectify.texts_gone"; refused != row.refused || !refused && err != nil {
				t.Errorf("%v", err)
			}
			ok(t, plan("visits", survey.Answer{Text: "3"}))
		})
	}
}
