package dpo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// asked enters a request for rectification of the world's response, by its code, and returns its id.
func (w *world) asked(t *testing.T) string {
	t.Helper()
	c, err := w.desk.Receive(t.Context(), privacy.Request{Kind: privacy.AskRectify, Contact: markedContact}, w.code, "n")
	ok(t, err)
	return c.Entry.ID
}

// rectify makes one correction: edit changes the answers that stand there.
func (w *world) rectify(ctx context.Context, id string, edit func(survey.Answers)) error {
	c, held, err := w.desk.Rectifiable(ctx, officer, id)
	if err != nil {
		return err
	}
	edit(held.Answers)
	return w.desk.Rectify(ctx, officer, id, c.Entry.Version, consult.Rectification{Answers: held.Answers, Reason: "They said so.", Seen: held.Seen}, nil)
}

// stays is what the respondent reads with the code.
func (w *world) stays(t *testing.T) *consult.Everything {
	t.Helper()
	all, err := w.Service.EverythingByCode(t.Context(), w.code, "n")
	ok(t, err)
	return all
}

// Answers are corrected by the definition, the routing and the checks of the person's own form, and what stood there before is kept apart.
func TestRectify(t *testing.T) {
	code := func(codes ...string) survey.Answer { return survey.Answer{Codes: codes} }
	for _, row := range []struct {
		why     string
		edit    func(survey.Answers)
		after   survey.Answers // by question; what is changed
		before  survey.Answers // in the history
		refused fault.Kind     // "" where it is made
	}{
		{"a coded answer (art. 16)", func(a survey.Answers) { a["satisfied"] = code("neither") }, survey.Answers{"satisfied": code("neither")}, survey.Answers{"satisfied": code("very_satisfied")}, ""},
		{"a text", func(a survey.Answers) { a["why_not"] = survey.Answer{Text: "Too far"} }, survey.Answers{"why_not": {Text: "Too far"}}, survey.Answers{"why_not": {Text: markedText}}, ""},
		{"an answer is added: incomplete data (art. 16, second sentence)", func(a survey.Answers) { a["more"] = survey.Answer{Text: "Longer hours"} }, survey.Answers{"more": {Text: "Longer hours"}}, survey.Answers{"more": {}}, ""},
		{"a statement in their own words (art. 16, second sentence)", func(a survey.Answers) { a[consult.StatementID] = survey.Answer{Text: "I had moved by then"} },
			survey.Answers{consult.StatementID: {Text: "I had moved by then"}}, survey.Answers{consult.StatementID: {}}, ""},
		{"a statement that is too long", func(a survey.Answers) {
			a[consult.StatementID] = survey.Answer{Text: strings.Repeat("x", consult.MaxStatement+1)}
		}, nil, nil, fault.Invalid},
		{"an answer is taken away", func(a survey.Answers) { delete(a, "why_not") }, survey.Answers{"why_not": {}}, survey.Answers{"why_not": {Text: markedText}}, ""},
		{"routing: what is asked no more goes (interface.md 3)", func(a survey.Answers) { a["member"] = code("yes") }, survey.Answers{"member": code("yes"), "why_not": {}},
			survey.Answers{"member": code("no"), "why_not": {Text: markedText}}, ""},
		{"nothing changes", func(survey.Answers) {}, nil, nil, fault.Invalid},
		{"a code that the question does not have", func(a survey.Answers) { a["satisfied"] = code("purple") }, nil, nil, fault.Invalid},
		{"a required answer is missing and nobody said that it was left out", func(a survey.Answers) { delete(a, "satisfied") }, nil, nil, fault.Invalid},
		{"a question that the survey does not have", func(a survey.Answers) { a["sex"] = code("female") }, nil, nil, fault.Invalid},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t)
			id, was := w.asked(t), w.stays(t)
			err := w.rectify(t.Context(), id, row.edit)
			all := w.stays(t)
			if row.refused != "" {
				if !fault.Is(err, row.refused) || len(all.Corrections) > 0 || fmt.Sprint(all.Response.Answers) != fmt.Sprint(was.Response.Answers) {
					t.Fatalf("%v: %v", err, all.Response.Answers)
				}
				return
			}
			ok(t, err)
			for q, a := range was.Response.Answers {
				if _, changed := row.after[q]; !changed && fmt.Sprint(all.Response.Answers[q]) != fmt.Sprint(a) {
					t.Errorf("%s has changed too: %v", q, all.Response.Answers[q])
				}
			}
			for q, a := range row.after {
				if fmt.Sprint(all.Response.Answers[q]) != fmt.Sprint(a) {
					t.Errorf("%s: %v, want %v", q, all.Response.Answers[q], a)
				}
			}
			if len(all.Corrections) != 1 || fmt.Sprint(all.Corrections[0].Before) != fmt.Sprint(row.before) || all.Corrections[0].Reason != "They said so." {
				t.Errorf("history: %+v", all.Corrections)
			}
			if c := w.read(t, id); len(c.Request.Corrections) != 1 || len(c.Request.Corrections[0].Questions) != len(row.before) || c.Request.Corrections[0].Response != w.id {
				t.Errorf("the request says %+v", c.Request.Corrections)
			}
			if len(all.Equality) != 1 {
				t.Error("equality answers are not touched")
			}
			log := w.audit(t)
			for _, value := range []string{markedText, "Too far", "very_satisfied", "They said so"} {
				if strings.Contains(log, value) {
					t.Errorf("the audit log has %q", value)
				}
			}
			if strings.Count(log, "response.rectify") != 1 || strings.Count(log, "request.rectify") != 1 {
				t.Error("the audit log lacks the correction")
			}
		})
	}
}

// What researchers, results, searches and guards get is the corrected answer at once, and what stood there before is in nothing of it.
func TestRectifiedEverywhere(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id := w.asked(t)
	ok(t, w.rectify(ctx, id, func(a survey.Answers) {
		a["satisfied"] = survey.Answer{Codes: []string{"neither"}}
		a["why_not"] = survey.Answer{Text: "Ring 07700 900123"}
		a["more"] = survey.Answer{Text: "A quokka"}
	}))
	ok(t, w.Service.Store.View(ctx, func(r consult.Reader) error {
		cells, err := r.Tabulate(w.c.ID, []string{"satisfied"})
		if len(cells) != 1 || cells[0].Codes[0] != "neither" {
			t.Errorf("tabulated: %+v", cells)
		}
		return err
	}))
	exported := ""
	ok(t, w.Service.EachResponse(ctx, uitest.Researcher, w.c.ID, func(r *consult.Response) error {
		exported += fmt.Sprintf("%+v", *r)
		return nil
	}))
	for _, part := range []string{"900123", markedText} {
		if strings.Contains(exported, part) {
			t.Errorf("councils.md S1-2, S0-18: researchers get %q", part)
		}
	}
	if !strings.Contains(exported, "A quokka") {
		t.Error("researchers lack what was corrected")
	}
	_, flagged, _, err := w.Service.FlaggedTexts(ctx, officer, w.c.ID, 0, 10)
	ok(t, err)
	if len(flagged) != 1 || flagged[0].Question.ID != "why_not" || flagged[0].Flag.State != consult.FlagWaiting {
		t.Errorf("the guards look through what was corrected: %+v", flagged)
	}
	for words, want := range map[string]int{"quokka": 1, "07700 900123": 1, markedText: 0} {
		got, err := w.Service.SearchSubject(ctx, officer, privacy.SubjectQuery{Words: words}, id)
		ok(t, err)
		if len(got.Matches) != want {
			t.Errorf("searched for %q: %d", words, len(got.Matches))
		}
	}

	// A decision about a text that a second correction does not change stays; one about a text that it changes goes.
	ok(t, w.Service.RedactText(ctx, officer, w.id, "why_not", "Ring me", "A number"))
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["more"] = survey.Answer{Text: "Two quokkas"} }))
	kept, err := w.Service.FlaggedText(ctx, officer, w.c.ID, w.id, "why_not")
	ok(t, err)
	if kept.Flag.State != consult.FlagRedacted || kept.Review == nil || kept.Review.Redacted != "Ring me" {
		t.Errorf("what was decided about another text: %+v", kept)
	}
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["why_not"] = survey.Answer{Text: "Write to gwen@resident.example"} }))
	again, err := w.Service.FlaggedText(ctx, officer, w.c.ID, w.id, "why_not")
	ok(t, err)
	if again.Flag.State != consult.FlagWaiting || again.Review != nil {
		t.Errorf("what was decided about the old text holds for the new one: %+v", again)
	}
	if n := len(w.stays(t).Corrections); n != 3 {
		t.Errorf("%d corrections", n)
	}
	if left := w.find(t, markedText, "quokka", "900123"); len(left) > 0 {
		t.Errorf("found in the data directory: %v", left)
	}
}

// A statement is free text: counted, read by researchers once the guards have looked, sealed, in the export where there is one, and in the copy (art. 16).
func TestStatement(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	d, err := w.Service.Begin(ctx, w.c.Slug, locale.English)
	ok(t, err)
	d.Answers, d.Ages = survey.Answers{"satisfied": {Codes: []string{"neither"}}, consult.StatementID: {Text: "Mine"}}, uitest.OldEnough(w.Service.Now())
	if _, err := w.Service.SubmitResponse(ctx, d); !fault.Is(err, fault.Invalid) {
		t.Errorf("somebody sent a statement with the form: %v", err)
	}
	columns := func() string {
		t.Helper()
		def, err := w.Service.Results(ctx, uitest.Researcher, w.c.ID)
		ok(t, err)
		var file strings.Builder
		ok(t, export.ResponsesCSV(&file, def.Definition, func(fn func(*consult.Response) error) error {
			return w.Service.EachResponse(ctx, uitest.Researcher, w.c.ID, fn)
		}, export.Plain))
		return file.String()
	}
	if has, err := w.Service.HasStatements(ctx, uitest.Researcher, w.c.ID); has || err != nil || strings.Contains(columns(), consult.StatementID) {
		t.Errorf("before there is any: %v %v", has, err)
	}
	id := w.asked(t)
	state := func(text string) {
		t.Helper()
		ok(t, w.rectify(ctx, id, func(a survey.Answers) { a[consult.StatementID] = survey.Answer{Text: text} }))
	}
	state("A quokka, ring 07700 900123")
	page, err := w.Service.Texts(ctx, uitest.Researcher, w.c.ID, consult.StatementID, 0, 10)
	ok(t, err)
	if page.Total != 1 || page.Held != 1 || page.Texts[0].Text != "" {
		t.Errorf("councils.md S1-2: held back until the officer has looked: %+v", page)
	}
	if csv := columns(); strings.Contains(csv, "quokka") || !strings.Contains(csv, consult.StatementID) {
		t.Errorf("the export: %s", csv)
	}
	flagged, err := w.Service.FlaggedText(ctx, officer, w.c.ID, w.id, consult.StatementID)
	ok(t, err)
	if flagged.Question.Text.In(locale.Welsh) == "" {
		t.Error("the queue does not say what it is")
	}
	state("Two quokkas")
	page, err = w.Service.Texts(ctx, uitest.Researcher, w.c.ID, consult.StatementID, 0, 10)
	ok(t, err)
	if page.Total != 1 || page.Held != 0 || page.Texts[0].Text != "Two quokkas" || !strings.Contains(columns(), "Two quokkas") {
		t.Errorf("researchers read it: %+v", page)
	}
	results, err := w.Service.Results(ctx, uitest.Researcher, w.c.ID)
	ok(t, err)
	if last := results.Questions[len(results.Questions)-1]; last.Question.ID != consult.StatementID || last.Texts != 1 {
		t.Errorf("counted: %+v", last)
	}
	for words, want := range map[string]int{"quokkas": 1, "07700 900123": 0} {
		got, err := w.Service.SearchSubject(ctx, officer, privacy.SubjectQuery{Words: words}, id)
		ok(t, err)
		if len(got.Matches) != want {
			t.Errorf("searched for %q: %d", words, len(got.Matches))
		}
	}
	_, all, err := w.desk.Copy(ctx, officer, id)
	ok(t, err)
	s := export.Subject{Everything: all, Lang: locale.English}
	lines := s.Lines()
	if told := fmt.Sprint(lines); !strings.Contains(told, "A statement that was added on request Two quokkas") {
		t.Errorf("the copy: %s", told)
	}
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { delete(a, consult.StatementID) }))
	all = w.stays(t)
	if told := fmt.Sprint(export.Subject{Everything: all, Lang: locale.English}.Corrected()); !strings.Contains(told, "Two quokkas") {
		t.Errorf("one that was taken away stands in the history: %s", told)
	}
	if _, still := all.Definition.Question(consult.StatementID); still {
		t.Error("a statement is asked for where there is none")
	}
	if left := w.find(t, "quokka"); len(left) > 0 {
		t.Errorf("found in the data directory: %v", left)
	}
}

// A ward whose postcode was not kept stays where the officer enters no other postcode, and goes where another is entered.
func TestRectifyWard(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id := w.asked(t)
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["home"] = survey.Answer{Codes: []string{"elsewhere"}} }))
	_, held, err := w.desk.Rectifiable(ctx, officer, id)
	ok(t, err)
	if _, kept := held.Kept["home"]; !kept {
		t.Fatalf("kept: %v", held.Kept)
	}
	ok(t, w.rectify(ctx, id, func(a survey.Answers) {
		delete(a, "home") // as the form has it: the field is empty
		a["satisfied"] = survey.Answer{Codes: []string{"neither"}}
	}))
	if got := w.stays(t).Response.Answers["home"].Codes; !slices.Equal(got, []string{"elsewhere"}) {
		t.Errorf("the ward is gone: %v", got)
	}
}

// Two officers, a guard's decision, and the person who withdraws meanwhile: whoever comes second changes nothing, and nothing comes back.
func TestRectifyMeanwhile(t *testing.T) {
	change := func(a survey.Answers) { a["satisfied"] = survey.Answer{Codes: []string{"neither"}} }
	for _, row := range []struct {
		why       string
		meanwhile func(t *testing.T, w *world, id string) error
		refused   fault.Kind
		key       string
	}{
		{"its person withdraws", func(t *testing.T, w *world, _ string) error { return w.Service.WithdrawResponse(t.Context(), w.code) }, fault.NotFound, "error.rectify.gone"},
		{"another officer corrects it for another request", func(t *testing.T, w *world, _ string) error {
			return w.rectify(t.Context(), w.asked(t), func(a survey.Answers) { a["more"] = survey.Answer{Text: "Longer hours"} })
		}, fault.Conflict, "error.rectify.changed"},
		{"the same request was changed", func(t *testing.T, w *world, id string) error {
			return w.desk.Note(t.Context(), officer, id, w.read(t, id).Entry.Version, "A note")
		}, fault.Conflict, "error.store.version"},
		{"the request has ended", func(t *testing.T, w *world, id string) error {
			return w.desk.End(t.Context(), officer, id, w.read(t, id).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Withdrawn})
		}, fault.Conflict, "error.request.ended"},
	} {
		t.Run(row.why, func(t *testing.T) {
			w, ctx := newWorld(t), t.Context()
			w.on(t, w.Store, w.Store)
			id := w.asked(t)
			c, held, err := w.desk.Rectifiable(ctx, officer, id)
			ok(t, err)
			change(held.Answers)
			ok(t, row.meanwhile(t, w, id))
			before := w.state(t, id)
			err = w.desk.Rectify(ctx, officer, id, c.Entry.Version, consult.Rectification{Answers: held.Answers, Reason: "x", Seen: held.Seen}, nil)
			var f *fault.Error
			if !fault.Is(err, row.refused) || !errors.As(err, &f) || f.Key != row.key {
				t.Errorf("%v", err)
			}
			if now := w.state(t, id); now != before {
				t.Errorf("something has changed:\n%s\nbefore:\n%s", now, before)
			}
		})
	}
	t.Run("its person withdraws between the check and the change", func(t *testing.T) {
		w, ctx := newWorld(t), t.Context()
		w.on(t, w.Store, w.Store)
		id := w.asked(t)
		_, held, err := w.desk.Rectifiable(ctx, officer, id)
		ok(t, err)
		change(held.Answers)
		plan, err := w.desk.PlanRectification(ctx, officer, id, consult.Rectification{Answers: held.Answers, Reason: "x", Seen: held.Seen})
		ok(t, err)
		ok(t, w.Service.WithdrawResponse(ctx, w.code))
		before := w.state(t, id)
		if err := w.Service.Rectify(ctx, officer, plan, func(consult.Writer) error { return nil }); !fault.Is(err, fault.NotFound) {
			t.Errorf("corrected what is gone: %v", err)
		}
		if now := w.state(t, id); now != before {
			t.Errorf("something came back:\n%s\nbefore:\n%s", now, before)
		}
	})
}

// The history goes with the response whichever way that goes, and with its free text (privacy.md 6; docs/retention.md).
func TestHistoryGoes(t *testing.T) {
	for _, row := range []struct {
		why string
		do  func(t *testing.T, w *world, id string)
	}{
		{"withdrawn by its person", func(t *testing.T, w *world, _ string) { ok(t, w.Service.WithdrawResponse(t.Context(), w.code)) }},
		{"erased by an officer", func(t *testing.T, w *world, id string) {
			ok(t, w.desk.Erase(t.Context(), officer, id, w.read(t, id).Entry.Version))
		}},
		{"free text is disposed of", func(t *testing.T, w *world, _ string) {
			w.textsGo(t)
			_, err := w.Service.RunRetention(t.Context(), robot)
			ok(t, err)
		}},
		{"responses are disposed of", func(t *testing.T, w *world, _ string) {
			w.turn(privacy.AddPeriod(w.c.ClosesAt, privacy.Period{Years: 8}).Sub(w.Service.Now()))
			_, err := w.Service.DisposeResponses(t.Context())
			ok(t, err)
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			w, ctx := newWorld(t), t.Context()
			id := w.asked(t)
			ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["why_not"] = survey.Answer{Text: "Too far"} }))
			histories := func() (n, keys int) {
				ok(t, w.Service.Store.View(ctx, func(r consult.Reader) error {
					return r.EverySealed(func(id string) error {
						if strings.Contains(id, ".history") {
							n++
						}
						return nil
					})
				}))
				ok(t, w.Service.Store.Keys().EveryKey(ctx, func(id string) error {
					if strings.HasPrefix(id, w.id) {
						keys++
					}
					return nil
				}))
				return n, keys
			}
			if n, keys := histories(); n != 1 || keys != 2 {
				t.Fatalf("%d histories, %d keys before", n, keys)
			}
			row.do(t, w, id)
			if n, keys := histories(); n != 0 || keys != 0 {
				t.Errorf("%d histories, %d keys are left", n, keys)
			}
			if w.named(t) {
				t.Error("the check names something")
			}
		})
	}
}

// Whoever got what was corrected has to be told (art. 19): the register of disclosures asks for it, also where it was told of something before.
func TestRectifyTellsRecipients(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	told := uitest.Disclosure()
	told.Form, told.Notify, told.Notified = privacy.Pseudonymised, true, told.GivenOn
	anonymous := uitest.Disclosure()
	anonymous.Form = privacy.Anonymous
	record := func(x privacy.Disclosure) *dpo.DisclosureCase {
		c, faults, err := w.desk.RecordDisclosure(ctx, officer, x)
		ok(t, errors.Join(append(faults, err)...))
		return c
	}
	one, other, none := record(told), record(told), record(anonymous)
	ok(t, w.desk.CloseDisclosure(ctx, officer, one.Entry.ID, one.Entry.Version))
	recipients, err := w.desk.Recipients(ctx, officer)
	ok(t, err)
	var ids []string
	for _, r := range recipients {
		ids = append(ids, r.Entry.ID)
	}
	if len(ids) != 2 || !slices.Contains(ids, one.Entry.ID) || !slices.Contains(ids, other.Entry.ID) {
		t.Errorf("recipients of what tells who people are: %v", ids)
	}
	id := w.asked(t)
	correct := func(tell string) error {
		c, held, err := w.desk.Rectifiable(ctx, officer, id)
		ok(t, err)
		held.Answers["more"] = survey.Answer{Text: "Longer hours " + tell}
		return w.desk.Rectify(ctx, officer, id, c.Entry.Version, consult.Rectification{Answers: held.Answers, Reason: "x", Seen: held.Seen}, []string{tell})
	}
	if err := correct(none.Entry.ID); !fault.Is(err, fault.NotFound) || len(w.stays(t).Corrections) > 0 {
		t.Errorf("one that got nothing about a person is to be told: %v", err)
	}
	ok(t, correct(one.Entry.ID))
	after, err := w.desk.Disclosure(ctx, officer, one.Entry.ID)
	ok(t, err)
	if steps := after.Disclosure.Steps; !strings.Contains(steps[len(steps)-1].Note, string(told.GivenOn)) {
		t.Errorf("when they were told before can be shown no more (art. 5(2)): %+v", steps)
	}
	if made := w.read(t, id).Request.Corrections; len(made) != 1 || !slices.Equal(made[0].Recipients, []string{one.Number() + " " + told.Requester}) {
		t.Errorf("the request does not say who has to be told (art. 5(2), 19): %+v", made)
	}
	if !after.Disclosure.Outstanding() || after.Disclosure.Closed || after.Entry.Ended {
		t.Errorf("nobody is asked to tell them: %+v", after.Disclosure)
	}
	if err := w.desk.CloseDisclosure(ctx, officer, one.Entry.ID, after.Entry.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("closed although somebody has to be told: %v", err)
	}
	if still, err := w.desk.Disclosure(ctx, officer, other.Entry.ID); err != nil || still.Disclosure.Outstanding() {
		t.Errorf("another one: %v", err)
	}
}

// Only who asked for correction, and a response in use or not, open or closed or with a published outcome: nothing else stands in the way.
func TestWhatMayBeRectified(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	other, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskAccess}, w.code, "n")
	ok(t, err)
	if _, _, err := w.desk.Rectifiable(ctx, officer, other.Entry.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("for a request of another kind: %v", err)
	}
	unknown, err := w.desk.Enter(ctx, officer, privacy.Request{Kind: privacy.AskRectify, Received: "2026-03-27", Channel: privacy.ByTelephone, Contact: "07700 900123"})
	ok(t, err)
	if _, _, err := w.desk.Rectifiable(ctx, officer, unknown.Entry.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("for somebody who is not identified: %v", err)
	}
	id := w.asked(t)
	ok(t, w.desk.Restrict(ctx, officer, id, w.read(t, id).Entry.Version))
	_, held, err := w.desk.Rectifiable(ctx, officer, id)
	ok(t, err)
	if !held.Restricted {
		t.Error("it is not said that the response is out of use")
	}
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["satisfied"] = survey.Answer{Codes: []string{"neither"}} }))
	w.turn(w.c.ClosesAt.Sub(w.Service.Now()))
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["satisfied"] = survey.Answer{Codes: []string{"very_satisfied"}} }))
	ok(t, w.Service.Store.View(ctx, func(r consult.Reader) error {
		still, err := r.Restricted(w.id)
		if !still {
			t.Error("the correction took the response into use again (art. 18)")
		}
		return err
	}))

	// After its free text was disposed of nothing is written there again; the other answers can be corrected.
	w.textsGo(t)
	_, err = w.Service.RunRetention(ctx, robot)
	ok(t, err)
	if len(w.stays(t).Corrections) != 2 {
		t.Error("what is out of use is not disposed of, and neither is its history (art. 18)")
	}
	ok(t, w.desk.Lift(ctx, officer, id, w.read(t, id).Entry.Version, privacy.DateOf(w.Service.Now())))
	ok(t, w.Service.RefreshPreview(ctx))
	w.turn(8 * 24 * 3600e9)
	_, err = w.Service.RunRetention(ctx, robot)
	ok(t, err)
	if err := w.rectify(ctx, id, func(a survey.Answers) { a["more"] = survey.Answer{Text: "Longer hours"} }); !fault.Is(err, fault.Invalid) {
		t.Errorf("free text came back: %v", err)
	}
	ok(t, w.rectify(ctx, id, func(a survey.Answers) {
		delete(a, "why_not") // its field is empty
		a["satisfied"] = survey.Answer{Codes: []string{"neither"}}
	}))
	if a := w.stays(t).Response.Answers["why_not"]; len(a.Codes) != 1 || a.Codes[0] != consult.CodeWritten {
		t.Errorf("that something was written is no longer counted: %+v", a)
	}
}

// The letter and the copy say what was corrected and when (art. 12(3), 16); the copy what stood there before.
func TestRectifiedIsTold(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	id := w.asked(t)
	ok(t, w.rectify(ctx, id, func(a survey.Answers) { a["satisfied"] = survey.Answer{Codes: []string{"neither"}} }))
	c, all, err := w.desk.Copy(ctx, officer, id)
	ok(t, err)
	s := export.Subject{Everything: all, Lang: locale.English}
	told := s.Corrected()
	if len(told) != 1 || told[0].On != "2026-03-29" || len(told[0].Before) != 1 || !strings.Contains(told[0].Before[0].Answer, "Very satisfied") {
		t.Errorf("the copy: %+v", told)
	}
	ok(t, w.desk.End(ctx, officer, id, c.Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Granted}))
	council, err := w.Service.Council(ctx)
	ok(t, err)
	calendar, err := w.desk.Calendar(ctx)
	ok(t, err)
	letter, err := privacy.WriteLetter(privacy.LetterOutcome, council, w.read(t, id).Request, "R1", calendar, locale.English)
	ok(t, err)
	for _, part := range []string{"29 March 2026", told[0].Before[0].Question, "do not change"} {
		if !strings.Contains(letter.String(), part) {
			t.Errorf("the letter lacks %q:\n%s", part, letter)
		}
	}
	if strings.Contains(letter.String(), "Very satisfied") {
		t.Error("the letter says what stood there")
	}
}

// A passage about somebody else that was left out of a text is left out of what stood there before too, whatever stands there now (DPA 2018 Sch. 2 para. 16).
func TestPassagesOfCorrectedTexts(t *testing.T) {
	for _, row := range []struct {
		why  string
		edit func(survey.Answers)
	}{
		{"the text is another one", func(a survey.Answers) { a["why_not"] = survey.Answer{Text: "Too far"} }},
		{"the text is gone", func(a survey.Answers) { delete(a, "why_not") }},
	} {
		t.Run(row.why, func(t *testing.T) {
			w, ctx := newWorld(t), t.Context()
			id := w.asked(t)
			ok(t, w.desk.Redact(ctx, officer, id, w.read(t, id).Entry.Version, []privacy.Passage{{Words: markedText, Ground: "third_party", Reason: "About a neighbour"}}))
			ok(t, w.rectify(ctx, id, row.edit))
			c, all, err := w.desk.Copy(ctx, officer, id)
			ok(t, err)
			gaps, err := w.desk.Gaps(ctx, c, all)
			ok(t, err)
			s := export.Subject{Everything: all, Lang: locale.English, Gaps: gaps}
			var file strings.Builder
			ok(t, export.SubjectJSON(&file, s))
			ok(t, export.SubjectCSV(&file, s))
			if strings.Contains(file.String(), markedText) || !strings.Contains(file.String(), "About a neighbour") {
				t.Errorf("the copy: %s", file.String())
			}
		})
	}
}
