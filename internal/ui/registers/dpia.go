package registers

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/sheet"
)

// dpia answers: on which impact assessment of the service does the addendum of each consultation rest?
func (h *Handlers) dpia(c *fiber.Ctx) error {
	d, version, err := h.Service.DPIA(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.Put(form, "reference", d.Reference)
	desk.Put(form, "where", d.Where)
	desk.Put(form, "advice", d.Advice)
	desk.PutDay(form, "approved", string(d.ApprovedOn))
	desk.PutDay(form, "review", string(d.ReviewOn))
	return h.showDPIA(c, fiber.StatusOK, version, form, nil)
}

func (h *Handlers) showDPIA(c *fiber.Ctx, status int, version int64, form survey.Form, problems []survey.Problem) error {
	p := h.frame(c, "dpia.title")
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	p.SetProblems(problems)
	v := desk.View{Page: p}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.EditForm(p, version, root, []desk.Block{f.Input("reference", "dpia.reference", ""), f.Input("where", "dpia.where", ""), f.Day("approved", "dpia.approved"),
		f.Area("advice", "dpia.advice", 4), f.Day("review", "dpia.review")}, page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("dpia.intro")), desk.Block{Form: send})
	return h.Show(c, status, v)
}

func (h *Handlers) dpiaSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	approved, wrong := sheet.ReadDay(form, "approved")
	review, wrongToo := sheet.ReadDay(form, "review")
	faults, err := h.Service.SaveDPIA(c.UserContext(), desk.Staff(c), desk.Version(form), privacy.PlatformDPIA{Reference: desk.Trimmed(form, "reference"), Where: desk.Trimmed(form, "where"),
		Advice: desk.Trimmed(form, "advice"), ApprovedOn: approved, ReviewOn: review})
	switch {
	case len(faults) > 0:
		return h.showDPIA(c, fiber.StatusUnprocessableEntity, desk.Version(form), form, mend(desk.Problems(faults), wrong, wrongToo))
	case desk.Crossed(err):
		_, version, again := h.Service.DPIA(c.UserContext(), desk.Staff(c))
		if again != nil {
			return again
		}
		return h.showDPIA(c, fiber.StatusConflict, version, form, nil)
	case err != nil:
		return err
	}
	return page.Done(c, root, "dpia.done")
}
