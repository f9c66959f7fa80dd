package respond

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

type receiptView struct {
	*page.Page
	Sections []receiptSection
	JSON     page.Link
	Verify   string
}

type receiptSection struct {
	Heading string
	List    page.SummaryList
}

// receipt shows the receipt of the response that this browser has sent. It holds no answer and no code.
func (h *Handlers) receipt(c *fiber.Ctx) error {
	p, s, done, err := h.after(c)
	if done {
		return err
	}
	return h.showReceipt(c, s.Code, p.to("/done"), p.to("/receipt.json"))
}

// receiptJSON sends the same as a file, structured following ISO/IEC TS 27560 (privacy.md 3.4).
func (h *Handlers) receiptJSON(c *fiber.Ctx) error {
	_, s, done, err := h.after(c)
	if done {
		return err
	}
	return h.sendReceipt(c, s.Code)
}

func (h *Handlers) showReceipt(c *fiber.Ctx, code, back, file string) error {
	r, err := h.service.Receipt(c.UserContext(), code, page.Lang(c))
	if err != nil {
		return err
	}
	v := receiptView{Page: h.page(c, "respond.receipt.title")}
	v.Back = v.To(back)
	v.Sections = receiptSections(v.Page, r)
	v.JSON = page.Link{Text: v.T("respond.done.receipt.json"), Href: v.To(file)}
	return h.kit.Render(c, fiber.StatusOK, "respond/receipt", v)
}

func receiptSections(p *page.Page, r privacy.Receipt) []receiptSection {
	var out []receiptSection
	for _, s := range r.Sections() {
		section := receiptSection{Heading: p.T(s.Key)}
		for _, row := range s.Rows {
			line := page.SummaryRow{Key: p.T(row.Key)}
			for _, v := range row.Values {
				if v.Key != "" {
					line.Lines = append(line.Lines, p.T(v.Key))
				} else {
					line.Lines = append(line.Lines, v.Text)
				}
			}
			line.List = len(line.Lines) > 2 && row.Key != "receipt.row.council" && row.Key != "receipt.row.regulator"
			section.List.Rows = append(section.List.Rows, line)
		}
		if len(section.List.Rows) > 0 {
			out = append(out, section)
		}
	}
	return out
}

func (h *Handlers) sendReceipt(c *fiber.Ctx, code string) error {
	r, err := h.service.Receipt(c.UserContext(), code, page.Lang(c))
	if err != nil {
		return err
	}
	body, err := r.JSON()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="receipt-`+r.Response.Reference+`.json"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(body)
}
