package requests

import (
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

func (h *Handlers) frame(c *fiber.Ctx, x *dpo.Case, title string) desk.View {
	p := h.Kit.Page(c, title)
	p.Caption = x.Number() + " – " + p.T("request.kind."+string(x.Request.Kind))
	tag := state(p, x)
	return desk.View{Page: p, Tag: &tag}
}

// show answers: where does this request stand, and what can be done next?
func (h *Handlers) show(c *fiber.Ctx) error {
	x, err := h.Cases.Open(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	v := h.frame(c, x, "request.case.title")
	p := v.Page
	p.Title, p.Caption = p.T("request.case.heading", "Number", x.Number(), "Kind", p.T("request.kind."+string(x.Request.Kind))), ""
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number()}}
	if x.Late {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("request.case.late")}})
	}
	v.Blocks = append(v.Blocks, h.facts(p, x))
	if x.Request.Text != "" {
		v.Blocks = append(v.Blocks, desk.H2(p.T("request.case.words")), desk.Block{Quotes: []string{x.Request.Text}})
	}
	titles, err := h.titles(c, p)
	if err != nil {
		return err
	}
	theirs, err := linked(p, x, titles)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, theirs...)
	v.Blocks = append(v.Blocks, h.next(p, x)...)
	v.Blocks = append(v.Blocks, lettersOf(p, x)...)
	history, err := h.history(c, p, x)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, recorded(p, x)...)
	v.Blocks = append(v.Blocks, history)
	return h.Show(c, fiber.StatusOK, v)
}

// facts sums the request up.
func (h *Handlers) facts(p *page.Page, x *dpo.Case) desk.Block {
	r, list := x.Request, &page.SummaryList{}
	add := func(key string, lines ...string) {
		if text := strings.Join(lines, ""); text != "" {
			list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: lines})
		}
	}
	add("request.column.due", dueWords(p, x))
	add("request.fact.clause", r.Kind.Clause())
	add("request.column.received", p.T("request.fact.received", "Date", day(p, r.Received), "Channel", p.T("request.channel."+string(r.Channel))))
	add("request.fact.name", r.Name)
	add("request.fact.contact", strings.Split(r.Contact, "\n")...)
	add("request.fact.authority", r.Authority)
	if r.Marketing {
		add("request.field.marketing", p.T("request.field.marketing.yes"))
	}
	identity := p.T("request.identity.none")
	switch {
	case r.Tier != privacy.IdentityNone:
		identity = p.T("request.identity.on", "Tier", p.T("request.tier."+string(r.Tier)), "Date", day(p, r.IdentityOn))
	case r.IdentityAsked != "":
		identity = p.T("request.identity.asked", "Date", day(p, r.IdentityAsked))
	}
	lines := []string{identity}
	if r.IdentityNote != "" {
		lines = append(lines, r.IdentityNote)
	}
	add("request.fact.identity", lines...)
	if r.Restricted {
		lines := []string{p.T("request.fact.restricted.yes")}
		if r.StopsUse() {
			lines = append(lines, p.T("request.fact.restricted.until"))
		}
		add("request.fact.restricted", lines...)
	}
	if r.Acknowledged != "" {
		add("request.fact.acknowledged", day(p, r.Acknowledged))
	}
	if e := r.Extension; e != nil {
		add("request.fact.extension", p.T("request.fact.extended", "Date", day(p, e.NotifiedOn)), e.Reason)
	}
	if o := r.Outcome; o != nil {
		add("request.fact.outcome", p.T("request.decision."+string(o.Decision))+", "+day(p, o.On), o.Reasons, o.Done)
	}
	return desk.Block{Summary: list}
}

// next offers the steps that the request can take now.
func (h *Handlers) next(p *page.Page, x *dpo.Case) []desk.Block {
	list := page.TaskList{ID: "next"}
	if x.Request.Kind == privacy.AskRectify && x.Request.Outcome == nil && found(x) {
		list.Items = append(list.Items, page.Task{Title: p.T("request.rectify.title"), Hint: p.T("request.rectify.hint"), Href: p.To(path(x.Entry.ID) + "/rectify")})
	}
	if equalityOpen(x) {
		list.Items = append(list.Items, page.Task{Title: p.T("request.equality.title"), Hint: p.T("request.equality.hint"), Href: p.To(path(x.Entry.ID) + "/equality")})
	}
	for _, s := range steps {
		if s.open(x) {
			list.Items = append(list.Items, page.Task{Title: p.T("request.step." + s.key), Hint: p.T("request.step." + s.key + ".about"), Href: p.To(path(x.Entry.ID) + "/" + s.path)})
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	blocks := []desk.Block{desk.H2(p.T("request.case.next"))}
	if x.Request.Outcome != nil {
		return append(blocks, desk.Block{Tasks: &list})
	}
	var buttons []page.Button
	if x.Request.Response != "" {
		buttons = append(buttons, page.Button{Text: p.T("request.copy.button"), Href: p.To(path(x.Entry.ID) + "/copy"), Kind: "secondary"})
	} else {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("request.case.unlinked")}}})
	}
	if x.Request.Searchable() == nil {
		buttons = append(buttons, page.Button{Text: p.T("request.find.title"), Href: p.To(path(x.Entry.ID) + "/find"), Kind: "secondary"})
	}
	if len(buttons) > 0 {
		blocks = append(blocks, desk.Block{Buttons: buttons})
	}
	if r := x.Request; r.Kind == privacy.AskRectify && r.Response != "" && !r.Restricted {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("request.case.accuracy")}}})
	}
	return append(blocks, desk.Block{Tasks: &list})
}

// recorded lists corrections, pauses, exemptions, how an objection was weighed, and searches.
func recorded(p *page.Page, x *dpo.Case) (blocks []desk.Block) {
	blocks = append(corrections(p, x.Request.Corrections), tellings(p, x.Request.Tellings)...)
	if len(x.Request.Pauses) > 0 {
		t := page.Table{Caption: p.T("request.pauses"), Stack: true, Head: page.Cells(p.T("request.pauses.asked"), p.T("request.pauses.answered"), p.T("request.pauses.question"))}
		for _, s := range x.Request.Pauses {
			answered := p.T("request.pauses.waiting")
			if s.Answered != "" {
				answered = day(p, s.Answered)
			}
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(day(p, s.Asked), answered, s.Question)})
		}
		blocks = append(blocks, desk.TableBlock(t))
	}
	if len(x.Request.Exemptions) > 0 {
		t := page.Table{Caption: p.T("request.exemptions"), Stack: true, Head: page.Cells(p.T("request.field.item"), p.T("request.field.ground"), p.T("request.field.reason"))}
		for _, e := range x.Request.Exemptions {
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(e.Item, groundWords(p, e.Ground), e.Reason)})
		}
		blocks = append(blocks, desk.TableBlock(t))
	}
	blocks = append(blocks, weighed(p, x.Request.Balancing)...)
	if len(x.Request.Searches) > 0 {
		t := page.Table{Caption: p.T("request.searches"), Stack: true, Head: []page.Cell{{Text: p.T("request.searches.on")}, {Text: p.T("request.field.where")},
			{Text: p.T("request.field.for")}, {Text: p.T("request.field.found"), Numeric: true}}}
		for i, s := range x.Request.Searches {
			where, sorts := page.Cell{Text: s.Where}, s.For
			if s.Subject != nil {
				where.Text, sorts = p.T("request.searches.service"), sortsOf(p, s.Query)
				if x.Request.Searchable() == nil {
					where = page.Cell{Link: &page.Link{Text: where.Text, Href: p.To(findPath(x.Entry.ID, i)), Hidden: p.T("request.searches.number", "Number", i+1)}}
				}
			}
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: day(p, s.On)}, where, {Text: sorts}, page.Num(locale.Number(int64(s.Found)))}})
		}
		blocks = append(blocks, desk.TableBlock(t))
	}
	return blocks
}

// sortsOf names the sorts of details that a search looked for.
func sortsOf(p *page.Page, q *privacy.SubjectQuery) string {
	var out []string
	for _, class := range q.Classes() {
		out = append(out, p.T("request.sort."+class))
	}
	return strings.Join(out, ", ")
}

// titles are those of all consultations by id.
func (h *Handlers) titles(c *fiber.Ctx, p *page.Page) (map[string]string, error) {
	all, err := h.Service.Consultations(c.UserContext(), desk.Staff(c), consult.ConsultationFilter{})
	out := map[string]string{}
	for _, con := range all {
		out[con.ID] = con.Title.In(p.Lang)
	}
	return out, err
}

func groundWords(p *page.Page, id string) string {
	for _, g := range privacy.ExemptionGrounds() {
		if g.ID == id {
			return p.T("request.ground."+id) + " (" + g.Clause + ")"
		}
	}
	return id
}

// history lists what happened, newest first.
func (h *Handlers) history(c *fiber.Ctx, p *page.Page, x *dpo.Case) (desk.Block, error) {
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return desk.Block{}, err
	}
	return sheet.History(p, x.Request.Steps, names), nil
}
