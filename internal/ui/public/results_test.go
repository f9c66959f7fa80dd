package public_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/uitest"
)

const (
	partnerName = "Fenwick Climate"
	purpose     = "Advice on insulating homes"
	secretText  = "zzsecretzz"
)

var (
	officer  = &consult.Staff{ID: "officer", Name: "Olu Officer", Role: consult.Approver}
	approver = &consult.Staff{ID: "approver", Name: "Ana Approver", Role: consult.DPO}
)

// reported is a world with a closed consultation of 260 responses. Its release stands in the state before approval.
func reported(t testing.TB) (*uitest.World, *consult.Consultation, *consult.Release) {
	t.Helper()
	w := world(t)
	ctx := context.Background()
	partner, err := w.Service.AddPartner(ctx, officer, consult.Partner{Name: partnerName, Kind: "company"})
	check(t, err)
	c := w.Publish(t, "library", uitest.Everything, func(d *consult.Details) {
		for i := range d.Processing.Purposes {
			d.Processing.Purposes[i].Recipients = []privacy.Recipient{{Name: partnerName, Form: privacy.Anonymous, Location: "United Kingdom"}}
		}
		d.Processing.Partners = []string{partnerName}
	})
	w.Respond(t, c, 260, answers, func(i int) survey.Answers {
		return survey.Answers{"sex": {Codes: []string{[]string{"female", "male"}[i%2]}}}
	})
	w.Clock.Move(c.ClosesAt.Add(time.Hour))
	a, err := w.Service.AddAgreement(ctx, officer, consult.Agreement{NotMarketing: true, PartnerID: partner.ID, Purpose: purpose, Promises: "No re-identification",
		ContactName: "Cas Contact", ContactEmail: "cas@example.org", StartsOn: "2026-03-01", ExpiresAt: w.Clock.Now().AddDate(0, 3, 0)})
	check(t, err)
	specs := []consult.TableSpec{{Question: "satisfied"}, {Question: "satisfied", By: "home"}, {Question: "member", By: "home"}, {Question: "uses"},
		{Question: "satisfied", By: "sex"}}
	r, err := w.Service.DraftRelease(ctx, officer, c.ID, a.ID, both("Totals for "+partnerName, "Cyfansymiau i "+partnerName), specs)
	check(t, err)
	check(t, w.Service.ProposeRelease(ctx, officer, r.ID, r.Version, uitest.Checked))
	r, err = w.Service.Release(ctx, officer, r.ID)
	check(t, err)
	return w, c, r
}

// answers are those of the i-th respondent: small wards, rare answers, free text.
func answers(i int) survey.Answers {
	points := []string{"very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied"}
	wards := []string{"abbots_cross", "market", "millbrook", "mereside", "fairmead"}
	ward := wards[(i*i+i/3)%len(wards)]
	if i%90 == 7 {
		ward = "high_weald"
	}
	a := survey.Answers{"satisfied": {Codes: []string{points[(i*7+i/5)%5]}}, "home": {Codes: []string{ward}}, "member": {Codes: []string{"yes"}},
		"uses": {Codes: []string{[]string{"books", "events"}[i%2]}}}
	if i%65 == 3 {
		a["member"], a["why_not"] = survey.Answer{Codes: []string{"no"}}, survey.Answer{Text: secretText}
	}
	return a
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// addresses are all under which results can be read.
var addresses = []string{"/c/library/results", "/cy/c/library/results", "/c/library/results.csv", "/c/library/results.json"}

// links are the pages that lead to the results, with the words of the link.
var links = map[string]string{
	"/": "See the results", "/cy": "Gweld y canlyniadau", "/c/library": "See the results: what people said",
	"/cy/c/library": "Gweld y canlyniadau: yr hyn a ddywedodd pobl", "/c/library/respond": "See the results: what people said",
	"/cy/c/library/respond": "Gweld y canlyniadau: yr hyn a ddywedodd pobl",
}

// nothing checks that there are no results anywhere.
func nothing(t *testing.T, w *uitest.World, why string) {
	t.Helper()
	for _, path := range addresses {
		if a := w.Browser(t).Get(path); a.Status != 404 {
			t.Errorf("%s: %s: %d", why, path, a.Status)
		}
	}
	for path := range links {
		if a := w.Browser(t).Get(path); strings.Contains(a.Body, "/results") {
			t.Errorf("%s: %s leads to results", why, path)
		}
	}
}

func TestResults(t *testing.T) {
	w, _, r := reported(t)
	ctx := context.Background()
	nothing(t, w, "proposed, not approved")
	check(t, w.Service.ApproveRelease(ctx, approver, r.ID, r.Version, true))
	for path, words := range links {
		a := w.Browser(t).Get(path)
		a.Sound(t)
		if !strings.Contains(a.Text(), words) || !strings.Contains(a.Body, "/c/library/results") {
			t.Errorf("%s: no link to the results: %s", path, a.Text())
		}
	}
	r, err := w.Service.Release(ctx, officer, r.ID)
	check(t, err)
	for path, words := range map[string][]string{
		"/c/library/results": {"What people said", "The library and you", "from 28 March 2026 to", "[c] stands for a figure that we do not show", "The base is the number",
			"How people answered", "How the figures were made", "People chose to take part", "Counted on", "Questions about the results", "Download the tables (CSV)"},
		"/cy/c/library/results": {"Yr hyn a ddywedodd pobl", "Y llyfrgell a chi", "Mae [c] yn sefyll am ffigur nad ydym yn ei ddangos", "Sut y gwnaed y ffigurau",
			"Dewisodd pobl gymryd rhan", "Sut yr atebodd pobl", "Lawrlwytho'r tablau (CSV)"},
	} {
		b := w.Browser(t)
		a := b.Get(path)
		a.Sound(t)
		if cache := a.Header.Get("Cache-Control"); a.Status != 200 || !strings.Contains(cache, "no-cache") || b.Cookies() != "" {
			t.Errorf("%s: %d; a copy that a cache keeps outlives a revocation: %q; reading sets no cookie: %q", path, a.Status, cache, b.Cookies())
		}
		for _, s := range words {
			if !strings.Contains(a.Text(), s) {
				t.Errorf("%s: %q is missing", path, s)
			}
		}
		if shown, want := pageFigures(t, a), releaseFigures(r); !slices.Equal(shown, want) {
			t.Errorf("%s: the page shows other figures than the release:\n%v\n%v", path, shown, want)
		}
	}
	w.Clock.Move(w.Clock.Now().AddDate(1, 0, 0))
	if a := w.Browser(t).Get("/c/library/results"); a.Status != 200 {
		t.Errorf("the page ended with the agreement: %d", a.Status)
	}
	check(t, w.Service.RevokeRelease(ctx, approver, r.ID, r.Version, "Recalled"))
	nothing(t, w, "revoked")
}

// Several releases on the website: the page has the last published and leads to the others; each file belongs to its own page.
func TestSeveralResults(t *testing.T) {
	w, c, r := reported(t)
	ctx := context.Background()
	check(t, w.Service.ApproveRelease(ctx, approver, r.ID, r.Version, true))
	if a := w.Browser(t).Get("/c/library/results"); strings.Contains(a.Text(), "All results") {
		t.Error("one release is no series")
	}
	second, err := w.Service.DraftRelease(ctx, officer, c.ID, r.AgreementID, both("More", "Mwy"), []consult.TableSpec{{Question: "member"}})
	check(t, err)
	check(t, w.Service.ProposeRelease(ctx, officer, second.ID, second.Version, uitest.Checked))
	second, err = w.Service.Release(ctx, officer, second.ID)
	check(t, err)
	w.Clock.Move(w.Clock.Now().AddDate(0, 0, 1))
	check(t, w.Service.ApproveRelease(ctx, approver, second.ID, second.Version, true))
	older := "/c/library/results/" + r.ID
	for path, row := range map[string]struct {
		release *consult.Release
		words   []string
		links   []string
	}{
		"/c/library/results":              {second, []string{"All results of this consultation", "Results 2: 1 table, published on", "(this page)"}, []string{older, "/c/library/results.csv"}},
		older:                             {r, []string{"has published more results of this consultation since", "Results 1: 5 tables, published on"}, []string{`"/c/library/results"`, older + ".csv", older + "." + "sums"}},
		"/cy" + older:                     {r, []string{"Holl ganlyniadau'r ymgynghoriad hwn", "Canlyniadau 1: 5 tabl, cyhoeddwyd ar"}, []string{`"/cy/c/library/results"`, older + ".csv"}},
		"/cy/c/library/results":           {second, []string{"Canlyniadau 2: 1 tabl, cyhoeddwyd ar", "(y dudalen hon)"}, []string{older}},
		"/c/library/results/" + second.ID: {second, []string{"(this page)"}, []string{older}},
	} {
		a := w.Browser(t).Get(path)
		a.Sound(t)
		for _, s := range row.words {
			if !strings.Contains(a.Text(), s) {
				t.Errorf("%s: %q is missing: %s", path, s, a.Text())
			}
		}
		for _, s := range row.links {
			if !strings.Contains(a.Body, s) {
				t.Errorf("%s: no link %s", path, s)
			}
		}
		of, err := w.Service.Release(ctx, officer, row.release.ID)
		check(t, err)
		if shown, want := pageFigures(t, a), releaseFigures(of); !slices.Equal(shown, want) {
			t.Errorf("%s shows another release:\n%v\n%v", path, shown, want)
		}
	}
	for path, of := range map[string]*consult.Release{"/c/library/results.json": second, older + ".json": r} {
		var doc struct {
			Tables []consult.ReleaseTable `json:"tables"`
		}
		if a := w.Browser(t).Get(path); a.Status != 200 || json.Unmarshal([]byte(a.Body), &doc) != nil || len(doc.Tables) != len(of.Tables) {
			t.Errorf("%s is not the file of its page: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/c/library/results/nothing", "/c/library/results/nothing.csv", older + ".nothing"} {
		if a := w.Browser(t).Get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	check(t, w.Service.RevokeRelease(ctx, approver, r.ID, r.Version+1, "Recalled"))
	for path, status := range map[string]int{older: 404, older + ".csv": 404, "/c/library/results": 200} {
		if a := w.Browser(t).Get(path); a.Status != status {
			t.Errorf("%s after the older one was revoked: %d", path, a.Status)
		}
	}
}

func TestResultsForThePartnerOnly(t *testing.T) {
	w, _, r := reported(t)
	check(t, w.Service.ApproveRelease(context.Background(), approver, r.ID, r.Version, false))
	nothing(t, w, "the approver did not tick the box")
}

// Disclosure.md section 5, stop-ship: no difference between the files of one release, and nothing in them that is not printed.
func TestResultsAreTheReleaseAndNothingElse(t *testing.T) {
	w, _, r := reported(t)
	ctx := context.Background()
	check(t, w.Service.ApproveRelease(ctx, approver, r.ID, r.Version, true))
	r, err := w.Service.Release(ctx, officer, r.ID)
	check(t, err)
	got := map[string]*uitest.Answer{}
	for _, path := range addresses {
		got[path] = w.Browser(t).Get(path)
		for _, secret := range []string{partnerName, purpose, "Fenwick", "Cas Contact", "cas@example.org", "Totals for", secretText, "by_rule",
			officer.Name, approver.Name, `"partner"`, `"purpose"`, r.AgreementID, r.SnapshotHash} {
			if strings.Contains(got[path].Body, secret) {
				t.Errorf("%s: %q must not be there", path, secret)
			}
		}
	}
	lines, err := csv.NewReader(strings.NewReader(got["/c/library/results.csv"].Body)).ReadAll()
	check(t, err)
	var fromCSV []string
	for _, l := range lines[1:] {
		fromCSV = append(fromCSV, l[9])
	}
	var doc struct {
		Tables []consult.ReleaseTable `json:"tables"`
	}
	check(t, json.Unmarshal([]byte(got["/c/library/results.json"].Body), &doc))
	want := releaseFigures(r)
	if !slices.Contains(want, string(consult.Hidden)) {
		t.Fatal("nothing is hidden: the test proves nothing")
	}
	slices.Sort(fromCSV)
	if file := releaseFigures(&consult.Release{Tables: doc.Tables}); !slices.Equal(file, want) || !slices.Equal(fromCSV, want) {
		t.Errorf("release, JSON and CSV differ:\n%v\n%v\n%v", want, file, fromCSV)
	}
	drawn(t, got["/c/library/results"], r)
}

// drawn checks that the charts show rows without hidden figures only: each says figures of such a row.
func drawn(t *testing.T, a *uitest.Answer, r *consult.Release) {
	t.Helper()
	n := 0
	each(a.Doc(t), "desc", func(d *html.Node) {
		n++
		text := d.FirstChild.Data
		for _, table := range r.Tables {
			for _, row := range table.Rows {
				if !slices.Contains(row.Counts, consult.Hidden) && said(table, row) == text {
					return
				}
			}
		}
		t.Errorf("a chart says what no whole row shows: %s", text)
	})
	if n < 3 {
		t.Errorf("%d charts", n)
	}
}

// said is what a chart of the row says.
func said(table consult.ReleaseTable, row consult.ReleaseRow) string {
	var out []string
	for i, c := range table.Columns {
		figure := string(row.Counts[i])
		if p := row.Percent[i]; p != "" && p != consult.Hidden {
			figure = string(p) + "%"
		}
		out = append(out, c.Label["en"]+" "+figure)
	}
	return strings.Join(out, ", ")
}

// releaseFigures lists the printed figures of a release, sorted.
func releaseFigures(r *consult.Release) (out []string) {
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			for _, c := range slices.Concat([]consult.ReleaseCell{row.Base, row.Mean, row.Net}, row.Counts, row.Percent) {
				if c != "" {
					out = append(out, string(c))
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// pageFigures lists the figures in the tables of a page, sorted. A break-down prints its bases twice, with percentages and with counts:
// they must agree, and count once.
func pageFigures(t *testing.T, a *uitest.Answer) (out []string) {
	t.Helper()
	each(a.Doc(t), "div", func(s *html.Node) {
		if uitest.Attr(s, "class") != "folk-released" {
			return
		}
		var bases [][]string
		each(s, "table", func(table *html.Node) {
			var base []string
			each(table, "tbody", func(body *html.Node) { out, base = rows(body, out, base) })
			each(table, "tfoot", func(foot *html.Node) { out, base = rows(foot, out, base) })
			bases = append(bases, base)
		})
		if len(bases) == 2 {
			if !slices.Equal(bases[0], bases[1]) {
				t.Errorf("bases differ: %v", bases)
			}
			for _, b := range bases[1] {
				i := slices.Index(out, b)
				out = slices.Delete(out, i, i+1)
			}
		}
	})
	slices.Sort(out)
	return out
}

// rows adds the figures of table rows to out, and the last of each to base.
func rows(n *html.Node, out, base []string) ([]string, []string) {
	each(n, "tr", func(tr *html.Node) {
		var line []string
		each(tr, "td", func(td *html.Node) {
			if text := strings.TrimSpace(words(td)); text != "" && text != "–" {
				line = append(line, text)
			}
		})
		out = append(out, line...)
		if len(line) > 0 {
			base = append(base, line[len(line)-1])
		}
	})
	return out, base
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var out strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		fmt.Fprint(&out, words(c))
	}
	return out.String()
}

// each calls fn for every element of the name below n.
func each(n *html.Node, name string, fn func(*html.Node)) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == name {
			fn(c)
		}
		each(c, name, fn)
	}
}
