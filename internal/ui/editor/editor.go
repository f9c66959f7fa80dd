// Package editor answers: how do officers change what a survey asks, in the browser and without scripts?
//
// A definition is edited as a whole: each page changes a copy of it and hands it to the service, which parses it
// again and says every fault. What a form cannot say can be said in the definition's YAML, which is uploaded,
// pasted and downloaded here too. Only drafts can be changed.
//
// Reviewers: survey designer, accessibility.
package editor

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// Handlers are the pages of the survey editor. They never change after they are made.
type Handlers struct{ *desk.Desk }

// Register adds the pages.
func (h *Handlers) Register() {
	see, edit := desk.Need(consult.SeeConsultations), desk.Need(consult.EditConsultations)
	r := h.Office("/consultations/:id")
	r.Get("/survey.yaml", see, h.download)
	s := r.Group("/survey")
	s.Get("", see, h.list)
	s.Get("/title", edit, h.title)
	s.Post("/title", edit, h.titleSave)
	s.Get("/order", edit, h.order)
	s.Post("/order", edit, h.orderSave)
	s.Get("/equality", edit, h.equality)
	s.Post("/equality", edit, h.equalitySave)
	s.Get("/source", edit, h.source)
	s.Post("/source", edit, h.sourceSave)
	s.Get("/add", edit, h.add)
	s.Get("/sections/:section", edit, h.section)
	s.Post("/sections/:section", edit, h.sectionSave)
	s.Get("/questions/:question", edit, h.question)
	s.Post("/questions/:question", edit, h.questionSave)
	s.Get("/questions/:question/condition", edit, h.condition)
	s.Post("/questions/:question/condition", edit, h.conditionSave)
	s.Get("/questions/:question/remove", edit, h.remove)
	s.Post("/questions/:question/remove", edit, h.removeSend)
}

// path returns the address of a page of the editor.
func path(con *consult.Consultation, parts ...string) string {
	return office.Path(con.ID, append([]string{"survey"}, parts...)...)
}

// open loads a draft and a copy of its definition to change. A definition with faults can only be mended as YAML.
func (h *Handlers) open(c *fiber.Ctx) (*consult.Consultation, *survey.Definition, error) {
	con, d, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return nil, nil, err
	}
	if con.State != consult.Drafted {
		return nil, nil, fault.New(fault.Conflict, "editor.frozen")
	}
	if d == nil {
		return con, nil, nil
	}
	return con, d.Clone(), nil
}

// openSound loads a draft whose definition has no faults; otherwise the YAML page is where to go.
func (h *Handlers) openSound(c *fiber.Ctx) (*consult.Consultation, *survey.Definition, error) {
	con, d, err := h.open(c)
	if err == nil && d == nil {
		return nil, nil, fault.New(fault.Conflict, "editor.faulty")
	}
	return con, d, err
}

// openForm is openSound with the form that was sent (desk.ReadForm).
func (h *Handlers) openForm(c *fiber.Ctx, several ...string) (*consult.Consultation, *survey.Definition, survey.Form, error) {
	con, d, err := h.openSound(c)
	if err != nil {
		return nil, nil, nil, err
	}
	form, err := desk.ReadForm(c, several...)
	return con, d, form, err
}

// again shows a form once more: with problems (422), or over the version that is there now (409).
type again func(status int, con *consult.Consultation, problems []survey.Problem) error

// save stores the changed definition and goes on to next. Faults that the form did not foresee are shown with it.
func (h *Handlers) save(c *fiber.Ctx, con *consult.Consultation, d *survey.Definition, next string, show again) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	version := desk.Version(form)
	faults, err := h.Service.SaveDefinition(c.UserContext(), desk.Staff(c), con.ID, version, d)
	if desk.Crossed(err) && con.Version != version {
		return show(fiber.StatusConflict, con, nil)
	}
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return show(fiber.StatusUnprocessableEntity, con, faultProblems(h.Kit, c, d, faults))
	}
	return page.Done(c, next, "office.saved")
}

// place is where in a definition a fault is: sections[0].questions[2].text.cy.
var place = regexp.MustCompile(`^sections\[(\d+)\](?:\.questions\[(\d+)\])?`)

// faultProblems turns a definition's faults into lines of the error summary. A fault is not a field's: its name says which
// question or section it is about, so that the summary can lead there.
func faultProblems(k *page.Kit, c *fiber.Ctx, d *survey.Definition, faults []survey.Fault) []survey.Problem {
	var out []survey.Problem
	for i, f := range faults {
		field, where := "fault-"+itoa(i), f.Path
		if m := place.FindStringSubmatch(f.Path); m != nil {
			s, _ := strconv.Atoi(m[1])
			at, err := strconv.Atoi(m[2])
			switch {
			case s >= len(d.Sections):
			case err == nil && at < len(d.Sections[s].Questions):
				q := d.Sections[s].Questions[at]
				field, where = field+"-questions-"+q.ID, q.Text.In(page.Lang(c))
			default:
				field, where = field+"-sections-"+d.Sections[s].ID, d.Sections[s].Title.In(page.Lang(c))
			}
		}
		text := k.Catalogue().T(page.Lang(c), f.Key, f.Args...)
		out = append(out, survey.Problem{Field: field, Key: "editor.fault", Args: []any{"Where", where, "Text", text}})
	}
	return out
}

// link points the lines that faultProblems made at the page that mends them, or at the form's first field where that page is
// this one or there is none.
func link(p *page.Page, con *consult.Consultation, to string) {
	for i := range p.Problems {
		rest, ok := strings.CutPrefix(p.Problems[i].Field, "fault-")
		if !ok {
			continue
		}
		p.Problems[i].Href = "#" + to
		parts := strings.SplitN(rest, "-", 3)
		if len(parts) < 3 {
			continue
		}
		if there := path(con, parts[1], parts[2]); there != p.Path {
			p.Problems[i].Href = p.To(there)
		}
	}
}

// find returns where a question is. err is fault.NotFound where it is nowhere.
func find(d *survey.Definition, id string) (section, at int, err error) {
	for i, s := range d.Sections {
		if k := slices.IndexFunc(s.Questions, func(q survey.Question) bool { return q.ID == id }); k >= 0 {
			return i, k, nil
		}
	}
	return 0, 0, fault.New(fault.NotFound, "editor.question_gone")
}

// ids returns every question id of a definition, so that a new one is unlike any.
func ids(d *survey.Definition) []string {
	var out []string
	for _, q := range d.Questions() {
		out = append(out, q.ID)
	}
	for _, q := range d.Equality {
		out = append(out, q.ID)
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
