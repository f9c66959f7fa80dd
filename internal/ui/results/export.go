package results

import (
	"bytes"
	"context"
	"io"
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// export offers the responses and their codebook as files, and says what is in them and what never is.
func (h *Handlers) export(c *fiber.Ctx) error {
	con, _, err := h.open(c)
	if err != nil {
		return err
	}
	held, err := h.Service.HeldBackTexts(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "results.export.title", "export")
	file := func(name, flavour string) string {
		return v.To(office.Path(con.ID, "export", name)) + "?flavour=" + flavour
	}
	v.Blocks = append(v.Blocks, desk.Para(v.T("results.export.intro")), desk.Block{List: []string{v.T("results.export.no_equality"), v.T("results.export.no_codes"), v.T("results.export.free_text"), v.T("results.export.held", "Count", held)}},
		desk.Block{Warning: &page.Warning{Text: v.T("results.export.warning")}},
		desk.H2(v.T("results.export.spreadsheet")), desk.Para(v.T("results.export.spreadsheet.help")),
		desk.LinkList(page.Link{Text: v.T("results.export.responses"), Href: file("responses.csv", "spreadsheet")},
			page.Link{Text: v.T("results.export.codebook"), Href: file("codebook.csv", "spreadsheet")}),
		desk.H2(v.T("results.export.plain")), desk.Para(v.T("results.export.plain.help")),
		desk.LinkList(page.Link{Text: v.T("results.export.responses"), Href: file("responses.csv", "plain"), Hidden: v.T("results.export.plain")},
			page.Link{Text: v.T("results.export.codebook"), Href: file("codebook.csv", "plain"), Hidden: v.T("results.export.plain")}))
	changes, err := h.Service.Changes(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(changes, func(x *consult.NoticeChange) bool { return x.State == consult.ChangeConfirmed }) {
		v.Blocks = slices.Insert(v.Blocks, 3, desk.Block{Inset: &page.Inset{Paragraphs: []string{v.T("results.export.newest")}}})
		v.Blocks = append(v.Blocks, desk.H2(v.T("results.export.told")), desk.Para(v.T("results.export.told.help")),
			desk.LinkList(page.Link{Text: v.T("results.export.responses"), Href: file("responses.csv", "spreadsheet") + "&told=all", Hidden: v.T("results.export.told")}))
	}
	return h.Show(c, fiber.StatusOK, v)
}

// flavour reads for which reader a file is written.
func flavour(c *fiber.Ctx) (export.Flavour, error) {
	f := export.Flavour(c.Query("flavour"))
	if !f.Valid() {
		return "", fault.New(fault.NotFound, "error.text.not_found")
	}
	return f, nil
}

// exported is open with the statements that people had added, where there are any.
func (h *Handlers) exported(c *fiber.Ctx) (*consult.Consultation, *survey.Definition, error) {
	con, d, err := h.open(c)
	if err != nil {
		return nil, nil, err
	}
	stated, err := h.Service.HasStatements(c.UserContext(), desk.Staff(c), con.ID)
	if stated {
		d = consult.Stated(d)
	}
	return con, d, err
}

// responsesFile gives the responses for analysis. The file is made while it leaves: a hundred thousand responses fit neither into a
// request's time over a slow line nor, for several officers at once, into memory.
func (h *Handlers) responsesFile(c *fiber.Ctx) error {
	con, d, err := h.exported(c)
	if err != nil {
		return err
	}
	f, err := flavour(c)
	if err != nil {
		return err
	}
	by, told := desk.Staff(c), c.Query("told") == "all"
	name := con.Slug + "-responses-" + string(f) + ".csv"
	return page.Stream(c, name, "text/csv; charset=utf-8", func(ctx context.Context, w io.Writer) error {
		each := func(fn func(*consult.Response) error) error {
			if told {
				return h.Service.EachResponseAsTold(ctx, by, con.ID, fn)
			}
			return h.Service.EachResponse(ctx, by, con.ID, fn)
		}
		return export.ResponsesCSV(w, d, each, f)
	})
}

func (h *Handlers) codebookFile(c *fiber.Ctx) error {
	con, d, err := h.exported(c)
	if err != nil {
		return err
	}
	f, err := flavour(c)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := export.CodebookCSV(&file, d, f); err != nil {
		return err
	}
	return page.Download(c, con.Slug+"-codebook-"+string(f)+".csv", "text/csv; charset=utf-8", file.Bytes())
}
