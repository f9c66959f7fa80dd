package office

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// closing changes what may change while residents answer: until when they can, and whom they ask.
func (h *Handlers) closing(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	if err := h.mayChangeClosing(con); err != nil {
		return err
	}
	return h.showClosing(c, fiber.StatusOK, con, detailsForm(con), nil)
}

func (h *Handlers) mayChangeClosing(con *consult.Consultation) error {
	if s := con.Status(h.Service.Now()); s != consult.StatusOpen && s != consult.StatusUpcoming {
		return fault.New(fault.Conflict, "office.closing.over")
	}
	return nil
}

func (h *Handlers) showClosing(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.closing.title", "overview")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.closing.intro")))
	return h.showForm(c, status, v, con, []desk.Block{
		f.Moment("closes", "office.details.closes"), f.Input("contact_name", "office.details.contact_name", "30"),
		f.Typed("contact_email", "office.details.contact_email", "email", "off"), f.Typed("contact_phone", "office.details.contact_phone", "tel", "off"),
	}, Path(con.ID))
}

func (h *Handlers) closingSave(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	if err := h.mayChangeClosing(con); err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	details := con.Details
	closes, problem := desk.ReadMoment(form, "closes").Parse("closes")
	switch {
	case problem != nil:
		return h.showClosing(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{*problem})
	case closes.Before(con.ClosesAt):
		return h.showClosing(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{{Field: "closes-day", Key: "office.problem.closes_earlier"}})
	}
	details.ClosesAt = closes
	details.ContactName, details.ContactEmail, details.ContactPhone = desk.Trimmed(form, "contact_name"), desk.Trimmed(form, "contact_email"), desk.Trimmed(form, "contact_phone")
	version := desk.Version(form)
	err = h.Service.SaveDetails(c.UserContext(), desk.Staff(c), con.ID, con.Slug, version, details)
	if p, ok := desk.Mendable(err, "closes-day"); ok {
		return h.showClosing(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{p})
	}
	if desk.Crossed(err) && con.Version != version {
		return h.showClosing(c, fiber.StatusConflict, con, form, nil)
	}
	if err != nil {
		return err
	}
	return page.Done(c, Path(con.ID), "office.closing.done")
}
