package office

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// soon is how long before its end a consultation is said to be closing.
const soon = 7 * 24 * time.Hour

// today answers: what needs me?
func (h *Handlers) today(c *fiber.Ctx) error {
	who, ctx := desk.Staff(c), c.UserContext()
	p := h.Kit.Page(c, "office.today.title")
	p.Wide = true
	var blocks []desk.Block
	if who.May(consult.SeeConsultations) {
		all, err := h.Service.Consultations(ctx, who, consult.ConsultationFilter{})
		if err != nil {
			return err
		}
		more, err := h.todayConsultations(c, p, all)
		if err != nil {
			return err
		}
		blocks = append(blocks, more...)
	}
	if who.May(consult.ApproveReleases) || who.May(consult.ProposeReleases) {
		waiting, err := h.todayReleases(c, p)
		if err != nil {
			return err
		}
		blocks = append(waiting, blocks...)
	}
	if who.May(consult.ConfirmChanges) || who.May(consult.EditConsultations) {
		waiting, err := h.todayChanges(c, p)
		if err != nil {
			return err
		}
		blocks = append(waiting, blocks...)
	}
	if who.May(consult.KeepRegisters) {
		requests, err := h.todayRequests(c, p)
		if err != nil {
			return err
		}
		kept, err := h.todayRetention(c, p)
		if err != nil {
			return err
		}
		blocks = append(append(requests, kept...), blocks...)
	}
	if who.May(consult.KeepRegisters) || who.May(consult.ManageStaff) {
		due, err := h.todayAccess(c, p)
		if err != nil {
			return err
		}
		blocks = append(due, blocks...)
	}
	states, err := h.LogStates(c)
	if err != nil {
		return err
	}
	blocks = append(desk.LogAlarms(p, who, states), blocks...)
	blocks = append(blocks, h.todayLinks(p, who)...)
	if well := desk.LogsWell(p, states); well != "" && who.May(consult.SeeAudit) {
		blocks = append(blocks, desk.Small(well))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

// todayRequests says how many requests of people wait, how many are late, and how many flagged texts wait.
func (h *Handlers) todayRequests(c *fiber.Ctx, p *page.Page) ([]desk.Block, error) {
	cases := dpo.Desk{Service: h.Service}
	open, _, err := cases.Cases(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	due := cases.Due(open)
	figures := []page.Figure{{Label: p.T("office.today.requests.open"), Value: whole(len(open))}, {Label: p.T("office.today.requests.soon"), Value: whole(due.Soon)},
		{Label: p.T("office.today.requests.late"), Value: whole(due.Late)}}
	breaches, _, err := cases.Breaches(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	var blocks []desk.Block
	for _, b := range breaches {
		if b.Alarm > 0 {
			blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.today.breach", "Number", b.Number(), "Left", hoursLeft(p, b))}},
				desk.LinkList(page.Link{Text: p.T("breach.case.heading", "Number", b.Number()), Href: p.To("/office/breaches/" + b.Entry.ID)}))
		}
	}
	links := []page.Link{{Text: p.T("request.list.title"), Href: p.To("/office/requests")}}
	flagged, err := h.Service.FlagCounts(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	waiting := 0
	for _, n := range flagged {
		waiting += n[consult.FlagWaiting]
	}
	if waiting > 0 {
		links = append(links, page.Link{Text: p.T("office.today.texts", "Count", waiting), Href: p.To("/office/texts")})
	}
	screenings, err := h.Service.Screenings(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	decide, lapsed := 0, 0
	for _, s := range screenings {
		if s.Waits() {
			decide++
		}
		if s.Lapsed() {
			lapsed++
		}
	}
	if decide > 0 {
		links = append(links, page.Link{Text: p.T("office.today.screenings", "Count", decide), Href: p.To("/office/registers/screenings")})
	}
	if lapsed > 0 {
		links = append(links, page.Link{Text: p.T("office.today.screenings.lapsed", "Count", lapsed), Href: p.To("/office/registers/screenings")})
	}
	recipients, err := cases.ProcessorsWaiting(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	if recipients > 0 {
		links = append(links, page.Link{Text: p.T("office.today.processors", "Count", recipients), Href: p.To("/office/registers/processors")})
	}
	return append(blocks, desk.H2(p.T("office.today.requests")), desk.Block{Figures: figures}, desk.LinkList(links...)), nil
}

// hoursLeft says how many of the 72 hours are left.
func hoursLeft(p *page.Page, b *dpo.BreachCase) string {
	by := locale.DateTime(p.Lang, b.Breach.ReportBy())
	if b.Left < 0 {
		return p.T("breach.left.over", "Hours", int(-b.Left/time.Hour), "Date", by)
	}
	return p.T("breach.left.hours", "Hours", int(b.Left/time.Hour), "Date", by)
}

// todayConsultations shows open consultations with what came in, and the drafts of whoever asks.
func (h *Handlers) todayConsultations(c *fiber.Ctx, p *page.Page, all []*consult.Consultation) ([]desk.Block, error) {
	who, now := desk.Staff(c), h.Service.Now()
	open := page.Table{Stack: true, Caption: p.T("office.today.open"), Empty: p.T("office.today.open_empty"),
		Head: []page.Cell{{Text: p.T("office.list.column.title")}, {Text: p.T("office.list.column.when")},
			{Text: p.T("office.today.responses"), Numeric: true}, {Text: p.T("office.today.today"), Numeric: true}}}
	drafts, closed := page.TaskList{ID: "drafts"}, page.TaskList{ID: "closed"}
	closing, responses, today := 0, 0, 0
	for _, con := range all {
		switch con.Status(now) {
		case consult.StatusOpen:
			progress, err := h.Service.Progress(c.UserContext(), who, con.ID)
			if err != nil {
				return nil, err
			}
			responses, today = responses+progress.Responses, today+progress.Today
			if con.ClosesAt.Sub(now) <= soon {
				closing++
			}
			open.Rows = append(open.Rows, page.Row{Cells: []page.Cell{
				{Link: &page.Link{Text: Title(p, con), Href: p.To(Path(con.ID))}}, {Text: h.ends(p, con)},
				page.Num(whole(progress.Responses)), page.Num(whole(progress.Today))}})
		case consult.StatusClosed:
			closed.Items = append(closed.Items, page.Task{Title: Title(p, con), Href: p.To(Path(con.ID)), Hint: h.ends(p, con),
				Tag: &page.Tag{Text: p.T("office.today.outcome"), Colour: "yellow"}})
		case consult.StatusDraft:
			if con.CreatedBy == who.ID {
				task, err := h.draftTask(c, p, con)
				if err != nil {
					return nil, err
				}
				drafts.Items = append(drafts.Items, task)
			}
		}
	}
	blocks := []desk.Block{{Figures: []page.Figure{
		{Label: p.T("office.today.figure.open"), Value: whole(len(open.Rows))},
		{Label: p.T("office.today.figure.closing"), Value: whole(closing)},
		{Label: p.T("office.today.figure.responses"), Value: whole(responses)},
		{Label: p.T("office.today.figure.today"), Value: whole(today)},
	}}}
	if who.May(consult.EditConsultations) {
		blocks = append(blocks, desk.H2(p.T("office.today.drafts")))
		if len(drafts.Items) == 0 {
			blocks = append(blocks, desk.Para(p.T("office.today.drafts_empty")))
		} else {
			blocks = append(blocks, desk.Block{Tasks: &drafts})
		}
	}
	blocks = append(blocks, desk.TableBlock(open))
	if who.May(consult.EditConsultations) && len(closed.Items) > 0 {
		blocks = append(blocks, desk.H2(p.T("office.today.closed")), desk.Block{Tasks: &closed})
	}
	return blocks, nil
}

// draftTask says how much stands between a draft and its publication.
func (h *Handlers) draftTask(c *fiber.Ctx, p *page.Page, con *consult.Consultation) (page.Task, error) {
	missing, err := h.missing(c, con)
	if err != nil {
		return page.Task{}, err
	}
	task := page.Task{Title: Title(p, con), Href: p.To(Path(con.ID, "readiness")), Hint: h.ends(p, con)}
	if missing == 0 {
		task.Status = p.T("office.today.ready")
	} else {
		task.Tag = &page.Tag{Text: p.T("office.today.missing", "Count", missing), Colour: "blue"}
	}
	return task, nil
}

// missing counts what blocks the publication of a draft.
func (h *Handlers) missing(c *fiber.Ctx, con *consult.Consultation) (int, error) {
	ready, err := h.Service.Readiness(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, f := range ready.Findings {
		if !f.Warn {
			n++
		}
	}
	return n, nil
}

// todayReleases shows the releases that wait: for a second person, or for changes.
func (h *Handlers) todayReleases(c *fiber.Ctx, p *page.Page) ([]desk.Block, error) {
	who := desk.Staff(c)
	releases, err := h.Service.Releases(c.UserContext(), who)
	if err != nil {
		return nil, err
	}
	list := page.TaskList{ID: "releases"}
	for _, r := range releases {
		task := page.Task{Title: r.Title.In(p.Lang), Href: p.To("/office/releases/" + r.ID)}
		switch {
		case r.State == consult.ReleaseProposed && r.ApprovableBy(who) == nil:
			task.Tag = &page.Tag{Text: p.T("office.today.approve"), Colour: "orange"}
		case r.State == consult.ReleaseReturned && r.ProposedBy == who.ID:
			task.Tag = &page.Tag{Text: p.T("office.today.returned"), Colour: "red"}
		default:
			continue
		}
		list.Items = append(list.Items, task)
	}
	if len(list.Items) == 0 {
		return nil, nil
	}
	return []desk.Block{desk.H2(p.T("office.today.waiting")), {Tasks: &list}}, nil
}

// todayChanges shows the changes of what is done with answers that wait for the person.
func (h *Handlers) todayChanges(c *fiber.Ctx, p *page.Page) ([]desk.Block, error) {
	who := desk.Staff(c)
	waiting, err := h.Service.ChangesWaiting(c.UserContext(), who)
	if err != nil {
		return nil, err
	}
	list := page.TaskList{ID: "changes"}
	for _, x := range waiting {
		if x.ConfirmableBy(who) != nil {
			continue
		}
		con, _, _, err := h.Service.ConsultationForStaff(c.UserContext(), who, x.ConsultationID)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, page.Task{Title: Title(p, con), Href: p.To(changePath(x)), Tag: &page.Tag{Text: p.T("office.today.change"), Colour: "orange"}})
	}
	if len(list.Items) == 0 {
		return nil, nil
	}
	return []desk.Block{desk.H2(p.T("office.today.changes")), {Tasks: &list}}, nil
}

// todayLinks leads people whose work is elsewhere to it.
func (h *Handlers) todayLinks(p *page.Page, who *consult.Staff) []desk.Block {
	var links []page.Link
	add := func(permission consult.Permission, key, path string) {
		if who.May(permission) {
			links = append(links, page.Link{Text: p.T(key), Href: p.To(path)})
		}
	}
	add(consult.EditConsultations, "office.today.link.new", "/office/consultations/new")
	add(consult.ManageStaff, "office.today.link.staff", "/office/staff")
	add(consult.ManageSettings, "office.today.link.settings", "/office/settings")
	add(consult.SeeSystem, "system.title", "/office/system")
	add(consult.ManagePartners, "office.today.link.partners", "/office/partners")
	add(consult.SeeAudit, "office.today.link.audit", "/office/audit")
	if len(links) == 0 {
		return nil
	}
	return []desk.Block{desk.H2(p.T("office.today.links")), {Links: links}}
}
