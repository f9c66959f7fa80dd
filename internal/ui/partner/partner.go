// Package partner answers: what has the council released to us, and what may we do with it?
//
// A partner's people see the releases of their own agreements and nothing else: there is no path from here to a
// response. Every opening of a release, as a page or as a file, is in the audit log before anything is handed out.
//
// Reviewers: data protection officer, partner.
package partner

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Handlers are the partner's pages. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	r := h.Partner()
	see := desk.Need(consult.SeeShelf)
	r.Get("", see, h.shelf)
	r.Get("/releases/:id", see, h.release)
	r.Get("/releases/:id/release.csv", see, h.csv)
	r.Get("/releases/:id/release.json", see, h.json)
	r.Get("/agreements/:id", see, h.agreement)
}

// shelf lists the partner's own releases, newest first.
func (h *Handlers) shelf(c *fiber.Ctx) error {
	p := h.Kit.Page(c, "partner.shelf.title")
	p.Wide = true
	items, err := h.Service.Shelf(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	t := page.Table{Caption: p.T("partner.shelf.caption"), HiddenCaption: true, Empty: p.T("partner.shelf.empty"),
		Head: page.Cells(p.T("partner.release"), p.T("partner.published"), p.T("partner.until"), p.T("office.list.column.status"), p.T("partner.agreement"))}
	for _, i := range items {
		title := page.Cell{Text: i.Release.Title.In(p.Lang)}
		if i.Available {
			title = page.Cell{Link: &page.Link{Text: i.Release.Title.In(p.Lang), Href: p.To("/partner/releases/" + i.Release.ID)}}
		}
		tag := h.tag(p, i)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{title, {Text: locale.Date(p.Lang, i.Release.PublishedAt)}, {Text: locale.Date(p.Lang, i.Agreement.ExpiresAt.Add(-1))},
			{Tag: &tag}, {Link: &page.Link{Text: p.T("partner.agreement.read"), Href: p.To("/partner/agreements/" + i.Agreement.ID), Hidden: i.Release.Title.In(p.Lang)}}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("partner.shelf.intro")), desk.TableBlock(t)}})
}

func (h *Handlers) tag(p *page.Page, i consult.ShelfItem) page.Tag {
	switch {
	case i.Available:
		return page.Tag{Text: p.T("partner.state.available"), Colour: "green"}
	case i.Release.State == consult.ReleaseRevoked:
		return page.Tag{Text: p.T("partner.state.revoked"), Colour: "magenta"}
	case h.Service.Now().Before(i.Agreement.ExpiresAt):
		return page.Tag{Text: p.T("partner.state.later"), Colour: "grey"}
	}
	return page.Tag{Text: p.T("partner.state.expired"), Colour: "red"}
}

// files makes both files of a release. They are made anew from the frozen tables and are the same bytes every time.
func files(r *consult.Release, f consult.ReleaseFacts) (csv, json []byte, err error) {
	var a, b bytes.Buffer
	if err := export.ReleaseCSV(&a, r, f); err != nil {
		return nil, nil, err
	}
	if err := export.ReleaseJSON(&b, r, f); err != nil {
		return nil, nil, err
	}
	return a.Bytes(), b.Bytes(), nil
}

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// digest writes a checksum as the Repr-Digest header has it (RFC 9530).
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// release shows one release: the files with their checksums, how the figures were made, and the tables to read.
func (h *Handlers) release(c *fiber.Ctx) error {
	r, f, err := h.Service.ShelfRelease(c.UserContext(), desk.Staff(c), c.Params("id"), "page")
	if err != nil {
		return err
	}
	csv, json, err := files(r, f)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.release")
	p.Title, p.Caption, p.Wide = r.Title.In(p.Lang), f.Council.In(p.Lang), true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("partner.nav.shelf"), Href: "/partner"}, {Text: p.Title}}
	base := p.To("/partner/releases/" + r.ID)
	blocks := []desk.Block{
		{Summary: facts(p, r, f)},
		desk.H2(p.T("partner.files")),
		desk.LinkList(page.Link{Text: p.T("partner.files.csv", "Size", size(csv)), Href: base + "/release.csv"}, page.Link{Text: p.T("partner.files.json", "Size", size(json)), Href: base + "/release.json"}),
		{Copy: &desk.Copy{Label: p.T("partner.files.sha", "File", export.ReleaseName(r, "csv")), Text: checksum(csv)}},
		{Copy: &desk.Copy{Label: p.T("partner.files.sha", "File", export.ReleaseName(r, "json")), Text: checksum(json)}},
		desk.H2(p.T("partner.method")),
	}
	var method []string
	for _, m := range f.Method {
		method = append(method, m.In(p.Lang))
	}
	blocks = append(blocks, desk.Block{List: method}, desk.H2(p.T("partner.tables")), desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.symbol")}}}, desk.LinkList(contents(p, r)...))
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.ReleaseTables(p, r.Tables)...)})
}

// contents leads to the tables of a long page.
func contents(p *page.Page, r *consult.Release) []page.Link {
	var out []page.Link
	for _, t := range r.Tables {
		title := t.Wording.In(p.Lang)
		if t.By != "" {
			title = p.T("release.table.by", "Question", title, "By", t.ByWording.In(p.Lang))
		}
		out = append(out, page.Link{Text: title, Href: "#table-" + t.ID})
	}
	return out
}

func facts(p *page.Page, r *consult.Release, f consult.ReleaseFacts) *page.SummaryList {
	row := func(key string, lines ...string) page.SummaryRow {
		return page.SummaryRow{Key: p.T(key), Lines: lines}
	}
	return &page.SummaryList{Rows: []page.SummaryRow{
		row("release.consultation", f.Consultation.In(p.Lang)),
		row("partner.fieldwork", p.T("partner.fieldwork.dates", "From", locale.ISODate(p.Lang, f.OpenedOn), "To", locale.ISODate(p.Lang, f.ClosedOn))),
		row("partner.snapshot", locale.ISODate(p.Lang, f.SnapshotOn)),
		row("release.purpose", f.Purpose),
		row("partner.contact", f.Contact),
		row("release.sha256", r.SHA256),
	}}
}

// size writes how large a file is.
func size(b []byte) string {
	if len(b) < 1024 {
		return locale.Number(int64(len(b))) + " B"
	}
	return locale.Decimal(float64(len(b))/1024, 1) + " KB"
}

func (h *Handlers) csv(c *fiber.Ctx) error { return h.file(c, "csv", "text/csv; charset=utf-8") }

func (h *Handlers) json(c *fiber.Ctx) error {
	return h.file(c, "json", "application/json; charset=utf-8")
}

func (h *Handlers) file(c *fiber.Ctx, format, kind string) error {
	r, f, err := h.Service.ShelfRelease(c.UserContext(), desk.Staff(c), c.Params("id"), format)
	if err != nil {
		return err
	}
	csv, json, err := files(r, f)
	if err != nil {
		return err
	}
	content := csv
	if format == "json" {
		content = json
	}
	c.Set("Repr-Digest", "sha-256=:"+digest(content)+":")
	return desk.Download(c, export.ReleaseName(r, format), kind, content)
}

// agreement shows what was agreed, also when it has expired: the promises outlive it.
func (h *Handlers) agreement(c *fiber.Ctx) error {
	a, partner, err := h.Service.Agreement(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.agreement")
	p.Caption = partner.Name
	p.Breadcrumbs = []page.Crumb{{Text: p.T("partner.nav.shelf"), Href: "/partner"}, {Text: p.Title}}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{{Summary: &page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("release.purpose"), Lines: []string{a.Purpose}},
		{Key: p.T("partner.agreement.runs"), Lines: []string{p.T("partner.fieldwork.dates", "From", locale.ISODate(p.Lang, a.StartsOn), "To", locale.Date(p.Lang, a.ExpiresAt.Add(-1)))}},
		{Key: p.T("partner.contact"), Lines: []string{a.ContactName, a.ContactEmail}},
	}}}, desk.H2(p.T("release.agreement.promises")), {Prose: a.Promises}}})
}
