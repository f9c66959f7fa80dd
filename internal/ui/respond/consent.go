package respond

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

// The values of the consent page's two options.
const (
	agree  = "agree"
	refuse = "refuse"
)

type consentView struct {
	*page.Page
	Statement privacy.Statement
	Stands    string   // consent was given before: what choosing now does
	Notes     []string // what changed since and why
	Version   string   // of the notice that the question is about; empty for the newest
	Choice    page.Radios
	Notice    page.Link
	Withdraw  *page.Link // to where consent is withdrawn at once; nil where neither option is about a consent that stands
	Continue  page.Button
}

// consent shows the explicit-consent statement: a page of its own with two equal options and nothing chosen beforehand (UK
// GDPR art. 9(2)(a); privacy.md 3.1 and 3.6).
func (h *Handlers) consent(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	switch step, err := h.equalityAge(c, p, s); {
	case err != nil:
		return err
	case step != privacy.AgeOpen:
		return page.Redirect(c, p.to("/equality/age-check"))
	}
	return h.showConsent(c, p, s, "")
}

func (h *Handlers) showConsent(c *fiber.Ctx, p place, s sent, problem string) error {
	v := consentView{Page: h.page(c, "respond.consent.title")}
	v.Back = v.To(p.to("/equality"))
	statement, err := h.statement(c, p, v.Page)
	if err != nil {
		return err
	}
	v.Statement = statement
	v.Title = statement.Heading
	status := fiber.StatusOK
	if problem != "" {
		v.AddProblem("consent", problem)
		status = fiber.StatusUnprocessableEntity
	}
	if privacy.Permits(s.Consent) {
		v.Stands = v.T("respond.consent.stands", "Date", locale.DateTime(v.Page.Lang, s.decidedAt()))
	}
	v.Choice = page.Radios{
		Group: page.Group{Name: "consent", Legend: statement.Heading, Hidden: true, Error: v.Error("consent")},
		Options: []page.Option{
			{Value: agree, Label: statement.Agree},
			{Value: refuse, Label: statement.Refuse},
		},
	}
	v.Notice = page.Link{Text: v.T("respond.consent.notice"), Href: v.To(noticePath(p.Consultation))}
	v.Continue = page.Button{Text: v.T("respond.continue")}
	return h.kit.Render(c, status, "respond/consent", v)
}

// statement returns the statement as it must be shown. A draft consultation has no published survey version, so that its preview
// is made from what is there now.
func (h *Handlers) statement(c *fiber.Ctx, p place, pg *page.Page) (privacy.Statement, error) {
	if h.preview {
		return privacy.ConsentStatement(pg.Council, p.Processing, p.Title, pg.Lang, page.Address(c)+pg.To("/your-response")), nil
	}
	return h.service.ConsentStatement(c.UserContext(), p.Consultation, pg.Lang)
}

// decideConsent records the choice. The hash of the statement travels with the form, so that nobody agrees to words that were
// changed in between.
func (h *Handlers) decideConsent(c *fiber.Ctx) error {
	p, s, done, err := h.afterEquality(c)
	if done {
		return err
	}
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	step, err := h.equalityAge(c, p, s)
	if err != nil {
		return err
	}
	choice := only(form, "consent")
	if step != privacy.AgeOpen && choice != refuse { // a refusal needs no age
		return page.Redirect(c, p.to("/equality/age-check"))
	}
	if choice != agree && choice != refuse {
		return h.showConsent(c, p, s, "respond.consent.error")
	}
	status, err := h.decide(c, p, s, choice == agree, only(form, "statement"))
	if fault.Is(err, fault.Conflict) {
		return h.showConsent(c, p, s, "respond.consent.changed")
	}
	if err != nil {
		return err
	}
	s.Consent, s.At = status.State, status.At.UTC().Format(time.RFC3339)
	if err := h.keepSent(c, p, s); err != nil {
		return err
	}
	if privacy.Permits(status.State) {
		return page.Redirect(c, p.firstEquality())
	}
	return page.Redirect(c, p.to("/done"))
}

func (h *Handlers) decide(c *fiber.Ctx, p place, s sent, given bool, hash string) (consult.ConsentStatus, error) {
	if !h.preview {
		return h.service.DecideConsent(here(c), s.Code, given, hash, page.Lang(c))
	}
	statement, err := h.statement(c, p, h.page(c, "respond.consent.title"))
	if err != nil {
		return consult.ConsentStatus{}, err
	}
	if statement.Hash != hash { // a preview refuses what the real page refuses
		return consult.ConsentStatus{}, fault.New(fault.Conflict, "error.consent.changed")
	}
	state := privacy.ConsentRefused
	if given {
		state = privacy.ConsentGiven
	}
	return consult.ConsentStatus{State: state, At: h.kit.Now()}, nil
}

// decidedAt is when consent was decided; the zero time if it was not.
func (s sent) decidedAt() time.Time {
	at, err := time.Parse(time.RFC3339, s.At)
	if err != nil {
		return time.Time{}
	}
	return at
}
