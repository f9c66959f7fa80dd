package public

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
)

type auditView struct {
	*page.Page
	Made       string // of the newest checkpoint; empty where there is none yet
	Checkpoint string
	None       string
	Files      []page.Link
	Keep       []string
	Commands   []string
	From       page.Input
	Action     string
	Get        page.Button
}

// audit shows what vouches for the audit log, so that anybody may keep a copy: whoever has one can prove later that nothing was rewritten or cut
// off, by the council or by anybody else. It tells how many entries there are, in hundreds, and nothing of what they say.
func (h *Handlers) audit(c *fiber.Ctx) error {
	newest, err := h.newestCheckpoint(c)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	v := auditView{Page: h.kit.Page(c, "public.audit.title")}
	v.Robots = true
	v.Files = []page.Link{{Text: v.T("public.audit.key"), Href: "/audit/key.txt"}}
	if err != nil {
		v.None = v.T("public.audit.none", "Step", strconv.Itoa(consult.PublicStep))
		return h.kit.Render(c, fiber.StatusOK, "public/audit", v)
	}
	v.Made = v.T("public.audit.made", "Entries", locale.Number(newest.Size), "Date", locale.Date(v.Page.Lang, newest.MadeAt))
	v.Checkpoint = string(newest.Note)
	v.Files = append([]page.Link{{Text: v.T("public.audit.checkpoint"), Href: "/audit/checkpoint.txt"}}, v.Files...)
	v.Keep = []string{v.T("public.audit.keep.save"), v.T("public.audit.keep.later"), v.T("public.audit.keep.check")}
	v.Commands = []string{"folkmoot audit verify --key key.txt --checkpoint old.txt --checkpoint new.txt --proof proof.txt"}
	v.From = page.Input{Control: page.Control{Name: "from", Label: v.T("public.audit.from"), Hint: v.T("public.audit.from.hint"), Size: "s"}, Width: "10", InputMode: "numeric"}
	v.Action, v.Get = "/audit/proof.txt", page.Button{Text: v.T("public.audit.get"), Kind: "secondary"}
	return h.kit.Render(c, fiber.StatusOK, "public/audit", v)
}

func (h *Handlers) newestCheckpoint(c *fiber.Ctx) (*consult.Checkpoint, error) {
	return h.service.PublicCheckpoint(c.UserContext())
}

// auditCheckpoint is the newest checkpoint that everybody may have.
func (h *Handlers) auditCheckpoint(c *fiber.Ctx) error {
	newest, err := h.newestCheckpoint(c)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "public.audit.none", "Step", strconv.Itoa(consult.PublicStep))
	}
	if err != nil {
		return err
	}
	c.Type("txt", "utf-8")
	return c.Send(newest.Note)
}

// auditKey is the public key that checks checkpoints.
func (h *Handlers) auditKey(c *fiber.Ctx) error {
	c.Type("txt", "utf-8")
	return c.SendString(h.service.LogKey() + "\n")
}

// auditProof shows that the newest checkpoint only adds to the one of so many entries.
func (h *Handlers) auditProof(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	unknown := fault.New(fault.NotFound, "public.audit.unknown")
	older, err := strconv.ParseInt(strings.NewReplacer(",", "", " ", "").Replace(query.First("from")), 10, 64)
	if err != nil {
		return unknown
	}
	text, err := h.service.PublicGrowth(c.UserContext(), older)
	if fault.Is(err, fault.NotFound) {
		return unknown
	}
	if err != nil {
		return err
	}
	return page.Download(c, "audit-proof-"+strconv.FormatInt(older, 10)+".txt", fiber.MIMETextPlainCharsetUTF8, []byte(text))
}
