package respond

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// place is the consultation that a request is about, and where its pages lie.
type place struct {
	*consult.Consultation
	def     *survey.Definition
	version string // of the survey; a draft of another version is not continued
	base    string // address below which the pages lie, without language prefix
	home    string // what "Back" from the first question leads to
	status  consult.Status
}

// path is the way through the questions. Those that the person does not answer need no answer (recorded responses only).
func (p place) path(d kept) survey.Journey {
	return survey.NewJourney(p.def.WithoutRequired(d.Unanswered), d.Answers)
}

// to returns the address of one of the place's pages.
func (p place) to(path string) string { return p.base + path }

// step is the address of a question's page. change says that the person comes from the check page.
func (p place) step(id string, change bool) string {
	if change {
		return p.base + "/respond/" + id + "?change=1"
	}
	return p.base + "/respond/" + id
}

// equalityStep is the address of an equality question's page.
func (p place) equalityStep(id string) string { return p.base + "/equality/" + id }

// foreign returns the language that the consultation's texts are really in where that is not the page's, for the
// lang attribute (WCAG 3.1.2); else "".
func (p place) foreign(l locale.Lang) string {
	if actual := p.Title.Lang(l); actual != l {
		return string(actual)
	}
	return ""
}

// language is the one that a response counts as given in: the page's, if the consultation is offered in it.
func (p place) language(l locale.Lang) locale.Lang {
	if slices.Contains(p.Languages, l) {
		return l
	}
	return locale.English
}

func (h *Handlers) loadPublic(c *fiber.Ctx) (place, error) {
	found, def, err := h.service.PublicConsultation(c.UserContext(), c.Params("slug"))
	if err != nil {
		return place{}, err
	}
	base := "/c/" + found.Slug
	return place{Consultation: found, def: def, version: found.SurveyVersion, base: base, home: base, status: found.Status(h.kit.Now())}, nil
}

// page returns the page of the place with the title key.
func (h *Handlers) page(c *fiber.Ctx, key string, args ...any) *page.Page {
	p := h.kit.Page(c, key, args...)
	if h.preview {
		p.Banner = &page.Notification{Tone: page.Important, Text: p.T("respond.preview.banner")}
	}
	if h.recorder != nil {
		p.Banner = &page.Notification{Tone: page.Important, Text: h.recorder.Note(c, p)}
	}
	return p
}

// wardName returns the name of a ward in words. Codes of our own, and wards that are no longer in the table, have words
// too.
func wardName(g *consult.Geography, p *page.Page, code string) string {
	switch code {
	case survey.CodeElsewhere:
		return p.T("respond.postcode.elsewhere")
	case survey.CodeUnknown:
		return p.T("respond.postcode.unknown")
	}
	if g != nil {
		for _, w := range g.Wards {
			if w.Code == code {
				return p.T("respond.postcode.ward", "Ward", w.Label.In(p.Lang))
			}
		}
	}
	return p.T("respond.postcode.ward", "Ward", code)
}
