package office

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// upload is the choice beside the standard surveys: a definition of one's own.
const upload = "_upload"

// create offers the standard surveys and one's own definition.
func (h *Handlers) create(c *fiber.Ctx) error {
	return h.showCreate(c, fiber.StatusOK, survey.Form{}, nil, nil)
}

func (h *Handlers) showCreate(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem, faults []survey.Fault) error {
	p := h.Kit.Page(c, "office.create.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.consultations"), Href: "/office/consultations"}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var options []page.Option
	for _, l := range h.Service.Library {
		o := page.Option{Value: l.Name, Label: l.Name}
		if d, faults := survey.Parse(l.Source, h.Service.Bank); len(faults) == 0 {
			d = d.ForCouncil(p.Council.Name)
			o.Label, o.Hint = d.Title.In(p.Lang), d.Summary.In(p.Lang)
		}
		options = append(options, o)
	}
	options = append(options, page.Option{Value: upload, Label: p.T("office.create.upload"), Hint: p.T("office.create.upload.hint"), Or: true})
	fields := []desk.Block{f.Radios("from", "office.create.from", options...),
		f.File("file", "office.source.file", ".yaml,.yml,text/yaml"), f.Area("source", "office.source.text", 8)}
	create, err := desk.PostForm(p, "/office/consultations", fields, page.Button{Text: p.T("office.create.button")})
	if err != nil {
		return err
	}
	create.Multipart = true
	blocks := []desk.Block{}
	if len(faults) > 0 {
		blocks = append(blocks, desk.Faults(p, form.First("source"), faults)...)
	}
	blocks = append(blocks, desk.Block{Form: create}, desk.H2(p.T("office.create.format")), desk.Para(p.T("office.create.format.help")),
		desk.LinkList(page.Link{Text: p.T("office.create.schema"), Href: page.SchemaPath}))
	return h.Show(c, status, desk.View{Page: p, Blocks: blocks})
}

func (h *Handlers) createSend(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	from := form.First("from")
	var source []byte
	offered := slices.ContainsFunc(h.Service.Library, func(l consult.LibrarySurvey) bool { return l.Name == from })
	switch {
	case from != upload && !offered:
		return h.showCreate(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{{Field: "from", Key: "office.problem.from"}}, nil)
	case from == upload:
		text, problem := desk.ReadSource(c, form)
		if problem != nil {
			return h.showCreate(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{*problem}, nil)
		}
		source = []byte(text)
		form["source"] = []string{text}
		from = ""
	}
	con, faults, err := h.Service.CreateConsultation(c.UserContext(), desk.Staff(c), from, source)
	if p, ok := desk.Mendable(err, "from"); ok {
		return h.showCreate(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{p}, nil)
	}
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		problem := survey.Problem{Field: "source", Key: "office.problem.faults", Args: []any{"Count", len(faults)}}
		return h.showCreate(c, fiber.StatusUnprocessableEntity, form, []survey.Problem{problem}, faults)
	}
	return page.Done(c, Path(con.ID), "office.create.done")
}
