package office

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

const listSize = 25

// list answers: where does each consultation stand? Its filters stay in the address.
func (h *Handlers) list(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	who := desk.Staff(c)
	p := h.Kit.Page(c, "office.list.title")
	p.Wide = true
	words, status := desk.Trimmed(query, "q"), consult.Status(query.First("status"))
	all, err := h.Service.Consultations(c.UserContext(), who, consult.ConsultationFilter{Words: words})
	if err != nil {
		return err
	}
	var shown []*consult.Consultation
	for _, con := range all {
		if status == "" || con.Status(h.Service.Now()) == status {
			shown = append(shown, con)
		}
	}
	n, _ := desk.Whole(query, "page")
	address := func(n int) string { return p.To("/office/consultations") + "?" + listQuery(words, status, n) }
	pages := page.Paginate(len(shown), listSize, n, address)
	blocks := []desk.Block{}
	if who.May(consult.EditConsultations) {
		blocks = append(blocks, desk.Block{Buttons: []page.Button{{Text: p.T("office.list.new"), Href: p.To("/office/consultations/new")}}})
	}
	blocks = append(blocks, desk.Block{Form: h.listFilter(p, query)}, desk.TableBlock(h.listTable(p, slicePage(shown, listSize, n), len(shown), words != "" || status != "")))
	if pages.Any() {
		blocks = append(blocks, desk.Block{Pages: &pages})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

// slicePage returns the lines of page n, from 1.
func slicePage[T any](all []T, size, n int) []T {
	from := min(max(n-1, 0)*size, len(all))
	return all[from:min(from+size, len(all))]
}

func listQuery(words string, status consult.Status, n int) string {
	v := url.Values{}
	if words != "" {
		v.Set("q", words)
	}
	if status != "" {
		v.Set("status", string(status))
	}
	if n > 1 {
		v.Set("page", itoa(n))
	}
	return v.Encode()
}

func (h *Handlers) listFilter(p *page.Page, query survey.Form) *desk.Form {
	f := desk.Fields{Page: p, Form: query}
	statuses := []page.Option{{Value: "", Label: p.T("office.list.any")}}
	for _, s := range []consult.Status{consult.StatusDraft, consult.StatusUpcoming, consult.StatusOpen, consult.StatusClosed, consult.StatusReported} {
		statuses = append(statuses, page.Option{Value: string(s), Label: p.T("office.status." + string(s))})
	}
	return &desk.Form{Get: true, Label: p.T("office.list.filter"), Action: p.To("/office/consultations"),
		Blocks:  []desk.Block{{Columns: [][]desk.Block{{f.Input("q", "office.list.words", "")}, {f.Select("status", "office.list.status", statuses...)}}}},
		Buttons: []page.Button{{Text: p.T("office.list.apply"), Kind: "secondary"}}}
}

func (h *Handlers) listTable(p *page.Page, shown []*consult.Consultation, total int, filtered bool) page.Table {
	t := page.Table{Stack: true, Caption: p.T("office.list.caption", "Count", total), CaptionSize: "s",
		Head:  page.Cells(p.T("office.list.column.title"), p.T("office.list.column.status"), p.T("office.list.column.when"), p.T("office.list.column.department")),
		Empty: p.T("office.list.empty")}
	if filtered {
		t.Empty = p.T("office.list.empty_filtered")
	}
	for _, con := range shown {
		tag := StatusTag(p, con.Status(h.Service.Now()))
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{
			{Link: &page.Link{Text: Title(p, con), Href: p.To(Path(con.ID))}}, {Tag: &tag}, {Text: h.ends(p, con)}, {Text: con.Department},
		}})
	}
	return t
}
