// Package breaches answers: what went wrong with people's information, how many hours are left, and who has to be told?
//
// The register of personal data breaches and near misses.
//
// Reviewer: data protection officer.
package breaches

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/sheet"
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
	r.Get("/:id/report", keep, h.report)
	h.sheet().Routes(r)
}

// sheet is how breaches are filled in, changed and closed.
func (h *Handlers) sheet() sheet.Register[privacy.Breach, *dpo.BreachCase] {
	return sheet.Register[privacy.Breach, *dpo.BreachCase]{Desk: h.Desk, Root: root, Noun: "breach", Over: "error.breach.closed",
		Crumbs: func(p *page.Page) []page.Crumb { return []page.Crumb{{Text: p.T("office.nav.breaches"), Href: root}} },
		Fresh:  func() privacy.Breach { return privacy.Breach{AwareAt: h.Service.Now()} },
		Says:   func(x *dpo.BreachCase) privacy.Breach { return x.Breach },
		Form:   formOf, Sent: readForm, Read: breachOf, First: firstFields, All: allFields,
		Enter: h.Cases.RecordBreach, Get: h.Cases.Breach, Open: h.Cases.OpenBreach, Update: h.Cases.UpdateBreach, End: h.Cases.CloseBreach,
		Warn: func(p *page.Page, x *dpo.BreachCase) string {
			if x.Alarm == 0 {
				return ""
			}
			return left(p, x)
		},
		Facts: func(p *page.Page, x *dpo.BreachCase) []desk.Block { return []desk.Block{facts(p, x)} },
		More: func(p *page.Page, x *dpo.BreachCase) []page.Button {
			return []page.Button{{Text: p.T("breach.case.report"), Href: p.To(path(x.Entry.ID) + "/report"), Kind: "secondary"}}
		},
		Tag: state, Steps: func(b privacy.Breach) []privacy.RequestStep { return b.Steps }}
}

// list answers: what presses?
func (h *Handlers) list(c *fiber.Ctx) error {
	open, closed, err := h.Cases.Breaches(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "breach.list.title")
	p.Wide = true
	blocks := []desk.Block{desk.Para(p.T("breach.list.intro")), {Buttons: []page.Button{{Text: p.T("breach.list.new"), Href: p.To(root + "/new")}}}}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, sheet.Lists(p, "breach", open, closed, table)...)})
}

func table(p *page.Page, caption string, cases []*dpo.BreachCase) page.Table {
	t := page.Table{Caption: caption, Stack: true, Head: page.Cells(p.T("breach.column.number"), p.T("breach.column.what"), p.T("breach.column.aware"),
		p.T("breach.column.left"), p.T("breach.column.state"))}
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

// report shows what UK GDPR art. 33(3) asks for, to be copied into the regulator's form.
func (h *Handlers) report(c *fiber.Ctx) error {
	x, err := h.Cases.ExportBreach(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	body := x.Breach.Report(h.Kit.Page(c, "breach.case.title").Council, x.Number(), page.Lang(c))
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="breach-`+x.Number()+`.txt"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString(body)
}
