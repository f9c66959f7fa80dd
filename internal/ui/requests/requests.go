// Package requests answers: what do people ask about their information, by when is it due, and what happened?
//
// The register of requests and complaints, each with its clock, its history and its letters.
//
// Reviewer: data protection officer.
package requests

import (
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

const root = "/office/requests"

func path(id string) string { return root + "/" + id }

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/requests")
	r.Get("", keep, h.list)
	r.Get("/new", keep, h.enter)
	r.Post("/new", keep, h.enterSend)
	r.Get("/:id", keep, h.show)
	r.Get("/:id/letters/:letter", keep, h.letter)
	r.Get("/:id/copy", keep, h.copy)
	r.Get("/:id/copy.json", keep, h.copyJSON)
	r.Get("/:id/copy.csv", keep, h.copyCSV)
	r.Get("/:id/find", keep, h.find)
	r.Post("/:id/find", keep, h.findSend)
	r.Get("/:id/find/:search", keep, h.matches)
	r.Post("/:id/find/:search", keep, h.decide)
	r.Post("/:id/take", keep, h.take)
	r.Get("/:id/redact", keep, h.redact)
	r.Post("/:id/redact", keep, h.redactSend)
	r.Post("/:id/redact/restore", keep, h.restore)
	r.Get("/:id/rectify", keep, h.rectify)
	r.Post("/:id/rectify", keep, h.rectifySend)
	r.Get("/:id/equality", keep, h.equality)
	r.Post("/:id/equality", keep, h.equalitySend)
	for _, s := range steps {
		r.Get("/:id/"+s.path, keep, func(c *fiber.Ctx) error { return h.step(c, s) })
		r.Post("/:id/"+s.path, keep, func(c *fiber.Ctx) error { return h.stepSend(c, s) })
	}
}

// list answers: what is due?
func (h *Handlers) list(c *fiber.Ctx) error {
	open, ended, err := h.Cases.Cases(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "request.list.title")
	p.Wide = true
	due := h.Cases.Due(open)
	blocks := []desk.Block{desk.Para(p.T("request.list.intro")),
		{Figures: []page.Figure{{Label: p.T("request.list.open"), Value: locale.Number(int64(len(open)))},
			{Label: p.T("request.list.soon"), Value: locale.Number(int64(due.Soon))}, {Label: p.T("request.list.late"), Value: locale.Number(int64(due.Late))}}},
		{Buttons: []page.Button{{Text: p.T("request.list.new"), Href: p.To(root + "/new")}}},
		desk.TableBlock(h.table(p, "request.list.running", "request.list.empty", open))}
	if len(ended) > 0 {
		blocks = append(blocks, desk.TableBlock(h.table(p, "request.list.ended", "", ended)))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

func (h *Handlers) table(p *page.Page, caption, empty string, cases []*dpo.Case) page.Table {
	t := page.Table{Caption: p.T(caption), Stack: true, Head: page.Cells(p.T("request.column.number"), p.T("request.column.kind"), p.T("request.column.who"),
		p.T("request.column.received"), p.T("request.column.due"), p.T("request.column.state"))}
	if empty != "" {
		t.Empty = p.T(empty)
	}
	for _, x := range cases {
		tag := state(p, x)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Link: &page.Link{Text: x.Number(), Href: p.To(path(x.Entry.ID)), Hidden: p.T("request.kind." + string(x.Request.Kind))}},
			{Text: p.T("request.kind." + string(x.Request.Kind))}, {Text: whom(p, x)}, {Text: day(p, x.Request.Received)},
			{Text: dueWords(p, x)}, {Tag: &tag}}})
	}
	return t
}

// whom names the person as far as they are known.
func whom(p *page.Page, x *dpo.Case) string {
	switch {
	case x.Request.Name != "":
		return x.Request.Name
	case x.Request.Response != "":
		return p.T("request.who.code")
	}
	return p.T("request.who.unknown")
}

func day(p *page.Page, d privacy.Date) string { return locale.ISODate(p.Lang, string(d)) }

// dueWords says by when something is due, or why there is no such day.
func dueWords(p *page.Page, x *dpo.Case) string {
	r := x.Request
	switch {
	case r.Outcome != nil:
		return p.T("request.due.ended", "Date", day(p, r.Outcome.On))
	case r.Kind == privacy.AskComplaint && x.Due.On != "": // its 30 days run whoever complains
		return p.T("request.due.acknowledge", "Date", day(p, x.Due.On))
	case x.Clock == privacy.ClockNotStarted, x.Clock == privacy.ClockPaused:
		return p.T("request.due." + string(x.Clock))
	case x.Due.On == "":
		return p.T("request.due.none")
	case x.Due.On != x.Due.Rolled:
		return p.T("request.due.rolled", "Date", day(p, x.Due.On), "Rolled", day(p, x.Due.Rolled))
	}
	return day(p, x.Due.On)
}

// state is the tag of a request.
func state(p *page.Page, x *dpo.Case) page.Tag {
	switch {
	case x.Request.Outcome != nil:
		return page.Tag{Text: p.T("request.decision." + string(x.Request.Outcome.Decision)), Colour: "grey"}
	case x.Late:
		return page.Tag{Text: p.T("request.state.late"), Colour: "red"}
	case x.Clock == privacy.ClockPaused || x.Clock == privacy.ClockNotStarted:
		return page.Tag{Text: p.T("request.state.waiting"), Colour: "yellow"}
	}
	return page.Tag{Text: p.T("request.state.open"), Colour: "blue"}
}

// enter asks for a request that reached the council by e-mail, telephone, post or in person.
func (h *Handlers) enter(c *fiber.Ctx) error {
	form := survey.Form{}
	desk.PutDay(form, "received", string(privacy.DateOf(h.Service.Now())))
	return h.showEnter(c, fiber.StatusOK, form, nil)
}

func (h *Handlers) showEnter(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "request.new.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.PostForm(p, root, []desk.Block{
		f.Radios("kind", "request.field.kind", kinds(p)...), f.Day("received", "request.field.received"), f.Radios("channel", "request.field.channel", channels(p)...),
		f.Area("text", "request.field.text", 6), f.Input("name", "request.field.name", "30"), f.Area("contact", "request.field.contact", 3),
		f.Area("authority", "request.field.authority", 2),
		f.Checks("marketing", "request.field.marketing", page.Option{Value: "yes", Label: p.T("request.field.marketing.yes")}),
	}, page.Button{Text: p.T("request.new.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("request.new.intro")), {Form: send}}})
}

func kinds(p *page.Page) (out []page.Option) {
	for _, k := range privacy.RequestKinds() {
		out = append(out, page.Option{Value: string(k), Label: p.T("request.kind." + string(k)), Hint: k.Clause()})
	}
	return out
}

func channels(p *page.Page) (out []page.Option) {
	for _, x := range privacy.RequestChannels() {
		if x != privacy.ByForm {
			out = append(out, page.Option{Value: string(x), Label: p.T("request.channel." + string(x))})
		}
	}
	return out
}

// values lists what options offer, for desk.Offered.
func values(options []page.Option) (out []string) {
	for _, o := range options {
		out = append(out, o.Value)
	}
	return out
}

func (h *Handlers) enterSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err == nil {
		p := h.Kit.Page(c, "request.new.title")
		err = desk.Offered(form, map[string][]string{"kind": values(kinds(p)), "channel": values(channels(p)), "marketing": {"yes"}})
	}
	if err != nil {
		return err
	}
	r := privacy.Request{Kind: privacy.RequestKind(form.First("kind")), Channel: privacy.RequestChannel(form.First("channel")),
		Name: desk.Trimmed(form, "name"), Contact: desk.Trimmed(form, "contact"), Authority: desk.Trimmed(form, "authority"), Text: desk.Trimmed(form, "text")}
	r.Marketing = r.Kind == privacy.AskObject && form.First("marketing") == "yes"
	if iso, ok := desk.ReadMoment(form, "received").ISO(); ok {
		r.Received = privacy.Date(iso)
	}
	var problems []survey.Problem
	for _, err := range r.Faults() {
		if p, ok := problem(err); ok {
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		return h.showEnter(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	x, err := h.Cases.Enter(c.UserContext(), desk.Staff(c), r)
	if p, ok := problem(err); ok {
		return h.showEnter(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(x.Entry.ID), "request.new.done")
}
