package release

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// partners answers: who gets what, until when?
func (h *Handlers) partners(c *fiber.Ctx) error {
	who := desk.Staff(c)
	p := h.Kit.Page(c, "office.nav.partners")
	p.Wide = true
	list, err := h.Service.Partners(c.UserContext(), who)
	if err != nil {
		return err
	}
	agreements, err := h.Service.Agreements(c.UserContext(), who)
	if err != nil {
		return err
	}
	v := desk.View{Page: p, Blocks: []desk.Block{{Buttons: []page.Button{{Text: p.T("release.partner.new"), Href: p.To("/office/partners/new")}}}}}
	if len(list) == 0 {
		v.Blocks = append(v.Blocks, desk.Para(p.T("release.partners.empty")))
	}
	for _, x := range list {
		t := page.Table{Caption: p.T("release.agreements"), CaptionSize: "s", Dense: true, Empty: p.T("release.agreements.empty"),
			Head: page.Cells(p.T("release.purpose"), p.T("release.agreement.contact"), p.T("release.agreement.expires"), p.T("office.list.column.status"))}
		for _, a := range agreements {
			if a.PartnerID != x.ID {
				continue
			}
			tag := h.agreementTag(p, a)
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: a.Purpose, Href: p.To("/office/agreements/" + a.ID)}},
				{Text: a.ContactName}, {Text: locale.Date(p.Lang, a.ExpiresAt.Add(-1))}, {Tag: &tag}}})
		}
		v.Blocks = append(v.Blocks, desk.Block{Card: &desk.Card{Title: x.Name, Blocks: []desk.Block{desk.Small(p.T("release.partner.kind." + x.Kind)), desk.TableBlock(t)},
			Links: []page.Link{{Text: p.T("release.agreement.new"), Href: p.To("/office/agreements/new?partner=" + x.ID), Hidden: x.Name},
				{Text: p.T("release.partner.invite"), Href: p.To("/office/staff/new?partner=" + x.ID), Hidden: x.Name}}}})
	}
	return h.Show(c, fiber.StatusOK, v)
}

func (h *Handlers) agreementTag(p *page.Page, a *consult.Agreement) page.Tag {
	if !h.Service.Now().Before(a.ExpiresAt) {
		return page.Tag{Text: p.T("release.agreement.expired"), Colour: "red"}
	}
	return page.Tag{Text: p.T("release.agreement.current"), Colour: "green"}
}

func partnerCrumbs(p *page.Page) []page.Crumb {
	return []page.Crumb{{Text: p.T("office.nav.partners"), Href: "/office/partners"}, {Text: p.Title}}
}

func (h *Handlers) partner(c *fiber.Ctx) error {
	return h.showPartner(c, fiber.StatusOK, survey.Form{}, nil)
}

func (h *Handlers) showPartner(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "release.partner.new")
	p.Breadcrumbs = partnerCrumbs(p)
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var kinds []page.Option
	for _, k := range consult.PartnerKinds() {
		kinds = append(kinds, page.Option{Value: k, Label: p.T("release.partner.kind." + k)})
	}
	post, err := desk.PostForm(p, []desk.Block{f.Input("name", "release.partner.name", "30"), f.Radios("kind", "release.partner.kind", kinds...)}, page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	post.Cancel = &page.Link{Text: p.T("office.cancel"), Href: p.To("/office/partners")}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{{Form: post}}})
}

func (h *Handlers) partnerSave(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	_, err = h.Service.AddPartner(c.UserContext(), desk.Staff(c), consult.Partner{Name: desk.Trimmed(form, "name"), Kind: form.First("kind")})
	var f *fault.Error
	if errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		field := "name"
		if f.Key == "error.partner.kind" {
			field = "kind"
		}
		return h.showPartner(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{{Field: field, Key: f.Key, Args: f.Args}})
	}
	if err != nil {
		return err
	}
	return done(c, "/office/partners", "office.saved")
}

// agreementNew begins an agreement with the promises that every one holds (consultations.md 6), to be worded as agreed.
func (h *Handlers) agreementNew(c *fiber.Ctx) error {
	form := survey.Form{"partner": {c.Query("partner")}, "promises": {h.Kit.Catalogue().T(page.Lang(c), "release.agreement.promises.default")}}
	now := h.Service.Now()
	desk.PutMoment(form, "starts", desk.MomentOf(now))
	desk.PutMoment(form, "expires", desk.MomentOf(now.AddDate(1, 0, 0)))
	return h.showAgreement(c, fiber.StatusOK, nil, form, nil)
}

func (h *Handlers) showAgreement(c *fiber.Ctx, status int, a *consult.Agreement, form survey.Form, problems []survey.Problem) error {
	key := "release.agreement.new"
	if a != nil {
		key = "release.agreement"
	}
	p := h.Kit.Page(c, key)
	p.Breadcrumbs = partnerCrumbs(p)
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	v := desk.View{Page: p}
	var blocks []desk.Block
	version := int64(0)
	if a == nil {
		list, err := h.Service.Partners(c.UserContext(), desk.Staff(c))
		if err != nil {
			return err
		}
		options := []page.Option{{Value: "", Label: p.T("office.choose")}}
		for _, x := range list {
			options = append(options, page.Option{Value: x.ID, Label: x.Name})
		}
		blocks = append(blocks, f.Select("partner", "release.partner", options...))
	} else {
		_, partner, err := h.Service.Agreement(c.UserContext(), desk.Staff(c), a.ID)
		if err != nil {
			return err
		}
		tag := h.agreementTag(p, a)
		p.Caption, v.Tag, version = partner.Name, &tag, a.Version
	}
	blocks = append(blocks, f.Area("purpose", "release.purpose", 3), f.Area("promises", "release.agreement.promises", 6),
		f.Input("contact_name", "release.agreement.contact", "30"), f.Typed("contact_email", "release.agreement.email", "email", "off"),
		f.Day("starts", "release.agreement.starts"), f.Day("expires", "release.agreement.last"))
	return office.ShowForm(h.Desk, c, status, v, version, blocks, "/office/partners")
}

// readAgreement reads the form. The last day is a day on which the partner may still read: it ends at midnight after it.
func readAgreement(form survey.Form) (consult.Agreement, []survey.Problem) {
	a := consult.Agreement{PartnerID: form.First("partner"), Purpose: desk.Trimmed(form, "purpose"), Promises: desk.Trimmed(form, "promises"),
		ContactName: desk.Trimmed(form, "contact_name"), ContactEmail: desk.Trimmed(form, "contact_email")}
	var problems []survey.Problem
	starts, ok := desk.ReadMoment(form, "starts").ISO()
	if !ok {
		problems = append(problems, survey.Problem{Field: "starts-day", Key: "office.problem.date"})
	}
	a.StartsOn = starts
	expires, problem := desk.ReadMoment(form, "expires").ParseEnd("expires")
	if problem != nil {
		problems = append(problems, *problem)
	}
	a.ExpiresAt = expires
	return a, problems
}

// agreementFields are the fields that the service's refusals are about.
var agreementFields = map[string]string{"error.agreement.purpose": "purpose", "error.agreement.promises": "promises", "error.agreement.contact": "contact_name",
	"error.agreement.email": "contact_email", "error.agreement.starts": "starts-day", "error.agreement.expires": "expires-day", "error.agreement.partner": "partner"}

func agreementProblem(err error) (survey.Problem, bool) {
	p, ok := desk.Mendable(err, "purpose")
	if field := agreementFields[p.Key]; field != "" {
		p.Field = field
	}
	return p, ok
}

func (h *Handlers) agreementAdd(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	a, problems := readAgreement(form)
	if a.PartnerID == "" {
		problems = append([]survey.Problem{{Field: "partner", Key: "office.problem.partner"}}, problems...)
	}
	if len(problems) > 0 {
		return h.showAgreement(c, fiber.StatusUnprocessableEntity, nil, form, problems)
	}
	_, err = h.Service.AddAgreement(c.UserContext(), desk.Staff(c), a)
	if p, ok := agreementProblem(err); ok {
		return h.showAgreement(c, fiber.StatusUnprocessableEntity, nil, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return done(c, "/office/partners", "office.saved")
}

func (h *Handlers) agreement(c *fiber.Ctx) error {
	a, _, err := h.Service.Agreement(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form := survey.Form{"purpose": {a.Purpose}, "promises": {a.Promises}, "contact_name": {a.ContactName}, "contact_email": {a.ContactEmail}}
	desk.PutDay(form, "starts", a.StartsOn)
	desk.PutMoment(form, "expires", desk.MomentOf(a.ExpiresAt.Add(-1)))
	return h.showAgreement(c, fiber.StatusOK, a, form, nil)
}

func (h *Handlers) agreementSave(c *fiber.Ctx) error {
	before, _, err := h.Service.Agreement(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	a, problems := readAgreement(form)
	if len(problems) > 0 {
		return h.showAgreement(c, fiber.StatusUnprocessableEntity, before, form, problems)
	}
	a.ID, a.PartnerID, a.Version = before.ID, before.PartnerID, desk.Version(form)
	err = h.Service.UpdateAgreement(c.UserContext(), desk.Staff(c), a)
	if desk.Crossed(err) && before.Version != a.Version {
		return h.showAgreement(c, fiber.StatusConflict, before, form, nil)
	}
	if p, ok := agreementProblem(err); ok {
		return h.showAgreement(c, fiber.StatusUnprocessableEntity, before, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return done(c, "/office/partners", "office.saved")
}
