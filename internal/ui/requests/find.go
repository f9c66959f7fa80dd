package requests

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// answerField is the beginning of the names of fields for answers: the question's id follows.
const answerField = "answer-"

// searchable finds the request of the page. fault.Conflict if it cannot be searched for.
func (h *Handlers) searchable(c *fiber.Ctx) (*dpo.Case, error) {
	x, err := h.Cases.Case(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err == nil {
		err = x.Request.Searchable()
	}
	return x, err
}

// find asks what to look for (art. 15(1A)). What is typed goes by POST only: it tells who somebody is.
func (h *Handlers) find(c *fiber.Ctx) error {
	x, err := h.searchable(c)
	if err != nil {
		return err
	}
	return h.showFind(c, fiber.StatusOK, x, survey.Form{}, nil)
}

func (h *Handlers) showFind(c *fiber.Ctx, status int, x *dpo.Case, form survey.Form, problems []survey.Problem) error {
	all, err := h.published(c)
	if err != nil {
		return err
	}
	questions, err := h.remembered(c, all, form.First("consultation"))
	if err != nil {
		return err
	}
	v := h.frame(c, x, "request.find.title")
	p := v.Page
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.requests"), Href: root}, {Text: x.Number(), Href: path(x.Entry.ID)}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	options := []page.Option{{Label: p.T("request.find.consultation.all")}}
	for _, con := range all {
		options = append(options, page.Option{Value: con.ID, Label: con.Title.In(p.Lang)})
	}
	fields := []desk.Block{f.Input("words", "request.find.words", ""), f.Input("reference", "request.find.reference", "20"),
		f.Select("consultation", "request.find.consultation", options...)}
	buttons := []page.Button{{Text: p.T("request.find.button")}, {Text: p.T("request.find.more"), Kind: "secondary", Name: "more", Value: "yes"}}
	if form.First("consultation") != "" {
		fields = append(fields, f.Day("from", "request.find.from"), f.Day("to", "request.find.to"), f.Select("channel", "request.find.channel", ways(p)...))
		for _, q := range questions {
			fields = append(fields, answerSelect(f, q))
		}
	}
	if status == fiber.StatusConflict {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("request.find.about")), desk.Block{Inset: &page.Inset{Paragraphs: []string{p.T("request.find.code")}}})
	send, err := desk.EditForm(p, x.Entry.Version, path(x.Entry.ID), fields, buttons...)
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Block{Form: send})
	return h.Show(c, status, v)
}

// published lists the consultations that may have responses.
func (h *Handlers) published(c *fiber.Ctx) (out []*consult.Consultation, err error) {
	all, err := h.Service.Consultations(c.UserContext(), desk.Staff(c), consult.ConsultationFilter{})
	for _, con := range all {
		if con.SurveyVersion != "" {
			out = append(out, con)
		}
	}
	return out, err
}

// remembered lists the questions of a consultation whose answers somebody may remember: those with options. Equality questions are never among them.
func (h *Handlers) remembered(c *fiber.Ctx, all []*consult.Consultation, id string) (out []survey.Question, err error) {
	for _, con := range all {
		if con.ID != id {
			continue
		}
		_, def, _, err := h.Service.ConsultationForStaff(c.UserContext(), desk.Staff(c), id)
		if err != nil {
			return nil, err
		}
		council, err := h.Service.Council(c.UserContext())
		if err != nil {
			return nil, err
		}
		def = def.ForCouncil(council.Name)
		for _, q := range def.Questions() {
			if len(q.Options) > 0 {
				out = append(out, q)
			}
		}
		geography, err := h.Service.Geography(c.UserContext())
		if err != nil {
			return nil, err
		}
		for _, q := range def.Questions() {
			if q.Kind == survey.Postcode && geography != nil && len(geography.Wards) > 0 {
				q.Options = nil
				for _, w := range geography.Wards {
					q.Options = append(q.Options, survey.Option{Code: w.Code, Label: w.Label})
				}
				out = append(out, q)
			}
		}
	}
	return out, nil
}

func answerSelect(f desk.Fields, q survey.Question) desk.Block {
	options := []page.Option{{Label: f.Page.T("request.find.answer.any")}}
	for _, o := range q.Options {
		options = append(options, page.Option{Value: o.Code, Label: o.Label.In(f.Page.Lang)})
	}
	for i := range options {
		options[i].Checked = options[i].Value == f.Form.First(answerField+q.ID)
	}
	return desk.Block{Select: &page.Select{Options: options,
		Control: page.Control{Name: answerField + q.ID, Label: q.Text.In(f.Page.Lang), Size: "s", Value: f.Form.First(answerField + q.ID)}}}
}

// ways are the ways by which responses come.
func ways(p *page.Page) []page.Option {
	out := []page.Option{{Label: p.T("request.find.channel.any")}}
	for _, w := range consult.Channels() {
		out = append(out, page.Option{Value: string(w), Label: p.T("results.channel." + string(w))})
	}
	return out
}

func (h *Handlers) findSend(c *fiber.Ctx) error {
	x, err := h.searchable(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	all, err := h.published(c)
	if err != nil {
		return err
	}
	offered := map[string][]string{"consultation": {""}, "channel": values(ways(h.Kit.Page(c, "request.find.title"))), "more": {"yes"}}
	for _, con := range all {
		offered["consultation"] = append(offered["consultation"], con.ID)
	}
	q := privacy.SubjectQuery{Words: desk.Trimmed(form, "words"), Reference: desk.Trimmed(form, "reference"), ConsultationID: form.First("consultation")}
	questions, err := h.remembered(c, all, q.ConsultationID)
	if err != nil {
		return err
	}
	if q.ConsultationID != "" {
		q.Channel = form.First("channel")
	}
	for _, question := range questions {
		name := answerField + question.ID
		offered[name] = []string{""}
		for _, o := range question.Options {
			offered[name] = append(offered[name], o.Code)
		}
		if code := form.First(name); code != "" {
			if q.Answers == nil {
				q.Answers = map[string]string{}
			}
			q.Answers[question.ID] = code
		}
	}
	if err := desk.Offered(form, offered); err != nil {
		return err
	}
	if form.First("more") == "yes" {
		return h.showFind(c, fiber.StatusOK, x, form, nil)
	}
	if problems := readDays(form, &q); len(problems) > 0 {
		return h.showFind(c, fiber.StatusUnprocessableEntity, x, form, problems)
	}
	number, err := h.Cases.Search(c.UserContext(), desk.Staff(c), x.Entry.ID, desk.Version(form), q)
	if p, ok := problem(err); ok {
		return h.showFind(c, fiber.StatusUnprocessableEntity, x, form, []survey.Problem{p})
	}
	if desk.Crossed(err) {
		if x, again := h.searchable(c); again == nil {
			return h.showFind(c, fiber.StatusConflict, x, form, nil)
		}
	}
	if err != nil {
		return err
	}
	return page.Done(c, findPath(x.Entry.ID, number), "request.find.done")
}

func findPath(id string, number int) string { return path(id) + "/find/" + strconv.Itoa(number+1) }

// readDays reads the days between which a response was sent. Days that were left empty do not count.
func readDays(form survey.Form, q *privacy.SubjectQuery) (problems []survey.Problem) {
	if q.ConsultationID == "" {
		return nil
	}
	for _, d := range []struct {
		name string
		to   *privacy.Date
	}{{"from", &q.From}, {"to", &q.To}} {
		m := desk.ReadMoment(form, d.name)
		if strings.TrimSpace(m.Day+m.Month+m.Year) == "" {
			continue
		}
		iso, ok := m.ISO()
		if !ok {
			problems = append(problems, survey.Problem{Field: d.name + "-day", Key: "error.search.day"})
			continue
		}
		*d.to = privacy.Date(iso)
	}
	return problems
}

// searchOf reads which search of the request the page is about.
func searchOf(c *fiber.Ctx) (int, error) {
	n, err := strconv.Atoi(c.Params("search"))
	if err != nil || n < 1 || strconv.Itoa(n) != c.Params("search") {
		return 0, fault.New(fault.NotFound, "error.search.match")
	}
	return n - 1, nil
}

// queryRows says what a search looked for.
func queryRows(p *page.Page, q *privacy.SubjectQuery, titles map[string]string) (rows []page.SummaryRow) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, page.SummaryRow{Key: p.T(key), Lines: []string{value}})
		}
	}
	add("request.find.words", q.Words)
	add("request.find.reference", q.Reference)
	if q.ConsultationID != "" {
		add("request.find.consultation", titles[q.ConsultationID])
	}
	if q.From != "" {
		add("request.find.from", day(p, q.From))
	}
	if q.To != "" {
		add("request.find.to", day(p, q.To))
	}
	if q.Channel != "" {
		add("request.find.channel", p.T("results.channel."+q.Channel))
	}
	if len(q.Answers) > 0 {
		add("request.find.answers", locale.Number(int64(len(q.Answers))))
	}
	return rows
}
