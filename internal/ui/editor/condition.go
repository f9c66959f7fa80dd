package editor

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// condition asks in two steps after which answers a question is shown: first the earlier question (in the address),
// then its answers. Only earlier questions are offered, so a path has no loop.
func (h *Handlers) condition(c *fiber.Ctx) error {
	con, d, q, _, err := h.openQuestion(c)
	if err != nil {
		return err
	}
	form := survey.Form{}
	of := c.Query("of")
	if q.ShowWhen != nil {
		if of == "" {
			of = q.ShowWhen.Question
		}
		if of == q.ShowWhen.Question {
			form["code"] = q.ShowWhen.AnyOf
		}
	}
	desk.Put(form, "of", of)
	return h.showCondition(c, fiber.StatusOK, con, d, q, form, nil)
}

func (h *Handlers) showCondition(c *fiber.Ctx, status int, con *consult.Consultation, d *survey.Definition, q survey.Question, form survey.Form, problems []survey.Problem) error {
	v := office.Frame(h.Desk, c, con, "editor.condition.title", "survey")
	v.SetProblems(problems)
	link(v.Page, con, "code")
	d = d.ForCouncil(v.Council.Name) // for showing only: what is stored keeps {council}
	if shown, ok := d.Question(q.ID); ok {
		v.Blocks = append(v.Blocks, desk.Para(shown.Text.In(v.Lang)))
	}
	f := desk.Fields{Page: v.Page, Form: form}
	options := []page.Option{{Value: "", Label: v.T("editor.always")}}
	for _, e := range earlier(d, q.ID) {
		options = append(options, page.Option{Value: e.ID, Label: e.Text.In(v.Lang)})
	}
	here := path(con, "questions", q.ID, "condition")
	v.Blocks = append(v.Blocks, desk.Block{Form: &desk.Form{Get: true, Action: v.To(here), Blocks: []desk.Block{f.Select("of", "editor.condition.of", options...)},
		Buttons: []page.Button{{Text: v.T("editor.condition.choose"), Kind: "secondary"}}}})
	var blocks []desk.Block
	of, ok := d.Question(form.First("of"))
	if ok && of.Kind.HasOptions() {
		var codes []page.Option
		for _, o := range of.Options {
			codes = append(codes, page.Option{Value: o.Code, Label: o.Label.In(v.Lang)})
		}
		blocks = append(blocks, f.Checks("code", "editor.condition.codes", codes...))
	} else {
		blocks = append(blocks, desk.Para(v.T("editor.condition.none")))
	}
	edit, err := desk.EditForm(v.Page, con.Version, path(con, "questions", q.ID), blocks, page.Button{Text: v.T("office.save")})
	if err != nil {
		return err
	}
	edit.Action = v.To(here)
	edit.Hidden = append(edit.Hidden, page.Hidden{Name: "of", Value: form.First("of")})
	v.Blocks = append(v.Blocks, desk.Block{Form: edit})
	return h.Show(c, status, v)
}

// earlier returns the questions before the one with the id whose answers are codes to choose from.
func earlier(d *survey.Definition, id string) []survey.Question {
	var out []survey.Question
	for _, q := range d.Questions() {
		if q.ID == id {
			break
		}
		if q.Kind.HasOptions() {
			out = append(out, q)
		}
	}
	return out
}

func (h *Handlers) conditionSave(c *fiber.Ctx) error {
	con, d, q, _, err := h.openQuestion(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, "code")
	if err != nil {
		return err
	}
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showCondition(c, status, con, d, q, form, problems)
	}
	changed := d.Clone()
	s, at, err := find(changed, q.ID)
	if err != nil {
		return err
	}
	target := &changed.Sections[s].Questions[at]
	switch {
	case form.First("of") == "":
		target.ShowWhen = nil
	case len(form["code"]) == 0:
		return show(fiber.StatusUnprocessableEntity, con, []survey.Problem{{Field: "code", Key: "editor.problem.condition"}})
	default:
		target.ShowWhen = &survey.Condition{Question: form.First("of"), AnyOf: form["code"]}
	}
	return h.save(c, con, changed, path(con, "questions", q.ID), show)
}

// remove asks once more before a question goes, and says what goes with it.
func (h *Handlers) remove(c *fiber.Ctx) error {
	con, d, q, _, err := h.openQuestion(c)
	if err != nil {
		return err
	}
	return h.showRemove(c, fiber.StatusOK, con, d, q, nil)
}

func (h *Handlers) showRemove(c *fiber.Ctx, status int, con *consult.Consultation, d *survey.Definition, q survey.Question, problems []survey.Problem) error {
	v := office.Frame(h.Desk, c, con, "editor.remove.title", "survey")
	v.SetProblems(problems)
	d = d.ForCouncil(v.Council.Name)
	if shown, ok := d.Question(q.ID); ok {
		v.Blocks = append(v.Blocks, desk.Para(shown.Text.In(v.Lang)))
	}
	var depend []string
	for _, other := range d.Questions() {
		if other.ShowWhen != nil && other.ShowWhen.Question == q.ID {
			depend = append(depend, other.Text.In(v.Lang))
		}
	}
	if len(depend) > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("editor.remove.depend")}}, desk.Block{List: depend})
	}
	form, err := desk.EditForm(v.Page, con.Version, path(con, "questions", q.ID), nil, page.Button{Text: v.T("editor.remove.button"), Kind: "warning"})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: form})
	return h.Show(c, status, v)
}

func (h *Handlers) removeSend(c *fiber.Ctx) error {
	con, d, q, _, err := h.openQuestion(c)
	if err != nil {
		return err
	}
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showRemove(c, status, con, d, q, problems)
	}
	changed := d.Clone()
	if len(changed.Questions()) == 1 {
		return show(fiber.StatusUnprocessableEntity, con, []survey.Problem{{Field: "fault-0", Key: "editor.problem.last"}})
	}
	without(changed, q.ID)
	return h.save(c, con, changed, path(con), show)
}

// without takes a question out. Questions that depended on it are always shown; an empty section goes.
func without(d *survey.Definition, id string) {
	var sections []survey.Section
	for _, s := range d.Sections {
		var kept []survey.Question
		for _, q := range s.Questions {
			if q.ID == id {
				continue
			}
			if q.ShowWhen != nil && q.ShowWhen.Question == id {
				q.ShowWhen = nil
			}
			kept = append(kept, q)
		}
		if s.Questions = kept; len(kept) > 0 {
			sections = append(sections, s)
		}
	}
	d.Sections = sections
}
