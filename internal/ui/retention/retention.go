// Package retention answers: what is disposed of next, what is on hold, and what proves that it was done?
//
// The pages of the data protection officer about how long information is kept. They show counts and dates, and nobody's answers.
//
// Reviewer: data protection officer.
package retention

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages. They never change after they are made.
type Handlers struct {
	*desk.Desk
	Cases *dpo.Desk
}

const root = "/office/retention"

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/retention")
	r.Get("", keep, h.queue)
	r.Post("/reviewed", keep, h.reviewed)
	r.Get("/rules", keep, h.rules)
	r.Get("/rules/new", keep, h.newRule)
	r.Post("/rules/new", keep, h.newRuleSend)
	r.Get("/rules/:rule", keep, h.editRule)
	r.Post("/rules/:rule", keep, h.editRuleSend)
	r.Post("/rules/:rule/remove", keep, h.removeRule)
	r.Get("/days", keep, h.days)
	r.Post("/days", keep, h.daysSend)
	r.Get("/schedule", keep, h.schedule)
	r.Get("/schedule/import", keep, h.importSchedule)
	r.Post("/schedule/import", keep, h.importScheduleSend)
	r.Get("/schedule/take-over", keep, h.takeOver)
	r.Post("/schedule/take-over", keep, h.takeOverSend)
	r.Get("/schedule/remove", keep, h.removeSchedule)
	r.Post("/schedule/remove", keep, h.removeScheduleSend)
	r.Get("/holds/new", keep, h.newHold)
	r.Post("/holds/new", keep, h.newHoldSend)
	r.Post("/holds/:hold/lift", keep, h.lift)
	r.Get("/certificates", keep, h.certificates)
	r.Get("/certificates/:certificate", keep, h.certificate)
}

// queue answers: what is coming, what is kept back, and what needs me?
func (h *Handlers) queue(c *fiber.Ctx) error {
	state, err := h.Cases.Retention(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "retention.queue.title")
	p.Wide = true
	blocks := []desk.Block{desk.Para(p.T("retention.queue.intro", "Days", state.Settings.NoticeDays)),
		{Buttons: []page.Button{{Text: p.T("retention.rules.title"), Href: p.To(root + "/rules"), Kind: "secondary"},
			{Text: p.T("schedule.title"), Href: p.To(scheduleRoot), Kind: "secondary"},
			{Text: p.T("retention.hold.new"), Href: p.To(root + "/holds/new"), Kind: "secondary"},
			{Text: p.T("retention.certificates.title"), Href: p.To(root + "/certificates"), Kind: "secondary"}}}}
	if !state.Preview.At.IsZero() {
		blocks = append(blocks, desk.Small(p.T("retention.queue.preview", "Date", locale.DateTime(p.Lang, state.Preview.At))))
	}
	reviews, err := h.reviewBlocks(p, state)
	if err != nil {
		return err
	}
	blocks = append(blocks, reviews...)
	blocks = append(blocks, desk.H2(p.T("retention.queue.soon")), desk.TableBlock(h.items(p, "retention.queue.soon", "retention.queue.soon.none", state.Soon())))
	holds, err := h.holdBlocks(p, state)
	if err != nil {
		return err
	}
	blocks = append(blocks, holds...)
	blocks = append(blocks, desk.H2(p.T("retention.queue.later")), desk.TableBlock(h.items(p, "retention.queue.later", "retention.queue.later.none", state.Later())))
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

func (h *Handlers) items(p *page.Page, caption, empty string, items []consult.RetentionItem) page.Table {
	t := page.Table{Caption: p.T(caption), HiddenCaption: true, Empty: p.T(empty), Stack: true, Head: append(page.Cells(p.T("retention.column.what"), p.T("retention.column.of"), p.T("retention.column.when"),
		p.T("retention.column.rule")), page.Cell{Text: p.T("retention.column.count"), Numeric: true})}
	for _, i := range items {
		when := page.Cell{Text: locale.DateTime(p.Lang, i.RunAt)}
		if i.RunAt.After(i.Due) {
			when.Small = p.T("retention.queue.announced", "Date", locale.Date(p.Lang, i.Due))
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Text: p.T("retention.class." + string(i.Rule.Class))}, of(p, i), when, {Text: why(p, i.Rule), Small: totals(p, i)}, {Text: whole(i.Count), Numeric: true}}})
	}
	return t
}

// totals says which totals stay when the answers are anonymised, or why none do.
func totals(p *page.Page, i consult.RetentionItem) string {
	switch {
	case i.Without != "":
		return p.T("retention.without." + i.Without)
	case len(i.Kept) > 0:
		return p.T("retention.kept", "Count", len(i.Kept))
	}
	return ""
}

// of says what an item is of: a consultation, or a register.
func of(p *page.Page, i consult.RetentionItem) page.Cell {
	if i.Consultation == nil {
		return page.Cell{Text: p.T("retention.register." + string(i.Register))}
	}
	return page.Cell{Link: &page.Link{Text: i.Consultation.Title.In(p.Lang), Href: p.To("/office/consultations/" + i.Consultation.ID)}}
}

// why says which rule makes an item due, and how long it is.
func why(p *page.Page, r privacy.RetentionRule) string {
	if r.ID == privacy.RuleNotice {
		return p.T("retention.why.notice", "Period", words(p, r.Period), "Trigger", p.T("retention.trigger."+string(r.Trigger)))
	}
	return p.T("retention.why.rule", "Rule", r.ID, "Period", words(p, r.Period), "Trigger", p.T("retention.trigger."+string(r.Trigger)))
}

// words writes a period as people read it.
func words(p *page.Page, iso string) string {
	period, err := privacy.ParsePeriod(iso)
	if err != nil {
		return iso
	}
	return period.Words(p.Lang)
}

// reviewBlocks shows what an officer has to look at: information, and rules whose day of review has come.
func (h *Handlers) reviewBlocks(p *page.Page, state dpo.Retention) ([]desk.Block, error) {
	var blocks []desk.Block
	for _, i := range state.Reviews() {
		what := p.T("retention.review.item", "What", p.T("retention.class."+string(i.Rule.Class)), "Of", ofText(p, i), "Date", locale.Date(p.Lang, i.Due))
		done, err := desk.NewAction(p, root+"/reviewed", page.Button{Text: p.T("retention.review.done"), Kind: "secondary"}, page.Hidden{Name: "key", Value: i.Key()})
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, desk.Para(what), desk.Block{Actions: []page.Action{done}})
	}
	var links []page.Link
	for _, r := range state.RulesToReview() {
		links = append(links, page.Link{Text: p.T("retention.review.rule", "Rule", r.ID, "Date", locale.ISODate(p.Lang, string(r.NextReview))), Href: p.To(root + "/rules/" + r.ID)})
	}
	if len(links) > 0 {
		blocks = append(blocks, desk.LinkList(links...))
	}
	if len(blocks) == 0 {
		return []desk.Block{desk.H2(p.T("retention.review.title")), desk.Para(p.T("retention.review.none"))}, nil
	}
	return append([]desk.Block{desk.H2(p.T("retention.review.title"))}, blocks...), nil
}

func ofText(p *page.Page, i consult.RetentionItem) string {
	if cell := of(p, i); cell.Link != nil {
		return cell.Link.Text
	}
	return of(p, i).Text
}

func (h *Handlers) reviewed(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := h.Cases.Reviewed(c.UserContext(), desk.Staff(c), form.First("key")); err != nil {
		return err
	}
	return page.Done(c, root, "retention.review.saved")
}
