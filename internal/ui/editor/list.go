package editor

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// list shows what is asked, section by section.
func (h *Handlers) list(c *fiber.Ctx) error {
	con, d, faults, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "editor.list.title", "survey")
	editable := con.State == consult.Drafted && desk.Staff(c).May(consult.EditConsultations)
	if con.State != consult.Drafted {
		v.Blocks = append(v.Blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{v.T("editor.list.frozen")}}})
	}
	v.Blocks = append(v.Blocks, desk.Block{Buttons: listButtons(v.Page, con, d, editable)})
	if len(faults) > 0 || d == nil {
		v.Blocks = append(v.Blocks, desk.Faults(v.Page, string(con.Source), faults)...)
		return h.Show(c, fiber.StatusOK, v)
	}
	shown := d.ForCouncil(v.Council.Name)
	number := 0
	for _, s := range shown.Sections {
		v.Blocks = append(v.Blocks, sectionCard(v.Page, con, shown, s, &number, editable))
	}
	v.Blocks = append(v.Blocks, equalityCard(v.Page, con, shown, editable))
	return h.Show(c, fiber.StatusOK, v)
}

func listButtons(p *page.Page, con *consult.Consultation, d *survey.Definition, editable bool) []page.Button {
	var out []page.Button
	add := func(key, kind, to string) {
		out = append(out, page.Button{Text: p.T(key), Kind: kind, Href: p.To(to)})
	}
	if editable && d != nil {
		add("editor.add.link", "", path(con, "add"))
		add("editor.order.link", "secondary", path(con, "order"))
		add("editor.title.link", "secondary", path(con, "title"))
	}
	if editable {
		add("editor.source.link", "secondary", path(con, "source"))
	}
	if d != nil {
		add("office.next.preview", "secondary", office.Path(con.ID, "preview"))
	}
	out = append(out, page.Button{Text: p.T("editor.download"), Kind: "secondary", Href: p.To(office.Path(con.ID, "survey.yaml"))})
	return out
}

func sectionCard(p *page.Page, con *consult.Consultation, d *survey.Definition, s survey.Section, number *int, editable bool) desk.Block {
	t := page.Table{Caption: s.Title.In(p.Lang), Stack: true, HiddenCaption: true, Dense: true, Head: page.Cells(p.T("editor.column.question"),
		p.T("editor.column.kind"), p.T("editor.column.required"), p.T("editor.column.when"))}
	for _, q := range s.Questions {
		*number++
		text := itoa(*number) + ". " + q.Text.In(p.Lang)
		cell := page.Cell{Text: text}
		if editable {
			cell = page.Cell{Link: &page.Link{Text: text, Href: p.To(path(con, "questions", q.ID))}}
		}
		required := p.T("editor.optional")
		if q.Required {
			required = p.T("editor.required")
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{cell, {Text: p.T("editor.kind." + string(q.Kind))}, {Text: required}, {Text: conditionText(p, d, q)}}})
	}
	card := &desk.Card{Title: s.Title.In(p.Lang), Blocks: []desk.Block{desk.TableBlock(t)}}
	if editable {
		card.Links = []page.Link{{Text: p.T("office.change"), Href: p.To(path(con, "sections", s.ID)), Hidden: s.Title.In(p.Lang)}}
	}
	return desk.Block{Card: card}
}

// conditionText says in words when a question is shown.
func conditionText(p *page.Page, d *survey.Definition, q survey.Question) string {
	if q.ShowWhen == nil {
		return p.T("editor.always")
	}
	earlier, _ := d.Question(q.ShowWhen.Question)
	var labels []string
	for _, code := range q.ShowWhen.AnyOf {
		label := code
		if o, ok := earlier.Option(code); ok {
			label = o.Label.In(p.Lang)
		}
		labels = append(labels, label)
	}
	return p.T("editor.when", "Question", earlier.Text.In(p.Lang), "Answers", strings.Join(labels, ", "))
}

func equalityCard(p *page.Page, con *consult.Consultation, d *survey.Definition, editable bool) desk.Block {
	card := &desk.Card{Title: p.T("editor.equality.title")}
	if len(d.Equality) == 0 {
		card.Blocks = []desk.Block{desk.Para(p.T("editor.equality.none"))}
	} else {
		var texts []string
		for _, q := range d.Equality {
			texts = append(texts, q.Text.In(p.Lang))
		}
		card.Blocks = []desk.Block{{List: texts}}
	}
	if editable {
		card.Links = []page.Link{{Text: p.T("office.change"), Href: p.To(path(con, "equality")), Hidden: p.T("editor.equality.title")}}
	}
	return desk.Block{Card: card}
}

// section changes the title of a section.
func (h *Handlers) section(c *fiber.Ctx) error {
	con, d, err := h.openSound(c)
	if err != nil {
		return err
	}
	i, err := findSection(d, c.Params("section"))
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.PutText(form, "title", d.Sections[i].Title)
	return h.showSection(c, fiber.StatusOK, con, form, nil)
}

func (h *Handlers) showSection(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := office.Frame(h.Desk, c, con, "editor.section.title", "survey")
	v.SetProblems(problems)
	link(v.Page, con, "title-en")
	f := desk.Fields{Page: v.Page, Form: form}
	return office.ShowForm(h.Desk, c, status, v, con.Version, []desk.Block{f.Text("title", "editor.section.name")}, path(con))
}

func (h *Handlers) sectionSave(c *fiber.Ctx) error {
	con, d, err := h.openSound(c)
	if err != nil {
		return err
	}
	i, err := findSection(d, c.Params("section"))
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	d.Sections[i].Title = desk.ReadText(form, "title", d.Sections[i].Title)
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showSection(c, status, con, form, problems)
	}
	if d.Sections[i].Title[locale.English] == "" {
		return show(fiber.StatusUnprocessableEntity, con, []survey.Problem{{Field: "title-en", Key: "editor.problem.section"}})
	}
	return h.save(c, con, d, path(con), show)
}
