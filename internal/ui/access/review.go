package access

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// choicesOffered are what a reviewer may choose about an account.
var choicesOffered = []string{"keep", "end"}

// review answers: does each of them still need it?
func (h *Handlers) review(c *fiber.Ctx) error {
	return h.showReview(c, fiber.StatusOK, survey.Form{}, nil)
}

// showReview asks about each account that waits and that the reviewer may decide about, as it is now.
func (h *Handlers) showReview(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	state, err := h.Service.Access(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.frame(c, "access.review.title")
	p.Wide = true
	p.SetProblems(inPageOrder(state, problems))
	v := desk.View{Page: p}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("access.crossed")}})
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("access.review.intro")))
	v.Blocks = append(v.Blocks, standing(p, state)...)
	var fields []desk.Block
	var others []string
	for _, a := range state.Accounts {
		switch {
		case a.Decidable:
			fields = append(fields, accountFields(p, form, a)...)
		case a.Waits() && a.Mine:
			others = append(others, p.T("access.review.mine", "Name", a.Name))
		case a.Waits():
			others = append(others, p.T("access.review.other", "Name", a.Name, "Role", p.T("office.role."+string(a.Role))))
		}
	}
	waiting, _ := state.Waiting()
	button := p.T("access.review.button")
	if waiting == 0 {
		button = p.T("access.review.finish")
	}
	if waiting == 0 && state.Review != nil {
		if oldest := state.Review.Oldest(); oldest != "" {
			v.Blocks = append(v.Blocks, desk.Para(p.T("access.past.oldest", "Date", locale.ISODate(p.Lang, string(oldest)))))
		}
	}
	if len(fields) > 0 || waiting == 0 && state.Review != nil {
		send, err := desk.PostForm(p, root, fields, page.Button{Text: button})
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.Block{Form: send})
	}
	if len(others) > 0 {
		v.Blocks = append(v.Blocks, desk.H2(p.T("access.review.others")), desk.Block{List: others})
	}
	if done := decided(p, state); len(done.Rows) > 0 {
		v.Blocks = append(v.Blocks, desk.TableBlock(done))
	}
	return h.Show(c, status, v)
}

// inPageOrder sorts the problems as their accounts stand on the page. That nothing was chosen is said at the first.
func inPageOrder(state *consult.AccessState, problems []survey.Problem) (out []survey.Problem) {
	for _, a := range state.Accounts {
		for _, x := range problems {
			if x.Field == "decisions" && a.Decidable && len(out) == 0 {
				x.Field = "decision-" + a.ID
			}
			if strings.HasSuffix(x.Field, "-"+a.ID) {
				out = append(out, x)
			}
		}
	}
	return out
}

// accountFields are what is asked about one account, below what there is to know about it.
func accountFields(p *page.Page, form survey.Form, a consult.Account) []desk.Block {
	decision, reason := "decision-"+a.ID, "reason-"+a.ID
	seen := lastSeen(p, a.SignedInOn)
	if a.Unused {
		seen += " (" + p.T("access.unused") + ")"
	}
	changed := ""
	switch {
	case a.Late:
		changed = p.T("access.review.late", "Days", consult.DecisionDays)
	case a.Decision != nil:
		changed = p.T("access.review.changed")
	}
	options := make([]page.Option, len(choicesOffered))
	for i, choice := range choicesOffered {
		options[i] = page.Option{Value: choice, Label: p.T("access.choice." + choice), Checked: form.First(decision) == choice}
	}
	blocks := []desk.Block{{Heading: &desk.Heading{Text: a.Name}}, desk.Small(a.Email),
		{Summary: &page.SummaryList{Rows: []page.SummaryRow{{Key: p.T("office.staff.role"), Lines: []string{p.T("office.role." + string(a.Role))}},
			{Key: p.T("access.column.reach"), Lines: []string{reach(p, a.Staff)}}, {Key: p.T("access.column.seen"), Lines: []string{seen}},
			{Key: p.T("access.column.accepted"), Lines: []string{accepted(p, a)}}, {Key: p.T("access.column.ends"), Lines: []string{ends(p, a)}}}}}}
	if changed != "" {
		blocks = append(blocks, desk.Block{Inset: &page.Inset{Paragraphs: []string{changed}}})
	}
	return append(blocks,
		desk.Block{Radios: &page.Radios{Small: true, Options: options, Group: page.Group{Name: decision, Legend: p.T("access.choice", "Name", a.Name), Size: "s", Error: p.Error(decision)}}},
		desk.Block{Input: &page.Input{Spellcheck: true, Control: page.Control{Name: reason, Label: p.T("access.reason", "Name", a.Name), Hint: p.T("access.reason.hint"), Size: "s",
			Value: form.First(reason), Error: p.Error(reason)}}},
		desk.Block{Hidden: &page.Hidden{Name: "account-" + a.ID, Value: strconv.FormatInt(a.Version, 10)}})
}

// decided lists the accounts about which the review that goes on has decided that they stay. Those that were ended are gone from here.
func decided(p *page.Page, state *consult.AccessState) page.Table {
	t := page.Table{Caption: p.T("access.review.decided"), Stack: true, Head: page.Cells(p.T("office.staff.name"), p.T("office.staff.role"), p.T("access.column.decision"), p.T("access.column.reason"))}
	for _, a := range state.Accounts {
		if !a.Waits() && a.Decision != nil {
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(a.Name, p.T("office.role."+string(a.Role)), p.T("access.decision.keep"), a.Decision.Reason)})
		}
	}
	return t
}

// choices reads what was chosen about each account that the form asked about.
func choices(form survey.Form) (out []consult.AccessChoice, err error) {
	for name := range form {
		id, ok := strings.CutPrefix(name, "account-")
		if !ok {
			continue
		}
		if err := desk.Offered(form, map[string][]string{"decision-" + id: choicesOffered}); err != nil {
			return nil, err
		}
		version, err := strconv.ParseInt(form.First(name), 10, 64)
		if err != nil {
			return nil, fiber.ErrBadRequest
		}
		out = append(out, consult.AccessChoice{StaffID: id, Version: version, Choice: form.First("decision-" + id), Reason: desk.Trimmed(form, "reason-"+id)})
	}
	return out, nil
}

func (h *Handlers) reviewSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	chosen, err := choices(form)
	if err != nil {
		return err
	}
	finished, faults, err := h.Service.DecideAccess(c.UserContext(), desk.Staff(c), chosen)
	switch {
	case len(faults) > 0:
		return h.showReview(c, fiber.StatusUnprocessableEntity, form, desk.Problems(faults))
	case desk.Crossed(err):
		return h.showReview(c, fiber.StatusConflict, form, nil)
	case err != nil:
		return err
	case finished:
		return page.Done(c, root, "access.finished")
	}
	return page.Done(c, root+"/review", "access.saved")
}
