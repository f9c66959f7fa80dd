package disclosures

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// prose are the free texts of a disclosure, by field.
func prose(d *privacy.Disclosure) map[string]*string {
	return map[string]*string{"requester": &d.Requester, "why": &d.Why, "categories": &d.Categories, "how": &d.How, "authoriser": &d.Authoriser, "told_why": &d.ToldWhy}
}

// days are its days, by field.
func days(d *privacy.Disclosure) map[string]*privacy.Date {
	return map[string]*privacy.Date{"asked": &d.Asked, "given": &d.GivenOn, "notified": &d.Notified}
}

// formOf writes a disclosure as it is typed.
func formOf(d privacy.Disclosure) survey.Form {
	f := survey.Form{}
	for name, text := range prose(&d) {
		desk.Put(f, name, *text)
	}
	for name, day := range days(&d) {
		desk.PutDay(f, name, string(*day))
	}
	desk.Put(f, "kind", string(d.Kind))
	desk.Put(f, "gateway", d.Gateway)
	desk.Put(f, "form", string(d.Form))
	desk.Put(f, "outcome", d.Outcome)
	desk.Put(f, "told", string(d.Told))
	desk.PutBool(f, "notify", d.Notify)
	return f
}

// disclosureOf reads a form over what is stored. Problems are those of days; the rest the service finds.
func disclosureOf(f survey.Form, d privacy.Disclosure) (privacy.Disclosure, []survey.Problem) {
	var problems []survey.Problem
	for name, text := range prose(&d) {
		*text = desk.Trimmed(f, name)
	}
	for name, day := range days(&d) {
		m := desk.ReadMoment(f, name)
		iso, ok := m.ISO()
		if !ok && m != (desk.Moment{}) {
			problems = append(problems, survey.Problem{Field: name + "-day", Key: "error.date.format"})
		}
		if !ok {
			iso = ""
		}
		*day = privacy.Date(iso)
	}
	d.Kind, d.Gateway, d.Form, d.Outcome = privacy.Requester(f.First("kind")), f.First("gateway"), privacy.Form(f.First("form")), f.First("outcome")
	d.Told, d.Notify = privacy.Tell(f.First("told")), f.First("notify") == "yes"
	order := []string{"asked-day", "given-day", "notified-day"}
	slices.SortFunc(problems, func(x, y survey.Problem) int { return slices.Index(order, x.Field) - slices.Index(order, y.Field) })
	return d, problems
}

func readForm(c *fiber.Ctx) (survey.Form, error) {
	form, err := desk.ReadForm(c)
	if err != nil {
		return nil, err
	}
	offered := map[string][]string{"kind": {""}, "gateway": {""}, "form": {""}, "outcome": append(privacy.DisclosureOutcomes(), ""), "told": {"", "yes", "no"}, "notify": {"yes"}}
	for _, k := range privacy.Requesters() {
		offered["kind"] = append(offered["kind"], string(k))
	}
	for _, g := range privacy.Gateways() {
		offered["gateway"] = append(offered["gateway"], g.ID)
	}
	for _, x := range forms {
		offered["form"] = append(offered["form"], string(x))
	}
	return form, desk.Offered(form, offered)
}

var forms = []privacy.Form{privacy.Identifiable, privacy.Pseudonymised, privacy.Anonymous}

func fields(f desk.Fields) []desk.Block {
	p := f.Page
	kinds, gateways, given := []page.Option{{Label: p.T("disclosure.choose")}}, []page.Option{{Label: p.T("disclosure.choose")}}, []page.Option{}
	for _, k := range privacy.Requesters() {
		kinds = append(kinds, page.Option{Value: string(k), Label: p.T("disclosure.kind." + string(k))})
	}
	for _, g := range privacy.Gateways() {
		gateways = append(gateways, page.Option{Value: g.ID, Label: gateway(p.Lang, g.ID)})
	}
	for _, x := range forms {
		given = append(given, page.Option{Value: string(x), Label: p.T("disclosure.form." + string(x))})
	}
	outcomes := []page.Option{}
	for _, o := range privacy.DisclosureOutcomes() {
		outcomes = append(outcomes, page.Option{Value: o, Label: p.T("disclosure.outcome." + o)})
	}
	return []desk.Block{f.Select("kind", "disclosure.field.kind", kinds...), f.Area("requester", "disclosure.field.requester", 2), f.Day("asked", "disclosure.field.asked"),
		f.Radios("outcome", "disclosure.field.outcome", outcomes...), f.Select("gateway", "disclosure.field.gateway", gateways...), f.Area("why", "disclosure.field.why", 4),
		f.Area("categories", "disclosure.field.categories", 3), f.Radios("form", "disclosure.field.form", given...), f.Day("given", "disclosure.field.given"), f.Area("how", "disclosure.field.how", 2),
		f.Input("authoriser", "disclosure.field.authoriser", "30"),
		f.Radios("told", "disclosure.field.told", page.Option{Value: "", Label: p.T("disclosure.told.undecided")}, page.Option{Value: "yes", Label: p.T("disclosure.told.yes")}, page.Option{Value: "no", Label: p.T("disclosure.told.no")}),
		f.Area("told_why", "disclosure.field.told_why", 3), f.Checks("notify", "disclosure.field.notify", page.Option{Value: "yes", Label: p.T("disclosure.field.notify.yes")}),
		f.Day("notified", "disclosure.field.notified")}
}

func (h *Handlers) enter(c *fiber.Ctx) error {
	return h.showEnter(c, fiber.StatusOK, survey.Form{}, nil)
}

func (h *Handlers) showEnter(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := h.below(c, "disclosure.new.title")
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: p.Title})
	p.SetProblems(problems)
	send, err := desk.PostForm(p, root, fields(desk.Fields{Page: p, Form: form}), page.Button{Text: p.T("disclosure.new.button")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("disclosure.new.intro")), {Form: send}}})
}

func (h *Handlers) enterSend(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	d, problems := disclosureOf(form, privacy.Disclosure{})
	if len(problems) > 0 {
		return h.showEnter(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	x, faults, err := h.Cases.RecordDisclosure(c.UserContext(), desk.Staff(c), d)
	switch {
	case err != nil:
		return err
	case len(faults) > 0:
		return h.showEnter(c, fiber.StatusUnprocessableEntity, form, desk.Problems(faults))
	}
	return page.Done(c, path(x.Entry.ID), "disclosure.new.done")
}

// opened loads the disclosure of the address. fault.Conflict if it is closed.
func (h *Handlers) opened(c *fiber.Ctx) (*dpo.DisclosureCase, error) {
	x, err := h.Cases.Disclosure(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err == nil && x.Disclosure.Closed {
		err = fault.New(fault.Conflict, "error.disclosure.closed")
	}
	return x, err
}

func (h *Handlers) edit(c *fiber.Ctx) error {
	x, err := h.opened(c)
	if err != nil {
		return err
	}
	return h.showEdit(c, fiber.StatusOK, x, formOf(x.Disclosure), nil)
}

func (h *Handlers) showEdit(c *fiber.Ctx, status int, x *dpo.DisclosureCase, form survey.Form, problems []survey.Problem) error {
	p := h.below(c, "disclosure.edit")
	p.Breadcrumbs = append(p.Breadcrumbs, page.Crumb{Text: x.Number(), Href: path(x.Entry.ID)}, page.Crumb{Text: p.Title})
	p.SetProblems(problems)
	var blocks []desk.Block
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	send, err := desk.EditForm(p, x.Entry.Version, path(x.Entry.ID), fields(desk.Fields{Page: p, Form: form}), page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	return h.Show(c, status, desk.View{Page: p, Blocks: append(blocks, desk.Block{Form: send})})
}

func (h *Handlers) editSend(c *fiber.Ctx) error {
	x, err := h.opened(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	d, problems := disclosureOf(form, x.Disclosure)
	if len(problems) > 0 {
		return h.showEdit(c, fiber.StatusUnprocessableEntity, x, form, problems)
	}
	faults, err := h.Cases.UpdateDisclosure(c.UserContext(), desk.Staff(c), x.Entry.ID, desk.Version(form), d)
	switch {
	case len(faults) > 0:
		return h.showEdit(c, fiber.StatusUnprocessableEntity, x, form, desk.Problems(faults))
	case desk.Crossed(err):
		if x, again := h.opened(c); again == nil {
			return h.showEdit(c, fiber.StatusConflict, x, form, nil)
		}
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(x.Entry.ID), "disclosure.edit.done")
}
