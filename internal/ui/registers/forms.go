package registers

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

// forms asks for the reference of a signed form. It goes by POST only: in the document system it leads to a name.
func (h *Handlers) forms(c *fiber.Ctx) error {
	return h.showForms(c, fiber.StatusOK, survey.Form{}, nil, nil)
}

// formsSend answers: what was decided on this form?
func (h *Handlers) formsSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	found, err := h.Service.ProveForm(c.UserContext(), desk.Staff(c), desk.Trimmed(form, "scan"))
	if p, ok := desk.Mendable(err, "scan"); ok {
		return h.showForms(c, fiber.StatusUnprocessableEntity, form, nil, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return h.showForms(c, fiber.StatusOK, form, append([]consult.SignedForm{}, found...), nil)
}

// showForms shows the form and, unless found is nil, what was found.
func (h *Handlers) showForms(c *fiber.Ctx, status int, form survey.Form, found []consult.SignedForm, problems []survey.Problem) error {
	p := h.frame(c, "forms.title")
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	p.Wide = true
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.PostForm(p, root, []desk.Block{f.Input("scan", "record.scan", "20")}, page.Button{Text: p.T("forms.button")})
	if err != nil {
		return err
	}
	v := desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("forms.about")), {Form: send}}}
	if found == nil {
		return h.Show(c, status, v)
	}
	t := page.Table{Caption: p.T("forms.found"), Empty: p.T("forms.none"), Stack: true, Head: page.Cells(p.T("forms.consultation"), p.T("forms.decided"),
		p.T("forms.now"), p.T("forms.on"), p.T("forms.recorded"), p.T("forms.giver"), p.T("forms.version"), p.T("forms.entry"))}
	for _, x := range found {
		e := x.Event
		version, _, _ := strings.Cut(e.Evidence.Form, "/")
		on, giver := "", ""
		if e.Evidence.On != "" {
			on = locale.ISODate(p.Lang, string(e.Evidence.On))
		}
		if e.Evidence.Giver != "" {
			giver = p.T("receipt.giver." + string(e.Evidence.Giver))
		}
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(office.Title(p, x.Consultation), p.T("forms.state."+string(e.State)), p.T("forms.state."+string(x.Now)), on,
			locale.DateTime(p.Lang, e.At), giver, version, locale.Number(e.Sequence))})
	}
	v.Blocks = append(v.Blocks, desk.TableBlock(t))
	return h.Show(c, status, v)
}
