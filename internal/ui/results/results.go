// Package results answers: what did people say, for officers inside the council?
//
// The figures are exact and stay inside: what leaves the council is a release. Equality break-downs hide groups with
// a base under 10 here too; the service does that. Every chart stands over a table with the same figures.
//
// Reviewers: survey statistician, accessibility.
package results

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages of results and exports. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	see, export := desk.Need(consult.SeeResults), desk.Need(consult.ExportResponses)
	r := h.Office("/consultations/:id")
	r.Get("/results", see, h.results)
	r.Get("/results/crosstab", see, h.crossTab)
	r.Get("/results/texts/:question", see, h.texts)
	r.Get("/export", export, h.export)
	r.Get("/export/responses.csv", export, h.responsesFile)
	r.Get("/export/codebook.csv", export, h.codebookFile)
}

// open loads the consultation of the address and what it asks: results begin with its publication.
func (h *Handlers) open(c *fiber.Ctx) (*consult.Consultation, *survey.Definition, error) {
	con, d, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return nil, nil, err
	}
	if con.State == consult.Drafted {
		return nil, nil, fault.New(fault.NotFound, "results.draft")
	}
	return con, d, nil
}

// results shows summary figures, responses by day and channel, and every question.
func (h *Handlers) results(c *fiber.Ctx) error {
	con, _, err := h.open(c)
	if err != nil {
		return err
	}
	v := office.Frame(h.Desk, c, con, "results.title", "results")
	res, err := h.Service.Results(c.UserContext(), desk.Staff(c), con.ID)
	if err != nil {
		return err
	}
	if res.Responses == 0 {
		v.Blocks = append(v.Blocks, desk.Para(v.T("results.empty")), desk.Block{Copy: &desk.Copy{Label: v.T("office.overview.share"), Text: page.Address(c) + "/c/" + con.Slug}})
		return h.Show(c, fiber.StatusOK, v)
	}
	v.Blocks = append(v.Blocks, desk.Block{Figures: figures(v.Page, res)}, desk.Block{Inset: &page.Inset{Paragraphs: []string{v.T("results.self_selected")}}})
	v.Blocks = append(v.Blocks, desk.Block{Buttons: []page.Button{{Text: v.T("results.crosstab.link"), Kind: "secondary", Href: v.To(office.Path(con.ID, "results", "crosstab"))}}})
	v.Blocks = append(v.Blocks, byDay(v.Page, res.Days)...)
	v.Blocks = append(v.Blocks, desk.Small(v.T("results.reading")))
	d := res.Definition
	for i, q := range res.Questions {
		if s := sectionOf(d, q.Question.ID); i == 0 || s.ID != sectionOf(d, res.Questions[i-1].Question.ID).ID {
			v.Blocks = append(v.Blocks, desk.Block{Heading: &desk.Heading{Text: s.Title.In(v.Lang), Large: true}})
		}
		v.Blocks = append(v.Blocks, questionBlocks(v.Page, con, q, i+1)...)
	}
	return h.Show(c, fiber.StatusOK, v)
}

// figures are the headline numbers: responses, today, and the best and worst of the scale questions.
func figures(p *page.Page, res *consult.Results) []page.Figure {
	out := []page.Figure{{Label: p.T("office.today.responses"), Value: whole(res.Responses)}}
	if last := len(res.Days); last > 0 {
		n := 0
		for _, d := range res.Days {
			if d.Day == res.Days[last-1].Day {
				n += d.Count
			}
		}
		out = append(out, page.Figure{Label: p.T("results.last_day"), Value: whole(n), Note: locale.ISODate(p.Lang, res.Days[last-1].Day)})
	}
	var best, worst *consult.QuestionResult
	for i := range res.Questions {
		q := &res.Questions[i]
		if !q.Scale || q.LowBase == lowNone {
			continue
		}
		if best == nil || q.Net > best.Net {
			best = q
		}
		if worst == nil || q.Net < worst.Net {
			worst = q
		}
	}
	if best != nil {
		out = append(out, page.Figure{Label: p.T("results.best"), Value: signed(best.Net), Note: best.Question.Text.In(p.Lang)})
	}
	if worst != nil && worst != best {
		out = append(out, page.Figure{Label: p.T("results.worst"), Value: signed(worst.Net), Note: worst.Question.Text.In(p.Lang)})
	}
	return out
}

// Low bases as the service names them (question-bank.md 8).
const (
	lowCaution = "caution"
	lowNone    = "none"
)

func itoa(n int) string { return strconv.Itoa(n) }

func whole(n int) string { return locale.Number(int64(n)) }

// percent writes per cent, rounded once, to whole per cent.
func percent(f float64) string { return locale.Decimal(f, 0) + "%" }

// signed writes percentage points with their sign.
func signed(f float64) string {
	s := locale.Decimal(f, 0)
	if f > 0 && s != "0" {
		s = "+" + s
	}
	return s
}
