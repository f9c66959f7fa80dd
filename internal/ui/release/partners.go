package release

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// partners answers: who gets what, until when?
func (h *Handlers) partners(c *fiber.Ctx) error {
	n, err := h.names(c)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.list.title")
	p.Wide = true
	buttons := []page.Button{{Text: p.T("partner.list.add"), Href: p.To("/office/partners/new")}}
	if len(n.partners) > 0 {
		buttons = append(buttons, page.Button{Text: p.T("partner.list.agreement"), Href: p.To("/office/agreements/new"), Kind: "secondary"})
	}
	t := page.Table{Caption: p.T("partner.list.caption"), Stack: true, Empty: p.T("partner.list.empty"),
		Head: []page.Cell{{Text: p.T("partner.field.name")}, {Text: p.T("partner.field.kind")}, {Text: p.T("partner.field.agreements"), Numeric: true}}}
	for _, x := range n.partnersByName() {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: x.Name, Href: p.To("/office/partners/" + x.ID)}},
			{Text: p.T("partner.kind." + x.Kind)}, page.Num(locale.Number(int64(len(n.agreementsOf(x.ID)))))}})
	}
	v := desk.View{Page: p, Blocks: []desk.Block{{Buttons: buttons}, desk.TableBlock(t)}}
	if len(n.partners) > 0 {
		v.Blocks = append(v.Blocks, desk.TableBlock(h.agreementTable(p, n, n.agreementsOf(""))))
	}
	return h.Show(c, fiber.StatusOK, v)
}

// partnersByName lists the partners in the order of their names.
func (n names) partnersByName() []*consult.Partner {
	var out []*consult.Partner
	for _, x := range n.partners {
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *consult.Partner) int {
		return compare(consult.FoldWords(a.Name)+a.ID, consult.FoldWords(b.Name)+b.ID)
	})
	return out
}

// agreementsOf lists the agreements of a partner, of all for "", the last to expire first.
func (n names) agreementsOf(partnerID string) []*consult.Agreement {
	var out []*consult.Agreement
	for _, x := range n.agreements {
		if partnerID == "" || x.PartnerID == partnerID {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b *consult.Agreement) int {
		if d := b.ExpiresAt.Compare(a.ExpiresAt); d != 0 {
			return d
		}
		return compare(a.ID, b.ID)
	})
	return out
}

func (h *Handlers) agreementTable(p *page.Page, n names, list []*consult.Agreement) page.Table {
	t := page.Table{Caption: p.T("agreement.list.caption"), Stack: true, Empty: p.T("agreement.list.empty"), Head: page.Cells(p.T("agreement.field.purpose"),
		p.T("agreement.field.partner"), p.T("agreement.field.state"), p.T("agreement.field.starts"), p.T("agreement.field.expires"))}
	for _, a := range list {
		tag := agreementTag(p, a, h.Service.Now())
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: shorten(a.Purpose, 80), Href: p.To("/office/agreements/" + a.ID)}},
			{Text: n.partnerOf(a.ID)}, {Tag: &tag}, {Text: locale.ISODate(p.Lang, a.StartsOn)}, {Text: locale.Date(p.Lang, lastDay(a))}}})
	}
	return t
}

func partnerCrumbs(p *page.Page) []page.Crumb {
	return []page.Crumb{{Text: p.T("office.nav.partners"), Href: "/office/partners"}, {Text: p.Title}}
}

// partner shows one partner: its agreements, what it has received, and its people.
func (h *Handlers) partner(c *fiber.Ctx) error {
	n, err := h.names(c)
	if err != nil {
		return err
	}
	partner := n.partners[c.Params("id")]
	if partner == nil {
		return fault.New(fault.NotFound, "partner.unknown")
	}
	all, err := h.Service.Releases(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	people, err := h.Service.StaffList(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "partner.title")
	p.Wide = true
	p.Title, p.Caption = partner.Name, p.T("partner.kind."+partner.Kind)
	p.Breadcrumbs = partnerCrumbs(p)
	var received []*consult.Release
	for _, r := range all {
		if a := n.agreements[r.AgreementID]; a != nil && a.PartnerID == partner.ID {
			received = append(received, r)
		}
	}
	releases := registerTable(p, n, received, len(received), false)
	releases.Caption, releases.CaptionSize, releases.Empty = p.T("partner.releases"), "", p.T("partner.releases.empty")
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{
		{Buttons: []page.Button{{Text: p.T("partner.list.agreement"), Href: p.To("/office/agreements/new?partner=" + partner.ID)},
			{Text: p.T("partner.people.invite"), Href: p.To("/office/staff/new?partner=" + partner.ID), Kind: "secondary"}}},
		desk.TableBlock(h.agreementTable(p, n, n.agreementsOf(partner.ID))), desk.TableBlock(releases), desk.TableBlock(peopleTable(p, people, partner.ID))}})
}

// peopleTable lists the people of a partner who may sign in.
func peopleTable(p *page.Page, people []*consult.Staff, partnerID string) page.Table {
	t := page.Table{Caption: p.T("partner.people"), Stack: true, Empty: p.T("partner.people.empty"),
		Head: page.Cells(p.T("partner.field.name"), p.T("partner.field.email"), p.T("partner.field.access"))}
	for _, m := range people {
		if m.PartnerID != partnerID || m.Role != consult.PartnerUser {
			continue
		}
		state := "active"
		switch {
		case m.Disabled:
			state = "disabled"
		case m.PasswordHash == "":
			state = "invited"
		}
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: m.Name, Href: p.To("/office/staff/" + m.ID)}}, {Text: m.Email}, {Text: p.T("partner.access." + state)}}})
	}
	return t
}

// partnerNew asks for a partner's name and kind.
func (h *Handlers) partnerNew(c *fiber.Ctx) error {
	return h.showPartnerNew(c, fiber.StatusOK, survey.Form{}, nil)
}

func (h *Handlers) showPartnerNew(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "partner.new.title")
	p.Breadcrumbs = partnerCrumbs(p)
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var kinds []page.Option
	for _, k := range consult.PartnerKinds() {
		kinds = append(kinds, page.Option{Value: k, Label: p.T("partner.kind." + k)})
	}
	add, err := desk.PostForm(p, "/office/partners", []desk.Block{f.Input("name", "partner.new.name", ""), f.Radios("kind", "partner.field.kind", kinds...)},
		page.Button{Text: p.T("partner.new.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{{Form: add}}})
}

func (h *Handlers) partnerAdd(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	next := consult.Partner{Name: desk.Trimmed(form, "name"), Kind: form.First("kind")}
	var problems []survey.Problem
	if next.Name == "" {
		problems = append(problems, survey.Problem{Field: "name", Key: "error.partner.name"})
	}
	if !slices.Contains(consult.PartnerKinds(), next.Kind) {
		problems = append(problems, survey.Problem{Field: "kind", Key: "error.partner.kind"})
	}
	if len(problems) > 0 {
		return h.showPartnerNew(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	added, err := h.Service.AddPartner(c.UserContext(), desk.Staff(c), next)
	if p, ok := problem(err, map[string]string{"error.partner.name": "name", "error.partner.taken": "name", "error.partner.kind": "kind"}); ok {
		return h.showPartnerNew(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p})
	}
	if err != nil {
		return err
	}
	return page.Done(c, "/office/partners/"+added.ID, "partner.new.done", "Partner", added.Name)
}
