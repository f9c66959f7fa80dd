// Package registers answers: what is done with people's information here, was it thought through beforehand, and who gets it?
//
// The data protection officer's registers: screenings for a data protection impact assessment, and what else the law wants written down. What
// happens to people's requests and breaches is in requests and breaches.
//
// Reviewer: data protection officer.
package registers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/sheet"
)

// Handlers are the pages. They never change after they are made.
type Handlers struct {
	*desk.Desk
	Cases *dpo.Desk
}

const root = "/office/registers"

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/registers")
	r.Get("", keep, h.hub)
	r.Get("/screenings", keep, h.screenings)
	r.Get("/screenings/:id", keep, h.screening)
	r.Post("/screenings/:id", keep, h.decide)
	r.Get("/processing", keep, h.record)
	r.Get("/processing/record.csv", keep, h.recordCSV)
	r.Get("/processing/whole", keep, h.whole)
	r.Get("/processing/activities/:activity", keep, h.activity)
	r.Get("/processing/snapshots", keep, h.snapshots)
	r.Get("/processing/snapshots/:month", keep, h.snapshot)
	r.Get("/processing/snapshots/:month/record.csv", keep, h.storedCSV)
	r.Get("/processing/snapshots/:month/activities/:activity", keep, h.storedActivity)
	r.Get("/dpia", keep, h.dpia)
	r.Post("/dpia", keep, h.dpiaSend)
	r.Get("/forms", keep, h.forms)
	r.Post("/forms", keep, h.formsSend)
	r.Get("/confidentiality", keep, h.confidentiality)
	r.Post("/confidentiality", keep, h.confidentialitySave)
}

// frame begins a page below the registers.
func (h *Handlers) frame(c *fiber.Ctx, key string, crumbs ...page.Crumb) *page.Page {
	p := h.Kit.Page(c, key)
	p.Breadcrumbs = append([]page.Crumb{{Text: p.T("office.nav.registers"), Href: root}}, crumbs...)
	return p
}

// hub answers: which registers are there, and what waits in them?
func (h *Handlers) hub(c *fiber.Ctx) error {
	all, err := h.Service.Screenings(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "registers.title")
	waiting := 0
	for _, s := range all {
		if s.Waits() || s.Lapsed() {
			waiting++
		}
	}
	open, _, err := h.Cases.Disclosures(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	outstanding := 0
	for _, x := range open {
		if x.Disclosure.Outstanding() {
			outstanding++
		}
	}
	recipients, err := h.Cases.ProcessorsWaiting(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	agreements, err := h.agreements(c, p)
	if err != nil {
		return err
	}
	tasks := page.TaskList{ID: "registers", Items: []page.Task{
		{Title: p.T("ropa.title"), Href: p.To(recordRoot), Hint: p.T("registers.record.hint")},
		{Title: p.T("screening.list.title"), Href: p.To(root + "/screenings"), Hint: p.T("registers.screenings.hint"), Tag: waits(p, waiting)},
		{Title: p.T("dpia.title"), Href: p.To(root + "/dpia"), Hint: p.T("registers.dpia.hint")},
		{Title: p.T("processor.list.title"), Href: p.To(root + "/processors"), Hint: p.T("registers.processors.hint"), Tag: waits(p, recipients)},
		{Title: p.T("disclosure.list.title"), Href: p.To(root + "/disclosures"), Hint: p.T("registers.disclosures.hint"), Tag: waits(p, outstanding)},
		{Title: p.T("forms.title"), Href: p.To(root + "/forms"), Hint: p.T("registers.forms.hint")},
		{Title: p.T("access.title"), Href: p.To("/office/access"), Hint: p.T("registers.access.hint")},
		{Title: p.T("confidentiality.title"), Href: p.To(root + "/confidentiality"), Hint: p.T("registers.confidentiality.hint")},
	}}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("registers.intro")), {Tasks: &tasks}, desk.TableBlock(agreements)}})
}

// agreements lists the agreements with partners, the first to end first, each with the way to it: they are kept with the partners.
func (h *Handlers) agreements(c *fiber.Ctx, p *page.Page) (page.Table, error) {
	t := page.Table{Caption: p.T("registers.agreements"), Stack: true, Empty: p.T("registers.agreements.none"),
		Head: page.Cells(p.T("registers.agreements.partner"), p.T("registers.agreements.starts"), p.T("registers.agreements.ends"), p.T("registers.agreements.state"))}
	all, err := h.Service.Agreements(c.UserContext(), desk.Staff(c))
	if err != nil {
		return t, err
	}
	partners, err := h.Service.Partners(c.UserContext(), desk.Staff(c))
	if err != nil {
		return t, err
	}
	names := map[string]string{}
	for _, x := range partners {
		names[x.ID] = x.Name
	}
	slices.SortStableFunc(all, func(a, b *consult.Agreement) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	for _, a := range all {
		now := h.Service.Now()
		tag := page.Tag{Text: p.T("registers.agreements.runs"), Colour: "green"}
		switch {
		case !now.Before(a.ExpiresAt):
			tag = page.Tag{Text: p.T("registers.agreements.over"), Colour: "grey"}
		case !a.NotMarketing:
			tag = page.Tag{Text: p.T("registers.agreements.marketing"), Colour: "orange"}
		case now.AddDate(0, 1, 0).After(a.ExpiresAt):
			tag = page.Tag{Text: p.T("registers.agreements.soon"), Colour: "orange"}
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: names[a.PartnerID], Href: p.To("/office/agreements/" + a.ID)}},
			{Text: locale.ISODate(p.Lang, a.StartsOn)}, {Text: locale.Date(p.Lang, a.ExpiresAt)}, {Tag: &tag}}})
	}
	return t, nil
}

// waits is a tag that says how many wait; nil for none.
func waits(p *page.Page, n int) *page.Tag {
	if n == 0 {
		return nil
	}
	return &page.Tag{Text: p.T("registers.waits", "Count", n), Colour: "orange"}
}

// screenings answers: which consultations wait for my decision?
func (h *Handlers) screenings(c *fiber.Ctx) error {
	all, err := h.Service.Screenings(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.frame(c, "screening.list.title")
	p.Wide = true
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	var waiting, again, rest []consult.ScreeningState
	for _, s := range all {
		switch {
		case s.Waits():
			waiting = append(waiting, s)
		case s.Answers(), s.Lapsed():
			again = append(again, s)
		default:
			rest = append(rest, s)
		}
	}
	blocks := []desk.Block{desk.Para(p.T("screening.list.intro")), desk.TableBlock(h.screeningTable(p, "screening.list.waiting", "screening.list.waiting.none", waiting))}
	if len(again) > 0 {
		blocks = append(blocks, desk.TableBlock(h.screeningTable(p, "screening.list.again", "screening.list.rest.none", again)))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.TableBlock(h.screeningTable(p, "screening.list.rest", "screening.list.rest.none", rest)))})
}

func (h *Handlers) screeningTable(p *page.Page, caption, empty string, states []consult.ScreeningState) page.Table {
	t := page.Table{Caption: p.T(caption), Empty: p.T(empty), Stack: true, Head: page.Cells(p.T("screening.column.consultation"), p.T("screening.column.status"),
		p.T("screening.column.standing"), p.T("screening.column.review"))}
	for _, s := range states {
		status, standing := office.StatusTag(p, s.Consultation.Status(h.Service.Now())), office.StandingTag(p, s.Standing)
		review := ""
		if s.Last.Decision != nil {
			review = locale.ISODate(p.Lang, string(s.Last.Decision.ReviewOn))
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: office.Title(p, s.Consultation), Href: p.To(root + "/screenings/" + s.Consultation.ID)}},
			{Tag: &status}, {Tag: &standing}, {Text: review}}})
	}
	return t
}

// screening answers: what was answered about this consultation, and what do I decide?
func (h *Handlers) screening(c *fiber.Ctx) error {
	state, err := h.Service.Screening(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form := survey.Form{}
	if d := state.Last.Decision; d != nil {
		form = decisionForm(*d)
	}
	return h.showScreening(c, fiber.StatusOK, state, form, nil)
}

func (h *Handlers) showScreening(c *fiber.Ctx, status int, state consult.ScreeningState, form survey.Form, problems []survey.Problem) error {
	p := h.frame(c, "screening.decide.title", page.Crumb{Text: h.Kit.Catalogue().T(page.Lang(c), "screening.list.title"), Href: root + "/screenings"})
	p.Wide = true
	p.Caption = office.Title(p, state.Consultation)
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Caption})
	p.SetProblems(problems)
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	tag := office.StandingTag(p, state.Standing)
	v := desk.View{Page: p, Tag: &tag}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: office.StandingText(p, state)}},
		desk.LinkList(page.Link{Text: p.T("screening.decide.consultation"), Href: p.To(office.Path(state.Consultation.ID))}, page.Link{Text: p.T("screening.decide.notice"), Href: p.To(office.Path(state.Consultation.ID, "notice"))}))
	v.Blocks = append(v.Blocks, office.ChangeLink(p, state)...)
	v.Blocks = append(v.Blocks, office.AnswerBlocks(p, state, names)...)
	if state.Last.Decision != nil {
		v.Blocks = append(v.Blocks, desk.H2(p.T("office.screening.decision")), office.DecisionBlock(p, *state.Last.Decision, names))
	}
	if state.Standing != privacy.ScreeningNone && state.Standing != privacy.ScreeningStale && state.Last.Need() != privacy.NeedNothing {
		send, err := desk.EditForm(p, state.Last.Sequence, root+"/screenings", decisionFields(desk.Fields{Page: p, Form: form}, state), page.Button{Text: p.T("screening.decide.button")})
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.H2(p.T("screening.decide.heading")), desk.Block{Form: send})
	}
	if len(state.History) > 1 {
		v.Blocks = append(v.Blocks, desk.TableBlock(history(p, state, names)))
	}
	return h.Show(c, status, v)
}

func decisionFields(f desk.Fields, state consult.ScreeningState) []desk.Block {
	p := f.Page
	var rulings []page.Option
	for _, r := range privacy.Rulings() {
		if r != privacy.RulingNotNeeded || state.Last.Need() != privacy.NeedDPIA { // art. 35(3)
			rulings = append(rulings, page.Option{Value: string(r), Label: p.T("office.screening.ruling." + string(r))})
		}
	}
	return []desk.Block{f.Radios("ruling", "office.screening.ruling", rulings...), f.Area("reasons", "office.screening.reasons", 4), f.Area("reference", "office.screening.reference", 3),
		f.Checks("residual", "office.screening.residual", page.Option{Value: "yes", Label: p.T("office.screening.residual.yes")}),
		f.Area("consulted", "office.screening.consulted", 2), f.Day("review", "office.screening.review")}
}

func history(p *page.Page, state consult.ScreeningState, names map[string]string) page.Table {
	t := page.Table{Caption: p.T("request.history"), Stack: true, Head: page.Cells(p.T("request.history.when"), p.T("request.history.what"), p.T("request.history.who"))}
	for _, s := range state.History {
		at, what, by := s.At, p.T("office.audit.do.screening.answer"), s.By
		if d := s.Decision; d != nil {
			at, what, by = d.At, p.T("office.screening.ruling."+string(d.Ruling))+": "+d.Reasons, d.By
		}
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(locale.DateTime(p.Lang, at), what, names[by])})
	}
	return t
}

func decisionForm(d privacy.ScreeningDecision) survey.Form {
	f := survey.Form{}
	desk.Put(f, "ruling", string(d.Ruling))
	desk.Put(f, "reasons", d.Reasons)
	desk.Put(f, "reference", d.Reference)
	desk.Put(f, "consulted", d.Consulted)
	desk.PutBool(f, "residual", d.ResidualHigh)
	desk.PutDay(f, "review", string(d.ReviewOn))
	return f
}

func (h *Handlers) decide(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	rulings := []string{""}
	for _, r := range privacy.Rulings() {
		rulings = append(rulings, string(r))
	}
	if err := desk.Offered(form, map[string][]string{"ruling": rulings, "residual": {"yes"}}); err != nil {
		return err
	}
	d := privacy.ScreeningDecision{Ruling: privacy.Ruling(form.First("ruling")), Reasons: desk.Trimmed(form, "reasons"), Reference: desk.Trimmed(form, "reference"),
		Consulted: desk.Trimmed(form, "consulted"), ResidualHigh: form.First("residual") == "yes"}
	day, wrong := sheet.ReadDay(form, "review")
	d.ReviewOn = day
	ctx, who, id := c.UserContext(), desk.Staff(c), c.Params("id")
	faults, err := h.Service.DecideScreening(ctx, who, id, desk.Version(form), d)
	if err != nil && !desk.Crossed(err) {
		return err
	}
	if err == nil && len(faults) == 0 {
		return page.Done(c, root+"/screenings", "screening.decide.done")
	}
	state, again := h.Service.Screening(ctx, who, id)
	if again != nil {
		return again
	}
	if err != nil {
		return h.showScreening(c, fiber.StatusConflict, state, form, nil)
	}
	return h.showScreening(c, fiber.StatusUnprocessableEntity, state, form, mend(desk.Problems(faults), wrong))
}

// mend puts what is no day in the place of what the rules say of a missing one.
func mend(problems []survey.Problem, wrong ...*survey.Problem) []survey.Problem {
	for _, w := range wrong {
		if w == nil {
			continue
		}
		if i := slices.IndexFunc(problems, func(p survey.Problem) bool { return p.Field == w.Field }); i >= 0 {
			problems[i] = *w
		} else {
			problems = append(problems, *w)
		}
	}
	return problems
}
