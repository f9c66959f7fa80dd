package respond

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

// erasedKey is the session value that lets the last page be reloaded: it holds nothing of the response.
const erasedKey = "erased"

type withdrawnView struct {
	*page.Page
	At      string
	Backups string // until when a backup can hold what was erased
	Held    page.Link
	Again   *page.Link
}

// backups says after which day no backup can be read that was made before the erasure (privacy.md 6, step 7).
func (h *Handlers) backups(c *fiber.Ctx, p *page.Page, erased time.Time) (string, error) {
	days, err := h.service.BackupDays(c.UserContext())
	if err != nil {
		return "", err
	}
	return p.T("respond.withdrawn.backups", "Date", locale.ISODate(p.Lang, string(privacy.DateOf(erased).Add(days)))), nil
}

// withdrawConsent withdraws the equality consent with one button: the answers are erased before the page that says so is
// shown (UK GDPR art. 7(3); privacy.md section 6). Repeating it is no error.
func (h *Handlers) withdrawConsent(c *fiber.Ctx) error {
	o, held, done, err := h.open(c)
	if done {
		return err
	}
	status, err := h.service.WithdrawConsent(here(c), o.Code)
	if err != nil {
		return err
	}
	if err := h.noteWithdrawal(c, held.Consultation, o.Reference, status); err != nil {
		return err
	}
	return page.Redirect(c, "/your-response/withdraw-consent")
}

// noteWithdrawal lets the confirmation in this browser say what stands now.
func (h *Handlers) noteWithdrawal(c *fiber.Ctx, cons *consult.Consultation, reference string, status consult.ConsentStatus) error {
	p := place{Consultation: cons}
	s, ok, err := h.sent(c, p)
	if err != nil || !ok || s.Reference != reference {
		return err
	}
	s.Consent, s.At = status.State, status.At.UTC().Format(time.RFC3339)
	return h.keepSent(c, p, s)
}

// withdrawnConsent says what the withdrawal did. Without one it leads to what is held.
func (h *Handlers) withdrawnConsent(c *fiber.Ctx) error {
	_, held, done, err := h.open(c)
	if done {
		return err
	}
	if held.Consent.State != privacy.ConsentWithdrawn {
		return page.Redirect(c, "/your-response/held")
	}
	v := withdrawnView{Page: h.page(c, "respond.withdrawn.title")}
	v.At = v.T("respond.withdrawn.at", "Date", locale.DateTime(v.Page.Lang, held.Consent.At))
	v.Held = page.Link{Text: v.T("respond.withdrawn.held"), Href: v.To("/your-response/held")}
	if v.Backups, err = h.backups(c, v.Page, held.Consent.At); err != nil {
		return err
	}
	return h.kit.Render(c, fiber.StatusOK, "respond/withdrawn", v)
}

type confirmView struct {
	*page.Page
	Reference string
	Withdraw  page.Button
	Keep      page.Link
}

// confirmWithdraw asks once more before the whole response is erased, which cannot be undone.
func (h *Handlers) confirmWithdraw(c *fiber.Ctx) error {
	_, held, done, err := h.open(c)
	if done {
		return err
	}
	if !held.CanWithdraw {
		return page.Redirect(c, "/your-response/held")
	}
	v := confirmView{Page: h.page(c, "respond.withdraw.title"), Reference: held.Response.Reference}
	v.Back = v.To("/your-response/held")
	v.Withdraw = page.Button{Text: v.T("respond.withdraw.button"), Kind: "warning"}
	v.Keep = page.Link{Text: v.T("respond.withdraw.keep"), Href: v.To("/your-response/held")}
	return h.kit.Render(c, fiber.StatusOK, "respond/withdraw", v)
}

// withdrawResponse erases the whole response. After closing it leads back to what is held, which says what is possible then.
func (h *Handlers) withdrawResponse(c *fiber.Ctx) error {
	o, held, done, err := h.open(c)
	if done {
		return err
	}
	err = h.service.WithdrawResponse(here(c), o.Code)
	if fault.Is(err, fault.Closed) {
		return page.Redirect(c, "/your-response/held")
	}
	if err != nil {
		return err
	}
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	p := place{Consultation: held.Consultation}
	if mine, ok, err := h.sent(c, p); err != nil {
		return err
	} else if ok && mine.Reference == o.Reference {
		s.Delete(h.sentKey(p))
	}
	s.Delete(heldKey)
	s.Set(erasedKey, held.Consultation.Slug)
	return page.Redirect(c, "/your-response/withdrawn")
}

// withdrawn says that the response is gone.
func (h *Handlers) withdrawn(c *fiber.Ctx) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	slug := s.Get(erasedKey)
	if slug == "" {
		return page.Redirect(c, "/your-response")
	}
	v := withdrawnView{Page: h.page(c, "respond.erased.title")}
	if v.Backups, err = h.backups(c, v.Page, h.kit.Now()); err != nil {
		return err
	}
	v.Again = &page.Link{Text: v.T("respond.done.next.page"), Href: v.To("/c/" + slug)}
	return h.kit.Render(c, fiber.StatusOK, "respond/erased", v)
}
