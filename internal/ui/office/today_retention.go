package office

import (
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// todayRetention says how much is disposed of soon, waits for a review, or is on hold. What cannot be told of one consultation does not keep the page away: the
// rest is counted, and the page says so.
func (h *Handlers) todayRetention(c *fiber.Ctx, p *page.Page) ([]desk.Block, error) {
	state, err := (&dpo.Desk{Service: h.Service}).Retention(c.UserContext(), desk.Staff(c))
	if err != nil && state.Items == nil {
		return nil, err
	}
	blocks := []desk.Block{desk.H2(p.T("office.today.retention"))}
	if err != nil {
		slog.Error("work out what is disposed of", "error", err)
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.today.retention.problem")}})
	}
	figures := []page.Figure{{Label: p.T("office.today.retention.soon"), Value: whole(len(state.Soon()))},
		{Label: p.T("office.today.retention.review"), Value: whole(len(state.Reviews()) + len(state.RulesToReview()))},
		{Label: p.T("office.today.retention.held"), Value: whole(len(state.OnHold()))}}
	return append(blocks, desk.Block{Figures: figures}, desk.LinkList(page.Link{Text: p.T("office.today.retention.link"), Href: p.To("/office/retention")})), nil
}
