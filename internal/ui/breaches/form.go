package breaches

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// prose are the free texts of a breach, by field.
func prose(b *privacy.Breach) map[string]*string {
	return map[string]*string{"discovered_by": &b.DiscoveredBy, "what": &b.What, "cause": &b.Cause, "systems": &b.Systems, "people": &b.People, "records": &b.Records,
		"consequences": &b.Consequences, "measures": &b.Measures, "risk_why": &b.RiskWhy, "regulator_why": &b.RegulatorWhy, "reference": &b.Reference, "late_why": &b.LateWhy,
		"individual_why": &b.IndividualWhy, "told_how": &b.ToldHow, "processor": &b.Processor, "recipients": &b.Recipients, "lessons": &b.Lessons, "owner": &b.Owner}
}

// formOf writes a breach as it is typed.
func formOf(b privacy.Breach) survey.Form {
	f := survey.Form{}
	for name, text := range prose(&b) {
		desk.Put(f, name, *text)
	}
	desk.PutMoment(f, "aware", desk.MomentOf(b.AwareAt))
	desk.PutMoment(f, "reported", desk.MomentOf(b.ReportedAt))
	desk.PutDay(f, "from", string(b.OccurredFrom))
	desk.PutDay(f, "to", string(b.OccurredTo))
	for _, k := range b.Kinds {
		f["kinds"] = append(f["kinds"], string(k))
	}
	desk.Put(f, "risk", string(b.Risk))
	desk.Put(f, "regulator", string(b.Regulator))
	desk.Put(f, "individuals", string(b.Individuals))
	for name, on := range map[string]bool{"special": b.Special, "near_miss": b.NearMiss} {
		if on {
			desk.Put(f, name, "yes")
		}
	}
	return f
}

// breachOf reads a form over what is stored. Problems are those of moments and days; the rest the service finds.
func breachOf(f survey.Form, b privacy.Breach) (privacy.Breach, []survey.Problem) {
	var problems []survey.Problem
	for name, text := range prose(&b) {
		if _, sent := f[name]; sent {
			*text = desk.Trimmed(f, name)
		}
	}
	moment := func(name string, into *time.Time) {
		if _, sent := f[name+"-day"]; !sent {
			return
		}
		at, wrong := desk.ReadMoment(f, name).Parse(name)
		if empty := desk.ReadMoment(f, name) == (desk.Moment{}); empty && name != "aware" {
			at, wrong = time.Time{}, nil
		}
		if wrong != nil {
			problems = append(problems, *wrong)
		}
		*into = at
	}
	moment("aware", &b.AwareAt)
	moment("reported", &b.ReportedAt)
	for name, into := range map[string]*privacy.Date{"from": &b.OccurredFrom, "to": &b.OccurredTo} {
		m := desk.ReadMoment(f, name)
		if _, sent := f[name+"-day"]; !sent {
			continue
		}
		iso, ok := m.ISO()
		if m == (desk.Moment{}) {
			iso, ok = "", true
		}
		if !ok {
			problems = append(problems, survey.Problem{Field: name + "-day", Key: "error.date.format"})
		}
		*into = privacy.Date(iso)
	}
	b.Kinds = nil
	for _, k := range privacy.BreachKinds() {
		if slices.Contains(f["kinds"], string(k)) {
			b.Kinds = append(b.Kinds, k)
		}
	}
	b.Special, b.NearMiss = f.First("special") == "yes", f.First("near_miss") == "yes"
	b.Risk, b.Regulator, b.Individuals = privacy.Risk(f.First("risk")), privacy.Tell(f.First("regulator")), privacy.Tell(f.First("individuals"))
	slices.SortFunc(problems, func(x, y survey.Problem) int { return order(x.Field) - order(y.Field) })
	return b, problems
}

func order(field string) int {
	return slices.Index([]string{"aware-day", "aware-time", "from-day", "to-day", "reported-day", "reported-time"}, field)
}

func readForm(c *fiber.Ctx) (survey.Form, error) {
	form, err := desk.ReadForm(c, "kinds")
	if err != nil {
		return nil, err
	}
	var kinds, risks []string
	for _, k := range privacy.BreachKinds() {
		kinds = append(kinds, string(k))
	}
	for _, r := range privacy.Risks() {
		risks = append(risks, string(r))
	}
	tell := []string{"", string(privacy.TellYes), string(privacy.TellNo)}
	return form, desk.Offered(form, map[string][]string{"kinds": kinds, "risk": append(risks, ""), "regulator": tell, "individuals": tell, "special": {"yes"}, "near_miss": {"yes"}})
}

// firstFields are what is known at once.
func firstFields(f desk.Fields) []desk.Block {
	p := f.Page
	var kinds []page.Option
	for _, k := range privacy.BreachKinds() {
		kinds = append(kinds, page.Option{Value: string(k), Label: p.T("breach.kind." + string(k))})
	}
	return []desk.Block{f.Moment("aware", "breach.field.aware"), f.Area("what", "breach.field.what", 5), f.Checks("kinds", "breach.field.kinds", kinds...),
		f.Area("discovered_by", "breach.field.discovered_by", 2), f.Area("people", "breach.field.people", 2), f.Area("records", "breach.field.records", 2),
		f.Checks("special", "breach.field.special", page.Option{Value: "yes", Label: p.T("breach.field.special.yes")}),
		f.Checks("near_miss", "breach.field.near_miss", page.Option{Value: "yes", Label: p.T("breach.field.near_miss.yes")})}
}

// allFields add what comes in phases (art. 33(4)).
func allFields(f desk.Fields) []desk.Block {
	p := f.Page
	risks := []page.Option{{Value: "", Label: p.T("breach.risk.unknown")}}
	for _, r := range privacy.Risks() {
		risks = append(risks, page.Option{Value: string(r), Label: p.T("breach.risk." + string(r))})
	}
	tell := []page.Option{{Value: "", Label: p.T("breach.tell.undecided")}, {Value: "yes", Label: p.T("breach.tell.yes")}, {Value: "no", Label: p.T("breach.tell.no")}}
	return append(firstFields(f),
		f.Day("from", "breach.field.from"), f.Day("to", "breach.field.to"), f.Area("cause", "breach.field.cause", 3), f.Area("systems", "breach.field.systems", 2),
		desk.H2(p.T("breach.part.risk")),
		f.Area("consequences", "breach.field.consequences", 3), f.Area("measures", "breach.field.measures", 3), f.Radios("risk", "breach.field.risk", risks...),
		f.Area("risk_why", "breach.field.risk_why", 3),
		desk.H2(p.T("breach.part.regulator")),
		f.Radios("regulator", "breach.field.regulator", tell...), f.Area("regulator_why", "breach.field.regulator_why", 3), f.Moment("reported", "breach.field.reported"),
		f.Input("reference", "breach.field.reference", "20"), f.Area("late_why", "breach.field.late_why", 2),
		desk.H2(p.T("breach.part.people")),
		f.Radios("individuals", "breach.field.individuals", tell...), f.Area("individual_why", "breach.field.individual_why", 3), f.Area("told_how", "breach.field.told_how", 3),
		desk.H2(p.T("breach.part.after")),
		f.Area("processor", "breach.field.processor", 2), f.Area("recipients", "breach.field.recipients", 2), f.Area("lessons", "breach.field.lessons", 3), f.Input("owner", "breach.field.owner", "30"))
}

// facts shows what is known, in the order of the form.
func facts(p *page.Page, x *dpo.BreachCase) desk.Block {
	b, list := x.Breach, &page.SummaryList{}
	add := func(key, text string) {
		if text != "" {
			list.Rows = append(list.Rows, page.SummaryRow{Key: p.T(key), Lines: []string{text}})
		}
	}
	add("breach.column.left", left(p, x))
	add("breach.column.aware", locale.DateTime(p.Lang, b.AwareAt))
	for _, k := range b.Kinds {
		add("breach.field.kinds", p.T("breach.kind."+string(k)))
	}
	texts := prose(&b)
	for _, name := range []string{"what", "discovered_by", "people", "records"} {
		add("breach.field."+name, *texts[name])
	}
	if b.Special {
		add("breach.field.special", p.T("breach.field.special.yes"))
	}
	add("breach.field.from", locale.ISODate(p.Lang, string(b.OccurredFrom)))
	add("breach.field.to", locale.ISODate(p.Lang, string(b.OccurredTo)))
	for _, name := range []string{"cause", "systems", "consequences", "measures"} {
		add("breach.field."+name, *texts[name])
	}
	choice := func(name, prefix, value, unknown string) {
		if value == "" {
			value = unknown
		}
		add("breach.field."+name, p.T("breach."+prefix+"."+value))
	}
	choice("risk", "risk", string(b.Risk), "unknown")
	add("breach.field.risk_why", b.RiskWhy)
	choice("regulator", "tell", string(b.Regulator), "undecided")
	for _, name := range []string{"regulator_why", "reference", "late_why"} {
		add("breach.field."+name, *texts[name])
	}
	choice("individuals", "tell", string(b.Individuals), "undecided")
	for _, name := range []string{"individual_why", "told_how", "processor", "recipients", "lessons", "owner"} {
		add("breach.field."+name, *texts[name])
	}
	return desk.Block{Summary: list}
}
