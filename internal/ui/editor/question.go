package editor

import (
	"slices"
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

// pick returns the question of the address, or a new one of the kind and in the section that its query names.
func pick(c *fiber.Ctx, d *survey.Definition) (q survey.Question, section string, err error) {
	id := c.Params("question")
	if id != newQuestion {
		s, at, err := find(d, id)
		if err != nil {
			return survey.Question{}, "", err
		}
		return d.Sections[s].Questions[at], d.Sections[s].ID, nil
	}
	q = survey.Question{Kind: survey.Kind(c.Query("kind"))}
	if !q.Kind.Valid() {
		return survey.Question{}, "", fault.New(fault.NotFound, "error.text.not_found")
	}
	if q.Kind == survey.Scale {
		q.Scoring = "satisfaction"
	}
	return q, c.Query("section"), nil
}

// openQuestion is openSound with the question that pick returns.
func (h *Handlers) openQuestion(c *fiber.Ctx) (con *consult.Consultation, d *survey.Definition, q survey.Question, section string, err error) {
	if con, d, err = h.openSound(c); err == nil {
		q, section, err = pick(c, d)
	}
	return con, d, q, section, err
}

// question edits one question: its texts, its answers and whether it must be answered.
func (h *Handlers) question(c *fiber.Ctx) error {
	con, d, q, section, err := h.openQuestion(c)
	if err != nil {
		return err
	}
	return h.showQuestion(c, fiber.StatusOK, con, d, q, questionForm(q, section), nil)
}

// questionForm writes a question as it would be typed.
func questionForm(q survey.Question, section string) survey.Form {
	f := survey.Form{}
	desk.PutText(f, "text", q.Text)
	desk.PutText(f, "hint", q.Hint)
	desk.PutText(f, "why", q.Why)
	desk.PutBool(f, "required", q.Required)
	desk.PutBool(f, "special", q.Special)
	desk.Put(f, "section", section)
	desk.Put(f, "scoring", q.Scoring)
	desk.Put(f, "dont_know", q.DontKnow)
	if q.MaxLength > 0 {
		desk.Put(f, "max_length", itoa(q.MaxLength))
	}
	desk.Put(f, "min", decimal(q.Min))
	desk.Put(f, "max", decimal(q.Max))
	desk.Put(f, "decimals", itoa(q.Decimals))
	desk.PutDay(f, "min_date", q.MinDate)
	desk.PutDay(f, "max_date", q.MaxDate)
	desk.Put(f, "keep", q.Keep)
	putOptions(f, q)
	return f
}

func decimal(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

func (h *Handlers) showQuestion(c *fiber.Ctx, status int, con *consult.Consultation, d *survey.Definition, q survey.Question,
	form survey.Form, problems []survey.Problem) error {
	key := "editor.question.title"
	if q.ID == "" {
		key = "editor.question.new"
	}
	v := office.Frame(h.Desk, c, con, key, "survey")
	v.SetProblems(problems)
	link(v.Page, con, "text-en")
	v.Blocks = append(v.Blocks, desk.Small(v.T("editor.kind."+string(q.Kind))))
	f := desk.Fields{Page: v.Page, Form: form}
	blocks := []desk.Block{f.Prose("text", "editor.question.text", 2), f.Text("hint", "editor.question.hint"), f.Prose("why", "editor.question.why", 2),
		f.Checks("required", "editor.question.required", page.Option{Value: "yes", Label: v.T("editor.question.required.yes")})}
	blocks = append(blocks, h.kindFields(f, q)...)
	blocks = append(blocks, f.Checks("special", "editor.question.special", page.Option{Value: "yes", Label: v.T("editor.question.special.yes")}))
	blocks = append(blocks, sectionFields(f, d, q)...)
	if q.ID != "" {
		v.Blocks = append(v.Blocks, desk.Block{Summary: &page.SummaryList{Rows: []page.SummaryRow{{Key: v.T("editor.column.when"),
			Lines: []string{conditionText(v.Page, d.ForCouncil(v.Council.Name), q)},
			Links: []page.Link{{Text: v.T("office.change"), Href: v.To(path(con, "questions", q.ID, "condition")), Hidden: v.T("editor.column.when")}}}}}})
	}
	return office.ShowForm(h.Desk, c, status, v, con.Version, blocks, path(con), questionAfter(v.Page, con, q)...)
}

// questionAfter leads to removing the question, apart from everything else.
func questionAfter(p *page.Page, con *consult.Consultation, q survey.Question) []desk.Block {
	if q.ID == "" {
		return nil
	}
	return []desk.Block{{Links: []page.Link{{Text: p.T("editor.remove.link"), Href: p.To(path(con, "questions", q.ID, "remove"))}}}}
}

// sectionFields place a new question. A question that is there is moved on the order page.
func sectionFields(f desk.Fields, d *survey.Definition, q survey.Question) []desk.Block {
	if q.ID != "" {
		return nil
	}
	var sections []page.Option
	for _, s := range d.Sections {
		sections = append(sections, page.Option{Value: s.ID, Label: s.Title.In(f.Page.Lang)})
	}
	sections = append(sections, page.Option{Value: newSection, Label: f.Page.T("editor.add.section_new")})
	out := []desk.Block{f.Select("section", "editor.add.section", sections...)}
	if f.Form.First("section") == newSection {
		out = append(out, f.Text("section_title", "editor.section.name"))
	}
	return out
}

// kindFields are the fields that the kind of question alone has.
func (h *Handlers) kindFields(f desk.Fields, q survey.Question) []desk.Block {
	switch q.Kind {
	case survey.Scale, survey.Single, survey.Multiple:
		return h.optionFields(f, q)
	case survey.ShortText, survey.LongText:
		return []desk.Block{f.Number("max_length", "editor.question.max_length")}
	case survey.Number:
		return []desk.Block{f.Input("min", "editor.question.min", "10"), f.Input("max", "editor.question.max", "10"), f.Number("decimals", "editor.question.decimals")}
	case survey.Date:
		return []desk.Block{f.Day("min_date", "editor.question.min_date"), f.Day("max_date", "editor.question.max_date")}
	case survey.Postcode:
		return []desk.Block{f.Radios("keep", "editor.question.keep", page.Option{Value: "ward", Label: f.Page.T("editor.question.keep.ward")},
			page.Option{Value: "postcode", Label: f.Page.T("editor.question.keep.postcode")})}
	}
	return nil
}

// questionChoices are the choices of the form.
func questionChoices(f survey.Form) map[string][]string {
	choices := map[string][]string{"required": {"yes"}, "special": {"yes"}, "keep": {"ward", "postcode"}, "dont_know": {"", "not_applicable", "none"}}
	for i := range lineCount(f) {
		choices["o"+itoa(i)+"-flag"] = []string{"exclusive", "write"}
	}
	return choices
}

func (h *Handlers) questionSave(c *fiber.Ctx) error {
	con, d, before, _, err := h.openQuestion(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, "o*-flag")
	if err == nil {
		err = desk.Offered(form, questionChoices(form))
	}
	if err != nil {
		return err
	}
	show := func(status int, con *consult.Consultation, problems []survey.Problem) error {
		return h.showQuestion(c, status, con, d, before, form, problems)
	}
	q, problems := h.readQuestion(form, before)
	changed := d.Clone()
	if before.ID == "" {
		q.ID = office.Ident("q_", q.Text[locale.English], ids(d))
		problems = append(problems, settle(changed, q, form)...)
	} else {
		s, at, _ := find(changed, before.ID)
		changed.Sections[s].Questions[at] = q
	}
	if len(problems) > 0 {
		return show(fiber.StatusUnprocessableEntity, con, problems)
	}
	return h.save(c, con, changed, path(con), show)
}

// settle puts a new question at the end of its section.
func settle(d *survey.Definition, q survey.Question, form survey.Form) []survey.Problem {
	chosen := form.First("section")
	if chosen == newSection {
		title := desk.ReadText(form, "section_title", nil)
		if title[locale.English] == "" {
			return []survey.Problem{{Field: "section_title-en", Key: "editor.problem.section"}}
		}
		var taken []string
		for _, s := range d.Sections {
			taken = append(taken, s.ID)
		}
		d.Sections = append(d.Sections, survey.Section{ID: office.Ident("q_", title[locale.English], taken), Title: title, Questions: []survey.Question{q}})
		return nil
	}
	i := slices.IndexFunc(d.Sections, func(s survey.Section) bool { return s.ID == chosen })
	if i < 0 {
		return []survey.Problem{{Field: "section", Key: "editor.problem.section_choose"}}
	}
	d.Sections[i].Questions = append(d.Sections[i].Questions, q)
	return nil
}

// readQuestion reads the form over the question that is there, in page order.
func (h *Handlers) readQuestion(f survey.Form, before survey.Question) (survey.Question, []survey.Problem) {
	var problems []survey.Problem
	note := func(field, key string) { problems = append(problems, survey.Problem{Field: field, Key: key}) }
	q := before.Clone()
	q.Text, q.Hint, q.Why = desk.ReadText(f, "text", q.Text), desk.ReadText(f, "hint", q.Hint), desk.ReadText(f, "why", q.Why)
	if q.Text[locale.English] == "" {
		note("text-en", "editor.problem.text")
	}
	q.Required, q.Special = f.First("required") == "yes", f.First("special") == "yes"
	var ok bool
	switch q.Kind {
	case survey.Scale, survey.Single, survey.Multiple:
		problems = append(problems, h.readOptions(f, &q)...)
	case survey.ShortText, survey.LongText:
		if q.MaxLength, ok = desk.Whole(f, "max_length"); !ok {
			note("max_length", "editor.problem.number")
		}
	case survey.Number:
		if q.Min, ok = readDecimal(f, "min"); !ok {
			note("min", "editor.problem.decimal")
		}
		if q.Max, ok = readDecimal(f, "max"); !ok {
			note("max", "editor.problem.decimal")
		}
		if q.Decimals, ok = desk.Whole(f, "decimals"); !ok || q.Decimals > 4 {
			note("decimals", "editor.problem.decimals")
		}
	case survey.Date:
		if q.MinDate, ok = readDay(f, "min_date"); !ok {
			note("min_date-day", "office.problem.date")
		}
		if q.MaxDate, ok = readDay(f, "max_date"); !ok {
			note("max_date-day", "office.problem.date")
		}
	case survey.Postcode:
		if q.Keep = f.First("keep"); q.Keep != "postcode" {
			q.Keep = "ward"
		}
	}
	return q, problems
}

func readDecimal(f survey.Form, name string) (*float64, bool) {
	s := desk.Trimmed(f, name)
	if s == "" {
		return nil, true
	}
	n, err := strconv.ParseFloat(s, 64)
	return &n, err == nil
}

// readDay reads a date in three parts as yyyy-mm-dd; three empty parts are no date.
func readDay(f survey.Form, name string) (string, bool) {
	m := desk.ReadMoment(f, name)
	if m.Day+m.Month+m.Year == "" {
		return "", true
	}
	return m.ISO()
}
