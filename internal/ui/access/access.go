// Package access answers: who may come in, do they still need it, and who from outside is let in to look at a fault?
//
// Reviews of access, account by account, and the accounts that are opened for support. Who may sign in as what is changed in admin.
//
// Reviewers: administrator, data protection officer, security.
package access

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/sheet"
)

// Handlers are the pages. They never change after they are made.
type Handlers struct{ *desk.Desk }

const root = "/office/access"

// Register adds the pages.
func (h *Handlers) Register() {
	look := desk.Need(consult.ManageStaff, consult.KeepRegisters)
	r := h.Office("/access")
	r.Get("", look, h.list)
	r.Get("/review", look, h.review)
	r.Post("/review", look, h.reviewSend)
	manage := desk.Need(consult.ManageStaff)
	r.Get("/support", look, h.support)
	r.Get("/support/new", manage, h.supportNew)
	r.Post("/support/new", manage, h.supportSend)
	r.Post("/support/:account/end", look, h.supportEnd)
	h.Office("/system").Get("", desk.Need(consult.SeeSystem), h.system)
	r.Get("/period", look, h.period)
	r.Post("/period", look, h.periodSend)
	r.Get("/reviews/:number", look, h.past)
	r.Get("/reviews/:number/review.csv", look, h.csv)
}

// frame begins a page below the list.
func (h *Handlers) frame(c *fiber.Ctx, key string, args ...any) *page.Page {
	p := h.Kit.Page(c, key, args...)
	p.Breadcrumbs = []page.Crumb{{Text: p.T("access.title"), Href: root}, {Text: p.Title}}
	return p
}

// list answers: who may come in, what do they reach, when were they here, and when does somebody look through this again?
func (h *Handlers) list(c *fiber.Ctx) error {
	state, err := h.Service.Access(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "access.title")
	p.Wide = true
	if desk.Staff(c).May(consult.ManageStaff) {
		p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.staff"), Href: "/office/staff"}, {Text: p.Title}}
	} else {
		p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.registers"), Href: "/office/registers"}, {Text: p.Title}}
	}
	blocks := []desk.Block{desk.Para(p.T("access.intro"))}
	blocks = append(blocks, standing(p, state)...)
	buttons := []page.Button{{Text: p.T("access.review.begin"), Href: p.To(root + "/review")}}
	if state.Review != nil {
		buttons[0].Text = p.T("access.review.go_on")
	}
	blocks = append(blocks, desk.Block{Buttons: append(buttons, page.Button{Text: p.T("support.title"), Href: p.To(supportRoot), Kind: "secondary"},
		page.Button{Text: p.T("access.period.title"), Href: p.To(root + "/period"), Kind: "secondary"})},
		desk.TableBlock(accountTable(p, state)), desk.Small(p.T("access.sign_in")))
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks, desk.TableBlock(h.pastTable(p, state.Past)))})
}

// standing says when the next review is due, and how far the one that goes on has come.
func standing(p *page.Page, state *consult.AccessState) (blocks []desk.Block) {
	if state.Due {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("access.due", "Date", locale.ISODate(p.Lang, string(state.DueOn)))}})
	} else if state.DueOn != "" {
		blocks = append(blocks, desk.Para(p.T("access.next", "Date", locale.ISODate(p.Lang, string(state.DueOn)))))
	}
	if state.Review != nil {
		waiting, _ := state.Waiting()
		kept, ended := state.Review.Counts()
		for _, a := range state.Accounts {
			if a.Decision != nil && a.Waits() {
				kept--
			}
		}
		blocks = append(blocks, desk.Para(p.T("access.going", "Number", state.Review.Number, "Date", locale.Date(p.Lang, state.Review.BegunAt))),
			desk.Block{Figures: []page.Figure{{Label: p.T("access.figure.kept"), Value: strconv.Itoa(kept)}, {Label: p.T("access.figure.ended"), Value: strconv.Itoa(ended)},
				{Label: p.T("access.figure.waiting"), Value: strconv.Itoa(waiting)}}})
	}
	return blocks
}

// reach says what an account shows of what people told the council. There is no access to single consultations: a role reaches all of them.
func reach(p *page.Page, m *consult.Staff) string {
	for _, x := range []struct {
		may consult.Permission
		key string
	}{{consult.ExportResponses, "export"}, {consult.SeeResults, "results"}, {consult.KeepRegisters, "registers"}, {consult.RecordResponses, "record"},
		{consult.SeeConsultations, "consultations"}, {consult.SeeShelf, "shelf"}} {
		if m.May(x.may) {
			return p.T("access.reach." + x.key)
		}
	}
	return p.T("access.reach.none")
}

func lastSeen(p *page.Page, on privacy.Date) string {
	if on == "" {
		return p.T("access.never")
	}
	return locale.ISODate(p.Lang, string(on))
}

func accepted(p *page.Page, a consult.Account) string {
	switch {
	case !a.May(consult.EnterOffice):
		return p.T("access.accepted.partner")
	case a.Acknowledged == 0:
		return p.T("access.accepted.none")
	case !a.Bound:
		return p.T("access.accepted.earlier", "Number", a.Acknowledged)
	}
	return p.T("access.accepted.version", "Number", a.Acknowledged)
}

func ends(p *page.Page, a consult.Account) string {
	if a.EndsAt.IsZero() {
		return p.T("access.ends.none")
	}
	return locale.DateTime(p.Lang, a.EndsAt)
}

func accountTable(p *page.Page, state *consult.AccessState) page.Table {
	t := page.Table{Caption: p.T("access.accounts"), Stack: true, Empty: p.T("access.accounts.none"), Head: page.Cells(p.T("office.staff.name"), p.T("office.staff.role"),
		p.T("access.column.reach"), p.T("access.column.seen"), p.T("access.column.accepted"), p.T("access.column.ends"))}
	if state.Review != nil {
		t.Head = append(t.Head, page.Cell{Text: p.T("access.column.review")})
	}
	for _, a := range state.Accounts {
		seen := page.Cell{Text: lastSeen(p, a.SignedInOn)}
		if a.Unused {
			seen.Small = p.T("access.unused")
		}
		cells := []page.Cell{{Text: a.Name, Small: a.Email}, {Text: p.T("office.role." + string(a.Role))}, {Text: reach(p, a.Staff)}, seen, {Text: accepted(p, a)}, {Text: ends(p, a)}}
		if state.Review != nil {
			key := "access.decision.keep"
			switch {
			case a.Waits():
				key = "access.decision.waits"
			case a.Role == consult.Support:
				key = "access.decision.itself"
			}
			cells = append(cells, page.Cell{Text: p.T(key)})
		}
		t.Rows = append(t.Rows, page.Row{Cells: cells})
	}
	return t
}

func (h *Handlers) pastTable(p *page.Page, past []*consult.AccessReview) page.Table {
	t := page.Table{Caption: p.T("access.past"), Stack: true, Empty: p.T("access.past.none"), Head: page.Cells(p.T("access.column.number"), p.T("access.column.begun"),
		p.T("access.column.finished"), p.T("access.figure.kept"), p.T("access.figure.ended"))}
	for _, r := range past {
		kept, ended := r.Counts()
		number := strconv.FormatInt(r.Number, 10)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: p.T("access.past.title", "Number", r.Number), Href: p.To(root + "/reviews/" + number)}},
			{Text: locale.Date(p.Lang, r.BegunAt)}, {Text: locale.Date(p.Lang, r.FinishedAt)}, {Text: strconv.Itoa(kept)}, {Text: strconv.Itoa(ended)}}})
	}
	return t
}

func (h *Handlers) number(c *fiber.Ctx) (int64, error) {
	n, err := strconv.ParseInt(c.Params("number"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "error.text.not_found")
	}
	return n, nil
}

// past answers: what was decided, by whom, and why?
func (h *Handlers) past(c *fiber.Ctx) error {
	n, err := h.number(c)
	if err != nil {
		return err
	}
	review, accounts, err := h.Service.AccessReview(c.UserContext(), desk.Staff(c), n)
	if err != nil {
		return err
	}
	p := h.frame(c, "access.past.title", "Number", n)
	p.Wide = true
	when := p.T("access.going", "Number", n, "Date", locale.Date(p.Lang, review.BegunAt))
	if !review.FinishedAt.IsZero() {
		when = p.T("access.past.when", "Begun", locale.Date(p.Lang, review.BegunAt), "Finished", locale.Date(p.Lang, review.FinishedAt))
	}
	blocks := []desk.Block{desk.Para(when)}
	if oldest := review.Oldest(); oldest != "" {
		blocks = append(blocks, desk.Para(p.T("access.past.oldest", "Date", locale.ISODate(p.Lang, string(oldest)))))
	}
	t := page.Table{Caption: p.T("access.past.decisions"), Stack: true, Head: page.Cells(head(p)...)}
	for _, a := range accounts {
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(row(p, a)...)})
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: append(blocks,
		desk.Block{Buttons: []page.Button{{Text: p.T("disclosure.csv"), Href: p.To(root + "/reviews/" + strconv.FormatInt(n, 10) + "/review.csv"), Kind: "secondary"}}}, desk.TableBlock(t))})
}

func head(p *page.Page) []string {
	return []string{p.T("office.staff.name"), p.T("office.staff.email"), p.T("office.staff.role"), p.T("access.column.decision"), p.T("access.column.reason"), p.T("access.column.by"),
		p.T("access.column.on"), p.T("access.column.seen")}
}

func row(p *page.Page, a consult.ReviewedAccount) []string {
	decision := p.T("access.decision.keep")
	if a.End {
		decision = p.T("access.decision.end")
	}
	return []string{a.Name, a.Email, p.T("office.role." + string(a.Role)), decision, a.Reason, a.ByName, locale.Date(p.Lang, a.At), lastSeen(p, a.SignedInOn)}
}

// csv is what a review came to, for a spreadsheet program: nothing in it lets anybody in.
func (h *Handlers) csv(c *fiber.Ctx) error {
	n, err := h.number(c)
	if err != nil {
		return err
	}
	accounts, err := h.Service.ExportAccessReview(c.UserContext(), desk.Staff(c), n)
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "access.title")
	var rows [][]string
	for _, a := range accounts {
		rows = append(rows, row(p, a))
	}
	return sheet.CSV(c, "review.csv", head(p), rows)
}

// period asks after how many months access is looked through again.
func (h *Handlers) period(c *fiber.Ctx) error {
	state, err := h.Service.Access(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	return h.showPeriod(c, fiber.StatusOK, state, survey.Form{"months": {strconv.Itoa(state.Months)}}, nil)
}

func (h *Handlers) showPeriod(c *fiber.Ctx, status int, state *consult.AccessState, form survey.Form, problems []survey.Problem) error {
	p := h.frame(c, "access.period.title")
	p.SetProblems(problems)
	v := desk.View{Page: p}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	f := desk.Fields{Page: p, Form: form}
	send, err := desk.EditForm(p, state.Version, root, []desk.Block{f.Number("months", "access.period.months")}, page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	return h.Show(c, status, v)
}

func (h *Handlers) periodSend(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), desk.Staff(c)
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	months, _ := desk.Whole(form, "months") // what is no number is 0, which is refused with the bounds
	err = h.Service.SaveAccessPeriod(ctx, who, desk.Version(form), months)
	problem, mendable := desk.Mendable(err, "months")
	if mendable || desk.Crossed(err) {
		state, again := h.Service.Access(ctx, who)
		if again != nil {
			return again
		}
		if mendable {
			return h.showPeriod(c, fiber.StatusUnprocessableEntity, state, form, []survey.Problem{problem})
		}
		return h.showPeriod(c, fiber.StatusConflict, state, form, nil)
	}
	if err != nil {
		return err
	}
	return page.Done(c, root, "office.saved")
}
