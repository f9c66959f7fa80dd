package respond

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// Drafted is the consultation that an officer looks at, and where its office page lies.
type Drafted struct {
	Consultation *consult.Consultation
	Definition   *survey.Definition // with the council's name filled in
	Office       string             // address of the consultation's office page, without language prefix
}

// NewPreview adds below r the very pages that residents will see, from the same templates and the same journey. Nothing is
// stored but in the officer's own session, and nothing is counted. load finds the consultation of the request and refuses
// who may not see it; r's prefix must be the office page's address followed by /preview.
func NewPreview(k *page.Kit, s Service, r *page.Routes, load func(*fiber.Ctx) (Drafted, error)) {
	h := &Handlers{kit: k, service: s, preview: true}
	h.load = func(c *fiber.Ctx) (place, error) {
		d, err := load(c)
		if err != nil {
			return place{}, err
		}
		return place{Consultation: d.Consultation, def: d.Definition, version: survey.Version(d.Consultation.Source),
			base: d.Office + "/preview", home: d.Office, status: consult.StatusOpen}, nil
	}
	h.journey(r)
}
