package requests

import (
	"bytes"
	"io"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/export"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// subject gathers all that is held about the person of a request. That it was shown is in the audit log.
func (h *Handlers) subject(c *fiber.Ctx) (*dpo.Case, export.Subject, error) {
	x, all, err := h.Cases.Copy(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return nil, export.Subject{}, err
	}
	gaps, err := h.Cases.Gaps(c.UserContext(), x, all)
	if err != nil {
		return nil, export.Subject{}, err
	}
	p := h.Kit.Page(c, "request.copy.title")
	s := export.Subject{Everything: all, Council: p.Council, Lang: p.Lang, Address: page.Address(c), At: h.Kit.Now(), Gaps: gaps}
	s.Geography, err = h.Service.Geography(c.UserContext())
	return x, s, err
}

// copy shows the person's copy and offers the files that the person gets (art. 15(3), 20(1)).
func (h *Handlers) copy(c *fiber.Ctx) error {
	x, s, err := h.subject(c)
	if err != nil {
		return err
	}
	v := h.frame(c, x, "request.copy.title")
	p, all := v.Page, s.Everything
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.Title}}
	facts := &page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("respond.held.reference"), Lines: []string{all.Response.Reference}, Code: true},
		{Key: p.T("respond.held.consultation"), Lines: []string{all.Consultation.Title.In(p.Lang)}},
		{Key: p.T("respond.held.sent_on"), Lines: []string{locale.ISODate(p.Lang, all.Response.SubmittedOn)}},
	}}
	if ages := all.Response.Ages; !ages.Empty() {
		facts.Rows = append(facts.Rows, page.SummaryRow{Key: p.T("respond.held.age"), Lines: ages.Lines(p.Lang)})
	}
	if all.Until != "" {
		facts.Rows = append(facts.Rows, page.SummaryRow{Key: p.T("request.copy.until"), Lines: []string{locale.ISODate(p.Lang, all.Until)}})
	}
	answers := page.Table{Caption: p.T("request.copy.answers"), Stack: true, Empty: p.T("request.copy.none"), Head: page.Cells(p.T("request.copy.question"), p.T("request.copy.answer"))}
	equality := page.Table{Caption: p.T("request.copy.equality"), Stack: true, Empty: p.T("request.copy.equality.none"), Head: page.Cells(p.T("request.copy.question"), p.T("request.copy.answer"))}
	for _, l := range s.Lines() {
		into := &answers
		if l.Equality {
			into = &equality
		}
		into.Rows = append(into.Rows, page.Row{Cells: page.Cells(l.Question, l.Answer)})
	}
	if all.EqualityClosed {
		equality.Empty = p.T("request.copy.equality.closed")
	}
	at := path(x.Entry.ID)
	v.Blocks = append(append(v.Blocks, changed(p, s.Gaps)...), desk.Para(p.T("request.copy.intro")),
		desk.LinkList(page.Link{Text: p.T("request.copy.json"), Href: p.To(at + "/copy.json")}, page.Link{Text: p.T("request.copy.csv"), Href: p.To(at + "/copy.csv")}),
		desk.Block{Buttons: []page.Button{{Text: p.T("request.redact.title"), Href: p.To(at + "/redact"), Kind: "secondary"}}},
		desk.Block{Summary: facts}, desk.TableBlock(answers), desk.TableBlock(equality))
	v.Blocks = append(v.Blocks, correctedBlocks(p, s)...)
	return h.Show(c, fiber.StatusOK, v)
}

func (h *Handlers) copyJSON(c *fiber.Ctx) error {
	return h.sendCopy(c, "json", fiber.MIMEApplicationJSONCharsetUTF8, export.SubjectJSON)
}

func (h *Handlers) copyCSV(c *fiber.Ctx) error {
	return h.sendCopy(c, "csv", "text/csv; charset=utf-8", export.SubjectCSV)
}

func (h *Handlers) sendCopy(c *fiber.Ctx, extension, kind string, write func(io.Writer, export.Subject) error) error {
	_, s, err := h.subject(c)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := write(&file, s); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return page.Download(c, s.SubjectName(extension), kind, file.Bytes())
}
