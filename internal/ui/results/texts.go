package results

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

const textsSize = 25

// texts lists what people wrote to one question, in an order that says nothing about when or by whom.
func (h *Handlers) texts(c *fiber.Ctx) error {
	con, d, err := h.open(c)
	if err != nil {
		return err
	}
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	question, ok := consult.Stated(d).Question(c.Params("question"))
	if !ok {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	n, _ := desk.Whole(query, "page")
	n = max(n, 1)
	found, err := h.Service.Texts(c.UserContext(), desk.Staff(c), con.ID, question.ID, (n-1)*textsSize, textsSize)
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "results.texts.title", "results")
	v.Blocks = append(v.Blocks, desk.Para(question.Text.In(v.Lang)), desk.Small(v.T("results.texts.care", "Count", found.Total)))
	if found.Held > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{v.T("results.texts.held", "Count", found.Held)}}})
	}
	if found.Total == 0 {
		v.Blocks = append(v.Blocks, desk.Para(v.T("results.texts.none")))
	}
	var quotes []string
	for _, x := range found.Texts {
		if len(x.Held) > 0 {
			x.Text = v.T("texts.held", "Kinds", v.MarkWords(x.Held))
		}
		quotes = append(quotes, x.Text)
	}
	v.Blocks = append(v.Blocks, desk.Block{Quotes: quotes})
	pages := page.Paginate(found.Total, textsSize, n, func(n int) string {
		return v.To(office.Path(con.ID, "results", "texts", question.ID)) + "?" + url.Values{"page": {itoa(n)}}.Encode()
	})
	if pages.Any() {
		v.Blocks = append(v.Blocks, desk.Block{Pages: &pages})
	}
	v.Blocks = append(v.Blocks, desk.LinkList(page.Link{Text: v.T("results.back"), Href: v.To(office.Path(con.ID, "results")) + "#q-" + question.ID}))
	return h.Show(c, fiber.StatusOK, v)
}
