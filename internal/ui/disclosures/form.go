package disclosures

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/sheet"
)

// prose are the free texts of a disclosure, by field.
func prose(d *privacy.Disclosure) map[string]*string {
	return map[string]*string{"requester": &d.Requester, "why": &d.Why, "categories": &d.Categories, "how": &d.How, "authoriser": &d.Authoriser, "told_why": &d.ToldWhy, "not_told": &d.NotTold}
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
		read, wrong := sheet.ReadDay(f, name)
		if wrong != nil {
			problems = append(problems, *wrong)
		}
		*day = read
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
		f.Day("notified", "disclosure.field.notified"), f.Area("not_told", "disclosure.field.not_told", 2)}
}
