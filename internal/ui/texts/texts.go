// Package texts answers: which free texts seem to hold somebody's personal details, and what may others read of them?
//
// The queue of the data protection officer: what the program flagged, each text with the parts that it flagged, and what was decided.
//
// Reviewer: data protection officer.
package texts

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages. They never change after they are made.
type Handlers struct{ *desk.Desk }

const root = "/office/texts"

// Register adds the pages.
func (h *Handlers) Register() {
	keep := desk.Need(consult.KeepRegisters)
	r := h.Office("/texts")
	r.Get("", keep, h.consultations)
	r.Get("/:consultation", keep, h.list)
	r.Get("/:consultation/:response/:flagged", keep, h.show)
	for _, d := range decisions {
		r.Get("/:consultation/:response/:flagged/"+d.path, keep, func(c *fiber.Ctx) error { return h.decide(c, d) })
		r.Post("/:consultation/:response/:flagged/"+d.path, keep, func(c *fiber.Ctx) error { return h.decideSend(c, d) })
	}
	r.Post("/:consultation/:response/:flagged/reopen", keep, h.reopen)
}

func path(x *consult.FlaggedText) string {
	return root + "/" + x.Consultation.ID + "/" + x.ResponseID + "/" + url.PathEscape(x.Question.ID)
}

// consultations answers: where do texts wait?
func (h *Handlers) consultations(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), desk.Staff(c)
	counts, err := h.Service.FlagCounts(ctx, who)
	if err != nil {
		return err
	}
	all, err := h.Service.Consultations(ctx, who, consult.ConsultationFilter{})
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "texts.title")
	t := page.Table{Caption: p.T("texts.consultations"), Stack: true, Empty: p.T("texts.empty"), Head: []page.Cell{{Text: p.T("office.list.column.title")},
		{Text: p.T("texts.state.waiting"), Numeric: true}, {Text: p.T("texts.state.redacted"), Numeric: true}, {Text: p.T("texts.state.cleared"), Numeric: true}}}
	for _, con := range all {
		if n := counts[con.ID]; n != nil {
			t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: office.Title(p, con), Href: p.To(root + "/" + con.ID)}},
				number(n[consult.FlagWaiting]), number(n[consult.FlagRedacted]), number(n[consult.FlagCleared])}})
		}
	}
	return h.Show(c, fiber.StatusOK, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("texts.intro")), desk.TableBlock(t)}})
}

func number(n int) page.Cell { return page.Num(locale.Number(int64(n))) }

const listSize = 50

// list answers: which texts of this consultation are flagged? It opens none of them.
func (h *Handlers) list(c *fiber.Ctx) error {
	query, err := page.Query(c)
	if err != nil {
		return err
	}
	n, ok := desk.Whole(query, "page")
	if !ok || n < 1 {
		n = 1
	}
	con, found, total, err := h.Service.FlaggedTexts(c.UserContext(), desk.Staff(c), c.Params("consultation"), (n-1)*listSize, listSize)
	if err != nil {
		return err
	}
	if last := (total + listSize - 1) / listSize; n > 1 && len(found) == 0 { // fewer than when the page before was made
		return page.Redirect(c, root+"/"+con.ID+"?page="+strconv.Itoa(max(last, 1)))
	}
	p := h.Kit.Page(c, "texts.title")
	p.Wide = true
	p.Title, p.Caption = office.Title(p, con), p.T("texts.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.texts"), Href: root}, {Text: p.Title}}
	t := page.Table{Caption: p.T("texts.list", "Count", total), Stack: true, Empty: p.T("texts.empty"),
		Head: page.Cells(p.T("texts.column.text"), p.T("texts.column.question"), p.T("texts.column.holds"), p.T("texts.column.state"))}
	for i := range found {
		x, tag := &found[i], stateTag(p, found[i].Flag.State)
		t.Rows = append(t.Rows, page.Row{Cells: []page.Cell{{Link: &page.Link{Text: p.T("texts.number", "Number", (n-1)*listSize+i+1), Href: p.To(path(x))}},
			{Text: x.Question.Text.In(p.Lang)}, {Text: p.MarkWords(x.Flag.Kinds)}, {Tag: &tag}}})
	}
	v := desk.View{Page: p, Blocks: []desk.Block{desk.TableBlock(t)}}
	pages := page.Paginate(total, listSize, n, func(n int) string { return p.To(root+"/"+con.ID) + "?page=" + strconv.Itoa(n) })
	if pages.Any() {
		v.Blocks = append(v.Blocks, desk.Block{Pages: &pages})
	}
	return h.Show(c, fiber.StatusOK, v)
}

func stateTag(p *page.Page, s consult.FlagState) page.Tag {
	colour := "grey"
	if s == consult.FlagWaiting {
		colour = "yellow"
	}
	return page.Tag{Text: p.T("texts.state." + string(s)), Colour: colour}
}

// open finds the text of the address. That an officer read it is in the audit log.
func (h *Handlers) open(c *fiber.Ctx) (*consult.FlaggedText, error) {
	question, err := url.PathUnescape(c.Params("flagged"))
	if err != nil {
		return nil, fiber.ErrNotFound
	}
	return h.Service.FlaggedText(c.UserContext(), desk.Staff(c), c.Params("consultation"), c.Params("response"), question)
}

func (h *Handlers) frame(c *fiber.Ctx, x *consult.FlaggedText, title string) desk.View {
	p := h.Kit.Page(c, title)
	tag := stateTag(p, x.Flag.State)
	con := office.Title(p, x.Consultation)
	p.Caption = con
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.texts"), Href: root}, {Text: con, Href: root + "/" + x.Consultation.ID}, {Text: p.Title}}
	return desk.View{Page: p, Tag: &tag, Blocks: []desk.Block{desk.Para(x.Question.Text.In(p.Lang)), desk.Small(p.T("texts.holds", "Kinds", p.MarkWords(x.Flag.Kinds)))}}
}

// marked is the text with the parts that were flagged.
func marked(p *page.Page, x *consult.FlaggedText) desk.Block {
	var parts []desk.MarkedPart
	at := 0
	for _, m := range x.Marks {
		parts = append(parts, desk.MarkedPart{Text: x.Text[at:m.Start]}, desk.MarkedPart{Text: x.Text[m.Start:m.End], Mark: p.T("texts.kind." + string(m.Kind))})
		at = m.End
	}
	return desk.Block{Marked: append(parts, desk.MarkedPart{Text: x.Text[at:]})}
}

// show answers: what was written, what of it was flagged, and what was decided?
func (h *Handlers) show(c *fiber.Ctx) error {
	x, err := h.open(c)
	if err != nil {
		return err
	}
	v := h.frame(c, x, "texts.one")
	p := v.Page
	v.Blocks = append(v.Blocks, desk.H2(p.T("texts.written")), marked(p, x))
	if x.Review == nil {
		v.Blocks = append(v.Blocks, desk.Para(p.T("texts.waiting")), desk.Block{Buttons: []page.Button{
			{Text: p.T("texts.redact.title"), Href: p.To(path(x) + "/redact")}, {Text: p.T("texts.clear.title"), Href: p.To(path(x) + "/clear"), Kind: "secondary"}}})
		return h.Show(c, fiber.StatusOK, v)
	}
	if x.Flag.State == consult.FlagRedacted {
		v.Blocks = append(v.Blocks, desk.H2(p.T("texts.others")), desk.Block{Quotes: []string{x.Review.Redacted}})
	}
	names, err := h.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Summary: &page.SummaryList{Rows: []page.SummaryRow{
		{Key: p.T("texts.decided"), Lines: []string{p.T("texts.state." + string(x.Flag.State))}},
		{Key: p.T("texts.by"), Lines: []string{names[x.Review.By]}}, {Key: p.T("texts.on"), Lines: []string{locale.ISODate(p.Lang, string(x.Review.On))}},
		{Key: p.T("texts.reason"), Lines: strings.Split(x.Review.Reason, "\n")}}}})
	undo, err := desk.NewAction(p, path(x)+"/reopen", page.Button{Text: p.T("texts.reopen.button"), Kind: "secondary"})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Small(p.T("texts.reopen.about")), desk.Block{Actions: []page.Action{undo}})
	return h.Show(c, fiber.StatusOK, v)
}

// reopen takes a decision back.
func (h *Handlers) reopen(c *fiber.Ctx) error {
	x, err := h.open(c)
	if err != nil {
		return err
	}
	if err := h.Service.ReopenText(c.UserContext(), desk.Staff(c), x.ResponseID, x.Question.ID); err != nil {
		return err
	}
	return page.Done(c, path(x), "texts.reopen.done")
}

// decision is one thing that an officer decides about a text: a page with a form. Its texts are texts.<path>.title, .about, .button and .done.
type decision struct {
	path string
	text bool // what others read is edited
	do   func(h *Handlers, c *fiber.Ctx, x *consult.FlaggedText, form survey.Form) error
}

var decisions = []decision{
	{"redact", true, func(h *Handlers, c *fiber.Ctx, x *consult.FlaggedText, form survey.Form) error {
		return h.Service.RedactText(c.UserContext(), desk.Staff(c), x.ResponseID, x.Question.ID, form.First("text"), form.First("reason"))
	}},
	{"clear", false, func(h *Handlers, c *fiber.Ctx, x *consult.FlaggedText, form survey.Form) error {
		return h.Service.ClearText(c.UserContext(), desk.Staff(c), x.ResponseID, x.Question.ID, form.First("reason"))
	}},
}

// waiting finds a text that waits for a decision.
func (h *Handlers) waiting(c *fiber.Ctx) (*consult.FlaggedText, error) {
	x, err := h.open(c)
	if err == nil && x.Review != nil {
		err = consult.ErrDecided()
	}
	return x, err
}

func (h *Handlers) decide(c *fiber.Ctx, d decision) error {
	x, err := h.waiting(c)
	if err != nil {
		return err
	}
	removed := h.Kit.Page(c, "texts.title").T("texts.removed")
	return h.showDecide(c, fiber.StatusOK, d, x, survey.Form{"text": {privacy.Redacted(x.Text, x.Marks, removed)}}, nil)
}

func (h *Handlers) showDecide(c *fiber.Ctx, status int, d decision, x *consult.FlaggedText, form survey.Form, problems []survey.Problem) error {
	v := h.frame(c, x, "texts."+d.path+".title")
	p := v.Page
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var fields []desk.Block
	if d.text {
		fields = append(fields, f.Area("text", "texts.field.text", 8))
	}
	send, err := desk.PostForm(p, path(x), append(fields, f.Area("reason", "texts.field.reason", 2)), page.Button{Text: p.T("texts." + d.path + ".button")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.H2(p.T("texts.written")), marked(p, x), desk.Para(p.T("texts."+d.path+".about")), desk.Block{Form: send})
	return h.Show(c, status, v)
}

func (h *Handlers) decideSend(c *fiber.Ctx, d decision) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	x, err := h.waiting(c) // it is shown again where something is wrong
	if err != nil {
		return err
	}
	err = d.do(h, c, x, form)
	if problem, ok := desk.Mendable(err, "reason"); ok {
		return h.showDecide(c, fiber.StatusUnprocessableEntity, d, x, form, []survey.Problem{problem})
	}
	if err != nil {
		return err
	}
	return page.Done(c, path(x), "texts."+d.path+".done")
}
