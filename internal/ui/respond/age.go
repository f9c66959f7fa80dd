package respond

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

type ageView struct {
	*page.Page
	Text     string
	Notice   string // what children are told, in words for them
	Lang     string // of that, where it is not the page's
	Choices  []page.Radios
	Age      page.Hidden
	Why      page.Details
	Continue page.Button
}

// gate returns the page that comes before the questions, or that nothing does: privacy.AgeRules decides, from what the draft holds.
func (p place) gate(d kept) (at string, open bool) {
	switch step, _ := p.Processing.Ages.Next(d.Ages); step {
	case privacy.AgeOpen:
		return "", true
	case privacy.AgeAuthorise:
		return p.to("/respond/age-permission"), false
	}
	return p.to("/respond/age-check"), false
}

// beforeQuestions is where "Back" from the first question leads: to the last page of the gate, if there is one.
func (p place) beforeQuestions(d kept) string {
	switch {
	case !p.Processing.Ages.Gated():
		return p.home
	case d.Ages.Authorised != nil:
		return p.to("/respond/age-permission")
	}
	return p.to("/respond/age-check")
}

// askAge asks whether somebody is old enough, before the first question (privacy.md 3.3). Who comes back to it after it was passed is asked again,
// from its first question, with nothing chosen.
func (h *Handlers) askAge(c *fiber.Ctx) error {
	p, d, done, err := h.visitGate(c)
	if done {
		return err
	}
	step, threshold := p.Processing.Ages.Next(d.Ages)
	if step != privacy.AgeAsk {
		if _, threshold = p.Processing.Ages.Next(privacy.AgeChecks{}); threshold == 0 {
			return page.Redirect(c, p.to("/respond"))
		}
	}
	return h.showAge(c, p, threshold, fiber.StatusOK)
}

func (h *Handlers) showAge(c *fiber.Ctx, p place, threshold, status int) error {
	v := ageView{Page: h.page(c, "respond.age.title", "Age", threshold), Age: page.Hidden{Name: "threshold", Value: itoa(threshold)}}
	v.Back = v.To(p.home)
	if status != fiber.StatusOK {
		v.AddProblem("over", "respond.age.error", "Age", threshold)
	}
	v.children(p)
	v.Choices = []page.Radios{yesNo(v.Page, "over", v.Title)}
	v.Why = page.Details{Summary: v.T("respond.age.why"), Paragraphs: []string{v.T("respond.age.why.text")}}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	return h.kit.Render(c, status, "respond/age", v)
}

// children shows what children are told, where the consultation is for them (UK GDPR art. 12(1)).
func (v *ageView) children(p place) {
	if r := p.Processing.Ages; r.Youth {
		v.Notice = r.Notice.In(v.Page.Lang)
		if actual := r.Notice.Lang(v.Page.Lang); actual != v.Page.Lang {
			v.Lang = string(actual)
		}
	}
}

// yesNo are two equal options, none chosen beforehand. The legend is the heading of the page, which is shown once.
func yesNo(p *page.Page, name, legend string) page.Radios {
	return page.Radios{
		Group:   page.Group{Name: name, Legend: legend, Hidden: true, Error: p.Error(name)},
		Options: []page.Option{{Value: "yes", Label: p.T("respond.age.yes")}, {Value: "no", Label: p.T("respond.age.no")}},
	}
}

// answerAge keeps the answer in the draft and leads on. Of who is too young nothing is kept, not even that they were here: the draft goes, with
// whatever it held.
func (h *Handlers) answerAge(c *fiber.Ctx) error {
	p, d, done, err := h.visitGate(c)
	if done {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	threshold, err := strconv.Atoi(only(form, "threshold"))
	if err != nil {
		return fiber.ErrBadRequest
	}
	said := only(form, "over")
	checks, err := p.Processing.Ages.Answer(d.Ages, threshold, said == "yes", privacy.DateOf(h.kit.Now()))
	if err != nil {
		return fiber.ErrBadRequest // an age that this page does not ask about
	}
	if said != "yes" && said != "no" {
		return h.showAge(c, p, threshold, fiber.StatusUnprocessableEntity)
	}
	if step, _ := p.Processing.Ages.Next(checks); step == privacy.AgeUnder {
		if err := h.forgetDraft(c, p); err != nil {
			return err
		}
		return page.Redirect(c, p.to("/respond/age-under"))
	}
	d.Ages = checks
	return h.pass(c, p, d)
}

// pass keeps the draft and leads to what comes next: more of the gate, or the questions.
func (h *Handlers) pass(c *fiber.Ctx, p place, d kept) error {
	if err := h.keepDraft(c, p, d); err != nil {
		return err
	}
	if at, open := p.gate(d); !open {
		return page.Redirect(c, at)
	}
	return page.Redirect(c, p.openStep(survey.NewJourney(p.def, d.Answers), d))
}

type underView struct {
	*page.Page
	Text      string
	OtherWays string // Markdown
	Lang      string // of that
	Contact   Contact
	Again     page.Link
	About     page.Link
}

// tooYoung shows another way to take part. It is the same for everybody who opens it: nothing says who was sent here (privacy.md 3.3).
func (h *Handlers) tooYoung(c *fiber.Ctx) error {
	p, err := h.load(c)
	if err != nil {
		return err
	}
	_, threshold := p.Processing.Ages.Next(privacy.AgeChecks{})
	if p.Processing.Ages.Minimum == 0 {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	v := underView{Page: h.page(c, "respond.age.under.title"), OtherWays: p.OtherWays.In(page.Lang(c)), Lang: p.foreign(page.Lang(c))}
	v.Back = v.To(p.to("/respond"))
	v.Text = v.T("respond.age.under.text", "Age", threshold)
	v.Contact = ContactOf(v.Page, p.Consultation)
	v.Again = page.Link{Text: v.T("respond.age.under.again"), Href: v.To(p.to("/respond"))}
	v.About = page.Link{Text: v.T("respond.ended.back"), Href: v.To(p.home)}
	return h.kit.Render(c, fiber.StatusOK, "respond/under", v)
}

// askPermission asks who agrees for a child under the age of consent, and how (UK GDPR art. 8(1) and (2)): never a name.
func (h *Handlers) askPermission(c *fiber.Ctx) error {
	p, d, done, err := h.visitPermission(c)
	if done {
		return err
	}
	form := survey.Form{}
	if a := d.Ages.Authorised; a != nil {
		form["relationship"], form["method"] = []string{a.Relationship}, []string{a.Method}
	}
	return h.showPermission(c, p, form, fiber.StatusOK)
}

// visitPermission leads who needs nobody's agreement to where they belong.
func (h *Handlers) visitPermission(c *fiber.Ctx) (p place, d kept, done bool, err error) {
	if p, d, done, err = h.visitGate(c); done {
		return p, d, done, err
	}
	if step, _ := p.Processing.Ages.Next(d.Ages); step != privacy.AgeAuthorise && d.Ages.Authorised == nil {
		return p, d, true, page.Redirect(c, p.to("/respond"))
	}
	return p, d, false, nil
}

func (h *Handlers) showPermission(c *fiber.Ctx, p place, form survey.Form, status int) error {
	age := privacy.Ages().Limit(privacy.AgeOfConsent).Age
	v := ageView{Page: h.page(c, "respond.age.permission.title"), Text: h.kit.T(c, "respond.age.permission.text", "Age", age)}
	v.Back = v.To(p.to("/respond/age-check"))
	v.children(p)
	for _, group := range []struct {
		name    string
		choices []privacy.AgeChoice
	}{{"relationship", privacy.Ages().Relationships}, {"method", privacy.Ages().Methods}} {
		if status != fiber.StatusOK && only(form, group.name) == "" {
			v.AddProblem(group.name, "respond.age.permission."+group.name+".error")
		}
		r := page.Radios{Group: page.Group{Name: group.name, Legend: v.T("respond.age.permission." + group.name), Size: "m", Error: v.Error(group.name)}}
		for _, choice := range group.choices {
			r.Options = append(r.Options, page.Option{Value: choice.ID, Label: choice.Name.In(v.Page.Lang), Checked: only(form, group.name) == choice.ID})
		}
		v.Choices = append(v.Choices, r)
	}
	v.Why = page.Details{Summary: v.T("respond.age.why"), Paragraphs: []string{v.T("respond.age.permission.why")}}
	v.Continue = page.Button{Text: v.T("respond.age.permission.agree")}
	return h.kit.Render(c, status, "respond/age", v)
}

// givePermission keeps who agreed and how.
func (h *Handlers) givePermission(c *fiber.Ctx) error {
	p, d, done, err := h.visitPermission(c)
	if done {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	a := privacy.Authorisation{Relationship: only(form, "relationship"), Method: only(form, "method"), On: privacy.DateOf(h.kit.Now())}
	if a.Relationship == "" || a.Method == "" {
		return h.showPermission(c, p, form, fiber.StatusUnprocessableEntity)
	}
	if d.Ages, err = p.Processing.Ages.Authorise(d.Ages, a); err != nil {
		return fiber.ErrBadRequest // codes that the page does not offer
	}
	return h.pass(c, p, d)
}

// equalityAge returns what comes before the equality questions. The response that is stored decides; in a preview what the officer answered.
func (h *Handlers) equalityAge(c *fiber.Ctx, p place, s sent) (privacy.AgeStep, error) {
	rules := p.Processing.Ages
	if h.preview || rules.Equality == 0 {
		return rules.EqualityNext(s.Ages), nil
	}
	held, err := h.service.HeldByCode(c.UserContext(), s.Code, ownNetwork(s.Reference))
	if err != nil {
		return privacy.AgeUnder, err
	}
	return rules.EqualityNext(held.Response.Ages), nil
}

// askEqualityAge asks those who want to answer the equality questions whether they are old enough for them, and nobody else.
func (h *Handlers) askEqualityAge(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	step, err := h.equalityAge(c, p, s)
	if err != nil {
		return err
	}
	if step == privacy.AgeAsk {
		return h.showEqualityAge(c, p, fiber.StatusOK)
	}
	return h.afterGate(c, p, step)
}

// afterGate is where somebody goes who wants to answer the equality questions.
func (h *Handlers) afterGate(c *fiber.Ctx, p place, step privacy.AgeStep) error {
	switch step {
	case privacy.AgeOpen:
		return page.Redirect(c, p.to("/equality/consent"))
	case privacy.AgeAsk:
		return page.Redirect(c, p.to("/equality/age-check"))
	}
	return page.Done(c, p.to("/done"), "respond.age.equality.under", "Age", itoa(p.Processing.Ages.Equality))
}

func (h *Handlers) showEqualityAge(c *fiber.Ctx, p place, status int) error {
	age := p.Processing.Ages.Equality
	v := ageView{Page: h.page(c, "respond.age.title", "Age", age)}
	v.Back = v.To(p.to("/equality"))
	if status != fiber.StatusOK {
		v.AddProblem("over", "respond.age.error", "Age", age)
	}
	v.Text = v.T("respond.age.equality.text", "Age", age)
	v.Choices = []page.Radios{yesNo(v.Page, "over", v.Title)}
	v.Why = page.Details{Summary: v.T("respond.age.why"), Paragraphs: []string{v.T("respond.age.equality.why")}}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	return h.kit.Render(c, status, "respond/age", v)
}

// answerEqualityAge leads who is old enough to the consent page. Who is not has answered everything there is for them: their response counts in full.
func (h *Handlers) answerEqualityAge(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	said := only(form, "over")
	if said != "yes" && said != "no" {
		return h.showEqualityAge(c, p, fiber.StatusUnprocessableEntity)
	}
	open, err := h.keepEqualityAge(c, p, &s, said == "yes")
	if err != nil {
		return err
	}
	if err := h.keepSent(c, p, s); err != nil {
		return err
	}
	if open {
		return h.afterGate(c, p, privacy.AgeOpen)
	}
	return h.afterGate(c, p, privacy.AgeUnder)
}

func (h *Handlers) keepEqualityAge(c *fiber.Ctx, p place, s *sent, over bool) (open bool, err error) {
	if !over && privacy.Permits(s.Consent) {
		s.Consent = privacy.ConsentWithdrawn // it rested on the answer that is taken back
	}
	if h.preview {
		s.Ages = p.Processing.Ages.AnswerEquality(s.Ages, over, privacy.DateOf(h.kit.Now()))
		return over && p.Processing.Ages.EqualityNext(s.Ages) == privacy.AgeOpen, nil
	}
	return h.service.CheckEqualityAge(here(c), s.Code, over)
}
