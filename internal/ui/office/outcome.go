package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// outcome shows "we asked, you said, we did" as it stands (consultations.md 4).
func (h *Handlers) outcome(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	v := Frame(h.Desk, c, con, "office.outcome.title", "outcome")
	published := !con.Outcome.PublishedAt.IsZero()
	if published {
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.outcome.published", "When", locale.DateTime(v.Lang, con.Outcome.PublishedAt))),
			desk.LinkList(page.Link{Text: v.T("office.outcome.see"), Href: v.To("/c/" + con.Slug + "/outcome")}))
	} else {
		v.Blocks = append(v.Blocks, desk.Para(v.T("office.outcome.empty")))
	}
	if desk.Staff(c).May(consult.EditConsultations) {
		v.Blocks = append(v.Blocks, desk.Block{Buttons: []page.Button{{Text: v.T("office.outcome.edit"), Href: v.To(Path(con.ID, "outcome", "edit"))}}})
	}
	for _, part := range []struct {
		key  string
		text locale.Text
	}{{"office.outcome.asked", con.Outcome.Asked}, {"office.outcome.said", con.Outcome.Said}, {"office.outcome.did", con.Outcome.Did}} {
		if !part.text.Empty() {
			v.Blocks = append(v.Blocks, desk.H2(v.T(part.key)), desk.Block{Prose: part.text.In(v.Lang)})
		}
	}
	return h.Show(c, fiber.StatusOK, v)
}

func (h *Handlers) outcomeEdit(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	if s := con.Status(h.Service.Now()); s != consult.StatusClosed && s != consult.StatusReported {
		return fault.New(fault.Conflict, "office.outcome.early")
	}
	form := survey.Form{}
	desk.PutText(form, "asked", con.Outcome.Asked)
	desk.PutText(form, "said", con.Outcome.Said)
	desk.PutText(form, "did", con.Outcome.Did)
	return h.showOutcome(c, fiber.StatusOK, con, form, nil)
}

func (h *Handlers) showOutcome(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.outcome.edit", "outcome")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	fields := []desk.Block{f.Prose("asked", "office.outcome.asked", 6), f.Prose("said", "office.outcome.said", 10), f.Prose("did", "office.outcome.did", 10)}
	buttons := []page.Button{{Text: v.T("office.outcome.publish"), Name: "do", Value: "publish"}}
	if con.Outcome.PublishedAt.IsZero() {
		buttons = append(buttons, page.Button{Text: v.T("office.outcome.keep"), Name: "do", Value: "keep", Kind: "secondary"})
	}
	edit, err := desk.EditForm(v.Page, con.Version, Path(con.ID, "outcome"), fields, buttons...)
	if err != nil {
		return err
	}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.crossed")}})
	}
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.outcome.help")), desk.Block{Form: edit})
	return h.Show(c, status, v)
}

func (h *Handlers) outcomeSave(c *fiber.Ctx) error {
	con, form, err := h.openForm(c)
	if err != nil {
		return err
	}
	o := con.Outcome
	o.Asked, o.Said, o.Did = desk.ReadText(form, "asked", o.Asked), desk.ReadText(form, "said", o.Said), desk.ReadText(form, "did", o.Did)
	publish := form.First("do") != "keep"
	var problems []survey.Problem
	if publish {
		problems = missingOutcome(o, con.Languages)
	}
	if len(problems) > 0 {
		return h.showOutcome(c, fiber.StatusUnprocessableEntity, con, form, problems)
	}
	version := desk.Version(form)
	err = h.Service.SaveOutcome(c.UserContext(), desk.Staff(c), con.ID, version, o, publish)
	if desk.Crossed(err) && con.Version != version {
		return h.showOutcome(c, fiber.StatusConflict, con, form, nil)
	}
	if p, ok := desk.Mendable(err, "asked-en"); ok {
		return h.showOutcome(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	key := "office.saved"
	if publish {
		key = "office.outcome.done"
	}
	return page.Done(c, Path(con.ID, "outcome"), key)
}

// missingOutcome asks for all three parts in every language of the consultation before residents see it.
func missingOutcome(o consult.Outcome, langs []locale.Lang) []survey.Problem {
	var out []survey.Problem
	for _, part := range []struct {
		field string
		text  locale.Text
	}{{"asked", o.Asked}, {"said", o.Said}, {"did", o.Did}} {
		for _, l := range part.text.Missing(langs) {
			out = append(out, survey.Problem{Field: part.field + "-" + string(l), Key: "office.problem.outcome_" + part.field + "_" + string(l)})
		}
	}
	return out
}
