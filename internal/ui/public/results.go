package public

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
)

type resultsView struct {
	*page.Page
	Lang     string // of the consultation's texts, where it is not the page's
	Of       string
	Lead     string
	Outcome  *page.Link
	Newer    *page.Link // where these are not the last published
	Files    []page.Link
	Contents []page.Link
	Tables   []tables.Table
	Noise    bool // the figures have random noise and margins of error
	Method   []string
	Sets     []page.Link // all results of the consultation, if there are several
	About    page.SummaryList
}

// results shows what people said: the protected tables of a release that the council publishes, as the partner reads them. It knows
// nothing but what everybody may have.
func (h *Handlers) results(c *fiber.Ctx) error {
	got, err := h.service.PublicResults(c.UserContext(), c.Params("slug"), c.Params("release"))
	if err != nil {
		return err
	}
	cons, r, facts := got.Consultation, got.Release, got.Facts
	base := "/c/" + cons.Slug
	files := base + "/results."
	if c.Params("release") != "" {
		files = base + "/results/" + r.ID + "."
	}
	v := resultsView{Page: h.kit.Page(c, "public.results.title")}
	v.Back, v.Robots, v.Wide = v.To(base), true, true
	v.Of, v.Lang = cons.Title.In(v.Page.Lang), foreign(v.Page, cons.Title)
	v.Lead = v.T("public.results.lead", "From", locale.ISODate(v.Page.Lang, facts.OpenedOn), "To", locale.ISODate(v.Page.Lang, facts.ClosedOn))
	if cons.Status(h.kit.Now()) == consult.StatusReported {
		v.Outcome = &page.Link{Text: v.T("public.consultation.outcome"), Href: v.To(base + "/outcome")}
	}
	for _, format := range export.Formats(r, facts) {
		if (format.Lang == "" || format.Lang == v.Page.Lang) && format.Table == 0 {
			v.Files = append(v.Files, page.Link{Text: v.T("public.results." + format.Kind()), Href: v.To(files + format.Name)})
		}
	}
	v.Files = append(v.Files, page.Link{Text: v.T("public.results.sums"), Href: v.To(files + export.SumsFormat)},
		page.Link{Text: v.T("partner.file.key"), Href: "/release-key.txt"})
	v.Tables = tables.WithCharts(v.Page, r, facts, files)
	v.Noise = facts.Policy.Noise != nil
	v.Contents = tables.Contents(v.Tables)
	for _, m := range facts.Method {
		v.Method = append(v.Method, m.In(v.Page.Lang))
	}
	v.About = page.SummaryList{Rows: []page.SummaryRow{
		{Key: v.T("public.results.by"), Lines: []string{facts.Council.In(v.Page.Lang)}},
		{Key: v.T("public.results.counted"), Lines: []string{locale.ISODate(v.Page.Lang, facts.SnapshotOn)}},
		{Key: v.T("public.results.published"), Lines: []string{locale.Date(v.Page.Lang, r.PublishedAt)}},
		{Key: v.T("public.results.contact"), Lines: []string{facts.Contact}},
	}}
	v.sets(got, base)
	return h.kit.Render(c, fiber.StatusOK, "public/results", v)
}

// sets leads to the other results of the consultation, the last published first.
func (v *resultsView) sets(got *consult.WebsiteResults, base string) {
	if len(got.Sets) < 2 {
		return
	}
	for i, s := range got.Sets {
		to := v.To(base + "/results/" + s.ReleaseID)
		key := "public.results.sets.item"
		switch {
		case s.ReleaseID == got.Release.ID:
			to, key = "", "public.results.sets.this"
		case i == 0:
			to = v.To(base + "/results")
		}
		v.Sets = append(v.Sets, page.Link{Href: to, Text: v.T(key, "Number", len(got.Sets)-i, "Date", locale.Date(v.Page.Lang, s.PublishedAt),
			"Tables", v.T("public.results.sets.tables", "Count", s.Tables))})
	}
	if !got.Newest() {
		v.Newer = &page.Link{Text: v.T("public.results.newer", "Date", locale.Date(v.Page.Lang, got.Sets[0].PublishedAt)), Href: v.To(base + "/results")}
	}
}

// resultsFile answers with the same tables as a file: its CSV is byte for byte the partner's.
func (h *Handlers) resultsFile(c *fiber.Ctx) error {
	got, err := h.service.PublicResults(c.UserContext(), c.Params("slug"), c.Params("release"))
	if err != nil {
		return err
	}
	f, err := tables.File(h.service, got.Release, got.Facts, c.Params("format"))
	if err != nil {
		return err
	}
	return page.Download(c, f.Name, f.Kind, f.Content)
}

// releaseKey is the public key that checks the signed checksums of released files.
func (h *Handlers) releaseKey(c *fiber.Ctx) error {
	c.Type("txt", "utf-8")
	return c.SendString(h.service.FileKey() + "\n")
}
