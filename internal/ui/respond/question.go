package respond

import (
	"maps"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

type questionView struct {
	*page.Page
	Control  Control
	Lang     string // of the question, where it is not the page's
	Why      *page.Details
	Remove   *page.Checkboxes
	Blank    *page.Checkboxes // recorded responses: the person does not answer a question that must be answered
	Continue page.Button
	Skip     *page.Link // equality questions: finish here
	Seems    *warned    // equality questions: what was written seems to hold somebody's personal details
}

// start begins a draft, or leads to where one was left.
func (h *Handlers) start(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	d, ok, err := h.draft(c, p)
	if err != nil {
		return err
	}
	if h.over(p) {
		return h.closed(c, p, d, ok)
	}
	if !ok && h.recorder != nil {
		return page.Redirect(c, p.home)
	}
	if !ok {
		if d, err = h.begin(c, p); err != nil {
			return err
		}
		if err := h.keepDraft(c, p, d); err != nil {
			return err
		}
	}
	if at, open := p.gate(d); !open {
		return page.Redirect(c, at)
	}
	return page.Redirect(c, p.openStep(p.path(d), d))
}

func (h *Handlers) begin(c *fiber.Ctx, p place) (kept, error) {
	if h.preview {
		return kept{Draft: consult.Draft{Token: "preview", ConsultationID: p.ID, SurveyVersion: p.version, Answers: survey.Answers{}}}, nil
	}
	d, err := h.service.Begin(c.UserContext(), p.Slug, page.Lang(c))
	if err != nil {
		return kept{}, err
	}
	return kept{Draft: *d, Seen: map[string]bool{}}, nil
}

// over reports whether responses are not taken at this moment.
func (h *Handlers) over(p place) bool {
	return !h.preview && h.recorder == nil && p.status != consult.StatusOpen
}

// visit loads what every page with a question needs. done is true where it has answered already: no draft, not open, or the age gate has not been
// passed, to which a page that was asked for past it leads.
func (h *Handlers) visit(c *fiber.Ctx) (p place, d kept, done bool, err error) {
	if p, d, done, err = h.visitGate(c); done {
		return p, d, done, err
	}
	if at, open := p.gate(d); !open {
		return p, d, true, page.Redirect(c, at)
	}
	return p, d, false, nil
}

// visitGate is visit for the pages of the age gate itself.
func (h *Handlers) visitGate(c *fiber.Ctx) (p place, d kept, done bool, err error) {
	if p, err = h.load(c); err != nil {
		return p, d, true, err
	}
	d, ok, err := h.draft(c, p)
	if err != nil {
		return p, d, true, err
	}
	if !ok && h.recorder != nil { // recorded already, or the session ended
		return p, d, true, page.Redirect(c, p.home)
	}
	if !ok {
		if _, was, err := h.sent(c, p); err != nil || was {
			// Back from the confirmation, or a second click that came late: the response is stored.
			if err == nil {
				err = page.Redirect(c, p.afterSending())
			}
			return p, d, true, err
		}
	}
	if h.over(p) {
		return p, d, true, h.closed(c, p, d, ok)
	}
	if ok {
		return p, d, false, nil
	}
	return p, d, true, h.ended(c, p)
}

// question shows one question.
func (h *Handlers) question(c *fiber.Ctx) error {
	p, d, done, err := h.visit(c)
	if done {
		return err
	}
	j := p.path(d)
	q, err := h.reach(c, p, j, d)
	if err != nil || q.ID == "" {
		return err
	}
	return h.showQuestion(c, p, j, q, q.Values(d.Answers[q.ID]), nil, d)
}

// reach returns the question of the address if it may be visited. Else it leads to the first open step and returns an
// empty question. A question that the survey does not have is fault.NotFound.
func (h *Handlers) reach(c *fiber.Ctx, p place, j survey.Journey, d kept) (survey.Question, error) {
	id := c.Params("question")
	if _, known := p.def.Question(id); !known {
		return survey.Question{}, fault.New(fault.NotFound, "error.text.not_found")
	}
	if !j.MayVisit(id) {
		return survey.Question{}, page.Redirect(c, p.openStep(j, d))
	}
	q, _ := j.Step(id)
	return q, nil
}

// saveQuestion keeps the answer in the draft and leads on.
func (h *Handlers) saveQuestion(c *fiber.Ctx) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	if err := h.keepLate(c, form); err != nil {
		return err
	}
	p, d, done, err := h.visit(c)
	if done {
		return err
	}
	j := p.path(d)
	q, err := h.reach(c, p, j, d)
	if err != nil || q.ID == "" {
		return err
	}
	q, _ = p.def.Question(q.ID) // whether it must be answered may have been waived
	answer, problems, err := h.read(c, q, form, d.Answers[q.ID])
	if err != nil {
		return err
	}
	if h.recorder != nil && !BlankOffered(q, form) {
		return fiber.ErrBadRequest
	}
	if h.recorder != nil && LeftOut(q, form) {
		answer, problems = survey.Answer{}, nil
	}
	if len(problems) > 0 {
		return h.showQuestion(c, p, j, q, form, problems, d)
	}
	d.put(q, answer)
	d.waive(q)
	if err := h.keepDraft(c, p, d); err != nil {
		return err
	}
	return page.Redirect(c, p.next(p.path(d), d, q.ID, changing(c)))
}

// put sets or clears an answer.
func (d *kept) put(q survey.Question, a survey.Answer) {
	d.Answers = maps.Clone(d.Answers)
	if a.Empty() {
		delete(d.Answers, q.ID)
	} else {
		d.Answers[q.ID] = a
	}
	d.Seen = maps.Clone(d.Seen)
	d.Seen[q.ID] = true
}

// keepLate keeps an answer that arrives after closing, so that the page which then says so can show it: nothing a person
// wrote is lost silently.
func (h *Handlers) keepLate(c *fiber.Ctx, form survey.Form) error {
	p, err := h.load(c)
	if err != nil || !h.over(p) {
		return err
	}
	d, ok, err := h.draft(c, p)
	if err != nil || !ok {
		return err
	}
	if _, open := p.gate(d); !open {
		return nil
	}
	q, ok := p.path(d).Step(c.Params("question"))
	if !ok {
		return nil
	}
	answer, problems, err := h.read(c, q, form, d.Answers[q.ID])
	if err != nil || len(problems) > 0 {
		return err
	}
	d.put(q, answer)
	return h.keepDraft(c, p, d)
}

// read parses the answer to a question. A postcode that was dropped after it gave its ward cannot be shown again: left
// empty, the field keeps the answer, and a box removes it.
func (h *Handlers) read(c *fiber.Ctx, q survey.Question, form survey.Form, before survey.Answer) (survey.Answer, []survey.Problem, error) {
	if q.Kind != survey.Postcode {
		a, problems := q.Parse(form, nil)
		return a, problems, nil
	}
	remove := form[removeField(q)]
	if len(remove) > 1 || len(remove) == 1 && remove[0] != "1" {
		return survey.Answer{}, nil, fiber.ErrBadRequest // an option that was not offered removes nothing
	}
	if dropped(q, before) && form.First(q.ID) == "" && len(remove) == 0 && len(form[q.ID]) < 2 {
		return before, nil, nil
	}
	wards, err := h.service.Wards(c.UserContext())
	if err != nil {
		return survey.Answer{}, nil, err
	}
	a, problems := q.Parse(form, wards)
	return a, problems, nil
}

// dropped reports whether the answer is a ward whose postcode is gone.
func dropped(q survey.Question, a survey.Answer) bool {
	return q.Kind == survey.Postcode && len(a.Codes) > 0 && a.Text == ""
}

func removeField(q survey.Question) string { return q.ID + "-remove" }

// changing reports whether the person came from the check page.
func changing(c *fiber.Ctx) bool { return c.Query("change") == "1" }

// next is where an answered question leads: to the next one, or, for somebody who changes an answer, to those that have
// now to be asked and else back to the check page.
func (p place) next(j survey.Journey, d kept, id string, change bool) string {
	if change {
		if open, ok := firstOpen(j, d); ok {
			return p.step(open, true)
		}
		return p.to("/respond/check")
	}
	if q, ok := j.Next(id); ok {
		return p.step(q.ID, false)
	}
	return p.to("/respond/check")
}

func (h *Handlers) showQuestion(c *fiber.Ctx, p place, j survey.Journey, q survey.Question, values survey.Form, problems []survey.Problem, d kept) error {
	v := questionView{Page: h.page(c, "respond.continue"), Lang: p.foreign(page.Lang(c))}
	v.Title = q.Text.In(v.Page.Lang)
	switch previous, ok := j.Previous(q.ID); {
	case changing(c):
		v.Back = v.To(p.to("/respond/check"))
	case ok:
		v.Back = v.To(p.step(previous.ID, false))
	default:
		v.Back = v.To(p.beforeQuestions(d))
	}
	if n, of, reliable := j.Position(q.ID); reliable {
		v.Caption = v.T("respond.position", "N", n, "Of", of)
	} else {
		v.Caption = sectionOf(p.def, q.ID).In(v.Page.Lang)
	}
	status := fiber.StatusOK
	if len(problems) > 0 {
		v.SetProblems(problems)
		status = fiber.StatusUnprocessableEntity
	}
	if whole, ok := p.def.Question(q.ID); ok && h.recorder != nil && whole.Required && !q.Required {
		q, values = whole, MarkLeftOut(whole, values) // waived before
	}
	if err := h.fill(c, &v, q, values, d.Answers[q.ID]); err != nil {
		return err
	}
	return h.kit.Render(c, status, "respond/question", v)
}

// fill sets what main and equality questions have in common.
func (h *Handlers) fill(c *fiber.Ctx, v *questionView, q survey.Question, values survey.Form, before survey.Answer) error {
	v.Continue = page.Button{Text: v.T("respond.continue")}
	if why := q.Why.In(v.Page.Lang); why != "" {
		v.Why = &page.Details{Summary: v.T("respond.why"), Paragraphs: []string{why}}
	}
	v.Control = newControl(v.Page, q, values)
	if h.recorder != nil {
		v.Blank = BlankBox(v.Page, q, values)
	}
	if q.Kind == survey.Postcode {
		return h.notePostcode(c, v, q, before)
	}
	return nil
}

// notePostcode says what becomes of a postcode, in the hint, so that screen readers say it with the field.
func (h *Handlers) notePostcode(c *fiber.Ctx, v *questionView, q survey.Question, before survey.Answer) error {
	note := v.T("respond.postcode.kept")
	if q.Keep != "postcode" {
		note = v.T("respond.postcode.dropped")
	}
	if dropped(q, before) {
		g, err := h.service.Geography(c.UserContext())
		if err != nil {
			return err
		}
		note = v.T("respond.postcode.have", "Ward", wardName(g, v.Page, before.Codes[0]))
	}
	v.Control.Input.Hint = strings.TrimSpace(v.Control.Input.Hint + " " + note)
	if dropped(q, before) && !q.Required {
		v.Remove = &page.Checkboxes{
			Group:   page.Group{Name: removeField(q), Legend: v.T("respond.postcode.remove"), Hidden: true},
			Options: []page.Option{{Value: "1", Label: v.T("respond.postcode.remove")}},
		}
	}
	return nil
}
