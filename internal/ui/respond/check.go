package respond

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

type checkView struct {
	*page.Page
	Lang     string
	Sections []answerSection
	Seems    []seems  // answers that seem to hold somebody's personal details
	Dropped  []string // questions that are no longer asked
	Nothing  bool     // no question was answered
	Send     page.Button
	Notice   string // address of the privacy notice
}

// seems is an answer that seems to hold somebody's personal details: the respondent is told, and may send it all the same.
type seems struct {
	Question, Text string
	Change         page.Link
}

// SeemsToHold looks through what was written in an answer for what tells who somebody is (councils.md S1-2).
func SeemsToHold(q survey.Question, a survey.Answer) []privacy.MarkKind {
	if q.Kind == survey.Number || q.Kind == survey.Date {
		return nil
	}
	return privacy.KindsOf(privacy.Scan(a.Text))
}

// warnings looks through what was written, as the program will when it is sent (councils.md S1-2).
func warnings(pg *page.Page, j survey.Journey, change func(id string) string) (out []seems) {
	for _, q := range j.Steps() {
		if kinds := SeemsToHold(q, j.Answer(q.ID)); len(kinds) > 0 {
			question := q.Text.In(pg.Lang)
			out = append(out, seems{question, pg.T("respond.check.seems", "Kinds", pg.MarkWords(kinds)),
				page.Link{Text: pg.T("respond.check.seems.change"), Href: pg.To(change(q.ID)), Hidden: pg.T("respond.check.change.of", "Question", question)}})
		}
	}
	return out
}

// answerSection is one section of the survey with what was answered.
type answerSection struct {
	Title string
	List  page.SummaryList
}

// answers lists what was answered on the path, section by section. change makes the "Change" link of a question.
func (h *Handlers) answers(c *fiber.Ctx, pg *page.Page, def *survey.Definition, j survey.Journey, change func(id string) string) ([]answerSection, error) {
	var out []answerSection
	for _, s := range def.Sections {
		section := answerSection{Title: s.Title.In(pg.Lang)}
		for _, q := range s.Questions {
			if _, asked := j.Step(q.ID); !asked {
				continue
			}
			row, err := h.row(c, pg, q, j.Answer(q.ID))
			if err != nil {
				return nil, err
			}
			if change != nil {
				row.Links = []page.Link{{Text: pg.T("respond.check.change"), Href: pg.To(change(q.ID)),
					Hidden: pg.T("respond.check.change.of", "Question", row.Key)}}
			}
			section.List.Rows = append(section.List.Rows, row)
		}
		if len(section.List.Rows) > 0 {
			out = append(out, section)
		}
	}
	return out, nil
}

// row is one question with its answer in words.
func (h *Handlers) row(c *fiber.Ctx, pg *page.Page, q survey.Question, a survey.Answer) (page.SummaryRow, error) {
	row := page.SummaryRow{Key: q.Text.In(pg.Lang), Lines: q.Show(a, pg.Lang)}
	if q.Kind == survey.LongText {
		row.Lines = strings.FieldsFunc(a.Text, func(r rune) bool { return r == '\n' })
	}
	if (q.Kind == survey.LongText || q.Kind == survey.ShortText) && a.Text == "" && slices.Contains(a.Codes, consult.CodeWritten) {
		row.Lines = []string{pg.T("respond.answer.disposed")} // its time was over before that of the response
	}
	if q.Kind != survey.Postcode || len(a.Codes) == 0 {
		return row, nil
	}
	g, err := h.service.Geography(c.UserContext())
	if err != nil {
		return row, err
	}
	row.Lines = []string{wardName(g, pg, a.Codes[0])}
	if a.Text != "" {
		row.Lines = []string{a.Text, row.Lines[0]}
	}
	return row, nil
}

// check shows all answers before they are sent.
func (h *Handlers) check(c *fiber.Ctx) error {
	p, d, done, err := h.visit(c)
	if done {
		return err
	}
	j := p.path(d)
	if missing := j.Missing(); len(missing) > 0 {
		return page.Redirect(c, p.step(missing[0].ID, true))
	}
	v := checkView{Page: h.page(c, "respond.check.title"), Lang: p.foreign(page.Lang(c)), Nothing: len(j.OnPath()) == 0}
	if steps := j.Steps(); len(steps) > 0 {
		v.Back = v.To(p.step(steps[len(steps)-1].ID, false))
	}
	v.Send = page.Button{Text: v.T("respond.check.send")}
	told := *p.Consultation // what is pinned is the version that was shown when the draft began
	if d.NoticeVersion > 0 {
		told.NoticeVersion = d.NoticeVersion
	}
	v.Notice = v.To(noticePath(&told))
	if v.Sections, err = h.answers(c, v.Page, p.def, j, func(id string) string { return p.step(id, true) }); err != nil {
		return err
	}
	v.Seems = warnings(v.Page, j, func(id string) string { return p.step(id, true) })
	for _, id := range j.Dropped() {
		q, _ := p.def.Question(id)
		v.Dropped = append(v.Dropped, q.Text.In(v.Page.Lang))
	}
	return h.kit.Render(c, fiber.StatusOK, "respond/check", v)
}

// noticePath is the address of the privacy notice that a published consultation pins; drafts have none yet.
func noticePath(c *consult.Consultation) string {
	if c.NoticeID == "" {
		return "/privacy"
	}
	return "/privacy/notices/" + c.NoticeID + "/" + itoa(c.NoticeVersion)
}
