package release

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// done goes back to the release with a message.
func done(c *fiber.Ctx, to, key string) error {
	if err := page.Flash(c, page.Success, key); err != nil {
		return err
	}
	return page.Redirect(c, to)
}

// load opens the release of the address with the version that the form was made for.
func (h *Handlers) load(c *fiber.Ctx) (*consult.Release, survey.Form, int64, error) {
	r, err := h.Service.Release(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return nil, nil, 0, err
	}
	form, err := page.Form(c)
	if err != nil {
		return nil, nil, 0, err
	}
	return r, form, desk.Version(form), nil
}

func (h *Handlers) propose(c *fiber.Ctx) error {
	r, _, version, err := h.load(c)
	if err != nil {
		return err
	}
	if err := h.Service.ProposeRelease(c.UserContext(), desk.Staff(c), r.ID, version); err != nil {
		return err
	}
	return done(c, path(r.ID), "release.propose.done")
}

// ask is a page that asks once more before something that cannot be undone.
type ask struct {
	key     string // prefix of its messages: title, warning, button
	sure    bool   // a box to tick
	reason  bool   // a reason to write
	warning bool   // the button is red
}

func (h *Handlers) showAsk(c *fiber.Ctx, status int, r *consult.Release, a ask, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, a.key+".title")
	p.Caption = r.Title.In(p.Lang)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.releases"), Href: "/office/releases"}, {Text: r.Title.In(p.Lang), Href: path(r.ID)}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var fields []desk.Block
	if a.reason {
		fields = append(fields, f.Area("reason", a.key+".reason", 5))
	}
	if a.sure {
		fields = append(fields, f.Checks("sure", a.key+".sure", page.Option{Value: "yes", Label: p.T(a.key + ".yes")}))
	}
	button := page.Button{Text: p.T(a.key + ".button")}
	if a.warning {
		button.Kind = "warning"
	}
	post, err := desk.PostForm(p, fields, button)
	if err != nil {
		return err
	}
	post.Hidden = []page.Hidden{desk.VersionField(r.Version)}
	post.Cancel = &page.Link{Text: p.T("office.cancel"), Href: p.To(path(r.ID))}
	v := desk.View{Page: p, Blocks: []desk.Block{{Warning: &page.Warning{Text: p.T(a.key + ".warning")}}, {Form: post}}}
	if status == fiber.StatusConflict {
		v.Blocks = append([]desk.Block{{Inset: &page.Inset{Paragraphs: []string{p.T("release.crossed")}}}}, v.Blocks...)
	}
	return h.Show(c, status, v)
}

// asked shows the page of one question about a release.
func (h *Handlers) asked(c *fiber.Ctx, a ask) error {
	r, err := h.Service.Release(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	return h.showAsk(c, fiber.StatusOK, r, a, survey.Form{}, nil)
}

// answered reads the answer, and does it where it is complete.
func (h *Handlers) answered(c *fiber.Ctx, a ask, do func(r *consult.Release, version int64, reason string) error, to func(*consult.Release) string) error {
	r, form, version, err := h.load(c)
	if err != nil {
		return err
	}
	var problems []survey.Problem
	reason := desk.Trimmed(form, "reason")
	if a.reason && reason == "" {
		problems = append(problems, survey.Problem{Field: "reason", Key: a.key + ".problem"})
	}
	if a.sure && form.First("sure") != "yes" {
		problems = append(problems, survey.Problem{Field: "sure", Key: "office.problem.sure"})
	}
	if len(problems) > 0 {
		return h.showAsk(c, fiber.StatusUnprocessableEntity, r, a, form, problems)
	}
	err = do(r, version, reason)
	if p, ok := desk.Mendable(err, "reason"); ok {
		return h.showAsk(c, fiber.StatusUnprocessableEntity, r, a, form, []survey.Problem{p})
	}
	if desk.Crossed(err) && r.Version != version {
		return h.showAsk(c, fiber.StatusConflict, r, a, form, nil)
	}
	if err != nil {
		return err
	}
	return done(c, to(r), a.key+".done")
}

func toRelease(r *consult.Release) string { return path(r.ID) }

var (
	askErase   = ask{key: "release.erase", sure: true, warning: true}
	askApprove = ask{key: "release.approve", sure: true}
	askReturn  = ask{key: "release.return", reason: true}
	askRevoke  = ask{key: "release.revoke", reason: true, sure: true, warning: true}
)

func (h *Handlers) erase(c *fiber.Ctx) error { return h.asked(c, askErase) }

func (h *Handlers) eraseSend(c *fiber.Ctx) error {
	return h.answered(c, askErase, func(r *consult.Release, _ int64, _ string) error {
		return h.Service.EraseReleaseDraft(c.UserContext(), desk.Staff(c), r.ID)
	}, func(*consult.Release) string { return "/office/releases" })
}

// approve asks the second person once more. The proposer is told that it is not theirs to approve.
func (h *Handlers) approve(c *fiber.Ctx) error {
	r, err := h.Service.Release(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	if r.ProposedBy == desk.Staff(c).ID {
		return fault.New(fault.Forbidden, "error.release.same_person")
	}
	return h.showAsk(c, fiber.StatusOK, r, askApprove, survey.Form{}, nil)
}

func (h *Handlers) approveSend(c *fiber.Ctx) error {
	return h.answered(c, askApprove, func(r *consult.Release, version int64, _ string) error {
		return h.Service.ApproveRelease(c.UserContext(), desk.Staff(c), r.ID, version)
	}, toRelease)
}

func (h *Handlers) giveBack(c *fiber.Ctx) error { return h.asked(c, askReturn) }

func (h *Handlers) giveBackSend(c *fiber.Ctx) error {
	return h.answered(c, askReturn, func(r *consult.Release, version int64, reason string) error {
		return h.Service.ReturnRelease(c.UserContext(), desk.Staff(c), r.ID, version, reason)
	}, toRelease)
}

func (h *Handlers) revoke(c *fiber.Ctx) error { return h.asked(c, askRevoke) }

func (h *Handlers) revokeSend(c *fiber.Ctx) error {
	return h.answered(c, askRevoke, func(r *consult.Release, version int64, reason string) error {
		return h.Service.RevokeRelease(c.UserContext(), desk.Staff(c), r.ID, version, reason)
	}, toRelease)
}
