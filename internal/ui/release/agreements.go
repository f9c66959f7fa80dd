package release

import (
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// agreementFields are the fields that the service's refusals are about.
var agreementFields = map[string]string{
	"error.agreement.partner": "partner", "error.agreement.purpose": "purpose", "error.agreement.promises": "promises", "error.agreement.contact": "contact_name",
	"error.agreement.email": "contact_email", "error.agreement.starts": "starts-day", "error.agreement.expires": "expires-day", "error.agreement.marketing": "marketing", "error.agreement.earlier": "starts-day",
}

// agreementNew asks for a new agreement: from today for a year, with promises that can be changed.
func (h *Handlers) agreementNew(c *fiber.Ctx) error {
	now := h.Service.Now().In(locale.London())
	form := survey.Form{"partner": {c.Query("partner")}, "promises": {h.Kit.T(c, "agreement.promises.default")}}
	desk.PutMoment(form, "starts", desk.MomentOf(now))
	desk.PutMoment(form, "expires", desk.MomentOf(now.AddDate(1, 0, -1)))
	return h.showAgreementNew(c, fiber.StatusOK, form, nil)
}

func (h *Handlers) showAgreementNew(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	n, err := h.names(c)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "agreement.new.title")
	p.Breadcrumbs = partnerCrumbs(p)
	p.SetProblems(problems)
	if len(n.partners) == 0 {
		return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("agreement.new.no_partner")),
			{Buttons: []page.Button{{Text: p.T("partner.list.add"), Href: p.To("/office/partners/new")}}}}})
	}
	f := desk.Fields{Page: p, Form: form}
	if len(n.partners) == 1 && form.First("partner") == "" && len(problems) == 0 {
		desk.Put(form, "partner", n.partnersByName()[0].ID)
	}
	var partners []page.Option
	for _, x := range n.partnersByName() {
		partners = append(partners, page.Option{Value: x.ID, Label: x.Name})
	}
	send, err := desk.PostForm(p, "/office/partners", append([]desk.Block{f.Radios("partner", "agreement.field.partner", partners...)}, agreementBlocks(f)...),
		page.Button{Text: p.T("agreement.new.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("agreement.new.intro")), {Form: send}}})
}

// agreementBlocks are the fields that a new agreement and an edit share.
func agreementBlocks(f desk.Fields) []desk.Block {
	p := f.Page
	return []desk.Block{f.Area("purpose", "agreement.field.purpose", 4), f.Day("starts", "agreement.field.starts"), f.Day("expires", "agreement.field.expires"),
		f.Input("contact_name", "agreement.field.contact_name", "30"), f.Typed("contact_email", "agreement.field.contact_email", "email", "off"),
		f.Area("promises", "agreement.field.promises", 9),
		f.Checks("marketing", "agreement.field.marketing", page.Option{Value: "yes", Label: p.T("agreement.field.marketing.yes")})}
}

// readAgreement takes an agreement out of a form, with everything that is wrong with it in the order of the page.
func readAgreement(form survey.Form, a consult.Agreement, now time.Time, fresh bool) (consult.Agreement, []survey.Problem) {
	var out []survey.Problem
	bad := func(wrong bool, key string) {
		if wrong {
			out = append(out, survey.Problem{Field: agreementFields[key], Key: key})
		}
	}
	a.Purpose, a.Promises = desk.Trimmed(form, "purpose"), desk.Trimmed(form, "promises")
	a.ContactName, a.ContactEmail = desk.Trimmed(form, "contact_name"), desk.Trimmed(form, "contact_email")
	bad(a.PartnerID == "", "error.agreement.partner")
	bad(a.Purpose == "" || utf8.RuneCountInString(a.Purpose) > 2000, "error.agreement.purpose")
	starts, ok := desk.ReadMoment(form, "starts").ISO()
	a.StartsOn = starts
	bad(!ok, "error.agreement.starts")
	expires, wrong := desk.ReadMoment(form, "expires").ParseEnd("expires")
	was := a.ExpiresAt
	a.ExpiresAt = expires
	bad(wrong != nil || fresh && !expires.After(now) || ok && lastDay(&a).In(locale.London()).Format(time.DateOnly) < starts, "error.agreement.expires")
	bad(a.ContactName == "" || utf8.RuneCountInString(a.ContactName) > 200, "error.agreement.contact")
	bad(a.ContactEmail == "", "error.agreement.email")
	a.NotMarketing = form.First("marketing") == "yes"
	bad(a.Promises == "" || utf8.RuneCountInString(a.Promises) > 5000, "error.agreement.promises")
	bad(!a.NotMarketing && (fresh || expires.After(was)), "error.agreement.marketing")
	return a, out
}

func (h *Handlers) agreementAdd(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err == nil {
		err = desk.Offered(form, map[string][]string{"marketing": {"yes"}})
	}
	if err != nil {
		return err
	}
	a, problems := readAgreement(form, consult.Agreement{PartnerID: form.First("partner")}, h.Service.Now(), true)
	if len(problems) > 0 {
		return h.showAgreementNew(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	_, err = h.Service.AddAgreement(c.UserContext(), desk.Staff(c), a)
	if p, ok := problem(err, agreementFields); ok {
		return h.showAgreementNew(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/office/partners/"+a.PartnerID, "agreement.new.done")
}

// agreement edits an agreement. Its partner never changes; a last day in the past ends it.
func (h *Handlers) agreement(c *fiber.Ctx) error {
	a, partner, err := h.Service.Agreement(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form := survey.Form{"purpose": {a.Purpose}, "promises": {a.Promises}, "contact_name": {a.ContactName}, "contact_email": {a.ContactEmail}}
	desk.PutBool(form, "marketing", a.NotMarketing)
	if starts, err := time.ParseInLocation(time.DateOnly, a.StartsOn, locale.London()); err == nil {
		desk.PutMoment(form, "starts", desk.MomentOf(starts))
	}
	desk.PutMoment(form, "expires", desk.MomentOf(lastDay(a)))
	return h.showAgreement(c, fiber.StatusOK, a, partner, form, nil)
}

func (h *Handlers) showAgreement(c *fiber.Ctx, status int, a *consult.Agreement, partner *consult.Partner, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "agreement.title")
	p.Caption = partner.Name
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.partners"), Href: "/office/partners"}, {Text: partner.Name, Href: "/office/partners/" + partner.ID}, {Text: p.Title}}
	p.SetProblems(problems)
	tag := agreementTag(p, a, h.Service.Now())
	v := desk.View{Page: p, Tag: &tag, Blocks: []desk.Block{desk.Para(p.T("agreement.edit.intro"))}}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	if !a.NotMarketing {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("agreement.marketing.missing")}})
	}
	save, err := desk.EditForm(p, a.Version, "/office/partners/"+partner.ID, agreementBlocks(desk.Fields{Page: p, Form: form}), page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: save})
	return h.Show(c, status, v)
}

func (h *Handlers) agreementSave(c *fiber.Ctx) error {
	a, partner, err := h.Service.Agreement(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err == nil {
		err = desk.Offered(form, map[string][]string{"marketing": {"yes"}})
	}
	if err != nil {
		return err
	}
	next, problems := readAgreement(form, *a, h.Service.Now(), false)
	if len(problems) > 0 {
		return h.showAgreement(c, fiber.StatusUnprocessableEntity, a, partner, form, problems)
	}
	next.Version = desk.Version(form)
	err = h.Service.UpdateAgreement(c.UserContext(), desk.Staff(c), next)
	if desk.Crossed(err) {
		return h.showAgreement(c, fiber.StatusConflict, a, partner, form, nil)
	}
	if p, ok := problem(err, agreementFields); ok {
		return h.showAgreement(c, fiber.StatusUnprocessableEntity, a, partner, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/office/partners/"+partner.ID, "agreement.edit.done")
}
