package office

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// conflict returns what the service refused because of how things stand.
func conflict(err error) (*fault.Error, bool) {
	var f *fault.Error
	ok := errors.As(err, &f) && (f.Kind == fault.Conflict || f.Kind == fault.Forbidden && f.Key != "error.forbidden")
	return f, ok
}

// afterChange answers what came of a step: on to the change; or the change as it stands now, with why the step was refused.
func (h *Handlers) afterChange(c *fiber.Ctx, err error, done string) error {
	if refusal, ok := conflict(err); ok {
		con, x, err := h.openChange(c)
		if err != nil {
			return err
		}
		status := fiber.StatusConflict
		if refusal.Kind == fault.Forbidden {
			status = fiber.StatusForbidden
		}
		return h.showChange(c, status, con, x, refusal)
	}
	if err != nil {
		return err
	}
	return page.Done(c, Path(c.Params("id"), "changes", c.Params(changeKey)), done)
}

// changeIn loads the change of the address if it stands in one of the states, else fault.Conflict.
func (h *Handlers) changeIn(c *fiber.Ctx, states ...consult.ChangeState) (*consult.Consultation, *consult.NoticeChange, error) {
	con, x, err := h.openChange(c)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range states {
		if x.State == s {
			return con, x, nil
		}
	}
	return nil, nil, fault.New(fault.Conflict, "error.change.state")
}

// askChange shows a page that asks once more before something is done to a change.
func (h *Handlers) askChange(c *fiber.Ctx, status int, v desk.View, x *consult.NoticeChange, button page.Button, fields ...desk.Block) error {
	form, err := desk.EditForm(v.Page, x.Version, changePath(x), fields, button)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: form})
	return h.Show(c, status, v)
}

func (h *Handlers) changePropose(c *fiber.Ctx) error {
	con, x, err := h.changeIn(c, consult.ChangeDraft, consult.ChangeReturned)
	if err != nil {
		return err
	}
	form := survey.Form{}
	desk.PutText(form, "note", x.Note)
	if !x.ClosesAt.IsZero() {
		desk.PutMoment(form, "closes", desk.MomentOf(x.ClosesAt))
	}
	return h.showPropose(c, fiber.StatusOK, con, x, form, nil)
}

func (h *Handlers) showPropose(c *fiber.Ctx, status int, con *consult.Consultation, x *consult.NoticeChange, form survey.Form, problems []survey.Problem) error {
	v := h.changeFrame(c, con, x, "office.change.propose.title")
	v.SetProblems(problems)
	v.Blocks = append(v.Blocks, desk.Para(v.T("office.change.propose.intro")))
	v.Blocks = append(v.Blocks, differenceBlocks(v.Page, &consult.NoticeChange{Before: x.Before, After: x.After})...)
	f := desk.Fields{Page: v.Page, Form: form}
	fields := []desk.Block{f.Prose("note", "office.change.propose.note", 4)}
	if privacy.NeedsJudgement(x.Differences(), "") {
		fields = append(fields, f.Radios("wider", "office.change.propose.wider", page.Option{Value: "no", Label: v.T("office.change.propose.wider.no")},
			page.Option{Value: "yes", Label: v.T("office.change.propose.wider.yes")}))
	}
	fields = append(fields, f.Moment("closes", "office.change.propose.closes"))
	return h.askChange(c, status, v, x, page.Button{Text: v.T("office.change.propose.button")}, fields...)
}

func (h *Handlers) changeProposeSend(c *fiber.Ctx) error {
	con, x, err := h.openChange(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err == nil {
		err = desk.Offered(form, map[string][]string{"wider": {"yes", "no"}})
	}
	if err != nil {
		return err
	}
	proposal := consult.ChangeProposal{Note: desk.ReadText(form, "note", x.Note), Wider: form.First("wider")}
	var problems []survey.Problem
	if m := desk.ReadMoment(form, "closes"); m != (desk.Moment{}) {
		at, problem := m.Parse("closes")
		if problem != nil {
			problems = append(problems, *problem)
		}
		proposal.ClosesAt = at.UTC().Truncate(time.Second)
	}
	if len(problems) == 0 {
		err = h.Service.ProposeChange(c.UserContext(), desk.Staff(c), x.ID, desk.Version(form), proposal)
		if p, ok := desk.Mendable(err, "note-en"); ok {
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		if !x.Editable() {
			return h.afterChange(c, fault.New(fault.Conflict, "error.change.state"), "")
		}
		return h.showPropose(c, fiber.StatusUnprocessableEntity, con, x, form, problems)
	}
	return h.afterChange(c, err, "office.change.propose.done")
}

// changeConfirm asks once more: what is confirmed is a version of the notice for good.
func (h *Handlers) changeConfirm(c *fiber.Ctx) error {
	con, x, err := h.changeIn(c, consult.ChangeProposed)
	if err != nil {
		return err
	}
	if err := x.ConfirmableBy(desk.Staff(c)); err != nil {
		return err
	}
	return h.showConfirm(c, fiber.StatusOK, con, x, nil)
}

func (h *Handlers) showConfirm(c *fiber.Ctx, status int, con *consult.Consultation, x *consult.NoticeChange, problems []survey.Problem) error {
	v := h.changeFrame(c, con, x, "office.change.confirm.title")
	v.SetProblems(problems)
	progress, err := h.Service.ChangeProgress(c.UserContext(), desk.Staff(c), x.ID)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, h.changePeople(v.Page, x, progress)...)
	v.Blocks = append(v.Blocks, differenceBlocks(v.Page, x)...)
	v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.change.confirm.warning")}})
	f := desk.Fields{Page: v.Page, Form: survey.Form{}}
	return h.askChange(c, status, v, x, page.Button{Text: v.T("office.change.confirm.button")},
		f.Checks("sure", "office.change.confirm.sure", page.Option{Value: "yes", Label: v.T("office.change.confirm.yes")}))
}

func (h *Handlers) changeConfirmSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		con, x, err := h.changeIn(c, consult.ChangeProposed)
		if err != nil {
			return err
		}
		return h.showConfirm(c, fiber.StatusUnprocessableEntity, con, x, []survey.Problem{{Field: "sure", Key: "release.problem.sure"}})
	}
	return h.sendStep(c, form, h.Service.ConfirmChange, "office.change.confirm.done")
}

func (h *Handlers) changeReturn(c *fiber.Ctx) error {
	con, x, err := h.changeIn(c, consult.ChangeProposed)
	if err != nil {
		return err
	}
	return h.showReturn(c, fiber.StatusOK, con, x, survey.Form{}, nil)
}

func (h *Handlers) showReturn(c *fiber.Ctx, status int, con *consult.Consultation, x *consult.NoticeChange, form survey.Form, problems []survey.Problem) error {
	v := h.changeFrame(c, con, x, "office.change.return.title")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	return h.askChange(c, status, v, x, page.Button{Text: v.T("office.change.return.button")}, f.Area("reason", "office.change.return.reason", 5))
}

func (h *Handlers) changeReturnSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	con, x, err := h.openChange(c)
	if err != nil {
		return err
	}
	err = h.Service.ReturnChange(c.UserContext(), desk.Staff(c), x.ID, desk.Version(form), desk.Trimmed(form, "reason"))
	if p, ok := desk.Mendable(err, "reason"); ok && x.State == consult.ChangeProposed {
		return h.showReturn(c, fiber.StatusUnprocessableEntity, con, x, form, []survey.Problem{p})
	} else if ok {
		err = fault.New(fault.Conflict, "error.change.state")
	}
	return h.afterChange(c, err, "office.change.return.done")
}

// sure asks once more whether something is to be done; key is the prefix of its messages.
func (h *Handlers) sure(c *fiber.Ctx, status int, key string, con *consult.Consultation, x *consult.NoticeChange, problems []survey.Problem) error {
	v := h.changeFrame(c, con, x, key+".title")
	v.SetProblems(problems)
	v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T(key + ".warning")}})
	f := desk.Fields{Page: v.Page, Form: survey.Form{}}
	return h.askChange(c, status, v, x, page.Button{Text: v.T(key + ".button"), Kind: "warning"},
		f.Checks("sure", key+".sure", page.Option{Value: "yes", Label: v.T(key + ".yes")}))
}

func (h *Handlers) changeErase(c *fiber.Ctx) error {
	con, x, err := h.changeIn(c, consult.ChangeDraft, consult.ChangeReturned)
	if err != nil {
		return err
	}
	return h.sure(c, fiber.StatusOK, "office.change.erase", con, x, nil)
}

func (h *Handlers) changeEraseSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	con, x, err := h.changeIn(c, consult.ChangeDraft, consult.ChangeReturned)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" {
		return h.sure(c, fiber.StatusUnprocessableEntity, "office.change.erase", con, x, []survey.Problem{{Field: "sure", Key: "release.problem.sure"}})
	}
	if x.Version != desk.Version(form) {
		return h.afterChange(c, fault.New(fault.Conflict, "error.change.edited"), "")
	}
	if err := h.Service.EraseChange(c.UserContext(), desk.Staff(c), x.ID); err != nil {
		return err
	}
	return page.Done(c, Path(con.ID, "changes"), "office.change.erase.done")
}

func (h *Handlers) changeEnd(c *fiber.Ctx) error {
	con, x, err := h.changeIn(c, consult.ChangeConfirmed)
	if err == nil && !x.Asks(h.Service.Now()) {
		err = fault.New(fault.Conflict, "error.change.ended")
	}
	if err != nil {
		return err
	}
	return h.sure(c, fiber.StatusOK, "office.change.end", con, x, nil)
}

func (h *Handlers) changeEndSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	con, x, err := h.changeIn(c, consult.ChangeConfirmed)
	if err != nil {
		return err
	}
	if form.First("sure") != "yes" && x.Asks(h.Service.Now()) {
		return h.sure(c, fiber.StatusUnprocessableEntity, "office.change.end", con, x, []survey.Problem{{Field: "sure", Key: "release.problem.sure"}})
	}
	return h.sendStep(c, form, h.Service.EndAsking, "office.change.end.done")
}

// step is something that the service does to one version of a change.
type step func(ctx context.Context, by *consult.Staff, id string, version int64) error

func (h *Handlers) sendStep(c *fiber.Ctx, form survey.Form, do step, done string) error {
	_, x, err := h.openChange(c)
	if err != nil {
		return err
	}
	return h.afterChange(c, do(c.UserContext(), desk.Staff(c), x.ID, desk.Version(form)), done)
}
