package consult_test

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Question-bank.md section 8, the test vector: VS 120, FS 250, N 80, FD 30, VD 20, DK 10.
func TestResultsFollowTheTestVector(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	counts := map[string]int{"very_satisfied": 120, "fairly_satisfied": 250, "neither": 80, "fairly_dissatisfied": 30, "very_dissatisfied": 20, "dont_know": 10}
	var codes []string
	for code, n := range counts {
		codes = append(codes, slices.Repeat([]string{code}, n)...)
	}
	all := make([]*visit, len(codes)+15)
	for i := range all {
		a := survey.Answers{"local_area": {Codes: []string{"neither"}}}
		if i < len(codes) {
			a["runs_things"] = survey.Answer{Codes: []string{codes[i]}}
		}
		all[i] = &visit{answers: a}
	}
	w.each(t, len(all), func(ctx ctx, i int) error { return w.visit(ctx, c, all[i]) })
	results, err := w.Results(t.Context(), w.staff[consult.Researcher], c.ID)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(results.Questions, func(q consult.QuestionResult) bool { return q.Question.ID == "runs_things" })
	q := results.Questions[i]
	about := func(what string, got, want, within float64) {
		t.Helper()
		if math.Abs(got-want) > within {
			t.Errorf("%s: got %.3f, want %.3f", what, got, want)
		}
	}
	about("base", float64(q.Base), 510, 0)
	about("not answered", float64(q.NotAnswered), 15, 0)
	about("don't know", float64(q.DontKnow), 10, 0)
	about("satisfied", q.Satisfied, 72.5, .06)
	about("dissatisfied", q.Dissatisfied, 9.8, .06)
	about("net", q.Net, 62.7, .06)
	about("mean", q.Mean, 3.84, .006)
	if !q.Scale || q.LowBase != "" || results.Responses != 525 {
		t.Errorf("%+v", q)
	}
	for _, o := range q.Options {
		if o.Count != counts[o.Code] {
			t.Errorf("%s: %d, want %d", o.Code, o.Count, counts[o.Code])
		}
	}
	if len(results.Days) != 1 || results.Days[0].Count != 525 || results.Days[0].Channel != consult.Web {
		t.Errorf("days %+v", results.Days)
	}
	if w.audited(t, "results.see") != 1 {
		t.Error("looking is recorded (security.md T4)")
	}
	if !strings.Contains(q.Question.Text.In(locale.English), "Wealdmere Borough Council") {
		t.Errorf("the council's name is filled in: %s", q.Question.Text.In(locale.English))
	}
}

func TestNumbersHaveAMiddle(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	_, def, err := w.PublicConsultation(t.Context(), c.Slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{5, 1, 2, 2, 4, 3} {
		a := survey.Answers{"household_size": {Text: strconv.Itoa(size)}, "home_type": {Codes: []string{"flat"}}, "heating": {Codes: []string{"network"}}}
		for _, q := range survey.NewJourney(def, a).Missing() {
			t.Fatalf("%s is required too", q.ID)
		}
		w.submit(t, c, a)
	}
	results, err := w.Results(t.Context(), w.staff[consult.Approver], c.ID)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(results.Questions, func(q consult.QuestionResult) bool { return q.Question.ID == "household_size" })
	if q := results.Questions[i]; q.Minimum != 1 || q.Median != 2.5 || q.Maximum != 5 || q.NumberBase != 6 || q.LowBase != "none" {
		t.Errorf("%+v", q)
	}
}

func TestCrossTabsAreExactAndHideSmallEqualityGroups(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	all := w.crowd(t, c, 150)
	by := w.staff[consult.Researcher]
	tab, err := w.CrossTab(t.Context(), by, c.ID, "local_area", "ward")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tab.Rows {
		if row.Hidden {
			t.Errorf("the ward %s is hidden inside the council", row.Code)
		}
		for j, code := range tab.Question.Codes {
			real := truth(all, func(v *visit) bool { return gave(v, "ward", row.Code) && gave(v, "local_area", code.Code) })
			if row.Counts[j] != real {
				t.Errorf("%s, %s: %d, in truth %d", row.Code, code.Code, row.Counts[j], real)
			}
		}
	}
	if tab.Base != 150 || tab.Total.Base != 150 || !tab.Total.HasNet {
		t.Errorf("total %+v", tab.Total)
	}
	tab, err = w.CrossTab(t.Context(), by, c.ID, "local_area", "age_band")
	if err != nil {
		t.Fatal(err)
	}
	hidden, people := 0, 0
	for _, row := range tab.Rows {
		n := truth(all, func(v *visit) bool {
			if !v.consents || len(v.equality["age_band"].Codes) == 0 {
				return row.Code == survey.CodeNotAnswered
			}
			return v.equality["age_band"].Codes[0] == row.Code
		})
		if n < 10 && !row.Hidden {
			t.Errorf("%s: a group of %d is shown", row.Code, n)
		}
		if row.Hidden {
			hidden, people = hidden+1, people+n
			if row.Base != 0 || row.Counts != nil || row.Percent != nil {
				t.Errorf("%s is hidden and has figures", row.Code)
			}
		}
	}
	if hidden < 2 || people < 10 || tab.HiddenGroups != hidden {
		t.Errorf("%d groups with %d people are hidden: one could be subtracted", hidden, people)
	}
	for _, row := range []struct{ why, question, by string }{
		{"a question by itself", "local_area", "local_area"}, {"free text", "one_thing", "ward"}, {"an unknown question", "nothing", "ward"},
		{"an unknown grouping", "local_area", "shoe_size"}, {"an equality question as the answer", "sex", "ward"},
	} {
		_, err := w.CrossTab(t.Context(), by, c.ID, row.question, row.by)
		want(t, err, fault.NotFound, row.why)
	}
	if n := w.audited(t, "results.cross"); n != 2 {
		t.Errorf("%d cross-tabs in the audit log", n)
	}
}

// Security.md T3: a consultation of four people shows no breakdown.
func TestFewResponsesAreNotBrokenDown(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	w.crowd(t, c, 4)
	tab, err := w.CrossTab(t.Context(), w.staff[consult.Researcher], c.ID, "local_area", "ward")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tab.Rows {
		if !row.Hidden {
			t.Errorf("%s is shown", row.Code)
		}
	}
}

func TestTextsAndExportsOpenWhatWasWritten(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	all := w.crowd(t, c, 60)
	var written []string
	for _, v := range all {
		if text := v.answers["one_thing"].Text; text != "" {
			written = append(written, text)
		}
	}
	by := w.staff[consult.Researcher]
	var read []string
	for offset := 0; ; offset += 5 {
		page, err := w.Texts(t.Context(), by, c.ID, "one_thing", offset, 5)
		if err != nil || page.Total != len(written) || page.Held != 0 {
			t.Fatalf("%+v of %d, %v", page, len(written), err)
		}
		if len(page.Texts) == 0 {
			break
		}
		for _, x := range page.Texts {
			read = append(read, x.Text)
		}
	}
	slices.Sort(read)
	slices.Sort(written)
	if !slices.Equal(read, written) {
		t.Errorf("read %d texts, %d were written", len(read), len(written))
	}
	n := 0
	err := w.EachResponse(t.Context(), by, c.ID, func(r *consult.Response) error {
		i := slices.IndexFunc(all, func(v *visit) bool { return v.done.ResponseID == r.ID })
		if r.Answers["one_thing"].Text != all[i].answers["one_thing"].Text || len(r.FreeText) > 0 || len(r.Answers) != len(all[i].answers) {
			t.Errorf("exported %v, sent %v", r.Answers, all[i].answers)
		}
		n++
		return nil
	})
	if err != nil || n != 60 {
		t.Errorf("%d exported, %v", n, err)
	}
	stop := errors.New("the browser went away")
	if err := w.EachResponse(t.Context(), by, c.ID, func(*consult.Response) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an export ends with its reader: %v", err)
	}
	w.erasesDuring(t, by, c.ID)
	if w.audited(t, "responses.export") != 3 || w.audited(t, "texts.read") == 0 {
		t.Error("exports and reading texts are recorded")
	}
}

// erasesDuring erases a response in the middle of an export: whoever withdraws does not wait for somebody's slow line.
func (w *world) erasesDuring(t *testing.T, by *consult.Staff, consultationID string) {
	t.Helper()
	n := 0
	err := w.EachResponse(t.Context(), by, consultationID, func(r *consult.Response) error {
		if n++; n > 1 {
			return nil
		}
		return w.Store.Update(t.Context(), func(tx consult.Writer) error {
			return errors.Join(tx.EraseResponse(r.ID), tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "response.erase"}))
		})
	})
	if err != nil || n != 60 {
		t.Errorf("erasing during an export: %d exported, %v", n, err)
	}
}
