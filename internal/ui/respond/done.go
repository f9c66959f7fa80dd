package respond

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

type doneView struct {
	*page.Page
	Panel     page.Panel
	Thanks    string
	Preview   bool
	Again     page.Button // preview: from the beginning
	Code      string
	Until     string // until when the whole response can be withdrawn
	Equality  string // what became of the equality questions
	AskAgain  *page.Link
	Consented bool
	Closes    string
	About     page.Link
	Yours     page.Link
	YoursText string // the address as a person reads it
	Receipt   page.Link
	JSON      page.Link
	Contact   Contact
	Leave     page.Button
}

// done confirms the stored response. It may be reloaded and bookmarked: it changes nothing, and without the session it says
// so.
func (h *Handlers) done(c *fiber.Ctx) error {
	p, s, done, err := h.after(c)
	if done {
		return err
	}
	v := doneView{Page: h.page(c, "respond.done.title"), Code: s.Code, Preview: h.preview}
	v.Panel = page.Panel{Title: v.Title, Body: v.T("respond.done.reference"), Code: s.Reference}
	v.Thanks = v.T("respond.done.thanks", "Title", p.Title.In(v.Page.Lang))
	v.Until = dateTime(v.Page, p.ClosesAt)
	v.About = page.Link{Text: v.T("respond.done.next.page"), Href: v.To(p.home)}
	if h.preview {
		v.Panel = page.Panel{Title: v.T("respond.preview.done")}
		v.Title = v.Panel.Title
		v.About.Text = v.T("respond.preview.back")
		v.Again = page.Button{Text: v.T("respond.preview.again"), Kind: "secondary"}
		return h.kit.Render(c, fiber.StatusOK, "respond/done", v)
	}
	v.Closes = closesLine(v.Page, h.kit, p)
	v.Equality, v.AskAgain = equalityLine(v.Page, p, s)
	v.Consented = privacy.Permits(s.Consent)
	v.Yours = page.Link{Text: page.Address(c) + v.To("/your-response"), Href: v.To("/your-response")}
	v.Receipt = page.Link{Text: v.T("respond.done.receipt.page"), Href: v.To(p.to("/receipt"))}
	v.JSON = page.Link{Text: v.T("respond.done.receipt.json"), Href: v.To(p.to("/receipt.json"))}
	v.Contact = ContactOf(v.Page, p.Consultation)
	v.Leave = page.Button{Text: v.T("respond.done.leave"), Kind: "secondary"}
	if v.Kiosk != "" { // the one thing that has to be done here
		v.Leave = page.Button{Text: v.T("kiosk.finish")}
	}
	return h.kit.Render(c, fiber.StatusOK, "respond/done", v)
}

func closesLine(pg *page.Page, k *page.Kit, p place) string {
	if p.status != consult.StatusOpen {
		return ""
	}
	return pg.T("respond.done.next.closes", "Date", dateTime(pg, p.ClosesAt),
		"Relative", k.Catalogue().Relative(pg.Lang, k.Now(), p.ClosesAt))
}

// equalityLine says what became of the equality questions, and leads back to them for who skipped them.
func equalityLine(pg *page.Page, p place, s sent) (string, *page.Link) {
	if len(p.def.Equality) == 0 {
		return "", nil
	}
	again := &page.Link{Text: pg.T("respond.done.equality.back"), Href: pg.To(p.to("/equality"))}
	switch {
	case privacy.Permits(s.Consent):
		return pg.T("respond.done.equality.given"), nil
	case s.Consent == privacy.ConsentRefused:
		return pg.T("respond.done.equality.refused"), nil
	case s.Consent == privacy.ConsentWithdrawn:
		return pg.T("respond.done.equality.withdrawn"), nil
	}
	return pg.T("respond.done.equality.none"), again
}

// leave removes the confirmation from the session, for shared computers. In a preview it starts the preview again.
func (h *Handlers) leave(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	session, err := page.Session(c)
	if err != nil {
		return err
	}
	session.Delete(h.sentKey(p))
	session.Delete(h.draftKey(p))
	session.Delete(h.sideKey("equality:", p))
	if h.preview {
		return page.Redirect(c, p.to("/respond"))
	}
	if at := page.KioskAt(c); at != "" {
		session.Erase()
		return page.Redirect(c, at)
	}
	return page.Redirect(c, p.home)
}

type goneView struct {
	*page.Page
	Text  string
	Yours page.Button
	About page.Link
}

// gone says that this browser has no confirmation of the consultation.
func (h *Handlers) gone(c *fiber.Ctx, p place) error {
	v := goneView{Page: h.page(c, "respond.done.gone.title")}
	v.Text = v.T("respond.done.gone.text", "Hours", Hours(v.Page))
	v.Yours = page.Button{Text: v.T("public.hub.code.link"), Href: v.To("/your-response")}
	v.About = page.Link{Text: v.T("respond.ended.back"), Href: v.To(p.home)}
	status := fiber.StatusGone
	if c.Method() == fiber.MethodPost {
		status = fiber.StatusForbidden
	}
	return h.kit.Render(c, status, "respond/gone", v)
}

// lostConfirmation answers a form of the pages after the stored response whose session is gone. Nothing is stored.
func (h *Handlers) lostConfirmation(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	return h.gone(c, p)
}

// Contact is whom a consultation names for questions; the council where it names nobody.
type Contact struct{ Name, Email, Phone string }

// ContactOf returns the contact of a consultation.
func ContactOf(p *page.Page, c *consult.Consultation) Contact {
	out := Contact{Name: c.ContactName, Email: c.ContactEmail, Phone: c.ContactPhone}
	if out.Email == "" && out.Phone == "" {
		out.Email, out.Phone = p.Council.Email, p.Council.Phone
	}
	if out.Name == "" {
		out.Name = p.CouncilName()
	}
	return out
}
