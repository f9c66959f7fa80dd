package rights

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

// keep remembers what the confirmation says, and leads there.
func (h *Handlers) keep(c *fiber.Ctx, found *dpo.Case, r privacy.Request) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	now, asked := h.kit.Now(), rate{}
	if !s.JSON(rateKey, &asked) || !asked.runs(now) {
		asked = rate{Since: now.UTC()}
	}
	asked.Sent++
	if err := s.SetJSON(rateKey, asked); err != nil {
		return err
	}
	err = s.SetJSON(sentKey, sent{Number: found.Number(), Kind: r.Kind, Due: found.Due.On, Marketing: r.Marketing, Found: found.Request.Response != "", Reach: r.Contact != ""})
	if err != nil {
		return err
	}
	return page.Redirect(c, "/your-information/sent")
}

// One browser may send so many requests an hour; new browsers are limited by the network as those who answer are.
const (
	mostRequests = 20
	requestsTime = time.Hour
	rateKey      = "asks"
)

type rate struct {
	Since time.Time `json:"since"`
	Sent  int       `json:"sent"`
}

// runs reports whether the hour of the count is not over. A clock that was set back must not make it last for ever.
func (r rate) runs(now time.Time) bool {
	return now.Sub(r.Since) < requestsTime && !now.Before(r.Since)
}

// admit returns fault.Throttled where a request would be one too many, before it is stored.
func (h *Handlers) admit(c *fiber.Ctx) error {
	if err := page.Admit(c); err != nil {
		return err
	}
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	var asked rate
	if now := h.kit.Now(); s.JSON(rateKey, &asked) && asked.runs(now) && asked.Sent >= mostRequests {
		refused := fault.New(fault.Throttled, "rights.ask.many")
		refused.After = requestsTime - now.Sub(asked.Since)
		return refused
	}
	return nil
}
