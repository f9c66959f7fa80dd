package requests

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// lettersOf links to the letters for which there is occasion.
func lettersOf(p *page.Page, x *dpo.Case) []desk.Block {
	var links []page.Link
	for _, kind := range x.Request.Letters() {
		links = append(links, page.Link{Text: p.T("request.letter." + string(kind)), Href: p.To(path(x.Entry.ID) + "/letters/" + string(kind))})
	}
	return []desk.Block{desk.H2(p.T("request.letters")), desk.LinkList(links...)}
}

// letter drafts a letter in the language of the page, to be copied into the council's own mail or printed.
func (h *Handlers) letter(c *fiber.Ctx) error {
	x, err := h.Cases.Case(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	calendar, err := h.Cases.Calendar(c.UserContext())
	if err != nil {
		return err
	}
	kind := privacy.LetterKind(c.Params("letter"))
	v := h.frame(c, x, "request.letters")
	p := v.Page
	l, err := privacy.WriteLetter(kind, p.Council, x.Request, x.Number(), calendar, p.Lang)
	if err != nil {
		return err
	}
	if _, err := h.Cases.Open(c.UserContext(), desk.Staff(c), x.Entry.ID); err != nil { // it names the person
		return err
	}
	p.Title = p.T("request.letter." + string(kind))
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.Title}}
	v.Blocks = append(v.Blocks, desk.Para(p.T("request.letter.intro")))
	if x.Request.Contact != "" {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("request.letter.to", "Contact", x.Request.Contact)}}})
	}
	v.Blocks = append(v.Blocks, desk.H2(l.Subject))
	for _, b := range l.Blocks {
		v.Blocks = append(v.Blocks, desk.Para(b.Text))
		if len(b.Items) > 0 {
			v.Blocks = append(v.Blocks, desk.Block{List: b.Items})
		}
	}
	return h.Show(c, fiber.StatusOK, v)
}
