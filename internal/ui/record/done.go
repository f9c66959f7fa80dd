package record

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// done shows what the person must get: reference and withdrawal code, to read out or to print as a slip. The code is shown until the officer leaves the page.
func (h *Handlers) done(c *fiber.Ctx) error {
	con, def, st, done, err := h.after(c)
	if done {
		return err
	}
	if len(def.Equality) > 0 && st.Decided == "" {
		st.Decided = "outdated" // the page before said so, or nobody asked
	}
	v := h.frame(c, con, "record.done.title")
	p := v.Page
	paper := st.Rec.Channel == consult.Paper
	next := page.Button{Text: p.T("record.done.another.spoken"), Name: "next", Value: "start"}
	if paper {
		next = page.Button{Text: p.T("record.done.another.paper"), Name: "next", Value: "paper"}
	}
	send, err := desk.PostForm(p, "", nil, next, page.Button{Text: p.T("record.done.finish"), Kind: "secondary", Name: "next", Value: "finish"})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("record.done.tell")),
		desk.Block{Copy: &desk.Copy{Label: p.T("receipt.row.reference"), Text: st.Reference}},
		desk.Block{Copy: &desk.Copy{Label: p.T("record.done.code"), Text: st.Code}},
		desk.Para(p.T("record.done.where", "Address", page.Address(c)+p.To("/your-response"))),
		desk.Small(p.T("record.done.once")))
	if len(def.Equality) > 0 {
		v.Blocks = append(v.Blocks, desk.Para(p.T("record.done.equality."+decidedWord(st.Decided))))
	}
	if len(st.Dropped) > 0 {
		v.Blocks = append(v.Blocks, desk.Para(p.T("record.done.dropped")), desk.Block{List: st.Dropped})
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: send}, desk.Small(p.T("record.done.count", "Count", st.Count)),
		desk.LinkList(page.Link{Text: p.T("record.undo.link"), Href: p.To(path(con, "undo"))}))
	return h.Show(c, fiber.StatusOK, v)
}

func decidedWord(state string) string {
	switch state {
	case "given", "renewed":
		return "given"
	case "refused", "none":
		return state
	}
	return "outdated"
}

// leave forgets the response: code and reference are in no session any more. The batch goes on with the same form and day.
func (h *Handlers) leave(c *fiber.Ctx) error {
	con, _, st, err := h.open(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"next": {"start", "paper", "finish"}}); err != nil {
		return err
	}
	next := path(con)
	kept := &state{Count: st.Count}
	switch form.First("next") {
	case "paper":
		kept.Rec, kept.Language = consult.Recording{Channel: consult.Paper, Form: st.Rec.Form, ReceivedOn: st.Rec.ReceivedOn}, st.Language
		next = path(con, "paper")
	case "finish":
		kept.Count = 0
		next = officePath(con)
	}
	if err := respond.DropDraft(c, con.ID); err != nil {
		return err
	}
	if err := keep(c, con, kept); err != nil {
		return err
	}
	return page.Redirect(c, next)
}

func (h *Handlers) undo(c *fiber.Ctx) error {
	con, _, st, done, err := h.after(c)
	if done {
		return err
	}
	return h.showUndo(c, con, st, fiber.StatusOK, survey.Form{}, nil)
}

func (h *Handlers) showUndo(c *fiber.Ctx, con *consult.Consultation, st *state, status int, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, con, "record.undo.title")
	p := v.Page
	p.SetProblems(problems)
	var reasons []page.Option
	for _, r := range consult.UndoReasons() {
		reasons = append(reasons, page.Option{Value: string(r), Label: p.T("record.undo." + string(r))})
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.PostForm(p, path(con, "done"), []desk.Block{f.Radios("reason", "record.undo.reason", reasons...)}, page.Button{Text: p.T("record.undo.button"), Kind: "warning"})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("record.undo.text", "Reference", st.Reference)}}, desk.Block{Form: send})
	return h.Show(c, status, v)
}

// undoSend erases the response that was just recorded.
func (h *Handlers) undoSend(c *fiber.Ctx) error {
	con, _, st, done, err := h.after(c)
	if done {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	var offered []string
	for _, r := range consult.UndoReasons() {
		offered = append(offered, string(r))
	}
	if err := desk.Offered(form, map[string][]string{"reason": offered}); err != nil {
		return err
	}
	if form.First("reason") == "" {
		return h.showUndo(c, con, st, fiber.StatusUnprocessableEntity, form, []survey.Problem{{Field: "reason", Key: "error.record.reason"}})
	}
	if err := h.Service.EraseRecorded(c.UserContext(), desk.Staff(c), st.Code, consult.UndoReason(form.First("reason"))); err != nil {
		return err
	}
	reference, to := st.Reference, path(con)
	kept := &state{Count: max(st.Count-1, 0)}
	if st.Rec.Channel == consult.Paper {
		kept.Rec, kept.Language = consult.Recording{Channel: consult.Paper, Form: st.Rec.Form, ReceivedOn: st.Rec.ReceivedOn}, st.Language
		to = path(con, "paper")
	}
	if err := keep(c, con, kept); err != nil {
		return err
	}
	return page.Done(c, to, "record.undone", "Reference", reference)
}
