package release

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// after answers what came of a step: on to the release; or the release as it stands now, with why the step was refused.
func (h *Handlers) after(c *fiber.Ctx, err error, done string) error {
	var f *fault.Error
	status := map[fault.Kind]int{fault.Conflict: fiber.StatusConflict, fault.Invalid: fiber.StatusUnprocessableEntity, fault.Forbidden: fiber.StatusForbidden}
	switch {
	case errors.As(err, &f) && status[f.Kind] != 0 && f.Key != "error.forbidden":
		o, err := h.open(c)
		if err != nil {
			return err
		}
		return h.showRelease(c, status[f.Kind], o, f)
	case err != nil:
		return err
	}
	return page.Done(c, Path(c.Params("id")), done)
}

// inState returns the release of the address if it stands in the state, else fault.Conflict.
func (h *Handlers) inState(c *fiber.Ctx, states ...consult.ReleaseState) (opened, error) {
	o, err := h.open(c)
	if err != nil {
		return o, err
	}
	for _, s := range states {
		if o.release.State == s {
			return o, nil
		}
	}
	return o, fault.New(fault.Conflict, "error.release.state")
}

// approve asks once more: what is published cannot be taken back from who has read it.
func (h *Handlers) approve(c *fiber.Ctx) error {
	o, err := h.inState(c, consult.ReleaseProposed)
	if err != nil {
		return err
	}
	if err := o.release.ApprovableBy(desk.Staff(c)); err != nil {
		return err
	}
	return h.showApprove(c, fiber.StatusOK, o, survey.Form{}, nil)
}

func (h *Handlers) showApprove(c *fiber.Ctx, status int, o opened, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, o, "release.approve.title")
	p, r := v.Page, o.release
	p.SetProblems(problems)
	rows := []page.SummaryRow{
		{Key: p.T("release.field.partner"), Lines: []string{o.partner.Name}},
		{Key: p.T("release.field.agreement"), Lines: []string{o.agreement.Purpose, p.T("release.until", "Date", locale.Date(p.Lang, lastDay(o.agreement)))}},
		{Key: p.T("release.approve.sees"), Lines: []string{p.T("release.approve.tables", "Count", len(r.Tables)), p.T("release.approve.files"), p.T("release.approve.method")}},
		{Key: p.T("release.approve.not"), Lines: []string{p.T("release.approve.not_responses")}},
		{Key: p.T("release.field.hidden"), Lines: []string{page.Share(r.Report.Hidden, r.Report.Cells)}},
		{Key: p.T("release.field.proposed"), Lines: []string{p.T("release.by_on", "Name", o.name(p, r.ProposedBy), "When", locale.DateTime(p.Lang, r.ProposedAt))}},
	}
	report, err := h.reviewed(c, p, o)
	if err != nil {
		return err
	}
	v.Blocks = append([]desk.Block{{Summary: &page.SummaryList{Rows: rows}}}, report...)
	v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("release.approve.warning")}})
	f := desk.Fields{Page: p, Form: survey.Form{"public": form["public"]}}
	website := desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("release.approve.public.not")}}}
	if r.MayBePublic(o.con) {
		website = f.Checks("public", "release.approve.public", page.Option{Value: "yes", Label: p.T("release.approve.public.yes"),
			Hint: p.T("release.approve.public.everybody")})
	}
	return h.ask(c, status, v, o, page.Button{Text: p.T("release.approve.button")}, website,
		f.Checks("sure", "release.approve.sure", page.Option{Value: "yes", Label: p.T("release.approve.yes")}))
}

// ask shows a page that asks once more before something is done to a release.
func (h *Handlers) ask(c *fiber.Ctx, status int, v desk.View, o opened, button page.Button, fields ...desk.Block) error {
	form, err := desk.EditForm(v.Page, o.release.Version, Path(o.release.ID), fields, button)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: form})
	return h.Show(c, status, v)
}

func (h *Handlers) approveSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		o, err := h.inState(c, consult.ReleaseProposed)
		if err != nil {
			return err
		}
		return h.showApprove(c, fiber.StatusUnprocessableEntity, o, form, []survey.Problem{{Field: "sure", Key: "release.problem.sure"}})
	}
	public, done := form.First("public") == "yes", "release.approve.done"
	if public {
		done = "release.approve.done_public"
	}
	err = h.Service.ApproveRelease(c.UserContext(), desk.Staff(c), c.Params("id"), desk.Version(form), public)
	return h.after(c, err, done)
}

// sendBack asks for the reason. The proposer may take a release back in the same way.
func (h *Handlers) sendBack(c *fiber.Ctx) error {
	o, err := h.inState(c, consult.ReleaseProposed)
	if err != nil {
		return err
	}
	return h.showReason(c, fiber.StatusOK, o, "release.return", survey.Form{}, nil)
}

// showReason asks why something is done; key is the prefix of its messages.
func (h *Handlers) showReason(c *fiber.Ctx, status int, o opened, key string, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, o, key+".title")
	v.SetProblems(problems)
	button := page.Button{Text: v.T(key + ".button")}
	if key == "release.revoke" {
		button.Kind = "warning"
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T(key+".warning", "Partner", o.partner.Name)}})
		if o.release.Public {
			v.Blocks = append(v.Blocks, desk.Para(v.T("release.revoke.public")))
		}
	} else {
		v.Blocks = append(v.Blocks, desk.Para(v.T(key+".intro")))
	}
	f := desk.Fields{Page: v.Page, Form: form}
	return h.ask(c, status, v, o, button, f.Area("reason", key+".reason", 5))
}

func (h *Handlers) sendBackSend(c *fiber.Ctx) error {
	return h.withReason(c, "release.return", consult.ReleaseProposed, func(reason string, version int64) error {
		return h.Service.ReturnRelease(c.UserContext(), desk.Staff(c), c.Params("id"), version, reason)
	})
}

// withReason does what needs a reason; without one the form comes back.
func (h *Handlers) withReason(c *fiber.Ctx, key string, state consult.ReleaseState, do func(reason string, version int64) error) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	err = do(desk.Trimmed(form, "reason"), desk.Version(form))
	if p, ok := problem(err, map[string]string{"error.release.reason": "reason"}); ok {
		o, err := h.inState(c, state)
		if err != nil {
			return err
		}
		return h.showReason(c, fiber.StatusUnprocessableEntity, o, key, form, []survey.Problem{p})
	}
	return h.after(c, err, key+".done")
}

// revoke asks for the reason before it ends the partner's access.
func (h *Handlers) revoke(c *fiber.Ctx) error {
	o, err := h.inState(c, consult.ReleasePublished)
	if err != nil {
		return err
	}
	return h.showReason(c, fiber.StatusOK, o, "release.revoke", survey.Form{}, nil)
}

func (h *Handlers) revokeSend(c *fiber.Ctx) error {
	return h.withReason(c, "release.revoke", consult.ReleasePublished, func(reason string, version int64) error {
		return h.Service.RevokeRelease(c.UserContext(), desk.Staff(c), c.Params("id"), version, reason)
	})
}

// erase asks once more before a draft goes for good.
func (h *Handlers) erase(c *fiber.Ctx) error {
	o, err := h.inState(c, consult.ReleaseDraft, consult.ReleaseReturned)
	if err != nil {
		return err
	}
	return h.showErase(c, fiber.StatusOK, o, nil)
}

func (h *Handlers) showErase(c *fiber.Ctx, status int, o opened, problems []survey.Problem) error {
	v := h.frame(c, o, "release.erase.title")
	v.SetProblems(problems)
	v.Blocks = []desk.Block{{Warning: &page.Warning{Text: v.T("release.erase.warning")}}}
	f := desk.Fields{Page: v.Page, Form: survey.Form{}}
	return h.ask(c, status, v, o, page.Button{Text: v.T("release.erase.button"), Kind: "warning"},
		f.Checks("sure", "release.erase.sure", page.Option{Value: "yes", Label: v.T("release.erase.yes")}))
}

func (h *Handlers) eraseSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	o, err := h.inState(c, consult.ReleaseDraft, consult.ReleaseReturned)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		return h.showErase(c, fiber.StatusUnprocessableEntity, o, []survey.Problem{{Field: "sure", Key: "release.problem.sure"}})
	}
	if o.release.Version != desk.Version(form) {
		return h.after(c, fault.New(fault.Conflict, "error.release.edited"), "")
	}
	if err := h.Service.EraseReleaseDraft(c.UserContext(), desk.Staff(c), o.release.ID); err != nil {
		return err
	}
	return page.Done(c, "/office/releases", "release.erase.done")
}
