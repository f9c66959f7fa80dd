package desk

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// quiet keeps the token in the address of an invitation to the two who need it: no referrer, no cache. The log holds
// route patterns only, and the token is good for one use.
func quiet(c *fiber.Ctx) error {
	c.Set("Referrer-Policy", "no-referrer")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Next()
}

// invitation lets an invited person choose a password; the first administrator also says who they are.
func (d *Desk) invitation(c *fiber.Ctx) error {
	who, err := d.invited(c)
	if err != nil {
		return err
	}
	return d.showInvitation(c, fiber.StatusOK, who, survey.Form{}, nil)
}

// invited returns whom the link is for; nobody for that of the first administrator.
func (d *Desk) invited(c *fiber.Ctx) (*consult.Staff, error) {
	who, err := d.Service.Invited(c.UserContext(), c.Params("token"))
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, fault.NotFound, "signin.invitation.gone")
	}
	return who, err
}

func (d *Desk) showInvitation(c *fiber.Ctx, status int, who *consult.Staff, form survey.Form, problems []survey.Problem) error {
	p := d.Kit.Page(c, "signin.invitation.title")
	p.SetProblems(problems)
	f := Fields{Page: p, Form: form}
	var blocks, fields []Block
	if who == nil {
		blocks = append(blocks, Para(p.T("signin.invitation.first")))
		fields = append(fields, f.Input("name", "signin.invitation.name", "30"), f.Typed("email", "signin.email", "email", "username"))
		fields[0].Input.Autocomplete = "name"
	} else {
		blocks = append(blocks, Para(p.T("signin.invitation.intro", "Name", who.Name)),
			Block{Summary: &page.SummaryList{Rows: []page.SummaryRow{
				{Key: p.T("signin.email"), Lines: []string{who.Email}}, {Key: p.T("office.staff.role"), Lines: []string{p.T("office.role." + string(who.Role))}}}}})
	}
	fields = append(fields, f.Typed("password", "signin.invitation.password", "password", "new-password"),
		f.Typed("again", "signin.invitation.again", "password", "new-password"))
	choose, err := PostForm(p, "", fields, page.Button{Text: p.T("signin.invitation.button")})
	if err != nil {
		return err
	}
	return d.Show(c, status, View{Page: p, Blocks: append(blocks, Block{Form: choose})})
}

func (d *Desk) invitationSend(c *fiber.Ctx) error {
	invited, err := d.invited(c)
	if err != nil {
		return err
	}
	form, err := ReadForm(c)
	if err != nil {
		return err
	}
	if problems := checkInvitation(form, invited == nil); len(problems) > 0 {
		return d.showInvitation(c, fiber.StatusUnprocessableEntity, invited, form, problems)
	}
	who, err := d.Service.AcceptInvitation(c.UserContext(), c.Params("token"), Trimmed(form, "name"), Trimmed(form, "email"), form.First("password"))
	var f *fault.Error
	if errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		return d.showInvitation(c, fiber.StatusUnprocessableEntity, invited, form, []survey.Problem{{Field: fieldOf(f.Key), Key: f.Key, Args: f.Args}})
	}
	if err != nil {
		return err
	}
	if err := begin(c, who); err != nil {
		return err
	}
	return page.Done(c, home(who), "signin.invitation.done")
}

// checkInvitation checks what only the form knows; the service checks the password itself.
func checkInvitation(form survey.Form, first bool) []survey.Problem {
	var out []survey.Problem
	if first && Trimmed(form, "name") == "" {
		out = append(out, survey.Problem{Field: "name", Key: "signin.problem.name"})
	}
	if first && Trimmed(form, "email") == "" {
		out = append(out, survey.Problem{Field: "email", Key: "signin.problem.email"})
	}
	switch {
	case form.First("password") == "":
		out = append(out, survey.Problem{Field: "password", Key: "signin.problem.choose"})
	case form.First("password") != form.First("again"):
		out = append(out, survey.Problem{Field: "again", Key: "signin.problem.again"})
	}
	return out
}

// fieldOf returns the field that a refusal is about.
func fieldOf(key string) string {
	switch {
	case strings.HasPrefix(key, "error.staff.email"):
		return "email"
	case strings.HasPrefix(key, "error.staff.name"):
		return "name"
	}
	return "password"
}
