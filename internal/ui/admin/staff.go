package admin

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// staff answers: who may work here, as what?
func (h *Handlers) staff(c *fiber.Ctx) error {
	who := desk.Staff(c)
	p := h.Kit.Page(c, "office.staff.title")
	p.Wide = true
	list, err := h.Service.StaffList(c.UserContext(), who)
	if err != nil {
		return err
	}
	t := page.Table{Caption: p.T("office.staff.caption"), Stack: true, HiddenCaption: true, Empty: p.T("office.staff.empty"),
		Head: page.Cells(p.T("office.staff.name"), p.T("office.staff.email"), p.T("office.staff.role"), p.T("office.staff.state"))}
	for _, m := range list {
		tag := stateTag(p, m)
		path := "/office/staff/" + m.ID
		if m.Role == consult.Support {
			path = "/office/access/support" // it is ended there, and nothing else about it is changed
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: m.Name, Href: p.To(path)}},
			{Text: m.Email}, {Text: p.T("office.role." + string(m.Role))}, {Tag: &tag}}})
	}
	buttons := []page.Button{{Text: p.T("office.staff.invite"), Href: p.To("/office/staff/new")}}
	if who.May(consult.ManageStaff) {
		buttons = append(buttons, page.Button{Text: p.T("access.title"), Href: p.To("/office/access"), Kind: "secondary"})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{{Buttons: buttons}, desk.TableBlock(t)}})
}

func stateTag(p *page.Page, m *consult.Staff) page.Tag {
	switch {
	case m.Disabled:
		return page.Tag{Text: p.T("office.staff.state.disabled"), Colour: "grey"}
	case m.PasswordHash == "":
		return page.Tag{Text: p.T("office.staff.state.invited"), Colour: "yellow"}
	}
	return page.Tag{Text: p.T("office.staff.state.active"), Colour: "green"}
}

// roles are what the person may give to others.
func roles(p *page.Page, who *consult.Staff) []page.Option {
	var out []page.Option
	for _, r := range consult.Roles() {
		if r == consult.PartnerUser && !who.May(consult.ManagePartners) && !who.May(consult.ManageStaff) || r != consult.PartnerUser && !who.May(consult.ManageStaff) {
			continue
		}
		out = append(out, page.Option{Value: string(r), Label: p.T("office.role." + string(r)), Hint: p.T("office.role." + string(r) + ".hint")})
	}
	return out
}

// partnerOptions are the partners that a person of a partner may belong to. Administrators may not read the register of
// partners; they invite the council's own people.
func (h *Handlers) partnerOptions(c *fiber.Ctx, p *page.Page) []page.Option {
	out := []page.Option{{Value: "", Label: p.T("office.staff.no_partner")}}
	partners, err := h.Service.Partners(c.UserContext(), desk.Staff(c))
	if err != nil {
		return out
	}
	for _, x := range partners {
		out = append(out, page.Option{Value: x.ID, Label: x.Name})
	}
	return out
}

func (h *Handlers) invite(c *fiber.Ctx) error {
	return h.showInvite(c, fiber.StatusOK, survey.Form{"partner": {c.Query("partner")}}, nil)
}

func (h *Handlers) showInvite(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "office.staff.invite")
	p.Breadcrumbs = crumbs(p)
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	invite, err := desk.PostForm(p, "/office/staff", []desk.Block{f.Input("name", "office.staff.name", "30"), f.Typed("email", "office.staff.email", "email", "off"),
		f.Radios("role", "office.staff.role", roles(p, desk.Staff(c))...), f.Select("partner", "office.staff.partner", h.partnerOptions(c, p)...)},
		page.Button{Text: p.T("office.staff.invite.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("office.staff.invite.intro")), {Form: invite}}})
}

func crumbs(p *page.Page) []page.Crumb {
	return []page.Crumb{{Text: p.T("office.nav.staff"), Href: "/office/staff"}, {Text: p.Title}}
}

// problemOf places a refusal beside the field that it is about.
func problemOf(err error) (survey.Problem, bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Key != "error.staff.self" {
		return survey.Problem{}, false
	}
	field := "name"
	for _, name := range []string{"email", "role", "partner"} {
		if strings.HasPrefix(f.Key, "error.staff."+name) {
			field = name
		}
	}
	if f.Key == "error.staff.last" || f.Key == "error.staff.self" {
		field = "role"
	}
	return survey.Problem{Field: field, Key: f.Key, Args: f.Args}, true
}

func (h *Handlers) inviteSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	n := consult.Staff{Name: desk.Trimmed(form, "name"), Email: desk.Trimmed(form, "email"), Role: consult.Role(form.First("role"))}
	if n.Role == consult.PartnerUser {
		n.PartnerID = form.First("partner")
	}
	var problems []survey.Problem
	if n.Name == "" {
		problems = append(problems, survey.Problem{Field: "name", Key: "office.problem.staff_name"})
	}
	if n.Email == "" {
		problems = append(problems, survey.Problem{Field: "email", Key: "office.problem.staff_email"})
	}
	if n.Role == "" {
		problems = append(problems, survey.Problem{Field: "role", Key: "office.problem.role"})
	}
	if n.Role == consult.PartnerUser && n.PartnerID == "" {
		problems = append(problems, survey.Problem{Field: "partner", Key: "office.problem.partner"})
	}
	if len(problems) > 0 {
		return h.showInvite(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	token, err := h.Service.Invite(c.UserContext(), desk.Staff(c), n)
	if p, ok := problemOf(err); ok {
		return h.showInvite(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return h.showLink(c, n.Name, token)
}

// showLink shows the one-time link, once: it is stored nowhere, so this answer to the form is the only place.
func (h *Handlers) showLink(c *fiber.Ctx, name, token string) error {
	p := h.Kit.Page(c, "office.staff.link.title")
	p.Breadcrumbs = crumbs(p)
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("office.staff.link.intro", "Name", name)),
		{Copy: &desk.Copy{Label: p.T("office.staff.link.label"), Text: page.Address(c) + "/invitation/" + token}},
		{Warning: &page.Warning{Text: p.T("office.staff.link.once")}},
		desk.LinkList(page.Link{Text: p.T("office.staff.back"), Href: p.To("/office/staff")})}})
}

// find returns one of the people whom the person may manage.
func (h *Handlers) find(c *fiber.Ctx) (*consult.Staff, error) {
	list, err := h.Service.StaffList(c.UserContext(), desk.Staff(c))
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if m.ID == c.Params("id") && m.Role != consult.Support {
			return m, nil
		}
	}
	return nil, fault.New(fault.NotFound, "error.text.not_found")
}

func (h *Handlers) member(c *fiber.Ctx) error {
	m, err := h.find(c)
	if err != nil {
		return err
	}
	form := survey.Form{"name": {m.Name}, "role": {string(m.Role)}, "partner": {m.PartnerID}, "disabled": {map[bool]string{true: "yes", false: "no"}[m.Disabled]}}
	return h.showMember(c, fiber.StatusOK, m, form, nil)
}

func (h *Handlers) showMember(c *fiber.Ctx, status int, m *consult.Staff, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "office.staff.change")
	p.Title, p.Caption = m.Name, m.Email
	p.Breadcrumbs = crumbs(p)
	p.SetProblems(problems)
	tag := stateTag(p, m)
	v := desk.View{Page: p, Tag: &tag}
	f := desk.Fields{Page: p, Form: form}
	blocks := []desk.Block{f.Input("name", "office.staff.name", "30"), f.Radios("role", "office.staff.role", roles(p, desk.Staff(c))...)}
	if m.Role == consult.PartnerUser {
		blocks = append(blocks, f.Select("partner", "office.staff.partner", h.partnerOptions(c, p)...))
	}
	blocks = append(blocks, f.Radios("disabled", "office.staff.access", page.Option{Value: "no", Label: p.T("office.staff.access.yes")},
		page.Option{Value: "yes", Label: p.T("office.staff.access.no"), Hint: p.T("office.staff.access.no.hint")}))
	after := []desk.Block{desk.H2(p.T("office.staff.link.again")), desk.Para(p.T("office.staff.link.again.help")),
		desk.LinkList(page.Link{Text: p.T("office.staff.link.make"), Href: p.To("/office/staff/" + m.ID + "/link")})}
	return office.ShowForm(h.Desk, c, status, v, m.Version, blocks, "/office/staff", after...)
}

func (h *Handlers) memberSave(c *fiber.Ctx) error {
	m, err := h.find(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"disabled": {"yes", "no"}}); err != nil {
		return err
	}
	n := *m
	n.Name, n.Role, n.Disabled, n.Version = desk.Trimmed(form, "name"), consult.Role(form.First("role")), form.First("disabled") == "yes", desk.Version(form)
	n.PartnerID = ""
	if n.Role == consult.PartnerUser {
		n.PartnerID = form.First("partner")
	}
	err = h.Service.ChangeStaff(c.UserContext(), desk.Staff(c), n)
	if desk.Crossed(err) && m.Version != n.Version {
		return h.showMember(c, fiber.StatusConflict, m, form, nil)
	}
	if p, ok := problemOf(err); ok {
		return h.showMember(c, fiber.StatusUnprocessableEntity, m, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/office/staff", "office.saved")
}

// reinvite asks once more: a new link ends the old password and every session.
func (h *Handlers) reinvite(c *fiber.Ctx) error {
	m, err := h.find(c)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "office.staff.link.again")
	p.Caption = m.Name
	p.Breadcrumbs = crumbs(p)
	form, err := desk.PostForm(p, "/office/staff/"+m.ID, nil, page.Button{Text: p.T("office.staff.link.make"), Kind: "warning"})
	if err != nil {
		return err
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{{Warning: &page.Warning{Text: p.T("office.staff.link.again.help")}}, {Form: form}}})
}

func (h *Handlers) reinviteSend(c *fiber.Ctx) error {
	m, err := h.find(c)
	if err != nil {
		return err
	}
	token, err := h.Service.Reinvite(c.UserContext(), desk.Staff(c), m.ID)
	if err != nil {
		return err
	}
	return h.showLink(c, m.Name, token)
}
