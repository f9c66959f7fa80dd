package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// todayAccess says that it is time to look through who may come in (councils.md S0-15).
func (h *Handlers) todayAccess(c *fiber.Ctx, p *page.Page) ([]desk.Block, error) {
	state, err := h.Service.Access(c.UserContext(), desk.Staff(c))
	if err != nil || !state.Due {
		return nil, err
	}
	waiting, mine := state.Waiting()
	blocks := []desk.Block{{Warning: &page.Warning{Text: p.T("access.due", "Date", locale.ISODate(p.Lang, string(state.DueOn)))}}}
	return append(blocks, desk.LinkList(page.Link{Text: p.T("office.today.access", "Waiting", waiting, "Mine", mine), Href: p.To("/office/access")})), nil
}
