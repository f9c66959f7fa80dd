package results

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// export offers the responses and their codebook as files, and says what is in them and what never is.
func (h *Handlers) export(c *fiber.Ctx) error {
	con, err := h.open(c)
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "results.export.title", "export")
	file := func(name, flavour string) string {
		return v.To(office.Path(con.ID, "export", name)) + "?flavour=" + flavour
	}
	v.Blocks = append(v.Blocks, desk.Para(v.T("results.export.intro")), desk.Block{List: []string{v.T("results.export.no_equality"), v.T("results.export.no_codes"), v.T("results.export.free_text")}},
		desk.Block{Warning: &page.Warning{Text: v.T("results.export.warning")}},
		desk.H2(v.T("results.export.spreadsheet")), desk.Para(v.T("results.export.spreadsheet.help")),
		desk.LinkList(page.Link{Text: v.T("results.export.responses"), Href: file("responses.csv", "spreadsheet")},
			page.Link{Text: v.T("results.export.codebook"), Href: file("codebook.csv", "spreadsheet")}),
		desk.H2(v.T("results.export.plain")), desk.Para(v.T("results.export.plain.help")),
		desk.LinkList(page.Link{Text: v.T("results.export.responses"), Href: file("responses.csv", "plain"), Hidden: v.T("results.export.plain")},
			page.Link{Text: v.T("results.export.codebook"), Href: file("codebook.csv", "plain"), Hidden: v.T("results.export.plain")}))
	return h.Show(c, fiber.StatusOK, v)
}
