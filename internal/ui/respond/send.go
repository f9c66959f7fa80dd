package respond

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

func itoa(n int) string { return strconv.Itoa(n) }

// afterSending is where a stored response leads.
func (p place) afterSending() string {
	if len(p.def.Equality) > 0 {
		return p.to("/equality")
	}
	return p.to("/done")
}

// send stores the response. The draft's token makes a second click, a reload and a retry after a lost reply find the same
// response (security.md T1); the code stays in the session and the browser is sent to a page of its own.
func (h *Handlers) send(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	d, ok, err := h.draft(c, p)
	if err != nil {
		return err
	}
	if !ok {
		_, _, _, err := h.visit(c) // stored already, closed, or ended
		return err
	}
	if at, open := p.gate(d); !open && !h.over(p) {
		return page.Redirect(c, at)
	}
	if h.recorder != nil {
		return h.record(c, p, d)
	}
	if missing := p.path(d).Missing(); len(missing) > 0 {
		return page.Redirect(c, p.step(missing[0].ID, true))
	}
	result := sent{}
	if h.preview {
		result.Reference, result.Ages = h.kit.T(c, "respond.preview.reference"), d.Ages
	} else {
		d.Language = p.language(page.Lang(c))
		stored, err := h.service.SubmitResponse(here(c), &d.Draft)
		if fault.Is(err, fault.Closed) {
			return h.closed(c, p, d, true)
		}
		if err != nil {
			return err
		}
		result.Reference, result.Code = stored.Reference, stored.Code
	}
	if err := h.keepSent(c, p, result); err != nil {
		return err
	}
	if err := h.forgetDraft(c, p); err != nil {
		return err
	}
	return page.Redirect(c, p.afterSending())
}

type endedView struct {
	*page.Page
	Text  string
	Typed string // text of the last page, so that it can be copied
	Start page.Button
	About page.Link
}

// ended says that the session has no draft: it ended, or the page belongs to another browser.
func (h *Handlers) ended(c *fiber.Ctx, p place) error {
	v := endedView{Page: h.page(c, "respond.ended.title")}
	v.Text = v.T("respond.ended.text", "Hours", Hours(v.Page))
	status := fiber.StatusGone
	if c.Method() == fiber.MethodPost {
		status = fiber.StatusForbidden
		v.Typed = typed(c, p)
	}
	v.Start = page.Button{Text: v.T("respond.ended.start"), Href: v.To(p.to("/respond")), Kind: "start"}
	v.About = page.Link{Text: v.T("respond.ended.back"), Href: v.To(p.home)}
	return h.kit.Render(c, status, "respond/ended", v)
}

// typed returns the text that somebody wrote on a page whose session has ended, so that they can copy it.
func typed(c *fiber.Ctx, p place) string {
	q, ok := p.def.Question(c.Params("question"))
	form, err := page.Form(c)
	if !ok || err != nil || q.Kind != survey.LongText && q.Kind != survey.ShortText {
		return ""
	}
	return form.First(q.ID)
}

// lost answers a form of the journey whose session is gone.
func (h *Handlers) lost(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	if h.over(p) {
		return h.closed(c, p, kept{}, false)
	}
	return h.ended(c, p)
}

// Hours says in words how long an unused session of a respondent lives.
func Hours(p *page.Page) string {
	return p.T("public.cookies.hours", "Count", int(page.RespondentIdle/time.Hour))
}

type closedView struct {
	*page.Page
	Lang     string
	Text     string
	Outcome  *page.Link
	Results  *page.Link
	About    page.Link
	Contact  Contact
	Answered bool // there are answers that were not sent
	Sections []answerSection
	Forget   page.Action
}

// closed says that responses are not taken: not yet, or not any more. Answers that were not sent are shown, so that
// nothing is lost silently.
func (h *Handlers) closed(c *fiber.Ctx, p place, d kept, drafted bool) error {
	v := closedView{Page: h.page(c, closedTitle(p, drafted)), Lang: p.foreign(page.Lang(c))}
	v.Contact = ContactOf(v.Page, p.Consultation)
	v.About = page.Link{Text: v.T("respond.ended.back"), Href: v.To(p.home)}
	if p.status == consult.StatusUpcoming {
		v.Text = v.T("public.consultation.not_yet", "Date", dateTime(v.Page, p.OpensAt))
		return h.kit.Render(c, fiber.StatusGone, "respond/closed", v)
	}
	v.Text = v.T("public.consultation.over", "Date", dateTime(v.Page, p.ClosesAt))
	if p.status == consult.StatusReported {
		v.Outcome = &page.Link{Text: v.T("public.consultation.outcome"), Href: v.To(p.to("/outcome"))}
	}
	with, err := h.service.WithResults(c.UserContext())
	if err != nil {
		return err
	}
	if with[p.ID] {
		v.Results = &page.Link{Text: v.T("public.consultation.results"), Href: v.To(p.to("/results"))}
	}
	if drafted {
		v.Answered = len(d.Answers) > 0
		v.Text = v.T("respond.closed.text", "Date", dateTime(v.Page, p.ClosesAt))
		token, err := v.CSRF()
		if err != nil {
			return err
		}
		v.Forget = page.Action{Href: v.To(p.to("/respond")), Token: token, Button: page.Button{Text: v.T("respond.closed.remove"), Kind: "secondary"}}
		if v.Sections, err = h.answers(c, v.Page, p.def, p.path(d), nil); err != nil {
			return err
		}
	}
	return h.kit.Render(c, fiber.StatusGone, "respond/closed", v)
}

func closedTitle(p place, drafted bool) string {
	switch {
	case p.status == consult.StatusUpcoming:
		return "respond.closed.upcoming"
	case drafted:
		return "respond.closed.title"
	}
	return "respond.closed.plain"
}

// forget removes a draft that can no longer be sent.
func (h *Handlers) forget(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	if err := h.forgetDraft(c, p); err != nil {
		return err
	}
	return page.Redirect(c, p.home)
}
