package requests

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// opened finds the request. fault.Conflict if it does not stand so that the step can be taken.
func (h *Handlers) opened(c *fiber.Ctx, s step) (*dpo.Case, error) {
	x, err := h.Cases.Case(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err == nil && !s.open(x) {
		err = fault.New(fault.Conflict, "error.request.step")
	}
	return x, err
}

// open reports whether the step can be taken now.
func (s step) open(x *dpo.Case) bool { return (x.Request.Outcome == nil || s.ended) && s.now(x) }

func (h *Handlers) step(c *fiber.Ctx, s step) error {
	x, err := h.opened(c, s)
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.PutDay(form, "on", string(privacy.DateOf(h.Service.Now())))
	if s.filled != nil {
		s.filled(form, x)
	}
	return h.showStep(c, fiber.StatusOK, s, x, form, nil)
}

func (h *Handlers) showStep(c *fiber.Ctx, status int, s step, x *dpo.Case, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, x, "request.step."+s.key)
	p := v.Page
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	v.Blocks = append(v.Blocks, desk.Para(p.T("request.step."+s.key+".about")))
	button := page.Button{Text: p.T("request.step." + s.key + ".button")}
	var fields []desk.Block
	if s.fields != nil {
		fields = s.fields(f, x)
	}
	if s.warns {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("request.step." + s.key + ".warning")}})
		fields = append(fields, f.Checks("sure", "request.field.sure", page.Option{Value: "yes", Label: p.T("request.step." + s.key + ".sure")}))
		button.Kind = "warning"
	}
	if status == fiber.StatusConflict {
		v.Blocks = append([]desk.Block{{Warning: &page.Warning{Text: p.T("office.crossed")}}}, v.Blocks...)
	}
	send, err := desk.EditForm(p, x.Entry.Version, path(x.Entry.ID), fields, button)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	return h.Show(c, status, v)
}

func (h *Handlers) stepSend(c *fiber.Ctx, s step) error {
	x, err := h.opened(c, s)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, "tell")
	if err == nil {
		p := h.Kit.Page(c, "request.case.title")
		err = desk.Offered(form, map[string][]string{"tier": values(tiers(p)), "ground": append(values(grounds(p)), values(weighings(p))...), "decision": values(decisions(p, x.Request.Kind)), "agreement": values(agreed(p, x)), "tell": values(recipientOptions(p, x.Recipients)), "sure": {"yes"}})
	}
	if err != nil {
		return err
	}
	if s.warns && form.First("sure") != "yes" {
		return h.showStep(c, fiber.StatusUnprocessableEntity, s, x, form, []survey.Problem{{Field: "sure", Key: "error.request.sure"}})
	}
	err = s.do(h, c, x.Entry.ID, desk.Version(form), form)
	if p, ok := problem(err); ok {
		return h.showStep(c, fiber.StatusUnprocessableEntity, s, x, form, []survey.Problem{p})
	}
	if fault.Is(err, fault.Invalid) { // a reason: its field is named by the step
		p, _ := desk.Mendable(err, reasonField(s.path))
		return h.showStep(c, fiber.StatusUnprocessableEntity, s, x, form, []survey.Problem{p})
	}
	if desk.Crossed(err) {
		if x, again := h.opened(c, s); again == nil {
			return h.showStep(c, fiber.StatusConflict, s, x, form, nil)
		}
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(x.Entry.ID), "request.step."+s.key+".done")
}

func reasonField(step string) string {
	if step == "end" {
		return "reasons"
	}
	return "reason"
}

// whole reads how many responses a search found.
func whole(s string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0, fault.New(fault.Invalid, "error.request.found")
	}
	return n, nil
}
