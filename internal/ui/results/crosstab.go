package results

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// crossTab shows one question by one dimension. What is chosen lies in the address, so it can be sent to a colleague.
func (h *Handlers) crossTab(c *fiber.Ctx) error {
	con, _, err := h.open(c)
	if err != nil {
		return err
	}
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	res, err := h.Service.Results(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "results.crosstab.title", "results")
	v.Blocks = append(v.Blocks, desk.Block{Form: crossForm(v.Page, con, res, query)})
	question, by := query.First("question"), query.First("by")
	if question == "" || by == "" {
		v.Blocks = append(v.Blocks, desk.Para(v.T("results.crosstab.choose")))
		return h.Show(c, fiber.StatusOK, v)
	}
	x, err := h.Service.CrossTab(c.UserContext(), desk.Staff(c), con.ID, question, by)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, crossBlocks(v.Page, x)...)
	return h.Show(c, fiber.StatusOK, v)
}

func crossForm(p *page.Page, con *consult.Consultation, res *consult.Results, query survey.Form) *desk.Form {
	f := desk.Fields{Page: p, Form: query}
	var questions, dimensions []page.Option
	for _, q := range res.Questions {
		if q.Question.Kind.HasCodes() {
			questions = append(questions, page.Option{Value: q.Question.ID, Label: q.Question.Text.In(p.Lang)})
		}
	}
	for _, d := range res.Dimensions {
		label := d.Label.In(p.Lang)
		if d.Special {
			label = p.T("results.crosstab.equality", "Label", label)
		}
		dimensions = append(dimensions, page.Option{Value: d.ID, Label: label})
	}
	return &desk.Form{Get: true, Action: p.To(office.Path(con.ID, "results", "crosstab")),
		Blocks:  []desk.Block{{Columns: [][]desk.Block{{f.Select("question", "results.crosstab.question", questions...)}, {f.Select("by", "results.crosstab.by", dimensions...)}}}},
		Buttons: []page.Button{{Text: p.T("results.crosstab.show")}}}
}

// crossBlocks shows the table: row percentages with each group's base beside them, the whole first.
func crossBlocks(p *page.Page, x *consult.CrossTab) []desk.Block {
	var blocks []desk.Block
	if x.HiddenGroups > 0 {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("results.crosstab.hidden", "Count", x.HiddenGroups)}}})
	}
	scale := x.Total.HasNet
	caption := p.T("results.crosstab.caption", "Question", x.Question.Label.In(p.Lang), "By", x.By.Label.In(p.Lang))
	blocks = append(blocks, desk.H2(caption))
	t := page.Table{Caption: caption, HiddenCaption: true, Dense: true} // a caption as wide as the table is cut on a phone
	t.Head = []page.Cell{{Text: x.By.Label.In(p.Lang)}, {Text: p.T("results.base_row"), Numeric: true}}
	for _, code := range x.Question.Codes {
		t.Head = append(t.Head, page.Cell{Text: code.Label.In(p.Lang), Numeric: true})
	}
	if scale {
		t.Head = append(t.Head, page.Cell{Text: p.T("results.net"), Numeric: true})
	}
	low := false
	total := x.Total
	if total.Label.Empty() {
		total.Label = locale.Text{p.Lang: p.T("results.everybody")}
	}
	t.Rows = append(t.Rows, crossRow(p, total, len(x.Question.Codes), scale))
	for _, r := range x.Rows {
		if r.Base == 0 && !r.Hidden {
			continue // nobody in it
		}
		low = low || r.LowBase != ""
		t.Rows = append(t.Rows, crossRow(p, r, len(x.Question.Codes), scale))
	}
	blocks = append(blocks, desk.TableBlock(t), desk.Small(p.T("results.crosstab.note")))
	if low {
		blocks = append(blocks, desk.Small(p.T("results.crosstab.low")))
	}
	return append(blocks, desk.Para(p.T("results.self_selected")))
}

func crossRow(p *page.Page, r consult.CrossRow, codes int, scale bool) page.Row {
	label := r.Label.In(p.Lang)
	if r.LowBase != "" && !r.Hidden {
		label = p.T("results.crosstab.low_label", "Label", label)
	}
	row := page.Row{Cells: []page.Cell{{Text: label}}}
	if r.Hidden {
		for range codes + 1 {
			row.Cells = append(row.Cells, page.Num("[c]"))
		}
		if scale {
			row.Cells = append(row.Cells, page.Num("[c]"))
		}
		return row
	}
	row.Cells = append(row.Cells, page.Num(whole(r.Base)))
	for i := range codes {
		text := "–"
		switch {
		case r.LowBase == lowNone && i < len(r.Counts):
			text = p.T("results.crosstab.count", "Count", whole(r.Counts[i]))
		case r.LowBase != lowNone && i < len(r.Percent):
			text = percent(r.Percent[i])
		}
		row.Cells = append(row.Cells, page.Num(text))
	}
	if scale {
		net := "–"
		if r.HasNet && r.LowBase != lowNone {
			net = signed(r.Net)
		}
		row.Cells = append(row.Cells, page.Num(net))
	}
	return row
}
