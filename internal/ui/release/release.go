// Package release answers: what may leave the council, who gets it, and what has left already?
//
// The office's pages about partners, data sharing agreements and releases. A release is drafted from a catalogue of
// tables, protected by the service, looked at by a second person exactly as the partner will see it, and published or
// sent back. Every rule lies behind the service; a page shows what the service says and why it refuses.
//
// Reviewers: disclosure statistician, data protection officer, accessibility.
package release

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages about partners and releases. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	manage := desk.Need(consult.ManagePartners)
	partners := h.Office("/partners")
	partners.Get("", manage, h.partners)
	partners.Get("/new", manage, h.partnerNew)
	partners.Post("/new", manage, h.partnerAdd)
	partners.Get("/:id", manage, h.partner)

	agreements := h.Office("/agreements")
	agreements.Get("/new", manage, h.agreementNew)
	agreements.Post("/new", manage, h.agreementAdd)
	agreements.Get("/:id", manage, h.agreement)
	agreements.Post("/:id", manage, h.agreementSave)

	see, propose := desk.Need(consult.ProposeReleases, consult.ApproveReleases), desk.Need(consult.ProposeReleases)
	approve, revoke := desk.Need(consult.ApproveReleases), desk.Need(consult.ApproveReleases, consult.ManagePartners)
	releases := h.Office("/releases")
	releases.Get("", see, h.register)
	releases.Get("/new", propose, h.choose)
	releases.Get("/jobs/:id", propose, h.job)
	releases.Post("/jobs/:id/stop", propose, h.jobStop)
	one := releases.Group("/:id")
	one.Get("", see, h.show)
	one.Get("/report", see, h.report)
	one.Get("/propose", propose, h.proposal)
	one.Post("/propose", propose, h.propose)
	one.Get("/approve", approve, h.approve)
	one.Post("/approve", approve, h.approveSend)
	one.Get("/return", approve, h.sendBack)
	one.Post("/return", approve, h.sendBackSend)
	one.Get("/revoke", revoke, h.revoke)
	one.Post("/revoke", revoke, h.revokeSend)
	one.Get("/erase", propose, h.erase)
	one.Post("/erase", propose, h.eraseSend)

	draft := h.Office("/consultations/:id/releases")
	draft.Get("/ledger", see, h.ledger)
	draft.Get("/new", propose, h.draft)
	draft.Post("/new", propose, h.draftSend)
}

// Path returns the office address of a release's page.
func Path(id string, parts ...string) string {
	path := "/office/releases/" + id
	for _, p := range parts {
		path += "/" + p
	}
	return path
}

// stateColours never say a state alone: the tag has its words.
var stateColours = map[consult.ReleaseState]string{
	consult.ReleaseDraft: "grey", consult.ReleaseProposed: "yellow", consult.ReleaseReturned: "orange",
	consult.ReleasePublished: "green", consult.ReleaseRevoked: "red",
}

// stateTag shows where a release stands.
func stateTag(p *page.Page, s consult.ReleaseState) page.Tag {
	return page.Tag{Text: p.T("release.state." + string(s)), Colour: stateColours[s]}
}

// soon is how long before its end an agreement is said to be ending.
const soon = 30 * 24 * time.Hour

// agreementTag shows whether an agreement stands at the moment now.
func agreementTag(p *page.Page, a *consult.Agreement, now time.Time) page.Tag {
	switch {
	case !now.Before(a.ExpiresAt):
		return page.Tag{Text: p.T("agreement.state.expired"), Colour: "red"}
	case now.In(locale.London()).Format(time.DateOnly) < a.StartsOn:
		return page.Tag{Text: p.T("agreement.state.upcoming"), Colour: "blue"}
	case a.ExpiresAt.Sub(now) <= soon:
		return page.Tag{Text: p.T("agreement.state.ending"), Colour: "yellow"}
	}
	return page.Tag{Text: p.T("agreement.state.current"), Colour: "green"}
}

// lastDay is the last day on which an agreement stands: it expires at the end of it.
func lastDay(a *consult.Agreement) time.Time { return a.ExpiresAt.Add(-time.Second) }

// problem places a refusal of the service beside the field that it is about. ok is false for what cannot be mended in
// the form.
func problem(err error, fields map[string]string) (survey.Problem, bool) {
	var f *fault.Error
	if !errors.As(err, &f) {
		return survey.Problem{}, false
	}
	field, ok := fields[f.Key]
	if p, named := desk.Mendable(err, field); named && f.Field != "" {
		return p, true
	}
	return survey.Problem{Field: field, Key: f.Key, Args: f.Args}, ok
}

// names are the words for the ids that releases and agreements hold.
type names struct {
	partners      map[string]*consult.Partner
	agreements    map[string]*consult.Agreement
	consultations map[string]*consult.Consultation
}

// names reads them once for a page.
func (h *Handlers) names(c *fiber.Ctx) (n names, err error) {
	ctx, who := c.UserContext(), desk.Staff(c)
	n = names{map[string]*consult.Partner{}, map[string]*consult.Agreement{}, map[string]*consult.Consultation{}}
	partners, err := h.Service.Partners(ctx, who)
	if err != nil {
		return n, err
	}
	for _, x := range partners {
		n.partners[x.ID] = x
	}
	agreements, err := h.Service.Agreements(ctx, who)
	if err != nil {
		return n, err
	}
	for _, x := range agreements {
		n.agreements[x.ID] = x
	}
	consultations, err := h.Service.Consultations(ctx, who, consult.ConsultationFilter{})
	if err != nil {
		return n, err
	}
	for _, x := range consultations {
		n.consultations[x.ID] = x
	}
	return n, nil
}

// partnerOf returns the name of the partner of an agreement.
func (n names) partnerOf(agreementID string) string {
	a := n.agreements[agreementID]
	if a == nil || n.partners[a.PartnerID] == nil {
		return ""
	}
	return n.partners[a.PartnerID].Name
}

// title returns the title of a consultation.
func (n names) title(l locale.Lang, consultationID string) string {
	if c := n.consultations[consultationID]; c != nil {
		return c.Title.In(l)
	}
	return ""
}
