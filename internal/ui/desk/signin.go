package desk

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// signIn asks who it is. Somebody who is signed in already goes on.
func (d *Desk) signIn(c *fiber.Ctx) error {
	if who, err := d.signedIn(c); err == nil {
		return page.Redirect(c, goOn(who, c.Query("next")))
	} else if !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	return d.showSignIn(c, fiber.StatusOK, survey.Form{"next": {page.SafeNext(c.Query("next"), "")}}, nil)
}

func (d *Desk) showSignIn(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := d.Kit.Page(c, "signin.title")
	p.SetProblems(problems)
	f := Fields{Page: p, Form: form}
	blocks := []Block{
		f.Typed("email", "signin.email", "email", "username"),
		f.Typed("password", "signin.password", "password", "current-password"),
	}
	sign, err := PostForm(p, "", blocks, page.Button{Text: p.T("signin.button")})
	if err != nil {
		return err
	}
	sign.Action = p.To("/sign-in")
	sign.Hidden = []page.Hidden{{Name: "next", Value: form.First("next")}}
	return d.Show(c, status, View{Page: p, Blocks: []Block{Para(p.T("signin.intro")), {Form: sign}, Para(p.T("signin.help"))}})
}

func (d *Desk) signInSend(c *fiber.Ctx) error {
	form, err := ReadForm(c)
	if err != nil {
		return err
	}
	email, password := Trimmed(form, "email"), form.First("password")
	var problems []survey.Problem
	if email == "" {
		problems = append(problems, survey.Problem{Field: "email", Key: "signin.problem.email"})
	}
	if password == "" {
		problems = append(problems, survey.Problem{Field: "password", Key: "signin.problem.password"})
	}
	if len(problems) > 0 {
		return d.showSignIn(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	who, err := d.Service.SignIn(c.UserContext(), email, password, page.Network(c))
	var f *fault.Error
	switch {
	case errors.As(err, &f) && f.Kind == fault.Throttled:
		page.RetryAfter(c, err)
		return d.showSignIn(c, fiber.StatusTooManyRequests, form, []survey.Problem{{Field: "email", Key: f.Key, Args: f.Args}})
	case errors.As(err, &f) && f.Kind == fault.Invalid:
		return d.showSignIn(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{{Field: "email", Key: f.Key, Args: f.Args}})
	case err != nil:
		return err
	}
	if err := begin(c, who); err != nil {
		return err
	}
	return page.Redirect(c, goOn(who, form.First("next")))
}

// goOn returns where somebody who has signed in goes: where they wanted to, if they have any business there, else to their work.
func goOn(who *consult.Staff, next string) string {
	if next = page.SafeNext(next, home(who)); mayGo(who, next) {
		return next
	}
	return home(who)
}

// begin gives the person a session of their own under a new id.
func begin(c *fiber.Ctx, who *consult.Staff) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	s.Rotate()
	s.Set(page.StaffValue, who.ID)
	if who.Role == consult.DPO || who.Role == consult.Administrator || who.Role == consult.Support {
		s.LimitIdle(page.StrictIdle)
	}
	return nil
}

// signOut ends the session. The row goes: a kept copy of the cookie opens nothing.
func (d *Desk) signOut(c *fiber.Ctx) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	who, err := d.signedIn(c)
	if err == nil {
		err = d.Service.SignOut(c.UserContext(), who)
	}
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	s.Erase()
	return page.Redirect(c, "/sign-in")
}
