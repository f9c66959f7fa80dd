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

// balanceStep records how an objection is weighed, before it is refused (UK GDPR art. 21(1)).
var balanceStep = step{path: "balance", key: "balance",
	now: func(x *dpo.Case) bool { return x.Request.Weighable() },
	fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
		return []desk.Block{f.Radios("ground", "request.balance.ground", weighings(f.Page)...), f.Area("grounds", "request.balance.grounds", 4),
			f.Area("interests", "request.balance.interests", 4), f.Area("why", "request.balance.why", 4)}
	},
	filled: func(form survey.Form, x *dpo.Case) {
		if b := x.Request.Balancing; b != nil {
			desk.Put(form, "ground", string(b.Ground))
			desk.Put(form, "grounds", b.Grounds)
			desk.Put(form, "interests", b.Interests)
			desk.Put(form, "why", b.Why)
		}
	},
	do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
		return h.Cases.Balance(c.UserContext(), desk.Staff(c), id, v, privacy.Balancing{Ground: privacy.BalancingGround(form.First("ground")),
			Grounds: desk.Trimmed(form, "grounds"), Interests: desk.Trimmed(form, "interests"), Why: desk.Trimmed(form, "why")})
	}}

func weighings(p *page.Page) (out []page.Option) {
	for _, g := range privacy.BalancingGrounds() {
		out = append(out, page.Option{Value: string(g), Label: p.T("request.balance.ground." + string(g)), Hint: g.Clause()})
	}
	return out
}

// weighed shows how an objection was weighed.
func weighed(p *page.Page, b *privacy.Balancing) []desk.Block {
	if b == nil {
		return nil
	}
	list := &page.SummaryList{}
	for _, x := range [][2]string{{"on", day(p, b.On)}, {"ground", p.T("request.balance.ground."+string(b.Ground)) + " (" + b.Ground.Clause() + ")"}, {"grounds", b.Grounds},
		{"interests", b.Interests}, {"why", b.Why}} {
		if x[1] != "" {
			list.Rows = append(list.Rows, page.SummaryRow{Key: p.T("request.balance." + x[0]), Lines: strings.Split(x[1], "\n")})
		}
	}
	return []desk.Block{desk.H2(p.T("request.balance.title")), {Summary: list}}
}
