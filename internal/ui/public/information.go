package public

import (
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
	"folkmoot/surveys"
)

func lines(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
}

type cookiesView struct {
	*page.Page
	Cookies page.Table
}

// cookies lists each cookie with name, purpose, expiry and who sets it (interface.md section 3).
func (h *Handlers) cookies(c *fiber.Ctx) error {
	v := cookiesView{Page: h.kit.Page(c, "public.cookies.title")}
	v.Robots = true
	v.Cookies = page.Table{Stack: true, Caption: v.T("public.cookies.caption"), Head: page.Cells(v.T("public.cookies.name"), v.T("public.cookies.purpose"),
		v.T("public.cookies.expires"), v.T("public.cookies.set_by"))}
	for _, cookie := range h.kit.Cookies() {
		purpose := "public.cookies.staff"
		if cookie.Area == page.Public {
			purpose = "public.cookies.respondent"
		}
		v.Cookies.Rows = append(v.Cookies.Rows, page.Row{Cells: page.Cells(cookie.Name, v.T(purpose), expiry(v.Page, cookie),
			v.T("public.cookies.us", "Council", v.CouncilName()))})
	}
	return h.kit.Render(c, fiber.StatusOK, "public/cookies", v)
}

// expiry says when a cookie stops working: the sessions' own limits, never a figure written by hand.
func expiry(p *page.Page, c page.Cookie) string {
	args := []any{"Idle", page.InWords(p, c.Idle), "Absolute", page.InWords(p, c.Absolute)}
	if c.Strict == 0 {
		return p.T("public.cookies.expiry", args...)
	}
	return p.T("public.cookies.expiry_strict", append(args, "Strict", page.InWords(p, c.Strict))...)
}

// preparedOn is when the words of the accessibility statement were last written. Whoever changes them, or finds out more
// about the service, changes it too.
var preparedOn = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

type accessibilityView struct {
	*page.Page
	Draft    string
	Scope    string
	Prepared string
	Contact  respond.Contact
}

// accessibility shows the statement that the Public Sector Bodies Accessibility Regulations 2018 ask for, as a draft: it says
// what was tested and by what, and claims nothing that nobody has checked (interface.md section 5).
func (h *Handlers) accessibility(c *fiber.Ctx) error {
	v := accessibilityView{Page: h.kit.Page(c, "public.accessibility.title")}
	v.Robots = true
	v.Draft = v.T("public.accessibility.draft", "Council", v.CouncilName())
	v.Scope = v.T("public.accessibility.scope", "Council", v.CouncilName())
	v.Prepared = v.T("public.accessibility.prepared", "Date", locale.Date(v.Page.Lang, preparedOn))
	v.Contact = councilContact(v.Page)
	return h.kit.Render(c, fiber.StatusOK, "public/accessibility", v)
}

func councilContact(p *page.Page) respond.Contact {
	return respond.Contact{Name: p.CouncilName(), Email: p.Council.Email, Phone: p.Council.Phone}
}

type helpView struct {
	*page.Page
	Later   string
	Contact respond.Contact
	Yours   page.Link
	Receipt page.Link
	Ask     page.Link
}

// help answers what people ask most. It is in the same place of every page (WCAG 3.2.6).
func (h *Handlers) help(c *fiber.Ctx) error {
	v := helpView{Page: h.kit.Page(c, "public.help.title")}
	v.Robots = true
	v.Later = v.T("public.help.later.text", "Hours", respond.Hours(v.Page))
	v.Contact = councilContact(v.Page)
	v.Yours = page.Link{Text: v.T("public.hub.code.link"), Href: v.To("/your-response")}
	v.Receipt = page.Link{Text: v.T("receipt.verify.title"), Href: v.To("/receipt/verify")}
	v.Ask, _ = askLinks(v.Page)
	return h.kit.Render(c, fiber.StatusOK, "public/help", v)
}

// securityText says how to report a weakness (RFC 9116); 404 while the council has no email address to report it to. Expires must lie ahead and less than a year off.
func (h *Handlers) securityText(c *fiber.Ctx) error {
	p := h.kit.Page(c, "public.help.title")
	if p.Council.Email == "" {
		return fiber.ErrNotFound // an empty contact would be no contact
	}
	expires := h.kit.Now().UTC().Truncate(24*time.Hour).AddDate(0, 6, 0)
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(fmt.Sprintf("Contact: mailto:%s\nExpires: %s\nPreferred-Languages: en, cy\n",
		p.Council.Email, expires.Format(time.RFC3339)))
}

// schema gives the JSON Schema of survey definitions to editors that know the format.
func (h *Handlers) schema(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/schema+json; charset=utf-8")
	return c.Send(surveys.Schema)
}
