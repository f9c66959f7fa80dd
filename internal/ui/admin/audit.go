package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

const auditSize = 50

// auditActions are the nouns that the log's actions begin with, in the order offered.
var auditActions = []string{"consultation", "response", "consent", "equality", "results", "texts", "release", "partner", "agreement", "staff", "settings", "code"}

// audit answers: who did what to which record, and when? Its filters stay in the address.
func (h *Handlers) audit(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "office.audit.title")
	p.Wide = true
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	before, _ := strconv.ParseInt(query.First("before"), 10, 64)
	filter := consult.AuditFilter{ActorID: query.First("actor"), Action: query.First("action"), Object: desk.Trimmed(query, "object"), Before: max(before, 0), Limit: auditSize + 1}
	events, err := h.Service.AuditEvents(c.UserContext(), desk.Staff(c), filter)
	if err != nil {
		return err
	}
	titles, err := h.titles(c, p)
	if err != nil {
		return err
	}
	blocks := []desk.Block{desk.Para(p.T("office.audit.intro")), {Form: auditFilter(p, query, names)}}
	more := len(events) > auditSize
	if more {
		events = events[:auditSize]
	}
	blocks = append(blocks, desk.TableBlock(auditTable(p, events, names, titles)))
	if more {
		blocks = append(blocks, desk.LinkList(page.Link{Text: p.T("office.audit.older"), Href: p.To("/office/audit") + "?" + olderQuery(query, events[auditSize-1].Sequence)}))
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: blocks})
}

func olderQuery(query survey.Form, before int64) string {
	v := url.Values{"before": {strconv.FormatInt(before, 10)}}
	for _, name := range []string{"actor", "action", "object"} {
		if s := query.First(name); s != "" {
			v.Set(name, s)
		}
	}
	return v.Encode()
}

func auditFilter(p *page.Page, query survey.Form, names map[string]string) *desk.Form {
	f := desk.Fields{Page: p, Form: query}
	people, actions := []page.Option{{Value: "", Label: p.T("office.audit.anybody")}}, []page.Option{{Value: "", Label: p.T("office.audit.anything")}}
	for id, name := range names {
		people = append(people, page.Option{Value: id, Label: name})
	}
	slices.SortFunc(people[1:], func(a, b page.Option) int { return strings.Compare(a.Label+a.Value, b.Label+b.Value) })
	for _, a := range auditActions {
		actions = append(actions, page.Option{Value: a, Label: p.T("office.audit.noun." + a)})
	}
	return &desk.Form{Get: true, Action: p.To("/office/audit"), Label: p.T("office.audit.filter"),
		Blocks: []desk.Block{{Columns: [][]desk.Block{{f.Select("actor", "office.audit.actor", people...)}, {f.Select("action", "office.audit.action", actions...)},
			{f.Input("object", "office.audit.object", "")}}}},
		Buttons: []page.Button{{Text: p.T("office.list.apply"), Kind: "secondary"}}}
}

// titles maps the ids of consultations to their titles, so that the log names what people know.
func (h *Handlers) titles(c *fiber.Ctx, p *page.Page) (map[string]string, error) {
	all, err := h.Service.Consultations(c.UserContext(), desk.Staff(c), consult.ConsultationFilter{})
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, con := range all {
		out[con.ID] = office.Title(p, con)
	}
	return out, nil
}

// record names what an entry is about: a consultation by its title, a person by their name, anything else as it is stored.
func record(p *page.Page, object string, names, titles map[string]string) page.Cell {
	kind, id, _ := strings.Cut(object, ":")
	switch {
	case kind == "consultation" && titles[id] != "":
		return page.Cell{Link: &page.Link{Text: titles[id], Href: p.To(office.Path(id))}}
	case kind == "staff" && names[id] != "":
		return page.Cell{Text: names[id]}
	}
	return page.Cell{Text: object}
}

func auditTable(p *page.Page, events []privacy.AuditEvent, names, titles map[string]string) page.Table {
	t := page.Table{Caption: p.T("office.audit.caption"), HiddenCaption: true, Dense: true, Empty: p.T("office.audit.empty"),
		Head: []page.Cell{{Text: p.T("office.audit.number"), Numeric: true}, {Text: p.T("office.audit.when")}, {Text: p.T("office.audit.actor")},
			{Text: p.T("office.audit.action")}, {Text: p.T("office.audit.object")}, {Text: p.T("office.audit.detail")}}}
	for _, e := range events {
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{page.Num(strconv.FormatInt(e.Sequence, 10)),
			{Text: locale.Date(p.Lang, e.At) + ", " + e.At.In(locale.London()).Format("15:04:05")}, {Text: actorName(p, e.Actor, names)},
			{Text: actionText(p, e.Action)}, record(p, e.Object, names, titles), {Text: detail(e.Detail)}}})
	}
	return t
}

// actionText says what was done; an action without words yet is shown as it is stored.
func actionText(p *page.Page, action string) string {
	if text := p.T("office.audit.do." + action); text != "office.audit.do."+action {
		return text
	}
	return action
}

// actorName says who did it. Respondents have no id, so nothing tells one from another.
func actorName(p *page.Page, a privacy.Actor, names map[string]string) string {
	if name := names[a.ID]; a.ID != "" && name != "" {
		return name
	}
	name := p.T("office.audit.kind." + a.Kind)
	if a.ID != "" {
		name += " " + a.ID
	}
	return name
}

func detail(d map[string]string) string {
	var parts []string
	for name, value := range d {
		parts = append(parts, name+" "+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
