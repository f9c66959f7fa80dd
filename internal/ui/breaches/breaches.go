// Package breaches answers: what went wrong with people's information, how many hours are left, and who has to be told?
//
// The register of personal data breaches and near misses.
//
// Reviewer: data protection officer.
package breaches

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages. They never change after they are made.
type Handlers struct {
	*desk.Desk
	Cases *dpo.Desk
}

const root = "/office/breaches"

func path(id string) string { return root + "/" + id }

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/breaches")
	r.Get("", keep, h.list)
	r.Get("/new", keep, h.enter)
	r.Post("/new", keep, h.enterSend)
	r.Get("/:id", keep, h.show)
	r.Get("/:id/edit", keep, h.edit)
	r.Post("/:id/edit", keep, h.editSend)
	r.Get("/:id/report", keep, h.report)
	r.Post("/:id/close", keep, h.close)
}

// list answers: what presses?
func (h *Handlers) list(c *fiber.Ctx) error {
	open, closed, err := h.Cases.Breaches(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "breach.list.title")
	p.Wide = true
	blocks := []desk.Block{desk.Para(p.T("breach.list.intro")), {Buttons: []page.Button{{Text: p.T("breach.list.new"), Href: p.To(root + "/new")}}},
		desk.TableBlock(h.table(p, "breach.list.open", "breach.list.empty", open))}
	if len(closed) > 0 {
		blocks = append(blocks, desk.TableBlock(h.table(p, "breach.list.closed", "", closed)))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

func (h *Handlers) table(p *page.Page, caption, empty string, cases []*dpo.BreachCase) page.Table {
	t := page.Table{Caption: p.T(caption), Stack: true, Head: page.Cells(p.T("breach.column.number"), p.T("breach.column.what"), p.T("breach.column.aware"),
		p.T("breach.column.left"), p.T("breach.column.state"))}
	if empty != "" {
		t.Empty = p.T(empty)
	}
	for _, x := range cases {
		tag := state(p, x)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: x.Number(), Href: p.To(path(x.Entry.ID))}}, {Text: shorten(x.Breach.What, 100)},
			{Text: locale.DateTime(p.Lang, x.Breach.AwareAt)}, {Text: left(p, x)}, {Tag: &tag}}})
	}
	return t
}

func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// left says how many of the 72 hours are left, in whole hours.
func left(p *page.Page, x *dpo.BreachCase) string {
	switch b := x.Breach; {
	case b.NearMiss:
		return p.T("breach.left.near_miss")
	case !b.ReportedAt.IsZero():
		return p.T("breach.left.reported", "Date", locale.DateTime(p.Lang, b.ReportedAt))
	case b.Regulator == privacy.TellNo:
		return p.T("breach.left.not_reported")
	case x.Left < 0:
		return p.T("breach.left.over", "Hours", int(-x.Left/time.Hour), "Date", locale.DateTime(p.Lang, b.ReportBy()))
	}
	return p.T("breach.left.hours", "Hours", int(x.Left/time.Hour), "Date", locale.DateTime(p.Lang, x.Breach.ReportBy()))
}

func state(p *page.Page, x *dpo.BreachCase) page.Tag {
	switch {
	case x.Breach.Closed:
		return page.Tag{Text: p.T("breach.state.closed"), Colour: "grey"}
	case x.Alarm >= 3:
		return page.Tag{Text: p.T("breach.state.urgent"), Colour: "red"}
	case x.Alarm >= 1:
		return page.Tag{Text: p.T("breach.state.soon"), Colour: "yellow"}
	}
	return page.Tag{Text: p.T("breach.state.open"), Colour: "blue"}
}

func (h *Handlers) enter(c *fiber.Ctx) error {
	return h.showEnter(c, fiber.StatusOK, formOf(privacy.Breach{AwareAt: h.Service.Now()}), nil)
}

func (h *Handlers) showEnter(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "breach.new.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.breaches"), Href: root}, {Text: p.Title}}
	p.SetProblems(problems)
	send, err := desk.PostForm(p, root, firstFields(desk.Fields{Page: p, Form: form}), page.Button{Text: p.T("breach.new.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("breach.new.intro")), {Form: send}}})
}

func (h *Handlers) enterSend(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	b, problems := breachOf(form, privacy.Breach{})
	if len(problems) > 0 {
		return h.showEnter(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	x, faults, err := h.Cases.RecordBreach(c.UserContext(), desk.Staff(c), b)
	switch {
	case err != nil:
		return err
	case len(faults) > 0:
		return h.showEnter(c, fiber.StatusUnprocessableEntity, form, desk.Problems(faults))
	}
	return page.Done(c, path(x.Entry.ID), "breach.new.done")
}

// show answers: what is known, and what has to be done?
func (h *Handlers) show(c *fiber.Ctx) error {
	x, err := h.Cases.Breach(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	return h.showCase(c, fiber.StatusOK, x, "")
}

func (h *Handlers) showCase(c *fiber.Ctx, status int, x *dpo.BreachCase, refused string) error {
	p := h.Kit.Page(c, "breach.case.title")
	p.Title = p.T("breach.case.heading", "Number", x.Number())
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.breaches"), Href: root}, {Text: x.Number()}}
	tag := state(p, x)
	v := desk.View{Page: p, Tag: &tag}
	if refused != "" {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T(refused)}})
	} else if x.Alarm > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: left(p, x)}})
	}
	v.Blocks = append(v.Blocks, facts(p, x))
	var buttons []page.Button
	if !x.Breach.Closed {
		buttons = append(buttons, page.Button{Text: p.T("breach.case.edit"), Href: p.To(path(x.Entry.ID) + "/edit")})
	}
	buttons = append(buttons, page.Button{Text: p.T("breach.case.report"), Href: p.To(path(x.Entry.ID) + "/report"), Kind: "secondary"})
	v.Blocks = append(v.Blocks, desk.Block{Buttons: buttons})
	if !x.Breach.Closed {
		end, err := desk.NewAction(p, path(x.Entry.ID)+"/close", page.Button{Text: p.T("breach.case.close"), Kind: "secondary"}, desk.VersionField(x.Entry.Version))
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.Block{Actions: []page.Action{end}})
	}
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	t := page.Table{Caption: p.T("request.history"), Stack: true, Head: page.Cells(p.T("request.history.when"), p.T("request.history.what"), p.T("request.history.who"))}
	for i := len(x.Breach.Steps) - 1; i >= 0; i-- {
		s := x.Breach.Steps[i]
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(locale.DateTime(p.Lang, s.At), strings.TrimSuffix(p.T("office.audit.do."+s.What)+": "+s.Note, ": "), names[s.By])})
	}
	v.Blocks = append(v.Blocks, desk.TableBlock(t))
	return h.Show(c, status, v)
}

// close ends the work on a breach, or says what is missing.
func (h *Handlers) close(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	ctx, who, id := c.UserContext(), desk.Staff(c), c.Params("id")
	err = h.Cases.CloseBreach(ctx, who, id, desk.Version(form))
	if desk.Crossed(err) {
		x, again := h.Cases.Breach(ctx, who, id)
		if again != nil {
			return again
		}
		return h.showCase(c, fiber.StatusConflict, x, missing(err))
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(id), "breach.close.done")
}

// report shows what UK GDPR art. 33(3) asks for, to be copied into the regulator's form.
func (h *Handlers) report(c *fiber.Ctx) error {
	x, err := h.Cases.Breach(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	body := x.Breach.Report(h.Kit.Page(c, "breach.case.title").Council, x.Number(), page.Lang(c))
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="breach-`+x.Number()+`.txt"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString(body)
}
