package registers

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// confidentiality answers: what does everybody promise before they work here, and who has? (councils.md S2-5)
func (h *Handlers) confidentiality(c *fiber.Ctx) error {
	now, err := h.Service.Confidentiality(c.UserContext())
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.PutText(form, "text", now.Text)
	return h.showConfidentiality(c, fiber.StatusOK, form, nil)
}

// showConfidentiality shows the form over the statement that holds now, whichever was edited.
func (h *Handlers) showConfidentiality(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	ctx := c.UserContext()
	now, err := h.Service.Confidentiality(ctx)
	if err != nil {
		return err
	}
	accepted, of, err := h.Service.Acknowledgements(ctx, desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.frame(c, "confidentiality.title")
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	p.Wide = true
	p.SetProblems(problems)
	v := desk.View{Page: p}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}}, desk.H2(p.T("confidentiality.theirs")), desk.Block{Prose: now.Text.In(p.Lang)})
	}
	version := now.Number
	if status == fiber.StatusUnprocessableEntity {
		version = desk.Version(form) // a mended form is still an edit of what its author saw
	}
	f := desk.Fields{Page: p, Form: form}
	save, err := desk.EditForm(p, version, root, []desk.Block{f.Prose("text", "confidentiality.text", 18)}, page.Button{Text: p.T("confidentiality.button")})
	if err != nil {
		return err
	}
	origin := p.T("confidentiality.standard")
	if now.Own {
		origin = p.T("confidentiality.own", "Number", now.Number)
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("confidentiality.intro")), desk.Para(origin), desk.Para(p.T("confidentiality.accepted", "Accepted", accepted, "Of", of)),
		desk.Block{Warning: &page.Warning{Text: p.T("confidentiality.everybody")}}, desk.Block{Form: save})
	return h.Show(c, status, v)
}

func (h *Handlers) confidentialitySave(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	now, err := h.Service.Confidentiality(c.UserContext())
	if err != nil {
		return err
	}
	err = h.Service.SaveConfidentiality(c.UserContext(), desk.Staff(c), desk.Version(form), desk.ReadText(form, "text", now.Text))
	problem, mendable := desk.Mendable(err, "text-en")
	switch {
	case mendable:
		return h.showConfidentiality(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{problem})
	case desk.Crossed(err):
		return h.showConfidentiality(c, fiber.StatusConflict, form, nil)
	case err != nil:
		return err
	}
	return page.Done(c, root+"/confidentiality", "confidentiality.done")
}
