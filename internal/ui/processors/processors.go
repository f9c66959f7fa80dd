// Package processors answers: who gets people's information from us, under which contract, and what is missing in it?
//
// The register of processors and other recipients, and beside it who is named by what is configured: consultations and agreements.
//
// Reviewer: data protection officer.
package processors

import (
	"slices"
	"strings"

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

const root = "/office/registers/processors"

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/registers/processors")
	r.Get("", keep, h.list)
	r.Get("/processors.csv", keep, h.csv)
	h.sheet().Routes(r)
}

// sheet is how entries are filled in, changed and ended.
func (h *Handlers) sheet() sheet.Register[privacy.Processor, *dpo.ProcessorCase] {
	return sheet.Register[privacy.Processor, *dpo.ProcessorCase]{Desk: h.Desk, Root: root, Noun: "processor", Over: "error.processor.closed",
		Crumbs: func(p *page.Page) []page.Crumb {
			return []page.Crumb{{Text: p.T("office.nav.registers"), Href: "/office/registers"}, {Text: p.T("processor.list.title"), Href: root}}
		},
		Fresh: func() privacy.Processor { return privacy.Processor{} },
		Says:  func(x *dpo.ProcessorCase) privacy.Processor { return x.Processor },
		Form:  formOf, Sent: readForm, Read: processorOf, First: fields, All: fields,
		Enter: h.Cases.RecordProcessor, Get: h.Cases.Processor, Open: h.Cases.OpenProcessor, Update: h.Cases.UpdateProcessor, End: h.Cases.CloseProcessor,
		Warn: func(*page.Page, *dpo.ProcessorCase) string { return "" },
		Facts: func(p *page.Page, x *dpo.ProcessorCase) []desk.Block {
			return append(missing(p, x), facts(p, x.Processor)...)
		},
		More:  func(*page.Page, *dpo.ProcessorCase) []page.Button { return nil },
		Tag:   state,
		Steps: func(x privacy.Processor) []privacy.RequestStep { return x.Steps }}
}

// list answers: who gets information, what is missing, and whom does the register not hold?
func (h *Handlers) list(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), desk.Staff(c)
	running, closed, err := h.Cases.Processors(ctx, who)
	if err != nil {
		return err
	}
	named, err := h.Service.NamedRecipients(ctx, who)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "processor.list.title")
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.registers"), Href: "/office/registers"}, {Text: p.Title}}
	blocks := []desk.Block{desk.Para(p.T("processor.list.intro")), {Buttons: []page.Button{{Text: p.T("processor.new.title"), Href: p.To(root + "/new")},
		{Text: p.T("disclosure.csv"), Href: p.To(root + "/processors.csv"), Kind: "secondary"}}}}
	blocks = append(blocks, sheet.Lists(p, "processor", running, closed, Table)...)
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.H2(p.T("processor.named.title")), desk.Para(p.T("processor.named.intro")),
		desk.TableBlock(namedTable(p, named)))})
}

// Table lists entries, each with the way to it.
func Table(p *page.Page, caption string, cases []*dpo.ProcessorCase) page.Table {
	t := page.Table{Caption: caption, Stack: true, Head: page.Cells(p.T("processor.column.number"), p.T("processor.field.name"), p.T("processor.field.kind"), p.T("processor.field.location"),
		p.T("processor.field.until"), p.T("processor.column.state"))}
	for _, x := range cases {
		tag := state(p, x)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: x.Number(), Href: p.To(root + "/" + x.Entry.ID), Hidden: x.Processor.Name}}, {Text: x.Processor.Name},
			{Text: p.T("processor.kind." + string(x.Processor.Kind))}, {Text: x.Processor.Location}, {Text: locale.ISODate(p.Lang, string(x.Processor.Until))}, {Tag: &tag}}})
	}
	return t
}

func state(p *page.Page, x *dpo.ProcessorCase) page.Tag {
	switch {
	case x.Processor.Closed:
		return page.Tag{Text: p.T("processor.state.closed"), Colour: "grey"}
	case len(x.Missing) > 0:
		return page.Tag{Text: p.T("processor.state.open", "Count", len(x.Missing)), Colour: "orange"}
	}
	return page.Tag{Text: p.T("processor.state.whole"), Colour: "green"}
}

// namedTable shows who is named by what is configured, with the way to the entry or the word that there is none.
func namedTable(p *page.Page, named []consult.NamedRecipient) page.Table {
	t := page.Table{Caption: p.T("processor.named.title"), HiddenCaption: true, Stack: true, Empty: p.T("processor.named.none"),
		Head: page.Cells(p.T("processor.field.name"), p.T("processor.named.in"), p.T("processor.named.agreement"), p.T("processor.named.entry"))}
	for _, n := range named {
		in := make([]string, len(n.In))
		for i, c := range n.In {
			if in[i] = c.Title.In(p.Lang); c.Planned {
				in[i] = p.T("processor.named.planned", "Consultation", in[i])
			}
		}
		entry := page.Cell{Link: &page.Link{Text: p.T("processor.named.held"), Href: p.To(root + "/" + n.Entry), Hidden: n.Name}}
		if n.Entry == "" {
			entry = page.Cell{Tag: &page.Tag{Text: p.T("processor.named.missing"), Colour: "orange"}}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: n.Name}, {Text: strings.Join(in, "; ")}, {Text: locale.ISODate(p.Lang, string(n.Until))}, entry}})
	}
	return t
}

// missing says what is still to be done, each with the clause that asks for it.
func missing(p *page.Page, x *dpo.ProcessorCase) []desk.Block {
	if len(x.Missing) == 0 {
		return nil
	}
	return []desk.Block{desk.H2(p.T("processor.missing")), {List: gaps(p, x)}}
}

func gaps(p *page.Page, x *dpo.ProcessorCase) (out []string) {
	for _, g := range x.Missing {
		out = append(out, p.T(g.Key, "Text", g.Text.In(p.Lang))+" ("+g.Clause+")")
	}
	return out
}

// facts shows what is known, in the order of the form.
func facts(p *page.Page, x privacy.Processor) []desk.Block {
	list := &page.SummaryList{}
	for _, f := range texts(p, x) {
		if f.text != "" {
			list.Rows = append(list.Rows, page.SummaryRow{Key: p.T("processor.field." + f.name), Lines: strings.Split(f.text, "\n")})
		}
	}
	blocks := []desk.Block{{Summary: list}}
	if x.Kind != privacy.KindProcessor {
		return blocks
	}
	t := page.Table{Caption: p.T("processor.clauses"), Stack: true, Head: page.Cells(p.T("processor.clause.what"), p.T("processor.clause.law"), p.T("processor.clause.has"), p.T("processor.clause.where"))}
	for _, c := range privacy.ContractClauses() {
		a := x.Clauses[c.ID]
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(c.Text.In(p.Lang), c.Clause, p.T("processor.has."+has(a.Has)), a.Where)})
	}
	return append(blocks, desk.TableBlock(t))
}

// fact is what an entry says in one field, as it is read.
type fact struct{ name, text string }

func texts(p *page.Page, x privacy.Processor) []fact {
	day := func(d privacy.Date) string { return locale.ISODate(p.Lang, string(d)) }
	marketing := ""
	if x.NotMarketing {
		marketing = p.T("processor.field.marketing.yes")
	}
	notify := ""
	if x.Notify {
		notify = p.T("disclosure.field.notify.yes")
	}
	return []fact{{"name", x.Name}, {"kind", p.T("processor.kind." + string(x.Kind))}, {"does", x.Does}, {"data", x.Data}, {"people", x.People}, {"form", p.T("disclosure.form." + string(x.Form))},
		{"location", x.Location}, {"transfer", transfer(p.Lang, x.Transfer)}, {"contact", x.Contact}, {"contract", x.Contract}, {"from", day(x.From)}, {"until", day(x.Until)},
		{"review", day(x.ReviewOn)}, {"subs", x.Subs}, {"security", x.Security}, {"security_on", day(x.SecurityOn)}, {"marketing", marketing}, {"notify", notify}, {"notified", day(x.Notified)}, {"not_told", x.NotTold}, {"after", x.After}}
}

// transfer says a safeguard with its clause; empty for none.
func transfer(lang locale.Lang, id string) string {
	all := privacy.TransferClauses()
	i := slices.IndexFunc(all, func(c privacy.Clause) bool { return c.ID == id })
	if i < 0 {
		return ""
	}
	return all[i].Text.In(lang) + " (" + all[i].Clause + ")"
}

func has(t privacy.Tell) string {
	if t == privacy.TellUndecided {
		return "unchecked"
	}
	return string(t)
}

// csv is the register for a spreadsheet program, one line an entry. It names the contacts: the file is the officer's.
func (h *Handlers) csv(c *fiber.Ctx) error {
	running, closed, err := h.Cases.ExportProcessors(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "processor.list.title")
	head := []string{p.T("processor.column.number"), p.T("processor.column.state")}
	for _, f := range texts(p, privacy.Processor{Kind: privacy.KindProcessor, Form: privacy.Anonymous}) {
		head = append(head, p.T("processor.field."+f.name))
	}
	for _, clause := range privacy.ContractClauses() {
		head = append(head, clause.Clause)
	}
	head = append(head, p.T("processor.missing"))
	var rows [][]string
	for _, x := range append(running, closed...) {
		row := []string{x.Number(), state(p, x).Text}
		for _, f := range texts(p, x.Processor) {
			row = append(row, f.text)
		}
		for _, clause := range privacy.ContractClauses() {
			a, cell := x.Processor.Clauses[clause.ID], ""
			if x.Processor.Kind == privacy.KindProcessor {
				cell = strings.TrimSuffix(p.T("processor.has."+has(a.Has))+": "+a.Where, ": ")
			}
			row = append(row, cell)
		}
		rows = append(rows, append(row, strings.Join(gaps(p, x), "\n")))
	}
	return sheet.CSV(c, "processors.csv", head, rows)
}
