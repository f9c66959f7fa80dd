package retention

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/tables"
)

const scheduleRoot = root + "/schedule"

// schedulePage begins a page about the published schedule.
func (h *Handlers) schedulePage(c *fiber.Ctx, key string) *page.Page {
	p := h.Kit.Page(c, key)
	p.Wide = true
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.retention"), Href: root}}
	if key != "schedule.title" {
		p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.T("schedule.title"), Href: scheduleRoot})
	}
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	return p
}

// schedule answers: which schedule does the council publish, who put it here, and which rules name lines that are not in it?
func (h *Handlers) schedule(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	s, err := h.Cases.Published(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.schedulePage(c, "schedule.title")
	blocks := []desk.Block{desk.Para(p.T("schedule.intro"))}
	if !s.Any() {
		blocks = append(blocks, desk.Para(p.T("schedule.none")), desk.Block{Buttons: []page.Button{{Text: p.T("schedule.import.title"), Href: p.To(scheduleRoot + "/import")}}})
		return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, lostBlocks(p, s)...)})
	}
	facts, err := h.scheduleFacts(c, p, s)
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(query.First("page")) // what is no number is the first page
	lines, pages := tables.Schedule(p, s.PublishedSchedule, state.Settings.Rules.InForce(s.Today), scheduleRoot, number)
	blocks = append(blocks, desk.Block{Buttons: []page.Button{{Text: p.T("schedule.take.title"), Href: p.To(scheduleRoot + "/take-over")},
		{Text: p.T("schedule.import.another"), Href: p.To(scheduleRoot + "/import"), Kind: "secondary"}, {Text: p.T("schedule.remove.title"), Href: p.To(scheduleRoot + "/remove"), Kind: "secondary"}}})
	blocks = append(blocks, facts, desk.LinkList(page.Link{Text: p.T("schedule.public.see"), Href: p.To("/how-long/schedule")}))
	blocks = append(append(blocks, lostBlocks(p, s)...), desk.H2(p.T("schedule.lines")), desk.TableBlock(lines))
	if pages.Any() {
		blocks = append(blocks, desk.Block{Pages: &pages})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

// scheduleFacts says where a schedule comes from and how much of it is about this service.
func (h *Handlers) scheduleFacts(c *fiber.Ctx, p *page.Page, s dpo.Published) (desk.Block, error) {
	list := &page.SummaryList{}
	row := func(key string, lines ...string) {
		list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: lines})
	}
	if !s.At.IsZero() {
		names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
		if err != nil {
			return desk.Block{}, err
		}
		by := names[s.By]
		if by == "" {
			by = p.T("schedule.by.command")
		}
		row("schedule.by", by)
		row("schedule.at", locale.DateTime(p.Lang, s.At))
	}
	row("schedule.lang", p.T("office.language."+string(s.Lang)))
	row("schedule.count", p.T("schedule.count.text", "Count", len(s.Lines), "Here", len(s.Lines)-s.Count(privacy.LineOutside)))
	if len(s.Unread) > 0 {
		list.Rows = append(list.Rows, page.SummaryRow{Key: p.T("schedule.unread"), Lines: s.Unread, List: true, Lang: langOf(p, s)})
	}
	list.Rows = append(list.Rows, page.SummaryRow{Key: p.T("schedule.hash"), Lines: []string{s.SHA256}})
	return desk.Block{Summary: list}, nil
}

// langOf is the language of a schedule's texts, where it is not the page's.
func langOf(p *page.Page, s dpo.Published) string {
	if s.Lang == p.Lang {
		return ""
	}
	return string(s.Lang)
}

// lostBlocks lists the rules that name a line which is not in the schedule.
func lostBlocks(p *page.Page, s dpo.Published) []desk.Block {
	if len(s.Lost) == 0 {
		return nil
	}
	var links []page.Link
	for _, r := range s.Lost {
		links = append(links, page.Link{Text: p.T("schedule.lost.rule", "Rule", r.ID, "Line", r.Schedule), Href: p.To(root + "/rules/" + r.ID)})
	}
	return []desk.Block{desk.H2(p.T("schedule.lost.title")), desk.Para(p.T("schedule.lost.text")), desk.LinkList(links...)}
}

// removeSchedule asks whether the schedule is to be removed.
func (h *Handlers) removeSchedule(c *fiber.Ctx) error {
	s, err := h.scheduled(c)
	if err != nil {
		return err
	}
	return h.showRemoval(c, fiber.StatusOK, s)
}

func (h *Handlers) showRemoval(c *fiber.Ctx, status int, s dpo.Published) error {
	p := h.schedulePage(c, "schedule.remove.title")
	p.Wide = false
	var blocks []desk.Block
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("schedule.crossed")}})
	}
	send, err := desk.EditForm(p, s.Versions.Schedule, scheduleRoot, nil, page.Button{Text: p.T("schedule.remove.button"), Kind: "warning"})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: append(blocks, desk.Para(p.T("schedule.remove.text")), desk.Block{Form: send})})
}

func (h *Handlers) removeScheduleSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	s, err := h.scheduled(c)
	if err != nil {
		return err
	}
	err = h.Cases.RemoveSchedule(c.UserContext(), desk.Staff(c), desk.Version(form))
	if desk.Crossed(err) {
		return h.showRemoval(c, fiber.StatusConflict, s)
	}
	if err != nil {
		return err
	}
	return page.Done(c, scheduleRoot, "schedule.remove.done")
}

// scheduled returns the schedule that a page is about. fault.NotFound if there is none.
func (h *Handlers) scheduled(c *fiber.Ctx) (dpo.Published, error) {
	s, err := h.Cases.Published(c.UserContext(), desk.Staff(c))
	if err == nil && !s.Any() {
		err = fault.New(fault.NotFound, "error.store.not_found")
	}
	return s, err
}
