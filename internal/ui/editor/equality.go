package editor

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// equality chooses equality questions from the bank. Their wording is not edited here: it is harmonised, and figures
// are compared by it (question-bank.md).
func (h *Handlers) equality(c *fiber.Ctx) error {
	con, d, err := h.openSound(c)
	if err != nil {
		return err
	}
	form := survey.Form{}
	for _, q := range d.Equality {
		if q.Bank != nil && !slices.Contains(form["entry"], q.Bank.ID) {
			form["entry"] = append(form["entry"], q.Bank.ID)
		}
	}
	return h.showEquality(c, fiber.StatusOK, con, form, nil)
}

func (h *Handlers) showEquality(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := office.Frame(h.Desk, c, con, "editor.equality.title", "survey")
	v.SetProblems(problems)
	link(v.Page, con, "entry")
	v.Blocks = append(v.Blocks, desk.Para(v.T("editor.equality.help")), desk.Block{Warning: &page.Warning{Text: v.T("editor.equality.need")}})
	f := desk.Fields{Page: v.Page, Form: form}
	var options []page.Option
	for _, e := range h.Service.Bank.Entries() {
		o := page.Option{Value: e.ID, Label: e.Title.In(v.Lang)}
		if len(e.Questions) > 0 {
			o.Hint = v.T("editor.equality.entry", "Text", e.Questions[0].Text.In(v.Lang), "Source", e.Source)
		}
		options = append(options, o)
	}
	return office.ShowForm(h.Desk, c, status, v, con.Version, []desk.Block{f.Checks("entry", "editor.equality.which", options...)}, path(con))
}

func (h *Handlers) equalitySave(c *fiber.Ctx) error {
	con, d, form, err := h.openForm(c, "entry")
	if err != nil {
		return err
	}
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showEquality(c, status, con, form, problems)
	}
	d.Equality = nil
	for _, id := range form["entry"] {
		e, ok := h.Service.Bank.Entry(id)
		if !ok {
			return show(fiber.StatusUnprocessableEntity, con, []survey.Problem{{Field: "entry", Key: "editor.problem.entry"}})
		}
		for _, q := range e.Questions {
			entry := e.BankEntry
			q.Bank = &entry
			d.Equality = append(d.Equality, q)
		}
	}
	return h.save(c, con, d, path(con), show)
}
