package admin

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// entry reads the number of an entry in the address, and the entry.
func (h *Handlers) entry(c *fiber.Ctx) (*consult.AuditRecord, error) {
	n, err := strconv.ParseInt(c.Params("entry"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.NotFound, "error.text.not_found")
	}
	return h.Service.AuditEntry(c.UserContext(), desk.Staff(c), n)
}

// auditEntry answers: what does this entry say exactly, and who can prove it?
func (h *Handlers) auditEntry(c *fiber.Ctx) error {
	record, err := h.entry(c)
	if err != nil {
		return err
	}
	e, proof := record.Entry, record.Proof
	p := h.Kit.Page(c, "office.audit.entry")
	p.Wide = true
	p.Title = p.T("office.audit.entry.title", "Number", locale.Number(e.Sequence))
	p.Back = p.To("/office/audit")
	r, err := h.records(c, p)
	if err != nil {
		return err
	}
	blocks := []desk.Block{{Summary: entryFacts(p, e, r)}, desk.LinkList(entryWays(p, e)...), desk.H2(p.T("office.audit.hashes")),
		desk.Para(p.T("office.audit.hashes.help")), {Copy: &desk.Copy{Label: p.T("office.audit.hash"), Text: e.Hash}}}
	if e.PrevHash != "" {
		blocks = append(blocks, desk.Block{Copy: &desk.Copy{Label: p.T("office.audit.prev_hash"), Text: e.PrevHash}})
	} else {
		blocks = append(blocks, desk.Para(p.T("office.audit.first")))
	}
	blocks = append(blocks, desk.H2(p.T("office.audit.proof")))
	switch {
	case record.Broken:
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.audit.proof.broken")}})
	case proof == nil:
		blocks = append(blocks, desk.Para(p.T("office.audit.proof.none")))
	default:
		blocks = append(blocks, desk.Para(p.T("office.audit.proof.help")),
			desk.Block{Copy: &desk.Copy{Label: p.T("public.audit.command"), Text: "folkmoot audit verify --key key.txt --proof " + proofName(e)}}, desk.LinkList(page.Link{Text: p.T("office.audit.proof.file"), Href: p.To(entryPath(e.Sequence) + "/proof.txt")},
				page.Link{Text: p.T("public.audit.key"), Href: "/audit/key.txt"}),
			desk.Block{Fold: &desk.Fold{Summary: p.T("office.audit.proof.show"), Blocks: []desk.Block{{Copy: &desk.Copy{Label: p.T("office.audit.proof"), Text: proof.String(), Lines: true}}}}})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

func entryFacts(p *page.Page, e privacy.AuditEvent, r *auditRecords) *page.SummaryList {
	l := &page.SummaryList{}
	add := func(key string, lines ...string) {
		l.Rows = append(l.Rows, page.SummaryRow{Key: p.T(key), Lines: lines})
	}
	add("office.audit.when", second(p, e))
	who := []string{r.actor(e.Actor)}
	if e.Actor.ID != "" && r.names[e.Actor.ID] != "" {
		who = append(who, e.Actor.ID)
	}
	add("office.audit.actor", who...)
	add("office.audit.action", actionText(p, e.Action))
	object := page.SummaryRow{Key: p.T("office.audit.object"), Lines: []string{e.Object}}
	if l, ok := r.links[e.Object]; ok {
		object.Lines = []string{l.Text, e.Object}
		if l.Href != "" {
			object.Links = []page.Link{{Text: p.T("office.audit.go"), Href: l.Href, Hidden: l.Text}}
		}
	}
	l.Rows = append(l.Rows, object)
	if len(e.Detail) > 0 {
		add("office.audit.detail", detail(e.Detail))
	}
	return l
}

// entryWays leads to the neighbours of an entry and to what it has in common with others.
func entryWays(p *page.Page, e privacy.AuditEvent) []page.Link {
	list := func(name, value string) string {
		return p.To("/office/audit") + "?" + url.Values{name: {value}}.Encode()
	}
	links := []page.Link{{Text: p.T("office.audit.same_object"), Href: list("object", e.Object)}, {Text: p.T("office.audit.same_action"), Href: list("action", e.Action)}}
	if e.Sequence > 1 {
		links = append(links, page.Link{Text: p.T("office.audit.before"), Href: p.To(entryPath(e.Sequence - 1))})
	}
	return links
}

func proofName(e privacy.AuditEvent) string {
	return "audit-entry-" + strconv.FormatInt(e.Sequence, 10) + ".txt"
}

// auditProof gives the proof of an entry as a file.
func (h *Handlers) auditProof(c *fiber.Ctx) error {
	record, err := h.entry(c)
	if err != nil {
		return err
	}
	if record.Broken {
		return fault.New(fault.Conflict, "office.audit.proof.broken")
	}
	if record.Proof == nil {
		return fault.New(fault.NotFound, "office.audit.proof.none")
	}
	return page.Download(c, proofName(record.Entry), fiber.MIMETextPlainCharsetUTF8, []byte(record.Proof.String()))
}
