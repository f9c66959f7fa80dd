//go:build !race

// Fifteen hundred whole journeys under the race detector would take most of the time of all tests; make test runs this file without
// it. The same pages are raced by 50 people sending 20 times each in internal/ui.

package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/demo"
	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

const (
	scenarioPeople  = 1500
	scenarioPartner = "Fenwick Climate"
)

// truth is what people really answered, kept by the test itself: question to code, and the ward.
type truth struct {
	mu     sync.Mutex
	people []map[string]string
}

func (w *truth) add(answers map[string]string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people = append(w.people, answers)
}

// count counts those whose answer falls into the column and whose ward or area is the row. Empty means any.
func (w *truth) count(question survey.Question, column, by, row string, area map[string]string) int {
	n := 0
	for _, p := range w.people {
		group := p[by]
		if group == "" {
			group = survey.CodeNotAnswered
		}
		if row != "total" && group != row && area[group] != row {
			continue
		}
		if column == "" || inColumn(question, p[question.ID], column) {
			n++
		}
	}
	return n
}

// inColumn reports whether an answer is counted in a column: the code itself, or a band of the scale.
func inColumn(q survey.Question, code, column string) bool {
	if code == "" {
		code = survey.CodeNotAnswered
	}
	o, _ := q.Option(code)
	switch column {
	case "band_positive":
		return o.Score >= 4
	case "band_negative":
		return o.Score == 1 || o.Score == 2
	case "band_not_positive":
		return o.Score >= 1 && o.Score <= 3
	}
	return code == column
}

// TestScenario is the main job over HTTP, without scripts: a researcher makes and publishes a survey, 1,500 people answer it, the researcher
// proposes a release, a second officer approves it, the partner downloads it; and what was published is held against the truth.
func TestScenario(t *testing.T) {
	p := startProgram(t, filepath.Join(t.TempDir(), "data"), "--demo")
	researcher := signedIn(t, p, "researcher@wealdmere.example")
	slug, home := publishSurvey(t, researcher, signedIn(t, p, "dpo@wealdmere.example"))
	known := &truth{}
	answerAll(t, p, slug, known)
	release := proposeRelease(t, researcher, home)
	refuseOwnApproval(t, researcher, release)
	approver := signedIn(t, p, "approver@wealdmere.example")
	approve(t, approver, release)
	partner := signedIn(t, p, "partner@fenwick.example")
	checkRelease(t, partner, release, known)
	checkWalls(t, partner, home, slug)
	revoke(t, approver, release)
	shelf := "/partner/releases/" + release
	for _, path := range []string{shelf, shelf + "/release.csv", shelf + "/release.json"} {
		if d, err := partner.get(path); err != nil || d.Status != http.StatusForbidden {
			t.Errorf("after revocation %s answers %d, want 403: %v", path, d.Status, err)
		}
	}
}

func signedIn(t *testing.T, p *program, email string) *browser {
	t.Helper()
	b := newBrowser(p.URL, nil)
	if d, err := b.signIn(email, demo.Password); err != nil || d.Status != http.StatusOK || strings.HasSuffix(d.Path, "/sign-in") {
		t.Fatalf("%s cannot sign in: %d at %s: %v", email, d.Status, d.Path, err)
	}
	return b
}

// fillIn opens a page, fills the form that has a control with the first name, sends it and returns the page it leads to.
func fillIn(t *testing.T, b *browser, path string, over url.Values, names ...string) *document {
	t.Helper()
	d, err := b.get(path)
	if err != nil || d.Status != http.StatusOK {
		t.Fatalf("%s answers %d: %v", path, d.Status, err)
	}
	f, err := d.post(names...)
	if err != nil {
		t.Fatal(err)
	}
	next, err := b.send(d, f, over)
	if err != nil {
		t.Fatal(err)
	}
	if next.Status != http.StatusOK {
		t.Fatalf("%s answers %d: %s: %s", path, next.Status, next.heading(), next.between(`govuk-error-summary"`, "</ul>"))
	}
	return next
}

var consultationIn = regexp.MustCompile(`/office/consultations/[0-9a-f]{32}`)

func publishSurvey(t *testing.T, b, officer *browser) (slug, home string) {
	t.Helper()
	d := fillIn(t, b, "/office/consultations/new", url.Values{"from": {"resident-satisfaction"}}, "from")
	if home = consultationIn.FindString(d.Path); home == "" {
		t.Fatalf("no draft at %s", d.Path)
	}
	slug = "scenario-2026"
	opens, closes := time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 30)
	moment := func(name string, at time.Time) url.Values {
		return url.Values{name + "-day": {strconv.Itoa(at.Day())}, name + "-month": {strconv.Itoa(int(at.Month()))},
			name + "-year": {strconv.Itoa(at.Year())}, name + "-time": {"9am"}}
	}
	details := url.Values{"slug": {slug}, "about-en": {"What it is like to live here."}, "about-cy": {"Sut beth yw byw yma."},
		"other_ways-en": {"Telephone 01632 960 100."}, "other_ways-cy": {"Ffoniwch 01632 960 100."}}
	for _, m := range []url.Values{moment("opens", opens), moment("closes", closes)} {
		for k, v := range m {
			details[k] = v
		}
	}
	if d, err := b.get(home + "/publish"); err != nil || d.Status == http.StatusOK && strings.Contains(d.Body, `name="sure"`) {
		t.Errorf("a consultation without a text can be published: %d, %v", d.Status, err)
	}
	fillIn(t, b, home+"/details", details, "slug")
	fillIn(t, b, home+"/notice/purposes/1", url.Values{"r0-name": {scenarioPartner}, "r0-form": {"anonymous"}, "r0-location": {"United Kingdom"}}, "basis")
	fillIn(t, b, home+"/notice/consent", url.Values{"partners": {scenarioPartner}}, "partners")
	if d, err := b.get(home + "/publish"); err != nil || d.Status == http.StatusOK && strings.Contains(d.Body, `name="sure"`) {
		t.Errorf("a consultation that nobody has screened can be published: %d, %v", d.Status, err)
	}
	screening := url.Values{"addendum": {"Equality answers are kept apart."}}
	for _, id := range []string{"new_technology", "biometric_genetic", "children", "physical_harm", "innovative", "prevents_right"} {
		screening.Set("q-"+id, "no")
	}
	fillIn(t, b, home+"/screening", screening, "addendum")
	fillIn(t, officer, strings.Replace(home, "consultations", "registers/screenings", 1), url.Values{"ruling": {"approved"}, "reasons": {"The measures suffice."}, "reference": {"Addendum 7"},
		"review-day": {"1"}, "review-month": {"3"}, "review-year": {strconv.Itoa(closes.Year() + 1)}}, "ruling")
	fillIn(t, b, home+"/publish", url.Values{"sure": {"yes"}}, "sure")
	return slug, home
}

// answerAll sends 1,500 whole responses, eight at a time. Wards differ in size and in what they think, so that there is something to hide.
func answerAll(t *testing.T, p *program, slug string, known *truth) {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	work := make(chan int)
	var wg sync.WaitGroup
	units := surveys.DemoGeography()
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range work {
				rng := rand.New(rand.NewPCG(2026, uint64(i)))
				answers := map[string]string{}
				who := person{equality: []string{"give", "give", "refuse", "skip"}[rng.IntN(4)]}
				who.answer = func(question string, f form) url.Values { return scenarioAnswer(rng, question, f, units, answers) }
				got, err := newBrowser(p.URL, transport).takePart(slug, who)
				if err != nil || got.Reference == "" || got.Code == "" {
					t.Errorf("person %d: reference %q: %v", i, got.Reference, err)
					continue
				}
				known.add(answers)
			}
		}()
	}
	for i := range scenarioPeople {
		work <- i
	}
	close(work)
	wg.Wait()
}

func scenarioAnswer(rng *rand.Rand, question string, f form, units []surveys.Unit, answers map[string]string) url.Values {
	if question == "ward" {
		if rng.IntN(20) == 0 {
			return nil
		}
		u := units[rng.IntN(len(units))]
		answers["ward"] = u.Ward
		return url.Values{"ward": {u.Postcode}}
	}
	names := f.Names("radio")
	if len(names) == 0 {
		return nil
	}
	name := names[0]
	options := f.Options(name)
	if name != "local_area" && rng.IntN(12) == 0 {
		return nil // left blank
	}
	// Most choose the first options, few the last: so that small cells occur.
	n := min(int(rng.ExpFloat64()*1.3), len(options)-1)
	answers[name] = options[n]
	return url.Values{name: {options[n]}}
}

var releaseIn = regexp.MustCompile(`/office/releases/([0-9a-f]{32})`)

func proposeRelease(t *testing.T, b *browser, home string) string {
	t.Helper()
	id := strings.TrimPrefix(home, "/office/consultations/")
	d, err := b.get("/office/releases/new?consultation=" + id)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // the consultation and the agreement may be asked first
		if strings.Contains(d.Body, `name="table"`) {
			break
		}
		d = chooseFirst(t, b, d, id)
	}
	f, err := d.post("table")
	if err != nil {
		t.Fatal(err)
	}
	tables := url.Values{"table": {"local_area", "local_area|ward", "runs_things", "runs_things|ward", "value_for_money", "safe_after_dark|ward", "trust", "local_area|age_band"}}
	for _, chosen := range tables["table"] {
		if !slices.Contains(f.Options("table"), chosen) {
			t.Errorf("the catalogue does not offer %s, but %v", chosen, f.Options("table"))
		}
	}
	if d, err = b.send(d, f, tables); err != nil || d.Status != http.StatusOK {
		t.Fatalf("protecting answers %d: %s: %s: %v", d.Status, d.heading(), d.between(`govuk-error-summary"`, "</ul>"), err)
	}
	m := releaseIn.FindStringSubmatch(d.Path)
	if m == nil {
		t.Fatalf("no release at %s", d.Path)
	}
	fillIn(t, b, "/office/releases/"+m[1]+"/propose", url.Values{"singling_out": {"unlikely"}, "linkability": {"unlikely"}, "inference": {"unlikely"},
		"other_data": {"The census."}}, "other_data")
	return m[1]
}

// chooseFirst sends the form that asks for consultation and agreement.
func chooseFirst(t *testing.T, b *browser, d *document, consultation string) *document {
	t.Helper()
	for _, f := range d.Forms {
		over := url.Values{}
		for _, c := range f.Controls {
			if c.Name == "consultation" {
				over[c.Name] = []string{consultation}
			}
			if c.Name == "agreement" && c.Value != "" && over[c.Name] == nil {
				over[c.Name] = []string{c.Value}
			}
		}
		if over["agreement"] != nil {
			next, err := b.send(d, f, over)
			if err != nil || next.Status != http.StatusOK {
				t.Fatalf("choosing the agreement answers %d: %v", next.Status, err)
			}
			return next
		}
	}
	t.Fatalf("%s asks neither for tables nor for an agreement: %s", d.Path, d.heading())
	return nil
}

// sendTo sends the page's form whose action ends so.
func sendTo(t *testing.T, b *browser, d *document, action string, over url.Values) *document {
	t.Helper()
	for _, f := range d.Forms {
		target := f.Action
		if target == "" {
			target = d.Path
		}
		if strings.HasSuffix(target, action) {
			next, err := b.send(d, f, over)
			if err != nil || next.Status != http.StatusOK {
				t.Fatalf("%s answers %d: %s: %v", target, next.Status, next.heading(), err)
			}
			return next
		}
	}
	t.Fatalf("%s (%s) has no form to %s", d.Path, d.heading(), action)
	return nil
}

func refuseOwnApproval(t *testing.T, b *browser, release string) {
	t.Helper()
	if d, err := b.get("/office/releases/" + release + "/approve"); err != nil || d.Status != http.StatusForbidden {
		t.Errorf("the proposer may open the approval: %d, %v", d.Status, err)
	}
}

func approve(t *testing.T, b *browser, release string) {
	t.Helper()
	fillIn(t, b, "/office/releases/"+release+"/approve", url.Values{"sure": {"yes"}}, "sure")
}

func revoke(t *testing.T, b *browser, release string) {
	t.Helper()
	fillIn(t, b, "/office/releases/"+release+"/revoke", url.Values{"sure": {"yes"}, "reason": {"The agreement was ended."}}, "reason")
}

// checkWalls: there is no path from a partner's account to a response or to the office.
func checkWalls(t *testing.T, partner *browser, home, slug string) {
	t.Helper()
	for _, path := range []string{"/office", home, home + "/results", home + "/export/responses.csv", "/office/releases", "/office/audit", "/office/staff"} {
		if d, err := partner.get(path); err != nil || d.Status != http.StatusForbidden {
			t.Errorf("a partner gets %d at %s, want 403: %v", d.Status, path, err)
		}
	}
}

// checkRelease downloads both files and holds every figure against the truth.
func checkRelease(t *testing.T, partner *browser, release string, known *truth) {
	t.Helper()
	shelf, err := partner.get("/partner")
	if err != nil || !strings.Contains(shelf.Body, "/partner/releases/"+release) {
		t.Fatalf("the release is not on the shelf: %d, %v", shelf.Status, err)
	}
	file, err := partner.get("/partner/releases/" + release + "/release.csv")
	if err != nil || file.Status != http.StatusOK {
		t.Fatalf("the CSV answers %d: %v", file.Status, err)
	}
	described, err := partner.get("/partner/releases/" + release + "/release.json")
	if err != nil || described.Status != http.StatusOK {
		t.Fatalf("the JSON answers %d: %v", described.Status, err)
	}
	page, err := partner.get("/partner/releases/" + release)
	if err != nil || page.Status != http.StatusOK {
		t.Fatalf("the page answers %d: %v", page.Status, err)
	}
	figures, err := readFigures(file.Body)
	if err != nil {
		t.Fatal(err)
	}
	source, _ := surveys.StandardSource("resident-satisfaction")
	d, _ := survey.Parse(source, surveys.Bank())
	area := map[string]string{}
	for _, u := range surveys.DemoGeography() {
		area[u.Ward] = u.Area
	}
	bands := map[string]string{}
	if q, ok := d.EqualityQuestion("age_band"); ok {
		for _, o := range q.Options {
			bands[o.Code] = o.Group
		}
	}
	shown, hidden := 0, 0
	use := usefulness{truth: map[[2]string]int{}}
	for _, f := range figures {
		q, ok := d.Question(f.question)
		if !ok || f.measure != "count" && f.measure != "base" {
			continue
		}
		groups := area
		if f.by == "age_band" {
			groups = bands
		}
		real := known.count(q, f.column, f.by, f.row, groups)
		use.count(f, real)
		if f.value == "[c]" {
			hidden++
			continue
		}
		shown++
		value, err := strconv.Atoi(f.value)
		if err != nil {
			t.Errorf("%s: %q is no count", f, f.value)
			continue
		}
		if f.by == "age_band" && f.row != "total" && f.row != survey.CodeNotAnswered && f.measure == "base" && real < 10 {
			t.Errorf("%s: really %d of a special category, under 10, and shown", f, real)
		}
		switch {
		case f.by == "" && value != real:
			t.Errorf("%s: headline %d, really %d", f, value, real)
		case value-real > 2 || real-value > 2:
			t.Errorf("%s: %d is shown, really %d: further than rounding to 5", f, value, real)
		case f.measure == "base" && real < 10, f.measure == "count" && real > 0 && real < 5:
			t.Errorf("%s: really %d, under the threshold, and shown", f, real)
		}
	}
	if shown < 30 || hidden == 0 {
		t.Errorf("%d figures shown and %d hidden: the scenario has nothing to prove", shown, hidden)
	}
	loneCells(t, figures)
	derived(t, figures, d)
	sameJSON(t, described.Body, file.Body, figures)
	use.check(t, figures)
	attackDownloaded(t, described.Body)
	samePage(t, page.Body, figures)
}

// figure is one line of the published CSV.
type figure struct{ table, question, by, row, column, measure, value, rowLabel, columnLabel string }

func (f figure) String() string {
	return fmt.Sprintf("%s %s %s/%s", f.table, f.measure, f.row, f.column)
}

func readFigures(file string) ([]figure, error) {
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil || len(lines) < 2 {
		return nil, fmt.Errorf("%d lines: %w", len(lines), err)
	}
	at := map[string]int{}
	for i, name := range lines[0] {
		at[name] = i
	}
	var out []figure
	for _, l := range lines[1:] {
		out = append(out, figure{l[at["table"]], l[at["question"]], l[at["by"]], l[at["row"]], l[at["column"]], l[at["measure"]], l[at["value"]],
			l[at["row_label_en"]], l[at["column_label_en"]]})
	}
	return out, nil
}

// loneCells fails where a line with a shown total hides exactly one figure: it could be had by subtraction.
func loneCells(t *testing.T, figures []figure) {
	t.Helper()
	value, hiddenInRow, hiddenInColumn := map[[3]string]string{}, map[[2]string]int{}, map[[2]string]int{}
	for _, f := range figures {
		switch f.measure {
		case "base":
			value[[3]string{f.table, f.row, ""}] = f.value
			if f.value == "[c]" && f.row != "total" {
				hiddenInColumn[[2]string{f.table, ""}]++
			}
		case "count":
			value[[3]string{f.table, f.row, f.column}] = f.value
			if f.value == "[c]" {
				hiddenInRow[[2]string{f.table, f.row}]++
				if f.row != "total" {
					hiddenInColumn[[2]string{f.table, f.column}]++
				}
			}
		}
	}
	for line, n := range hiddenInRow {
		if n == 1 && value[[3]string{line[0], line[1], ""}] != "[c]" {
			t.Errorf("%s: row %s hides one figure beside a shown base", line[0], line[1])
		}
	}
	for line, n := range hiddenInColumn {
		if n == 1 && value[[3]string{line[0], "total", line[1]}] != "[c]" {
			t.Errorf("%s: column %q hides one figure beside a shown total", line[0], line[1])
		}
	}
}
