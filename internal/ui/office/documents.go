package office

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// position reads the number of a part of a consultation from the address: "new" is one after the last.
func position(c *fiber.Ctx, count int) (n int, err error) {
	if c.Params("n") == "new" {
		return count, nil
	}
	n, err = strconv.Atoi(c.Params("n"))
	if err != nil || n < 1 || n > count {
		return 0, fault.New(fault.NotFound, "error.text.not_found")
	}
	return n - 1, nil
}

// overviewDocuments lists the papers. A draft's can be changed and removed.
func (h *Handlers) overviewDocuments(p *page.Page, who *consult.Staff, con *consult.Consultation) ([]desk.Block, error) {
	editable := con.State == consult.Drafted && who.May(consult.EditConsultations)
	t := page.Table{Stack: true, Caption: p.T("office.documents.caption"), Empty: p.T("office.documents.empty"),
		Head: page.Cells(p.T("office.document.name"), p.T("office.documents.where"))}
	for i, doc := range con.Documents {
		title := page.Cell{Text: doc.Title.In(p.Lang)}
		if editable {
			title = page.Cell{Link: &page.Link{Text: doc.Title.In(p.Lang), Href: p.To(Path(con.ID, "documents", itoa(i+1)))}}
		}
		where := doc.URL
		if where == "" {
			where = p.T("office.documents.here")
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{title, {Text: where}}})
	}
	blocks := []desk.Block{desk.H2(p.T("office.documents.title"))}
	t.HiddenCaption = true
	blocks = append(blocks, desk.TableBlock(t))
	if !editable {
		return blocks, nil
	}
	blocks = append(blocks, desk.Block{Buttons: []page.Button{{Text: p.T("office.documents.add"), Href: p.To(Path(con.ID, "documents", "new")), Kind: "secondary"}}})
	var actions []page.Action
	for i, doc := range con.Documents {
		remove, err := desk.NewAction(p, Path(con.ID, "documents", itoa(i+1), "remove"),
			page.Button{Text: p.T("office.documents.remove", "Name", doc.Title.In(p.Lang)), Kind: "secondary"}, desk.VersionField(con.Version))
		if err != nil {
			return nil, err
		}
		actions = append(actions, remove)
	}
	if len(actions) > 0 {
		blocks = append(blocks, desk.Block{Actions: actions})
	}
	return blocks, nil
}

// document edits one paper that people should read: a page of ours, or a link to the council's website.
func (h *Handlers) document(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	n, err := position(c, len(con.Documents))
	if err != nil {
		return err
	}
	form := survey.Form{}
	if n < len(con.Documents) {
		doc := con.Documents[n]
		desk.PutText(form, "title", doc.Title)
		desk.PutText(form, "body", doc.Body)
		desk.Put(form, "url", doc.URL)
	}
	return h.showDocument(c, fiber.StatusOK, con, form, nil)
}

func (h *Handlers) showDocument(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.document.title", "overview")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	link := f.Input("url", "office.document.url", "")
	return h.showForm(c, status, v, con, []desk.Block{f.Text("title", "office.document.name"), link, f.Prose("body", "office.document.body", 12)}, Path(con.ID))
}

func (h *Handlers) documentSave(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	n, err := position(c, len(con.Documents))
	if err != nil {
		return err
	}
	doc := consult.Document{Title: desk.ReadText(form, "title", nil), Body: desk.ReadText(form, "body", nil), URL: desk.Trimmed(form, "url")}
	if problems := checkDocument(doc); len(problems) > 0 {
		return h.showDocument(c, fiber.StatusUnprocessableEntity, con, form, problems)
	}
	details := con.Details
	details.Documents = slices.Clone(details.Documents)
	if n == len(details.Documents) {
		details.Documents = append(details.Documents, doc)
	} else {
		details.Documents[n] = doc
	}
	return h.save(c, con, con.Slug, form, details, Path(con.ID), h.showDocument)
}

func checkDocument(doc consult.Document) []survey.Problem {
	var out []survey.Problem
	if doc.Title[locale.English] == "" {
		out = append(out, survey.Problem{Field: "title-en", Key: "office.problem.document_name"})
	}
	if doc.URL != "" {
		if u, err := url.Parse(doc.URL); err != nil || u.Scheme != "https" || u.Host == "" {
			out = append(out, survey.Problem{Field: "url", Key: "office.problem.url"})
		}
	}
	if doc.URL == "" && doc.Body.Empty() {
		out = append(out, survey.Problem{Field: "url", Key: "office.problem.document_empty"})
	}
	return out
}

func (h *Handlers) documentRemove(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	n, err := position(c, len(con.Documents))
	if err != nil {
		return err
	}
	details := con.Details
	if n < len(details.Documents) {
		details.Documents = slices.Delete(slices.Clone(details.Documents), n, n+1)
	}
	if err := h.Service.SaveDetails(c.UserContext(), desk.Staff(c), con.ID, con.Slug, desk.Version(form), details); err != nil {
		return err
	}
	return page.Done(c, Path(con.ID), "office.document.removed")
}
