package page_test

import (
	"flag"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
	"folkmoot/web"
)

// serve lets a designer look at every component: go test ./internal/ui/page -run Gallery -serve 127.0.0.1:8090
var serve = flag.String("serve", "", "address to show the component gallery at instead of testing it")

const galleryPage = `{{define "content"}}
{{template "heading" .}}
<p class="folk-lede">Tŷ, dŵr, ŷd: a paragraph that says what this is about, in words a tired person understands.</p>
<form method="post" novalidate>
{{template "csrf" .}}
{{template "radios" .Radios}}
{{template "checkboxes" .Checks}}
{{template "input" .Input}}
{{template "input" .File}}
{{template "textarea" .Area}}
{{template "select" .Select}}
{{template "date-input" .Date}}
{{template "button-group" .Buttons}}
</form>
{{template "summary-list" .Summary}}
{{template "summary-list" .Card}}
{{template "figures" .Figures}}
{{template "tabs" .Tabs}}
{{template "table" .Table}}
{{template "table" .Empty}}
{{template "table" .List}}
{{template "details" .Details}}
{{template "inset" .Inset}}
{{template "warning" .Warning}}
{{template "task-list" .Tasks}}
{{template "pagination" .Pages}}
{{template "stacked-bar" .Stacked}}
{{template "bar-chart" .Bars}}
{{template "columns" .Columns}}
{{template "action" .Action}}
<div class="folk-prose">{{markdown .Markdown}}</div>
{{end}}`

const questionPage = `{{define "content"}}
<p>Question 3 of 9</p>
<form method="post" novalidate>
{{template "csrf" .}}
{{template "radios" .Question}}
{{template "button" .Continue}}
</form>
{{end}}`

const panelPage = `{{define "content"}}{{template "panel" .Panel}}{{end}}`

type galleryView struct {
	*page.Page
	Radios   page.Radios
	Checks   page.Checkboxes
	Input    page.Input
	File     page.Input
	Area     page.Textarea
	Select   page.Select
	Date     page.DateInput
	Buttons  []page.Button
	Summary  page.SummaryList
	Card     page.SummaryList
	Figures  []page.Figure
	Tabs     page.Tabs
	Table    page.Table
	Empty    page.Table
	List     page.Table
	Details  page.Details
	Inset    page.Inset
	Warning  page.Warning
	Tasks    page.TaskList
	Pages    page.Pagination
	Stacked  page.StackedBar
	Bars     page.BarChart
	Columns  page.Columns
	Action   page.Action
	Markdown string
}

type questionView struct {
	*page.Page
	Question page.Radios
	Continue page.Button
}

type panelView struct {
	*page.Page
	Panel page.Panel
}

// overlay adds the pages of these tests to the real layouts and components.
type overlay struct {
	fs.FS
	own fstest.MapFS
}

func (o overlay) Open(name string) (fs.File, error) {
	if _, ok := o.own[name]; ok {
		return o.own.Open(name)
	}
	return o.FS.Open(name)
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if own, err2 := fs.ReadDir(o.own, name); err2 == nil {
		for _, e := range own {
			known := false
			for _, have := range entries {
				known = known || have.Name() == e.Name()
			}
			if !known {
				entries = append(entries, e)
			}
		}
		err = nil
	}
	return entries, err
}

func testFiles(extra map[string]string) fs.FS {
	own := fstest.MapFS{
		"page/public/gallery.html":  {Data: []byte(galleryPage)},
		"page/public/question.html": {Data: []byte(questionPage)},
		"page/public/panel.html":    {Data: []byte(panelPage)},
	}
	for name, text := range extra {
		own[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return overlay{FS: web.Templates(), own: own}
}

func scale() []page.Option {
	return []page.Option{
		{Value: "5", Label: "Very satisfied"}, {Value: "4", Label: "Fairly satisfied"}, {Value: "3", Label: "Neither satisfied nor dissatisfied"},
		{Value: "2", Label: "Fairly dissatisfied"}, {Value: "1", Label: "Very dissatisfied"}, {Value: "dont_know", Label: "Don’t know", Or: true},
	}
}

func question(p *page.Page) questionView {
	p.Back = p.To("/back")
	return questionView{Page: p, Continue: page.Button{Text: "Continue"}, Question: page.Radios{
		Group: page.Group{Name: "q1", Legend: "How satisfied are you with your local area as a place to live?", Heading: true,
			Hint: "Your local area is the area within 15 to 20 minutes’ walk of your home.", Error: p.Error("q1")},
		Options: scale()}}
}

func gallery(p *page.Page, withProblems bool) galleryView {
	if withProblems {
		p.SetProblems([]survey.Problem{{Field: "q1", Key: "error.text.bad_request"}, {Field: "services", Key: "error.text.too_large"},
			{Field: "code", Key: "error.text.not_found"}, {Field: "more", Key: "error.text.too_large"}, {Field: "ward", Key: "error.text.not_found"},
			{Field: "born", Key: "error.text.bad_request"}, {Field: "file", Key: "error.text.too_large"}})
		p.LinkProblem("born", "born-month")
	}
	p.Banner = &page.Notification{Tone: page.Success, Text: "The consultation is published."}
	return galleryView{
		Page: p,
		Radios: page.Radios{Group: page.Group{Name: "q1", Legend: "How satisfied are you with your local area?", Hint: "Within 15 minutes’ walk of your home.",
			Error: p.Error("q1")}, Options: scale()},
		Checks: page.Checkboxes{Group: page.Group{Name: "services", Legend: "Which services did you use?", Optional: true, Error: p.Error("services")},
			Options: []page.Option{{Value: "library", Label: "Library", Hint: "Any branch", Checked: true}, {Value: "other", Label: "Another service",
				Detail: &page.Input{Control: page.Control{Name: "services_other", Label: "Which?"}, Width: "20"}}, {Value: "none", Label: "None of these", Exclusive: true, Or: true}}},
		Input: page.Input{Control: page.Control{Name: "code", Label: "Withdrawal code", Hint: "It is on your receipt.", Size: "s", Error: p.Error("code"), Value: "ABCD"}, Width: "20"},
		File:  page.Input{Control: page.Control{Name: "file", Label: "Survey definition", Error: p.Error("file")}, Type: "file", Accept: ".yaml"},
		Area:  page.Textarea{Control: page.Control{Name: "more", Label: "Tell us more", Optional: true, Value: "<script>alert(1)</script>\nline", Error: p.Error("more")}, Max: 500},
		Select: page.Select{Control: page.Control{Name: "ward", Label: "Ward", Error: p.Error("ward")}, Options: []page.Option{{Value: "", Label: "Choose a ward"},
			{Value: "a", Label: "Ashbourne", Checked: true}}},
		Date: page.DateInput{Group: page.Group{Name: "born", Legend: "When were you born?", Hint: "For example, 27 3 1984", Error: p.Error("born")},
			Day: "27", Month: "13", Year: "1984", Wrong: "month", Birthday: true},
		Buttons: []page.Button{{Text: "Save and continue"}, {Text: "Preview", Href: p.To("/preview"), Kind: "secondary"}, {Text: "Start now", Href: "/s", Kind: "start"},
			{Text: "Erase", Kind: "warning", Name: "do", Value: "erase"}},
		Summary: page.SummaryList{Rows: []page.SummaryRow{
			{Key: "How satisfied are you?", Lines: []string{"Very satisfied"}, Links: []page.Link{{Text: "Change", Href: "/x", Hidden: "how satisfied you are"}}},
			{Key: "Tell us more", Links: []page.Link{{Text: "Change", Href: "/y", Hidden: "what you told us"}}},
			{Key: "Reference", Lines: []string{"WEM-7K3F-92QD"}, Code: true}}},
		Card: page.SummaryList{Title: "Your answers", Rows: []page.SummaryRow{{Key: "Services", Lines: []string{"Library", "Parks"}}}},
		Figures: []page.Figure{{Label: "Responses", Value: "1,500", Note: "12 today"}, {Label: "Net satisfaction", Value: "+38"},
			{Label: "Closes", Value: "6 days", Note: "Friday 5 March at 5pm"}},
		Tabs: page.Tabs{Label: "Library opening hours", Items: []page.NavItem{{Text: "Overview", Href: "/o"}, {Text: "Results", Href: "/r", Current: true}}},
		Table: page.Table{Caption: "Satisfaction by ward", Head: []page.Cell{{Text: "Ward", Sort: "ascending"}, page.Num("Satisfied"), page.Num("Base")},
			Rows: []page.Row{{Cells: []page.Cell{{Text: "Ashbourne"}, page.Num("63%"), page.Num("412")}},
				{Cells: []page.Cell{{Link: &page.Link{Text: "Brook", Href: "/w"}}, page.Num("[c]"), page.Num("8")}},
				{Cells: []page.Cell{{Text: "Castle"}, {Tag: &page.Tag{Text: "Closed", Colour: "grey"}}, page.Num("1,080")}}},
			Foot: []page.Row{{Cells: []page.Cell{{Text: "All"}, page.Num("61%"), page.Num("1,500")}}}},
		Empty: page.Table{Caption: "Nothing", Empty: "There are no responses yet. The first appears here a minute after it is sent."},
		List: page.Table{Caption: "What is missing", Stack: true, Head: page.Cells("What", "Where", "Why"), Rows: []page.Row{
			{Cells: []page.Cell{{Text: "Say how long"}, {Link: &page.Link{Text: "Notice", Href: "/office"}}, {Text: "A rule"}}},
			{Cells: page.Cells("Name a contact", "Details", "")}}},
		Details: page.Details{Summary: "Why we ask", Paragraphs: []string{"To see whether services reach everybody."}},
		Inset:   page.Inset{Paragraphs: []string{"You can withdraw at any time."}},
		Warning: page.Warning{Text: "Answers are erased at once and cannot be brought back."},
		Tasks: page.TaskList{ID: "ready", Items: []page.Task{{Title: "Notice", Href: "/n", Hint: "Article 13", Status: "Completed"},
			{Title: "Dates", Href: "/d", Tag: &page.Tag{Text: "Incomplete", Colour: "blue"}}}},
		Pages: page.Paginate(200, 10, 5, func(n int) string { return "?page=" + locale.Number(int64(n)) }),
		Stacked: page.StackedBar{ID: "sat", Title: "Satisfaction with the local area", Desc: "61% satisfied, 22% dissatisfied.", Segments: []page.Segment{
			{Label: "Very satisfied", Value: 24, Shown: "24%", Class: "s5"}, {Label: "Fairly satisfied", Value: 37, Shown: "37%", Class: "s4"},
			{Label: "Neither", Value: 17, Shown: "17%", Class: "s3"}, {Label: "Fairly dissatisfied", Value: 14, Shown: "14%", Class: "s2"},
			{Label: "Very dissatisfied", Value: 8, Shown: "8%", Class: "s1"}}},
		Bars: page.BarChart{ID: "ward", Title: "Responses by ward", Desc: "Castle most.", Bars: []page.Bar{{Label: "Ashbourne", Value: 412, Shown: "412"},
			{Label: "Brook", Shown: "[c]", Hide: true}, {Label: "Castle", Value: 1080, Shown: "1,080", Class: "c2"}}},
		Columns: page.Columns{ID: "days", Title: "Responses by day", Desc: "Most on the first day.", First: "1 March", Last: "5 March", TopLabel: "40 a day",
			Bars: []page.Bar{{Label: "1 March", Value: 40, Shown: "40"}, {Label: "2 March", Value: 22, Shown: "22"}, {Label: "3 March", Value: 0, Shown: "0"}}},
		Action:   page.Action{Href: "/x", Button: page.Button{Text: "Withdraw", Kind: "secondary"}, Token: "t", Fields: []page.Hidden{{Name: "id", Value: "1"}}},
		Markdown: "## About\n\nThe **library** hours. [More](https://example.org/) <script>alert(1)</script>\n\n- one\n- two\n\n[bad](javascript:alert(1))",
	}
}

// galleryKit serves the gallery, a question page and an office page.
func galleryKit(t testing.TB, change func(*page.Options)) (*page.Kit, *memoryRows) {
	k, rows := newKit(t, func(o *page.Options) {
		o.Files = testFiles(nil)
		o.Demo = true
		if change != nil {
			change(o)
		}
	})
	r := k.Routes(page.Public, "")
	r.Get("/gallery", func(c *fiber.Ctx) error {
		return k.Render(c, fiber.StatusOK, "public/gallery", gallery(k.Page(c, "layout.service.public"), false))
	})
	r.Get("/problems", func(c *fiber.Ctx) error {
		return k.Render(c, fiber.StatusUnprocessableEntity, "public/gallery", gallery(k.Page(c, "layout.service.public"), true))
	})
	r.Get("/question", func(c *fiber.Ctx) error {
		return k.Render(c, fiber.StatusOK, "public/question", question(k.Page(c, "layout.service.public")))
	})
	r.Get("/panel", func(c *fiber.Ctx) error {
		return k.Render(c, fiber.StatusOK, "public/panel", panelView{k.Page(c, "layout.service.public"),
			page.Panel{Title: "Your response is sent", Body: "Your reference", Code: "WEM-7K3F-92QD"}})
	})
	staff := k.Routes(page.Office, "/office", func(c *fiber.Ctx) error {
		page.SetNav(c, page.Nav{Name: "Alex Morgan", SignOut: "/office/sign-out", Items: []page.NavItem{{Text: "Today", Href: "/office", Current: true},
			{Text: "Consultations", Href: "/office/c"}, {Text: "Library", Href: "/office/l"}, {Text: "Responses", Href: "/office/r"}, {Text: "Releases", Href: "/office/re"},
			{Text: "Partners", Href: "/office/p"}, {Text: "Audit", Href: "/office/a"}, {Text: "Settings", Href: "/office/s"}}})
		return c.Next()
	})
	staff.Get("/", func(c *fiber.Ctx) error {
		p := k.Page(c, "layout.service.office")
		p.Wide = true
		p.Breadcrumbs = []page.Crumb{{Text: "Consultations", Href: "/office/c"}, {Text: "Library opening hours"}}
		return k.Render(c, fiber.StatusOK, "public/gallery", gallery(p, false))
	})
	return k, rows
}

func TestGallery(t *testing.T) {
	k, _ := galleryKit(t, nil)
	if *serve != "" {
		t.Fatal(k.App().Listen(*serve))
	}
	for path, status := range map[string]int{"/gallery": 200, "/problems": 422, "/question": 200, "/panel": 200, "/office": 200, "/nothing": 404} {
		for _, prefix := range []string{"", "/cy"} {
			t.Run(prefix+path, func(t *testing.T) {
				body := get(t, k, prefix+path, status)
				checkStructure(t, body)
				if strings.Contains(body, "<script>alert") || strings.Contains(body, "javascript:") || strings.Contains(body, "style=") {
					t.Error("the page holds a script or style of its own")
				}
				if raw := rawKey(k, body); raw != "" {
					t.Errorf("the page shows the key %q instead of its message", raw)
				}
			})
		}
	}
}

// TestStackedTable: on a phone the rows of a list are blocks, which browsers no longer take for a table unless its roles are
// written down, and every cell names its column because the heading is out of sight (WCAG 1.3.1).
func TestStackedTable(t *testing.T) {
	k, _ := galleryKit(t, nil)
	body := get(t, k, "/gallery", http.StatusOK)
	_, list, _ := strings.Cut(body, "folk-table--stack")
	list, _, _ = strings.Cut(list, "</table>")
	for _, row := range []struct {
		text string
		n    int
		why  string
	}{
		{`role="table"`, 1, "a table"},
		{`role="row"`, 3, "its heading and its rows"},
		{`role="columnheader"`, 3, "its columns"},
		{`role="rowheader"`, 2, "each row's name"},
		{`role="cell"`, 4, "every other cell"},
		{`aria-hidden="true">Where</span>`, 2, "the column's name, which a screen reader has from the heading"},
		{`aria-hidden="true">What</span>`, 0, "a row's name needs none"},
		{"folk-table__blank", 1, "nothing to show, so no name without a value"},
	} {
		if n := strings.Count(list, row.text); n != row.n {
			t.Errorf("%s: %d times, want %d (%s)\n%s", row.text, n, row.n, row.why, list)
		}
	}
}

func get(t testing.TB, k *page.Kit, path string, status int) string {
	t.Helper()
	res, err := k.App().Test(httptest.NewRequest(http.MethodGet, path, nil), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != status {
		t.Fatalf("%s answers %d, want %d", path, res.StatusCode, status)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// rawKey returns a message key that the text shows, which happens where a message is missing.
func rawKey(k *page.Kit, body string) string {
	for _, key := range k.Catalogue().Keys() {
		if strings.Contains(body, ">"+key+"<") {
			return key
		}
	}
	return ""
}

// checkStructure applies what every page must keep (architecture.md 9): one h1, unique ids, every label, description
// and link within the page resolves, the language is said, no heading level is skipped.
func checkStructure(t *testing.T, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	var refs [][2]string
	headings, level := 0, 1
	inputs, labelled := []string{}, map[string]bool{}
	walk(doc, func(n *html.Node) {
		at := attributes(n)
		if id := at["id"]; id != "" {
			if ids[id] != "" {
				t.Errorf("id %q occurs twice", id)
			}
			ids[id] = n.Data
		}
		switch n.Data {
		case "html":
			if at["lang"] != "en" && at["lang"] != "cy" {
				t.Errorf("html lang is %q", at["lang"])
			}
		case "h1":
			headings++
		case "h2", "h3", "h4":
			if now := int(n.Data[1] - '0'); now > level+1 {
				t.Errorf("%s follows h%d", n.Data, level)
			} else {
				level = now
			}
		case "label":
			labelled[at["for"]] = true
			refs = append(refs, [2]string{"label", at["for"]})
		case "input", "textarea", "select":
			if at["type"] != "hidden" {
				inputs = append(inputs, at["id"])
			}
		case "a":
			if fragment, ok := strings.CutPrefix(at["href"], "#"); ok {
				refs = append(refs, [2]string{"link", fragment})
			}
		case "img":
			if _, ok := at["alt"]; !ok {
				t.Error("an image has no alt")
			}
		}
		for _, name := range []string{"aria-describedby", "aria-labelledby", "aria-controls"} {
			for _, id := range strings.Fields(at[name]) {
				refs = append(refs, [2]string{name, id})
			}
		}
	})
	if headings != 1 {
		t.Errorf("%d h1 elements", headings)
	}
	for _, ref := range refs {
		if ids[ref[1]] == "" {
			t.Errorf("%s points to %q, which is not on the page", ref[0], ref[1])
		}
	}
	for _, id := range inputs {
		if !labelled[id] {
			t.Errorf("control %q has no label", id)
		}
	}
}

func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		walk(child, visit)
	}
}

func attributes(n *html.Node) map[string]string {
	out := map[string]string{}
	for _, a := range n.Attr {
		out[a.Key] = a.Val
	}
	return out
}
