package respond

import (
	"maps"
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// recordPrefix keeps an officer's drafts apart from what the officer answers as a resident in the same browser.
const recordPrefix = "record-"

// Recorder is what the journey needs to know when an officer goes through it for somebody who says what to enter.
type Recorder struct {
	Load func(*fiber.Ctx) (Drafted, error)                         // finds the consultation and refuses who may not record
	Send func(*fiber.Ctx, *consult.Draft) (next string, err error) // stores the response; next is the page to go on with
	Note func(*fiber.Ctx, *page.Page) string                       // says on every page what is going on
}

// NewRecorder adds below r the very questions that residents are asked, from the same templates and the same journey, for an officer who reads them out. r's
// prefix must be the office page's address; without a draft (KeepDraft) the pages lead to the office page.
func NewRecorder(k *page.Kit, s Service, r *page.Routes, rec Recorder) {
	h := &Handlers{kit: k, service: s, recorder: &rec}
	h.load = func(c *fiber.Ctx) (place, error) {
		d, err := rec.Load(c)
		if err != nil {
			return place{}, err
		}
		return place{Consultation: d.Consultation, def: d.Definition, version: d.Consultation.SurveyVersion, base: d.Office, home: d.Office,
			status: consult.StatusOpen}, nil
	}
	h.asking(r)
}

// KeepDraft puts a draft that an officer begins into the officer's session.
func KeepDraft(c *fiber.Ctx, d *consult.Draft) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	return s.SetJSON(recordPrefix+"draft:"+d.ConsultationID, kept{Draft: *d, Seen: map[string]bool{}})
}

// DropDraft removes it.
func DropDraft(c *fiber.Ctx, consultationID string) error {
	s, err := page.Session(c)
	if err != nil {
		return err
	}
	s.Delete(recordPrefix + "draft:" + consultationID)
	return nil
}

// record stores what the officer entered.
func (h *Handlers) record(c *fiber.Ctx, p place, d kept) error {
	if missing := p.path(d).Missing(); len(missing) > 0 {
		return page.Redirect(c, p.step(missing[0].ID, true))
	}
	next, err := h.recorder.Send(c, &d.Draft)
	if err != nil {
		return err
	}
	if err := h.forgetDraft(c, p); err != nil {
		return err
	}
	return page.Redirect(c, next)
}

// waive notes whether a question that must be answered on the website is left out.
func (d *kept) waive(q survey.Question) {
	d.Unanswered = slices.DeleteFunc(slices.Clone(d.Unanswered), func(id string) bool { return id == q.ID })
	if q.Required && d.Answers[q.ID].Empty() {
		d.Unanswered = append(d.Unanswered, q.ID)
	}
}

func blankField(q survey.Question) string { return q.ID + "-blank" }

// LeftOut reports whether an officer says that the person did not answer a question that must be answered on the website, and entered nothing else.
func LeftOut(q survey.Question, form survey.Form) bool {
	if !q.Required || only(form, blankField(q)) != "1" {
		return false
	}
	for _, name := range q.Fields() {
		if slices.ContainsFunc(form[name], func(v string) bool { return v != "" }) {
			return false
		}
	}
	return true
}

// BlankOffered reports whether a form says nothing of that but what its page offers.
func BlankOffered(q survey.Question, form survey.Form) bool {
	sent := form[blankField(q)]
	return len(sent) == 0 || q.Required && len(sent) == 1 && sent[0] == "1"
}

// BlankBox is the box with which an officer says that; nil for questions that may be left out by everybody.
func BlankBox(p *page.Page, q survey.Question, values survey.Form) *page.Checkboxes {
	if !q.Required {
		return nil
	}
	return &page.Checkboxes{Small: true, Group: page.Group{Name: blankField(q), Legend: p.T("record.blank"), Hidden: true},
		Options: []page.Option{{Value: "1", Label: p.T("record.blank"), Checked: only(values, blankField(q)) == "1"}}}
}

// MarkLeftOut returns the values of a page on which that box is ticked.
func MarkLeftOut(q survey.Question, values survey.Form) survey.Form {
	out := maps.Clone(values)
	if out == nil {
		out = survey.Form{}
	}
	out[blankField(q)] = []string{"1"}
	return out
}
