package record

import (
	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
)

// QuestionBlocks ask one question of many. Whom routing asks it is said, because on paper everybody sees it.
func QuestionBlocks(p *page.Page, all []survey.Question, q survey.Question, form survey.Form) []desk.Block {
	q = respond.OnlyIf(p, all, q)
	control := respond.ControlOf(p, q, form)
	out := []desk.Block{{Radios: control.Radios, Checks: control.Checkboxes, Input: control.Input, Area: control.Textarea, Date: control.Date}}
	if box := respond.BlankBox(p, q, form); box != nil {
		out = append(out, desk.Block{Checks: box})
	}
	return out
}

// Several are the fields that hold more than one value.
func Several(questions []survey.Question) (out []string) {
	for _, q := range questions {
		if q.Kind == survey.Multiple {
			out = append(out, q.ID)
		}
	}
	return out
}

// Sheet is what was entered on a page with many questions.
type Sheet struct {
	Answers  survey.Answers
	LeftOut  []string // questions that routing asks and that are marked as not answered
	Problems []survey.Problem
}

// ReadSheet reads all questions of a page. A question that must be answered on the website, that routing asks and that is empty must be marked as left out, so
// that nobody overlooks an answer. kept are answers that stand where nothing else is entered: routing goes by them too.
func ReadSheet(wards survey.Wards, lang locale.Lang, questions []survey.Question, form survey.Form, kept survey.Answers) (out Sheet, err error) {
	out.Answers = survey.Answers{}
	wrong := map[string][]survey.Problem{}
	for _, q := range questions {
		if !respond.BlankOffered(q, form) {
			return out, fiber.ErrBadRequest
		}
		optional := q
		optional.Required = false
		a, problems := optional.Parse(form, wards)
		if wrong[q.ID] = problems; !a.Empty() {
			out.Answers[q.ID] = a
		}
	}
	asked := survey.NewJourney(&survey.Definition{Sections: []survey.Section{{Questions: questions}}}, kept.With(out.Answers))
	for _, q := range questions {
		_, on := asked.Step(q.ID)
		switch empty := out.Answers[q.ID].Empty(); {
		case len(wrong[q.ID]) > 0:
			out.Problems = append(out.Problems, wrong[q.ID]...)
		case on && q.Required && empty && respond.LeftOut(q, form):
			out.LeftOut = append(out.LeftOut, q.ID)
		case on && q.Required && empty:
			out.Problems = append(out.Problems, survey.Problem{Field: q.Fields()[0], Key: "record.problem.blank", Args: []any{"Question", q.Text.In(lang)}})
		}
	}
	return out, nil
}

// read is ReadSheet with the council's wards.
func (h *Handlers) read(c *fiber.Ctx, lang locale.Lang, questions []survey.Question, form survey.Form) (out Sheet, err error) {
	wards, err := h.Service.Wards(c.UserContext())
	if err != nil {
		return out, err
	}
	return ReadSheet(wards, lang, questions, form, nil)
}
