package respond

import (
	"maps"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

type gateView struct {
	*page.Page
	Saved    string
	Choice   page.Radios
	Why      page.Details
	Continue page.Button
}

// after loads what the pages after the stored response need. A GET without it says that the confirmation is gone; a POST is
// refused (UK GDPR art. 9(2)(a): no consent can stand without a response). done is true where it has answered already.
func (h *Handlers) after(c *fiber.Ctx) (p place, s sent, done bool, err error) {
	if p, err = h.load(c); err != nil {
		return p, s, true, err
	}
	s, ok, err := h.sent(c, p)
	switch {
	case err != nil:
		return p, s, true, err
	case ok:
		return p, s, false, nil
	case c.Method() == fiber.MethodPost:
		return p, s, true, fault.New(fault.Forbidden, "respond.equality.sent_first")
	}
	return p, s, true, h.gone(c, p)
}

// afterEquality is after for the pages that only surveys with equality questions have.
func (h *Handlers) afterEquality(c *fiber.Ctx) (p place, s sent, done bool, err error) {
	p, s, done, err = h.after(c)
	if done || len(p.def.Equality) > 0 {
		return p, s, done, err
	}
	return p, s, true, page.Redirect(c, p.to("/done"))
}

// gate asks whether somebody wants to answer the equality questions (interface.md section 3: the main response is saved).
func (h *Handlers) gate(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	return h.showGate(c, p, s, fiber.StatusOK)
}

func (h *Handlers) showGate(c *fiber.Ctx, p place, s sent, status int) error {
	v := gateView{Page: h.page(c, "respond.gate.title")}
	if status != fiber.StatusOK {
		v.AddProblem("equality", "respond.gate.error")
	}
	v.Saved = v.T("respond.gate.saved", "Reference", s.Reference)
	v.Choice = page.Radios{
		Group: page.Group{Name: "equality", Legend: v.T("respond.gate.legend"), Hint: v.T("respond.gate.hint"), Error: v.Error("equality")},
		Options: []page.Option{
			{Value: "yes", Label: v.T("respond.gate.yes")},
			{Value: "no", Label: v.T("respond.gate.no")},
		},
	}
	v.Why = page.Details{Summary: v.T("respond.gate.why"), Paragraphs: []string{v.T("respond.gate.why.text")}}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	return h.kit.Render(c, status, "respond/gate", v)
}

// passGate leads to the consent page or, for who skips, to the confirmation.
func (h *Handlers) passGate(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	switch only(form, "equality") {
	case "yes":
		step, err := h.equalityAge(c, p, s)
		if err != nil {
			return err
		}
		return h.afterGate(c, p, step)
	case "no":
		return page.Redirect(c, p.to("/done"))
	}
	return h.showGate(c, p, s, fiber.StatusUnprocessableEntity)
}

// only returns the value of a field that was sent once, else "": of two answers neither counts.
func only(form survey.Form, field string) string {
	if len(form[field]) != 1 {
		return ""
	}
	return form.First(field)
}

// equality shows one equality question.
func (h *Handlers) equality(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	answers, permitted, err := h.equalityAnswers(c, p, s)
	if err != nil {
		return err
	}
	if !permitted {
		return page.Redirect(c, p.to("/equality/consent"))
	}
	j := survey.NewEqualityJourney(p.def, answers)
	q, err := h.reachEquality(c, p, j)
	if err != nil || q.ID == "" {
		return err
	}
	return h.showEquality(c, p, j, q, q.Values(answers[q.ID]), nil, nil)
}

// reachEquality returns the question of the address, or leads to the first one where routing does not ask it.
func (h *Handlers) reachEquality(c *fiber.Ctx, p place, j survey.Journey) (survey.Question, error) {
	id := c.Params("question")
	if _, known := p.def.EqualityQuestion(id); !known {
		return survey.Question{}, fault.New(fault.NotFound, "error.text.not_found")
	}
	q, ok := j.Step(id)
	if !ok {
		return survey.Question{}, page.Redirect(c, p.firstEquality())
	}
	return q, nil
}

// firstEquality is the address of the first equality question.
func (p place) firstEquality() string {
	q, ok := survey.NewEqualityJourney(p.def, nil).First()
	if !ok {
		return p.to("/done")
	}
	return p.equalityStep(q.ID)
}

// saveEquality stores the answer and leads on. It is stored at every step: what was answered survives a lost session, and a
// withdrawal elsewhere finds everything there is. Without consent it is 403 and nothing is written.
func (h *Handlers) saveEquality(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	answers, permitted, err := h.equalityAnswers(c, p, s)
	if err != nil {
		return err
	}
	if !permitted {
		return fault.New(fault.Forbidden, "respond.equality.forbidden")
	}
	j := survey.NewEqualityJourney(p.def, answers)
	q, err := h.reachEquality(c, p, j)
	if err != nil || q.ID == "" {
		return err
	}
	answer, problems := q.Parse(form, nil)
	if len(problems) > 0 {
		return h.showEquality(c, p, j, q, form, problems, nil)
	}
	before := answers[q.ID]
	if w := warning(h.kit.Page(c, "respond.continue"), q, form, before, answer); w != nil {
		return h.showEquality(c, p, j, q, form, nil, w)
	}
	answers = maps.Clone(answers)
	if answers[q.ID] = answer; answer.Empty() {
		delete(answers, q.ID)
	}
	j = survey.NewEqualityJourney(p.def, answers)
	if !before.Empty() || !answer.Empty() {
		if err := h.keepEquality(c, p, s, j.OnPath()); err != nil {
			return err
		}
	}
	if next, ok := j.Next(q.ID); ok {
		return page.Redirect(c, p.equalityStep(next.ID))
	}
	return page.Redirect(c, p.to("/done"))
}

// equalityAnswers returns the answers that are stored, and whether consent stands at this moment. In a preview they are the
// officer's own, in the officer's session.
func (h *Handlers) equalityAnswers(c *fiber.Ctx, p place, s sent) (survey.Answers, bool, error) {
	if h.preview {
		session, err := page.Session(c)
		if err != nil {
			return nil, false, err
		}
		answers := survey.Answers{}
		session.JSON(h.sideKey("equality:", p), &answers)
		return answers, privacy.Permits(s.Consent), nil
	}
	held, err := h.service.HeldByCode(c.UserContext(), s.Code, ownNetwork(s.Reference))
	if err != nil {
		return nil, false, err
	}
	if held.Consultation.ID != p.ID {
		return nil, false, fault.New(fault.Forbidden, "respond.equality.forbidden")
	}
	return held.Equality, privacy.Permits(held.Consent.State), nil
}

func (h *Handlers) keepEquality(c *fiber.Ctx, p place, s sent, answers survey.Answers) error {
	if h.preview {
		session, err := page.Session(c)
		if err != nil {
			return err
		}
		return session.SetJSON(h.sideKey("equality:", p), answers)
	}
	err := h.service.SaveEquality(c.UserContext(), s.Code, p.ID, answers)
	if fault.Is(err, fault.Forbidden) {
		return fault.Wrap(err, fault.Forbidden, "respond.equality.forbidden")
	}
	return err
}

// ownNetwork is what a look-up counts against whose code was proved before in this session: never the network, in which
// somebody else may be guessing.
func ownNetwork(reference string) string { return "own:" + reference }

// warned says what a text seems to hold. No question has a field of its name.
type warned struct{ Text, Field, Kinds string }

const warnedField = "warned-of"

// warning looks through what is written beside an equality option, as the check page does with other answers (councils.md S1-2). There is no such page here:
// the question is shown once more before anything is stored, and the answer is taken as it is when it is sent again. Nothing of it lies in a session.
func warning(pg *page.Page, q survey.Question, form survey.Form, before, answer survey.Answer) *warned {
	if answer.Text == before.Text {
		return nil
	}
	kinds := SeemsToHold(q, answer)
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	told := strings.Join(names, " ")
	if told == "" || only(form, warnedField) == told {
		return nil
	}
	return &warned{pg.T("respond.check.seems", "Kinds", pg.MarkWords(kinds)), warnedField, told}
}

func (h *Handlers) showEquality(c *fiber.Ctx, p place, j survey.Journey, q survey.Question, values survey.Form, problems []survey.Problem, seems *warned) error {
	v := questionView{Page: h.page(c, "respond.continue"), Lang: p.foreign(page.Lang(c)), Seems: seems}
	v.Title, v.Caption = q.Text.In(v.Page.Lang), v.T("respond.equality.caption")
	v.Back = v.To(p.to("/equality/consent"))
	if previous, ok := j.Previous(q.ID); ok {
		v.Back = v.To(p.equalityStep(previous.ID))
	}
	status := fiber.StatusOK
	if len(problems) > 0 {
		v.SetProblems(problems)
		status = fiber.StatusUnprocessableEntity
	}
	q.Required = true // the caption says once that all are optional; the label must not say it again
	if err := h.fill(c, &v, q, values, survey.Answer{}); err != nil {
		return err
	}
	v.Skip = &page.Link{Text: v.T("respond.equality.skip"), Href: v.To(p.to("/done"))}
	return h.kit.Render(c, status, "respond/question", v)
}
