package respond

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// kioskIdle is how long the service remembers somebody who walked away from a shared device. The screen is cleared much sooner; whoever types for long on
// one page loses nothing.
const kioskIdle = time.Hour

func kioskPath(slug, code string) string { return "/c/" + slug + "/kiosk/" + code }

// here is the context of what somebody does by themselves: at a kiosk everything that they send and decide is done there.
func here(c *fiber.Ctx) context.Context {
	if page.KioskAt(c) != "" {
		return consult.AtKiosk(c.UserContext())
	}
	return c.UserContext()
}

// KioskAddress is the complete address that is opened on a shared device.
func KioskAddress(c *fiber.Ctx, con *consult.Consultation, code string) string {
	return page.Address(c) + kioskPath(con.Slug, code)
}

type kioskView struct {
	*page.Page
	Summary, Lang string
	Begin         page.Action
}

// kiosk is where a shared device waits for somebody. Whatever the browser held, the code among it, is forgotten here, whoever left it; and from here on
// it is a shared device, wherever somebody goes on it.
func (h *Handlers) kiosk(c *fiber.Ctx) error {
	con, err := h.anew(c)
	if err != nil {
		return err
	}
	at := kioskPath(con.Slug, c.Params("code"))
	v := kioskView{Page: h.kit.Page(c, "kiosk.title")}
	v.Title, v.Summary, v.Lang = con.Title.In(v.Page.Lang), con.Summary.In(v.Page.Lang), place{Consultation: con}.foreign(v.Page.Lang)
	token, err := v.CSRF()
	if err != nil {
		return err
	}
	v.Kiosk = "" // there is nobody yet
	v.Begin = page.Action{Href: v.To(at), Token: token, Button: page.Button{Text: v.T("kiosk.begin")}}
	return h.kit.Render(c, fiber.StatusOK, "respond/kiosk", v)
}

// kioskBegin begins a response there.
func (h *Handlers) kioskBegin(c *fiber.Ctx) error {
	con, err := h.anew(c)
	if err != nil {
		return err
	}
	return page.Redirect(c, "/c/"+con.Slug+"/respond")
}

// anew begins an empty session of a shared device under a new id. fault.NotFound for an address that is no kiosk's.
func (h *Handlers) anew(c *fiber.Ctx) (*consult.Consultation, error) {
	con, err := h.service.KioskOf(c.UserContext(), c.Params("slug"), c.Params("code"))
	if err != nil {
		return nil, err
	}
	return con, page.BeginKiosk(c, kioskPath(con.Slug, c.Params("code")), kioskIdle)
}
