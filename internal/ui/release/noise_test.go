package release_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/export/exporttest"
)

// Disclosure.md 3.5 in the browser: the officer is told that figures have noise and what they cost, both people see it again, every file has the
// same figures and margins, and the ledger shows what was spent.
func TestAReleaseWithNoise(t *testing.T) {
	w := newWorld(t)
	p := consult.DefaultProtection()
	p.NoiseFrom, p.PersonBudget = 1000, 40
	if found, err := w.Service.SaveProtection(t.Context(), &consult.Staff{ID: "chief", Role: consult.Administrator}, 0, p); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	c := w.closed(t, "library", 1000)
	agreement := w.agree(t, w.approver)
	ledger := "/office/consultations/" + c.ID + "/releases/ledger"
	want(t, w.researcher.Get(ledger), 200, "nothing spent yet", "nothing is spent", "a table costs ρ = 0.025 with a margin of 13 people")
	want(t, w.researcher.Get("/cy"+ledger), 200, "in Welsh", "Cyfriflyfr preifatrwydd", "nid oes dim wedi'i wario")

	tables := []string{"satisfied", "satisfied|home", "satisfied|home|channel", "uses"}
	form := url.Values{"agreement": {agreement.ID}, "title-en": {"Libraries"}, "table": tables, "check": {"yes"}}
	w.researcher.Get("/office/consultations/" + c.ID + "/releases/new")
	want(t, w.researcher.Fill(form), 200, "before it is made", "published with small random noise", "95 of 100 counts are within 13 of the truth", "privacy budget of 0.4")
	path := w.draft(t, c, agreement.ID, tables...)
	draft := w.researcher.Get(path)
	want(t, draft, 200, "the draft", "1,000 responses were counted", "Margin of a count", "±13", "Noise of variance 40", "On average a count is", "Privacy ledger of the survey", "Propose for approval",
		"± is the margin of error")
	if strings.Contains(draft.Body, "Redesigns") {
		t.Error("nothing is redesigned where there is noise")
	}
	if n := len(regexp.MustCompile(`folk-table__small">±\d`).FindAllString(draft.Body, -1)); n < 100 {
		t.Errorf("%d margins on the page", n)
	}
	report := w.researcher.Get(path + "/report")
	want(t, report, 200, "its report", "Noise and privacy budget", "Spent with this release", "Random noise instead of hidden figures from")
	if strings.Contains(report.Body, "Hidden figures recovered exactly") {
		t.Error("the report speaks of an attack that there was not")
	}
	want(t, w.researcher.Get("/cy"+path+"/report"), 200, "in Welsh", "Sŵn a chyllideb preifatrwydd")
	id := w.releasedFrom(t, path)
	r, err := w.Service.Release(t.Context(), &consult.Staff{ID: "chief", Role: consult.DPO}, id)
	if err != nil || r.Facts == nil {
		t.Fatal(err)
	}
	if n := exporttest.Compare(t, r, *r.Facts); n < 500 {
		t.Errorf("%d figures compared", n)
	}
	options := slices.IndexFunc(r.Tables, func(t consult.ReleaseTable) bool { return t.Question == "uses" })
	if options < 0 || len(r.Tables[options].Columns) < 2 || len(r.Tables[options].Rows) != 1 {
		t.Errorf("the options of a question do not stand in one table: %+v", r.Tables)
	}
	want(t, w.dpo.Get(ledger), 200, "paid", "Spent of a person", "ρ = 0.", "of 0.4", "Tables that still fit", "Libraries for Fenwick")
	shelf := w.reader.Get("/partner/releases/" + id)
	want(t, shelf, 200, "the partner", "Small random noise was added", "differential privacy", "± is the margin of error")
	csv := w.reader.Get("/partner/releases/" + id + "/release.csv").Body
	if !strings.Contains(csv, ",percent_margin,") || !strings.Contains(csv, ",base_margin,") {
		t.Error("the CSV file has no margins")
	}
	public := w.reader.Get("/partner/releases/" + id + "/release.en.report.html").Body
	if !strings.Contains(public, "discrete Gaussian with variance 40") || strings.Contains(public, "a third tried to work out") {
		t.Error("the public report does not say how these figures were protected")
	}
	over := w.draft(t, c, agreement.ID, "uses|home", "uses|channel", "uses|member", "uses|home|channel", "uses|home|member", "uses|satisfied")
	want(t, w.researcher.Get(over), 200, "more than the budget", "tables would fit", "This release cannot be proposed")
	want(t, w.researcher.Get("/office/consultations/"+c.ID+"/releases/new"), 200, "and said beforehand", "Its figures were published with random noise")
}
