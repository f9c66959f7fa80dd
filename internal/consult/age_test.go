package consult_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// gated publishes a consultation with the rules about age, which the data protection officer has approved where they ask for it.
func (w *world) gated(t testing.TB, library string, rules privacy.AgeRules) *consult.Consultation {
	t.Helper()
	c := w.draft(t, library)
	d := c.Details
	d.Processing.Ages = rules
	ok(t, w.SaveDetails(t.Context(), w.staff[consult.Researcher], c.ID, c.Slug, c.Version, d))
	if c = w.reload(t, c.ID); rules.Youth {
		ok(t, w.ApproveAges(t.Context(), w.staff[consult.DPO], c.ID, c.Version, "DPIA-7", "Looked at with the schools."))
		c = w.reload(t, c.ID)
	}
	w.screen(t, c.ID)
	if err := w.Publish(t.Context(), w.staff[consult.Researcher], c.ID, c.Version); err != nil {
		ready, _ := w.Readiness(t.Context(), w.staff[consult.Researcher], c.ID)
		t.Fatalf("publish: %v\n%+v", err, ready.Findings)
	}
	c = w.reload(t, c.ID)
	w.turn(c.OpensAt.Add(24 * time.Hour).Sub(w.clock()))
	return c
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) says(threshold int, over bool) privacy.AgeChecks {
	return privacy.AgeChecks{Checks: []privacy.AgeCheck{{Threshold: threshold, Over: over, On: privacy.DateOf(w.clock())}}}
}

func (w *world) stored(t testing.TB, id string) *consult.Response {
	t.Helper()
	var r *consult.Response
	ok(t, w.Store.View(t.Context(), func(rd consult.Reader) (err error) { r, err = rd.Response(id); return err }))
	return r
}

var forChildren = locale.Text{locale.English: "We are the council. Only we read it.", locale.Welsh: "Ni yw'r cyngor. Dim ond ni sy'n ei ddarllen."}

// The gate is the service's, not the page's: whatever way a response comes, one that has not passed is not stored (privacy.md 3.3).
func TestNoResponsePastTheGate(t *testing.T) {
	w := newWorld(t)
	c := w.gated(t, "resident-satisfaction", privacy.AgeRules{Minimum: 13, Equality: 16})
	script, err := w.IssueForm(t.Context(), w.staff[consult.Researcher], c.ID, privacy.Script, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	send := map[string]func(*consult.Draft) (consult.Submitted, error){
		"by the pages": func(d *consult.Draft) (consult.Submitted, error) { return w.SubmitResponse(t.Context(), d) },
		"taken down": func(d *consult.Draft) (consult.Submitted, error) {
			return w.RecordResponse(t.Context(), w.staff[consult.Researcher], d, consult.Recording{Channel: consult.Telephone, Form: script.Code})
		},
	}
	for _, row := range []struct {
		why  string
		ages privacy.AgeChecks
	}{
		{"nobody asked", privacy.AgeChecks{}},
		{"too young", w.says(13, false)},
		{"old enough for something else", w.says(8, true)},
		{"a parent agreed, but this is no consultation for young people", privacy.AgeChecks{Checks: w.says(13, false).Checks,
			Authorised: &privacy.Authorisation{Relationship: "parent", Method: "beside", On: privacy.DateOf(w.clock())}}},
	} {
		for how, do := range send {
			d := w.begin(t, c, answers())
			d.Ages = row.ages
			_, err := do(d)
			want(t, err, fault.Forbidden, row.why+", "+how)
		}
	}
	if n := w.responses(t, c); n != 0 {
		t.Fatalf("%d responses of people who are too young are stored", n)
	}
	for how, do := range send {
		d := w.begin(t, c, answers())
		d.Ages = privacy.AgeChecks{Checks: append(w.says(13, true).Checks, w.says(25, true).Checks...)}
		done, err := do(d)
		ok(t, err)
		if diff := cmp.Diff(w.says(13, true), w.stored(t, done.ResponseID).Ages); diff != "" {
			t.Errorf("%s: the boolean, the threshold and the day, and nothing else: %s", how, diff)
		}
		d.Ages = privacy.AgeChecks{}
		if again, err := do(d); err != nil || !again.Repeated {
			t.Errorf("%s: the same draft again: %v (security.md T1)", how, err)
		}
	}
	if n := w.responses(t, c); n != len(send) {
		t.Errorf("%d responses", n)
	}
}

// Under 13 a parent or guardian agrees, which is kept as who and how, never with a name (UK GDPR art. 8).
func TestYouthConsultation(t *testing.T) {
	w := newWorld(t)
	c := w.gated(t, "blank", privacy.AgeRules{Youth: true, Equality: 16, Notice: forChildren})
	d, err := w.Begin(t.Context(), c.Slug, locale.English)
	ok(t, err)
	d.Ages = w.says(13, false)
	_, err = w.SubmitResponse(t.Context(), d)
	want(t, err, fault.Forbidden, "art. 8(1): nobody has agreed")
	d.Ages, err = c.Processing.Ages.Authorise(d.Ages, privacy.Authorisation{Relationship: "guardian", Method: "form", On: privacy.DateOf(w.clock())})
	ok(t, err)
	done, err := w.SubmitResponse(t.Context(), d)
	ok(t, err)
	if diff := cmp.Diff(d.Ages, w.stored(t, done.ResponseID).Ages); diff != "" {
		t.Error(diff)
	}
	notice, _ := w.notice(t, c).In(locale.English)
	for _, says := range []string{"A child under 13 may take part if a parent or guardian agrees", forChildren[locale.English]} {
		if !strings.Contains(notice.String(), says) {
			t.Errorf("the notice does not say: %s", says)
		}
	}
}

func (w *world) notice(t testing.TB, c *consult.Consultation) (n *privacy.NoticeVersion) {
	t.Helper()
	ok(t, w.Store.View(t.Context(), func(r consult.Reader) (err error) { n, err = r.Notice(c.NoticeID, c.NoticeVersion); return err }))
	return n
}

// Who has not said that they are 16 or over is asked for no consent, and their response counts in full (privacy.md 3.3; GSS standards).
func TestEqualityAge(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	if got := c.Processing.Ages; got.Equality != 16 || got.Minimum != 0 {
		t.Fatalf("the default is 16 for the equality questions and none to take part: %+v", got)
	}
	unasked := func() consult.Submitted {
		d := w.begin(t, c, answers())
		d.Ages = privacy.AgeChecks{}
		done, err := w.SubmitResponse(t.Context(), d)
		ok(t, err)
		return done
	}
	st, err := w.ConsentStatement(t.Context(), c, locale.English)
	ok(t, err)
	young := unasked()
	_, err = w.DecideConsent(t.Context(), young.Code, true, st.Hash, locale.English)
	want(t, err, fault.Forbidden, "posted past the question")
	want(t, w.SaveEquality(t.Context(), young.Code, c.ID, sex), fault.Forbidden, "written past the question")
	if open, err := w.CheckEqualityAge(t.Context(), young.Code, false); open || err != nil {
		t.Errorf("too young: %v, %v", open, err)
	}
	_, err = w.DecideConsent(t.Context(), young.Code, true, st.Hash, locale.English)
	want(t, err, fault.Forbidden, "and still not")
	if r := w.stored(t, young.ResponseID); !r.Ages.Empty() {
		t.Errorf("that somebody is too young is kept: %+v (art. 5(1)(c))", r.Ages)
	}
	if n := w.audited(t, "response.age"); n != 0 {
		t.Errorf("%d entries for a no", n)
	}
	if _, err := w.DecideConsent(t.Context(), young.Code, false, st.Hash, locale.English); err != nil {
		t.Errorf("refusing is always possible: %v", err)
	}
	old := unasked()
	for range 2 {
		if open, err := w.CheckEqualityAge(t.Context(), old.Code, true); !open || err != nil {
			t.Errorf("16 or over: %v, %v", open, err)
		}
	}
	if n := w.audited(t, "response.age"); n != 1 {
		t.Errorf("%d entries for a yes that was said twice", n)
	}
	if diff := cmp.Diff(w.says(16, true), w.stored(t, old.ResponseID).Ages); diff != "" {
		t.Error(diff)
	}
	w.consent(t, c, old.Code, true)
	ok(t, w.SaveEquality(t.Context(), old.Code, c.ID, sex))
	if open, err := w.CheckEqualityAge(t.Context(), old.Code, false); open || err != nil {
		t.Error(open, err)
	}
	held, err := w.HeldByCode(t.Context(), old.Code, "net")
	if err != nil || held.Consent.State != privacy.ConsentWithdrawn || w.profiles(t, c) != 0 || !held.Response.Ages.Empty() {
		t.Errorf("taken back: consent %s, %d profiles, %+v, %v", held.Consent.State, w.profiles(t, c), held.Response.Ages, err)
	}
	if n := w.responses(t, c); n != 2 {
		t.Errorf("%d responses: they count in full", n)
	}
	_, err = w.CheckEqualityAge(t.Context(), "0000-0000-0000-0000-0000", true)
	want(t, err, fault.NotFound, "nobody's code")
	late := unasked()
	w.turn(c.ClosesAt.Add(25 * time.Hour).Sub(w.clock()))
	_, err = w.CheckEqualityAge(t.Context(), late.Code, true)
	want(t, err, fault.Closed, "a day after closing nothing more is collected")
}

// Nothing gives the data protection officer's approval but the data protection officer, and an edit voids it (privacy.md 3.3).
func TestApprovalOfAges(t *testing.T) {
	w := newWorld(t)
	c, officer, dpo := w.draft(t, "resident-satisfaction"), w.staff[consult.Researcher], w.staff[consult.DPO]
	set := func(rules privacy.AgeRules) {
		t.Helper()
		d := w.reload(t, c.ID).Details
		d.Processing.Ages = rules
		ok(t, w.SaveDetails(t.Context(), officer, c.ID, c.Slug, w.reload(t, c.ID).Version, d))
	}
	blocked := func(key string) (clause string) {
		t.Helper()
		ready, err := w.Readiness(t.Context(), officer, c.ID)
		ok(t, err)
		for _, f := range ready.Findings {
			if f.Key == "notice.lint."+key && !f.Warn {
				if f.Page != "ages" {
					t.Errorf("%s is mended on %s", key, f.Page)
				}
				return f.Clause
			}
		}
		return ""
	}
	approve := func(dpia, reason string) error {
		return w.ApproveAges(t.Context(), dpo, c.ID, w.reload(t, c.ID).Version, dpia, reason)
	}
	forged := privacy.AgeApproval{Equality: 14, Asked: true, Reason: "Forged.", By: dpo.ID, On: "2026-03-29"}
	set(privacy.AgeRules{Equality: 14, Approval: &forged})
	if got := w.reload(t, c.ID).Processing.Ages.Approval; got != nil {
		t.Fatalf("an officer approved for the data protection officer: %+v", got)
	}
	if clause := blocked("age_equality"); !strings.Contains(clause, "GSS") {
		t.Errorf("clause %q", clause)
	}
	w.screen(t, c.ID)
	want(t, w.Publish(t.Context(), officer, c.ID, w.reload(t, c.ID).Version), fault.Conflict, "below 16 and not approved")
	want(t, approve("", " "), fault.Invalid, "a reason is needed")
	ok(t, approve("", "The youth council asked for it."))
	if clause := blocked("age_equality"); clause != "" {
		t.Error("approved, and still blocked")
	}
	if a := w.reload(t, c.ID).Processing.Ages.Approval; a.By != dpo.ID || a.On != privacy.DateOf(w.clock()) || !a.Asked {
		t.Errorf("%+v", a)
	}
	def := w.surveyOf(t, c.ID)
	for id, change := range map[string]func(*survey.Definition){
		"one question fewer": func(d *survey.Definition) { d.Equality = d.Equality[1:] },
		"other words": func(d *survey.Definition) {
			d.Equality[0].Text = locale.Text{locale.English: "Another?", locale.Welsh: "Arall?"}
		},
	} {
		d := w.surveyOf(t, c.ID)
		change(d)
		r := w.reload(t, c.ID).Processing.Ages
		if r.Approval.CoversWords(r, consult.EqualityAsked(d)) || !r.Approval.CoversWords(r, consult.EqualityAsked(def)) {
			t.Errorf("UK GDPR art. 9(2)(a): %s: an approval of other equality questions stands", id)
		}
	}
	fewer := w.surveyOf(t, c.ID)
	fewer.Equality = fewer.Equality[1:]
	saved := func(d *survey.Definition) {
		t.Helper()
		if faults, err := w.SaveDefinition(t.Context(), officer, c.ID, w.reload(t, c.ID).Version, d); err != nil || len(faults) > 0 {
			t.Fatal(faults, err)
		}
	}
	saved(fewer)
	if blocked("age_equality") == "" {
		t.Error("other equality questions pass with the approval of those before")
	}
	ok(t, approve("", "These too."))
	if blocked("age_equality") != "" {
		t.Error("approved anew, and still blocked")
	}
	saved(def)
	if blocked("age_equality") == "" {
		t.Error("a question that was added passes with the approval of those before")
	}
	set(privacy.AgeRules{Equality: 12})
	if blocked("age_equality") == "" {
		t.Error("12 passes with an approval of 14")
	}
	set(privacy.AgeRules{Youth: true, Equality: 16, Notice: forChildren})
	for _, key := range []string{"age_dpia", "age_youth_equality"} {
		if blocked(key) == "" {
			t.Errorf("%s does not block", key)
		}
	}
	want(t, approve("", "Fine."), fault.Invalid, "art. 35(1): the reference of the assessment is needed")
	ok(t, approve("DPIA-7", "Looked at with the schools."))
	for _, key := range []string{"age_dpia", "age_youth_equality", "age_equality", "age_notice"} {
		if blocked(key) != "" {
			t.Errorf("%s blocks after approval", key)
		}
	}
	set(privacy.AgeRules{Youth: true, Equality: 16, Notice: locale.Text{locale.English: "We are the council. Tell us all.", locale.Welsh: "Ni yw'r cyngor. Dywedwch bopeth."}})
	if blocked("age_dpia") == "" {
		t.Error("UK GDPR art. 12(1): children are told something else than what was approved")
	}
	ok(t, approve("DPIA-7", "Read again."))
	if blocked("age_dpia") != "" {
		t.Error("approved anew, and still blocked")
	}
	for _, rules := range []privacy.AgeRules{{Minimum: 4}, {Minimum: 26}, {Minimum: -1}, {Equality: 3}, {Equality: 99}} {
		d := w.reload(t, c.ID).Details
		d.Processing.Ages = rules
		want(t, w.SaveDetails(t.Context(), officer, c.ID, c.Slug, w.reload(t, c.ID).Version, d), fault.Invalid, "outside the bounds of the data")
	}
	w.screen(t, c.ID)
	ok(t, w.Publish(t.Context(), officer, c.ID, w.reload(t, c.ID).Version))
	want(t, approve("DPIA-8", "Again."), fault.Conflict, "published: what people were told does not change under them")
	d := w.reload(t, c.ID).Details
	d.Processing.Ages.Minimum = 13
	want(t, w.SaveDetails(t.Context(), officer, c.ID, c.Slug, w.reload(t, c.ID).Version, d), fault.Conflict, "nor the gate")
}

// What was answered about age goes with the response: no byte of it is left in the file (privacy.md 10.4).
func TestAgeChecksGoWithTheResponse(t *testing.T) {
	w := newWorld(t)
	c := w.gated(t, "resident-satisfaction", privacy.AgeRules{Minimum: 19, Equality: 16})
	d := w.begin(t, c, answers())
	d.Ages = w.says(19, true)
	done, err := w.SubmitResponse(t.Context(), d)
	ok(t, err)
	has := func() bool { return w.inFiles(t, `"threshold":19`) }
	if !has() {
		t.Fatal("it is not in the file before: nothing would be tried")
	}
	ok(t, w.WithdrawResponse(t.Context(), done.Code))
	if has() {
		t.Error("the check is left in the file")
	}
}

// surveyOf reads what the draft asks.
func (w *world) surveyOf(t *testing.T, id string) *survey.Definition {
	t.Helper()
	_, def, _, err := w.ConsultationForStaff(t.Context(), w.staff[consult.Researcher], id)
	ok(t, err)
	return def
}
