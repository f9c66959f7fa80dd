package respond

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

// newUsePath is where somebody is asked about a new use of a part.
func newUsePath(part privacy.Part) string { return "/your-response/new-use/" + string(part) }

const renewPath = "/your-response/renew"

// asked is something that is asked of the person since they answered, with the way to the question.
type asked struct {
	Text string
	Link page.Button
}

// agreed is what the person agreed to since, with the way to take it back.
type agreed struct {
	Text string
	Back *page.Action
}

// askedOf lists what the person is asked.
func askedOf(p *page.Page, held *consult.Held) (out []asked) {
	for _, u := range held.NewUses {
		if u.Asked {
			text := p.T("respond.new_use.asked." + string(u.Part))
			if u.State == privacy.ConsentRefused || u.State == privacy.ConsentWithdrawn {
				text = p.T("respond.new_use.said_no."+string(u.Part), "Date", locale.DateTime(p.Lang, u.At))
			}
			out = append(out, asked{text, page.Button{Text: p.T("respond.new_use.link." + string(u.Part)), Href: p.To(newUsePath(u.Part))}})
		}
	}
	if r := held.Renewal; r != nil {
		out = append(out, asked{p.T("respond.renew.asked", "Ends", locale.DateTime(p.Lang, r.Ends), "Until", locale.DateTime(p.Lang, r.Until)),
			page.Button{Text: p.T("respond.renew.link"), Href: p.To(renewPath)}})
	}
	return out
}

// agreedTo lists what was decided and is not asked any more: agreements, each with one button that takes it back (art. 7(3): as easy as giving it).
func agreedTo(p *page.Page, held *consult.Held, token string) (out []agreed) {
	for _, u := range held.NewUses {
		if u.Asked {
			continue
		}
		key := "respond.new_use.state." + string(u.State)
		a := agreed{Text: p.T(key, "What", p.T("respond.new_use.what."+string(u.Part)), "Date", locale.DateTime(p.Lang, u.At), "Version", itoa(u.Version))}
		if privacy.Permits(u.State) {
			a.Back = &page.Action{Href: p.To(newUsePath(u.Part)), Token: token, Button: page.Button{Text: p.T("respond.new_use.back." + string(u.Part)), Kind: "warning"},
				Fields: []page.Hidden{{Name: "consent", Value: refuse}, {Name: "version", Value: itoa(u.Version)}}}
		}
		out = append(out, a)
	}
	return out
}

// newUse shows the question about a new use: a page of its own with two equal options and nothing chosen beforehand.
func (h *Handlers) newUse(c *fiber.Ctx) error { return h.showNewUse(c, fiber.StatusOK, "") }

// question returns what the person is asked about the part of the address, with its statement in the language of the page. done is true where it has
// answered already: nothing is asked.
func (h *Handlers) newUseAsked(c *fiber.Ctx) (o opened, u consult.NewUse, done bool, err error) {
	o, _, done, err = h.open(c)
	if done {
		return o, u, true, err
	}
	part := privacy.Part(c.Params("part"))
	if !slices.Contains(privacy.Parts(), part) {
		return o, u, true, fault.New(fault.NotFound, "error.text.not_found")
	}
	uses, err := h.service.NewUses(c.UserContext(), o.Code, page.Lang(c))
	if err != nil {
		return o, u, true, err
	}
	i := slices.IndexFunc(uses, func(u consult.NewUse) bool { return u.Part == part && u.Asked })
	if i < 0 {
		return o, u, true, page.Redirect(c, "/your-response/held")
	}
	return o, uses[i], false, nil
}

func (h *Handlers) showNewUse(c *fiber.Ctx, status int, problem string) error {
	_, u, done, err := h.newUseAsked(c)
	if done {
		return err
	}
	v := h.choice(c, u.Statement, problem)
	v.Version = itoa(u.Version)
	for _, n := range u.Notes {
		v.Notes = append(v.Notes, n.In(v.Page.Lang))
	}
	if u.State == privacy.ConsentRefused || u.State == privacy.ConsentWithdrawn {
		v.Stands = v.T("respond.new_use.said_no."+string(u.Part), "Date", locale.DateTime(v.Page.Lang, u.At))
	}
	_, held, done, err := h.open(c)
	if done {
		return err
	}
	v.Notice = page.Link{Text: v.T("respond.new_use.notice", "Version", v.Version), Href: v.To(noticePath(held.Consultation))}
	return h.kit.Render(c, status, "respond/consent", v)
}

// choice makes the page of a statement with its two options.
func (h *Handlers) choice(c *fiber.Ctx, s privacy.Statement, problem string) consentView {
	v := consentView{Page: h.page(c, "respond.consent.title"), Statement: s}
	v.Title, v.Back = s.Heading, v.To("/your-response/held")
	if problem != "" {
		v.AddProblem("consent", problem)
	}
	v.Choice = page.Radios{
		Group:   page.Group{Name: "consent", Legend: s.Heading, Hidden: true, Error: v.Error("consent")},
		Options: []page.Option{{Value: agree, Label: s.Agree}, {Value: refuse, Label: s.Refuse}},
	}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	return v
}

// decideNewUse records what was chosen; taking an agreement back needs no question.
func (h *Handlers) decideNewUse(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	o, _, done, err := h.open(c)
	if done {
		return err
	}
	part := privacy.Part(c.Params("part"))
	if !slices.Contains(privacy.Parts(), part) {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	chosen := only(form, "consent")
	if chosen != agree && chosen != refuse {
		return h.showNewUse(c, fiber.StatusUnprocessableEntity, "respond.consent.error")
	}
	version, err := strconv.Atoi(only(form, "version"))
	if err != nil { // every form of this page has one
		return fault.New(fault.Invalid, "error.consent.changed")
	}
	u, err := h.service.DecideNewUse(here(c), o.Code, consult.NewUseChoice{Part: part, Version: version, Agree: chosen == agree,
		StatementHash: only(form, "statement"), Language: page.Lang(c)})
	switch {
	case fault.Is(err, fault.Conflict):
		return h.showNewUse(c, fiber.StatusUnprocessableEntity, "respond.consent.changed")
	case fault.Is(err, fault.Closed):
		return page.Done(c, "/your-response/held", "error.new_use.ended")
	case err != nil:
		return err
	}
	return page.Done(c, "/your-response/held", "respond.new_use.done."+string(u.State))
}

// renew shows the consent statement once more before consent ends.
func (h *Handlers) renew(c *fiber.Ctx) error { return h.showRenew(c, fiber.StatusOK, "") }

func (h *Handlers) showRenew(c *fiber.Ctx, status int, problem string) error {
	_, held, done, err := h.open(c)
	if done {
		return err
	}
	if held.Renewal == nil {
		return page.Redirect(c, "/your-response/held")
	}
	v := h.choice(c, held.Renewal.In(page.Lang(c)), problem)
	v.Notice = page.Link{Text: v.T("respond.held.notice", "Version", itoa(held.Response.NoticeVersion)),
		Href: v.To("/privacy/notices/" + held.Response.NoticeID + "/" + itoa(held.Response.NoticeVersion))}
	v.Withdraw = &page.Link{Text: v.T("respond.renew.withdraw"), Href: v.Back}
	return h.kit.Render(c, status, "respond/consent", v)
}

// renewSend renews, or lets consent end by itself: saying no now takes nothing away before it does.
func (h *Handlers) renewSend(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	o, held, done, err := h.open(c)
	if done {
		return err
	}
	switch only(form, "consent") {
	case refuse:
		return page.Done(c, "/your-response/held", "respond.renew.left")
	case agree:
	default:
		return h.showRenew(c, fiber.StatusUnprocessableEntity, "respond.consent.error")
	}
	status, err := h.service.RenewConsent(here(c), o.Code, only(form, "statement"), page.Lang(c))
	switch {
	case fault.Is(err, fault.Conflict):
		return h.showRenew(c, fiber.StatusUnprocessableEntity, "respond.consent.changed")
	case fault.Is(err, fault.Closed):
		return page.Done(c, "/your-response/held", "error.consent.not_renewable")
	case err != nil:
		return err
	}
	if err := h.noteWithdrawal(c, held.Consultation, o.Reference, status); err != nil {
		return err
	}
	return page.Done(c, "/your-response/held", "respond.renew.done")
}
