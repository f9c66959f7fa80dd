package admin

import (
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// auditFields are the fields of the filter, as they stand in the address.
var auditFields = []string{"actor", "kind", "action", "object", "from-day", "from-month", "from-year", "to-day", "to-month", "to-year"}

// kindPrefix begins the value of a kind of actor: respondents have no id, and the service is no person.
const kindPrefix = "kind:"

// actorKinds are offered beside people, in this order.
var actorKinds = []string{"respondent", "system"}

// readAuditFilter reads the filters. Days are those of Europe/London, both included. A value that is not offered finds nothing.
func readAuditFilter(query survey.Form) (f consult.AuditFilter, problems []survey.Problem) {
	f.Object = desk.Trimmed(query, "object")
	if kind, ok := strings.CutPrefix(query.First("actor"), kindPrefix); ok {
		f.ActorKind = kind
	} else {
		f.ActorID = query.First("actor")
	}
	f.Action = query.First("action") // responses too where response is chosen
	if kind := query.First("kind"); kind != "" {
		if f.Actions = consult.ActionsOf(consult.AuditKind(kind)); len(f.Actions) == 0 {
			f.Actions = []string{kind}
		}
	}
	if before, err := strconv.ParseInt(query.First("before"), 10, 64); err == nil {
		f.Before = max(before, 0)
	}
	for _, end := range []string{"from", "to"} {
		m := desk.ReadMoment(query, end)
		if m.Day+m.Month+m.Year == "" {
			continue
		}
		m.Time = "0:00"
		read := m.Parse
		if end == "to" {
			read = m.ParseEnd
		}
		at, problem := read(end)
		switch {
		case problem != nil:
			problems = append(problems, *problem)
		case end == "from":
			f.From = at
		default:
			f.To = at
		}
	}
	if len(problems) == 0 && !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		problems = append(problems, survey.Problem{Field: "to-day", Key: "office.audit.order"})
	}
	return f, problems
}

// auditForm asks by what to narrow the log.
func auditForm(p *page.Page, query survey.Form, r *auditRecords) *desk.Form {
	f := desk.Fields{Page: p, Form: query}
	people := []page.Option{{Value: "", Label: p.T("office.audit.anybody")}}
	for id, name := range r.names {
		people = append(people, page.Option{Value: id, Label: name})
	}
	slices.SortFunc(people[1:], func(a, b page.Option) int { return strings.Compare(a.Label+a.Value, b.Label+b.Value) })
	for _, kind := range actorKinds {
		people = append(people, page.Option{Value: kindPrefix + kind, Label: p.T("office.audit.kind." + kind)})
	}
	kinds := []page.Option{{Value: "", Label: p.T("office.audit.anything")}}
	for _, k := range consult.AuditKinds() {
		kinds = append(kinds, page.Option{Value: string(k), Label: p.T("office.audit.sort." + string(k))})
	}
	nouns := []page.Option{{Value: "", Label: p.T("office.audit.anything")}}
	for _, noun := range consult.AuditNouns() {
		nouns = append(nouns, page.Option{Value: noun, Label: p.T("office.audit.noun." + noun)})
	}
	if action := query.First("action"); strings.Contains(action, ".") { // from the page of an entry
		nouns = append(nouns, page.Option{Value: action, Label: actionText(p, action)})
	}
	return &desk.Form{Get: true, Action: p.To("/office/audit"), Label: p.T("office.audit.filter"),
		Blocks: []desk.Block{{Columns: [][]desk.Block{{f.Select("actor", "office.audit.actor", people...)}, {f.Select("kind", "office.audit.sort", kinds...)},
			{f.Select("action", "office.audit.about", nouns...)}, {f.Select("object", "office.audit.object", r.options(p, query)...)}}},
			{Row: [][]desk.Block{{f.Day("from", "office.audit.from")}, {f.Day("to", "office.audit.to")}}}},
		Buttons: []page.Button{{Text: p.T("office.list.apply"), Kind: "secondary"}}, Cancel: &page.Link{Text: p.T("office.audit.all"), Href: p.To("/office/audit")}}
}
