package inside_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

// vector sends the test vector of question-bank.md section 8: VS 120, FS 250, N 80, FD 30, VD 20, DK 10.
func (w *world) vector(t testing.TB) *consult.Consultation {
	t.Helper()
	c := w.Publish(t, "vector", uitest.Everything, nil)
	i := 0
	for _, part := range []struct {
		code string
		n    int
	}{{"very_satisfied", 120}, {"fairly_satisfied", 250}, {"neither", 80}, {"fairly_dissatisfied", 30}, {"very_dissatisfied", 20}, {"dont_know", 10}} {
		for range part.n {
			d, err := w.Service.Begin(t.Context(), c.Slug, locale.English)
			check(t, err)
			d.Answers = survey.Answers{"satisfied": {Codes: []string{part.code}}, "member": {Codes: []string{map[bool]string{true: "yes", false: "no"}[i < 60]}}}
			if i == 7 {
				d.Answers["more"] = survey.Answer{Text: "=1+1 <script>alert(1)</script>"}
			}
			i++
			_, err = w.Service.SubmitResponse(t.Context(), d)
			check(t, err)
		}
	}
	return c
}

// TestResultsFollowTheReportingConventions checks the page against question-bank.md section 8, figure by figure.
func TestResultsFollowTheReportingConventions(t *testing.T) {
	w := newWorld(t)
	c := w.vector(t)
	b := w.signIn(t, consult.Researcher)
	base := "/office/consultations/" + c.ID
	b.Get(base + "/results")
	at(t, b, base+"/results", 200)
	shows(t, b,
		"People chose to take part, so these results show the views of those who responded and may not represent everyone.", // section 8, open link
		"Responses 510",
		"Positive (top two answers) 73%", // 72.5% of 510, don't knows in the base, rounded once
		"Negative (bottom two answers) 10%",
		"+63 points", // 62.7
		"3.84 of 5",  // without don't know
		"Very satisfied 24%", "Fairly satisfied 49%", "Neither satisfied nor dissatisfied 16%", "Don't know 2%",
		"Base 510: everybody who answered this question",
	)
	if !strings.Contains(b.Page.Body, "folk-fill-none") {
		t.Error("don't know is not apart in the chart")
	}
	i, k := strings.Index(b.Page.Body, `class="folk-fill-s5"`), strings.Index(b.Page.Body, `class="folk-fill-s1"`)
	if i < 0 || k < i {
		t.Error("the bar is not in the order of the scale")
	}
	b.Get(base + "/results/crosstab?question=satisfied&by=member")
	shows(t, b, "Yes * 60", "Caution, low base", "No 450") // 60 is under 100
	b.Get(base + "/results/crosstab?question=satisfied&by=nothing")
	if b.Page.Status != 404 && b.Page.Status != 422 {
		t.Errorf("an unknown dimension: %d", b.Page.Status)
	}
	b.Get(base + "/results/texts/more")
	shows(t, b, "<script>alert(1)</script>", "1 text")
	if strings.Contains(b.Page.Body, "<script>alert") {
		t.Error("what somebody wrote runs as a script")
	}
}

func TestLowBasesAndEmptyResults(t *testing.T) {
	w := newWorld(t)
	c := w.Publish(t, "few", uitest.Everything, nil)
	b := w.signIn(t, consult.Approver)
	base := "/office/consultations/" + c.ID
	b.Get(base + "/results")
	shows(t, b, "There are no responses yet", "/c/few")
	w.respond(t, c, 49)
	b.Get(base + "/results")
	shows(t, b, "Only 49 people answered. That is too few for percentages") // under 50: no percentages
	if strings.Contains(b.Page.Body, "folk-fill-s5") {
		t.Error("a chart of 49 answers")
	}
	w.respond(t, c, 50)
	b.Get(base + "/results")
	shows(t, b, "Caution: low base. Only 99 people answered") // under 100
}

// TestSmallEqualityGroupsAreHiddenInsideToo: groups with a base under 10 are hidden inside the council.
func TestSmallEqualityGroupsAreHiddenInsideToo(t *testing.T) {
	w := newWorld(t)
	c := w.Publish(t, "groups", uitest.Everything, nil)
	w.respond(t, c, 34) // 17 with equality answers: 9 and 8
	b := w.signIn(t, consult.Researcher)
	b.Get("/office/consultations/" + c.ID + "/results/crosstab?question=satisfied&by=sex")
	shows(t, b, "[c]", "fewer than 10 people")
	showsNot(t, b, "Female * 9", "Male * 8")
}

func TestExportHasTwoFlavoursAndNoEqualityAnswers(t *testing.T) {
	w := newWorld(t)
	c := w.vector(t)
	b := w.signIn(t, consult.Researcher)
	base := "/office/consultations/" + c.ID + "/export"
	b.Get(base)
	shows(t, b, "No equality answers", "For spreadsheets")
	for _, flavour := range []string{"plain", "spreadsheet"} {
		a := b.Peek(base + "/responses.csv?flavour=" + flavour)
		if a.Status != 200 || a.Header.Get("Content-Disposition") != `attachment; filename="vector-responses-`+flavour+`.csv"` {
			t.Fatalf("%s: %d %s", flavour, a.Status, a.Header.Get("Content-Disposition"))
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
		check(t, err)
		if len(rows) != 511 {
			t.Errorf("%s: %d lines, want 510 and a head", flavour, len(rows))
		}
		raw, safe := strings.Contains(a.Body, ",=1+1"), strings.Contains(a.Body, "'=1+1")
		if flavour == "plain" && !raw || flavour == "spreadsheet" && (raw || !safe) {
			t.Errorf("%s: formula as it is %v, made harmless %v", flavour, raw, safe)
		}
		for _, bad := range []string{"age_band", "sex", "disability"} {
			if strings.Contains(strings.Join(rows[0], ","), bad) {
				t.Errorf("%s is in the export", bad)
			}
		}
		if book := b.Peek(base + "/codebook.csv?flavour=" + flavour); book.Status != 200 || !strings.Contains(book.Body, "very_satisfied") {
			t.Errorf("codebook: %d", book.Status)
		}
	}
	if a := b.Peek(base + "/responses.csv?flavour=excel"); a.Status != 404 {
		t.Errorf("an unknown flavour: %d", a.Status)
	}
	dpo := w.signIn(t, consult.DPO)
	dpo.Get("/office/audit?action=response")
	shows(t, dpo, "Responses exported", "Ros Researcher")
}
