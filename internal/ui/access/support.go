package access

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

const supportRoot = root + "/support"

// support answers: who from outside was let in to look for a fault, why, and until when? (councils.md S4-13)
func (h *Handlers) support(c *fiber.Ctx) error {
	all, names, err := h.Service.SupportAccesses(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.frame(c, "support.title")
	p.Wide = true
	blocks := []desk.Block{desk.Para(p.T("support.intro"))}
	if desk.Staff(c).May(consult.ManageStaff) {
		blocks = append(blocks, desk.Block{Buttons: []page.Button{{Text: p.T("support.new.title"), Href: p.To(supportRoot + "/new")}}})
	}
	blocks = append(blocks, desk.H2(p.T("support.open")))
	past := page.Table{Caption: p.T("support.past"), Stack: true, Empty: p.T("support.past.none"), Head: page.Cells(p.T("office.staff.name"), p.T("support.organisation"),
		p.T("support.reason"), p.T("support.opened"), p.T("support.ended"))}
	open := 0
	for _, a := range all {
		opened := locale.DateTime(p.Lang, a.OpenedAt)
		if by := names[a.OpenedBy]; by != "" {
			opened = p.T("support.by", "When", opened, "Name", by)
		}
		if !a.Open(h.Service.Now()) {
			past.Rows = append(past.Rows, page.Row{Cells: []page.Cell{{Text: a.Name, Small: a.Email}, {Text: worksFor(p, a)}, {Text: a.Reason}, {Text: opened}, {Text: over(p, a, names)}}})
			continue
		}
		open++
		end, err := desk.NewAction(p, supportRoot+"/"+a.StaffID+"/end", page.Button{Text: p.T("support.end"), Kind: "warning"})
		if err != nil {
			return err
		}
		blocks = append(blocks, desk.Block{Card: &desk.Card{Title: a.Name, Tag: &page.Tag{Text: p.T("support.until", "When", locale.DateTime(p.Lang, a.EndsAt)), Colour: "orange"},
			Actions: []page.Action{end}, Blocks: []desk.Block{{Summary: &page.SummaryList{Rows: []page.SummaryRow{{Key: p.T("office.staff.email"), Lines: []string{a.Email}},
				{Key: p.T("support.organisation"), Lines: []string{worksFor(p, a)}}, {Key: p.T("support.reason"), Lines: []string{a.Reason}}, {Key: p.T("support.opened"), Lines: []string{opened}}}}}}}})
	}
	if open == 0 {
		blocks = append(blocks, desk.Para(p.T("support.open.none")))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.TableBlock(past))})
}

// worksFor names whom the person works for.
func worksFor(p *page.Page, a *consult.SupportAccess) string {
	if a.Organisation == "" {
		return p.T("support.processor.gone")
	}
	return a.Organisation
}

// over says how an access came to its end.
func over(p *page.Page, a *consult.SupportAccess, names map[string]string) string {
	if a.EndedAt.IsZero() {
		return p.T("support.ended.itself", "When", locale.DateTime(p.Lang, a.EndsAt))
	}
	return p.T("support.by", "When", locale.DateTime(p.Lang, a.EndedAt), "Name", names[a.EndedBy])
}

func (h *Handlers) supportNew(c *fiber.Ctx) error {
	return h.showSupportNew(c, fiber.StatusOK, survey.Form{"hours": {strconv.Itoa(consult.DefaultSupportHours)}}, nil)
}

func (h *Handlers) showSupportNew(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.frame(c, "support.new.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("access.title"), Href: root}, {Text: p.T("support.title"), Href: supportRoot}, {Text: p.Title}}
	p.SetProblems(problems)
	processors, err := h.Service.SupportProcessors(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	options := []page.Option{{Value: "", Label: p.T("support.processor.other")}}
	for _, x := range processors {
		options = append(options, page.Option{Value: x.Entry, Label: x.Name})
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.PostForm(p, supportRoot, []desk.Block{f.Input("name", "office.staff.name", "30"), f.Typed("email", "office.staff.email", "email", "off"),
		f.Select("processor", "support.processor", options...), f.Input("organisation", "support.other", "30"), f.Area("reason", "support.reason", 3), f.Number("hours", "support.hours")},
		page.Button{Text: p.T("support.new.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("support.new.intro")), {Form: send}}})
}

func (h *Handlers) supportSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	hours, _ := desk.Whole(form, "hours") // what is no number is 0, which is refused with the bounds
	name := desk.Trimmed(form, "name")
	token, faults, err := h.Service.OpenSupport(c.UserContext(), desk.Staff(c), consult.SupportRequest{Name: name, Email: desk.Trimmed(form, "email"),
		Entry: form.First("processor"), Organisation: desk.Trimmed(form, "organisation"), Reason: desk.Trimmed(form, "reason"), Hours: hours})
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return h.showSupportNew(c, fiber.StatusUnprocessableEntity, form, placed(faults))
	}
	p := h.frame(c, "office.staff.link.title")
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("support.link", "Name", name, "Hours", hours)),
		{Copy: &desk.Copy{Label: p.T("office.staff.link.label"), Text: page.Address(c) + "/invitation/" + token}},
		{Warning: &page.Warning{Text: p.T("office.staff.link.once")}}, desk.LinkList(page.Link{Text: p.T("support.back"), Href: p.To(supportRoot)})}})
}

// placed puts each fault beside the field that it is about. What is wrong with the account itself has none: it is the name's or the address's.
func placed(faults []error) (out []survey.Problem) {
	for _, x := range desk.Problems(faults) {
		switch {
		case x.Field == "" && x.Key == "error.staff.email":
			x.Field = "email"
		case x.Field == "":
			x.Field = "name"
		}
		out = append(out, x)
	}
	return out
}

func (h *Handlers) supportEnd(c *fiber.Ctx) error {
	if _, err := desk.ReadForm(c); err != nil {
		return err
	}
	if err := h.Service.EndSupport(c.UserContext(), desk.Staff(c), c.Params("account")); err != nil {
		return err
	}
	return page.Done(c, supportRoot, "support.done")
}
