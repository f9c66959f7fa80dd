package processors

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/sheet"
)

// prose are the free texts of an entry, by field.
func prose(x *privacy.Processor) map[string]*string {
	return map[string]*string{"name": &x.Name, "does": &x.Does, "data": &x.Data, "people": &x.People, "location": &x.Location, "transfer": &x.Transfer, "contact": &x.Contact,
		"contract": &x.Contract, "subs": &x.Subs, "security": &x.Security, "after": &x.After, "not_told": &x.NotTold}
}

var dayNames = []string{"from", "until", "review", "security_on", "notified"} // in the order of the form

// days are its days, by field.
func days(x *privacy.Processor) map[string]*privacy.Date {
	return map[string]*privacy.Date{"from": &x.From, "until": &x.Until, "review": &x.ReviewOn, "security_on": &x.SecurityOn, "notified": &x.Notified}
}

// formOf writes an entry as it is typed.
func formOf(x privacy.Processor) survey.Form {
	f := survey.Form{}
	for name, text := range prose(&x) {
		desk.Put(f, name, *text)
	}
	for name, day := range days(&x) {
		desk.PutDay(f, name, string(*day))
	}
	desk.Put(f, "kind", string(x.Kind))
	desk.Put(f, "form", string(x.Form))
	desk.PutBool(f, "marketing", x.NotMarketing)
	desk.PutBool(f, "notify", x.Notify)
	for _, c := range privacy.ContractClauses() {
		desk.Put(f, "has_"+c.ID, string(x.Clauses[c.ID].Has))
		desk.Put(f, "where_"+c.ID, x.Clauses[c.ID].Where)
	}
	return f
}

// processorOf reads a form over what is stored. Problems are those of days; the rest the service finds.
func processorOf(f survey.Form, x privacy.Processor) (privacy.Processor, []survey.Problem) {
	var problems []survey.Problem
	for name, text := range prose(&x) {
		*text = desk.Trimmed(f, name)
	}
	all := days(&x)
	for _, name := range dayNames {
		read, wrong := sheet.ReadDay(f, name)
		if wrong != nil {
			problems = append(problems, *wrong)
		}
		*all[name] = read
	}
	x.Kind, x.Form, x.NotMarketing = privacy.RecipientKind(f.First("kind")), privacy.Form(f.First("form")), f.First("marketing") == "yes"
	x.Notify = f.First("notify") == "yes"
	if x.Kind != privacy.KindProcessor {
		return x, problems // what was found in the contract stays
	}
	x.Clauses = map[string]privacy.ClauseAnswer{}
	for _, c := range privacy.ContractClauses() {
		x.Clauses[c.ID] = privacy.ClauseAnswer{Has: privacy.Tell(f.First("has_" + c.ID)), Where: desk.Trimmed(f, "where_"+c.ID)}
	}
	return x, problems
}

func kinds(p *page.Page) []page.Option {
	var out []page.Option
	for _, k := range privacy.RecipientKinds() {
		out = append(out, page.Option{Value: string(k), Label: p.T("processor.kind." + string(k)), Hint: p.T("processor.kind." + string(k) + ".hint")})
	}
	return out
}

var forms = []privacy.Form{privacy.Identifiable, privacy.Pseudonymised, privacy.Anonymous}

// answers are what a clause can be answered with.
var answers = []privacy.Tell{privacy.TellUndecided, privacy.TellYes, privacy.TellNo}

func readForm(c *fiber.Ctx) (survey.Form, error) {
	form, err := desk.ReadForm(c)
	if err != nil {
		return nil, err
	}
	offered := map[string][]string{"kind": {""}, "form": {""}, "transfer": {""}, "marketing": {"yes"}, "notify": {"yes"}}
	for _, k := range privacy.RecipientKinds() {
		offered["kind"] = append(offered["kind"], string(k))
	}
	for _, x := range forms {
		offered["form"] = append(offered["form"], string(x))
	}
	for _, t := range privacy.TransferClauses() {
		offered["transfer"] = append(offered["transfer"], t.ID)
	}
	for _, clause := range privacy.ContractClauses() {
		for _, a := range answers {
			offered["has_"+clause.ID] = append(offered["has_"+clause.ID], string(a))
		}
	}
	return form, desk.Offered(form, offered)
}

func fields(f desk.Fields) []desk.Block {
	p := f.Page
	var given []page.Option
	for _, x := range forms {
		given = append(given, page.Option{Value: string(x), Label: p.T("disclosure.form." + string(x))})
	}
	transfers := []page.Option{{Label: p.T("processor.transfer.unknown")}}
	for _, t := range privacy.TransferClauses() {
		transfers = append(transfers, page.Option{Value: t.ID, Label: transfer(p.Lang, t.ID)})
	}
	out := []desk.Block{f.Input("name", "processor.field.name", ""), f.Radios("kind", "processor.field.kind", kinds(p)...), f.Area("does", "processor.field.does", 3),
		f.Area("data", "processor.field.data", 2), f.Area("people", "processor.field.people", 2), f.Radios("form", "processor.field.form", given...),
		f.Input("location", "processor.field.location", "30"), f.Select("transfer", "processor.field.transfer", transfers...), f.Area("contact", "processor.field.contact", 2),
		desk.H2(p.T("processor.part.contract")), f.Input("contract", "processor.field.contract", "30"), f.Day("from", "processor.field.from"), f.Day("until", "processor.field.until"),
		f.Day("review", "processor.field.review"), f.Area("subs", "processor.field.subs", 3),
		f.Checks("marketing", "processor.field.marketing", page.Option{Value: "yes", Label: p.T("processor.field.marketing.yes")}),
		f.Area("security", "processor.field.security", 3), f.Day("security_on", "processor.field.security_on"),
		desk.H2(p.T("processor.clauses")), desk.Para(p.T("processor.clauses.intro"))}
	for _, c := range privacy.ContractClauses() {
		out = append(out, clauseFields(f, c))
	}
	return append(out, desk.H2(p.T("processor.part.later")), f.Checks("notify", "processor.field.notify", page.Option{Value: "yes", Label: p.T("disclosure.field.notify.yes")}),
		f.Day("notified", "processor.field.notified"), f.Area("not_told", "processor.field.not_told", 2), desk.H2(p.T("processor.part.after")), f.Area("after", "processor.field.after", 2))
}

// clauseFields ask whether the contract has a clause, and where.
func clauseFields(f desk.Fields, c privacy.Clause) desk.Block {
	p := f.Page
	var options []page.Option
	for _, a := range answers {
		options = append(options, page.Option{Value: string(a), Label: p.T("processor.has." + has(a))})
	}
	return desk.Block{Group: &desk.FieldGroup{Legend: c.Text.In(p.Lang), Hint: c.Clause, ID: "clause_" + c.ID, Blocks: []desk.Block{{Row: [][]desk.Block{
		{f.Select("has_"+c.ID, "processor.clause.has", options...)}, {f.Input("where_"+c.ID, "processor.clause.where", "20")}}}}}}
}
