package editor

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// download gives the definition as it is stored.
func (h *Handlers) download(c *fiber.Ctx) error {
	con, _, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	return page.Download(c, con.Slug+".yaml", "application/yaml; charset=utf-8", con.Source)
}

// source replaces the whole definition: by a file, or by editing its text.
func (h *Handlers) source(c *fiber.Ctx) error {
	con, _, err := h.open(c)
	if err != nil {
		return err
	}
	_, faults := survey.Parse(con.Source, h.Service.Bank)
	return h.showSource(c, fiber.StatusOK, con, survey.Form{"source": {string(con.Source)}}, nil, faults)
}

func (h *Handlers) showSource(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem, faults []survey.Fault) error {
	v := office.Frame(h.Desk, c, con, "editor.source.title", "survey")
	v.SetProblems(problems)
	if len(faults) > 0 {
		v.Blocks = append(v.Blocks, desk.Faults(v.Page, form.First("source"), faults)...)
	}
	v.Blocks = append(v.Blocks, desk.Para(v.T("editor.source.help")))
	f := desk.Fields{Page: v.Page, Form: form}
	edit, err := desk.EditForm(v.Page, con.Version, path(con), []desk.Block{f.File("file", "office.source.file", ".yaml,.yml,text/yaml"), f.Area("source", "office.source.text", 30)},
		page.Button{Text: v.T("office.save")})
	if err != nil {
		return err
	}
	edit.Multipart = true
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.crossed")}})
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: edit})
	return h.Show(c, status, v)
}

func (h *Handlers) sourceSave(c *fiber.Ctx) error {
	con, _, err := h.open(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	text, problem := desk.ReadSource(c, form)
	if problem != nil {
		return h.showSource(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{*problem}, nil)
	}
	form["source"] = []string{text}
	version := desk.Version(form)
	faults, err := h.Service.SaveSource(c.UserContext(), desk.Staff(c), con.ID, version, []byte(text))
	if desk.Crossed(err) && con.Version != version {
		return h.showSource(c, fiber.StatusConflict, con, form, nil, nil)
	}
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		problem := survey.Problem{Field: "source", Key: "office.problem.faults", Args: []any{"Count", len(faults)}}
		return h.showSource(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{problem}, faults)
	}
	return page.Done(c, path(con), "office.saved")
}
