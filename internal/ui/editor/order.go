package editor

import (
	"slices"
	"sort"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

func findSection(d *survey.Definition, id string) (int, error) {
	if i := slices.IndexFunc(d.Sections, func(s survey.Section) bool { return s.ID == id }); i >= 0 {
		return i, nil
	}
	return 0, fault.New(fault.NotFound, "error.text.not_found")
}

// order moves questions by their numbers: it works by keyboard, without scripts and without dragging (WCAG 2.5.7).
func (h *Handlers) order(c *fiber.Ctx) error {
	con, d, err := h.openSound(c)
	if err != nil {
		return err
	}
	form := survey.Form{}
	number := 0
	for i, s := range d.Sections {
		desk.Put(form, "s-"+s.ID, itoa(i+1))
		for _, q := range s.Questions {
			number++
			desk.Put(form, "q-"+q.ID, itoa(number))
			desk.Put(form, "in-"+q.ID, s.ID)
		}
	}
	return h.showOrder(c, fiber.StatusOK, con, d, form, nil)
}

func (h *Handlers) showOrder(c *fiber.Ctx, status int, con *consult.Consultation, d *survey.Definition, form survey.Form, problems []survey.Problem) error {
	v := office.Frame(h.Desk, c, con, "editor.order.title", "survey")
	v.SetProblems(problems)
	link(v.Page, con, "s-"+d.Sections[0].ID)
	v.Blocks = append(v.Blocks, desk.Para(v.T("editor.order.help")))
	f := desk.Fields{Page: v.Page, Form: form}
	var sections []page.Option
	for _, s := range d.Sections {
		sections = append(sections, page.Option{Value: s.ID, Label: s.Title.In(v.Lang)})
	}
	var blocks []desk.Block
	for _, s := range d.ForCouncil(v.Council.Name).Sections {
		position := f.Number("s-"+s.ID, "editor.order.section")
		position.Input.Label = v.T("editor.order.section_named", "Section", s.Title.In(v.Lang))
		blocks = append(blocks, desk.H2(s.Title.In(v.Lang)), position)
		for _, q := range s.Questions {
			number, in := f.Number("q-"+q.ID, "editor.order.question"), f.Select("in-"+q.ID, "editor.order.in", sections...)
			number.Input.Size, in.Select.Size = "", ""
			blocks = append(blocks, desk.Block{Group: &desk.FieldGroup{ID: "g-" + q.ID, Legend: q.Text.In(v.Lang),
				Blocks: []desk.Block{{Columns: [][]desk.Block{{number}, {in}}}}}})
		}
	}
	return office.ShowForm(h.Desk, c, status, v, con.Version, blocks, path(con))
}

func (h *Handlers) orderSave(c *fiber.Ctx) error {
	con, d, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showOrder(c, status, con, d, form, problems)
	}
	changed := d.Clone()
	if problems := reorder(changed, form); len(problems) > 0 {
		return show(fiber.StatusUnprocessableEntity, con, problems)
	}
	return h.save(c, con, changed, path(con), show)
}

// reorder puts sections and questions in the order of their numbers. Equal numbers keep the order they had; a section
// that lost its last question goes.
func reorder(d *survey.Definition, form survey.Form) []survey.Problem {
	var problems []survey.Problem
	place := map[string]int{}
	read := func(field string) int {
		n, ok := desk.Whole(form, field)
		if !ok || n < 1 {
			problems = append(problems, survey.Problem{Field: field, Key: "editor.problem.number"})
		}
		return n
	}
	questions := d.Questions()
	for _, q := range questions {
		place[q.ID] = read("q-" + q.ID)
	}
	sort.SliceStable(questions, func(i, k int) bool { return place[questions[i].ID] < place[questions[k].ID] })
	order := map[string]int{}
	for _, s := range d.Sections {
		order[s.ID] = read("s-" + s.ID)
	}
	sections := d.Sections
	sort.SliceStable(sections, func(i, k int) bool { return order[sections[i].ID] < order[sections[k].ID] })
	for i := range sections {
		sections[i].Questions = nil
	}
	for _, q := range questions {
		i := slices.IndexFunc(sections, func(s survey.Section) bool { return s.ID == form.First("in-"+q.ID) })
		if i < 0 {
			return append(problems, survey.Problem{Field: "in-" + q.ID, Key: "editor.problem.section_choose"})
		}
		sections[i].Questions = append(sections[i].Questions, q)
	}
	d.Sections = slices.DeleteFunc(sections, func(s survey.Section) bool { return len(s.Questions) == 0 })
	return problems
}
