package respond

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// kioskKey is where the session of a shared device keeps the address at which it starts anew for the next person.
const kioskKey = "kiosk"

// kioskIdle is how long the service remembers somebody who walked away from a shared device. The screen is cleared sooner.
const kioskIdle = 10 * time.Minute

func kioskPath(slug, code string) string { return "/c/" + slug + "/kiosk/" + code }

// kioskAt returns the address at which the device starts anew, or "" where the browser is no shared device.
func kioskAt(c *fiber.Ctx) string {
	s, err := page.Session(c)
	if err != nil {
		return "" // the page itself says so
	}
	return s.Get(kioskKey)
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

// kiosk is where a shared device waits for somebody. Whatever the one before left, the code among it, is forgotten here.
func (h *Handlers) kiosk(c *fiber.Ctx) error {
	con, err := h.service.KioskOf(c.UserContext(), c.Params("slug"), c.Params("code"))
	if err != nil {
		return err
	}
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	at := kioskPath(con.Slug, c.Params("code"))
	if s.Get(kioskKey) != "" {
		s.Erase()
		return page.Redirect(c, at)
	}
	v := kioskView{Page: h.kit.Page(c, "kiosk.title")}
	v.Title, v.Summary, v.Lang = con.Title.In(v.Page.Lang), con.Summary.In(v.Page.Lang), place{Consultation: con}.foreign(v.Page.Lang)
	token, err := v.CSRF()
	if err != nil {
		return err
	}
	v.Begin = page.Action{Href: v.To(at), Token: token, Button: page.Button{Text: v.T("kiosk.begin")}}
	return h.kit.Render(c, fiber.StatusOK, "respond/kiosk", v)
}

// kioskBegin makes the browser a shared device and begins a response in it.
func (h *Handlers) kioskBegin(c *fiber.Ctx) error {
	con, err := h.service.KioskOf(c.UserContext(), c.Params("slug"), c.Params("code"))
	if err != nil {
		return err
	}
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	s.Set(kioskKey, kioskPath(con.Slug, c.Params("code")))
	s.LimitIdle(kioskIdle)
	return page.Redirect(c, "/c/"+con.Slug+"/respond")
}

// newDraft begins a response: on a shared device one that counts as such.
func (h *Handlers) newDraft(c *fiber.Ctx, p place) (*consult.Draft, error) {
	if code, ok := strings.CutPrefix(kioskAt(c), kioskPath(p.Slug, "")); ok {
		return h.service.BeginKiosk(c.UserContext(), p.Slug, code, page.Lang(c))
	}
	return h.service.Begin(c.UserContext(), p.Slug, page.Lang(c))
}
