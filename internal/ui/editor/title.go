package editor

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// title changes the survey's own title, and says in which languages it is complete. Texts of a language are written question by
// question; when the language is ticked the parser says which are still missing.
func (h *Handlers) title(c *fiber.Ctx) error {
	con, d, err := h.openSound(c)
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.PutText(form, "title", d.Title)
	for _, l := range d.Languages {
		form["languages"] = append(form["languages"], string(l))
		if !slices.Contains(d.Unchecked, l) {
			form["checked"] = append(form["checked"], string(l))
		}
	}
	return h.showTitle(c, fiber.StatusOK, con, form, nil)
}

func (h *Handlers) showTitle(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := office.Frame(h.Desk, c, con, "editor.title.title", "survey")
	v.SetProblems(problems)
	link(v.Page, con, "title-en")
	f := desk.Fields{Page: v.Page, Form: form}
	var complete, checked []page.Option
	for _, l := range desk.Languages(v.Page) {
		o := page.Option{Value: string(l), Label: v.T("office.language." + string(l))}
		complete = append(complete, o)
		if l != locale.English {
			checked = append(checked, o)
		}
	}
	blocks := []desk.Block{f.Text("title", "editor.title.name"), f.Checks("languages", "editor.title.languages", complete...)}
	if len(checked) > 0 {
		blocks = append(blocks, f.Checks("checked", "editor.title.checked", checked...))
	}
	return office.ShowForm(h.Desk, c, status, v, con.Version, blocks, path(con))
}

func (h *Handlers) titleSave(c *fiber.Ctx) error {
	con, d, form, err := h.openForm(c, "languages", "checked")
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"languages": desk.LanguageCodes(), "checked": desk.LanguageCodes()}); err != nil {
		return err
	}
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showTitle(c, status, con, form, problems)
	}
	var problems []survey.Problem
	d.Title = desk.ReadText(form, "title", d.Title)
	if d.Title[locale.English] == "" {
		problems = append(problems, survey.Problem{Field: "title-en", Key: "office.problem.title"})
	}
	d.Languages, d.Unchecked = nil, nil
	for _, l := range locale.Langs() {
		if !slices.Contains(form["languages"], string(l)) {
			continue
		}
		d.Languages = append(d.Languages, l)
		if l != locale.English && !slices.Contains(form["checked"], string(l)) {
			d.Unchecked = append(d.Unchecked, l)
		}
	}
	if !slices.Contains(d.Languages, locale.English) {
		problems = append(problems, survey.Problem{Field: "languages", Key: "office.problem.languages"})
	}
	if len(problems) > 0 {
		return show(fiber.StatusUnprocessableEntity, con, problems)
	}
	return h.save(c, con, d, path(con), show)
}
