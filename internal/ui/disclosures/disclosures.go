// Package disclosures answers: who outside asked for people's information, in which law's name, what did they get, and who decided?
//
// The register of exceptional disclosures, and beside it what left the service in the ordinary way: releases and exports, as the service itself knows
// them.
//
// Reviewer: data protection officer.
package disclosures

import (
	"slices"

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

const root = "/office/registers/disclosures"

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/registers/disclosures")
	r.Get("", keep, h.list)
	r.Get("/disclosures.csv", keep, h.csv)
	h.sheet().Routes(r)
}

// sheet is how disclosures are filled in, changed and closed.
func (h *Handlers) sheet() sheet.Register[privacy.Disclosure, *dpo.DisclosureCase] {
	return sheet.Register[privacy.Disclosure, *dpo.DisclosureCase]{Desk: h.Desk, Root: root, Noun: "disclosure", Over: "error.disclosure.closed",
		Crumbs: func(p *page.Page) []page.Crumb {
			return []page.Crumb{{Text: p.T("office.nav.registers"), Href: "/office/registers"}, {Text: p.T("disclosure.list.title"), Href: root}}
		},
		Fresh: func() privacy.Disclosure { return privacy.Disclosure{} },
		Says:  func(x *dpo.DisclosureCase) privacy.Disclosure { return x.Disclosure },
		Form:  formOf, Sent: readForm, Read: disclosureOf, First: fields, All: fields,
		Enter: h.Cases.RecordDisclosure, Get: h.Cases.Disclosure, Open: h.Cases.OpenDisclosure, Update: h.Cases.UpdateDisclosure, End: h.Cases.CloseDisclosure,
		Warn:  func(*page.Page, *dpo.DisclosureCase) string { return "" },
		Facts: func(p *page.Page, x *dpo.DisclosureCase) []desk.Block { return []desk.Block{facts(p, x.Disclosure)} },
		More:  func(*page.Page, *dpo.DisclosureCase) []page.Button { return nil },
		Tag:   func(p *page.Page, x *dpo.DisclosureCase) page.Tag { return state(p, x.Disclosure) },
		Steps: func(d privacy.Disclosure) []privacy.RequestStep { return d.Steps }}
}

// list answers: what was given to whom, and what is outstanding?
func (h *Handlers) list(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), desk.Staff(c)
	open, closed, err := h.Cases.Disclosures(ctx, who)
	if err != nil {
		return err
	}
	known, err := h.Cases.Departures(ctx, who)
	if err != nil {
		return err
	}
	names, err := h.Service.Colleagues(ctx, who)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "disclosure.list.title")
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.registers"), Href: "/office/registers"}, {Text: p.Title}}
	blocks := []desk.Block{desk.Para(p.T("disclosure.list.intro")), {Buttons: []page.Button{{Text: p.T("disclosure.new.title"), Href: p.To(root + "/new")},
		{Text: p.T("disclosure.csv"), Href: p.To(root + "/disclosures.csv"), Kind: "secondary"}}}}
	blocks = append(blocks, sheet.Lists(p, "disclosure", open, closed, table)...)
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.H2(p.T("disclosure.known.title")), desk.Para(p.T("disclosure.known.intro")),
		desk.TableBlock(departures(p, known, names)))})
}

func table(p *page.Page, caption string, cases []*dpo.DisclosureCase) page.Table {
	t := page.Table{Caption: caption, Stack: true, Head: page.Cells(p.T("disclosure.column.number"), p.T("disclosure.column.asked"), p.T("disclosure.column.who"),
		p.T("disclosure.column.gateway"), p.T("disclosure.column.outcome"), p.T("disclosure.column.state"))}
	for _, x := range cases {
		d, tag := x.Disclosure, state(p, x.Disclosure)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: x.Number(), Href: p.To(root + "/" + x.Entry.ID)}}, {Text: locale.ISODate(p.Lang, string(d.Asked))},
			{Text: p.T("disclosure.kind." + string(d.Kind))}, {Text: gateway(p.Lang, d.Gateway)}, {Text: p.T("disclosure.outcome." + d.Outcome)}, {Tag: &tag}}})
	}
	return t
}

func state(p *page.Page, d privacy.Disclosure) page.Tag {
	switch {
	case d.Closed:
		return page.Tag{Text: p.T("disclosure.state.closed"), Colour: "grey"}
	case d.Outstanding():
		return page.Tag{Text: p.T("disclosure.state.outstanding"), Colour: "orange"}
	}
	return page.Tag{Text: p.T("disclosure.state.open"), Colour: "blue"}
}

// gateway says a gateway with its clause; empty for none.
func gateway(lang locale.Lang, id string) string {
	i := slices.IndexFunc(privacy.Gateways(), func(g privacy.Gateway) bool { return g.ID == id })
	if i < 0 {
		return ""
	}
	g := privacy.Gateways()[i]
	return g.Text.In(lang) + " (" + g.Clause + ")"
}

// departures shows what left the service in the ordinary way.
func departures(p *page.Page, known []dpo.Departure, names map[string]string) page.Table {
	t := page.Table{Caption: p.T("disclosure.known.title"), HiddenCaption: true, Stack: true, Empty: p.T("disclosure.known.none"),
		Head: page.Cells(p.T("disclosure.known.when"), p.T("disclosure.known.what"), p.T("disclosure.known.of"), p.T("disclosure.known.by"), p.T("disclosure.known.to"))}
	for _, d := range known {
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(locale.DateTime(p.Lang, d.At), p.T("office.audit.do."+d.Action), d.What.In(p.Lang), names[d.By], recipient(p, d))})
	}
	return t
}

// recipient says who got it.
func recipient(p *page.Page, d dpo.Departure) string {
	switch {
	case d.To != "":
		return d.To
	case d.Public:
		return p.T("disclosure.known.everybody")
	}
	return p.T("disclosure.known.inside")
}

// csv is the register, with what the service knows, for a spreadsheet program. The register holds no names of the people concerned unless an officer
// wrote them into it: the file is the officer's.
func (h *Handlers) csv(c *fiber.Ctx) error {
	ctx, who, lang := c.UserContext(), desk.Staff(c), page.Lang(c)
	open, closed, err := h.Cases.ExportDisclosures(ctx, who)
	if err != nil {
		return err
	}
	known, err := h.Cases.Departures(ctx, who)
	if err != nil {
		return err
	}
	names, err := h.Service.Colleagues(ctx, who)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "disclosure.list.title")
	var rows [][]string
	for _, x := range append(open, closed...) {
		d := x.Disclosure
		rows = append(rows, []string{x.Number(), string(d.Asked), p.T("disclosure.kind." + string(d.Kind)), d.Requester, gateway(lang, d.Gateway), d.Why, d.Categories, form(p, d.Form),
			p.T("disclosure.outcome." + d.Outcome), string(d.GivenOn), d.How, d.Authoriser, p.T("disclosure.told." + told(d.Told)), d.ToldWhy, notice(p, d)})
	}
	for _, d := range known {
		rows = append(rows, []string{"", string(privacy.DateOf(d.At)), p.T("office.audit.do." + d.Action), recipient(p, d), "", "", d.What.In(lang), "", p.T("disclosure.outcome.all"),
			string(privacy.DateOf(d.At)), "", names[d.By], "", "", ""})
	}
	head := []string{}
	for _, key := range []string{"column.number", "field.asked", "column.who", "field.requester", "field.gateway", "field.why", "field.categories", "field.form", "field.outcome", "field.given",
		"field.how", "field.authoriser", "field.told", "field.told_why", "field.notify"} {
		head = append(head, p.T("disclosure."+key))
	}
	return sheet.CSV(c, "disclosures.csv", head, rows)
}

func told(t privacy.Tell) string {
	if t == privacy.TellUndecided {
		return "undecided"
	}
	return string(t)
}

func form(p *page.Page, f privacy.Form) string {
	if f == "" {
		return ""
	}
	return p.T("disclosure.form." + string(f))
}

// notice says how it stands with telling the recipient of what changed afterwards (art. 19).
func notice(p *page.Page, d privacy.Disclosure) string {
	switch {
	case d.Notified != "":
		return p.T("disclosure.notice.done", "Date", locale.ISODate(p.Lang, string(d.Notified)))
	case d.Outstanding():
		return p.T("disclosure.state.outstanding")
	case d.Notify:
		return p.T("disclosure.notice.not", "Why", d.NotTold)
	}
	return p.T("disclosure.notice.none")
}

// facts shows what is known, in the order of the form.
func facts(p *page.Page, d privacy.Disclosure) desk.Block {
	list := &page.SummaryList{}
	for _, x := range [][2]string{{"kind", p.T("disclosure.kind." + string(d.Kind))}, {"requester", d.Requester}, {"asked", locale.ISODate(p.Lang, string(d.Asked))},
		{"outcome", p.T("disclosure.outcome." + d.Outcome)}, {"gateway", gateway(p.Lang, d.Gateway)}, {"why", d.Why}, {"categories", d.Categories}, {"form", form(p, d.Form)},
		{"given", locale.ISODate(p.Lang, string(d.GivenOn))}, {"how", d.How}, {"authoriser", d.Authoriser}, {"told", p.T("disclosure.told." + told(d.Told))}, {"told_why", d.ToldWhy},
		{"notify", notice(p, d)}} {
		if x[1] != "" {
			list.Rows = append(list.Rows, page.SummaryRow{Key: p.T("disclosure.field." + x[0]), Lines: []string{x[1]}})
		}
	}
	return desk.Block{Summary: list}
}
