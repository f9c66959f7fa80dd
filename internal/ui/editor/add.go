package editor

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// newQuestion stands in addresses for a question that is not there yet.
const newQuestion = "new"

// newSection stands in forms for a section that is not there yet.
const newSection = "_new"

// add asks what kind of question it will be; the question's own form follows from that.
func (h *Handlers) add(c *fiber.Ctx) error {
	con, d, err := h.openSound(c)
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "editor.add.title", "survey")
	f := desk.Fields{Page: v.Page, Form: survey.Form{"kind": {string(survey.Scale)}, "section": {d.Sections[len(d.Sections)-1].ID}}}
	var kinds, sections []page.Option
	for _, k := range survey.Kinds() {
		kinds = append(kinds, page.Option{Value: string(k), Label: v.T("editor.kind." + string(k)), Hint: v.T("editor.kind." + string(k) + ".hint")})
	}
	for _, s := range d.Sections {
		sections = append(sections, page.Option{Value: s.ID, Label: s.Title.In(v.Lang)})
	}
	sections = append(sections, page.Option{Value: newSection, Label: v.T("editor.add.section_new")})
	v.Blocks = append(v.Blocks, desk.Block{Form: &desk.Form{Get: true, Action: v.To(path(con, "questions", newQuestion)),
		Blocks:  []desk.Block{f.Radios("kind", "editor.add.kind", kinds...), f.Select("section", "editor.add.section", sections...)},
		Buttons: []page.Button{{Text: v.T("office.continue")}}, Cancel: &page.Link{Text: v.T("office.cancel"), Href: v.To(path(con))}}})
	return h.Show(c, fiber.StatusOK, v)
}
