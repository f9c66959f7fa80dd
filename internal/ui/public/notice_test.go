package public_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

// addNotice stores a version of a notice, as publishing does.
func addNotice(t *testing.T, w *uitest.World, n privacy.NoticeVersion) {
	t.Helper()
	err := w.Store.Update(t.Context(), func(tx consult.Writer) error {
		if err := tx.AddNotice(&n); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.notice", Object: "notice:" + n.NoticeID})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// versions is a world in which the notice "library" has three versions and others one each. The third is there in English only, and the
// notice "closed" has a version that somebody changed.
func versions(t *testing.T) *uitest.World {
	t.Helper()
	w := full(t)
	con, _, err := w.Service.PublicConsultation(t.Context(), "library")
	if err != nil {
		t.Fatal(err)
	}
	council := uitest.Council()
	later := con.Processing
	later.Retention = "P1Y"
	second := privacy.NewNoticeVersion("library", 2, uitest.Start.AddDate(0, 1, 0), council, con.Title, later)
	addNotice(t, w, second)
	council.Languages = council.Languages[:1]
	later.Transfers = both("Some goes to Ireland, which is adequate in law.", "Iwerddon.")
	addNotice(t, w, privacy.NewNoticeVersion("library", 3, uitest.Start.AddDate(0, 2, 0), council, con.Title, later))
	altered := privacy.NewNoticeVersion("closed", 2, uitest.Start.AddDate(0, 1, 0), uitest.Council(), both("The park", "Y parc"), con.Processing)
	altered.Texts[locale.English].Sections[0].Blocks[0].Text = "Somebody else runs this."
	addNotice(t, w, altered)
	return w
}

func TestNoticesByServiceAreaInEveryVersion(t *testing.T) {
	w := versions(t)
	for _, row := range []struct {
		path   string
		status int
		has    []string
		not    []string
		why    string
	}{
		{"/privacy", 200, []string{"Libraries and culture", "No service area named", "Version 3, in force from 29 May 2026", "Version 2, in force from 29 April 2026 to 29 May 2026. English, Welsh", "Version 1, in force from 29 March 2026 to 29 April 2026",
			`href="/privacy/notices/library/3"`, `href="/privacy/notices/library/1"`, "A text of this notice was changed", `<select`}, nil, "councils.md S4-8: by service area, newest first, older ones below"},
		{"/privacy?area=Libraries+and+culture", 200, []string{"1 privacy notice in this service area", "/privacy/notices/library/3", `<option value="Libraries and culture" selected>`, "Show the notices of all service areas"}, []string{"/privacy/notices/soon/1"}, "the filter"},
		{"/privacy?area=libraries++AND+culture", 200, []string{"/privacy/notices/library/3"}, []string{"/privacy/notices/soon/1"}, "however it is written"},
		{"/privacy?area=-", 200, []string{"3 privacy notices in this service area", "/privacy/notices/soon/1"}, []string{"/privacy/notices/library/3"}, "those of no area"},
		{"/privacy?area=Parks", 200, []string{"There is no privacy notice of this service area", "Show the notices of all service areas"}, []string{"/privacy/notices/"}, "the empty state leads on"},
		{"/privacy?area=%3Cb%3E", 200, nil, []string{"<b>"}, "what was typed is no HTML"},
		{"/cy/privacy", 200, []string{"Maes gwasanaeth", "Fersiwn 2, mewn grym o 29 Ebrill 2026 i 29 Mai 2026. Saesneg, Cymraeg", `lang="en"`}, []string{"Service area"}, "Welsh; a title that is there in English only is marked"},
		{"/privacy/notices/library/3", 200, []string{"Version 3, in force from 29 May 2026", "What changed since version 2", "Other versions of this notice", "/privacy/notices/library/1"}, []string{"This is an older version", "not the text that was published"}, "the current one"},
		{"/privacy/notices/library/2", 200, []string{"This is an older version of this notice.", "The current one is version 3", `href="/privacy/notices/library/3"`, "in force from 29 April 2026 to 29 May 2026"}, nil, "an older one says so"},
		{"/cy/privacy/notices/library/2", 200, []string{"Mae hwn yn fersiwn hŷn", "Yr un cyfredol yw fersiwn 3", `href="/cy/privacy/notices/library/3"`}, []string{"This is an older"}, "in Welsh"},
		{"/privacy/notices/closed/2", 200, []string{"This is not the text that was published", "Somebody else runs this."}, nil, "a changed text says so (privacy.md 2, decision 4)"},
		{"/privacy/notices/closed/1", 200, nil, []string{"not the text that was published"}, "and its other versions do not"},
		{"/privacy/notices/library/2/changes", 200, []string{"What changed in this notice", "differently from version 1", "Removed We keep responses for 36 months", "Added We keep responses for 1 year", "Sections that did not change", "Read version 1"}, nil, "section by section"},
		{"/privacy/notices/library/3/changes", 200, []string{"Added Some goes to Ireland", "Removed We do not send your information outside"}, nil, "with the version before, not the first"},
		{"/cy/privacy/notices/library/2/changes", 200, []string{"Tynnwyd Rydym yn cadw ymatebion am 36 mis", "Adrannau na newidiodd"}, []string{"Removed"}, "in Welsh"},
		{"/cy/privacy/notices/library/3/changes", 200, []string{"Ychwanegwyd Some goes to Ireland", `<ins lang="en">`}, nil, "in English where Welsh is missing, and marked"},
		{"/privacy/notices/closed/2/changes", 200, []string{"This is not the text that was published", "Somebody else runs this."}, nil, "a comparison with a changed text says so"},
		{"/privacy/notices/library/1/changes", 404, nil, nil, "the first changed nothing"},
		{"/privacy/notices/library/9/changes", 404, nil, nil, "no such version"},
		{"/privacy/notices/none/1", 404, nil, nil, "no such notice"},
		{"/privacy/notices/library/01", 404, nil, nil, "one address for one version"},
		{"/privacy/notices/library/9.txt", 404, nil, nil, "no such version"},
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
		a.Sound(t)
	}
	a := w.Browser(t).Get("/privacy")
	if areas := []int{strings.Index(a.Body, ">Libraries and culture</h3>"), strings.Index(a.Body, ">No service area named</h3>")}; areas[0] < 0 || areas[1] < areas[0] {
		t.Errorf("named areas come first: %v", areas)
	}
	if newest, oldest := strings.Index(a.Body, "/privacy/notices/library/3"), strings.Index(a.Body, "/privacy/notices/library/1"); newest > oldest {
		t.Error("the newest version comes first")
	}
}

// The text to keep is the notice with version and date, and the linter of plain notices finds it whole but for what the council's own words leave out.
func TestNoticeAsPlainText(t *testing.T) {
	w := versions(t)
	for path, has := range map[string][]string{
		"/privacy/notices/library/2.txt":    {"Privacy notice: The library and you\n\nVersion 2, in force from 29 April 2026.\n\nWho is responsible", "for 1 year"},
		"/cy/privacy/notices/library/2.txt": {"Hysbysiad preifatrwydd: Y llyfrgell a chi\n\nFersiwn 2, mewn grym o 29 Ebrill 2026."},
		"/cy/privacy/notices/library/3.txt": {"Privacy notice: The library and you\n\nVersion 3, in force from 29 May 2026."},
		"/privacy/notices/closed/2.txt":     {"This is not the text that was published."},
	} {
		a := w.Browser(t).Get(path)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(a.Header.Get("Content-Disposition"), "privacy-notice-") {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
		for _, s := range has {
			if !strings.Contains(a.Body, s) {
				t.Errorf("%s: no %q in\n%s", path, s, a.Body)
			}
		}
	}
	r := privacy.LintPlain(w.Browser(t).Get("/privacy/notices/library/2.txt").Body)
	lacking := slices.DeleteFunc(slices.Concat(r.Items, r.Rules), func(f privacy.PlainFinding) bool { return !f.Verdict.Lacks() })
	if len(lacking) != 1 || lacking[0].Item != "complaint" { // "Write to the data protection officer." is no complaints procedure
		t.Errorf("%+v", lacking)
	}
}

// One service area needs no filter, and one without a name no heading.
func TestOneServiceAreaNeedsNoFilter(t *testing.T) {
	w := world(t)
	w.Publish(t, "library", uitest.Everything, nil)
	if a := w.Browser(t).Get("/privacy"); strings.Contains(a.Body, "<select") || strings.Contains(a.Body, "No service area") || !strings.Contains(a.Body, "/privacy/notices/library/1") {
		t.Error(a.Text())
	}
	w.Publish(t, "second", "service-feedback", func(d *consult.Details) { d.Title, d.Department = both("Second", "Ail"), "Waste" })
	if a := w.Browser(t).Get("/privacy"); !strings.Contains(a.Body, "<select") {
		t.Error(a.Text())
	}
}

// A draft's service area is nobody's business yet.
func TestServiceAreasOfDraftsAreNotTold(t *testing.T) {
	w := world(t)
	w.Publish(t, "library", uitest.Everything, func(d *consult.Details) { d.Department = "Libraries" })
	c, _, err := w.Service.CreateConsultation(t.Context(), uitest.Researcher, "service-feedback", nil)
	if err != nil {
		t.Fatal(err)
	}
	d := c.Details
	d.Department = "Secret mergers"
	if err := w.Service.SaveDetails(t.Context(), uitest.Researcher, c.ID, "draft", c.Version, d); err != nil {
		t.Fatal(err)
	}
	if a := w.Browser(t).Get("/privacy"); strings.Contains(a.Body, "Secret mergers") || !strings.Contains(a.Body, "Libraries") {
		t.Error(a.Text())
	}
}
