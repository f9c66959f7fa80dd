package admin

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

const auditSize = 50

// audit answers: who did what to which record, and when? Its filters stay in the address.
func (h *Handlers) audit(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	who := desk.Staff(c)
	p := h.Kit.Page(c, "office.audit.title")
	p.Wide = true
	r, err := h.records(c, p)
	if err != nil {
		return err
	}
	states, err := h.LogStates(c)
	if err != nil {
		return err
	}
	filter, problems := readAuditFilter(query)
	status := fiber.StatusOK
	var events []privacy.AuditEvent
	if len(problems) > 0 {
		p.SetProblems(problems)
		status = fiber.StatusUnprocessableEntity
	} else {
		filter.Limit = auditSize + 1
		if events, err = h.Service.AuditEvents(c.UserContext(), who, filter); err != nil {
			return err
		}
	}
	blocks := append(desk.LogAlarms(p, who, states), desk.Para(p.T("office.audit.intro")))
	if well := desk.LogsWell(p, states); well != "" {
		blocks = append(blocks, desk.Para(well))
	}
	links := []page.Link{{Text: p.T("office.audit.public"), Href: p.To("/audit")}}
	_, err = h.Service.AuditCheckpoint(c.UserContext(), who)
	switch {
	case fault.Is(err, fault.NotFound):
		blocks = append(blocks, desk.Para(p.T("office.audit.no_checkpoint")))
	case err != nil:
		return err
	default:
		links = append([]page.Link{{Text: p.T("office.audit.checkpoint"), Href: p.To("/office/audit/checkpoint.txt")}}, links...)
	}
	blocks = append(blocks, desk.LinkList(links...), desk.Block{Form: auditForm(p, query, r)})
	if len(problems) > 0 {
		return h.Show(c, status, desk.View{Page: p, Blocks: blocks})
	}
	more := len(events) > auditSize
	if more {
		events = events[:auditSize]
	}
	blocks = append(blocks, desk.TableBlock(auditTable(p, events, r)))
	blocks = append(blocks, auditWays(p, query, events, more)...)
	return h.Show(c, status, desk.View{Page: p, Blocks: blocks})
}

// auditWays leads to older entries and back, and to the file.
func auditWays(p *page.Page, query survey.Form, events []privacy.AuditEvent, more bool) []desk.Block {
	var links []page.Link
	if more {
		links = append(links, page.Link{Text: p.T("office.audit.older"), Href: auditAddress(p, query, "", events[len(events)-1].Sequence)})
	}
	if query.First("before") != "" {
		links = append(links, page.Link{Text: p.T("office.audit.newest"), Href: auditAddress(p, query, "", 0)})
	}
	if len(events) > 0 {
		links = append(links, page.Link{Text: p.T("office.audit.file"), Href: auditAddress(p, query, "/log.csv", 0)})
	}
	if len(links) == 0 {
		return nil
	}
	return []desk.Block{desk.LinkList(links...)}
}

// auditAddress is the address of what the filters show, before an entry (0: from the newest on).
func auditAddress(p *page.Page, query survey.Form, path string, before int64) string {
	v := url.Values{}
	for _, name := range auditFields {
		if s := desk.Trimmed(query, name); s != "" {
			v.Set(name, s)
		}
	}
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	address := p.To("/office/audit" + path)
	if len(v) > 0 {
		address += "?" + v.Encode()
	}
	return address
}

func auditTable(p *page.Page, events []privacy.AuditEvent, r *auditRecords) page.Table {
	t := page.Table{Caption: p.T("office.audit.caption"), HiddenCaption: true, Dense: true, Stack: true, Empty: p.T("office.audit.empty"),
		Head: []page.Cell{{Text: p.T("office.audit.number")}, {Text: p.T("office.audit.when")}, {Text: p.T("office.audit.actor")},
			{Text: p.T("office.audit.action")}, {Text: p.T("office.audit.object")}, {Text: p.T("office.audit.detail")}}}
	for _, e := range events {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Link: &page.Link{Text: locale.Number(e.Sequence), Href: p.To(entryPath(e.Sequence)), Hidden: p.T("office.audit.entry.open")}},
			{Text: second(p, e)}, {Text: r.actor(e.Actor)}, {Text: actionText(p, e.Action)}, r.cell(e.Object), {Text: detail(e.Detail)}}})
	}
	return t
}

func entryPath(sequence int64) string {
	return "/office/audit/entries/" + strconv.FormatInt(sequence, 10)
}

func second(p *page.Page, e privacy.AuditEvent) string {
	return locale.Date(p.Lang, e.At) + ", " + e.At.In(locale.London()).Format("15:04:05")
}

// actionText says what was done; an action without words yet is shown as it is stored.
func actionText(p *page.Page, action string) string {
	if text := p.T("office.audit.do." + action); text != "office.audit.do."+action {
		return text
	}
	return action
}

func detail(d map[string]string) string {
	text := ""
	names := make([]string, 0, len(d))
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			text += ", "
		}
		text += name + " " + d[name]
	}
	return text
}

// auditFile gives what the filters show as a file, all of it. It is made while it leaves, and is itself in the log.
func (h *Handlers) auditFile(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	filter, problems := readAuditFilter(query)
	if len(problems) > 0 {
		return fault.New(fault.Invalid, problems[0].Key, problems[0].Args...)
	}
	who := desk.Staff(c)
	p := h.Kit.Page(c, "office.audit.title")
	r, err := h.records(c, p)
	if err != nil {
		return err
	}
	words := export.AuditWords{Actor: r.actor, Action: func(action string) string { return actionText(p, action) }}
	return page.Stream(c, "audit-log.csv", "text/csv; charset=utf-8", func(ctx context.Context, w io.Writer) error {
		return export.AuditCSV(w, words, func(fn func(privacy.AuditEvent) error) error { return h.Service.ExportAudit(ctx, who, filter, fn) })
	})
}

// auditCheckpoint gives the newest checkpoint, to be kept elsewhere.
func (h *Handlers) auditCheckpoint(c *fiber.Ctx) error {
	checkpoint, err := h.Service.AuditCheckpoint(c.UserContext(), desk.Staff(c))
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "office.audit.no_checkpoint")
	}
	if err != nil {
		return err
	}
	return page.Download(c, "audit-checkpoint-"+strconv.FormatInt(checkpoint.Size, 10)+".txt", fiber.MIMETextPlainCharsetUTF8, checkpoint.Note)
}
