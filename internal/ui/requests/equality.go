package requests

import (
	"maps"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/record"
	"folkmoot/internal/ui/respond"
)

// equalityTold says of what the officer was told. No question has a field of its name.
const equalityTold = "warned-of"

// equalityOpen reports whether equality answers can be changed for the request: the person told the code, and their time is not over.
func equalityOpen(x *dpo.Case) bool {
	return x.Request.Kind == privacy.AskRectify && x.Request.Outcome == nil && found(x) && x.Request.InHandTier() == privacy.IdentityCode && !x.EqualityOver
}

// equality shows the equality questions with what stands there, for a person who asked for correction and told the code.
func (h *Handlers) equality(c *fiber.Ctx) error {
	x, all, err := h.Cases.Equality(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form := survey.Form{respond.SeenField: {all.EqualitySeen}}
	for _, q := range all.Definition.Equality {
		maps.Copy(form, q.Values(all.Equality[q.ID]))
	}
	return h.showEquality(c, fiber.StatusOK, x, all, form, nil, nil)
}

func (h *Handlers) showEquality(c *fiber.Ctx, status int, x *dpo.Case, all *consult.Everything, form survey.Form, problems []survey.Problem, seems []string) error {
	v := h.frame(c, x, "request.equality.title")
	p := v.Page
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.Title}}
	p.SetProblems(problems)
	if status == fiber.StatusConflict {
		words := "office.crossed"
		if form.First(respond.SeenField) != all.EqualitySeen {
			words, form[respond.SeenField] = "request.equality.changed", []string{all.EqualitySeen}
		}
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T(words)}})
	}
	for _, words := range seems {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: words}})
	}
	if all.AskedFirst() {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("request.equality.asked")}})
		return h.Show(c, status, v)
	}
	var fields []desk.Block
	for _, q := range all.Definition.Equality {
		stored := all.Equality[q.ID]
		q.Required = false
		fields = append(fields, record.QuestionBlocks(p, all.Definition.Equality, q, form)...)
		if box := respond.RemoveBox(p, q, stored, form); box != nil {
			box.Legend, box.Options[0].Label = p.T("request.equality.remove"), p.T("request.equality.remove.of", "Question", q.Text.In(p.Lang))
			fields = append(fields, desk.Block{Checks: box})
		}
	}
	send, err := desk.EditForm(p, x.Entry.Version, path(x.Entry.ID), fields, page.Button{Text: p.T("request.equality.save")})
	if err != nil {
		return err
	}
	send.Hidden = append(send.Hidden, page.Hidden{Name: respond.SeenField, Value: form.First(respond.SeenField)})
	if len(seems) > 0 {
		send.Hidden = append(send.Hidden, page.Hidden{Name: equalityTold, Value: form.First(equalityTold)})
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("request.equality.about")), desk.Block{Form: send})
	return h.Show(c, status, v)
}

// equalitySend stores what was entered under the consent that stands.
func (h *Handlers) equalitySend(c *fiber.Ctx) error {
	x, all, err := h.Cases.Equality(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, record.Several(all.Definition.Equality)...)
	if err != nil {
		return err
	}
	answers, problems := respond.ReadEquality(all.Definition, form)
	if len(problems) > 0 {
		return h.showEquality(c, fiber.StatusUnprocessableEntity, x, all, form, problems, nil)
	}
	if told, seems := respond.SeemingEquality(h.Kit.Page(c, "request.equality.title"), all.Definition, all.Equality, answers); told != "" && form.First(equalityTold) != told {
		form[equalityTold] = []string{told}
		return h.showEquality(c, fiber.StatusOK, x, all, form, nil, seems)
	}
	err = h.Cases.ChangeEquality(c.UserContext(), desk.Staff(c), x.Entry.ID, desk.Version(form), consult.EqualityChange{Answers: answers, Seen: form.First(respond.SeenField)})
	if desk.Crossed(err) {
		if x, all, again := h.Cases.Equality(c.UserContext(), desk.Staff(c), x.Entry.ID); again == nil {
			return h.showEquality(c, fiber.StatusConflict, x, all, form, nil, nil)
		}
	}
	if fault.Is(err, fault.Invalid) { // a question that nobody's page sends
		return fiber.ErrBadRequest
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(x.Entry.ID), "request.equality.done")
}
