package desk

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

const acknowledgePath = "/acknowledge"

// askToAccept leads somebody who has not accepted the statement of confidentiality to it, and from there to where they wanted to go. A form
// that they sent (the council changed its words meanwhile) is not saved; what was typed is printed back.
func (d *Desk) askToAccept(c *fiber.Ctx, who *consult.Staff) error {
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return page.Redirect(c, page.Onward(acknowledgePath, page.Here(c)))
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	page.SetNav(c, d.waitingNav(c, who))
	p := d.Kit.Page(c, "signin.acknowledge.first")
	back := "/office"
	if d.Kit.HasPage(c) {
		back = p.Path
	}
	blocks := append([]Block{Para(p.T("signin.acknowledge.unsaved"))}, typed(p, form)...)
	blocks = append(blocks, Block{Buttons: []page.Button{{Text: p.T("signin.acknowledge.read"), Href: p.To(page.Onward(acknowledgePath, back))}}})
	return d.Show(c, fiber.StatusForbidden, View{Page: p, Blocks: blocks})
}

// waitingNav is that of somebody who has yet to accept: nothing but the statement and the way out.
func (d *Desk) waitingNav(c *fiber.Ctx, who *consult.Staff) page.Nav {
	return page.Nav{Name: who.Name, SignOut: "/sign-out", Items: []page.NavItem{{Text: d.t(c, "signin.acknowledge.nav"), Href: acknowledgePath, Current: true}}}
}

// waiting returns whoever is signed in and has yet to accept; nobody, and no error, when there is nothing to accept for them.
func (d *Desk) waiting(c *fiber.Ctx) (who *consult.Staff, must bool, err error) {
	if who, err = d.signedIn(c); err != nil {
		return nil, false, err
	}
	return who, who.May(consult.EnterOffice) && !who.Bound, nil
}

// acknowledge answers: what do I promise before I see anything? (councils.md S2-5)
func (d *Desk) acknowledge(c *fiber.Ctx) error {
	who, must, err := d.waiting(c)
	if err != nil {
		return err
	}
	if !must {
		return page.Redirect(c, goOn(who, c.Query("next")))
	}
	return d.showAcknowledge(c, fiber.StatusOK, who, survey.Form{"next": {page.SafeNext(c.Query("next"), "")}}, nil)
}

func (d *Desk) showAcknowledge(c *fiber.Ctx, status int, who *consult.Staff, form survey.Form, problems []survey.Problem) error {
	statement, err := d.Service.Confidentiality(c.UserContext())
	if err != nil {
		return err
	}
	page.SetNav(c, d.waitingNav(c, who))
	p := d.Kit.Page(c, "signin.acknowledge.title")
	p.SetProblems(problems)
	f := Fields{Page: p, Form: form}
	accept, err := PostForm(p, "", []Block{f.Checks("accept", "signin.acknowledge.accept", page.Option{Value: "yes", Label: p.T("signin.acknowledge.yes")})},
		page.Button{Text: p.T("signin.acknowledge.button")})
	if err != nil {
		return err
	}
	accept.Action = p.To(acknowledgePath)
	accept.Hidden = []page.Hidden{{Name: "next", Value: form.First("next")}, {Name: "statement", Value: statement.Hash}}
	blocks := []Block{Para(p.T("signin.acknowledge.intro"))}
	if who.Acknowledged > 0 {
		blocks = append(blocks, Block{Inset: &page.Inset{Paragraphs: []string{p.T("signin.acknowledge.again")}}})
	}
	blocks = append(blocks, Block{Prose: statement.Text.In(p.Lang)}, Block{Form: accept}, Para(p.T("signin.acknowledge.otherwise")))
	return d.Show(c, status, View{Page: p, Blocks: blocks})
}

func (d *Desk) acknowledgeSend(c *fiber.Ctx) error {
	who, must, err := d.waiting(c)
	if err != nil {
		return err
	}
	form, err := ReadForm(c)
	if err != nil {
		return err
	}
	if !must {
		return page.Redirect(c, goOn(who, form.First("next")))
	}
	if err := Offered(form, map[string][]string{"accept": {"yes"}}); err != nil {
		return err
	}
	form["next"] = []string{page.SafeNext(form.First("next"), "")}
	if form.First("accept") != "yes" {
		return d.showAcknowledge(c, fiber.StatusUnprocessableEntity, who, form, []survey.Problem{{Field: "accept", Key: "signin.problem.acknowledge"}})
	}
	err = d.Service.Acknowledge(c.UserContext(), who, form.First("statement"))
	if fault.Is(err, fault.Conflict) {
		delete(form, "accept")
		return d.showAcknowledge(c, fiber.StatusConflict, who, form, []survey.Problem{{Field: "accept", Key: "error.confidentiality.changed"}})
	}
	if err != nil {
		return err
	}
	return page.Redirect(c, goOn(who, form.First("next")))
}
