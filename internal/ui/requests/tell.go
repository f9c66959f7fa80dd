package requests

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// tellStep notes who has to be told of what was corrected, erased or restricted (UK GDPR art. 19).
var tellStep = step{path: "tell", key: "tell", ended: true,
	now: func(x *dpo.Case) bool { return len(x.Recipients) > 0 },
	fields: func(f desk.Fields, x *dpo.Case) []desk.Block {
		return []desk.Block{f.Checks("tell", "request.rectify.tell", recipientOptions(f.Page, x.Recipients)...)}
	},
	do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
		return h.Cases.Tell(c.UserContext(), desk.Staff(c), id, v, form["tell"])
	}}

// recipientOptions offers those who got information that tells who people are.
func recipientOptions(p *page.Page, all []*dpo.Recipient) (out []page.Option) {
	for _, x := range all {
		label := p.T("request.rectify.recipient", "Number", x.Number(), "Who", x.Name, "Date", day(p, x.GivenOn))
		if x.Rule() {
			label = p.T("request.rectify.recipient.rule", "Number", x.Number(), "Who", x.Name)
		}
		out = append(out, page.Option{Value: x.Entry.ID, Label: label})
	}
	return out
}

// tellings lists who has to be told of what was changed otherwise than by a correction, which says so itself.
func tellings(p *page.Page, all []privacy.Telling) []desk.Block {
	t := page.Table{Caption: p.T("request.tellings"), Stack: true, Head: page.Cells(p.T("request.searches.on"), p.T("disclosure.column.number"), p.T("request.tellings.who"), p.T("request.tellings.about"))}
	for _, x := range all {
		if x.Step == "request.tell" {
			about := make([]string, len(x.About))
			for i, c := range x.About {
				about[i] = p.T("request.tellings.about." + string(c))
			}
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(day(p, x.On), x.Number, x.Name, strings.Join(about, ", "))})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []desk.Block{desk.TableBlock(t), desk.Small(p.T("request.tellings.where"))}
}
