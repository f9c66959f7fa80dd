package public

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

type verifyView struct {
	*page.Page
	File  page.Input
	Paste page.Textarea
	Check page.Button
	Key   page.Link
}

// verify asks for a receipt. What is sent is looked at and forgotten: nothing is stored, and the log holds no more than the route.
func (h *Handlers) verify(c *fiber.Ctx) error { return h.askReceipt(c, fiber.StatusOK, "", nil) }

// askReceipt shows the form again with what was pasted and what is wrong, if anything.
func (h *Handlers) askReceipt(c *fiber.Ctx, status int, pasted string, problem *survey.Problem) error {
	v := verifyView{Page: h.kit.Page(c, "receipt.verify.title")}
	v.Robots = true
	if problem != nil {
		v.SetProblems([]survey.Problem{*problem})
	}
	v.File = page.Input{Type: "file", Accept: ".json,application/json,application/ld+json", Control: page.Control{Name: "file",
		Label: v.T("receipt.verify.file"), Size: "m", Hint: v.T("receipt.verify.file.hint"), Error: v.Error("file")}}
	v.Paste = page.Textarea{Rows: 8, Control: page.Control{Name: "receipt", Label: v.T("receipt.verify.paste"), Size: "m",
		Error: v.Error("receipt"), Value: pasted}}
	v.Check = page.Button{Text: v.T("receipt.verify.button")}
	v.Key = receiptKeyLink(v.Page)
	return h.kit.Render(c, status, "public/verify", v)
}

func receiptKeyLink(p *page.Page) page.Link {
	return page.Link{Text: p.T("receipt.verify.key"), Href: "/receipt/key.txt"}
}

// verifyAgain answers the form when its token's cookie is gone: nothing was checked.
func (h *Handlers) verifyAgain(c *fiber.Ctx) error {
	return h.askReceipt(c, fiber.StatusForbidden, "", &survey.Problem{Field: "file", Key: "receipt.verify.again"})
}

// verifyReceipt says what the file is. The page answers the form itself: there is no address for a result, because nothing is kept.
func (h *Handlers) verifyReceipt(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	file, field, problem := sentReceipt(c, form)
	if problem != nil {
		return h.askReceipt(c, fiber.StatusUnprocessableEntity, form.First("receipt"), problem)
	}
	checked, err := h.service.CheckReceipt(c.UserContext(), file)
	if err != nil {
		return err
	}
	if checked.Verdict == privacy.NotReceipt {
		return h.askReceipt(c, fiber.StatusUnprocessableEntity, form.First("receipt"), &survey.Problem{Field: field, Key: "receipt.verify.problem.not_receipt"})
	}
	return h.showVerdict(c, checked)
}

// sentReceipt returns what was uploaded or pasted and the field that it came from, or what is wrong.
func sentReceipt(c *fiber.Ctx, form survey.Form) (file []byte, field string, problem *survey.Problem) {
	large := func(field string) *survey.Problem {
		return &survey.Problem{Field: field, Key: "receipt.verify.problem.large", Args: []any{"Max", privacy.MaxReceipt / 1024}}
	}
	pasted := strings.TrimSpace(form.First("receipt"))
	header, err := c.FormFile("file")
	switch chosen := err == nil && header.Size > 0; {
	case chosen && pasted != "":
		return nil, "", &survey.Problem{Field: "file", Key: "receipt.verify.problem.both"}
	case chosen:
		content, ok := page.File(c, "file", privacy.MaxReceipt)
		if !ok {
			return nil, "", large("file")
		}
		return content, "file", nil
	case pasted == "":
		return nil, "", &survey.Problem{Field: "file", Key: "receipt.verify.problem.missing"}
	case len(pasted) > privacy.MaxReceipt:
		return nil, "", large("receipt")
	}
	return []byte(pasted), "receipt", nil
}

type verdictView struct {
	*page.Page
	Panel   *page.Panel   // genuine
	Warning *page.Warning // everything else
	Text    string
	Says    page.SummaryList
	Key     page.Link
	Again   page.Link
	Yours   page.Link
}

func (h *Handlers) showVerdict(c *fiber.Ctx, checked consult.ReceiptCheck) error {
	key := "receipt.verify." + string(checked.Verdict)
	v := verdictView{Page: h.kit.Page(c, key)}
	v.Back = v.To("/receipt/verify")
	v.Text = v.T(key + ".text")
	v.Key = receiptKeyLink(v.Page)
	v.Again = page.Link{Text: v.T("receipt.verify.another"), Href: v.To("/receipt/verify")}
	v.Yours = page.Link{Text: v.T("public.hub.code.link"), Href: v.To("/your-response")}
	if checked.Verdict == privacy.Genuine {
		v.Panel = &page.Panel{Title: v.Title}
		v.Says = receiptSays(v.Page, checked)
	} else {
		v.Warning = &page.Warning{Text: v.Text}
	}
	return h.kit.Render(c, fiber.StatusOK, "public/verdict", v)
}

// receiptSays lists what a genuine receipt is about. All of it but the row of the ledger stands in the file.
func receiptSays(p *page.Page, checked consult.ReceiptCheck) page.SummaryList {
	says, kind := checked.Says, "receipt"
	if checked.Kantara {
		kind = "kantara"
	}
	title := page.SummaryRow{Key: p.T("receipt.row.consultation"), Lines: []string{says.Consultation}}
	if says.Language != p.Lang {
		title.Lang = string(says.Language)
	}
	rows := []page.SummaryRow{
		{Key: p.T("receipt.row.reference"), Lines: []string{says.Reference}, Code: true},
		title,
		{Key: p.T("receipt.row.date"), Lines: []string{locale.ISODate(p.Lang, says.Date)}},
		{Key: p.T("receipt.row.notice"), Lines: []string{says.NoticeID + ", " + strconv.Itoa(says.NoticeVersion)}},
		{Key: p.T("receipt.verify.row.state"), Lines: []string{p.T("receipt.verify.state." + string(says.State))}},
	}
	if !says.StateAt.IsZero() {
		rows = append(rows, page.SummaryRow{Key: p.T("receipt.verify.row.at"), Lines: []string{locale.DateTime(p.Lang, says.StateAt)}})
	}
	rows = append(rows,
		page.SummaryRow{Key: p.T("receipt.verify.ledger"), Lines: []string{p.T("receipt.verify.ledger." + string(checked.Ledger))}},
		page.SummaryRow{Key: p.T("receipt.row.language"), Lines: []string{p.T("receipt.language." + string(says.Language))}},
		page.SummaryRow{Key: p.T("receipt.verify.row.kind"), Lines: []string{p.T("receipt.verify.row.kind." + kind)}},
		page.SummaryRow{Key: p.T("receipt.row.receipt_id"), Lines: []string{says.ReceiptID}},
		page.SummaryRow{Key: p.T("receipt.verify.row.fingerprint"), Lines: []string{says.Fingerprint}},
	)
	return page.SummaryList{Rows: rows}
}

// receiptKey is the public key that checks receipts.
func (h *Handlers) receiptKey(c *fiber.Ctx) error {
	c.Type("txt", "utf-8")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="receipt-key.txt"`)
	return c.SendString(h.service.ReceiptKey() + "\n")
}
