package office

import (
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// slugForm is what an address may be made of (consult.Consultation.Slug).
var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,58}[a-z0-9]$`)

// details edits what residents read before they start, and when the consultation runs.
func (h *Handlers) details(c *fiber.Ctx) error {
	con, _, _, err := h.open(c)
	if err != nil {
		return err
	}
	return h.showDetails(c, fiber.StatusOK, con, detailsForm(con), nil)
}

// detailsForm writes a consultation's details as they would be typed.
func detailsForm(con *consult.Consultation) survey.Form {
	f := survey.Form{}
	desk.PutText(f, "title", con.Title)
	desk.PutText(f, "summary", con.Summary)
	desk.PutText(f, "about", con.About)
	desk.PutText(f, "other_ways", con.OtherWays)
	desk.Put(f, "slug", con.Slug)
	desk.Put(f, "department", con.Department)
	desk.Put(f, "contact_name", con.ContactName)
	desk.Put(f, "contact_email", con.ContactEmail)
	desk.Put(f, "contact_phone", con.ContactPhone)
	putCount(f, "minutes", con.Minutes)
	putCount(f, "population", con.Population)
	desk.PutMoment(f, "opens", desk.MomentOf(con.OpensAt))
	desk.PutMoment(f, "closes", desk.MomentOf(con.ClosesAt))
	for _, l := range con.Languages {
		f["languages"] = append(f["languages"], string(l))
	}
	return f
}

// putCount writes a count; 0 is an empty field, because it means "not stated".
func putCount(f survey.Form, name string, n int) {
	if n > 0 {
		desk.Put(f, name, itoa(n))
	}
}

func (h *Handlers) showDetails(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error {
	v := Frame(h.Desk, c, con, "office.details.title", "overview")
	v.SetProblems(problems)
	f := desk.Fields{Page: v.Page, Form: form}
	blocks := []desk.Block{
		f.Text("title", "office.details.name"), f.Prose("summary", "office.details.summary", 3), f.Prose("about", "office.details.about", 10),
		f.Input("slug", "office.details.slug", "30"), f.Input("department", "office.details.department", "30"), f.Number("minutes", "office.details.minutes"),
		desk.H2(v.T("office.details.timetable")), f.Moment("opens", "office.details.opens"), f.Moment("closes", "office.details.closes"),
		desk.H2(v.T("office.details.contact")), f.Input("contact_name", "office.details.contact_name", "30"),
		f.Typed("contact_email", "office.details.contact_email", "email", "off"), f.Typed("contact_phone", "office.details.contact_phone", "tel", "off"),
		f.Prose("other_ways", "office.details.other_ways", 5),
		desk.H2(v.T("office.details.who")),
		f.Checks("languages", "office.details.languages", languageOptions(v.Page)...),
		f.Number("population", "office.details.population"),
	}
	return h.showForm(c, status, v, con, blocks, Path(con.ID))
}

// showForm answers with the form of one consultation, its version and the way back.
func (h *Handlers) showForm(c *fiber.Ctx, status int, v desk.View, con *consult.Consultation, blocks []desk.Block, back string) error {
	return ShowForm(h.Desk, c, status, v, con.Version, blocks, back)
}

// ShowForm answers with a form that edits one version of a record. after stands apart, below the form.
func ShowForm(d *desk.Desk, c *fiber.Ctx, status int, v desk.View, version int64, blocks []desk.Block, back string, after ...desk.Block) error {
	form, err := desk.EditForm(v.Page, version, back, blocks, page.Button{Text: v.T("office.save")})
	if err != nil {
		return err
	}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: v.T("office.crossed")}})
	}
	v.Blocks = append(append(v.Blocks, desk.Block{Form: form}), after...)
	return d.Show(c, status, v)
}

func languageOptions(p *page.Page) []page.Option {
	var out []page.Option
	for _, l := range desk.Languages(p) {
		out = append(out, page.Option{Value: string(l), Label: p.T("office.language." + string(l))})
	}
	return out
}

func (h *Handlers) detailsSave(c *fiber.Ctx) error {
	con, form, err := h.openForm(c, "languages")
	if err == nil {
		err = desk.Offered(form, map[string][]string{"languages": desk.LanguageCodes()})
	}
	if err != nil {
		return err
	}
	details, problems := readDetails(con.Details, form)
	slug := desk.Trimmed(form, "slug")
	if len(problems) > 0 {
		return h.showDetails(c, fiber.StatusUnprocessableEntity, con, form, problems)
	}
	return h.save(c, con, slug, form, details, Path(con.ID), h.showDetails)
}

// show shows a form of a consultation as it was typed, with what is wrong.
type show func(c *fiber.Ctx, status int, con *consult.Consultation, form survey.Form, problems []survey.Problem) error

// save stores the details of a consultation and goes on to next; or shows the form again with what is wrong; or, where
// somebody else saved first, the form again as it was typed, over the version that is there now.
func (h *Handlers) save(c *fiber.Ctx, con *consult.Consultation, slug string, form survey.Form, details consult.Details, next string, again show) error {
	version := desk.Version(form)
	err := h.Service.SaveDetails(c.UserContext(), desk.Staff(c), con.ID, slug, version, details)
	if err == nil {
		return page.Done(c, next, "office.saved")
	}
	if p, ok := desk.Mendable(err, "title-en"); ok {
		return again(c, fiber.StatusUnprocessableEntity, con, form, []survey.Problem{p})
	}
	if !desk.Crossed(err) {
		return err
	}
	now, _, _, openErr := h.open(c)
	if openErr != nil {
		return openErr
	}
	if now.Version == version || now.State != consult.Drafted {
		return err // not crossed: it has been published meanwhile
	}
	return again(c, fiber.StatusConflict, now, form, nil)
}

// readDetails reads the form over what is stored, in page order.
func readDetails(before consult.Details, f survey.Form) (consult.Details, []survey.Problem) {
	var problems []survey.Problem
	note := func(field, key string) { problems = append(problems, survey.Problem{Field: field, Key: key}) }
	d := before
	d.Title = desk.ReadText(f, "title", before.Title)
	d.Summary = desk.ReadText(f, "summary", before.Summary)
	d.About = desk.ReadText(f, "about", before.About)
	d.OtherWays = desk.ReadText(f, "other_ways", before.OtherWays)
	d.Department = desk.Trimmed(f, "department")
	d.ContactName, d.ContactEmail, d.ContactPhone = desk.Trimmed(f, "contact_name"), desk.Trimmed(f, "contact_email"), desk.Trimmed(f, "contact_phone")
	if d.Title[locale.English] == "" {
		note("title-en", "office.problem.title")
	}
	if !slugForm.MatchString(desk.Trimmed(f, "slug")) {
		note("slug", "office.problem.slug")
	}
	var ok bool
	if d.Minutes, ok = desk.Whole(f, "minutes"); !ok || d.Minutes > 240 {
		note("minutes", "office.problem.minutes")
	}
	var problem *survey.Problem
	if d.OpensAt, problem = desk.ReadMoment(f, "opens").Parse("opens"); problem != nil {
		problems = append(problems, *problem)
	}
	if d.ClosesAt, problem = desk.ReadMoment(f, "closes").Parse("closes"); problem != nil {
		problems = append(problems, *problem)
	} else if !d.OpensAt.IsZero() && !d.ClosesAt.After(d.OpensAt) {
		note("closes-day", "office.problem.closes_before")
	}
	if d.ContactEmail != "" && !strings.Contains(d.ContactEmail, "@") {
		note("contact_email", "office.problem.email")
	}
	d.Languages = nil
	for _, l := range locale.Langs() {
		for _, v := range f["languages"] {
			if v == string(l) {
				d.Languages = append(d.Languages, l)
			}
		}
	}
	if len(d.Languages) == 0 {
		note("languages", "office.problem.languages")
	}
	if d.Population, ok = desk.Whole(f, "population"); !ok {
		note("population", "office.problem.population")
	}
	return d, problems
}
