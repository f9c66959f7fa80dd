package public_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/uitest"
)

func both(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

func world(t testing.TB) *uitest.World {
	t.Helper()
	w := uitest.New(t)
	public.Register(w.Kit, w.Service)
	respond.Register(w.Kit, w.Service)
	return w
}

// full is a world with a consultation in every state.
func full(t testing.TB) *uitest.World {
	t.Helper()
	w := world(t)
	w.Publish(t, "library", uitest.Everything, func(d *consult.Details) {
		d.Department, d.Minutes = "Libraries and culture", 4
		d.Documents = []consult.Document{
			{Title: both("The plan", "Y cynllun"), Body: both("# What we plan\n\nNew *hours*. <script>alert(1)</script>", "Oriau *newydd*.")},
			{Title: both("The law", "Y gyfraith"), URL: "https://www.example.org/law"},
		}
	})
	w.Publish(t, "soon", "service-feedback", func(d *consult.Details) {
		d.Title = both("Waste collection", "Casglu gwastraff")
		d.OpensAt, d.ClosesAt = uitest.Start.AddDate(0, 0, 5), uitest.Start.AddDate(0, 0, 30)
	})
	closed := w.Publish(t, "closed", uitest.Short, func(d *consult.Details) {
		d.About, d.Summary, d.OtherWays = locale.Text{"en": "The park."}, locale.Text{"en": "About the park."}, locale.Text{"en": "Call."}
		d.ClosesAt = uitest.Start.AddDate(0, 0, 1)
	})
	w.Publish(t, "waiting", "service-feedback", func(d *consult.Details) {
		d.Title, d.ClosesAt = both("Bus shelters", "Cysgodfannau bws"), uitest.Start.AddDate(0, 0, 1)
	})
	w.Clock.Move(uitest.Start.AddDate(0, 0, 2))
	err := w.Service.SaveOutcome(context.Background(), uitest.Researcher, closed.ID, closed.Version, consult.Outcome{
		Asked: both("We asked about the park.", "Gofynnom am y parc."), Said: both("You want shade.", "Rydych am gael cysgod."),
		Did: both("We plant trees.", "Rydym yn plannu coed."),
	}, true)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var pages = []string{"/", "/?q=library", "/?q=nothing+has+this", "/c/library", "/c/library/documents/1", "/c/soon", "/c/closed", "/c/closed/outcome",
	"/c/waiting", "/privacy", "/privacy?area=Libraries+and+culture", "/privacy?area=-", "/privacy?area=x", "/privacy/notices/library/1", "/how-long", "/cookies", "/accessibility", "/help", "/audit", "/your-response"}

// welsh is the same address in Welsh.
func welsh(path string) string {
	if path == "/" {
		return "/cy"
	}
	return strings.Replace("/cy"+path, "/cy/?", "/cy?", 1)
}

func TestEveryPageIsSoundInBothLanguages(t *testing.T) {
	w := full(t)
	for _, path := range pages {
		for _, address := range []string{path, welsh(path)} {
			a := w.Browser(t).Get(address)
			if a.Status != http.StatusOK {
				t.Errorf("%s: status %d: %s", address, a.Status, a.Text())
				continue
			}
			a.Sound(t)
			if len(a.Header.Values("Set-Cookie")) > 0 && path != "/your-response" {
				t.Errorf("%s sets a cookie: reading needs none (PECR reg. 6)", address)
			}
		}
	}
}

func TestEmptyService(t *testing.T) {
	w := world(t)
	for _, path := range []string{"/", "/cy", "/?q=x", "/privacy", "/cy/privacy", "/how-long", "/cookies", "/accessibility", "/help", "/audit", "/cy/audit"} {
		a := w.Browser(t).Get(path)
		if a.Status != http.StatusOK {
			t.Errorf("%s: status %d", path, a.Status)
		}
		a.Sound(t)
	}
}

func TestPagesSayWhatTheyMust(t *testing.T) {
	w := full(t)
	for _, row := range []struct {
		path   string
		status int
		has    []string
		not    []string
		why    string
	}{
		{"/", 200, []string{"Open now", "The library and you", "in 8 days", "Opening soon", "Waste collection", "Closed", "Read the outcome", "Takes about 4 minutes"}, nil,
			"the hub lists open, upcoming and closed ones"},
		{"/cy", 200, []string{"Ar agor nawr", "Y llyfrgell a chi"}, []string{"Open now"}, "Welsh is a second tree"},
		{"/?q=library", 200, []string{"1 consultation found", "The library and you"}, []string{"Waste collection"}, "search by words"},
		{"/?q=LLYFRGELL", 200, []string{"The library and you"}, []string{"Waste collection"}, "words of either language, any case"},
		{"/?q=zzz", 200, []string{"No consultation has these words"}, []string{"The library and you"}, "an empty state that says what to do"},
		{"/?q=%3Cb%3E", 200, []string{"&lt;b&gt;"}, []string{"<b>"}, "what was typed comes back as text"},
		{"/?q=" + strings.Repeat("x", 101), 422, []string{"Search for 100 characters or fewer"}, nil, "every form: 422 and how to mend it"},
		{"/?q=%ff", 400, nil, nil, "invalid UTF-8 is refused"},
		{"/?q=a%00b", 400, nil, nil, "NUL is refused"},
		{"/c/library", 200, []string{"Open consultation", "Libraries and culture", "Wednesday 8 April 2026 at 2:30am (in 8 days)", "About 4 minutes", "7 questions", "Documents", "The plan",
			"(on another website)", "Other ways to take part", "Contact", "Your privacy", "36 months", "Read the full privacy notice (version 1, 29 March 2026)", "Start now", "only if you consent",
			`href="#take-part"`, `id="take-part"`, `href="#other-ways"`, `id="other-ways"`},
			[]string{"<script>alert"}, "interface.md 3: the start page"},
		{"/c/soon", 200, []string{"Consultation opening soon", "You can answer from"}, []string{"Start now"}, "not open yet"},
		{"/c/closed", 200, []string{"Closed consultation", "Responses are no longer taken", "Read the outcome"}, []string{"Start now", "We are reading", "Other ways to take part", "After your response is saved", "days ago"},
			"closed: says so, links to the results, and offers no way to take part"},
		{"/cy/c/closed", 200, []string{"Ymgynghoriad wedi cau", `lang="en"`}, nil, "English texts in a Welsh page are marked (WCAG 3.1.2)"},
		{"/c/waiting", 200, []string{"The outcome will be published on this page"}, []string{"Read the outcome"}, "closed without an outcome"},
		{"/c/closed/outcome", 200, []string{"We asked", "You said", "We did", "We plant trees"}, nil, "we asked, you said, we did"},
		{"/c/waiting/outcome", 404, nil, nil, "no outcome yet"},
		{"/c/library/documents/1", 200, []string{"What we plan"}, []string{"<script>alert"}, "officers' Markdown is sanitised"},
		{"/c/library/documents/2", 404, nil, nil, "a link is not a page"},
		{"/c/library/documents/3", 404, nil, nil, "no such document"},
		{"/c/library/documents/x", 404, nil, nil, "no such document"},
		{"/c/nothing", 404, []string{"Page not found"}, nil, "unknown pages are 404"},
		{"/privacy", 200, []string{"The library and you", "Version 1", "29 March 2026", "Data Protection Officer", "Complain"}, nil, "every notice, every version"},
		{"/privacy/notices/library/1", 200, []string{"Version 1, in force from 29 March 2026", "SHA-256"}, nil, "version and date shown"},
		{"/privacy/notices/library/2", 404, nil, nil, "no such version"},
		{"/privacy/notices/library/x", 404, nil, nil, "no such version"},
		{"/cookies", 200, []string{"folkmoot_r", "folkmoot_s", "24 hours", "7 days", "60 minutes", "15 minutes", "12 hours", "Wealdmere Borough Council"}, nil, "name, purpose, expiry, who sets it"},
		{"/accessibility", 200, []string{"This is a draft", "partially compliant", "EASS"}, []string{"fully compliant", "working days"}, "claims nothing that nobody has checked"},
		{"/survey.schema.json", 200, []string{"https://json-schema.org/draft/2020-12/schema", `"folkmoot/survey/1"`}, nil, "the published JSON Schema of definitions"},
		{"/release-key.txt", 200, []string{"folkmoot-release+"}, []string{"PRIVATE"}, "the key that checks released files"},
		{"/.well-known/security.txt", 200, []string{"Contact: mailto:haveyoursay@wealdmere.example", "Expires: 2026-10-01T00:00:00Z"}, nil, "RFC 9116"},
	} {
		a := w.Browser(t).Get(row.path)
		if a.Status != row.status {
			t.Errorf("%s: status %d, want %d (%s)", row.path, a.Status, row.status, row.why)
		}
		for _, s := range row.has {
			if !strings.Contains(a.Text(), s) && !strings.Contains(a.Body, s) {
				t.Errorf("%s: %q is missing (%s)\n%s", row.path, s, row.why, a.Text())
			}
		}
		for _, s := range row.not {
			if strings.Contains(a.Body, s) {
				t.Errorf("%s: %q must not be there (%s)", row.path, s, row.why)
			}
		}
	}
}

// RFC 9116, 2.5.3: a contact is needed. A council without an email address has none to give.
func TestSecurityTextNeedsAContact(t *testing.T) {
	w := world(t)
	council, version, err := w.Service.CouncilVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	council.Email = ""
	raw, err := json.Marshal(council)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Store.Update(t.Context(), func(tx consult.Writer) error { // as at first start: the settings page asks for one
		if err := tx.PutSetting("council", raw, version); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.council", Object: "setting:council"})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(uitest.Start.Add(time.Minute)) // settings are kept for seconds
	if a := w.Browser(t).Get("/.well-known/security.txt"); a.Status != 404 || strings.Contains(a.Body, "mailto:") {
		t.Errorf("%d\n%s", a.Status, a.Text())
	}
}

func TestCookiePageNamesEveryCookie(t *testing.T) {
	w := full(t)
	b := w.Browser(t)
	b.Get("/c/library/respond")
	if b.Cookies() == "" {
		t.Fatal("no cookie was set: the test proves nothing")
	}
	listed := w.Browser(t).Get("/cookies").Text()
	for pair := range strings.SplitSeq(b.Cookies(), "; ") {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.Contains(listed, name) {
			t.Errorf("the cookie %s is set and not listed", name)
		}
	}
}

func TestClosedConsultationsCanAllBeShown(t *testing.T) {
	w := world(t)
	for i := range 12 {
		slug := "closed-" + string(rune('a'+i))
		w.Publish(t, slug, uitest.Everything, func(d *consult.Details) { d.Title = both("Title "+slug, "Teitl "+slug) })
	}
	w.Clock.Move(uitest.Start.Add(40 * 24 * time.Hour))
	a := w.Browser(t).Get("/")
	if n := strings.Count(a.Body, "folk-cards__item"); n != 10 {
		t.Errorf("%d closed consultations shown at first, want 10", n)
	}
	if !strings.Contains(a.Text(), "Show all 12 closed consultations") {
		t.Error("no link to the rest")
	}
	a = w.Browser(t).Get("/?closed=all")
	if n := strings.Count(a.Body, "folk-cards__item"); n != 12 {
		t.Errorf("%d closed consultations shown, want 12", n)
	}
	a.Sound(t)
}

func TestEveryRouteIsTested(t *testing.T) {
	w := world(t)
	known := []string{"/", "/c/:slug", "/c/:slug/documents/:n", "/c/:slug/outcome", "/c/:slug/results", "/c/:slug/results.:format", "/c/:slug/results/:release",
		"/c/:slug/results/:release.:format", "/privacy", "/privacy/notices/:id/:version", "/privacy/notices/:id/:version.txt",
		"/privacy/notices/:id/:version/changes", "/how-long", "/how-long/schedule", "/how-long/schedule.csv", "/cookies",
		"/accessibility", "/help", "/.well-known/security.txt", "/release-key.txt", "/receipt/verify", "/receipt/key.txt", "/survey.schema.json",
		"/audit", "/audit/checkpoint.txt", "/audit/key.txt", "/audit/proof.txt"}
	for _, r := range w.Kit.All() {
		theirs := slices.ContainsFunc([]string{"/respond", "/equality", "/your-response", "/done", "/c/:slug/kiosk", "/c/:slug/receipt"}, func(part string) bool {
			return strings.Contains(r.Path, part)
		})
		if !theirs && !slices.Contains(known, r.Path) {
			t.Errorf("%s %s is in no test", r.Method, r.Path)
		}
	}
}
