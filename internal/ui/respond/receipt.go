package respond

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

type receiptView struct {
	*page.Page
	Sections  []receiptSection
	Files     []page.Link
	NoKantara string // why there is no such file
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
	return h.showReceipt(c, s.Code, p.to("/done"), p.to(""))
}

// receiptFile sends a file of the same receipt.
func (h *Handlers) receiptFile(send sendFile) fiber.Handler {
	return func(c *fiber.Ctx) error {
		_, s, done, err := h.after(c)
		if done {
			return err
		}
		return h.sendReceiptFile(c, s.Code, send)
	}
}

// showReceipt shows the receipt. below is the path that the files lie below.
func (h *Handlers) showReceipt(c *fiber.Ctx, code, back, below string) error {
	r, err := h.service.Receipt(c.UserContext(), code, page.Lang(c))
	if err != nil {
		return err
	}
	v := receiptView{Page: h.page(c, "respond.receipt.title")}
	v.Back = v.To(back)
	v.Sections = receiptSections(v.Page, r)
	v.Files = []page.Link{{Text: v.T("respond.done.receipt.json"), Href: v.To(below + "/receipt.json")}}
	if reason := r.NoKantara(); reason != "" {
		v.NoKantara = v.T(reason)
	} else {
		v.Files = append(v.Files, page.Link{Text: v.T("respond.receipt.kantara"), Href: v.To(below + "/receipt.kantara.json")})
	}
	v.Files = append(v.Files, page.Link{Text: v.T("receipt.verify.title"), Href: v.To("/receipt/verify")})
	return h.kit.Render(c, fiber.StatusOK, "respond/receipt", v)
}

func receiptSections(p *page.Page, r privacy.SignedReceipt) []receiptSection {
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
			if row.Lang != "" && row.Lang != p.Lang {
				line.Lang = string(row.Lang)
			}
			line.List = len(line.Lines) > 2 && !row.Prose && row.Key != "receipt.row.council" && row.Key != "receipt.row.regulator"
			section.List.Rows = append(section.List.Rows, line)
		}
		if len(section.List.Rows) > 0 {
			out = append(out, section)
		}
	}
	return out
}

// sendFile sends one of the files of a receipt.
type sendFile func(*fiber.Ctx, privacy.SignedReceipt) error

func (h *Handlers) sendReceiptFile(c *fiber.Ctx, code string, send sendFile) error {
	r, err := h.service.Receipt(c.UserContext(), code, page.Lang(c))
	if err != nil {
		return err
	}
	return send(c, r)
}

// sendReceipt sends the receipt as JSON-LD, structured following ISO/IEC TS 27560 (privacy.md 3.4).
func sendReceipt(c *fiber.Ctx, r privacy.SignedReceipt) error {
	return page.Download(c, "receipt-"+r.Response.Reference+".json", "application/ld+json; charset=utf-8", r.File)
}

// sendKantara sends it as a Kantara consent receipt, and says why where there is none.
func sendKantara(c *fiber.Ctx, r privacy.SignedReceipt) error {
	if reason := r.NoKantara(); reason != "" {
		return fault.New(fault.NotFound, reason)
	}
	return page.Download(c, "receipt-"+r.Response.Reference+".kantara.json", fiber.MIMEApplicationJSONCharsetUTF8, r.Kantara)
}
