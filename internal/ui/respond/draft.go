package respond

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// kept is a draft as the session keeps it.
type kept struct {
	consult.Draft
	Seen map[string]bool `json:"seen"` // questions whose page was passed, answered or not
}

// sent is what the session keeps of a response that is stored. The code opens the response: it goes nowhere else.
type sent struct {
	Reference string               `json:"reference"`
	Code      string               `json:"code"`
	Consent   privacy.ConsentState `json:"consent"` // as last seen here
	At        string               `json:"at"`      // when consent was decided, RFC 3339
	Ages      privacy.AgeChecks    `json:"ages"`    // preview: what was answered about age, which the service keeps for a stored response
}

func (h *Handlers) draftKey(p place) string { return h.sideKey("draft:", p) }
func (h *Handlers) sentKey(p place) string  { return h.sideKey("sent:", p) }

func (h *Handlers) sideKey(prefix string, p place) string {
	switch {
	case h.preview:
		prefix = "preview-" + prefix
	case h.recorder != nil:
		prefix = recordPrefix + prefix
	}
	return prefix + p.ID
}

// draft returns the draft of the place. ok is false where the session has none, or one that belongs to another survey
// version or cannot be read: an old cookie opens nothing.
func (h *Handlers) draft(c *fiber.Ctx, p place) (d kept, ok bool, err error) {
	s, err := page.Session(c)
	if err != nil {
		return kept{}, false, err
	}
	if !s.JSON(h.draftKey(p), &d) || d.ConsultationID != p.ID || d.SurveyVersion != p.version || d.Token == "" {
		return kept{}, false, nil
	}
	if d.Answers == nil {
		d.Answers = survey.Answers{}
	}
	if d.Seen == nil {
		d.Seen = map[string]bool{}
	}
	return d, true, nil
}

func (h *Handlers) keepDraft(c *fiber.Ctx, p place, d kept) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	return s.SetJSON(h.draftKey(p), d)
}

// forgetDraft removes the draft from the session.
func (h *Handlers) forgetDraft(c *fiber.Ctx, p place) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	s.Delete(h.draftKey(p))
	return nil
}

// sent returns what the session knows of the response that was sent from it.
func (h *Handlers) sent(c *fiber.Ctx, p place) (out sent, ok bool, err error) {
	s, err := page.Session(c)
	if err != nil {
		return sent{}, false, err
	}
	ok = s.JSON(h.sentKey(p), &out) && (out.Code != "" || h.preview)
	return out, ok, nil
}

func (h *Handlers) keepSent(c *fiber.Ctx, p place, v sent) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	return s.SetJSON(h.sentKey(p), v)
}

// Begun says whether this browser has a draft of the consultation, and whether it has sent a response to it. It makes no
// session where there is none.
func Begun(c *fiber.Ctx, consultationID string) (draft, response bool, err error) {
	s, err := page.Session(c)
	if err != nil {
		return false, false, err
	}
	return s.Get("draft:"+consultationID) != "", s.Get("sent:"+consultationID) != "", nil
}

// firstOpen is where somebody continues: the first question that lacks a required answer or whose page was not passed yet.
// ok is false where only the check page is left.
func firstOpen(j survey.Journey, d kept) (id string, ok bool) {
	for _, q := range j.Steps() {
		if q.Required && d.Answers[q.ID].Empty() || !d.Seen[q.ID] {
			return q.ID, true
		}
	}
	return "", false
}

// openStep is the address of that place.
func (p place) openStep(j survey.Journey, d kept) string {
	if id, ok := firstOpen(j, d); ok {
		return p.step(id, false)
	}
	return p.to("/respond/check")
}
