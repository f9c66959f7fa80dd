// Package office answers: how do officers make a consultation, check it, publish it and close the loop?
//
// One file for each page: what it shows, what its form takes, what it does. Every rule lies behind the service; a
// page shows what the service says and keeps what was typed when the service refuses it.
//
// Reviewers: consultation officer, accessibility.
package office

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// Handlers are the pages about consultations. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	h.Office("").Get("", h.today)
	r := h.Office("/consultations")
	see, edit := desk.Need(consult.SeeConsultations), desk.Need(consult.EditConsultations)
	r.Get("", see, h.list)
	r.Get("/new", edit, h.create)
	r.Post("/new", edit, h.createSend)

	one := r.Group("/:id")
	one.Get("", see, h.overview)
	one.Get("/details", edit, h.details)
	one.Post("/details", edit, h.detailsSave)
	one.Get("/documents/:n", edit, h.document)
	one.Post("/documents/:n", edit, h.documentSave)
	one.Post("/documents/:n/remove", edit, h.documentRemove)
	one.Get("/ages", see, h.ages)
	one.Get("/ages/edit", edit, h.agesEdit)
	one.Post("/ages/edit", edit, h.agesSave)
	one.Get("/ages/approve", desk.Need(consult.KeepRegisters), h.agesApprove)
	one.Post("/ages/approve", desk.Need(consult.KeepRegisters), h.agesApproveSend)
	one.Get("/notice", see, h.notice)
	one.Get("/notice/edit", edit, h.noticeEdit)
	one.Post("/notice/edit", edit, h.noticeSave)
	one.Get("/notice/consent", edit, h.consent)
	one.Post("/notice/consent", edit, h.consentSave)
	one.Get("/notice/purposes/:n", edit, h.purpose)
	one.Post("/notice/purposes/:n", edit, h.purposeSave)
	one.Post("/notice/purposes/:n/remove", edit, h.purposeRemove)
	h.changeRoutes(one)
	one.Get("/preview", see, h.preview)
	respond.NewPreview(h.Kit, h.Service, one.Group("/preview", see), h.previewed)
	one.Get("/screening", see, h.screening)
	one.Post("/screening", edit, h.screeningSend)
	one.Get("/readiness", see, h.readiness)
	one.Get("/publish", edit, h.publish)
	one.Post("/publish", edit, h.publishSend)
	one.Get("/closing", edit, h.closing)
	one.Post("/closing", edit, h.closingSave)
	one.Get("/erase", edit, h.erase)
	one.Post("/erase", edit, h.eraseSend)
	one.Get("/outcome", see, h.outcome)
	one.Get("/outcome/edit", edit, h.outcomeEdit)
	one.Post("/outcome/edit", edit, h.outcomeSave)
}

// Path returns the office address of a consultation's page.
func Path(id string, parts ...string) string {
	return strings.Join(append([]string{"/office/consultations", id}, parts...), "/")
}

// statusColours never say a status alone: the tag has its words.
var statusColours = map[consult.Status]string{
	consult.StatusDraft: "grey", consult.StatusUpcoming: "blue", consult.StatusOpen: "green",
	consult.StatusClosed: "yellow", consult.StatusReported: "purple",
}

// StatusTag shows how a consultation stands.
func StatusTag(p *page.Page, s consult.Status) page.Tag {
	return page.Tag{Text: p.T("office.status." + string(s)), Colour: statusColours[s]}
}

// Title returns the consultation's title, or words for one that has none yet.
func Title(p *page.Page, c *consult.Consultation) string {
	if t := c.Title.In(p.Lang); t != "" {
		return t
	}
	return p.T("office.untitled")
}

// Frame prepares a page of one consultation: breadcrumbs, tabs, status. current is the tab.
func Frame(d *desk.Desk, c *fiber.Ctx, con *consult.Consultation, key, current string) desk.View {
	p := d.Kit.Page(c, key)
	p.Wide = true
	p.Caption = Title(p, con)
	p.Breadcrumbs = []page.Crumb{
		{Text: p.T("office.nav.consultations"), Href: "/office/consultations"},
		{Text: Title(p, con), Href: Path(con.ID)},
	}
	tag := StatusTag(p, con.Status(d.Service.Now()))
	return desk.View{Page: p, Tag: &tag, Tabs: tabs(p, desk.Staff(c), con, d.Service.Now(), current)}
}

// tabs are the parts of one consultation that the person may see and that there are.
func tabs(p *page.Page, who *consult.Staff, con *consult.Consultation, now time.Time, current string) *page.Tabs {
	out := &page.Tabs{Label: p.T("office.tabs.label")}
	add := func(name, path string, show bool) {
		if show {
			out.Items = append(out.Items, page.NavItem{Text: p.T("office.tab." + name), Href: path, Current: name == current})
		}
	}
	status := con.Status(now)
	draft := status == consult.StatusDraft
	add("overview", Path(con.ID), true)
	add("survey", Path(con.ID, "survey"), true)
	add("notice", Path(con.ID, "notice"), true)
	add("screening", Path(con.ID, "screening"), true)
	add("readiness", Path(con.ID, "readiness"), draft)
	add("results", Path(con.ID, "results"), !draft && who.May(consult.SeeResults))
	add("export", Path(con.ID, "export"), !draft && who.May(consult.ExportResponses))
	add("outcome", Path(con.ID, "outcome"), status == consult.StatusClosed || status == consult.StatusReported)
	return out
}

// open loads the consultation of the address.
func (h *Handlers) open(c *fiber.Ctx) (*consult.Consultation, *survey.Definition, []survey.Fault, error) {
	return h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), c.Params("id"))
}

// openForm loads the consultation of the address and the form that was sent (desk.ReadForm).
func (h *Handlers) openForm(c *fiber.Ctx, several ...string) (*consult.Consultation, survey.Form, error) {
	con, _, _, err := h.open(c)
	if err != nil {
		return nil, nil, err
	}
	form, err := desk.ReadForm(c, several...)
	return con, form, err
}

// ends says when a consultation closes in words that need no calendar: "closes Friday 5 March 2027 at 5pm (in 6 days)".
func (h *Handlers) ends(p *page.Page, con *consult.Consultation) string {
	now := h.Service.Now()
	when := func(t time.Time) []any {
		return []any{"When", locale.DateTime(p.Lang, t), "Relative", h.Kit.Catalogue().Relative(p.Lang, now, t)}
	}
	switch con.Status(now) {
	case consult.StatusDraft, consult.StatusUpcoming:
		if con.OpensAt.Before(now) {
			return p.T("office.opens_now")
		}
		return p.T("office.opens", when(con.OpensAt)...)
	case consult.StatusOpen:
		return p.T("office.closes", when(con.ClosesAt)...)
	}
	return p.T("office.closed", when(con.ClosesAt)...)
}
