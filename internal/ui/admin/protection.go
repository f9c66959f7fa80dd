package admin

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// protection edits how strictly released figures are protected: stricter than the rules ask, never laxer.
func (h *Handlers) protection(c *fiber.Ctx) error {
	p, version, err := h.Service.Protection(c.UserContext())
	if err != nil {
		return err
	}
	return h.showProtection(c, fiber.StatusOK, version, protectionForm(p), nil)
}

func protectionForm(p consult.Protection) survey.Form {
	form := survey.Form{}
	for _, f := range p.Fields() {
		desk.Put(form, f.Name, strconv.Itoa(*f.Value))
	}
	unanimous := "no"
	if p.Unanimous {
		unanimous = "yes"
	}
	desk.Put(form, "unanimous_headline", unanimous)
	return form
}

func (h *Handlers) showProtection(c *fiber.Ctx, status int, version int64, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "office.protection.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.settings"), Href: "/office/settings"}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var blocks, noise []desk.Block
	rules := consult.DefaultProtection()
	for _, field := range rules.Fields() {
		number := f.Number(field.Name, "office.protection."+field.Name)
		number.Input.Hint += " " + p.T("office.protection.range", "Default", field.Default, "Least", field.Least, "Most", field.Most)
		if strings.HasPrefix(field.Name, "noise_") {
			noise = append(noise, number)
		} else {
			blocks = append(blocks, number)
		}
	}
	blocks = append(blocks, f.Radios("unanimous_headline", "office.protection.unanimous_headline",
		page.Option{Value: "no", Label: p.T("office.protection.unanimous.no")}, page.Option{Value: "yes", Label: p.T("office.protection.unanimous.yes")}),
		desk.H2(p.T("office.protection.noise")), desk.Para(p.T("office.protection.noise.intro")))
	blocks = append(blocks, noise...)
	return office.ShowForm(h.Desk, c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("office.protection.intro"))}}, version, blocks, "/office/settings")
}

func (h *Handlers) protectionSave(c *fiber.Ctx) error {
	before, now, err := h.Service.Protection(c.UserContext())
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err == nil {
		err = desk.Offered(form, map[string][]string{"unanimous_headline": {"yes", "no"}})
	}
	if err != nil {
		return err
	}
	version := desk.Version(form)
	p := before
	for _, f := range p.Fields() {
		if n, ok := desk.Whole(form, f.Name); ok {
			*f.Value = n
		} else {
			*f.Value = -1 // out of every range: the form is shown again as it was typed
		}
	}
	p.Unanimous = form.First("unanimous_headline") == "yes"
	found, err := h.Service.SaveProtection(c.UserContext(), desk.Staff(c), version, p)
	if desk.Crossed(err) && now != version {
		return h.showProtection(c, fiber.StatusConflict, now, form, nil)
	}
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return h.showProtection(c, fiber.StatusUnprocessableEntity, version, form, protectionProblems(found))
	}
	return page.Done(c, "/office/settings/protection", "office.saved")
}

func protectionProblems(found []privacy.Problem) []survey.Problem {
	var out []survey.Problem
	for _, p := range found {
		out = append(out, survey.Problem{Field: p.Field, Key: p.Key, Args: p.Args})
	}
	return out
}
