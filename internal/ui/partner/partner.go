// Package partner answers: what may a partner have, and how is it read?
//
// The partner's shelf: its own releases, each as accessible tables and as files, and the agreement under which it has
// them. There is no way from here to a response: the service hands out published tables and nothing else. Every page
// and file of a release is opened through one method, which writes the audit log before it hands anything out.
//
// Reviewers: partner, data protection officer, accessibility.
package partner

import (
	"bytes"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
)

// Handlers are the partner's pages. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages. All are behind RequirePartner.
func (h *Handlers) Register() {
	r := h.Partner()
	r.Get("", h.shelf)
	r.Get("/agreement", h.agreement)
	r.Get("/releases/:id", h.release)
	r.Get("/releases/:id/release.:format", h.download)
}

// shelf answers: what have we been given?
func (h *Handlers) shelf(c *fiber.Ctx) error {
	items, err := h.Service.Shelf(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.shelf.title")
	p.Wide = true
	t := page.Table{Caption: p.T("partner.shelf.caption", "Count", len(items)), Stack: true, CaptionSize: "s", Empty: p.T("partner.shelf.empty"),
		Head: page.Cells(p.T("partner.shelf.release"), p.T("partner.shelf.published"), p.T("partner.shelf.expires"), p.T("partner.shelf.state"))}
	for _, i := range items {
		title := page.Cell{Text: i.Release.Title.In(p.Lang)}
		if i.Available {
			title = page.Cell{Link: &page.Link{Text: title.Text, Href: p.To("/partner/releases/" + i.Release.ID)}}
		}
		tag := stateTag(p, i, h.Service.Now())
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{title, {Text: locale.Date(p.Lang, i.Release.PublishedAt)},
			{Text: locale.Date(p.Lang, i.Agreement.ExpiresAt.Add(-time.Second))}, {Tag: &tag}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("partner.shelf.intro")), desk.TableBlock(t)}})
}

// stateTag says whether a release can be opened, and if not why.
func stateTag(p *page.Page, i consult.ShelfItem, now time.Time) page.Tag {
	switch {
	case i.Available:
		return page.Tag{Text: p.T("partner.state.available"), Colour: "green"}
	case i.Release.State == consult.ReleaseRevoked:
		return page.Tag{Text: p.T("partner.state.revoked"), Colour: "red"}
	case !now.Before(i.Agreement.ExpiresAt):
		return page.Tag{Text: p.T("partner.state.expired"), Colour: "grey"}
	}
	return page.Tag{Text: p.T("partner.state.upcoming"), Colour: "blue"}
}

// download answers with a file of the release. No cache may keep it: the agreement may end tomorrow.
func (h *Handlers) download(c *fiber.Ctx) error {
	format := c.Params("format")
	r, facts, err := h.Service.ShelfRelease(c.UserContext(), desk.Staff(c), c.Params("id"), format)
	if err != nil {
		return err
	}
	f, err := tables.File(h.Service, r, facts, format)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return page.Download(c, f.Name, f.Kind, f.Content)
}

// releaseView is the page of one release.
type releaseView struct {
	desk.View
	Contents []page.Link
	Tables   []tables.Table
}

// release shows the tables with how they were made, and offers the files.
func (h *Handlers) release(c *fiber.Ctx) error {
	r, facts, err := h.Service.ShelfRelease(c.UserContext(), desk.Staff(c), c.Params("id"), "page")
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.release.title")
	p.Wide = true
	p.Title, p.Caption = r.Title.In(p.Lang), facts.Consultation.In(p.Lang)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("partner.nav.shelf"), Href: "/partner"}, {Text: p.Title}}
	files, err := fileBlocks(p, r, facts)
	if err != nil {
		return err
	}
	v := releaseView{View: desk.View{Page: p, Blocks: append(files, aboutBlocks(p, r, facts)...)}, Tables: tables.WithCharts(p, r, facts, "/partner/releases/"+r.ID+"/release.")}
	v.Contents = tables.Contents(v.Tables)
	v.Blocks = append(v.Blocks, desk.H2(p.T("partner.release.tables")))
	return h.Kit.Render(c, fiber.StatusOK, "partner/release", v)
}

// fileBlocks offer the files, those for people in the language of the page, with the signed list of their checksums.
func fileBlocks(p *page.Page, r *consult.Release, facts consult.ReleaseFacts) ([]desk.Block, error) {
	t := page.Table{Stack: true, Caption: p.T("partner.release.files"), HiddenCaption: true,
		Head: []page.Cell{{Text: p.T("partner.file.file")}, {Text: p.T("partner.file.what")}, {Text: p.T("partner.file.size"), Numeric: true}}}
	for _, format := range export.Formats(r, facts) {
		if format.Lang != "" && format.Lang != p.Lang || format.Table > 0 {
			continue
		}
		f, err := export.ReleaseFile(r, facts, format.Name)
		if err != nil {
			return nil, err
		}
		key := "partner.file." + format.Kind()
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Link: &page.Link{Text: p.T(key), Href: p.To("/partner/releases/" + r.ID + "/release." + format.Name)}},
			{Text: p.T(key + ".what")}, page.Num(p.T("partner.file.kb", "Size", locale.Decimal(float64(len(f.Content))/1024, 1)))}})
	}
	return []desk.Block{desk.H2(p.T("partner.release.files")), desk.TableBlock(t),
		{Fold: &desk.Fold{Summary: p.T("partner.file.sums"), Blocks: []desk.Block{desk.Para(p.T("partner.file.sums.help")),
			{Links: []page.Link{{Text: p.T("partner.file.sums.file"), Href: p.To("/partner/releases/" + r.ID + "/release." + export.SumsFormat)},
				{Text: p.T("partner.file.key"), Href: "/release-key.txt"}}},
			{Copy: &desk.Copy{Label: p.T("partner.file.verify"), Text: "folkmoot release verify --key release-key.txt " + export.ReleaseName(r, "csv")}}}}}}, nil
}

// aboutBlocks say what the figures are of and how they were protected.
func aboutBlocks(p *page.Page, r *consult.Release, facts consult.ReleaseFacts) []desk.Block {
	list := &page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("partner.about.council"), Lines: []string{facts.Council.In(p.Lang)}},
		{Key: p.T("partner.about.purpose"), Lines: []string{facts.Purpose}},
		{Key: p.T("partner.about.ran"), Lines: []string{p.T("partner.about.dates", "From", locale.ISODate(p.Lang, facts.OpenedOn), "To", locale.ISODate(p.Lang, facts.ClosedOn))}},
		{Key: p.T("partner.about.snapshot"), Lines: []string{locale.ISODate(p.Lang, facts.SnapshotOn)}},
		{Key: p.T("partner.about.published"), Lines: []string{locale.Date(p.Lang, r.PublishedAt)}},
		{Key: p.T("partner.about.contact"), Lines: []string{facts.Contact}},
	}}
	if use := facts.Use.In(p.Lang); use != "" {
		list.Rows = append(list.Rows, page.SummaryRow{Key: p.T("export.workbook.use"), Lines: []string{use}})
	}
	var method []string
	for _, m := range facts.Method {
		method = append(method, m.In(p.Lang))
	}
	return []desk.Block{desk.H2(p.T("partner.release.about")), {Summary: list}, desk.H2(p.T("partner.release.method")), {List: method}}
}

// agreement shows what the partner agreed to, until when, and whom to ask.
func (h *Handlers) agreement(c *fiber.Ctx) error {
	all, partner, err := h.Service.ShelfAgreements(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.agreement.title")
	p.Caption = partner.Name
	v := desk.View{Page: p}
	if len(all) == 0 {
		v.Blocks = append(v.Blocks, desk.Para(p.T("partner.agreement.empty")))
	}
	for _, a := range all {
		v.Blocks = append(v.Blocks, desk.H2(p.T("partner.agreement.from_to", "From", locale.ISODate(p.Lang, a.StartsOn),
			"To", locale.Date(p.Lang, a.ExpiresAt.Add(-time.Second)))))
		if !h.Service.Now().Before(a.ExpiresAt) {
			v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("partner.agreement.expired")}})
		}
		v.Blocks = append(v.Blocks, desk.Block{Summary: &page.SummaryList{Rows: []page.SummaryRow{
			{Key: p.T("agreement.field.purpose"), Lines: lines(a.Purpose)},
			{Key: p.T("partner.agreement.promises"), Lines: lines(a.Promises)},
			{Key: p.T("agreement.field.marketing"), Lines: []string{marketing(p, a)}},
			{Key: p.T("partner.agreement.contact"), Lines: []string{a.ContactName, a.ContactEmail}},
			{Key: p.T("partner.agreement.council"), Lines: contact(p)},
		}}})
	}
	return h.Show(c, fiber.StatusOK, v)
}

// marketing says whether the partner promised not to use figures for marketing.
func marketing(p *page.Page, a *consult.Agreement) string {
	if a.NotMarketing {
		return p.T("agreement.field.marketing.yes")
	}
	return p.T("agreement.marketing.missing")
}

// contact is how the council is reached about an agreement.
func contact(p *page.Page) []string {
	var out []string
	for _, s := range []string{p.CouncilName(), p.Council.DPOName, p.Council.DPOEmail, p.Council.DPOPhone} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// lines splits what was typed into lines, empty ones left out.
func lines(s string) []string {
	var out []string
	for _, l := range bytes.Split([]byte(s), []byte("\n")) {
		if l = bytes.TrimSpace(l); len(l) > 0 {
			out = append(out, string(l))
		}
	}
	return out
}
