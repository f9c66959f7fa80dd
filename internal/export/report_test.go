package export_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
)

var reports = []string{"report.json", "en.report.html", "cy.report.html"}

// TestThePublicReport has all that disclosure.md 3.6 asks for, in both languages, and nothing of the internal part.
func TestThePublicReport(t *testing.T) {
	r, f := release()
	for name, words := range map[string][]string{
		"en.report.html": {"Disclosure report: Library hours", "All other counts are rounded.", "Smallest group that is shown: 10 people", "Smallest answer that is shown: 5",
			"ethnic group, religion and disability: 10 people", "[c]: a figure that is not shown", "2 of 8 figures are hidden (25%).", "Do you use it?: 0 of 2 (0%)",
			"How satisfied are you?, by Ward – Answers are grouped.", "2 March 2026", "consult@wemsley.example", "nearest 5"},
		"cy.report.html": {"Adroddiad datgelu: Oriau’r llyfrgell", "Mae pob cyfrif arall", "10 o bobl", "[c]: ffigur", "Mae 2 o 8", "wedi’u grwpio", "2 Mawrth 2026"},
		"report.json":    {`"base_threshold": 10`, `"cell_threshold": 5`, `"special_threshold": 10`, `"symbol": "[c]"`, `"snapshot": "2026-03-02"`, `"counts_hidden": 2`, "Answers are grouped."},
	} {
		got := string(file(t, name).Content)
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is missing in\n%s", name, w, got)
			}
		}
		for _, secret := range []string{"R3", "by_rule", "staff-secret", "hash-of-responses", "secondary", "seed", "export."} {
			if strings.Contains(got, secret) {
				t.Errorf("%s: has %q", name, secret)
			}
		}
	}
	var parsed struct{ Format string }
	if err := json.Unmarshal(file(t, "report.json").Content, &parsed); err != nil || parsed.Format != export.ReportFormat {
		t.Errorf("%+v, %v", parsed, err)
	}
	if strings.Contains(string(file(t, "en.report.html").Content), "How it was checked") {
		t.Error("a release made before there were reports claims to be checked")
	}
	f.Checked, f.LeftOut = true, []locale.Text{bilingual("Trust, by Sex – It is too thin.", "Ymddiriedaeth, yn ôl Rhyw – Mae’n rhy denau.")}
	for l, words := range map[locale.Lang][]string{locale.English: {"How it was checked", "It is too thin."}, locale.Welsh: {"Sut y cafodd ei wirio", "rhy denau"}} {
		whole, err := export.ReleaseFile(r, f, string(l)+".report.html")
		for _, w := range words {
			if err != nil || !strings.Contains(string(whole.Content), w) {
				t.Errorf("%s: %q is missing: %v", l, w, err)
			}
		}
	}
	f.LeftOut = nil
	r.Tables[0].Notes, r.Tables = nil, r.Tables[:1]
	if none, err := export.ReleaseFile(r, f, "en.report.html"); err != nil || !strings.Contains(string(none.Content), "None.") {
		t.Errorf("nothing was collapsed, which is not said: %v", err)
	}
}

// TestReportsSayNothingHidden: whatever the service knows beside the printed tables, and whatever lies behind a hidden figure, the public report of the same
// printed tables is the same bytes.
func TestReportsSayNothingHidden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, f := anyRelease(t)
		other := *r
		number := func(label string) int { return rapid.IntRange(0, 1000).Draw(t, label) }
		other.Report = consult.ReleaseReport{Cells: number("cells"), Hidden: number("hidden"), ByRule: map[string]int{"R2": number("R2"), "secondary": number("secondary")},
			Ladder: []string{"secret"}, Redesigns: number("redesigns")}
		other.Findings = []consult.ReleaseFinding{{Table: "q_0", Text: locale.Text{locale.English: "secret"}}}
		other.SnapshotHash, other.Responses, other.ReportSHA256, other.SHA256 = "secret", number("responses"), "secret", "secret"
		other.ProposedBy, other.ApprovedBy, other.Specs = "secret", "secret", []consult.TableSpec{{Question: "secret"}}
		for _, name := range reports {
			a, err := export.ReleaseFile(r, f, name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := export.ReleaseFile(&other, f, name)
			if err != nil || !bytes.Equal(a.Content, b.Content) {
				t.Fatalf("%s: differs (%v)", name, err)
			}
		}
	})
}
