package requests

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/record"
	"folkmoot/internal/ui/respond"
)

// Fields of the page beside those of the questions, which have no such names.
const (
	rectifyVersion = "rectify-version" // of the request
	rectifySeen    = "rectify-seen"    // consult.Rectifiable.Seen
	rectifyGo      = "rectify-go"      // where to go: check, change or save
	rectifyReason  = "rectify-reason"
	rectifyTell    = "rectify-tell"
	rectifySure    = "rectify-sure"
)

// correction is a request for rectification with the response that is to be corrected (art. 16).
type correction struct {
	x         *dpo.Case
	held      *consult.Rectifiable
	questions []survey.Question // as the officer is asked
}

// rectifiable opens the response. rectifyFrame says that it is shown. fault.Conflict where nothing can be corrected for this request.
func (h *Handlers) rectifiable(c *fiber.Ctx, p *page.Page) (*correction, error) {
	x, held, err := h.Cases.Rectifiable(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return nil, err
	}
	r := &correction{x: x, held: held}
	words, err := h.words(c, p, held)
	if err != nil {
		return nil, err
	}
	for _, q := range held.Definition.Questions() {
		if q.ID == consult.StatementID {
			q.Hint = locale.Text{p.Lang: p.T("request.rectify.statement")}
		}
		if a, kept := held.Kept[q.ID]; kept {
			q = q.Clone()
			q.Required = false
			key := "request.rectify.kept.text"
			if q.Kind == survey.Postcode {
				key = "request.rectify.kept"
			}
			q.Hint = locale.Text{p.Lang: p.T(key, "Answer", words(q, a))}
		}
		r.questions = append(r.questions, q)
	}
	return r, nil
}

// words says what an answer says, in the words of the person's copy.
func (h *Handlers) words(c *fiber.Ctx, p *page.Page, held *consult.Rectifiable) (func(survey.Question, survey.Answer) string, error) {
	s := export.Subject{Everything: &consult.Everything{Held: consult.Held{Consultation: held.Consultation, Definition: held.Definition}}, Lang: p.Lang}
	var err error
	s.Geography, err = h.Service.Geography(c.UserContext())
	return func(q survey.Question, a survey.Answer) string {
		if said := s.Line(q, a).Answer; said != "" {
			return said
		}
		return p.T("request.rectify.blank")
	}, err
}

// rectify shows the questions of the response on one page, with what stands there.
func (h *Handlers) rectify(c *fiber.Ctx) error {
	r, err := h.rectifiable(c, h.Kit.Page(c, "request.rectify.title"))
	if err != nil {
		return err
	}
	form := survey.Form{}
	for _, q := range r.questions {
		maps.Copy(form, q.Values(r.held.Answers[q.ID]))
		if r.held.Answers[q.ID].Empty() {
			form = respond.MarkLeftOut(q, form)
		}
	}
	return h.showRectify(c, fiber.StatusOK, r, form, nil)
}

// rectifyFrame begins a page that shows the response. That the officer saw it is in the audit log before.
func (h *Handlers) rectifyFrame(c *fiber.Ctx, r *correction, status int) (desk.View, error) {
	if err := h.Cases.ShowRectifiable(c.UserContext(), desk.Staff(c), r.x.Entry.ID); err != nil {
		return desk.View{}, err
	}
	v := h.frame(c, r.x, "request.rectify.title")
	p := v.Page
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: r.x.Number(), Href: path(r.x.Entry.ID)}, {Text: p.Title}}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	return v, nil
}

// showRectify asks all questions.
func (h *Handlers) showRectify(c *fiber.Ctx, status int, r *correction, form survey.Form, problems []survey.Problem) error {
	v, err := h.rectifyFrame(c, r, status)
	if err != nil {
		return err
	}
	p := v.Page
	p.SetProblems(problems)
	notes := []string{p.T("request.rectify.published")}
	if r.held.Restricted {
		notes = append(notes, p.T("request.rectify.restricted"))
	}
	if len(r.held.Definition.Equality) > 0 {
		notes = append(notes, p.T("request.rectify.equality"))
	}
	var fields []desk.Block
	for _, s := range r.held.Definition.Sections {
		fields = append(fields, desk.H2(s.Title.In(p.Lang)))
		for _, q := range s.Questions {
			i := slices.IndexFunc(r.questions, func(x survey.Question) bool { return x.ID == q.ID })
			fields = append(fields, record.QuestionBlocks(p, r.questions, r.questions[i], form)...)
		}
	}
	send, err := desk.PostForm(p, path(r.x.Entry.ID), fields, page.Button{Text: p.T("request.rectify.check"), Name: rectifyGo, Value: "check"})
	if err != nil {
		return err
	}
	send.Hidden = r.hidden()
	for _, name := range []string{rectifyReason, rectifyTell} { // from the page to which this leads back
		for _, value := range form[name] {
			send.Hidden = append(send.Hidden, page.Hidden{Name: name, Value: value})
		}
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("request.rectify.about")), desk.Block{Inset: &page.Inset{Paragraphs: notes}}, desk.Block{Form: send})
	return h.Show(c, status, v)
}

// hidden names what the officer sees: whoever changes it meanwhile is noticed.
func (r *correction) hidden() []page.Hidden {
	return []page.Hidden{{Name: rectifyVersion, Value: strconv.FormatInt(r.x.Entry.Version, 10)}, {Name: rectifySeen, Value: r.held.Seen}}
}

// rectifySend checks what was entered, shows what it changes, and makes the correction when the officer has seen that.
func (h *Handlers) rectifySend(c *fiber.Ctx) error {
	r, err := h.rectifiable(c, h.Kit.Page(c, "request.rectify.title"))
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, append(record.Several(r.questions), rectifyTell)...)
	if err != nil {
		return err
	}
	recipients, err := h.Cases.Recipients(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	offered := map[string][]string{rectifyGo: {"check", "change", "save"}, rectifySure: {"yes"}, rectifyTell: {}}
	for _, x := range recipients {
		offered[rectifyTell] = append(offered[rectifyTell], x.Entry.ID)
	}
	if err := desk.Offered(form, offered); err != nil {
		return err
	}
	wards, err := h.Service.Wards(c.UserContext())
	if err != nil {
		return err
	}
	read, err := record.ReadSheet(wards, page.Lang(c), r.questions, form, r.held.Kept)
	if err != nil {
		return err
	}
	if len(read.Problems) > 0 {
		return h.showRectify(c, fiber.StatusUnprocessableEntity, r, form, read.Problems)
	}
	if form.First(rectifyGo) == "change" {
		return h.showRectify(c, fiber.StatusOK, r, form, nil)
	}
	rec := consult.Rectification{Answers: read.Answers, Unanswered: read.LeftOut, Reason: desk.Trimmed(form, rectifyReason), Seen: form.First(rectifySeen)}
	plan, err := h.Cases.PlanRectification(c.UserContext(), desk.Staff(c), r.x.Entry.ID, rec)
	switch {
	case desk.Crossed(err):
		return h.showRectify(c, fiber.StatusConflict, r, form, nil)
	case fault.Is(err, fault.Invalid):
		problem, _ := desk.Mendable(err, r.questions[0].Fields()[0])
		return h.showRectify(c, fiber.StatusUnprocessableEntity, r, form, []survey.Problem{problem})
	case err != nil:
		return err
	}
	if form.First(rectifyGo) != "save" {
		return h.showRectified(c, fiber.StatusOK, r, plan, recipients, form, nil)
	}
	if form.First(rectifySure) != "yes" {
		return h.showRectified(c, fiber.StatusUnprocessableEntity, r, plan, recipients, form, []survey.Problem{{Field: rectifySure, Key: "error.request.sure"}})
	}
	version, _ := strconv.ParseInt(form.First(rectifyVersion), 10, 64)
	err = h.Cases.Rectify(c.UserContext(), desk.Staff(c), r.x.Entry.ID, version, rec, form[rectifyTell])
	switch {
	case desk.Crossed(err):
		return h.showRectify(c, fiber.StatusConflict, r, form, nil)
	case fault.Is(err, fault.Invalid):
		problem, _ := desk.Mendable(err, "reason")
		problem.Field = "rectify-" + problem.Field
		return h.showRectified(c, fiber.StatusUnprocessableEntity, r, plan, recipients, form, []survey.Problem{problem})
	case err != nil:
		return err
	}
	return page.Done(c, path(r.x.Entry.ID), "request.rectify.done")
}

// showRectified shows what stands there and what will, and asks for the reason and whom to tell. What was entered lies in the page and in no session.
func (h *Handlers) showRectified(c *fiber.Ctx, status int, r *correction, plan *consult.RectificationPlan, recipients []*dpo.Recipient, form survey.Form, problems []survey.Problem) error {
	v, err := h.rectifyFrame(c, r, status)
	if err != nil {
		return err
	}
	p := v.Page
	p.SetProblems(problems)
	words, err := h.words(c, p, r.held)
	if err != nil {
		return err
	}
	t := page.Table{Caption: p.T("request.rectify.changes"), Stack: true, Head: page.Cells(p.T("request.copy.question"), p.T("request.rectify.before"), p.T("request.rectify.after"))}
	for _, x := range plan.Changes {
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(x.Question.Text.In(p.Lang), words(x.Question, x.Before), words(x.Question, x.After))})
	}
	f := desk.Fields{Page: p, Form: form}
	fields := []desk.Block{f.Area(rectifyReason, "request.rectify.reason", 3)}
	if len(recipients) > 0 {
		fields = append(fields, f.Checks(rectifyTell, "request.rectify.tell", recipientOptions(p, recipients)...))
	}
	fields = append(fields, f.Checks(rectifySure, "request.field.sure", page.Option{Value: "yes", Label: p.T("request.rectify.sure")}))
	send, err := desk.PostForm(p, path(r.x.Entry.ID), fields, page.Button{Text: p.T("request.rectify.save"), Kind: "warning", Name: rectifyGo, Value: "save"},
		page.Button{Text: p.T("request.rectify.change"), Kind: "secondary", Name: rectifyGo, Value: "change"})
	if err != nil {
		return err
	}
	send.Hidden = r.hidden()
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if _, own := map[string]bool{rectifyVersion: true, rectifySeen: true, rectifyGo: true, rectifyReason: true, rectifyTell: true, rectifySure: true, "_csrf": true}[name]; own {
			continue
		}
		for _, value := range form[name] {
			send.Hidden = append(send.Hidden, page.Hidden{Name: name, Value: value})
		}
	}
	v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("request.rectify.warning")}}, desk.TableBlock(t), desk.Para(p.T("request.rectify.published")), desk.Block{Form: send})
	return h.Show(c, status, v)
}

// corrections lists what was corrected for the request, never what it said.
func corrections(p *page.Page, all []privacy.Corrected) []desk.Block {
	if len(all) == 0 {
		return nil
	}
	t := page.Table{Caption: p.T("request.rectify.corrected"), Stack: true, Head: page.Cells(p.T("request.searches.on"), p.T("request.copy.question"))}
	kept := false
	for _, x := range all {
		if x.Equality {
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(day(p, x.On), p.T("request.equality.corrected"))})
		}
		kept = kept || len(x.Questions) > 0
		for _, q := range x.Questions {
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(day(p, x.On), q.In(p.Lang))})
		}
	}
	out := []desk.Block{desk.TableBlock(t)}
	for _, x := range all {
		if len(x.Recipients) > 0 {
			out = append(out, desk.Small(p.T("request.rectify.recipients", "Date", day(p, x.On), "Who", strings.Join(x.Recipients, "; "))))
		}
	}
	if kept { // of equality answers nothing is
		out = append(out, desk.Small(p.T("request.rectify.where")))
	}
	return out
}

// correctedBlocks shows what stood in the response before each correction: in the copy of its person and nowhere else.
func correctedBlocks(p *page.Page, s export.Subject) (out []desk.Block) {
	for _, x := range s.Corrected() {
		t := page.Table{Caption: p.T("respond.held.corrected.on", "Date", day(p, x.On)), Stack: true, Head: page.Cells(p.T("request.copy.question"), p.T("request.rectify.before"))}
		for _, l := range x.Before {
			if l.Answer == "" {
				l.Answer = p.T("request.rectify.blank")
			}
			t.Rows = append(t.Rows, page.Row{Cells: page.Cells(l.Question, l.Answer)})
		}
		if out = append(out, desk.TableBlock(t)); x.Reason != "" {
			out = append(out, desk.Small(p.T("respond.held.corrected.reason", "Reason", x.Reason)))
		}
	}
	return out
}
