package requests

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// matches shows what a search found, for the officer to say of each whether it is the person's.
func (h *Handlers) matches(c *fiber.Ctx) error {
	return h.showMatches(c, fiber.StatusOK, survey.Form{}, nil)
}

func (h *Handlers) showMatches(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	number, err := searchOf(c)
	if err != nil {
		return err
	}
	x, done, opened, err := h.Cases.Matches(c.UserContext(), desk.Staff(c), c.Params("id"), number)
	if err != nil {
		return err
	}
	all, err := h.published(c)
	if err != nil {
		return err
	}
	titles := map[string]string{}
	v := h.frame(c, x, "request.matches.title")
	p := v.Page
	for _, con := range all {
		titles[con.ID] = con.Title.In(p.Lang)
	}
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.Title}}
	p.SetProblems(problems)
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	found := done.Subject
	v.Blocks = append(v.Blocks, desk.Block{Summary: &page.SummaryList{Rows: queryRows(p, done.Query, titles)}}, desk.TableBlock(lookedTable(p, found)))
	if found.More {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("request.matches.more", "Max", consult.MaxMatches)}})
	}
	if len(found.Matches) == 0 {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("request.matches.none"), p.T("request.matches.article11")}}})
	} else {
		v.Blocks = append(v.Blocks, desk.H2(p.T("request.matches.responses")), desk.Para(p.T("request.matches.about")))
	}
	for i, m := range found.Matches {
		card, err := h.matchCard(c, p, x, m, opened, titles, i, form)
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, card)
	}
	v.Blocks = append(v.Blocks, elsewhere(p, found)...)
	v.Blocks = append(v.Blocks, desk.Block{Buttons: []page.Button{{Text: p.T("request.matches.again"), Href: p.To(path(x.Entry.ID) + "/find"), Kind: "secondary"},
		{Text: p.T("request.matches.back"), Href: p.To(path(x.Entry.ID)), Kind: "secondary"}}})
	return h.Show(c, status, v)
}

// lookedTable says where a search looked and what it found there, and where it did not look and why.
func lookedTable(p *page.Page, found *privacy.SubjectFound) page.Table {
	t := page.Table{Caption: p.T("request.looked"), Stack: true, Head: []page.Cell{{Text: p.T("request.looked.place")}, {Text: p.T("request.looked.in"), Numeric: true},
		{Text: p.T("request.looked.found"), Numeric: true}, {Text: p.T("request.looked.note")}}}
	for _, l := range found.Looked {
		row := []page.Cell{{Text: p.T("request.place." + string(l.Place))}, page.Num(locale.Number(int64(l.In))), page.Num(locale.Number(int64(l.Found))), {}}
		switch {
		case l.Left > 0:
			row[3].Text = p.T("request.looked.left", "Count", l.Left)
		case l.Place == privacy.PlaceEquality || l.Place == privacy.PlaceDrafts:
			row[1], row[2], row[3].Text = page.Num("–"), page.Num("–"), p.T("request.place."+string(l.Place)+".never")
		case !l.Done:
			row[1], row[2], row[3].Text = page.Num("–"), page.Num("–"), p.T("request.looked.not")
		}
		t.Rows = append(t.Rows, page.Row{Cells: row})
	}
	return t
}

// matchCard shows one response with the form that decides about it.
func (h *Handlers) matchCard(c *fiber.Ctx, p *page.Page, x *dpo.Case, m privacy.Match, opened map[string]consult.SubjectMatch, titles map[string]string, i int, form survey.Form) (desk.Block, error) {
	card := desk.Card{Title: p.T("request.matches.response", "Number", i+1)}
	rows := []page.SummaryRow{{Key: p.T("respond.held.consultation"), Lines: []string{titles[m.ConsultationID]}}}
	one, there := opened[m.Response]
	if there {
		rows = append(rows, page.SummaryRow{Key: p.T("respond.held.reference"), Lines: []string{one.Response.Reference}, Code: true},
			page.SummaryRow{Key: p.T("respond.held.sent_on"), Lines: []string{locale.ISODate(p.Lang, one.Response.SubmittedOn)}},
			page.SummaryRow{Key: p.T("request.find.channel"), Lines: []string{p.T("results.channel." + string(one.Response.Channel))}})
		s := export.Subject{Everything: &consult.Everything{Held: consult.Held{Response: *one.Response, Consultation: one.Consultation, Definition: one.Definition,
			Equality: survey.Answers{}}}, Council: p.Council, Lang: p.Lang, At: h.Kit.Now()}
		var err error
		if s.Geography, err = h.Service.Geography(c.UserContext()); err != nil {
			return desk.Block{}, err
		}
		for _, l := range s.Lines() {
			rows = append(rows, page.SummaryRow{Key: l.Question, Lines: []string{l.Answer}})
		}
	}
	card.Blocks = []desk.Block{{Summary: &page.SummaryList{Rows: rows}}}
	switch {
	case m.Verdict == privacy.VerdictTheirs:
		card.Tag = &page.Tag{Text: p.T("request.matches.theirs"), Colour: "green"}
	case m.Verdict == privacy.VerdictDismissed:
		card.Tag = &page.Tag{Text: p.T("request.matches.dismissed"), Colour: "grey"}
		card.Blocks = append(card.Blocks, desk.Para(p.T("request.matches.because", "Reason", m.Reason)))
	case !there:
		card.Blocks = append(card.Blocks, desk.Para(p.T("request.matches.gone")))
	default:
		send, err := h.decideForm(p, x, m, i, form)
		if err != nil {
			return desk.Block{}, err
		}
		card.Blocks = append(card.Blocks, desk.Block{Form: send})
	}
	return desk.Block{Card: &card}, nil
}

// decideForm asks whether a match is the person's. Its fields have the number of the match in their names: a page has one for each.
func (h *Handlers) decideForm(p *page.Page, x *dpo.Case, m privacy.Match, i int, form survey.Form) (*desk.Form, error) {
	n := strconv.Itoa(i + 1)
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.EditForm(p, x.Entry.Version, "", []desk.Block{
		f.Radios("verdict-"+n, "request.matches.verdict", page.Option{Value: string(privacy.VerdictTheirs), Label: p.T("request.matches.verdict.theirs")},
			page.Option{Value: string(privacy.VerdictDismissed), Label: p.T("request.matches.verdict.dismissed")}),
		f.Area("reason-"+n, "request.matches.reason", 2),
	}, page.Button{Text: p.T("request.matches.decide")})
	if err == nil {
		send.Label = p.T("request.matches.response", "Number", i+1)
		send.Hidden = append(send.Hidden, page.Hidden{Name: "match", Value: n})
	}
	return send, err
}

// elsewhere lists what was found outside of responses.
func elsewhere(p *page.Page, found *privacy.SubjectFound) (blocks []desk.Block) {
	var links []page.Link
	for _, e := range found.Entries {
		switch e.Register {
		case privacy.RegisterRequests:
			links = append(links, page.Link{Text: p.T("request.matches.request", "Number", e.Number), Href: p.To(path(e.ID))})
		case privacy.RegisterBreaches:
			links = append(links, page.Link{Text: p.T("request.matches.breach", "Number", e.Number), Href: p.To("/office/breaches/" + e.ID)})
		case privacy.RegisterDisclosures:
			links = append(links, page.Link{Text: p.T("request.matches.disclosure", "Number", e.Number), Href: p.To("/office/registers/disclosures/" + e.ID)})
		case privacy.RegisterProcessors:
			links = append(links, page.Link{Text: p.T("request.matches.processor", "Number", e.Number), Href: p.To("/office/registers/processors/" + e.ID)})
		}
	}
	if len(links) > 0 {
		blocks = append(blocks, desk.H2(p.T("request.matches.registers")), desk.LinkList(links...))
	}
	if len(found.Staff) > 0 {
		blocks = append(blocks, desk.Para(p.T("request.matches.staff", "Count", len(found.Staff))))
	}
	if len(found.Partner) > 0 {
		blocks = append(blocks, desk.Para(p.T("request.matches.partners", "Count", len(found.Partner))))
	}
	return blocks
}

func (h *Handlers) decide(c *fiber.Ctx) error {
	number, err := searchOf(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	x, err := h.searchable(c)
	if err != nil {
		return err
	}
	m, n, err := matchOf(x, number, form)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"verdict-" + n: {string(privacy.VerdictTheirs), string(privacy.VerdictDismissed)}}); err != nil {
		return err
	}
	v := privacy.MatchVerdict(form.First("verdict-" + n))
	err = h.Cases.Decide(c.UserContext(), desk.Staff(c), x.Entry.ID, desk.Version(form), number, m.Response, v, desk.Trimmed(form, "reason-"+n))
	if p, ok := problem(err); ok {
		p.Field += "-" + n
		return h.showMatches(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p})
	}
	if desk.Crossed(err) {
		return h.showMatches(c, fiber.StatusConflict, form, nil)
	}
	if err != nil {
		return err
	}
	if v == privacy.VerdictTheirs {
		return page.Done(c, findPath(x.Entry.ID, number), "request.matches.linked")
	}
	return page.Done(c, findPath(x.Entry.ID, number), "request.matches.dropped")
}

// matchOf reads which match a form is about, and its number as it stands in the names of fields.
func matchOf(x *dpo.Case, number int, form survey.Form) (m privacy.Match, n string, err error) {
	n = form.First("match")
	if number < len(x.Request.Searches) && x.Request.Searches[number].Subject != nil {
		for i, m := range x.Request.Searches[number].Subject.Matches {
			if strconv.Itoa(i+1) == n {
				return m, n, nil
			}
		}
	}
	return m, n, fault.New(fault.NotFound, "error.search.match")
}

// linked lists the responses that are the person's where there are several, and lets the officer change to another.
func linked(p *page.Page, x *dpo.Case, titles map[string]string) ([]desk.Block, error) {
	links := x.Request.Linked()
	if len(links) == 0 {
		return nil, nil
	}
	blocks := []desk.Block{desk.H2(p.T("request.linked"))}
	for i, l := range links {
		card := desk.Card{Title: titles[l.ConsultationID], Blocks: []desk.Block{desk.Para(p.T("request.linked.by", "Tier", p.T("request.tier."+string(l.Tier))))}}
		if l.Tier != privacy.IdentityCode {
			card.Blocks = append(card.Blocks, desk.Small(p.T("request.linked.equality")))
		}
		if i == 0 {
			card.Tag = &page.Tag{Text: p.T("request.linked.hand"), Colour: "blue"}
		} else if x.Request.Outcome == nil {
			action, err := desk.NewAction(p, path(x.Entry.ID)+"/take", page.Button{Text: p.T("request.linked.take"), Kind: "secondary"},
				page.Hidden{Name: "response", Value: l.Response}, desk.VersionField(x.Entry.Version))
			if err != nil {
				return nil, err
			}
			card.Actions = []page.Action{action}
		}
		blocks = append(blocks, desk.Block{Card: &card})
	}
	return blocks, nil
}

// take makes another response the one that steps are about.
func (h *Handlers) take(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	x, err := h.Cases.Case(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(x.Request.Links, func(l privacy.Link) bool { return l.Response == form.First("response") }) {
		return fault.New(fault.NotFound, "error.search.match")
	}
	if err := h.Cases.TakeInHand(c.UserContext(), desk.Staff(c), x.Entry.ID, desk.Version(form), form.First("response")); err != nil {
		return err
	}
	return page.Done(c, path(x.Entry.ID), "request.linked.done")
}
